//! A call on the mean price of sixteen days: the path by Brownian motion, and the kink of its payoff summed out.

use reparam::implicit::{find_root, lift_root};
use reparam::prelude::*;
use reparam::special::normal_cdf;

const DAYS: usize = 16;

const STRIKE: f64 = 100.0;

/// Price, delta and vega at spot 100 and volatility .2: by the density of ln B, B being the sum over what is left of the path
/// relative to the day before, B = e^x (1 + B of the day after). Each day is a convolution on a grid, in numpy, the last step a
/// call by Black & Scholes; vega by differences.
pub const EXACT: [f64; 3] = [4.817313077191, 0.520099464535, 24.039901168698];

fn times() -> [f64; DAYS] {
    std::array::from_fn(|i| (i + 1) as f64 / DAYS as f64)
}

/// The payoff as it is.
pub fn kinked() -> impl Program<Theta = [f64; 2], Output = f64> + Copy + Sync {
    program!(|[spot, vol]: [S; 2], chance| -> S {
        let (times, mut path) = (times(), [0.0; DAYS]);
        chance.brownian(&times, &mut path);
        let prices = times.iter().zip(path).map(|(t, w)| (vol * w - vol * vol * (0.5 * t)).exp());
        (prices.fold(S::from(0.0), |sum, price| sum + price) * spot * (1.0 / DAYS as f64) - STRIKE).max(S::from(0.0))
    })
}

/// The payoff's mean given the path less its mean: all prices rise with the mean W of the path, a normal number that the
/// rest, W(t) - cov(W(t), W)/var(W) · W, does not depend on.
pub fn smooth() -> impl Program<Theta = [f64; 2], Output = f64> + Copy + Sync {
    program!(|[spot, vol]: [S; 2], chance| -> S {
        let (times, mut path) = (times(), [0.0; DAYS]);
        chance.brownian(&times, &mut path);
        let mean = |x: [f64; DAYS]| x.iter().sum::<f64>() / DAYS as f64;
        let covariance = times.map(|t| mean(times.map(|u| u.min(t))));
        let (mean, variance) = (mean(path), mean(covariance));
        let terms: [(S, S); DAYS] = std::array::from_fn(|i| {
            let rest = path[i] - covariance[i] / variance * mean;
            let price = (vol * rest - vol * vol * (0.5 * times[i])).exp() * spot * (1.0 / DAYS as f64);
            (price, vol * (covariance[i] / variance.sqrt()))
        });
        mean_of_call(&terms, STRIKE)
    })
}

/// E (Σ p e^(a z) - strike)⁺ of a standard normal z, of pairs (p, a) of positive numbers: the sum is above the strike from one
/// z on, and from there each term has a mean in closed form.
fn mean_of_call<S: Scalar>(terms: &[(S, S)], strike: f64) -> S {
    let excess = |z: f64| {
        let parts = terms.iter().map(|(p, a)| (p.re() * (a.re() * z).exp(), a.re()));
        parts.fold((-strike, 0.0), |(sum, slope), (part, a)| (sum + part, slope + a * part))
    };
    // where no term is above its share of the strike, and where one alone is twice the strike
    let least = |share: f64| terms.iter().map(|(p, a)| (share / p.re()).ln() / a.re()).fold(f64::INFINITY, f64::min);
    let root = find_root(least(strike / terms.len() as f64), least(2.0 * strike), 0.0, excess);
    let z = lift_root(root, |z: S| {
        let parts = terms.iter().map(|(p, a)| (*p * (*a * z).exp(), *a));
        let start = (S::from(-strike), S::from(0.0));
        let (sum, slope) = parts.fold(start, |(sum, slope), (part, a)| (sum + part, slope + a * part));
        sum.over(slope)
    });
    let above = terms.iter().map(|(p, a)| *p * (*a * *a * 0.5).exp() * normal_cdf(*a - z));
    above.fold(normal_cdf(-z) * -strike, |sum, part| sum + part)
}

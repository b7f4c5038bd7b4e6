//! A European call over a year, without interest: price, delta, vega for a point of volatility and gamma, all to a
//! standard error of 1e-3 at a spot of 100. By independent draws a unit is a draw; by quasi-random points it is the
//! job, with the last month integrated in closed form, so that the payoff is smooth and its delta known.

use crate::{Cases, figures};
use reparam::estimate::{self, Handle};
use reparam::prelude::*;
use reparam::special::erfc;
use std::f64::consts::FRAC_1_SQRT_2;
use std::hint::black_box;

/// Spot and volatility.
const THETA: [f64; 2] = [100.0, 0.2];
const STRIKE: f64 = 100.0;
/// The year until its last month, and that.
const BEFORE: f64 = 11.0 / 12.0;
const LAST: f64 = 1.0 / 12.0;
const DRAWS: u64 = 8192;
/// Randomizations of the quasi-random points, and the points of each: the fewest that reach the standard error.
const RANDOMIZATIONS: u64 = 16;
const POINTS: u64 = 2048;

/// Price and delta of a call on a lognormal variable of mean `spot` times `growth` (Black 1976).
fn call<S: Scalar>(spot: S, growth: S, deviation: S) -> [S; 2] {
    let forward = spot * growth;
    let d = (forward / STRIKE).ln().over(deviation) + deviation * 0.5;
    let below = |z: S| erfc(-z * FRAC_1_SQRT_2) * 0.5;
    let delta = growth * below(d);
    [spot * delta - below(d - deviation) * STRIKE, delta]
}

fn program() -> impl Program<Theta = [f64; 2], Output = [f64; 2]> + Copy {
    program!(|[spot, volatility]: [S; 2], chance| -> [S; 2] {
        let growth = volatility * (chance.normal() * BEFORE.sqrt()) - volatility * volatility * (0.5 * BEFORE);
        call(spot, growth.exp(), volatility * LAST.sqrt())
    })
}

type Estimate = estimate::Estimate<[[f64; 2]; 2], [f64; 2]>;

/// Draws of the price at the end. The payoff's kink leaves delta a jump, whose derivative is one by the score of the
/// price (Glasserman 2003, section 7.3.3): 1{S > K} S/S₀² (z/σ - 1) for a year.
fn independent(draws: u64, seed: u64) -> Estimate {
    let f = |[spot, volatility]: [Jet<f64, 2>; 2], chance: &mut Handle<Jet<f64, 2>>| {
        let z = chance.normal();
        let price = spot * (volatility * z - volatility * volatility * 0.5).exp();
        let gamma = if price.re > STRIKE { price.re / spot.re.powi(2) * (z / volatility.re - 1.0) } else { 0.0 };
        [(price - STRIKE).max(Jet::from(0.0)), Jet::from(gamma)]
    };
    estimate::pathwise(THETA, f).samples(draws).run_seed(seed).expect("an estimate")
}

/// Price, delta, vega for a point of volatility, gamma, and their standard errors.
fn of_draws(e: &Estimate) -> ([f64; 4], [f64; 4]) {
    let all = |x: [f64; 2], g: [[f64; 2]; 2]| [x[0], g[0][0], 0.01 * g[0][1], x[1]];
    (all(e.value, e.gradient), all(e.value_se, e.gradient_se))
}

/// The same four of quasi-random points.
fn of_points(e: &Estimate) -> ([f64; 4], [f64; 4]) {
    let all = |x: [f64; 2], g: [[f64; 2]; 2]| [x[0], x[1], 0.01 * g[0][1], g[1][0]];
    (all(e.value, e.gradient), all(e.value_se, e.gradient_se))
}

fn quasi(seed: u64) -> Estimate {
    estimate::quasi(THETA, program()).points(POINTS).samples(RANDOMIZATIONS).run_seed(seed).expect("an estimate")
}

pub fn add(cases: &mut Cases) {
    let mut seed_a = 0;
    let case = cases.add("European call, independent draws/jets", DRAWS as usize, move || {
        seed_a += 1;
        black_box(independent(DRAWS, seed_a));
    });
    case.job = || {
        let (_, errors) = of_draws(&independent(64 * DRAWS, 0));
        64.0 * DRAWS as f64 * (errors.into_iter().fold(0.0, f64::max) / 1e-3).powi(2)
    };
    case.draws = Some(Box::new(|| figures(of_draws(&independent(64 * DRAWS, 1)))));
    let mut seed_b = 0;
    let case = cases.add("European call, quasi-random points/jets", 1, move || {
        seed_b += 1;
        black_box(quasi(seed_b));
    });
    case.draws = Some(Box::new(|| figures(of_points(&quasi(0)))));
}

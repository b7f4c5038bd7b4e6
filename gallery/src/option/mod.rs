//! Options: how do their prices move with spot and volatility, and how fast does each estimator find out?
//!
//! A price follows Black & Scholes' model without interest, S_t = S_0 exp(σ W_t - σ² t/2), over a year in twelve steps. The
//! contracts are a call on the last price, a call on the geometric mean of the twelve prices, and a call that is void
//! once the price has touched a barrier. All three have closed forms, so that errors are errors and not standard errors.
//! First derivatives are delta and vega, second ones gamma and vanna; a payoff with a kink has no second derivative that
//! draws could see, one with a jump (the barrier) not even a first.

mod closed;

pub use closed::{call, exact};

use gallery::Error;
use reparam::estimate::{self, Handle};
use reparam::noise;
use reparam::prelude::*;
use reparam::weighted::{self, Weighted};

/// Monitoring dates in the year.
pub const STEPS: usize = 12;

/// What is paid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Contract {
    /// max(S_T - strike, 0).
    European,
    /// The same of the geometric mean of the prices at the twelve dates.
    Asian,
    /// As European, and void if the price is ever below the barrier, at any time.
    Barrier,
}

/// A contract and its terms.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Which.
    pub contract: Contract,
    /// The strike.
    pub strike: f64,
    /// The barrier: below the strike.
    pub barrier: f64,
}

/// Price, delta, vega, gamma, vanna.
pub type Greeks = [f64; 5];

/// Their names.
pub const NAMES: [&str; 5] = ["price", "delta", "vega", "gamma", "vanna"];

/// How derivatives are estimated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// Derivatives of each path's payoff.
    Pathwise,
    /// Paths weighted by the score of their increments.
    Score,
    /// Central differences of the payoff at shifted parameters and the same noise.
    Differences,
    /// Pathwise, but the last step is integrated in closed form, and survival is a weight: nothing is left that jumps.
    Smoothed,
    /// The same, by quasi-random points.
    Quasi,
}

impl Method {
    /// All.
    pub const ALL: [Method; 5] =
        [Method::Pathwise, Method::Score, Method::Differences, Method::Smoothed, Method::Quasi];

    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Method::Pathwise => "pathwise",
            Method::Score => "score",
            Method::Differences => "finite differences",
            Method::Smoothed => "smoothed, pathwise",
            Method::Quasi => "smoothed, quasi-random",
        }
    }
}

type Second = Jet<Jet<f64, 2>, 2>;

/// The logarithm of the prices: x_{i+1} = x_i + σ √dt z - σ² dt/2.
fn step<S: Scalar>(x: S, vol: S, z: S) -> S {
    let dt = 1.0 / STEPS as f64;
    x + vol * z * dt.sqrt() - vol * vol * (dt / 2.0)
}

/// The probability that a path between two logarithms of prices above the barrier's does not touch it: a Brownian
/// bridge's, 1 - exp(-2 a b/(σ² dt)).
fn survival<S: Scalar>(from: S, to: S, vol: S) -> S {
    -(-(from * to * 2.0).over(vol * vol * (1.0 / STEPS as f64))).exp_m1()
}

/// The payoff of a path with this noise. The barrier is a decision: whether the path is still alive.
fn payoff<S: Scalar>(terms: Terms, [spot, vol]: [S; 2], noise: &[S; STEPS], bridges: &[f64; STEPS]) -> S {
    let (mut x, mut sum) = (spot.ln(), S::from(0.0));
    let barrier = terms.barrier.ln();
    for (z, u) in noise.iter().zip(bridges) {
        let next = step(x, vol, *z);
        if terms.contract == Contract::Barrier {
            let dead = next.re() <= barrier || x.re() <= barrier;
            if dead || *u > survival(x - barrier, next - barrier, vol).re() {
                return S::from(0.0);
            }
        }
        x = next;
        sum += x;
    }
    let end = if terms.contract == Contract::Asian { sum * (1.0 / STEPS as f64) } else { x };
    (end.exp() - terms.strike).max(S::from(0.0))
}

/// The payoff's expectation given all but the last step, times the probability to be alive; smooth in all it depends on.
fn smoothed<S: Scalar>(terms: Terms, [spot, vol]: [S; 2], chance: &mut impl Chance<S>) -> Result<S, LawError> {
    let (n, dt) = (STEPS as f64, 1.0 / STEPS as f64);
    let last = vol * dt.sqrt();
    if terms.contract == Contract::Barrier {
        return alive(terms, [spot, vol], chance);
    }
    // a bridge: the first of quasi-random coordinates moves the whole path
    let dates: [f64; STEPS - 1] = std::array::from_fn(|i| (i + 1) as f64 * dt);
    let mut path = [0.0; STEPS - 1];
    chance.brownian(&dates, &mut path);
    let x = dates.iter().zip(path).map(|(t, w)| spot.ln() + vol * w - vol * vol * (t / 2.0));
    let (x, sum) = x.fold((spot.ln(), S::from(0.0)), |(_, sum), x| (x, sum + x));
    Ok(match terms.contract {
        // the mean's logarithm is (sum + x_n)/n, x_n normal
        Contract::Asian => {
            let (mean, deviation) = ((sum + x - vol * vol * (dt / 2.0)) * (1.0 / n), last * (1.0 / n));
            call((mean + deviation * deviation * 0.5).exp(), S::from(terms.strike), deviation)
        }
        _ => call(x.exp(), S::from(terms.strike), last),
    })
}

/// The same with a barrier: each price is drawn above it, with the probability of that as a weight.
fn alive<S: Scalar>(terms: Terms, [spot, vol]: [S; 2], chance: &mut impl Chance<S>) -> Result<S, LawError> {
    let dt = 1.0 / STEPS as f64;
    let barrier = S::from(terms.barrier.ln());
    let (mut x, mut weight) = (spot.ln(), S::from(1.0));
    for _ in 1..STEPS {
        let law = Normal::new(x - vol * vol * (dt / 2.0), vol * dt.sqrt())?;
        let (next, ln_above) = chance.threshold_weight(&law, barrier);
        weight *= ln_above.exp() * survival(x - barrier, next - barrier, vol);
        x = next;
    }
    Ok(weight * closed::down_and_out(x.exp(), terms, vol * dt.sqrt()))
}

/// The payoff of a path of prices that carry no derivatives, weighted by the scores of its steps; survival between two
/// prices is a factor that depends on the volatility.
fn weighted_payoff(
    terms: Terms,
    [spot, vol]: [Second; 2],
    rng: &mut Handle<Second>,
) -> Result<Weighted<Second, Second>, LawError> {
    let dt = 1.0 / STEPS as f64;
    let barrier = terms.barrier.ln();
    let (mut x, mut sum) = (spot.ln(), 0.0);
    let (mut weight, mut alive) = (Second::from(1.0), Second::from(1.0));
    for _ in 0..STEPS {
        let next = weighted::score(&Normal::new(x - vol * vol * (dt / 2.0), vol * dt.sqrt())?, rng);
        if terms.contract == Contract::Barrier {
            let is_above = next.value.re() > barrier;
            alive = if is_above { alive * survival(x - barrier, next.value - barrier, vol) } else { Second::from(0.0) };
        }
        (x, weight) = (next.value, weight * next.weight);
        sum += x.re();
    }
    let end = if terms.contract == Contract::Asian { sum / STEPS as f64 } else { x.re() };
    Ok(Weighted { value: alive * (end.exp() - terms.strike).max(0.0), weight })
}

/// Shifts of spot (as a part of it) and volatility for differences.
const SHIFTS: [f64; 2] = [0.01, 0.01];

fn differences(terms: Terms, at: [f64; 2], paths: u64, seed: u64) -> Result<(Greeks, Greeks), Error> {
    let [h, k] = [SHIFTS[0] * at[0], SHIFTS[1]];
    let f = |[]: [Jet<f64, 0>; 0], rng: &mut Handle<Jet<f64, 0>>| {
        let noise: [f64; STEPS] = std::array::from_fn(|_| noise::normal(rng));
        let bridges: [f64; STEPS] = std::array::from_fn(|_| noise::uniform(rng));
        let f = |i: f64, j: f64| payoff(terms, [at[0] + i * h, at[1] + j * k], &noise, &bridges);
        let (here, up, down) = (f(0.0, 0.0), f(1.0, 0.0), f(-1.0, 0.0));
        let vega = (f(0.0, 1.0) - f(0.0, -1.0)) / (2.0 * k);
        let vanna = (f(1.0, 1.0) - f(1.0, -1.0) - f(-1.0, 1.0) + f(-1.0, -1.0)) / (4.0 * h * k);
        [here, (up - down) / (2.0 * h), vega, (up - 2.0 * here + down) / (h * h), vanna].map(Jet::constant)
    };
    let e = estimate::pathwise([], f).samples(paths).run_seed(seed)?;
    Ok((e.value, e.value_se))
}

fn program(terms: Terms) -> impl Program<Theta = [f64; 2], Output = Result<f64, LawError>> + Copy + Sync {
    program!(|theta: [S; 2], chance| using (terms: Terms) -> Result<S, LawError> { smoothed(terms, theta, chance) })
}

fn flat(e: &estimate::HessianEstimate<[[f64; 2]; 2], [f64; 2]>) -> (Greeks, Greeks) {
    let all = |value: f64, g: [f64; 2], h: [[f64; 2]; 2]| [value, g[0], g[1], h[0][0], h[0][1]];
    (all(e.value, e.gradient, e.hessian), all(e.value_se, e.gradient_se, e.hessian_se))
}

/// The true price and derivatives.
///
/// # Errors
/// Parameters outside of the formulas' range.
pub fn truth(terms: Terms, at: [f64; 2]) -> Result<Greeks, Error> {
    let (price, gradient, hessian) = exact(terms, Jet::second_order(at))?.hessian();
    Ok([price, gradient[0], gradient[1], hessian[0][0], hessian[0][1]])
}

/// Randomizations of quasi-random points: as many as the paths are divided into.
const RANDOMIZATIONS: u64 = 32;

/// Price and derivatives by a number of paths, and their standard errors.
///
/// # Errors
/// Parameters outside of the laws' ranges.
pub fn greeks(method: Method, terms: Terms, at: [f64; 2], paths: u64, seed: u64) -> Result<(Greeks, Greeks), Error> {
    match method {
        Method::Pathwise => {
            let f = |theta: [Second; 2], rng: &mut Handle<Second>| {
                let noise = std::array::from_fn(|_| Second::from(noise::normal(rng)));
                payoff(terms, theta, &noise, &std::array::from_fn(|_| noise::uniform(rng)))
            };
            Ok(flat(&estimate::pathwise_hessian(at, f).samples(paths).run_seed(seed)?))
        }
        Method::Score => {
            let baseline = Second::from(exact(terms, at)?);
            let f = |theta: [Second; 2], rng: &mut Handle<Second>| -> Result<Second, LawError> {
                Ok(weighted_payoff(terms, theta, rng)?.with_baseline(baseline))
            };
            Ok(flat(&estimate::pathwise_hessian(at, f).samples(paths).run_seed(seed)?))
        }
        Method::Differences => differences(terms, at, paths, seed),
        Method::Smoothed => {
            let f = program(terms);
            Ok(flat(&estimate::pathwise_program_hessian(at, f).samples(paths).run_seed(seed)?))
        }
        Method::Quasi => {
            let points = paths.div_ceil(RANDOMIZATIONS).next_power_of_two();
            let e =
                estimate::quasi_hessian(at, program(terms)).points(points).samples(RANDOMIZATIONS).run_seed(seed)?;
            Ok(flat(&e))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: [f64; 2] = [100.0, 0.2];

    fn terms(contract: Contract) -> Terms {
        Terms { contract, strike: 100.0, barrier: 90.0 }
    }

    const ALL: [Contract; 3] = [Contract::European, Contract::Asian, Contract::Barrier];

    #[test]
    fn the_european_call_is_black_and_scholes_s() {
        // mpmath, d = 0.1: 100 (2 Φ(d) - 1), Φ(d), 100 φ(d), φ(d)/20, φ(d)/2
        let right = [
            7.965_567_455_405_798,
            0.539_827_837_277_029,
            39.695_254_747_701_18,
            0.019_847_627_373_850_59,
            0.198_476_273_738_505_9,
        ];
        for (found, right) in truth(terms(Contract::European), AT).unwrap().iter().zip(right) {
            assert!((found - right).abs() < 1e-13 * right.max(1.0), "{found} {right}");
        }
    }

    #[test]
    fn closed_forms_are_prices_of_paths() {
        for contract in ALL {
            let right = exact(terms(contract), AT).unwrap();
            let (found, se) = greeks(Method::Pathwise, terms(contract), AT, 100_000, 1).unwrap();
            assert!((found[0] - right).abs() < 5.0 * se[0], "{contract:?}: {} ± {}, {right}", found[0], se[0]);
        }
    }

    #[test]
    fn unbiased_methods_have_all_derivatives() {
        for contract in ALL {
            let right = truth(terms(contract), AT).unwrap();
            for method in [Method::Score, Method::Smoothed, Method::Quasi] {
                let (found, se) = greeks(method, terms(contract), AT, 30_000, 1).unwrap();
                for i in 0..5 {
                    let off = (found[i] - right[i]).abs();
                    assert!(off < 5.0 * se[i] + 1e-12, "{contract:?} {method:?} {i}: {off} ± {}", se[i]);
                }
            }
        }
    }

    #[test]
    fn kinks_hide_second_derivatives_and_jumps_hide_all() {
        for contract in [Contract::European, Contract::Asian] {
            let right = truth(terms(contract), AT).unwrap();
            let (found, se) = greeks(Method::Pathwise, terms(contract), AT, 30_000, 1).unwrap();
            assert!((found[1] - right[1]).abs() < 5.0 * se[1] && (found[2] - right[2]).abs() < 5.0 * se[2]);
            assert!((found[3] - right[3]).abs() > 100.0 * se[3], "{contract:?}: {found:?}");
        }
        let right = truth(terms(Contract::Barrier), AT).unwrap();
        let (found, se) = greeks(Method::Pathwise, terms(Contract::Barrier), AT, 30_000, 1).unwrap();
        assert!((found[1] - right[1]).abs() > 20.0 * se[1], "{found:?} {se:?} {right:?}");
    }

    #[test]
    fn quasi_random_points_are_better_where_all_is_smooth() {
        let se = |method| greeks(method, terms(Contract::European), AT, 32 * 1024, 1).unwrap().1;
        let (quasi, plain) = (se(Method::Quasi), se(Method::Smoothed));
        // gamma and vanna come from few paths near the strike
        for (i, bound) in [0.1, 0.1, 0.1, 0.5, 0.5].into_iter().enumerate() {
            assert!(quasi[i] < bound * plain[i], "{i}: {quasi:?} {plain:?}");
        }
    }
}

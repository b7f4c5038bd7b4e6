//! A call in Heston's model with its derivatives in six parameters: 50 steps by Euler with the variance cut at 0. A unit
//! is a path.

use crate::{Cases, figures};
use reparam::estimate;
use reparam::prelude::*;
use std::hint::black_box;

const STEPS: u32 = 50;
const PATHS: u64 = 8192;
/// Spot, variance, its speed, mean and volatility, correlation.
const THETA: [f64; 6] = [100.0, 0.04, 2.0, 0.04, 0.3, -0.7];

fn payoff<S: Scalar>([spot, variance, speed, mean, volatility, correlation]: [S; 6], chance: &mut impl Chance<S>) -> S {
    let dt = 1.0 / f64::from(STEPS);
    let (mut x, mut v) = (S::from(0.0), variance);
    let other = (-correlation * correlation + 1.0).sqrt();
    let [drift, pull, jitter] = [speed * mean * dt, speed * dt, volatility];
    for _ in 0..STEPS {
        let (z, w) = (chance.normal(), chance.normal());
        let positive = v.max(S::from(0.0));
        let deviation = (positive * dt).sqrt();
        x += deviation * z - positive * (0.5 * dt);
        v += drift - pull * positive + jitter * deviation * (correlation * z + other * w);
    }
    (spot * x.exp() - 100.0).max(S::from(0.0))
}

pub fn add(cases: &mut Cases) {
    let name = "Heston, six Greeks, 200 000 paths of 50 steps";
    let mut seed_a = 0;
    let case = cases.add(format!("{name}/jets"), PATHS as usize, move || {
        seed_a += 1;
        let e = estimate::pathwise(THETA, |theta: [Jet<f64, 6>; 6], chance| payoff(theta, chance));
        black_box(e.samples(PATHS).run_seed(seed_a)).expect("an estimate");
    });
    case.job = || 200_000.0;
    case.draws = Some(Box::new(|| {
        let e = estimate::pathwise(THETA, |theta: [Jet<f64, 6>; 6], chance| payoff(theta, chance));
        let e = e.samples(16 * PATHS).run_seed(1).expect("an estimate");
        figures(([&[e.value][..], &e.gradient].concat(), [&[e.value_se][..], &e.gradient_se].concat()))
    }));
    let mut seed_b = 0;
    let case = cases.add(format!("{name}/adjoint"), PATHS as usize, move || {
        seed_b += 1;
        let f =
            |theta: &[_], chance: &mut _| payoff([theta[0], theta[1], theta[2], theta[3], theta[4], theta[5]], chance);
        black_box(reparam_adjoint::pathwise(&THETA, f).samples(PATHS).run_seed(seed_b)).expect("an estimate");
    });
    case.job = || 200_000.0;
}

//! Programs with choices: what a gradient costs against runs that give the value only.

use crate::{Ratios, rng};
use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;
use reparam::estimate;
use reparam::prelude::*;

/// Steps of ±1, up with probability exp(-X/p); the square of the end.
#[derive(Clone, Copy)]
struct Walk {
    steps: u32,
}

impl Program for Walk {
    type Theta = [f64; 1];
    type Output = f64;

    fn run<S: Scalar, C: Chance<S>>(&self, &[p]: &[S; 1], chance: &mut C) -> S {
        let mut x = 0.0;
        for _ in 0..self.steps {
            x += if chance.bernoulli((-S::from(x).over(p)).exp()) { 1.0 } else { -1.0 };
        }
        S::from(x * x)
    }
}

/// Steps until |x| > 3.
#[derive(Clone, Copy)]
struct ExitTime;

impl Program for ExitTime {
    type Theta = [f64; 1];
    type Output = f64;

    fn run<S: Scalar, C: Chance<S>>(&self, &[p]: &[S; 1], chance: &mut C) -> S {
        let (mut x, mut steps) = (0i32, 0.0);
        while x.abs() <= 3 {
            x += if chance.bernoulli(p) { 1 } else { -1 };
            steps += 1.0;
        }
        S::from(steps)
    }
}

/// Runs that a call makes.
const RUNS: u64 = 256;

fn gradient<P: Program<Theta = [f64; 1], Output = f64> + Copy>(ratios: &Ratios, name: &str, theta: f64, f: P) {
    let (mut a, mut b, mut c) = (rng(), rng(), rng());
    let plain = |rng: &mut Xoshiro256PlusPlus| -> f64 {
        (0..RUNS).map(|_| program::run(&f, &[theta], rng.next_u64()).unwrap()).sum()
    };
    ratios.case(
        &format!("gradient by replay {name}"),
        || estimate::replay([theta], f).samples(RUNS).run(&mut a).unwrap(),
        "runs in f64",
        || plain(&mut b),
    );
    ratios.case(
        &format!("gradient by score {name}"),
        || estimate::score([theta], f).samples(RUNS).run(&mut a).unwrap(),
        "runs in f64",
        || plain(&mut c),
    );
}

pub fn run(ratios: &Ratios) {
    gradient(ratios, "walk of 10", 20.0, Walk { steps: 10 });
    gradient(ratios, "walk of 50", 100.0, Walk { steps: 50 });
    gradient(ratios, "exit time", 0.6, ExitTime);
    let f = program!(|[p]: [S; 1], chance| -> S {
        let trials = chance.binomial(10, p);
        S::from(chance.binomial(trials, p) as f64)
    });
    gradient(ratios, "binomial of binomial", 0.6, f);
}

//! Bytes as small programs with choices: every estimator of their derivatives against the sum over all paths.
//!
//! Allowed are six standard errors and a twentieth of the largest result a choice, for what no sample met: at 4096 samples a path of
//! probability 1/1000 is missed now and then, and the standard error does not know it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use reparam::estimate::{self, Estimate};
use reparam::prelude::*;
use reparam::program::Stream;

const SAMPLES: u64 = 4096;

/// Steps of a program: what is chosen, what becomes of the result, and whether an outcome of 1 skips the next one.
struct Script<'a>(&'a [(u8, u8)]);

impl Program for Script<'_> {
    type Theta = [f64; 2];
    type Output = f64;

    fn run<S: Scalar, C: Chance<S>>(&self, &[a, b]: &[S; 2], chance: &mut C) -> S {
        let mut x = b * 0.1;
        let mut skip = false;
        for &(kind, what) in self.0 {
            if std::mem::take(&mut skip) {
                continue;
            }
            // in [0.15, 0.85]: what rarely happens is looked at by other targets
            let p = (a + b * f64::from(what >> 6)).sigmoid() * 0.7 + 0.15;
            let k = match kind % 7 {
                0 => u64::from(chance.bernoulli(p)),
                1 => u64::from(chance.bernoulli_logit(p.logit())),
                2 => chance.categorical(&[p * 0.5, -p + 1.0, p * 0.5]) as u64,
                3 => chance.categorical_logits(&[a * 0.5, b * 0.5, S::from(0.3)]) as u64,
                4 => chance.ordered(&[p * 0.5, p * 0.5, -p + 1.0]) as u64,
                5 => chance.binomial(2, p),
                _ => chance.scope(|chance| u64::from(chance.bernoulli(p)) + u64::from(chance.bernoulli(p))),
            };
            let k = k as f64;
            match what % 4 {
                0 => x += S::from(k),
                1 => x = x * (k - 1.0) + p,
                2 => x = x * x * 0.2 + k,
                _ => skip = k == 1.0,
            }
        }
        x
    }
}

fn close(name: &str, script: &Script, theta: [f64; 2], e: &Estimate<[f64; 2]>, exact: &Jet<f64, 2>, slack: f64) {
    let pairs = [(e.value, e.value_se, exact.re)];
    let gradient = (0..2).map(|i| (e.gradient[i], e.gradient_se[i], exact.eps[i]));
    for (i, (got, se, want)) in pairs.into_iter().chain(gradient).enumerate() {
        let allowed = 6.0 * se + slack;
        assert!(
            (got - want).abs() <= allowed,
            "{name} of {:?} at {theta:?}, number {i}: {got} ± {se}, exactly {want}",
            script.0
        );
    }
}

fuzz_target!(|input: ([u8; 2], u32, Vec<(u8, u8)>)| {
    let (theta, seed, steps) = input;
    let theta = theta.map(|t| f64::from(t) / 64.0 - 2.0);
    let steps = &steps[..steps.len().min(5)];
    let script = Script(steps);
    let exact = program::enumerate(&Jet::variables(theta), &script).run::<Jet<f64, 2>>().expect("finite choices");
    // the largest result of 64 runs
    let largest = (0..64).map(|s| program::run(&script, &theta, s).expect("it runs").abs()).fold(0.0, f64::max);
    let slack = 1e-9 + 0.05 * largest * steps.len() as f64;
    let rng = || Stream::new(seed.into());
    let check = |name: &str, e: &Estimate<[f64; 2]>| close(name, &script, theta, e, &exact.value, slack);
    check("score", &estimate::score(theta, &script).samples(SAMPLES).run(&mut rng()).expect("score"));
    check("replay", &estimate::replay(theta, &script).samples(SAMPLES).run(&mut rng()).expect("replay"));
    check("mix", &estimate::mix(theta, &script).samples(SAMPLES).run(&mut rng()).expect("mix"));
    check("martingale", &estimate::martingale(theta, &script).samples(SAMPLES).run(&mut rng()).expect("martingale"));
    check("quasi", &estimate::quasi(theta, &script).points(128).run(&mut rng()).expect("quasi"));
});

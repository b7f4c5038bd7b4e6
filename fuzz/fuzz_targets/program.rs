//! Programs of arbitrary choices with arbitrary parameters: no panic, no hang, one value in every scalar, sums of weights that
//! leave a constant result without derivative.
#![no_main]

use libfuzzer_sys::fuzz_target;
use reparam::estimate;
use reparam::prelude::*;
use reparam::program::Stream;

/// A list of choices: what kind, and two numbers.
struct Script<'a> {
    steps: &'a [(u8, f64, f64)],
    /// Whether the result is a constant.
    constant: bool,
}

impl Program for Script<'_> {
    type Theta = [f64; 2];
    type Output = f64;

    fn run<S: Scalar, C: Chance<S>>(&self, &[a, b]: &[S; 2], chance: &mut C) -> S {
        let mut sum = S::from(0.0);
        for &(kind, x, y) in self.steps {
            let (p, q) = (a * x, b * y);
            let k = match kind % 14 {
                0 => u64::from(chance.bernoulli(p)),
                1 => u64::from(chance.bernoulli_logit(p + q)),
                2 => chance.categorical(&[p, q, p * q]) as u64,
                3 => chance.categorical_logits(&[p, q, S::from(f64::NEG_INFINITY)]) as u64,
                4 => chance.ordered(&[p, S::from(0.0), q, p]) as u64,
                5 => chance.binomial(y.abs() as u64, p),
                6 => chance.poisson(p),
                7 => chance.geometric(p),
                8 => chance.scope(|chance| (0..20).filter(|_| chance.accept(p)).count()) as u64,
                9 => u64::from(chance.normal() > y),
                10 => u64::from(chance.uniform() > y) + u64::from(chance.exponential() > x),
                11 => chance.binomial(5, p.sigmoid()),
                12 => chance.poisson(p.abs().min(S::from(100.0))),
                _ => {
                    sum +=
                        chance.sum_out(&[p, q], |chance, k| p * (k as f64) + f64::from(u8::from(chance.bernoulli(q))));
                    0
                }
            };
            sum += S::from(k as f64) * (q + 1.0);
        }
        if self.constant { S::from(1.0) } else { sum }
    }
}

fuzz_target!(|input: ([f64; 2], u64, Vec<(u8, f64, f64)>)| {
    let (theta, seed, steps) = input;
    let steps = &steps[..steps.len().min(12)];
    let script = Script { steps, constant: false };
    let plain = program::run(&script, &theta, seed);
    let second = program::run(&script, &Jet::second_order(theta), seed).map(|x| x.re());
    match (&plain, &second) {
        (Ok(x), Ok(y)) => assert!(x.to_bits() == y.to_bits() || (x.is_nan() && y.is_nan()), "{x:e} and {y:e}"),
        (x, y) => assert_eq!(x.as_ref().err(), y.as_ref().err()),
    }
    let mut rng = Stream::new(seed);
    let _ = estimate::replay(theta, &script).samples(3).run(&mut rng);
    let _ = estimate::replay(theta, &script).three_runs(true).replays(3).roulette(1.0).samples(3).run(&mut rng);
    let _ = estimate::replay(theta, &script).exhaustive(50).samples(2).run(&mut rng);
    let _ = estimate::replay_hessian(theta, &script).samples(2).run(&mut rng);
    let _ = estimate::mix(theta, &script).samples(32).run(&mut rng);
    let _ = estimate::score_hessian(theta, &script).samples(32).run(&mut rng);
    let _ = program::enumerate(&Jet::variables(theta), &script).limit(100).run();

    let constant = Script { steps, constant: true };
    if let Ok(e) = estimate::replay(theta, &constant).samples(3).run(&mut rng) {
        assert_eq!((e.value, e.gradient), (1.0, [0.0; 2]));
    }
});

//! Finite differences: their bias, its estimate, the step of a pilot, and Hessians by differences of gradients.

use crate::martingale::{exact_sir, sir};
use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::estimate::{self, EstimateError};
use reparam::prelude::*;
use reparam::program;

/// E k³ of a binomial number of five is 5 p + 60 p² + 60 p³: differences are off by 60 h² and nothing else.
#[test]
fn bias_is_estimated() {
    let f = program!(|[p]: [S; 1], chance| -> [S; 2] {
        let k = chance.binomial(5, p) as f64;
        [S::from(k.powi(3)), S::from(k)]
    });
    let exact = 5.0 + 120.0 * 0.4 + 180.0 * 0.16;
    let plain = estimate::finite_difference([0.4], f, 0.1).samples(100_000).run_seed(1).unwrap();
    let off = (plain.gradient[0][0] - exact) / plain.gradient_se[0][0];
    assert!(off > 2.5, "{off}");
    let e = estimate::finite_difference([0.4], f, 0.1).richardson().samples(100_000).run_seed(1).unwrap();
    let within = |got: f64, se: f64, want: f64| (got - want).abs() < 5.0 * se;
    assert!(within(e.estimate.gradient[0][0], e.estimate.gradient_se[0][0], exact));
    assert!(within(e.bias.gradient[0][0], e.bias.gradient_se[0][0], 0.6));
    assert!(e.bias.gradient[0][0] > 3.0 * e.bias.gradient_se[0][0]);
    // a mean that is linear has none
    assert!(within(e.bias.gradient[1][0], e.bias.gradient_se[1][0], 0.0));
    assert_eq!((e.bias.value, e.estimate.value), ([0.0; 2], plain.value));
    assert!(!e.bias.notes.flat_hessian && !e.estimate.notes.flat_hessian);
}

/// The steps of a pilot against the errors of all five, by repeats against the exact chain.
#[test]
fn steps_of_a_pilot() {
    let theta = [0.4, 0.15];
    let exact: Jet<f64, 2> = exact_sir(Jet::variables(theta));
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let f = program!(|theta: [S; 2], chance| -> S { sir().run(&theta, chance)[0] });
    let of = |steps: [f64; 2]| estimate::finite_difference(theta, f, 1.0).steps(steps).samples(1000);
    let guess = [0.08, 0.03];
    let chosen = of(guess).pilot(1000, &mut rng).unwrap().chosen_steps();
    let repeats = 40;
    let mut square = [[0.0; 2]; 5];
    let steps = [0.25, 0.5, 1.0, 2.0, 4.0].map(|factor| guess.map(|step| factor * step));
    for seed in 0..repeats {
        for (square, steps) in square.iter_mut().zip(steps) {
            let e = of(steps).run_seed(seed).unwrap();
            for i in 0..2 {
                square[i] += (e.gradient[i] - exact.eps[i]).powi(2) / repeats as f64;
            }
        }
    }
    for i in 0..2 {
        let errors = square.map(|square| square[i].sqrt());
        let at = steps.iter().position(|steps| steps[i] == chosen[i]).unwrap();
        let best = errors.iter().copied().fold(f64::INFINITY, f64::min);
        println!("parameter {i}: step {} of errors {errors:.2?}", chosen[i]);
        // a rms error of 40 repeats is known to a ninth
        assert!(errors[at] < 1.3 * best, "parameter {i}: {errors:?}, chosen {at}");
    }
    let e = of(guess).richardson().pilot(1000, &mut rng).unwrap();
    assert!(e.chosen_steps().iter().zip(guess).all(|(step, guess)| (0.25 * guess..=2.0 * guess).contains(step)));
}

/// A wide step that leaves the range of a probability is left out; the step itself must not.
#[test]
fn steps_at_the_end_of_a_range() {
    let f = program!(|[p]: [S; 1], chance| -> S { S::from((chance.binomial(20, p) as f64).powi(2)) });
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(2);
    let e = estimate::finite_difference([0.95], f, 0.03).samples(1000).pilot(500, &mut rng).unwrap();
    assert!(e.chosen_steps()[0] <= 0.03);
    let e = estimate::finite_difference([0.95], f, 0.1).pilot(500, &mut rng).unwrap_err();
    assert!(matches!(e, EstimateError::Choice { .. }), "{e}");
    let e = estimate::finite_difference([0.95], f, 0.1).pilot(1, &mut rng).unwrap_err();
    assert!(matches!(e, EstimateError::TooFewSamples { samples: 1 }));
    for step in [0.0, -0.1, f64::NAN, f64::INFINITY] {
        assert!(estimate::finite_difference([0.95], f, step).pilot(500, &mut rng).is_err());
        assert!(estimate::martingale_hessian([0.95], f, step).run_seed(1).is_err());
    }
}

/// Hessians by differences of martingale gradients, against the exact chain and enumeration.
#[test]
fn hessians() {
    let theta = [0.4, 0.15];
    let exact: Jet<Jet<f64, 2>, 2> = exact_sir(Jet::second_order(theta));
    let f = program!(|theta: [S; 2], chance| -> S { sir().run(&theta, chance)[0] });
    let estimator = estimate::martingale_hessian(theta, f, 1.0).steps([0.08, 0.03]).samples(8000);
    let e = estimator.clone().richardson().run_seed(1).unwrap();
    let by_scores = estimate::score_hessian(theta, f).samples(8000).run_seed(1).unwrap();
    let (_, gradient, hessian) = exact.hessian();
    for i in 0..2 {
        let (got, se) = (e.estimate.gradient[i], e.estimate.gradient_se[i]);
        assert!((got - gradient[i]).abs() < 5.0 * se, "{i}: {got} ± {se}, not {}", gradient[i]);
        for j in 0..2 {
            let (got, se) = (e.estimate.hessian[i][j], e.estimate.hessian_se[i][j]);
            assert!((got - hessian[i][j]).abs() < 5.0 * se, "{i}, {j}: {got} ± {se}, not {}", hessian[i][j]);
            let gain = by_scores.hessian_se[i][j] / se;
            println!("{i}, {j}: standard error of scores {gain:.1} times this one");
            assert!(gain > 3.0);
        }
    }
    assert_eq!(e.estimate.hessian[0][1], e.estimate.hessian[1][0]);
    assert_eq!(estimator.clone().par_run_seed(2).unwrap(), estimator.run_seed(2).unwrap());

    // several results, one of which depends on a draw besides
    let f = program!(|[p, s]: [S; 2], chance| -> [S; 2] {
        let k = chance.binomial(4, p) as f64;
        [s * s * (k * k), s * chance.categorical(&[p, -p + 1.0]) as f64]
    });
    let exact = program::enumerate(&Jet::<Jet<f64, 2>, 2>::second_order([0.3, 1.5]), f).run().unwrap().value;
    let e = estimate::martingale_hessian([0.3, 1.5], f, 0.05).samples(20_000).run_seed(3).unwrap();
    for (k, exact) in exact.iter().enumerate() {
        let (_, gradient, hessian) = exact.hessian();
        for i in 0..2 {
            assert!((e.gradient[k][i] - gradient[i]).abs() < 5.0 * e.gradient_se[k][i] + 1e-12);
            for j in 0..2 {
                let (got, se) = (e.hessian[k][i][j], e.hessian_se[k][i][j]);
                assert!((got - hessian[i][j]).abs() < 5.0 * se + 1e-9, "{k}, {i}, {j}: {got} ± {se}, not {hessian:?}");
            }
        }
    }
}

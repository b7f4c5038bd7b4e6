//! Any number of parameters: against closed forms, against the estimators of a fixed number, where numbers depend on
//! few and on all of them.

use reparam::estimate::{self, Estimate, EstimateError};
use reparam::prelude::*;

/// Within five standard errors, and the mean square of all deviations in standard errors within five of its own from 1.
fn close(name: &str, e: &Estimate<Vec<f64>>, exact: &[f64]) {
    let z = |i: usize| (e.gradient[i] - exact[i]) / e.gradient_se[i];
    let n = exact.len();
    for i in 0..n {
        assert!(z(i).abs() < 5.0, "{name}: {i}: {} ± {}, not {}", e.gradient[i], e.gradient_se[i], exact[i]);
    }
    assert_eq!(e.gradient.len(), n);
}

/// The square of the number of heads, each coin with a parameter of its own, and a smooth term in all: no more than two
/// parameters meet.
#[test]
fn coins_with_parameters_of_their_own() {
    let coins = program!(|theta: &[S], chance| -> S {
        let heads = theta.iter().filter(|t| chance.bernoulli_logit(**t)).count() as f64;
        S::from(heads * heads) + theta[3] * chance.normal() + theta[3] * theta[3]
    });
    for n in [9, 70, 300] {
        let theta: Vec<f64> = (0..n).map(|i| (i as f64 * 0.7).sin()).collect();
        let p: Vec<f64> = theta.iter().map(|t| 1.0 / (1.0 + (-t).exp())).collect();
        let total: f64 = p.iter().sum();
        let exact: Vec<f64> = (0..n)
            .map(|i| p[i] * (1.0 - p[i]) * (1.0 + 2.0 * (total - p[i])) + if i == 3 { 2.0 * theta[3] } else { 0.0 })
            .collect();
        let samples = 20_000;
        close("score", &estimate::score_dyn(&theta, coins).samples(samples).run_seed(1).unwrap(), &exact);
        close("replay", &estimate::replay_dyn(&theta, coins).samples(samples).run_seed(2).unwrap(), &exact);
    }
}

/// With few samples replay meets some of many parameters not at all, and says so.
#[test]
fn parameters_that_no_sample_met() {
    let coins =
        program!(|theta: &[S], chance| -> S { S::from(theta.iter().filter(|t| chance.bernoulli(**t)).count() as f64) });
    let e = estimate::replay_dyn(&[0.3; 200], coins).samples(100).run_seed(1).unwrap();
    assert!(e.notes.flat_beyond > 0 && e.to_string().contains("enough samples"), "{e}");
    let e = estimate::replay_dyn(&[0.3; 200], coins).samples(10_000).run_seed(1).unwrap();
    assert_eq!(e.notes, Default::default());
}

/// Every probability depends on every parameter: the numbers of few derivatives are full, and the runs in jets take
/// over.
#[test]
fn dense_probabilities() {
    let dense = program!(|theta: &[S], chance| -> [S; 2] {
        let mean = theta.iter().fold(S::from(0.0), |sum, t| sum + *t) / theta.len() as f64;
        let heads = (0..5).filter(|_| chance.bernoulli(mean)).count() as f64;
        [S::from(heads * heads), mean * heads]
    });
    let theta = [0.1, 0.2, 0.3, 0.4, 0.5, 0.35, 0.25, 0.15, 0.45, 0.3];
    let n = theta.len() as f64;
    let mean: f64 = theta.iter().sum::<f64>() / n;
    // E h² = 5 m + 20 m², E m h = 5 m²
    let exact = [(5.0 + 40.0 * mean) / n, 10.0 * mean / n];
    for e in [
        estimate::score_dyn(&theta, dense).samples(40_000).run_seed(1).unwrap(),
        estimate::replay_dyn(&theta, dense).samples(40_000).run_seed(1).unwrap(),
    ] {
        for k in 0..2 {
            for i in 0..theta.len() {
                let (got, se) = (e.gradient[k][i], e.gradient_se[k][i]);
                assert!((got - exact[k]).abs() < 5.0 * se, "{k} {i}: {got} ± {se}, not {}", exact[k]);
            }
        }
    }
}

/// A number of parameters known at run time and one fixed in the program are one estimate: scores bit for bit in the
/// value.
#[test]
fn as_with_a_fixed_number() {
    let fixed = program!(|[a, b, c]: [S; 3], chance| -> S {
        let k = chance.poisson(a) + chance.binomial(10, b);
        c * chance.exponential() * (k as f64)
    });
    let any = program!(|theta: &[S], chance| -> S {
        let k = chance.poisson(theta[0]) + chance.binomial(10, theta[1]);
        theta[2] * chance.exponential() * (k as f64)
    });
    let theta = [3.0, 0.4, 0.5];
    // E = c (a + 10 b)
    let exact = [0.5, 5.0, 7.0];
    let f = estimate::mix(theta, fixed).samples(40_000).run_seed(1).unwrap();
    (0..3).for_each(|i| assert!((f.gradient[i] - exact[i]).abs() < 5.0 * f.gradient_se[i]));
    close("score", &estimate::score_dyn(&theta, any).samples(40_000).run_seed(1).unwrap(), &exact);
    close("replay", &estimate::replay_dyn(&theta, any).samples(40_000).run_seed(1).unwrap(), &exact);
}

#[test]
fn what_cannot_be() {
    let coin = program!(|p: &[S], chance| -> S { S::from(f64::from(u8::from(chance.bernoulli(p[0])))) });
    assert!(matches!(estimate::score_dyn(&[0.0], coin).run_seed(1), Err(EstimateError::EmptyCell { .. })));
    let e = estimate::replay_dyn(&[0.0], coin).run_seed(1).unwrap();
    assert_eq!((e.value, e.gradient), (0.0, vec![1.0]));
    assert!(matches!(estimate::replay_dyn(&[2.0], coin).run_seed(1), Err(EstimateError::Choice { .. })));
    let e = estimate::score_dyn(&[0.5, f64::NAN], coin).run_seed(1).unwrap_err();
    assert_eq!(e.to_string(), "parameter 1 is NaN");
}

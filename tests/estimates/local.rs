//! Draws with few parameters each and a model with its gradient: against the estimate in jets, errors and seeds.

use reparam::distr::LawError;
use reparam::estimate::{self, BLOCK, Draws, EstimateError, Estimator, Local};
use reparam::prelude::*;

/// E of a product of gamma and normal numbers that share parameters, with a term in the parameters themselves.
const GROUPS: usize = 7;

fn theta() -> Vec<f64> {
    (0..2 * GROUPS).map(|i| 0.8 + 0.1 * i as f64).collect()
}

/// Two numbers a group, that share a parameter; the last one twice.
fn draws(draws: &mut Draws<'_, LawError>) -> Result<(), LawError> {
    for j in 0..GROUPS {
        draws.draw([j, GROUPS + j], |[shape, rate], rng| -> Result<_, LawError> {
            let x = Gamma::new(shape, rate)?.sample(rng);
            Ok([x, x * rate + rng.normal() * shape])
        })?;
        draws.add([j], |[shape], _| Ok(shape.ln()))?;
    }
    assert_eq!(draws.so_far().len(), 2 * GROUPS);
    draws.draw([3, 3], |[a, b], _| Ok(a * b))
}

fn model(z: &[f64], gradient: &mut [f64]) -> f64 {
    gradient.iter_mut().zip(z).for_each(|(g, z)| *g = z.cos());
    z.iter().map(|z| z.sin()).sum()
}

fn whole<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Result<S, LawError> {
    let (mut sum, mut direct) = (S::from(0.0), S::from(0.0));
    for j in 0..GROUPS {
        let x = Gamma::new(theta[j], theta[GROUPS + j])?.sample(&mut chance.generator());
        sum += x.sin() + (x * theta[GROUPS + j] + theta[j] * chance.normal()).sin();
        direct += theta[j].ln();
    }
    sum += (theta[3] * theta[3]).sin();
    Ok(direct + sum)
}

/// One seed gives one estimate, up to rounding.
#[test]
fn as_in_jets() {
    let theta = theta();
    let local = estimate::local(&theta, draws, model).samples(3000).run_seed(5).unwrap();
    let jets = estimate::pathwise_dyn(&theta, whole).samples(3000).run_seed(5).unwrap();
    let close = |a: f64, b: f64| (a - b).abs() < 1e-12 * (1.0 + b.abs());
    assert!(close(local.value, jets.value) && close(local.value_se, jets.value_se));
    for i in 0..theta.len() {
        assert!(close(local.gradient[i], jets.gradient[i]), "{i}: {} {}", local.gradient[i], jets.gradient[i]);
        assert!(close(local.gradient_se[i], jets.gradient_se[i]));
    }
    let par = estimate::local(&theta, draws, model).samples(3 * BLOCK);
    assert_eq!(par.clone().par_run_seed(1).unwrap(), par.run_seed(1).unwrap());
}

type Run<E> = Result<estimate::Estimate<Vec<f64>>, EstimateError<E>>;

fn run<D, F, E>(e: Estimator<Local<'_, D, F, E>>) -> Run<E>
where
    D: Fn(&mut Draws<'_, E>) -> Result<(), E>,
    F: Fn(&[f64], &mut [f64]) -> f64,
{
    e.samples(100).run_seed(9)
}

#[test]
fn errors_name_sample_and_seed() {
    // a law that is refused
    let normal = |draws: &mut Draws<'_, LawError>| draws.draw([0, 1], |[m, s], rng| Ok(Normal::new(m, s)?.sample(rng)));
    let e = run(estimate::local(&[1.0, -2.0], normal, model)).unwrap_err();
    assert!(matches!(e, EstimateError::Program { sample: 0, seed: 9, error } if error.parameter() == "std_dev"));
    // a gradient that is not a number
    let bad = |z: &[f64], gradient: &mut [f64]| {
        gradient[0] = f64::NAN;
        z[0]
    };
    let e = run(estimate::local(&[1.0, 2.0], normal, bad)).unwrap_err();
    let component = estimate::Component::Gradient(0);
    assert_eq!(e, EstimateError::NotFinite { sample: 0, seed: 9, result: 0, component });
    // a choice that cannot be made
    let coin = |draws: &mut Draws<'_, std::convert::Infallible>| {
        draws.draw([0], |[p], chance| if chance.bernoulli(p) { p } else { -p })
    };
    let e = run(estimate::local(&[1.5], coin, |z, _| z[0])).unwrap_err();
    assert!(matches!(e, EstimateError::Choice { sample: 0, seed: 9, .. }));
    // the model's infinite slope does not reach a parameter that its number does not depend on
    let still = |draws: &mut Draws<'_, std::convert::Infallible>| draws.draw([0, 1], |[a, b], _| a * 0.0 + b);
    let e = run(estimate::local(&[1.0, 2.0], still, |z, g| {
        g[0] = f64::INFINITY;
        z[0]
    }));
    let component = estimate::Component::Gradient(1);
    assert_eq!(e.unwrap_err(), EstimateError::NotFinite { sample: 0, seed: 9, result: 0, component });
}

/// A model that keeps state is found out.
#[test]
fn a_model_with_a_memory() {
    let calls = std::cell::Cell::new(0.0);
    let normal = |draws: &mut Draws<'_, std::convert::Infallible>| draws.draw([0], |[m], chance| m + chance.normal());
    let e = run(estimate::local(&[1.0], normal, |z, _| {
        calls.set(calls.get() + 1.0);
        z[0] + calls.get()
    }));
    assert_eq!(e.unwrap_err(), EstimateError::NotRepeated { sample: 0 });
}

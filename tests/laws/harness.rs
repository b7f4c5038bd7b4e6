//! Every family through one harness, at chosen parameters with a million draws and at random ones from 1e-6 to 1e6.

use crate::common::parameters;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use reparam::distr::Family;
use reparam::for_each_family;
use reparam::prelude::*;
use reparam::verify::{self, Failures};

/// The whole harness with a million draws, fewer where each distribution function of a draw takes tens of microseconds.
fn harness<F: Family>() -> Result<(), String> {
    harness_of(F::NAME, &|parameters, draws| verify::family::<F>(parameters).draws(draws).check())
}

/// Of a family as functions, so that this is compiled once.
fn harness_of(name: &str, check: &dyn Fn(&[f64], usize) -> Result<(), Failures>) -> Result<(), String> {
    let draws = match name {
        "stable" | "generalized_inverse_gaussian" | "noncentral_t" | "skew_t" => 100_000,
        "beta_quotient" => 30_000,
        _ => 1_000_000,
    };
    let mut failures = Vec::new();
    for parameters in parameters::chosen(name) {
        if let Err(found) = check(parameters, draws) {
            failures.push(format!("{name} {parameters:?}: {found}"));
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

/// Values and derivatives at random parameters: those that the family accepts.
fn properties<F: Family>() -> Result<(), String> {
    properties_of(F::NAME, F::PARAMETERS.len(), &|parameters| F::law(parameters).is_ok(), &|parameters| {
        let check = verify::family::<F>(parameters);
        check.check_values().and_then(|()| check.check_derivatives())
    })
}

/// Of a family as functions, so that this is compiled once.
fn properties_of(
    name: &str,
    count: usize,
    accepts: &dyn Fn(&[f64]) -> bool,
    check: &dyn Fn(&[f64]) -> Result<(), Failures>,
) -> Result<(), String> {
    // where a check takes seconds, and for shapes that leave third derivatives of quantiles their digits
    let slow = name == "beta_quotient";
    let cases = match name {
        "beta_quotient" => 8,
        "generalized_inverse_gaussian" | "noncentral_t" | "skew_t" | "stable" => 16,
        _ => 48,
    };
    let config = Config { cases, max_global_rejects: 100_000, failure_persistence: None, ..Config::default() };
    let seed = proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(config, seed)
        .run(&verify::strategy::parameters(count), |mut parameters| {
            // families that count something take whole numbers
            if !accepts(&parameters) {
                parameters[0] = parameters[0].ceil();
            }
            prop_assume!(accepts(&parameters));
            prop_assume!(!slow || parameters.iter().all(|shape| (0.1..=100.0).contains(shape)));
            // all but a normal law: third derivatives of its quantiles have five digits
            prop_assume!(name != "normal_inverse_gaussian" || parameters[1] * parameters[2] <= 1e9);
            let both = check(&parameters);
            prop_assert!(both.is_ok(), "{name} {parameters:?}: {}", both.unwrap_err());
            Ok(())
        })
        .map_err(|e| format!("{name}: {e}"))
}

/// Runs a check over all families and reports all that fail.
macro_rules! all {
    ($test:ident, $check:ident) => {
        #[test]
        fn $test() {
            let mut failures: Vec<String> = Vec::new();
            macro_rules! one {
                ($family:ident) => {
                    failures.extend($check::<$family<f64>>().err());
                };
            }
            for_each_family!(one);
            assert!(failures.is_empty(), "{} families:\n{}", failures.len(), failures.join("\n"));
        }
    };
}

all!(every_law_obeys_the_harness, harness);
all!(values_and_derivatives_at_random_parameters, properties);

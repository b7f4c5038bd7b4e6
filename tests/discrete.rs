//! Every discrete family through one harness, at chosen parameters with a million draws and at random ones.

#[macro_use]
#[path = "common/discrete_families.rs"]
mod families;
#[path = "common/discrete_parameters.rs"]
mod parameters;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use reparam::distr::DiscreteFamily;
use reparam::prelude::*;
use reparam::verify;

/// The whole harness with a million draws.
fn harness<F: DiscreteFamily>() -> Result<(), String> {
    let mut failures = Vec::new();
    for (integers, parameters) in parameters::chosen(F::NAME) {
        let check = verify::discrete::<F>(integers, parameters).draws(1_000_000);
        failures.extend(check.check().map_err(|e| format!("{} {integers:?} {parameters:?}: {e}", F::NAME)).err());
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

/// Values and derivatives at random parameters: those that the family accepts.
fn properties<F: DiscreteFamily>() -> Result<(), String> {
    let config = Config { cases: 32, max_global_rejects: 100_000, failure_persistence: None, ..Config::default() };
    let seed = proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha);
    let integers = proptest::collection::vec(prop_oneof![0..10_i64, 0..1_000_000_i64], F::INTEGERS.len());
    let real = verify::strategy::parameters(F::PARAMETERS.len());
    TestRunner::new_with_rng(config, seed)
        .run(&(integers, real), |(integers, parameters)| {
            prop_assume!(F::law::<f64>(&integers, &parameters).is_ok());
            let check = verify::discrete::<F>(&integers, &parameters);
            let all = check.check_law().and_then(|()| check.check_values()).and_then(|()| check.check_derivatives());
            prop_assert!(all.is_ok(), "{} {integers:?} {parameters:?}: {}", F::NAME, all.unwrap_err());
            Ok(())
        })
        .map_err(|e| format!("{}: {e}", F::NAME))
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
            for_each_discrete_family!(one);
            assert!(failures.is_empty(), "{} families:\n{}", failures.len(), failures.join("\n"));
        }
    };
}

all!(every_law_obeys_the_harness, harness);
all!(values_and_derivatives_at_random_parameters, properties);

//! Every family through one harness, at chosen parameters with a million draws and at random ones from 1e-6 to 1e6.

#[macro_use]
#[path = "common/families.rs"]
mod families;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use reparam::distr::Family;
use reparam::prelude::*;
use reparam::verify;

/// Parameters as a user would choose them, and some that are hard.
fn chosen(family: &str) -> Vec<Vec<f64>> {
    match family {
        "exponential" => vec![vec![1.0], vec![1e-6], vec![3e5]],
        "normal" => vec![vec![0.0, 1.0], vec![-3.0, 0.01], vec![1e6, 1e-3]],
        "truncated_logistic" | "truncated_normal" => vec![
            vec![0.0, 1.0, -1.0, 2.0],
            vec![-1.0, 0.5, -1e3, 1e3],
            vec![0.5382424, 0.05, 0.80921564, 0.86921564],
            vec![0.0, 1.0, -39.0, -38.0],
            vec![0.0, 1.0, 8.0, f64::INFINITY],
        ],
        _ => vec![],
    }
}

/// The whole harness with a million draws.
fn harness<F: Family>() -> Result<(), String> {
    let sets = chosen(F::NAME);
    assert!(!sets.is_empty(), "no parameters chosen for {}", F::NAME);
    for parameters in sets {
        verify::family::<F>(&parameters)
            .draws(1_000_000)
            .check()
            .map_err(|e| format!("{} {parameters:?}: {e}", F::NAME))?;
    }
    Ok(())
}

/// Values and derivatives at random parameters: those that the family accepts.
fn properties<F: Family>() -> Result<(), String> {
    let config = Config { cases: 48, max_global_rejects: 100_000, failure_persistence: None, ..Config::default() };
    let seed = proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(config, seed)
        .run(&verify::strategy::parameters(F::PARAMETERS.len()), |parameters| {
            prop_assume!(F::law(&parameters).is_ok());
            let check = verify::family::<F>(&parameters);
            let both = check.check_values().and_then(|()| check.check_derivatives());
            prop_assert!(both.is_ok(), "{} {parameters:?}: {}", F::NAME, both.unwrap_err());
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
            for_each_family!(one);
            assert!(failures.is_empty(), "{} families:\n{}", failures.len(), failures.join("\n"));
        }
    };
}

all!(every_law_obeys_the_harness, harness);
all!(values_and_derivatives_at_random_parameters, properties);

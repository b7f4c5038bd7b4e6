//! Every discrete family through one harness, at chosen parameters with a million draws and at random ones.

use crate::common::discrete_parameters as parameters;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use reparam::distr::DiscreteFamily;
use reparam::prelude::*;
use reparam::verify;

/// Three cells by weights.
struct Weights;

impl DiscreteFamily for Weights {
    type Law<S: Scalar> = Categorical<[S; 3]>;
    type Error = LawError;
    const NAME: &'static str = "categorical by weights";
    const INTEGERS: &'static [&'static str] = &[];
    const PARAMETERS: &'static [&'static str] = &["w0", "w1", "w2"];

    fn law<S: Scalar>(_: &[i64], p: &[S]) -> Result<Self::Law<S>, LawError> {
        Categorical::new([p[0], p[1], p[2]])
    }
}

/// Four cells by logits, in a vector, one of them empty.
struct Logits;

impl DiscreteFamily for Logits {
    type Law<S: Scalar> = Categorical<Vec<S>>;
    type Error = LawError;
    const NAME: &'static str = "categorical by logits";
    const INTEGERS: &'static [&'static str] = &[];
    const PARAMETERS: &'static [&'static str] = &["l0", "l1", "l3"];

    fn law<S: Scalar>(_: &[i64], l: &[S]) -> Result<Self::Law<S>, LawError> {
        Categorical::from_logits(vec![l[0], l[1], S::from(f64::NEG_INFINITY), l[2]])
    }
}

struct Ordered;

impl DiscreteFamily for Ordered {
    type Law<S: Scalar> = OrderedLogistic<S, [S; 3]>;
    type Error = LawError;
    const NAME: &'static str = "ordered logistic";
    const INTEGERS: &'static [&'static str] = &[];
    const PARAMETERS: &'static [&'static str] = &["location", "c1", "c2", "c3"];

    fn law<S: Scalar>(_: &[i64], p: &[S]) -> Result<Self::Law<S>, LawError> {
        OrderedLogistic::new(p[0], [p[1], p[2], p[3]])
    }
}

struct ZeroInflatedPoisson;

impl DiscreteFamily for ZeroInflatedPoisson {
    type Law<S: Scalar> = ZeroInflated<S, Poisson<S>>;
    type Error = LawError;
    const NAME: &'static str = "zero-inflated poisson";
    const INTEGERS: &'static [&'static str] = &[];
    const PARAMETERS: &'static [&'static str] = &["zero", "rate"];

    fn law<S: Scalar>(_: &[i64], p: &[S]) -> Result<Self::Law<S>, LawError> {
        ZeroInflated::new(p[0], Poisson::new(p[1])?)
    }
}

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
    let config = Config { cases: 16, max_global_rejects: 100_000, failure_persistence: None, ..Config::default() };
    let seed = proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha);
    let integers = proptest::collection::vec(prop_oneof![0..10_i64, 0..1_000_000_i64], F::INTEGERS.len());
    let real = verify::strategy::parameters(F::PARAMETERS.len());
    TestRunner::new_with_rng(config, seed)
        .run(&(integers, real), |(integers, parameters)| {
            prop_assume!(F::law::<f64>(&integers, &parameters).is_ok());
            // differences see a logit by its size, and its exponential knows no size
            prop_assume!(F::NAME != Logits::NAME || parameters.iter().all(|l| l.abs() < 20.0));
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
            failures.extend($check::<Weights>().err());
            failures.extend($check::<Logits>().err());
            failures.extend($check::<Ordered>().err());
            failures.extend($check::<ZeroInflatedPoisson>().err());
            assert!(failures.is_empty(), "{} families:\n{}", failures.len(), failures.join("\n"));
        }
    };
}

all!(every_law_obeys_the_harness, harness);
all!(values_and_derivatives_at_random_parameters, properties);

// counts are drawn from a table below a variance of 10, and as rounded normal numbers of which a few are rejected above: four
// million draws show it where none are
#[test]
fn draws_of_counts() {
    fn check<F: DiscreteFamily>(integers: &[i64], parameters: &[f64]) -> Option<String> {
        let samples = verify::discrete::<F>(integers, parameters).draws(4_000_000).check_samples();
        samples.err().map(|e| format!("{} {integers:?} {parameters:?}: {e}", F::NAME))
    }
    let mut failures: Vec<String> = Vec::new();
    for rate in [1e-9, 0.3, 7.5, 9.99, 10.0, 11.3, 14.0, 30.0, 1e3, 1e15] {
        failures.extend(check::<Poisson<f64>>(&[], &[rate]));
    }
    for (n, p) in
        [(3, 0.5), (38, 0.5), (25, 0.97), (40, 0.5), (48, 0.3), (111, 0.9), (10_000, 0.4), (1_000_000_000_000_000, 0.5)]
    {
        failures.extend(check::<Binomial<f64>>(&[n], &[p]));
    }
    for (all, successes, draws) in
        [(100, 40, 10), (160, 80, 80), (162, 81, 81), (2_000, 1_990, 1_000), (500, 450, 130), (1_000_000, 400_000, 70)]
    {
        failures.extend(check::<Hypergeometric<f64>>(&[all, successes, draws], &[]));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

//! What the limits promise of every law.

use crate::common::parameters;
use rand::distr::Distribution;
use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::distr::Family;
use reparam::for_each_family;
use reparam::prelude::*;
use std::collections::BTreeSet;

/// Parameters that are no numbers, or beyond ±1e150, are refused by every family, and the error names one that is.
#[test]
fn parameters_beyond_the_range_are_refused() {
    let mut accepted = BTreeSet::new();
    let mut of = |name: &str, parameters: &[&str], refuses: &dyn Fn(&[f64]) -> Option<String>| {
        for chosen in parameters::chosen(name) {
            for i in 0..chosen.len() {
                for value in [f64::NAN, 1e151, -1e151, f64::INFINITY, f64::NEG_INFINITY] {
                    let mut changed = chosen.to_vec();
                    changed[i] = value;
                    match refuses(&changed) {
                        None => drop(accepted.insert(format!("{name}: {} = {value:e}", parameters[i]))),
                        // which of two that contradict each other is at fault is for the law to say
                        Some(message) if value.is_nan() => {
                            assert!(message.contains("NaN"), "{name} {changed:?}: {message}")
                        }
                        Some(message) => assert!(message.contains("not "), "{name} {changed:?}: {message}"),
                    }
                }
            }
        }
    };
    macro_rules! one {
        ($law:ident) => {
            let refuses = |x: &[f64]| <$law<f64> as Family>::law(x).err().map(|error| error.to_string());
            of(<$law<f64> as Family>::NAME, <$law<f64> as Family>::PARAMETERS, &refuses);
        };
    }
    for_each_family!(one);
    println!("accepted: {accepted:#?}");
    // half-lines: an interval may have an infinite end
    let half_lines = accepted.iter().filter(|line| line.contains("inf") && line.starts_with("truncated_"));
    assert_eq!(half_lines.count(), accepted.len(), "{accepted:#?}");
}

/// A mode within 1e-30 of an end and a shape of 1e16: draws are as far apart as quantiles.
#[test]
fn pert_draws_beside_an_end() {
    let law = Pert::from_shape(-1.0, 0.0, -1e-30, 1e16).unwrap();
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let draws: Vec<f64> = (0..10_000).map(|_| law.sample(&mut rng)).collect();
    let different: BTreeSet<u64> = draws.iter().map(|x| x.to_bits()).collect();
    assert!(different.len() > 9_990, "{}", different.len());
    // 1 - X is exponential with the rate 1e16 there: the mean of 10 000 to five standard errors
    let mean = draws.iter().sum::<f64>() / 1e4;
    assert!((mean * 1e16 + 1.0).abs() < 0.05, "{mean:e}");
    let at_half = law.quantile(0.5);
    let below = draws.iter().filter(|x| **x < at_half).count();
    assert!((below as f64 - 5000.0).abs() < 250.0, "{below}");
}

//! Derivatives in x at the finite ends of the support: tails have the density as their slope, that from inside.

use crate::common::parameters;
use reparam::distr::Family;
use reparam::for_each_family;
use reparam::prelude::*;
use reparam::verify;

fn slopes<F: Family>(failures: &mut Vec<String>) {
    for chosen in parameters::chosen(F::NAME) {
        if let Err(found) = verify::family::<F>(chosen).check_end_slopes() {
            failures.push(format!("{} {chosen:?}: {found}", F::NAME));
        }
    }
}

#[test]
fn tails_have_the_density_as_their_slope() {
    let mut failures = Vec::new();
    macro_rules! one {
        ($family:ident) => {
            slopes::<$family<f64>>(&mut failures);
        };
    }
    for_each_family!(one);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

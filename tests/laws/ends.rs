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

/// Shapes at which a density begins as a constant, a line, a parabola, or a power between them.
fn slopes_of_powers<F: Family>(failures: &mut Vec<String>) -> usize {
    let Some(chosen) = parameters::chosen(F::NAME).first() else { return 0 };
    let mut checked = 0;
    for i in 0..chosen.len() {
        for shape in [0.5, 1.0, 1.5, 2.0, 2.5, 3.0] {
            let mut parameters = chosen.to_vec();
            parameters[i] = shape;
            if F::law::<f64>(&parameters).is_err() {
                continue;
            }
            checked += 1;
            if let Err(found) = verify::family::<F>(&parameters).check_end_slopes() {
                failures.push(format!("{} {parameters:?}: {found}", F::NAME));
            }
        }
    }
    checked
}

#[test]
fn tails_have_the_density_as_their_slope() {
    let (mut failures, mut checked) = (Vec::new(), 0);
    macro_rules! one {
        ($family:ident) => {
            slopes::<$family<f64>>(&mut failures);
            checked += slopes_of_powers::<$family<f64>>(&mut failures);
        };
    }
    for_each_family!(one);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(checked > 900, "{checked}");
}

//! What one outcome of a probability adds to entropies and divergences, also where it is 0.

use crate::scalar::Scalar;
use crate::scalar::taylor::ZERO;
use crate::special::ln_1p_minus;

/// -p ln p from both; at p = 0 its value 0, with the infinite slope in what moves p.
pub(crate) fn entropy_of_cell<S: Scalar>(p: S, ln_p: S) -> S {
    if p.re() == 0.0 { at_edge(p, 0.0, f64::INFINITY) } else { -p * ln_p }
}

/// p (r - 1 - ln r) with r = p'/p and the step p' - p, which is given for where p and p' are rounded: its sum over all outcomes is the
/// divergence, without cancellation.
pub(crate) fn divergence_of_cell<S: Scalar>(p: S, other: S, step: S) -> S {
    if p.re() == 0.0 && step.max_abs() == 0.0 {
        S::from(0.0)
    } else if p.re() == 0.0 {
        step + at_edge(p, 0.0, if other.re() == 0.0 { f64::INFINITY } else { f64::NEG_INFINITY })
    } else if other.re() == 0.0 {
        at_edge(other, f64::INFINITY, f64::NEG_INFINITY)
    } else if (0.5 * p.re()..=2.0 * p.re()).contains(&other.re()) {
        -p * ln_1p_minus(step.over(p))
    } else {
        // r may round to 0 beside 1, or overflow
        step + p * (p.ln() - other.ln())
    }
}

/// The sum of what the cells add; an infinite one is all of it.
pub(crate) fn sum_of_cells<S: Scalar>(mut cells: impl Iterator<Item = S>) -> S {
    let mut sum = S::from(0.0);
    match cells.find(|cell| {
        sum += *cell;
        cell.re() == f64::INFINITY
    }) {
        Some(infinite) => infinite,
        None => sum,
    }
}

/// A value at x = 0 of a function like ± x ln x or ± ln x, whose derivatives are infinite with signs in turn, the first as given.
fn at_edge<S: Scalar>(x: S, value: f64, slope: f64) -> S {
    let mut derivatives = ZERO;
    derivatives[0] = value;
    let mut next = slope;
    for derivative in derivatives.iter_mut().skip(1) {
        *derivative = next;
        next = -next;
    }
    x.lift(&derivatives)
}

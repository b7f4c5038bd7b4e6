//! Integrals over the levels of a probability by the double exponential rule (Takahasi & Mori 1974).

use crate::scalar::{Scalar, math};
use core::f64::consts::PI;

/// ∫ f(ln u, ln(1 - u)) du over (0, 1) by [`sum_over_levels`], for f that is smooth inside and grows slowly at the ends.
pub(crate) fn mean_over_levels<S: Scalar>(f: impl Fn(S, S) -> S) -> S {
    sum_over_levels(|ln_u, ln_v, weight| f(S::from(ln_u), S::from(ln_v)) * weight)
}

/// ∫ over u in (0, 1) by the tanh-sinh rule with 117 points, u = 1/(1 + exp(-π sinh t)): the sum of `term(ln u, ln(1 - u), weight)`,
/// over the sum of weights.
pub(crate) fn sum_over_levels<S: Scalar>(mut term: impl FnMut(f64, f64, f64) -> S) -> S {
    let (mut mass, mut sum) = (0.0, S::from(0.0));
    for i in -58..=58 {
        let t = f64::from(i) / 16.0;
        let logit = PI * math::sinh(t);
        let (ln_u, ln_v) = (-math::softplus(-logit), -math::softplus(logit));
        let weight = math::cosh(t) * math::exp(ln_u + ln_v);
        mass += weight;
        sum += term(ln_u, ln_v, weight);
    }
    sum / mass
}

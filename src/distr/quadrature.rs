//! Expectations that have no closed form, by rules that converge geometrically.
//!
//! All are fixed sums in the arithmetic of the scalar, so that derivatives are as good as values (Trefethen & Weideman 2014,
//! "The exponentially convergent trapezoidal rule"; Takahasi & Mori 1974 for the double exponential rule).

use crate::scalar::{Scalar, math};
use crate::special;
use core::f64::consts::PI;

/// E[f(N)] for a function that is analytic where |Im t| < π and grows like exp(|t|) at the most: the trapezoidal rule with
/// step 1/4, which leaves exp(-2π π / h) = 1e-34, up to |t| = 10.
pub(crate) fn mean_over_normal<S: Scalar>(f: impl Fn(f64) -> S) -> S {
    const H: f64 = 0.25;
    (-40..=40).fold(S::from(0.0), |sum, k| {
        let t = f64::from(k) * H;
        sum + f(t) * (H * special::normal_pdf(t))
    })
}

/// E[f(N)] for an even function that is analytic where |Im t| < 1, `weighted(t)` being exp(-t²/2) f(t): the trapezoidal rule
/// with step 1/8, which leaves exp(-2π / h) = 1e-22, up to `limit`, 60 at the most.
pub(crate) fn mean_of_even<S: Scalar>(limit: f64, weighted: impl Fn(f64) -> S) -> S {
    const H: f64 = 0.125;
    let count = (limit.min(60.0) / H) as u32;
    let tail = (1..=count).rev().fold(S::from(0.0), |sum, k| sum + weighted(f64::from(k) * H));
    // 1/sqrt(2π)
    (tail * 2.0 + weighted(0.0)) * (H * 0.3989422804014327)
}

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

/// E[f(asinh N)] for an analytic function of moderate growth with a kink, sharp or rounded, at `kink`: the double
/// exponential rule v = kink ± exp(u - exp(-u)) on either side of it, the density of v = asinh N being φ(sinh v) cosh v.
///
/// A kink beyond ±3.5 has no weight; the sides then meet at 0.
pub(crate) fn mean_across_kink<S: Scalar>(kink: f64, f: impl Fn(f64) -> S) -> S {
    const H: f64 = 1.0 / 64.0;
    let kink = if kink.abs() <= 3.5 { kink } else { 0.0 };
    // distances from 1e-25 to 8
    (-256..=140).fold(S::from(0.0), |sum, k| {
        let u = f64::from(k) * H;
        let e = math::exp(-u);
        let distance = math::exp(u - e);
        let side = |v: f64| f(v) * (H * distance * (1.0 + e) * special::normal_pdf(math::sinh(v)) * math::cosh(v));
        sum + side(kink - distance) + side(kink + distance)
    })
}

//! The regularized incomplete beta function.

mod binomial_weight;
mod density;
mod fraction;
mod gradient;
mod inverse;
mod point;
mod probability;
mod ratio;
mod series;
mod tail;
mod uniform;

pub(crate) use binomial_weight::{ln_binomial_weight, ln_binomial_weight_by};
pub(crate) use density::ln_density;
pub(crate) use gradient::Constants;
pub(crate) use inverse::lift;
pub use inverse::{logit_inc_beta_complement_inv_ln, logit_inc_beta_inv_ln};
pub(crate) use point::Point;
pub(crate) use probability::{ln_probability, probability};
pub(crate) use ratio::{LARGE_SHAPE, Ratio, ln_density_by_limit};
pub(crate) use series::short;
pub(crate) use tail::{Tail, tail};

use crate::scalar::Scalar;

/// The value at an end of the unit interval, or NaN outside it or where a shape is not positive and finite.
#[inline]
fn exceptional<S: Scalar>(a: S, b: S, x: S, at_0: f64, at_1: f64) -> Option<S> {
    if !(shapes_are_valid(a, b) && (0.0..=1.0).contains(&x.re())) {
        Some(S::from(f64::NAN))
    } else if x.re() == 0.0 {
        Some(S::from(at_0))
    } else if x.re() == 1.0 {
        Some(S::from(at_1))
    } else {
        None
    }
}

#[inline]
pub(in crate::special) fn shapes_are_valid<S: Scalar>(a: S, b: S) -> bool {
    a.re() > 0.0 && a.re() < f64::INFINITY && b.re() > 0.0 && b.re() < f64::INFINITY
}

/// The regularized incomplete beta function I_x(a, b) = ∫_0^x t^(a-1) (1-t)^(b-1) dt / B(a, b) for a, b > 0 and
/// 0 <= x <= 1, accurate in the lower tail.
///
/// By the series DLMF 8.17.7 and 8.17.8, the even part of the continued fraction 8.17.22 and, for large shapes around the
/// mean, Temme's uniform expansion (SIAM J. Math. Anal. 10, 1979); the smaller tail is computed and no other formed by
/// subtraction than the larger. All derivatives in a, b and x come from the same formulas.
///
/// 0 and 1 at the ends, without derivatives. NaN outside the interval, and for shapes that are not positive and finite.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// use reparam::special::inc_beta;
/// // I_x(a, 1) = x^a and I_x(1, b) = 1 - (1 - x)^b
/// let [a, b] = Jet::variables([1.0, 1.0]);
/// let y = inc_beta(a, b, 0.5.into());
/// assert_eq!(y.re, 0.5);
/// assert!((y.eps[0] - 0.5 * 0.5f64.ln()).abs() < 1e-15 && (y.eps[1] + 0.5 * 0.5f64.ln()).abs() < 1e-15);
/// ```
pub fn inc_beta<S: Scalar>(a: S, b: S, x: S) -> S {
    exceptional(a, b, x, 0.0, 1.0).unwrap_or_else(|| probability(a, b, Point::new(x), false))
}

/// 1 - I_x(a, b) = I_(1-x)(b, a), accurate in the upper tail; see [`inc_beta`].
///
/// # Example
/// ```
/// use reparam::special::inc_beta_complement;
/// // x = 1 - 2^-50: (1 - x)^3
/// assert!((inc_beta_complement(1.0, 3.0, 1.0 - 2f64.powi(-50)) * 2f64.powi(150) - 1.0).abs() < 1e-14);
/// ```
pub fn inc_beta_complement<S: Scalar>(a: S, b: S, x: S) -> S {
    exceptional(a, b, x, 1.0, 0.0).unwrap_or_else(|| probability(a, b, Point::new(x), true))
}

/// ln I_x(a, b), accurate in both tails; see [`inc_beta`].
///
/// # Example
/// ```
/// use reparam::special::ln_inc_beta;
/// assert!((ln_inc_beta(1e4, 1.0, 0.5) - 1e4 * 0.5f64.ln()).abs() < 1e-11); // x^a, far below the range of doubles
/// ```
pub fn ln_inc_beta<S: Scalar>(a: S, b: S, x: S) -> S {
    exceptional(a, b, x, f64::NEG_INFINITY, 0.0).unwrap_or_else(|| ln_probability(a, b, Point::new(x), false))
}

/// ln(1 - I_x(a, b)), accurate in both tails; see [`inc_beta`].
///
/// # Example
/// ```
/// use reparam::special::ln_inc_beta_complement;
/// assert!((ln_inc_beta_complement(2.0, 1.0, 1e-20) + 1e-40).abs() < 1e-54); // ln(1 - x²)
/// ```
pub fn ln_inc_beta_complement<S: Scalar>(a: S, b: S, x: S) -> S {
    exceptional(a, b, x, 0.0, f64::NEG_INFINITY).unwrap_or_else(|| ln_probability(a, b, Point::new(x), true))
}

/// ln I_x(a, b) as a function of θ = logit x, which reaches beyond the range of doubles at both ends; see [`inc_beta`].
///
/// The complement is `ln_inc_beta_logit(b, a, -theta)`.
///
/// # Example
/// ```
/// use reparam::special::ln_inc_beta_logit;
/// // x = e^-2000, and I_x(a, b) about x^a / (a B(a, b))
/// assert!((ln_inc_beta_logit(2.0, 1.0, -2000.0) + 4000.0).abs() < 1e-11);
/// ```
pub fn ln_inc_beta_logit<S: Scalar>(a: S, b: S, theta: S) -> S {
    if !shapes_are_valid(a, b) || theta.re().is_nan() {
        S::from(f64::NAN)
    } else if theta.re().is_infinite() {
        S::from(if theta.re() > 0.0 { 0.0 } else { f64::NEG_INFINITY })
    } else {
        ln_probability(a, b, Point::from_logit(theta), false)
    }
}

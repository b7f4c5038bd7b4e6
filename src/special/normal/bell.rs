//! The bell curve e^(-a x^2) and its derivatives, to full accuracy in the far tail.

use crate::scalar::math::exp;
use crate::scalar::{Derivatives, taylor::ZERO};

/// 1 / sqrt(2 π)
pub(in crate::special) const INV_SQRT_2PI: f64 = 0.3989422804014327;
/// 1 / sqrt(π)
pub(in crate::special) const INV_SQRT_PI: f64 = 0.5641895835477563;
/// sqrt(π) / 2
pub(in crate::special) const HALF_SQRT_PI: f64 = 0.886226925452758;
/// sqrt(2 π)
pub(in crate::special) const SQRT_2PI: f64 = 2.5066282746310007;

/// e^(factor x^2), where `factor` is a power of two (or minus one), at least 1/4.
///
/// With x^2 = h + l exactly (Dekker 1971), e^(f h) (1 + f l): the rounding of the square would cost x^2 ulps.
#[inline]
pub(in crate::special) fn exp_square(x: f64, factor: f64) -> f64 {
    if x.abs() > 60.0 {
        return if factor < 0.0 { 0.0 } else { f64::INFINITY };
    }
    let h = x * x;
    // 2^27 + 1 cuts the significand in two halves
    let cut = x * 134_217_729.0;
    let upper = cut - (cut - x);
    let lower = x - upper;
    let l = ((upper * upper - h) + 2.0 * upper * lower) + lower * lower;
    let e = exp(factor * h);
    if e.is_infinite() { e } else { e + e * (factor * l) }
}

/// The derivatives of e^(-a x^2), a = 1 or 1/2.
///
/// (d/dx)^(k+1) = -2a (x (d/dx)^k + k (d/dx)^(k-1)): Hermite polynomials times the curve.
pub(in crate::special) fn bell_derivatives(x: f64, a: f64, order: usize) -> Derivatives {
    let mut d = ZERO;
    // where the curve is subnormal its derivatives need not be: there they are multiplied by its root twice
    let whole = exp_square(x, -a);
    let (once, twice) = if whole > 1e-280 { (whole, 1.0) } else { (exp_square(x, -0.5 * a), exp_square(x, -0.5 * a)) };
    if once == 0.0 {
        return d;
    }
    let (mut before, mut now) = (0.0, 1.0);
    for (k, d) in d.iter_mut().enumerate().take(order + 1) {
        *d = now * once * twice;
        (before, now) = (now, -2.0 * a * (x * now + k as f64 * before));
    }
    d
}

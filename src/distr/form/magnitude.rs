//! The absolute value w = |N| of standard normal noise, of which the Moyal law (-2 ln w) and the Lévy law (1/w²) are made.

use crate::noise;
use crate::scalar::Scalar;
use crate::special;
use core::f64::consts::{FRAC_1_SQRT_2, LN_2, SQRT_2};
use rand::Rng;

/// ln sqrt(2/π)
const LN_SQRT_2_OVER_PI: f64 = -0.22579135264472744;

/// A draw of |N|; never 0, so that its logarithm and its reciprocal are finite.
#[inline]
pub(crate) fn draw<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    // one draw in 2^52 or so is 0: a part of the spacing of the ziggurat's narrowest strip stands for it
    noise::normal(rng).abs().max(1e-17)
}

/// P(|N| > w).
pub(crate) fn outside<S: Scalar>(w: S) -> S {
    // 0 as a double, with all derivatives; w² may be infinite
    if w.re() > 40.0 { S::from(0.0) } else { special::normal_sf(w) * 2.0 }
}

/// P(|N| <= w).
pub(crate) fn inside<S: Scalar>(w: S) -> S {
    if w.re() > 40.0 { S::from(1.0) } else { special::erf(w * FRAC_1_SQRT_2) }
}

/// ln P(|N| > w).
pub(crate) fn ln_outside<S: Scalar>(w: S) -> S {
    if w.re() < 1.0 {
        (-inside(w)).ln_1p()
    } else if w.re() < 1e154 {
        special::normal_ln_sf(w) + LN_2
    } else {
        S::from(if w.re().is_nan() { f64::NAN } else { f64::NEG_INFINITY })
    }
}

/// ln P(|N| <= w), from w, which may underflow, and its logarithm.
pub(crate) fn ln_inside<S: Scalar>(w: S, ln_w: S) -> S {
    if w.re() > 1.0 {
        (-outside(w)).ln_1p()
    } else if w.re() > 0.5 {
        inside(w).ln()
    } else {
        // erf(w/√2) = w sqrt(2/π) (1 + Σ (-w²/2)^k / (k! (2k + 1)))
        let y = w * w * -0.5;
        let mut sum = S::from(0.0);
        for k in (1..=10).rev() {
            let k = f64::from(k);
            sum = (sum + 1.0 / (2.0 * k + 1.0)) * y / k;
        }
        ln_w + sum.ln_1p() + LN_SQRT_2_OVER_PI
    }
}

/// The w with P(|N| > w) = q.
pub(crate) fn outside_inv<S: Scalar>(q: S) -> S {
    // 1 - q is exact for q > 1/2
    if q.re() <= 0.5 { special::normal_isf(q * 0.5) } else { special::erf_inv(-q + 1.0) * SQRT_2 }
}

/// The w with P(|N| <= w) = p.
pub(crate) fn inside_inv<S: Scalar>(p: S) -> S {
    // 1/2 itself by the same way as above, so that the two halves meet
    if p.re() < 0.5 { special::erf_inv(p) * SQRT_2 } else { special::normal_isf((-p + 1.0) * 0.5) }
}

/// ln w with ln P(|N| > w) = `ln_q`.
pub(crate) fn ln_outside_inv<S: Scalar>(ln_q: S) -> S {
    if ln_q.re() < -LN_2 { special::normal_isf_ln(ln_q - LN_2).ln() } else { ln_inside_inv(ln_q.ln_1m_exp()) }
}

/// ln w with ln P(|N| <= w) = `ln_p`.
pub(crate) fn ln_inside_inv<S: Scalar>(ln_p: S) -> S {
    if ln_p.re() < -40.0 {
        ln_p - LN_SQRT_2_OVER_PI
    } else if ln_p.re() < -LN_2 {
        inside_inv(ln_p.exp()).ln()
    } else {
        special::normal_isf_ln(ln_p.ln_1m_exp() - LN_2).ln()
    }
}

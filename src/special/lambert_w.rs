//! The two real branches of Lambert's W.

use crate::scalar::taylor::ZERO;
use crate::scalar::{Derivatives, MAX_ORDER, Scalar, math};

/// The double next to -1/e. It lies below -1/e by 1.2e-17 and stands for the branch point.
const BRANCH_POINT: f64 = -0.36787944117144233;
/// e as a sum of two doubles: `float(e)`, `float(e - float(e))` in mpmath.
const E: [f64; 2] = [core::f64::consts::E, 1.4456468917292502e-16];

/// The principal branch of Lambert's W: the w >= -1 with w e^w = x, for x >= -1/e (DLMF 4.13).
///
/// At the double next to -1/e, -0.36787944117144233, the value is -1 and the derivatives are infinite; NaN below;
/// inf at inf. Accurate in relative terms everywhere; beside the branch point so is 1 + W, hence the derivatives.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// use reparam::special::lambert_w0;
/// let [x] = Jet::variables([core::f64::consts::E]);
/// let w = lambert_w0(x);
/// assert!((w.re - 1.0).abs() < 3e-16);
/// assert!((w.eps[0] - 0.5 / core::f64::consts::E).abs() < 1e-16); // W' = W / (x (1 + W))
/// ```
#[inline]
pub fn lambert_w0<S: Scalar>(x: S) -> S {
    let re = x.re();
    x.lift(&derivatives(re, principal(re), S::ORDER))
}

/// The lower branch of Lambert's W: the w <= -1 with w e^w = x, for -1/e <= x < 0 (DLMF 4.13).
///
/// At the double next to -1/e as [`lambert_w0`]; -inf at 0; NaN elsewhere.
///
/// # Example
/// ```
/// use reparam::special::lambert_wm1;
/// let w = lambert_wm1(-0.2);
/// assert!((w * w.exp() + 0.2).abs() < 1e-16);
/// assert!(w < -1.0);
/// ```
#[inline]
pub fn lambert_wm1<S: Scalar>(x: S) -> S {
    let re = x.re();
    x.lift(&derivatives(re, lower(re), S::ORDER))
}

/// W^(n)(x) = e^(-n W) p_n(s) / s^(2n - 1) with s = 1 + W (Corless et al. 1996, Adv. Comput. Math. 5, section 3), where
/// p_1 = 1, p_(n+1) = -(n s + 2n - 1) p_n + s p_n'.
fn derivatives(x: f64, [w, s]: [f64; 2], order: usize) -> Derivatives {
    let mut d = ZERO;
    d[0] = w;
    if order == 0 || w == f64::INFINITY {
        return d;
    }
    if w == f64::NEG_INFINITY {
        // as 1/x and its derivatives from below
        return [w; MAX_ORDER + 1];
    }
    // e^-W / s
    let step = if x == 0.0 { 1.0 / s } else { w / s / x };
    let mut p = ZERO;
    p[0] = 1.0;
    let mut scale = step;
    for n in 1..=order {
        // the degree of p_n is n - 1
        d[n] = scale * p[..n].iter().rev().fold(0.0, |sum, c| sum * s + c);
        scale *= step / s;
        let m = n as f64;
        for i in (0..=n.min(MAX_ORDER)).rev() {
            let below = if i > 0 { p[i - 1] } else { 0.0 };
            p[i] = (i as f64 - 2.0 * m + 1.0) * p[i] - m * below;
        }
    }
    d
}

/// W0(x) and 1 + W0(x).
fn principal(x: f64) -> [f64; 2] {
    if x == 0.0 || x == f64::INFINITY {
        [x, 1.0 + x]
    } else if x > -0.25 {
        // within 2e-2 everywhere, Winitzki's form; two steps of fourth order follow
        let l = math::ln_1p(x);
        let w = polish(x, polish(x, l * (1.0 - math::ln_1p(l) / (2.0 + l))));
        [w, 1.0 + w]
    } else {
        around_branch_point(x, 1.0)
    }
}

/// W-1(x) and 1 + W-1(x).
fn lower(x: f64) -> [f64; 2] {
    if x == 0.0 {
        [f64::NEG_INFINITY; 2]
    } else if x > 0.0 {
        [f64::NAN; 2]
    } else if x > -0.25 {
        // the first terms for x -> 0 (DLMF 4.13.11)
        let l1 = math::ln(-x);
        let l2 = math::ln(-l1);
        let w = l1 - l2 + l2 / l1;
        let w = polish(x, polish(x, polish(x, w)));
        [w, 1.0 + w]
    } else {
        around_branch_point(x, -1.0)
    }
}

/// A step of fourth order (Fritsch, Shafer and Crowley 1973, CACM 16, algorithm 443).
fn polish(x: f64, w: f64) -> f64 {
    // the quotient is safe from underflow on the principal branch only
    let z = if w > -1.0 { math::ln(x / w) - w } else { math::ln(-x) - math::ln(-w) - w };
    let s = 1.0 + w;
    let q = 2.0 * s * (s + 2.0 / 3.0 * z);
    w + w * (z / s) * ((q - z) / (q - 2.0 * z))
}

/// W and s = 1 + W for -1/e <= x <= -1/4, on the branch where s has the given sign.
///
/// s solves 1 + (s - 1) e^s = q with q = 1 + e x, which a product without rounding gives to all its digits.
fn around_branch_point(x: f64, sign: f64) -> [f64; 2] {
    if x < BRANCH_POINT || x.is_nan() {
        return [f64::NAN; 2];
    }
    if x == BRANCH_POINT {
        return [-1.0, 0.0 * sign];
    }
    let q = libm::fma(E[0], x, 1.0) + E[1] * x;
    let p = sign * math::sqrt(2.0 * q);
    // the series in p (DLMF 4.13.6)
    let mut s = p * (1.0 + p * (-1.0 / 3.0 + p * (11.0 / 72.0 + p * (-43.0 / 540.0 + p * (769.0 / 17280.0)))));
    for _ in 0..3 {
        // (1 + (s - 1) e^s) / s² = Σ s^k / ((k + 2) k!)
        let ratio = BRANCH_SERIES.iter().rev().fold(0.0, |sum, c| sum * s + c);
        s -= (s * s * ratio - q) / (s * math::exp(s));
    }
    [s - 1.0, s]
}

/// 1 / ((k + 2) k!)
const BRANCH_SERIES: [f64; 22] = {
    let mut c = [0.0; 22];
    let mut factorial = 1.0;
    let mut k = 0;
    while k < c.len() {
        c[k] = 1.0 / (factorial * (k + 2) as f64);
        k += 1;
        factorial *= k as f64;
    }
    c
};

//! Taylor coefficients in `f64` of functions that solve a simple differential equation.
//!
//! A coefficient array `c` holds c[k] = f^(k)(x) / k!. Only entries up to the order asked for are filled.

use super::{Derivatives, MAX_ORDER};

/// All zero: the start of every array of derivatives.
pub(crate) const ZERO: Derivatives = [0.0; MAX_ORDER + 1];

/// From Taylor coefficients to derivatives: multiplies entry k by k!.
#[inline]
pub(crate) fn to_derivatives(c: &mut Derivatives, order: usize) {
    let mut factorial = 1.0;
    for (k, c) in c.iter_mut().enumerate().take(order + 1).skip(2) {
        factorial *= k as f64;
        *c *= factorial;
    }
}

/// From the coefficients of f' to those of f, whose value is `value`.
#[inline]
pub(crate) fn integrate(slope: &Derivatives, value: f64, order: usize) -> Derivatives {
    let mut c = ZERO;
    c[0] = value;
    for k in 1..=order {
        c[k] = slope[k - 1] / k as f64;
    }
    c
}

/// Coefficient k of the product of two series.
#[inline]
pub(crate) fn product_term(a: &Derivatives, b: &Derivatives, k: usize) -> f64 {
    (0..=k).map(|j| a[j] * b[k - j]).sum()
}

/// (q0 + q1 t + q2 t^2)^power, whose value `p0` = q0^power the caller knows better.
///
/// From q p' = power q' p: n q0 p_n = sum_{j=1,2} (power j - (n - j)) q_j p_{n-j}.
#[inline]
pub(crate) fn quadratic_power(q: [f64; 3], power: f64, p0: f64, order: usize) -> Derivatives {
    let mut p = ZERO;
    p[0] = p0;
    for n in 1..=order {
        let mut sum = (power - (n as f64 - 1.0)) * q[1] * p[n - 1];
        if n >= 2 {
            sum += (2.0 * power - (n as f64 - 2.0)) * q[2] * p[n - 2];
        }
        p[n] = sum / (n as f64 * q[0]);
    }
    p
}

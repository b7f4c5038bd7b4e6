//! The regularized incomplete beta function by series.

use crate::scalar::Scalar;
use core::ops::Mul;

/// G - 1 with G = a Σ_{n>=0} (1-b)_n x^n / (n! (a+n)) = K a y^b (DLMF 8.17.7).
///
/// How many terms are summed does not depend on the scalar type: a majorant tells, in which the factor n - b that may
/// vanish is at least 1/2, as it is missing from the derivatives in b.
pub(crate) fn short<S: Scalar + Mul<X, Output = S>, X: Scalar>(a: S, b: S, x: X) -> S {
    let (re, b_re) = (x.re(), b.re());
    let mut u = S::from(1.0);
    let mut sum = S::from(0.0);
    let (mut majorant, mut n) = (1.0, 0.0);
    let mut last = f64::INFINITY;
    while n < last {
        n += 1.0;
        u = u * (-b + n) * (x * (1.0 / n));
        sum += u * (a + n).recip();
        majorant *= (n - b_re).abs().max(0.5) * re / n;
        // a majorant that is no number ends it too
        if last == f64::INFINITY && (majorant <= 1e-17 * re * (1.0 - re) || majorant.is_nan()) {
            last = if S::ORDER == 0 { n } else { n * 1.25 + 4.0 };
        }
    }
    sum * a
}

/// N = a K = Σ_{n>=0} (a+b)_n / (a+1)_n x^n (DLMF 8.17.8).
pub(super) fn positive<S: Scalar + Mul<X, Output = S>, X: Scalar>(a: S, b: S, x: X) -> S {
    let b1 = b - 1.0;
    // the first factor may be next to 0, and is then exact this way
    let first = if b.re() < 0.5 { (a + b) * (a + 1.0).recip() } else { b1 * (a + 1.0).recip() + 1.0 };
    let mut t = first * x;
    let floor = 1e-18 * t.re().min(1.0);
    let mut sum = t;
    let mut n = 1.0;
    let mut last = f64::INFINITY;
    while n < last {
        n += 1.0;
        let ratio = b1 * (a + n).recip() + 1.0;
        t *= ratio * x;
        sum += t;
        let q = ratio.re() * x.re();
        if last == f64::INFINITY && q < 1.0 && t.re() <= 1e-17 * (1.0 - q) * sum.re() && t.re() <= floor {
            last = if S::ORDER == 0 { n } else { n * 1.25 + 4.0 };
        }
    }
    sum + 1.0
}

//! ln(1 + x) - x.

use crate::scalar::Scalar;
use crate::scalar::math;
use crate::scalar::taylor::ZERO;

/// ln(1 + x) - x for x >= -1, without cancellation near 0, where it is -x²/2 + x³/3 - ...; NaN below -1.
///
/// With x = r - 1 it is ln r + 1 - r, the term that most Kullback-Leibler divergences are made of.
///
/// ```
/// use reparam::special::ln_1p_minus;
/// // -x²/2 + x³/3
/// assert!((ln_1p_minus(1e-10) / -4.999999999666667e-21 - 1.0).abs() < 4e-16);
/// ```
///
/// Computed in the middle from 2 atanh(r) - x with r = x/(2 + x), as r (Σ 2 r^(2k)/(2k+1) - x). Derivatives: -x/(1 + x), then
/// those of the logarithm.
pub fn ln_1p_minus<S: Scalar>(x: S) -> S {
    let re = x.re();
    let mut d = ZERO;
    d[0] = value(re);
    if S::ORDER > 0 {
        let r = 1.0 / (1.0 + re);
        d[1] = if re == f64::INFINITY { -1.0 } else { -re * r };
        let mut logarithm = r;
        for (k, d) in d.iter_mut().enumerate().take(S::ORDER + 1).skip(2) {
            logarithm *= -r * (k as f64 - 1.0);
            *d = logarithm;
        }
    }
    x.lift(&d)
}

fn value(x: f64) -> f64 {
    if x == f64::INFINITY {
        return f64::NEG_INFINITY;
    }
    if !(-0.4..=0.6).contains(&x) {
        return math::ln_1p(x) - x;
    }
    let r = x / (2.0 + x);
    let y = r * r;
    let (mut power, mut sum, mut k) = (y, 0.0, 3.0);
    while power > 1e-18 * y {
        sum += 2.0 * power / k;
        power *= y;
        k += 2.0;
    }
    r * (sum - x)
}

//! e^x - 1 - x.

use super::ln_1p_minus;
use crate::scalar::Scalar;
use crate::scalar::math;
use crate::scalar::taylor::ZERO;

/// e^x - 1 - x, without cancellation near 0, where it is x²/2 + x³/6 + ...
///
/// ```
/// use reparam::special::exp_m1_minus;
/// assert_eq!(exp_m1_minus(1e-10), 0.5e-20 + 1e-30 / 6.0);
/// ```
///
/// Computed near 0 as w - ln(1 + w) with w = e^x - 1. Derivatives: e^x - 1, then e^x.
pub fn exp_m1_minus<S: Scalar>(x: S) -> S {
    let re = x.re();
    let mut d = ZERO;
    d[0] = if re == f64::INFINITY {
        re
    } else if re.abs() < 0.5 {
        -ln_1p_minus(math::exp_m1(re))
    } else {
        math::exp_m1(re) - re
    };
    if S::ORDER > 0 {
        d[1] = math::exp_m1(re);
        d[2..=S::ORDER.max(1)].fill(math::exp(re));
    }
    x.lift(&d)
}

//! ln(2 cosh x).

use crate::scalar::Scalar;
use crate::scalar::math;
use crate::scalar::taylor::{self, ZERO};

/// ln(2 cosh x) = ln(e^x + e^-x), without overflow; -ln of it is the shape of the logistic and the hyperbolic secant law.
///
/// ```
/// use reparam::special::ln_2_cosh;
/// assert_eq!(ln_2_cosh(0.0), core::f64::consts::LN_2);
/// assert_eq!(ln_2_cosh(-1e300), 1e300);
/// ```
///
/// Computed as |x| + ln(1 + e^(-2|x|)). Derivatives: t = tanh x and those that follow from t' = s, s' = -2 t s, s = 1/cosh² x,
/// so that the slope keeps its digits near 0.
pub fn ln_2_cosh<S: Scalar>(x: S) -> S {
    let re = x.re();
    let value = re.abs() + math::ln_1p(math::exp(-2.0 * re.abs()));
    if S::ORDER == 0 {
        return S::from(value);
    }
    let (mut t, mut s) = (ZERO, ZERO);
    t[0] = math::tanh(re);
    if S::ORDER > 1 {
        let sech = 1.0 / math::cosh(re);
        s[0] = sech * sech;
    }
    for k in 1..S::ORDER {
        t[k] = s[k - 1] / k as f64;
        s[k] = -2.0 * taylor::product_term(&t, &s, k - 1) / k as f64;
    }
    let mut c = taylor::integrate(&t, value, S::ORDER);
    taylor::to_derivatives(&mut c, S::ORDER);
    x.lift(&c)
}

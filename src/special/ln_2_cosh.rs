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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Jet;

    #[test]
    fn matches_mpmath_to_the_third_derivative() {
        let table = [
            (-20.0, [20.0, -1.0, 1.6993417021166355e-17, 3.398683404233271e-17]),
            (-0.75, [0.9514132779827524, -0.6351489523872873, 0.5965858082813315, 0.7578417022780214]),
            (9.313225746154785e-10, [core::f64::consts::LN_2, 9.313225746154785e-10, 1.0, -1.862645149230957e-09]),
            (1.5, [1.548587351573742, 0.9051482536448664, 0.18070663892364852, -0.32713259728754784]),
            (40.0, [40.0, 1.0, 7.219405551381661e-35, -1.4438811102763322e-34]),
        ];
        for (x, want) in table {
            let [x] = Jet::variables(Jet::second_order([x]));
            let y = ln_2_cosh(x);
            for (got, want) in
                [y.re.re.re, y.eps[0].re.re, y.eps[0].eps[0].re, y.eps[0].eps[0].eps[0]].into_iter().zip(want)
            {
                assert!((got / want - 1.0).abs() < 2e-15, "{x:?}: {got} and {want}");
            }
        }
    }
}

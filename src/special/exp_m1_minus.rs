//! e^x - 1 - x.

use super::ln_1p_minus;
use crate::scalar::Scalar;
use crate::scalar::math;
use crate::scalar::taylor::ZERO;

/// e^x - 1 - x, without cancellation near 0, where it is x²/2 + x³/6 + ...
///
/// ```
/// use reparam::special::exp_m1_minus;
/// assert!((exp_m1_minus(1e-10) / (0.5e-20 + 1e-30 / 6.0) - 1.0).abs() < 1e-15);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Jet;

    #[test]
    fn matches_mpmath() {
        let table = [
            (-50.0, 49.0),
            (-0.625, 0.16026142851899025),
            (-0.375, 0.0622892787909722),
            (-0.001, 4.998333749916681e-07),
            (1e-05, 5.000016666708334e-11),
            (0.25, 0.034025416687741485),
            (0.5, 0.14872127070012814),
            (3.0, 16.085536923187668),
        ];
        for (x, want) in table {
            let got = exp_m1_minus(x);
            assert!((got / want - 1.0).abs() < 1e-15, "{x}: {got} and {want}");
        }
        assert_eq!((exp_m1_minus(f64::INFINITY), exp_m1_minus(f64::NEG_INFINITY)), (f64::INFINITY, f64::INFINITY));
    }

    #[test]
    fn derivatives() {
        let [x] = Jet::second_order([1e-10]);
        let (_, slope, curvature) = exp_m1_minus(x).hessian();
        assert_eq!((slope, curvature), ([math::exp_m1(1e-10)], [[math::exp(1e-10)]]));
    }
}

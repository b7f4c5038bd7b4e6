//! (ln Γ(1 + x) + γ x)/x².

use crate::scalar::Scalar;
use crate::special::ln_gamma_1p;
use core::f64::consts::EULER_GAMMA;

/// ζ(n)/n for n = 2 to 21: `for n in range(2, 22): print(mpmath.zeta(n)/n)`.
const ZETA_OVER_N: [f64; 20] = [
    0.8224670334241132,
    0.40068563438653143,
    0.27058080842778454,
    0.20738555102867398,
    0.1695571769974082,
    0.1440498967688461,
    0.12550966952474304,
    0.11133426586956469,
    0.1000994575127818,
    0.09095401714582904,
    0.083353840546109,
    0.0769325164113522,
    0.07143294629536133,
    0.06666870588242046,
    0.06250095514121304,
    0.058823978658684585,
    0.055555767627403614,
    0.05263167937961666,
    0.05000004769810169,
    0.047619070330142226,
];

/// (ln Γ(1 + x) + γ x)/x², smooth through 0, where it is π²/12: what differences of ln Γ near 1 are made of (DLMF 5.7.3).
///
/// Relative error to 2e-15 on both sides of |x| = 1/8, where the series hands over to the logarithm.
pub(crate) fn ln_gamma_curvature<S: Scalar>(x: S) -> S {
    if x.re().abs() <= 0.125 {
        ZETA_OVER_N.iter().rev().fold(S::from(0.0), |sum, c| -x * sum + *c)
    } else {
        (ln_gamma_1p(x).over(x) + EULER_GAMMA).over(x)
    }
}

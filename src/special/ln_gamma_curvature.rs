//! (ln Γ(1 + x) + γ x)/x².

use super::ln_gamma_1p;
use crate::scalar::Scalar;

/// Euler's constant γ.
pub(crate) const EULER_GAMMA: f64 = 0.5772156649015329;

/// ζ(n)/n for n = 2 to 21: `for n in range(2, 22): print(mpmath.zeta(n)/n)`.
const ZETA_OVER_N: [f64; 20] = [
    0.82246703342411322,
    0.40068563438653143,
    0.27058080842778455,
    0.20738555102867399,
    0.16955717699740819,
    0.14404989676884612,
    0.12550966952474304,
    0.11133426586956469,
    0.10009945751278181,
    0.090954017145829042,
    0.083353840546109004,
    0.076932516411352191,
    0.071432946295361336,
    0.066668705882420468,
    0.062500955141213041,
    0.058823978658684582,
    0.055555767627403611,
    0.052631679379616661,
    0.050000047698101694,
    0.047619070330142228,
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

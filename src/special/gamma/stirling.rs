//! Stirling's series of ln Γ.

use crate::scalar::Scalar;

/// From here on a is large: the mean has its own expansions, and ln Γ is Stirling's.
pub(crate) const LARGE: f64 = 16.0;

/// ln Γ(1 + a) - (a ln a - a + ln(2πa)/2) for a >= 16: Σ B_2j / (2j (2j - 1) a^(2j-1)) (DLMF 5.11.1).
#[inline]
pub(crate) fn stirling<S: Scalar>(a: S) -> S {
    const C: [f64; 7] =
        [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360360.0, 1.0 / 156.0];
    let r = a.recip();
    let square = r * r;
    r * C.iter().rev().fold(S::from(0.0), |sum, c| sum * square + *c)
}

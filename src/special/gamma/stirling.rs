//! Stirling's series of ln Γ.

use super::digamma_taylor::SERIES;
use crate::scalar::Scalar;

/// From here on ln Γ is Stirling's, and what is made of it has its own expansions.
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

/// From here on ten terms of Stirling's series give all digits.
pub(in crate::special) const STIRLING_FROM: f64 = 10.0;

/// The coefficients B_2j / (2j (2j - 1)) of Stirling's series.
const STIRLING: [f64; 10] = {
    let mut c = [0.0; 10];
    let mut j = 0;
    while j < c.len() {
        c[j] = SERIES[0][j] / (2 * j + 1) as f64;
        j += 1;
    }
    c
};

/// ln Γ(x) - [(x - 1/2) ln x - x + ln(2π)/2] for x >= 10 (DLMF 5.11.1).
#[inline]
pub(in crate::special) fn stirling_remainder(x: f64) -> f64 {
    let r = 1.0 / x;
    let r2 = r * r;
    STIRLING.iter().rev().fold(0.0, |sum, c| sum * r2 + c) * r
}

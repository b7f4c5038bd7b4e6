//! The entropy of the logarithm of a gamma variable.

use crate::scalar::Scalar;
use crate::special::gamma::stirling::{LARGE, stirling};
use crate::special::{digamma, ln_gamma_1p};
use core::f64::consts::PI;

/// The entropy of the logarithm of a gamma variable of shape a: a + ln Γ(a) - a ψ(a).
pub(crate) fn entropy_of_ln_gamma<S: Scalar>(a: S) -> S {
    if a.re() < LARGE {
        // with Γ(1 + a) and ψ(1 + a), which have no poles to cancel
        return a - a * digamma(a + 1.0) + ln_gamma_1p(a) - a.ln() + 1.0;
    }
    // the same by the series of ψ and ln Γ: (ln(2π/a) + 1)/2 + ..., in which a ln a has dropped out
    let r = a.recip();
    ((r * (2.0 * PI)).ln() + 1.0) * 0.5 + stirling(a) + a * psi_rest(r)
}

/// ln a - 1/(2a) - ψ(a) = Σ B_2j / (2j a^2j) for 1/a <= 1/16 (DLMF 5.11.2).
fn psi_rest<S: Scalar>(r: S) -> S {
    const C: [f64; 7] =
        [1.0 / 12.0, -1.0 / 120.0, 1.0 / 252.0, -1.0 / 240.0, 1.0 / 132.0, -691.0 / 32760.0, 1.0 / 12.0];
    let square = r * r;
    square * C.iter().rev().fold(S::from(0.0), |sum, c| sum * square + *c)
}

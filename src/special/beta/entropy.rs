//! Entropies that are made of beta functions.

use super::ln_beta;
use crate::scalar::Scalar;
use crate::special::gamma::half_step::{SERIES, SERIES_FROM};
use crate::special::gamma::stirling::LARGE;
use crate::special::{digamma_difference, entropy_of_ln_gamma};

/// The entropy of the logit of a beta variable: ln B(a, b) + a (ψ(a + b) - ψ(a)) + b (ψ(a + b) - ψ(b)).
pub(crate) fn entropy_of_logit_beta<S: Scalar>(a: S, b: S) -> S {
    if a.re().min(b.re()) >= LARGE {
        // of the logarithms of the gamma variables, in which no large logarithms cancel
        return entropy_of_ln_gamma(a) + entropy_of_ln_gamma(b) - entropy_of_ln_gamma(a + b);
    }
    ln_beta(a, b) + a * digamma_difference(a, b) + b * digamma_difference(b, a)
}

/// The entropy of Student's t law with 2 x degrees of freedom: (x + 1/2) (ψ(x + 1/2) - ψ(x)) + ln(2x)/2 + ln B(x, 1/2); by the series for large x without
/// what cancels, (1 + ln 2π)/2 + 1/(4x) - Σ c_k (k x^(1-2k) + (2k - 1)/4 x^(-2k)).
pub(crate) fn entropy_of_student_t<S: Scalar>(x: S) -> S {
    if x.re() < SERIES_FROM {
        let half = S::from(0.5);
        return (x + 0.5) * digamma_difference(x, half) + (x * 2.0).ln() * 0.5 + ln_beta(x, half);
    }
    let u = x.recip();
    let square = u * u;
    let sum = SERIES.iter().enumerate().rev().fold(S::from(0.0), |sum, (i, c)| {
        let k = i as f64 + 1.0;
        sum * square - (u * ((2.0 * k - 1.0) * 0.25) + k) * *c
    });
    sum * u + u * 0.25 + 1.4189385332046727
}

//! Alternating series.

use crate::scalar::Scalar;

/// Σ (-1)^k a(k) over k = 0, 1, ... where a(k) are moments of a positive measure on [0, 1], or such moments times a polynomial
/// in k: Algorithm 1 of Cohen, Rodriguez Villegas & Zagier 2000, "Convergence acceleration of alternating series".
///
/// The error is a(0) times 5.8^-n, n = 26 terms; rounding adds a few units of 1e-16.
pub(crate) fn alternating_sum<S: Scalar>(a: impl Fn(f64) -> S) -> S {
    const N: f64 = 26.0;
    // ((3 + sqrt 8)^26 + (3 + sqrt 8)^-26)/2, an integer below the rounding of doubles (mpmath)
    const D: f64 = 40114893348711941777.0;
    let (mut b, mut c) = (-1.0, -D);
    let mut sum = S::from(0.0);
    let mut k = 0.0;
    while k < N {
        c = b - c;
        sum += a(k) * c;
        b *= (k + N) * (k - N) / ((k + 0.5) * (k + 1.0));
        k += 1.0;
    }
    sum / D
}

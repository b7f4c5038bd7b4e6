//! Functions of a whole slice of scalars.

use super::Scalar;

/// ln Σ e^(x_i), without overflow; -inf for an empty slice.
///
/// ```
/// use reparam::scalar::{Jet, log_sum_exp};
/// let y = log_sum_exp(&Jet::variables([1000.0, 1000.0]));
/// assert_eq!(y.re, 1000.0 + 2f64.ln());
/// assert_eq!(y.eps, [0.5, 0.5]);
/// ```
pub fn log_sum_exp<S: Scalar>(x: &[S]) -> S {
    let largest = largest(x);
    if largest.is_infinite() {
        return S::from(largest);
    }
    x.iter().fold(S::from(0.0), |sum, &x| sum + (x - largest).exp()).ln() + largest
}

/// e^(x_i) / Σ e^(x_j), written over `x`, without overflow. An entry of -inf gets 0.
///
/// If every entry is -inf, or one is +inf, the result is NaN: there is no such distribution.
///
/// ```
/// use reparam::scalar::{Jet, softmax};
/// let mut p = Jet::variables([1000.0, 1000.0]);
/// softmax(&mut p);
/// assert_eq!(p[0], Jet { re: 0.5, eps: [0.25, -0.25] });
/// ```
pub fn softmax<S: Scalar>(x: &mut [S]) {
    let largest = largest(x);
    let mut sum = S::from(0.0);
    for x in x.iter_mut() {
        *x = (*x - largest).exp();
        sum += *x;
    }
    for x in x.iter_mut() {
        *x = x.over(sum);
    }
}

/// The largest real part; NaN if there is one.
fn largest<S: Scalar>(x: &[S]) -> f64 {
    x.iter().fold(f64::NEG_INFINITY, |m, x| if x.re() > m || x.re().is_nan() { x.re() } else { m })
}

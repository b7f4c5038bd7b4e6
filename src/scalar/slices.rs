//! Functions of a whole slice of scalars.

use super::Scalar;

/// ln Σ e^(x_i), without overflow; -inf for an empty slice.
///
/// ```
/// use reparam::scalar::{Jet, ln_sum_exp};
/// let y = ln_sum_exp(&Jet::variables([1000.0, 1000.0]));
/// assert_eq!(y.re, 1000.0 + 2f64.ln());
/// assert_eq!(y.eps, [0.5, 0.5]);
/// ```
pub fn ln_sum_exp<S: Scalar>(x: &[S]) -> S {
    let Some(m) = largest(x) else { return S::from(f64::NEG_INFINITY) };
    if x[m].re().is_infinite() {
        return S::from(x[m].re());
    }
    // relative to the largest with its derivatives, which would cancel otherwise
    let rest = x.iter().enumerate().filter(|&(i, _)| i != m);
    rest.fold(S::from(0.0), |sum, (_, &x_i)| sum + (x_i - x[m]).exp()).ln_1p() + x[m]
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
    let Some(m) = largest(x) else { return };
    let top = x[m];
    if top.re().is_infinite() {
        return x.fill(S::from(f64::NAN));
    }
    let mut sum = S::from(1.0);
    for (i, x) in x.iter_mut().enumerate() {
        if i == m {
            *x = S::from(1.0);
        } else {
            *x = (*x - top).exp();
            sum += *x;
        }
    }
    for x in x.iter_mut() {
        *x = x.over(sum);
    }
}

/// x_i - ln Σ e^(x_j), the logarithm of [`softmax`], written over `x`: no entry underflows. An entry of -inf stays one.
///
/// If every entry is -inf, or one is +inf, the result is NaN: there is no such distribution.
///
/// ```
/// use reparam::scalar::{Jet, ln_softmax};
/// let mut y = Jet::variables([1000.0, -1000.0]);
/// ln_softmax(&mut y);
/// assert_eq!(y[1], Jet { re: -2000.0, eps: [-1.0, 1.0] });
/// assert_eq!(y[0].re, 0.0); // to be exact, -e^-2000
/// ```
pub fn ln_softmax<S: Scalar>(x: &mut [S]) {
    let Some(m) = largest(x) else { return };
    let top = x[m];
    if top.re().is_infinite() {
        return x.fill(S::from(f64::NAN));
    }
    let mut rest = S::from(0.0);
    for (i, x) in x.iter_mut().enumerate() {
        // the largest is 0 exactly, with no derivatives that would cancel
        *x = if i == m { S::from(0.0) } else { *x - top };
        if i != m {
            rest += x.exp();
        }
    }
    let ln_sum = rest.ln_1p();
    for x in x.iter_mut() {
        *x -= ln_sum;
    }
}

/// The index of the first largest real part, or of a NaN; `None` for an empty slice.
fn largest<S: Scalar>(x: &[S]) -> Option<usize> {
    (0..x.len()).reduce(|m, i| if x[i].re() > x[m].re() || x[i].re().is_nan() { i } else { m })
}

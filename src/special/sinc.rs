//! sin(y)/y.

use crate::scalar::Scalar;

/// Coefficients of sin(y)/y in y², (-1)^n/(2n + 1)!.
const SINC: [f64; 14] = {
    let mut c = [1.0; 14];
    let mut n = 1;
    while n < c.len() {
        c[n] = -c[n - 1] / ((2 * n) as f64 * (2 * n + 1) as f64);
        n += 1;
    }
    c
};

/// sin(y)/y, smooth at 0, for |y| <= π.
pub(crate) fn sinc<S: Scalar>(y: S) -> S {
    if y.re().abs() > 1.6 {
        return y.sin().over(y);
    }
    let square = y * y;
    SINC.iter().rev().fold(S::from(0.0), |sum, c| sum * square + *c)
}

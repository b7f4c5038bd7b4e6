//! The regularized incomplete beta function by its continued fraction.

use super::point::Point;
use crate::scalar::Scalar;

/// K as the even part of the continued fraction of DLMF 8.17.22, by forward recurrence; `times` multiplies by an expression of
/// the point and `of` makes a number of one.
pub(in crate::special) fn fraction<S: Scalar, X: Scalar>(
    a: S,
    b: S,
    at: Point<X>,
    times: impl Fn(S, X) -> S,
    of: impl Fn(X) -> S,
) -> S {
    let x = at.x;
    let base = times(a, at.y) - times(b, x) + 1.0;
    let x2 = x * x;
    let two_less_x = -x + 2.0;
    let s = a + b;
    let mut before = (a + 1.0).recip();
    // products of large shapes are taken in another order, so that they are doubles
    let is_large = s.re() > LARGE;
    let first = if is_large { a * before * base } else { a * base * before };
    let (mut b1, mut b0) = (first, S::from(1.0));
    let (mut a1, mut a0) = (S::from(1.0), S::from(0.0));
    for m in 1..=depth(a.re(), b.re(), at.re()) {
        let m = m as f64;
        let after = (a + (2.0 * m + 1.0)).recip();
        let bm = (b - m) * m;
        let (an, sn, rest) = (a + (m - 1.0), s + (m - 1.0), base + of(two_less_x * m));
        let (alpha, beta) = if is_large {
            let (relative, bx) = (an * before, times(bm * before, x));
            (relative * (times(sn, x) * bx), bx + (a + m) * after * rest + m)
        } else {
            (times(an * sn * bm * (before * before), x2), times(bm * before, x) + (a + m) * rest * after + m)
        };
        if is_large {
            // in units of the last denominator
            let unit = 1.0 / b1.re();
            (a0, a1, b0, b1) = (a0 * unit, a1 * unit, b0 * unit, b1 * unit);
        }
        (b1, b0) = (beta * b1 + alpha * b0, b1);
        (a1, a0) = (beta * a1 + alpha * a0, a1);
        before = after;
        if !is_large && b1.re().abs() > 1e100 {
            (a0, a1, b0, b1) = (a0 * 1e-100, a1 * 1e-100, b0 * 1e-100, b1 * 1e-100);
        }
    }
    a1.over(b1)
}

/// The sum of shapes from which on products of three of them may overflow.
const LARGE: f64 = 1e90;

/// How many steps the continued fraction takes: measured, with a margin for second derivatives.
fn depth(a: f64, b: f64, at: Point<f64>) -> usize {
    let z = (a + 0.5 * b) * at.y - b * (1.0 - 0.5 * at.y) + 1.0;
    (120.0 / z.max(1.0) + 10.0 + 0.35 * b.min(40.0)).clamp(12.0, 130.0) as usize
}

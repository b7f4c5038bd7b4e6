//! Either tail of the beta law, or its logarithm, at a point that moves.

use super::point::Point;
use super::tail::tail;
use crate::quadrature::moved;
use crate::scalar::Scalar;
use crate::special::ln_beta;
use core::f64::consts::LN_2;

/// I_x(a, b), or 1 - I_x(a, b) of the upper tail.
pub(crate) fn probability<S: Scalar>(a: S, b: S, at: Point<S>, upper: bool) -> S {
    if !moves_by_density(a, b, &at) {
        return tail(a, b, at).of(upper);
    }
    let value = tail(a.re(), b.re(), at.re()).of(upper);
    by_density(a, b, at, upper).with_re(value)
}

/// Its logarithm.
pub(crate) fn ln_probability<S: Scalar>(a: S, b: S, at: Point<S>, upper: bool) -> S {
    if !moves_by_density(a, b, &at) {
        return tail(a, b, at).ln_of(upper);
    }
    let ln = tail(a.re(), b.re(), at.re()).ln_of(upper);
    // further out the powers are a part of the logarithm
    if ln > -LN_2 { by_density(a, b, at, upper).ln().with_re(ln) } else { tail(a, b, at).ln_of(upper) }
}

/// Whether second derivatives in x, which x^a rounds to those of x^a times (1/x)² where a - 1 is small or 0, are those of the
/// density, and so at the other end. Below a = 1/2 they are of the order of x^a/x², and in logit x, where a is the power,
/// they would be lost instead; large shapes have no such terms.
fn moves_by_density<S: Scalar>(a: S, b: S, at: &Point<S>) -> bool {
    let (nearer, shape) = if at.x.re() <= 0.5 { (at.x, a) } else { (at.y, b) };
    let moves = S::ORDER > 1 && nearer.with_re(0.0).max_abs() != 0.0;
    moves && (0.5..16.0).contains(&shape.re()) && nearer.re() >= f64::MIN_POSITIVE
}

/// A tail whose slope is the density x^(a-1) y^(b-1)/B(a, b), from the nearer end.
fn by_density<S: Scalar>(a: S, b: S, at: Point<S>, upper: bool) -> S {
    let (swap, a, b, at) = if at.x.re() <= 0.5 { (false, a, b, at) } else { (true, b, a, at.flip()) };
    let re = at.re();
    let fixed = Point { x: S::from(re.x), y: S::from(re.y), ln_x: S::from(re.ln_x), ln_y: S::from(re.ln_y) };
    let ln_beta = ln_beta(a, b);
    moved(tail(a, b, fixed).of(upper != swap), at.x, |x| {
        let density = ((a - 1.0) * x.ln() + (b - 1.0) * (-x).ln_1p() - ln_beta).exp();
        if upper == swap { density } else { -density }
    })
}

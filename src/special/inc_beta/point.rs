//! A point of the unit interval, seen from both ends.

use crate::scalar::Scalar;

/// A point of (0, 1) seen from both ends: x and y = 1 - x with their logarithms, none formed from another by subtraction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point<X> {
    pub x: X,
    pub y: X,
    pub ln_x: X,
    pub ln_y: X,
}

impl<X: Scalar> Point<X> {
    /// The point x; y and ln y follow exactly.
    #[inline]
    pub fn new(x: X) -> Self {
        Point { x, y: -x + 1.0, ln_x: x.ln(), ln_y: (-x).ln_1p() }
    }

    /// The point with this logit, which reaches beyond the range of doubles at both ends.
    #[inline]
    pub fn from_logit(theta: X) -> Self {
        Point { x: theta.sigmoid(), y: (-theta).sigmoid(), ln_x: -(-theta).softplus(), ln_y: -theta.softplus() }
    }

    /// The point 1 - x.
    #[inline]
    pub fn flip(self) -> Self {
        Point { x: self.y, y: self.x, ln_x: self.ln_y, ln_y: self.ln_x }
    }

    /// The value without derivatives.
    #[inline]
    pub fn re(self) -> Point<f64> {
        Point { x: self.x.re(), y: self.y.re(), ln_x: self.ln_x.re(), ln_y: self.ln_y.re() }
    }
}

impl Point<f64> {
    /// The same point, moving as its logit `theta` does.
    #[inline]
    pub fn along<X: Scalar>(self, theta: X) -> Point<X> {
        let moved = Point::from_logit(theta);
        Point {
            x: moved.x.with_re(self.x),
            y: moved.y.with_re(self.y),
            ln_x: moved.ln_x.with_re(self.ln_x),
            ln_y: moved.ln_y.with_re(self.ln_y),
        }
    }
}

/// (a + b) x - a = (a + b)(x - p) with the rounding of a + b made good, from the nearer end.
#[inline]
pub(in crate::special) fn excess(a: f64, b: f64, at: Point<f64>) -> f64 {
    let s = a + b;
    let part = s - a;
    let rest = (a - (s - part)) + (b - part);
    if at.x <= 0.5 { libm::fma(at.x, s, -a) + at.x * rest } else { -(libm::fma(at.y, s, -b) + at.y * rest) }
}

//! The hull of a concave function: tangents above it, chords below it, in storage of fixed size.

use super::RejectionError;
use crate::scalar::math;

/// The largest number of tangents.
const TANGENTS: usize = 32;

/// A point of the function with its slope.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tangent {
    pub x: f64,
    pub value: f64,
    pub slope: f64,
}

impl Tangent {
    fn at(&self, x: f64) -> f64 {
        self.value + self.slope * (x - self.x)
    }
}

/// The exponential of a piecewise linear function above a log-concave density.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hull {
    low: f64,
    high: f64,
    count: usize,
    tangents: [Tangent; TANGENTS],
    /// Tangent i is the lowest between `joints[i]` and `joints[i + 1]`.
    joints: [f64; TANGENTS + 1],
    /// Areas under the first tangents, summed, in units of e^`top`.
    areas: [f64; TANGENTS],
    top: f64,
}

impl Hull {
    /// A hull on [low, high], either of which may be infinite. The slope at `first` must be positive where `low` is
    /// infinite, and that at `last` negative where `high` is.
    pub fn new(low: f64, high: f64, first: Tangent, last: Tangent) -> Result<Self, RejectionError> {
        let mut hull = Hull {
            low,
            high,
            count: 1,
            tangents: [first; TANGENTS],
            joints: [low; TANGENTS + 1],
            areas: [0.0; TANGENTS],
            top: first.value,
        };
        hull.rebuild();
        if last.x != first.x {
            hull.insert(last)?;
        }
        Ok(hull)
    }

    /// Adds a tangent, so long as there is room.
    pub fn insert(&mut self, new: Tangent) -> Result<(), RejectionError> {
        let n = self.count;
        let place = self.tangents[..n].partition_point(|t| t.x < new.x);
        if n == TANGENTS || (place < n && self.tangents[place].x == new.x) {
            return Ok(());
        }
        // concave: slopes fall, and no point is above a neighbour's tangent, but for rounding
        let bent = |left: &Tangent, right: &Tangent| {
            let size =
                left.value.abs().max(right.value.abs()) + left.slope.abs().max(right.slope.abs()) * (right.x - left.x);
            let rounding = 1e-9 * size + 1e-12;
            left.at(right.x) < right.value - rounding || right.at(left.x) < left.value - rounding
        };
        let mut neighbours = self.tangents[place.saturating_sub(1)..n.min(place + 1)].iter();
        if neighbours.any(|t| if t.x < new.x { bent(t, &new) } else { bent(&new, t) }) {
            return Err(RejectionError::NotLogConcave { at: new.x });
        }
        self.tangents.copy_within(place..n, place + 1);
        self.tangents[place] = new;
        self.count += 1;
        self.rebuild();
        Ok(())
    }

    /// Joints and areas from the tangents.
    fn rebuild(&mut self) {
        let n = self.count;
        for i in 1..n {
            let (a, b) = (self.tangents[i - 1], self.tangents[i]);
            let (width, bend) = (b.x - a.x, a.slope - b.slope);
            let from_a = (b.value - a.value - b.slope * width) / bend;
            // where the slopes agree any point will do
            self.joints[i] = if from_a >= 0.0 && from_a <= width { a.x + from_a } else { a.x + 0.5 * width };
        }
        self.joints[0] = self.low;
        self.joints[n] = self.high;
        self.top = self.tangents[..n].iter().fold(f64::NEG_INFINITY, |top, t| top.max(t.value));
        for i in 0..n {
            // a tangent is highest at an end of its piece, unless it is level
            for end in [self.joints[i], self.joints[i + 1]] {
                if end.is_finite() {
                    self.top = self.top.max(self.tangents[i].at(end));
                }
            }
        }
        let mut sum = 0.0;
        for i in 0..n {
            sum += self.area(i);
            self.areas[i] = sum;
        }
    }

    /// The ends of a piece, its higher end first, and the slope from there on, at most 0 in the direction of the other end.
    fn descent(&self, i: usize) -> (f64, f64, f64) {
        let (left, right, slope) = (self.joints[i], self.joints[i + 1], self.tangents[i].slope);
        if slope > 0.0 { (right, left, -slope) } else { (left, right, slope) }
    }

    /// The area under a piece, in units of e^`top`.
    fn area(&self, i: usize) -> f64 {
        let (from, to, slope) = self.descent(i);
        let width = (to - from).abs();
        let height = math::exp(self.tangents[i].at(from) - self.top);
        if width == f64::INFINITY {
            return height / -slope;
        }
        let fall = slope * width;
        height * width * if fall > -1e-8 { 1.0 + 0.5 * fall } else { math::exp_m1(fall) / fall }
    }

    /// A point under the hull from two uniform numbers, and the piece that it is on.
    pub fn draw(&self, which: f64, within: f64) -> (f64, usize) {
        let n = self.count;
        let area = which * self.areas[n - 1];
        let i = self.areas[..n - 1].partition_point(|a| *a <= area);
        let (from, to, slope) = self.descent(i);
        let width = (to - from).abs();
        let distance = if width == f64::INFINITY {
            math::ln_1p(-within) / slope
        } else if slope * width > -1e-8 {
            within * width
        } else {
            math::ln_1p(within * math::exp_m1(slope * width)) / slope
        };
        let distance = distance.min(width);
        (if to > from { from + distance } else { from - distance }, i)
    }

    /// The hull over a point of piece i.
    pub fn above(&self, x: f64, i: usize) -> f64 {
        self.tangents[i].at(x)
    }

    /// The chord under a point of piece i; -inf outside of the points of tangency.
    pub fn below(&self, x: f64, i: usize) -> f64 {
        let right = if x < self.tangents[i].x { i } else { i + 1 };
        if right == 0 || right == self.count {
            return f64::NEG_INFINITY;
        }
        let (a, b) = (self.tangents[right - 1], self.tangents[right]);
        a.value + (b.value - a.value) * ((x - a.x) / (b.x - a.x))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parabola(x: f64) -> Tangent {
        Tangent { x, value: -0.5 * x * x, slope: -x }
    }

    /// Two tangents of -x²/2 at ±1 meet at 0 in height 1/2: area 2 e^(1/2) over the line, 2 (e^(1/2) - e^(-3/2)) over [-2, 2].
    #[test]
    fn areas_of_two_tangents() {
        let area = |low, high| {
            let hull = Hull::new(low, high, parabola(-1.0), parabola(1.0)).unwrap();
            assert_eq!(hull.joints[1], 0.0);
            hull.areas[1] * hull.top.exp()
        };
        assert!((area(f64::NEG_INFINITY, f64::INFINITY) - 2.0 * 0.5f64.exp()).abs() < 1e-14);
        assert!((area(-2.0, 2.0) - 2.0 * (0.5f64.exp() - (-1.5f64).exp())).abs() < 1e-14);
    }

    #[test]
    fn above_and_below() {
        let mut hull = Hull::new(-3.0, 3.0, parabola(-2.0), parabola(2.0)).unwrap();
        for k in 0..60 {
            hull.insert(parabola(2.0 * (f64::from(k) * 0.7).sin())).unwrap();
            for which in [0.01, 0.3, 0.5, 0.8, 0.99] {
                let (x, i) = hull.draw(which, 0.37);
                let f = parabola(x).value;
                assert!(hull.below(x, i) <= f + 1e-12 && f <= hull.above(x, i) + 1e-12, "{x}");
            }
        }
        assert_eq!(hull.count, TANGENTS);
        let convex = Tangent { x: 1.5, value: 5.0, slope: 0.0 };
        let mut hull = Hull::new(-3.0, 3.0, parabola(-2.0), parabola(2.0)).unwrap();
        assert_eq!(hull.insert(convex), Err(RejectionError::NotLogConcave { at: 1.5 }));
    }
}

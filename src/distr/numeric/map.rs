//! Maps from the line onto an interval, in whose variable densities fall off exponentially at least.

use crate::scalar::{Scalar, math};

/// x(y): an interval's points as images of the real line. What falls off like a power of the distance from an end, or from the
/// middle towards infinity, falls off exponentially in y.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Map {
    /// center + scale sinh y
    Line { center: f64, scale: f64 },
    /// low + e^y
    Above(f64),
    /// high - e^-y
    Below(f64),
    /// low + (high - low)/(1 + e^-y), from the nearer end
    Between(f64, f64),
}

impl Map {
    /// The map onto (low, high), each of which may be infinite.
    pub(super) fn onto(low: f64, high: f64) -> Map {
        match (low.is_finite(), high.is_finite()) {
            (true, true) => Map::Between(low, high),
            (true, false) => Map::Above(low),
            (false, true) => Map::Below(high),
            (false, false) => Map::Line { center: 0.0, scale: 1.0 },
        }
    }

    /// x(y), strictly inside the interval.
    pub(super) fn x<S: Scalar>(self, y: S) -> S {
        let inside = |x: S, low: f64, high: f64| {
            if low < x.re() && x.re() < high { x } else { x.with_re(x.re().max(low.next_up()).min(high.next_down())) }
        };
        match self {
            Map::Line { center, scale } => y.sinh() * scale + center,
            Map::Above(low) => inside(y.exp() + low, low, f64::INFINITY),
            Map::Below(high) => inside(-(-y).exp() + high, f64::NEG_INFINITY, high),
            Map::Between(low, high) if y.re() < 0.0 => inside(y.sigmoid() * (high - low) + low, low, high),
            Map::Between(low, high) => inside(-(-y).sigmoid() * (high - low) + high, low, high),
        }
    }

    /// What the rounding of x is in y.
    pub(super) fn rounding(self, y: f64) -> f64 {
        f64::EPSILON * self.x(y).abs() * math::exp(-self.ln_slope(y))
    }

    pub(super) fn y<S: Scalar>(self, x: S) -> S {
        match self {
            Map::Line { center, scale } => ((x - center) / scale).asinh(),
            Map::Above(low) => (x - low).ln(),
            Map::Below(high) => -(-x + high).ln(),
            Map::Between(low, high) => (x - low).ln() - (-x + high).ln(),
        }
    }

    /// ln dx/dy.
    pub(super) fn ln_slope<S: Scalar>(self, y: S) -> S {
        match self {
            // ln cosh y = |y| + ln(1 + e^-2|y|) - ln 2
            Map::Line { scale, .. } => {
                let a = if y.re() < 0.0 { -y } else { y };
                a + (a * -2.0).exp().ln_1p() + (math::ln(scale) - core::f64::consts::LN_2)
            }
            Map::Above(_) => y,
            Map::Below(_) => -y,
            Map::Between(low, high) => -(y.softplus() + (-y).softplus()) + math::ln(high - low),
        }
    }
}

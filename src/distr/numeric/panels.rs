//! Panels of a line on which the 16-point Gauss-Legendre rule integrates a positive function to nearly all digits.

use crate::quadrature::gauss_legendre;
use crate::scalar::{Scalar, math};

/// The most panels.
pub(super) const MOST: usize = 96;

/// How far the logarithm of a density is followed below its maximum: what is left out is below e^-80 = 2e-35.
const DEPTH: f64 = 80.0;

/// How far out on the line: 1e±299 in the interval.
const REACH: f64 = 690.0;

/// Why no panels were found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Failure {
    /// NaN or infinite where it must not be, or -inf everywhere: this value.
    Value(f64),
    /// It does not fall off: by no more than this.
    Tail(f64),
    /// Too many panels.
    Accuracy,
}

/// Edges of panels, and their errors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Panels {
    count: usize,
    edges: [f64; MOST + 1],
    /// The largest value of ln h.
    pub(super) top: f64,
    /// The sum of what the rule differs by from two of half the width, over the integral.
    pub(super) accuracy: f64,
}

/// The points at which a function is looked at: dense around 0, out to the reach.
fn grid() -> impl DoubleEndedIterator<Item = f64> {
    (-96..=96).map(|i| {
        let t = f64::from(i) / 96.0;
        REACH * t * t * t
    })
}

/// The highest point of ln h: the best of the grid, then the best between its neighbours.
pub(super) fn highest(ln_h: impl Fn(f64) -> f64) -> Result<f64, Failure> {
    let (mut best, mut top, mut around) = (0.0, f64::NEG_INFINITY, (0.0, 0.0));
    for (i, y) in grid().enumerate() {
        let value = ln_h(y);
        if value.is_nan() || value == f64::INFINITY {
            return Err(Failure::Value(value));
        }
        if value > top {
            let neighbour = |i: usize| grid().nth(i).unwrap_or(y);
            (best, top, around) = (y, value, (neighbour(i.saturating_sub(1)), neighbour(i + 1)));
        }
    }
    if top == f64::NEG_INFINITY {
        return Err(Failure::Value(top));
    }
    let (mut low, mut high) = around;
    for _ in 0..200 {
        let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        if ln_h(a) < ln_h(b) { low = a } else { high = b }
    }
    let between = 0.5 * low + 0.5 * high;
    Ok(if ln_h(between) >= top { between } else { best })
}

impl Panels {
    /// The panels of exp(ln h), to a relative 1e-13 in each or what rounding allows.
    ///
    /// `size` is the size of what ln h is computed from, `noise(a, b)` what the rounding of its argument does to it between a and b.
    pub(super) fn of(ln_h: impl Fn(f64) -> f64, size: f64, noise: impl Fn(f64, f64) -> f64) -> Result<Panels, Failure> {
        let mode = highest(&ln_h)?;
        let top = ln_h(mode);
        let is_low = |y: f64| ln_h(y) < top - DEPTH;
        let left = grid().find(|y| !is_low(*y)).unwrap_or(mode).min(mode);
        let right = grid().rev().find(|y| !is_low(*y)).unwrap_or(mode).max(mode);
        let outside = |inside: f64, direction: f64| {
            let mut step = 1e-9 * (1.0 + inside.abs());
            while !is_low(inside + direction * step) {
                step *= 2.0;
                if step > REACH {
                    return Err(Failure::Tail(top - ln_h(inside + direction * step)));
                }
            }
            Ok(inside + direction * step)
        };
        let (from, to) = (outside(left, -1.0)?, outside(right, 1.0)?);
        let mut panels = Panels { count: 0, edges: [from; MOST + 1], top, accuracy: 0.0 };
        let tolerance = 1e-13 + f64::EPSILON * (top.abs() + size);
        let h = |y: f64| math::exp(ln_h(y) - top);
        let (mut at, mut width, mut sum) = (from, (to - from) / 16.0, 0.0);
        for _ in 0..64 * MOST {
            let end = if at + 1.1 * width < to { at + width } else { to };
            let middle = 0.5 * at + 0.5 * end;
            let (whole, halves) = (integral(at, end, h), integral(at, middle, h) + integral(middle, end, h));
            let error = (whole - halves).abs();
            if error.is_nan() {
                return Err(Failure::Value(error));
            }
            let noise = noise(at, end).min(1e-3);
            // where a tail ends there are no digits to agree
            if error <= (tolerance + noise) * halves || halves <= 1e-40 * sum {
                if panels.count == MOST {
                    return Err(Failure::Accuracy);
                }
                panels.count += 1;
                panels.edges[panels.count..].fill(end);
                panels.accuracy += error;
                sum += whole;
                if end == to {
                    panels.accuracy /= sum;
                    return Ok(panels);
                }
                width = 2.0 * (end - at);
                at = end;
            } else {
                width = 0.5 * (end - at);
                if at + width == at {
                    return Err(Failure::Accuracy);
                }
            }
        }
        Err(Failure::Accuracy)
    }

    /// The panel in which y lies, and its edges; the outermost for what lies beyond.
    #[inline]
    pub(super) fn around(&self, y: f64) -> (usize, f64, f64) {
        let inner = &self.edges[1..self.count];
        self.panel(inner.partition_point(|edge| *edge <= y))
    }

    /// Panel i and its edges.
    #[inline]
    pub(super) fn panel(&self, i: usize) -> (usize, f64, f64) {
        (i, self.edges[i], self.edges[i + 1])
    }

    /// How many panels there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The ends of all.
    pub(super) fn ends(&self) -> (f64, f64) {
        (self.edges[0], self.edges[self.count])
    }
}

/// Integrals from either end to the edges of panels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cumulative<S> {
    pub(super) below: [S; MOST + 1],
    pub(super) above: [S; MOST + 1],
}

impl<S: Scalar> Cumulative<S> {
    pub(super) fn of(panels: &Panels, h: impl Fn(S) -> S) -> Self {
        let zero = [S::from(0.0); MOST + 1];
        let (mut below, mut above) = (zero, zero);
        for i in 0..panels.count {
            let (_, from, to) = panels.panel(i);
            below[i + 1] = integral(S::from(from), S::from(to), &h);
            above[i] = below[i + 1];
        }
        for i in 0..panels.count {
            let before = below[i];
            below[i + 1] += before;
        }
        for i in (0..panels.count).rev() {
            let after = above[i + 1];
            above[i] += after;
        }
        Cumulative { below, above }
    }
}

/// ∫ h dy over one panel or a part of it.
#[inline]
pub(super) fn integral<S: Scalar>(from: S, to: S, h: impl Fn(S) -> S) -> S {
    gauss_legendre::integrate(from, to, 1, h)
}

//! Running mean and variance of every component of a number that carries derivatives.

use crate::scalar::{Jet, Scalar, math};
use core::array;

/// A number seen as the vector of its components.
pub trait Components: Scalar {
    /// `f` of each pair of components.
    #[doc(hidden)]
    fn zip(self, other: Self, f: impl Fn(f64, f64) -> f64 + Copy) -> Self;

    /// Whether no component is infinite or NaN.
    #[doc(hidden)]
    fn all_finite(self) -> bool;
}

impl Components for f64 {
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f64, f64) -> f64 + Copy) -> Self {
        f(self, other)
    }
    #[inline(always)]
    fn all_finite(self) -> bool {
        self.is_finite()
    }
}

impl<T: Components, const N: usize> Components for Jet<T, N> {
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f64, f64) -> f64 + Copy) -> Self {
        Jet { re: self.re.zip(other.re, f), eps: array::from_fn(|i| self.eps[i].zip(other.eps[i], f)) }
    }
    #[inline(always)]
    fn all_finite(self) -> bool {
        self.re.all_finite() && self.eps.iter().all(|e| e.all_finite())
    }
}

/// Count, mean and sum of squared deviations, updated one number at a time (Welford 1962) or by another set of them
/// (Chan, Golub & LeVeque 1979): no sum of squares, so no cancellation.
#[derive(Clone, Copy)]
pub(super) struct Moments<S> {
    count: u64,
    mean: S,
    squares: S,
}

impl<S: Components> Moments<S> {
    pub fn new() -> Self {
        Moments { count: 0, mean: S::from(0.0), squares: S::from(0.0) }
    }

    #[inline]
    pub fn push(&mut self, x: S) {
        self.count += 1;
        let before = x - self.mean;
        self.mean += before * (1.0 / self.count as f64);
        self.squares += before.zip(x - self.mean, |a, b| a * b);
    }

    pub fn merge(&mut self, other: &Self) {
        let (a, b) = (self.count as f64, other.count as f64);
        let d = other.mean - self.mean;
        self.count += other.count;
        self.mean += d * (b / (a + b));
        self.squares += other.squares + d.zip(d, |x, y| x * y) * (a * b / (a + b));
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    pub fn mean(&self) -> S {
        self.mean
    }

    /// The standard error of each component of the mean.
    pub fn standard_error(&self) -> S {
        let n = self.count as f64;
        self.squares.zip(self.squares, |s, _| math::sqrt(s / (n - 1.0) / n))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // 1e9 + (4, 7, 13, 16): mean 1e9 + 10, variance 30; a sum of squares loses all of it
    #[test]
    fn no_cancellation() {
        let mut m = Moments::new();
        let x = [4.0, 7.0, 13.0, 16.0].map(|x| Jet { re: 1e9 + x, eps: [-x] });
        x.iter().for_each(|x| m.push(*x));
        assert_eq!((m.mean().re, m.mean().eps[0]), (1e9 + 10.0, -10.0));
        let se = m.standard_error();
        assert!((se.re - 7.5f64.sqrt()).abs() < 1e-14 && (se.eps[0] - 7.5f64.sqrt()).abs() < 1e-14);

        let (mut left, mut right) = (Moments::new(), Moments::new());
        left.push(x[0]);
        x[1..].iter().for_each(|x| right.push(*x));
        left.merge(&right);
        assert_eq!(left.count(), 4);
        assert!((left.standard_error().re - 7.5f64.sqrt()).abs() < 1e-14);
    }
}

//! Means and variances of every component of many results: sums over blocks, and moments that merge.

use super::components::Components;
use crate::program::Values;
use crate::scalar::math;

/// Sums over some samples, of differences to a number near them: no division a sample, and no cancellation.
///
/// `V` is how many numbers a sample has ([`Values`]), `S` what they are: `f64`, `Jet`.
///
/// ```
/// use reparam::estimate::{Block, Moments};
/// use reparam::scalar::Jet;
/// // 1e9 + (4, 7, 13, 16): mean 1e9 + 10, variance 30
/// let mut block = Block::<f64, f64>::new(1e9);
/// [4.0, 7.0, 13.0, 16.0].iter().for_each(|x| block.push(&(1e9 + x)));
/// let moments = block.moments();
/// assert_eq!((*moments.mean(), moments.count()), (1e9 + 10.0, 4));
/// assert!((moments.standard_error() - 7.5f64.sqrt()).abs() < 1e-14);
/// ```
#[derive(Debug)]
pub struct Block<V: Values, S: Components> {
    count: u64,
    shift: V::Of<S>,
    sum: V::Of<S>,
    squares: V::Of<S>,
    /// The smallest and the largest difference.
    low: V::Of<S>,
    high: V::Of<S>,
}

impl<V: Values, S: Components> Block<V, S> {
    /// Sums of nothing; what is summed will be near `shift`, its first sample say.
    #[inline(always)]
    pub fn new(shift: V::Of<S>) -> Self {
        let zero = V::map(&shift, |_| S::from(0.0));
        Block { count: 0, shift, sum: zero.clone(), squares: zero.clone(), low: zero.clone(), high: zero }
    }

    /// Adds a sample; it has as many numbers as the first.
    #[inline(always)]
    pub fn push(&mut self, x: &V::Of<S>) {
        self.count += 1;
        let shift = V::slice(&self.shift);
        let (sum, squares) = (V::slice_mut(&mut self.sum), V::slice_mut(&mut self.squares));
        let (low, high) = (V::slice_mut(&mut self.low), V::slice_mut(&mut self.high));
        for (k, x) in V::slice(x).iter().enumerate() {
            let d: S = x.zip(shift[k], |a, b| a - b);
            sum[k] = sum[k].zip(d, |a, b| a + b);
            squares[k] = squares[k].zip(d, |a, b| a + b * b);
            low[k] = low[k].zip(d, |a, b| if b < a { b } else { a });
            high[k] = high[k].zip(d, |a, b| if b > a { b } else { a });
        }
    }

    /// The number of results of a sample.
    #[inline(always)]
    pub(super) fn width(&self) -> usize {
        V::slice(&self.shift).len()
    }

    /// Whether all that was added is what it is compared with.
    pub(super) fn is_still(&self) -> bool {
        V::slice(&self.squares).iter().all(|s: &S| s.max_abs() == 0.0)
    }

    /// Its moments.
    pub fn moments(&self) -> Moments<V, S> {
        let n = self.count as f64;
        let combine = |a: &V::Of<S>, b: &V::Of<S>, f: fn(S, S, f64) -> S| {
            let mut k = 0;
            V::map(a, |a: &S| {
                k += 1;
                f(*a, V::slice(b)[k - 1], n)
            })
        };
        let mean = combine(&self.shift, &self.sum, |c, s, n| c.zip(s, |c, s| c + s / n));
        let squares = combine(&self.squares, &self.sum, |q, s, n| q.zip(s, |q, s| (q - s * (s / n)).max(0.0)));
        let low = combine(&self.shift, &self.low, |c, d, _| c.zip(d, |c, d| c + d));
        let high = combine(&self.shift, &self.high, |c, d, _| c.zip(d, |c, d| c + d));
        Moments { count: self.count, mean, squares, low, high }
    }
}

/// Count, means, sums of squared deviations and extremes of every component of some results.
#[derive(Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(bound(serialize = "V::Of<S>: serde::Serialize", deserialize = "V::Of<S>: serde::Deserialize<'de>"))
)]
pub struct Moments<V: Values, S: Components> {
    count: u64,
    mean: V::Of<S>,
    squares: V::Of<S>,
    low: V::Of<S>,
    high: V::Of<S>,
}

impl<V: Values, S: Components> Clone for Moments<V, S> {
    fn clone(&self) -> Self {
        Moments {
            count: self.count,
            mean: self.mean.clone(),
            squares: self.squares.clone(),
            low: self.low.clone(),
            high: self.high.clone(),
        }
    }
}

impl<V: Values, S: Components> Moments<V, S> {
    /// The moments of one observation.
    pub fn one(x: V::Of<S>) -> Self {
        let squares = V::map(&x, |_| S::from(0.0));
        Moments { count: 1, low: x.clone(), high: x.clone(), mean: x, squares }
    }

    /// The number of observations.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their mean.
    pub fn mean(&self) -> &V::Of<S> {
        &self.mean
    }

    /// The standard error of each component of the mean: s / sqrt(n); NaN for one observation.
    pub fn standard_error(&self) -> V::Of<S> {
        let n = self.count as f64;
        V::map(&self.squares, |s: &S| s.zip(*s, |s, _| math::sqrt(s / (n - 1.0) / n)))
    }

    /// The largest share that one observation has in the sum of squared deviations, component by component; 0 where nothing varies.
    pub fn largest_share(&self) -> V::Of<S> {
        let mut k = 0;
        V::map(&self.mean, |mean: &S| {
            let (low, high) = (V::slice(&self.low)[k], V::slice(&self.high)[k]);
            let squares: S = V::slice(&self.squares)[k];
            k += 1;
            let widest = low.zip(*mean, |l, m| l - m).zip(high.zip(*mean, |h, m| h - m), |l, h| (l * l).max(h * h));
            widest.zip(squares, |w, s| if s > 0.0 { (w / s).min(1.0) } else { 0.0 })
        })
    }

    /// Whether no component is infinite or NaN.
    pub(super) fn all_finite(&self) -> bool {
        let finite = |of: &V::Of<S>| V::slice(of).iter().all(|x: &S| x.all_finite());
        finite(&self.mean) && finite(&self.squares)
    }

    /// Adds those of other observations, which come after: Chan, Golub & LeVeque's formula.
    pub fn merge(&mut self, right: &Self) {
        let (a, b) = (self.count as f64, right.count as f64);
        let (share, weight) = (b / (a + b), a / (a + b) * b);
        self.count += right.count;
        let both = V::slice_mut(&mut self.mean).iter_mut().zip(V::slice_mut(&mut self.squares));
        for (k, (mean, squares)) in both.enumerate() {
            let (other, others): (S, S) = (V::slice(&right.mean)[k], V::slice(&right.squares)[k]);
            let d = other.zip(*mean, |r, l| r - l);
            *squares = squares.zip(others, |l, r| l + r).zip(d, |s, d| s + d * d * weight);
            *mean = mean.zip(d, |l, d| l + d * share);
        }
        for (k, low) in V::slice_mut(&mut self.low).iter_mut().enumerate() {
            *low = low.zip(V::slice(&right.low)[k], f64::min);
        }
        for (k, high) in V::slice_mut(&mut self.high).iter_mut().enumerate() {
            *high = high.zip(V::slice(&right.high)[k], f64::max);
        }
    }
}

/// Neighbouring blocks merged along the one binary tree over their numbers, in order: no heap.
pub(super) struct Stack<V: Values, S: Components> {
    levels: [Option<Moments<V, S>>; LEVELS],
}

/// 2^54 blocks of 1024 samples.
const LEVELS: usize = 54;

impl<V: Values, S: Components> Stack<V, S> {
    pub fn new() -> Self {
        Stack { levels: [const { None }; LEVELS] }
    }

    /// Adds the next block.
    pub fn push(&mut self, block: Moments<V, S>) {
        let (mut sum, mut level) = (block, 0);
        while let Some(mut left) = self.levels[level].take() {
            left.merge(&sum);
            (sum, level) = (left, level + 1);
        }
        self.levels[level] = Some(sum);
    }

    /// All of it, from the first block to the last.
    pub fn total(&self) -> Option<Moments<V, S>> {
        self.levels.iter().rev().flatten().cloned().reduce(|mut sum, next| {
            sum.merge(&next);
            sum
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Jet;

    // mean 1e9 + 10, variance 30; a sum of squares loses all of it
    #[test]
    fn no_cancellation() {
        let x = [4.0, 7.0, 13.0, 16.0].map(|x| Jet { re: 1e9 + x, eps: [-x] });
        let mut block = Block::<f64, Jet<f64, 1>>::new(x[0]);
        x.iter().for_each(|x| block.push(x));
        let m = block.moments();
        assert_eq!((m.mean().re, m.mean().eps[0]), (1e9 + 10.0, -10.0));
        let se = m.standard_error();
        assert!((se.re - 7.5f64.sqrt()).abs() < 1e-14 && (se.eps[0] - 7.5f64.sqrt()).abs() < 1e-14);

        let mut left = Moments::<f64, Jet<f64, 1>>::one(x[0]);
        x[1..].iter().for_each(|x| left.merge(&Moments::one(*x)));
        assert_eq!(left.count(), 4);
        assert!((left.standard_error().re - 7.5f64.sqrt()).abs() < 1e-14);
        // 6² of 36 + 9 + 9 + 36
        assert_eq!(left.largest_share().re, 0.4);
    }
}

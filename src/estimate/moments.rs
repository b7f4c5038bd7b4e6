//! Means and variances of every component of many results: sums over blocks, and moments that merge.

use super::components::Components;
use super::error::EstimateError;
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
    /// Sum and squares at the last mark.
    marked: (V::Of<S>, V::Of<S>),
    /// The largest increase of the squares between two marks, and what the sum and count did there.
    largest: V::Of<[S; 2]>,
}

/// The number of samples between two marks.
pub(super) const STRIDE: u64 = 64;

impl<V: Values, S: Components> Block<V, S> {
    /// Sums of nothing; what is summed will be near `shift`, its first sample say.
    #[inline(always)]
    pub fn new(shift: V::Of<S>) -> Self {
        let zero = V::map(&shift, |_| S::from(0.0));
        let largest = V::map(&shift, |_| [S::from(0.0); 2]);
        Block { count: 0, shift, sum: zero.clone(), squares: zero.clone(), marked: (zero.clone(), zero), largest }
    }

    /// Adds a sample; it has as many numbers as the first.
    #[inline(always)]
    pub fn push(&mut self, x: &V::Of<S>) {
        self.count += 1;
        let shift = V::slice(&self.shift);
        let (sum, squares) = (V::slice_mut(&mut self.sum), V::slice_mut(&mut self.squares));
        for (k, x) in V::slice(x).iter().enumerate() {
            let d: S = x.zip(shift[k], |a, b| a - b);
            sum[k] = sum[k].zip(d, |a, b| a + b);
            squares[k] = squares[k].zip(d, |a, b| a + b * b);
        }
    }

    /// Adds a sample, if it has as many numbers as those before. Nothing takes as many as come.
    #[inline(always)]
    pub(super) fn push_checked<E>(&mut self, x: &V::Of<S>, sample: u64) -> Result<(), EstimateError<E>> {
        let (expected, found) = (V::slice(&self.shift).len(), V::slice(x).len());
        if expected != found {
            if expected > 0 || self.count > 0 {
                return Err(EstimateError::Results { sample, expected, found });
            }
            self.begin_again(found);
        }
        self.push(x);
        Ok(())
    }

    /// Sums of as many numbers.
    #[cold]
    #[inline(never)]
    fn begin_again(&mut self, numbers: usize) {
        *self = Block::new(V::from_fn(numbers, |_| S::from(0.0)));
    }

    /// Looks at what the last [`STRIDE`] samples have added.
    #[inline(always)]
    pub(super) fn mark(&mut self) {
        let (sums, squares) = (V::slice(&self.sum), V::slice(&self.squares));
        for (k, largest) in V::slice_mut(&mut self.largest).iter_mut().enumerate() {
            let (sum, square): (S, S) = (V::slice(&self.marked.0)[k], V::slice(&self.marked.1)[k]);
            let (added, squared) = (sums[k].zip(sum, |a, b| a - b), squares[k].zip(square, |a, b| a - b));
            // the sum where the squares grew most
            let [most, of] = *largest;
            let is_more = squared.zip(most, |x, most| if x > most { 1.0 } else { 0.0 });
            largest[1] = added.zip(is_more, |x, is| if is == 1.0 { x } else { 0.0 })
                + of.zip(is_more, |x, is| if is == 1.0 { 0.0 } else { x });
            largest[0] = squared.zip(most, |x, most| if x > most { x } else { most });
        }
        self.marked = (self.sum.clone(), self.squares.clone());
    }

    /// The sum of differences.
    pub(super) fn into_sum(self) -> V::Of<S> {
        self.sum
    }

    /// Whether all that was added is what it is compared with.
    #[inline(never)]
    pub(super) fn is_still(&self) -> bool {
        V::slice(&self.squares).iter().all(|s: &S| s.max_abs() == 0.0)
    }

    /// Its moments.
    #[inline(never)]
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
        let squares = combine(&self.squares, &self.sum, |q, s, n| q.zip(s, |q, s| deviations(q, s, n)));
        // about the mean: Σ (d - m)² = Σ d² - 2 m Σ d + STRIDE m²
        let mut k = 0;
        let largest = V::map(&self.largest, |[q, s]: &[S; 2]| {
            let m: S = V::slice(&self.sum)[k].zip(S::from(0.0), |s, _| s / n);
            k += 1;
            let about = s.zip(m, |s, m| m * (STRIDE as f64 * m - 2.0 * s));
            q.zip(about, |q, about| (q + about).max(0.0))
        });
        Moments { count: self.count, mean, squares, largest }
    }
}

/// Σ (d - mean)² from Σ d² and Σ d. Squares below the range of doubles stand as the smallest ones, which is too large
/// but not 0.
#[inline]
fn deviations(squares: f64, sum: f64, n: f64) -> f64 {
    if squares == 0.0 && sum != 0.0 { n * f64::MIN_POSITIVE } else { (squares - sum * (sum / n)).max(0.0) }
}

/// Count, means, sums of squared deviations and the largest part of them, of every component of some results.
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
    largest: V::Of<S>,
}

impl<V: Values, S: Components> Clone for Moments<V, S> {
    fn clone(&self) -> Self {
        Moments {
            count: self.count,
            mean: self.mean.clone(),
            squares: self.squares.clone(),
            largest: self.largest.clone(),
        }
    }
}

impl<V: Values, S: Components> Moments<V, S> {
    /// The moments of one observation.
    #[inline(never)]
    pub fn one(x: V::Of<S>) -> Self {
        let squares = V::map(&x, |_| S::from(0.0));
        Moments { count: 1, mean: x, largest: squares.clone(), squares }
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

    /// The largest share that 64 observations in a row have in the sum of squared deviations, component by component: 0
    /// where nothing varies, near 1 where a single observation decides.
    pub fn largest_share(&self) -> V::Of<S> {
        let mut k = 0;
        V::map(&self.largest, |largest: &S| {
            let squares: S = V::slice(&self.squares)[k];
            k += 1;
            largest.zip(squares, |w, s| if s > 0.0 { (w / s).min(1.0) } else { 0.0 })
        })
    }

    /// Those of a part of each number.
    pub(super) fn of_part<T: Components>(&self, part: impl Fn(&S) -> T) -> Moments<V, T> {
        Moments {
            count: self.count,
            mean: V::map(&self.mean, &part),
            squares: V::map(&self.squares, &part),
            largest: V::map(&self.largest, &part),
        }
    }

    /// Whether no observation differs from another.
    pub(super) fn are_still(&self) -> bool {
        V::slice(&self.squares).iter().all(|s: &S| s.max_abs() == 0.0)
    }

    /// Whether no component is infinite or NaN.
    #[inline(never)]
    pub(super) fn all_finite(&self) -> bool {
        let finite = |of: &V::Of<S>| V::slice(of).iter().all(|x: &S| x.all_finite());
        finite(&self.mean) && finite(&self.squares)
    }

    /// Adds those of other observations, which come after: Chan, Golub & LeVeque's formula.
    #[inline(never)]
    pub fn merge(&mut self, right: &Self) {
        let (a, b) = (self.count as f64, right.count as f64);
        let (share, weight) = (b / (a + b), a / (a + b) * b);
        let before = self.mean.clone();
        self.count += right.count;
        let both = V::slice_mut(&mut self.mean).iter_mut().zip(V::slice_mut(&mut self.squares));
        for (k, (mean, squares)) in both.enumerate() {
            let (other, others): (S, S) = (V::slice(&right.mean)[k], V::slice(&right.squares)[k]);
            let d = other.zip(*mean, |r, l| r - l);
            *squares = squares.zip(others, |l, r| l + r).zip(d, |s, d| s + d * d * weight);
            *mean = mean.zip(d, |l, d| l + d * share);
        }
        for (k, largest) in V::slice_mut(&mut self.largest).iter_mut().enumerate() {
            // of single observations: how far their mean is from that of the others
            let alone = |n: f64, d: f64, other: f64| if n == 1.0 { d * d } else { other };
            let d = d_of::<V, S>(&before, &right.mean, k);
            let others = V::slice(&right.largest)[k];
            *largest = largest.zip(d, |l, d| alone(a, d, l)).zip(others.zip(d, |r, d| alone(b, d, r)), f64::max);
        }
    }
}

#[cfg(feature = "alloc")]
impl Block<alloc::vec::Vec<f64>, f64> {
    /// Adds n numbers, what they are relative to, which is constant, and the products of their differences, the lower
    /// triangle by rows: 2 n + n (n + 1)/2 numbers, without a row of them. Not if the block has another number of
    /// them, or if a product is not finite. Squares of the products are left out.
    #[inline(always)]
    pub(super) fn push_products(&mut self, x: &[f64], relative_to: &[f64]) -> bool {
        let n = x.len();
        if self.sum.len() != 2 * n + n * (n + 1) / 2 || relative_to.len() != n {
            return false;
        }
        // a product is at most the sum of all squares
        let squares = x.iter().zip(relative_to).map(|(x, center)| (x - center) * (x - center));
        if !squares.sum::<f64>().is_finite() {
            return false;
        }
        self.count += 1;
        let (shift, products_shift) = self.shift.split_at(2 * n);
        let (sum, products) = self.sum.split_at_mut(2 * n);
        for (((x, shift), sum), square) in x.iter().zip(shift).zip(sum).zip(&mut self.squares) {
            let d = x - shift;
            *sum += d;
            *square += d * d;
        }
        let mut rest = (products, products_shift);
        for i in 0..n {
            let d = x[i] - relative_to[i];
            let (line, products) = rest.0.split_at_mut(i + 1);
            let (shift, shifts) = rest.1.split_at(i + 1);
            for (((x, center), sum), shift) in x.iter().zip(relative_to).zip(line).zip(shift) {
                *sum += d * (x - center) - shift;
            }
            rest = (products, shifts);
        }
        true
    }
}

#[cfg(feature = "alloc")]
impl Moments<alloc::vec::Vec<f64>, f64> {
    /// The first `n` numbers of a row as results of another kind, `width` of them each.
    pub(super) fn part<V: Values, S: Components>(&self, n: usize, width: usize) -> Moments<V, S> {
        let part = |row: &[f64]| {
            let mut next = row[..n].iter().copied();
            V::from_fn(n / width, |_| S::read(&mut || next.next().expect("a row of whole results")))
        };
        Moments {
            count: self.count,
            mean: part(&self.mean),
            squares: part(&self.squares),
            largest: part(&self.largest),
        }
    }
}

/// The difference of two means.
fn d_of<V: Values, S: Components>(left: &V::Of<S>, right: &V::Of<S>, k: usize) -> S {
    let (left, right): (S, S) = (V::slice(left)[k], V::slice(right)[k]);
    right.zip(left, |r, l| r - l)
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
    #[inline(never)]
    pub fn push(&mut self, block: Moments<V, S>) {
        let (mut sum, mut level) = (block, 0);
        while let Some(mut left) = self.levels[level].take() {
            left.merge(&sum);
            (sum, level) = (left, level + 1);
        }
        self.levels[level] = Some(sum);
    }

    /// All of it, from the first block to the last.
    #[inline(never)]
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
        // of 639 numbers and one that is far away
        let share = |far: f64| {
            let mut block = Block::<f64, f64>::new(1.0);
            for i in 0..640 {
                block.push(&if i == 300 { far } else { f64::from(i % 2) });
                if (i + 1) % 64 == 0 {
                    block.mark();
                }
            }
            block.moments().largest_share()
        };
        assert!(share(1000.0) > 0.99 && (share(0.0) - 0.1).abs() < 1e-12);
    }
}

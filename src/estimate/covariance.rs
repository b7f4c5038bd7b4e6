//! Covariances of everything that is estimated.

use super::components::{Component, Components};
use super::error::EstimateError;
use super::estimator::{Estimator, Sampler, Seeds, sealed::Sealed};
use super::moments::{Block, Moments};
use crate::distr::Kept;
use crate::program::Values;
use crate::scalar::math;
use alloc::vec::Vec;

/// Which number of an estimate: of which result, and its value or one of its derivatives.
pub type Number = (usize, Component);

impl<M: Sampler> Estimator<M> {
    /// The same estimate with the covariances of all its numbers: of the values of several results, of values with
    /// derivatives, of derivatives with each other.
    ///
    /// * Bias, variance: those of the estimate, whose samples these are.
    /// * Needs: numbers whose products are doubles. Larger ones are [`EstimateError::Overflow`], products below the
    ///   smallest double count as 0.
    /// * Cost: with P numbers in an estimate, P (P + 1)/2 products a sample: with four numbers 20 nanoseconds.
    /// * When: the error of something made of several of the numbers, a total or a difference; a natural gradient from
    ///   the covariance of scores. For a smooth function of expectations [`Estimator::function`] is more direct: it
    ///   keeps no covariances, and subtracts the bias as well.
    ///
    /// ```
    /// use reparam::{estimate::{self, Component::{Gradient, Value}}, prelude::*};
    /// // x = m + s z and x² - m²
    /// let e = estimate::pathwise([0.5, 2.0], |[m, s], chance| {
    ///     let x = m + s * chance.normal();
    ///     [x, x * x - m * m]
    /// })
    /// .samples(50_000)
    /// .covariances()
    /// .run_seed(1)
    /// .unwrap();
    /// assert!((e.estimate.gradient[0][0] - 1.0).abs() < 1e-15);
    /// // of one sample: Cov(x, x²) = 2 m s², and Cov(dx/ds, x) = E[z (m + s z)] = s
    /// let n = e.estimate.observations as f64;
    /// assert!((n * e.covariance((0, Value), (1, Value)) / 4.0 - 1.0).abs() < 0.1);
    /// assert!((n * e.covariance((0, Gradient(1)), (0, Value)) / 2.0 - 1.0).abs() < 0.03);
    /// ```
    pub fn covariances(self) -> Estimator<Covariances<M>> {
        self.map(|inner| Covariances { inner, shift: Vec::new() })
    }
}

/// An estimate with covariances: made by [`Estimator::covariances`].
#[derive(Clone, Debug)]
pub struct Covariances<M> {
    inner: M,
    /// Near the means of all numbers, which products are relative to.
    shift: Vec<f64>,
}

/// An estimate and the covariances of its numbers.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct WithCovariances<E> {
    /// The estimate.
    pub estimate: E,
    numbers: Vec<Number>,
    /// The lower triangle by rows.
    lower: Vec<f64>,
}

impl<E> WithCovariances<E> {
    /// All numbers of the estimate, in the order of [`WithCovariances::matrix`].
    pub fn numbers(&self) -> &[Number] {
        &self.numbers
    }

    /// The covariance of two numbers of the estimate, as means of all observations: with itself the square of the
    /// standard error. Times the number of observations it is that of one of them.
    ///
    /// # Panics
    /// If the estimate has no such number.
    pub fn covariance(&self, a: Number, b: Number) -> f64 {
        self.entry(self.position(a), self.position(b))
    }

    /// The covariance over both standard errors: between -1 and 1, NaN where one of them is 0.
    ///
    /// # Panics
    /// If the estimate has no such number.
    pub fn correlation(&self, a: Number, b: Number) -> f64 {
        let (i, j) = (self.position(a), self.position(b));
        let both = math::sqrt(self.entry(i, i)) * math::sqrt(self.entry(j, j));
        if both == 0.0 { f64::NAN } else { (self.entry(i, j) / both).clamp(-1.0, 1.0) }
    }

    /// The standard error of Σ weight · number, for weights that are known.
    ///
    /// ```
    /// use reparam::{estimate::{self, Component::Value}, prelude::*};
    /// // antithetic results: their sum has no error
    /// let e = estimate::pathwise([1.0], |[x], chance| { let z = x * chance.normal(); [z, -z] });
    /// let e = e.covariances().run_seed(1).unwrap();
    /// assert!(e.standard_error_of(&[((0, Value), 1.0), ((1, Value), 1.0)]) < 1e-9);
    /// assert!((e.standard_error_of(&[((0, Value), 2.0)]) - 2.0 * e.estimate.value_se[0]).abs() < 1e-12);
    /// ```
    ///
    /// # Panics
    /// If the estimate has no such number.
    pub fn standard_error_of(&self, weights: &[(Number, f64)]) -> f64 {
        let at: Vec<(usize, f64)> = weights.iter().map(|(number, weight)| (self.position(*number), *weight)).collect();
        let pairs = at.iter().flat_map(|(i, v)| at.iter().map(move |(j, w)| v * w * self.entry(*i, *j)));
        math::sqrt(pairs.sum::<f64>().max(0.0))
    }

    /// All covariances, row by row.
    pub fn matrix(&self) -> Vec<Vec<f64>> {
        let n = self.numbers.len();
        (0..n).map(|i| (0..n).map(|j| self.entry(i, j)).collect()).collect()
    }

    fn position(&self, number: Number) -> usize {
        let position = self.numbers.iter().position(|n| *n == number);
        position.unwrap_or_else(|| panic!("the estimate has no {} of result {}", number.1, number.0))
    }

    fn entry(&self, i: usize, j: usize) -> f64 {
        let (i, j) = (i.max(j), i.min(j));
        self.lower[i * (i + 1) / 2 + j]
    }
}

/// Puts the numbers of a sample in a row.
#[inline(always)]
fn in_a_row<V: Values, S: Components>(x: &V::Of<S>, row: &mut Vec<f64>) {
    row.clear();
    for x in V::slice(x) {
        let x: S = *x;
        x.each(&mut |x| row.push(x));
    }
}

/// How many components a number has.
#[inline(always)]
fn width<S: Components>() -> usize {
    let mut count = 0;
    S::from(0.0).each(&mut |_| count += 1);
    count
}

impl<M> Sealed for Covariances<M> {}

impl<M: Sampler> Sampler for Covariances<M> {
    /// The numbers of a sample, what they are relative to, and the products of their deviations from it, the lower
    /// triangle by rows. The second part is constant: with it, moments say all that there is to know.
    type Values = Vec<f64>;
    type Number = f64;
    type Error = M::Error;
    type Estimate = WithCovariances<M::Estimate>;
    /// That of the estimate, and the row.
    type State = (M::State, Vec<f64>);

    const ORDER: usize = M::ORDER;

    fn laws((state, _): &mut Self::State) -> Option<&mut Kept> {
        M::laws(state)
    }

    fn parameters(&self) -> &[f64] {
        self.inner.parameters()
    }
    fn check(&self) -> Result<(), EstimateError<M::Error>> {
        self.inner.check()
    }
    fn batch(&self) -> u64 {
        self.inner.batch()
    }
    fn block(&self) -> u64 {
        self.inner.block()
    }

    fn learn(&mut self, batches: u64, seeds: Seeds) -> Result<(), EstimateError<M::Error>> {
        self.inner.learn(batches, seeds)?;
        // near the means is near enough: one batch in 32, 16 at the most. What fails here fails again in the estimate
        let (seeds, mut state) = (seeds.aside(), self.inner.start(0, seeds.aside()));
        let pilot = (batches / 32).clamp(1, 16);
        let mut row = Vec::new();
        self.shift.clear();
        for i in 0..pilot {
            let Ok(x) = self.inner.batch_mean(&mut state, i * self.inner.batch(), seeds) else { continue };
            in_a_row::<M::Values, M::Number>(&x, &mut row);
            self.shift.resize(row.len(), 0.0);
            self.shift.iter_mut().zip(&row).for_each(|(c, x)| *c += x / pilot as f64);
        }
        Ok(())
    }

    fn start(&self, first: u64, seeds: Seeds) -> Self::State {
        (self.inner.start(first, seeds), Vec::new())
    }

    fn batch_mean(
        &self,
        (state, row): &mut Self::State,
        first: u64,
        seeds: Seeds,
    ) -> Result<Vec<f64>, EstimateError<M::Error>> {
        let x = self.inner.batch_mean(state, first, seeds)?;
        in_a_row::<M::Values, M::Number>(&x, row);
        self.complete(row)?;
        Ok(row.clone())
    }

    /// By the row that the block's state keeps: no heap for each sample.
    #[inline(always)]
    fn add(
        &self,
        (state, row): &mut Self::State,
        first: u64,
        seeds: Seeds,
        block: &mut Block<Vec<f64>, f64>,
    ) -> Result<(), EstimateError<M::Error>> {
        let x = self.inner.batch_mean(state, first, seeds)?;
        in_a_row::<M::Values, M::Number>(&x, row);
        if block.push_products(row, &self.shift) {
            return Ok(());
        }
        self.complete(row)?;
        block.push_checked(row, first)
    }

    fn locate(&self, k: usize, _: Component) -> (usize, Component) {
        self.numbers(k + 1)[k]
    }

    fn estimate(&self, moments: &Moments<Vec<f64>, f64>) -> WithCovariances<M::Estimate> {
        let mean = moments.mean();
        // 2 n + n (n + 1)/2 numbers
        let n = (0..).find(|n| 2 * n + n * (n + 1) / 2 >= mean.len()).unwrap_or(0);
        let count = moments.count() as f64;
        let off = |i: usize| mean[i] - mean[n + i];
        let pairs = (0..n).flat_map(|i| (0..=i).map(move |j| (i, j)));
        let lower = pairs.zip(&mean[2 * n..]).map(|((i, j), product)| (product - off(i) * off(j)) / (count - 1.0));
        WithCovariances {
            estimate: self.inner.estimate(&moments.part(n, width::<M::Number>())),
            lower: lower.collect(),
            numbers: self.numbers(n),
        }
    }
}

impl<M: Sampler> Covariances<M> {
    /// The numbers of a sample, which stand in a row so far, with what else belongs to them.
    fn complete(&self, row: &mut Vec<f64>) -> Result<(), EstimateError<M::Error>> {
        let n = row.len();
        // another number of results than the pilot's is an error of the block's
        row.extend((0..n).map(|i| self.shift.get(i).copied().unwrap_or(0.0)));
        for i in 0..n {
            let d = row[i] - row[n + i];
            row.extend_from_within(n..=n + i);
            let end = row.len();
            for j in 0..=i {
                row[end - i - 1 + j] = d * (row[j] - row[n + j]);
            }
        }
        let is_finite = |part: &[f64]| part.iter().all(|x| x.is_finite());
        if is_finite(&row[..n]) && !is_finite(&row[n..]) { Err(EstimateError::Overflow) } else { Ok(()) }
    }

    /// What the first n numbers of a sample are.
    fn numbers(&self, n: usize) -> Vec<Number> {
        let mut numbers = Vec::with_capacity(n);
        for k in 0..n.div_ceil(width::<M::Number>()) {
            M::Number::from(0.0).visit(&mut |component, _| numbers.push(self.inner.locate(k, component)));
        }
        numbers
    }
}

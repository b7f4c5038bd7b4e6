//! Score weights with a baseline.

use super::sealed::Sealed;
use super::{ByChoices, Method, finite};
use crate::estimate::error::EstimateError;
use crate::estimate::fixed::Order;
use crate::program::{Handle, Program, Scores};
use crate::scalar::{Jet, Scalar};
use rand::Rng;

/// The value and gradient of a program with choices by scores: means of (f - b) e^l + b, with l = Σ (ln p - re ln p) over the
/// choices of a run and b a baseline.
///
/// * Needs: probabilities that are not 0 where their derivatives are not; otherwise [`EstimateError::EmptyCell`].
/// * Bias: none. Continuous draws keep their pathwise derivatives.
/// * Variance: grows with the number of choices times the variance of f, as it does not know which choices matter.
/// * Cost: one run in jets a sample.
/// * When: a changed choice changes everything after it, or each of many parameters has a choice of its own.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::{estimate, prelude::*};
/// let f = program!(|[rate]: [S; 1], choose| -> S { S::from((choose.poisson(rate) as f64 + 1.0).powi(2)) });
/// let e = estimate::score([3.0], f).samples(100_000).run(&mut Xoshiro256PlusPlus::seed_from_u64(1)).unwrap();
/// assert!((e.gradient[0] - 9.0).abs() < 5.0 * e.gradient_se[0]);
/// ```
///
/// Source: Glynn 1990; Foerster et al. 2018 (weights of any order); Kool, van Hoof & Welling 2019 (leave-one-out).
pub fn score<P: Program<N>, const N: usize>(theta: [f64; N], program: P) -> ByChoices<Score<Jet<f64, N>>, P, N> {
    ByChoices::new(theta, program, Score::default())
}

/// [`score`] with the Hessian as well, in `Jet<Jet<f64, N>, N>`.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::{estimate, prelude::*};
/// let f = program!(|[rate]: [S; 1], choose| -> S { S::from((choose.poisson(rate) as f64 + 1.0).powi(2)) });
/// let e = estimate::score_hessian([3.0], f).samples(100_000).run(&mut Xoshiro256PlusPlus::seed_from_u64(1)).unwrap();
/// assert!((e.hessian[0][0] - 2.0).abs() < 5.0 * e.hessian_se[0][0]);
/// ```
pub fn score_hessian<P: Program<N>, const N: usize>(
    theta: [f64; N],
    program: P,
) -> ByChoices<Score<Jet<Jet<f64, N>, N>>, P, N> {
    ByChoices::new(theta, program, Score::default())
}

/// What is subtracted from a result before it is weighted. None of them changes an expectation.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Baseline {
    /// The mean of the 15 other results of a batch, with its derivatives.
    #[default]
    LeaveOneOut,
    /// A number known in advance; 0 for none.
    Constant(f64),
    /// The moving average b + rate (f - b) of the samples before, for long runs with one generator.
    Moving {
        /// The weight of the newest result, in (0, 1].
        rate: f64,
    },
}

/// The number of samples in a batch.
pub(super) const BATCH: usize = 16;

/// Scores as a method: see [`score`].
#[derive(Clone, Debug)]
pub struct Score<S> {
    baseline: Baseline,
    /// The moving average, once there is one.
    average: Option<S>,
}

impl<S> Default for Score<S> {
    fn default() -> Self {
        Score { baseline: Baseline::LeaveOneOut, average: None }
    }
}

impl<S, P, const N: usize> ByChoices<Score<S>, P, N> {
    /// With this baseline.
    ///
    /// ```
    /// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
    /// use reparam::{estimate::{self, Baseline}, prelude::*};
    /// let f = program!(|[p]: [S; 1], choose| -> S { S::from(if choose.bernoulli(p) { 1.0 } else { 0.0 }) });
    /// let e = estimate::score([0.3], f).baseline(Baseline::Constant(0.7));
    /// let e = e.run(&mut Xoshiro256PlusPlus::seed_from_u64(1)).unwrap();
    /// assert!((e.gradient[0] - 1.0).abs() < 1e-12 + 5.0 * e.gradient_se[0]);
    /// ```
    pub fn baseline(mut self, baseline: Baseline) -> Self {
        self.method.baseline = baseline;
        self
    }
}

impl<S> Sealed for Score<S> {}

impl<S: Order<N>, P: Program<N>, const N: usize> Method<P, N> for Score<S> {
    type Number = S;

    fn batch(&self) -> u64 {
        if self.baseline == Baseline::LeaveOneOut { BATCH as u64 } else { 1 }
    }

    fn mean<R: Rng + ?Sized>(
        &mut self,
        program: &P,
        theta: [f64; N],
        first: u64,
        rng: &mut R,
    ) -> Result<S, EstimateError<P::Error>> {
        let mut sample = |i: u64| {
            let run = Handle::run(program, S::variables(theta), rng.next_u64(), &[], Scores::new());
            let (f, scores) = run.map_err(|e| EstimateError::of_run(first + i, e))?;
            if scores.is_blind {
                return Err(EstimateError::EmptyCell { sample: first + i });
            }
            let weight = scores.weight();
            finite(f * weight, first + i)?;
            Ok((f, weight))
        };
        match self.baseline {
            Baseline::LeaveOneOut => {
                let mut batch = [(S::from(0.0), S::from(0.0)); BATCH];
                for (i, s) in batch.iter_mut().enumerate() {
                    *s = sample(i as u64)?;
                }
                Ok(leave_one_out(&batch))
            }
            Baseline::Constant(b) => sample(0).map(|(f, weight)| (f - b) * weight + b),
            Baseline::Moving { rate } => {
                let (f, weight) = sample(0)?;
                let b = self.average.unwrap_or(S::from(0.0));
                self.average = Some(self.average.map_or(f, |b| b + (f - b) * rate));
                Ok((f - b) * weight + b)
            }
        }
    }
}

/// The mean of (f - b) w + b, b the mean of the other f.
pub(super) fn leave_one_out<S: Scalar>(batch: &[(S, S); BATCH]) -> S {
    let sum = batch.iter().fold(S::from(0.0), |sum, (f, _)| sum + *f);
    let mean = |(f, weight): &(S, S)| {
        let b = (sum - *f) / (BATCH - 1) as f64;
        (*f - b) * *weight + b
    };
    batch.iter().fold(S::from(0.0), |total, s| total + mean(s)) / BATCH as f64
}

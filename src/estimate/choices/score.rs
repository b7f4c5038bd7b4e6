//! Score weights with a baseline.

use super::{At, ByChoices, Method, Sampled};
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::{Estimator, Runs, sealed::Sealed};
use crate::estimate::moments::Moments;
use crate::estimate::notes::Notes;
use crate::estimate::report::Order;
use crate::program::{Chance, ErrorOf, Outcome, Plain, Program, ResultsOf, Scores, Stream, Values, ValuesOf, Watched};
use crate::scalar::{Jet, Scalar};

/// The value and gradient of a program with choices by scores: means of (f - b) e^l + b, with l = Σ (ln p - re ln p)
/// over the choices of a run and b a baseline.
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
/// let f = program!(|[rate]: [S; 1], chance| -> S { S::from((chance.poisson(rate) as f64 + 1.0).powi(2)) });
/// let e = estimate::score([3.0], f).samples(100_000).run(&mut Xoshiro256PlusPlus::seed_from_u64(1)).unwrap();
/// assert!((e.gradient[0] - 9.0).abs() < 5.0 * e.gradient_se[0]);
/// ```
///
/// Source: Glynn 1990; Foerster et al. 2018 (weights of any order); Kool, van Hoof & Welling 2019 (leave-one-out).
pub fn score<P: Program<Theta = [f64; N]>, const N: usize>(
    theta: [f64; N],
    program: P,
) -> Estimator<ByChoices<Score<Jet<f64, N>, ResultsOf<P>>, P, [f64; N]>> {
    ByChoices::about(theta, program, Score::default())
}

/// [`score`] with the Hessian as well, in `Jet<Jet<f64, N>, N>`.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::{estimate, prelude::*};
/// let f = program!(|[rate]: [S; 1], chance| -> S { S::from((chance.poisson(rate) as f64 + 1.0).powi(2)) });
/// let e = estimate::score_hessian([3.0], f).samples(100_000).run(&mut Xoshiro256PlusPlus::seed_from_u64(1)).unwrap();
/// assert!((e.hessian[0][0] - 2.0).abs() < 5.0 * e.hessian_se[0][0]);
/// ```
pub fn score_hessian<P: Program<Theta = [f64; N]>, const N: usize>(
    theta: [f64; N],
    program: P,
) -> Estimator<ByChoices<Score<Jet<Jet<f64, N>, N>, ResultsOf<P>>, P, [f64; N]>> {
    ByChoices::about(theta, program, Score::default())
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
#[derive(Debug)]
pub struct Score<S: Scalar, V: Values> {
    baseline: Baseline,
    /// The moving averages, once there are some.
    average: Option<V::Of<S>>,
}

impl<S: Scalar, V: Values> Clone for Score<S, V> {
    fn clone(&self) -> Self {
        Score { baseline: self.baseline, average: self.average.clone() }
    }
}

impl<S: Scalar, V: Values> Default for Score<S, V> {
    fn default() -> Self {
        Score { baseline: Baseline::LeaveOneOut, average: None }
    }
}

impl<S: Scalar, V: Values, P, T> Estimator<ByChoices<Score<S, V>, P, T>> {
    /// With this baseline.
    ///
    /// ```
    /// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
    /// use reparam::{estimate::{self, Baseline}, prelude::*};
    /// let f = program!(|[p]: [S; 1], chance| -> S { S::from(if chance.bernoulli(p) { 1.0 } else { 0.0 }) });
    /// let e = estimate::score([0.3], f).baseline(Baseline::Constant(0.7));
    /// let e = e.run(&mut Xoshiro256PlusPlus::seed_from_u64(1)).unwrap();
    /// assert!((e.gradient[0] - 1.0).abs() < 1e-12 + 5.0 * e.gradient_se[0]);
    /// ```
    pub fn baseline(mut self, baseline: Baseline) -> Self {
        self.sampler.method.baseline = baseline;
        self
    }
}

impl<S: Scalar, V: Values> Sealed for Score<S, V> {}

/// A result and its weight.
type Weighted<P, S> = (ValuesOf<P, S>, S);

/// One run on a plain generator, with the weight of its choices.
#[inline(always)]
pub(super) fn weighted<P: Program<Theta = [f64; N]>, S: Order<N>, const N: usize>(
    at: At<'_>,
    program: &P,
    theta: [f64; N],
) -> Result<Weighted<P, S>, EstimateError<ErrorOf<P>>> {
    let plain = Plain::with_laws(Stream::at(at.key), at.seeds.limit, at.laws);
    let mut chance = Watched::new(plain, Scores::new());
    let result = P::Output::result(program.run(&S::variables(theta), &mut chance));
    if let Some(fault) = Chance::<S>::fault(&chance) {
        return Err(EstimateError::Choice { sample: at.sample, seed: at.seeds.seed, fault });
    }
    let f = result.map_err(|error| EstimateError::Program { sample: at.sample, seed: at.seeds.seed, error })?;
    if let Some(choice) = chance.observer.blind() {
        return Err(EstimateError::EmptyCell { sample: at.sample, seed: at.seeds.seed, choice });
    }
    let weight = chance.observer.weight();
    at.finite::<ResultsOf<P>, S, _>(&ResultsOf::<P>::map(&f, |f: &S| *f * weight))?;
    Ok((f, weight))
}

impl<S: Order<N>, P: Program<Theta = [f64; N]>, const N: usize> Method<P, [f64; N]> for Score<S, ResultsOf<P>> {
    type Number = S;
    type Estimate = S::Estimate<ResultsOf<P>>;

    const ORDER: usize = S::ORDER;

    fn check(&self) -> Result<(), EstimateError<ErrorOf<P>>> {
        let refused = |name, range, value| Err(EstimateError::Setting { name, range, value });
        match self.baseline {
            Baseline::Constant(b) if !b.is_finite() => refused("the baseline", "finite", b),
            Baseline::Moving { rate } if !(rate > 0.0 && rate <= 1.0) => {
                refused("the rate of the moving average", "in (0, 1]", rate)
            }
            _ => Ok(()),
        }
    }

    fn batch(&self) -> u64 {
        if self.baseline == Baseline::LeaveOneOut { BATCH as u64 } else { 1 }
    }

    fn mean(&mut self, program: &P, theta: &[f64; N], first: u64, runs: Runs<'_>) -> Sampled<P, S> {
        let sample = |i: u64| weighted::<P, S, N>(At::new(first + i, runs), program, *theta);
        match self.baseline {
            Baseline::LeaveOneOut => {
                let mut batch: [Option<Weighted<P, S>>; BATCH] = [const { None }; BATCH];
                for (i, s) in batch.iter_mut().enumerate() {
                    *s = Some(sample(i as u64)?);
                }
                leave_one_out::<ResultsOf<P>, S, _>(At::new(first, runs), &batch)
            }
            Baseline::Constant(b) => {
                sample(0).map(|(f, weight)| ResultsOf::<P>::map(&f, |f: &S| (*f - b) * weight + b))
            }
            Baseline::Moving { rate } => {
                let (f, weight) = sample(0)?;
                let before = self.average.clone().unwrap_or_else(|| ResultsOf::<P>::map(&f, |_: &S| S::from(0.0)));
                let mut x = f.clone();
                let at = At::new(first, runs);
                at.both::<ResultsOf<P>, S, S, _>(&mut x, &before, |f, b| *f = (*f - b) * weight + b)?;
                match &mut self.average {
                    None => self.average = Some(f),
                    Some(b) => at.both::<ResultsOf<P>, S, S, _>(b, &f, |b, f| *b += (f - *b) * rate)?,
                }
                Ok(x)
            }
        }
    }

    fn estimate(&self, moments: &Moments<ResultsOf<P>, S>) -> Self::Estimate {
        S::noted(moments, Method::<P, [f64; N]>::batch(self), Notes::of_drawn(moments))
    }
}

/// The means of (f - b) w + b, b the mean of the other f.
pub(super) fn leave_one_out<V: Values, S: Scalar, E>(
    at: At<'_>,
    batch: &[Option<(V::Of<S>, S)>; BATCH],
) -> Result<V::Of<S>, EstimateError<E>> {
    let mut k = 0;
    Ok(V::map(&sums::<V, S, E>(at, batch)?, |sum: &S| {
        let samples = batch.iter().flatten();
        let total = samples.fold(S::from(0.0), |total, (f, weight)| total + less_others(*sum, V::slice(f)[k], *weight));
        k += 1;
        total / BATCH as f64
    }))
}

/// The sums of all f.
pub(super) fn sums<V: Values, S: Scalar, E>(
    at: At<'_>,
    batch: &[Option<(V::Of<S>, S)>; BATCH],
) -> Result<V::Of<S>, EstimateError<E>> {
    let mut samples = batch.iter().flatten();
    let Some((first, _)) = samples.next() else {
        return Err(EstimateError::TooFewSamples { samples: 0 });
    };
    let mut sum = first.clone();
    samples.try_for_each(|(f, _)| at.both::<V, S, S, E>(&mut sum, f, |sum, f| *sum += f))?;
    Ok(sum)
}

/// (f - b) w + b of one sample, b the mean of the others, by the sum of all.
#[inline(always)]
pub(super) fn less_others<S: Scalar>(sum: S, f: S, weight: S) -> S {
    let b = (sum - f) / (BATCH - 1) as f64;
    (f - b) * weight + b
}

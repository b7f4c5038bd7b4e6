//! Draws by their scores: likelihood ratios.

#[cfg(feature = "alloc")]
mod dynamic;

#[cfg(feature = "alloc")]
pub use dynamic::{LikelihoodRatioDyn, likelihood_ratio_dyn};

use super::error::EstimateError;
use super::estimator::{Estimator, Sampler, Seeds, sealed::Sealed};
use super::moments::Moments;
use super::pilot::{OfPilot, noted};
use super::report::Order;
use crate::program::{
    ByScore, Chance, ErrorOf, Outcome, ParametersOf, Plain, Program, ResultsOf, Scores, Stream, Values, ValuesOf,
    Watched,
};
use crate::scalar::{Jet, Scalar};
use core::marker::PhantomData;

/// The value and gradient of a program whose draws and choices all have their derivatives by scores: means of
/// (f - b) e^l + b, with l = Σ (ln p - re ln p) over draws and choices and b the mean of a pilot.
///
/// * Needs: parameters that enter through the laws that are drawn from, by [`Chance::draw`], as far as the result
///   jumps: plain noise ([`Chance::normal`]) has no score, and a note says so
///   ([`Notes::plain_noise`](super::Notes::plain_noise)). Supports that do not move with the parameters.
/// * Bias: none.
/// * Variance: grows with the number of draws, and as a law becomes narrow; above that of pathwise derivatives wherever
///   those hold.
/// * Cost: one run in jets a sample, and a density for each draw.
/// * When: jumps (digital options, probabilities, barriers). [`Chance::threshold`] makes a jump in the last draw a
///   choice, with 1 to 25 times less variance at some ten times the time; summing it out, by the law's `sf`, is better
///   than both. Second derivatives of kinks: [`kinked_hessian`](super::kinked_hessian) has less variance.
///
/// Source: Glynn 1990; Glasserman 2003, *Monte Carlo Methods in Financial Engineering*, §7.3.
///
/// ```
/// use reparam::{distr::LawError, estimate, prelude::*};
/// // P(X > 1) of a normal law: the derivative in the mean is φ(1)
/// let above = program!(|[mean]: [S; 1], chance| -> Result<S, LawError> {
///     let x = chance.draw(&Normal::new(mean, S::from(1.0))?);
///     Ok(S::from(if x.re() > 1.0 { 1.0 } else { 0.0 }))
/// });
/// let e = estimate::likelihood_ratio([0.0], above).run_seed(1).unwrap();
/// assert!((e.gradient[0] - 0.24197072451914337).abs() < 5.0 * e.gradient_se[0]);
/// ```
pub fn likelihood_ratio<P: Program<Theta = [f64; N]>, const N: usize>(
    theta: [f64; N],
    program: P,
) -> Estimator<LikelihoodRatio<Jet<f64, N>, N, P>> {
    Estimator::new(LikelihoodRatio { theta, program, baseline: OfPilot::NONE, kind: PhantomData })
}

/// [`likelihood_ratio`] with the Hessian as well.
///
/// ```
/// use reparam::{distr::LawError, estimate, prelude::*};
/// let above = program!(|[mean]: [S; 1], chance| -> Result<S, LawError> {
///     let x = chance.draw(&Normal::new(mean, S::from(1.0))?);
///     Ok(S::from(if x.re() > 1.0 { 1.0 } else { 0.0 }))
/// });
/// let e = estimate::likelihood_ratio_hessian([0.0], above).run_seed(1).unwrap();
/// // -φ'(1)
/// assert!((e.hessian[0][0] - 0.24197072451914337).abs() < 5.0 * e.hessian_se[0][0]);
/// ```
pub fn likelihood_ratio_hessian<P: Program<Theta = [f64; N]>, const N: usize>(
    theta: [f64; N],
    program: P,
) -> Estimator<LikelihoodRatio<Jet<Jet<f64, N>, N>, N, P>> {
    Estimator::new(LikelihoodRatio { theta, program, baseline: OfPilot::NONE, kind: PhantomData })
}

/// A program with draws and choices by their scores: see [`likelihood_ratio`].
#[derive(Clone)]
pub struct LikelihoodRatio<S, const N: usize, P: Program> {
    theta: [f64; N],
    program: P,
    /// Mean results of a pilot, which scores are relative to.
    baseline: OfPilot<ResultsOf<P>, f64>,
    kind: PhantomData<fn() -> S>,
}

/// One run with draws and choices by their scores.
#[inline(always)]
fn by_scores<P: Program, S: Scalar>(
    program: &P,
    theta: &ParametersOf<P, S>,
    baseline: &OfPilot<ResultsOf<P>, f64>,
    sample: u64,
    seeds: Seeds,
) -> Result<ValuesOf<P, S>, EstimateError<ErrorOf<P>>> {
    let plain = Plain::with_limit(Stream::at(seeds.of(sample)), seeds.limit);
    let mut chance = ByScore::new(Watched::new(plain, Scores::new()));
    let result = P::Output::result(program.run(theta, &mut chance));
    let f = EstimateError::of_sample(sample, seeds.seed, Chance::<S>::fault(&chance), result)?;
    if let Some(choice) = chance.inner.observer.blind() {
        return Err(EstimateError::EmptyCell { sample, seed: seeds.seed, choice });
    }
    let weight = chance.weight() * chance.inner.observer.weight();
    let mut k = 0;
    Ok(ResultsOf::<P>::map(&f, |f: &S| {
        let b = baseline.get(k);
        k += 1;
        (*f - b) * weight + b
    }))
}

impl<S, const N: usize, P: Program> Sealed for LikelihoodRatio<S, N, P> {}

impl<S: Order<N>, const N: usize, P: Program<Theta = [f64; N]>> Sampler for LikelihoodRatio<S, N, P> {
    type Values = ResultsOf<P>;
    type Number = S;
    type Error = ErrorOf<P>;
    type Estimate = S::Estimate<ResultsOf<P>>;
    type State = ();

    fn parameters(&self) -> &[f64] {
        &self.theta
    }

    fn learn(&mut self, batches: u64, seeds: Seeds) -> Result<(), EstimateError<ErrorOf<P>>> {
        self.baseline = OfPilot::from_runs(&self.program, &self.theta, seeds, batches)?;
        Ok(())
    }

    fn start(&self, _: u64, _: Seeds) {}

    #[inline(always)]
    fn batch_mean(&self, (): &mut (), sample: u64, seeds: Seeds) -> Result<ValuesOf<P, S>, EstimateError<ErrorOf<P>>> {
        by_scores::<P, S>(&self.program, &S::variables(self.theta), &self.baseline, sample, seeds)
    }

    fn estimate(&self, moments: &Moments<ResultsOf<P>, S>) -> Self::Estimate {
        noted::<P, S, N>(&self.program, &self.theta, moments)
    }
}

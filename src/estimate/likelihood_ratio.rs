//! Draws by their scores: likelihood ratios.

use super::error::EstimateError;
use super::estimator::{Estimator, Seeds};
use super::pilot::OfPilot;
use super::relative::{Relative, Way, relative};
#[cfg(feature = "alloc")]
use super::relative::{RelativeDyn, relative_dyn};
use crate::distr::Kept;
use crate::program::{
    ByScore, Chance, ErrorOf, Outcome, ParametersOf, Plain, Program, ResultsOf, Scores, Stream, Values, ValuesOf,
    Watched,
};
use crate::scalar::{Jet, Scalar};

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
    relative(theta, program)
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
    relative(theta, program)
}

/// [`likelihood_ratio`] at any number of parameters: one run for every chunk of eight.
///
/// * Needs, bias, variance, when: as [`likelihood_ratio`].
/// * Cost: N/8 runs in jets a sample, and as many densities for each draw.
///
/// ```
/// use reparam::{distr::LawError, estimate, prelude::*};
/// // how many of twelve normal variables are above 1: the derivative in each mean is φ(1)
/// let above = program!(|means: &[S], chance| -> Result<S, LawError> {
///     let mut count = 0.0;
///     for mean in means {
///         let x = chance.draw(&Normal::new(*mean, S::from(1.0))?);
///         count += if x.re() > 1.0 { 1.0 } else { 0.0 };
///     }
///     Ok(S::from(count))
/// });
/// let e = estimate::likelihood_ratio_dyn(&[0.0; 12], above).run_seed(1).unwrap();
/// assert!((e.gradient[11] - 0.24197072451914337).abs() < 5.0 * e.gradient_se[11]);
/// ```
#[cfg(feature = "alloc")]
pub fn likelihood_ratio_dyn<P: Program<Theta = [f64]>>(
    theta: &[f64],
    program: P,
) -> Estimator<LikelihoodRatioDyn<'_, P>> {
    relative_dyn(theta, program)
}

/// With draws and choices by their scores: see [`likelihood_ratio`].
#[derive(Clone, Copy, Debug)]
pub struct DrawsByScores;

/// A program with draws and choices by their scores: see [`likelihood_ratio`].
pub type LikelihoodRatio<S, const N: usize, P> = Relative<DrawsByScores, S, N, P>;

/// A program with draws and choices by their scores at any number of parameters: see [`likelihood_ratio_dyn`].
#[cfg(feature = "alloc")]
pub type LikelihoodRatioDyn<'a, P> = RelativeDyn<'a, DrawsByScores, P>;

impl Way for DrawsByScores {
    const DRAWS_BY_SCORES: bool = true;

    #[inline(always)]
    fn mean<P: Program, S: Scalar>(
        program: &P,
        theta: &ParametersOf<P, S>,
        (baseline, _): (&OfPilot<ResultsOf<P>, f64>, &Kept),
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
}

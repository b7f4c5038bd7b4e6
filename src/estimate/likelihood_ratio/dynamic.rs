//! Draws by their scores at a number of parameters known at run time.

use super::by_scores;
use crate::estimate::chunks::{CHUNK, Chunk, constants, in_chunk, in_chunks};
use crate::estimate::components::Component;
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::{Estimator, Sampler, Seeds, sealed::Sealed};
use crate::estimate::flat::{self, FlatEstimate};
use crate::estimate::moments::Moments;
use crate::estimate::pilot::{OfPilot, note_what_scores_miss};
use crate::program::{ErrorOf, Program, ResultsOf};
use alloc::vec::Vec;

/// [`likelihood_ratio`](super::likelihood_ratio) at any number of parameters: one run for every chunk of eight.
///
/// * Needs, bias, variance, when: as [`likelihood_ratio`](super::likelihood_ratio).
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
pub fn likelihood_ratio_dyn<P: Program<Theta = [f64]>>(
    theta: &[f64],
    program: P,
) -> Estimator<LikelihoodRatioDyn<'_, P>> {
    Estimator::new(LikelihoodRatioDyn { theta, program, baseline: OfPilot::NONE })
}

/// A program with draws and choices by their scores at any number of parameters: see [`likelihood_ratio_dyn`].
#[derive(Clone)]
pub struct LikelihoodRatioDyn<'a, P: Program> {
    theta: &'a [f64],
    program: P,
    /// Mean results of a pilot, which scores are relative to.
    baseline: OfPilot<ResultsOf<P>, f64>,
}

impl<P: Program> Sealed for LikelihoodRatioDyn<'_, P> {}

impl<P: Program<Theta = [f64]>> Sampler for LikelihoodRatioDyn<'_, P> {
    type Values = Vec<f64>;
    type Number = f64;
    type Error = ErrorOf<P>;
    type Estimate = FlatEstimate<ResultsOf<P>>;
    /// The parameters as jets.
    type State = Vec<Chunk>;

    fn parameters(&self) -> &[f64] {
        self.theta
    }

    fn learn(&mut self, batches: u64, seeds: Seeds) -> Result<(), EstimateError<ErrorOf<P>>> {
        self.baseline = OfPilot::from_runs(&self.program, self.theta, seeds, batches)?;
        Ok(())
    }

    fn start(&self, _: u64, _: Seeds) -> Vec<Chunk> {
        constants(self.theta)
    }

    fn batch_mean(
        &self,
        jets: &mut Vec<Chunk>,
        sample: u64,
        seeds: Seeds,
    ) -> Result<Vec<f64>, EstimateError<ErrorOf<P>>> {
        let run = |theta: &[Chunk]| by_scores::<P, Chunk>(&self.program, theta, &self.baseline, sample, seeds);
        Ok(in_chunks::<ResultsOf<P>, _>(jets, sample, run)?.numbers)
    }

    fn locate(&self, k: usize, _: Component) -> (usize, Component) {
        flat::locate(k, self.theta.len())
    }

    fn estimate(&self, moments: &Moments<Vec<f64>, f64>) -> Self::Estimate {
        let mut e = flat::of_drawn::<ResultsOf<P>>(moments, self.theta.len(), 1);
        let mut jets = constants(self.theta);
        for first in (0..jets.len()).step_by(CHUNK) {
            let look = |theta: &[Chunk]| note_what_scores_miss::<P, Chunk>(&self.program, theta, &mut e.notes);
            in_chunk(&mut jets, first, look);
        }
        e
    }
}

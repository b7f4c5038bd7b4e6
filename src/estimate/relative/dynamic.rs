//! The same at a number of parameters known at run time: one run for every chunk of eight.

use super::{Way, learned};
use crate::distr::Kept;
use crate::estimate::chunks::{CHUNK, Chunk, constants, in_chunk, in_chunks};
use crate::estimate::components::Component;
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::{Estimator, Sampler, Seeds, sealed::Sealed};
use crate::estimate::flat::{self, FlatEstimate};
use crate::estimate::moments::Moments;
use crate::estimate::pilot::{OfPilot, note_what_scores_miss};
use crate::program::{ErrorOf, Program, ResultsOf};
use alloc::vec::Vec;
use core::marker::PhantomData;

/// A program at any number of parameters, run in one of these ways.
#[derive(Clone)]
pub struct RelativeDyn<'a, W, P: Program> {
    theta: &'a [f64],
    program: P,
    /// Mean results of a pilot, which scores are relative to.
    baseline: OfPilot<ResultsOf<P>, f64>,
    /// Tables of the laws that the pilot drew often.
    laws: Kept,
    kind: PhantomData<fn() -> W>,
}

pub(in super::super) fn relative_dyn<W: Way, P: Program<Theta = [f64]>>(
    theta: &[f64],
    program: P,
) -> Estimator<RelativeDyn<'_, W, P>> {
    Estimator::new(RelativeDyn { theta, program, baseline: OfPilot::NONE, laws: Kept::default(), kind: PhantomData })
}

impl<W, P: Program> Sealed for RelativeDyn<'_, W, P> {}

impl<W: Way, P: Program<Theta = [f64]>> Sampler for RelativeDyn<'_, W, P> {
    type Values = Vec<f64>;
    type Number = f64;
    type Error = ErrorOf<P>;
    type Estimate = FlatEstimate<ResultsOf<P>>;
    /// The parameters as jets.
    type State = Vec<Chunk>;

    fn parameters(&self) -> &[f64] {
        self.theta
    }

    fn batch(&self) -> u64 {
        W::BATCH
    }

    fn learn(&mut self, batches: u64, seeds: Seeds) -> Result<(), EstimateError<ErrorOf<P>>> {
        (self.baseline, self.laws) = learned::<W, P>(&self.program, self.theta, seeds, batches)?;
        Ok(())
    }

    fn start(&self, _: u64, _: Seeds) -> Vec<Chunk> {
        constants(self.theta)
    }

    fn batch_mean(
        &self,
        jets: &mut Vec<Chunk>,
        first: u64,
        seeds: Seeds,
    ) -> Result<Vec<f64>, EstimateError<ErrorOf<P>>> {
        let run =
            |theta: &[Chunk]| W::mean::<P, Chunk>(&self.program, theta, (&self.baseline, &self.laws), first, seeds);
        Ok(in_chunks::<ResultsOf<P>, _>(jets, first, run)?.numbers)
    }

    fn locate(&self, k: usize, _: Component) -> (usize, Component) {
        flat::locate(k, self.theta.len())
    }

    fn estimate(&self, moments: &Moments<Vec<f64>, f64>) -> Self::Estimate {
        let n = self.theta.len();
        if !W::DRAWS_BY_SCORES {
            return flat::estimate::<ResultsOf<P>>(moments, n, W::BATCH);
        }
        let mut e = flat::of_drawn::<ResultsOf<P>>(moments, n, W::BATCH);
        let mut jets = constants(self.theta);
        for first in (0..n).step_by(CHUNK) {
            let look = |theta: &[Chunk]| note_what_scores_miss::<P, Chunk>(&self.program, theta, &mut e.notes);
            in_chunk(&mut jets, first, look);
        }
        e
    }
}

//! Pairs of runs on mirrored noise at a number of parameters known at run time.

use super::mirror;
use crate::estimate::chunks::{Chunk, constants, in_chunks};
use crate::estimate::components::Component;
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::{Estimator, Sampler, Seeds, sealed::Sealed};
use crate::estimate::flat::{self, FlatEstimate};
use crate::estimate::moments::Moments;
use crate::estimate::pilot::{OfPilot, weighted};
use crate::program::{ErrorOf, Program, ResultsOf};
use alloc::vec::Vec;

/// [`antithetic`](super::antithetic) at any number of parameters: each run of a pair is one for every chunk of eight.
///
/// * Needs, bias, variance, standard errors, when: as [`antithetic`](super::antithetic).
/// * Cost: N/8 runs in jets in place of each.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// let f = program!(|m: &[S], chance| -> S {
///     m.iter().fold(S::from(0.0), |sum, m| sum + (*m + chance.normal() * 0.2).exp())
/// });
/// let e = estimate::antithetic_dyn(&[0.1; 20], f).run_seed(1).unwrap();
/// let plain = estimate::pathwise_program_dyn(&[0.1; 20], f).run_seed(1).unwrap();
/// assert!((e.gradient[19] - 0.12f64.exp()).abs() < 5.0 * e.gradient_se[19]);
/// assert!(e.gradient_se[19] < 0.3 * plain.gradient_se[19]);
/// ```
pub fn antithetic_dyn<P: Program<Theta = [f64]>>(theta: &[f64], program: P) -> Estimator<AntitheticDyn<'_, P>> {
    Estimator::new(AntitheticDyn { theta, program, baseline: OfPilot::NONE })
}

/// A program in pairs on mirrored noise at any number of parameters: see [`antithetic_dyn`].
#[derive(Clone)]
pub struct AntitheticDyn<'a, P: Program> {
    theta: &'a [f64],
    program: P,
    /// Mean results of a pilot, which scores are relative to.
    baseline: OfPilot<ResultsOf<P>, f64>,
}

impl<P: Program> Sealed for AntitheticDyn<'_, P> {}

impl<P: Program<Theta = [f64]>> Sampler for AntitheticDyn<'_, P> {
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
        2
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
        first: u64,
        seeds: Seeds,
    ) -> Result<Vec<f64>, EstimateError<ErrorOf<P>>> {
        let mut run = |mirrored| {
            in_chunks::<ResultsOf<P>, _>(jets, first, |theta| {
                let chance = mirror(first, mirrored, seeds);
                weighted::<P, Chunk, _>(&self.program, theta, chance, &self.baseline, first, seeds.seed)
            })
        };
        let (mut one, other) = (run(false)?, run(true)?);
        let (expected, found) = (one.results(), other.results());
        if expected != found {
            return Err(EstimateError::Results { sample: first + 1, expected, found });
        }
        one.numbers.iter_mut().zip(&other.numbers).for_each(|(x, y)| *x = (*x + y) * 0.5);
        Ok(one.numbers)
    }

    fn locate(&self, k: usize, _: Component) -> (usize, Component) {
        flat::locate(k, self.theta.len())
    }

    fn estimate(&self, moments: &Moments<Vec<f64>, f64>) -> Self::Estimate {
        flat::estimate::<ResultsOf<P>>(moments, self.theta.len(), 2)
    }
}

//! Programs whose samples are made relative to the mean results of a pilot.

#[cfg(feature = "alloc")]
mod dynamic;

#[cfg(feature = "alloc")]
pub use dynamic::RelativeDyn;
#[cfg(feature = "alloc")]
pub(super) use dynamic::relative_dyn;

use super::error::EstimateError;
use super::estimator::{Estimator, Sampler, Seeds, sealed::Sealed};
use super::moments::Moments;
use super::pilot::{OfPilot, noted};
use super::report::Order;
use crate::distr::Kept;
#[cfg(feature = "alloc")]
use crate::distr::What;
use crate::program::{ErrorOf, ParametersOf, Program, ResultsOf, ValuesOf};
use crate::scalar::Scalar;
use core::marker::PhantomData;

/// How samples are made.
pub trait Way: Clone {
    /// The number of samples that are made together.
    const BATCH: u64 = 1;

    /// Whether scores see all that a jump or a kink says: then what they miss is looked for.
    const DRAWS_BY_SCORES: bool = false;

    /// Whether draws are by quantiles, which tables save much of.
    const BY_QUANTILES: bool = false;

    /// The mean of the samples that are made together, whose first is this one.
    fn mean<P: Program, S: Scalar>(
        program: &P,
        theta: &ParametersOf<P, S>,
        learned: (&OfPilot<ResultsOf<P>, f64>, &Kept),
        first: u64,
        seeds: Seeds,
    ) -> Result<ValuesOf<P, S>, EstimateError<ErrorOf<P>>>;
}

/// What a pilot says: mean results, and tables of laws.
fn learned<W: Way, P: Program>(
    program: &P,
    theta: &ParametersOf<P, f64>,
    seeds: Seeds,
    batches: u64,
) -> Result<(OfPilot<ResultsOf<P>, f64>, Kept), EstimateError<ErrorOf<P>>> {
    let mut laws = Kept::default();
    #[cfg(feature = "alloc")]
    if W::BY_QUANTILES {
        laws = Kept::counted();
    }
    let baseline = OfPilot::from_counted_runs(program, theta, seeds, batches, &mut laws)?;
    #[cfg(feature = "alloc")]
    {
        laws = laws.learned(What::Quantiles, OfPilot::<ResultsOf<P>, f64>::runs(batches), batches * W::BATCH);
    }
    Ok((baseline, laws))
}

/// A program, run in one of these ways.
#[derive(Clone)]
pub struct Relative<W, S, const N: usize, P: Program> {
    theta: [f64; N],
    program: P,
    /// Mean results of a pilot, which scores are relative to.
    baseline: OfPilot<ResultsOf<P>, f64>,
    /// Tables of the laws that the pilot drew often.
    laws: Kept,
    kind: PhantomData<fn() -> (W, S)>,
}

pub(super) fn relative<W: Way, S: Order<N>, P: Program<Theta = [f64; N]>, const N: usize>(
    theta: [f64; N],
    program: P,
) -> Estimator<Relative<W, S, N, P>> {
    Estimator::new(Relative { theta, program, baseline: OfPilot::NONE, laws: Kept::default(), kind: PhantomData })
}

impl<W, S, const N: usize, P: Program> Sealed for Relative<W, S, N, P> {}

impl<W: Way, S: Order<N>, const N: usize, P: Program<Theta = [f64; N]>> Sampler for Relative<W, S, N, P> {
    type Values = ResultsOf<P>;
    type Number = S;
    type Error = ErrorOf<P>;
    type Estimate = S::Estimate<ResultsOf<P>>;
    type State = ();

    fn parameters(&self) -> &[f64] {
        &self.theta
    }

    fn batch(&self) -> u64 {
        W::BATCH
    }

    fn learn(&mut self, batches: u64, seeds: Seeds) -> Result<(), EstimateError<ErrorOf<P>>> {
        (self.baseline, self.laws) = learned::<W, P>(&self.program, &self.theta, seeds, batches)?;
        Ok(())
    }

    fn start(&self, _: u64, _: Seeds) {}

    #[inline(always)]
    fn batch_mean(&self, (): &mut (), first: u64, seeds: Seeds) -> Result<ValuesOf<P, S>, EstimateError<ErrorOf<P>>> {
        W::mean::<P, S>(&self.program, &S::variables(self.theta), (&self.baseline, &self.laws), first, seeds)
    }

    fn estimate(&self, moments: &Moments<ResultsOf<P>, S>) -> Self::Estimate {
        if W::DRAWS_BY_SCORES {
            noted::<P, S, N>(&self.program, &self.theta, moments)
        } else {
            S::estimate(moments, W::BATCH)
        }
    }
}

//! Pairs of runs on mirrored noise.

#[cfg(feature = "alloc")]
mod dynamic;

#[cfg(feature = "alloc")]
pub use dynamic::{AntitheticDyn, antithetic_dyn};

use super::error::EstimateError;
use super::estimator::{Estimator, Sampler, Seeds, sealed::Sealed};
use super::moments::Moments;
use super::pilot::{OfPilot, weighted};
use super::report::Order;
use crate::program::{Antithetic as Mirror, ErrorOf, Program, ResultsOf, Stream, Values, ValuesOf};
use crate::scalar::Jet;
use core::marker::PhantomData;

/// The value and gradient of a program by pairs of runs on mirrored noise: u and 1 - u, z and -z. Their mean is one
/// observation, and choices enter by their scores.
///
/// * Needs: draws by quantile; programs that draw the same things in the same order, mostly.
/// * Bias: none.
/// * Variance: (1 + ρ) times that of as many plain runs, ρ the correlation within a pair: 0 for results that are odd
///   in the noise, a half and less for monotone ones, up to twice as much for even ones (a square, a straddle; the
///   derivative in a standard deviation of a monotone result is nearly even, too).
/// * Standard errors: of the means of pairs; 95 % intervals cover in 93 to 95 %, for skewed pairs (a call's delta) in
///   92 at 50 of them.
/// * Cost: two runs a pair; laws without a closed quantile cost more than their samplers.
/// * When: monotone results, and derivatives that are odd in the noise (a delta: 3 to 10 times). Where it works
///   [`quasi`](super::quasi) works better, if the draws are few.
///
/// Source: Hammersley & Morton 1956; Glasserman 2003, *Monte Carlo Methods in Financial Engineering*, §4.2.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// let f = program!(|[m, s]: [S; 2], chance| -> S { (m + s * chance.normal()).exp() });
/// let e = estimate::antithetic([0.1, 0.2], f).run_seed(1).unwrap();
/// let plain = estimate::pathwise_program([0.1, 0.2], f).run_seed(1).unwrap();
/// assert!((e.gradient[0] - 0.12f64.exp()).abs() < 5.0 * e.gradient_se[0]);
/// assert!(e.gradient_se[0] < 0.3 * plain.gradient_se[0]);
/// assert_eq!((e.samples, e.observations), (10_000, 5000));
/// ```
pub fn antithetic<P: Program<Theta = [f64; N]>, const N: usize>(
    theta: [f64; N],
    program: P,
) -> Estimator<Antithetic<Jet<f64, N>, N, P>> {
    Estimator::new(Antithetic { theta, program, baseline: OfPilot::NONE, kind: PhantomData })
}

/// [`antithetic`] with the Hessian as well.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// let f = program!(|[s]: [S; 1], chance| -> S { (s * chance.normal()).exp() });
/// let e = estimate::antithetic_hessian([0.5], f).run_seed(1).unwrap();
/// // e^(s²/2) (1 + s²)
/// assert!((e.hessian[0][0] - 1.25 * 0.125f64.exp()).abs() < 5.0 * e.hessian_se[0][0]);
/// ```
pub fn antithetic_hessian<P: Program<Theta = [f64; N]>, const N: usize>(
    theta: [f64; N],
    program: P,
) -> Estimator<Antithetic<Jet<Jet<f64, N>, N>, N, P>> {
    Estimator::new(Antithetic { theta, program, baseline: OfPilot::NONE, kind: PhantomData })
}

/// A program in pairs on mirrored noise: see [`antithetic`].
#[derive(Clone)]
pub struct Antithetic<S, const N: usize, P: Program> {
    theta: [f64; N],
    program: P,
    /// Mean results of a pilot, which scores are relative to.
    baseline: OfPilot<ResultsOf<P>, f64>,
    kind: PhantomData<fn() -> S>,
}

impl<S, const N: usize, P: Program> Sealed for Antithetic<S, N, P> {}

impl<S: Order<N>, const N: usize, P: Program<Theta = [f64; N]>> Sampler for Antithetic<S, N, P> {
    type Values = ResultsOf<P>;
    type Number = S;
    type Error = ErrorOf<P>;
    type Estimate = S::Estimate<ResultsOf<P>>;
    type State = ();

    fn parameters(&self) -> &[f64] {
        &self.theta
    }

    fn batch(&self) -> u64 {
        2
    }

    fn learn(&mut self, batches: u64, seeds: Seeds) -> Result<(), EstimateError<ErrorOf<P>>> {
        self.baseline = OfPilot::from_runs(&self.program, &self.theta, seeds, batches)?;
        Ok(())
    }

    fn start(&self, _: u64, _: Seeds) {}

    #[inline(always)]
    fn batch_mean(&self, (): &mut (), first: u64, seeds: Seeds) -> Result<ValuesOf<P, S>, EstimateError<ErrorOf<P>>> {
        let theta = S::variables(self.theta);
        let run = |mirrored| {
            let chance = mirror(first, mirrored, seeds);
            weighted::<P, S, _>(&self.program, &theta, chance, &self.baseline, first, seeds.seed)
        };
        let (one, other) = (run(false)?, run(true)?);
        let others: &[S] = ResultsOf::<P>::slice(&other);
        let expected = ResultsOf::<P>::slice::<S>(&one).len();
        if others.len() != expected {
            return Err(EstimateError::Results { sample: first + 1, expected, found: others.len() });
        }
        let mut k = 0;
        Ok(ResultsOf::<P>::map(&one, |x: &S| {
            k += 1;
            (*x + others[k - 1]) * 0.5
        }))
    }

    fn estimate(&self, moments: &Moments<ResultsOf<P>, S>) -> Self::Estimate {
        S::estimate(moments, 2)
    }
}

/// The handle of one run of a pair.
#[inline(always)]
fn mirror(first: u64, mirrored: bool, seeds: Seeds) -> Mirror<Stream> {
    Mirror::with_limit(Stream::at(seeds.of(first)), mirrored, seeds.limit)
}

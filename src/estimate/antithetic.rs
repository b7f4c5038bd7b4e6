//! Pairs of runs on mirrored noise.

use super::error::EstimateError;
use super::estimator::{Estimator, Seeds};
use super::pilot::{OfPilot, weighted};
use super::relative::{Relative, Way, relative};
#[cfg(feature = "alloc")]
use super::relative::{RelativeDyn, relative_dyn};
use crate::distr::Kept;
use crate::program::{Antithetic as Mirror, ErrorOf, ParametersOf, Program, ResultsOf, Stream, Values, ValuesOf};
use crate::scalar::{Jet, Scalar};

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
/// * Cost: two runs a pair; laws without a closed quantile cost more than their samplers. Gamma, beta, Student's t and
///   von Mises laws and what is made of them are drawn from tables, in about the time of a random draw, where the same
///   shapes come often enough, which the runs beforehand say.
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
    relative(theta, program)
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
    relative(theta, program)
}

/// [`antithetic`] at any number of parameters: each run of a pair is one for every chunk of eight.
///
/// * Needs, bias, variance, standard errors, when: as [`antithetic`].
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
#[cfg(feature = "alloc")]
pub fn antithetic_dyn<P: Program<Theta = [f64]>>(theta: &[f64], program: P) -> Estimator<AntitheticDyn<'_, P>> {
    relative_dyn(theta, program)
}

/// In pairs on mirrored noise: see [`antithetic`].
#[derive(Clone, Copy, Debug)]
pub struct Mirrored;

/// A program in pairs on mirrored noise: see [`antithetic`].
pub type Antithetic<S, const N: usize, P> = Relative<Mirrored, S, N, P>;

/// A program in pairs on mirrored noise at any number of parameters: see [`antithetic_dyn`].
#[cfg(feature = "alloc")]
pub type AntitheticDyn<'a, P> = RelativeDyn<'a, Mirrored, P>;

impl Way for Mirrored {
    const BATCH: u64 = 2;
    const BY_QUANTILES: bool = true;

    #[inline(always)]
    fn mean<P: Program, S: Scalar>(
        program: &P,
        theta: &ParametersOf<P, S>,
        (baseline, laws): (&OfPilot<ResultsOf<P>, f64>, &Kept),
        first: u64,
        seeds: Seeds,
    ) -> Result<ValuesOf<P, S>, EstimateError<ErrorOf<P>>> {
        let run = |mirrored| {
            let chance = Mirror::with_laws(Stream::at(seeds.of(first)), mirrored, seeds.limit, laws.lent());
            weighted::<P, S, _>(program, theta, chance, baseline, first, seeds.seed)
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
}

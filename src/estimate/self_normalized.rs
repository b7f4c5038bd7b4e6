//! Importance sampling by weights whose mean need not be known.

use super::choices::{Baseline, score};
use super::error::EstimateError;
use super::estimator::{DEFAULT_SAMPLES, Estimator, Sampler, Seeds, finite_parameters};
use super::function::{Moved, OfExpectations};
use super::report::Estimate;
use crate::program::{Chance, ErrorOf, MOST_CHOICES, Outcome, ParametersOf, Plain, Program, Stream};
use crate::scalar::{Jet, Scalar, math};
use core::fmt;
use rand::Rng;

/// E\[w f\]/E\[w\] with its gradient, for a program that returns f and ln w: an expectation under a law that is known
/// up to a constant, or drawn from at a distance.
///
/// * Needs: a finite variance of w f and w. Draws from another law:
///   [`Chance::draw_from`].
/// * Bias: that of order 1/n, -Cov(w, f - ratio)/E\[w\]² over n, is estimated and subtracted: of order 1/n² then. With
///   weights of known mean 1 the plain mean of w f has none, and less variance where f is near 0 for most.
/// * Variance: that of w (f - ratio)/E\[w\], over n.
/// * Standard errors: by the delta method; for a tilted normal law 95 % intervals cover in 93 (value) and 86 %
///   (derivative in the tilt, a variance) at 100 samples, in 95 and 93 % at 1000.
/// * The effective sample size (Σ w)²/Σ w² is reported: below a tenth of the samples, a few weights decide, and where
///   it is some tens, errors are not to be trusted either ([`Effective`]).
/// * Cost: all samples are made twice, and 256 of a pilot.
/// * When: posteriors, rare events, one run for many parameters.
///
/// Source: Hesterberg 1995; Owen 2013, *Monte Carlo theory, methods and examples*, §9.2, 9.3; Kong 1992.
///
/// ```
/// use reparam::{distr::LawError, estimate, prelude::*};
/// // the mean of a normal law around m, tilted by e^(x/2): m + 1/2, from draws around 0
/// let f = program!(|[m]: [S; 1], chance| -> Result<[S; 2], LawError> {
///     let (law, other) = (Normal::new(m, S::from(1.0))?, Normal::new(S::from(0.0), S::from(1.5))?);
///     let (x, ln_weight) = chance.draw_from(&other, &law);
///     Ok([x, ln_weight + x * 0.5])
/// });
/// let e = estimate::self_normalized([0.2], f).run_seed(1).unwrap();
/// assert!((e.estimate.value - 0.7).abs() < 5.0 * e.estimate.value_se);
/// assert!((e.estimate.gradient[0] - 1.0).abs() < 5.0 * e.estimate.gradient_se[0]);
/// assert!(e.size > 4000.0 && e.size < 10_000.0);
/// ```
pub fn self_normalized<P, const N: usize>(theta: [f64; N], program: P) -> SelfNormalized<P, N>
where
    P: Program<Theta = [f64; N]>,
    P::Output: Outcome<Values = [f64; 2]>,
{
    SelfNormalized { theta, program, samples: DEFAULT_SAMPLES, choices: MOST_CHOICES }
}

/// A ratio of weighted means, about to be estimated: see [`self_normalized`].
#[must_use = "nothing is estimated until it is run"]
#[derive(Clone, Debug)]
pub struct SelfNormalized<P, const N: usize> {
    theta: [f64; N],
    program: P,
    samples: u64,
    choices: u64,
}

/// An estimate by weights, and how many samples of equal weight it is worth.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Effective<const N: usize> {
    /// The estimate.
    pub estimate: Estimate<[f64; N]>,
    /// (Σ w)²/Σ w²: between 1 and the number of samples.
    pub size: f64,
}

/// Of a program that returns f and ln w: w (f - centre), w and w², with weights relative to e^shift.
#[derive(Clone, Copy)]
struct Weighed<'a, P> {
    program: &'a P,
    centre: f64,
    shift: f64,
}

impl<P: Program> Program for Weighed<'_, P>
where
    P::Output: Outcome<Values = [f64; 2]>,
{
    type Theta = P::Theta;
    type Output = Result<[f64; 3], ErrorOf<P>>;

    #[inline(always)]
    fn run<S: Scalar, C: Chance<S>>(&self, theta: &ParametersOf<P, S>, chance: &mut C) -> Result<[S; 3], ErrorOf<P>> {
        let [f, ln_weight]: [S; 2] = P::Output::result(self.program.run(theta, chance))?;
        let weight = (ln_weight - self.shift).exp();
        Ok([weight * (f - self.centre), weight, weight * weight])
    }
}

/// The runs of the pilot.
const PILOT: u64 = 256;

/// The effective size below which errors are not to be trusted.
const FEW: f64 = 100.0;

/// What is estimated, or why it is not.
type Estimated<P, const N: usize> = Result<Effective<N>, EstimateError<ErrorOf<P>>>;

impl<P: Program<Theta = [f64; N]>, const N: usize> SelfNormalized<P, N>
where
    P::Output: Outcome<Values = [f64; 2]>,
{
    /// The number of samples, [`DEFAULT_SAMPLES`] otherwise.
    pub fn samples(self, samples: u64) -> Self {
        SelfNormalized { samples, ..self }
    }

    /// The number of choices that a run may make: see [`Estimator::choices`].
    pub fn choices(self, most: u64) -> Self {
        SelfNormalized { choices: most, ..self }
    }

    /// The estimate, with one number of `rng` as the seed.
    ///
    /// # Errors
    /// Those of [`Estimator::run`]; also if all weights are 0.
    pub fn run<R: Rng + ?Sized>(self, rng: &mut R) -> Estimated<P, N> {
        self.run_seed(rng.next_u64())
    }

    /// The estimate with this seed.
    ///
    /// # Errors
    /// Those of [`SelfNormalized::run`].
    pub fn run_seed(self, seed: u64) -> Estimated<P, N> {
        let program = self.weighed(seed)?;
        let estimator = score(self.theta, &program).baseline(Baseline::Constant(0.0));
        let e = ratio(estimator.samples(self.samples).choices(self.choices)).run_seed(seed)?;
        Ok(effective(&e, program.centre))
    }

    /// The same on the threads of rayon's current pool, bit for bit.
    ///
    /// # Errors
    /// Those of [`SelfNormalized::run`].
    #[cfg(feature = "rayon")]
    pub fn par_run_seed(self, seed: u64) -> Estimated<P, N>
    where
        P: Sync,
        ErrorOf<P>: Send,
    {
        let program = self.weighed(seed)?;
        let estimator = score(self.theta, &program).baseline(Baseline::Constant(0.0));
        let e = ratio(estimator.samples(self.samples).choices(self.choices)).par_run_seed(seed)?;
        Ok(effective(&e, program.centre))
    }

    /// The program to be averaged, relative to the weighted mean and the mean weight of a pilot.
    fn weighed(&self, seed: u64) -> Result<Weighed<'_, P>, EstimateError<ErrorOf<P>>> {
        finite_parameters(&self.theta)?;
        let seeds = Seeds::new(seed).aside();
        let (mut largest, mut sum, mut of_f) = (f64::NEG_INFINITY, 0.0, 0.0);
        for sample in 0..PILOT {
            let mut chance = Plain::with_limit(Stream::at(seeds.of(sample)), self.choices);
            let result = P::Output::result(self.program.run::<f64, _>(&self.theta, &mut chance));
            let [f, ln_weight]: [f64; 2] =
                EstimateError::of_sample(sample, seed, Chance::<f64>::fault(&chance), result)?;
            if ln_weight > largest {
                let less = math::exp(largest - ln_weight);
                (sum, of_f, largest) = (sum * less, of_f * less, ln_weight);
            }
            if ln_weight > f64::NEG_INFINITY {
                let weight = math::exp(ln_weight - largest);
                (sum, of_f) = (sum + weight, of_f + weight * f);
            }
        }
        let (centre, shift) = (of_f / sum, largest + math::ln(sum / PILOT as f64));
        let finite = |x: f64| if x.is_finite() { x } else { 0.0 };
        Ok(Weighed { program: &self.program, centre: finite(centre), shift: finite(shift) })
    }
}

/// The ratio of the first two means, and the square of the second over the third.
fn ratio<M, const N: usize>(
    estimator: Estimator<M>,
) -> OfExpectations<M, impl Fn(&[Moved<N>; 3]) -> [Moved<N>; 2] + Clone + Sync>
where
    M: Sampler<Number = Jet<f64, N>, Values = [f64; 3]>,
{
    estimator.function(|[of_f, weight, square]: &[Moved<N>; 3]| [*of_f / *weight, *weight * *weight / *square])
}

fn effective<const N: usize>(e: &Estimate<[[f64; N]; 2], [f64; 2]>, centre: f64) -> Effective<N> {
    let n = e.observations as f64;
    let estimate = Estimate {
        samples: e.samples,
        observations: e.observations,
        value: e.value[0] + centre,
        value_se: e.value_se[0],
        gradient: e.gradient[0],
        gradient_se: e.gradient_se[0],
        notes: e.notes,
    };
    Effective { estimate, size: (n * e.value[1]).clamp(1.0, n) }
}

impl<const N: usize> fmt::Display for Effective<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = 100.0 * self.size / self.estimate.observations as f64;
        write!(f, "{}\neffective samples: {:.0} ({percent:.1} %)", self.estimate, self.size)?;
        if self.size < FEW {
            f.write_str("\nnote: a few weights decide: draw from a law that is nearer")?;
        }
        Ok(())
    }
}

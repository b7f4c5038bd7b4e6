//! The logarithm of a mean of exponentials.

use super::choices::{Baseline, score};
use super::error::EstimateError;
use super::estimator::{DEFAULT_SAMPLES, Seeds};
use super::function::{Moved, OfExpectations};
use super::report::Estimate;
use crate::program::{Chance, ErrorOf, MOST_CHOICES, Outcome, ParametersOf, Plain, Program, Stream};
use crate::scalar::{Scalar, math};
use rand::Rng;

/// ln E\[e^f\] of a program's result f, with its gradient: a free energy, an entropic risk, a marginal likelihood, a
/// cumulant generating function.
///
/// Samples are of e^(f - c), c the logarithm of the mean of a pilot's exponentials, so that no f is too large;
/// [`Estimator::function`](super::Estimator::function) takes the logarithm of their mean. Draws move, choices have
/// scores.
///
/// * Needs: a finite variance of e^f; one result.
/// * Bias: that of order 1/n, half of the variance of e^f over the square of its mean, is estimated and subtracted: of
///   order 1/n² then.
/// * Variance: that of e^f over the square of its mean, over n: for a normal f with variance v, (e^v - 1)/n. From v = 5
///   on a few samples decide, and [`Notes::dominated`](super::Notes::dominated) is true: draw from a law that is nearer
///   to e^f ([`self_normalized`](super::self_normalized)).
/// * Cost: all samples are made twice, and 256 of a pilot.
/// * When: logarithms of expectations; with a bound in place of it, the mean of f alone is below by Jensen's
///   inequality.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// // ln E e^(1000 + s z) = 1000 + s²/2
/// let f = program!(|[s]: [S; 1], chance| -> S { s * chance.normal() + 1000.0 });
/// let e = estimate::ln_mean_exp([0.5], f).run_seed(1).unwrap();
/// assert!((e.value - 1000.125).abs() < 5.0 * e.value_se && e.value_se < 0.01);
/// assert!((e.gradient[0] - 0.5).abs() < 5.0 * e.gradient_se[0]);
/// ```
pub fn ln_mean_exp<P, const N: usize>(theta: [f64; N], program: P) -> LnMeanExp<P, N>
where
    P: Program<Theta = [f64; N]>,
    P::Output: Outcome<Values = f64>,
{
    LnMeanExp { theta, program, samples: DEFAULT_SAMPLES, choices: MOST_CHOICES }
}

/// The logarithm of a mean of exponentials, about to be estimated: see [`ln_mean_exp`].
#[must_use = "nothing is estimated until it is run"]
#[derive(Clone, Debug)]
pub struct LnMeanExp<P, const N: usize> {
    theta: [f64; N],
    program: P,
    samples: u64,
    choices: u64,
}

/// e^(f - shift) of a program's result f.
#[derive(Clone, Copy)]
struct Exponential<'a, P> {
    program: &'a P,
    shift: f64,
}

impl<P: Program> Program for Exponential<'_, P>
where
    P::Output: Outcome<Values = f64>,
{
    type Theta = P::Theta;
    type Output = Result<f64, ErrorOf<P>>;

    #[inline(always)]
    fn run<S: Scalar, C: Chance<S>>(&self, theta: &ParametersOf<P, S>, chance: &mut C) -> Result<S, ErrorOf<P>> {
        P::Output::result(self.program.run(theta, chance)).map(|f: S| (f - self.shift).exp())
    }
}

/// The runs of the pilot.
const PILOT: u64 = 256;

/// What is estimated, or why it is not.
type Estimated<P, const N: usize> = Result<Estimate<[f64; N]>, EstimateError<ErrorOf<P>>>;

impl<P: Program<Theta = [f64; N]>, const N: usize> LnMeanExp<P, N>
where
    P::Output: Outcome<Values = f64>,
{
    /// The number of samples, [`DEFAULT_SAMPLES`] otherwise.
    pub fn samples(self, samples: u64) -> Self {
        LnMeanExp { samples, ..self }
    }

    /// The number of choices that a run may make: see [`Estimator::choices`](super::Estimator::choices).
    pub fn choices(self, most: u64) -> Self {
        LnMeanExp { choices: most, ..self }
    }

    /// The estimate, with one number of `rng` as the seed.
    ///
    /// # Errors
    /// Those of [`Estimator::run`](super::Estimator::run).
    pub fn run<R: Rng + ?Sized>(self, rng: &mut R) -> Estimated<P, N> {
        self.run_seed(rng.next_u64())
    }

    /// The estimate with this seed.
    ///
    /// # Errors
    /// Those of [`LnMeanExp::run`].
    pub fn run_seed(self, seed: u64) -> Estimated<P, N> {
        let program = self.shifted(seed)?;
        let estimator = score(self.theta, &program).baseline(Baseline::Constant(1.0));
        let e = logarithm(estimator.samples(self.samples).choices(self.choices)).run_seed(seed)?;
        Ok(Estimate { value: e.value + program.shift, ..e })
    }

    /// The same on the threads of rayon's current pool, bit for bit.
    ///
    /// # Errors
    /// Those of [`LnMeanExp::run`].
    #[cfg(feature = "rayon")]
    pub fn par_run_seed(self, seed: u64) -> Estimated<P, N>
    where
        P: Sync,
        ErrorOf<P>: Send,
    {
        let program = self.shifted(seed)?;
        let estimator = score(self.theta, &program).baseline(Baseline::Constant(1.0));
        let e = logarithm(estimator.samples(self.samples).choices(self.choices)).par_run_seed(seed)?;
        Ok(Estimate { value: e.value + program.shift, ..e })
    }

    /// The program to be averaged, from a pilot: the logarithm of a mean relative to the largest.
    fn shifted(&self, seed: u64) -> Result<Exponential<'_, P>, EstimateError<ErrorOf<P>>> {
        super::estimator::finite_parameters(&self.theta)?;
        let seeds = Seeds::new(seed).aside();
        let (mut largest, mut sum) = (f64::NEG_INFINITY, 0.0);
        for sample in 0..PILOT {
            let mut chance = Plain::with_limit(Stream::at(seeds.of(sample)), self.choices);
            let result = P::Output::result(self.program.run::<f64, _>(&self.theta, &mut chance));
            let f: f64 = EstimateError::of_sample(sample, seed, Chance::<f64>::fault(&chance), result)?;
            if f > largest {
                (sum, largest) = (sum * math::exp(largest - f) + 1.0, f);
            } else if f > f64::NEG_INFINITY {
                sum += math::exp(f - largest);
            }
        }
        let shift = largest + math::ln(sum / PILOT as f64);
        Ok(Exponential { program: &self.program, shift: if shift.is_finite() { shift } else { 0.0 } })
    }
}

/// The logarithm of the expectation.
fn logarithm<M, const N: usize>(
    estimator: super::Estimator<M>,
) -> OfExpectations<M, impl Fn(&Moved<N>) -> Moved<N> + Clone + Sync>
where
    M: super::Sampler<Number = crate::scalar::Jet<f64, N>, Values = f64>,
{
    estimator.function(|mean: &Moved<N>| mean.ln())
}

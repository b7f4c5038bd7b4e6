//! A number of parameters fixed when the program is compiled: no heap.

use super::DEFAULT_SAMPLES;
use super::blocks::{self, enough};
use super::error::{Component, EstimateError, Outcome};
use super::moments::{Components, Moments};
use super::report::{Estimate, with_error};
use crate::scalar::Jet;
use core::fmt;
use core::marker::PhantomData;
use core::ops::Range;

/// The value and gradient of E[f(θ, noise)] at `theta`, by pathwise derivatives in `Jet<f64, N>`.
///
/// `f` gets the parameters as variables and a random number generator, and returns a number or a `Result` of one. Whether
/// its derivative may be taken inside the expectation is its author's to know: see the [module's page](super).
///
/// * Needs: a program that is continuous in its parameters at fixed noise, and differentiable but for kinks.
/// * Bias: none then; what jumps at a branch is missing.
/// * Variance: that of the slope of f along the draws, mostly the lowest there is for smooth f; it does not grow with the number
///   of draws by itself, as that of scores does.
/// * Cost: one run in jets a sample.
/// * When: all draws are continuous. With discrete choices, [`mix`](super::mix).
///
/// Source: Glasserman 2003, *Monte Carlo Methods in Financial Engineering*, §7.2, with the conditions.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::distr::LawError;
/// use reparam::{estimate, prelude::*};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // the mean 1/rate, and its derivative -1/rate^2
/// let e = estimate::pathwise([2.0], |[rate], rng| -> Result<_, LawError> {
///     Ok(Exponential::new(rate)?.sample(rng))
/// })
/// .samples(100_000)
/// .run(&mut Xoshiro256PlusPlus::seed_from_u64(1))?;
/// assert!((e.value - 0.5).abs() < 5.0 * e.value_se);
/// assert!((e.gradient[0] + 0.25).abs() < 5.0 * e.gradient_se[0]);
/// # Ok(()) }
/// ```
pub fn pathwise<const N: usize, F, R, O>(theta: [f64; N], f: F) -> Pathwise<Jet<f64, N>, N, F, R, O>
where
    F: FnMut([Jet<f64, N>; N], &mut R) -> O,
    R: ?Sized,
    O: Outcome<Jet<f64, N>>,
{
    Pathwise { theta, f, samples: DEFAULT_SAMPLES, kind: PhantomData }
}

/// The value, gradient and Hessian of E[f(θ, noise)] at `theta`, by pathwise derivatives in `Jet<Jet<f64, N>, N>`.
///
/// As [`pathwise`], with one more demand on `f`: its first derivatives must be continuous in the parameters at fixed noise.
/// A kink, |x| or max(x, 0), has a second derivative that no sample shows.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::distr::LawError;
/// use reparam::{estimate, prelude::*};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let e = estimate::pathwise_hessian([2.0], |[rate], rng| -> Result<_, LawError> {
///     Ok(Exponential::new(rate)?.sample(rng))
/// })
/// .samples(100_000)
/// .run(&mut Xoshiro256PlusPlus::seed_from_u64(1))?;
/// assert!((e.hessian[0][0] - 0.25).abs() < 5.0 * e.hessian_se[0][0]);
/// # Ok(()) }
/// ```
pub fn pathwise_hessian<const N: usize, F, R, O>(theta: [f64; N], f: F) -> Pathwise<Jet<Jet<f64, N>, N>, N, F, R, O>
where
    F: FnMut([Jet<Jet<f64, N>, N>; N], &mut R) -> O,
    R: ?Sized,
    O: Outcome<Jet<Jet<f64, N>, N>>,
{
    Pathwise { theta, f, samples: DEFAULT_SAMPLES, kind: PhantomData }
}

/// The numbers that an estimate can run on: `Jet<f64, N>` for gradients, `Jet<Jet<f64, N>, N>` for Hessians. Sealed.
pub trait Order<const N: usize>: Components {
    /// What is estimated.
    type Estimate;

    #[doc(hidden)]
    fn variables(theta: [f64; N]) -> [Self; N];

    #[doc(hidden)]
    fn estimate(samples: u64, mean: Self, se: Self) -> Self::Estimate;

    #[doc(hidden)]
    fn first_not_finite(self) -> Component;
}

impl<const N: usize> Order<N> for Jet<f64, N> {
    type Estimate = Estimate<[f64; N]>;

    fn variables(theta: [f64; N]) -> [Self; N] {
        Jet::variables(theta)
    }
    fn estimate(samples: u64, mean: Self, se: Self) -> Self::Estimate {
        Estimate { samples, value: mean.re, value_se: se.re, gradient: mean.eps, gradient_se: se.eps }
    }
    fn first_not_finite(self) -> Component {
        match self.eps.iter().position(|e| !e.is_finite()) {
            Some(i) if self.re.is_finite() => Component::Gradient(i),
            _ => Component::Value,
        }
    }
}

impl<const N: usize> Order<N> for Jet<Jet<f64, N>, N> {
    type Estimate = HessianEstimate<N>;

    fn variables(theta: [f64; N]) -> [Self; N] {
        Jet::second_order(theta)
    }
    fn estimate(samples: u64, mean: Self, se: Self) -> Self::Estimate {
        let (value, gradient, hessian) = mean.hessian();
        let (value_se, gradient_se, hessian_se) = se.hessian();
        HessianEstimate { samples, value, value_se, gradient, gradient_se, hessian, hessian_se }
    }
    fn first_not_finite(self) -> Component {
        if !self.re.all_finite() {
            return self.re.first_not_finite();
        }
        let cells = (0..N).flat_map(|i| (0..N).map(move |j| (i, j)));
        let mut bad = cells.filter(|&(i, j)| !self.eps[i].eps[j].is_finite());
        bad.next().map_or(Component::Value, |(i, j)| Component::Hessian(i, j))
    }
}

/// An estimate about to be run: made by [`pathwise`] and [`pathwise_hessian`].
#[must_use = "nothing is estimated until it is run"]
pub struct Pathwise<S, const N: usize, F, R: ?Sized, O> {
    theta: [f64; N],
    f: F,
    samples: u64,
    kind: PhantomData<fn(S, &mut R) -> O>,
}

impl<S: Order<N>, const N: usize, F, R: ?Sized, O: Outcome<S>> Pathwise<S, N, F, R, O> {
    /// The number of samples, [`DEFAULT_SAMPLES`] otherwise.
    pub fn samples(self, samples: u64) -> Self {
        Pathwise { samples, ..self }
    }

    /// The estimate, with noise from `rng`.
    ///
    /// # Errors
    /// If there are fewer than two samples, if the program returns an error or a number that is not finite, or if the mean
    /// or variance overflows. The error names the sample.
    ///
    /// ```
    /// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
    /// use reparam::distr::LawError;
    /// use reparam::{estimate::{self, EstimateError}, prelude::*};
    /// let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    /// let f = |[mean, std_dev]: [Jet<f64, 2>; 2], rng: &mut _| Normal::new(mean, std_dev).map(|law| law.sample(rng));
    /// assert_eq!(estimate::pathwise([0.0, 1.0], f).run(&mut rng).map(|e| e.gradient[0]), Ok(1.0));
    /// let e = estimate::pathwise([0.0, -1.0], f).run(&mut rng);
    /// assert!(matches!(e, Err(EstimateError::Program { sample: 0, error }) if error.parameter() == "std_dev"));
    /// ```
    pub fn run(mut self, rng: &mut R) -> Result<S::Estimate, EstimateError<O::Error>>
    where
        F: FnMut([S; N], &mut R) -> O,
    {
        enough(self.samples)?;
        estimate(&moments(S::variables(self.theta), &mut self.f, rng, 0..self.samples)?, 1)
    }

    /// The estimate, with noise from `streams(k)` for the k-th [`BLOCK`](super::BLOCK) of samples, in this thread: the bits
    /// are those of `par_run`. Each block starts with a clone of the program, whatever state that keeps.
    ///
    /// # Errors
    /// Those of [`Pathwise::run`].
    ///
    /// ```
    /// use rand_xoshiro::Xoshiro256PlusPlus;
    /// use reparam::{estimate, prelude::*};
    /// let e = estimate::pathwise([2.0], |[x], rng: &mut Xoshiro256PlusPlus| x * reparam::noise::normal(rng))
    ///     .run_streams(estimate::streams(1))
    ///     .unwrap();
    /// assert!(e.value.abs() < 5.0 * e.value_se);
    /// ```
    pub fn run_streams(self, streams: impl Fn(u64) -> R) -> Result<S::Estimate, EstimateError<O::Error>>
    where
        F: FnMut([S; N], &mut R) -> O + Clone,
        R: Sized,
    {
        let theta = S::variables(self.theta);
        let block = |k, range| moments(theta, &mut self.f.clone(), &mut streams(k), range);
        estimate(&blocks::serial(self.samples, block, |total, part| total.merge(&part))?, 1)
    }

    /// The estimate, with noise from `streams(k)` for the k-th [`BLOCK`](super::BLOCK) of samples, on the threads of
    /// rayon's current pool. The result is the same, bit for bit, for any number of threads, and that of
    /// [`Pathwise::run_streams`].
    ///
    /// # Errors
    /// Those of [`Pathwise::run`]: the first by number of sample, whichever thread comes first.
    ///
    /// ```
    /// use rand_xoshiro::Xoshiro256PlusPlus;
    /// use reparam::{estimate, prelude::*};
    /// let e = estimate::pathwise([2.0], |[x], rng: &mut Xoshiro256PlusPlus| x * reparam::noise::normal(rng));
    /// let e = e.samples(100_000).par_run(estimate::streams(1)).unwrap();
    /// assert!(e.value.abs() < 5.0 * e.value_se);
    /// ```
    #[cfg(feature = "rayon")]
    pub fn par_run(self, streams: impl Fn(u64) -> R + Sync) -> Result<S::Estimate, EstimateError<O::Error>>
    where
        F: FnMut([S; N], &mut R) -> O + Clone + Sync,
        S: Send + Sync,
        O::Error: Send,
        R: Sized,
    {
        let (theta, f) = (S::variables(self.theta), &self.f);
        let block = |k, range| moments(theta, &mut f.clone(), &mut streams(k), range);
        estimate(&blocks::parallel(self.samples, block, |total, part| total.merge(&part))?, 1)
    }
}

/// The moments of one range of samples.
fn moments<S: Order<N>, const N: usize, F, R: ?Sized, O: Outcome<S>>(
    theta: [S; N],
    f: &mut F,
    rng: &mut R,
    samples: Range<u64>,
) -> Result<Moments<S>, EstimateError<O::Error>>
where
    F: FnMut([S; N], &mut R) -> O,
{
    let mut moments = Moments::new();
    for sample in samples {
        let x = f(theta, rng).result().map_err(|error| EstimateError::Program { sample, error })?;
        if !x.all_finite() {
            return Err(EstimateError::NotFinite { sample, component: x.first_not_finite() });
        }
        moments.push(x);
    }
    Ok(moments)
}

/// The estimate from the moments of the means of `batch` samples each.
pub(super) fn estimate<S: Order<N>, const N: usize, E>(
    moments: &Moments<S>,
    batch: u64,
) -> Result<S::Estimate, EstimateError<E>> {
    let (mean, se) = (moments.mean(), moments.standard_error());
    if !(mean.all_finite() && se.all_finite()) {
        return Err(EstimateError::Overflow);
    }
    Ok(S::estimate(moments.count() * batch, mean, se))
}

/// The value, gradient and Hessian of an expectation, with standard errors.
///
/// Printed, it is an [`Estimate`] followed by a line for each entry of the Hessian's upper triangle.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct HessianEstimate<const N: usize> {
    /// The number of samples.
    pub samples: u64,
    /// The mean of the samples.
    pub value: f64,
    /// Its standard error.
    pub value_se: f64,
    /// The mean of the samples' derivatives.
    pub gradient: [f64; N],
    /// Their standard errors.
    pub gradient_se: [f64; N],
    /// The mean of the samples' second derivatives.
    pub hessian: [[f64; N]; N],
    /// Their standard errors.
    pub hessian_se: [[f64; N]; N],
}

impl<const N: usize> fmt::Display for HessianEstimate<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let HessianEstimate { samples, value, value_se, gradient, gradient_se, .. } = *self;
        fmt::Display::fmt(&Estimate { samples, value, value_se, gradient, gradient_se }, f)?;
        for i in 0..N {
            for j in i..N {
                write!(f, "\nd²/dθ[{i}]dθ[{j}]  ")?;
                with_error(f, self.hessian[i][j], self.hessian_se[i][j])?;
            }
        }
        Ok(())
    }
}

//! A number of parameters known at run time: chunks of them, each on the same noise.

use super::DEFAULT_SAMPLES;
use super::blocks::{self, enough};
use super::error::{Component, EstimateError, Outcome};
use super::moments::{Components, Moments};
use super::report::Estimate;
use crate::scalar::Jet;
use alloc::vec::Vec;
use core::marker::PhantomData;
use core::ops::Range;

/// The value and gradient of E[f(θ, noise)] at any number of parameters, by pathwise derivatives in chunks of eight.
///
/// `f` runs once a sample for every chunk, each time on a clone of the generator: the noise is the same, the eight
/// parameters of the chunk are variables and the others constants. That the values agree is checked in every sample.
/// The estimate is the one that [`pathwise`](super::pathwise) gives for the same parameters.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::distr::LawError;
/// use reparam::{estimate, prelude::*};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // E[Σ θ_i² z²] = Σ θ_i² for standard normal z
/// let theta: Vec<f64> = (0..20).map(f64::from).collect();
/// let e = estimate::pathwise_dyn(&theta, |theta, rng| -> Result<_, LawError> {
///     let z = Normal::new(0.0, 1.0)?.sample(rng);
///     Ok(theta.iter().map(|t| (*t * z).powi(2)).sum())
/// })
/// .run(&mut Xoshiro256PlusPlus::seed_from_u64(1))?;
/// assert_eq!(e.gradient.len(), 20);
/// assert!((e.gradient[19] - 38.0).abs() < 5.0 * e.gradient_se[19]);
/// # Ok(()) }
/// ```
pub fn pathwise_dyn<F, R, O>(theta: &[f64], f: F) -> PathwiseDyn<'_, 8, F, R, O>
where
    F: FnMut(&[Jet<f64, 8>], &mut R) -> O,
    O: Outcome<Jet<f64, 8>>,
{
    pathwise_chunks(theta, f)
}

/// [`pathwise_dyn`] in chunks of C: longer ones repeat less of the work that does not depend on the derivatives, shorter
/// ones waste less on parameters that a step of the program does not touch.
///
/// # Panics
/// If C is 0: does not compile.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::{estimate, prelude::*};
/// let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
/// let product = |theta: &[Jet<f64, 2>], _: &mut Xoshiro256PlusPlus| theta.iter().copied().product::<Jet<f64, 2>>();
/// let e = estimate::pathwise_chunks(&[2.0, 3.0, 5.0], product).samples(2).run(&mut rng).unwrap();
/// assert_eq!((e.value, e.gradient), (30.0, vec![15.0, 10.0, 6.0]));
/// ```
pub fn pathwise_chunks<const C: usize, F, R, O>(theta: &[f64], f: F) -> PathwiseDyn<'_, C, F, R, O>
where
    F: FnMut(&[Jet<f64, C>], &mut R) -> O,
    O: Outcome<Jet<f64, C>>,
{
    const { assert!(C > 0, "a chunk holds at least one parameter") };
    PathwiseDyn { theta, f, samples: DEFAULT_SAMPLES, kind: PhantomData }
}

/// An estimate about to be run: made by [`pathwise_dyn`] and [`pathwise_chunks`].
#[must_use = "nothing is estimated until it is run"]
pub struct PathwiseDyn<'a, const C: usize, F, R, O> {
    theta: &'a [f64],
    f: F,
    samples: u64,
    kind: PhantomData<fn(&mut R) -> O>,
}

impl<const C: usize, F, R: Clone, O: Outcome<Jet<f64, C>>> PathwiseDyn<'_, C, F, R, O> {
    /// The number of samples, [`DEFAULT_SAMPLES`] otherwise.
    pub fn samples(self, samples: u64) -> Self {
        PathwiseDyn { samples, ..self }
    }

    /// The estimate, with noise from `rng`.
    ///
    /// # Errors
    /// Those of [`Pathwise::run`](super::Pathwise::run), and if the value of a sample differs between chunks.
    ///
    /// ```
    /// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
    /// use reparam::{estimate::{self, EstimateError}, prelude::*};
    /// let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    /// let mut calls = 0.0;
    /// let remembers = |x: &[Jet<f64, 8>], _: &mut Xoshiro256PlusPlus| {
    ///     calls += 1.0;
    ///     x[0] * calls
    /// };
    /// let e = estimate::pathwise_dyn(&[1.0; 20], remembers).run(&mut rng);
    /// assert_eq!(e, Err(EstimateError::NoiseNotRepeated { sample: 0, chunk: 1 }));
    /// ```
    pub fn run(mut self, rng: &mut R) -> Result<Estimate<Vec<f64>>, EstimateError<O::Error>>
    where
        F: FnMut(&[Jet<f64, C>], &mut R) -> O,
    {
        enough(self.samples)?;
        estimate(moments(self.theta, &mut self.f, rng, 0..self.samples)?, self.theta.len())
    }

    /// The estimate, with noise from `streams(k)` for the k-th [`BLOCK`](super::BLOCK) of samples, in this thread: the bits
    /// are those of `par_run`. Each block starts with a clone of the program, whatever state that keeps.
    ///
    /// # Errors
    /// Those of [`PathwiseDyn::run`].
    ///
    /// ```
    /// use rand_xoshiro::Xoshiro256PlusPlus;
    /// use reparam::{estimate, prelude::*};
    /// let e = estimate::pathwise_dyn(&[2.0; 20], |x, rng: &mut Xoshiro256PlusPlus| x[3] * reparam::noise::normal(rng))
    ///     .run_streams(estimate::streams(1))
    ///     .unwrap();
    /// assert!(e.gradient[3].abs() < 5.0 * e.gradient_se[3]);
    /// ```
    pub fn run_streams(self, streams: impl Fn(u64) -> R) -> Result<Estimate<Vec<f64>>, EstimateError<O::Error>>
    where
        F: FnMut(&[Jet<f64, C>], &mut R) -> O + Clone,
    {
        let block = |k, range| moments(self.theta, &mut self.f.clone(), &mut streams(k), range);
        estimate(blocks::serial(self.samples, block, |total, part| merge(total, &part))?, self.theta.len())
    }

    /// The estimate, with noise from `streams(k)` for the k-th [`BLOCK`](super::BLOCK) of samples, on the threads of
    /// rayon's current pool. The result is the same, bit for bit, for any number of threads, and that of
    /// [`PathwiseDyn::run_streams`].
    ///
    /// # Errors
    /// Those of [`PathwiseDyn::run`]: the first by number of sample, whichever thread comes first.
    ///
    /// ```
    /// use rand_xoshiro::Xoshiro256PlusPlus;
    /// use reparam::{estimate, prelude::*};
    /// let e = estimate::pathwise_dyn(&[2.0; 20], |x, rng: &mut Xoshiro256PlusPlus| x[3] * reparam::noise::normal(rng))
    ///     .par_run(estimate::streams(1))
    ///     .unwrap();
    /// assert!(e.gradient[3].abs() < 5.0 * e.gradient_se[3]);
    /// ```
    #[cfg(feature = "rayon")]
    pub fn par_run(self, streams: impl Fn(u64) -> R + Sync) -> Result<Estimate<Vec<f64>>, EstimateError<O::Error>>
    where
        F: FnMut(&[Jet<f64, C>], &mut R) -> O + Clone + Sync,
        O::Error: Send,
    {
        let (theta, f) = (self.theta, &self.f);
        let block = |k, range| moments(theta, &mut f.clone(), &mut streams(k), range);
        estimate(blocks::parallel(self.samples, block, |total, part| merge(total, &part))?, theta.len())
    }
}

/// The moments of one range of samples, for each chunk.
fn moments<const C: usize, F, R: Clone, O: Outcome<Jet<f64, C>>>(
    theta: &[f64],
    f: &mut F,
    rng: &mut R,
    samples: Range<u64>,
) -> Result<Vec<Moments<Jet<f64, C>>>, EstimateError<O::Error>>
where
    F: FnMut(&[Jet<f64, C>], &mut R) -> O,
{
    let mut x: Vec<Jet<f64, C>> = theta.iter().map(|&t| Jet::constant(t)).collect();
    // without parameters there is still a value
    let mut moments = alloc::vec![Moments::new(); theta.len().div_ceil(C).max(1)];
    for sample in samples {
        let before = rng.clone();
        let mut value = None;
        for (chunk, moments) in moments.iter_mut().enumerate() {
            let first = chunk * C;
            let variables = first..x.len().min(first + C);
            for i in variables.clone() {
                x[i] = Jet::variable(theta[i], i - first);
            }
            *rng = before.clone();
            let y = f(&x, rng).result().map_err(|error| EstimateError::Program { sample, error })?;
            for i in variables {
                x[i] = Jet::constant(theta[i]);
            }
            if !y.all_finite() {
                return Err(EstimateError::NotFinite { sample, component: first_not_finite(y, first) });
            }
            if *value.get_or_insert(y.re) != y.re {
                return Err(EstimateError::NoiseNotRepeated { sample, chunk });
            }
            moments.push(y);
        }
    }
    Ok(moments)
}

/// Where a number is not finite, in a chunk that starts at parameter `first`.
fn first_not_finite<const C: usize>(y: Jet<f64, C>, first: usize) -> Component {
    match y.eps.iter().position(|e| !e.is_finite()) {
        Some(i) if y.re.is_finite() => Component::Gradient(first + i),
        _ => Component::Value,
    }
}

fn merge<S: Components>(total: &mut [Moments<S>], part: &[Moments<S>]) {
    for (total, part) in total.iter_mut().zip(part) {
        total.merge(part);
    }
}

fn estimate<const C: usize, E>(
    chunks: Vec<Moments<Jet<f64, C>>>,
    parameters: usize,
) -> Result<Estimate<Vec<f64>>, EstimateError<E>> {
    let (mean, se) = (chunks[0].mean().re, chunks[0].standard_error().re);
    let partials = |of: fn(&Moments<Jet<f64, C>>) -> Jet<f64, C>| -> Vec<f64> {
        chunks.iter().flat_map(|m| of(m).eps).take(parameters).collect()
    };
    let estimate = Estimate {
        samples: chunks[0].count(),
        value: mean,
        value_se: se,
        gradient: partials(Moments::mean),
        gradient_se: partials(Moments::standard_error),
    };
    let all =
        [mean, se].into_iter().chain(estimate.gradient.iter().copied()).chain(estimate.gradient_se.iter().copied());
    if all.into_iter().all(f64::is_finite) { Ok(estimate) } else { Err(EstimateError::Overflow) }
}

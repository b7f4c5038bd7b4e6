//! Samples whose derivatives come from elsewhere: another crate's numbers, a model's gradient by hand.

use super::components::Component;
use super::error::EstimateError;
use super::estimator::{Estimator, Sampler, Seeds, sealed::Sealed};
use super::flat::{self, FlatEstimate};
use super::moments::Moments;
use super::pathwise::Handle;
use crate::distr::Kept;
use crate::program::{Chance, Plain, Stream, Values};
use crate::scalar::Scalar;
use alloc::vec::Vec;

/// A way to make samples with their gradients that this crate does not know.
///
/// ```
/// use reparam::estimate::{self, GradientSource, Handle};
/// use reparam::prelude::*;
/// use std::convert::Infallible;
///
/// /// Σ (θ_i z)², z standard normal, with the derivatives 2 θ_i z² by hand.
/// struct Squares;
///
/// impl GradientSource for Squares {
///     type Scalar = f64;
///     type Values = f64;
///     type Error = Infallible;
///     type Work = ();
///
///     fn work(&self, _: &[f64]) {}
///
///     fn sample(&self, theta: &[f64], _: &mut (), chance: &mut Handle<f64>) -> Result<Vec<f64>, Infallible> {
///         let z = chance.normal();
///         let mut row = vec![theta.iter().map(|t| (t * z).powi(2)).sum()];
///         row.extend(theta.iter().map(|t| 2.0 * t * z * z));
///         Ok(row)
///     }
/// }
///
/// let e = estimate::with_gradient(&[1.0, 2.0], Squares).run_seed(1).unwrap();
/// assert!((e.gradient[1] - 4.0).abs() < 5.0 * e.gradient_se[1]);
/// ```
pub trait GradientSource {
    /// The numbers that the handle serves.
    type Scalar: Scalar;

    /// How many results a sample has: `f64`, `[f64; K]` or `Vec<f64>`.
    type Values: Values;

    /// Why there is no sample.
    type Error;

    /// What is used again from sample to sample: memory. No sample may depend on those before it.
    type Work;

    /// That of a block of samples.
    fn work(&self, theta: &[f64]) -> Self::Work;

    /// One sample, made of the random numbers of `chance`: each result, followed by its derivatives in all parameters.
    ///
    /// # Errors
    /// Those of the source.
    fn sample(
        &self,
        theta: &[f64],
        work: &mut Self::Work,
        chance: &mut Handle<Self::Scalar>,
    ) -> Result<Vec<f64>, Self::Error>;
}

/// The value and gradient of an expectation from samples that come with their gradients.
///
/// * Needs: derivatives in every sample whose mean is the derivative of the mean.
/// * Bias, variance, cost: those of the source; sums, seeds, threads and reports are those of every estimate.
/// * When: a model has a gradient by hand, or a number of another crate. For draws with few parameters each and a model
///   of the draws, [`local`](super::local).
///
/// An example is at [`GradientSource`]. A row that is not as long as its results and parameters say is
/// [`EstimateError::Results`].
pub fn with_gradient<G: GradientSource>(theta: &[f64], source: G) -> Estimator<WithGradient<'_, G>> {
    Estimator::new(WithGradient { theta, source })
}

/// Samples from a [`GradientSource`]: made by [`with_gradient`].
#[derive(Clone, Debug)]
pub struct WithGradient<'a, G> {
    theta: &'a [f64],
    source: G,
}

impl<G> Sealed for WithGradient<'_, G> {}

impl<G: GradientSource> Sampler for WithGradient<'_, G> {
    type Values = Vec<f64>;
    type Number = f64;
    type Error = G::Error;
    type Estimate = FlatEstimate<G::Values>;
    type State = (Handle<G::Scalar>, G::Work);

    const ORDER: usize = G::Scalar::ORDER;

    fn laws((chance, _): &mut Self::State) -> Option<&mut Kept> {
        Some(chance.laws())
    }

    fn parameters(&self) -> &[f64] {
        self.theta
    }

    fn start(&self, first: u64, seeds: Seeds) -> Self::State {
        (Plain::with_limit(Stream::at(seeds.of(first)), seeds.limit), self.source.work(self.theta))
    }

    fn batch_mean(
        &self,
        (chance, work): &mut Self::State,
        sample: u64,
        seeds: Seeds,
    ) -> Result<Vec<f64>, EstimateError<G::Error>> {
        chance.restart();
        let row = self.source.sample(self.theta, work, chance);
        let row = EstimateError::of_sample(sample, seeds.seed, Chance::<G::Scalar>::fault(chance), row)?;
        let width = 1 + self.theta.len();
        let results = row.len().div_ceil(width);
        let expected = width * G::Values::slice(&G::Values::from_fn(results, |_| ())).len();
        if row.len() != expected {
            return Err(EstimateError::Results { sample, expected, found: row.len() });
        }
        Ok(row)
    }

    fn locate(&self, k: usize, _: Component) -> (usize, Component) {
        flat::locate(k, self.theta.len())
    }

    fn estimate(&self, moments: &Moments<Vec<f64>, f64>) -> FlatEstimate<G::Values> {
        flat::estimate::<G::Values>(moments, self.theta.len(), 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::convert::Infallible;

    /// Rows of a given length.
    struct Length(usize);

    impl GradientSource for Length {
        type Scalar = f64;
        type Values = [f64; 2];
        type Error = Infallible;
        type Work = ();

        fn work(&self, _: &[f64]) {}

        fn sample(&self, _: &[f64], (): &mut (), chance: &mut Handle<f64>) -> Result<Vec<f64>, Infallible> {
            Ok((0..self.0).map(|_| chance.uniform()).collect())
        }
    }

    #[test]
    fn a_row_of_another_length_is_an_error() {
        let run = |length| with_gradient(&[0.0, 1.0], Length(length)).samples(10).run_seed(1);
        assert_eq!(run(6).unwrap().gradient.map(|g| g.len()), [2, 2]);
        for length in [0, 3, 5, 7, 9] {
            let error = EstimateError::Results { sample: 0, expected: 6, found: length };
            assert_eq!(run(length).unwrap_err(), error);
        }
    }
}

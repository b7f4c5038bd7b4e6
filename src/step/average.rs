//! The average over steps.

use super::error::check_parameters;
use super::{Buffer, StepError};

/// Polyak and Ruppert's average of the points of a descent, in place of the last one.
///
/// The last point of a descent at falling rates moves with the noise of its last gradients; in the average that noise is
/// averaged, too. With rates c (1 + t)^-a, a in (1/2, 1), the average of n points of a convex problem has the covariance
/// H⁻¹ V H⁻¹ / n, H the Hessian at the minimum and V the covariance of a gradient: as small as from n gradients it can be,
/// whatever the c. Push points from where the descent has come near the minimum.
///
/// Source: Polyak & Juditsky 1992, "Acceleration of stochastic approximation by averaging".
///
/// ```
/// use reparam::noise;
/// use reparam::program::Stream;
/// use reparam::step::{Average, Rule, Schedule, Sgd, StepError};
/// # fn main() -> Result<(), StepError> {
/// // (x - 2)²/2 with noise of standard deviation 1 in the gradient
/// let (mut x, mut rng) = ([0.0], Stream::new(1));
/// let (mut sgd, schedule) = (Sgd::new(&x), Schedule::power(0.5, 0.6, 1.0)?);
/// let mut average = Average::new(&x);
/// for step in 0..10_000 {
///     let gradient = [x[0] - 2.0 + noise::normal(&mut rng)];
///     sgd.step(&mut x, &gradient, schedule.rate(step))?;
///     if step >= 100 {
///         average.push(&x)?;
///     }
/// }
/// assert!((average.mean()[0] - 2.0).abs() < 5.0 / 9_900f64.sqrt());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "read::Average<P>"))]
pub struct Average<P: Buffer> {
    count: u64,
    #[cfg_attr(feature = "serde", serde(with = "super::buffer::sequence"))]
    mean: P,
}

impl<P: Buffer> Average<P> {
    /// Of no points of this many parameters.
    pub fn new(theta: &P) -> Self {
        Average { count: 0, mean: theta.zeros() }
    }

    /// Adds a point.
    ///
    /// # Errors
    /// If it has another length, or an entry that is not in [-1e150, 1e150]; it does not count then.
    pub fn push(&mut self, theta: &[f64]) -> Result<(), StepError> {
        check_parameters(self.mean.as_ref().len(), theta)?;
        self.count += 1;
        for (mean, x) in self.mean.as_mut().iter_mut().zip(theta) {
            *mean += (x - *mean) / self.count as f64;
        }
        Ok(())
    }

    /// How many points it has seen.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their mean; 0 where there are none.
    pub fn mean(&self) -> &P {
        &self.mean
    }
}

/// The state as it comes from outside, before it is checked.
#[cfg(feature = "serde")]
mod read {
    use crate::step::{Buffer, StepError, error::check_parameters};

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Average<P: Buffer> {
        count: u64,
        #[serde(with = "crate::step::buffer::sequence")]
        mean: P,
    }

    impl<P: Buffer> TryFrom<Average<P>> for super::Average<P> {
        type Error = StepError;

        fn try_from(Average { count, mean }: Average<P>) -> Result<Self, StepError> {
            check_parameters(mean.as_ref().len(), mean.as_ref())?;
            Ok(super::Average { count, mean })
        }
    }
}

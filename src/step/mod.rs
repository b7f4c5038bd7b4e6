//! Steps of those who fit: from noisy gradients to parameters.
//!
//! A rule moves parameters against a gradient; what it remembers from step to step is its state, which (de)serializes
//! with the feature `serde` and goes on to the same bits. A rule works on slices. Its memory is an array where the number of
//! parameters is fixed, without a heap, or a `Vec` (feature `alloc`).
//!
//! | | |
//! |---|---|
//! | [`Sgd`] | stochastic gradient descent, with momentum |
//! | [`Adam`] | steps of about one rate in each parameter, whatever the size of its gradient |
//! | [`Schedule`] | the rate of each step: constant, power, linear, cosine, with a warm-up |
//! | [`Average`] | Polyak and Ruppert's average over the steps, beside the last point |
//! | [`clip_norm`] | a gradient made no longer than a bound |
//! | `Fisher` | natural gradients, by the covariance of scores (feature `nalgebra`) |
//!
//! All go downhill. To climb, as with a bound on ln p that is to be large, give a negative rate.
//!
//! ```
//! use reparam::step::{Adam, Rule, Schedule, StepError};
//! # fn main() -> Result<(), StepError> {
//! // the minimum of (x - 3)² + 10 (y + 1)²
//! let mut theta = [0.0, 0.0];
//! let (mut adam, schedule) = (Adam::new(&theta), Schedule::cosine(0.1, 0.0, 500)?);
//! for step in 0..500 {
//!     let [x, y] = theta;
//!     adam.step(&mut theta, &[2.0 * (x - 3.0), 20.0 * (y + 1.0)], schedule.rate(step))?;
//! }
//! assert!((theta[0] - 3.0).abs() < 1e-3 && (theta[1] + 1.0).abs() < 1e-3);
//! # Ok(()) }
//! ```
//!
//! A rule refuses gradients and parameters that are not numbers in [-1e150, 1e150], and says which: neither it nor the
//! parameters have changed then.
//!
//! # Robbins and Monro
//! [`Sgd`] without momentum at the rates of [`Schedule::power`] is Robbins & Monro's approximation (1951): it ends at the
//! minimum for exponents in (1/2, 1]. With exponents below 1 the [`Average`] over the steps is as near to it as any
//! method can be from the same gradients, without knowing the curvature (Polyak & Juditsky 1992).
//!
//! # Deterministic functions
//! With the same random numbers at every point an estimate is a smooth function of its parameters. Quasi-Newton methods with
//! line searches are better there: the crate `reparam-argmin` beside this one hands it to argmin.

mod adam;
mod average;
mod buffer;
mod clip;
mod error;
#[cfg(feature = "nalgebra")]
mod fisher;
mod schedule;
mod sgd;

pub use adam::Adam;
pub use average::Average;
pub use buffer::Buffer;
pub use clip::clip_norm;
pub use error::StepError;
#[cfg(feature = "nalgebra")]
pub use fisher::Fisher;
pub use schedule::Schedule;
pub use sgd::Sgd;

use error::{check_gradient, check_parameters, check_rate};

/// A rule by which gradients move parameters.
pub trait Rule {
    /// Moves the parameters downhill by about `rate`, uphill if that is negative.
    ///
    /// # Errors
    /// If `theta` or `gradient` has another length than the rule was made for, an entry of them is not in [-1e150, 1e150], or
    /// the rate is not. Nothing has changed then.
    ///
    /// ```
    /// use reparam::step::{Rule, Sgd};
    /// let mut theta = vec![1.0, 2.0];
    /// let mut sgd = Sgd::new(&theta);
    /// sgd.step(&mut theta, &[10.0, 0.0], 0.5).unwrap();
    /// assert_eq!(theta, [-4.0, 2.0]);
    /// let error = sgd.step(&mut theta, &[0.0, f64::NAN], 0.5).unwrap_err();
    /// assert_eq!(error.to_string(), "the gradient in parameter 1 must be in [-1e150, 1e150], not NaN");
    /// ```
    fn step(&mut self, theta: &mut [f64], gradient: &[f64], rate: f64) -> Result<(), StepError>;
}

/// What every rule checks before it moves anything.
fn check(parameters: usize, theta: &[f64], gradient: &[f64], rate: f64) -> Result<(), StepError> {
    check_parameters(parameters, theta)?;
    check_gradient(parameters, gradient)?;
    check_rate(rate)
}

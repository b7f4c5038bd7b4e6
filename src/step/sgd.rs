//! Stochastic gradient descent.

use super::error::setting;
use super::{Buffer, Rule, StepError, check};

/// Stochastic gradient descent, with momentum μ: v ← μ v + g, θ ← θ - rate · v (Polyak 1964).
///
/// Without momentum, θ ← θ - rate · g, which keeps no memory of gradients. With it a step is about 1/(1 - μ) times as long.
/// Nesterov's form looks ahead, θ ← θ - rate · (g + μ v) (Sutskever, Martens, Dahl & Hinton 2013).
///
/// ```
/// use reparam::step::{Rule, Sgd, StepError};
/// # fn main() -> Result<(), StepError> {
/// let mut theta = [1.0];
/// let mut sgd = Sgd::new(&theta).momentum(0.5)?;
/// sgd.step(&mut theta, &[2.0], 0.25)?; // v = 2
/// sgd.step(&mut theta, &[1.0], 0.25)?; // v = 1/2 · 2 + 1
/// assert_eq!(theta, [1.0 - 0.5 - 0.5]);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "read::Sgd<P>"))]
pub struct Sgd<P: Buffer> {
    momentum: f64,
    nesterov: bool,
    #[cfg_attr(feature = "serde", serde(with = "super::buffer::sequence"))]
    velocity: P,
}

impl<P: Buffer> Sgd<P> {
    /// For this many parameters, without momentum.
    pub fn new(theta: &P) -> Self {
        Sgd { momentum: 0.0, nesterov: false, velocity: theta.zeros() }
    }

    /// With momentum.
    ///
    /// # Errors
    /// If it is not in [0, 1).
    pub fn momentum(self, momentum: f64) -> Result<Self, StepError> {
        setting("momentum", "in [0, 1)", momentum, (0.0..1.0).contains(&momentum))?;
        Ok(Sgd { momentum, ..self })
    }

    /// With momentum in Nesterov's form.
    ///
    /// # Errors
    /// If it is not in [0, 1).
    ///
    /// ```
    /// use reparam::step::{Rule, Sgd};
    /// let mut theta = [0.0];
    /// let mut sgd = Sgd::new(&theta).nesterov(0.5).unwrap();
    /// sgd.step(&mut theta, &[1.0], 1.0).unwrap();
    /// assert_eq!(theta, [-1.5]); // g + μ v with v = g
    /// ```
    pub fn nesterov(self, momentum: f64) -> Result<Self, StepError> {
        Ok(Sgd { nesterov: true, ..self.momentum(momentum)? })
    }
}

impl<P: Buffer> Rule for Sgd<P> {
    fn step(&mut self, theta: &mut [f64], gradient: &[f64], rate: f64) -> Result<(), StepError> {
        check(self.velocity.as_ref().len(), theta, gradient, rate)?;
        let mu = self.momentum;
        for ((x, g), v) in theta.iter_mut().zip(gradient).zip(self.velocity.as_mut()) {
            *v = mu * *v + g;
            *x -= rate * if self.nesterov { g + mu * *v } else { *v };
        }
        Ok(())
    }
}

/// The state as it comes from outside, before it is checked.
#[cfg(feature = "serde")]
mod read {
    use crate::step::{Buffer, StepError, error::check_gradient};

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Sgd<P: Buffer> {
        momentum: f64,
        nesterov: bool,
        #[serde(with = "crate::step::buffer::sequence")]
        velocity: P,
    }

    impl<P: Buffer> TryFrom<Sgd<P>> for super::Sgd<P> {
        type Error = StepError;

        fn try_from(Sgd { momentum, nesterov, velocity }: Sgd<P>) -> Result<Self, StepError> {
            check_gradient(velocity.as_ref().len(), velocity.as_ref())?;
            let rule = super::Sgd::new(&velocity).momentum(momentum)?;
            Ok(super::Sgd { nesterov, velocity, ..rule })
        }
    }
}

//! Adam.

use super::error::setting;
use super::{Buffer, Rule, StepError, check};
use crate::scalar::math;

/// Adam: steps of about `rate` in each parameter, shorter where the sign of its gradient is in doubt.
///
/// With the averages m ← β₁ m + (1 - β₁) g and v ← β₂ v + (1 - β₂) g², over their weights 1 - β₁ᵗ and 1 - β₂ᵗ after t steps,
///
/// θ ← θ - rate · m̂ / (√v̂ + ε).
///
/// * Needs: a rate that falls to 0 if it is to end at the minimum: see [`Schedule`](super::Schedule).
/// * When: parameters whose gradients have different sizes; most variational inference. Where gradients are rare and
///   large it may not converge (Reddi, Kale & Kumar 2018); a larger β₂ helps.
///
/// Source: Kingma & Ba 2015, "Adam: a method for stochastic optimization", algorithm 1, with its defaults β = (0.9, 0.999)
/// and ε = 1e-8.
///
/// ```
/// use reparam::step::{Adam, Rule};
/// let mut theta = [3.0, -2.0];
/// let mut adam = Adam::new(&theta);
/// adam.step(&mut theta, &[1e-3, -70.0], 0.1).unwrap();
/// // the first step is one of the rate, whatever the gradient
/// assert!((theta[0] - 2.9).abs() < 1e-5 && (theta[1] + 1.9).abs() < 1e-10);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "read::Adam<P>"))]
pub struct Adam<P: Buffer> {
    decays: [f64; 2],
    epsilon: f64,
    steps: u64,
    #[cfg_attr(feature = "serde", serde(with = "super::buffer::sequence"))]
    mean: P,
    #[cfg_attr(feature = "serde", serde(with = "super::buffer::sequence"))]
    square: P,
}

impl<P: Buffer> Adam<P> {
    /// For this many parameters.
    pub fn new(theta: &P) -> Self {
        Adam { decays: [0.9, 0.999], epsilon: 1e-8, steps: 0, mean: theta.zeros(), square: theta.zeros() }
    }

    /// With other decays β₁, β₂ of the averages. A smaller β₂, 0.99 say, forgets the gradients of the start sooner.
    ///
    /// # Errors
    /// If one is not in [0, 1).
    pub fn decays(self, of_mean: f64, of_square: f64) -> Result<Self, StepError> {
        for (name, decay) in [("decay of the mean", of_mean), ("decay of the square", of_square)] {
            setting(name, "in [0, 1)", decay, (0.0..1.0).contains(&decay))?;
        }
        Ok(Adam { decays: [of_mean, of_square], ..self })
    }

    /// With another ε: gradients smaller than it count for less.
    ///
    /// # Errors
    /// If it is not in [1e-150, 1e150].
    pub fn epsilon(self, epsilon: f64) -> Result<Self, StepError> {
        setting("epsilon", "in [1e-150, 1e150]", epsilon, (1e-150..=1e150).contains(&epsilon))?;
        Ok(Adam { epsilon, ..self })
    }

    /// How many steps it has taken.
    pub fn steps(&self) -> u64 {
        self.steps
    }
}

impl<P: Buffer> Rule for Adam<P> {
    fn step(&mut self, theta: &mut [f64], gradient: &[f64], rate: f64) -> Result<(), StepError> {
        check(self.mean.as_ref().len(), theta, gradient, rate)?;
        self.steps = self.steps.saturating_add(1);
        let power = i32::try_from(self.steps).unwrap_or(i32::MAX);
        let [of_mean, of_square] = self.decays;
        let [weight, weight_of_square] = self.decays.map(|decay| 1.0 - math::powi(decay, power));
        let averages = self.mean.as_mut().iter_mut().zip(self.square.as_mut());
        for ((x, g), (m, v)) in theta.iter_mut().zip(gradient).zip(averages) {
            *m = of_mean * *m + (1.0 - of_mean) * g;
            *v = of_square * *v + (1.0 - of_square) * (g * g);
            *x -= rate * (*m / weight) / (math::sqrt(*v / weight_of_square) + self.epsilon);
        }
        Ok(())
    }
}

/// The state as it comes from outside, before it is checked.
#[cfg(feature = "serde")]
mod read {
    use crate::step::error::{check_gradient, check_length, setting};
    use crate::step::{Buffer, StepError};

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Adam<P: Buffer> {
        decays: [f64; 2],
        epsilon: f64,
        steps: u64,
        #[serde(with = "crate::step::buffer::sequence")]
        mean: P,
        #[serde(with = "crate::step::buffer::sequence")]
        square: P,
    }

    impl<P: Buffer> TryFrom<Adam<P>> for super::Adam<P> {
        type Error = StepError;

        fn try_from(
            Adam { decays: [first, second], epsilon, steps, mean, square }: Adam<P>,
        ) -> Result<Self, StepError> {
            let parameters = mean.as_ref().len();
            check_gradient(parameters, mean.as_ref())?;
            check_length("averages of squares", parameters, square.as_ref().len())?;
            for v in square.as_ref() {
                setting("average of squares", "in [0, 1e300]", *v, (0.0..=1e300).contains(v))?;
            }
            let rule = super::Adam::new(&mean).decays(first, second)?.epsilon(epsilon)?;
            Ok(super::Adam { steps, mean, square, ..rule })
        }
    }
}

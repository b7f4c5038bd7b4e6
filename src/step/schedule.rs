//! The rates of steps.

use super::StepError;
use super::error::setting;
use crate::scalar::math;
use core::f64::consts::PI;

/// The rate of each step, counted from 0: it begins at a rate and falls, after a warm-up if there is one.
///
/// ```
/// use reparam::step::Schedule;
/// let schedule = Schedule::cosine(0.1, 0.0, 100).unwrap().warm_up(4);
/// assert_eq!(schedule.rate(0), 0.02); // a fifth, two fifths, ...
/// assert_eq!(schedule.rate(4), 0.1);
/// assert!((schedule.rate(54) - 0.05).abs() < 1e-15);
/// assert_eq!(schedule.rate(1000), 0.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "read::Schedule"))]
pub struct Schedule {
    rate: f64,
    warm_up: u64,
    shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
enum Shape {
    Constant,
    Power { exponent: f64, scale: f64 },
    Linear { floor: f64, steps: u64 },
    Cosine { floor: f64, steps: u64 },
}

impl Schedule {
    fn new(rate: f64, shape: Shape) -> Result<Self, StepError> {
        setting("rate", "in [0, 1e150]", rate, (0.0..=1e150).contains(&rate))?;
        match shape {
            Shape::Constant => {}
            Shape::Power { exponent, scale } => {
                setting("exponent", "in [0, 1]", exponent, (0.0..=1.0).contains(&exponent))?;
                setting("scale", "in [1e-150, 1e150]", scale, (1e-150..=1e150).contains(&scale))?;
            }
            Shape::Linear { floor, .. } | Shape::Cosine { floor, .. } => {
                setting("floor", "from 0 to the rate", floor, (0.0..=rate).contains(&floor))?;
            }
        }
        Ok(Schedule { rate, warm_up: 0, shape })
    }

    /// The same rate at every step: the descent does not end, it hovers around the minimum.
    ///
    /// # Errors
    /// If the rate is not in [0, 1e150].
    pub fn constant(rate: f64) -> Result<Self, StepError> {
        Self::new(rate, Shape::Constant)
    }

    /// rate (1 + t/scale)^-exponent: Robbins & Monro's rates for exponents in (1/2, 1].
    ///
    /// # Errors
    /// If the rate is not in [0, 1e150], the exponent not in [0, 1], or the scale, a number of steps, not in [1e-150,
    /// 1e150].
    ///
    /// ```
    /// use reparam::step::Schedule;
    /// assert_eq!(Schedule::power(0.2, 1.0, 50.0).unwrap().rate(150), 0.05);
    /// assert!(Schedule::power(0.2, 1.5, 50.0).is_err());
    /// ```
    pub fn power(rate: f64, exponent: f64, scale: f64) -> Result<Self, StepError> {
        Self::new(rate, Shape::Power { exponent, scale })
    }

    /// rate + (floor - rate) t/steps, and then the floor.
    ///
    /// # Errors
    /// If the rate is not in [0, 1e150], or the floor not in [0, rate].
    pub fn linear(rate: f64, floor: f64, steps: u64) -> Result<Self, StepError> {
        Self::new(rate, Shape::Linear { floor, steps })
    }

    /// floor + (rate - floor) (1 + cos(π t/steps))/2, and then the floor: slow at both ends.
    ///
    /// Source: Loshchilov & Hutter 2017, "SGDR: stochastic gradient descent with warm restarts", equation 5.
    ///
    /// # Errors
    /// If the rate is not in [0, 1e150], or the floor not in [0, rate].
    pub fn cosine(rate: f64, floor: f64, steps: u64) -> Result<Self, StepError> {
        Self::new(rate, Shape::Cosine { floor, steps })
    }

    /// The same after a number of steps in which the rate rises to its start in equal parts (Goyal et al. 2017, "Accurate,
    /// large minibatch SGD", §2.2): averages of the first gradients know little.
    pub fn warm_up(self, steps: u64) -> Self {
        Schedule { warm_up: steps, ..self }
    }

    /// The rate of step t, counted from 0.
    pub fn rate(&self, step: u64) -> f64 {
        if step < self.warm_up {
            return self.rate * (step + 1) as f64 / (self.warm_up as f64 + 1.0);
        }
        let t = step - self.warm_up;
        let between = |floor: f64, steps: u64, left: fn(f64) -> f64| match t < steps {
            true => (floor + (self.rate - floor) * left(t as f64 / steps as f64)).clamp(floor, self.rate),
            false => floor,
        };
        match self.shape {
            Shape::Constant => self.rate,
            Shape::Power { exponent, scale } => self.rate * math::powf(1.0 + t as f64 / scale, -exponent),
            Shape::Linear { floor, steps } => between(floor, steps, |part| 1.0 - part),
            Shape::Cosine { floor, steps } => between(floor, steps, |part| 0.5 * (1.0 + math::cos(PI * part))),
        }
    }
}

/// The schedule as it comes from outside, before it is checked.
#[cfg(feature = "serde")]
mod read {
    use super::{Shape, StepError};

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Schedule {
        rate: f64,
        warm_up: u64,
        shape: Shape,
    }

    impl TryFrom<Schedule> for super::Schedule {
        type Error = StepError;

        fn try_from(Schedule { rate, warm_up, shape }: Schedule) -> Result<Self, StepError> {
            Ok(super::Schedule::new(rate, shape)?.warm_up(warm_up))
        }
    }
}

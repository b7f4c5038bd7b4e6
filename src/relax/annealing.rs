//! Temperatures that fall during an optimization.

use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, math};
use core::f64::consts::PI;

/// A temperature that falls from a start to a floor in a number of steps and stays there.
///
/// ```
/// use reparam::relax::Annealing;
/// let schedule = Annealing::exponential(1.0, 0.25, 100).unwrap();
/// assert_eq!(schedule.temperature(0), 1.0);
/// assert!((schedule.temperature(50) - 0.5).abs() < 1e-15);
/// assert_eq!(schedule.temperature(1000), 0.25);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Annealing {
    start: f64,
    floor: f64,
    steps: u64,
    shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape {
    Exponential,
    Linear,
    Cosine,
}

impl Annealing {
    fn new(start: f64, floor: f64, steps: u64, shape: Shape) -> Result<Self, LawError> {
        check!("an annealing schedule", start: TEMPERATURE);
        check!("an annealing schedule", floor: TEMPERATURE);
        check!("an annealing schedule", floor: "at most the start" if floor <= start);
        Ok(Annealing { start, floor, steps, shape })
    }

    /// start (floor/start)^(t/steps): the same factor at each step (Jang, Gu & Poole 2017, §4.2).
    ///
    /// # Errors
    /// If a temperature is not in [1e-6, 1e6], or the floor is above the start.
    pub fn exponential(start: f64, floor: f64, steps: u64) -> Result<Self, LawError> {
        Self::new(start, floor, steps, Shape::Exponential)
    }

    /// start + (floor - start) t/steps.
    ///
    /// # Errors
    /// Those of [`Annealing::exponential`].
    pub fn linear(start: f64, floor: f64, steps: u64) -> Result<Self, LawError> {
        Self::new(start, floor, steps, Shape::Linear)
    }

    /// floor + (start - floor) (1 + cos(π t/steps))/2: slow at both ends (Loshchilov & Hutter 2017, "SGDR").
    ///
    /// # Errors
    /// Those of [`Annealing::exponential`].
    pub fn cosine(start: f64, floor: f64, steps: u64) -> Result<Self, LawError> {
        Self::new(start, floor, steps, Shape::Cosine)
    }

    /// The temperature at a step, counted from 0.
    pub fn temperature(&self, step: u64) -> f64 {
        let Annealing { start, floor, steps, shape } = *self;
        if step == 0 && steps > 0 {
            return start;
        }
        if step >= steps {
            return floor;
        }
        let t = step as f64 / steps as f64;
        let temperature = match shape {
            Shape::Exponential => start * math::powf(floor / start, t),
            Shape::Linear => start + (floor - start) * t,
            Shape::Cosine => floor + (start - floor) * 0.5 * (1.0 + math::cos(PI * t)),
        };
        temperature.clamp(floor, start)
    }
}

/// 1/(K - 1): at this temperature and below, the density of a relaxed one-hot vector of K entries is log-convex and has no
/// mode inside of the simplex; inf for K below 2.
///
/// Source: Maddison, Mnih & Teh 2017, "The Concrete distribution", proposition 1d.
///
/// ```
/// assert_eq!(reparam::relax::vertex_temperature(5), 0.25);
/// ```
pub fn vertex_temperature(entries: usize) -> f64 {
    1.0 / (entries as f64 - 1.0).max(0.0)
}

//! The referee: differences of plain runs on common random numbers. It uses no derivative of the program, no score and no
//! law, so it does not share their mistakes.

use crate::estimate::components::Component;
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::Seeds;
use crate::program::{Coupled, ErrorOf, Outcome, Program};
use alloc::vec::Vec;

/// What finite differences say of a gradient.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Referee<const N: usize> {
    /// The derivatives, by central differences with Richardson's correction.
    pub gradient: [f64; N],
    /// Their standard errors.
    pub gradient_se: [f64; N],
    /// The size of the correction: the bias that is left is smaller, unless the expectation itself is rough.
    pub bias: [f64; N],
    /// The steps.
    pub steps: [f64; N],
    /// Whether rare differences make most of the variance, or there was none at all: the standard error is not to be
    /// trusted then.
    pub is_rough: [bool; N],
}

/// The first step, relative to the parameter (or absolute at 0): large, as jumps are rare in small steps.
const STEP: f64 = 0.04;

/// The smallest size of a parameter that steps are relative to: smaller ones are lost by rounding.
const SMALLEST: f64 = 1e-300;

/// Runs that choose a step.
const TRIALS: u64 = 256;

/// The excess kurtosis of a mean above which five of its standard errors are no rare event.
const ROUGH: f64 = 0.02;

impl<const N: usize> Referee<N> {
    pub(super) fn of<P>(
        program: &P,
        theta: [f64; N],
        samples: u64,
        seeds: Seeds,
    ) -> Result<Self, EstimateError<ErrorOf<P>>>
    where
        P: Program<Theta = [f64; N]>,
        P::Output: Outcome<Values = f64>,
    {
        let mut referee = Referee {
            gradient: [0.0; N],
            gradient_se: [0.0; N],
            bias: [0.0; N],
            steps: [0.0; N],
            is_rough: [false; N],
        };
        for i in 0..N {
            let at = Along { program, theta, parameter: i, seeds };
            let step = at.step()?;
            let mut found = at.look(step, 0..samples)?;
            if found.kurtosis > ROUGH {
                found = at.look(step, 0..8 * samples)?;
            }
            referee.gradient[i] = found.slope;
            referee.gradient_se[i] = found.se;
            referee.bias[i] = found.bias.abs();
            referee.steps[i] = step;
            referee.is_rough[i] = found.kurtosis > ROUGH || (found.slope == 0.0 && found.se == 0.0);
        }
        Ok(referee)
    }
}

/// One parameter of a program.
struct Along<'a, P, const N: usize> {
    program: &'a P,
    theta: [f64; N],
    parameter: usize,
    seeds: Seeds,
}

/// Means over samples.
struct Found {
    slope: f64,
    se: f64,
    bias: f64,
    bias_se: f64,
    /// The excess kurtosis of the mean.
    kurtosis: f64,
}

impl<P, const N: usize> Along<'_, P, N>
where
    P: Program<Theta = [f64; N]>,
    P::Output: Outcome<Values = f64>,
{
    /// The value of a run with the parameter moved by this much.
    fn value(&self, by: f64, sample: u64) -> Result<(f64, f64), EstimateError<ErrorOf<P>>> {
        let mut theta = self.theta;
        theta[self.parameter] += by;
        let run = Coupled::observed(self.seeds.of(sample), &[], ()).with_limit(self.seeds.limit);
        match run.run::<f64, P>(self.program, &theta) {
            // the step as rounding leaves it
            Ok((value, ())) if value.is_finite() => Ok((theta[self.parameter], value)),
            Ok(_) => {
                Err(EstimateError::NotFinite { sample, seed: self.seeds.seed, result: 0, component: Component::Value })
            }
            Err(e) => Err(EstimateError::of_run(sample, self.seeds.seed, e)),
        }
    }

    /// The difference quotient of one sample.
    fn quotient(&self, step: f64, sample: u64) -> Result<f64, EstimateError<ErrorOf<P>>> {
        let ((upper, above), (lower, below)) = (self.value(step, sample)?, self.value(-step, sample)?);
        Ok((above - below) / (upper - lower))
    }

    fn look(&self, step: f64, samples: core::ops::Range<u64>) -> Result<Found, EstimateError<ErrorOf<P>>> {
        let mut slopes = Vec::with_capacity(samples.end as usize);
        let mut biases = Vec::with_capacity(samples.end as usize);
        for sample in samples {
            let (one, two) = (self.quotient(step, sample)?, self.quotient(2.0 * step, sample)?);
            slopes.push(one + (one - two) / 3.0);
            biases.push((one - two) / 3.0);
        }
        let (slope, variance, fourth) = moments(&slopes);
        let (bias, bias_variance, _) = moments(&biases);
        let n = slopes.len() as f64;
        let kurtosis = if variance > 0.0 { (fourth / (variance * variance) - 3.0) / n } else { 0.0 };
        Ok(Found { slope, se: (variance / n).sqrt(), bias, bias_se: (bias_variance / n).sqrt(), kurtosis })
    }

    /// A step at which the program runs on both sides and the correction is small.
    ///
    /// # Errors
    /// That of the smallest step.
    fn step(&self) -> Result<f64, EstimateError<ErrorOf<P>>> {
        let size = self.theta[self.parameter].abs();
        let mut step = STEP * if size > 0.0 { size.max(SMALLEST) } else { 1.0 };
        let mut halvings = 0;
        loop {
            match self.look(step, 0..TRIALS) {
                Ok(found) => {
                    let is_small = found.bias.abs() <= 0.02 * found.slope.abs() + 3.0 * found.bias_se;
                    if is_small || halvings >= 10 {
                        return Ok(step);
                    }
                }
                // close to the end of a parameter's range
                Err(e) if halvings >= 40 => return Err(e),
                Err(_) => {}
            }
            halvings += 1;
            step *= 0.5;
        }
    }
}

/// Mean, variance and fourth central moment.
fn moments(x: &[f64]) -> (f64, f64, f64) {
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    let power = |k: i32| x.iter().map(|x| (x - mean).powi(k)).sum::<f64>() / n;
    (mean, power(2), power(4))
}

//! Why there is no step.

use core::fmt;

/// Why there is no step. Parameters are counted from 0.
#[derive(Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum StepError {
    /// Another number of parameters than the rule was made for.
    Length {
        /// What has it: `parameters`, `gradient`, ...
        what: &'static str,
        /// How many the rule was made for.
        expected: usize,
        /// How many were received.
        found: usize,
    },
    /// An entry of the gradient is not in [-1e150, 1e150]: of a sample that is not finite, say.
    Gradient {
        /// Of which parameter.
        parameter: usize,
        /// What was received.
        value: f64,
    },
    /// A parameter is not in [-1e150, 1e150]: earlier steps were too long, say.
    Parameter {
        /// Which.
        parameter: usize,
        /// What was received.
        value: f64,
    },
    /// A rate, a decay or the like is out of its range.
    Setting {
        /// Which.
        name: &'static str,
        /// Where it must be.
        range: &'static str,
        /// What was received.
        value: f64,
    },
    /// The scores do not span all parameters: their covariance has no inverse.
    Singular {
        /// How many scores there were.
        scores: u64,
        /// Of how many parameters.
        parameters: usize,
    },
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            StepError::Length { what, expected, found } => {
                write!(f, "{what}: {found} entries for a rule made for {expected}")
            }
            StepError::Gradient { parameter, value } => {
                write!(f, "the gradient in parameter {parameter} must be in [-1e150, 1e150], not {value:?}")
            }
            StepError::Parameter { parameter, value } => {
                write!(f, "parameter {parameter} must be in [-1e150, 1e150], not {value:?}")
            }
            StepError::Setting { name, range, value } => write!(f, "{name} must be {range}, not {value:?}"),
            StepError::Singular { scores, parameters } => write!(
                f,
                "the covariance of {scores} scores of {parameters} parameters has no inverse: take more scores, or damping"
            ),
        }
    }
}

/// As `Display`: it is what `main` prints of an error that it returns.
impl fmt::Debug for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for StepError {}

/// Larger numbers have squares that are no doubles.
pub(super) const LARGEST: f64 = 1e150;

/// The first entry that is too large or NaN.
fn at_fault(x: &[f64]) -> Option<usize> {
    // NaN is not below anything
    x.iter().position(|x| !matches!(x.abs().partial_cmp(&LARGEST), Some(o) if o.is_le()))
}

pub(super) fn check_length(what: &'static str, expected: usize, found: usize) -> Result<(), StepError> {
    if expected == found { Ok(()) } else { Err(StepError::Length { what, expected, found }) }
}

pub(super) fn check_parameters(expected: usize, theta: &[f64]) -> Result<(), StepError> {
    check_length("parameters", expected, theta.len())?;
    match at_fault(theta) {
        Some(parameter) => Err(StepError::Parameter { parameter, value: theta[parameter] }),
        None => Ok(()),
    }
}

pub(super) fn check_gradient(expected: usize, gradient: &[f64]) -> Result<(), StepError> {
    check_length("gradient", expected, gradient.len())?;
    match at_fault(gradient) {
        Some(parameter) => Err(StepError::Gradient { parameter, value: gradient[parameter] }),
        None => Ok(()),
    }
}

pub(super) fn check_rate(rate: f64) -> Result<(), StepError> {
    setting("rate", "in [-1e150, 1e150]", rate, (-LARGEST..=LARGEST).contains(&rate))
}

pub(super) fn setting(name: &'static str, range: &'static str, value: f64, is_in_range: bool) -> Result<(), StepError> {
    if is_in_range { Ok(()) } else { Err(StepError::Setting { name, range, value }) }
}

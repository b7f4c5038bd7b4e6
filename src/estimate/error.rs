//! What can go wrong in an estimate, and what a program may return.

use crate::program::{ChoiceError, RunError};
use core::convert::Infallible;
use core::error::Error;
use core::fmt;

/// What a program returns: a number, or a `Result` of one.
///
/// Sealed: implemented for every scalar and for `Result<scalar, E>`.
pub trait Outcome<S>: sealed::Sealed<S> {
    /// The program's own error; [`Infallible`] for a program that returns a bare number.
    type Error;

    #[doc(hidden)]
    fn result(self) -> Result<S, Self::Error>;
}

mod sealed {
    use crate::scalar::Scalar;
    pub trait Sealed<S> {}
    impl<S: Scalar> Sealed<S> for S {}
    impl<S: Scalar, E> Sealed<S> for Result<S, E> {}
}

impl<S: crate::scalar::Scalar> Outcome<S> for S {
    type Error = Infallible;
    #[inline(always)]
    fn result(self) -> Result<S, Infallible> {
        Ok(self)
    }
}

impl<S: crate::scalar::Scalar, E> Outcome<S> for Result<S, E> {
    type Error = E;
    #[inline(always)]
    fn result(self) -> Result<S, E> {
        self
    }
}

/// Why there is no estimate. Samples, chunks and parameters are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EstimateError<E> {
    /// No samples, or one: a standard error needs two.
    TooFewSamples {
        /// The number asked for.
        samples: u64,
    },
    /// The program returned an error.
    Program {
        /// The sample in which it did.
        sample: u64,
        /// What it returned.
        error: E,
    },
    /// The program returned an infinity or NaN.
    NotFinite {
        /// The sample in which it did.
        sample: u64,
        /// Where in what it returned.
        component: Component,
    },
    /// A choice was asked for with invalid parameters.
    Choice {
        /// The sample in which it was.
        sample: u64,
        /// The number of the choice in its run, from 0.
        choice: u64,
        /// What is wrong.
        error: ChoiceError,
    },
    /// A value of probability 0 has a derivative: it is never drawn, and scores would miss what it contributes.
    /// [`replay`](super::replay) does not.
    EmptyCell {
        /// The sample in which it was met.
        sample: u64,
    },
    /// A run has more alternatives than the limit given to [`ByChoices::exhaustive`](super::ByChoices::exhaustive).
    TooManyAlternatives {
        /// The sample in which it has.
        sample: u64,
        /// The limit.
        limit: usize,
    },
    /// The samples are finite, but their mean or variance is beyond the range of doubles.
    Overflow,
    /// The value of one sample differed between chunks of parameters, which all run on the same noise: the program
    /// branches on derivatives, keeps state from one call to the next, or its generator shares state with its clones (as
    /// `ThreadRng` does).
    NoiseNotRepeated {
        /// The sample in which it did.
        sample: u64,
        /// The first chunk whose value was not that of chunk 0.
        chunk: usize,
    },
}

impl<E> EstimateError<E> {
    /// What a run of a program with choices reported, in this sample.
    pub(super) fn of_run(sample: u64, error: RunError<E>) -> Self {
        match error {
            RunError::Program(error) => EstimateError::Program { sample, error },
            RunError::Choice { choice, error } => EstimateError::Choice { sample, choice, error },
        }
    }
}

/// A component of what a program returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Component {
    /// The value.
    Value,
    /// The derivative in this parameter.
    Gradient(usize),
    /// The second derivative in these two parameters.
    Hessian(usize, usize),
}

impl fmt::Display for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Component::Value => f.write_str("value"),
            Component::Gradient(i) => write!(f, "derivative in parameter {i}"),
            Component::Hessian(i, j) => write!(f, "second derivative in parameters {i} and {j}"),
        }
    }
}

impl<E: fmt::Display> fmt::Display for EstimateError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EstimateError::TooFewSamples { samples } => {
                write!(f, "an estimate with a standard error needs at least 2 samples, not {samples}")
            }
            EstimateError::Program { sample, error } => write!(f, "sample {sample}: {error}"),
            EstimateError::NotFinite { sample, component } => {
                write!(f, "sample {sample}: the {component} is not finite")
            }
            EstimateError::Choice { sample, choice, error } => write!(f, "sample {sample}, choice {choice}: {error}"),
            EstimateError::EmptyCell { sample } => write!(
                f,
                "sample {sample}: a value of probability 0 has a derivative, which scores would miss; use replay instead"
            ),
            EstimateError::TooManyAlternatives { sample, limit } => {
                write!(f, "sample {sample}: more than {limit} alternatives to the choices made")
            }
            EstimateError::Overflow => f.write_str("the mean or variance of the samples overflows"),
            EstimateError::NoiseNotRepeated { sample, chunk } => write!(
                f,
                "sample {sample}: chunks 0 and {chunk} of the parameters ran on the same noise but gave different values"
            ),
        }
    }
}

// The message holds that of E, and E need not be an `Error` itself: `Box<dyn Error>` is not.
impl<E: fmt::Display + fmt::Debug> Error for EstimateError<E> {}

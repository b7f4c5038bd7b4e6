//! What can go wrong in an estimate.

use super::components::Component;
use crate::parameter::Short;
use crate::program::{Fault, RunError};
use core::error::Error;
use core::fmt;

/// Why there is no estimate. Samples, chunks, results and parameters are counted from 0.
///
/// Where a sample is named, so is the seed of the estimate: [`Estimator::rerun`](super::Estimator::rerun) repeats that
/// sample alone.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum EstimateError<E> {
    /// No samples, or one: a standard error needs two.
    TooFewSamples {
        /// The number asked for.
        samples: u64,
    },
    /// A parameter is infinite or NaN.
    Parameter {
        /// Which.
        parameter: usize,
        /// What was received.
        value: f64,
    },
    /// Something that the estimator was told is out of its range.
    Setting {
        /// What: `step`, `baseline`, ...
        name: &'static str,
        /// What it must be.
        range: &'static str,
        /// What was received.
        value: f64,
    },
    /// The program returned an error.
    Program {
        /// The sample in which it did.
        sample: u64,
        /// The seed of the estimate.
        seed: u64,
        /// What it returned.
        error: E,
    },
    /// The program returned an infinity or NaN.
    NotFinite {
        /// The sample in which it did.
        sample: u64,
        /// The seed of the estimate.
        seed: u64,
        /// Which of its results.
        result: usize,
        /// Where in that.
        component: Component,
    },
    /// A choice could not be made.
    Choice {
        /// The sample in which it was.
        sample: u64,
        /// The seed of the estimate.
        seed: u64,
        /// Which choice, and what is wrong.
        fault: Fault,
    },
    /// A value of probability 0 has a derivative: it is never drawn, and scores would miss what it contributes.
    /// [`replay`](super::replay) does not.
    EmptyCell {
        /// The sample in which it was met.
        sample: u64,
        /// The seed of the estimate.
        seed: u64,
        /// The number of the choice in its run, from 0.
        choice: u64,
    },
    /// A run has more alternatives than the limit given to [`Estimator::exhaustive`](super::Estimator::exhaustive).
    TooManyAlternatives {
        /// The sample in which it has.
        sample: u64,
        /// The limit.
        limit: usize,
    },
    /// The program returned more or fewer results than in the first sample of the block.
    Results {
        /// The sample in which it did.
        sample: u64,
        /// Those of the first.
        expected: usize,
        /// Those of this one.
        found: usize,
    },
    /// The samples are finite, but their mean or variance is beyond the range of doubles.
    Overflow,
    /// Too few samples are beyond the edge of a tail, or near it: more samples, or an edge that is not so far out.
    FewBeyond {
        /// Those that are.
        beyond: u64,
        /// The least number.
        needed: u64,
    },
    /// Many samples have this very result, at which a quantile is asked for: it has no derivative there.
    Atom {
        /// The result.
        value: f64,
    },
    /// A function of expectations is infinite or NaN at them, or its derivatives or their errors are.
    Function {
        /// Which of its results.
        result: usize,
    },
    /// A sample that was run twice on the same random numbers gave different results: the program branches on
    /// derivatives, keeps state from one call to the next, or has a generator of its own.
    NotRepeated {
        /// The sample.
        sample: u64,
    },
}

impl<E> EstimateError<E> {
    /// What a run of a program reported, in this sample.
    #[cold]
    /// The result of a sample; what went wrong with its choices comes first, as the program may have gone on with them.
    #[inline(always)]
    pub(super) fn of_sample<T>(sample: u64, seed: u64, fault: Option<Fault>, result: Result<T, E>) -> Result<T, Self> {
        match fault {
            Some(fault) => Err(EstimateError::Choice { sample, seed, fault }),
            None => result.map_err(|error| EstimateError::Program { sample, seed, error }),
        }
    }

    pub(super) fn of_run(sample: u64, seed: u64, error: RunError<E>) -> Self {
        match error {
            RunError::Program(error) => EstimateError::Program { sample, seed, error },
            RunError::Choice(fault) => EstimateError::Choice { sample, seed, fault },
        }
    }
}

impl<E: fmt::Display> fmt::Display for EstimateError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EstimateError::TooFewSamples { samples } => {
                write!(
                    f,
                    "a standard error needs at least two samples (or pairs, or batches of them): more than {samples}"
                )
            }
            EstimateError::Parameter { parameter, value } => write!(f, "parameter {parameter} is {}", Short(*value)),
            EstimateError::Setting { name, range, value } => write!(f, "{name} must be {range}, not {}", Short(*value)),
            EstimateError::Program { sample, seed, error } => write!(f, "sample {sample} of seed {seed}: {error}"),
            EstimateError::NotFinite { sample, seed, result: 0, component } => {
                write!(f, "sample {sample} of seed {seed}: the {component} is not finite")
            }
            EstimateError::NotFinite { sample, seed, result, component } => {
                write!(f, "sample {sample} of seed {seed}: the {component} of result {result} is not finite")
            }
            EstimateError::Choice { sample, seed, fault } => write!(f, "sample {sample} of seed {seed}, {fault}"),
            EstimateError::EmptyCell { sample, seed, choice } => write!(
                f,
                "sample {sample} of seed {seed}, choice {choice}: a value of probability 0 has a derivative, which scores would miss; use \
                 replay, or give the probability by its logit (`bernoulli_logit`), its hazard (`event`) or `threshold`"
            ),
            EstimateError::TooManyAlternatives { sample, limit } => {
                write!(f, "sample {sample}: more than {limit} alternatives to the choices made")
            }
            EstimateError::Results { sample, expected, found } => {
                write!(f, "sample {sample}: {found} results, not {expected} as before")
            }
            EstimateError::Overflow => f.write_str("the mean or variance of the samples overflows"),
            EstimateError::FewBeyond { beyond, needed } => {
                write!(f, "{beyond} samples beyond the edge of the tail or near it, and {needed} are needed")
            }
            EstimateError::Atom { value } => {
                write!(f, "many samples have the result {value}, so that the quantile has no derivative there")
            }
            EstimateError::Function { result } => {
                write!(f, "result {result} of the function of expectations, or a derivative of it, is not finite")
            }
            EstimateError::NotRepeated { sample } => write!(
                f,
                "sample {sample} gave two results on the same random numbers: does the program keep state, or have a generator of its own?"
            ),
        }
    }
}

// The message holds that of E, and E need not be an `Error` itself: `Box<dyn Error>` is not.
impl<E: fmt::Display + fmt::Debug> Error for EstimateError<E> {}

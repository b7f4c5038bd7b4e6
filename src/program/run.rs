//! Single runs of a program.

use super::{Coupled, ErrorOf, Fault, ParametersOf, Program, Scores, Values, ValuesOf};
use crate::scalar::Scalar;
use crate::weighted::Weighted;
use core::error::Error;
use core::fmt;

/// Why a run has no result.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum RunError<E> {
    /// The program returned an error.
    Program(E),
    /// A choice could not be made.
    Choice(Fault),
}

impl<E: fmt::Display> fmt::Display for RunError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::Program(error) => error.fmt(f),
            RunError::Choice(fault) => fault.fmt(f),
        }
    }
}

impl<E: fmt::Display + fmt::Debug> Error for RunError<E> {}

/// One run of a program on the random numbers of a seed. Its derivatives are those at fixed choices.
///
/// # Errors
/// The program's own, or that of the first invalid choice.
///
/// ```
/// use reparam::{prelude::*, program};
/// let coin = program!(|[p]: [S; 1], chance| -> S { S::from(if chance.bernoulli(p) { 1.0 } else { 0.0 }) });
/// let heads = (0..100).filter(|seed| program::run(&coin, &[0.8], *seed) == Ok(1.0)).count();
/// assert!((60..100).contains(&heads));
/// assert!(program::run(&coin, &[1.5], 1).is_err());
/// ```
pub fn run<S: Scalar, P: Program>(
    program: &P,
    theta: &ParametersOf<P, S>,
    seed: u64,
) -> Result<ValuesOf<P, S>, RunError<ErrorOf<P>>> {
    Coupled::new(seed).run::<S, P>(program, theta).map(|(x, ())| x)
}

/// The result of one run with the weight Π p_k / re(p_k) of its choices, with real part 1: averages of weight times
/// result are estimates of the expectation and of its derivatives to any order that the scalar carries, by scores (the
/// DiCE of Foerster et al. 2018).
///
/// # Errors
/// Those of [`run()`].
///
/// ```
/// use reparam::{prelude::*, program};
/// let coin = program!(|[p]: [S; 1], chance| -> S { S::from(if chance.bernoulli(p) { 1.0 } else { 0.0 }) });
/// let run = program::weighted(&coin, &Jet::variables([0.8]), 1).unwrap();
/// assert_eq!(run.weight.re, 1.0);
/// assert_eq!(run.weight.eps[0], if run.value.re == 1.0 { 1.0 / 0.8 } else { -1.0 / (1.0 - 0.8) });
/// ```
pub fn weighted<S: Scalar, P: Program>(
    program: &P,
    theta: &ParametersOf<P, S>,
    seed: u64,
) -> Result<Weighted<ValuesOf<P, S>, S>, RunError<ErrorOf<P>>> {
    let (value, scores) = Coupled::observed(seed, &[], Scores::new()).run::<S, P>(program, theta)?;
    Ok(Weighted { value, weight: scores.weight() })
}

/// The values of results, without their derivatives.
pub(crate) fn real_parts<V: Values, S: Scalar>(of: &V::Of<S>) -> V::Of<f64> {
    V::map(of, |x| x.re())
}

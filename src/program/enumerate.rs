//! All paths of a program, with their probabilities.

use super::chance::stand_in;
use super::stream::Places;
use super::{Chance, ChoiceLaw, ErrorOf, Fault, Outcome, ParametersOf, Program, RunError, Values, ValuesOf};
use crate::distr::{Continuous, Joint};
use crate::parameter::LawError;
use crate::scalar::Scalar;
use alloc::vec::Vec;
use core::error::Error;
use core::fmt;
use rand::Rng;

/// The exact expectation of a program whose choices are all finite and which uses no other random numbers: Σ p f over
/// all paths, in the numbers given, so with derivatives of any order.
///
/// ```
/// use reparam::{prelude::*, program};
/// // the smaller of two dice, each with six at probability p
/// let f = program!(|[p]: [S; 1], chance| -> S {
///     let other = (-p + 1.0) / 5.0;
///     let die = [other, other, other, other, other, p];
///     S::from(chance.categorical(&die).min(chance.categorical(&die)) as f64 + 1.0)
/// });
/// let exact = program::enumerate(&Jet::second_order([0.25]), f).run().unwrap();
/// let (value, gradient, hessian) = exact.value.hessian();
/// // P(min > k) = (1 - k (1-p)/5)², summed over k = 0, ..., 5
/// assert!((value - 2.7375).abs() < 1e-14 && (gradient[0] - 2.7).abs() < 1e-14 && (hessian[0][0] - 4.4).abs() < 1e-14);
/// assert_eq!(exact.paths, 36);
/// ```
pub fn enumerate<S: Scalar, P: Program>(
    theta: &ParametersOf<P, S>,
    program: P,
) -> Enumeration<'_, ParametersOf<P, S>, P> {
    Enumeration { theta, program, limit: 1 << 20 }
}

/// An enumeration about to be run: made by [`enumerate`].
#[must_use = "nothing is enumerated until it is run"]
#[derive(Clone, Copy, Debug)]
pub struct Enumeration<'a, T: ?Sized, P> {
    theta: &'a T,
    program: P,
    limit: u64,
}

/// The sum over all paths.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Exact<V> {
    /// The expectation, with its derivatives: a number, or as many as the program returns.
    pub value: V,
    /// The number of paths.
    pub paths: u64,
}

/// Why the paths cannot be enumerated.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum EnumerateError<E> {
    /// A run has no result.
    Run(RunError<E>),
    /// There are more paths than the limit, or more values of one choice than that or 2^20.
    TooManyPaths {
        /// The limit.
        limit: u64,
    },
    /// A path has more choices than this: it may be one of infinitely many.
    TooLong {
        /// The largest number of choices.
        limit: usize,
    },
    /// A Poisson or geometric choice, or another of infinitely many values.
    Infinite {
        /// The number of the choice in its run.
        choice: usize,
    },
    /// The program uses random numbers other than those of choices.
    Noise,
    /// The program returns more results on one path than on another.
    Results {
        /// Those of the first path.
        expected: usize,
        /// Those of another.
        found: usize,
    },
}

impl<E: fmt::Display> fmt::Display for EnumerateError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EnumerateError::Run(error) => error.fmt(f),
            EnumerateError::TooManyPaths { limit } => write!(f, "more than {limit} paths"),
            EnumerateError::TooLong { limit } => write!(f, "a path of more than {limit} choices"),
            EnumerateError::Infinite { choice } => write!(f, "choice {choice} has infinitely many values"),
            EnumerateError::Results { expected, found } => {
                write!(f, "{found} results on one path, {expected} on another")
            }
            EnumerateError::Noise => f.write_str("random numbers other than those of choices cannot be enumerated"),
        }
    }
}

impl<E: fmt::Display + fmt::Debug> Error for EnumerateError<E> {}

/// The largest number of choices of a path.
const LONGEST: usize = 4096;

/// The largest number of values of a choice.
const MOST: u64 = 1 << 20;

impl<T: ?Sized, P: Program> Enumeration<'_, T, P> {
    /// The largest number of paths, 2^20 otherwise.
    pub fn limit(self, paths: u64) -> Self {
        Enumeration { limit: paths, ..self }
    }

    /// The sum. Paths of probability 0 with all derivatives 0 are left out.
    ///
    /// # Errors
    /// Those of [`EnumerateError`].
    ///
    /// ```
    /// use reparam::{prelude::*, program::{self, EnumerateError}};
    /// let f = program!(|[p]: [S; 1], chance| -> S { S::from((0..10).filter(|_| chance.bernoulli(p)).count() as f64) });
    /// assert_eq!(program::enumerate(&[0.5], f).limit(1000).run(), Err(EnumerateError::TooManyPaths { limit: 1000 }));
    /// let f = program!(|[p]: [S; 1], chance| -> S { S::from(chance.poisson(p) as f64) });
    /// assert_eq!(program::enumerate(&[0.5], f).run(), Err(EnumerateError::Infinite { choice: 0 }));
    /// ```
    pub fn run<S: Scalar>(self) -> Result<Exact<ValuesOf<P, S>>, EnumerateError<ErrorOf<P>>>
    where
        P::Theta: super::Parameters<Of<S> = T>,
    {
        let (mut path, mut total) = (Vec::new(), None);
        for paths in 1..=self.limit {
            let mut handle = Walker {
                path: &mut path,
                depth: 0,
                weight: S::from(1.0),
                most: self.limit.min(MOST),
                noise: Places::new(paths),
                error: None,
            };
            let outcome = self.program.run(self.theta, &mut handle);
            if let Some(stop) = handle.error {
                return Err(match stop {
                    Stop::Choice(choice, error) => {
                        EnumerateError::Run(RunError::Choice(Fault::Choice { choice, error }))
                    }
                    Stop::Infinite(choice) => EnumerateError::Infinite { choice },
                    Stop::TooWide => EnumerateError::TooManyPaths { limit: self.limit },
                    Stop::TooLong => EnumerateError::TooLong { limit: LONGEST },
                    Stop::Noise => EnumerateError::Noise,
                });
            }
            let f = P::Output::result(outcome).map_err(|e| EnumerateError::Run(RunError::Program(e)))?;
            let weight = handle.weight;
            let part = <<P::Output as Outcome>::Values as Values>::map(&f, |f: &S| *f * weight);
            match &mut total {
                None => total = Some(part),
                Some(total) => add::<<P::Output as Outcome>::Values, S>(total, &part)
                    .map_err(|(expected, found)| EnumerateError::Results { expected, found })?,
            }
            // the next path: the last choice that has a further value takes it
            while path.last().is_some_and(|step| step.value == step.last) {
                path.pop();
            }
            match path.last_mut() {
                Some(step) => step.value += 1,
                None => {
                    return total
                        .map(|value| Exact { value, paths })
                        .ok_or(EnumerateError::TooManyPaths { limit: self.limit });
                }
            }
        }
        Err(EnumerateError::TooManyPaths { limit: self.limit })
    }
}

/// A choice on the current path.
struct Step {
    value: u64,
    /// The last value that has a probability.
    last: u64,
}

enum Stop {
    Choice(u64, LawError),
    Infinite(usize),
    TooWide,
    TooLong,
    Noise,
}

/// The handle that follows a path, and goes on along the first values.
struct Walker<'a, S> {
    path: &'a mut Vec<Step>,
    depth: usize,
    /// The path's probability.
    weight: S,
    /// The largest number of values of a choice.
    most: u64,
    /// For runs that have failed already.
    noise: Places,
    error: Option<Stop>,
}

impl<S: Scalar> Walker<'_, S> {
    /// The value of a choice, unless there is a reason to stop.
    fn follow(&mut self, law: &impl ChoiceLaw<S>) -> Result<u64, Stop> {
        law.check().map_err(|e| Stop::Choice(self.depth as u64, e))?;
        let values = law.support().ok_or(Stop::Infinite(self.depth))?;
        if values > self.most {
            return Err(Stop::TooWide);
        }
        let exists = |k: &u64| law.pmf(*k).max_abs() > 0.0;
        if self.depth == self.path.len() {
            if self.depth == LONGEST {
                return Err(Stop::TooLong);
            }
            self.path.push(Step { value: 0, last: (0..values).rfind(exists).unwrap_or(0) });
        }
        let step = &mut self.path[self.depth];
        step.value = (step.value..=step.last).find(exists).unwrap_or(step.last);
        self.weight *= law.pmf(step.value);
        self.depth += 1;
        Ok(step.value)
    }
}

/// Adds number by number, if there are as many of them: otherwise the two numbers.
fn add<V: Values, S: Scalar>(total: &mut V::Of<S>, part: &V::Of<S>) -> Result<(), (usize, usize)> {
    let (total, part) = (V::slice_mut(total), V::slice(part));
    if total.len() != part.len() {
        return Err((total.len(), part.len()));
    }
    total.iter_mut().zip(part).for_each(|(sum, x): (&mut S, &S)| *sum += *x);
    Ok(())
}

impl<S: Scalar> Chance<S> for Walker<'_, S> {
    type Mark = ();

    fn choose(&mut self, law: &impl ChoiceLaw<S>) -> u64 {
        if self.error.is_none() {
            match self.follow(law) {
                Ok(k) => return k,
                Err(stop) => self.error = Some(stop),
            }
        }
        let mut noise = self.noise.stream();
        // whatever lets loops end: the run means nothing
        stand_in(law.support(), &mut noise)
    }

    fn draw(&mut self, law: &impl Continuous<S>) -> S {
        law.sample(&mut self.generator())
    }
    fn draw_joint<L: Joint<S>>(&mut self, law: &L) -> L::Point {
        law.sample(&mut Chance::<S>::generator(self))
    }
    fn uniform(&mut self) -> f64 {
        crate::noise::uniform(&mut Chance::<S>::generator(self))
    }
    fn normal(&mut self) -> f64 {
        crate::noise::normal(&mut Chance::<S>::generator(self))
    }
    fn exponential(&mut self) -> f64 {
        crate::noise::exponential(&mut Chance::<S>::generator(self))
    }
    fn generator(&mut self) -> impl Rng {
        self.error.get_or_insert(Stop::Noise);
        self.noise.stream()
    }
    fn open(&mut self) {}
    fn close(&mut self, (): ()) {}
    fn fault(&self) -> Option<Fault> {
        None
    }
}

//! Programs that make discrete choices: ordinary code, with `if`, `while` and loops of random length on what was drawn.
//!
//! A [`Program`] is generic over its numbers and draws through a handle, [`Chance`]. The estimators of
//! [`estimate`](crate::estimate) run it with one handle or another: once in jets, and again in `f64` with one choice
//! forced to another value, on the same random numbers. It must be a function of its parameters and of what the handle
//! gives: no generator or state of its own.
//!
//! ```
//! use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
//! use reparam::{estimate, prelude::*};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // the number of steps until a walk leaves -3, ..., 3
//! let exit_time = program!(|[p]: [S; 1], chance| -> S {
//!     let (mut x, mut steps) = (0i32, 0.0);
//!     while x.abs() <= 3 {
//!         x += if chance.bernoulli(p) { 1 } else { -1 };
//!         steps += 1.0;
//!     }
//!     S::from(steps)
//! });
//! let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
//! let e = estimate::mix([0.6], exit_time).samples(100_000).run(&mut rng)?;
//! assert!((e.gradient[0] + 42.194).abs() < 5.0 * e.gradient_se[0]);
//! # Ok(()) }
//! ```
//!
//! # Random numbers
//! Every place at which a program asks for random numbers has its own, from a hash of the seed, the scope and the
//! number of the place in its scope (SplitMix64's). So two runs have the same numbers at the same places, however many
//! a place needs. Where a loop takes a random number of turns, what comes after it would slip: [`Chance::scope`] around
//! the loop, or its body, keeps the places after it where they are. That lowers variances and changes no expectation.
//!
//! # Pitfalls
//! * `if` on a number that carries a derivative loses that derivative silently: draw the event with
//!   [`Chance::bernoulli`] and its probability first, and then the noise given the event. `verify::audit` finds such
//!   places.
//! * A run may be forced to a choice that has probability 0. The program must get through it.
//! * Loops must end with certainty, as those of any simulation.

mod antithetic;
mod chance;
pub mod choice;
mod coupled;
#[cfg(feature = "alloc")]
mod enumerate;
mod handed_on;
mod macros;
mod outcome;
mod pair;
mod plain;
#[cfg(feature = "alloc")]
mod points;
#[cfg(feature = "alloc")]
mod quasi;
mod race;
mod reservoir;
mod run;
mod scored;
mod scores;
#[cfg(feature = "alloc")]
mod sobol;
mod stream;
mod watched;

pub use antithetic::Antithetic;
pub use chance::{Chance, Fault, MOST_CHOICES};
pub use choice::ChoiceLaw;
pub use coupled::Coupled;
#[cfg(feature = "alloc")]
pub use enumerate::{EnumerateError, Enumeration, Exact, enumerate};
#[doc(hidden)]
pub use macros::captured;
pub use outcome::{Outcome, Parameters, Values};
pub use plain::Plain;
#[cfg(feature = "alloc")]
pub use points::{Latin, PointSet, Strata};
#[cfg(feature = "alloc")]
pub use quasi::Quasi;
pub use reservoir::Weights;
pub use run::{RunError, run, weighted};
pub use scored::ByScore;
pub use scores::Scores;
#[cfg(feature = "alloc")]
pub use sobol::{MOST_DIMENSIONS, Sobol};
pub use stream::{Places, Stream};
pub use watched::{Observer, Site, Watched};

pub(crate) use coupled::Forced;
pub(crate) use pair::Pair;
#[cfg(feature = "alloc")]
pub(crate) use reservoir::Listing;
pub(crate) use reservoir::{Candidate, MAX_KEPT, OfBlind, Reservoir};
pub(crate) use run::real_parts;
pub(crate) use scored::ScoreOfPath;

use crate::scalar::Scalar;

/// Code that draws through a handle and computes numbers from parameters. The two types are written as for `f64`:
/// `[f64; N]`, or `[f64]` where the number of parameters is known at run time; `f64`, `[f64; K]`, `Vec<f64>` or a
/// `Result` of one of them.
///
/// [`program!`](crate::program!) writes short ones like a closure. What has a name is a type of its own:
///
/// ```
/// use reparam::prelude::*;
///
/// /// Σ over `values` of those that a coin of probability p picks.
/// struct Picks<'a> {
///     values: &'a [f64],
/// }
///
/// impl Program for Picks<'_> {
///     type Theta = [f64; 1];
///     type Output = f64;
///
///     fn run<S: Scalar, C: Chance<S>>(&self, [p]: &[S; 1], chance: &mut C) -> S {
///         S::from(self.values.iter().filter(|_| chance.bernoulli(*p)).sum())
///     }
/// }
/// let exact = program::enumerate(&Jet::variables([0.25]), Picks { values: &[1.0, 2.0, 4.0] }).run().unwrap();
/// assert_eq!((exact.value.re, exact.value.eps), (1.75, [7.0]));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a program",
    label = "an estimator that runs it in several kinds of numbers needs a program",
    note = "write it with `program!(|theta: [S; N], chance| -> S {{ .. }})`; a closure serves `pathwise` only"
)]
pub trait Program {
    /// The parameters, as a type of `f64`.
    type Theta: Parameters + ?Sized;

    /// The results, as a type of `f64`.
    type Output: Outcome;

    /// One run.
    fn run<S: Scalar, C: Chance<S>>(
        &self,
        theta: &<Self::Theta as Parameters>::Of<S>,
        chance: &mut C,
    ) -> <Self::Output as Outcome>::Of<S>;
}

/// A program's parameters in another scalar.
pub type ParametersOf<P, S> = <<P as Program>::Theta as Parameters>::Of<S>;
/// What a program returns in another scalar.
pub type OutcomeOf<P, S> = <<P as Program>::Output as Outcome>::Of<S>;
/// Its values in another scalar, without the `Result`.
pub type ValuesOf<P, S> = <<<P as Program>::Output as Outcome>::Values as Values>::Of<S>;
/// How many values it returns, as a type of `f64`.
pub type ResultsOf<P> = <<P as Program>::Output as Outcome>::Values;
/// The error that it may return.
pub type ErrorOf<P> = <<P as Program>::Output as Outcome>::Error;

impl<P: Program> Program for &P {
    type Theta = P::Theta;
    type Output = P::Output;

    #[inline(always)]
    fn run<S: Scalar, C: Chance<S>>(&self, theta: &ParametersOf<P, S>, chance: &mut C) -> OutcomeOf<P, S> {
        P::run(self, theta, chance)
    }
}

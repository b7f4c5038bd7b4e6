//! Programs that make discrete choices: ordinary code, with `if`, `while` and loops of random length on what was drawn.
//!
//! A [`Program`] is generic over its numbers and draws through a handle, [`Choices`]. The estimators of
//! [`estimate`](crate::estimate) run it with one handle or another: once in jets, and again in `f64` with one choice forced to
//! another value, on the same random numbers. It must be a function of its parameters and of what the handle gives: no
//! generator or state of its own.
//!
//! ```
//! use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
//! use reparam::{estimate, prelude::*};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // the number of steps until a walk leaves -3, ..., 3
//! let exit_time = program!(|[p]: [S; 1], choose| -> S {
//!     let (mut x, mut steps) = (0i32, 0.0);
//!     while x.abs() <= 3 {
//!         x += if choose.bernoulli(p) { 1 } else { -1 };
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
//! Every place at which a program asks for random numbers has its own, from a hash of the seed, the scope and the number of
//! the place in its scope (SplitMix64's). So two runs have the same numbers at the same places, however many a place needs.
//! Where a loop takes a random number of turns, what comes after it would slip: [`Choices::scope`] around the loop, or its
//! body, keeps the places after it where they are. That lowers variances and changes no expectation.
//!
//! # Pitfalls
//! * `if` on a number that carries a derivative loses that derivative silently: draw the event with
//!   [`Choices::bernoulli`] and its probability first, and then the noise given the event. `verify::audit` finds such places.
//! * A run may be forced to a choice that has probability 0. The program must get through it.
//! * Loops must end with certainty, as those of any simulation.

#[cfg(feature = "alloc")]
mod enumerate;
mod handle;
mod laws;
mod pair;
mod reservoir;
mod run;
mod scores;
mod stream;

#[cfg(feature = "alloc")]
pub use enumerate::{EnumerateError, Enumeration, Exact, enumerate};
pub use laws::{
    Bernoulli, BernoulliLogit, Binomial, Categorical, CategoricalLogits, ChoiceError, ChoiceLaw, Geometric, Ordered,
    Poisson,
};
pub use reservoir::Weights;
pub use run::{RunError, run, weighted};
pub use stream::Stream;

pub(crate) use handle::{Handle, Observer, Site};
pub(crate) use pair::Pair;
#[cfg(feature = "alloc")]
pub(crate) use reservoir::Listing;
pub(crate) use reservoir::{Candidate, MAX_KEPT, Reservoir};
pub(crate) use scores::Scores;

use crate::noise;
use crate::scalar::Scalar;
use rand::distr::Distribution;

/// Code that draws through a handle and computes a number from N parameters.
///
/// [`program!`](crate::program!) writes short ones like a closure. What has a name or borrows is a type of its own:
///
/// ```
/// use core::convert::Infallible;
/// use reparam::prelude::*;
///
/// /// Σ over `values` of those that a coin of probability p picks.
/// struct Picks<'a> {
///     values: &'a [f64],
/// }
///
/// impl Program<1> for Picks<'_> {
///     type Error = Infallible;
///
///     fn run<S: Scalar, C: Choices<S>>(&self, [p]: [S; 1], choose: &mut C) -> Result<S, Infallible> {
///         Ok(S::from(self.values.iter().filter(|_| choose.bernoulli(p)).sum()))
///     }
/// }
/// let exact = program::enumerate(Jet::variables([0.25]), Picks { values: &[1.0, 2.0, 4.0] }).run().unwrap();
/// assert_eq!((exact.value.re, exact.value.eps), (1.75, [7.0]));
/// ```
pub trait Program<const N: usize> {
    /// Why a run has no result; [`Infallible`](core::convert::Infallible) if it always has.
    type Error;

    /// One run.
    ///
    /// # Errors
    /// The program's own; the estimate then fails with it.
    fn run<S: Scalar, C: Choices<S>>(&self, theta: [S; N], choose: &mut C) -> Result<S, Self::Error>;
}

impl<P: Program<N>, const N: usize> Program<N> for &P {
    type Error = P::Error;

    #[inline(always)]
    fn run<S: Scalar, C: Choices<S>>(&self, theta: [S; N], choose: &mut C) -> Result<S, P::Error> {
        P::run(self, theta, choose)
    }
}

/// The handle through which a program draws.
///
/// Parameters are checked by real part. An invalid one does not stop the run, but its estimate ends with the error and the
/// number of the choice.
pub trait Choices<S: Scalar> {
    /// A value of any law of choices.
    fn choose(&mut self, law: &impl ChoiceLaw<S>) -> u64;

    /// A generator for whatever is not a choice.
    fn stream(&mut self) -> Stream;

    /// Random numbers of their own for a part of the program: what comes after it does not depend on how many it used.
    fn scope<T>(&mut self, part: impl FnOnce(&mut Self) -> T) -> T;

    /// `true` with probability p.
    #[inline(always)]
    fn bernoulli(&mut self, p: S) -> bool {
        if self.choose(&Bernoulli { p }) == 1 {
            // it stays a branch: arithmetic on the outcome would make all that follows wait for it
            core::hint::black_box(());
            true
        } else {
            false
        }
    }

    /// `true` with probability 1 / (1 + e^-logit).
    #[inline]
    fn bernoulli_logit(&mut self, logit: S) -> bool {
        self.choose(&BernoulliLogit { logit }) == 1
    }

    /// `true` with probability min(ratio, 1), for rejection and Metropolis steps.
    #[inline(always)]
    fn accept(&mut self, ratio: S) -> bool {
        self.bernoulli(if ratio.re() >= 1.0 { S::from(1.0) } else { ratio })
    }

    /// k with probability weights\[k\] / Σ weights.
    #[inline]
    fn categorical(&mut self, weights: &[S]) -> usize {
        self.choose(&Categorical::new(weights)) as usize
    }

    /// k with probability e^logits\[k\] / Σ e^logits.
    #[inline]
    fn categorical_logits(&mut self, logits: &[S]) -> usize {
        self.choose(&CategoricalLogits::new(logits)) as usize
    }

    /// k with probability weights\[k\] / Σ weights, where the result changes little from k to k + 1: see [`Ordered`].
    #[inline]
    fn ordered(&mut self, weights: &[S]) -> usize {
        self.choose(&Ordered::new(weights)) as usize
    }

    /// The number of successes in n trials.
    #[inline]
    fn binomial(&mut self, n: u64, p: S) -> u64 {
        self.choose(&Binomial { n, p })
    }

    /// A Poisson number with this mean.
    #[inline]
    fn poisson(&mut self, rate: S) -> u64 {
        self.choose(&Poisson { rate })
    }

    /// The number of failures before the first success.
    #[inline]
    fn geometric(&mut self, p: S) -> u64 {
        self.choose(&Geometric { p })
    }

    /// A draw of a law, with its derivatives.
    #[inline]
    fn draw<L: Distribution<S>>(&mut self, law: &L) -> S {
        law.sample(&mut self.stream())
    }

    /// Uniform noise on (0, 1).
    #[inline]
    fn uniform(&mut self) -> f64 {
        noise::uniform(&mut self.stream())
    }

    /// Standard normal noise.
    #[inline]
    fn normal(&mut self) -> f64 {
        noise::normal(&mut self.stream())
    }

    /// Exponential noise of mean 1.
    #[inline]
    fn exponential(&mut self) -> f64 {
        noise::exponential(&mut self.stream())
    }

    /// Σ p_k `part(k)`, p_k = weights\[k\] / Σ weights: a choice summed out instead of drawn (Rao & Blackwell), which costs a run of
    /// `part` for each cell and leaves no variance of its own. Each part has a scope.
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// let f = program!(|[p]: [S; 1], choose| -> S {
    ///     choose.sum_out(&[p, -p + 1.0], |choose, k| S::from(k as f64) + choose.uniform() * 1e-9)
    /// });
    /// let e = estimate::replay([0.25], f).samples(100).run(&mut reparam::program::Stream::new(1)).unwrap();
    /// assert!((e.value - 0.75).abs() < 1e-8 && (e.gradient[0] + 1.0).abs() < 1e-8);
    /// ```
    fn sum_out(&mut self, weights: &[S], mut part: impl FnMut(&mut Self, usize) -> S) -> S
    where
        Self: Sized,
    {
        let total = weights.iter().fold(S::from(0.0), |sum, w| sum + *w);
        let mut sum = S::from(0.0);
        for (k, w) in weights.iter().enumerate() {
            sum += self.scope(|choose| part(choose, k)) * *w;
        }
        sum.over(total)
    }
}

/// A [`Program`] written like a closure: `program!(|theta: [S; N], choose| -> S { .. })`.
///
/// `S` is the name of the scalar's type in the body. With `-> Result<S, E>` the body may fail. What it needs from outside is named
/// with its type and moved in:
///
/// ```
/// use reparam::distr::LawError;
/// use reparam::{estimate, prelude::*};
/// let steps = 3;
/// let walk = program!(move(steps: u32) |[p, noise]: [S; 2], choose| -> Result<S, LawError> {
///     let mut x = S::from(0.0);
///     for _ in 0..steps {
///         x += if choose.bernoulli(p) { choose.draw(&Normal::new(1.0.into(), noise)?) } else { S::from(-1.0) };
///     }
///     Ok(x)
/// });
/// let e = estimate::replay([0.5, 0.1], walk).run(&mut reparam::program::Stream::new(1)).unwrap();
/// assert!((e.gradient[0] - 6.0).abs() < 5.0 * e.gradient_se[0]);
/// ```
#[macro_export]
macro_rules! program {
    (|$theta:tt : [$S:ident; $n:expr], $choose:tt| $($rest:tt)+) => {
        $crate::program!(move() |$theta: [$S; $n], $choose| $($rest)+)
    };
    (move($($name:ident : $type:ty),* $(,)?) |$theta:tt : [$S:ident; $n:expr], $choose:tt|
        -> Result<$_S:ident, $error:ty> $body:block
    ) => {{
        #[derive(Clone, Copy)]
        struct Body { $($name: $type),* }

        impl $crate::program::Program<{ $n }> for Body {
            type Error = $error;

            fn run<$S: $crate::scalar::Scalar, Handle: $crate::program::Choices<$S>>(
                &self,
                $theta: [$S; $n],
                $choose: &mut Handle,
            ) -> ::core::result::Result<$S, $error> {
                let Body { $($name),* } = *self;
                $body
            }
        }
        Body { $($name),* }
    }};
    (move($($name:ident : $type:ty),* $(,)?) |$theta:tt : [$S:ident; $n:expr], $choose:tt|
        -> $_S:ident $body:block
    ) => {
        $crate::program!(move($($name: $type),*) |$theta: [$S; $n], $choose| -> Result<$S, ::core::convert::Infallible> {
            ::core::result::Result::Ok($body)
        })
    };
}

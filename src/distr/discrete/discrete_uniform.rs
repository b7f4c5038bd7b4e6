//! The uniform law on a range of integers.

use super::{Discrete, DiscreteUnivariate, discrete_family, tails};
use crate::distr::KlDivergence;
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, math};
use core::marker::PhantomData;
use rand::distr::Distribution;
use rand::{Rng, RngExt};

/// The [uniform law](https://en.wikipedia.org/wiki/Discrete_uniform_distribution) on the integers from `lower` to
/// `upper`, both included.
///
/// # Mass function
/// 1/(upper - lower + 1).
///
/// # Derivatives
/// There are no real parameters: everything is constant. The scalar is there for code that is generic over laws.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let die = DiscreteUniform::<f64>::new(1, 6)?;
/// assert_eq!((die.mean(), die.cdf(&3)), (3.5, 0.5));
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DiscreteUniform<S> {
    lower: i64,
    upper: i64,
    scalar: PhantomData<S>,
}

impl<S: Scalar> DiscreteUniform<S> {
    /// The law on the integers from `lower` to `upper`.
    ///
    /// # Errors
    /// If `lower` or `upper` is not in [-1e15, 1e15], or `upper` is below `lower`.
    pub fn new(lower: i64, upper: i64) -> Result<Self, LawError> {
        check!("a discrete uniform law", lower, lower as f64; [-1e15, 1e15]);
        check!("a discrete uniform law", upper, upper as f64; [-1e15, 1e15]);
        check!("a discrete uniform law", upper, upper as f64; "at least lower" if lower <= upper);
        Ok(DiscreteUniform { lower, upper, scalar: PhantomData })
    }

    /// The number of outcomes.
    fn number(&self) -> f64 {
        (self.upper - self.lower + 1) as f64
    }

    /// How many outcomes the tail at k has.
    fn outcomes(&self, k: i64, upper: bool) -> f64 {
        let k = k.clamp(self.lower - 1, self.upper);
        (if upper { self.upper - k } else { k - self.lower + 1 }) as f64
    }

    fn tail(&self, k: i64, upper: bool) -> S {
        S::from(self.outcomes(k, upper) / self.number())
    }

    fn ln_tail(&self, k: i64, upper: bool) -> S {
        let (n, rest) = (self.outcomes(k, upper), self.outcomes(k, !upper));
        S::from(if n > rest { math::ln_1p(-rest / self.number()) } else { math::ln(n / self.number()) })
    }
}

impl<S: Scalar> Distribution<i64> for DiscreteUniform<S> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> i64 {
        rng.random_range(self.lower..=self.upper)
    }
}

impl<S: Scalar> Discrete<S> for DiscreteUniform<S> {
    type Outcome = i64;

    fn ln_pmf(&self, k: &i64) -> S {
        S::from(if (self.lower..=self.upper).contains(k) { -math::ln(self.number()) } else { f64::NEG_INFINITY })
    }
}

impl<S: Scalar> DiscreteUnivariate<S> for DiscreteUniform<S> {
    fn support(&self) -> (i64, i64) {
        (self.lower, self.upper)
    }
    tails!();
    fn mean(&self) -> S {
        S::from(0.5 * (self.lower + self.upper) as f64)
    }
    fn variance(&self) -> S {
        let n = self.number();
        S::from((n - 1.0) * (n + 1.0) / 12.0)
    }
    fn entropy(&self) -> S {
        S::from(math::ln(self.number()))
    }
    fn mode(&self) -> i64 {
        self.lower
    }
}

impl<S: Scalar> KlDivergence<S> for DiscreteUniform<S> {
    fn kl_divergence(&self, other: &Self) -> S {
        let within = other.lower <= self.lower && self.upper <= other.upper;
        S::from(if within { math::ln(other.number() / self.number()) } else { f64::INFINITY })
    }
}

discrete_family!(DiscreteUniform, "discrete_uniform", "a discrete uniform law", [lower: i64, upper: i64], []);

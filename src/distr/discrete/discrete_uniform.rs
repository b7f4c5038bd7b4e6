//! The uniform law on a range of integers.

use super::{Discrete, DiscreteUnivariate, LARGEST_COUNT, discrete_family, tails};
use crate::distr::KlDivergence;
use crate::parameter::errors;
use crate::scalar::{Scalar, math};
use core::marker::PhantomData;
use rand::distr::Distribution;
use rand::{Rng, RngExt};

errors! {
    /// Why a uniform law was refused.
    DiscreteUniformError {
        /// `low` is above `high`, or one is beyond 1e15 in size.
        Bounds => "bounds of a discrete uniform law must be in order and in [-1e15, 1e15]",
    }
}

/// The [uniform law](https://en.wikipedia.org/wiki/Discrete_uniform_distribution) on the integers from `low` to `high`, both included.
///
/// # Mass function
/// 1/(high - low + 1).
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
    low: i64,
    high: i64,
    scalar: PhantomData<S>,
}

impl<S: Scalar> DiscreteUniform<S> {
    /// The law on the integers from `low` to `high`.
    ///
    /// # Errors
    /// [`DiscreteUniformError::Bounds`] if `low` is above `high`, or one is beyond 1e15 in size.
    pub fn new(low: i64, high: i64) -> Result<Self, DiscreteUniformError> {
        if low <= high && low.unsigned_abs() <= LARGEST_COUNT && high.unsigned_abs() <= LARGEST_COUNT {
            Ok(DiscreteUniform { low, high, scalar: PhantomData })
        } else {
            Err(DiscreteUniformError::Bounds)
        }
    }

    /// The number of outcomes.
    fn number(&self) -> f64 {
        (self.high - self.low + 1) as f64
    }

    /// How many outcomes the tail at k has.
    fn outcomes(&self, k: i64, upper: bool) -> f64 {
        let k = k.clamp(self.low - 1, self.high);
        (if upper { self.high - k } else { k - self.low + 1 }) as f64
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
        rng.random_range(self.low..=self.high)
    }
}

impl<S: Scalar> Discrete<S> for DiscreteUniform<S> {
    type Outcome = i64;

    fn ln_pmf(&self, k: &i64) -> S {
        S::from(if (self.low..=self.high).contains(k) { -math::ln(self.number()) } else { f64::NEG_INFINITY })
    }
}

impl<S: Scalar> DiscreteUnivariate<S> for DiscreteUniform<S> {
    fn support(&self) -> (i64, i64) {
        (self.low, self.high)
    }
    tails!();
    fn mean(&self) -> S {
        S::from(0.5 * (self.low + self.high) as f64)
    }
    fn variance(&self) -> S {
        let n = self.number();
        S::from((n - 1.0) * (n + 1.0) / 12.0)
    }
    fn entropy(&self) -> S {
        S::from(math::ln(self.number()))
    }
    fn mode(&self) -> i64 {
        self.low
    }
}

impl<S: Scalar> KlDivergence<S> for DiscreteUniform<S> {
    fn kl_divergence(&self, other: &Self) -> S {
        let within = other.low <= self.low && self.high <= other.high;
        S::from(if within { math::ln(other.number() / self.number()) } else { f64::INFINITY })
    }
}

discrete_family!(DiscreteUniform, DiscreteUniformError, "discrete_uniform", [low: i64, high: i64], []);

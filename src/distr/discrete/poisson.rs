//! The Poisson law.

use super::cell::divergence_of_cell;
use super::counts::{CountSampler, Counts, draw_once};
use super::{Bulk, Discrete, DiscreteUnivariate, discrete_family, entropy_of_many, entropy_sum, tails};
use crate::distr::KlDivergence;
use crate::noise;
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, math};
use crate::special::inc_gamma::{Point, Tail, ln_probability, ln_weight, probability};
use rand::Rng;
use rand::distr::Distribution;

/// The [Poisson law](https://en.wikipedia.org/wiki/Poisson_distribution) with rate λ: the number of events whose mean is λ.
///
/// # Mass function
/// λ^k e^-λ / k!, k = 0, 1, ...; its logarithm by Loader's deviance, without cancellation up to λ = 1e15. The cdf is the regularized
/// incomplete gamma function Q(k + 1, λ).
///
/// # Derivatives
/// Draws are plain counts. d ln p(k)/dλ = k/λ - 1 and dF(k)/dλ = -p(k).
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [rate] = Jet::variables([2.0]);
/// let law = Poisson::new(rate)?;
/// assert!((law.pmf(&0).re - (-2f64).exp()).abs() < 1e-16);
/// assert!((law.ln_pmf(&3).eps[0] - 0.5).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws: a table of the cdf below a rate of 10, a rounded function of a normal number above, accepted or rejected by its mass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Poisson<S> {
    rate: S,
    sampler: PoissonSampler,
}

impl<S: Scalar> Poisson<S> {
    /// The law with this rate, which is its mean.
    ///
    /// # Errors
    /// If `rate` is not in [1e-300, 1e15].
    pub fn new(rate: S) -> Result<Self, LawError> {
        check!("a Poisson law", rate: [1e-300, 1e15]);
        Ok(Poisson { rate, sampler: PoissonSampler::new(rate.re()) })
    }

    fn tail(&self, k: u64, upper: bool) -> S {
        probability(Self::of_gamma(upper), &Point::new(S::from(k as f64 + 1.0), self.rate))
    }

    fn ln_tail(&self, k: u64, upper: bool) -> S {
        ln_probability(Self::of_gamma(upper), &Point::new(S::from(k as f64 + 1.0), self.rate))
    }

    /// More than k events by the time λ: the waiting time of event k + 1 is less than λ.
    fn of_gamma(upper: bool) -> Tail {
        if upper { Tail::Lower } else { Tail::Upper }
    }
}

/// ln p(k) for real k >= 0.
pub(crate) fn ln_poisson<S: Scalar>(rate: S, k: f64) -> S {
    ln_weight(&Point::new(S::from(k), rate))
}

impl<S: Scalar> Distribution<u64> for Poisson<S> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> u64 {
        self.sampler.draw(rng)
    }
}

impl<S: Scalar> Discrete<S> for Poisson<S> {
    type Outcome = u64;

    fn ln_pmf(&self, k: &u64) -> S {
        ln_poisson(self.rate, *k as f64)
    }
}

impl<S: Scalar> DiscreteUnivariate<S> for Poisson<S> {
    fn support(&self) -> (u64, u64) {
        (0, u64::MAX)
    }
    tails!();
    fn mean(&self) -> S {
        self.rate
    }
    fn variance(&self) -> S {
        self.rate
    }
    /// By summation: relative error 1e-13.
    fn entropy(&self) -> S {
        entropy_of_many(self.rate, self.rate.recip()).unwrap_or_else(|| {
            entropy_sum(0.0, f64::INFINITY, Bulk::of(self.rate, self.rate), |k| ln_poisson(self.rate, k))
        })
    }
    fn mode(&self) -> u64 {
        (-math::floor(-self.rate.re()) - 1.0) as u64
    }
}

impl<S: Scalar> KlDivergence<S> for Poisson<S> {
    /// λ (r - 1 - ln r) with r = λ'/λ.
    fn kl_divergence(&self, other: &Self) -> S {
        divergence_of_cell(self.rate, other.rate, other.rate - self.rate)
    }
}

discrete_family!(Poisson, "poisson", "a Poisson law", [], [rate]);

/// The law of counts at a rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PoissonCounts {
    pub rate: f64,
}

impl Counts for PoissonCounts {
    fn last(&self) -> f64 {
        f64::INFINITY
    }
    #[inline]
    fn mean(&self) -> f64 {
        self.rate
    }
    #[inline]
    fn variance(&self) -> f64 {
        self.rate
    }
    #[inline]
    fn skew(&self) -> f64 {
        1.0
    }
    #[inline]
    fn none(&self) -> f64 {
        math::exp(-self.rate)
    }
    #[inline]
    fn ratio(&self, k: f64) -> f64 {
        self.rate / k
    }
    fn ln_mass(&self, k: f64) -> f64 {
        ln_poisson(self.rate, k)
    }
}

/// Draws of a Poisson law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum PoissonSampler {
    Counts(PoissonCounts, CountSampler),
    /// A rate at which the law is normal to all digits.
    Normal(f64),
}

impl PoissonSampler {
    /// For rates from 0 to infinity.
    #[inline]
    pub fn new(rate: f64) -> Self {
        if rate <= NORMAL_FROM {
            let law = PoissonCounts { rate };
            PoissonSampler::Counts(law, CountSampler::new(&law))
        } else {
            PoissonSampler::Normal(rate)
        }
    }

    /// A draw at a rate that is used once, without a table.
    #[inline]
    pub fn draw_once<R: Rng + ?Sized>(rate: f64, rng: &mut R) -> u64 {
        if rate <= NORMAL_FROM { draw_once(&PoissonCounts { rate }, rng) } else { normal(rate, rng) }
    }

    /// A draw; saturates at the largest integer.
    #[inline]
    pub fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> u64 {
        match self {
            PoissonSampler::Counts(law, sampler) => sampler.draw(law, rng),
            PoissonSampler::Normal(rate) => normal(*rate, rng),
        }
    }
}

/// The rate from which on draws are normal.
const NORMAL_FROM: f64 = 1e15;

#[inline]
fn normal<R: Rng + ?Sized>(rate: f64, rng: &mut R) -> u64 {
    (rate + math::sqrt(rate) * noise::normal(rng)) as u64
}

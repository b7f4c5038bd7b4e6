//! The gamma-Poisson law.

use super::gamma_mixture::GammaMixture;
use super::{Discrete, DiscreteUnivariate, discrete_family, tails};
use crate::distr::KlDivergence;
use crate::parameter::{LawError, check};
use crate::scalar::Scalar;
use rand::Rng;
use rand::distr::Distribution;

/// The [gamma-Poisson law](https://en.wikipedia.org/wiki/Negative_binomial_distribution#Gamma%E2%80%93Poisson_mixture): counts from a
/// Poisson law whose rate is drawn from the gamma law with shape a and rate b.
///
/// # Mass function
/// Γ(k + a) / (k! Γ(a)) b^a / (1 + b)^(a+k), k = 0, 1, ...: the negative binomial law with r = a and odds b of success, accurate
/// where the probability b/(1 + b) is within a rounding of 1.
///
/// # Derivatives
/// Draws are plain counts. d ln p(k)/db = (a/b - k)/(1 + b), d ln p(k)/da = ψ(k + a) - ψ(a) - ln(1 + 1/b).
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [shape, rate] = Jet::variables([2.0, 0.5]);
/// let law = GammaPoisson::new(shape, rate)?;
/// assert_eq!(law.mean(), Jet { re: 4.0, eps: [2.0, -8.0] });
/// assert!((law.pmf(&0).re - 1.0 / 9.0).abs() < 1e-16);
/// # Ok(()) }
/// ```
///
/// # Notes
/// A draw saturates at the largest integer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaPoisson<S> {
    shape: S,
    rate: S,
    mixture: GammaMixture<S>,
}

impl<S: Scalar> GammaPoisson<S> {
    /// The law of counts whose rate has the gamma law with this shape and rate.
    ///
    /// # Errors
    /// If `shape` is not in [1e-50, 1e15], or `rate` is not in [1e-50, 1e50].
    pub fn new(shape: S, rate: S) -> Result<Self, LawError> {
        check!("a gamma-Poisson law", shape: [1e-50, 1e15]);
        check!("a gamma-Poisson law", rate: [1e-50, 1e50]);
        Ok(GammaPoisson { shape, rate, mixture: GammaMixture::from_odds(shape, rate) })
    }

    fn tail(&self, k: u64, upper: bool) -> S {
        self.mixture.tail(k, upper)
    }

    fn ln_tail(&self, k: u64, upper: bool) -> S {
        self.mixture.ln_tail(k, upper)
    }
}

impl<S: Scalar> Distribution<u64> for GammaPoisson<S> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> u64 {
        self.mixture.draw(rng)
    }
}

impl<S: Scalar> Discrete<S> for GammaPoisson<S> {
    type Outcome = u64;

    fn ln_pmf(&self, k: &u64) -> S {
        self.mixture.ln_mass(*k as f64)
    }
}

impl<S: Scalar> DiscreteUnivariate<S> for GammaPoisson<S> {
    fn support(&self) -> (u64, u64) {
        self.mixture.support()
    }
    tails!();
    fn mean(&self) -> S {
        self.mixture.mean()
    }
    fn variance(&self) -> S {
        self.mixture.variance()
    }
    /// By summation, as that of the negative binomial law.
    fn entropy(&self) -> S {
        self.mixture.entropy()
    }
    fn mode(&self) -> u64 {
        self.mixture.mode()
    }
}

impl<S: Scalar> KlDivergence<S> for GammaPoisson<S> {
    /// By summation.
    fn kl_divergence(&self, other: &Self) -> S {
        self.mixture.kl_divergence(&other.mixture)
    }
}

discrete_family!(GammaPoisson, "gamma_poisson", "a gamma-Poisson law", [], [shape, rate]);

//! The negative binomial law.

use super::gamma_mixture::GammaMixture;
use super::{Discrete, DiscreteUnivariate, discrete_family, tails};
use crate::distr::KlDivergence;
use crate::parameter::{LawError, check};
use crate::scalar::Scalar;
use crate::special::UnitPoint;
use rand::Rng;
use rand::distr::Distribution;

/// The [negative binomial law](https://en.wikipedia.org/wiki/Negative_binomial_distribution) of the number of failures before success r,
/// at probability p of success; r may be any positive number.
///
/// # Mass function
/// Γ(k + r) / (k! Γ(r)) p^r (1 - p)^k, k = 0, 1, ...; its logarithm by Loader's deviances. The cdf is the regularized incomplete beta
/// function I_p(r, k + 1).
///
/// # Derivatives
/// Draws are plain counts. d ln p(k)/dp = r/p - k/(1 - p), d ln p(k)/dr = ψ(k + r) - ψ(r) + ln p; those of tails are those of the
/// incomplete beta function. At p = 1, where every draw is 0, tails and pmf have those from below; the entropy's is infinite.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [r, p] = Jet::variables([2.0, 0.5]);
/// let law = NegativeBinomial::new(r, p)?;
/// assert!((law.pmf(&1).re - 0.25).abs() < 1e-15);
/// assert!((law.ln_pmf(&1).eps[1] - 2.0).abs() < 1e-14);
/// # Ok(()) }
/// ```
///
/// # Notes
/// A draw is a Poisson one with a gamma draw for its rate; it saturates at the largest integer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NegativeBinomial<S> {
    r: S,
    p: S,
    mixture: GammaMixture<S>,
}

impl<S: Scalar> NegativeBinomial<S> {
    /// The law of the failures before success `r`, at probability `p` of success.
    ///
    /// # Errors
    /// If `r` is not in [1e-50, 1e15], or `p` is not in [1e-50, 1].
    pub fn new(r: S, p: S) -> Result<Self, LawError> {
        check!("a negative binomial law", r: [1e-50, 1e15]);
        check!("a negative binomial law", p: [1e-50, 1.0]);
        let mixture = GammaMixture::new(r, UnitPoint::new(p));
        Ok(NegativeBinomial { r, p, mixture })
    }

    fn tail(&self, k: u64, upper: bool) -> S {
        self.mixture.tail(k, upper)
    }

    fn ln_tail(&self, k: u64, upper: bool) -> S {
        self.mixture.ln_tail(k, upper)
    }
}

impl<S: Scalar> Distribution<u64> for NegativeBinomial<S> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> u64 {
        self.mixture.draw(rng)
    }
}

impl<S: Scalar> Discrete<S> for NegativeBinomial<S> {
    type Outcome = u64;

    fn ln_pmf(&self, k: &u64) -> S {
        self.mixture.ln_mass(*k as f64)
    }
    fn pmf(&self, k: &u64) -> S {
        self.mixture.mass(*k)
    }
}

impl<S: Scalar> DiscreteUnivariate<S> for NegativeBinomial<S> {
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
    /// By summation: relative error 1e-11.
    fn entropy(&self) -> S {
        self.mixture.entropy()
    }
    fn mode(&self) -> u64 {
        self.mixture.mode()
    }
}

impl<S: Scalar> KlDivergence<S> for NegativeBinomial<S> {
    /// By summation.
    fn kl_divergence(&self, other: &Self) -> S {
        self.mixture.kl_divergence(&other.mixture)
    }
}

discrete_family!(NegativeBinomial, "negative_binomial", "a negative binomial law", [], [r, p]);

//! Relaxed numbers: binomial and Poisson.

use super::RelaxedOneHotCategorical;
use crate::parameter::{LawError, check};
use crate::scalar::Scalar;
use crate::special::{inc_gamma_p, ln_gamma_1p};
use core::array;
use rand::Rng;
use rand::distr::Distribution;

/// A relaxed number from 0 to K - 1: Σ k y_k with a relaxed one-hot vector y over the K cells.
///
/// # Derivatives
/// Those of the formula at fixed noise, to any order, in the law's parameter and in the temperature.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// use reparam::relax::RelaxedCount;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [rate] = Jet::variables([3.0]);
/// let law = RelaxedCount::<_, 20>::poisson(0.2.into(), rate)?;
/// let k = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(k.re >= 0.0 && k.re <= 19.0 && k.eps[0] >= 0.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Joo, Kim, Shin & Moon 2020, "Generalized Gumbel-softmax gradient estimator for various discrete random variables".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RelaxedCount<S, const K: usize> {
    cells: RelaxedOneHotCategorical<S, K>,
}

impl<S: Scalar, const K: usize> RelaxedCount<S, K> {
    /// The binomial law of K - 1 trials with probability p.
    ///
    /// # Errors
    /// If p is not strictly between 0 and 1, the temperature is not in [1e-6, 1e6], or K = 0.
    pub fn binomial(temperature: S, p: S) -> Result<Self, LawError> {
        check!("a relaxed binomial count", p: "strictly between 0 and 1" if p.re() > 0.0 && p.re() < 1.0);
        let (logit, trials) = (p.logit(), K as f64 - 1.0);
        Self::new(temperature, |k| logit * k - (ln_gamma_1p(k) + ln_gamma_1p(trials - k)))
    }

    /// The Poisson law with a rate, truncated to the K cells.
    ///
    /// # Errors
    /// If the rate is not in [1e-150, 1e150], the temperature is not in [1e-6, 1e6], K = 0, or the cells leave out a
    /// probability of more than 1e-6.
    pub fn poisson(temperature: S, rate: S) -> Result<Self, LawError> {
        check!("a relaxed Poisson count", rate: POSITIVE);
        // P(X >= K)
        let left_out = if K > 0 { inc_gamma_p(K as f64, rate.re()) } else { 0.0 };
        check!("a relaxed Poisson count", rate: "so low that its cells leave out a probability of at most 1e-6"
            if left_out <= 1e-6);
        let ln_rate = rate.ln();
        Self::new(temperature, |k| ln_rate * k - ln_gamma_1p(k))
    }

    fn new(temperature: S, ln_p: impl Fn(f64) -> S) -> Result<Self, LawError> {
        check!("a relaxed count", temperature: TEMPERATURE);
        let cells = RelaxedOneHotCategorical::new(temperature, array::from_fn(|k| ln_p(k as f64)))?;
        Ok(RelaxedCount { cells })
    }

    /// The law of the relaxed one-hot vector behind the number, for functions f that are given at integers only: Σ f(k) y_k.
    pub fn cells(&self) -> &RelaxedOneHotCategorical<S, K> {
        &self.cells
    }

    /// The number that Gumbel noise makes.
    pub fn relax(&self, noise: &[f64; K]) -> S {
        let y = self.cells.relax(noise);
        y.iter().enumerate().fold(S::from(0.0), |sum, (k, y)| sum + *y * k as f64)
    }
}

impl<S: Scalar, const K: usize> Distribution<S> for RelaxedCount<S, K> {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        self.relax(&super::gumbel_noise(rng))
    }
}

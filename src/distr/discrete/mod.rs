//! Discrete laws, one file each.
//!
//! Outcomes are plain numbers, without derivatives: what carries them are probabilities and whatever is made of those.

mod alias;
mod bernoulli;
mod beta_binomial;
mod binomial;
mod categorical;
mod cell;
mod cells;
mod counts;
mod dirichlet_multinomial;
mod discrete_uniform;
mod family;
mod gamma_mixture;
mod gamma_poisson;
mod geometric;
mod hypergeometric;
mod integer;
mod multinomial;
mod negative_binomial;
mod one_hot_categorical;
mod ordered_logistic;
mod plackett_luce;
mod poisson;
mod power_sum;
mod search;
mod skellam;
mod sum;
mod tails;
mod zero_inflated;
mod zipf;

pub use bernoulli::Bernoulli;
pub use beta_binomial::BetaBinomial;
pub use binomial::Binomial;
pub use categorical::Categorical;
pub use cells::Cells;
pub use dirichlet_multinomial::DirichletMultinomial;
pub use discrete_uniform::DiscreteUniform;
pub use family::DiscreteFamily;
pub use gamma_poisson::GammaPoisson;
pub use geometric::Geometric;
pub use hypergeometric::Hypergeometric;
pub use integer::Integer;
pub use multinomial::Multinomial;
pub use negative_binomial::NegativeBinomial;
pub use one_hot_categorical::OneHotCategorical;
pub use ordered_logistic::OrderedLogistic;
pub use plackett_luce::PlackettLuce;
pub use poisson::Poisson;
pub use skellam::Skellam;
pub use zero_inflated::ZeroInflated;
pub use zipf::{Zeta, Zipf};

pub(crate) use binomial::BinomialSampler;
pub(crate) use family::{discrete_family, discrete_serde};
pub(crate) use poisson::PoissonSampler;
pub(crate) use search::{isf, quantile};
pub(crate) use sum::{
    Bulk, LnMasses, divergence_of_masses, divergence_sum, entropy_of_many, entropy_sum, expectation, ln_sum,
};
pub(crate) use tails::tails;

use crate::scalar::Scalar;
use core::fmt::Debug;
use rand::distr::Distribution;

/// A law of outcomes that can be listed: integers, truth values, vectors of counts, permutations.
///
/// The scalar is that of the parameters and so of probabilities; a draw is a plain outcome. Its value does not depend on the scalar.
///
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [rate] = Jet::variables([2.0]);
/// let law = Poisson::new(rate)?;
/// let score = law.ln_pmf(&3).eps[0]; // d ln p/d rate = k/rate - 1
/// assert!((score - 0.5).abs() < 1e-15);
/// # Ok(()) }
/// ```
pub trait Discrete<S: Scalar>: Distribution<Self::Outcome> {
    /// What is drawn.
    type Outcome: Clone + Debug;

    /// The logarithm of the probability of an outcome; -inf, without derivatives, for one that cannot be.
    fn ln_pmf(&self, outcome: &Self::Outcome) -> S;

    /// The probability of an outcome.
    fn pmf(&self, outcome: &Self::Outcome) -> S {
        self.ln_pmf(outcome).exp()
    }
}

/// A discrete law whose outcomes are ordered: integers, or truth values with false below true.
///
/// Quantiles are outcomes, and like draws they carry no derivatives.
///
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = Binomial::new(10, 0.5)?;
/// assert_eq!(law.quantile(0.5), Some(5));
/// assert!((law.cdf(&5) - 638.0 / 1024.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
pub trait DiscreteUnivariate<S: Scalar>: Discrete<S, Outcome: Integer> {
    /// The smallest and the largest outcome; the ends of the integer type where there is none.
    fn support(&self) -> (Self::Outcome, Self::Outcome);

    /// F(k) = P(X <= k), accurate in the lower tail.
    fn cdf(&self, k: &Self::Outcome) -> S;

    /// P(X > k) = 1 - F(k), accurate in the upper tail.
    fn sf(&self, k: &Self::Outcome) -> S;

    /// ln F(k), accurate in both tails.
    fn ln_cdf(&self, k: &Self::Outcome) -> S;

    /// ln(1 - F(k)), accurate in both tails.
    fn ln_sf(&self, k: &Self::Outcome) -> S;

    /// The smallest k with F(k) >= p; `None` for p outside [0, 1]. The lower end of the support for p = 0. An F(k) that
    /// falls short of p by rounding only, 1e-13 of the smaller tail, reaches it.
    fn quantile(&self, p: f64) -> Option<Self::Outcome>
    where
        Self: Sized,
    {
        quantile(self, p)
    }

    /// The smallest k with P(X > k) <= q; `None` for q outside [0, 1]. The upper end of the support for q = 0. Rounding
    /// counts as in [`DiscreteUnivariate::quantile`].
    fn isf(&self, q: f64) -> Option<Self::Outcome>
    where
        Self: Sized,
    {
        isf(self, q)
    }

    /// E\[X\]; infinite where the sum diverges.
    fn mean(&self) -> S;

    /// E[(X - E X)²]; infinite where the sum or the mean diverges.
    fn variance(&self) -> S;

    /// The entropy -E[ln p(X)], in nats.
    fn entropy(&self) -> S;

    /// The most probable outcome, the smallest of several.
    fn mode(&self) -> Self::Outcome;
}

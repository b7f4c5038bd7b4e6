//! The chi-squared law.

use crate::distr::form::of_gamma::StandardGamma;
use crate::distr::form::{Placed, law_of};
use crate::distr::{KlDivergence, parameters};
use crate::parameter::LawError;
use crate::scalar::Scalar;
use crate::special::gamma_divergence;

/// The [chi-squared law](https://en.wikipedia.org/wiki/Chi-squared_distribution) with ν degrees of freedom, any positive
/// number: for an integer the law of the sum of ν squares of standard normal variables.
///
/// # Density function
/// f(x) = x^(ν/2 - 1) e^(-x/2) / (2^(ν/2) Γ(ν/2)) for x > 0.
///
/// # Derivatives
/// A draw is 2 G, G standard gamma of shape ν/2, so dz/dν = dG/dα: see [`Gamma`](crate::distr::Gamma). Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [df] = Jet::variables([2.0]);
/// let law = ChiSquared::new(df)?;
/// assert_eq!(law.mean(), Some(df));
/// assert!(law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1)).eps[0] > 0.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws as for the gamma law. The variance is 2ν.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChiSquared<S> {
    df: S,
    standard: StandardGamma<S>,
}

parameters! {
    ChiSquared, "chi_squared", "a chi-squared law";
    /// The law with ν = `df` degrees of freedom, its mean.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(ChiSquared::new(3.0).unwrap().variance(), Some(6.0));
    /// assert!(ChiSquared::new(0.0).is_err());
    /// ```
    new(df: [2e-300, 2e150]) => ChiSquared { df, standard: StandardGamma::new(df * 0.5) }
}

law_of!(ChiSquared, |law| Placed { location: None, scale: S::from(2.0), standard: law.standard }, by GammaTable<1, 2>, in lanes);

impl<S: Scalar> KlDivergence<S> for ChiSquared<S> {
    /// (ν₁-ν₂)/2 ψ(ν₁/2) - ln Γ(ν₁/2) + ln Γ(ν₂/2)
    fn kl_divergence(&self, other: &Self) -> S {
        gamma_divergence([self.standard.shape, S::from(1.0)], [other.standard.shape, S::from(1.0)])
    }
}

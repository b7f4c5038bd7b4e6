//! The gamma law.

use crate::distr::form::of_gamma::StandardGamma;
use crate::distr::form::{Placed, law_of};
use crate::distr::{KlDivergence, parameters};
use crate::parameter::{LawError, check};
use crate::scalar::Scalar;
use crate::special::gamma_divergence;

/// The [gamma law](https://en.wikipedia.org/wiki/Gamma_distribution) with shape α and rate β.
///
/// # Density function
/// f(x) = β^α x^(α-1) e^(-β x) / Γ(α) for x > 0.
///
/// # Derivatives
/// A draw is G/β with G of rate 1, so dz/dβ = -z/β. At a fixed value of the distribution function dG/dα = -P_α/f with the
/// regularized incomplete gamma function P. Neither is formed: in ln G the quotient is a power series below the mean, a
/// continued fraction above it and, for α >= 16, an expansion uniform around it, each times a logarithmic derivative (Temme
/// 1979; DLMF 8.7, 8.9, 8.12). Higher orders follow by Taylor coefficients ([`lift_along`](crate::implicit::lift_along)).
/// Defined everywhere; a draw that underflows to 0 has derivative 0.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [shape] = Jet::variables([1.0]);
/// let z = Gamma::new(shape, 1.0.into())?.quantile(0.5.into());
/// assert!((z.re - core::f64::consts::LN_2).abs() < 1e-15); // exponential
/// assert!((z.eps[0] - 0.9680448304).abs() < 1e-9);
/// let z = Gamma::new(shape, 1.0.into())?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(z.eps[0] > 0.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws are those of Marsaglia & Tsang (2000); below shape 1, G(α) = G(α + 1) e^(-E/α) with exponential E. For small shapes
/// most draws are below the range of doubles: half of them at shape 1e-3.
/// Errors of quantiles' derivatives: 1e-13 (first), 1e-12 (second) in the tables of the tests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gamma<S> {
    shape: S,
    rate: S,
    scale: S,
    standard: StandardGamma<S>,
}

parameters! {
    Gamma, "gamma", "a gamma law";
    /// The law with shape α and rate β: mean α/β.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(Gamma::new(3.0, 2.0).unwrap().mean(), Some(1.5));
    /// assert!(Gamma::new(0.0, 2.0).is_err());
    /// ```
    new(shape: [1e-300, 1e150], rate: POSITIVE)
        => Gamma { shape, rate, scale: rate.recip(), standard: StandardGamma::new(shape) }
}

impl<S: Scalar> Gamma<S> {
    /// The law with shape α and scale 1/β: mean α times the scale.
    ///
    /// # Errors
    /// As [`Gamma::new`], the scale in place of the rate.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(Gamma::from_scale(3.0, 0.5), Gamma::new(3.0, 2.0));
    /// ```
    #[inline]
    pub fn from_scale(shape: S, scale: S) -> Result<Self, LawError> {
        check!("a gamma law", scale: POSITIVE);
        Self::new(shape, scale.recip())
    }
}

law_of!(Gamma, |law| Placed { location: None, scale: law.scale, standard: law.standard }, by GammaTable<1, 2>, in lanes);

impl<S: Scalar> KlDivergence<S> for Gamma<S> {
    /// (α₁-α₂) ψ(α₁) - ln Γ(α₁) + ln Γ(α₂) - (α₂-α₁) ln r + α₁ (r - 1 - ln r), r = β₂/β₁
    fn kl_divergence(&self, other: &Self) -> S {
        gamma_divergence([self.shape, self.rate], [other.shape, other.rate])
    }
}

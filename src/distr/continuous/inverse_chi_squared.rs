//! The inverse chi-squared law.

use crate::distr::form::of_gamma::GammaPower;
use crate::distr::form::{Placed, law_of};
use crate::distr::{KlDivergence, parameters};
use crate::parameter::LawError;
use crate::scalar::Scalar;
use crate::special::gamma_divergence;

/// The [inverse chi-squared law](https://en.wikipedia.org/wiki/Inverse-chi-squared_distribution) with ν degrees of freedom: that
/// of 1/X, X from the [chi-squared law](crate::distr::ChiSquared).
///
/// # Density function
/// f(x) = x^(-ν/2 - 1) e^(-1/(2x)) / (2^(ν/2) Γ(ν/2)) for x > 0.
///
/// # Derivatives
/// A draw is 1/(2 G), G standard gamma of shape ν/2, so dz/dν = -(z/2) d ln G/dα: see [`Gamma`](crate::distr::Gamma). Defined
/// everywhere; a draw so large that it or a derivative of it overflows has derivative 0.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [df] = Jet::variables([5.0]);
/// let z = InverseChiSquared::new(df)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(z.eps[0] < 0.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws as for the gamma law. With a scale: [`ScaledInverseChiSquared`](crate::distr::ScaledInverseChiSquared).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InverseChiSquared<S> {
    df: S,
    standard: GammaPower<S>,
}

parameters! {
    InverseChiSquared, "inverse_chi_squared", "an inverse chi-squared law";
    /// The law with ν = `df` degrees of freedom: mean 1/(ν - 2).
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert!((InverseChiSquared::new(4.0).unwrap().mean().unwrap() - 0.5).abs() < 1e-15);
    /// assert!(InverseChiSquared::new(0.0).is_err());
    /// ```
    new(df: [2e-300, 2e150]) => InverseChiSquared { df, standard: GammaPower::new(df * 0.5, S::from(-1.0)) }
}

law_of!(InverseChiSquared, |law| Placed { location: None, scale: S::from(0.5), standard: law.standard }, by GammaTable<1, 2>, in lanes);

impl<S: Scalar> KlDivergence<S> for InverseChiSquared<S> {
    /// That of the chi-squared laws of 1/X: (ν₁-ν₂)/2 ψ(ν₁/2) - ln Γ(ν₁/2) + ln Γ(ν₂/2)
    fn kl_divergence(&self, other: &Self) -> S {
        gamma_divergence([self.standard.shape(), S::from(1.0)], [other.standard.shape(), S::from(1.0)])
    }
}

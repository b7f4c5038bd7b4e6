//! The scaled inverse chi-squared law.

use crate::distr::form::of_gamma::GammaPower;
use crate::distr::form::{Placed, law_of};
use crate::distr::{KlDivergence, parameters};
use crate::parameter::LawError;
use crate::scalar::Scalar;
use crate::special::gamma_divergence;

/// The [scaled inverse chi-squared law](https://en.wikipedia.org/wiki/Scaled_inverse_chi-squared_distribution) with ν degrees of
/// freedom and scale s: that of ν s/X, X from the [chi-squared law](crate::distr::ChiSquared).
///
/// The scale s is that of the variable itself, τ² or σ² where the variable is a variance.
///
/// # Density function
/// f(x) = (ν s/2)^(ν/2) x^(-ν/2 - 1) e^(-ν s/(2x)) / Γ(ν/2) for x > 0.
///
/// # Derivatives
/// A draw is s α/G, G standard gamma of shape α = ν/2, so dz/ds = z/s and dz/dν = -(z/2) d ln(G/α)/dα; ln(G/α) itself is what the
/// expansions around the mean give for a large α (see [`Gamma`](crate::distr::Gamma)), so that no digits are lost in the
/// difference. Defined everywhere; a draw so large that it or a derivative of it overflows has derivative 0 in ν.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [df, scale] = Jet::variables([5.0, 2.0]);
/// let z = ScaledInverseChiSquared::new(df, scale)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((z.eps[1] - z.re / 2.0).abs() < 1e-15 * z.re);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws as for the gamma law. As the posterior of a variance: Gelman et al. 2013, *Bayesian Data Analysis*, §3.2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScaledInverseChiSquared<S> {
    df: S,
    scale: S,
    standard: GammaPower<S>,
}

parameters! {
    ScaledInverseChiSquared, "scaled_inverse_chi_squared", "a scaled inverse chi-squared law";
    /// The law with ν = `df` degrees of freedom and scale s: mean ν s/(ν - 2).
    ///
    /// ```
    /// use reparam::prelude::*;
    /// let law = ScaledInverseChiSquared::new(4.0, 3.0).unwrap();
    /// assert!((law.mean().unwrap() - 6.0).abs() < 1e-14);
    /// assert!(ScaledInverseChiSquared::new(4.0, 0.0).is_err());
    /// ```
    new(df: [2e-300, 2e150], scale: POSITIVE)
        => ScaledInverseChiSquared { df, scale, standard: GammaPower::per_shape(df * 0.5, S::from(-1.0)) }
}

law_of!(ScaledInverseChiSquared, |law| Placed { location: None, scale: law.scale, standard: law.standard }, by GammaTable<1, 2>, in lanes);

impl<S: Scalar> KlDivergence<S> for ScaledInverseChiSquared<S> {
    /// That of the gamma laws of 1/X, with shapes ν/2 and rates ν s/2.
    fn kl_divergence(&self, other: &Self) -> S {
        let gamma = |law: &Self| [law.standard.shape(), law.standard.shape() * law.scale];
        gamma_divergence(gamma(self), gamma(other))
    }
}

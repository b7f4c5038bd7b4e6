//! The inverse gamma law.

use crate::distr::form::of_gamma::GammaPower;
use crate::distr::form::{Placed, law_of};
use crate::distr::{KlDivergence, parameters};
use crate::parameter::LawError;
use crate::scalar::Scalar;
use crate::special::gamma_divergence;

/// The [inverse gamma law](https://en.wikipedia.org/wiki/Inverse-gamma_distribution) with shape α and scale β: that of 1/X,
/// X from the [gamma law](crate::distr::Gamma) with rate β.
///
/// # Density function
/// f(x) = β^α x^(-α-1) e^(-β/x) / Γ(α) for x > 0.
///
/// # Derivatives
/// A draw is β/G, G standard gamma, so dz/dβ = z/β and dz/dα = -z d ln G/dα: see [`Gamma`](crate::distr::Gamma). Defined
/// everywhere; a draw so large that it or a derivative of it overflows has derivative 0 in the shape.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [shape, scale] = Jet::variables([3.0, 2.0]);
/// let z = InverseGamma::new(shape, scale)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(z.eps[0] < 0.0 && (z.eps[1] / z.re - 0.5).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws as for the gamma law. The mean is infinite for α <= 1, the variance for α <= 2 (and undefined for α <= 1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InverseGamma<S> {
    shape: S,
    scale: S,
    standard: GammaPower<S>,
}

parameters! {
    InverseGamma, "inverse_gamma", "an inverse gamma law";
    /// The law with shape α and scale β: mean β/(α - 1).
    ///
    /// ```
    /// use reparam::prelude::*;
    /// let law = InverseGamma::new(3.0, 2.0).unwrap();
    /// assert!((law.mean().unwrap() - 1.0).abs() < 1e-15);
    /// assert!(InverseGamma::new(3.0, 0.0).is_err());
    /// ```
    new(shape: [1e-300, 1e150], scale: POSITIVE)
        => InverseGamma { shape, scale, standard: GammaPower::new(shape, S::from(-1.0)) }
}

law_of!(InverseGamma, |law| Placed { location: None, scale: law.scale, standard: law.standard }, by GammaTable<1, 2>, in lanes);

impl<S: Scalar> KlDivergence<S> for InverseGamma<S> {
    /// That of the gamma laws of 1/X.
    fn kl_divergence(&self, other: &Self) -> S {
        gamma_divergence([self.shape, self.scale], [other.shape, other.scale])
    }
}

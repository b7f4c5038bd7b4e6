//! The soft Laplace law.

use super::hyperbolic_secant::StandardHyperbolicSecant;
use crate::distr::form::{Placed, law_of};
use crate::distr::parameters;
use crate::parameter::LawError;
use core::f64::consts::FRAC_PI_2;

/// The [soft Laplace law](https://num.pyro.ai/en/stable/distributions.html#softlaplace) with location μ and scale s: Laplace
/// tails, and smooth at μ. It is the [hyperbolic secant law](crate::distr::HyperbolicSecant) with σ = s π/2.
///
/// # Density function
/// f(x) = 2 / (π s (e^z + e^-z)) with z = (x - μ)/s, on the real line.
///
/// # Derivatives
/// A draw is μ + s ζ with a standard ζ, so dz/dμ = 1 and dz/ds = ζ = (z - μ)/s, exactly. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [location, scale] = Jet::variables([1.0, 2.0]);
/// let z = SoftLaplace::new(location, scale)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert_eq!(z.eps[0], 1.0);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SoftLaplace<S> {
    location: S,
    scale: S,
}

parameters! {
    SoftLaplace, "soft_laplace", "a soft Laplace law";
    /// The law with location μ and scale s.
    new(location: REAL, scale: POSITIVE)
}

law_of!(SoftLaplace, |law| Placed {
    location: Some(law.location),
    scale: law.scale * FRAC_PI_2,
    standard: StandardHyperbolicSecant
});

//! The Erlang law.

use crate::distr::form::of_gamma::StandardGamma;
use crate::distr::form::{Placed, law_of};
use crate::distr::{KlDivergence, family, getters};
use crate::parameter::{LawError, check};
use crate::scalar::Scalar;
use crate::special::gamma_divergence;

/// The [Erlang law](https://en.wikipedia.org/wiki/Erlang_distribution) with shape k, a positive integer, and rate λ: that of the sum
/// of k exponential variables of rate λ.
///
/// # Density function
/// f(x) = λ^k x^(k-1) e^(-λ x) / (k - 1)! for x >= 0.
///
/// # Derivatives
/// A draw is G/λ with G of rate 1, so dz/dλ = -z/λ, exactly. The shape is an integer and has no derivative: the
/// [gamma law](crate::distr::Gamma) has one. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [rate] = Jet::variables([2.0]);
/// let z = Erlang::new(3, rate)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((z.eps[0] + z.re / 2.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws are those of the gamma law, whose cost does not grow with k.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Erlang<S> {
    shape: u32,
    rate: S,
    scale: S,
    standard: StandardGamma<S>,
}

impl<S: Scalar> Erlang<S> {
    /// The law of the sum of `shape` exponential variables of rate λ.
    ///
    /// # Errors
    /// If `shape` is 0 or `rate` is not in [1e-150, 1e150].
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(Erlang::new(3, 2.0).unwrap().mean(), Some(1.5));
    /// assert_eq!(Erlang::new(0, 2.0).unwrap_err().parameter(), "shape");
    /// ```
    #[inline]
    pub fn new(shape: u32, rate: S) -> Result<Self, LawError> {
        check!("an Erlang law", shape, shape as f64; "a positive integer" if shape != 0);
        check!("an Erlang law", rate: POSITIVE);
        Ok(Erlang { shape, rate, scale: rate.recip(), standard: StandardGamma::new(S::from(f64::from(shape))) })
    }
}

family!(Erlang, LawError, "erlang", [shape: u32 of "an Erlang law", rate]);
getters!(Erlang, [shape: u32; rate]);
law_of!(Erlang, |law| Placed { location: None, scale: law.scale, standard: law.standard }, by GammaTable<1, 2>, in lanes);

impl<S: Scalar> KlDivergence<S> for Erlang<S> {
    /// (k₁-k₂) ψ(k₁) - ln Γ(k₁) + ln Γ(k₂) - (k₂-k₁) ln r + k₁ (r - 1 - ln r), r = λ₂/λ₁
    fn kl_divergence(&self, other: &Self) -> S {
        gamma_divergence([self.standard.shape, self.rate], [other.standard.shape, other.rate])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::{Continuous, Family, Gamma};
    use rand::distr::Distribution;
    use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};

    /// The gamma law with the same shape, bit for bit.
    #[test]
    fn is_a_gamma_law() {
        let (erlang, gamma) = (Erlang::new(4, 2.0).unwrap(), Gamma::new(4.0, 2.0).unwrap());
        let mut rngs = [1, 1].map(Xoshiro256PlusPlus::seed_from_u64);
        for _ in 0..100 {
            let z: f64 = erlang.sample(&mut rngs[0]);
            assert_eq!(z, gamma.sample(&mut rngs[1]));
            assert_eq!((erlang.ln_pdf(z), erlang.ln_sf(z)), (gamma.ln_pdf(z), gamma.ln_sf(z)));
        }
        // Σ (2x)^i/i! e^-2x, i < 4, at x = 1
        assert!((erlang.sf(1.0) - (1.0 + 2.0 + 2.0 + 4.0 / 3.0) * (-2f64).exp()).abs() < 1e-15);
    }

    #[test]
    fn refuses_shapes_that_are_no_integers() {
        for shape in [0.0, 0.5, -1.0, f64::NAN, f64::INFINITY, 1e10] {
            assert_eq!(Erlang::<f64>::law(&[shape, 1.0]).unwrap_err().parameter(), "shape");
        }
        assert!(Erlang::<f64>::law(&[7.0, 1.0]).is_ok());
    }
}

//! The chi law.

use crate::distr::form::of_gamma::GammaPower;
use crate::distr::form::{Placed, law_of};
use crate::distr::{KlDivergence, parameters};
use crate::parameter::LawError;
use crate::scalar::Scalar;
use crate::special::gamma_divergence;
use core::f64::consts::SQRT_2;

/// The [chi law](https://en.wikipedia.org/wiki/Chi_distribution) with ν degrees of freedom, any positive number: for an integer
/// the law of the length of a vector of ν standard normal variables.
///
/// # Density function
/// f(x) = x^(ν-1) e^(-x²/2) / (2^(ν/2 - 1) Γ(ν/2)) for x > 0.
///
/// # Derivatives
/// A draw is sqrt(2 G), G standard gamma of shape ν/2, so dz/dν = (z/4) d ln G/dα: see [`Gamma`](crate::distr::Gamma). Defined
/// everywhere; a draw that underflows to 0 has derivative 0.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [df] = Jet::variables([3.0]);
/// let z = Chi::new(df)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(z.eps[0] > 0.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws as for the gamma law. One degree of freedom is the half-normal law, two the Rayleigh, three the Maxwell law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chi<S> {
    df: S,
    standard: GammaPower<S>,
}

parameters! {
    Chi, "chi", "a chi law";
    /// The law with ν = `df` degrees of freedom.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert!((Chi::new(5.0).unwrap().mode().unwrap() - 2.0).abs() < 1e-15);
    /// assert!(Chi::new(0.0).is_err());
    /// ```
    new(df: [2e-300, 2e150]) => Chi { df, standard: GammaPower::new(df * 0.5, S::from(0.5)) }
}

law_of!(Chi, |law| Placed { location: None, scale: S::from(SQRT_2), standard: law.standard }, by GammaTable<1, 2>, in lanes);

impl<S: Scalar> KlDivergence<S> for Chi<S> {
    /// That of the chi-squared laws of X²: (ν₁-ν₂)/2 ψ(ν₁/2) - ln Γ(ν₁/2) + ln Γ(ν₂/2)
    fn kl_divergence(&self, other: &Self) -> S {
        gamma_divergence([self.standard.shape(), S::from(1.0)], [other.standard.shape(), S::from(1.0)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::{Continuous, HalfNormal, Maxwell};

    #[track_caller]
    fn close(got: f64, want: f64, bound: f64) {
        assert!((got - want).abs() <= bound * want.abs(), "{got:e}, not {want:e}");
    }

    #[test]
    fn of_one_and_three_degrees_of_freedom() {
        let (one, half_normal) = (Chi::new(1.0).unwrap(), HalfNormal::new(1.0).unwrap());
        let (three, maxwell) = (Chi::new(3.0).unwrap(), Maxwell::new(1.0).unwrap());
        for x in [1e-100, 1e-9, 0.3, 1.0, 4.0, 12.0] {
            close(one.ln_cdf(x), half_normal.ln_cdf(x), 4e-14);
            close(one.ln_sf(x), half_normal.ln_sf(x), 1e-14);
            close(one.ln_pdf(x), half_normal.ln_pdf(x), 1e-14);
            close(three.ln_cdf(x), maxwell.ln_cdf(x), 4e-14);
            close(three.ln_sf(x), maxwell.ln_sf(x), 1e-14);
        }
        close(one.ln_pdf(0.0), half_normal.ln_pdf(0.0), 1e-15);
        close(three.entropy(), maxwell.entropy(), 1e-14);
        close(three.variance().unwrap(), maxwell.variance().unwrap(), 1e-14);
    }
}

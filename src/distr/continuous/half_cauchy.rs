//! The half-Cauchy law.

use super::cauchy::StandardCauchy;
use crate::distr::form::{Half, Placed, law_of};
use crate::distr::{KlDivergence, parameters};
use crate::parameter::LawError;
use crate::scalar::Scalar;

/// The [half-Cauchy law](https://en.wikipedia.org/wiki/Cauchy_distribution) with scale γ, its median: the law of |X| for a
/// Cauchy X around 0.
///
/// # Density function
/// f(x) = 2 / (π γ (1 + (x/γ)²)) for x >= 0.
///
/// # Derivatives
/// A draw is γ ζ with standard half-Cauchy ζ, so dz/dγ = ζ = z/γ, exactly. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [scale] = Jet::variables([5.0]);
/// let z = HalfCauchy::new(scale)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(z.re >= 0.0 && (z.eps[0] - z.re / 5.0).abs() <= 1e-15 * z.re);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The noise is a ratio of two half-normal numbers. The mean is infinite. As a prior of scales: Gelman 2006, "Prior
/// distributions for variance parameters in hierarchical models".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HalfCauchy<S> {
    scale: S,
}

parameters! {
    HalfCauchy, "half_cauchy", "a half-Cauchy law";
    /// The law with scale γ.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(HalfCauchy::new(5.0).unwrap().median(), 5.0);
    /// assert_eq!(HalfCauchy::new(0.0).unwrap_err().parameter(), "scale");
    /// ```
    new(scale: POSITIVE)
}

law_of!(HalfCauchy, |law| Placed { location: None, scale: law.scale, standard: Half(StandardCauchy) });

impl<S: Scalar> KlDivergence<S> for HalfCauchy<S> {
    /// ln((γ₁ + γ₂)² / (4 γ₁ γ₂)), that of the Cauchy laws of which these are the halves
    fn kl_divergence(&self, other: &Self) -> S {
        let d = self.scale - other.scale;
        (d.over(self.scale) * d.over(other.scale) * 0.25).ln_1p()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::Continuous;
    use core::f64::consts::FRAC_2_PI;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() <= 4e-16 * b.abs(), "{a} is not {b}");
    }

    #[test]
    fn tails() {
        let law = HalfCauchy::new(2.0).unwrap();
        close(law.cdf(1e-300), 1e-300 / core::f64::consts::PI);
        close(law.sf(2e20), 1e-20 * FRAC_2_PI);
        close(law.isf(1e-300), 2e300 * FRAC_2_PI);
        close(law.ln_sf(1e-20), -1e-20 / core::f64::consts::PI);
        close(law.ln_pdf(2.0), -core::f64::consts::TAU.ln());
        assert_eq!((law.cdf(-1.0), law.sf(-1.0), law.ln_pdf(-1.0)), (0.0, 1.0, f64::NEG_INFINITY));
        assert_eq!((law.mean(), law.variance()), (Some(f64::INFINITY), None));
    }

    #[test]
    fn divergence_matches_the_integral() {
        // mpmath.quad of f ln(f/g)
        let d = HalfCauchy::new(1.5).unwrap().kl_divergence(&HalfCauchy::new(0.75).unwrap());
        close(d, 0.11778303565638346);
    }

    #[test]
    fn bad_parameters_are_refused() {
        assert_eq!(HalfCauchy::new(-1.0).unwrap_err().parameter(), "scale");
        assert_eq!(HalfCauchy::new(f64::NAN).unwrap_err().parameter(), "scale");
    }
}

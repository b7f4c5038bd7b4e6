//! The Cauchy law.

use crate::distr::form::{Even, Placed, Size, Symmetric, law_of, magnitude};
use crate::distr::{KlDivergence, parameters};
use crate::noise;
use crate::parameter::LawError;
use crate::scalar::Scalar;
use core::f64::consts::{FRAC_1_PI, FRAC_2_PI, FRAC_PI_2, PI};
use rand::Rng;

/// The [Cauchy law](https://en.wikipedia.org/wiki/Cauchy_distribution) with location x₀, its median, and scale γ, half its
/// interquartile range.
///
/// # Density function
/// f(x) = 1 / (π γ (1 + ((x - x₀)/γ)²)) on the real line.
///
/// # Derivatives
/// A draw is x₀ + γ ζ with standard Cauchy ζ, so dz/dx₀ = 1 and dz/dγ = ζ = (z - x₀)/γ, exactly. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [location, scale] = Jet::variables([1.0, 2.0]);
/// let z = Cauchy::new(location, scale)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert_eq!(z.eps[0], 1.0);
/// assert!((z.eps[1] - (z.re - 1.0) / 2.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The noise is a ratio of two normal numbers, which needs no tangent. The law has neither mean nor variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cauchy<S> {
    location: S,
    scale: S,
}

parameters! {
    Cauchy, "cauchy", "a Cauchy law";
    /// The law with location x₀ and scale γ.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert!(Cauchy::new(0.0, 1.0).is_ok());
    /// assert_eq!(Cauchy::new(0.0, 0.0).unwrap_err().parameter(), "scale");
    /// ```
    new(location: REAL, scale: POSITIVE)
}

law_of!(Cauchy, |law| Placed { location: Some(law.location), scale: law.scale, standard: Symmetric(StandardCauchy) });

impl<S: Scalar> KlDivergence<S> for Cauchy<S> {
    /// ln(((γ₁ + γ₂)² + (x₁ - x₂)²) / (4 γ₁ γ₂)) (Chyzak & Nielsen 2019, arXiv:1905.10965)
    fn kl_divergence(&self, other: &Self) -> S {
        let over_scales = |d: S| d.over(self.scale) * d.over(other.scale);
        ((over_scales(self.scale - other.scale) + over_scales(self.location - other.location)) * 0.25).ln_1p()
    }
}

/// Median 0, quartiles -1 and 1.
#[derive(Clone, Copy)]
pub(crate) struct StandardCauchy;

/// Beyond this 1 + z² is z² to all digits.
const FAR: f64 = 1e10;

/// ln π
const LN_PI: f64 = 1.1447298858494002;

impl<S: Scalar> Even<S> for StandardCauchy {
    type Draw = f64;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        noise::normal(rng) / magnitude::draw(rng)
    }
    fn ln_pdf(&self, z: S) -> S {
        let ln = if z.re().abs() > FAR { z.abs().ln() * 2.0 } else { (z * z).ln_1p() };
        -ln - LN_PI
    }
    fn pdf(&self, z: S) -> S {
        let f = if z.re().abs() > FAR {
            let w = z.recip();
            w * w
        } else {
            (z * z + 1.0).recip()
        };
        f * FRAC_1_PI
    }
    fn cdf(&self, z: S) -> S {
        if z.re() < -1.0 {
            -z.recip().atan() * FRAC_1_PI
        } else if z.re() <= 1.0 {
            z.atan() * FRAC_1_PI + 0.5
        } else {
            -(z.recip().atan() * FRAC_1_PI) + 1.0
        }
    }
    fn ln_cdf(&self, z: S) -> S {
        if z.re() < -FAR {
            -(-z).ln() - LN_PI
        } else if z.re() <= 0.0 {
            self.cdf(z).ln()
        } else {
            (-self.cdf(-z)).ln_1p()
        }
    }
    fn quantile(&self, p: S) -> S {
        if p.re() < 0.25 {
            -(p * PI).tan().recip()
        } else if p.re() <= 0.75 {
            ((p - 0.5) * PI).tan()
        } else {
            // 1 - p is exact
            ((-p + 1.0) * PI).tan().recip()
        }
    }
    fn mean(&self) -> Option<S> {
        None
    }
    fn variance(&self) -> Option<S> {
        None
    }
    fn entropy(&self) -> S {
        // ln(4 π)
        S::from(2.5310242469692907)
    }
}

impl<S: Scalar> Size<S> for StandardCauchy {
    const MEDIAN: f64 = 1.0;
    fn inside(&self, z: S) -> S {
        z.atan() * FRAC_2_PI
    }
    fn inside_inv(&self, p: S) -> S {
        (p * FRAC_PI_2).tan()
    }
    fn outside_inv(&self, q: S) -> S {
        (q * FRAC_PI_2).tan().recip()
    }
    fn mean_size(&self) -> Option<S> {
        Some(S::from(f64::INFINITY))
    }
    fn variance_of_size(&self) -> Option<S> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::Continuous;
    use crate::scalar::Jet;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() <= 4e-16 * b.abs(), "{a} is not {b}");
    }

    #[test]
    fn tails() {
        let law = Cauchy::new(0.0, 1.0).unwrap();
        close(law.cdf(-1e300), 1e-300 / PI);
        close(law.sf(1e16), 1e-16 / PI);
        close(law.ln_cdf(1e16), -1e-16 / PI);
        close(law.quantile(1e-300), -1e300 / PI);
        close(law.isf(1e-12), 1e12 / PI);
        // tan(π t) around the median
        close(law.quantile(0.5 + f64::EPSILON), PI * f64::EPSILON);
        close(law.isf_ln(-1e-20), -1e20 / PI);
    }

    #[test]
    fn derivatives_far_out() {
        // ln f is -2 ln z - ln π, ln(1 - F) is -ln z - ln π
        let law = Cauchy::new(Jet::from(0.0), Jet::from(1.0)).unwrap();
        let [z] = Jet::second_order([1e120]);
        let (_, [slope], [[curvature]]) = law.ln_pdf(z).hessian();
        close(slope, -2e-120);
        close(curvature, 2e-240);
        close(law.ln_sf(z).hessian().1[0], -1e-120);
        let [z] = Jet::second_order([1e60]);
        close(law.pdf(z).hessian().1[0], -2e-180 / PI);
        close(law.pdf(z).hessian().2[0][0], 6e-240 / PI);
    }

    #[test]
    fn divergence_matches_the_integral() {
        // mpmath.quad of f ln(f/g)
        let d = Cauchy::new(0.5, 1.5).unwrap().kl_divergence(&Cauchy::new(-0.25, 0.75).unwrap());
        close(d, 0.22314355131420976);
        close(Cauchy::new(1e-12, 1.0).unwrap().kl_divergence(&Cauchy::new(0.0, 1.0).unwrap()), 0.25e-24);
    }

    #[test]
    fn bad_parameters_are_refused() {
        assert_eq!(Cauchy::new(f64::NAN, 1.0).unwrap_err().parameter(), "location");
        assert_eq!(Cauchy::new(0.0, -1.0).unwrap_err().parameter(), "scale");
    }
}

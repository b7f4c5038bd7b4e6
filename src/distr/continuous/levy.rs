//! The Lévy law.

use crate::distr::form::{Placed, Standard, law_of, magnitude};
use crate::distr::parameters;
use crate::parameter::LawError;
use crate::scalar::Scalar;
use crate::special::LN_SQRT_2PI;
use rand::Rng;

/// The [Lévy law](https://en.wikipedia.org/wiki/L%C3%A9vy_distribution) with location μ, the lower end of the support, and
/// scale c.
///
/// # Density function
/// f(x) = sqrt(c/(2π)) exp(-c / (2 (x - μ))) / (x - μ)^(3/2) for x > μ.
///
/// # Derivatives
/// A draw is μ + c ζ with standard Lévy ζ, so dz/dμ = 1 and dz/dc = ζ = (z - μ)/c, exactly. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [location, scale] = Jet::variables([0.0, 2.0]);
/// let z = Levy::new(location, scale)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert_eq!(z.eps[0], 1.0);
/// assert!(z.re > 0.0 && (z.eps[1] - z.re / 2.0).abs() <= 1e-15 * z.re);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The noise is 1/N² with normal N: the law of the time at which a Brownian motion first reaches a level. The mean is
/// infinite. The divergence between two laws has no closed form unless their locations are equal, and is not given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levy<S> {
    location: S,
    scale: S,
}

parameters! {
    Levy, "levy", "a Lévy law";
    /// The law with location μ and scale c.
    ///
    /// ```
    /// use reparam::distr::Levy;
    /// assert!(Levy::new(0.0, 1.0).is_ok());
    /// assert_eq!(Levy::new(0.0, 0.0).unwrap_err().parameter(), "scale");
    /// ```
    new(location: REAL, scale: POSITIVE)
}

law_of!(Levy, |law| Placed { location: Some(law.location), scale: law.scale, standard: StandardLevy });

/// Location 0, scale 1.
#[derive(Clone, Copy)]
pub(crate) struct StandardLevy;

/// Below this exp(-1/(2z)) is 0 as a double, with all derivatives.
const GONE: f64 = 1.0 / 1600.0;

/// 1/sqrt(2π)
const INVERSE_SQRT_2_PI: f64 = 0.3989422804014327;

/// The normal noise z^(-1/2) behind z.
fn noise_of<S: Scalar>(z: S) -> S {
    z.powf(-0.5)
}

impl<S: Scalar> Standard<S> for StandardLevy {
    type Draw = f64;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let w = magnitude::draw(rng);
        1.0 / (w * w)
    }
    fn support(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn ln_pdf(&self, z: S) -> S {
        // also where 1/z is infinite
        if z.re() < f64::MIN_POSITIVE {
            return S::from(f64::NEG_INFINITY);
        }
        (z.ln() * 3.0 + z.recip()) * -0.5 - LN_SQRT_2PI
    }
    fn pdf(&self, z: S) -> S {
        if z.re() < GONE {
            return S::from(0.0);
        }
        let w = noise_of(z);
        w * w * w * (z.recip() * -0.5).exp() * INVERSE_SQRT_2_PI
    }
    fn cdf(&self, z: S) -> S {
        if z.re() < GONE { S::from(0.0) } else { magnitude::outside(noise_of(z)) }
    }
    fn sf(&self, z: S) -> S {
        if z.re() < GONE { S::from(1.0) } else { magnitude::inside(noise_of(z)) }
    }
    fn ln_cdf(&self, z: S) -> S {
        if z.re() <= 0.0 { S::from(f64::NEG_INFINITY) } else { magnitude::ln_outside(noise_of(z)) }
    }
    fn ln_sf(&self, z: S) -> S {
        if z.re() < GONE { S::from(0.0) } else { magnitude::ln_inside(noise_of(z), z.ln() * -0.5) }
    }
    fn quantile(&self, p: S) -> S {
        magnitude::outside_inv(p).powi(-2)
    }
    fn isf(&self, q: S) -> S {
        magnitude::inside_inv(q).powi(-2)
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        (magnitude::ln_outside_inv(ln_p) * -2.0).exp()
    }
    fn isf_ln(&self, ln_q: S) -> S {
        (magnitude::ln_inside_inv(ln_q) * -2.0).exp()
    }
    fn mean(&self) -> Option<S> {
        Some(S::from(f64::INFINITY))
    }
    fn variance(&self) -> Option<S> {
        None
    }
    fn entropy(&self) -> S {
        // (1 + 3 γ + ln(16 π))/2
        S::from(3.32448280139689)
    }
    fn mode(&self) -> Option<S> {
        Some(S::from(1.0 / 3.0))
    }
    fn median(&self) -> S {
        // 1/Φ^-1(3/4)²: mpmath 1/(2*erfinv(1/2)**2)
        S::from(2.1981093383177326)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::Continuous;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() <= 8e-16 * b.abs(), "{a} is not {b}");
    }

    #[test]
    fn values_and_tails() {
        let law = Levy::new(0.0, 1.0).unwrap();
        // mpmath: ln erfc(1/sqrt(2z)) and ln erf of the same
        close(law.ln_cdf(0.015625), -34.320289979354605);
        close(law.ln_sf(0.015625), -1.2441921148543576e-15);
        close(law.ln_cdf(0.75), -1.3934677122336503);
        close(law.ln_sf(0.75), -0.2853023449040571);
        close(law.ln_cdf(3.0), -0.5732280073583129);
        close(law.ln_sf(3.0), -0.8294317577802782);
        close(law.ln_cdf(1024.0), -0.025245846336416244);
        close(law.ln_sf(1024.0), -3.691690005265068);
        // erf(1/sqrt(2z)) is sqrt(2/(π z)) for large z
        close(law.sf(1e40), core::f64::consts::FRAC_2_PI.sqrt() * 1e-20);
        // the square of w doubles its error
        assert!((law.isf(1e-100) / (core::f64::consts::FRAC_2_PI * 1e200) - 1.0).abs() < 2e-15);
        close(law.median(), law.quantile(0.5));
        assert_eq!(
            (law.cdf(0.0), law.sf(-1.0), law.ln_cdf(0.0), law.ln_pdf(0.0)),
            (0.0, 1.0, f64::NEG_INFINITY, f64::NEG_INFINITY)
        );
        assert_eq!((law.quantile(0.0), law.quantile(1.0)), (0.0, f64::INFINITY));
    }

    #[test]
    fn bad_parameters_are_refused() {
        assert_eq!(Levy::new(f64::NAN, 1.0).unwrap_err().parameter(), "location");
        assert_eq!(Levy::new(0.0, f64::INFINITY).unwrap_err().parameter(), "scale");
    }
}

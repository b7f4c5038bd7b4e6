//! The hyperbolic secant law.

use crate::distr::form::{Placed, Standard, law_of, magnitude};
use crate::distr::parameters;
use crate::parameter::LawError;
use crate::scalar::{Scalar, math};
use crate::special;
use core::f64::consts::{FRAC_2_PI, FRAC_PI_2, LN_2, PI};
use rand::Rng;

/// The [hyperbolic secant law](https://en.wikipedia.org/wiki/Hyperbolic_secant_distribution) with location μ and scale σ, its
/// standard deviation.
///
/// # Density function
/// f(x) = 1 / (2 σ cosh(π (x - μ) / (2 σ))) on the real line.
///
/// # Derivatives
/// A draw is μ + σ ζ with a standard ζ, so dz/dμ = 1 and dz/dσ = ζ = (z - μ)/σ, exactly. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [location, scale] = Jet::variables([1.0, 2.0]);
/// let z = HyperbolicSecant::new(location, scale)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert_eq!(z.eps[0], 1.0);
/// assert!((z.eps[1] - (z.re - 1.0) / 2.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The logarithm of a half-Cauchy number has this law with σ = π/2, and the ratio of two half-normal numbers is half-Cauchy:
/// a draw is (2/π) ln|N₁/N₂|.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HyperbolicSecant<S> {
    location: S,
    scale: S,
}

parameters! {
    HyperbolicSecant, "hyperbolic_secant", "a hyperbolic secant law";
    /// The law with location μ and scale σ.
    ///
    /// ```
    /// use reparam::distr::HyperbolicSecant;
    /// assert!(HyperbolicSecant::new(0.0, 1.0).is_ok());
    /// assert_eq!(HyperbolicSecant::new(0.0, 0.0).unwrap_err().parameter(), "scale");
    /// ```
    new(location: REAL, scale: POSITIVE)
}

law_of!(HyperbolicSecant, |law| Placed {
    location: Some(law.location),
    scale: law.scale,
    standard: StandardHyperbolicSecant,
});

/// Mean 0, standard deviation 1.
#[derive(Clone, Copy)]
pub(crate) struct StandardHyperbolicSecant;

/// ln(2/π)
const LN_2_OVER_PI: f64 = -0.4515827052894549;

impl<S: Scalar> Standard<S> for StandardHyperbolicSecant {
    const WHOLE_LINE: bool = true;
    type Draw = f64;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        FRAC_2_PI * math::ln(magnitude::draw(rng) / magnitude::draw(rng))
    }
    fn ln_pdf(&self, z: S) -> S {
        -special::ln_2_cosh(z * FRAC_PI_2)
    }
    fn cdf(&self, z: S) -> S {
        let x = z * FRAC_PI_2;
        if x.re() < -1.0 {
            x.exp().atan() * FRAC_2_PI
        } else if x.re() <= 1.0 {
            // 1/2 + gd(x)/π, whose even derivatives keep their digits around 0
            (x * 0.5).tanh().atan() * FRAC_2_PI + 0.5
        } else {
            -((-x).exp().atan() * FRAC_2_PI) + 1.0
        }
    }
    fn sf(&self, z: S) -> S {
        self.cdf(-z)
    }
    fn ln_cdf(&self, z: S) -> S {
        if z.re() > 0.0 {
            return (-self.cdf(-z)).ln_1p();
        }
        if z.re() > -1.5 {
            return self.cdf(z).ln();
        }
        // atan(e^x) = e^x (1 + Σ (-e^(2x))^k / (2k + 1))
        let x = z * FRAC_PI_2;
        let y = -(x * 2.0).exp();
        let mut sum = S::from(0.0);
        for k in (1..=8).rev() {
            sum = (sum + 1.0 / (2.0 * f64::from(k) + 1.0)) * y;
        }
        x + sum.ln_1p() + LN_2_OVER_PI
    }
    fn ln_sf(&self, z: S) -> S {
        self.ln_cdf(-z)
    }
    fn quantile(&self, p: S) -> S {
        let x = if p.re() < 0.25 {
            (p * FRAC_PI_2).tan().ln()
        } else if p.re() <= 0.75 {
            ((p - 0.5) * PI).tan().asinh()
        } else {
            // 1 - p is exact
            -((-p + 1.0) * FRAC_PI_2).tan().ln()
        };
        x * FRAC_2_PI
    }
    fn isf(&self, q: S) -> S {
        -self.quantile(q)
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        if ln_p.re() < -40.0 {
            // tan(π p/2) is π p/2 to all digits
            (ln_p - LN_2_OVER_PI) * FRAC_2_PI
        } else if ln_p.re() < -LN_2 {
            self.quantile(ln_p.exp())
        } else {
            -self.quantile(-ln_p.exp_m1())
        }
    }
    fn isf_ln(&self, ln_q: S) -> S {
        -self.quantile_ln(ln_q)
    }
    fn mean(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    fn variance(&self) -> Option<S> {
        Some(S::from(1.0))
    }
    fn entropy(&self) -> S {
        S::from(2.0 * LN_2)
    }
    fn mode(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    fn median(&self) -> S {
        S::from(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::Continuous;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() <= 4e-16 * b.abs(), "{a} is not {b}");
    }

    #[test]
    fn values_and_tails() {
        let law = HyperbolicSecant::new(0.0, 1.0).unwrap();
        close(law.pdf(0.0), 0.5);
        // mpmath: ln(2/π atan(exp(π z/2)))
        close(law.ln_cdf(-2.0), -3.5937973366384117);
        close(law.ln_cdf(-0.25), -0.9726119305917768);
        close(law.ln_cdf(1.25), -0.09297126363222886);
        // x π/2 + ln(2/π)
        close(law.ln_cdf(-1e5), -1e5 * FRAC_PI_2 + LN_2_OVER_PI);
        close(law.quantile_ln(law.ln_cdf(-1e5)), -1e5);
        // the slope of F at 0 is 1/2
        close(law.quantile(0.5 + f64::EPSILON), 2.0 * f64::EPSILON);
    }

    #[test]
    fn bad_parameters_are_refused() {
        assert_eq!(HyperbolicSecant::new(f64::NAN, 1.0).unwrap_err().parameter(), "location");
        assert_eq!(HyperbolicSecant::new(0.0, f64::INFINITY).unwrap_err().parameter(), "scale");
    }
}

//! The Moyal law.

use crate::distr::form::{Placed, Standard, exp, law_of, magnitude, ratio_divergence};
use crate::distr::{KlDivergence, parameters};
use crate::parameter::LawError;
use crate::scalar::{Scalar, math};
use crate::special::{self, LN_SQRT_2PI};
use core::f64::consts::{EULER_GAMMA, LN_2};
use rand::Rng;

/// The [Moyal law](https://reference.wolfram.com/language/ref/MoyalDistribution.html) with location μ and scale σ: Moyal's
/// approximation to the Landau law of energy loss ("Theory of ionization fluctuations", Phil. Mag. 46, 1955).
///
/// # Density function
/// f(x) = exp(-(z + exp(-z))/2) / (σ sqrt(2π)) with z = (x - μ)/σ, on the real line.
///
/// # Derivatives
/// A draw is μ + σ ζ with standard Moyal ζ, so dz/dμ = 1 and dz/dσ = ζ = (z - μ)/σ, exactly. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [location, scale] = Jet::variables([1.0, 2.0]);
/// let z = Moyal::new(location, scale)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert_eq!(z.eps[0], 1.0);
/// assert!((z.eps[1] - (z.re - 1.0) / 2.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The noise is -2 ln|N| with normal N. Below μ - 709 σ the density is 0 as a double; its logarithm is given as -inf there,
/// without derivatives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moyal<S> {
    location: S,
    scale: S,
}

parameters! {
    Moyal, "moyal", "a Moyal law";
    /// The law with location μ, its mode, and scale σ.
    ///
    /// ```
    /// use reparam::distr::Moyal;
    /// assert!(Moyal::new(0.0, 1.0).is_ok());
    /// assert_eq!(Moyal::new(0.0, 0.0).unwrap_err().parameter(), "scale");
    /// ```
    new(location: REAL, scale: POSITIVE)
}

law_of!(Moyal, |law| Placed { location: Some(law.location), scale: law.scale, standard: StandardMoyal });

impl<S: Scalar> KlDivergence<S> for Moyal<S> {
    /// (exp(y) - 1 - y)/2 + b/2 + (r - 1 - ln r) with r = σ₁/σ₂, b = ln Γ(r + 1/2) - ln Γ(3/2) - (r - 1) ψ(3/2) and
    /// y = b + (r - 1) (2 - γ - ln 2) - (μ₁ - μ₂)/σ₂, from E[exp(-r Z)] = E|N|^(2r) = 2^r Γ(r + 1/2)/sqrt(π).
    fn kl_divergence(&self, other: &Self) -> S {
        let difference = self.scale - other.scale;
        let (r, d) = (self.scale.over(other.scale), difference.over(other.scale));
        let above_tangent = |at: f64, step: S| special::ln_gamma_above_tangent(S::from(at), r + 0.5, step);
        // b and y + (μ₁ - μ₂)/σ₂; the latter is small for a small r too, where it has the tangent at r = 0
        let (bend, of_scales) = if d.re() < -0.5 {
            let of_scales = above_tangent(0.5, r) - r * MEAN;
            (of_scales - d * (2.0 - MEAN), of_scales)
        } else {
            let bend = above_tangent(1.5, d);
            (bend, bend + d * (2.0 - MEAN))
        };
        let y = of_scales - (self.location - other.location).over(other.scale);
        if exp(y).re().is_infinite() {
            return S::from(f64::INFINITY);
        }
        (special::exp_m1_minus(y) + bend) * 0.5 + ratio_divergence(self.scale, other.scale, difference)
    }
}

/// Location 0, scale 1.
#[derive(Clone, Copy)]
pub(crate) struct StandardMoyal;

/// -2 E ln|N|
const MEAN: f64 = EULER_GAMMA + LN_2;

impl<S: Scalar> Standard<S> for StandardMoyal {
    type Draw = f64;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        -2.0 * math::ln(magnitude::draw(rng))
    }
    fn ln_pdf(&self, z: S) -> S {
        // -(z + e^-z)/2 - ln(2π)/2, with a slope that keeps its digits at the mode
        let ln = special::exp_m1_minus(-z) * -0.5 - (LN_SQRT_2PI + 0.5);
        if ln.re() == f64::NEG_INFINITY { S::from(ln.re()) } else { ln }
    }
    fn pdf(&self, z: S) -> S {
        let ln = self.ln_pdf(z);
        // 0 as a double, with all derivatives
        if ln.re() < -800.0 { S::from(0.0) } else { ln.exp() }
    }
    fn cdf(&self, z: S) -> S {
        magnitude::outside((z * -0.5).exp())
    }
    fn sf(&self, z: S) -> S {
        magnitude::inside((z * -0.5).exp())
    }
    fn ln_cdf(&self, z: S) -> S {
        magnitude::ln_outside((z * -0.5).exp())
    }
    fn ln_sf(&self, z: S) -> S {
        magnitude::ln_inside((z * -0.5).exp(), z * -0.5)
    }
    fn quantile(&self, p: S) -> S {
        magnitude::outside_inv(p).ln() * -2.0
    }
    fn isf(&self, q: S) -> S {
        magnitude::inside_inv(q).ln() * -2.0
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        magnitude::ln_outside_inv(ln_p) * -2.0
    }
    fn isf_ln(&self, ln_q: S) -> S {
        magnitude::ln_inside_inv(ln_q) * -2.0
    }
    fn mean(&self) -> Option<S> {
        Some(S::from(MEAN))
    }
    fn variance(&self) -> Option<S> {
        // π²/2
        Some(S::from(4.934802200544679))
    }
    fn entropy(&self) -> S {
        // (1 + γ + ln(4π))/2
        S::from(2.0541199559354117)
    }
    fn mode(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    fn median(&self) -> S {
        // -2 ln Φ^-1(3/4): mpmath -2*log(sqrt(2)*erfinv(1/2))
        S::from(0.7875975992017822)
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
        let law = Moyal::new(0.0, 1.0).unwrap();
        // mpmath: ln erfc(exp(-z/2)/√2) and ln erf of the same
        close(law.ln_cdf(-1.0), -2.310569378629048);
        close(law.ln_sf(-1.0), -0.1044772951575909);
        close(law.ln_cdf(-0.5), -1.6137820225895125);
        close(law.ln_sf(-0.5), -0.22206046602359);
        close(law.ln_cdf(1.0), -0.6085074933067562);
        close(law.ln_sf(1.0), -0.7856187376656221);
        close(law.ln_cdf(1.375), -0.485998564927632);
        close(law.ln_sf(1.375), -0.954726746986266);
        close(law.ln_cdf(1.5), -0.4515113911755442);
        close(law.ln_sf(1.5), -1.0124304840724152);
        close(law.ln_cdf(12.0), -0.001979714408563414);
        close(law.ln_sf(12.0), -6.2257923766797);
        // ln erf(w/√2) is ln w + ln(2/π)/2 for small w = e^(-z/2), and w is below the range of doubles here
        close(law.ln_sf(1e5), -0.5e5 - 0.22579135264472744);
        close(law.isf_ln(law.ln_sf(1e5)), 1e5);
        close(law.median(), law.quantile(0.5));
        assert_eq!((law.cdf(-1e4), law.sf(-1e4), law.ln_cdf(-1e4)), (0.0, 1.0, f64::NEG_INFINITY));
    }

    #[test]
    fn divergence_matches_the_integral() {
        // mpmath.quad of f ln(f/g)
        let d = Moyal::new(0.5, 1.5).unwrap().kl_divergence(&Moyal::new(-0.25, 0.75).unwrap());
        assert!((d - 0.49385340392795724).abs() < 1e-15);
        let same = Moyal::new(0.5, 1.5).unwrap();
        assert!(same.kl_divergence(&same).abs() < 1e-15);
    }

    #[test]
    fn bad_parameters_are_refused() {
        assert_eq!(Moyal::new(f64::NAN, 1.0).unwrap_err().parameter(), "location");
        assert_eq!(Moyal::new(0.0, f64::INFINITY).unwrap_err().parameter(), "scale");
    }
}

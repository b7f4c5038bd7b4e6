//! The half-Cauchy law.

use super::cauchy::StandardCauchy;
use crate::distr::{KlDivergence, Placed, Standard, affine, errors, family, positive};
use crate::scalar::Scalar;
use core::f64::consts::{FRAC_2_PI, FRAC_PI_2, LN_2};
use rand::Rng;

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

errors! {
    /// Why the parameter of a [`HalfCauchy`] law was refused.
    HalfCauchyError {
        /// `scale` is not in [1e-150, 1e150].
        Scale => "the scale of a half-Cauchy law must be in [1e-150, 1e150]",
    }
}

impl<S: Scalar> HalfCauchy<S> {
    /// The law with scale γ.
    ///
    /// # Errors
    /// If `scale` is not in [1e-150, 1e150].
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(HalfCauchy::new(5.0).unwrap().median(), 5.0);
    /// assert_eq!(HalfCauchy::new(0.0), Err(HalfCauchyError::Scale));
    /// ```
    #[inline]
    pub fn new(scale: S) -> Result<Self, HalfCauchyError> {
        if !positive(scale) {
            return Err(HalfCauchyError::Scale);
        }
        Ok(HalfCauchy { scale })
    }
}

family!(HalfCauchy, HalfCauchyError, "half_cauchy", [scale]);
affine!(HalfCauchy, |law| Placed { location: None, scale: law.scale, standard: StandardHalfCauchy });

impl<S: Scalar> KlDivergence<S> for HalfCauchy<S> {
    /// ln((γ₁ + γ₂)² / (4 γ₁ γ₂)), that of the Cauchy laws of which these are the halves
    fn kl_divergence(&self, other: &Self) -> S {
        let d = self.scale - other.scale;
        (d.over(self.scale) * d.over(other.scale) * 0.25).ln_1p()
    }
}

/// Median 1.
#[derive(Clone, Copy)]
pub(crate) struct StandardHalfCauchy;

impl<S: Scalar> Standard<S> for StandardHalfCauchy {
    type Draw = f64;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let z: f64 = Standard::<f64>::draw(&StandardCauchy, rng);
        z.abs()
    }
    fn support(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn ln_pdf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(f64::NEG_INFINITY) } else { StandardCauchy.ln_pdf(z) + LN_2 }
    }
    fn pdf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(0.0) } else { StandardCauchy.pdf(z) * 2.0 }
    }
    fn cdf(&self, z: S) -> S {
        if z.re() < 0.0 {
            S::from(0.0)
        } else if z.re() <= 1.0 {
            z.atan() * FRAC_2_PI
        } else {
            -self.sf(z) + 1.0
        }
    }
    fn sf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(1.0) } else { StandardCauchy.sf(z) * 2.0 }
    }
    fn ln_cdf(&self, z: S) -> S {
        if z.re() <= 0.0 {
            S::from(f64::NEG_INFINITY)
        } else if z.re() <= 1.0 {
            self.cdf(z).ln()
        } else {
            (-self.sf(z)).ln_1p()
        }
    }
    fn ln_sf(&self, z: S) -> S {
        if z.re() < 0.0 {
            S::from(0.0)
        } else if z.re() <= 1.0 {
            (-self.cdf(z)).ln_1p()
        } else {
            StandardCauchy.ln_sf(z) + LN_2
        }
    }
    fn quantile(&self, p: S) -> S {
        // 1 - p is exact for p > 1/2
        if p.re() <= 0.5 { (p * FRAC_PI_2).tan() } else { ((-p + 1.0) * FRAC_PI_2).tan().recip() }
    }
    fn isf(&self, q: S) -> S {
        if q.re() <= 0.5 { (q * FRAC_PI_2).tan().recip() } else { ((-q + 1.0) * FRAC_PI_2).tan() }
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        if ln_p.re() < -LN_2 { self.quantile(ln_p.exp()) } else { self.isf(-ln_p.exp_m1()) }
    }
    fn isf_ln(&self, ln_q: S) -> S {
        if ln_q.re() < -LN_2 { self.isf(ln_q.exp()) } else { self.quantile(-ln_q.exp_m1()) }
    }
    fn mean(&self) -> Option<S> {
        Some(S::from(f64::INFINITY))
    }
    fn variance(&self) -> Option<S> {
        None
    }
    fn entropy(&self) -> S {
        // ln(2 π)
        S::from(1.8378770664093453)
    }
    fn mode(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    fn median(&self) -> S {
        S::from(1.0)
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
        assert_eq!(HalfCauchy::new(-1.0), Err(HalfCauchyError::Scale));
        assert_eq!(HalfCauchy::new(f64::NAN), Err(HalfCauchyError::Scale));
    }
}

//! The half-normal law.

use crate::distr::form::{Placed, Standard, StandardInLanes, law_of, squared_ratio_divergence};
use crate::distr::{KlDivergence, parameters};
use crate::noise::{self, Lanes};
use crate::parameter::LawError;
use crate::scalar::Scalar;
use crate::special;
use core::f64::consts::{FRAC_1_SQRT_2, LN_2, SQRT_2};
use rand::Rng;

/// The [half-normal law](https://en.wikipedia.org/wiki/Half-normal_distribution) with scale σ: |Y| with Y normal of mean 0 and
/// standard deviation σ.
///
/// # Density function
/// f(x) = sqrt(2/π) exp(-(x/σ)² / 2) / σ for x >= 0.
///
/// # Derivatives
/// A draw is σ |ε| with standard normal ε, so dz/dσ = z/σ, exactly. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [sigma] = Jet::variables([2.0]);
/// let z = HalfNormal::new(sigma)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert_eq!(z.eps[0], z.re / 2.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// σ is the standard deviation of Y, not of X, which has σ sqrt(1 - 2/π).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HalfNormal<S> {
    sigma: S,
}

parameters! {
    HalfNormal, "half_normal", "a half-normal law";
    /// The law with scale σ.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(HalfNormal::new(2.0).unwrap().mode(), Some(0.0));
    /// assert!(HalfNormal::new(0.0).is_err());
    /// ```
    new(sigma: POSITIVE)
}

law_of!(HalfNormal, |law| Placed { location: None, scale: law.sigma, standard: StandardHalfNormal }, in lanes);

impl<S: Scalar> KlDivergence<S> for HalfNormal<S> {
    /// (r - 1 - ln r)/2 with r = (σ₁/σ₂)²
    fn kl_divergence(&self, other: &Self) -> S {
        squared_ratio_divergence(self.sigma, other.sigma) * 0.5
    }
}

/// Scale 1.
#[derive(Clone, Copy)]
struct StandardHalfNormal;

/// The median, Φ^-1(3/4).
const MEDIAN: f64 = 0.6744897501960817;

impl StandardInLanes for StandardHalfNormal {
    fn fill(lanes: &mut Lanes, out: &mut [f64]) {
        lanes.normals(out);
        for z in out {
            *z = z.abs();
        }
    }
}

impl<S: Scalar> Standard<S> for StandardHalfNormal {
    type Draw = f64;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        noise::normal(rng).abs()
    }
    fn support(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn ln_pdf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(f64::NEG_INFINITY) } else { special::normal_ln_pdf(z) + LN_2 }
    }
    fn pdf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(0.0) } else { special::normal_pdf(z) * 2.0 }
    }
    fn cdf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(0.0) } else { special::erf(z * FRAC_1_SQRT_2) }
    }
    fn sf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(1.0) } else { special::normal_sf(z) * 2.0 }
    }
    fn ln_cdf(&self, z: S) -> S {
        match z.re() {
            x if x <= 0.0 => S::from(f64::NEG_INFINITY),
            x if x < MEDIAN => self.cdf(z).ln(),
            _ => (-self.sf(z)).ln_1p(),
        }
    }
    fn ln_sf(&self, z: S) -> S {
        match z.re() {
            x if x < 0.0 => S::from(0.0),
            x if x < MEDIAN => (-self.cdf(z)).ln_1p(),
            _ => special::normal_ln_sf(z) + LN_2,
        }
    }
    fn quantile(&self, p: S) -> S {
        special::erf_inv(p) * SQRT_2
    }
    fn isf(&self, q: S) -> S {
        if q.re() >= 0.5 { self.quantile(-q + 1.0) } else { special::normal_isf(q * 0.5) }
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        if ln_p.re() > -LN_2 { self.isf(-ln_p.exp_m1()) } else { self.quantile(ln_p.exp()) }
    }
    fn isf_ln(&self, ln_q: S) -> S {
        if ln_q.re() > -LN_2 { self.quantile(-ln_q.exp_m1()) } else { special::normal_isf_ln(ln_q - LN_2) }
    }
    fn mean(&self) -> Option<S> {
        // sqrt(2/π)
        Some(S::from(0.7978845608028654))
    }
    fn variance(&self) -> Option<S> {
        // 1 - 2/π
        Some(S::from(0.3633802276324187))
    }
    fn entropy(&self) -> S {
        // ln(π e / 2) / 2
        S::from(0.7257913526447274)
    }
    fn mode(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    fn median(&self) -> S {
        S::from(MEDIAN)
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 4e-15 * want.abs(), "{got} for {want}");
    }

    // values: mpmath, closed forms at 30 digits; kl by quadrature
    #[test]
    fn tails_and_divergence() {
        let law = HalfNormal::new(2.0).unwrap();
        close(law.cdf(1e-300), 3.989422804014327e-301);
        close(law.ln_sf(1e-300), -3.989422804014327e-301);
        close(law.isf(1e-300), 74.13157576154426);
        close(law.quantile(1e-300), 2.5066282746310005e-300);
        close(law.isf_ln(-1e-20), 2.5066282746310005e-20);
        close(law.kl_divergence(&HalfNormal::new(3.0).unwrap()), 0.1276873303303866);
        close(HalfNormal::new(1e-20).unwrap().kl_divergence(&law), 46.2448490404409);
        assert!(HalfNormal::new(f64::INFINITY).is_err());
    }
}

//! The Rayleigh law.

use crate::distr::form::{NearEnd, Placed, Standard, StandardInLanes, law_of, squared_ratio_divergence};
use crate::distr::{KlDivergence, parameters};
use crate::noise::{self, Lanes};
use crate::parameter::LawError;
use crate::scalar::{Scalar, math};
use core::f64::consts::SQRT_2;
use rand::Rng;

/// The [Rayleigh law](https://en.wikipedia.org/wiki/Rayleigh_distribution) with scale σ: the length of a vector in the plane
/// whose two components are normal of mean 0 and standard deviation σ.
///
/// # Density function
/// f(x) = x exp(-(x/σ)² / 2) / σ² for x >= 0.
///
/// # Derivatives
/// A draw is σ sqrt(2 ε) with standard exponential ε, so dz/dσ = z/σ, exactly. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [sigma] = Jet::variables([2.0]);
/// let z = Rayleigh::new(sigma)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert_eq!(z.eps[0], z.re / 2.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// σ is the mode. It is the Weibull law of shape 2 and scale σ sqrt 2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rayleigh<S> {
    sigma: S,
}

parameters! {
    Rayleigh, "rayleigh", "a Rayleigh law";
    /// The law with scale σ.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(Rayleigh::new(2.0).unwrap().mode(), Some(2.0));
    /// assert!(Rayleigh::new(-1.0).is_err());
    /// ```
    new(sigma: POSITIVE)
}

law_of!(Rayleigh, |law| Placed { location: None, scale: law.sigma, standard: StandardRayleigh }, in lanes);

impl<S: Scalar> KlDivergence<S> for Rayleigh<S> {
    /// r - 1 - ln r with r = (σ₁/σ₂)²
    fn kl_divergence(&self, other: &Self) -> S {
        squared_ratio_divergence(self.sigma, other.sigma)
    }
}

/// Scale 1.
#[derive(Clone, Copy)]
struct StandardRayleigh;

impl StandardInLanes for StandardRayleigh {
    fn fill(lanes: &mut Lanes, out: &mut [f64]) {
        lanes.exponentials(out);
        for z in out {
            *z = math::sqrt(2.0 * *z);
        }
    }
}

impl<S: Scalar> Standard<S> for StandardRayleigh {
    type Draw = f64;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        math::sqrt(2.0 * noise::exponential(rng))
    }
    fn support(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn near_end(&self, _: bool, z: S) -> Option<NearEnd<S>> {
        Some(NearEnd { exponent: S::from(1.0), ln_factor: z * z * -0.5 })
    }
    fn ln_pdf(&self, z: S) -> S {
        if z.re() <= 0.0 { S::from(f64::NEG_INFINITY) } else { z.ln() - z * z * 0.5 }
    }
    fn pdf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(0.0) } else { z * (-z * z * 0.5).exp() }
    }
    fn cdf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(0.0) } else { -(-z * z * 0.5).exp_m1() }
    }
    fn sf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(1.0) } else { (-z * z * 0.5).exp() }
    }
    fn ln_cdf(&self, z: S) -> S {
        match z.re() {
            x if x <= 0.0 => S::from(f64::NEG_INFINITY),
            // z² / 2 may underflow
            x if x < 1e-9 => (z / SQRT_2).ln() * 2.0,
            _ => (-z * z * 0.5).ln_1m_exp(),
        }
    }
    fn ln_sf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(0.0) } else { -z * z * 0.5 }
    }
    fn quantile(&self, p: S) -> S {
        ((-p).ln_1p() * -2.0).sqrt()
    }
    fn isf(&self, q: S) -> S {
        (q.ln() * -2.0).sqrt()
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        // -ln(1 - p) is p here, and sqrt p may be a double where p is none
        if ln_p.re() < -40.0 { (ln_p * 0.5).exp() * SQRT_2 } else { (ln_p.ln_1m_exp() * -2.0).sqrt() }
    }
    fn isf_ln(&self, ln_q: S) -> S {
        (ln_q * -2.0).sqrt()
    }
    fn mean(&self) -> Option<S> {
        // sqrt(π/2)
        Some(S::from(1.2533141373155003))
    }
    fn variance(&self) -> Option<S> {
        // 2 - π/2
        Some(S::from(0.4292036732051034))
    }
    fn entropy(&self) -> S {
        // 1 - ln(2)/2 + γ/2
        S::from(0.9420342421707938)
    }
    fn mode(&self) -> Option<S> {
        Some(S::from(1.0))
    }
    fn median(&self) -> S {
        // sqrt(2 ln 2)
        S::from(1.1774100225154747)
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 4e-15 * want.abs(), "{got} for {want}");
    }

    // values: closed forms by mpmath; kl by quadrature
    #[test]
    fn tails_and_divergence() {
        let law = Rayleigh::new(2.0).unwrap();
        close(law.ln_cdf(2e-200), -921.7271843781782);
        close(law.quantile(1e-300), 2.8284271247461903e-150);
        close(law.quantile_ln(-1000.0), 2.0151345161153797e-217);
        close(law.isf_ln(-1e10), 282842.71247461903);
        close(law.kl_divergence(&Rayleigh::new(3.0).unwrap()), 0.2553746606607732);
        assert!(Rayleigh::new(f64::NAN).is_err());
    }
}

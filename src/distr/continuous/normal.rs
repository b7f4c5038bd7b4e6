//! The normal law.

use crate::distr::form::{Placed, Standard, StandardInLanes, law_of, squared_ratio_divergence};
use crate::distr::{KlDivergence, parameters};
use crate::noise::{self, Lanes};
use crate::parameter::LawError;
use crate::scalar::Scalar;
use crate::special;
use rand::Rng;

/// The [normal law](https://en.wikipedia.org/wiki/Normal_distribution) with mean μ and standard deviation σ.
///
/// # Density function
/// f(x) = exp(-((x - μ)/σ)² / 2) / (σ sqrt(2π)) on the real line.
///
/// # Derivatives
/// A draw is μ + σ ε with standard normal ε, so dz/dμ = 1 and dz/dσ = ε, exactly. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [mean, std_dev] = Jet::variables([1.0, 2.0]);
/// let law = Normal::new(mean, std_dev)?;
/// let z = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert_eq!(z.eps[0], 1.0);
/// assert!((z.eps[1] - (z.re - 1.0) / 2.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The noise is the ziggurat of `rand_distr` (Marsaglia & Tsang 2000, in Doornik's form).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normal<S> {
    pub(super) mean: S,
    pub(super) std_dev: S,
}

parameters! {
    Normal, "normal", "a normal law";
    /// The law with mean μ and standard deviation σ.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert!(Normal::new(0.0, 1.0).is_ok());
    /// assert_eq!(Normal::new(0.0, f64::NAN).unwrap_err().parameter(), "std_dev");
    /// assert_eq!(Normal::new(1.0, 2.0).unwrap().parameters(), [1.0, 2.0]);
    /// ```
    new(mean as location: REAL, std_dev: POSITIVE)
}

law_of!(Normal, |law| Placed { location: Some(law.mean), scale: law.std_dev, standard: StandardNormal }, in lanes);

impl<S: Scalar> KlDivergence<S> for Normal<S> {
    /// ln(σ₂/σ₁) + (σ₁² + (μ₁ - μ₂)²) / (2 σ₂²) - 1/2
    fn kl_divergence(&self, other: &Self) -> S {
        let shift = (self.mean - other.mean).over(other.std_dev);
        (squared_ratio_divergence(self.std_dev, other.std_dev) + shift * shift) * 0.5
    }
}

/// Mean 0, standard deviation 1.
#[derive(Clone, Copy)]
pub(crate) struct StandardNormal;

impl StandardInLanes for StandardNormal {
    fn fill(lanes: &mut Lanes, out: &mut [f64]) {
        lanes.normals(out);
    }
}

impl<S: Scalar> Standard<S> for StandardNormal {
    const WHOLE_LINE: bool = true;
    type Draw = f64;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        noise::normal(rng)
    }
    fn ln_pdf(&self, z: S) -> S {
        special::normal_ln_pdf(z)
    }
    fn pdf(&self, z: S) -> S {
        special::normal_pdf(z)
    }
    fn cdf(&self, z: S) -> S {
        special::normal_cdf(z)
    }
    fn sf(&self, z: S) -> S {
        special::normal_sf(z)
    }
    fn ln_cdf(&self, z: S) -> S {
        special::normal_ln_cdf(z)
    }
    fn ln_sf(&self, z: S) -> S {
        special::normal_ln_sf(z)
    }
    fn quantile(&self, p: S) -> S {
        special::normal_quantile(p)
    }
    fn isf(&self, q: S) -> S {
        special::normal_isf(q)
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        special::normal_quantile_ln(ln_p)
    }
    fn isf_ln(&self, ln_q: S) -> S {
        special::normal_isf_ln(ln_q)
    }
    fn mean(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    fn variance(&self) -> Option<S> {
        Some(S::from(1.0))
    }
    fn entropy(&self) -> S {
        // ln(2 π e) / 2
        S::from(1.4189385332046727)
    }
    fn mode(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    fn median(&self) -> S {
        S::from(0.0)
    }
}

//! The exponential law.

use crate::distr::form::{Placed, Standard, StandardInLanes, law_of, ratio_divergence};
use crate::distr::{KlDivergence, parameters};
use crate::noise::{self, Lanes};
use crate::parameter::{LawError, check};
use crate::scalar::Scalar;
use rand::Rng;

/// The [exponential law](https://en.wikipedia.org/wiki/Exponential_distribution) with rate λ, the reciprocal of its mean.
///
/// # Density function
/// f(x) = λ exp(-λ x) for x >= 0.
///
/// # Derivatives
/// A draw is ε/λ with standard exponential ε, so dz/dλ = -z/λ, exactly. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [rate] = Jet::variables([2.0]);
/// let z = Exponential::new(rate)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((z.eps[0] + z.re / 2.0).abs() < 1e-16);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The noise is the ziggurat of `rand_distr` (Marsaglia & Tsang 2000).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exponential<S> {
    rate: S,
    /// 1/λ
    scale: S,
}

parameters! {
    Exponential, "exponential", "an exponential law";
    /// The law with rate λ.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(Exponential::new(2.0).unwrap().mean(), Some(0.5));
    /// assert!(Exponential::new(0.0).is_err());
    /// ```
    new(rate: POSITIVE) => Exponential { rate, scale: rate.recip() }
}

impl<S: Scalar> Exponential<S> {
    /// The law with scale 1/λ, its mean.
    ///
    /// # Errors
    /// If `scale` is not in [1e-150, 1e150], or so small that its reciprocal is not in [-1e150, 1e150].
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(Exponential::from_scale(0.5), Exponential::new(2.0));
    /// ```
    #[inline]
    pub fn from_scale(scale: S) -> Result<Self, LawError> {
        check!("an exponential law", scale: POSITIVE);
        Self::new(scale.recip())
    }
}

law_of!(Exponential, |law| Placed { location: None, scale: law.scale, standard: StandardExponential }, in lanes);

impl<S: Scalar> KlDivergence<S> for Exponential<S> {
    /// r - 1 - ln r with r = λ₂/λ₁
    fn kl_divergence(&self, other: &Self) -> S {
        ratio_divergence(other.rate, self.rate, other.rate - self.rate)
    }
}

/// Rate 1.
#[derive(Clone, Copy)]
pub(crate) struct StandardExponential;

impl StandardInLanes for StandardExponential {
    fn fill(lanes: &mut Lanes, out: &mut [f64]) {
        lanes.exponentials(out);
    }
}

impl<S: Scalar> Standard<S> for StandardExponential {
    type Draw = f64;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        noise::exponential(rng)
    }
    fn support(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn ln_pdf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(f64::NEG_INFINITY) } else { -z }
    }
    fn cdf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(0.0) } else { -(-z).exp_m1() }
    }
    fn sf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(1.0) } else { (-z).exp() }
    }
    fn ln_cdf(&self, z: S) -> S {
        if z.re() <= 0.0 { S::from(f64::NEG_INFINITY) } else { (-z).ln_1m_exp() }
    }
    fn ln_sf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(0.0) } else { -z }
    }
    fn quantile(&self, p: S) -> S {
        -(-p).ln_1p()
    }
    fn isf(&self, q: S) -> S {
        -q.ln()
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        -ln_p.ln_1m_exp()
    }
    fn isf_ln(&self, ln_q: S) -> S {
        -ln_q
    }
    fn mean(&self) -> Option<S> {
        Some(S::from(1.0))
    }
    fn variance(&self) -> Option<S> {
        Some(S::from(1.0))
    }
    fn entropy(&self) -> S {
        S::from(1.0)
    }
    fn mode(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    fn median(&self) -> S {
        S::from(core::f64::consts::LN_2)
    }
}

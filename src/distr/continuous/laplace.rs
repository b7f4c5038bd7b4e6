//! The Laplace law.

use crate::distr::form::{Placed, Standard, StandardInLanes, law_of, ratio_divergence};
use crate::distr::{KlDivergence, parameters};
use crate::noise::{self, Lanes};
use crate::parameter::LawError;
use crate::scalar::Scalar;
use crate::special;
use core::f64::consts::LN_2;
use rand::Rng;

/// The [Laplace law](https://en.wikipedia.org/wiki/Laplace_distribution) with location μ and scale b.
///
/// # Density function
/// f(x) = exp(-|x - μ|/b) / (2 b) on the real line.
///
/// # Derivatives
/// A draw is μ + b ζ with standard Laplace ζ, so dz/dμ = 1 and dz/db = ζ = (z - μ)/b, exactly. Defined everywhere. The log
/// density has a kink at μ, where its derivatives in x and μ are given as 0.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [location, scale] = Jet::variables([1.0, 2.0]);
/// let z = Laplace::new(location, scale)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert_eq!(z.eps[0], 1.0);
/// assert!((z.eps[1] - (z.re - 1.0) / 2.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// A draw is exponential noise with a random sign. The scale is b, not the rate 1/b; the standard deviation is b sqrt(2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Laplace<S> {
    location: S,
    scale: S,
}

parameters! {
    Laplace, "laplace", "a Laplace law";
    /// The law with location μ and scale b.
    ///
    /// ```
    /// use reparam::distr::Laplace;
    /// assert!(Laplace::new(0.0, 1.0).is_ok());
    /// assert_eq!(Laplace::new(0.0, 0.0).unwrap_err().parameter(), "scale");
    /// ```
    new(location: REAL, scale: POSITIVE)
}

law_of!(Laplace, |law| Placed { location: Some(law.location), scale: law.scale, standard: StandardLaplace }, in lanes);

impl<S: Scalar> KlDivergence<S> for Laplace<S> {
    /// r - 1 - ln r + r (exp(-t) - 1 + t) with r = b₁/b₂ and t = |μ₁ - μ₂|/b₁
    fn kl_divergence(&self, other: &Self) -> S {
        let ratio = self.scale.over(other.scale);
        let t = (self.location - other.location).over(self.scale);
        // not `abs`, whose second derivative at 0 would be lost
        let minus_t = if t.re() > 0.0 { -t } else { t };
        ratio * special::exp_m1_minus(minus_t) + ratio_divergence(self.scale, other.scale, self.scale - other.scale)
    }
}

/// Location 0, scale 1.
#[derive(Clone, Copy)]
pub(crate) struct StandardLaplace;

/// |z|; at its kink the slope is 0, the mean of those of both sides.
#[inline]
fn distance<S: Scalar>(z: S) -> S {
    if z.re() == 0.0 { S::from(0.0) } else { z.abs() }
}

impl StandardInLanes for StandardLaplace {
    fn fill(lanes: &mut Lanes, out: &mut [f64]) {
        lanes.signed_exponentials(out);
    }
}

impl<S: Scalar> Standard<S> for StandardLaplace {
    const WHOLE_LINE: bool = true;
    type Draw = f64;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        noise::sign(rng) * noise::exponential(rng)
    }
    fn ln_pdf(&self, z: S) -> S {
        -distance(z) - LN_2
    }
    fn pdf(&self, z: S) -> S {
        (-distance(z)).exp() * 0.5
    }
    fn cdf(&self, z: S) -> S {
        if z.re() < 0.0 { z.exp() * 0.5 } else { (-z).exp() * -0.5 + 1.0 }
    }
    fn sf(&self, z: S) -> S {
        self.cdf(-z)
    }
    fn ln_cdf(&self, z: S) -> S {
        if z.re() < 0.0 { z - LN_2 } else { ((-z).exp() * -0.5).ln_1p() }
    }
    fn ln_sf(&self, z: S) -> S {
        self.ln_cdf(-z)
    }
    fn quantile(&self, p: S) -> S {
        // 1 - p is exact for p > 1/2
        if p.re() <= 0.5 { (p * 2.0).ln() } else { -((-p + 1.0) * 2.0).ln() }
    }
    fn isf(&self, q: S) -> S {
        -self.quantile(q)
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        if ln_p.re() <= -LN_2 { ln_p + LN_2 } else { -(ln_p.ln_1m_exp() + LN_2) }
    }
    fn isf_ln(&self, ln_q: S) -> S {
        -self.quantile_ln(ln_q)
    }
    fn mean(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    fn variance(&self) -> Option<S> {
        Some(S::from(2.0))
    }
    fn entropy(&self) -> S {
        S::from(1.0 + LN_2)
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
    use crate::scalar::Jet;

    #[test]
    fn quantile_keeps_its_digits_around_the_median() {
        let law = Laplace::new(0.0, 1.0).unwrap();
        // -ln(1 - 2t) = 2 t + 2 t² + ...
        let x = 2.0 * f64::EPSILON * (1.0 + f64::EPSILON);
        assert_eq!((law.quantile(0.5 + f64::EPSILON), law.isf(0.5 + f64::EPSILON)), (x, -x));
        let far = law.isf(1e-300);
        assert!((far - 300.0 * core::f64::consts::LN_10 + LN_2).abs() < 2e-13);
        assert_eq!(law.isf_ln(-1e5), 1e5 - LN_2);
    }

    #[test]
    fn divergence_matches_the_integral() {
        // mpmath.quad of f ln(f/g)
        let d = Laplace::new(0.5, 1.5).unwrap().kl_divergence(&Laplace::new(-0.25, 0.75).unwrap());
        assert!((d - 0.5199141388653216).abs() < 1e-15);
        // (μ₁ - μ₂)²/(2 b²) and (b₁/b₂ - 1)²/2 for close laws
        let [m] = Jet::<Jet<f64, 1>, 1>::second_order([1.0]);
        let (value, slope, curvature) = Laplace::new(m, 2.0.into())
            .unwrap()
            .kl_divergence(&Laplace::new(1.0.into(), 2.0.into()).unwrap())
            .hessian();
        assert_eq!((value, slope, curvature), (0.0, [0.0], [[0.25]]));
        let near = Laplace::new(0.0, 1.0 + 1e-9).unwrap().kl_divergence(&Laplace::new(0.0, 1.0).unwrap());
        assert!((near / 0.5e-18 - 1.0).abs() < 1e-6);
    }

    #[test]
    fn bad_parameters_are_refused() {
        assert_eq!(Laplace::new(f64::INFINITY, 1.0).unwrap_err().parameter(), "location");
        assert_eq!(Laplace::new(0.0, f64::NAN).unwrap_err().parameter(), "scale");
    }
}

//! The asymmetric Laplace law.

use crate::distr::form::{Placed, Standard, exp, law_of, ln_ratio, ratio_divergence};
use crate::distr::{KlDivergence, family, getters};
use crate::noise;
use crate::parameter::{LawError, check, positive};
use crate::scalar::Scalar;
use crate::special;
use rand::Rng;

/// The [asymmetric Laplace law](https://en.wikipedia.org/wiki/Asymmetric_Laplace_distribution) with location m, scale s
/// (the reciprocal of Wikipedia's λ) and asymmetry κ.
///
/// # Density function
/// f(x) = exp(-κ (x - m)/s) / (s (κ + 1/κ)) for x >= m, exp((x - m)/(κ s)) / (s (κ + 1/κ)) below: the decay length is κ s
/// below m and s/κ above, and the part κ²/(1 + κ²) of the probability is below. κ = 1 is the Laplace law.
///
/// # Derivatives
/// A draw is m + s (ε₁/κ - κ ε₂) with two standard exponential ε, so dz/dm = 1, dz/ds = (z - m)/s and
/// dz/dκ = -s (ε₁/κ² + ε₂), exactly. Through the quantile, dz/dκ is taken at fixed probability instead; its own derivative
/// jumps where the quantile is m. Defined everywhere.
/// The log density has a kink at m, where its derivatives are those from above.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [asymmetry] = Jet::variables([2.0]);
/// let law = AsymmetricLaplace::new(1.0.into(), 3.0.into(), asymmetry)?;
/// let z = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(z.eps[0] < 0.0); // more asymmetry to the left moves every draw to the left
/// # Ok(()) }
/// ```
///
/// # Notes
/// The difference of two exponential draws has this law (Kotz, Kozubowski & Podgórski 2001, *The Laplace Distribution and
/// Generalizations*, §3.1.2): no logarithm is taken, and no branch depends on κ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AsymmetricLaplace<S> {
    location: S,
    scale: S,
    asymmetry: S,
}

impl<S: Scalar> AsymmetricLaplace<S> {
    /// The law with location m, scale s and asymmetry κ.
    ///
    /// # Errors
    /// If `location` is not in [-1e150, 1e150], `scale` is not in [1e-150, 1e150], or κ² and 1/κ² are not both positive and finite
    /// (κ between about 1e-154 and 1e154).
    ///
    /// ```
    /// use reparam::distr::AsymmetricLaplace;
    /// assert!(AsymmetricLaplace::new(0.0, 1.0, 2.0).is_ok());
    /// assert_eq!(AsymmetricLaplace::new(0.0, 1.0, 0.0).unwrap_err().parameter(), "asymmetry");
    /// ```
    #[inline]
    pub fn new(location: S, scale: S, asymmetry: S) -> Result<Self, LawError> {
        check!("an asymmetric Laplace law", location: REAL);
        check!("an asymmetric Laplace law", scale: POSITIVE);
        let k = asymmetry.re();
        check!(
            "an asymmetric Laplace law",
            asymmetry: "positive with a square in [1e-150, 1e150]" if k > 0.0 && positive(k * k)
        );
        Ok(AsymmetricLaplace { location, scale, asymmetry })
    }

    /// The law with a decay length (the reciprocal of a rate) on either side of the location: `lower` = κ s below,
    /// `upper` = s/κ above.
    ///
    /// # Errors
    /// If `lower` or `upper` is not in [1e-150, 1e150], otherwise as [`AsymmetricLaplace::new`].
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(AsymmetricLaplace::from_scales(0.0, 1.0, 4.0), AsymmetricLaplace::new(0.0, 2.0, 0.5));
    /// ```
    #[inline]
    pub fn from_scales(location: S, lower: S, upper: S) -> Result<Self, LawError> {
        check!("an asymmetric Laplace law", lower: POSITIVE);
        check!("an asymmetric Laplace law", upper: POSITIVE);
        let (below, above) = (lower.sqrt(), upper.sqrt());
        Self::new(location, below * above, below.over(above))
    }

    /// The decay lengths below and above the location.
    fn scales(&self) -> [S; 2] {
        [self.scale * self.asymmetry, self.scale.over(self.asymmetry)]
    }

    /// Their reciprocals.
    fn rates(&self) -> [S; 2] {
        [(self.scale * self.asymmetry).recip(), self.asymmetry.over(self.scale)]
    }
}

family!(AsymmetricLaplace, LawError, "asymmetric_laplace", [location, scale, asymmetry]);
getters!(AsymmetricLaplace, [location, scale, asymmetry]);
law_of!(AsymmetricLaplace, |law| Placed {
    location: Some(law.location),
    scale: law.scale,
    standard: StandardAsymmetricLaplace { below: law.asymmetry, above: law.asymmetry.recip() },
});

impl<S: Scalar> KlDivergence<S> for AsymmetricLaplace<S> {
    /// With decay lengths a below and b above, c = a + b, α = a₁/a₂ - 1, β = b₁/b₂ - 1, δ = m₁ - m₂ >= 0:
    /// c₁/c₂ - 1 - ln(c₁/c₂) + a₂ b₂ (β - α)²/(c₁ c₂) + δ (β - α)/c₁ + (exp(-t) - 1 + t) a₁² (1/a₂ + 1/b₂)/c₁ with t = δ/a₁;
    /// for δ < 0 the last term has b₁ in place of a₁ and |δ| in place of δ. Of laws that are far apart ln(c₂/c₁) - 1 +
    /// a₁² exp(-t)/(c₁ a₂) + (b₁ - a₁ + δ + a₁² exp(-t)/c₁)/b₂.
    fn kl_divergence(&self, other: &Self) -> S {
        let ([a1, b1], [a2, b2]) = (self.scales(), other.scales());
        let (c1, c2) = (a1 + b1, a2 + b2);
        let delta = self.location - other.location;
        // of the side of the first law's mode on which the second's is, and of the other side
        let [low, high] = other.rates();
        let ([near, far, rate_near, rate_far], apart) =
            if delta.re() >= 0.0 { ([a1, b1, low, high], delta) } else { ([b1, a1, high, low], -delta) };
        let part = near.over(c1) * near;
        let minus_t = -apart.over(near);
        let bent = special::exp_m1_minus(minus_t);
        let beyond = part * exp(minus_t);
        // b₁ - a₁ + a₁²/c₁ = b₁²/c₁
        let before = if minus_t.re() < -1.0 {
            apart + (far - near) + beyond
        } else {
            far.over(c1) * (far + apart) + part * bent
        };
        let plain = [ln_ratio(c2, c1), S::from(-1.0), beyond * rate_near, before * rate_far];
        special::sum_of_less_rounding(plain, || {
            let (alpha, beta) = ((a1 - a2).over(a2), (b1 - b2).over(b2));
            let shapes = (beta - alpha) * (beta - alpha) * a2.over(c2) * b2.over(c1);
            let shift = bent * near.over(c1) * (near * (rate_near + rate_far));
            let widths = ratio_divergence(c1, c2, (a1 - a2) + (b1 - b2));
            Some([shapes, delta.over(c1) * (beta - alpha), shift, widths])
        })
    }
}

/// Location 0, scale 1; the decay lengths κ below 0 and 1/κ above it.
#[derive(Clone, Copy)]
pub(crate) struct StandardAsymmetricLaplace<S> {
    below: S,
    above: S,
}

impl<S: Scalar> StandardAsymmetricLaplace<S> {
    /// The law of -Z.
    fn mirrored(&self) -> Self {
        StandardAsymmetricLaplace { below: self.above, above: self.below }
    }

    /// κ or 1/κ, whichever is below 1: the density is symmetric in the two, and its derivatives do not cancel in this one.
    fn smaller(&self) -> S {
        if self.below.re() < self.above.re() { self.below } else { self.above }
    }

    /// ln(κ + 1/κ).
    fn ln_sum(&self) -> S {
        let k = self.smaller();
        (k * k).ln_1p() - k.ln()
    }

    /// What the density decays with: z/κ below 0, -κ z above.
    fn exponent(&self, z: S) -> S {
        if z.re() < 0.0 { z * self.above } else { -(z * self.below) }
    }

    /// 1/P(Z < 0) = 1 + 1/κ².
    fn inverse_weight(&self) -> S {
        self.above * self.above + 1.0
    }

    /// ln P(Z < 0).
    fn ln_weight(&self) -> S {
        if self.below.re() >= 1.0 {
            -(self.above * self.above).ln_1p()
        } else {
            self.below.ln() * 2.0 - (self.below * self.below).ln_1p()
        }
    }
}

impl<S: Scalar> Standard<S> for StandardAsymmetricLaplace<S> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        self.above * noise::exponential(rng) - self.below * noise::exponential(rng)
    }
    fn ln_pdf(&self, z: S) -> S {
        self.exponent(z) - self.ln_sum()
    }
    fn pdf(&self, z: S) -> S {
        let k = self.smaller();
        k.over(k * k + 1.0) * self.exponent(z).exp()
    }
    fn cdf(&self, z: S) -> S {
        if z.re() < 0.0 {
            return self.exponent(z).exp().over(self.inverse_weight());
        }
        let above = self.mirrored().inverse_weight();
        let sf = self.exponent(z).exp().over(above);
        if sf.re() < 0.5 {
            -sf + 1.0
        } else {
            // the weight below 0 may be tiny
            self.inverse_weight().recip() - self.exponent(z).exp_m1().over(above)
        }
    }
    fn sf(&self, z: S) -> S {
        self.mirrored().cdf(-z)
    }
    fn ln_cdf(&self, z: S) -> S {
        if z.re() < 0.0 {
            return self.exponent(z) + self.ln_weight();
        }
        let sf = self.sf(z);
        if sf.re() < 0.5 { (-sf).ln_1p() } else { self.cdf(z).ln() }
    }
    fn ln_sf(&self, z: S) -> S {
        self.mirrored().ln_cdf(-z)
    }
    fn quantile(&self, p: S) -> S {
        let below = p * self.inverse_weight();
        if below.re() <= 1.0 {
            // where 1/p might overflow, the logarithm of the product is taken apart
            let ln = if p.re() < 1e-290 { p.ln() - self.ln_weight() } else { below.ln() };
            return self.below * ln;
        }
        let inverse_weight = self.mirrored().inverse_weight();
        let ln_above = if p.re() >= 0.5 {
            // 1 - p is exact
            ((-p + 1.0) * inverse_weight).ln()
        } else {
            (-p).ln_1p() + (self.below * self.below).ln_1p()
        };
        -(self.above * ln_above)
    }
    fn isf(&self, q: S) -> S {
        -self.mirrored().quantile(q)
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        let below = ln_p - self.ln_weight();
        if below.re() <= 0.0 {
            self.below * below
        } else {
            self.above * (self.mirrored().ln_weight() - ln_p.ln_1m_exp())
        }
    }
    fn isf_ln(&self, ln_q: S) -> S {
        -self.mirrored().quantile_ln(ln_q)
    }
    fn mean(&self) -> Option<S> {
        // 1/κ - κ
        Some((-self.below + 1.0) * (self.below + 1.0) * self.above)
    }
    fn variance(&self) -> Option<S> {
        Some(self.above * self.above + self.below * self.below)
    }
    fn entropy(&self) -> S {
        self.ln_sum() + 1.0
    }
    fn mode(&self) -> Option<S> {
        Some(S::from(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::{Continuous, Laplace};

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() <= 1e-15 * b.abs(), "{a} is not {b}");
    }

    #[test]
    fn divergence_matches_the_integral() {
        // mpmath.quad of f ln(f/g)
        let kl = |m1: f64, m2: f64| {
            let (law, other) = (AsymmetricLaplace::new(m1, 1.5, 2.0), AsymmetricLaplace::new(m2, 0.75, 0.5));
            law.unwrap().kl_divergence(&other.unwrap())
        };
        close(kl(0.5, -0.25), 3.5372590840112936);
        close(kl(-0.5, 0.25), 6.490792540025776);
    }

    #[test]
    fn symmetric_case_is_laplace() {
        let (law, laplace) = (AsymmetricLaplace::new(1.0, 2.0, 1.0).unwrap(), Laplace::new(1.0, 2.0).unwrap());
        for x in [-30.0, 0.5, 1.0, 2.0, 80.0] {
            close(law.ln_cdf(x), laplace.ln_cdf(x));
            close(law.ln_pdf(x), laplace.ln_pdf(x));
        }
        for p in [1e-300, 0.25, 0.5, 0.75] {
            close(law.quantile(p), laplace.quantile(p));
            close(law.isf(p), laplace.isf(p));
        }
        close(law.entropy(), laplace.entropy());
    }

    #[test]
    fn tiny_weight_below_the_location() {
        // F(0) = κ²/(1 + κ²), and F grows from there with slope κ/(1 + κ²)
        let law = AsymmetricLaplace::new(0.0, 1.0, 1e-6).unwrap();
        close(law.cdf(0.0), 1e-12 / (1.0 + 1e-12));
        close(law.cdf(1e-6), 1e-12 / (1.0 + 1e-12) - (-1e-12f64).exp_m1() / (1.0 + 1e-12));
        close(law.ln_cdf(0.0), 1e-12f64.ln() - 1e-12);
        close(law.quantile(1e-300), 1e-6 * (1e-288f64 * (1.0 + 1e-12)).ln());
        close(law.mean().unwrap(), 1e6 - 1e-6);
    }

    #[test]
    fn bad_parameters_are_refused() {
        assert_eq!(AsymmetricLaplace::new(f64::NAN, 1.0, 1.0).unwrap_err().parameter(), "location");
        assert_eq!(AsymmetricLaplace::new(0.0, -1.0, 1.0).unwrap_err().parameter(), "scale");
        assert_eq!(AsymmetricLaplace::new(0.0, 1.0, 1e200).unwrap_err().parameter(), "asymmetry");
        assert_eq!(AsymmetricLaplace::new(0.0, 1.0, 1e-200).unwrap_err().parameter(), "asymmetry");
        assert_eq!(AsymmetricLaplace::from_scales(0.0, 1.0, 0.0).unwrap_err().parameter(), "upper");
    }
}

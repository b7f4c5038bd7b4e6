//! The generalized gamma law.

use crate::distr::form::of_gamma::GammaPower;
use crate::distr::form::{Placed, exp, law_of, ln_ratio, ratio_divergence};
use crate::distr::{KlDivergence, family, getters};
use crate::parameter::{LawError, check, positive};
use crate::scalar::Scalar;
use crate::special::inc_gamma::LARGE;
use crate::special::{
    LARGEST_RATIO, digamma, entropy_of_ln_gamma, exp_m1_minus, ln_gamma, ln_gamma_above_tangent, shape_divergence,
    sum_of_less_rounding,
};

/// The [generalized gamma law](https://en.wikipedia.org/wiki/Generalized_gamma_distribution) with scale a and shapes d, the power
/// at 0, and p, that of the decay: the convention of Stacy (1962).
///
/// # Density function
/// f(x) = (p/a^d) x^(d-1) e^(-(x/a)^p) / Γ(d/p) for x > 0.
///
/// # Derivatives
/// A draw is a G^(1/p), G standard gamma of shape d/p: with h = d ln G/dα at fixed noise (see [`Gamma`](crate::distr::Gamma)),
/// dz/da = z/a, dz/dd = z h/p² and dz/dp = -(z/p²) (ln G + (d/p) h); where p is large, and the two terms are far larger than their sum, as G^(d/p) moves.
/// Defined everywhere; a draw that underflows to 0, or overflows,
/// has derivative 0.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [scale, d, p] = Jet::variables([2.0, 1.5, 3.0]);
/// let z = GeneralizedGamma::new(scale, d, p)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((z.eps[0] - z.re / 2.0).abs() < 1e-15 && z.eps[1] > 0.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws as for the gamma law. d = p is the Weibull law, p = 1 the gamma law, p = 2 with scale √2 the chi law. Source: Stacy 1962,
/// "A generalization of the gamma distribution", *The Annals of Mathematical Statistics* 33.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GeneralizedGamma<S> {
    scale: S,
    d: S,
    p: S,
    standard: GammaPower<S>,
}

impl<S: Scalar> GeneralizedGamma<S> {
    /// The law with scale a and shapes d and p.
    ///
    /// # Errors
    /// If `scale`, `d`, `p` or d/p is not in [1e-150, 1e150].
    ///
    /// ```
    /// use reparam::prelude::*;
    /// let law = GeneralizedGamma::new(2.0, 3.0, 3.0).unwrap(); // Weibull
    /// assert!((law.sf(2.0) - (-1f64).exp()).abs() < 1e-15);
    /// assert!(GeneralizedGamma::new(2.0, 3.0, 0.0).is_err());
    /// ```
    #[inline]
    pub fn new(scale: S, d: S, p: S) -> Result<Self, LawError> {
        check!("a generalized gamma law", scale: POSITIVE);
        check!("a generalized gamma law", p: POSITIVE);
        let shape = d.over(p);
        check!("a generalized gamma law", d: POSITIVE);
        check!("a generalized gamma law", d: "such that d/p is in [1e-150, 1e150]" if positive(shape));
        Ok(GeneralizedGamma { scale, d, p, standard: GammaPower::with_exponent(shape, p.recip(), d.recip()) })
    }

    /// The law of a G^(1/p) by the shape of the gamma variable G itself: d = p times `shape`, as SciPy and R's `flexsurv` have it.
    ///
    /// # Errors
    /// As [`GeneralizedGamma::new`].
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(GeneralizedGamma::from_gamma_shape(2.0, 0.5, 3.0), GeneralizedGamma::new(2.0, 1.5, 3.0));
    /// ```
    #[inline]
    pub fn from_gamma_shape(scale: S, shape: S, p: S) -> Result<Self, LawError> {
        Self::new(scale, shape * p, p)
    }
}

family!(GeneralizedGamma, LawError, "generalized_gamma", [scale, d, p]);
getters!(GeneralizedGamma, [scale, d, p]);
law_of!(GeneralizedGamma, |law| Placed { location: None, scale: law.scale, standard: law.standard }, by GammaTable<1, 2>, in lanes);

impl<S: Scalar> KlDivergence<S> for GeneralizedGamma<S> {
    /// With α = d/p and k = p₂/p₁: ln Γ(α₂) - ln Γ(α₁) - ln k + (α₁ - k α₂) ψ(α₁) + d₂ ln(a₂/a₁) - α₁
    /// + (a₁/a₂)^p₂ Γ(α₁ + k)/Γ(α₁) (Bauckhage 2013, arXiv:1401.6853)
    fn kl_divergence(&self, other: &Self) -> S {
        let (a, b) = (self.standard.shape(), other.standard.shape());
        let (k, ln_ratio) = (other.p.over(self.p), ln_ratio(other.scale, self.scale));
        let growth = if a.re() < LARGE {
            ln_gamma(a + k) - ln_gamma(a)
        } else {
            k * digamma(a) + ln_gamma_above_tangent(a, a + k, k)
        };
        let moment = exp(growth - other.p * ln_ratio);
        // the entropy across less the law's own, of the logarithms
        let plain = [ln_gamma(b), -k.ln(), other.d * ln_ratio, -(k * b) * digamma(a), moment, -entropy_of_ln_gamma(a)];
        let sum = sum_of_less_rounding(plain, || {
            let ratios = [b.re() / a.re(), (a.re() + k.re()) / (a.re() + 1.0)];
            let is_possible = ratios.iter().all(|r| (1.0 / LARGEST_RATIO..=LARGEST_RATIO).contains(r));
            is_possible.then(|| self.excesses(other))
        });
        // of tiny shapes it is less than the rounding of the terms
        if sum.re() < 0.0 { sum.with_re(0.0) } else { sum }
    }
}

impl<S: Scalar> GeneralizedGamma<S> {
    /// The same by terms of second order in the distance of the laws, with B_x(d) = ln Γ(x + d) - ln Γ(x) - d ψ(x):
    ///
    /// ```text
    /// B_α₁(α₂ - α₁) + α₂ (ln(α₁/α₂) - α₁/α₂ + 1) + α₂ B_(α₁+1)(k - 1) + k - 1 - ln k + (k - 1) (α₂ - α₁)/α₁ + α₂ (e^u - 1 - u)
    /// u = ln(α₁/α₂) + B_(α₁+1)(k - 1) + (k - 1) ψ(α₁ + 1) - p₂ ln(a₂/a₁)
    /// ```
    fn excesses(&self, other: &Self) -> [S; 5] {
        let (a, b) = (self.standard.shape(), other.standard.shape());
        let growth = (other.p - self.p).over(self.p);
        let (x, y) = (a + 1.0, a + other.p.over(self.p));
        let of_powers = ln_gamma_above_tangent(x, y, growth);
        // the shapes are rounded quotients, the distance between them need not be
        let step = (other.d - self.d - a * (other.p - self.p)).over(other.p);
        let is_close = step.re().abs() < 0.5 * a.re();
        let ln_shapes = if is_close { -step.over(a).ln_1p() } else { ln_ratio(a, b) };
        let rest = of_powers + growth * digamma(x) - other.p * ln_ratio(other.scale, self.scale);
        let u = ln_shapes + rest;
        // α₂ (e^u - 1 - u), of far shapes without the α₂ that cancels
        let of_means = if is_close { b * exp_m1_minus(u) } else { a * exp(rest) - b * (u + 1.0) };
        let of_rates = ratio_divergence(other.p, self.p, other.p - self.p);
        let cross = growth * (b - a).over(a);
        [shape_divergence(a, b, b - a), b * of_powers, of_means, cross, of_rates]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quadrature by mpmath, printed by `tests/reference/make_composed.py`.
    #[test]
    fn divergence() {
        let kl = |[a, d, p]: [f64; 3], [b, e, q]: [f64; 3]| {
            GeneralizedGamma::new(a, d, p).unwrap().kl_divergence(&GeneralizedGamma::new(b, e, q).unwrap())
        };
        for (one, two, want) in [
            ([2.0, 1.5, 3.0], [1.0, 2.0, 0.5], 2.5325411027896045),
            ([1.0, 5.0, 1.0], [3.0, 4.0, 1.5], 0.03403982326245216),
        ] {
            let got = kl(one, two);
            assert!((got - want).abs() < 4e-15, "{got}, not {want}");
            assert!(kl(one, one).abs() < 4e-15);
        }
    }

    #[test]
    fn refuses() {
        assert_eq!(GeneralizedGamma::new(0.0, 1.0, 1.0).unwrap_err().parameter(), "scale");
        assert_eq!(GeneralizedGamma::new(1.0, f64::NAN, 1.0).unwrap_err().parameter(), "d");
        assert_eq!(GeneralizedGamma::new(1.0, 1e100, 1e-100).unwrap_err().parameter(), "d");
        assert_eq!(GeneralizedGamma::new(1.0, 1.0, -1.0).unwrap_err().parameter(), "p");
    }

    /// Of close laws, and where one is far from the other: the closed form by mpmath at 50 digits.
    #[test]
    fn divergence_of_close_laws() {
        let step = 1.0 + 1e-5;
        let one = [0.6306617667278894, 25.723140367791014, 0.011822591242161347];
        let [a, d, p] = one;
        for (one, two, want) in [
            (one, [a * step, d, p], 1.520_555_604_692_315_7e-11),
            (one, [a, d * step, p], 1.088_127_224_379_541_4e-7),
            (one, [a, d, p * (1.0 + 1e-7)], 8.206_514_692_304_25e-10),
            (one, [a * 1.1, d, p], 0.001_380_772_524_115_191_5),
            ([4.436, 4.633, 0.0113], [4.4360001, 4.633, 0.0113], 1.330_232_841_353_145_2e-17),
            ([4.436, 4.633, 0.0113], [4.436, 4.634, 0.01131], 0.007_375_002_841_749_458),
            ([4.436, 4.633, 0.0113], [2.0, 9.0, 0.02], 40_358.660_723_867_57),
            ([2.0, 1e-3, 2.5], [2.0, 1.001e-3, 2.5], 4.996_670_479_845_588e-7),
            ([2.0, 1e-3, 2.5], [2.0, 1e-3, 2.5001], 2.636_503_486_588_162e-13),
            ([2.0, 1e-3, 2.5], [3.0, 1e-2, 0.5], 6.693_653_974_823_404),
            ([2.0, 1.5, 3.0], [2.0, 1500.0, 3.0], 3_585.316_743_416_51),
            ([2.0, 1.5, 3.0], [1e-3, 1.5, 3.0], 3_999_999_988.098_646),
            ([2.0, 1.5, 3.0], [2.0, 1.5, 3e-3], 2611.949281573959),
            // powers 23 powers of ten apart
            ([1.0, 1.7e8, 1.5e26], [1.0, 1.5e12, 1e3], 30193105243.509396),
        ] {
            let [law, other] = [one, two].map(|[a, d, p]| GeneralizedGamma::new(a, d, p).unwrap());
            let got = law.kl_divergence(&other);
            // the quotients d/p are rounded
            assert!((got / want - 1.0).abs() < 1e-10, "{got:e} for {want:e}");
            assert_eq!(law.kl_divergence(&law), 0.0);
        }
    }
}

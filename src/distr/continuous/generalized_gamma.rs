//! The generalized gamma law.

use crate::distr::form::of_gamma::GammaPower;
use crate::distr::form::{Placed, affine};
use crate::distr::{KlDivergence, family, getters};
use crate::parameter::{LawError, check, positive};
use crate::scalar::Scalar;
use crate::special::{digamma, ln_gamma};

/// The [generalized gamma law](https://en.wikipedia.org/wiki/Generalized_gamma_distribution) with scale a and shapes d, the power
/// at 0, and p, that of the decay: the convention of Stacy (1962).
///
/// # Density function
/// f(x) = (p/a^d) x^(d-1) e^(-(x/a)^p) / Γ(d/p) for x > 0.
///
/// # Derivatives
/// A draw is a G^(1/p), G standard gamma of shape d/p: with h = d ln G/dα at fixed noise (see [`Gamma`](crate::distr::Gamma)),
/// dz/da = z/a, dz/dd = z h/p² and dz/dp = -(z/p²) (ln G + (d/p) h). Defined everywhere; a draw that underflows to 0, or overflows,
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
        Ok(GeneralizedGamma { scale, d, p, standard: GammaPower::new(shape, p.recip()) })
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
affine!(GeneralizedGamma, |law| Placed { location: None, scale: law.scale, standard: law.standard });

impl<S: Scalar> KlDivergence<S> for GeneralizedGamma<S> {
    /// With α = d/p and k = p₂/p₁: ln Γ(α₂) - ln Γ(α₁) - ln k + (α₁ - k α₂) ψ(α₁) + d₂ ln(a₂/a₁) - α₁
    /// + (a₁/a₂)^p₂ Γ(α₁ + k)/Γ(α₁) (Bauckhage 2013, arXiv:1401.6853)
    fn kl_divergence(&self, other: &Self) -> S {
        let (a, b) = (self.standard.shape(), other.standard.shape());
        let k = other.p.over(self.p);
        let ln_ratio = other.scale.ln() - self.scale.ln();
        let moment = (ln_gamma(a + k) - ln_gamma(a) - other.p * ln_ratio).exp();
        ln_gamma(b) - ln_gamma(a) - k.ln() + (a - k * b) * digamma(a) + other.d * ln_ratio - a + moment
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
}

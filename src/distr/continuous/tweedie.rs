//! Tweedie's compound Poisson-gamma law.

mod compound;

use crate::distr::form::bounded;
use crate::distr::{Continuous, family, getters};
use crate::parameter::{LawError, check, is_probability};
use crate::scalar::Scalar;
use compound::Compound;
use rand::Rng;
use rand::distr::Distribution;

/// [Tweedie's law](https://en.wikipedia.org/wiki/Compound_Poisson_distribution#Compound_Poisson_Gamma_distribution)
/// with mean μ, dispersion φ and a power p between 1 and 2: a sum of gamma variables, as many as a Poisson variable
/// says, so that the variance is φ μ^p. It models rainfall and insurance claims, which are 0 with a probability and
/// positive else (Jørgensen 1987, "Exponential dispersion models", Journal of the Royal Statistical Society B 49).
///
/// # Density function
/// With the mean number λ = μ^(2-p)/(φ (2 - p)), the shape α = (2 - p)/(p - 1) and the scale γ = φ (p - 1) μ^(p-1) of
/// the gamma variables: f(x) = Σ_n e^-λ λ^n/n! (x/γ)^(n α) e^(-x/γ)/(x Γ(n α)) over n >= 1 for x > 0. At 0
/// [`Continuous::pdf`] is the mass there, e^-λ.
///
/// # Derivatives
/// dz/dθ = -(∂F/∂θ)/f at fixed u = F(z) for a draw z > 0, by a Newton step on the smaller tail in the caller's
/// arithmetic; 0 for a draw of 0. As the quantile of u grows from 0 without a jump, mean derivatives of f(z) are right
/// for every f that is continuous, at 0 too: what leaves the mass at 0 comes in beside it. For an f that jumps at 0, as
/// the chance of rain does, they are not: there [`weighted::score`](crate::weighted::score) is right. It is also the
/// better choice for α above 2, p < 4/3, where derivatives of draws next to 0 are so large that their variance is
/// infinite.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// use reparam::weighted::score;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = Tweedie::new(Jet::variable(1.5, 0), Jet::from(1.0), Jet::from(1.5))?;
/// let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
/// // P(X > 0) = 1 - e^-λ jumps at 0: by scores
/// let n = 10_000;
/// let wet = |z: Jet<f64, 1>| Jet::from(if z.re > 0.0 { 1.0 } else { 0.0 });
/// let slope = (0..n).map(|_| score(&law, &mut rng).map(wet).term().eps[0]).sum::<f64>() / f64::from(n);
/// assert!((slope - law.sf(0.0.into()).eps[0]).abs() < 0.02);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Density and tails are sums over n around the largest term, all positive; some 20 sqrt(λ) terms, each with an
/// incomplete gamma function. There is no mode, as mass and density do not compare. The entropy is -m ln m of the mass
/// m at 0 and -∫ f ln f beyond, by the trapezoidal rule in ln x. Beyond 1e9 times the scale the upper tail is 0, and
/// its quantiles are infinite; those below 1e-300 of the scale are 0. Next to the mass at 0 a quantile has the digits
/// that are left of the difference of the probability and the mass. Third derivatives in a power below 1.05 have some
/// four digits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tweedie<S> {
    mu: S,
    phi: S,
    power: S,
    scale: S,
    compound: Compound<S>,
}

impl<S: Scalar> Tweedie<S> {
    /// The law with mean μ, dispersion φ and power p.
    ///
    /// # Errors
    /// If `mu` or `phi` is not in [1e-150, 1e150], `power` not in [1.01, 1.99], or the mean number λ not in [1e-10,
    /// 1e4].
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(Tweedie::new(4.0, 0.5, 1.5).unwrap().variance(), Some(4.0));
    /// assert_eq!(Tweedie::new(1.0, 1.0, 2.0).unwrap_err().parameter(), "power");
    /// ```
    pub fn new(mu: S, phi: S, power: S) -> Result<Self, LawError> {
        check!("Tweedie's law", mu: POSITIVE);
        check!("Tweedie's law", phi: POSITIVE);
        check!("Tweedie's law", power: [1.01, 1.99]);
        let (above, below) = (power - 1.0, -power + 2.0);
        let ln_mean = mu.ln();
        let ln_rate = below * ln_mean - phi.ln() - below.ln();
        let counted = (1e-10..=1e4).contains(&ln_rate.exp().re());
        check!("Tweedie's law", phi: "such that the mean number of jumps is in [1e-10, 1e4]" if counted);
        let scale = (above * ln_mean + phi.ln()).exp() * above;
        Ok(Tweedie { mu, phi, power, scale, compound: Compound { rate: ln_rate.exp(), shape: below.over(above) } })
    }

    /// λ, the mean number of jumps: the mass at 0 is e^-λ.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// let law = Tweedie::new(1.0, 1.0, 1.5).unwrap();
    /// assert_eq!(law.rate(), 2.0);
    /// assert_eq!(law.pdf(0.0), (-2.0f64).exp());
    /// ```
    pub fn rate(&self) -> S {
        self.compound.rate
    }

    /// `f` of x over the scale where x is positive; constants below 0, at infinity, and a value at 0.
    fn at(&self, x: S, [below, above]: [f64; 2], zero: S, f: impl FnOnce(&Compound<S>, S) -> S) -> S {
        match x.re() {
            r if r < 0.0 => S::from(below),
            0.0 => zero,
            f64::INFINITY => S::from(above),
            r if r.is_nan() => S::from(f64::NAN),
            _ => f(&self.compound, x.over(self.scale)),
        }
    }

    fn placed(&self, y: S) -> S {
        if y.re() == 0.0 || y.re().is_infinite() { S::from(y.re()) } else { bounded(self.scale * y) }
    }
}

family!(Tweedie, LawError, "tweedie", [mu, phi, power]);
getters!(Tweedie, [mu, phi, power]);

impl<S: Scalar> Distribution<S> for Tweedie<S> {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        self.placed(self.compound.draw(rng))
    }
}

impl<S: Scalar> Continuous<S> for Tweedie<S> {
    fn has_atoms(&self) -> bool {
        true
    }

    fn support(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }

    /// The logarithm of the density; at 0, that of the mass.
    fn ln_pdf(&self, x: S) -> S {
        let outside = f64::NEG_INFINITY;
        self.at(x, [outside, outside], -self.rate(), |law, y| {
            let ln_scale = self.scale.ln();
            law.ln_density(y, x.ln() - ln_scale) - ln_scale
        })
    }

    fn cdf(&self, x: S) -> S {
        self.at(x, [0.0, 1.0], (-self.rate()).exp(), |law, y| law.ln_tail(y, false).exp())
    }

    fn sf(&self, x: S) -> S {
        self.at(x, [1.0, 0.0], -(-self.rate()).exp_m1(), |law, y| law.ln_tail(y, true).exp())
    }

    fn ln_cdf(&self, x: S) -> S {
        self.at(x, [f64::NEG_INFINITY, 0.0], -self.rate(), |law, y| law.ln_tail(y, false))
    }

    fn ln_sf(&self, x: S) -> S {
        self.at(x, [0.0, f64::NEG_INFINITY], (-self.rate()).ln_1m_exp(), |law, y| law.ln_tail(y, true))
    }

    fn quantile(&self, p: S) -> S {
        match p.re() {
            _ if !is_probability(p) => S::from(f64::NAN),
            r if r <= 0.5 => self.quantile_ln(p.ln()),
            _ => self.isf_ln((-p + 1.0).ln()),
        }
    }

    fn isf(&self, q: S) -> S {
        match q.re() {
            _ if !is_probability(q) => S::from(f64::NAN),
            r if r < 0.5 => self.isf_ln(q.ln()),
            _ => self.quantile_ln((-q + 1.0).ln()),
        }
    }

    fn quantile_ln(&self, ln_p: S) -> S {
        self.placed(self.compound.quantile(ln_p, false))
    }

    fn isf_ln(&self, ln_q: S) -> S {
        self.placed(self.compound.quantile(ln_q, true))
    }

    fn mean(&self) -> Option<S> {
        Some(self.mu)
    }

    /// φ μ^p
    fn variance(&self) -> Option<S> {
        Some(self.phi * self.mu.powd(self.power))
    }

    /// λ e^-λ - ∫ f ln f
    fn entropy(&self) -> S {
        let (rate, mass) = (self.rate(), (-self.rate()).exp());
        rate * mass + self.compound.surprise() - self.scale.ln() * (-rate).exp_m1()
    }

    /// Mass and density do not compare.
    fn mode(&self) -> Option<S> {
        None
    }
}

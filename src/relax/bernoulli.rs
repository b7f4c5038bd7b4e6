//! The binary Concrete law.

use crate::noise;
use crate::parameter::{LawError, check, is_probability};
use crate::scalar::{Scalar, math};
use crate::special::ln_2_cosh;
use rand::Rng;
use rand::distr::Distribution;

/// The relaxed Bernoulli law, binary Concrete, with temperature τ and logit l.
///
/// A draw is y = sigmoid((l + L)/τ) with standard logistic L: above 1/2 with probability sigmoid(l).
///
/// # Density function
/// f(y) = τ e^-w / (y (1 - y) (1 + e^-w)²) with w = τ logit(y) - l, for 0 < y < 1.
///
/// # Derivatives
/// Those of the formula at fixed noise, to any order: dy/dl = y (1 - y)/τ, dy/dτ = -logit(y) y (1 - y)/τ. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// use reparam::relax::RelaxedBernoulli;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [logit] = Jet::variables([1.0]);
/// let law = RelaxedBernoulli::new(0.5.into(), logit)?;
/// let y = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((y.eps[0] - y.re * (1.0 - y.re) / 0.5).abs() < 1e-15);
/// assert!((law.cdf(0.5.into()).re + 1f64.exp() / (1.0 + 1f64.exp()) - 1.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Maddison, Mnih & Teh 2017, "The Concrete distribution", appendix B. For τ <= 1 the density has no mode inside (0, 1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RelaxedBernoulli<S> {
    temperature: S,
    logit: S,
}

impl<S: Scalar> RelaxedBernoulli<S> {
    /// The law with a temperature and the logit ln(p/(1 - p)).
    ///
    /// # Errors
    /// If the temperature is not in [1e-6, 1e6], or the logit is not in [-1e150, 1e150].
    pub fn new(temperature: S, logit: S) -> Result<Self, LawError> {
        check!("a relaxed Bernoulli law", temperature: TEMPERATURE);
        check!("a relaxed Bernoulli law", logit: REAL);
        Ok(RelaxedBernoulli { temperature, logit })
    }

    /// The draw that standard logistic noise makes.
    pub fn relax(&self, noise: f64) -> S {
        self.relax_logit(noise).sigmoid()
    }

    /// The logit of the draw that standard logistic noise makes: it does not round to an end of [0, 1].
    pub fn relax_logit(&self, noise: f64) -> S {
        (self.logit + noise).over(self.temperature)
    }

    /// The draw rounded to 0 or 1, with the derivatives of the relaxed one (straight-through); NaN for NaN.
    pub fn straight_through(&self, noise: f64) -> S {
        let soft = self.relax_logit(noise);
        let hard = match soft.re() {
            z if z > 0.0 => 1.0,
            z if z <= 0.0 => 0.0,
            _ => f64::NAN,
        };
        soft.sigmoid().with_re(hard)
    }

    /// ln f(y); -inf outside [0, 1], and the limit at its ends: inf for τ < 1, -inf for τ > 1.
    pub fn ln_pdf(&self, y: S) -> S {
        let re = y.re();
        if re.is_nan() || !is_probability(y) {
            return S::from(if re.is_nan() { f64::NAN } else { f64::NEG_INFINITY });
        }
        if re == 0.0 || re == 1.0 {
            return match self.temperature.re() {
                t if t < 1.0 => S::from(f64::INFINITY),
                t if t > 1.0 => S::from(f64::NEG_INFINITY),
                _ if re == 0.0 => self.temperature.ln() - self.logit,
                _ => self.temperature.ln() + self.logit,
            };
        }
        self.ln_pdf_logit(y.logit()) - y.ln() - (-y).ln_1p()
    }

    /// The logarithm of the density of z = logit(y), which is logistic with location l/τ and scale 1/τ.
    pub fn ln_pdf_logit(&self, z: S) -> S {
        // one half at a time: the product may be beyond the range of doubles
        let half = (self.temperature * z - self.logit) * 0.5;
        ln_2_cosh(half) * -2.0 + self.temperature.ln()
    }

    /// P(Y <= y); 0 below and 1 above [0, 1].
    pub fn cdf(&self, y: S) -> S {
        if y.re() <= 0.0 || y.re() >= 1.0 {
            return S::from(if y.re() <= 0.0 { 0.0 } else { 1.0 });
        }
        (self.temperature * y.logit() - self.logit).sigmoid()
    }

    /// The y with P(Y <= y) = p. NaN for p outside [0, 1].
    pub fn quantile(&self, p: S) -> S {
        if p.re() == 0.0 || p.re() == 1.0 {
            return S::from(p.re());
        }
        (self.logit + p.logit()).over(self.temperature).sigmoid()
    }
}

impl<S: Scalar> Distribution<S> for RelaxedBernoulli<S> {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        self.relax(math::logit(noise::uniform(rng)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Jet;

    /// ln f of a draw is ln t - z + 2 softplus(z) and a constant, z its logit: Hessian in temperature and logit far out.
    #[test]
    fn curvature_at_a_tiny_draw() {
        for (temperature, logit, noise) in [(0.005, -5.0, 2.7), (0.005, -4.0, 1.2), (0.0125, -9.0, 1.5)] {
            let [t, l] = Jet::second_order([temperature, logit]);
            let law = RelaxedBernoulli::new(t, l).unwrap();
            let y = law.relax(noise);
            assert!(y.re() < 1e-190);
            let (_, _, [[tt, tl], [_, ll]]) = law.ln_pdf(y).hessian();
            let square = temperature * temperature;
            let want = [-2.0 * (logit + noise) / (square * temperature) - 1.0 / square, 1.0 / square];
            assert!((tt / want[0] - 1.0).abs() < 1e-12 && (tl / want[1] - 1.0).abs() < 1e-12, "{tt} {tl} for {want:?}");
            // rounding beside 1/t²
            assert!(ll.abs() < 1e-14 * want[1], "{ll}");
        }
    }
}

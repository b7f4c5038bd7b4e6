//! The law of the logit of a beta variable.

use crate::distr::form::law_of;
use crate::distr::form::of_logit::{BetaLogit, FromLogit, OfLogit, Place, prepared_by_logit};
use crate::distr::{KlDivergence, parameters};
use crate::parameter::LawError;
use crate::scalar::Scalar;
use crate::special::{self, UnitPoint};

/// The law of θ = ln(x / (1 - x)) for x of the [`Beta`](crate::distr::Beta) law with shapes α and β, also known as the
/// [generalized logistic law of type IV](https://en.wikipedia.org/wiki/Generalized_logistic_distribution#Type_IV).
///
/// # Density function
/// f(θ) = x^α (1 - x)^β / B(α, β) with x = 1 / (1 + e^-θ), on the real line.
///
/// # Derivatives
/// dθ/dα and dθ/dβ at fixed u = F(θ), as for the beta law; defined everywhere. As the variable is never next to an end of its
/// support, nothing underflows: shapes of 1e-3 and far below have draws, log-densities and derivatives that are finite.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [alpha, beta] = Jet::variables([1e-6, 1e-6]);
/// let theta = LogitBeta::new(alpha, beta)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(theta.re.abs() > 1000.0 && theta.eps.iter().all(|e| e.is_finite() && *e != 0.0));
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws as those of the beta law, whose logits they are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogitBeta<S> {
    alpha: S,
    beta: S,
    theta: BetaLogit<S>,
}

parameters! {
    LogitBeta, "logit_beta", "a logit-beta law";
    /// The law with shapes `alpha` and `beta`.
    ///
    /// ```
    /// use reparam::distr::LogitBeta;
    /// assert!(LogitBeta::new(2.0, 3.0).is_ok());
    /// assert_eq!(LogitBeta::new(0.0, 3.0).unwrap_err().parameter(), "alpha");
    /// ```
    new(alpha: [1e-100, 1e100], beta: [1e-100, 1e100]) => LogitBeta { alpha, beta, theta: BetaLogit::new(alpha, beta) }
}

impl<S: Scalar> FromLogit<S> for LogitBeta<S> {
    fn theta(&self) -> &BetaLogit<S> {
        &self.theta
    }
    fn at(&self, theta: S) -> S {
        theta
    }
    fn ends(&self) -> (S, S) {
        (S::from(f64::NEG_INFINITY), S::from(f64::INFINITY))
    }
    fn place(&self, x: S) -> Place<S> {
        match x.re() {
            f64::NEG_INFINITY => Place::Below,
            f64::INFINITY => Place::Above,
            r if r.is_nan() => Place::Nowhere,
            _ => Place::Inside(UnitPoint::from_logit(x)),
        }
    }
    fn ln_pdf_inside(&self, _: S, at: UnitPoint<S>) -> S {
        self.theta.ln_pdf(at)
    }
    fn surprise(&self) -> S {
        self.theta.entropy()
    }
}

law_of!(
    LogitBeta,
    |law| OfLogit(law),
    moments {
        /// ψ(α) - ψ(β)
        fn mean(&self) -> Option<S> {
            Some(self.theta.mean())
        }
        /// ψ'(α) + ψ'(β)
        fn variance(&self) -> Option<S> {
            Some(special::trigamma(self.alpha) + special::trigamma(self.beta))
        }
        /// ln(α/β)
        fn mode(&self) -> Option<S> {
            Some(self.alpha.ln() - self.beta.ln())
        }
    }
);
prepared_by_logit!(LogitBeta);

impl<S: Scalar> KlDivergence<S> for LogitBeta<S> {
    /// That of the beta laws with the same shapes: no monotone map of the variable changes it.
    fn kl_divergence(&self, other: &Self) -> S {
        self.theta.kl_divergence(&other.theta)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::Continuous;
    use crate::scalar::Jet;

    #[track_caller]
    fn close(got: f64, want: f64, bound: f64) {
        assert!((got - want).abs() <= bound * want.abs(), "{got:e}, not {want:e}");
    }

    #[test]
    fn moments() {
        // entropies: `tests/reference/make_beta_laws.py` prints them
        close(LogitBeta::new(2.0, 3.0).unwrap().entropy(), 1.4317600168786664, 1e-14);
        close(LogitBeta::new(0.3, 40.0).unwrap().entropy(), 2.450_322_282_420_516, 1e-14);
        close(LogitBeta::new(1e-3, 1e-3).unwrap().entropy(), 8.600_904_099_679_262, 1e-14);
        // ψ(2) - ψ(3)
        close(LogitBeta::new(2.0, 3.0).unwrap().mean().unwrap(), -0.5, 1e-15);
        assert_eq!(LogitBeta::new(2.0, 2.0).unwrap().mode(), Some(0.0));
    }

    /// With α = 1, 1 - F = (1 + e^θ)^-β; with tiny shapes, F = e^(α θ)/2 far below 0.
    #[test]
    fn far_tails() {
        let law = LogitBeta::new(1.0, 1e-3).unwrap();
        close(law.isf(1e-300), 690775.5278982137, 1e-14);
        close(law.ln_sf(1e6), -1e3, 1e-14);
        let [a, b] = Jet::variables([1e-6, 1e-6]);
        let theta = LogitBeta::new(a, b).unwrap().quantile(0.05.into());
        close(theta.re, 0.1f64.ln() * 1e6, 1e-11);
        // F = e^(α θ) β/(α + β), so dθ/dα = -θ/α + 1/(α (α + β))
        close(theta.eps[0], -theta.re * 1e6 + 0.5e12, 1e-5);
    }
}

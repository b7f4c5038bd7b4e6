//! Fisher's F law.

use crate::distr::form::of_logit::{
    BetaLogit, FromLogit, LogitLift, LogitNoise, OfLogit, Place, is_moderate, odds, odds_draw, prepared_by_logit,
};
use crate::distr::form::{NearEnd, law_of};
use crate::distr::parameters;
use crate::parameter::LawError;
use crate::scalar::Scalar;
use crate::special::UnitPoint;

/// [Fisher's F law](https://en.wikipedia.org/wiki/F-distribution), also Snedecor's, with d₁ and d₂ degrees of freedom: the quotient
/// of two independent chi-squared variables, each over its degrees of freedom.
///
/// # Density function
/// f(x) = r^(d₁/2) x^(d₁/2-1) (1 + r x)^(-(d₁+d₂)/2) / B(d₁/2, d₂/2) for x >= 0, r = d₁/d₂.
///
/// # Derivatives
/// A draw is z = (d₂/d₁) e^θ with θ of the [`LogitBeta`](crate::distr::LogitBeta) law with shapes d₁/2 and d₂/2, so
/// dz/dd₁ = z (θ_a/2 - 1/d₁) and dz/dd₂ = z (θ_b/2 + 1/d₂) at fixed u, right to some 1e-15 of z/d₁ and z/d₂. A large
/// d hardly matters: its derivative is of the order of z/d², so that it has five digits less at d = 1e5 and none from 1e16 on. Defined
/// everywhere; where a draw leaves the range of doubles, it is 0 or inf without derivatives.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [d1, d2] = Jet::variables([5.0, 8.0]);
/// let z = FisherF::new(d1, d2)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(z.re > 0.0 && z.eps.iter().all(|e| e.is_finite()));
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws by way of the beta law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FisherF<S> {
    d1: S,
    d2: S,
    theta: BetaLogit<S>,
}

parameters! {
    FisherF, "fisher_f", "Fisher's F law";
    /// The law with `d1` degrees of freedom in the numerator and `d2` in the denominator.
    ///
    /// ```
    /// use reparam::distr::FisherF;
    /// assert!(FisherF::new(5.0, 8.0).is_ok());
    /// assert_eq!(FisherF::new(5.0, -8.0).unwrap_err().parameter(), "d2");
    /// ```
    new(d1: [1e-99, 1e99], d2: [1e-99, 1e99]) => FisherF { d1, d2, theta: BetaLogit::new(d1 * 0.5, d2 * 0.5) }
}

impl<S: Scalar> FisherF<S> {
    /// ln(x d₁/d₂), whose product may be no double.
    fn ln_odds(&self, x: S) -> S {
        x.ln() + self.d1.ln() - self.d2.ln()
    }
}

impl<S: Scalar> FromLogit<S> for FisherF<S> {
    fn theta(&self) -> &BetaLogit<S> {
        &self.theta
    }
    fn at(&self, theta: S) -> S {
        odds(theta - self.d1.ln() + self.d2.ln())
    }
    #[inline(always)]
    fn at_draw(&self, by: &impl LogitLift<S>, noise: LogitNoise) -> S {
        odds_draw(by, noise, self.d2.over(self.d1))
    }
    fn ends(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn place(&self, x: S) -> Place<S> {
        Place::of_scaled(x, x * self.d1.over(self.d2), || self.ln_odds(x))
    }
    fn ln_pdf_inside(&self, x: S, at: UnitPoint<S>) -> S {
        let ratio = self.d1.over(self.d2);
        let odds = x * ratio;
        let ln_odds = if is_moderate(odds.re()) { odds.ln() } else { self.ln_odds(x) };
        self.theta.ln_pdf_at_ln_odds(ln_odds, at) + ratio.ln()
    }
    fn ln_pdf_at_end(&self, _: bool) -> S {
        // β d₁/d₂ with α = d₁/2 = 1
        S::from(0.0)
    }
    fn near_end(&self, _: bool, d: S) -> Option<NearEnd<S>> {
        self.theta.near_zero_of_odds(d, self.d2.over(self.d1))
    }
    /// That of θ plus E[ln X].
    fn surprise(&self) -> S {
        let mean_ln = self.theta.minus_mean_ln_y() - self.theta.minus_mean_ln_x();
        self.theta.entropy() + mean_ln + (self.d2.ln() - self.d1.ln())
    }
}

law_of!(
    FisherF,
    |law| OfLogit(law),
    moments {
        /// d₂/(d₂ - 2) for d₂ > 2, else infinite
        fn mean(&self) -> Option<S> {
            Some(if self.d2.re() > 2.0 { self.d2.over(self.d2 - 2.0) } else { S::from(f64::INFINITY) })
        }
        /// 2 d₂² (d₁ + d₂ - 2) / (d₁ (d₂ - 2)² (d₂ - 4)) for d₂ > 4, infinite down to 2
        fn variance(&self) -> Option<S> {
            let mean = self.mean()?;
            match self.d2.re() {
                d if d > 4.0 => Some(mean * mean * ((self.d2 - 2.0).over(self.d1) + 1.0).over(self.d2 - 4.0) * 2.0),
                d if d > 2.0 => Some(S::from(f64::INFINITY)),
                _ => None,
            }
        }
        /// (d₁ - 2)/d₁ · d₂/(d₂ + 2) for d₁ >= 2
        fn mode(&self) -> Option<S> {
            (self.d1.re() >= 2.0).then(|| (self.d1 - 2.0).over(self.d1) * self.d2.over(self.d2 + 2.0))
        }
    }
);
prepared_by_logit!(FisherF);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::Continuous;

    #[track_caller]
    fn close(got: f64, want: f64, bound: f64) {
        assert!((got - want).abs() <= bound * want.abs(), "{got:e}, not {want:e}");
    }

    #[test]
    fn moments() {
        let law = FisherF::new(5.0, 8.0).unwrap();
        // `tests/reference/make_beta_laws.py` prints it
        close(law.entropy(), 1.2024842535622652, 1e-14);
        close(law.mean().unwrap(), 4.0 / 3.0, 1e-15);
        // 2 · 64 · 11 / (5 · 36 · 4)
        close(law.variance().unwrap(), 1408.0 / 720.0, 1e-15);
        close(law.mode().unwrap(), 0.48, 1e-15);
        assert_eq!(FisherF::new(5.0, 4.0).unwrap().variance(), Some(f64::INFINITY));
    }

    /// With d₁ = 2, 1 - F = (1 + 2 x/d₂)^(-d₂/2).
    #[test]
    fn closed_form() {
        let law = FisherF::new(2.0, 4.0).unwrap();
        close(law.sf(6.0), 1.0 / 16.0, 1e-14);
        assert_eq!(law.pdf(0.0), 1.0);
        assert_eq!(FisherF::new(2.0, 1e100).unwrap_err().parameter(), "d2");
    }
}

//! The beta prime law.

use crate::distr::form::of_logit::{
    BetaLogit, FromLogit, LogitLift, LogitNoise, OfLogit, Place, odds, odds_draw, prepared_by_logit,
};
use crate::distr::form::{NearEnd, law_of};
use crate::distr::{KlDivergence, parameters};
use crate::parameter::LawError;
use crate::scalar::Scalar;
use crate::special::UnitPoint;

/// The [beta prime law](https://en.wikipedia.org/wiki/Beta_prime_distribution), or beta law of the second kind, with shapes α
/// and β: the odds x / (1 - x) for x of the [`Beta`](crate::distr::Beta) law.
///
/// # Density function
/// f(x) = x^(α-1) (1 + x)^(-α-β) / B(α, β) for x >= 0.
///
/// # Derivatives
/// A draw is z = e^θ with θ of the [`LogitBeta`](crate::distr::LogitBeta) law, so dz/dα = z dθ/dα and dz/dβ = z dθ/dβ at fixed
/// u. Defined everywhere; where a draw leaves the range of doubles, it is 0 or inf without derivatives.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [alpha, beta] = Jet::variables([1.0, 2.0]);
/// let z = BetaPrime::new(alpha, beta)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// // 1 - u = (1 + z)^-β
/// assert!((z.eps[1] + (1.0 + z.re) * z.re.ln_1p() / 2.0).abs() < 1e-14 * (1.0 + z.re));
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws as those of the beta law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BetaPrime<S> {
    alpha: S,
    beta: S,
    theta: BetaLogit<S>,
}

parameters! {
    BetaPrime, "beta_prime", "a beta prime law";
    /// The law with shapes `alpha` and `beta`.
    ///
    /// ```
    /// use reparam::distr::BetaPrime;
    /// assert!(BetaPrime::new(2.0, 3.0).is_ok());
    /// assert_eq!(BetaPrime::new(0.0, 3.0).unwrap_err().parameter(), "alpha");
    /// ```
    new(alpha: [1e-100, 1e100], beta: [1e-100, 1e100]) => BetaPrime { alpha, beta, theta: BetaLogit::new(alpha, beta) }
}

impl<S: Scalar> FromLogit<S> for BetaPrime<S> {
    fn theta(&self) -> &BetaLogit<S> {
        &self.theta
    }
    fn at(&self, theta: S) -> S {
        odds(theta)
    }
    #[inline(always)]
    fn at_draw(&self, by: &impl LogitLift<S>, noise: LogitNoise) -> S {
        odds_draw(by, noise, S::from(1.0))
    }
    fn ends(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn place(&self, x: S) -> Place<S> {
        Place::of_odds(x)
    }
    fn ln_pdf_inside(&self, x: S, at: UnitPoint<S>) -> S {
        self.theta.ln_pdf_of_odds(x, at)
    }
    fn near_end(&self, _: bool, d: S) -> Option<NearEnd<S>> {
        self.theta.near_zero_of_odds(d, S::from(1.0))
    }
    /// That of θ plus E[ln X] = ψ(α) - ψ(β).
    fn surprise(&self) -> S {
        self.theta.entropy() + self.theta.mean()
    }
}

law_of!(
    BetaPrime,
    |law| OfLogit(law),
    moments {
        /// α/(β - 1) for β > 1, else infinite
        fn mean(&self) -> Option<S> {
            Some(if self.beta.re() > 1.0 { self.alpha.over(self.beta - 1.0) } else { S::from(f64::INFINITY) })
        }
        /// α (α + β - 1) / ((β - 1)² (β - 2)) for β > 2, infinite down to 1
        fn variance(&self) -> Option<S> {
            let (a, b1) = (self.alpha, self.beta - 1.0);
            match self.beta.re() {
                b if b > 2.0 => Some(a.over(b1) * (a + b1).over(b1).over(self.beta - 2.0)),
                b if b > 1.0 => Some(S::from(f64::INFINITY)),
                _ => None,
            }
        }
        /// (α - 1)/(β + 1) for α >= 1
        fn mode(&self) -> Option<S> {
            (self.alpha.re() >= 1.0).then(|| (self.alpha - 1.0).over(self.beta + 1.0))
        }
    }
);
prepared_by_logit!(BetaPrime);

impl<S: Scalar> KlDivergence<S> for BetaPrime<S> {
    /// That of the beta laws with the same shapes: no monotone map of the variable changes it.
    fn kl_divergence(&self, other: &Self) -> S {
        self.theta.kl_divergence(&other.theta)
    }
}

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
        // `tests/reference/make_beta_laws.py` prints the entropies
        let law = BetaPrime::new(2.0, 3.0).unwrap();
        close(law.entropy(), 0.931_760_016_878_666_4, 1e-14);
        close(BetaPrime::new(1e-3, 1e-3).unwrap().entropy(), 8.600_904_099_679_262, 1e-14);
        assert_eq!((law.mean(), law.variance(), law.mode()), (Some(1.0), Some(2.0), Some(0.25)));
        let heavy = BetaPrime::new(2.0, 1.0).unwrap();
        assert_eq!((heavy.mean(), heavy.variance()), (Some(f64::INFINITY), None));
    }

    /// With α = 1, 1 - F = (1 + x)^-β.
    #[test]
    fn closed_form() {
        let law = BetaPrime::new(1.0, 2.0).unwrap();
        close(law.sf(3.0), 1.0 / 16.0, 1e-14);
        close(law.isf(1e-300), 1e150, 1e-13);
        close(law.ln_sf(1e200), -400.0 * 10f64.ln(), 1e-15);
        assert_eq!((law.pdf(0.0), law.cdf(-1.0), law.sf(f64::INFINITY)), (2.0, 0.0, 0.0));
    }

    /// At large shapes, of all laws that are maps of θ: mpmath at 60 digits.
    #[test]
    fn entropies_at_large_shapes() {
        use crate::distr::{Beta, FisherF, GammaGamma, LogitBeta};
        for (a, b, logit, prime, fisher, gamma_gamma, beta) in [
            (
                1e16,
                1e16,
                -16.65516862046772,
                -16.65516862046772,
                -16.65516862046772,
                -15.962021439907775,
                -18.041_462_981_587_61,
            ),
            (
                1e9,
                2e9,
                -8.739_961_831_020_006,
                -9.433_109_011_829_952,
                -8.739_961_831_270_007,
                -8.739_961_831_270_007,
                -10.244039228212947,
            ),
            (
                1e20,
                3e15,
                -16.39974080880972,
                -5.9854276325076013,
                -16.39974080880972,
                -5.292280451947656,
                -26.814113984211857,
            ),
        ] {
            for (got, want) in [
                (LogitBeta::new(a, b).unwrap().entropy(), logit),
                (BetaPrime::new(a, b).unwrap().entropy(), prime),
                (FisherF::new(2.0 * a, 2.0 * b).unwrap().entropy(), fisher),
                (GammaGamma::new(a, b, 2.0).unwrap().entropy(), gamma_gamma),
                (Beta::new(a, b).unwrap().entropy(), beta),
            ] {
                assert!((got / want - 1.0).abs() < 4e-15, "{got} for {want}");
            }
        }
    }
}

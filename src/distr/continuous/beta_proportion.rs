//! The beta law by its mean and concentration.

use crate::distr::form::of_logit::{
    BetaLogit, FromLogit, LogitLift, LogitNoise, OfLogit, Place, is_shape, prepared_by_logit, unit_draw,
};
use crate::distr::form::{NearEnd, law_of, share};
use crate::distr::{KlDivergence, family, getters};
use crate::parameter::{LawError, check};
use crate::scalar::Scalar;
use crate::special::UnitPoint;
use crate::special::inc_gamma::{LARGE, stirling};
use crate::special::ln_1p_minus;

/// The [beta law](https://en.wikipedia.org/wiki/Beta_distribution#Mean_and_sample_size) with mean μ and concentration κ: shapes
/// α = μ κ and β = (1 - μ) κ.
///
/// # Density function
/// f(x) = x^(μκ-1) (1 - x)^((1-μ)κ-1) / B(μκ, (1-μ)κ) for 0 <= x <= 1.
///
/// # Derivatives
/// With those of the [beta law](crate::distr::Beta): dz/dμ = κ (dz/dα - dz/dβ) and dz/dκ = μ dz/dα + (1 - μ) dz/dβ. The latter is a
/// difference, of relative size 1/sqrt κ: for a large κ its relative error is about 1e-15 sqrt κ. Defined everywhere; where a draw
/// rounds to 0 or 1, they are 0.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [mean, concentration] = Jet::variables([0.3, 5.0]);
/// let z = BetaProportion::new(mean, concentration)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(z.eps[0] > 0.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws as those of the beta law. Source: Ferrari & Cribari-Neto 2004, "Beta regression for modelling rates and proportions",
/// *Journal of Applied Statistics* 31.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BetaProportion<S> {
    mean: S,
    concentration: S,
    theta: BetaLogit<S>,
}

impl<S: Scalar> BetaProportion<S> {
    /// The law with mean μ and concentration κ: its variance is μ (1 - μ)/(κ + 1).
    ///
    /// # Errors
    /// If `mean` is not strictly between 0 and 1, or `concentration` or a shape not in [1e-100, 1e100].
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(BetaProportion::new(0.25, 3.0).unwrap().variance(), Some(0.25 * 0.75 / 4.0));
    /// assert!(BetaProportion::new(1.0, 3.0).is_err());
    /// ```
    #[inline]
    pub fn new(mean: S, concentration: S) -> Result<Self, LawError> {
        check!("a beta law by its mean", mean: "strictly between 0 and 1" if mean.re() > 0.0 && mean.re() < 1.0);
        let (alpha, beta) = (mean * concentration, (-mean + 1.0) * concentration);
        check!("a beta law by its mean", concentration: [1e-100, 1e100]);
        check!(
            "a beta law by its mean",
            concentration: "such that both shapes, mean and 1 - mean times it, are in [1e-100, 1e100]"
                if is_shape(alpha) && is_shape(beta)
        );
        Ok(BetaProportion { mean, concentration, theta: BetaLogit::new(alpha, beta) })
    }
}

family!(BetaProportion, LawError, "beta_proportion", [mean, concentration]);
getters!(BetaProportion, [mean as mu, concentration]);

impl<S: Scalar> FromLogit<S> for BetaProportion<S> {
    fn theta(&self) -> &BetaLogit<S> {
        &self.theta
    }
    fn at(&self, theta: S) -> S {
        theta.sigmoid()
    }
    #[inline(always)]
    fn at_draw(&self, by: &impl LogitLift<S>, noise: LogitNoise) -> S {
        unit_draw(by, noise)
    }
    fn ends(&self) -> (S, S) {
        (S::from(0.0), S::from(1.0))
    }
    fn place(&self, x: S) -> Place<S> {
        Place::in_unit(x)
    }
    fn ln_pdf_inside(&self, _: S, at: UnitPoint<S>) -> S {
        if S::ORDER == 0 || self.theta.a.re().min(self.theta.b.re()) < LARGE {
            return self.theta.ln_pdf_of_unit(at);
        }
        // by the deviance, in which what is large beside the concentration's part is no part of it
        let (mean, rest) = (self.mean, -self.mean + 1.0);
        let beyond = if at.x.re() <= 0.5 { at.x - mean } else { rest - at.y };
        let deviance = mean * ln_1p_minus(beyond.over(mean)) + rest * ln_1p_minus(-beyond.over(rest));
        let [a, b, both] = [self.theta.a, self.theta.b, self.concentration].map(stirling);
        let ln =
            self.concentration * deviance + (both - a - b) + (self.concentration.ln() + mean.ln() + rest.ln()) * 0.5;
        (ln - at.ln_x - at.ln_y).with_re(self.theta.re().ln_pdf_of_unit(at.re()))
    }
    fn near_end(&self, upper: bool, d: S) -> Option<NearEnd<S>> {
        self.theta.near_end_of_unit(upper, d)
    }
    /// ln B(α, β) - (α - 1) (ψ(α) - ψ(κ)) - (β - 1) (ψ(β) - ψ(κ))
    fn surprise(&self) -> S {
        self.theta.entropy() - self.theta.minus_mean_ln_x() - self.theta.minus_mean_ln_y()
    }
}

law_of!(
    BetaProportion,
    |law| OfLogit(law),
    moments {
        fn mean(&self) -> Option<S> {
            Some(self.mean)
        }
        /// μ (1 - μ)/(κ + 1)
        fn variance(&self) -> Option<S> {
            Some((self.mean * (-self.mean + 1.0)).over(self.concentration + 1.0))
        }
        /// (α - 1)/(κ - 2) where both shapes are at least 1 and not both 1.
        fn mode(&self) -> Option<S> {
            let (a, b) = (self.theta.a - 1.0, self.theta.b - 1.0);
            let exists = a.re() >= 0.0 && b.re() >= 0.0 && a.re() + b.re() > 0.0;
            exists.then(|| share(a, b))
        }
    }
);
prepared_by_logit!(BetaProportion);

impl<S: Scalar> KlDivergence<S> for BetaProportion<S> {
    /// That of [`Beta`](crate::distr::Beta) with the same shapes.
    fn kl_divergence(&self, other: &Self) -> S {
        self.theta.kl_divergence(&other.theta)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::{Beta, Continuous};

    /// The beta law with the same shapes, bit for bit.
    #[test]
    fn is_a_beta_law() {
        let (law, beta) = (BetaProportion::new(0.25, 8.0).unwrap(), Beta::new(2.0, 6.0).unwrap());
        for x in [0.0, 1e-9, 0.3, 0.9, 1.0] {
            assert_eq!((law.ln_pdf(x), law.ln_cdf(x), law.sf(x)), (beta.ln_pdf(x), beta.ln_cdf(x), beta.sf(x)));
        }
        assert_eq!((law.entropy(), law.mode(), law.variance()), (beta.entropy(), beta.mode(), beta.variance()));
        assert_eq!(law.kl_divergence(&law), 0.0);
    }

    #[test]
    fn refuses() {
        for mean in [0.0, 1.0, -0.1, f64::NAN] {
            assert_eq!(BetaProportion::new(mean, 1.0).unwrap_err().parameter(), "mean");
        }
        assert_eq!(BetaProportion::new(1e-50, 1e-60).unwrap_err().parameter(), "concentration");
        assert_eq!(BetaProportion::new(0.5, f64::NAN).unwrap_err().parameter(), "concentration");
    }

    /// Of a width below the spacing of doubles, all quantiles are the mean, of which θ is rounded.
    #[test]
    fn narrow() {
        for (mean, concentration) in [(0.9555, 1e40), (0.251_452_835_139_816_37, 1.236e57), (0.5, 1e99), (1e-3, 3e38)] {
            let law = BetaProportion::new(mean, concentration).unwrap();
            for x in [law.isf(1e-8), law.isf(0.4), law.quantile(0.5), law.quantile(1e-300)] {
                assert!((x / mean - 1.0).abs() < 2e-15, "{x} of {mean}");
            }
        }
    }
}

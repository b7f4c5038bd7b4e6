//! The gamma-gamma law.

use crate::distr::form::of_logit::{
    BetaLogit, FromLogit, LogitLift, LogitNoise, OfLogit, Place, exp_of_value, is_moderate, odds, odds_draw,
    prepared_by_logit,
};
use crate::distr::form::{NearEnd, law_of};
use crate::distr::parameters;
use crate::parameter::LawError;
use crate::scalar::Scalar;
use crate::special::UnitPoint;

/// The [gamma-gamma law](https://en.wikipedia.org/wiki/Beta_prime_distribution#Compound_gamma_distribution), or compound gamma law:
/// a gamma variable with shape a whose rate is itself a gamma variable, with shape b and rate c.
///
/// # Density function
/// f(x) = (x/c)^(a-1) (1 + x/c)^(-a-b) / (c B(a, b)) for x >= 0.
///
/// # Derivatives
/// A draw is z = c e^θ with θ of the [`LogitBeta`](crate::distr::LogitBeta) law with shapes a and b, so dz/da = z dθ/da,
/// dz/db = z dθ/db and dz/dc = z/c at fixed u. Defined everywhere; where a draw leaves the range of doubles, it is 0 or inf
/// without derivatives.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [a, b, c] = Jet::variables([1.0, 2.0, 3.0]);
/// let z = GammaGamma::new(a, b, c)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// // 1 - u = (1 + z/c)^-b
/// assert!((z.eps[1] + (3.0 + z.re) * (z.re / 3.0).ln_1p() / 2.0).abs() < 1e-14 * (3.0 + z.re));
/// assert!((z.eps[2] - z.re / 3.0).abs() < 1e-14 * z.re);
/// # Ok(()) }
/// ```
///
/// # Notes
/// X = c G/H with independent G and H of gamma laws with shapes a and b, so c is a *rate* of the mixing law and a *scale* of X:
/// c times a [`BetaPrime`](crate::distr::BetaPrime) variable. The parameters and their order are those of TensorFlow
/// Probability's `GammaGamma`. Draws as those of the beta law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaGamma<S> {
    shape: S,
    mixing_shape: S,
    mixing_rate: S,
    theta: BetaLogit<S>,
}

parameters! {
    GammaGamma, "gamma_gamma", "a gamma-gamma law";
    /// The law of a gamma variable with shape `shape`, its rate being a gamma variable with shape `mixing_shape` and rate
    /// `mixing_rate`.
    ///
    /// ```
    /// use reparam::distr::GammaGamma;
    /// assert!(GammaGamma::new(2.0, 3.0, 0.5).is_ok());
    /// assert_eq!(GammaGamma::new(2.0, 3.0, 0.0).unwrap_err().parameter(), "mixing_rate");
    /// ```
    new(shape: [1e-100, 1e100], mixing_shape: [1e-100, 1e100], mixing_rate: POSITIVE)
        => GammaGamma { shape, mixing_shape, mixing_rate, theta: BetaLogit::new(shape, mixing_shape) }
}

impl<S: Scalar> FromLogit<S> for GammaGamma<S> {
    fn theta(&self) -> &BetaLogit<S> {
        &self.theta
    }
    fn at(&self, theta: S) -> S {
        let (ratio, ln) = (odds(theta.re()), theta + self.mixing_rate.ln());
        // the scale may bring back what leaves the range of doubles
        if is_moderate(ratio) { exp_of_value(ln, ratio * self.mixing_rate.re()) } else { odds(ln) }
    }
    #[inline(always)]
    fn at_draw(&self, by: &impl LogitLift<S>, noise: LogitNoise) -> S {
        if is_moderate(noise.odds()) { odds_draw(by, noise, self.mixing_rate) } else { self.at(by.lift_draw(noise)) }
    }
    fn ends(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn place(&self, x: S) -> Place<S> {
        Place::of_scaled(x, x.over(self.mixing_rate), || x.ln() - self.mixing_rate.ln())
    }
    fn ln_pdf_inside(&self, x: S, at: UnitPoint<S>) -> S {
        let ln_rate = self.mixing_rate.ln();
        self.theta.ln_pdf_at_ln_odds(x.ln() - ln_rate, at) - ln_rate
    }
    fn near_end(&self, _: bool, d: S) -> Option<NearEnd<S>> {
        self.theta.near_zero_of_odds(d, self.mixing_rate)
    }
    /// That of θ plus E[ln X] = ln c + ψ(a) - ψ(b).
    fn surprise(&self) -> S {
        self.theta.entropy() + self.theta.mean() + self.mixing_rate.ln()
    }
}

law_of!(
    GammaGamma,
    |law| OfLogit(law),
    moments {
        /// c a/(b - 1) for b > 1, else infinite
        fn mean(&self) -> Option<S> {
            let b = self.mixing_shape;
            Some(if b.re() > 1.0 { self.shape.over(b - 1.0) * self.mixing_rate } else { S::from(f64::INFINITY) })
        }
        /// c² a (a + b - 1) / ((b - 1)² (b - 2)) for b > 2, infinite down to 1
        fn variance(&self) -> Option<S> {
            let (a, b1) = (self.shape, self.mixing_shape - 1.0);
            let c = self.mixing_rate;
            match self.mixing_shape.re() {
                b if b > 2.0 => Some((a.over(b1) * c) * ((a + b1).over(b1) * c).over(self.mixing_shape - 2.0)),
                b if b > 1.0 => Some(S::from(f64::INFINITY)),
                _ => None,
            }
        }
        /// c (a - 1)/(b + 1) for a >= 1
        fn mode(&self) -> Option<S> {
            (self.shape.re() >= 1.0).then(|| (self.shape - 1.0).over(self.mixing_shape + 1.0) * self.mixing_rate)
        }
    }
);
prepared_by_logit!(GammaGamma);

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
        let law = GammaGamma::new(2.0, 3.0, 4.0).unwrap();
        // that of the beta prime law with shapes 2 and 3, from `tests/reference/make_beta_laws.py`, plus ln 4
        close(law.entropy(), 0.931_760_016_878_666_4 + 4f64.ln(), 1e-14);
        assert_eq!((law.mean(), law.variance(), law.mode()), (Some(4.0), Some(32.0), Some(1.0)));
        let heavy = GammaGamma::new(2.0, 1.0, 4.0).unwrap();
        assert_eq!((heavy.mean(), heavy.variance()), (Some(f64::INFINITY), None));
    }

    /// With a = 1, the Lomax law: 1 - F = (1 + x/c)^-b, also where x/c leaves the range of doubles.
    #[test]
    fn closed_form() {
        let law = GammaGamma::new(1.0, 2.0, 4.0).unwrap();
        close(law.sf(12.0), 1.0 / 16.0, 1e-14);
        assert_eq!((law.pdf(0.0), law.cdf(-1.0), law.sf(f64::INFINITY)), (0.5, 0.0, 0.0));
        let small = GammaGamma::new(1.0, 0.5, 1e-150).unwrap();
        close(small.ln_sf(1e200), -175.0 * 10f64.ln(), 1e-14);
        // ln f = ln(b/c) - (b + 1) ln(x/c)
        close(small.ln_pdf(1e200), 0.5f64.ln() - 375.0 * 10f64.ln(), 1e-14);
        close(small.isf_ln(-175.0 * 10f64.ln()), 1e200, 1e-12);
        let large = GammaGamma::new(1.0, 2.0, 1e150).unwrap();
        close(large.ln_cdf(1e-250), 2f64.ln() - 400.0 * 10f64.ln(), 1e-14);
        assert_eq!(GammaGamma::new(1.0, f64::NAN, 1.0).unwrap_err().parameter(), "mixing_shape");
    }
}

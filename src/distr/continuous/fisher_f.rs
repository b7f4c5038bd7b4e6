//! Fisher's F law.

use crate::distr::form::of_logit::{
    BetaLogit, FromLogit, LogitLift, LogitNoise, OfLogit, Place, exp_of_value, is_moderate, odds, odds_draw,
    prepared_by_logit,
};
use crate::distr::form::{NearEnd, law_of, over_less};
use crate::distr::parameters;
use crate::implicit::{Slopes as _, lift_along_all};
use crate::parameter::LawError;
use crate::quadrature::moved;
use crate::scalar::{Scalar, math};
use crate::special::inc_gamma::{LARGE, stirling};
use crate::special::{LARGE_SHAPE, Ratio, UnitPoint, ln_1p_minus, ln_density_by_limit};

/// [Fisher's F law](https://en.wikipedia.org/wiki/F-distribution), also Snedecor's, with d₁ and d₂ degrees of freedom: the quotient
/// of two independent chi-squared variables, each over its degrees of freedom.
///
/// # Density function
/// f(x) = r^(d₁/2) x^(d₁/2-1) (1 + r x)^(-(d₁+d₂)/2) / B(d₁/2, d₂/2) for x >= 0, r = d₁/d₂.
///
/// # Derivatives
/// A draw is z = (d₂/d₁) e^θ with θ of the [`LogitBeta`](crate::distr::LogitBeta) law with shapes d₁/2 and d₂/2, so
/// dz/dd₁ = z (θ_a/2 - 1/d₁) and dz/dd₂ = z (θ_b/2 + 1/d₂) at fixed u. A large d hardly matters: from d = 1000 on, where these differences would
/// lose digits, they are series in 1/d or, with both large, those of θ's without the leading terms, which cancel. Defined
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

    /// d₁/2 and d₂/2.
    fn shapes(&self) -> [S; 2] {
        [self.theta.a, self.theta.b]
    }

    fn of_shapes([a, b]: [S; 2]) -> Self {
        FisherF { d1: a * 2.0, d2: b * 2.0, theta: BetaLogit::new(a, b) }
    }

    /// The law at the same d₁ and d₂ without derivatives.
    fn at_plain_shapes(&self) -> Self {
        Self::of_shapes(self.shapes().map(|shape| S::from(shape.re())))
    }

    /// Whether d₁ or d₂ moves and one is so large that ln x, of θ, ln d₁ and ln d₂, would have lost digits of its derivative in it.
    #[inline]
    fn is_large(&self) -> bool {
        let [a, b] = self.shapes();
        let moves = |shape: S| shape.with_re(0.0).max_abs() != 0.0;
        S::ORDER > 0 && a.re().max(b.re()) >= LARGE_SHAPE && (moves(a) || moves(b))
    }

    /// The variable of this value that moves with d₁ and d₂ at a fixed probability.
    fn moved_along(&self, value: f64) -> S {
        if !(value > 0.0 && value < f64::INFINITY) {
            return S::from(value);
        }
        exp_of_value(lift_along_all(math::ln(value), self.shapes(), &Ratio), value)
    }

    /// By how much F(x) moves with d₁ and d₂, times e^-ln: its derivatives are the density of ln x times what that moves by.
    fn moved_cdf(&self, x: S, ln: S) -> S {
        let [a, b] = self.shapes();
        let t = x.ln();
        let slopes = |a: S, b: S| {
            let law = Self::of_shapes([a, b]);
            let Place::Inside(at) = law.place(x) else { return [S::from(0.0); 2] };
            let density = (law.theta.ln_pdf(at) - ln).exp();
            Ratio.slopes([a, b], t).map(|slope| -(density * slope))
        };
        let with_a = moved(S::from(0.0), a, |a| slopes(a, S::from(b.re()))[0]);
        moved(with_a, b, |b| slopes(a, b)[1])
    }

    /// ln f at x by the law of θ.
    fn ln_pdf_of_theta(&self, x: S, at: UnitPoint<S>) -> S {
        let ratio = self.d1.over(self.d2);
        let odds = x * ratio;
        let ln_odds = if is_moderate(odds.re()) { odds.ln() } else { self.ln_odds(x) };
        self.theta.ln_pdf_at_ln_odds(ln_odds, at) + ratio.ln()
    }

    /// The same, in a large d by what is left of it.
    fn ln_pdf_of_large(&self, x: S) -> S {
        let ([a, b], t) = (self.shapes(), x.ln());
        if a.re().min(b.re()) >= LARGE && t.re().abs() < 100.0 {
            // by the deviance: the odds and the mean of θ's are in the ratio x, which is all that d₁ and d₂ have in common
            let (beyond, sum) = (t.exp_m1(), a * x + b);
            let deviance = a * ln_1p_minus((b * beyond).over(sum)) + b * ln_1p_minus(-(a * beyond).over(sum));
            let mean = a.over(a.over(b) + 1.0);
            let rest = stirling(a + b) - stirling(a) - stirling(b);
            return deviance + rest + (mean * (0.5 * core::f64::consts::FRAC_1_PI)).ln() * 0.5 - t;
        }
        let of = |a: S, b: S| {
            let law = Self::of_shapes([a, b]);
            let Place::Inside(at) = law.place(x) else { return S::from(f64::NEG_INFINITY) };
            law.ln_pdf_of_theta(x, at)
        };
        let in_b = |a: S| ln_density_by_limit(a, b, t, |b| of(a, b)).unwrap_or_else(|| of(a, b));
        ln_density_by_limit(b, a, -t, in_b).unwrap_or_else(|| in_b(a))
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
        let factor = self.d2.over(self.d1);
        if self.is_large() { self.moved_along(noise.odds() * factor.re()) } else { odds_draw(by, noise, factor) }
    }
    fn ends(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn place(&self, x: S) -> Place<S> {
        Place::of_scaled(x, x * self.d1.over(self.d2), || self.ln_odds(x))
    }
    fn ln_pdf_inside(&self, x: S, at: UnitPoint<S>) -> S {
        if self.is_large() {
            let plain = FisherF::of_shapes(self.shapes().map(S::re));
            self.ln_pdf_of_large(x).with_re(plain.ln_pdf_of_theta(x.re(), at.re()))
        } else {
            self.ln_pdf_of_theta(x, at)
        }
    }
    fn near_end(&self, _: bool, d: S) -> Option<NearEnd<S>> {
        self.theta.near_zero_of_odds(d, self.d2.over(self.d1))
    }
    fn tail(&self, x: S, rises: bool, is_ln: bool, by_theta: impl Fn(&Self) -> S) -> S {
        if !(self.is_large() && x.re() > 0.0 && x.re() < f64::INFINITY) {
            return by_theta(self);
        }
        let at_plain = by_theta(&self.at_plain_shapes());
        if at_plain.re().is_infinite() {
            return at_plain;
        }
        let moved = self.moved_cdf(x, if is_ln { at_plain } else { S::from(0.0) });
        let moved = if rises { moved } else { -moved };
        at_plain + if is_ln { moved.ln_1p() } else { moved }
    }
    /// Where the probability moves too, first derivatives are the sum of both movements.
    fn inverse(&self, p: S, by_theta: impl Fn(&Self) -> S) -> S {
        let is_constant = p.with_re(0.0).max_abs() == 0.0;
        if !(self.is_large() && (is_constant || S::ORDER == 1)) {
            return by_theta(self);
        }
        let x = by_theta(&self.at_plain_shapes());
        if x.re() > 0.0 && x.re() < f64::INFINITY { x + self.moved_along(x.re()).with_re(0.0) } else { x }
    }
    fn takes_tables(&self) -> bool {
        !self.is_large()
    }
    /// That of θ plus E[ln X].
    fn surprise(&self) -> S {
        self.theta.entropy() + self.theta.mean() + (self.d2.ln() - self.d1.ln())
    }
}

law_of!(
    FisherF,
    |law| OfLogit(law),
    moments {
        /// d₂/(d₂ - 2) for d₂ > 2, else infinite
        fn mean(&self) -> Option<S> {
            Some(if self.d2.re() > 2.0 { over_less(self.d2, 2.0) } else { S::from(f64::INFINITY) })
        }
        /// 2 d₂² (d₁ + d₂ - 2) / (d₁ (d₂ - 2)² (d₂ - 4)) for d₂ > 4, infinite down to 2
        fn variance(&self) -> Option<S> {
            let mean = self.mean()?;
            match self.d2.re() {
                d if d > 4.0 => {
                    let below = self.d2 - 4.0;
                    Some(mean * mean * (over_less(self.d2 - 2.0, 2.0).over(self.d1) + below.recip()) * 2.0)
                }
                d if d > 2.0 => Some(S::from(f64::INFINITY)),
                _ => None,
            }
        }
        /// (d₁ - 2)/d₁ · d₂/(d₂ + 2) for d₁ >= 2
        fn mode(&self) -> Option<S> {
            (self.d1.re() >= 2.0).then(|| over_less(self.d1 - 2.0, -2.0) * over_less(self.d2, -2.0))
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

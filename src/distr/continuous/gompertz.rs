//! Gompertz's law.

use crate::distr::form::{Placed, Standard, bounded, exp, law_of, ln_ratio, settled};
use crate::distr::{KlDivergence, parameters};
use crate::noise;
use crate::parameter::{LawError, check, positive};
use crate::scalar::{Scalar, math};
use crate::special::{self, EULER, inc_gamma};
use core::f64::consts::PI;
use rand::Rng;

/// [Gompertz's law](https://en.wikipedia.org/wiki/Gompertz_distribution) of lifetimes with shape η and rate b: the hazard
/// grows exponentially, η b exp(b x).
///
/// # Density function
/// f(x) = b η exp(b x - η (exp(b x) - 1)) for x >= 0.
///
/// # Derivatives
/// A draw is z = ln(1 + ε/η)/b with standard exponential ε, so dz/db = -z/b and dz/dη = -ε/(b η (η + ε)), exactly. Defined
/// everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [shape, rate] = Jet::variables([0.5, 2.0]);
/// let z = Gompertz::new(shape, rate)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((z.eps[1] + z.re / 2.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The noise is the ziggurat of `rand_distr`. Mean and variance are E[ln(1 + ε/η)] (which is e^η E₁(η)) and the variance of
/// the same by a double exponential quadrature of 129 points (Takahasi & Mori 1974), with relative errors about 1e-15.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gompertz<S> {
    shape: S,
    rate: S,
}

parameters! {
    Gompertz, "gompertz", "a Gompertz law";
    /// The law with shape η and rate b.
    ///
    /// ```
    /// use reparam::distr::Gompertz;
    /// assert!(Gompertz::new(0.1, 2.0).is_ok());
    /// assert_eq!(Gompertz::new(0.1, 0.0).unwrap_err().parameter(), "rate");
    /// ```
    new(shape: POSITIVE, rate: POSITIVE)
}

impl<S: Scalar> Gompertz<S> {
    /// The law with hazard a exp(b x): the hazard a at age 0 and its rate of growth b, as in demography; η = a/b.
    ///
    /// # Errors
    /// If a parameter or the ratio a/b is not in [1e-150, 1e150].
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(Gompertz::from_hazard(0.2, 2.0), Gompertz::new(0.1, 2.0));
    /// ```
    #[inline]
    pub fn from_hazard(hazard: S, growth: S) -> Result<Self, LawError> {
        let shape = hazard.over(growth);
        check!("a Gompertz law", hazard: POSITIVE);
        check!("a Gompertz law", hazard: "in [1e-150, 1e150] times the growth" if positive(shape));
        Self::new(shape, growth)
    }
}

law_of!(Gompertz, |law| Placed {
    location: None,
    scale: law.rate.recip(),
    standard: StandardGompertz { eta: law.shape }
});

/// Rate 1.
#[derive(Clone, Copy)]
struct StandardGompertz<S> {
    eta: S,
}

impl<S: Scalar> StandardGompertz<S> {
    /// ln(1 + e/η), the y at which the cumulated hazard is e.
    #[inline]
    fn at_exponential(&self, e: S) -> S {
        if e.re().is_infinite() {
            return S::from(f64::INFINITY);
        }
        let v = e.over(self.eta);
        // beyond, powers of v in higher derivatives would leave the range of doubles
        if v.re() < 1e16 { v.ln_1p() } else { e.ln() - self.eta.ln() }
    }

    /// η (e^y - 1), the cumulated hazard; where it is infinite, without derivatives.
    fn hazard(&self, y: S) -> S {
        let hazard = self.eta * y.exp_m1();
        if hazard.re().is_infinite() { S::from(f64::INFINITY) } else { hazard }
    }

    /// Var Y for small η: with L = γ + ln η, E[Y] = e^η (s - L) and E\[Y²\] = e^η (π²/6 + L² - 2 η t), s = Σ (-1)^(k+1) η^k/(k k!) and
    /// t = Σ (-η)^k/(k! (k + 1)³) (Lenart 2014, Scandinavian Actuarial Journal, "The moments of the Gompertz distribution"); L² has dropped out.
    fn variance_of_small(&self) -> S {
        let (eta, l) = (self.eta, self.eta.ln() + EULER);
        // Σ weight (-η)^k/k!
        let series = |weight: fn(f64) -> f64| {
            (0..12).rev().map(f64::from).fold(S::from(0.0), |sum, k| -sum * eta / (k + 1.0) + weight(k))
        };
        let s = eta * series(|k| 1.0 / ((k + 1.0) * (k + 1.0)));
        let t = series(|k| 1.0 / ((k + 1.0) * (k + 1.0) * (k + 1.0)));
        let (grown, factor) = (eta.exp_m1(), eta.exp());
        factor * (factor * s * (l * 2.0 - s) - l * l * grown - eta * t * 2.0 + PI * PI / 6.0)
    }

    /// E[g(ε)] for a standard exponential ε, by the trapezoidal rule after ε = exp(τ - exp(-τ)).
    fn expectation(g: impl Fn(S) -> S) -> S {
        let mut sum = S::from(0.0);
        for j in -64..=64 {
            let tau = f64::from(j) / 16.0;
            let decay = math::exp(-tau);
            let e = math::exp(tau - decay);
            sum += g(S::from(e)) * (e * (1.0 + decay) * math::exp(-e) / 16.0);
        }
        sum
    }
}

impl<S: Scalar> Standard<S> for StandardGompertz<S> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        self.at_exponential(S::from(noise::exponential(rng)))
    }
    fn support(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn ln_pdf(&self, y: S) -> S {
        let hazard = self.hazard(y);
        if y.re() < 0.0 || hazard.re() == f64::INFINITY {
            S::from(f64::NEG_INFINITY)
        } else {
            // ln η + y - η (e^y - 1), with a slope that keeps its digits where η e^y is about 1
            self.eta.ln() + (-self.eta + 1.0) * y - self.eta * special::exp_m1_minus(y)
        }
    }
    fn cdf(&self, y: S) -> S {
        if y.re() < 0.0 { S::from(0.0) } else { -(-settled(self.hazard(y))).exp_m1() }
    }
    fn sf(&self, y: S) -> S {
        if y.re() < 0.0 { S::from(1.0) } else { (-settled(self.hazard(y))).exp() }
    }
    fn ln_cdf(&self, y: S) -> S {
        if y.re() <= 0.0 { S::from(f64::NEG_INFINITY) } else { (-settled(self.hazard(y))).ln_1m_exp() }
    }
    fn ln_sf(&self, y: S) -> S {
        if y.re() < 0.0 { S::from(0.0) } else { -self.hazard(y) }
    }
    fn quantile(&self, p: S) -> S {
        self.at_exponential(-(-p).ln_1p())
    }
    fn isf(&self, q: S) -> S {
        self.at_exponential(-q.ln())
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        self.at_exponential(-ln_p.ln_1m_exp())
    }
    fn isf_ln(&self, ln_q: S) -> S {
        self.at_exponential(-ln_q)
    }
    fn mean(&self) -> Option<S> {
        Some(special::exp_e1(self.eta))
    }
    fn variance(&self) -> Option<S> {
        if self.eta.re() < 0.1 {
            return Some(self.variance_of_small());
        }
        let mean = special::exp_e1(self.eta);
        Some(Self::expectation(|e| {
            let d = self.at_exponential(e) - mean;
            d * d
        }))
    }
    /// 1 - ln η - E[Y], as the cumulated hazard is ε, with mean 1
    fn entropy(&self) -> S {
        -special::ln_plus_exp_e1(self.eta) + 1.0
    }
    /// -ln η, or 0
    fn mode(&self) -> Option<S> {
        Some(if self.eta.re() < 1.0 { -self.eta.ln() } else { S::from(0.0) })
    }
}

impl<S: Scalar> KlDivergence<S> for Gompertz<S> {
    /// ln(η₁ b₁/(η₂ b₂)) + (b₁ - b₂) E\[X\] - 1 + η₂ C with C = E[e^(b₂ X)] - 1 = r e^η₁ η₁^-r Γ(r, η₁), r = b₂/b₁.
    fn kl_divergence(&self, other: &Self) -> S {
        let (eta, r) = (self.shape, other.rate.over(self.rate));
        let mean = special::exp_e1(eta);
        // by the continued fraction no large logarithms cancel
        let excess = if eta.re() > 2.0 && r.re() + 3.0 * math::sqrt(r.re()) < eta.re() {
            // the fraction goes deeper when there are derivatives
            (r * inc_gamma::fraction(r, eta)).with_re(r.re() * inc_gamma::fraction(r.re(), eta.re()))
        } else {
            exp(special::inc_gamma_ln_q(r, eta) - inc_gamma::ln_weight(&inc_gamma::Point::new(r, eta)))
        };
        let ln = ln_ratio(eta, other.shape) - ln_ratio(other.rate, self.rate);
        let divergence = bounded(ln + (-r + 1.0) * mean - 1.0 + other.shape * excess);
        if divergence.re() < CLOSE { self.divergence_from_near(other) } else { divergence }
    }
}

/// Divergences below this are taken without the terms of first order, which cancel.
const CLOSE: f64 = 1e-2;

impl<S: Scalar> Gompertz<S> {
    /// E[e^t - 1 - t] with t = ln g - ln f at the cumulated hazard ε, which is η₁ (e^y - 1) and, of the second law,
    /// ε + ε (η₂/η₁ - 1) + η₂ e^y (e^((r - 1) y) - 1).
    fn divergence_from_near(&self, other: &Self) -> S {
        let (first, second) = (self.shape, other.shape);
        let growth = (other.rate - self.rate).over(self.rate);
        let constant = ln_ratio(second, first) + ln_ratio(other.rate, self.rate);
        StandardGompertz::expectation(|e: S| {
            let z = growth * StandardGompertz { eta: first }.at_exponential(e);
            let hazard = e * (second - first).over(first) + second * (e.over(first) + 1.0) * z.exp_m1();
            special::exp_m1_minus(constant + z - hazard)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 4e-15 * want.abs(), "{got:e} for {want:e}");
    }

    // mpmath: e^η E1(η), its derivative, and quad of the variance
    #[test]
    fn moments() {
        let cases = [
            (1e-06, 13.238309131365003, -999986.7616908686, 1.6447319824296909),
            (0.3, 1.2225356050805856, -2.1107977282527477, 0.47525457325848997),
            (2.0, 0.3613286168882226, -0.1386713831117774, 0.0802489743998452),
            (10000.0, 9.999000199940023e-05, -9.99800059976012e-09, 9.996001699160484e-09),
        ];
        for (eta, mean, slope, variance) in cases {
            let [eta] = Jet::variables([eta]);
            let law = Gompertz::new(eta, 1.0.into()).unwrap();
            let m = law.mean().unwrap();
            close(m.re, mean);
            close(m.eps[0], slope);
            close(law.variance().unwrap().re, variance);
            close(law.entropy().re, 1.0 - eta.re.ln() - mean);
        }
    }

    // mpmath, by quad of f ln(f/g)
    #[test]
    fn divergence() {
        for ([eta, b], other, want) in [
            ([0.3, 1.0], [0.1, 2.0], 1.0718183919164679),
            ([2.0, 3.0], [0.5, 1.0], 1.792392306696075),
            ([1e6, 1.0], [3.0, 2.0], 11.023_756_088_743_22),
            ([1e6, 1.0], [2.0, 9e5], 15.510415756843071),
            ([20.0, 0.5], [0.25, 30.0], 875_396_400_016.453_1),
            ([1e-3, 1.0], [0.5, 30.0], 1.3275912267132651e122),
            ([1e-100, 1.0], [1e-100, 1.5], 1.329340388179137e50),
            ([1e-150, 2.0], [3e-150, 2.0], 0.9013877113318904),
            ([1e-10, 1e-140], [1e-10, 1.25e-140], 351.451_735_706_796_2),
            ([1e-8, 1e140], [2.0, 1e10], 297.065_699_432_199_1),
            ([1e8, 1.0], [3e8, 0.25], 0.037_682_074_326_780_95),
        ] {
            let (law, other) = (Gompertz::new(eta, b).unwrap(), Gompertz::new(other[0], other[1]).unwrap());
            let got = law.kl_divergence(&other);
            // a rounding of the logarithms of what is large, and of the power of η that C has
            let bound = |value: f64, r: f64| 2e-15 * value * (1.0 + value.ln().abs() + (r * eta.ln()).abs());
            assert!((got - want).abs() <= bound(want, other.rate / b), "{got:e} for {want:e}");
            assert!(law.kl_divergence(&law).abs() < bound(1.0, 1.0));
        }
        // ln(η₁/η₂) - ln(b₂/b₁) + (1 - b₂/b₁)/η₁ ..: its derivatives where the ratios overflow
        let [a, b, c, d] = Jet::variables([1e150, 1e150, 1e-150, 1e-150]);
        let got = Gompertz::new(a, b).unwrap().kl_divergence(&Gompertz::new(c, d).unwrap());
        close(got.re, 1380.5510557964274);
        for (got, want) in got.eps.into_iter().zip([1e-150, 1e-150, -1e150, -1e150]) {
            close(got, want);
        }
        // beyond the range of doubles
        let far = Gompertz::new(c, d).unwrap().kl_divergence(&Gompertz::new(a, b).unwrap());
        assert_eq!(far, f64::INFINITY.into());
    }

    #[test]
    fn tails() {
        let law = Gompertz::new(1e-3, 2.0).unwrap();
        close(law.quantile(1e-300), 0.5e-297);
        close(law.ln_sf(5.0), -1e-3 * 10f64.exp_m1());
        assert_eq!((law.sf(1e4), law.ln_pdf(1e4), law.cdf(-1.0)), (0.0, f64::NEG_INFINITY, 0.0));
        assert_eq!(Gompertz::from_hazard(1.0, f64::NAN).unwrap_err().parameter(), "hazard");
    }

    /// Of close laws, by mpmath; the steps of the parameters are rounded.
    #[test]
    fn divergence_of_close_laws() {
        for ([eta, b], other, want, bound) in [
            ([0.3, 1.0], [0.3000003, 1.0], 4.999_996_666_669_167e-13, 1e-9),
            ([1e-3, 2.0], [1.05e-3, 1.99], 9.354_013_222_229_044e-5, 1e-12),
            ([20.0, 0.5], [21.0, 0.5], 1.209_835_830_567_997e-3, 1e-13),
        ] {
            let (law, other) = (Gompertz::new(eta, b).unwrap(), Gompertz::new(other[0], other[1]).unwrap());
            let got = law.kl_divergence(&other);
            assert!((got / want - 1.0).abs() < bound, "{got:e} for {want:e}");
            assert_eq!(law.kl_divergence(&law), 0.0);
        }
    }
}

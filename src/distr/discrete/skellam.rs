//! Skellam's law.

use super::poisson::{PoissonSampler, ln_poisson};
use super::tails::SmallerTail;
use super::{
    Bulk, Discrete, DiscreteUnivariate, LnMasses, discrete_family, divergence_sum, entropy_of_many, entropy_sum,
    expectation, ln_sum, tails,
};
use crate::distr::KlDivergence;
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, math};
use crate::special::{inc_gamma_ln_p, inc_gamma_ln_q, ln_1p_minus};
use rand::Rng;
use rand::distr::Distribution;

/// [Skellam's law](https://en.wikipedia.org/wiki/Skellam_distribution): the difference of two Poisson counts with rates μ₁ and μ₂.
///
/// # Mass function
/// e^-(μ₁+μ₂) (μ₁/μ₂)^(k/2) I_|k|(2 sqrt(μ₁ μ₂)), k any integer; computed as Σ_j p₁(j + k) p₂(j), whose terms are positive and smooth in j,
/// so that a hundred of them do for large rates. The tails likewise, with the tails of one Poisson law.
///
/// # Derivatives
/// Draws are plain integers. dp(k)/dμ₁ = p(k - 1) - p(k), dp(k)/dμ₂ = p(k + 1) - p(k).
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [first, second] = Jet::variables([2.0, 1.0]);
/// let law = Skellam::new(first, second)?;
/// assert_eq!(law.mean(), Jet { re: 1.0, eps: [1.0, -1.0] });
/// assert!((law.pmf(&0).re - 0.211712083961944).abs() < 1e-14); // e^-3 I_0(2 sqrt 2)
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Skellam<S> {
    first: S,
    second: S,
    samplers: [PoissonSampler; 2],
}

impl<S: Scalar> Skellam<S> {
    /// The law of a count with rate `first` less one with rate `second`.
    ///
    /// # Errors
    /// If `first` or `second` is not in [1e-50, 1e15].
    pub fn new(first: S, second: S) -> Result<Self, LawError> {
        check!("a Skellam law", first: [1e-50, 1e15]);
        check!("a Skellam law", second: [1e-50, 1e15]);
        let samplers = [first, second].map(|rate| PoissonSampler::new(rate.re()));
        Ok(Skellam { first, second, samplers })
    }

    /// Where the terms p₁(j + k) p₂(j) are: where (j + k) j = μ₁ μ₂.
    fn bulk(first: S, second: S, k: f64) -> Bulk {
        let product = first.re() * second.re();
        let root = math::hypot(k, 2.0 * math::sqrt(product));
        let j = if k > 0.0 { 2.0 * product / (k + root) } else { 0.5 * (root - k) };
        let width = 1.0 / math::sqrt(1.0 / (j + 1.0) + 1.0 / (j + k).max(0.0).max(1.0));
        Bulk { centre: math::floor(j), width }
    }

    fn ln_mass(&self, k: f64) -> S {
        Self::ln_mass_of(self.first, self.second, k)
    }

    fn ln_mass_of(first: S, second: S, k: f64) -> S {
        // the larger count in front
        let (first, second, k) = if k < 0.0 { (second, first, -k) } else { (first, second, k) };
        let bulk = Self::bulk(first, second, k);
        if k < LARGE {
            return ln_sum(0.0, f64::INFINITY, bulk, |j| ln_poisson(first, j + k) + ln_poisson(second, j));
        }
        let (front, rest) = two_sum(k, bulk.centre);
        let ln_f = |j: f64| ln_growth(first, front, (j - bulk.centre) + rest) + ln_poisson(second, j);
        ln_sum(0.0, f64::INFINITY, bulk, ln_f) + ln_poisson(first, front)
    }

    /// Whether terms p₁(j + k) p₂(j) of two laws differ by little wherever there is mass.
    fn is_close(&self, other: &Self) -> bool {
        let pairs = [(self.first.re(), other.first.re()), (self.second.re(), other.second.re())];
        pairs.into_iter().all(|(a, b)| (b - a).abs() <= CLOSE * a.min(math::sqrt(a)))
    }

    /// Masses of this law and of one that is close. The quotient is the mean of the terms' own, given k, which are known without
    /// a difference of logarithms of masses.
    fn ln_masses(&self, other: &Self, k: f64) -> LnMasses<S> {
        let p = self.ln_mass(k);
        let counts = [(self.first, other.first), (self.second, other.second)];
        // the larger count in front
        let [(first, to_first), (second, to_second)] = if k < 0.0 { [counts[1], counts[0]] } else { counts };
        let k = k.abs();
        let ln_mass = |j: f64| ln_poisson(first, j + k) + ln_poisson(second, j) - p;
        let [front, back] = [LnQuotient::of(first, to_first), LnQuotient::of(second, to_second)];
        let quotient = |j: f64| (front.at(j + k) + back.at(j)).exp_m1();
        let r = expectation(0.0, f64::INFINITY, Self::bulk(first, second, k), ln_mass, quotient).ln_1p();
        LnMasses { p, q: p + r, r }
    }

    /// ln P(X₁ - X₂ <= k), a sum over the count of the smaller rate, whose masses are what bounds the terms.
    fn ln_lower(first: S, second: S, k: f64) -> S {
        if k.abs() >= LARGE && k < first.re() - second.re() {
            let ln = Self::ln_mass_of(first, second, k);
            if ln.re() < FAR_OUT {
                // a geometric series with the quotient p(k - 1)/p(k), X₁ over its rate: the quotient's growth does not show
                let root = (first * second * 4.0 + k * k).sqrt();
                let quotient =
                    if k > 0.0 { (root + k).over(first * 2.0) } else { (second * 2.0).over(root - S::from(k)) };
                return ln - (-quotient).ln_1p();
            }
        }
        if second.re() <= first.re() {
            // Σ_j P(X₂ = j) P(X₁ <= j + k)
            return ln_sum((-k).max(0.0), f64::INFINITY, Self::bulk(first, second, k), |j| {
                inc_gamma_ln_q(S::from(j + k + 1.0), first) + ln_poisson(second, j)
            });
        }
        // Σ_i P(X₁ = i) P(X₂ >= i - k)
        ln_sum(0.0, f64::INFINITY, Self::bulk(second, first, -k), |i| {
            let least = i - k;
            let others = if least < 1.0 { S::from(0.0) } else { inc_gamma_ln_p(S::from(least), second) };
            ln_poisson(first, i) + others
        })
    }

    /// Both tails from the smaller one.
    fn tails(&self, k: i64) -> SmallerTail<S> {
        let k = k as f64;
        SmallerTail::new(k >= self.mean().re(), |upper| {
            // X₁ - X₂ > k where X₂ - X₁ <= -k - 1
            if upper {
                Self::ln_lower(self.second, self.first, -k - 1.0)
            } else {
                Self::ln_lower(self.first, self.second, k)
            }
        })
    }

    fn tail(&self, k: i64, upper: bool) -> S {
        self.tails(k).of(upper)
    }

    fn ln_tail(&self, k: i64, upper: bool) -> S {
        self.tails(k).ln_of(upper)
    }
}

impl<S: Scalar> Distribution<i64> for Skellam<S> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> i64 {
        let [first, second] = &self.samplers;
        first.draw(rng) as i64 - second.draw(rng) as i64
    }
}

impl<S: Scalar> Discrete<S> for Skellam<S> {
    type Outcome = i64;

    fn ln_pmf(&self, k: &i64) -> S {
        self.ln_mass(*k as f64)
    }
}

impl<S: Scalar> DiscreteUnivariate<S> for Skellam<S> {
    fn support(&self) -> (i64, i64) {
        (i64::MIN, i64::MAX)
    }
    tails!();
    fn mean(&self) -> S {
        self.first - self.second
    }
    fn variance(&self) -> S {
        self.first + self.second
    }
    /// By summation.
    fn entropy(&self) -> S {
        let (mean, variance) = (self.mean(), self.variance());
        let skewness = mean.over(variance);
        entropy_of_many(variance, (skewness * skewness).over(variance)).unwrap_or_else(|| {
            entropy_sum(f64::NEG_INFINITY, f64::INFINITY, Bulk::of(mean, variance), |k| self.ln_mass(k))
        })
    }
    fn mode(&self) -> i64 {
        // within 1 of the mean, as the law is log-concave and so are both counts'
        let mean = math::floor(self.mean().re()) as i64;
        let mass = |k: &i64| self.ln_pmf(k).re();
        [mean - 1, mean, mean + 1, mean + 2]
            .into_iter()
            .reduce(|m, k| if mass(&k) > mass(&m) { k } else { m })
            .unwrap_or(mean)
    }
}

impl<S: Scalar> KlDivergence<S> for Skellam<S> {
    /// By summation.
    fn kl_divergence(&self, other: &Self) -> S {
        let bulk = Bulk::of(self.mean(), self.variance());
        let sum =
            |ln: &dyn Fn(f64) -> LnMasses<S>| divergence_sum(f64::NEG_INFINITY, f64::INFINITY, bulk, S::from(0.0), ln);
        if self.is_close(other) {
            sum(&|k| self.ln_masses(other, k))
        } else {
            sum(&|k| LnMasses::of(self.ln_mass(k), other.ln_mass(k)))
        }
    }
}

/// The logarithm of the quotient of the masses of two Poisson laws.
struct LnQuotient<S> {
    rate: S,
    /// ln(1 + d), and that less d, of the relative difference d of the rates.
    ln: S,
    ln_minus: S,
}

impl<S: Scalar> LnQuotient<S> {
    fn of(rate: S, to: S) -> Self {
        let d = (to - rate).over(rate);
        LnQuotient { rate, ln: d.ln_1p(), ln_minus: ln_1p_minus(d) }
    }

    /// k ln(μ'/μ) - (μ' - μ), without the cancellation at k close to μ.
    fn at(&self, k: f64) -> S {
        (S::from(k) - self.rate) * self.ln + self.rate * self.ln_minus
    }
}

/// The difference of two rates, in standard deviations of a count or as a share, up to which laws are close.
const CLOSE: f64 = 0.25;

/// The difference from which on logarithms of masses are so large that their differences are taken apart.
const LARGE: f64 = 1e12;

/// The logarithm of a mass below which the logarithm of the tail has all digits from it and the next one.
const FAR_OUT: f64 = -1e8;

/// a + b rounded, and what that leaves out (Knuth).
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let of_b = sum - a;
    (sum, (a - (sum - of_b)) + (b - of_b))
}

/// ln p(k + d) - ln p(k) of a Poisson law, for large k: d ln(λ/k) - k ((1 + x) ln(1 + x) - x) - ln(1 + x)/2 with x = d/k.
fn ln_growth<S: Scalar>(rate: S, k: f64, d: f64) -> S {
    let x = d / k;
    rate.over(S::from(k)).ln() * d - k * (x * math::ln_1p(x) + ln_1p_minus(x)) - 0.5 * math::ln_1p(x)
}

discrete_family!(Skellam, "skellam", "a Skellam law", [], [first, second]);

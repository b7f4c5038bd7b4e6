//! The binomial law.

use super::cell::{divergence_of_cell, entropy_of_cell, sum_of_cells};
use super::counts::{CountSampler, Counts, draw_once};
use super::{
    Bulk, Discrete, DiscreteUnivariate, LnMasses, discrete_family, divergence_sum, entropy_of_many, entropy_sum, tails,
};
use crate::distr::KlDivergence;
use crate::parameter::{LawError, check};
use crate::scalar::{MAX_ORDER, Scalar, math};
use crate::special::{UnitPoint, inc_beta_ln_probability, inc_beta_probability, ln_binomial_weight_by};
use rand::Rng;
use rand::distr::Distribution;

/// The [binomial law](https://en.wikipedia.org/wiki/Binomial_distribution): the number of successes in n trials of probability p.
///
/// # Mass function
/// C(n, k) p^k (1 - p)^(n-k), k = 0 to n; its logarithm by Loader's deviances, without cancellation up to n = 1e15. The cdf is
/// the regularized incomplete beta function I_(1-p)(n - k, k + 1).
///
/// # Derivatives
/// Draws are plain counts. d ln p(k)/dp = (k - n p) / (p (1 - p)); derivatives of tails are those of the incomplete beta function.
/// At p = 0 and p = 1 the pmf and the tails have their one-sided derivatives; the entropy's are infinite.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [p] = Jet::variables([0.25]);
/// let law = Binomial::new(4, p)?;
/// assert!((law.pmf(&1).re - 0.421875).abs() < 1e-15);
/// assert!(law.ln_pmf(&1).eps[0].abs() < 1e-15); // 1 is the mean
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws: a table of the cdf below a variance of 10, a rounded function of a normal number above, accepted or rejected by its mass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Binomial<S> {
    trials: u64,
    p: S,
    sampler: BinomialSampler,
}

impl<S: Scalar> Binomial<S> {
    /// The law of the successes in `trials` trials, each of probability `p`.
    ///
    /// # Errors
    /// If `trials` is above 1e15, or `p` is not in [0, 1].
    pub fn new(trials: u64, p: S) -> Result<Self, LawError> {
        check!("a binomial law", trials, trials as f64; COUNT);
        check!("a binomial law", p: UNIT);
        Ok(Binomial { trials, p, sampler: BinomialSampler::new(trials, p.re()) })
    }

    /// n as a double.
    fn n(&self) -> f64 {
        self.trials as f64
    }

    /// Whether p is 0 or 1.
    fn is_certain(&self) -> bool {
        self.p.re() == 0.0 || self.p.re() == 1.0
    }

    /// ln p(k) for real k in [0, n] and p inside (0, 1).
    fn ln_mass(&self, k: f64) -> S {
        ln_binomial_mass(self.p, self.n(), k)
    }

    /// The shapes and the point of the beta law that has this lower tail for its upper one; or which of the tails is 0.
    fn beta(&self, k: u64) -> Result<(S, S, UnitPoint<S>), bool> {
        if k >= self.trials || self.p.re() == 0.0 {
            Err(true)
        } else if self.p.re() == 1.0 {
            Err(false)
        } else {
            let k = k as f64;
            Ok((S::from(k + 1.0), S::from(self.n() - k), UnitPoint::new(self.p)))
        }
    }

    fn tail(&self, k: u64, upper: bool) -> S {
        match self.beta(k) {
            Ok((a, b, at)) => inc_beta_probability(a, b, at, !upper),
            Err(above) if above == upper => self.empty_tail(k, upper),
            Err(_) => -self.empty_tail(k, !upper) + 1.0,
        }
    }

    fn ln_tail(&self, k: u64, upper: bool) -> S {
        match self.beta(k) {
            Ok((a, b, at)) => inc_beta_ln_probability(a, b, at, !upper),
            Err(above) if above == upper => S::from(f64::NEG_INFINITY),
            Err(_) => (-self.empty_tail(k, !upper)).ln_1p(),
        }
    }

    /// A tail of probability 0: of p at 0 or 1 what derivatives can reach.
    fn empty_tail(&self, k: u64, upper: bool) -> S {
        let reach = MAX_ORDER as u64;
        let counts = if k >= self.trials {
            return S::from(0.0);
        } else if upper {
            k + 1..=self.trials.min(reach)
        } else {
            self.trials.saturating_sub(reach)..=k
        };
        counts.fold(S::from(0.0), |sum, k| sum + self.pmf(&k))
    }
}

/// ln p(k) of n trials, for real k in [0, n] and p inside (0, 1).
pub(crate) fn ln_binomial_mass<S: Scalar>(p: S, n: f64, k: f64) -> S {
    // n p - k with one rounding
    let excess = (p * n - k).with_re(libm::fma(n, p.re(), -k));
    ln_binomial_weight_by(S::from(k), S::from(n - k), UnitPoint::new(p), excess)
}

impl<S: Scalar> Distribution<u64> for Binomial<S> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> u64 {
        self.sampler.draw(rng)
    }
}

impl<S: Scalar> Discrete<S> for Binomial<S> {
    type Outcome = u64;

    fn ln_pmf(&self, k: &u64) -> S {
        if *k > self.trials {
            S::from(f64::NEG_INFINITY)
        } else if self.is_certain() {
            let certain = if self.p.re() == 0.0 { 0 } else { self.trials };
            if *k != certain {
                S::from(f64::NEG_INFINITY)
            } else if self.p.re() == 0.0 {
                (-self.p).ln_1p() * self.n()
            } else {
                self.p.ln() * self.n()
            }
        } else {
            self.ln_mass(*k as f64)
        }
    }
    fn pmf(&self, k: &u64) -> S {
        if !self.is_certain() || *k > self.trials {
            return self.ln_pmf(k).exp();
        }
        // the polynomial itself: all of its terms that derivatives can reach
        let (rare, often) = if self.p.re() == 0.0 { (self.p, *k) } else { (-self.p + 1.0, self.trials - *k) };
        if often > MAX_ORDER as u64 {
            return S::from(0.0);
        }
        let choose = (0..often).fold(1.0, |c, i| c * (self.trials - i) as f64 / (i + 1) as f64);
        rare.powi(often as i32) * ((-rare).ln_1p() * (self.trials - often) as f64).exp() * choose
    }
}

impl<S: Scalar> DiscreteUnivariate<S> for Binomial<S> {
    fn support(&self) -> (u64, u64) {
        let p = self.p.re();
        (if p == 1.0 { self.trials } else { 0 }, if p == 0.0 { 0 } else { self.trials })
    }
    tails!();
    fn mean(&self) -> S {
        self.p * self.n()
    }
    fn variance(&self) -> S {
        self.p * (-self.p + 1.0) * self.n()
    }
    /// By summation: relative error 1e-13.
    fn entropy(&self) -> S {
        if self.is_certain() {
            let rare = if self.p.re() == 0.0 { self.p } else { -self.p + 1.0 };
            return entropy_of_cell(rare, S::from(f64::NEG_INFINITY)) * self.n();
        }
        let (mean, variance) = (self.mean(), self.variance());
        let asymmetry = -self.p * 2.0 + 1.0;
        entropy_of_many(variance, (asymmetry * asymmetry).over(variance))
            .unwrap_or_else(|| entropy_sum(0.0, self.n(), Bulk::of(mean, variance), |k| self.ln_mass(k)))
    }
    fn mode(&self) -> u64 {
        // the smallest integer that is not below (n + 1) p - 1; saturates at 0
        (-math::floor(-(self.n() + 1.0) * self.p.re()) - 1.0) as u64
    }
}

impl<S: Scalar> KlDivergence<S> for Binomial<S> {
    /// That of one trial, times their number, for laws of the same number of trials; by summation for others.
    fn kl_divergence(&self, other: &Self) -> S {
        if self.trials != other.trials {
            let ((low, high), (from, to)) = (self.support(), other.support());
            if low < from || to < high {
                return S::from(f64::INFINITY);
            }
            if low == high {
                return self.ln_pmf(&low) - other.ln_pmf(&low);
            }
            let bulk = Bulk::of(self.mean(), self.variance());
            let ln = |k| LnMasses::of(self.ln_mass(k), other.ln_mass(k));
            return divergence_sum(low as f64, high as f64, bulk, other.sf(&high), ln);
        }
        if self.trials == 0 {
            return S::from(0.0);
        }
        divergence_of_trial(self.p, other.p) * self.n()
    }
}

/// The divergence of one trial of probability p.
pub(crate) fn divergence_of_trial<S: Scalar>(p: S, other: S) -> S {
    let step = other - p;
    let failure = divergence_of_cell(-p + 1.0, -other + 1.0, -step);
    sum_of_cells([divergence_of_cell(p, other, step), failure].into_iter())
}

discrete_family!(Binomial, "binomial", "a binomial law", [trials: u64], [p]);

/// The law of the counts of the rarer of success and failure, in n trials of probability p <= 1/2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct BinomialCounts {
    n: f64,
    p: f64,
    /// p / (1 - p)
    odds: f64,
}

impl BinomialCounts {
    #[inline]
    pub fn new(trials: u64, p: f64) -> Self {
        BinomialCounts { n: trials as f64, p, odds: p / (1.0 - p) }
    }
}

impl Counts for BinomialCounts {
    #[inline]
    fn last(&self) -> f64 {
        self.n
    }
    #[inline]
    fn mean(&self) -> f64 {
        self.n * self.p
    }
    #[inline]
    fn variance(&self) -> f64 {
        self.n * self.p * (1.0 - self.p)
    }
    #[inline]
    fn skew(&self) -> f64 {
        1.0 - 2.0 * self.p
    }
    #[inline]
    fn none(&self) -> f64 {
        math::exp(self.n * math::ln_1p(-self.p))
    }
    #[inline]
    fn ratio(&self, k: f64) -> f64 {
        (self.n - (k - 1.0)) / k * self.odds
    }
    fn ln_mass(&self, k: f64) -> f64 {
        ln_binomial_mass(self.p, self.n, k)
    }
}

/// Draws of a binomial law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct BinomialSampler {
    /// Of which the failures are counted, if p is above 1/2.
    failures_of: Option<u64>,
    law: BinomialCounts,
    sampler: CountSampler,
}

/// The rarer outcome's law, and the trials if it is failure.
#[inline]
fn rarer(trials: u64, p: f64) -> (Option<u64>, BinomialCounts) {
    if p > 0.5 { (Some(trials), BinomialCounts::new(trials, 1.0 - p)) } else { (None, BinomialCounts::new(trials, p)) }
}

impl BinomialSampler {
    /// For p in [0, 1].
    #[inline]
    pub fn new(trials: u64, p: f64) -> Self {
        let (failures_of, law) = rarer(trials, p);
        BinomialSampler { failures_of, law, sampler: CountSampler::new(&law) }
    }

    /// A draw of a law that is used once, without a table.
    #[inline]
    pub fn draw_once<R: Rng + ?Sized>(trials: u64, p: f64, rng: &mut R) -> u64 {
        let (failures_of, law) = rarer(trials, p);
        let k = draw_once(&law, rng);
        failures_of.map_or(k, |trials| trials - k)
    }

    #[inline]
    pub fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> u64 {
        let k = self.sampler.draw(&self.law, rng);
        self.failures_of.map_or(k, |trials| trials - k)
    }
}

//! The hypergeometric law.

use super::counts::{CountSampler, Counts};
use super::tails::SmallerTail;
use super::{
    Bulk, Discrete, DiscreteUnivariate, LnMasses, discrete_family, divergence_sum, entropy_sum, ln_sum, tails,
};
use crate::distr::KlDivergence;
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, math};
use crate::special::{UnitPoint, ln_binomial_weight_by};
use core::marker::PhantomData;
use rand::Rng;
use rand::distr::Distribution;

/// The [hypergeometric law](https://en.wikipedia.org/wiki/Hypergeometric_distribution): the number of successes among n draws without
/// replacement from a population of N with K successes.
///
/// # Mass function
/// C(K, k) C(N-K, n-k) / C(N, n); its logarithm from three binomial masses at p = n/N by Loader's deviances, without cancellation up to
/// N = 1e15. Tails are sums of masses, of a few thousand terms at the most.
///
/// # Derivatives
/// The parameters are integers: everything is constant. The scalar is there for code that is generic over laws.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = Hypergeometric::<f64>::new(10, 4, 3)?;
/// assert!((law.pmf(&1) - 0.5).abs() < 1e-15);
/// assert!((law.mean() - 1.2).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws: a table of the cdf below a variance of 10, a rounded function of a normal number above, accepted or rejected by its mass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hypergeometric<S> {
    population: u64,
    successes: u64,
    draws: u64,
    counts: HypergeometricCounts,
    sampler: CountSampler,
    scalar: PhantomData<S>,
}

/// The urn of a law: N, K, n as doubles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Urn {
    pub all: f64,
    pub successes: f64,
    pub draws: f64,
}

impl Urn {
    /// The smallest and the largest count.
    fn ends(&self) -> (f64, f64) {
        ((self.draws + self.successes - self.all).max(0.0), self.draws.min(self.successes))
    }

    /// Mean and variance.
    fn moments(&self) -> (f64, f64) {
        let Urn { all, successes, draws } = *self;
        if all == 0.0 {
            return (0.0, 0.0);
        }
        let mean = draws * (successes / all);
        let finite = if all > 1.0 { (all - draws) / (all - 1.0) } else { 0.0 };
        (mean, mean * ((all - successes) / all) * finite)
    }

    /// ln p(k) for real k in the support.
    fn ln_mass(&self, k: f64) -> f64 {
        let Urn { all, successes, draws } = *self;
        let (low, high) = self.ends();
        if low == high {
            return 0.0;
        }
        let (x, y) = (draws / all, (all - draws) / all);
        let ln = |x: f64, y: f64| if x < 0.5 { math::ln(x) } else { math::ln_1p(-y) };
        let at = UnitPoint { x, y, ln_x: ln(x, y), ln_y: ln(y, x) };
        // K n/N - k from products to twice the digits
        let product = k * all;
        let rest = libm::fma(k, all, -product);
        let excess = (libm::fma(successes, draws, -product) - rest) / all;
        ln_binomial_weight_by(k, successes - k, at, excess)
            + ln_binomial_weight_by(draws - k, (all - successes) - (draws - k), at, -excess)
            - ln_binomial_weight_by(draws, all - draws, at, 0.0)
    }
}

/// The counts from the end of the support that is nearer to the mean, up or down from there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct HypergeometricCounts {
    urn: Urn,
    /// Whether it is the smaller end.
    upward: bool,
    /// The successes and failures in hand and left in the urn at that end: two that fall by 1 with every count, two that rise.
    falling: [f64; 2],
    rising: [f64; 2],
}

impl HypergeometricCounts {
    pub fn new(urn: Urn) -> Self {
        let ((low, high), (mean, _)) = (urn.ends(), urn.moments());
        let upward = mean - low <= high - mean;
        let end = if upward { low } else { high };
        let (left, others) = ([urn.successes - end, urn.draws - end], [end, urn.all - urn.successes - urn.draws + end]);
        let (falling, rising) = if upward { (left, others) } else { (others, left) };
        HypergeometricCounts { urn, upward, falling, rising }
    }

    /// The count that is this many from the end.
    #[inline]
    fn count(&self, steps: u64) -> u64 {
        let end = if self.upward { self.rising[0] } else { self.falling[0] } as u64;
        if self.upward { end + steps } else { end - steps }
    }
}

impl Counts for HypergeometricCounts {
    #[inline]
    fn last(&self) -> f64 {
        self.falling[0].min(self.falling[1])
    }
    /// From the end, without a difference of numbers near each other.
    fn mean(&self) -> f64 {
        let [a, b] = self.falling;
        if a == 0.0 { 0.0 } else { a * (b / self.urn.all) }
    }
    fn variance(&self) -> f64 {
        self.urn.moments().1
    }
    fn skew(&self) -> f64 {
        let Urn { all, successes, draws } = self.urn;
        // positive from the nearer end
        ((all - 2.0 * successes) / all * ((all - 2.0 * draws) / (all - 2.0))).abs()
    }
    fn none(&self) -> f64 {
        math::exp(self.ln_mass(0.0))
    }
    #[inline]
    fn ratio(&self, k: f64) -> f64 {
        let ([a, b], [c, d]) = (self.falling, self.rising);
        (a - (k - 1.0)) * (b - (k - 1.0)) / ((c + k) * (d + k))
    }
    fn ln_mass(&self, k: f64) -> f64 {
        self.urn.ln_mass(if self.upward { self.rising[0] + k } else { self.falling[0] - k })
    }
}

impl<S: Scalar> Hypergeometric<S> {
    /// The law of the successes among `draws` from a population with this number of successes.
    ///
    /// # Errors
    /// If `population` is above 1e15, or `successes` or `draws` is above `population`.
    pub fn new(population: u64, successes: u64, draws: u64) -> Result<Self, LawError> {
        check!("a hypergeometric law", population, population as f64; COUNT);
        check!("a hypergeometric law", successes, successes as f64; "at most the population"
            if successes <= population);
        check!("a hypergeometric law", draws, draws as f64; "at most the population" if draws <= population);
        let [all, successes_of_all, drawn] = [population, successes, draws].map(|n| n as f64);
        let counts = HypergeometricCounts::new(Urn { all, successes: successes_of_all, draws: drawn });
        let sampler = CountSampler::new(&counts);
        Ok(Hypergeometric { population, successes, draws, counts, sampler, scalar: PhantomData })
    }

    fn ends(&self) -> (u64, u64) {
        let (low, high) = self.counts.urn.ends();
        (low as u64, high as u64)
    }

    fn moments(&self) -> (f64, f64) {
        self.counts.urn.moments()
    }

    fn ln_mass(&self, k: f64) -> f64 {
        self.counts.urn.ln_mass(k)
    }

    /// The mode, the largest of several.
    fn top(&self) -> u64 {
        let [all, successes, draws] = [self.population, self.successes, self.draws].map(u128::from);
        ((draws + 1) * (successes + 1) / (all + 2)) as u64
    }

    /// Both tails by summation of the smaller one; k inside the support.
    fn tails(&self, k: u64) -> SmallerTail<f64> {
        let ((low, high), (mean, variance)) = (self.ends(), self.moments());
        let (bulk, k) = (Bulk::of(mean, variance), k as f64);
        SmallerTail::new(k >= mean, |upper| {
            let (from, to) = if upper { (k + 1.0, high as f64) } else { (low as f64, k) };
            ln_sum(from, to, bulk, |k| self.ln_mass(k))
        })
    }

    /// The tail where it is 0 or 1.
    fn outside(&self, k: u64, upper: bool) -> Option<f64> {
        let (low, high) = self.ends();
        if k < low {
            Some(if upper { 1.0 } else { 0.0 })
        } else if k >= high {
            Some(if upper { 0.0 } else { 1.0 })
        } else {
            None
        }
    }

    fn tail(&self, k: u64, upper: bool) -> S {
        S::from(self.outside(k, upper).unwrap_or_else(|| self.tails(k).of(upper)))
    }

    fn ln_tail(&self, k: u64, upper: bool) -> S {
        S::from(self.outside(k, upper).map_or_else(|| self.tails(k).ln_of(upper), math::ln))
    }
}

impl<S: Scalar> Distribution<u64> for Hypergeometric<S> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> u64 {
        self.counts.count(self.sampler.draw(&self.counts, rng))
    }
}

impl<S: Scalar> Discrete<S> for Hypergeometric<S> {
    type Outcome = u64;

    fn ln_pmf(&self, k: &u64) -> S {
        let (low, high) = self.ends();
        S::from(if (low..=high).contains(k) { self.ln_mass(*k as f64) } else { f64::NEG_INFINITY })
    }
}

impl<S: Scalar> DiscreteUnivariate<S> for Hypergeometric<S> {
    fn support(&self) -> (u64, u64) {
        self.ends()
    }
    tails!();
    fn mean(&self) -> S {
        S::from(self.moments().0)
    }
    fn variance(&self) -> S {
        S::from(self.moments().1)
    }
    /// By summation.
    fn entropy(&self) -> S {
        let ((low, high), (mean, variance)) = (self.ends(), self.moments());
        S::from(entropy_sum(low as f64, high as f64, Bulk::of(mean, variance), |k| self.ln_mass(k)))
    }
    fn mode(&self) -> u64 {
        let [all, successes, draws] = [self.population, self.successes, self.draws].map(u128::from);
        // of two, where the quotient is whole
        let tie = ((draws + 1) * (successes + 1)).is_multiple_of(all + 2);
        let (low, _) = self.ends();
        self.top().saturating_sub(u64::from(tie)).max(low)
    }
}

impl<S: Scalar> KlDivergence<S> for Hypergeometric<S> {
    /// By summation.
    fn kl_divergence(&self, other: &Self) -> S {
        let ((low, high), (mean, variance)) = (self.ends(), self.moments());
        let (from, to) = other.ends();
        if low < from || to < high {
            return S::from(f64::INFINITY);
        }
        let bulk = Bulk::of(mean, variance);
        let below = if low > from { other.tails(low - 1).of(false) } else { 0.0 };
        let rest = below + if high < to { other.tails(high).of(true) } else { 0.0 };
        let ln = |k| LnMasses::of(self.ln_mass(k), other.ln_mass(k));
        S::from(divergence_sum(low as f64, high as f64, bulk, rest, ln))
    }
}

discrete_family!(
    Hypergeometric, "hypergeometric", "a hypergeometric law",
    [population: u64, successes: u64, draws: u64], []
);

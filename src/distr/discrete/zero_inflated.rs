//! Counts with additional zeros.

use super::cell::entropy_of_cell;
use super::{Discrete, DiscreteUnivariate, discrete_serde, tails};
use crate::distr::KlDivergence;
use crate::noise;
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, math};
use core::marker::PhantomData;
use rand::Rng;
use rand::distr::Distribution;

/// A [zero-inflated law](https://en.wikipedia.org/wiki/Zero-inflated_model): 0 with probability z, else a draw of a law of counts.
///
/// # Mass function
/// z [k = 0] + (1 - z) p(k), p the mass function of the law of counts.
///
/// # Derivatives
/// Draws are plain counts. Of z and of all parameters of the law of counts, by the formula above.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [zero, rate] = Jet::variables([0.25, 2.0]);
/// let law = ZeroInflated::new(zero, Poisson::new(rate)?)?;
/// assert_eq!(law.mean(), Jet { re: 1.5, eps: [-2.0, 0.75] });
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ZeroInflated<S, D> {
    zero: S,
    law: D,
    scalar: PhantomData<S>,
}

impl<S: Scalar, D: DiscreteUnivariate<S, Outcome = u64>> ZeroInflated<S, D> {
    /// The law of 0 with probability `zero`, and of the counts of `law` else.
    ///
    /// # Errors
    /// If `zero` is not in [0, 1].
    pub fn new(zero: S, law: D) -> Result<Self, LawError> {
        check!("a zero-inflated law", zero: UNIT);
        Ok(ZeroInflated { zero, law, scalar: PhantomData })
    }

    /// The probability of a structural zero.
    pub fn zero(&self) -> S {
        self.zero
    }

    /// The law of the counts that are not structural zeros.
    pub fn counts(&self) -> &D {
        &self.law
    }

    /// 1 - z.
    fn rest(&self) -> S {
        -self.zero + 1.0
    }

    /// ln(1 - z).
    fn ln_rest(&self) -> S {
        if self.zero.re() == 1.0 { S::from(f64::NEG_INFINITY) } else { (-self.zero).ln_1p() }
    }

    /// ln(z + (1 - z) F) from ln F, relative to the larger term.
    fn ln_mixed(&self, ln_f: S) -> S {
        let (zero, ln) = (self.zero, self.ln_rest() + ln_f);
        if zero.re() > math::exp(ln.re()) {
            zero.ln() + ln.exp().over(zero).ln_1p()
        } else if ln.re() < -700.0 {
            // the derivative in z is beyond the range of doubles
            if ln.re() == f64::NEG_INFINITY { S::from(f64::NEG_INFINITY) } else { ln }
        } else {
            ln + (zero * (-ln).exp()).ln_1p()
        }
    }

    fn tail(&self, k: u64, upper: bool) -> S {
        let sf = self.rest() * self.law.sf(&k);
        if upper {
            sf
        } else if sf.re() < 0.5 {
            -sf + 1.0
        } else {
            self.zero + self.rest() * self.law.cdf(&k)
        }
    }

    fn ln_tail(&self, k: u64, upper: bool) -> S {
        let sf = self.tail(k, true);
        if upper {
            let ln = self.ln_rest() + self.law.ln_sf(&k);
            if ln.re() == f64::NEG_INFINITY { S::from(f64::NEG_INFINITY) } else { ln }
        } else if sf.re() < 0.5 {
            (-sf).ln_1p()
        } else {
            self.ln_mixed(self.law.ln_cdf(&k))
        }
    }
}

impl<S: Scalar, D: Distribution<u64>> Distribution<u64> for ZeroInflated<S, D> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> u64 {
        if noise::uniform(rng) < self.zero.re() { 0 } else { self.law.sample(rng) }
    }
}

impl<S: Scalar, D: DiscreteUnivariate<S, Outcome = u64>> Discrete<S> for ZeroInflated<S, D> {
    type Outcome = u64;

    fn ln_pmf(&self, k: &u64) -> S {
        if *k == 0 {
            return self.ln_tail(0, false);
        }
        let ln = self.ln_rest() + self.law.ln_pmf(k);
        if ln.re() == f64::NEG_INFINITY { S::from(f64::NEG_INFINITY) } else { ln }
    }
    fn pmf(&self, k: &u64) -> S {
        if *k == 0 { self.tail(0, false) } else { self.rest() * self.law.pmf(k) }
    }
}

impl<S: Scalar, D: DiscreteUnivariate<S, Outcome = u64>> DiscreteUnivariate<S> for ZeroInflated<S, D> {
    fn support(&self) -> (u64, u64) {
        let (low, high) = self.law.support();
        let z = self.zero.re();
        (if z > 0.0 { 0 } else { low }, if z == 1.0 { 0 } else { high })
    }
    tails!();
    fn mean(&self) -> S {
        self.rest() * self.law.mean()
    }
    fn variance(&self) -> S {
        let mean = self.law.mean();
        self.rest() * (self.law.variance() + self.zero * mean * mean)
    }
    /// From the entropy of the law of counts, whose mass at 0 is exchanged.
    fn entropy(&self) -> S {
        let (none, old) = (self.pmf(&0), self.law.pmf(&0));
        let others = self.law.entropy() - entropy_of_cell(old, self.law.ln_pmf(&0));
        let shrunk = self.rest() * self.law.sf(&0);
        self.rest() * others + entropy_of_cell(shrunk, self.ln_rest()) + entropy_of_cell(none, self.ln_pmf(&0))
    }
    fn mode(&self) -> u64 {
        let mode = self.law.mode();
        if self.pmf(&0).re() >= self.pmf(&mode).re() { 0 } else { mode }
    }
}

/// How many counts are summed over at the most.
const MOST_TERMS: usize = 10_000_000;

impl<S: Scalar, D: DiscreteUnivariate<S, Outcome = u64> + KlDivergence<S>> KlDivergence<S> for ZeroInflated<S, D> {
    /// From that of the laws of counts, whose term at 0 is exchanged; by summation where that term alone is infinite.
    fn kl_divergence(&self, other: &Self) -> S {
        let at_zero = |p: S, ln_p: S, ln_q: S| if p.re() == 0.0 { S::from(0.0) } else { p * (ln_p - ln_q) };
        let zero = at_zero(self.pmf(&0), self.ln_pmf(&0), other.ln_pmf(&0));
        // the probability of more than 0, which the laws of counts share among their outcomes
        let more = self.law.sf(&0);
        if self.zero.re() == 1.0 || more.re() == 0.0 {
            return zero;
        }
        if other.zero.re() == 1.0 {
            return S::from(f64::INFINITY);
        }
        let counts = if other.law.ln_pmf(&0).re() > f64::NEG_INFINITY || self.law.pmf(&0).re() == 0.0 {
            let counts = self.law.kl_divergence(&other.law);
            if counts.re() == f64::INFINITY {
                return counts;
            }
            counts - at_zero(self.law.pmf(&0), self.law.ln_pmf(&0), other.law.ln_pmf(&0))
        } else {
            // laws without a mass at 0 where others have one are of finitely many counts
            let term = |k: u64| at_zero(self.law.pmf(&k), self.law.ln_pmf(&k), other.law.ln_pmf(&k));
            let counts = (1..=self.law.support().1).take(MOST_TERMS).fold(S::from(0.0), |sum, k| sum + term(k));
            if counts.re() == f64::INFINITY {
                return S::from(f64::INFINITY);
            }
            counts
        };
        zero + self.rest() * (more * (self.ln_rest() - other.ln_rest()) + counts)
    }
}

discrete_serde!(
    [S, D] [S: Scalar, D: DiscreteUnivariate<S, Outcome = u64>] ZeroInflated<S, D>, "zero_inflated",
    law => [zero: S = &law.zero, counts: D = &law.law], Self::new
);

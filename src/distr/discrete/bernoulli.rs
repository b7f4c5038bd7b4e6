//! The Bernoulli law.

use super::{Discrete, DiscreteUnivariate, discrete_family};
use crate::distr::KlDivergence;
use crate::parameter::{errors, is_probability};
use crate::scalar::Scalar;
use crate::special::ln_1p_minus;
use rand::distr::Distribution;
use rand::{Rng, RngExt};

errors! {
    /// Why a Bernoulli law was refused.
    BernoulliError {
        /// `p` is not in [0, 1], or is NaN.
        Probability => "probability of a Bernoulli law must be in [0, 1]",
        /// `logit` is not in [-700, 700], or is NaN.
        Logit => "logit of a Bernoulli law must be in [-700, 700]",
    }
}

/// The [Bernoulli law](https://en.wikipedia.org/wiki/Bernoulli_distribution) of a truth value that is true with probability p.
///
/// # Mass function
/// p for true, 1 - p for false.
///
/// # Derivatives
/// Draws are plain truth values. d ln p(x)/dp is 1/p for true and -1/(1 - p) for false; in the logit, 1 - p and -p.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [p] = Jet::variables([0.25]);
/// let law = Bernoulli::new(p)?;
/// assert_eq!(law.pmf(&false), Jet { re: 0.75, eps: [-1.0] });
/// assert_eq!(law.ln_pmf(&true).eps, [4.0]);
/// // certain to the last digit and beyond: P(false) = e^-50
/// assert!((Bernoulli::from_logit(50.0)?.ln_pmf(&false) + 50.0).abs() < 1e-14);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws compare 64 random bits with p 2^64. Serialization keeps p, not a logit that it may have come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bernoulli<S> {
    p: S,
    /// 1 - p, to all digits.
    q: S,
    /// 2^64 p, the largest number for p = 1: there no draw may be false.
    threshold: u64,
}

impl<S: Scalar> Bernoulli<S> {
    fn from_both(p: S, q: S) -> Self {
        Bernoulli { p, q, threshold: (p.re() * 18_446_744_073_709_551_616.0) as u64 }
    }

    /// The law with this probability of true.
    ///
    /// # Errors
    /// [`BernoulliError::Probability`] if `p` is not in [0, 1].
    pub fn new(p: S) -> Result<Self, BernoulliError> {
        if is_probability(p) { Ok(Self::from_both(p, -p + 1.0)) } else { Err(BernoulliError::Probability) }
    }

    /// The law with p = 1/(1 + e^-logit), accurate where p is within a rounding of 1.
    ///
    /// # Errors
    /// [`BernoulliError::Logit`] if `logit` is not in [-700, 700].
    pub fn from_logit(logit: S) -> Result<Self, BernoulliError> {
        if logit.re().abs() <= 700.0 {
            Ok(Self::from_both(logit.sigmoid(), (-logit).sigmoid()))
        } else {
            Err(BernoulliError::Logit)
        }
    }

    /// The probability of true.
    pub fn p(&self) -> S {
        self.p
    }

    /// (ln p, ln(1 - p)), each from the smaller of the two probabilities.
    fn ln(&self) -> (S, S) {
        let (p, q) = (self.p, self.q);
        (if p.re() > 0.5 { (-q).ln_1p() } else { p.ln() }, if q.re() > 0.5 { (-p).ln_1p() } else { q.ln() })
    }
}

impl<S: Scalar> Distribution<bool> for Bernoulli<S> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> bool {
        self.threshold == u64::MAX || rng.random::<u64>() < self.threshold
    }
}

impl<S: Scalar> Discrete<S> for Bernoulli<S> {
    type Outcome = bool;

    fn ln_pmf(&self, outcome: &bool) -> S {
        let p = self.pmf(outcome);
        if p.re() == 0.0 {
            return S::from(f64::NEG_INFINITY);
        }
        let (ln_p, ln_q) = self.ln();
        if *outcome { ln_p } else { ln_q }
    }
    fn pmf(&self, outcome: &bool) -> S {
        if *outcome { self.p } else { self.q }
    }
}

impl<S: Scalar> DiscreteUnivariate<S> for Bernoulli<S> {
    fn support(&self) -> (bool, bool) {
        (self.p.re() == 1.0, self.p.re() > 0.0)
    }
    fn cdf(&self, k: &bool) -> S {
        if *k { S::from(1.0) } else { self.q }
    }
    fn sf(&self, k: &bool) -> S {
        if *k { S::from(0.0) } else { self.p }
    }
    fn ln_cdf(&self, k: &bool) -> S {
        if *k { S::from(0.0) } else { self.ln_pmf(&false) }
    }
    fn ln_sf(&self, k: &bool) -> S {
        if *k { S::from(f64::NEG_INFINITY) } else { self.ln_pmf(&true) }
    }
    fn mean(&self) -> S {
        self.p
    }
    fn variance(&self) -> S {
        self.p * self.q
    }
    /// 0 at p = 0 and p = 1, where its derivative is infinite and given as 0.
    fn entropy(&self) -> S {
        if self.p.re() == 0.0 || self.q.re() == 0.0 {
            return S::from(0.0);
        }
        let (ln_p, ln_q) = self.ln();
        -(self.p * ln_p + self.q * ln_q)
    }
    fn mode(&self) -> bool {
        self.p.re() > self.q.re()
    }
}

impl<S: Scalar> KlDivergence<S> for Bernoulli<S> {
    fn kl_divergence(&self, other: &Self) -> S {
        divergence_of_cell(self.p, other.p) + divergence_of_cell(self.q, other.q)
    }
}

/// p (r - 1 - ln r) with r = p'/p: its sum over all outcomes is the divergence, without cancellation.
pub(crate) fn divergence_of_cell<S: Scalar>(p: S, other: S) -> S {
    if p.re() == 0.0 {
        // the slope in p is -inf, or both may be one number
        if other.re() == 0.0 { other - p } else { other + p.chain(S::from(f64::NEG_INFINITY)) }
    } else if other.re() == 0.0 {
        S::from(f64::INFINITY)
    } else if (0.5 * p.re()..=2.0 * p.re()).contains(&other.re()) {
        -p * ln_1p_minus((other - p).over(p))
    } else {
        // r may round to 0 beside 1, or overflow
        (other - p) + p * (p.ln() - other.ln())
    }
}

discrete_family!(Bernoulli, BernoulliError, "bernoulli", [], [p]);

//! The Bernoulli law.

use super::cell::{divergence_of_cell, entropy_of_cell, sum_of_cells};
use super::{Discrete, DiscreteUnivariate, discrete_family};
use crate::distr::KlDivergence;
use crate::parameter::{LawError, check};
use crate::scalar::Scalar;
use rand::distr::Distribution;
use rand::{Rng, RngExt};

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
#[derive(Clone, Copy, Debug)]
pub struct Bernoulli<S> {
    p: S,
    /// 1 - p, to all digits.
    q: S,
    /// ln(p/q), where that is what is known.
    logit: Option<S>,
    /// 2^64 p, the largest number for p = 1: there no draw may be false.
    threshold: u64,
}

impl<S: Scalar> Bernoulli<S> {
    fn from_both(p: S, q: S, logit: Option<S>) -> Self {
        Bernoulli { p, q, logit, threshold: (p.re() * 18_446_744_073_709_551_616.0) as u64 }
    }

    /// The law with this probability of true.
    ///
    /// # Errors
    /// If `p` is not in [0, 1].
    pub fn new(p: S) -> Result<Self, LawError> {
        check!("a Bernoulli law", p: UNIT);
        Ok(Self::from_both(p, -p + 1.0, None))
    }

    /// The law with p = 1/(1 + e^-logit), accurate where p is within a rounding of 1.
    ///
    /// # Errors
    /// If `logit` is not in [-700, 700].
    pub fn from_logit(logit: S) -> Result<Self, LawError> {
        check!("a Bernoulli law", logit: [-700.0, 700.0]);
        Ok(Self::from_both(logit.sigmoid(), (-logit).sigmoid(), Some(logit)))
    }

    /// (ln p, ln(1 - p)), from the logit or each from the smaller of the two probabilities.
    fn ln(&self) -> (S, S) {
        if let Some(logit) = self.logit {
            return (-(-logit).softplus(), -logit.softplus());
        }
        let (p, q) = (self.p, self.q);
        (if p.re() > 0.5 { (-q).ln_1p() } else { p.ln() }, if q.re() > 0.5 { (-p).ln_1p() } else { q.ln() })
    }
}

/// By the probabilities, whatever they came from.
impl<S: PartialEq> PartialEq for Bernoulli<S> {
    fn eq(&self, other: &Self) -> bool {
        self.p == other.p && self.q == other.q
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
    /// 0 at p = 0 and p = 1, where its derivative is infinite.
    fn entropy(&self) -> S {
        let (ln_p, ln_q) = self.ln();
        entropy_of_cell(self.p, ln_p) + entropy_of_cell(self.q, ln_q)
    }
    fn mode(&self) -> bool {
        self.p.re() > self.q.re()
    }
}

impl<S: Scalar> KlDivergence<S> for Bernoulli<S> {
    fn kl_divergence(&self, other: &Self) -> S {
        let step = match (self.logit, other.logit) {
            // p' q - p q'
            (Some(from), Some(to)) => (to - from).exp_m1() * self.p * other.q,
            _ if self.q.re() < 0.5 => self.q - other.q,
            _ => other.p - self.p,
        };
        let cells = [divergence_of_cell(self.p, other.p, step), divergence_of_cell(self.q, other.q, -step)];
        sum_of_cells(cells.into_iter())
    }
}

discrete_family!(Bernoulli, "bernoulli", "a Bernoulli law", [], [p]);

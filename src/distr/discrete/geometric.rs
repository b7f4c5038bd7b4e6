//! The geometric law.

use super::binomial::divergence_of_trial;
use super::cell::entropy_of_cell;
use super::{Discrete, DiscreteUnivariate, discrete_family, tails};
use crate::distr::KlDivergence;
use crate::noise;
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, math};
use rand::distr::Distribution;
use rand::{Rng, RngExt};

/// The [geometric law](https://en.wikipedia.org/wiki/Geometric_distribution) of the number of failures before the first success, at
/// probability p of success.
///
/// # Mass function
/// p (1 - p)^k, k = 0, 1, ...; P(X > k) = (1 - p)^(k+1).
///
/// # Derivatives
/// Draws are plain counts. d ln p(k)/dp = 1/p - k/(1 - p). At p = 1, where every draw is 0, the tails and pmf of what cannot be have
/// their one-sided derivatives.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [p] = Jet::variables([0.25]);
/// let law = Geometric::new(p)?;
/// assert!((law.pmf(&2).re - 0.140625).abs() < 1e-16);
/// assert_eq!(law.mean(), Jet { re: 3.0, eps: [-16.0] });
/// # Ok(()) }
/// ```
///
/// # Notes
/// A draw is the integer part of an exponential one with mean -1/ln(1 - p), which saturates at the largest integer; from p = 2/3 on, where
/// trials are few, it counts them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geometric<S> {
    p: S,
    sampler: Sampler,
}

/// How to draw.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Sampler {
    /// Trials, each a failure where 64 random bits are below 2^64 (1 - p).
    Trials { failure: u64 },
    /// With scale -1/ln(1 - p).
    Exponential { scale: f64 },
}

impl<S: Scalar> Geometric<S> {
    /// The law of the failures before the first success of probability `p`.
    ///
    /// # Errors
    /// If `p` is not in [1e-300, 1].
    pub fn new(p: S) -> Result<Self, LawError> {
        check!("a geometric law", p: [1e-300, 1.0]);
        let sampler = if p.re() >= 2.0 / 3.0 {
            Sampler::Trials { failure: ((1.0 - p.re()) * 18_446_744_073_709_551_616.0) as u64 }
        } else {
            Sampler::Exponential { scale: -1.0 / math::ln_1p(-p.re()) }
        };
        Ok(Geometric { p, sampler })
    }

    fn q(&self) -> S {
        -self.p + 1.0
    }

    /// ln (1 - p)^n.
    fn ln_failures(&self, n: f64) -> S {
        if n == 0.0 {
            S::from(0.0)
        } else if self.p.re() == 1.0 {
            S::from(f64::NEG_INFINITY)
        } else {
            (-self.p).ln_1p() * n
        }
    }

    /// (1 - p)^n: next to p = 1 by the power itself, whose derivatives are not those of a logarithm of next to nothing.
    fn failures(&self, n: u64) -> S {
        match self.p.re() {
            1.0 => self.q().powi(n.min(1000) as i32),
            p if p > 0.5 && n <= 64 => self.q().powi(n as i32),
            _ => self.ln_failures(n as f64).exp(),
        }
    }

    fn tail(&self, k: u64, upper: bool) -> S {
        if upper {
            self.failures(k.saturating_add(1))
        } else if self.p.re() > 0.5 {
            -self.failures(k.saturating_add(1)) + 1.0
        } else {
            -self.ln_failures(k as f64 + 1.0).exp_m1()
        }
    }

    fn ln_tail(&self, k: u64, upper: bool) -> S {
        let ln = self.ln_failures(k as f64 + 1.0);
        if upper {
            ln
        } else if self.p.re() > 0.5 {
            (-self.failures(k.saturating_add(1))).ln_1p()
        } else {
            ln.ln_1m_exp()
        }
    }
}

impl<S: Scalar> Distribution<u64> for Geometric<S> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> u64 {
        match self.sampler {
            Sampler::Trials { failure } => {
                let mut failures = 0;
                while rng.random::<u64>() < failure {
                    failures += 1;
                }
                failures
            }
            Sampler::Exponential { scale } => (noise::exponential(rng) * scale) as u64,
        }
    }
}

impl<S: Scalar> Discrete<S> for Geometric<S> {
    type Outcome = u64;

    fn ln_pmf(&self, k: &u64) -> S {
        let failures = self.ln_failures(*k as f64);
        if failures.re() == f64::NEG_INFINITY {
            return failures;
        }
        // from the smaller of p and 1 - p
        let ln_p = if self.p.re() > 0.5 { (-self.q()).ln_1p() } else { self.p.ln() };
        ln_p + failures
    }
    fn pmf(&self, k: &u64) -> S {
        self.p * self.failures(*k)
    }
}

impl<S: Scalar> DiscreteUnivariate<S> for Geometric<S> {
    fn support(&self) -> (u64, u64) {
        (0, if self.p.re() == 1.0 { 0 } else { u64::MAX })
    }
    tails!();
    fn mean(&self) -> S {
        self.q().over(self.p)
    }
    fn variance(&self) -> S {
        self.q().over(self.p).over(self.p)
    }
    /// 0 at p = 1, where its derivative is infinite.
    fn entropy(&self) -> S {
        if self.p.re() == 1.0 {
            return entropy_of_cell(self.q(), S::from(f64::NEG_INFINITY));
        }
        -self.ln_pmf(&0) - (-self.p).ln_1p() * self.mean()
    }
    fn mode(&self) -> u64 {
        0
    }
}

impl<S: Scalar> KlDivergence<S> for Geometric<S> {
    /// That of one trial, times the number of trials, 1/p.
    fn kl_divergence(&self, other: &Self) -> S {
        let trial = divergence_of_trial(self.p, other.p);
        if trial.re() == f64::INFINITY { trial } else { trial.over(self.p) }
    }
}

discrete_family!(Geometric, "geometric", "a geometric law", [], [p]);

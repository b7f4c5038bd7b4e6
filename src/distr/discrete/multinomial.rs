//! The multinomial law.

use super::binomial::{BinomialSampler, ln_binomial_mass};
use super::cell::entropy_of_cell;
use super::poisson::ln_poisson;
use super::{Bulk, Categorical, Cells, Discrete, discrete_serde, expectation};
use crate::distr::KlDivergence;
use crate::parameter::{LawError, check};
use crate::scalar::{MAX_ORDER, Scalar};
use rand::Rng;
use rand::distr::Distribution;

/// The [multinomial law](https://en.wikipedia.org/wiki/Multinomial_distribution): how often each cell comes up in n trials.
///
/// # Mass function
/// n! Π `p_i`^`k_i` / `k_i!` where the counts sum to n; computed as the probability of Poisson counts with rates n `p_i` given their sum,
/// without cancellation of large factorials.
///
/// # Derivatives
/// Draws are plain counts. d ln p(k) / d ln `w_i` = `k_i` - n `p_i` for weights `w_i`. The pmf of counts in empty cells keeps
/// its derivatives, which its logarithm has not; the entropy's slope in the weight of an empty cell is infinite.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = Multinomial::new(3, Jet::variables([1.0, 1.0]))?;
/// let p = law.pmf(&[1, 2]);
/// assert!((p.re - 0.375).abs() < 1e-15);
/// assert!((law.ln_pmf(&[1, 2]).eps[0] + 0.5).abs() < 1e-14);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws are one binomial draw for each cell, of the trials that are left over.
#[derive(Clone, Debug)]
pub struct Multinomial<C: Cells> {
    trials: u64,
    cells: Categorical<C>,
}

impl<C: Cells> Copy for Multinomial<C> where Categorical<C>: Copy {}

impl<S: Scalar, C: Cells<Entry = S>> Multinomial<C> {
    /// The law of `trials` trials with probabilities proportional to these weights.
    ///
    /// # Errors
    /// If `trials` is above 1e15, and those of [`Categorical::new`].
    pub fn new(trials: u64, weights: C) -> Result<Self, LawError> {
        Self::of(trials, Categorical::linear(weights))
    }

    /// The law of `trials` trials with probabilities proportional to the exponentials of these logits.
    ///
    /// # Errors
    /// If `trials` is above 1e15, and those of [`Categorical::from_logits`].
    pub fn from_logits(trials: u64, logits: C) -> Result<Self, LawError> {
        Self::of(trials, Categorical::linear_from_logits(logits))
    }

    fn of(trials: u64, cells: Result<Categorical<C>, LawError>) -> Result<Self, LawError> {
        check!("a multinomial law", trials, trials as f64; COUNT);
        Ok(Multinomial { trials, cells: cells? })
    }

    /// The number of trials.
    pub fn trials(&self) -> u64 {
        self.trials
    }

    /// The probabilities of the cells.
    pub fn probabilities(&self) -> &[S] {
        self.cells.probabilities()
    }

    /// E\[`k_i`\] = n `p_i`.
    pub fn mean(&self, i: usize) -> S {
        self.cells.pmf(&i) * self.trials as f64
    }

    /// The covariance of `k_i` and `k_j`, n `p_i` ([i = j] - `p_j`).
    pub fn covariance(&self, i: usize, j: usize) -> S {
        self.cells.covariance_of_cells(i, j) * self.trials as f64
    }
}

impl<S: Scalar, C: Cells<Entry = S>> Multinomial<C> {
    /// The entropy -E[ln p(X)], in nats: a sum over the counts of each cell, whose law is binomial.
    pub fn entropy(&self) -> S {
        let n = self.trials as f64;
        if n == 0.0 {
            return S::from(0.0);
        }
        // p(k) is that of Poisson counts with rates n p_i, given their sum
        self.probabilities().iter().fold(ln_poisson(S::from(n), n), |sum, p| {
            // a cell that is certain has the count n, one below 1e-290 none or one
            let cell = if p.re() == 0.0 {
                -entropy_of_cell(*p, S::from(f64::NEG_INFINITY)) * n
            } else if p.re() < 1e-290 {
                (p.ln() + (S::from(n).ln() - 1.0)) * *p * n
            } else if p.re() == 1.0 {
                ln_poisson(*p * n, n)
            } else {
                let (mean, variance) = (*p * n, *p * (-*p + 1.0) * n);
                let ln_mass = |k: f64| ln_binomial_mass(*p, n, k);
                expectation(0.0, n, Bulk::of(mean, variance), ln_mass, |k| ln_poisson(mean, k))
            };
            sum - cell
        })
    }
}

/// Counts in cells of these probabilities, one binomial draw after the other.
pub(crate) fn draw_counts<R: Rng + ?Sized>(trials: u64, p: impl Fn(usize) -> f64, counts: &mut [u64], rng: &mut R) {
    let cells = counts.len();
    let sum_from = |i: usize| (i..cells).map(&p).sum::<f64>();
    let (mut left, mut rest) = (trials, sum_from(0));
    let mut sum = rest;
    let last = (0..cells).rev().find(|i| p(*i) > 0.0);
    for (i, count) in counts.iter_mut().enumerate() {
        if Some(i) == last {
            *count = left;
            return;
        }
        *count = BinomialSampler::draw_once(left, (p(i) / rest).clamp(0.0, 1.0), rng);
        left -= *count;
        if left == 0 {
            return;
        }
        rest -= p(i);
        if rest < 1e-3 * sum {
            // before rounding shows
            sum = sum_from(i + 1);
            rest = sum;
        }
    }
}

impl<S: Scalar, C: Cells<Entry = S>> Distribution<C::Like<u64>> for Multinomial<C> {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> C::Like<u64> {
        let p = self.probabilities();
        let mut counts = self.cells.cells().like(0);
        draw_counts(self.trials, |i| p[i].re(), counts.as_mut(), rng);
        counts
    }
}

impl<S: Scalar, C: Cells<Entry = S>> Discrete<S> for Multinomial<C> {
    type Outcome = C::Like<u64>;

    fn ln_pmf(&self, counts: &C::Like<u64>) -> S {
        let (counts, p) = (counts.as_ref(), self.probabilities());
        let sum = counts.iter().fold(0u64, |sum, k| sum.saturating_add(*k));
        let impossible = counts.iter().zip(p).any(|(k, p)| *k > 0 && p.re() == 0.0);
        if counts.len() != p.len() || sum != self.trials || impossible {
            return S::from(f64::NEG_INFINITY);
        }
        self.ln_of_possible(counts, self.trials)
    }
    fn pmf(&self, counts: &C::Like<u64>) -> S {
        let (k, p) = (counts.as_ref(), self.probabilities());
        let empty = || k.iter().zip(p).filter(|(k, p)| **k > 0 && p.re() == 0.0);
        let ln_pmf = self.ln_pmf(counts);
        let in_empty = empty().fold(0u64, |sum, (k, _)| sum.saturating_add(*k));
        let sum = k.iter().fold(0u64, |sum, k| sum.saturating_add(*k));
        if in_empty == 0 || in_empty > MAX_ORDER as u64 || k.len() != p.len() || sum != self.trials {
            return ln_pmf.exp();
        }
        // n!/(n - m)! Π p_i^k_i/k_i! over the empty cells, which derivatives can reach, times the mass of the others' counts
        let (mut trials, mut product) = (self.trials, S::from(1.0));
        for (k, p) in empty() {
            for i in 0..*k {
                product *= *p * (trials as f64 / (i + 1) as f64);
                trials -= 1;
            }
        }
        product * self.ln_of_possible(k, trials).exp()
    }
}

impl<S: Scalar, C: Cells<Entry = S>> Multinomial<C> {
    /// ln of n! Π p_i^k_i / k_i! over the cells that are not empty, whose counts sum to n.
    fn ln_of_possible(&self, counts: &[u64], trials: u64) -> S {
        if trials == 0 {
            return S::from(0.0);
        }
        let n = trials as f64;
        let (mut ln, mut moving) = (-ln_poisson(n, n), S::from(0.0));
        for (i, k) in counts.iter().enumerate() {
            let (k, p, ln_p) = (*k as f64, self.probabilities()[i].re(), self.cells.ln_pmf(&i));
            if p > 0.0 && k > 0.0 {
                // as they are, derivatives of the logarithm keep all digits
                moving += ln_p * k;
            }
            ln += if k == 0.0 || p == 0.0 {
                -n * p
            } else if p >= 1e-290 {
                ln_poisson(p * n, k)
            } else {
                ln_p.re() * k + ln_poisson(n, k) + (1.0 - p) * n
            };
        }
        moving.with_re(ln)
    }
}

impl<S: Scalar, C: Cells<Entry = S>> KlDivergence<S> for Multinomial<C> {
    /// That of one trial, times their number; infinite for laws of different numbers, which have no outcome in common.
    fn kl_divergence(&self, other: &Self) -> S {
        if self.trials != other.trials || self.probabilities().len() != other.probabilities().len() {
            S::from(f64::INFINITY)
        } else if self.trials == 0 {
            S::from(0.0)
        } else {
            self.cells.kl_divergence(&other.cells) * self.trials as f64
        }
    }
}

discrete_serde!(
    [C] [S: Scalar, C: Cells<Entry = S>] Multinomial<C>, "multinomial",
    law => [trials: u64 = &law.trials, probabilities: C = law.cells.cells()],
    |trials, probabilities| Self::of(trials, Categorical::checked(probabilities))
);

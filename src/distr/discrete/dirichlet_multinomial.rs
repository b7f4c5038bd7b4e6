//! The Dirichlet-multinomial law.

use super::beta_binomial::{ln_cell, ln_counts_given_total, overdispersion, point_of_total};
use super::gamma_mixture::is_close;
use super::multinomial::draw_counts;
use super::{Bulk, Cells, Discrete, discrete_serde, expectation};
use crate::distr::KlDivergence;
use crate::distr::form::share;
use crate::noise::gamma::GammaSampler;
use crate::parameter::{LawError, check};
use crate::quadrature::gauss_legendre::{above_tangent, short_nodes};
use crate::scalar::{Scalar, math};
use crate::special::trigamma_difference;
use rand::Rng;
use rand::distr::Distribution;

/// The [Dirichlet-multinomial law](https://en.wikipedia.org/wiki/Dirichlet-multinomial_distribution): how often each cell comes up in n
/// trials whose probabilities are drawn once from the Dirichlet law with concentrations `a_i`.
///
/// # Mass function
/// n! Γ(A)/Γ(n + A) Π Γ(`k_i` + `a_i`) / (`k_i!` Γ(`a_i`)), A = Σ `a_i`, where the counts sum to n; computed as the probability of negative
/// binomial counts with r = `a_i` given their sum, without cancellation of large logarithms.
///
/// # Derivatives
/// Draws are plain counts. d ln p(k)/d`a_i` = ψ(`k_i` + `a_i`) - ψ(`a_i`) - ψ(n + A) + ψ(A).
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = DirichletMultinomial::new(2, [1.0, 1.0, 1.0])?; // uniform on the six ways
/// assert!((law.pmf(&[1, 0, 1]) - 1.0 / 6.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DirichletMultinomial<C> {
    trials: u64,
    concentrations: C,
}

impl<S: Scalar, C: Cells<Entry = S>> DirichletMultinomial<C> {
    /// The law of `trials` trials with these concentrations.
    ///
    /// # Errors
    /// If `trials` is above 1e15, there are no concentrations, or one is not in [1e-10, 1e10].
    pub fn new(trials: u64, concentrations: C) -> Result<Self, LawError> {
        check!("a Dirichlet-multinomial law", trials, trials as f64; COUNT);
        check_concentrations(concentrations.as_ref())?;
        Ok(DirichletMultinomial { trials, concentrations })
    }

    /// The number of trials.
    pub fn trials(&self) -> u64 {
        self.trials
    }

    /// The concentrations.
    pub fn concentrations(&self) -> &[S] {
        self.concentrations.as_ref()
    }

    /// `a_i`/A and what is left to 1; 0 and 1 where there is no such cell.
    fn shares(&self, i: usize) -> [S; 2] {
        let all = self.concentrations.as_ref();
        let of = |cell: bool| {
            let chosen = all.iter().enumerate().filter(|(j, _)| (*j == i) == cell);
            chosen.fold(S::from(0.0), |sum, (_, a)| sum + *a)
        };
        let (a, rest) = (of(true), of(false));
        [share(a, rest), share(rest, a)]
    }

    /// E\[`k_i`\] = n `a_i`/A.
    pub fn mean(&self, i: usize) -> S {
        self.shares(i)[0] * self.trials as f64
    }

    /// The covariance of `k_i` and `k_j`, n `s_i` ([i = j] - `s_j`) (n + A)/(1 + A) with shares s = a/A.
    pub fn covariance(&self, i: usize, j: usize) -> S {
        let [own, rest] = self.shares(j);
        let apart = if i == j { rest } else { -own };
        self.mean(i) * apart * overdispersion(self.trials, self.total())
    }

    /// The entropy -E[ln p(X)], in nats: a sum over the counts of each cell, whose law is beta-binomial.
    pub fn entropy(&self) -> S {
        if self.is_certain() {
            return S::from(0.0);
        }
        let (n, total) = (self.trials as f64, self.total());
        let at = point_of_total(total, n);
        ln_cell(total, n, at) - self.expectation(|i, k| ln_cell(self.concentrations.as_ref()[i], k, at))
    }

    /// Whether there is one outcome only.
    fn is_certain(&self) -> bool {
        self.trials == 0 || self.concentrations.as_ref().len() == 1
    }

    /// A = Σ `a_i`.
    fn total(&self) -> S {
        self.concentrations.as_ref().iter().fold(S::from(0.0), |sum, a| sum + *a)
    }

    /// Σ_i E[g(i, `k_i`)].
    fn expectation(&self, g: impl Fn(usize, f64) -> S) -> S {
        let (a, n) = (self.concentrations.as_ref(), self.trials as f64);
        (0..a.len()).fold(S::from(0.0), |sum, i| {
            let others = a.iter().enumerate().filter(|(j, _)| *j != i).fold(S::from(0.0), |sum, (_, a)| sum + *a);
            let ln_mass = |k: f64| ln_counts_given_total([(a[i], k), (others, n - k)].into_iter());
            let bulk = Bulk::of(self.mean(i), self.covariance(i, i));
            sum + expectation(0.0, n, bulk, ln_mass, |k| g(i, k))
        })
    }
}

fn check_concentrations<S: Scalar>(concentrations: &[S]) -> Result<(), LawError> {
    let count = concentrations.len();
    check!("a Dirichlet-multinomial law", concentrations, count as f64; "at least one" if count > 0);
    check!("a Dirichlet-multinomial law", concentrations: each [1e-10, 1e10]);
    Ok(())
}

/// What a step d of a concentration a adds to a divergence at the count k: the rise of ln Γ(a)/Γ(a + k) above its tangent.
fn curvature<S: Scalar>(a: S, d: S, k: f64) -> S {
    above_tangent(short_nodes(), a, d, |a| -trigamma_difference(a, S::from(k)))
}

impl<S: Scalar, C: Cells<Entry = S>> Distribution<C::Like<u64>> for DirichletMultinomial<C> {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> C::Like<u64> {
        let a = self.concentrations.as_ref();
        // gamma draws relative to the largest, none of which underflows with it
        let mut ln = self.concentrations.like(0.0);
        for (ln, a) in ln.as_mut().iter_mut().zip(a) {
            *ln = GammaSampler::new(a.re()).draw(rng).ln();
        }
        let largest = ln.as_ref().iter().fold(f64::NEG_INFINITY, |m, ln| m.max(*ln));
        let mut weights = ln;
        for weight in weights.as_mut() {
            *weight = math::exp(*weight - largest);
        }
        let mut counts = self.concentrations.like(0);
        draw_counts(self.trials, |i| weights.as_ref()[i], counts.as_mut(), rng);
        counts
    }
}

impl<S: Scalar, C: Cells<Entry = S>> Discrete<S> for DirichletMultinomial<C> {
    type Outcome = C::Like<u64>;

    fn ln_pmf(&self, counts: &C::Like<u64>) -> S {
        let (counts, a) = (counts.as_ref(), self.concentrations.as_ref());
        let sum = counts.iter().fold(0u64, |sum, k| sum.saturating_add(*k));
        if counts.len() != a.len() || sum != self.trials {
            return S::from(f64::NEG_INFINITY);
        }
        if sum == 0 {
            return S::from(0.0);
        }
        ln_counts_given_total(a.iter().copied().zip(counts.iter().map(|k| *k as f64)))
    }
}

impl<S: Scalar, C: Cells<Entry = S>> KlDivergence<S> for DirichletMultinomial<C> {
    /// A sum over the counts of each cell, for close laws of second differences; infinite for laws of different numbers of trials
    /// or cells.
    fn kl_divergence(&self, other: &Self) -> S {
        let (a, b) = (self.concentrations.as_ref(), other.concentrations.as_ref());
        if self.trials != other.trials || a.len() != b.len() {
            return S::from(f64::INFINITY);
        }
        if self.is_certain() {
            return S::from(0.0);
        }
        let (n, total, their_total) = (self.trials as f64, self.total(), other.total());
        if a.iter().zip(b).all(|(a, b)| is_close(*a, *b - *a)) {
            let step = a.iter().zip(b).fold(S::from(0.0), |sum, (a, b)| sum + (*b - *a));
            let kl = self.expectation(|i, k| curvature(a[i], b[i] - a[i], k)) - curvature(total, step, n);
            // of a step in proportion rounding is left
            return if kl.re() < 0.0 { kl.with_re(0.0) } else { kl };
        }
        let (ours, theirs) = (point_of_total(total, n), point_of_total(their_total, n));
        self.expectation(|i, k| ln_cell(a[i], k, ours) - ln_cell(b[i], k, theirs)) - ln_cell(total, n, ours)
            + ln_cell(their_total, n, theirs)
    }
}

discrete_serde!(
    [C] [S: Scalar, C: Cells<Entry = S>] DirichletMultinomial<C>, "dirichlet_multinomial",
    law => [trials: u64 = &law.trials, concentrations: C = &law.concentrations], Self::new
);

//! One of K cells in a row.

use super::categorical::scan;
use super::{ChoiceLaw, leaves_zero};
use crate::noise::unit;
use crate::parameter::LawError;
use crate::scalar::Scalar;
use rand::Rng;

/// Cell k with probability weights\[k\] / Σ weights, the cells having an order.
///
/// Alternatives are the neighbours only: two-sided weights -F'_k / (p_k + p_(k+1)) up and F'_(k-1) / (p_k + p_(k-1))
/// down, F the distribution function. That is for results that change little from a cell to the next. Empty cells side
/// by side cannot be crossed: where probability moves across them, use [`Categorical`](super::Categorical).
#[derive(Clone, Copy, Debug)]
pub struct Ordered<'a, S> {
    weights: &'a [S],
    /// 1 / Σ weights
    scale: S,
}

impl<'a, S: Scalar> Ordered<'a, S> {
    /// The choice among `weights.len()` cells, with probabilities proportional to `weights`.
    pub fn new(weights: &'a [S]) -> Self {
        let sum = weights.iter().fold(S::from(0.0), |sum, w| sum + *w);
        Ordered { weights, scale: sum.recip() }
    }

    /// F_k for k below the last cell.
    fn cdf(&self, k: usize) -> S {
        self.weights[..=k].iter().fold(S::from(0.0), |sum, w| sum + *w) * self.scale
    }

    fn p(&self, k: usize) -> S {
        self.weights[k] * self.scale
    }

    fn neighbours(&self, k: u64, one_sided: bool, mut visit: impl FnMut(u64, S)) {
        let (i, p) = (k as usize, self.p(k as usize).re());
        let share = |j: usize| if one_sided { p } else { p + self.p(j).re() };
        if i + 1 < self.weights.len() && share(i + 1) > 0.0 {
            visit(k + 1, -self.cdf(i) / share(i + 1));
        }
        if i > 0 && share(i - 1) > 0.0 {
            visit(k - 1, self.cdf(i - 1) / share(i - 1));
        }
    }
}

impl<S: Scalar> ChoiceLaw<S> for Ordered<'_, S> {
    fn check(&self) -> Result<(), LawError> {
        super::Categorical::new(self.weights).check()
    }
    fn draw<R: Rng + ?Sized>(&self, noise: &mut R) -> u64 {
        let u = unit(noise);
        scan(self.weights.len(), |k| self.weights[k].re() * self.scale.re(), u)
    }
    fn score(&self, k: u64) -> S {
        self.p(k as usize).ln()
    }
    fn pmf(&self, k: u64) -> S {
        self.p(k as usize)
    }
    fn mean_variance(&self) -> Option<(S, S)> {
        Some(super::categorical::mean_variance(self.weights.len(), |k| self.p(k)))
    }
    fn support(&self) -> Option<u64> {
        Some(self.weights.len() as u64)
    }
    fn is_blind(&self) -> bool {
        self.weights.iter().any(|w| leaves_zero(*w))
    }
    fn alternatives(&self, k: u64, visit: impl FnMut(u64, S)) {
        self.neighbours(k, false, visit);
    }
    fn one_sided(&self, k: u64, visit: impl FnMut(u64, S)) {
        self.neighbours(k, true, visit);
    }
}

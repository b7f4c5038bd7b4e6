//! One of K cells that have no order.

use super::{ChoiceLaw, leaves_zero};
use crate::noise::unit;
use crate::parameter::{LawError, check, refuse};
use crate::scalar::{Scalar, ln_sum_exp, math};
use rand::Rng;

/// Cell k with probability weights\[k\] / Σ weights.
///
/// Two-sided weights: (p_k p'_j - p_j p'_k) / (p_k + p_j) for all j, which holds for empty cells too.
#[derive(Clone, Copy, Debug)]
pub struct Categorical<'a, S> {
    weights: &'a [S],
    /// 1 / Σ weights
    scale: S,
}

impl<'a, S: Scalar> Categorical<'a, S> {
    /// The choice among `weights.len()` cells, with probabilities proportional to `weights`.
    #[inline]
    pub fn new(weights: &'a [S]) -> Self {
        let sum = weights.iter().fold(S::from(0.0), |sum, w| sum + *w);
        Categorical { weights, scale: sum.recip() }
    }

    #[inline]
    fn p(&self, k: usize) -> S {
        self.weights[k] * self.scale
    }
}

impl<S: Scalar> ChoiceLaw<S> for Categorical<'_, S> {
    #[inline]
    fn check(&self) -> Result<(), LawError> {
        let scale = self.scale.re();
        let valid = self.weights.iter().all(|w| w.re() >= 0.0) && scale > 0.0 && scale.is_finite();
        if valid { Ok(()) } else { refuse_weights(self.weights) }
    }
    #[inline]
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
        Some(mean_variance(self.weights.len(), |k| self.p(k)))
    }
    fn cells(&self) -> u64 {
        self.weights.len() as u64
    }
    fn support(&self) -> Option<u64> {
        Some(self.weights.len() as u64)
    }
    #[inline]
    fn is_blind(&self) -> bool {
        self.weights.iter().any(|w| leaves_zero(*w))
    }
    #[inline]
    fn alternatives(&self, k: u64, visit: impl FnMut(u64, S)) {
        pairs(self.weights.len(), |j| self.p(j), k, false, visit);
    }
    fn one_sided(&self, k: u64, visit: impl FnMut(u64, S)) {
        pairs(self.weights.len(), |j| self.p(j), k, true, visit);
    }
}

/// Cell k with probability e^logits\[k\] / Σ e^logits; -inf is an empty cell.
#[derive(Clone, Copy, Debug)]
pub struct CategoricalLogits<'a, S> {
    logits: &'a [S],
    /// ln Σ e^logits
    total: S,
}

impl<'a, S: Scalar> CategoricalLogits<'a, S> {
    /// The choice among `logits.len()` cells.
    pub fn new(logits: &'a [S]) -> Self {
        CategoricalLogits { logits, total: ln_sum_exp(logits) }
    }

    fn p(&self, k: usize) -> S {
        (self.logits[k] - self.total).exp()
    }
}

impl<S: Scalar> ChoiceLaw<S> for CategoricalLogits<'_, S> {
    fn check(&self) -> Result<(), LawError> {
        if self.total.re().is_finite() { Ok(()) } else { refuse_logits(self.logits) }
    }
    fn draw<R: Rng + ?Sized>(&self, noise: &mut R) -> u64 {
        let u = unit(noise);
        scan(self.logits.len(), |k| math::exp(self.logits[k].re() - self.total.re()), u)
    }
    fn score(&self, k: u64) -> S {
        self.logits[k as usize] - self.total
    }
    fn pmf(&self, k: u64) -> S {
        self.p(k as usize)
    }
    fn mean_variance(&self) -> Option<(S, S)> {
        Some(mean_variance(self.logits.len(), |k| self.p(k)))
    }
    fn cells(&self) -> u64 {
        self.logits.len() as u64
    }
    fn support(&self) -> Option<u64> {
        Some(self.logits.len() as u64)
    }
    fn is_blind(&self) -> bool {
        false
    }
    fn alternatives(&self, k: u64, visit: impl FnMut(u64, S)) {
        pairs(self.logits.len(), |j| self.p(j), k, false, visit);
    }
    fn one_sided(&self, k: u64, visit: impl FnMut(u64, S)) {
        pairs(self.logits.len(), |j| self.p(j), k, true, visit);
    }
}

/// What is wrong with weights that are not those of a law.
#[cold]
fn refuse_weights<S: Scalar>(weights: &[S]) -> Result<(), LawError> {
    let re = weights.iter().map(|w| w.re());
    let fault = re.clone().find(|w| !(0.0..f64::INFINITY).contains(w));
    check!("a categorical or ordered choice", weights, weights.len() as f64; "at least one" if !weights.is_empty());
    check!("a categorical or ordered choice", weights; "finite and at least 0" unless fault);
    refuse!("a categorical or ordered choice", weights, re.sum(); "numbers with a finite sum above 1e-308")
}

/// What is wrong with logits that are not those of a law.
#[cold]
fn refuse_logits<S: Scalar>(logits: &[S]) -> Result<(), LawError> {
    let fault = logits.iter().map(|l| l.re()).find(|l| l.is_nan() || *l == f64::INFINITY);
    check!("a categorical choice", logits, logits.len() as f64; "at least one" if !logits.is_empty());
    check!("a categorical choice", logits; "below inf" unless fault);
    refuse!("a categorical choice", logits, f64::NEG_INFINITY; "above -inf in one of the cells")
}

/// The cell in which u falls; the last one that is not empty where rounding leaves the sum below u.
#[inline(always)]
pub(super) fn scan(cells: usize, p: impl Fn(usize) -> f64, u: f64) -> u64 {
    let (mut sum, mut last) = (0.0, 0);
    for k in 0..cells {
        let p = p(k);
        if p > 0.0 {
            last = k;
            sum += p;
            if u < sum {
                break;
            }
        }
    }
    last as u64
}

/// The mean and variance of the cell's number.
pub(super) fn mean_variance<S: Scalar>(cells: usize, p: impl Fn(usize) -> S) -> (S, S) {
    let moment = |of: &dyn Fn(f64) -> f64| (0..cells).fold(S::from(0.0), |sum, k| sum + p(k) * of(k as f64));
    let mean = moment(&|k| k);
    let about = mean.re();
    let off = mean - about;
    (mean, moment(&|k| (k - about) * (k - about)) - off * off)
}

/// The flux (p_k p'_j - p_j p'_k) with shares p_k / (p_k + p_j), or one-sided.
#[inline(always)]
fn pairs<S: Scalar>(cells: usize, p: impl Fn(usize) -> S, k: u64, one_sided: bool, mut visit: impl FnMut(u64, S)) {
    let from = p(k as usize);
    for j in (0..cells).filter(|j| *j as u64 != k) {
        let to = p(j);
        let sum = if one_sided { from.re() } else { from.re() + to.re() };
        if sum > 0.0 {
            visit(j as u64, to * (from.re() / sum) - from * (to.re() / sum));
        }
    }
}

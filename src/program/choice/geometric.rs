//! Failures before the first success.

use super::{ChoiceLaw, leaves_one, weight};
use crate::noise::unit;
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, math};
use rand::Rng;

/// k with probability p (1 - p)^k: the number of failures before the first success.
///
/// Two-sided weights, with q = 1 - p: -(k+1) p'/(p (1+q)) up, k p'/(p (1+q)) down. One-sided: -(k+1) p'/p up or k p'/(p
/// q) down. With three runs: -(p'/p²) (f(K+1) - f(K)), K = k + another geometric number, since -F' is a negative
/// binomial law.
#[derive(Clone, Copy, Debug)]
pub struct Geometric<S> {
    /// The probability of success, in [1e-15, 1].
    pub p: S,
}

/// k with u < F(k): ln(1 - u) / ln q, which is 0 for q = 0.
fn invert(u: f64, p: f64) -> u64 {
    (math::ln_1p(-u) / math::ln_1p(-p)) as u64
}

impl<S: Scalar> Geometric<S> {
    /// -F'_k / p_k, -F''_k / p_k.
    fn up(&self, k: f64) -> (f64, f64) {
        let p = self.p.re();
        (-(k + 1.0) / p, if k == 0.0 { 0.0 } else { k * (k + 1.0) / (p * (1.0 - p)) })
    }

    /// F'_(k-1) / p_k, F''_(k-1) / p_k for k > 0.
    fn down(&self, k: f64) -> (f64, f64) {
        let (p, q) = (self.p.re(), 1.0 - self.p.re());
        (k / (p * q), if k == 1.0 { 0.0 } else { -k * (k - 1.0) / (p * q * q) })
    }
}

impl<S: Scalar> ChoiceLaw<S> for Geometric<S> {
    fn check(&self) -> Result<(), LawError> {
        check!("a geometric choice", p, self.p.re(); [1e-15, 1.0]);
        Ok(())
    }
    fn draw<R: Rng + ?Sized>(&self, noise: &mut R) -> u64 {
        invert(unit(noise), self.p.re())
    }
    fn score(&self, k: u64) -> S {
        let success = self.p.ln();
        if k == 0 { success } else { success + (-self.p).ln_1p() * k as f64 }
    }
    fn pmf(&self, k: u64) -> S {
        self.p * if k == 0 { S::from(1.0) } else { (-self.p + 1.0).powf(k as f64) }
    }
    fn mean_variance(&self) -> Option<(S, S)> {
        let mean = (-self.p + 1.0) / self.p;
        Some((mean, mean / self.p))
    }
    fn support(&self) -> Option<u64> {
        None
    }
    fn is_blind(&self) -> bool {
        leaves_one(self.p)
    }
    fn alternatives(&self, k: u64, mut visit: impl FnMut(u64, S)) {
        let q = 1.0 - self.p.re();
        let (c1, mut c2) = self.up(k as f64);
        // at p = 1 the value 1 is empty too: what moves on from it in second order is seen from here
        if S::ORDER > 1 && k == 0 && q == 0.0 {
            c2 -= 2.0;
            visit(2, weight(self.p, 0.0, 2.0));
        }
        visit(k + 1, weight(self.p, c1 / (1.0 + q), c2 / (1.0 + q)));
        if k > 0 {
            let (c1, c2) = self.down(k as f64);
            let share = q / (1.0 + q);
            visit(k - 1, weight(self.p, c1 * share, c2 * share));
        }
    }
    fn one_sided(&self, k: u64, mut visit: impl FnMut(u64, S)) {
        let (c1, c2) = self.up(k as f64);
        visit(k + 1, weight(self.p, c1, c2));
        if k > 0 {
            let (c1, c2) = self.down(k as f64);
            visit(k - 1, weight(self.p, c1, c2));
        }
    }
    fn difference<R: Rng + ?Sized>(&self, k: u64, noise: &mut R) -> Option<(S, u64, u64)> {
        let p = self.p.re();
        let more = k.saturating_add(invert(unit(noise), p));
        Some((weight(self.p, -1.0 / (p * p), 0.0), more.saturating_add(1), more))
    }
}

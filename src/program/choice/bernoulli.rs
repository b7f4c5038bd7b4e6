//! Two values.

use super::{ChoiceLaw, leaves_one, leaves_zero};
use crate::noise::unit;
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, math};
use rand::Rng;

/// 1 with probability p, 0 otherwise.
///
/// Two-sided weights: p' from 0 to 1, -p' from 1 to 0.
#[derive(Clone, Copy, Debug)]
pub struct Bernoulli<S> {
    /// The probability of 1.
    pub p: S,
}

impl<S: Scalar> ChoiceLaw<S> for Bernoulli<S> {
    #[inline(always)]
    fn check(&self) -> Result<(), LawError> {
        check!("a Bernoulli choice", p, self.p.re(); UNIT);
        Ok(())
    }
    #[inline(always)]
    fn draw<R: Rng + ?Sized>(&self, noise: &mut R) -> u64 {
        u64::from(unit(noise) < self.p.re())
    }
    #[inline]
    fn score(&self, k: u64) -> S {
        if k == 1 { self.p.ln() } else { (-self.p).ln_1p() }
    }
    #[inline]
    fn pmf(&self, k: u64) -> S {
        if k == 1 { self.p } else { -self.p + 1.0 }
    }
    fn mean_variance(&self) -> Option<(S, S)> {
        Some((self.p, self.p * (-self.p + 1.0)))
    }
    fn support(&self) -> Option<u64> {
        Some(2)
    }
    #[inline(always)]
    fn is_blind(&self) -> bool {
        leaves_zero(self.p) || leaves_one(self.p)
    }
    #[inline(always)]
    fn alternatives(&self, k: u64, mut visit: impl FnMut(u64, S)) {
        // a product, which takes no branch that nothing could foresee
        visit(1 - k, self.p * (1.0 - 2.0 * k as f64));
    }
    #[inline(always)]
    fn one_sided(&self, k: u64, mut visit: impl FnMut(u64, S)) {
        visit(1 - k, if k == 0 { self.p / (1.0 - self.p.re()) } else { -self.p / self.p.re() });
    }
}

/// 1 with probability 1 / (1 + e^-logit), 0 otherwise.
#[derive(Clone, Copy, Debug)]
pub struct BernoulliLogit<S> {
    /// ln(p / (1 - p)); infinities are certainties.
    pub logit: S,
}

impl<S: Scalar> ChoiceLaw<S> for BernoulliLogit<S> {
    fn check(&self) -> Result<(), LawError> {
        let logit = self.logit.re();
        check!("a Bernoulli choice", logit: "a number" if !logit.is_nan());
        Ok(())
    }
    #[inline]
    fn draw<R: Rng + ?Sized>(&self, noise: &mut R) -> u64 {
        u64::from(unit(noise) < math::sigmoid(self.logit.re()))
    }
    fn score(&self, k: u64) -> S {
        if k == 1 { -(-self.logit).softplus() } else { -self.logit.softplus() }
    }
    fn pmf(&self, k: u64) -> S {
        if k == 1 { self.logit.sigmoid() } else { (-self.logit).sigmoid() }
    }
    fn mean_variance(&self) -> Option<(S, S)> {
        let p = self.logit.sigmoid();
        Some((p, p * (-self.logit).sigmoid()))
    }
    fn support(&self) -> Option<u64> {
        Some(2)
    }
    fn is_blind(&self) -> bool {
        false
    }
    fn alternatives(&self, k: u64, mut visit: impl FnMut(u64, S)) {
        visit(1 - k, self.pmf(1 - k));
    }
    fn one_sided(&self, k: u64, mut visit: impl FnMut(u64, S)) {
        visit(1 - k, self.pmf(1 - k) / self.pmf(k).re());
    }
}

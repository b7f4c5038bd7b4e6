//! Whether something with a hazard takes place.

use super::{ChoiceLaw, leaves_zero};
use crate::noise::unit;
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, math};
use rand::Rng;

/// 1 with probability 1 - e^-hazard, 0 otherwise.
///
/// Two-sided weights: those of [`Bernoulli`](super::Bernoulli) with that probability. Its score at 0 is -hazard'
/// exactly, where 1 - p would round to 0.
#[derive(Clone, Copy, Debug)]
pub struct Event<S> {
    /// A rate times a duration, at least 0; infinity is certainty.
    pub hazard: S,
}

impl<S: Scalar> Event<S> {
    #[inline]
    fn p(&self) -> S {
        -(-self.hazard).exp_m1()
    }
}

impl<S: Scalar> ChoiceLaw<S> for Event<S> {
    #[inline]
    fn check(&self) -> Result<(), LawError> {
        let hazard = self.hazard.re();
        check!("an event", hazard: "at least 0" if hazard >= 0.0);
        Ok(())
    }
    #[inline]
    fn draw<R: Rng + ?Sized>(&self, noise: &mut R) -> u64 {
        u64::from(unit(noise) < -math::exp_m1(-self.hazard.re()))
    }
    #[inline]
    fn score(&self, k: u64) -> S {
        if k == 1 { self.p().ln() } else { -self.hazard }
    }
    fn pmf(&self, k: u64) -> S {
        if k == 1 { self.p() } else { (-self.hazard).exp() }
    }
    fn mean_variance(&self) -> Option<(S, S)> {
        Some((self.p(), self.p() * (-self.hazard).exp()))
    }
    fn support(&self) -> Option<u64> {
        Some(2)
    }
    #[inline]
    fn is_blind(&self) -> bool {
        leaves_zero(self.hazard)
    }
    #[inline]
    fn alternatives(&self, k: u64, mut visit: impl FnMut(u64, S)) {
        visit(1 - k, self.p() * (1.0 - 2.0 * k as f64));
    }
    fn one_sided(&self, k: u64, mut visit: impl FnMut(u64, S)) {
        // hazard' and hazard'' - hazard'^2
        visit(1 - k, if k == 0 { super::weight(self.hazard, 1.0, -1.0) } else { -self.p() / self.p().re() });
    }
}

//! A handle whose draws take their derivatives from tables.

use super::choice::ChoiceLaw;
use super::handed_on::handed_on;
use super::{Chance, Fault};
use crate::distr::{Continuous, Joint, Known};
use crate::scalar::Scalar;
use rand::Rng;

/// Any handle whose draws are those of its generator: by the tables of who knows some, with the same values.
pub(crate) struct ByTables<H, K> {
    pub inner: H,
    laws: K,
}

impl<H, K> ByTables<H, K> {
    /// The handle `inner`, with these tables.
    #[inline(always)]
    pub fn new(inner: H, laws: K) -> Self {
        ByTables { inner, laws }
    }
}

impl<S: Scalar, H: Chance<S>, K: Known> Chance<S> for ByTables<H, K> {
    handed_on!(S, H, |self| self.inner);

    #[inline(always)]
    #[track_caller]
    fn choose(&mut self, law: &impl ChoiceLaw<S>) -> u64 {
        self.inner.choose(law)
    }
    #[inline(always)]
    #[track_caller]
    fn race(&mut self, rates: &[S], left: S) -> Option<(usize, S)> {
        self.inner.race(rates, left)
    }
    #[inline(always)]
    fn draw(&mut self, law: &impl Continuous<S>) -> S {
        law.sample_by(&mut self.laws, &mut self.inner.generator())
    }
    #[inline(always)]
    fn draw_joint<L: Joint<S>>(&mut self, law: &L) -> L::Point {
        law.sample_by(&mut self.laws, &mut self.inner.generator())
    }
}

//! The score of a run.

use super::{ChoiceLaw, Observer, Site};
use crate::scalar::Scalar;

/// The sum of the scores of all choices.
pub(crate) struct Scores<S> {
    sum: S,
    /// Whether a value that can never be drawn has a derivative.
    pub is_blind: bool,
}

impl<S: Scalar> Scores<S> {
    pub fn new() -> Self {
        Scores { sum: S::from(0.0), is_blind: false }
    }

    /// The product of p_k / re(p_k).
    #[inline]
    pub fn weight(&self) -> S {
        self.sum.with_re(0.0).exp()
    }
}

impl<S: Scalar> Observer<S> for Scores<S> {
    #[inline(always)]
    fn chosen<L: ChoiceLaw<S>>(&mut self, law: &L, _: Site, k: u64) {
        if S::ORDER > 0 {
            self.sum += law.score(k);
            self.is_blind |= law.is_blind();
        }
    }
}

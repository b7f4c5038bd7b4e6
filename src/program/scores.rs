//! The score of a run.

use super::choice::ChoiceLaw;
use super::{Observer, Site};
use crate::scalar::Scalar;

/// The sum of the scores of all choices of a run: an [`Observer`].
#[derive(Clone, Copy, Debug)]
pub struct Scores<S> {
    sum: S,
    /// That of the choices that scores are blind to.
    of_blind: S,
    blind: Option<u64>,
}

impl<S: Scalar> Scores<S> {
    /// Of no choices.
    #[expect(
        clippy::new_without_default,
        reason = "as `ControlVariates::new`: an empty sum is where one starts, not a default"
    )]
    pub fn new() -> Self {
        Scores { sum: S::from(0.0), of_blind: S::from(0.0), blind: None }
    }

    /// The product of p_k / re(p_k): its real part is 1, and averages of it times a result have the derivatives of the
    /// expectation.
    #[inline]
    pub fn weight(&self) -> S {
        self.sum.with_re(0.0).exp()
    }

    /// The same without the choices that scores are blind to.
    #[inline]
    pub(crate) fn weight_of_others(&self) -> S {
        (self.sum - self.of_blind).with_re(0.0).exp()
    }

    /// The number of the first choice a value of which can never be drawn but has a derivative, which scores miss.
    #[inline]
    pub fn blind(&self) -> Option<u64> {
        self.blind
    }
}

impl<S: Scalar> Observer<S> for Scores<S> {
    #[inline(always)]
    fn chosen<L: ChoiceLaw<S>>(&mut self, law: &L, site: Site, k: u64) {
        if S::ORDER > 0 {
            let score = law.score(k);
            self.sum += score;
            if law.is_blind() {
                self.blind.get_or_insert(site.number);
                self.of_blind += score;
            }
        }
    }
}

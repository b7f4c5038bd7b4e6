//! A choice that is not made.

use super::ChoiceLaw;
use crate::parameter::LawError;
use crate::scalar::Scalar;
use rand::Rng;

/// What stands for a choice that is made of others, if its parameters are refused: the run notes the error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refused(pub LawError);

impl<S: Scalar> ChoiceLaw<S> for Refused {
    fn check(&self) -> Result<(), LawError> {
        Err(self.0)
    }
    fn draw<R: Rng + ?Sized>(&self, _: &mut R) -> u64 {
        0
    }
    fn score(&self, _: u64) -> S {
        S::from(0.0)
    }
    fn pmf(&self, _: u64) -> S {
        S::from(0.0)
    }
    fn support(&self) -> Option<u64> {
        None
    }
    fn is_blind(&self) -> bool {
        false
    }
    fn alternatives(&self, _: u64, _: impl FnMut(u64, S)) {}
    fn one_sided(&self, _: u64, _: impl FnMut(u64, S)) {}
}

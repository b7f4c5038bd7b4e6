//! Successes among draws without replacement.

use super::ChoiceLaw;
use crate::distr::{self, Discrete, DiscreteUnivariate};
use crate::parameter::LawError;
use crate::scalar::Scalar;
use rand::Rng;
use rand::distr::Distribution;

/// k with probability C(successes, k) C(population - successes, draws - k) / C(population, draws).
///
/// It has no parameter that could move: whole numbers have no derivatives. What the numbers themselves depend on is in
/// the choices that made them.
#[derive(Clone, Copy, Debug)]
pub struct Hypergeometric {
    /// How many there are, at most 1e15.
    pub population: u64,
    /// How many of them are successes.
    pub successes: u64,
    /// How many are drawn.
    pub draws: u64,
}

impl Hypergeometric {
    fn law(&self) -> Result<distr::Hypergeometric<f64>, LawError> {
        distr::Hypergeometric::new(self.population, self.successes, self.draws)
    }
}

impl<S: Scalar> ChoiceLaw<S> for Hypergeometric {
    fn check(&self) -> Result<(), LawError> {
        self.law().map(|_| ())
    }
    fn draw<R: Rng + ?Sized>(&self, noise: &mut R) -> u64 {
        // what is refused is not drawn
        self.law().map_or(0, |law| law.sample(noise))
    }
    fn score(&self, _: u64) -> S {
        S::from(0.0)
    }
    fn pmf(&self, k: u64) -> S {
        S::from(self.law().map_or(0.0, |law| law.pmf(&k)))
    }
    fn mean_variance(&self) -> Option<(S, S)> {
        let law = self.law().ok()?;
        Some((S::from(law.mean()), S::from(law.variance())))
    }
    fn support(&self) -> Option<u64> {
        Some(self.successes.min(self.draws).saturating_add(1))
    }
    fn is_blind(&self) -> bool {
        false
    }
    fn alternatives(&self, _: u64, _: impl FnMut(u64, S)) {}
    fn one_sided(&self, _: u64, _: impl FnMut(u64, S)) {}
}

//! A generator as a handle.

use super::chance::{Guard, MOST_CHOICES, stand_in};
use super::choice::{Bernoulli, ChoiceLaw};
use super::{Chance, Fault};
use crate::distr::{Continuous, Joint, Kept, Known};
use crate::noise;
use crate::scalar::Scalar;
use core::convert::Infallible;
use core::marker::PhantomData;
use rand::{Rng, SeedableRng, TryRng};

/// A generator as a handle, at no cost: draws are `law.sample(rng)`. It is a generator itself, so that what takes one
/// works as before. `K` is for the estimators of this crate, which keep tables of laws there.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::{prelude::*, program::Plain};
/// let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
/// let mut chance = Plain::new(&mut rng);
/// let coins = (0..100).filter(|_| chance.bernoulli(0.5)).count();
/// assert!((30..70).contains(&coins));
/// assert!(Normal::new(0.0, 1.0).unwrap().sample(&mut chance).is_finite());
/// ```
#[derive(Clone, Debug)]
pub struct Plain<S, R, K = Kept> {
    rng: R,
    guard: Guard,
    /// Tables of laws.
    laws: K,
    scalar: PhantomData<S>,
}

impl<S: Scalar, R: Rng> Plain<S, R> {
    /// The handle of a generator, or of a reference to one.
    #[inline(always)]
    pub fn new(rng: R) -> Self {
        Plain::with_limit(rng, MOST_CHOICES)
    }

    /// The same with a limit to the number of choices, [`MOST_CHOICES`] otherwise.
    #[inline(always)]
    pub fn with_limit(rng: R, choices: u64) -> Self {
        Plain::with_laws(rng, choices, Kept::default())
    }
}

impl<S: Scalar, R: Rng, K> Plain<S, R, K> {
    /// The same with tables of laws.
    #[inline(always)]
    pub(crate) fn with_laws(rng: R, choices: u64, laws: K) -> Self {
        Plain { rng, guard: Guard::new(choices), laws, scalar: PhantomData }
    }

    /// Begins another run, with its own count of choices.
    #[inline(always)]
    pub(crate) fn restart(&mut self) {
        self.guard.restart();
    }

    /// The generator, to draw from by another handle.
    #[inline(always)]
    pub(crate) fn stream(&mut self) -> &mut R {
        &mut self.rng
    }

    /// Where it keeps tables of laws.
    #[inline(always)]
    pub(crate) fn laws(&mut self) -> &mut K {
        &mut self.laws
    }

    /// The generator, and where it keeps tables of laws.
    #[cfg(feature = "alloc")]
    #[inline(always)]
    pub(crate) fn stream_and_laws(&mut self) -> (&mut R, &mut K) {
        (&mut self.rng, &mut self.laws)
    }

    /// The generator.
    pub fn into_inner(self) -> R {
        self.rng
    }
}

impl<S: Scalar, R: Rng + SeedableRng> SeedableRng for Plain<S, R> {
    type Seed = R::Seed;

    fn from_seed(seed: R::Seed) -> Self {
        Plain::new(R::from_seed(seed))
    }
}

impl<S, R: Rng, K> TryRng for Plain<S, R, K> {
    type Error = Infallible;

    #[inline(always)]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.rng.next_u32())
    }
    #[inline(always)]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.rng.next_u64())
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.rng.fill_bytes(bytes);
        Ok(())
    }
}

impl<S: Scalar, R: Rng, K: Known> Chance<S> for Plain<S, R, K> {
    type Mark = ();

    #[inline(always)]
    #[track_caller]
    fn choose(&mut self, law: &impl ChoiceLaw<S>) -> u64 {
        match self.guard.next(law) {
            Ok(_) => law.draw(&mut self.rng),
            Err(()) => stand_in(law.support(), &mut self.rng),
        }
    }
    #[inline(always)]
    #[track_caller]
    fn bernoulli(&mut self, p: S) -> bool {
        self.choose(&Bernoulli { p }) == 1
    }
    #[inline(always)]
    fn draw(&mut self, law: &impl Continuous<S>) -> S {
        law.sample_by(&mut self.laws, &mut self.rng)
    }
    #[inline(always)]
    fn draw_joint<L: Joint<S>>(&mut self, law: &L) -> L::Point {
        law.sample_by(&mut self.laws, &mut self.rng)
    }
    #[inline(always)]
    fn uniform(&mut self) -> f64 {
        noise::uniform(&mut self.rng)
    }
    #[inline(always)]
    fn normal(&mut self) -> f64 {
        noise::normal(&mut self.rng)
    }
    #[inline(always)]
    fn exponential(&mut self) -> f64 {
        noise::exponential(&mut self.rng)
    }
    #[inline(always)]
    fn generator(&mut self) -> impl Rng {
        &mut self.rng
    }
    #[inline(always)]
    fn open(&mut self) {}
    #[inline(always)]
    fn close(&mut self, (): ()) {}
    #[inline(always)]
    fn fault(&self) -> Option<Fault> {
        self.guard.fault
    }
}

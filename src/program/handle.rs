//! The handle of a run: places of random numbers, forced choices, and an observer of what is chosen.

use super::stream::Places;
use super::{ChoiceError, ChoiceLaw, Choices, Program, RunError, Stream};
use crate::scalar::Scalar;
use rand::Rng;

/// A choice of a run.
#[derive(Clone, Copy)]
pub(crate) struct Site {
    /// How many choices came before it.
    pub number: u64,
    /// The key of its random numbers.
    pub key: u64,
}

/// What an estimator wants to know of each choice.
pub(crate) trait Observer<S: Scalar> {
    fn chosen<L: ChoiceLaw<S>>(&mut self, law: &L, site: Site, k: u64);
}

/// Nobody looks.
impl<S: Scalar> Observer<S> for () {
    #[inline(always)]
    fn chosen<L: ChoiceLaw<S>>(&mut self, _: &L, _: Site, _: u64) {}
}

/// Both do.
impl<S: Scalar, A: Observer<S>, B: Observer<S>> Observer<S> for (A, B) {
    #[inline(always)]
    fn chosen<L: ChoiceLaw<S>>(&mut self, law: &L, site: Site, k: u64) {
        self.0.chosen(law, site, k);
        self.1.chosen(law, site, k);
    }
}

impl<S: Scalar, A: Observer<S>> Observer<S> for &mut A {
    #[inline(always)]
    fn chosen<L: ChoiceLaw<S>>(&mut self, law: &L, site: Site, k: u64) {
        A::chosen(self, law, site, k);
    }
}

/// The number of no choice.
const NEVER: u64 = u64::MAX;

/// A choice by its number, and the value that it must take.
pub(crate) type Forced = (u64, u64);

pub(crate) struct Handle<O> {
    places: Places,
    number: u64,
    forced: Forced,
    then_forced: Forced,
    invalid: Option<(u64, ChoiceError)>,
    observer: O,
}

impl<O> Handle<O> {
    /// One run of a program, and what its observer saw: with up to two choices forced, the earlier first.
    #[inline(always)]
    pub fn run<S: Scalar, P: Program<N>, const N: usize>(
        program: &P,
        theta: [S; N],
        seed: u64,
        forced: &[Forced],
        observer: O,
    ) -> Result<(S, O), RunError<P::Error>>
    where
        O: Observer<S>,
    {
        let forced = |i: usize| forced.get(i).copied().unwrap_or((NEVER, 0));
        let mut handle = Handle {
            places: Places::new(seed),
            number: 0,
            forced: forced(0),
            then_forced: forced(1),
            invalid: None,
            observer,
        };
        let result = program.run(theta, &mut handle);
        if let Some((choice, error)) = handle.invalid {
            return Err(RunError::Choice { choice, error });
        }
        result.map(|x| (x, handle.observer)).map_err(RunError::Program)
    }
}

impl<S: Scalar, O: Observer<S>> Choices<S> for Handle<O> {
    #[inline(always)]
    fn choose(&mut self, law: &impl ChoiceLaw<S>) -> u64 {
        let mut noise = self.places.stream();
        let site = Site { number: self.number, key: noise.key() };
        self.number += 1;
        if let Err(error) = law.check() {
            self.invalid.get_or_insert((site.number, error));
            return stand_in(law.support(), noise);
        }
        if site.number == self.forced.0 {
            let (_, k) = core::mem::replace(&mut self.forced, self.then_forced);
            self.observer.chosen(law, site, k);
            return k;
        }
        let k = law.draw(&mut noise);
        self.observer.chosen(law, site, k);
        k
    }

    #[inline(always)]
    fn stream(&mut self) -> Stream {
        self.places.stream()
    }

    #[inline]
    fn scope<T>(&mut self, part: impl FnOnce(&mut Self) -> T) -> T {
        let inner = self.places.scope();
        let outer = core::mem::replace(&mut self.places, inner);
        let result = part(self);
        self.places = outer;
        result
    }
}

/// A value in place of one from an invalid law, any of the support: a loop that waits for one of them ends.
#[cold]
pub(super) fn stand_in(support: Option<u64>, mut noise: Stream) -> u64 {
    match support {
        Some(values) => noise.next_u64() % values.max(1),
        None => u64::from(noise.next_u64().trailing_zeros()),
    }
}

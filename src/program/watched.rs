//! Observers of choices, and any handle with one.

use super::choice::ChoiceLaw;
use super::handed_on::handed_on;
use super::{Chance, Fault};
use crate::distr::{Continuous, Joint};
use crate::noise::{GOLDEN, mix};
use crate::scalar::Scalar;
use core::panic::Location;
use rand::Rng;

/// A choice of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// How many choices came before it.
    pub number: u64,
    /// A hash of its place: the same in every run on the same random numbers.
    pub key: u64,
    /// The line of the program that asks for it.
    pub location: &'static Location<'static>,
}

/// What wants to know of each choice of a run.
pub trait Observer<S: Scalar> {
    /// The law of this choice has given k.
    fn chosen<L: ChoiceLaw<S>>(&mut self, law: &L, site: Site, k: u64);

    /// Whether a race is told as a whole, by [`Observer::raced`], where it can be: its time is a constant then. It is
    /// choices and a draw otherwise.
    const RACES: bool = false;

    /// A race of clocks with these rates has gone on for a time, until the first of them rang or it ended.
    fn raced(&mut self, rates: &[S], time: f64, first: Option<usize>, site: Site) {
        let _ = (rates, time, first, site);
    }
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

    const RACES: bool = A::RACES;

    #[inline(always)]
    fn raced(&mut self, rates: &[S], time: f64, first: Option<usize>, site: Site) {
        A::raced(self, rates, time, first, site);
    }
}

/// Any handle, with an observer of its choices.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::{prelude::*, program::{Plain, Scores, Watched}};
/// let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
/// let mut chance = Watched::new(Plain::new(&mut rng), Scores::new());
/// let heads = chance.bernoulli(Jet::variable(0.25, 0));
/// let score: Jet<f64, 1> = chance.observer.weight();
/// assert_eq!(score.eps, [if heads { 4.0 } else { -1.0 / 0.75 }]);
/// ```
#[derive(Clone, Debug)]
pub struct Watched<H, O> {
    inner: H,
    number: u64,
    /// What is called with every choice.
    pub observer: O,
}

impl<H, O> Watched<H, O> {
    /// The handle `inner`, observed.
    #[inline(always)]
    pub fn new(inner: H, observer: O) -> Self {
        Watched { inner, number: 0, observer }
    }

    #[inline(always)]
    #[track_caller]
    fn site(&mut self) -> Site {
        let number = self.number;
        self.number += 1;
        Site { number, key: mix(number.wrapping_mul(GOLDEN)), location: Location::caller() }
    }
}

impl<S: Scalar, H: Chance<S>, O: Observer<S>> Chance<S> for Watched<H, O> {
    handed_on!(S, H, |self| self.inner);

    #[inline(always)]
    #[track_caller]
    fn choose(&mut self, law: &impl ChoiceLaw<S>) -> u64 {
        let site = self.site();
        let k = self.inner.choose(law);
        if self.inner.fault().is_none() {
            self.observer.chosen(law, site, k);
        }
        k
    }
    #[inline(always)]
    fn draw(&mut self, law: &impl Continuous<S>) -> S {
        self.inner.draw(law)
    }
}

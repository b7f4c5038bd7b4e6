//! The handle of runs on the same random numbers: each place has its own, and choices can be forced.

use super::chance::{Guard, MOST_CHOICES, stand_in};
use super::choice::{Categorical, ChoiceLaw};
use super::race;
use super::stream::Places;
use super::{Chance, Fault, Observer, Outcome, OutcomeOf, ParametersOf, Program, RunError, Site, ValuesOf};
use crate::distr::{Continuous, Joint, Known};
use crate::noise;
use crate::scalar::Scalar;
use core::panic::Location;
use rand::Rng;

/// The number of no choice.
const NEVER: u64 = u64::MAX;

/// A choice by its number, and the value that it must take.
pub(crate) type Forced = (u64, u64);

/// The handle whose random numbers belong to places in the program: two runs of one seed have the same numbers at the
/// same places, whatever was chosen before, in any scalar. `O` observes the choices; `()` is nobody. `K` is for the estimators of this
/// crate, which keep tables of laws there.
#[derive(Clone, Debug)]
pub struct Coupled<O, K = ()> {
    places: Places,
    guard: Guard,
    forced: Forced,
    then_forced: Forced,
    /// Tables of laws.
    laws: K,
    /// What it is called with every choice.
    pub observer: O,
}

impl Coupled<()> {
    /// The handle of a seed.
    ///
    /// ```
    /// use reparam::{prelude::*, program::Coupled};
    /// let (mut one, mut other) = (Coupled::new(7), Coupled::new(7));
    /// let x: f64 = one.draw(&Normal::new(0.0, 1.0).unwrap());
    /// let y: Jet<f64, 1> = other.draw(&Normal::new(Jet::variable(0.0, 0), 1.0.into()).unwrap());
    /// assert_eq!((x, [1.0]), (y.re, y.eps));
    /// ```
    pub fn new(seed: u64) -> Self {
        Coupled::observed(seed, &[], ())
    }
}

impl<O> Coupled<O> {
    /// With up to two choices forced, the earlier first.
    #[inline(always)]
    pub(crate) fn observed(seed: u64, forced: &[Forced], observer: O) -> Self {
        let forced = |i: usize| forced.get(i).copied().unwrap_or((NEVER, 0));
        Coupled {
            places: Places::new(seed),
            guard: Guard::new(MOST_CHOICES),
            forced: forced(0),
            then_forced: forced(1),
            laws: (),
            observer,
        }
    }

    /// With tables of laws.
    #[inline(always)]
    pub(crate) fn with_laws<K>(self, laws: K) -> Coupled<O, K> {
        let Coupled { places, guard, forced, then_forced, laws: (), observer } = self;
        Coupled { places, guard, forced, then_forced, laws, observer }
    }
}

impl<O, K> Coupled<O, K> {
    /// With this limit to the number of choices of a run.
    #[inline(always)]
    pub fn with_limit(mut self, choices: u64) -> Self {
        self.guard = Guard::new(choices);
        self
    }

    /// One run of a program, and what its observer saw.
    #[inline(always)]
    pub(crate) fn run<S: Scalar, P: Program>(
        mut self,
        program: &P,
        theta: &ParametersOf<P, S>,
    ) -> Result<(ValuesOf<P, S>, O), RunError<super::ErrorOf<P>>>
    where
        O: Observer<S>,
        K: Known,
    {
        let outcome: OutcomeOf<P, S> = program.run(theta, &mut self);
        if let Some(fault) = self.guard.fault {
            return Err(RunError::Choice(fault));
        }
        P::Output::result(outcome).map(|x| (x, self.observer)).map_err(RunError::Program)
    }
}

impl<S: Scalar, O: Observer<S>, K: Known> Chance<S> for Coupled<O, K> {
    type Mark = Places;

    #[inline(always)]
    #[track_caller]
    fn choose(&mut self, law: &impl ChoiceLaw<S>) -> u64 {
        let mut noise = self.places.stream();
        let Ok(number) = self.guard.next(law) else {
            return stand_in(law.support(), &mut noise);
        };
        let site = Site { number, key: noise.key(), location: Location::caller() };
        if number == self.forced.0 {
            let (_, k) = core::mem::replace(&mut self.forced, self.then_forced);
            self.observer.chosen(law, site, k);
            return k;
        }
        let k = law.draw(&mut noise);
        self.observer.chosen(law, site, k);
        k
    }
    #[track_caller]
    fn race(&mut self, rates: &[S], left: S) -> Option<(usize, S)> {
        let clocks = Categorical::new(rates);
        if !O::RACES || !race::is_whole(&clocks, left) {
            return race::by_choices(self, rates, left);
        }
        let mut noise = self.places.stream();
        let number = self.guard.next(&clocks).ok()?;
        let (time, first) = race::whole(&clocks, rates, left.re(), &mut noise);
        let site = Site { number, key: noise.key(), location: Location::caller() };
        self.observer.raced(rates, time, first, site);
        Some((first?, S::from(time)))
    }
    #[inline]
    fn draw(&mut self, law: &impl Continuous<S>) -> S {
        law.sample_by(&mut self.laws, &mut self.places.stream())
    }
    #[inline]
    fn draw_joint<L: Joint<S>>(&mut self, law: &L) -> L::Point {
        law.sample_by(&mut self.laws, &mut self.places.stream())
    }
    #[inline]
    fn uniform(&mut self) -> f64 {
        noise::uniform(&mut self.places.stream())
    }
    #[inline]
    fn normal(&mut self) -> f64 {
        noise::normal(&mut self.places.stream())
    }
    #[inline]
    fn exponential(&mut self) -> f64 {
        noise::exponential(&mut self.places.stream())
    }
    #[inline(always)]
    fn generator(&mut self) -> impl Rng {
        self.places.stream()
    }
    #[inline]
    fn open(&mut self) -> Places {
        let inner = self.places.scope();
        core::mem::replace(&mut self.places, inner)
    }
    #[inline]
    fn close(&mut self, outer: Places) {
        self.places = outer;
    }
    #[inline(always)]
    fn fault(&self) -> Option<Fault> {
        self.guard.fault
    }
}

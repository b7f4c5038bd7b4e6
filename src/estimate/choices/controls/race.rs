//! Controls from races: of each clock whether it has rung less its rate times the time.

use super::{CONTROLS, MOST_KINDS, Past, Plan, Residual, is_same};
use crate::estimate::choices::linear::Partials;
use crate::program::Site;
use alloc::vec;
use alloc::vec::Vec;
use core::panic::Location;

/// Shapes of a clock's residual: 1, its rate, that of the next clock and that of all, each over its mean, and squares.
const RACE_SHAPES: usize = 8;

/// Nodes in the time that a run's races take.
const RACE_NODES: usize = CONTROLS / RACE_SHAPES;

/// A line of a program that has races, over some runs.
#[derive(Clone, Debug)]
pub(super) struct RaceSite {
    location: &'static Location<'static>,
    /// How often it was met.
    races: f64,
    /// Of each clock.
    clocks: Vec<Clock>,
}

/// One of the clocks of a race, over some runs.
#[derive(Clone, Copy, Debug, Default)]
struct Clock {
    /// The sum of its rates, and their mean once that is known.
    rate: f64,
    /// How often it was the first to ring.
    rung: f64,
}

/// How often a clock must have rung in the runs that are watched: of one that hardly does the residual looks like a
/// number that is known beforehand, and a fit would lean on it.
const RUNG: f64 = 20.0;

/// Likewise the least probability that it rings in a race. Both are decided by the past alone, so that nothing is
/// biased.
const LEAST_PROBABILITY: f64 = 0.01;

impl RaceSite {
    /// How many clocks it has.
    pub fn clocks(&self) -> usize {
        self.clocks.len()
    }

    pub fn settle(&mut self) {
        self.clocks.iter_mut().for_each(|clock| clock.rate /= self.races);
    }
}

impl Plan {
    /// Notes a race of a run that is watched, the races of which have taken this long.
    pub(super) fn watch_race(
        &mut self,
        location: &'static Location<'static>,
        rates: &[f64],
        first: Option<usize>,
        elapsed: f64,
    ) {
        self.span = self.span.max(elapsed);
        let room = MOST_KINDS - self.kinds_and_clocks();
        let at = match self.races.iter().position(|race| is_same(race.location, location)) {
            Some(at) => at,
            None => {
                let clocks = vec![Clock::default(); rates.len().min(room)];
                self.races.push(RaceSite { location, races: 0.0, clocks });
                self.races.len() - 1
            }
        };
        let race = &mut self.races[at];
        race.races += 1.0;
        race.clocks.iter_mut().zip(rates).for_each(|(clock, rate)| clock.rate += rate);
        if let Some(clock) = first.and_then(|first| race.clocks.get_mut(first)) {
            clock.rung += 1.0;
        }
    }

    /// The place of the first of the two nodes around a time, and the share of the second.
    fn node_at(&self, kind: usize, elapsed: f64) -> (usize, f64) {
        let y = (elapsed / self.span).min(1.0) * (RACE_NODES - 1) as f64;
        let first = (y as usize).min(RACE_NODES - 2);
        (kind * CONTROLS + first * RACE_SHAPES, y - first as f64)
    }
}

impl Past {
    /// Calls `f` with the residual of each clock of a race: N - ∫ rate, a martingale whatever the parameters are, so
    /// that E[score · residual] = E[rate' · time] given the past.
    #[inline]
    pub(super) fn race<S: Partials>(
        &mut self,
        plan: &Plan,
        rates: &[S],
        time: f64,
        first: Option<usize>,
        site: Site,
        mut f: impl FnMut(Residual<S, RACE_SHAPES, RACE_SHAPES>),
    ) {
        let begin = self.elapsed;
        self.elapsed += time;
        let mut kind = plan.kinds.len();
        for race in &plan.races {
            if !is_same(race.location, site.location) {
                kind += race.clocks.len();
                continue;
            }
            let total: f64 = rates.iter().map(|rate| rate.re()).sum();
            let usual: f64 = race.clocks.iter().map(|clock| clock.rate).sum();
            let of = |i: usize| match (rates.get(i), race.clocks.get(i)) {
                (Some(rate), Some(clock)) if clock.rate > 0.0 => rate.re() / clock.rate,
                _ => 1.0,
            };
            for (i, (rate, clock)) in rates.iter().zip(&race.clocks).enumerate() {
                if clock.rung < RUNG || rate.re() < LEAST_PROBABILITY * total {
                    continue;
                }
                let (own, next, all) = (of(i), of((i + 1) % rates.len()), total / usual);
                f(Residual {
                    node: plan.node_at(kind + i, begin),
                    z: f64::from(u8::from(first == Some(i))) - rate.re() * time,
                    slope: rate.with_partials(|e| e * time),
                    spread: S::from(0.0),
                    shapes: [1.0, own, next, all, own * own, own * next, next * next, all * all],
                });
            }
            return;
        }
    }
}

/// Adds the score of a race, ln of the density of its time and its first clock; whether it is blind to a clock that
/// does not run but would.
#[inline]
pub(super) fn add_score<S: Partials>(sums: &mut [f64], rates: &[S], time: f64, first: Option<usize>) -> bool {
    let rung = first.map_or(S::from(0.0), |first| rates[first].with_partials(|e| e / rates[first].re()));
    rung.add_to(rates, |own, total| own - total * time, sums);
    rates.iter().any(|rate| rate.re() == 0.0 && rate.max_abs() > 0.0)
}

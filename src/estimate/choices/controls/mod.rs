//! What a run says about its own noise: residuals of choices, times what the program had done before them.

mod cells;
mod least_squares;
mod race;

pub(super) use least_squares::LeastSquares;

use super::linear::Partials;
use crate::program::{ChoiceLaw, Observer, Site};
use crate::scalar::math;
use alloc::vec;
use alloc::vec::Vec;
use cells::{FEWEST_CELLS, MOST_CELLS};
use core::panic::Location;
use race::RaceSite;

/// Shapes of the residual z: standard deviation of the count, relative one, 1, and these times how large the mean is
/// beside its largest so far, of this kind of choice and of the next.
const LINEAR: usize = 9;

/// Shapes of z² - 1.
const SQUARE: usize = 3;

/// All shapes.
const SHAPES: usize = LINEAR + SQUARE;

/// Nodes in time between which coefficients are linear.
const NODES: usize = 4;

/// The controls of a kind.
const CONTROLS: usize = NODES * SHAPES;

/// Kinds of choices that are told apart; further ones share the last.
const MOST_KINDS: usize = 12;

/// Turns of a kind that are told apart.
const MOST_TURNS: usize = 4096;

/// A line of a program that makes choices, over some runs.
#[derive(Clone, Debug)]
struct Kind {
    location: &'static Location<'static>,
    /// Of each turn: how often it was reached, and the sum of ln(1 + mean).
    path: Vec<(f64, f64)>,
    /// What is known of each turn in the end.
    turns: Vec<Turn>,
    /// How often each cell was chosen, if it is a choice among cells without an order.
    cells: Option<[f64; MOST_CELLS]>,
}

/// What is known of a turn of a kind.
#[derive(Clone, Copy, Debug)]
struct Turn {
    /// The place of the first of the two nodes around it, and the share of the second.
    node: (usize, f64),
    /// The mean of ln(1 + mean).
    usual: f64,
}

/// What is known of a program's choices from runs that were watched.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    kinds: Vec<Kind>,
    races: Vec<RaceSite>,
    /// The longest time that all races of a run have taken.
    span: f64,
}

/// Whether two are the same line of a program.
fn is_same(a: &Location<'_>, b: &Location<'_>) -> bool {
    core::ptr::eq(a, b) || (a.line() == b.line() && a.column() == b.column() && a.file() == b.file())
}

impl Plan {
    /// The number of controls.
    pub fn controls(&self) -> usize {
        self.blocks() * CONTROLS
    }

    /// Kinds of choices, clocks of races, and the cells of a kind together.
    fn blocks(&self) -> usize {
        self.kinds_and_clocks() + self.kinds.iter().filter(|kind| kind.cells.is_some()).count()
    }

    /// Kinds of choices, and clocks of races.
    fn kinds_and_clocks(&self) -> usize {
        self.kinds.len() + self.races.iter().map(RaceSite::clocks).sum::<usize>()
    }

    /// The place of a kind's cells, after all kinds and clocks, and how often each was chosen.
    fn cells_of(&self, kind: usize) -> Option<(usize, &[f64; MOST_CELLS])> {
        let chosen = self.kinds[kind].cells.as_ref()?;
        let before = self.kinds[..kind].iter().filter(|kind| kind.cells.is_some()).count();
        Some((self.kinds_and_clocks() + before, chosen))
    }

    fn kind(&self, location: &Location<'_>) -> Option<usize> {
        self.kinds.iter().position(|kind| is_same(kind.location, location))
    }

    /// Notes a choice of a run that is watched.
    fn watch(
        &mut self,
        location: &'static Location<'static>,
        turn: &mut [usize; MOST_KINDS],
        mean: f64,
        cell: Option<u64>,
    ) {
        let kind = match self.kind(location) {
            Some(kind) => kind,
            None if self.kinds_and_clocks() < MOST_KINDS => {
                self.kinds.push(Kind { location, path: Vec::new(), turns: Vec::new(), cells: None });
                self.kinds.len() - 1
            }
            None => return,
        };
        let at = turn[kind];
        turn[kind] += 1;
        if let Some(cell) = cell
            && (self.kinds[kind].cells.is_some() || self.blocks() < MOST_KINDS)
        {
            let chosen = self.kinds[kind].cells.get_or_insert([0.0; MOST_CELLS]);
            chosen.get_mut(cell as usize).into_iter().for_each(|count| *count += 1.0);
        }
        let path = &mut self.kinds[kind].path;
        if at >= MOST_TURNS {
            return;
        }
        if at == path.len() {
            path.push((0.0, 0.0));
        }
        path[at].0 += 1.0;
        path[at].1 += math::ln_1p(mean);
    }

    /// Forgets turns that few runs have reached, and looks at the others as a whole.
    pub fn settle(&mut self, runs: f64) {
        for (number, kind) in self.kinds.iter_mut().enumerate() {
            let often = kind.path.iter().take_while(|(count, _)| *count > 0.025 * runs).count();
            kind.path.truncate(often.max(1));
            let turns = kind.path.len() as f64;
            let turn = |(turn, (count, sum)): (usize, &(f64, f64))| {
                let x = (turn as f64 + 0.5) / turns;
                let y = math::ln_1p(4.0 * x) / math::ln(5.0) * (NODES - 1) as f64;
                let first = (y as usize).min(NODES - 2);
                Turn { node: (number * CONTROLS + first * SHAPES, y - first as f64), usual: sum / count.max(1.0) }
            };
            kind.turns = kind.path.iter().enumerate().map(turn).collect();
        }
        for race in &mut self.races {
            race.settle();
        }
    }
}

/// An observer that only gets to know the choices.
///
/// `ALONE` is, here and below, whether scores are all that an estimate has of its choices: then they see a race as a whole, and a
/// choice that they are blind to is for the caller to refuse. Beside a replay a race is choices, and those that scores are blind
/// to are left to the replay.
pub(super) struct Watching<'a, const ALONE: bool> {
    plan: &'a mut Plan,
    turn: [usize; MOST_KINDS],
    elapsed: f64,
}

impl<'a, const ALONE: bool> Watching<'a, ALONE> {
    pub fn new(plan: &'a mut Plan) -> Self {
        Watching { plan, turn: [0; MOST_KINDS], elapsed: 0.0 }
    }
}

impl<const ALONE: bool> Observer<f64> for Watching<'_, ALONE> {
    fn chosen<L: ChoiceLaw<f64>>(&mut self, law: &L, site: Site, k: u64) {
        if let Some((mean, variance)) = law.mean_variance()
            && variance >= LEAST_VARIANCE
        {
            let cell = (law.cells() >= FEWEST_CELLS).then_some(k);
            self.plan.watch(site.location, &mut self.turn, mean, cell);
        }
    }

    const RACES: bool = ALONE;

    fn raced(&mut self, rates: &[f64], time: f64, first: Option<usize>, site: Site) {
        self.elapsed += time;
        self.plan.watch_race(site.location, rates, first, self.elapsed);
    }
}

/// Choices of less variance are no controls: the residual of one whose rare outcome no sample has seen looks like a number
/// that is known beforehand and is not 0, and a fit would lean on it. That is decided by the past alone, so nothing is
/// biased by it.
const LEAST_VARIANCE: f64 = 0.01;

/// What the past of a run says about the next choice.
#[derive(Clone, Copy)]
struct Past {
    /// By kind: the last mean, ln(1 + mean) of it, the largest mean, and the number of turns.
    mean: [f64; MOST_KINDS],
    ln_mean: [f64; MOST_KINDS],
    largest: [f64; MOST_KINDS],
    turn: [usize; MOST_KINDS],
    /// The time that its races have taken.
    elapsed: f64,
}

/// The residual of a choice and what multiplies it: a node has so many shapes, those of z² - 1 after the `LINEAR` of z.
struct Residual<S, const SHAPES: usize, const LINEAR: usize> {
    /// The place of the first control of the first of two nodes, and the share of the second.
    node: (usize, f64),
    z: f64,
    /// Numbers with the derivatives m'/sd and v'/v.
    slope: S,
    spread: S,
    shapes: [f64; SHAPES],
}

impl Past {
    const NEW: Self = Past {
        mean: [0.0; MOST_KINDS],
        ln_mean: [0.0; MOST_KINDS],
        largest: [0.0; MOST_KINDS],
        turn: [0; MOST_KINDS],
        elapsed: 0.0,
    };

    #[inline]
    fn residual<L: ChoiceLaw<S>, S: Partials>(
        &mut self,
        plan: &Plan,
        law: &L,
        site: Site,
        k: u64,
    ) -> Option<Residual<S, SHAPES, LINEAR>> {
        let (of_mean, of_variance) = law.mean_variance()?;
        let (mean, variance) = (of_mean.re(), of_variance.re());
        if variance < LEAST_VARIANCE || !variance.is_finite() {
            return None;
        }
        let kind = plan.kind(site.location)?;
        let turn = self.turn[kind];
        self.turn[kind] += 1;
        let std_dev = math::sqrt(variance);
        let turns = &plan.kinds[kind].turns;
        let Turn { node, usual } = *turns.get(turn).or(turns.last())?;
        if mean != self.mean[kind] {
            self.ln_mean[kind] = math::ln_1p(mean);
        }
        let unusual = self.ln_mean[kind] - usual;

        self.mean[kind] = mean;
        self.largest[kind] = self.largest[kind].max(mean);
        let share = |of: usize| if self.largest[of] > 0.0 { self.mean[of] / self.largest[of] } else { 1.0 };
        let (rho, other) = (share(kind), share((kind + 1) % plan.kinds.len()));
        let relative = std_dev / (1.0 + mean);
        Some(Residual {
            node,
            z: (k as f64 - mean) / std_dev,
            slope: of_mean.with_partials(|e| e / std_dev),
            spread: of_variance.with_partials(|e| e / variance),
            shapes: [
                std_dev,
                relative,
                1.0,
                std_dev * rho,
                relative * rho,
                std_dev * other,
                relative * other,
                std_dev * rho * rho,
                std_dev * rho * other,
                1.0,
                rho,
                unusual,
            ],
        })
    }
}

impl<S: Partials, const SHAPES: usize, const LINEAR: usize> Residual<S, SHAPES, LINEAR> {
    /// Calls `f` with the place of each of the controls that this residual has a share in, its shape times the share,
    /// and whether it is one of z² - 1.
    #[inline(always)]
    fn each(&self, mut f: impl FnMut(usize, f64, bool)) {
        let (first, share) = self.node;
        for (at, share) in [(first, 1.0 - share), (first + SHAPES, share)] {
            for (i, shape) in self.shapes.iter().enumerate() {
                f(at + i, shape * share, i >= LINEAR);
            }
        }
    }

    /// Of z or z² - 1.
    #[inline(always)]
    fn of(&self, square: bool) -> f64 {
        if square { self.z * self.z - 1.0 } else { self.z }
    }

    /// Adds what coefficients, some of each result, make of it, and the derivatives of that.
    #[inline(always)]
    fn add<D: AsMut<[f64]>>(&self, coefficients: &[Vec<f64>], fitted: &mut [f64], known: &mut [D]) {
        for ((coefficients, fitted), known) in coefficients.iter().zip(fitted).zip(known) {
            let (mut first, mut second) = (0.0, 0.0);
            self.each(|at, shape, square| {
                let part = coefficients[at] * shape;
                if square { second += part } else { first += part }
            });
            *fitted += self.of(false) * first + self.of(true) * second;
            self.slope.add_to(&[self.spread], |m, v| m * first + v * second, known.as_mut());
        }
    }
}

/// The scores of a run in all parameters, and its controls: Σ z g of each shape and node.
pub(super) struct Gathering<'a, D, const ALONE: bool> {
    plan: &'a Plan,
    past: Past,
    pub score: D,
    pub controls: Vec<f64>,
    pub blind: Option<u64>,
    /// Whether there were more partial derivatives than the numbers carry: then the scores mean nothing.
    pub is_full: bool,
}

impl<'a, D, const ALONE: bool> Gathering<'a, D, ALONE> {
    /// With a place of zeros for each parameter.
    pub fn new(plan: &'a Plan, score: D) -> Self {
        let controls = vec![0.0; plan.controls()];
        Gathering { plan, past: Past::NEW, score, controls, blind: None, is_full: false }
    }
}

impl<S: Partials, D: AsMut<[f64]>, const ALONE: bool> Observer<S> for Gathering<'_, D, ALONE> {
    fn chosen<L: ChoiceLaw<S>>(&mut self, law: &L, site: Site, k: u64) {
        if law.is_blind() {
            self.blind.get_or_insert(site.number);
            if !ALONE {
                return;
            }
        }
        self.is_full |= add_score(self.score.as_mut(), law, k);
        if let Some(residual) = self.past.residual(self.plan, law, site, k) {
            let controls = &mut self.controls;
            residual.each(|at, shape, square| controls[at] += shape * residual.of(square));
            self.past.cells(self.plan, law, site, k, |residual| {
                residual.each(|at, shape, square| controls[at] += shape * residual.of(square));
            });
        }
    }

    const RACES: bool = ALONE;

    fn raced(&mut self, rates: &[S], time: f64, first: Option<usize>, site: Site) {
        self.is_full |= rates.iter().any(S::is_full);
        if race::add_score(self.score.as_mut(), rates, time, first) {
            self.blind.get_or_insert(site.number);
        }
        let controls = &mut self.controls;
        self.past.race(self.plan, rates, time, first, site, |residual| {
            residual.each(|at, shape, square| controls[at] += shape * residual.of(square));
        });
    }
}

/// The scores of a run in all parameters, and what coefficients make of its controls: of each result, Σ z c·g, and its
/// known derivatives Σ a c·g.
pub(super) struct Using<'a, D, const ALONE: bool> {
    plan: &'a Plan,
    /// Of each result, one coefficient a control.
    coefficients: &'a [Vec<f64>],
    past: Past,
    pub score: D,
    pub fitted: Vec<f64>,
    pub known: Vec<D>,
    pub blind: Option<u64>,
    /// Whether there were more partial derivatives than the numbers carry: then scores and known derivatives mean
    /// nothing.
    pub is_full: bool,
}

impl<'a, D: Clone, const ALONE: bool> Using<'a, D, ALONE> {
    /// With a place of zeros for each parameter.
    pub fn new(plan: &'a Plan, coefficients: &'a [Vec<f64>], zeros: D) -> Self {
        let results = coefficients.len();
        Using {
            plan,
            coefficients,
            past: Past::NEW,
            fitted: vec![0.0; results],
            known: vec![zeros.clone(); results],
            score: zeros,
            blind: None,
            is_full: false,
        }
    }
}

impl<S: Partials, D: AsMut<[f64]>, const ALONE: bool> Observer<S> for Using<'_, D, ALONE> {
    #[inline]
    fn chosen<L: ChoiceLaw<S>>(&mut self, law: &L, site: Site, k: u64) {
        if law.is_blind() {
            self.blind.get_or_insert(site.number);
            if !ALONE {
                return;
            }
        }
        self.is_full |= add_score(self.score.as_mut(), law, k);
        if let Some(residual) = self.past.residual(self.plan, law, site, k) {
            self.is_full |= residual.slope.is_full() | residual.spread.is_full();
            residual.add(self.coefficients, &mut self.fitted, &mut self.known);
            let (is_full, fitted, known) = (&mut self.is_full, &mut self.fitted, &mut self.known);
            self.past.cells(self.plan, law, site, k, |residual| {
                *is_full |= residual.slope.is_full();
                residual.add(self.coefficients, fitted, known);
            });
        }
    }

    const RACES: bool = ALONE;

    fn raced(&mut self, rates: &[S], time: f64, first: Option<usize>, site: Site) {
        self.is_full |= rates.iter().any(S::is_full);
        if race::add_score(self.score.as_mut(), rates, time, first) {
            self.blind.get_or_insert(site.number);
        }
        let (fitted, known) = (&mut self.fitted, &mut self.known);
        self.past.race(self.plan, rates, time, first, site, |residual| {
            residual.add(self.coefficients, fitted, known);
        });
    }
}

/// Adds the score of a choice; whether it has more derivatives than the numbers carry.
#[inline(always)]
fn add_score<S: Partials, L: ChoiceLaw<S>>(sums: &mut [f64], law: &L, k: u64) -> bool {
    let score = law.score(k);
    score.add_to(&[], |s, _| s, sums);
    score.is_full()
}

//! Tables of the laws that a program draws again and again.
//!
//! A pilot counts laws by their shapes, those that come often get tables, and handles of the runs to come draw by them.

use super::continuous::{StandardT, StandardVonMises};
use super::form::Tabled;
use super::form::of_gamma::StandardGamma;
use super::form::of_logit::BetaLogit;
use super::table::{GammaTable, Known, Shapes, StudentTable, Table, Tables, VonMisesTable};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::Cell;
use core::fmt;

/// What a handle without a lifetime does about laws that have tables.
#[derive(Clone, Debug, Default)]
pub enum Kept {
    /// Nothing.
    #[default]
    Unknown,
    /// Counts them.
    Counted(Box<Counts>),
    /// Draws them by these, of which it looks first at the one after the last.
    Known(Arc<Often>, usize),
}

/// The same for a handle of one run: by references.
#[derive(Clone, Copy, Default)]
pub enum Lent<'p> {
    #[default]
    Unknown,
    Counted(&'p Cell<Counts>),
    Known(&'p Often, usize),
}

impl Known for Kept {
    #[inline(always)]
    fn tables(&mut self, shapes: Shapes) -> Option<&Tables> {
        match self {
            Kept::Unknown => None,
            Kept::Counted(counts) => {
                counts.count(shapes);
                None
            }
            Kept::Known(often, next) => often.tables(shapes, next),
        }
    }
}

impl Known for Lent<'_> {
    #[inline(always)]
    fn tables(&mut self, shapes: Shapes) -> Option<&Tables> {
        match self {
            Lent::Unknown => None,
            Lent::Counted(counts) => {
                Counts::change(counts, |counts| counts.count(shapes));
                None
            }
            Lent::Known(often, next) => often.tables(shapes, next),
        }
    }
}

impl Kept {
    /// One that counts.
    pub fn counted() -> Self {
        Kept::Counted(Box::default())
    }

    /// The same for handles of one run each, which may count.
    pub fn lend(&mut self) -> Lent<'_> {
        match self {
            Kept::Counted(counts) => Lent::Counted(Cell::from_mut(counts)),
            _ => self.lent(),
        }
    }

    /// The same for a handle of one run that does not count.
    pub fn lent(&self) -> Lent<'_> {
        if let Kept::Known(often, _) = self { Lent::Known(often, 0) } else { Lent::Unknown }
    }

    /// After a pilot that counted in so many runs, for an estimate that makes so many: with tables of what is worth it.
    pub fn learned(self, what: What, runs: u64, of: u64) -> Self {
        let Kept::Counted(counts) = self else { return Kept::Unknown };
        let often = counts.often(what, |shapes| (what.draws(shapes) * runs).div_ceil(of));
        if often.tables.is_empty() { Kept::Unknown } else { Kept::Known(Arc::new(often), 0) }
    }

    /// The counts, of one that counts.
    pub fn counts(&mut self) -> Option<&mut Counts> {
        if let Kept::Counted(counts) = self { Some(counts) } else { None }
    }
}

/// By hand: a cell shows nothing.
impl fmt::Debug for Lent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Lent::Unknown => f.write_str("Unknown"),
            Lent::Counted(_) => f.write_str("Counted"),
            Lent::Known(often, _) => f.debug_tuple("Known").field(often).finish(),
        }
    }
}

/// How often laws are drawn, by their shapes.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    seen: Vec<Seen>,
    run: u32,
    is_paused: bool,
}

/// A law that was drawn.
#[derive(Clone, Copy, Debug)]
struct Seen {
    shapes: Shapes,
    draws: u32,
    /// In so many runs.
    runs: u32,
    /// The last of them.
    last: u32,
}

/// So many laws are counted at a time: those of a program whose shapes are draws themselves are all different.
const MOST_SEEN: usize = 128;

/// So many get tables.
const MOST: usize = 32;

impl Counts {
    /// Changes counts that are lent.
    pub fn change(counts: &Cell<Counts>, change: impl FnOnce(&mut Counts)) {
        let mut changed = counts.take();
        change(&mut changed);
        counts.set(changed);
    }

    /// Another run of the program begins.
    pub fn begin_run(&mut self) {
        self.is_paused = false;
        // what came in one run only makes place, or nothing after it would be counted
        if self.seen.len() == MOST_SEEN {
            self.seen.retain(|seen| seen.runs > 1);
        }
        self.run += 1;
    }

    /// What comes until the next run repeats it.
    pub fn pause(&mut self) {
        self.is_paused = true;
    }

    /// Whether no law with tables was drawn.
    pub fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    /// One more draw.
    #[cold]
    #[inline(never)]
    pub fn count(&mut self, shapes: Shapes) {
        if self.is_paused {
            return;
        }
        let run = self.run;
        if let Some(seen) = self.seen.iter_mut().find(|seen| seen.shapes == shapes) {
            seen.draws += 1;
            seen.runs += u32::from(seen.last != run);
            seen.last = run;
        } else if self.seen.len() < MOST_SEEN {
            self.seen.push(Seen { shapes, draws: 1, runs: 1, last: run });
        }
    }

    /// Tables of the laws that were drawn often, and in more than one run: `enough` times for tables of these shapes.
    pub fn often(mut self, what: What, enough: impl Fn(Shapes) -> u64) -> Often {
        self.seen.retain(|seen| u64::from(seen.draws) >= enough(seen.shapes) && seen.runs > 1);
        // by the place where they came first, where there are equals
        self.seen.sort_by_key(|seen| core::cmp::Reverse(seen.draws));
        self.seen.truncate(MOST);
        Often { tables: self.seen.iter().map(|seen| (seen.shapes, Box::new(tables_of(seen.shapes, what)))).collect() }
    }
}

/// Tables of what.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    /// First derivatives and quantiles.
    Quantiles,
    /// First derivatives.
    First,
    /// First and second derivatives.
    Second,
}

impl What {
    /// From how many draws on tables are worth their making: twice as many as make up for it, by the times in
    /// `docs/speed.md`.
    pub fn draws(self, shapes: Shapes) -> u64 {
        match shapes {
            _ if self == What::Quantiles => 3000,
            _ if self == What::Second => 2000,
            Shapes::Gamma(a) if a >= 1.0 => 400,
            Shapes::Gamma(_) | Shapes::VonMises(_) => 1500,
            Shapes::Beta(..) => 1000,
            Shapes::StudentT(df) if df >= 2.0 => 2000,
            Shapes::StudentT(_) => 6000,
        }
    }
}

/// The tables of one law, which is known not to change.
pub struct One(Box<Tables>);

impl One {
    /// Those of first derivatives.
    pub fn first(shapes: Shapes) -> Self {
        One(Box::new(tables_of(shapes, What::First)))
    }
}

impl Known for One {
    #[inline(always)]
    fn tables(&mut self, _: Shapes) -> Option<&Tables> {
        Some(&self.0)
    }
}

/// Tables of the laws that are drawn often enough, by their shapes.
#[derive(Clone, Default)]
pub struct Often {
    tables: Vec<(Shapes, Box<Tables>)>,
}

impl Often {
    /// The tables of a law, if there are any. Programs draw laws in the same order again and again: `next` is where it looks
    /// first.
    #[inline]
    pub fn tables(&self, shapes: Shapes, next: &mut usize) -> Option<&Tables> {
        let is_it = |k: usize| self.tables.get(k).is_some_and(|(known, _)| *known == shapes);
        let k = if is_it(*next) { *next } else { (0..self.tables.len()).find(|k| is_it(*k))? };
        *next = if k + 1 < self.tables.len() { k + 1 } else { 0 };
        Some(&self.tables[k].1)
    }
}

/// One of first derivatives and one of quantiles.
fn first<T: Table>(law: &impl Tabled<f64, T>, with_quantiles: bool) -> (T, Option<T::Inverse>) {
    (law.table(), with_quantiles.then(|| law.inverse()))
}

fn tables_of(shapes: Shapes, what: What) -> Tables {
    let (second, inverse) = (what == What::Second, what == What::Quantiles);
    match shapes {
        Shapes::Gamma(a) => {
            let law = StandardGamma::new(a);
            if second {
                return Tables::SecondOfGamma(Tabled::<f64, GammaTable<2>>::table(&law));
            }
            let (table, inverse) = first(&law, inverse);
            Tables::Gamma(table, inverse)
        }
        Shapes::Beta(a, b) => {
            let law = BetaLogit::<f64>::new(a, b);
            if second {
                return Tables::SecondOfBeta(law.table::<5>());
            }
            Tables::Beta(law.table::<2>(), inverse.then(|| law.inverse()))
        }
        Shapes::StudentT(df) => {
            let law = StandardT::new(df);
            if second {
                return Tables::SecondOfStudentT(Tabled::<f64, StudentTable<2>>::table(&law));
            }
            let (table, inverse) = first(&law, inverse);
            Tables::StudentT(table, inverse)
        }
        Shapes::VonMises(kappa) => {
            let law = StandardVonMises::new(kappa);
            if second {
                return Tables::SecondOfVonMises(Tabled::<f64, VonMisesTable<2>>::table(&law));
            }
            let (table, inverse) = first(&law, inverse);
            Tables::VonMises(table, inverse)
        }
    }
}

impl fmt::Debug for Often {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.tables.iter().map(|(shapes, _)| shapes)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::{Beta, Continuous, FisherF, Gamma, HalfStudentT, InverseGamma, StudentT, VonMises};
    use crate::distr::{GeneralizedNormal, LogGamma, Normal, table::Nearer};
    use crate::scalar::Jet;

    /// A law's draws by the tables of what it was counted as, against its quantiles; another law's tables are not its own.
    fn drawn<const N: usize>(law: &impl Continuous<Jet<f64, N>>) {
        let mut counts = Counts::default();
        let shapes = law.shapes().unwrap();
        for _ in 0..3 {
            counts.begin_run();
            counts.count(shapes);
        }
        counts.count(Shapes::Gamma(17.0));
        let often = counts.often(What::Quantiles, |_| 3);
        assert!(often.tables(Shapes::Gamma(17.0), &mut 0).is_none());
        let tables = often.tables(shapes, &mut 7).unwrap();
        // at 1/2 the generalized normal law has its formula
        for u in [0.001, 0.2, 0.49, 0.9, 0.999] {
            let got = law.draw_by_tables(tables, Nearer::new(u, false).unwrap()).unwrap();
            let want = crate::distr::draw_at(law, u);
            assert!((got.re - want.re).abs() <= 2e-14 * want.re.abs() + 1e-300, "{got:?}, not {want:?}");
            for (got, want) in got.eps.iter().zip(&want.eps) {
                assert!((got - want).abs() <= 1e-12 * want.abs() + 1e-14, "{got:?}, not {want:?}");
            }
        }
        let other = if matches!(shapes, Shapes::Gamma(_)) { Shapes::VonMises(1.0) } else { Shapes::Gamma(1.0) };
        let other = tables_of(other, What::Quantiles);
        assert!(law.draw_by_tables(&other, Nearer::new(0.3, false).unwrap()).is_none());
    }

    #[test]
    fn laws_by_their_shapes() {
        let [a, b] = Jet::variables([2.5, 3.0]);
        drawn(&Gamma::new(a, b).unwrap());
        drawn(&InverseGamma::new(a, b).unwrap());
        drawn(&LogGamma::new(a, b).unwrap());
        drawn(&GeneralizedNormal::new(a, b, 1.5.into()).unwrap());
        drawn(&Beta::new(a, b).unwrap());
        drawn(&FisherF::new(a, b).unwrap());
        drawn(&StudentT::new(a, 1.0.into(), b).unwrap());
        drawn(&HalfStudentT::new(a, b).unwrap());
        drawn(&VonMises::new(a, b).unwrap());
        assert_eq!(Normal::new(a, b).unwrap().shapes(), None);
    }

    /// Shapes that are all different leave place for one that comes again, and get no tables.
    #[test]
    fn many_laws() {
        let mut counts = Counts::default();
        for run in 0..16 {
            counts.begin_run();
            for i in 0..100 {
                counts.count(Shapes::Gamma(1.0 + f64::from(100 * run + i)));
            }
            counts.count(Shapes::Gamma(0.5));
            counts.count(Shapes::Gamma(0.5));
        }
        assert!(counts.seen.len() <= MOST_SEEN);
        let often = counts.often(What::First, |_| 8);
        assert!(often.tables.len() == 1 && often.tables(Shapes::Gamma(0.5), &mut 0).is_some());
    }

    /// More than get tables: those that are drawn most do. One that is drawn in one run only does not.
    #[test]
    fn most_laws() {
        let mut counts = Counts::default();
        for run in 0..2 {
            counts.begin_run();
            for i in 0..40 {
                (0..=i).for_each(|_| counts.count(Shapes::Gamma(1.0 + f64::from(i))));
            }
            (0..100 * run).for_each(|_| counts.count(Shapes::Gamma(0.5)));
            counts.pause();
            counts.count(Shapes::Gamma(0.25));
        }
        let often = counts.often(What::First, |_| 1);
        assert_eq!(often.tables.len(), MOST);
        for (a, is_known) in [(9.0, true), (40.0, true), (8.0, false), (0.5, false), (0.25, false)] {
            assert_eq!(often.tables(Shapes::Gamma(a), &mut 3).is_some(), is_known, "{a}");
        }
    }
}

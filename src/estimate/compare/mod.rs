//! All estimators of a program side by side: which is best, and which is wrong.

mod auto;
mod contest;
mod referee;
mod rows;
mod words;

pub use auto::{Auto, AutoError, AutoEstimate, auto};
pub use referee::Referee;

use super::error::EstimateError;
use super::estimator::{Seeds, finite_parameters};
use super::report::Estimate;
use crate::program::choice::ChoiceLaw;
use crate::program::{ByScore, Coupled, ErrorOf, Observer, Outcome, Plain, Program, Scores, Site, Stream};
use crate::scalar::Jet;
use alloc::vec::Vec;
use core::fmt;
use rows::row;

/// An estimator of a program's gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// [`pathwise_program`](super::pathwise_program)
    Pathwise,
    /// [`quasi`](super::quasi)
    Quasi,
    /// [`antithetic`](super::antithetic)
    Antithetic,
    /// [`likelihood_ratio`](super::likelihood_ratio)
    LikelihoodRatio,
    /// [`score`](super::score)
    Score,
    /// [`martingale`](super::martingale)
    Martingale,
    /// [`replay`](super::replay)
    Replay,
    /// [`mix`](super::mix)
    Mix,
}

/// What a comparison finds of one derivative by one estimator.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Verdict {
    /// It differs from the referee by no more than their standard errors explain.
    Agrees,
    /// So it does, but its standard error is so large that it would agree with much else.
    Vague,
    /// It does not vary at all, where others see something else: what decides is so rare that no sample has it, and the
    /// standard error of 0 means nothing.
    Blind,
    /// It differs by this many standard errors.
    Wrong(f64),
    /// It differs by this many, but the referee's standard error is not to be trusted.
    Unsure(f64),
}

/// One estimator in a comparison.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Compared<const N: usize, E> {
    /// Which.
    pub kind: Kind,
    /// What it found.
    pub estimate: Result<Estimate<[f64; N]>, EstimateError<E>>,
    /// The time of a sample in seconds, without what learning takes.
    pub seconds: f64,
    /// How the variance of each derivative falls with the number of samples: as its power of minus this. 1 for
    /// independent samples; quasi-random points at a sixteenth of the samples and at all of them tell theirs.
    pub order: [f64; N],
    /// Of each derivative.
    pub verdicts: [Verdict; N],
}

/// All estimators that apply to a program, beside finite differences: made by [`compare`].
///
/// Printed, it is a table and, in words, which estimator to use and which are wrong.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Comparison<const N: usize, E> {
    /// The estimators.
    pub rows: Vec<Compared<N, E>>,
    /// What they are held against.
    pub referee: Referee<N>,
    /// Whether the program makes choices whose probabilities depend on the parameters: pathwise derivatives miss them.
    pub has_choices: bool,
}

/// All estimators that apply to a program, on some samples each: value, gradient, standard errors, time, and whether they
/// agree with finite differences, which share none of their assumptions.
///
/// * Needs: a program of one result that can run at parameters on both sides of θ.
/// * Finds: derivatives that are lost at a branch on a draw, at a detached number, or in a mixture whose components are
///   apart; densities, Jacobians and derivatives that were written by hand and are wrong. An error below the resolution
///   that is printed with it cannot be seen; nor can a model that is consistently another one than was meant.
/// * False alarms: an estimate is called wrong at five standard errors, where these can be trusted. None in 5500
///   derivatives of fifteen programs (`REPARAM_REPEATS=250 cargo test --release --test estimates compare`).
/// * Cost: for `samples` samples, as many by each of up to eight estimators, and 4 N times as many plain runs.
/// * When: before a gradient is relied upon; and to choose an estimator for a long run. [`auto`] does both.
///
/// ```
/// use reparam::estimate::{self, Kind};
/// use reparam::prelude::*;
/// // a jump: who is above 1?
/// let jump = program!(|[x]: [S; 1], chance| -> S {
///     let z = x + chance.normal();
///     if z.re() > 1.0 { z } else { S::from(0.0) }
/// });
/// let found = estimate::compare([0.5], jump).run_seed(1).unwrap();
/// assert_eq!(found.best(), None);
/// assert!(found.to_string().contains("wrong"));
///
/// // the same with a choice in place of the branch
/// let choice = program!(|[x]: [S; 1], chance| -> Result<S, LawError> {
///     let (above, z) = chance.threshold(&Normal::new(x, S::from(1.0))?, S::from(1.0));
///     Ok(if above { z } else { S::from(0.0) })
/// });
/// assert!(estimate::compare([0.5], choice).run_seed(1).unwrap().best().is_some());
/// ```
pub fn compare<P, const N: usize>(theta: [f64; N], program: P) -> Compare<P, N>
where
    P: Program<Theta = [f64; N]> + Clone,
    P::Output: Outcome<Values = f64>,
{
    Compare { theta, program, samples: PILOT }
}

/// Samples of each estimator where [`Compare::samples`] does not say another number.
pub const PILOT: u64 = 8192;

/// Standard errors at which a difference is no accident.
const WRONG: f64 = 5.0;

/// A comparison about to be made: see [`compare`].
#[must_use = "nothing is compared until it is run"]
#[derive(Clone, Debug)]
pub struct Compare<P, const N: usize> {
    theta: [f64; N],
    program: P,
    samples: u64,
}

impl<P, const N: usize> Compare<P, N>
where
    P: Program<Theta = [f64; N]> + Clone,
    P::Output: Outcome<Values = f64>,
{
    /// The number of samples of each estimator, [`PILOT`] otherwise, and 2048 at the least. Four times as many see errors
    /// of half the size.
    pub fn samples(self, samples: u64) -> Self {
        Compare { samples: samples.max(2048), ..self }
    }

    /// The comparison.
    ///
    /// # Errors
    /// If a parameter is not finite, if a run fails or is not finite at θ, or at every step beside it. What stops a single
    /// estimator is in its row.
    pub fn run_seed(self, seed: u64) -> Result<Comparison<N, ErrorOf<P>>, EstimateError<ErrorOf<P>>> {
        let Compare { theta, program, samples } = self;
        finite_parameters(&theta)?;
        let seeds = Seeds::new(seed);
        let choices = Met::in_runs(&program, theta, seeds)?;
        let referee = Referee::of(&program, theta, samples, seeds.aside())?;
        let mut kinds = alloc::vec![Kind::Pathwise, Kind::Quasi, Kind::Antithetic];
        if draws_by_scores(&program, theta, seeds) {
            kinds.push(Kind::LikelihoodRatio);
        }
        if choices.carry {
            kinds.extend([Kind::Score, Kind::Martingale, Kind::Replay, Kind::Mix]);
        }
        let rows = kinds.into_iter().map(|kind| row(kind, theta, &program, samples, seed, &referee)).collect();
        let mut found = Comparison { rows, referee, has_choices: choices.carry };
        (0..N).for_each(|i| found.mark_blind(i));
        Ok(found)
    }
}

impl<const N: usize, E> Comparison<N, E> {
    /// The estimator with the least variance times time, over all derivatives alike; none if no gradient is right.
    pub fn best(&self) -> Option<Kind> {
        self.best_by(Compared::prices)
    }

    fn best_by(&self, prices: impl Fn(&Compared<N, E>) -> [f64; N]) -> Option<Kind> {
        let usable = self.usable().map(|row| (row.kind, prices(row).iter().map(|p| p.ln()).sum::<f64>()));
        usable.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(kind, _)| kind)
    }

    /// The row of an estimator.
    pub fn row(&self, kind: Kind) -> Option<&Compared<N, E>> {
        self.rows.iter().find(|row| row.kind == kind)
    }

    /// Whether no estimator agrees with finite differences in a derivative: the program itself loses or invents it.
    pub fn is_wrong(&self, parameter: usize) -> bool {
        let mut found = self.applies().map(|row| row.verdicts[parameter]);
        let agrees = self.applies().any(|row| row.verdicts[parameter] == Verdict::Agrees);
        !agrees && found.any(|verdict| matches!(verdict, Verdict::Wrong(_)))
    }

    /// Estimates without variance that others contradict: all that are exactly 0, and those by scores if replay has
    /// another number, since replay looks at what was not drawn.
    fn mark_blind(&mut self, i: usize) {
        let still = |row: &Compared<N, E>| {
            row.estimate.as_ref().ok().filter(|e| e.gradient_se[i] == 0.0).map(|e| e.gradient[i])
        };
        let is_seen = |row: &Compared<N, E>| row.estimate.is_ok() && still(row) != Some(0.0);
        let something =
            self.referee.gradient_se[i] != 0.0 || self.referee.gradient[i] != 0.0 || self.applies().any(is_seen);
        let by_replay = self.row(Kind::Replay).and_then(still);
        for row in &mut self.rows {
            let by_scores = !matches!(row.kind, Kind::Pathwise | Kind::Replay | Kind::Mix);
            let is_blind = match (still(row), by_replay) {
                (Some(0.0), _) => something,
                (Some(x), Some(y)) => by_scores && (x - y).abs() > 1e-9 * y.abs(),
                _ => false,
            };
            if is_blind && !matches!(row.verdicts[i], Verdict::Wrong(_)) {
                row.verdicts[i] = Verdict::Blind;
            }
        }
    }

    /// The rows of estimators that see all that the program does.
    fn applies(&self) -> impl Iterator<Item = &Compared<N, E>> {
        self.rows.iter().filter(|row| row.estimate.is_ok() && !(self.has_choices && row.kind == Kind::Pathwise))
    }

    /// The estimators that are nowhere wrong; none if something is wrong with all of them.
    pub fn usable(&self) -> impl Iterator<Item = &Compared<N, E>> {
        let is_wrong = (0..N).any(|i| self.is_wrong(i));
        let is_right =
            |row: &Compared<N, E>| !row.verdicts.iter().any(|v| matches!(v, Verdict::Wrong(_) | Verdict::Blind));
        self.applies().filter(move |row| !is_wrong && is_right(row))
    }
}

impl<const N: usize, E> Compared<N, E> {
    /// Variance times time of each derivative, for a run of one second; what does not vary costs next to nothing.
    pub fn prices(&self) -> [f64; N] {
        self.estimate.as_ref().map_or([f64::INFINITY; N], |e| self.prices_for(e.samples))
    }

    /// The same for a run of this many samples.
    pub fn prices_for(&self, samples: u64) -> [f64; N] {
        let Ok(e) = &self.estimate else { return [f64::INFINITY; N] };
        let more = samples as f64 / e.samples as f64;
        core::array::from_fn(|i| {
            let se = e.gradient_se[i];
            let price = se * se * e.samples as f64 * self.seconds * more.powf(1.0 - self.order[i]);
            price.max(f64::MIN_POSITIVE)
        })
    }
}

fn judged<const N: usize, E>(
    kind: Kind,
    estimate: Result<Estimate<[f64; N]>, EstimateError<E>>,
    seconds: f64,
    referee: &Referee<N>,
) -> Compared<N, E> {
    let verdicts = core::array::from_fn(|i| match &estimate {
        Ok(e) => verdict(e, i, referee),
        Err(_) => Verdict::Agrees,
    });
    Compared { kind, estimate, seconds, order: [1.0; N], verdicts }
}

fn verdict<const N: usize>(e: &Estimate<[f64; N]>, i: usize, referee: &Referee<N>) -> Verdict {
    let (found, expected) = (e.gradient[i], referee.gradient[i]);
    // rounding, where nothing varies
    let slack = referee.bias[i] + 1e-9 * (found.abs() + expected.abs() + e.value.abs());
    let excess = (found - expected).abs() - slack;
    // randomizations are few: the quantile of Student's t at the same probability
    let wide = if e.observations < 100 { 1.5 } else { 1.0 };
    let se = (wide * e.gradient_se[i]).hypot(referee.gradient_se[i]);
    let z = excess / se;
    if excess <= 0.0 || z <= WRONG {
        let is_known = expected.abs() > WRONG * referee.gradient_se[i];
        return if is_known && 2.0 * WRONG * se > expected.abs() { Verdict::Vague } else { Verdict::Agrees };
    }
    if referee.is_rough[i] { Verdict::Unsure(z) } else { Verdict::Wrong(z) }
}

/// Whether a law that is drawn from has a score.
fn draws_by_scores<P, const N: usize>(program: &P, theta: [f64; N], seeds: Seeds) -> bool
where
    P: Program<Theta = [f64; N]>,
{
    (0..LOOKED_AT / 16).any(|sample| {
        let plain = Plain::with_limit(Stream::at(seeds.of(sample)), seeds.limit);
        let mut chance = ByScore::new(plain);
        // what stops a run here stops the estimators, whose rows tell
        let _ = program.run(&Jet::<f64, N>::variables(theta), &mut chance);
        chance.weight().eps.iter().any(|e| *e != 0.0)
    })
}

/// The choices of some runs.
struct Met {
    /// Whether their probabilities depend on the parameters.
    carry: bool,
}

/// Runs that are looked at for choices.
const LOOKED_AT: u64 = 1024;

impl Met {
    fn in_runs<P, const N: usize>(program: &P, theta: [f64; N], seeds: Seeds) -> Result<Self, EstimateError<ErrorOf<P>>>
    where
        P: Program<Theta = [f64; N]>,
    {
        let mut carry = false;
        for sample in 0..LOOKED_AT {
            let run = Coupled::observed(seeds.of(sample), &[], Watch { scores: Scores::new(), moves: false })
                .with_limit(seeds.limit);
            let run = run.run::<Jet<f64, N>, P>(program, &Jet::variables(theta));
            let (_, watch) = run.map_err(|e| EstimateError::of_run(sample, seeds.seed, e))?;
            carry |= watch.scores.blind().is_some() || watch.moves;
        }
        Ok(Met { carry })
    }
}

/// Whether a choice has a score.
struct Watch<const N: usize> {
    scores: Scores<Jet<f64, N>>,
    moves: bool,
}

impl<const N: usize> Observer<Jet<f64, N>> for Watch<N> {
    fn chosen<L: ChoiceLaw<Jet<f64, N>>>(&mut self, law: &L, site: Site, k: u64) {
        self.scores.chosen(law, site, k);
        self.moves |= self.scores.weight().eps != [0.0; N];
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Kind::Pathwise => "pathwise",
            Kind::Quasi => "quasi",
            Kind::Antithetic => "antithetic",
            Kind::LikelihoodRatio => "likelihood ratio",
            Kind::Score => "score",
            Kind::Martingale => "martingale",
            Kind::Replay => "replay",
            Kind::Mix => "mix",
        })
    }
}

//! The mix of replay and score at a number of parameters known at run time.

use super::super::At;
use super::super::linear::Tracked;
use super::super::mix::{Fit, LEARNED};
use super::super::score::BATCH;
use super::replay::{Keep, ReplayDyn};
use super::score::{ScoreDyn, leave_one_out, means};
use super::{Among, Variables};
use crate::distr::Kept;
use crate::estimate::chunks::Chunk;
use crate::estimate::components::Component;
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::{Estimator, Runs, Sampler, Seeds, sealed::Sealed};
use crate::estimate::flat::{self, FlatEstimate, Row};
use crate::estimate::moments::Moments;
use crate::program::{ChoiceLaw, ErrorOf, Observer, Program, ResultsOf, Site};
use alloc::vec;
use alloc::vec::Vec;

/// [`mix`](crate::estimate::mix) at any number of parameters.
///
/// Each sample is one of [`replay_dyn`](super::replay_dyn) and one of [`score_dyn`](super::score_dyn), on the same random
/// numbers. As at a fixed number, every derivative of every result has a β of its own, from the samples of the batches before: a
/// regression of one number on another each, whose cost is linear in their number.
///
/// * Needs: a program that can run again. Choices with an empty cell are replayed in the score's part too.
/// * Bias: none.
/// * Variance: as [`mix`](crate::estimate::mix). Where each of many parameters has a choice of its own, replay meets few of
///   them in a sample, and this is close to scores.
/// * Cost: that of both. Seven numbers are kept for each derivative.
/// * When: it is not known which of the two is better, or one is for some parameters and the other for others; for
///   counts [`martingale_dyn`](super::martingale_dyn) is better, and where counts and single choices matter
///   [`controls`](Estimator::controls).
///
/// ```
/// use reparam::{estimate, prelude::*};
/// // the first coin decides between two games of the others: E = p₀ Σ p_i + (1 - p₀) n
/// let game = program!(|p: &[S], chance| -> S {
///     let is_fair = chance.bernoulli(p[0]);
///     S::from(p[1..].iter().filter(|p| !is_fair || chance.bernoulli(**p)).count() as f64)
/// });
/// let e = estimate::mix_dyn(&[0.3; 21], game).samples(20_000).run_seed(1).unwrap();
/// assert!((e.gradient[0] - (20.0 * 0.3 - 20.0)).abs() < 5.0 * e.gradient_se[0]);
/// assert!((e.gradient[20] - 0.3).abs() < 5.0 * e.gradient_se[20]);
/// ```
pub fn mix_dyn<P: Program<Theta = [f64]>>(theta: &[f64], program: P) -> Estimator<MixDyn<'_, P>> {
    Estimator::new(MixDyn { theta, program, fits: Vec::new() })
}

/// Replay and score at any number of parameters: see [`mix_dyn`].
#[derive(Clone, Debug)]
pub struct MixDyn<'a, P> {
    pub(super) theta: &'a [f64],
    pub(super) program: P,
    /// Those of all derivatives of all results, once there are some.
    fits: Vec<Fit>,
}

/// What a block of [`MixDyn`] keeps.
#[derive(Debug)]
pub struct MixState {
    variables: Variables,
    tracked: Vec<Tracked>,
    /// The scores of each sample of a batch.
    scores: Vec<f64>,
    fits: Vec<Fit>,
    /// Tables of the laws that runs draw often.
    laws: Kept,
}

/// Keeps an alternative, and notes the choices that scores are blind to.
struct KeepAndNote {
    keep: Keep,
    blind: Vec<u64>,
}

impl Observer<Tracked> for KeepAndNote {
    #[inline(always)]
    fn chosen<L: ChoiceLaw<Tracked>>(&mut self, law: &L, site: Site, k: u64) {
        self.keep.chosen(law, site, k);
        if law.is_blind() {
            self.blind.push(site.number);
        }
    }
}

/// The parameters with bounds of derivatives.
pub(super) fn tracked(theta: &[f64]) -> Vec<Tracked> {
    theta.iter().enumerate().map(|(i, t)| Tracked::variable(*t, i)).collect()
}

/// A sample by replay.
pub(super) struct Replayed {
    pub row: Row,
    /// The numbers of the choices that scores are blind to, in ascending order.
    pub blind: Vec<u64>,
    /// What a replay of these alone says.
    pub missed: Option<Row>,
}

impl Replayed {
    pub fn of<P: Program<Theta = [f64]>>(
        theta: &[f64],
        program: &P,
        at: At<'_>,
        tracked: &[Tracked],
        jets: &mut [Chunk],
    ) -> Result<Self, EstimateError<ErrorOf<P>>> {
        let replay = ReplayDyn { theta, program };
        let watch = KeepAndNote { keep: Keep::new(at.aside()), blind: Vec::new() };
        let (f, KeepAndNote { keep, blind }) = at.run(program, tracked, &[], watch)?;
        let row = replay.replayed(at, jets, &f, keep, true)?;
        let mut missed = None;
        if !blind.is_empty() {
            let is_meant = |site: u64| blind.binary_search(&site).is_ok();
            let watch = Among { is_meant, observer: Keep::new(at.aside()) };
            let (f, watch) = at.run(program, tracked, &[], watch)?;
            missed = Some(replay.replayed(at, jets, &f, watch.observer, false)?);
        }
        Ok(Replayed { row, blind, missed })
    }
}

impl<P: Program<Theta = [f64]>> MixDyn<'_, P> {
    fn state(&self) -> MixState {
        MixState {
            variables: Variables::new(self.theta),
            tracked: tracked(self.theta),
            scores: vec![0.0; BATCH * self.theta.len()],
            fits: self.fits.clone(),
            laws: Kept::default(),
        }
    }

    /// A batch's samples by replay and by score.
    fn samples(
        &self,
        state: &mut MixState,
        first: u64,
        seeds: Seeds,
    ) -> Result<[Vec<Row>; 2], EstimateError<ErrorOf<P>>> {
        let MixState { variables, tracked, scores, laws, .. } = state;
        let runs = Runs { seeds, laws: laws.lend() };
        let n = self.theta.len();
        let score = ScoreDyn { theta: self.theta, program: &self.program };
        let mut replayed: Vec<Row> = Vec::with_capacity(BATCH);
        let mut scored = Vec::with_capacity(BATCH);
        for i in 0..BATCH {
            let at = At::new(first + i as u64, runs);
            let of_replay = Replayed::of(self.theta, &self.program, at, tracked, &mut variables.jets)?;
            let Replayed { row: by_replay, blind, missed } = of_replay;
            replayed.push(by_replay);
            let mut row = score
                .sample(at, variables, &mut scores[i * n..(i + 1) * n], |site| blind.binary_search(&site).is_err())?;
            if let Some(missed) = missed {
                row.add_derivatives(&missed);
            }
            scored.push(row);
        }
        leave_one_out(&mut scored, scores, first)?;
        for row in &replayed {
            if row.numbers.len() != scored[0].numbers.len() {
                return Err(EstimateError::NotRepeated { sample: first });
            }
        }
        Ok([replayed, scored])
    }

    /// The mix of a batch, whose samples then count for the next.
    fn mixed(&self, state: &mut MixState, first: u64, seeds: Seeds) -> Result<Vec<f64>, EstimateError<ErrorOf<P>>> {
        let [replayed, scored] = self.samples(state, first, seeds)?;
        let [mut x, score] = [&replayed, &scored].map(|rows| means(rows));
        for means in [&x, &score] {
            flat::finite(means, self.theta.len(), first, seeds.seed)?;
        }
        state.fits.resize(x.len(), Fit::default());
        for ((x, score), fit) in x.iter_mut().zip(score).zip(&state.fits) {
            *x += fit.slope() * (score - *x);
        }
        for (replay, score) in replayed.iter().zip(&scored) {
            let numbers = replay.numbers.iter().zip(&score.numbers);
            state.fits.iter_mut().zip(numbers).for_each(|(fit, (replay, score))| fit.push(*replay, score - replay));
        }
        Ok(x)
    }
}

impl<P> Sealed for MixDyn<'_, P> {}

impl<P: Program<Theta = [f64]>> Sampler for MixDyn<'_, P> {
    type Values = Vec<f64>;
    type Number = f64;
    type Error = ErrorOf<P>;
    type Estimate = FlatEstimate<ResultsOf<P>>;
    type State = MixState;

    const ORDER: usize = 1;

    fn laws(state: &mut MixState) -> Option<&mut Kept> {
        Some(&mut state.laws)
    }

    fn parameters(&self) -> &[f64] {
        self.theta
    }

    fn batch(&self) -> u64 {
        BATCH as u64
    }

    /// A first β, from a sixteenth as many samples as the estimate has, of 128 to 1024.
    fn learn(&mut self, batches: u64, seeds: Seeds) -> Result<(), EstimateError<ErrorOf<P>>> {
        let mut state = self.state();
        for i in 0..(batches / 16).clamp(LEARNED.0, LEARNED.1) {
            self.mixed(&mut state, i * BATCH as u64, seeds)?;
        }
        self.fits = state.fits;
        Ok(())
    }

    fn start(&self, _: u64, _: Seeds) -> MixState {
        self.state()
    }

    fn batch_mean(
        &self,
        state: &mut MixState,
        first: u64,
        seeds: Seeds,
    ) -> Result<Vec<f64>, EstimateError<ErrorOf<P>>> {
        self.mixed(state, first, seeds)
    }

    fn locate(&self, k: usize, _: Component) -> (usize, Component) {
        flat::locate(k, self.theta.len())
    }

    fn estimate(&self, moments: &Moments<Vec<f64>, f64>) -> Self::Estimate {
        flat::estimate::<ResultsOf<P>>(moments, self.theta.len(), BATCH as u64)
    }
}

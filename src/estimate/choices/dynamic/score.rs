//! Scores at a number of parameters known at run time.

use super::super::At;
use super::super::linear::{Partials, Sparse};
use super::super::score::BATCH;
use super::{Among, Variables, run_in_chunk};
use crate::distr::Kept;
use crate::estimate::chunks::{CHUNK, Chunk};
use crate::estimate::components::Component;
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::{Estimator, Runs, Sampler, Seeds, sealed::Sealed};
use crate::estimate::flat::{self, FlatEstimate, Row};
use crate::estimate::moments::Moments;
use crate::program::{ChoiceLaw, ErrorOf, Observer, Program, ResultsOf, Scores, Site, Values};
use alloc::vec;
use alloc::vec::Vec;

/// [`score`](crate::estimate::score) at any number of parameters, with leave-one-out baselines.
///
/// One run a sample in numbers that carry the few partial derivatives that each of them has: the cost is that of one
/// run, whatever the number of parameters, where probabilities and the result depend on at most four of them each.
/// Where one depends on more, the sample runs again in jets of eight parameters at a time.
///
/// * Needs, bias, variance, when: as [`score`](crate::estimate::score).
/// * Cost: one run a sample where numbers depend on few parameters; one and N/8 runs in jets otherwise.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// // 100 coins with 100 parameters, squared: the derivative in p_i is 1 + 2 Σ_{j ≠ i} p_j
/// let coins = program!(|p: &[S], chance| -> S {
///     S::from((p.iter().filter(|p| chance.bernoulli(**p)).count() as f64).powi(2))
/// });
/// let e = estimate::score_dyn(&[0.3; 100], coins).samples(16_000).run_seed(1).unwrap();
/// assert!((e.gradient[99] - (1.0 + 2.0 * 99.0 * 0.3)).abs() < 5.0 * e.gradient_se[99]);
/// ```
pub fn score_dyn<P: Program<Theta = [f64]>>(theta: &[f64], program: P) -> Estimator<ScoreDyn<'_, P>> {
    Estimator::new(ScoreDyn { theta, program })
}

/// Scores at any number of parameters: see [`score_dyn`].
#[derive(Clone, Debug)]
pub struct ScoreDyn<'a, P> {
    pub(super) theta: &'a [f64],
    pub(super) program: P,
}

/// What a block of [`ScoreDyn`] keeps.
#[derive(Debug)]
pub struct ScoreState {
    variables: Variables,
    /// The scores of each sample of a batch.
    scores: Vec<f64>,
    /// Tables of the laws that runs draw often.
    laws: Kept,
}

/// The scores of all choices, added to a row of all parameters.
struct Dense<'a> {
    scores: &'a mut [f64],
    is_full: bool,
    blind: Option<u64>,
}

impl Observer<Sparse> for Dense<'_> {
    #[inline(always)]
    fn chosen<L: ChoiceLaw<Sparse>>(&mut self, law: &L, site: Site, k: u64) {
        let score = law.score(k);
        self.is_full |= score.is_full;
        if law.is_blind() {
            self.blind.get_or_insert(site.number);
        }
        score.add_to(&[], |e, _| e, self.scores);
    }
}

impl<P: Program<Theta = [f64]>> ScoreDyn<'_, P> {
    /// One sample: its results with their own derivatives, and its scores of the choices that are meant.
    pub(super) fn sample(
        &self,
        at: At<'_>,
        Variables { sparse, jets }: &mut Variables,
        scores: &mut [f64],
        is_meant: impl Fn(u64) -> bool + Copy,
    ) -> Result<Row, EstimateError<ErrorOf<P>>> {
        let blind = |choice| EstimateError::EmptyCell { sample: at.sample, seed: at.seeds.seed, choice };
        scores.fill(0.0);
        let watch = Among { is_meant, observer: Dense { scores, is_full: false, blind: None } };
        let (f, watch) = at.run(&self.program, sparse.as_slice(), &[], watch)?;
        let (too_many, number) = (watch.observer.is_full, watch.observer.blind);
        if let (Some(choice), false) = (number, too_many) {
            return Err(blind(choice));
        }
        let values: &[Sparse] = ResultsOf::<P>::slice(&f);
        let mut row = Row::of::<ResultsOf<P>, Sparse>(&f, self.theta.len());
        if !too_many && values.iter().all(|x| !x.is_full) {
            values.iter().enumerate().for_each(|(k, x)| x.add_to(&[], |e, _| e, &mut row.result(k)[1..]));
            return Ok(row);
        }
        for first in (0..jets.len()).step_by(CHUNK) {
            let watch = Among { is_meant, observer: Scores::new() };
            let (f, Among { observer: of_chunk, .. }) = run_in_chunk(at, &self.program, jets, first, watch)?;
            if let Some(choice) = of_chunk.blind() {
                return Err(blind(choice));
            }
            let width = CHUNK.min(scores.len() - first);
            scores[first..first + width].copy_from_slice(&of_chunk.weight().eps[..width]);
            let f: &[Chunk] = ResultsOf::<P>::slice(&f);
            if f.len() != row.results() {
                return Err(EstimateError::NotRepeated { sample: at.sample });
            }
            for (k, x) in f.iter().enumerate() {
                row.result(k)[1 + first..1 + first + width].copy_from_slice(&x.eps[..width]);
            }
        }
        Ok(row)
    }
}

/// Adds (f - b) s to the f' of each sample of a batch, b the mean of the other f; their scores are in one row.
pub(super) fn leave_one_out<E>(rows: &mut [Row], scores: &[f64], first: u64) -> Result<(), EstimateError<E>> {
    let n = scores.len() / BATCH;
    let expected = rows[0].results();
    for (i, row) in rows.iter().enumerate() {
        let found = row.results();
        if found != expected {
            return Err(EstimateError::Results { sample: first + i as u64, expected, found });
        }
    }
    for k in 0..expected {
        let total: f64 = rows.iter_mut().map(|row| row.result(k)[0]).sum();
        for (i, row) in rows.iter_mut().enumerate() {
            let result = row.result(k);
            let less_others = result[0] - (total - result[0]) / (BATCH - 1) as f64;
            result[1..].iter_mut().zip(&scores[i * n..(i + 1) * n]).for_each(|(g, s)| *g += less_others * s);
        }
    }
    Ok(())
}

/// The means of a batch.
pub(super) fn means(rows: &[Row]) -> Vec<f64> {
    let mut sum = vec![0.0; rows[0].numbers.len()];
    for row in rows {
        sum.iter_mut().zip(&row.numbers).for_each(|(sum, x)| *sum += x);
    }
    sum.iter_mut().for_each(|x| *x /= rows.len() as f64);
    sum
}

impl<P> Sealed for ScoreDyn<'_, P> {}

impl<P: Program<Theta = [f64]>> Sampler for ScoreDyn<'_, P> {
    type Values = Vec<f64>;
    type Number = f64;
    type Error = ErrorOf<P>;
    type Estimate = FlatEstimate<ResultsOf<P>>;
    type State = ScoreState;

    const ORDER: usize = 1;

    fn laws(state: &mut ScoreState) -> Option<&mut Kept> {
        Some(&mut state.laws)
    }

    fn parameters(&self) -> &[f64] {
        self.theta
    }

    fn batch(&self) -> u64 {
        BATCH as u64
    }

    fn start(&self, _: u64, _: Seeds) -> ScoreState {
        let scores = vec![0.0; BATCH * self.theta.len()];
        ScoreState { variables: Variables::new(self.theta), scores, laws: Kept::default() }
    }

    fn batch_mean(
        &self,
        state: &mut ScoreState,
        first: u64,
        seeds: Seeds,
    ) -> Result<Vec<f64>, EstimateError<ErrorOf<P>>> {
        let n = self.theta.len();
        let runs = Runs { seeds, laws: state.laws.lend() };
        let mut rows = Vec::with_capacity(BATCH);
        for i in 0..BATCH {
            let at = At::new(first + i as u64, runs);
            let scores = &mut state.scores[i * n..(i + 1) * n];
            rows.push(self.sample(at, &mut state.variables, scores, |_| true)?);
        }
        leave_one_out(&mut rows, &state.scores, first)?;
        Ok(means(&rows))
    }

    fn locate(&self, k: usize, _: Component) -> (usize, Component) {
        flat::locate(k, self.theta.len())
    }

    fn estimate(&self, moments: &Moments<Vec<f64>, f64>) -> Self::Estimate {
        flat::of_drawn::<ResultsOf<P>>(moments, self.theta.len(), BATCH as u64)
    }
}

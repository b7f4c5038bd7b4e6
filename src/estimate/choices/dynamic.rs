//! Scores and replay at a number of parameters known at run time, at a cost that does not grow with it where choices
//! depend on few.

use super::At;
use super::linear::{CHUNK, Sparse, Tracked};
use super::score::BATCH;
use crate::estimate::components::Component;
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::{Estimator, Sampler, Seeds, sealed::Sealed};
use crate::estimate::flat::{self, FlatEstimate};
use crate::estimate::moments::Moments;
use crate::program::{ChoiceLaw, ErrorOf, Observer, Program, ResultsOf, Scores, Site, Stream, Values, ValuesOf};
use crate::scalar::{Jet, Scalar};
use alloc::vec;
use alloc::vec::Vec;

type Chunk = Jet<f64, CHUNK>;

/// [`score`](super::score) at any number of parameters, with leave-one-out baselines.
///
/// One run a sample in numbers that carry the few partial derivatives that each of them has: the cost is that of one
/// run, whatever the number of parameters, where probabilities and the result depend on at most four of them each.
/// Where one depends on more, the sample runs again in jets of eight parameters at a time.
///
/// * Needs, bias, variance, when: as [`score`](super::score).
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

/// [`replay`](super::replay) at any number of parameters.
///
/// A first run carries with every number a bound of the norm of its gradient, and which parameters it comes from; that
/// is enough to keep one alternative, with an unbiased weight. A second runs with that choice forced. Then the program
/// runs in jets of eight parameters at a time, only for those in which the result or the kept weight has a derivative
/// at all.
///
/// * Needs, bias, when: as [`replay`](super::replay).
/// * Variance: as that with one parameter; the choice among alternatives is by bounds, so somewhat more where weights
///   cancel.
/// * Cost: two runs, and one in jets for each chunk of eight parameters that the kept choice or the result depends on.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// let coins = program!(|p: &[S], chance| -> S {
///     S::from((p.iter().filter(|p| chance.bernoulli(**p)).count() as f64).powi(2))
/// });
/// let e = estimate::replay_dyn(&[0.3; 20], coins).samples(50_000).run_seed(1).unwrap();
/// assert!((e.gradient[19] - (1.0 + 2.0 * 19.0 * 0.3)).abs() < 5.0 * e.gradient_se[19]);
/// ```
pub fn replay_dyn<P: Program<Theta = [f64]>>(theta: &[f64], program: P) -> Estimator<ReplayDyn<'_, P>> {
    Estimator::new(ReplayDyn { theta, program })
}

/// A row of results, each followed by its derivatives in all parameters.
struct Row {
    numbers: Vec<f64>,
    width: usize,
}

impl Row {
    /// The values of results, without derivatives so far.
    fn of<V: Values, S: Scalar>(values: &V::Of<S>, parameters: usize) -> Self {
        let (values, width) = (V::slice(values), 1 + parameters);
        let mut numbers = vec![0.0; values.len() * width];
        numbers.chunks_mut(width).zip(values).for_each(|(row, x): (_, &S)| row[0] = x.re());
        Row { numbers, width }
    }

    /// Result k: the value first.
    fn result(&mut self, k: usize) -> &mut [f64] {
        &mut self.numbers[k * self.width..(k + 1) * self.width]
    }

    fn results(&self) -> usize {
        self.numbers.len() / self.width
    }
}

/// Runs in jets of the parameters from `first` on.
fn in_chunk<P: Program<Theta = [f64]>, O: Observer<Chunk>>(
    at: At,
    program: &P,
    jets: &mut [Chunk],
    first: usize,
    observer: O,
) -> Result<(ValuesOf<P, Chunk>, O), EstimateError<ErrorOf<P>>> {
    let chunk = first..jets.len().min(first + CHUNK);
    chunk.clone().for_each(|i| jets[i].eps[i - first] = 1.0);
    let run = at.run(program, &*jets, &[], observer);
    chunk.for_each(|i| jets[i].eps[i - first] = 0.0);
    run
}

/// Scores at any number of parameters: see [`score_dyn`].
#[derive(Clone, Debug)]
pub struct ScoreDyn<'a, P> {
    theta: &'a [f64],
    program: P,
}

/// What a block of [`ScoreDyn`] keeps.
#[derive(Debug)]
pub struct ScoreState {
    sparse: Vec<Sparse>,
    jets: Vec<Chunk>,
    /// The scores of each sample of a batch.
    scores: Vec<f64>,
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
        score.partials().for_each(|(i, e)| self.scores[i] += e);
    }
}

impl<P: Program<Theta = [f64]>> ScoreDyn<'_, P> {
    /// One sample: its results with their own derivatives, and its scores.
    fn sample(
        &self,
        at: At,
        sparse: &[Sparse],
        jets: &mut [Chunk],
        scores: &mut [f64],
    ) -> Result<Row, EstimateError<ErrorOf<P>>> {
        let blind = |choice| EstimateError::EmptyCell { sample: at.sample, seed: at.seeds.seed, choice };
        scores.fill(0.0);
        let watch = Dense { scores, is_full: false, blind: None };
        let (f, watch) = at.run(&self.program, sparse, &[], watch)?;
        let (too_many, number) = (watch.is_full, watch.blind);
        if let (Some(choice), false) = (number, too_many) {
            return Err(blind(choice));
        }
        let values = ResultsOf::<P>::slice(&f);
        let mut row = Row::of::<ResultsOf<P>, Sparse>(&f, self.theta.len());
        if !too_many && values.iter().all(|x: &Sparse| !x.is_full) {
            for (k, x) in values.iter().enumerate() {
                let result = row.result(k);
                x.partials().for_each(|(i, e)| result[1 + i] += e);
            }
            return Ok(row);
        }
        for first in (0..jets.len()).step_by(CHUNK) {
            let (f, watch) = in_chunk(at, &self.program, jets, first, Scores::new())?;
            if let Some(choice) = watch.blind() {
                return Err(blind(choice));
            }
            let width = CHUNK.min(scores.len() - first);
            scores[first..first + width].copy_from_slice(&watch.weight().eps[..width]);
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

impl<P> Sealed for ScoreDyn<'_, P> {}

impl<P: Program<Theta = [f64]>> Sampler for ScoreDyn<'_, P> {
    type Values = Vec<f64>;
    type Number = f64;
    type Error = ErrorOf<P>;
    type Estimate = FlatEstimate<ResultsOf<P>>;
    type State = ScoreState;

    fn parameters(&self) -> &[f64] {
        self.theta
    }

    fn batch(&self) -> u64 {
        BATCH as u64
    }

    fn start(&self, _: u64, _: Seeds) -> ScoreState {
        ScoreState {
            sparse: self.theta.iter().enumerate().map(|(i, t)| Sparse::variable(*t, i)).collect(),
            jets: self.theta.iter().map(|t| Jet::constant(*t)).collect(),
            scores: vec![0.0; BATCH * self.theta.len()],
        }
    }

    /// The means of f' + (f - b) s, b the mean of the other f, and of f.
    fn batch_mean(
        &self,
        state: &mut ScoreState,
        first: u64,
        seeds: Seeds,
    ) -> Result<Vec<f64>, EstimateError<ErrorOf<P>>> {
        let n = self.theta.len();
        let mut rows = Vec::with_capacity(BATCH);
        for i in 0..BATCH {
            let at = At::new(first + i as u64, seeds);
            let scores = &mut state.scores[i * n..(i + 1) * n];
            rows.push(self.sample(at, &state.sparse, &mut state.jets, scores)?);
        }
        let width = rows[0].width;
        let mut sum = vec![0.0; rows[0].numbers.len()];
        for (i, row) in rows.iter().enumerate() {
            if row.numbers.len() != sum.len() {
                let (expected, found) = (sum.len() / width, row.results());
                return Err(EstimateError::Results { sample: first + i as u64, expected, found });
            }
            sum.iter_mut().zip(&row.numbers).for_each(|(sum, x)| *sum += x);
        }
        for k in 0..sum.len() / width {
            let total = sum[k * width];
            for (i, row) in rows.iter().enumerate() {
                let f = row.numbers[k * width];
                let less_others = f - (total - f) / (BATCH - 1) as f64;
                let scores = &state.scores[i * n..(i + 1) * n];
                let gradient = &mut sum[k * width + 1..(k + 1) * width];
                gradient.iter_mut().zip(scores).for_each(|(g, s)| *g += less_others * s);
            }
        }
        sum.iter_mut().for_each(|x| *x /= BATCH as f64);
        Ok(sum)
    }

    fn locate(&self, k: usize, _: Component) -> (usize, Component) {
        flat::locate(k, self.theta.len())
    }

    fn estimate(&self, moments: &Moments<Vec<f64>, f64>) -> Self::Estimate {
        let mut e = flat::estimate::<ResultsOf<P>>(moments, self.theta.len(), BATCH as u64);
        e.notes.still = moments.are_still();
        e
    }
}

/// Replay at any number of parameters: see [`replay_dyn`].
#[derive(Clone, Debug)]
pub struct ReplayDyn<'a, P> {
    theta: &'a [f64],
    program: P,
}

/// What a block of [`ReplayDyn`] keeps.
#[derive(Debug)]
pub struct ReplayState {
    tracked: Vec<Tracked>,
    jets: Vec<Chunk>,
}

/// Keeps one alternative with probability size / total, in one pass: a random number for each that is kept, not for
/// each that there is.
struct Keep {
    noise: Stream,
    total: f64,
    /// The next one that makes the total reach this is kept.
    threshold: f64,
    site: u64,
    to: u64,
    weight: Tracked,
}

impl Observer<Tracked> for Keep {
    #[inline(always)]
    fn chosen<L: ChoiceLaw<Tracked>>(&mut self, law: &L, site: Site, k: u64) {
        law.alternatives(k, |to, weight| {
            self.total += weight.norm;
            if weight.norm > 0.0 && self.total >= self.threshold {
                self.threshold = self.total / self.noise.unit();
                (self.site, self.to, self.weight) = (site.number, to, weight);
            }
        });
    }
}

/// The weight of one alternative, in jets of a chunk.
struct Look {
    site: u64,
    to: u64,
    weight: [f64; CHUNK],
}

impl Observer<Chunk> for Look {
    #[inline(always)]
    fn chosen<L: ChoiceLaw<Chunk>>(&mut self, law: &L, site: Site, k: u64) {
        if site.number == self.site {
            law.alternatives(k, |to, w| {
                if to == self.to {
                    self.weight = w.eps;
                }
            });
        }
    }
}

impl<P> Sealed for ReplayDyn<'_, P> {}

impl<P: Program<Theta = [f64]>> Sampler for ReplayDyn<'_, P> {
    type Values = Vec<f64>;
    type Number = f64;
    type Error = ErrorOf<P>;
    type Estimate = FlatEstimate<ResultsOf<P>>;
    type State = ReplayState;

    fn parameters(&self) -> &[f64] {
        self.theta
    }

    fn start(&self, _: u64, _: Seeds) -> ReplayState {
        ReplayState {
            tracked: self.theta.iter().enumerate().map(|(i, t)| Tracked::variable(*t, i)).collect(),
            jets: self.theta.iter().map(|t| Jet::constant(*t)).collect(),
        }
    }

    fn batch_mean(
        &self,
        state: &mut ReplayState,
        first: u64,
        seeds: Seeds,
    ) -> Result<Vec<f64>, EstimateError<ErrorOf<P>>> {
        let at = At::new(first, seeds);
        let keep =
            Keep { noise: at.aside(), total: 0.0, threshold: 0.0, site: u64::MAX, to: 0, weight: Tracked::from(0.0) };
        let (f, kept) = at.run(&self.program, state.tracked.as_slice(), &[], keep)?;
        let mut row = Row::of::<ResultsOf<P>, Tracked>(&f, self.theta.len());
        let mut mask = ResultsOf::<P>::slice(&f).iter().fold(0, |mask, x: &Tracked| mask | x.mask);

        // what the kept alternative changes of each result, over the probability with which it is kept
        let mut change = vec![0.0; row.results()];
        if kept.total > 0.0 {
            let forced = at.values(&self.program, self.theta, &[(kept.site, kept.to)])?;
            let forced: &[f64] = ResultsOf::<P>::slice(&forced);
            if forced.len() != change.len() {
                return Err(EstimateError::Results { sample: first, expected: change.len(), found: forced.len() });
            }
            for (k, change) in change.iter_mut().enumerate() {
                *change = (forced[k] - row.result(k)[0]) * (kept.total / kept.weight.norm);
            }
            if change.iter().any(|c| *c != 0.0) {
                mask |= kept.weight.mask;
            }
        }
        while mask != 0 {
            let bit = mask.trailing_zeros() as usize;
            mask &= mask - 1;
            for start in (bit * CHUNK..self.theta.len()).step_by(64 * CHUNK) {
                let look = Look { site: kept.site, to: kept.to, weight: [0.0; CHUNK] };
                let (f, look) = in_chunk(at, &self.program, &mut state.jets, start, look)?;
                let f: &[Chunk] = ResultsOf::<P>::slice(&f);
                if f.len() != change.len() {
                    return Err(EstimateError::NotRepeated { sample: first });
                }
                let width = CHUNK.min(self.theta.len() - start);
                for (k, (x, change)) in f.iter().zip(&change).enumerate() {
                    let gradient = &mut row.result(k)[1 + start..1 + start + width];
                    for (g, (e, w)) in gradient.iter_mut().zip(x.eps.iter().zip(&look.weight)) {
                        *g = if *change == 0.0 { *e } else { e + w * change };
                    }
                }
            }
        }
        Ok(row.numbers)
    }

    fn locate(&self, k: usize, _: Component) -> (usize, Component) {
        flat::locate(k, self.theta.len())
    }

    fn estimate(&self, moments: &Moments<Vec<f64>, f64>) -> Self::Estimate {
        flat::estimate::<ResultsOf<P>>(moments, self.theta.len(), 1)
    }
}

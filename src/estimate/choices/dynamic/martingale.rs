//! Scores with martingale controls at a number of parameters known at run time.

use super::super::At;
use super::super::controls::{Gathering, Plan};
use super::super::linear::{Partials, Sparse};
use super::super::martingale::{Gathered, Learned, rounds};
use super::{Among, Variables, run_in_chunk};
use crate::distr::Kept;
use crate::estimate::chunks::{CHUNK, Chunk};
use crate::estimate::components::Component;
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::{Estimator, Runs, Sampler, Seeds, sealed::Sealed};
use crate::estimate::flat::{self, FlatEstimate, Row};
use crate::estimate::moments::Moments;
use crate::program::{ErrorOf, Program, ResultsOf, Values};
use alloc::vec;
use alloc::vec::Vec;

/// [`martingale`](crate::estimate::martingale) at any number of parameters.
///
/// One run a sample in numbers that carry the few partial derivatives that each of them has, as
/// [`score_dyn`](super::score_dyn) makes it. The coefficients of the controls are those of the results, so that one fit
/// serves all parameters: neither what is learned nor what a choice costs grows with their number.
///
/// * Needs, bias, variance, when: as [`martingale`](crate::estimate::martingale).
/// * Cost: one run a sample, with a hundred operations a choice (of a program that only tosses coins some ten plain
///   runs, at any number of parameters), where probabilities and the result depend on at most four parameters each; one
///   and N/8 runs in jets otherwise. Up to 2000 more samples to learn from, of which as many
///   numbers a parameter are kept meanwhile (250 from some 70 000 parameters on).
///
/// ```
/// use reparam::{estimate, prelude::*};
/// // 100 coins with 100 parameters, squared: the derivative in p_i is 1 + 2 Σ_{j ≠ i} p_j
/// let coins = program!(|p: &[S], chance| -> S {
///     S::from((p.iter().filter(|p| chance.bernoulli(**p)).count() as f64).powi(2))
/// });
/// let by_scores = estimate::score_dyn(&[0.3; 100], coins).run_seed(1).unwrap();
/// let e = estimate::martingale_dyn(&[0.3; 100], coins).run_seed(1).unwrap();
/// assert!((e.gradient[99] - (1.0 + 2.0 * 99.0 * 0.3)).abs() < 5.0 * e.gradient_se[99]);
/// assert!(e.gradient_se[99] < 0.5 * by_scores.gradient_se[99]);
/// ```
pub fn martingale_dyn<P: Program<Theta = [f64]>>(theta: &[f64], program: P) -> Estimator<MartingaleDyn<'_, P>> {
    Estimator::new(MartingaleDyn { theta, program, learned: None })
}

/// Scores with martingale controls at any number of parameters: see [`martingale_dyn`].
#[derive(Clone, Debug)]
pub struct MartingaleDyn<'a, P> {
    pub(super) theta: &'a [f64],
    pub(super) program: P,
    pub(super) learned: Option<Learned>,
}

/// What a block of [`MartingaleDyn`] keeps.
#[derive(Debug)]
pub struct MartingaleState {
    variables: Variables,
    /// Tables of the laws that runs draw often.
    laws: Kept,
}

impl<P: Program<Theta = [f64]>> MartingaleDyn<'_, P> {
    fn not_blind<const ALONE: bool>(&self, at: At<'_>, blind: Option<u64>) -> Result<(), EstimateError<ErrorOf<P>>> {
        match blind {
            Some(choice) if ALONE => Err(EstimateError::EmptyCell { sample: at.sample, seed: at.seeds.seed, choice }),
            _ => Ok(()),
        }
    }

    /// What a run has to say to the fit.
    fn gather<const ALONE: bool>(
        &self,
        Variables { sparse, jets }: &mut Variables,
        at: At<'_>,
        plan: &Plan,
    ) -> Result<Gathered<Vec<f64>>, EstimateError<ErrorOf<P>>> {
        let watch = Gathering::<_, ALONE>::new(plan, vec![0.0; self.theta.len()]);
        let (f, mut watch) = at.run(&self.program, sparse.as_slice(), &[], watch)?;
        let results: Vec<f64> = ResultsOf::<P>::slice(&f).iter().map(|x: &Sparse| x.re).collect();
        at.finite::<Vec<f64>, f64, _>(&results)?;
        if watch.is_full {
            for (first, score) in (0..).step_by(CHUNK).zip(watch.score.chunks_mut(CHUNK)) {
                score.fill(0.0);
                let watch = Gathering::<_, ALONE>::new(plan, score);
                let (_, watch) = run_in_chunk(at, &self.program, jets, first, watch)?;
                self.not_blind::<ALONE>(at, watch.blind)?;
            }
        } else {
            self.not_blind::<ALONE>(at, watch.blind)?;
        }
        Ok(Gathered { score: watch.score, controls: watch.controls, results })
    }

    /// What a fit has to say of so many samples, from others.
    pub(super) fn learn_beside<const ALONE: bool>(
        &mut self,
        samples: u64,
        seeds: Seeds,
    ) -> Result<(), EstimateError<ErrorOf<P>>> {
        let mut variables = Variables::new(self.theta);
        let gather = |at: At<'_>, plan: &Plan| self.gather::<ALONE>(&mut variables, at, plan);
        let (n, program) = (self.theta.len(), &self.program);
        self.learned = Some(Learned::from_runs::<P, _, ALONE>(program, self.theta, n, (samples, seeds), gather)?);
        Ok(())
    }

    /// One sample, of the choices that are meant: with controls, and then without them, unless scores are `ALONE`.
    pub(super) fn sample<const ALONE: bool>(
        &self,
        learned: &Learned,
        at: At<'_>,
        Variables { sparse, jets }: &mut Variables,
        is_meant: impl Fn(u64) -> bool + Copy,
    ) -> Result<[Row; 2], EstimateError<ErrorOf<P>>> {
        let observer = learned.using::<_, ALONE>(vec![0.0; self.theta.len()]);
        let watch = Among { is_meant, observer };
        let (f, Among { observer: using, .. }) = at.run(&self.program, sparse.as_slice(), &[], watch)?;
        let values: &[Sparse] = ResultsOf::<P>::slice(&f);
        let (expected, found) = (learned.results(), values.len());
        if expected != found {
            return Err(EstimateError::Results { sample: at.sample, expected, found });
        }
        let mut row = Row::of::<ResultsOf<P>, Sparse>(&f, self.theta.len());
        let mut without = Row { numbers: if ALONE { Vec::new() } else { row.numbers.clone() }, width: row.width };
        if using.is_full || values.iter().any(Sparse::is_full) {
            for first in (0..jets.len()).step_by(CHUNK) {
                let watch = Among { is_meant, observer: learned.using::<_, ALONE>([0.0; CHUNK]) };
                let (f, Among { observer: using, .. }) = run_in_chunk(at, &self.program, jets, first, watch)?;
                self.not_blind::<ALONE>(at, using.blind)?;
                let f: &[Chunk] = ResultsOf::<P>::slice(&f);
                if f.len() != found {
                    return Err(EstimateError::NotRepeated { sample: at.sample });
                }
                for (k, x) in f.iter().enumerate() {
                    let mut eps = x.eps;
                    learned.add(&using, k, x.re, &mut eps);
                    row.result(k)[1 + first..].iter_mut().zip(eps).for_each(|(gradient, e)| *gradient = e);
                    if !ALONE {
                        let mut eps = x.eps;
                        learned.add_scores(&using, k, x.re, &mut eps);
                        without.result(k)[1 + first..].iter_mut().zip(eps).for_each(|(gradient, e)| *gradient = e);
                    }
                }
            }
            if ALONE {
                values.iter().enumerate().for_each(|(k, x)| row.result(k)[0] = x.re - using.fitted[k]);
            }
            return Ok([row, without]);
        }
        self.not_blind::<ALONE>(at, using.blind)?;
        for (k, x) in values.iter().enumerate() {
            let result = row.result(k);
            x.add_to(&[], |e, _| e, &mut result[1..]);
            if ALONE {
                result[0] = learned.add(&using, k, x.re, &mut result[1..]);
            } else {
                without.result(k).copy_from_slice(result);
                learned.add_scores(&using, k, x.re, &mut without.result(k)[1..]);
                learned.add(&using, k, x.re, &mut result[1..]);
            }
        }
        Ok([row, without])
    }
}

impl<P> Sealed for MartingaleDyn<'_, P> {}

impl<P: Program<Theta = [f64]>> Sampler for MartingaleDyn<'_, P> {
    type Values = Vec<f64>;
    type Number = f64;
    type Error = ErrorOf<P>;
    type Estimate = FlatEstimate<ResultsOf<P>>;
    type State = MartingaleState;

    const ORDER: usize = 1;

    fn laws(state: &mut MartingaleState) -> Option<&mut Kept> {
        Some(&mut state.laws)
    }

    fn parameters(&self) -> &[f64] {
        self.theta
    }

    fn learn(&mut self, batches: u64, seeds: Seeds) -> Result<(), EstimateError<ErrorOf<P>>> {
        self.learn_beside::<true>(batches, seeds)
    }

    fn start(&self, _: u64, _: Seeds) -> MartingaleState {
        MartingaleState { variables: Variables::new(self.theta), laws: Kept::default() }
    }

    fn batch_mean(
        &self,
        MartingaleState { variables, laws }: &mut MartingaleState,
        first: u64,
        seeds: Seeds,
    ) -> Result<Vec<f64>, EstimateError<ErrorOf<P>>> {
        match &self.learned {
            Some(learned) => {
                let at = At::new(first, Runs { seeds, laws: laws.lend() });
                let [row, _] = self.sample::<true>(learned, at, variables, |_| true)?;
                Ok(row.numbers)
            }
            None => Err(EstimateError::TooFewSamples { samples: 0 }),
        }
    }

    fn locate(&self, k: usize, _: Component) -> (usize, Component) {
        flat::locate(k, self.theta.len())
    }

    fn estimate(&self, moments: &Moments<Vec<f64>, f64>) -> Self::Estimate {
        let mut e = flat::estimate::<ResultsOf<P>>(moments, self.theta.len(), 1);
        let (values, errors) = (ResultsOf::<P>::slice::<f64>(&e.value), ResultsOf::<P>::slice::<f64>(&e.value_se));
        let mut values = values.iter().copied().zip(errors.iter().copied());
        e.notes.still = self.learned.as_ref().is_some_and(Learned::is_still) && values.all(rounds);
        e
    }
}

//! Replay at a number of parameters known at run time.

use super::super::At;
use super::super::linear::Tracked;
use super::run_in_chunk;
use crate::distr::Kept;
use crate::estimate::chunks::{CHUNK, Chunk, constants};
use crate::estimate::components::Component;
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::{Estimator, Runs, Sampler, Seeds, sealed::Sealed};
use crate::estimate::flat::{self, FlatEstimate, Row};
use crate::estimate::moments::Moments;
use crate::program::{ChoiceLaw, ErrorOf, Observer, Program, ResultsOf, Site, Stream, Values, ValuesOf};
use alloc::vec;
use alloc::vec::Vec;

/// [`replay`](crate::estimate::replay) at any number of parameters.
///
/// A first run carries with every number a bound of the norm of its gradient, and which parameters it comes from; that
/// is enough to keep one alternative, with an unbiased weight. A second runs with that choice forced. Then the program
/// runs in jets of eight parameters at a time, only for those in which the result or the kept weight has a derivative
/// at all.
///
/// * Needs, bias, when: as [`replay`](crate::estimate::replay).
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

/// Replay at any number of parameters: see [`replay_dyn`].
#[derive(Clone, Debug)]
pub struct ReplayDyn<'a, P> {
    pub(super) theta: &'a [f64],
    pub(super) program: P,
}

/// What a block of [`ReplayDyn`] keeps.
#[derive(Debug)]
pub struct ReplayState {
    tracked: Vec<Tracked>,
    jets: Vec<Chunk>,
    /// Tables of the laws that runs draw often.
    laws: Kept,
}

/// Keeps one alternative with probability size / total, in one pass: a random number for each that is kept, not for
/// each that there is.
pub(super) struct Keep {
    noise: Stream,
    total: f64,
    /// The next one that makes the total reach this is kept.
    threshold: f64,
    site: u64,
    to: u64,
    weight: Tracked,
}

impl Keep {
    pub(super) fn new(noise: Stream) -> Self {
        Keep { noise, total: 0.0, threshold: 0.0, site: u64::MAX, to: 0, weight: Tracked::from(0.0) }
    }
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

impl<P: Program<Theta = [f64]>> ReplayDyn<'_, P> {
    /// What a replay of the kept alternative says of the derivatives of a run's results, with those at fixed choices or
    /// without.
    pub(super) fn replayed(
        &self,
        at: At<'_>,
        jets: &mut [Chunk],
        f: &ValuesOf<P, Tracked>,
        kept: Keep,
        with_path: bool,
    ) -> Result<Row, EstimateError<ErrorOf<P>>> {
        let mut row = Row::of::<ResultsOf<P>, Tracked>(f, self.theta.len());
        let mut mask = 0;
        if with_path {
            mask = ResultsOf::<P>::slice(f).iter().fold(0, |mask, x: &Tracked| mask | x.mask);
        }

        // what the kept alternative changes of each result, over the probability with which it is kept
        let mut change = vec![0.0; row.results()];
        if kept.total > 0.0 {
            let forced = at.values(&self.program, self.theta, &[(kept.site, kept.to)])?;
            let forced: &[f64] = ResultsOf::<P>::slice(&forced);
            if forced.len() != change.len() {
                return Err(EstimateError::Results { sample: at.sample, expected: change.len(), found: forced.len() });
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
                let (f, look) = run_in_chunk(at, &self.program, jets, start, look)?;
                let f: &[Chunk] = ResultsOf::<P>::slice(&f);
                if f.len() != change.len() {
                    return Err(EstimateError::NotRepeated { sample: at.sample });
                }
                let width = CHUNK.min(self.theta.len() - start);
                for (k, (x, change)) in f.iter().zip(&change).enumerate() {
                    let gradient = &mut row.result(k)[1 + start..1 + start + width];
                    for (g, (e, w)) in gradient.iter_mut().zip(x.eps.iter().zip(&look.weight)) {
                        let own = if with_path { *e } else { 0.0 };
                        *g = if *change == 0.0 { own } else { own + w * change };
                    }
                }
            }
        }
        Ok(row)
    }
}

impl<P> Sealed for ReplayDyn<'_, P> {}

impl<P: Program<Theta = [f64]>> Sampler for ReplayDyn<'_, P> {
    type Values = Vec<f64>;
    type Number = f64;
    type Error = ErrorOf<P>;
    type Estimate = FlatEstimate<ResultsOf<P>>;
    type State = ReplayState;

    const ORDER: usize = 1;

    fn laws(state: &mut ReplayState) -> Option<&mut Kept> {
        Some(&mut state.laws)
    }

    fn parameters(&self) -> &[f64] {
        self.theta
    }

    fn start(&self, _: u64, _: Seeds) -> ReplayState {
        ReplayState {
            tracked: self.theta.iter().enumerate().map(|(i, t)| Tracked::variable(*t, i)).collect(),
            jets: constants(self.theta),
            laws: Kept::default(),
        }
    }

    fn batch_mean(
        &self,
        state: &mut ReplayState,
        first: u64,
        seeds: Seeds,
    ) -> Result<Vec<f64>, EstimateError<ErrorOf<P>>> {
        let at = At::new(first, Runs { seeds, laws: state.laws.lend() });
        let (f, kept) = at.run(&self.program, state.tracked.as_slice(), &[], Keep::new(at.aside()))?;
        Ok(self.replayed(at, &mut state.jets, &f, kept, true)?.numbers)
    }

    fn locate(&self, k: usize, _: Component) -> (usize, Component) {
        flat::locate(k, self.theta.len())
    }

    fn estimate(&self, moments: &Moments<Vec<f64>, f64>) -> Self::Estimate {
        flat::estimate::<ResultsOf<P>>(moments, self.theta.len(), 1)
    }
}

//! Programs with choices at a number of parameters known at run time, at a cost that does not grow with it where numbers
//! depend on few of them.

mod controlled;
mod martingale;
mod mix;
mod replay;
mod score;

pub use controlled::{ControlledDyn, ControlledState};
pub use martingale::{MartingaleDyn, MartingaleState, martingale_dyn};
pub use mix::{MixDyn, MixState, mix_dyn};
pub use replay::{ReplayDyn, ReplayState, replay_dyn};
pub use score::{ScoreDyn, ScoreState, score_dyn};

use super::At;
use super::linear::Sparse;
use crate::estimate::chunks::{Chunk, constants, in_chunk};
use crate::estimate::error::EstimateError;
use crate::program::{ChoiceLaw, ErrorOf, Observer, Program, Site, ValuesOf};
use crate::scalar::Scalar;
use alloc::vec::Vec;

/// The parameters as numbers of few derivatives, and as jets of which a chunk at a time are variables.
#[derive(Debug)]
struct Variables {
    sparse: Vec<Sparse>,
    jets: Vec<Chunk>,
}

impl Variables {
    fn new(theta: &[f64]) -> Self {
        Variables {
            sparse: theta.iter().enumerate().map(|(i, t)| Sparse::variable(*t, i)).collect(),
            jets: constants(theta),
        }
    }
}

/// Runs in jets of the parameters from `first` on.
fn run_in_chunk<P: Program<Theta = [f64]>, O: Observer<Chunk>>(
    at: At<'_>,
    program: &P,
    jets: &mut [Chunk],
    first: usize,
    observer: O,
) -> Result<(ValuesOf<P, Chunk>, O), EstimateError<ErrorOf<P>>> {
    in_chunk(jets, first, |theta| at.run(program, theta, &[], observer))
}

/// An observer of some choices only, by their numbers.
struct Among<F, O> {
    is_meant: F,
    observer: O,
}

impl<S: Scalar, F: Fn(u64) -> bool, O: Observer<S>> Observer<S> for Among<F, O> {
    #[inline(always)]
    fn chosen<L: ChoiceLaw<S>>(&mut self, law: &L, site: Site, k: u64) {
        if (self.is_meant)(site.number) {
            self.observer.chosen(law, site, k);
        }
    }

    const RACES: bool = O::RACES;

    #[inline(always)]
    fn raced(&mut self, rates: &[S], time: f64, first: Option<usize>, site: Site) {
        self.observer.raced(rates, time, first, site);
    }
}

//! Tables of the laws that the runs of an estimate draw again and again, from a pilot.

use super::estimator::{Estimator, Sampler, Seeds};
use crate::distr::{Kept, What};

/// One run of the pilot for so many samples.
const SHARE: u64 = 256;

/// Runs of a pilot: a law that comes in fewer than two of them gets no table, so that those whose shapes are draws themselves do not.
const RUNS: core::ops::RangeInclusive<u64> = 2..=16;

/// Tables of the laws that runs beside those of the estimate draw as often as pays, if there are any. The runs are in its own numbers, so that
/// the program is compiled once.
///
/// It is done before any block, and from the seed and the number of samples only: the bits of an estimate depend on neither
/// threads nor parts. A run that fails ends it, without tables: it is of no sample.
pub(super) fn learn<M: Sampler>(estimator: &Estimator<M>, samples: u64, seeds: Seeds) -> Option<Kept> {
    let batch = estimator.sampler.batch();
    let runs = (samples / (SHARE * batch)).min(*RUNS.end());
    if M::ORDER == 0 || runs < *RUNS.start() {
        return None;
    }
    let mut state = estimator.sampler.start(0, seeds);
    *M::laws(&mut state)? = Kept::counted();
    for run in 0..runs {
        let counts = M::laws(&mut state)?.counts()?;
        // a program without such laws costs one run
        if run == 1 && counts.is_empty() {
            return None;
        }
        counts.begin_run();
        (_, state) = estimator.sample(state, run * batch, seeds).ok()?;
    }
    let what = if M::ORDER == 1 { What::First } else { What::Second };
    Some(core::mem::take(M::laws(&mut state)?).learned(what, runs, samples / batch))
}

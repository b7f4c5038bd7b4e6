//! Tables of the laws that the runs of an estimate draw again and again, from a pilot.

use super::estimator::{Estimator, Sampler, Seeds};
use crate::distr::{Kept, What};

/// One run of the pilot for so many samples.
const SHARE: u64 = 256;

/// Runs of a pilot: a law that comes in fewer than two of them gets no table, so that those whose shapes are draws themselves do not.
const RUNS: core::ops::RangeInclusive<u64> = 2..=16;

/// Runs beside those of the estimate, in its own numbers, so that the program is compiled once; tables of the laws that are
/// drawn in them as often as pays.
///
/// It is done before any block, and from the seed and the number of samples only: the bits of an estimate depend on neither
/// threads nor parts. Runs that fail end it, without tables: they are of no sample.
pub(super) fn learn<M: Sampler>(estimator: &Estimator<M>, samples: u64, seeds: Seeds) -> Kept {
    let batch = estimator.sampler.batch();
    let runs = (samples / (SHARE * batch)).min(*RUNS.end());
    if M::ORDER == 0 || runs < *RUNS.start() {
        return Kept::Unknown;
    }
    let mut state = estimator.sampler.start(0, seeds);
    for run in 0..runs {
        match M::laws(&mut state) {
            Some(laws) if run == 0 => *laws = Kept::counted(),
            // a program without such laws costs one run
            Some(Kept::Counted(counts)) if run == 1 && counts.is_empty() => return Kept::Unknown,
            _ => {}
        }
        let Some(Kept::Counted(counts)) = M::laws(&mut state) else { return Kept::Unknown };
        counts.begin_run();
        match estimator.sample(state, run * batch, seeds) {
            Ok((_, next)) => state = next,
            Err(_) => return Kept::Unknown,
        }
    }
    let counted = M::laws(&mut state).map(core::mem::take).unwrap_or_default();
    counted.learned(if M::ORDER == 1 { What::First } else { What::Second }, runs, samples / batch)
}

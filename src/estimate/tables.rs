//! Tables of the laws that the runs of an estimate draw again and again, from a pilot.

use super::blocks::{Blocks, Samples};
use super::components::Components;
use crate::distr::{Kept, What};
use crate::program::Values;

/// One run of the pilot for so many samples.
const SHARE: u64 = 256;

/// Runs of a pilot: a law that comes in fewer than two of them gets no table, so that those whose shapes are draws themselves do not.
const RUNS: core::ops::RangeInclusive<u64> = 2..=16;

/// Tables of the laws that runs beside those of an estimate draw as often as pays, if there are any: of an estimate of these blocks, whose
/// runs carry derivatives of this order. `from` makes the samples, in the estimate's own numbers, so that the program is compiled once.
///
/// It is done before any block, and from the seed and the number of samples only: the bits of an estimate depend on neither
/// threads nor parts. A run that fails ends it, without tables: it is of no sample.
#[inline(never)]
pub(super) fn learn<V: Values, S: Components, E>(
    blocks: Blocks,
    order: usize,
    from: &mut dyn Samples<V, S, E>,
) -> Option<Kept> {
    let batches = blocks.samples / blocks.batch;
    let runs = (batches / SHARE).min(*RUNS.end());
    if order == 0 || runs < *RUNS.start() {
        return None;
    }
    *from.laws()? = Kept::counted();
    for number in 0..runs {
        let counts = from.laws()?.counts()?;
        // a program without such laws costs one run
        if number == 1 && counts.is_empty() {
            return None;
        }
        counts.begin_run();
        blocks.sample(number * blocks.batch, from).ok()?;
    }
    let what = if order == 1 { What::First } else { What::Second };
    Some(core::mem::take(from.laws()?).learned(what, runs, batches))
}

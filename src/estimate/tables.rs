//! Tables of the laws that the runs of an estimate draw again and again, from a pilot.

use crate::distr::{Kept, What};

/// One run of the pilot for so many samples.
const SHARE: u64 = 256;

/// Runs of a pilot: a law that comes in fewer than two of them gets no table, so that those whose shapes are draws themselves do not.
const RUNS: core::ops::RangeInclusive<u64> = 2..=16;

/// Tables of the laws that runs beside those of an estimate draw as often as pays, if there are any: of an estimate of so many samples (or
/// batches of them), whose runs carry derivatives of this order. `run` makes the sample of a number, in the estimate's own numbers, so that the
/// program is compiled once; `laws` is where its handle counts.
///
/// It is done before any block, and from the seed and the number of samples only: the bits of an estimate depend on neither
/// threads nor parts. A run that fails ends it, without tables: it is of no sample.
pub(super) fn learn<State>(
    (samples, order): (u64, usize),
    start: impl FnOnce() -> State,
    laws: impl Fn(&mut State) -> Option<&mut Kept>,
    run: impl Fn(State, u64) -> Option<State>,
) -> Option<Kept> {
    let runs = (samples / SHARE).min(*RUNS.end());
    if order == 0 || runs < *RUNS.start() {
        return None;
    }
    let mut state = start();
    *laws(&mut state)? = Kept::counted();
    for number in 0..runs {
        let counts = laws(&mut state)?.counts()?;
        // a program without such laws costs one run
        if number == 1 && counts.is_empty() {
            return None;
        }
        counts.begin_run();
        state = run(state, number)?;
    }
    let what = if order == 1 { What::First } else { What::Second };
    Some(core::mem::take(laws(&mut state)?).learned(what, runs, samples))
}

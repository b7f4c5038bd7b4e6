//! Samples in blocks, each with a generator of its own, added up in order.

use super::error::EstimateError;
use crate::noise::{GOLDEN, mix};
use core::ops::Range;
use rand::SeedableRng;

/// The number of samples that share one generator in `run_streams` and `par_run`.
pub const BLOCK: u64 = 1024;

/// Generators for blocks of samples: block k gets `R::seed_from_u64` of a hash of `seed` and k that no two k share.
///
/// ```
/// use rand_xoshiro::Xoshiro256PlusPlus;
/// let streams = reparam::estimate::streams::<Xoshiro256PlusPlus>(1);
/// assert_eq!(streams(7), streams(7));
/// assert_ne!(streams(7), streams(8));
/// ```
pub fn streams<R: SeedableRng>(seed: u64) -> impl Fn(u64) -> R + Copy + Send + Sync {
    let start = mix(seed);
    move |block| R::seed_from_u64(mix(start.wrapping_add(block.wrapping_mul(GOLDEN))))
}

/// Refuses a number of samples that has no standard error.
pub(super) fn enough<E>(samples: u64) -> Result<(), EstimateError<E>> {
    if samples < 2 { Err(EstimateError::TooFewSamples { samples }) } else { Ok(()) }
}

/// The samples of a block, the last of which may be short.
fn block(index: u64, samples: u64) -> Range<u64> {
    index * BLOCK..samples.min((index + 1) * BLOCK)
}

/// All blocks one after the other.
pub(super) fn serial<T, E>(
    samples: u64,
    mut run: impl FnMut(u64, Range<u64>) -> Result<T, EstimateError<E>>,
    merge: impl Fn(&mut T, T),
) -> Result<T, EstimateError<E>> {
    enough(samples)?;
    let mut total = run(0, block(0, samples))?;
    for k in 1..samples.div_ceil(BLOCK) {
        merge(&mut total, run(k, block(k, samples))?);
    }
    Ok(total)
}

/// All blocks on the threads of rayon's current pool, as many at a time as keep them busy, merged in their order: the
/// result, or the first error, is that of [`serial`].
#[cfg(feature = "rayon")]
pub(super) fn parallel<T: Send, E: Send>(
    samples: u64,
    run: impl Fn(u64, Range<u64>) -> Result<T, EstimateError<E>> + Sync,
    merge: impl Fn(&mut T, T),
) -> Result<T, EstimateError<E>> {
    use alloc::vec::Vec;
    use rayon::prelude::*;

    enough(samples)?;
    let blocks = samples.div_ceil(BLOCK);
    let at_a_time = 16 * rayon::current_num_threads() as u64;
    let mut total = None;
    for first in (0..blocks).step_by(at_a_time as usize) {
        let wave: Vec<_> =
            (first..blocks.min(first + at_a_time)).into_par_iter().map(|k| run(k, block(k, samples))).collect();
        for part in wave {
            let part = part?;
            match &mut total {
                None => total = Some(part),
                Some(total) => merge(total, part),
            }
        }
    }
    total.ok_or(EstimateError::TooFewSamples { samples })
}

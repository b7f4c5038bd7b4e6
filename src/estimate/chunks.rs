//! Runs on chunks of many parameters, each on the same random numbers.

use super::error::EstimateError;
use super::flat::Row;
use crate::program::Values;
use crate::scalar::Jet;
use alloc::vec::Vec;

/// The number of parameters of a run in jets: small chunks repeat the value more often, large ones spill from registers
/// to memory.
pub(super) const CHUNK: usize = 8;

/// A number with derivatives in a chunk of the parameters.
pub(super) type Chunk = Jet<f64, CHUNK>;

/// The parameters, all of them constants.
pub(super) fn constants(theta: &[f64]) -> Vec<Chunk> {
    theta.iter().map(|t| Jet::constant(*t)).collect()
}

/// What `run` makes of the parameters of which those from `first` on are the variables.
#[inline(always)]
pub(super) fn in_chunk<T>(theta: &mut [Chunk], first: usize, run: impl FnOnce(&[Chunk]) -> T) -> T {
    let chunk = first..theta.len().min(first + CHUNK);
    chunk.clone().for_each(|i| theta[i].eps[i - first] = 1.0);
    let result = run(theta);
    chunk.for_each(|i| theta[i].eps[i - first] = 0.0);
    result
}

/// The results of a sample with their derivatives, by a run for each chunk of its parameters.
pub(super) fn in_chunks<V: Values, E>(
    theta: &mut [Chunk],
    sample: u64,
    mut run: impl FnMut(&[Chunk]) -> Result<V::Of<Chunk>, EstimateError<E>>,
) -> Result<Row, EstimateError<E>> {
    let n = theta.len();
    let mut row = Row::empty(n);
    // without parameters there is still a value
    for first in (0..n.max(1)).step_by(CHUNK) {
        let f = in_chunk(theta, first, &mut run)?;
        if first == 0 {
            row = Row::of::<V, Chunk>(&f, n);
        }
        let f: &[Chunk] = V::slice(&f);
        if f.len() != row.results() {
            return Err(EstimateError::NotRepeated { sample });
        }
        for (k, x) in f.iter().enumerate() {
            let result = row.result(k);
            if result[0].to_bits() != x.re.to_bits() {
                return Err(EstimateError::NotRepeated { sample });
            }
            result[1 + first..].iter_mut().zip(x.eps).for_each(|(derivative, e)| *derivative = e);
        }
    }
    Ok(row)
}

//! Parts of an estimate: some of its blocks, run anywhere, merged in any order to the same bits.

use super::components::Components;
use super::error::EstimateError;
use super::estimator::{Estimator, Sampler, Seeds};
use super::moments::Moments;
use crate::noise::mix;
use crate::program::Values;
use alloc::collections::BTreeMap;
use core::error::Error;
use core::fmt;
use core::ops::Range;

/// The moments of some blocks of an estimate. What was computed on several machines is merged here.
///
/// A block is [`BLOCK`](super::BLOCK) samples, or one randomization of quasi-random points. Parts know the seed, the
/// number of samples and the parameters of their estimate, and are merged only with parts of the same; a block that is
/// in both is an error. With the feature `serde` they (de)serialize.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(bound(serialize = "V::Of<S>: serde::Serialize", deserialize = "V::Of<S>: serde::Deserialize<'de>"))
)]
pub struct Partial<V: Values, S: Components> {
    seed: u64,
    samples: u64,
    /// The samples of a block.
    block: u64,
    /// A hash of the parameters.
    parameters: u64,
    /// By first block: how many levels up the tree, and the moments. Two siblings become their parent at once.
    nodes: BTreeMap<u64, (u32, Moments<V, S>)>,
}

impl<V: Values, S: Components> Clone for Partial<V, S> {
    fn clone(&self) -> Self {
        Partial {
            seed: self.seed,
            samples: self.samples,
            block: self.block,
            parameters: self.parameters,
            nodes: self.nodes.clone(),
        }
    }
}

impl<V: Values + fmt::Debug, S: Components> fmt::Debug for Partial<V, S>
where
    V::Of<S>: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Partial")
            .field("seed", &self.seed)
            .field("samples", &self.samples)
            .field("nodes", &self.nodes)
            .finish()
    }
}

/// Why two parts cannot be merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MergeError {
    /// They are of estimates with different seeds, numbers of samples or parameters.
    Different,
    /// This block is in both.
    Overlap {
        /// The block's number.
        block: u64,
    },
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MergeError::Different => f.write_str("parts of estimates with different seeds, samples or parameters"),
            MergeError::Overlap { block } => write!(f, "block {block} is in both parts"),
        }
    }
}

impl Error for MergeError {}

impl<V: Values, S: Components> Partial<V, S> {
    /// The number of blocks of the whole estimate.
    pub fn blocks(&self) -> u64 {
        self.samples.div_ceil(self.block)
    }

    /// The number of samples of the whole estimate.
    pub fn samples(&self) -> u64 {
        self.samples
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Whether this block is in it.
    pub fn contains(&self, block: u64) -> bool {
        self.nodes.range(..=block).next_back().is_some_and(|(first, (level, _))| first + (1 << level) > block)
    }

    /// The blocks that are not in it.
    pub fn missing(&self) -> impl Iterator<Item = u64> + '_ {
        (0..self.blocks()).filter(|block| !self.contains(*block))
    }

    /// Adds the blocks of another part.
    ///
    /// # Errors
    /// If they are of another estimate, or have a block in common: then nothing is added.
    pub fn merge(&mut self, other: &Self) -> Result<(), MergeError> {
        if (self.seed, self.samples, self.parameters) != (other.seed, other.samples, other.parameters) {
            return Err(MergeError::Different);
        }
        for (first, (level, _)) in &other.nodes {
            if let Some(block) = (*first..first + (1 << level)).find(|block| self.contains(*block)) {
                return Err(MergeError::Overlap { block });
            }
        }
        for (first, (level, moments)) in &other.nodes {
            self.put(*first, *level, moments.clone());
        }
        Ok(())
    }

    /// Adds a node that overlaps with none: siblings merge, the left one first.
    fn put(&mut self, mut first: u64, mut level: u32, mut moments: Moments<V, S>) {
        loop {
            let sibling = first ^ (1 << level);
            match self.nodes.get(&sibling) {
                Some((l, _)) if *l == level => {}
                _ => break,
            }
            let Some((_, mut left)) = self.nodes.remove(&sibling) else { break };
            if sibling < first {
                left.merge(&moments);
                moments = left;
            } else {
                moments.merge(&left);
            }
            first &= !(1 << level);
            level += 1;
        }
        self.nodes.insert(first, (level, moments));
    }

    /// The moments of all, from the first block to the last: the order in which blocks were added does not change a bit
    /// of them.
    fn total(&self) -> Option<Moments<V, S>> {
        self.nodes.values().map(|(_, moments)| moments.clone()).reduce(|mut sum, next| {
            sum.merge(&next);
            sum
        })
    }
}

/// An estimate that is ready to run its blocks: made by [`Estimator::prepared`].
#[derive(Clone, Debug)]
pub struct Prepared<M> {
    estimator: Estimator<M>,
    samples: u64,
    seeds: Seeds,
}

impl<M: Sampler> Prepared<M> {
    /// Some blocks, by their numbers; those beyond the last are left out.
    ///
    /// # Errors
    /// Those of [`Estimator::run`].
    pub fn part(&self, blocks: Range<u64>) -> Result<PartialOf<M>, EstimateError<M::Error>> {
        let block = self.estimator.sampler.block();
        let mut part = Partial {
            seed: self.seeds.seed,
            samples: self.samples,
            block,
            parameters: self.estimator.fingerprint(),
            nodes: BTreeMap::new(),
        };
        for number in blocks.start..blocks.end.min(self.samples.div_ceil(block)) {
            part.put(number, 0, self.estimator.numbered_block(number, self.samples, self.seeds)?);
        }
        Ok(part)
    }
}

/// The moments that a sampler's parts have.
pub type PartialOf<M> = Partial<<M as Sampler>::Values, <M as Sampler>::Number>;

impl<M: Sampler> Estimator<M> {
    /// The number of blocks of the whole estimate.
    pub fn blocks(&self) -> u64 {
        self.whole_samples().div_ceil(self.sampler.block())
    }

    /// Some blocks of the estimate with this seed, by their numbers: to be merged with the others, which may be run
    /// elsewhere. For one block after another, [`Estimator::prepared`] learns only once.
    ///
    /// # Errors
    /// Those of [`Estimator::run`].
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// let e = estimate::pathwise([2.0], |[x], chance| x * chance.normal()).samples(10_000);
    /// let mut first = e.part(7, 0..3).unwrap();
    /// let rest = e.part(7, 3..e.blocks()).unwrap();
    /// first.merge(&rest).unwrap();
    /// assert_eq!(first.missing().count(), 0);
    /// assert_eq!(e.of_parts(&first).unwrap(), e.run_seed(7).unwrap());
    /// ```
    pub fn part(&self, seed: u64, blocks: Range<u64>) -> Result<PartialOf<M>, EstimateError<M::Error>>
    where
        M: Clone,
    {
        self.prepared(seed)?.part(blocks)
    }

    /// The estimate with this seed, ready to run its blocks: what it learns from samples beside those of the estimate is
    /// learned.
    ///
    /// # Errors
    /// Those of [`Estimator::run`].
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// let coins = program!(|[p]: [S; 1], chance| -> S { S::from((0..9).filter(|_| chance.bernoulli(p)).count() as f64) });
    /// let e = estimate::martingale([0.4], coins).samples(4096);
    /// let ready = e.prepared(7).unwrap();
    /// let mut sum = ready.part(0..0).unwrap();
    /// for block in (0..e.blocks()).rev() {
    ///     sum.merge(&ready.part(block..block + 1).unwrap()).unwrap();
    /// }
    /// assert_eq!(e.of_parts(&sum).unwrap(), e.run_seed(7).unwrap());
    /// ```
    pub fn prepared(&self, seed: u64) -> Result<Prepared<M>, EstimateError<M::Error>>
    where
        M: Clone,
    {
        let mut estimator = self.clone();
        let (samples, seeds) = estimator.begin(seed)?;
        Ok(Prepared { estimator, samples, seeds })
    }

    /// The estimate from parts that have been merged: bit for bit that of [`Estimator::run_seed`] if all blocks are
    /// there, and one of fewer samples if not.
    ///
    /// # Errors
    /// If there are fewer than two observations, or the mean or variance overflows.
    pub fn of_parts(&self, parts: &PartialOf<M>) -> Result<M::Estimate, EstimateError<M::Error>> {
        match parts.total() {
            Some(moments) if moments.count() < 2 => {
                Err(EstimateError::TooFewSamples { samples: moments.count() * self.sampler.batch() })
            }
            Some(moments) if moments.all_finite() => Ok(self.sampler.estimate(&moments)),
            Some(_) => Err(EstimateError::Overflow),
            None => Err(EstimateError::TooFewSamples { samples: 0 }),
        }
    }

    /// A hash of the parameters.
    fn fingerprint(&self) -> u64 {
        self.sampler.parameters().iter().fold(0, |hash, x| mix(hash ^ x.to_bits()))
    }
}

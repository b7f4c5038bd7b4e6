//! Blocks of samples, whoever makes them. What is here is compiled once for each kind of numbers, not for each program.

use super::components::{Component, Components};
use super::error::EstimateError;
use super::moments::{Block, Moments, Stack};
#[cfg(feature = "alloc")]
use crate::distr::Kept;
use crate::program::Values;
use core::ops::Range;

/// What makes the samples of a block.
pub(super) trait Samples<V: Values, S: Components, E> {
    /// Begins again with the first sample of the block.
    fn restart(&mut self);

    /// Adds samples, which come after those before, to the sums of a block.
    fn add(&mut self, to: Block<V, S>, samples: Range<u64>) -> Result<Block<V, S>, EstimateError<E>>;

    /// Where the handle of the block keeps tables of laws, if it does.
    #[cfg(feature = "alloc")]
    fn laws(&mut self) -> Option<&mut Kept>;

    /// What a component of number k of a sample is: of which result, and where in it.
    fn locate(&self, k: usize, component: Component) -> (usize, Component);
}

/// Blocks of samples by their numbers, of which the last may be short.
#[derive(Clone, Copy, Debug)]
pub(super) struct Blocks {
    pub samples: u64,
    /// The number of samples of a block.
    pub size: u64,
    /// The number of samples that are made together.
    pub batch: u64,
    pub seed: u64,
}

impl Blocks {
    /// How many there are.
    pub fn count(self) -> u64 {
        self.samples.div_ceil(self.size)
    }

    /// The samples of one.
    pub fn range(self, block: u64) -> Range<u64> {
        block * self.size..self.samples.min((block + 1).saturating_mul(self.size))
    }

    /// The moments of one. Its sums are of differences to its first sample, which is run twice: so it shows whether it
    /// can be.
    #[inline(never)]
    pub fn moments<V: Values, S: Components, E>(
        self,
        block: u64,
        from: &mut dyn Samples<V, S, E>,
    ) -> Result<Moments<V, S>, EstimateError<E>> {
        let samples = self.range(block);
        let first = samples.start;
        let shift = self.sample(first, from)?;
        self.finite(&shift, first, from)?;
        if samples.end - first == self.batch {
            return Ok(Moments::one(shift));
        }

        from.restart();
        let one = from.add(Block::new(shift), first..first + self.batch)?;
        if !one.is_still() {
            return Err(EstimateError::NotRepeated { sample: first });
        }
        let moments = from.add(one, first + self.batch..samples.end)?.moments();
        if moments.all_finite() {
            return Ok(moments);
        }
        // which of them is it?
        from.restart();
        for sample in samples.step_by(self.batch as usize) {
            let x = self.sample(sample, from)?;
            self.finite(&x, sample, from)?;
        }
        Err(EstimateError::Overflow)
    }

    /// The next sample, as a sum of one.
    pub fn sample<V: Values, S: Components, E>(
        self,
        sample: u64,
        from: &mut dyn Samples<V, S, E>,
    ) -> Result<V::Of<S>, EstimateError<E>> {
        let nothing = Block::new(V::from_fn(0, |_| S::from(0.0)));
        Ok(from.add(nothing, sample..sample + self.batch)?.into_sum())
    }

    fn finite<V: Values, S: Components, E>(
        self,
        x: &V::Of<S>,
        sample: u64,
        from: &dyn Samples<V, S, E>,
    ) -> Result<(), EstimateError<E>> {
        let numbers: &[S] = V::slice(x);
        match numbers.iter().position(|x| !x.all_finite()) {
            None => Ok(()),
            Some(k) => {
                let (result, component) = from.locate(k, numbers[k].first_not_finite());
                Err(EstimateError::NotFinite { sample, seed: self.seed, result, component })
            }
        }
    }

    /// The moments of all samples, block after block.
    #[inline(never)]
    pub fn all<V: Values, S: Components, E>(
        self,
        moments: &mut dyn FnMut(u64) -> Result<Moments<V, S>, EstimateError<E>>,
    ) -> Result<Moments<V, S>, EstimateError<E>> {
        let mut sums = Stack::new();
        for block in 0..self.count() {
            sums.push(moments(block)?);
        }
        self.total(&sums)
    }

    /// The same, blocks on all threads of rayon's current pool.
    #[cfg(feature = "rayon")]
    #[inline(never)]
    pub fn par_all<V: Values, S: Components, E: Send>(
        self,
        moments: &(dyn Fn(u64) -> Result<Moments<V, S>, EstimateError<E>> + Sync),
    ) -> Result<Moments<V, S>, EstimateError<E>>
    where
        Moments<V, S>: Send,
    {
        // as many at a time as keep the threads busy
        let at_a_time = 16 * rayon::current_num_threads() as u64;
        let mut sums = Stack::new();
        for first in (0..self.count()).step_by(at_a_time as usize) {
            let wave = first..self.count().min(first + at_a_time);
            for block in super::threads::map(wave, moments) {
                sums.push(block?);
            }
        }
        self.total(&sums)
    }

    /// What the blocks so far make.
    #[inline(never)]
    pub fn total<V: Values, S: Components, E>(self, sums: &Stack<V, S>) -> Result<Moments<V, S>, EstimateError<E>> {
        match sums.total() {
            Some(moments) if moments.all_finite() => Ok(moments),
            Some(_) => Err(EstimateError::Overflow),
            None => Err(EstimateError::TooFewSamples { samples: self.samples }),
        }
    }
}

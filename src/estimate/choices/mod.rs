//! Estimates for programs that make choices: samples by scores, replay and others, on top of `program`.

mod difference;
mod mix;
mod replay;
mod replay_hessian;
mod score;

pub use difference::{FiniteDifference, finite_difference};
pub use mix::{Choice, Mix, mix};
pub use replay::{Replay, Replays, replay};
pub use replay_hessian::{ReplayHessian, replay_hessian};
pub use score::{Baseline, Score, score, score_hessian};

use super::blocks::{self, enough};
use super::error::EstimateError;
use super::fixed::{Order, estimate};
use super::moments::Moments;
use crate::program::{Program, Stream};
use core::ops::Range;
use rand::Rng;

/// How samples are made: [`Score`], [`Replay`] and others. Sealed.
pub trait Method<P: Program<N>, const N: usize>: sealed::Sealed + Clone {
    /// The numbers of the result.
    type Number: Order<N>;

    /// The number of samples that are made together. Their mean is one observation: batches are independent.
    #[doc(hidden)]
    fn batch(&self) -> u64;

    /// Learns from samples that are not part of an estimate of `batches` batches.
    #[doc(hidden)]
    fn learn<R: Rng + ?Sized>(
        &mut self,
        program: &P,
        theta: [f64; N],
        batches: u64,
        rng: &mut R,
    ) -> Result<(), EstimateError<P::Error>> {
        let _ = (program, theta, batches, rng);
        Ok(())
    }

    /// The mean of a batch, the first sample of which has the number `first`.
    #[doc(hidden)]
    fn mean<R: Rng + ?Sized>(
        &mut self,
        program: &P,
        theta: [f64; N],
        first: u64,
        rng: &mut R,
    ) -> Result<Self::Number, EstimateError<P::Error>>;
}

mod sealed {
    pub trait Sealed {}
}

/// An estimate for a program with choices about to be run: made by [`score`], [`replay`] and the others.
#[must_use = "nothing is estimated until it is run"]
#[derive(Clone)]
pub struct ByChoices<M, P, const N: usize> {
    theta: [f64; N],
    program: P,
    samples: u64,
    method: M,
}

impl<M: Method<P, N>, P: Program<N>, const N: usize> ByChoices<M, P, N> {
    fn new(theta: [f64; N], program: P, method: M) -> Self {
        ByChoices { theta, program, samples: super::DEFAULT_SAMPLES, method }
    }

    /// The number of samples, [`DEFAULT_SAMPLES`](super::DEFAULT_SAMPLES) otherwise; rounded up to whole batches.
    pub fn samples(self, samples: u64) -> Self {
        ByChoices { samples, ..self }
    }

    /// The estimate, with seeds from `rng`.
    ///
    /// # Errors
    /// If there are fewer than two batches of samples, if the program returns an error or a number that is not finite, if a
    /// choice has invalid parameters, if the mean or variance overflows, or what the method adds. The error names the sample.
    ///
    /// ```
    /// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
    /// use reparam::{estimate::{self, EstimateError}, prelude::*, program::ChoiceError};
    /// let f = program!(|[p]: [S; 1], choose| -> S { S::from(if choose.bernoulli(p) { 1.0 } else { 0.0 }) });
    /// let e = estimate::replay([1.2], f).run(&mut Xoshiro256PlusPlus::seed_from_u64(1));
    /// assert_eq!(e, Err(EstimateError::Choice { sample: 0, choice: 0, error: ChoiceError::Probability }));
    /// ```
    pub fn run<R: Rng + ?Sized>(
        mut self,
        rng: &mut R,
    ) -> Result<<M::Number as Order<N>>::Estimate, EstimateError<P::Error>> {
        let samples = self.whole()?;
        self.method.learn(&self.program, self.theta, samples / self.method.batch(), rng)?;
        estimate(&moments(&mut self.method, &self.program, self.theta, rng, 0..samples)?, self.method.batch())
    }

    /// The estimate, with seeds from `streams(k)` for the k-th [`BLOCK`](super::BLOCK) of samples, in this thread: the bits are
    /// those of `par_run`. Methods that learn from
    /// samples go on learning within a block.
    ///
    /// # Errors
    /// Those of [`ByChoices::run`].
    pub fn run_streams<R: Rng>(
        mut self,
        streams: impl Fn(u64) -> R,
    ) -> Result<<M::Number as Order<N>>::Estimate, EstimateError<P::Error>> {
        let samples = self.whole()?;
        self.learn_aside(samples, &streams)?;
        let block = |k, range| moments(&mut self.method.clone(), &self.program, self.theta, &mut streams(k), range);
        estimate(&blocks::serial(samples, block, |total, part| total.merge(&part))?, self.method.batch())
    }

    /// The estimate, with seeds from `streams(k)` for the k-th [`BLOCK`](super::BLOCK) of samples, on the threads of rayon's
    /// current pool: the same, bit for bit, for any number of threads.
    ///
    /// # Errors
    /// Those of [`ByChoices::run`].
    #[cfg(feature = "rayon")]
    pub fn par_run<R: Rng>(
        mut self,
        streams: impl Fn(u64) -> R + Sync,
    ) -> Result<<M::Number as Order<N>>::Estimate, EstimateError<P::Error>>
    where
        M: Sync,
        P: Sync,
        P::Error: Send,
        M::Number: Send,
    {
        let samples = self.whole()?;
        self.learn_aside(samples, &streams)?;
        let (method, program, theta) = (&self.method, &self.program, self.theta);
        let block = |k, range| moments(&mut method.clone(), program, theta, &mut streams(k), range);
        estimate(&blocks::parallel(samples, block, |total, part| total.merge(&part))?, method.batch())
    }

    /// What a method learns before the first block, from a stream that no block has.
    fn learn_aside<R: Rng>(&mut self, samples: u64, streams: impl Fn(u64) -> R) -> Result<(), EstimateError<P::Error>> {
        let batches = samples / self.method.batch();
        self.method.learn(&self.program, self.theta, batches, &mut streams(u64::MAX))
    }

    /// The number of samples in whole batches, if there are two.
    fn whole(&self) -> Result<u64, EstimateError<P::Error>> {
        let batch = self.method.batch();
        let batches = self.samples.div_ceil(batch);
        enough::<P::Error>(batches).map_err(|_| EstimateError::TooFewSamples { samples: self.samples })?;
        Ok(batches * batch)
    }
}

/// The moments of the batches' means in a range of samples.
fn moments<M: Method<P, N>, P: Program<N>, R: Rng + ?Sized, const N: usize>(
    method: &mut M,
    program: &P,
    theta: [f64; N],
    rng: &mut R,
    samples: Range<u64>,
) -> Result<Moments<M::Number>, EstimateError<P::Error>> {
    let mut moments = Moments::new();
    for first in samples.step_by(method.batch() as usize) {
        moments.push(method.mean(program, theta, first, rng)?);
    }
    Ok(moments)
}

/// An error if a sample is not finite.
fn finite<S: Order<N>, E, const N: usize>(x: S, sample: u64) -> Result<S, EstimateError<E>> {
    if x.all_finite() { Ok(x) } else { Err(EstimateError::NotFinite { sample, component: x.first_not_finite() }) }
}

/// The random numbers of the estimator in the sample of a seed: they are none of the program's.
fn aside(seed: u64) -> Stream {
    // any constant: it only must not be that of the program's own places
    Stream::new(seed ^ 0x51de_51de_51de_51de)
}

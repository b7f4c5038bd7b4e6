//! An estimate about to be run: blocks of samples, in one thread or many, with the same bits.

use super::blocks::{Blocks, Samples};
use super::components::{Component, Components};
use super::error::EstimateError;
use super::moments::{Block, Moments, STRIDE, Stack};
#[cfg(feature = "alloc")]
use super::tables;
use crate::distr::{Kept, Lent};
use crate::noise::{GOLDEN, mix};
use crate::program::{MOST_CHOICES, Values};
use core::ops::Range;
use rand::Rng;

/// The number of samples of a block: each starts with random numbers of its own.
pub const BLOCK: u64 = 1024;

/// The number of samples where [`Estimator::samples`] does not say another.
pub const DEFAULT_SAMPLES: u64 = 10_000;

/// How samples are made. Sealed: the functions of this module make them.
pub trait Sampler: sealed::Sealed {
    /// How many numbers a sample has.
    type Values: Values;
    /// The numbers of a sample.
    type Number: Components;
    /// The program's own error.
    type Error;
    /// What is estimated.
    type Estimate;
    /// What a block of samples keeps.
    #[doc(hidden)]
    type State;

    /// The parameters.
    #[doc(hidden)]
    fn parameters(&self) -> &[f64];

    /// Refuses settings.
    #[doc(hidden)]
    fn check(&self) -> Result<(), EstimateError<Self::Error>> {
        Ok(())
    }

    /// The number of samples that are made together: their mean is one observation, and batches are independent.
    #[doc(hidden)]
    fn batch(&self) -> u64 {
        1
    }

    /// The number of samples of a block.
    #[doc(hidden)]
    fn block(&self) -> u64 {
        BLOCK
    }

    /// Learns from samples that are not part of an estimate of `batches` batches.
    #[doc(hidden)]
    fn learn(&mut self, batches: u64, seeds: Seeds) -> Result<(), EstimateError<Self::Error>> {
        let _ = (batches, seeds);
        Ok(())
    }

    /// The highest order of derivatives that runs carry, where their handle draws laws by tables; otherwise 0.
    #[doc(hidden)]
    const ORDER: usize = 0;

    /// Where the handle of a block keeps tables of laws, if it does.
    #[doc(hidden)]
    fn laws(state: &mut Self::State) -> Option<&mut Kept> {
        let _ = state;
        None
    }

    /// What the block that begins with this sample starts with.
    #[doc(hidden)]
    fn start(&self, first: u64, seeds: Seeds) -> Self::State;

    /// The mean of a batch that begins with this sample.
    #[doc(hidden)]
    fn batch_mean(
        &self,
        state: &mut Self::State,
        first: u64,
        seeds: Seeds,
    ) -> Result<<Self::Values as Values>::Of<Self::Number>, EstimateError<Self::Error>>;

    /// Adds such a mean to the sums of a block.
    #[doc(hidden)]
    #[inline(always)]
    fn add(
        &self,
        state: &mut Self::State,
        first: u64,
        seeds: Seeds,
        block: &mut Block<Self::Values, Self::Number>,
    ) -> Result<(), EstimateError<Self::Error>> {
        block.push_checked(&self.batch_mean(state, first, seeds)?, first)
    }

    /// What a component of number k of a sample is: of which result, and where in it.
    #[doc(hidden)]
    fn locate(&self, k: usize, component: Component) -> (usize, Component) {
        (k, component)
    }

    #[doc(hidden)]
    fn estimate(&self, moments: &Moments<Self::Values, Self::Number>) -> Self::Estimate;
}

pub(super) mod sealed {
    pub trait Sealed {}
}

/// The random numbers of a run: seeds of its samples and blocks, from one seed.
#[derive(Clone, Copy, Debug)]
pub struct Seeds {
    /// The seed of the run.
    pub(super) seed: u64,
    base: u64,
    /// The number of choices that a run may make.
    pub(super) limit: u64,
}

impl Seeds {
    pub(super) fn new(seed: u64) -> Self {
        Seeds { seed, base: mix(seed.wrapping_add(GOLDEN)), limit: MOST_CHOICES }
    }

    /// The seed of a sample: no two of a run share one.
    #[inline(always)]
    pub(super) fn of(self, sample: u64) -> u64 {
        mix(self.base.wrapping_add(sample.wrapping_mul(GOLDEN)))
    }

    /// Those of something beside the samples.
    pub(super) fn aside(self) -> Self {
        Seeds { base: mix(self.base ^ 0x51de_51de_51de_51de), ..self }
    }
}

/// What runs are made of: random numbers, and tables of laws.
#[derive(Clone, Copy, Debug)]
pub struct Runs<'p> {
    pub(super) seeds: Seeds,
    pub(super) laws: Lent<'p>,
}

impl From<Seeds> for Runs<'_> {
    /// Without tables.
    #[inline(always)]
    fn from(seeds: Seeds) -> Self {
        Runs { seeds, laws: Lent::default() }
    }
}

type Sample<M> = <<M as Sampler>::Values as Values>::Of<<M as Sampler>::Number>;
type Error<M> = EstimateError<<M as Sampler>::Error>;
type Sums<M> = Moments<<M as Sampler>::Values, <M as Sampler>::Number>;

/// An estimate about to be run: made by [`pathwise`](super::pathwise), [`mix`](super::mix) and the others.
#[must_use = "nothing is estimated until it is run"]
#[derive(Clone, Debug)]
pub struct Estimator<M> {
    pub(super) sampler: M,
    samples: u64,
    /// The number of choices that a run may make.
    choices: u64,
    /// Tables of the laws that a pilot drew often.
    laws: Kept,
}

impl<M> Estimator<M> {
    fn of(sampler: M) -> Self {
        Estimator { sampler, samples: DEFAULT_SAMPLES, choices: MOST_CHOICES, laws: Kept::default() }
    }

    /// The same with another way to make samples.
    pub(super) fn map<N>(self, f: impl FnOnce(M) -> N) -> Estimator<N> {
        Estimator { samples: self.samples, choices: self.choices, ..Estimator::of(f(self.sampler)) }
    }

    /// An estimate of something else from the same samples, of which is known what this one has learned.
    pub(super) fn beside<N>(&self, sampler: N) -> Estimator<N> {
        Estimator { sampler, samples: self.samples, choices: self.choices, laws: self.laws.clone() }
    }
}

impl<M: Sampler> Estimator<M> {
    pub(super) fn new(sampler: M) -> Self {
        Estimator::of(sampler)
    }

    /// The number of samples, [`DEFAULT_SAMPLES`] otherwise; rounded up to whole batches.
    pub fn samples(self, samples: u64) -> Self {
        Estimator { samples, ..self }
    }

    /// The number of choices that a run may make, [`MOST_CHOICES`] otherwise: a loop that does not end becomes an error
    /// with sample and seed.
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// let forever = program!(|[p]: [S; 1], chance| -> S {
    ///     while chance.bernoulli(p) {}
    ///     S::from(0.0)
    /// });
    /// let e = estimate::score([1.0], forever).choices(10_000).run_seed(1).unwrap_err();
    /// assert!(e.to_string().contains("more than 10000 choices"));
    /// ```
    pub fn choices(self, most: u64) -> Self {
        Estimator { choices: most, ..self }
    }

    /// The estimate. One number of `rng` is the seed of all samples: two runs in a row have different random numbers.
    ///
    /// # Errors
    /// If there are fewer than two samples (or batches of them), if a parameter is not finite, if the program returns
    /// an error or a number that is not finite, if a choice has invalid parameters, if the mean or variance overflows,
    /// or what the method adds. The error names sample and seed.
    ///
    /// ```
    /// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
    /// use reparam::{estimate::{self, EstimateError}, prelude::*};
    /// let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    /// let f = |[mean, std_dev]: [Jet<f64, 2>; 2], rng: &mut _| Normal::new(mean, std_dev).map(|law| law.sample(rng));
    /// assert_eq!(estimate::pathwise([0.0, 1.0], f).run(&mut rng).map(|e| e.gradient[0]), Ok(1.0));
    /// let e = estimate::pathwise([0.0, -1.0], f).run(&mut rng);
    /// assert!(matches!(e, Err(EstimateError::Program { sample: 0, error, .. }) if error.parameter() == "std_dev"));
    /// ```
    pub fn run<R: Rng + ?Sized>(self, rng: &mut R) -> Result<M::Estimate, Error<M>> {
        self.run_seed(rng.next_u64())
    }

    /// The estimate with this seed: the bits are those of [`Estimator::par_run_seed`].
    ///
    /// # Errors
    /// Those of [`Estimator::run`].
    pub fn run_seed(mut self, seed: u64) -> Result<M::Estimate, Error<M>> {
        let (samples, seeds) = self.begin(seed)?;
        Ok(self.sampler.estimate(&self.moments(samples, seeds)?))
    }

    /// The estimate on the threads of rayon's current pool: the same, bit for bit, for any number of threads and as
    /// [`Estimator::run`].
    ///
    /// # Errors
    /// Those of [`Estimator::run`]: the first by number of sample, whichever thread comes first.
    ///
    /// ```
    /// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
    /// use reparam::{estimate, prelude::*};
    /// let [one, other] = [1, 1].map(Xoshiro256PlusPlus::seed_from_u64);
    /// let e = estimate::pathwise([2.0], |[x], chance| x * chance.normal()).samples(100_000);
    /// assert_eq!(e.clone().par_run(&mut { one }), e.run(&mut { other }));
    /// ```
    #[cfg(feature = "rayon")]
    pub fn par_run<R: Rng + ?Sized>(self, rng: &mut R) -> Result<M::Estimate, Error<M>>
    where
        M: Sync,
        M::Error: Send,
        Sums<M>: Send,
    {
        self.par_run_seed(rng.next_u64())
    }

    /// [`Estimator::par_run`] with this seed.
    ///
    /// # Errors
    /// Those of [`Estimator::run`].
    #[cfg(feature = "rayon")]
    pub fn par_run_seed(mut self, seed: u64) -> Result<M::Estimate, Error<M>>
    where
        M: Sync,
        M::Error: Send,
        Sums<M>: Send,
    {
        let (samples, seeds) = self.begin(seed)?;
        Ok(self.sampler.estimate(&self.par_moments(samples, seeds)?))
    }

    /// The moments of all samples, blocks on all threads.
    #[cfg(feature = "rayon")]
    pub(super) fn par_moments(&self, samples: u64, seeds: Seeds) -> Result<Sums<M>, Error<M>>
    where
        M: Sync,
        M::Error: Send,
        Sums<M>: Send,
    {
        let blocks = self.in_blocks(samples, seeds);
        blocks.par_all(&|block| self.block(blocks, block, seeds))
    }

    /// The estimate as far as `go_on` lets it go: it is called with the estimate after every block of [`BLOCK`]
    /// samples, and [`Estimator::samples`] is the most that is made. For a precision, a time limit, a progress bar, a
    /// cancellation.
    ///
    /// Stopping when a standard error is small is biased by less than that standard error; look at it after thousands
    /// of samples, not tens.
    ///
    /// # Errors
    /// Those of [`Estimator::run`], with the estimate from the blocks before.
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// let e = estimate::pathwise([2.0], |[x], chance| x * chance.normal() + x).samples(1 << 30);
    /// let e = e.run_while(7, |e| e.gradient_se[0] > 0.01 * e.gradient[0].abs()).unwrap();
    /// assert!(e.samples < 20_000 && e.gradient_se[0] <= 0.01 * e.gradient[0]);
    /// ```
    pub fn run_while(
        mut self,
        seed: u64,
        mut go_on: impl FnMut(&M::Estimate) -> bool,
    ) -> Result<M::Estimate, Stopped<M::Estimate, M::Error>> {
        let (samples, seeds) = self.begin(seed).map_err(|error| Stopped { so_far: None, error })?;
        let blocks = self.in_blocks(samples, seeds);
        let mut sums = Stack::new();
        let mut so_far = None;
        for block in 0..blocks.count() {
            let moments = self.block(blocks, block, seeds).and_then(|moments| {
                sums.push(moments);
                blocks.total(&sums)
            });
            let e = match moments {
                Ok(moments) => self.sampler.estimate(&moments),
                Err(error) => return Err(Stopped { so_far, error }),
            };
            let more = go_on(&e);
            so_far = Some(e);
            if !more {
                break;
            }
        }
        so_far.ok_or(Stopped { so_far: None, error: EstimateError::TooFewSamples { samples: 0 } })
    }

    /// One sample again, by its number and the seed that an error names: what it returned, or why it did not.
    ///
    /// # Errors
    /// The one of that sample.
    ///
    /// ```
    /// use reparam::{estimate::{self, EstimateError}, prelude::*};
    /// let f = |[x]: [Jet<f64, 1>; 1], chance: &mut program::Plain<_, _>| {
    ///     x / if chance.uniform() < 1e-3 { 0.0 } else { 1.0 }
    /// };
    /// let e = estimate::pathwise([1.0], f).run_seed(1);
    /// let Err(EstimateError::NotFinite { sample, seed, .. }) = e else { panic!("all finite") };
    /// assert_eq!(estimate::pathwise([1.0], f).rerun(seed, sample).unwrap().re, f64::INFINITY);
    /// ```
    pub fn rerun(mut self, seed: u64, sample: u64) -> Result<Sample<M>, Error<M>> {
        let (samples, seeds) = self.begin(seed)?;
        if sample >= samples {
            return Err(EstimateError::Setting {
                name: "the sample",
                range: "one of the estimate",
                value: sample as f64,
            });
        }
        let blocks = self.in_blocks(samples, seeds);
        let first = sample / blocks.size * blocks.size;
        let mut running = self.running(first, seeds);
        for before in (first..sample / blocks.batch * blocks.batch).step_by(blocks.batch as usize) {
            blocks.sample(before, &mut running)?;
        }
        blocks.sample(sample / blocks.batch * blocks.batch, &mut running)
    }

    /// Checks, learns, and gives the number of samples in whole batches.
    pub(super) fn begin(&mut self, seed: u64) -> Result<(u64, Seeds), Error<M>> {
        finite_parameters(self.sampler.parameters())?;
        self.sampler.check()?;
        let (samples, batch) = (self.whole_samples(), self.sampler.batch());
        if samples < 2 * batch {
            return Err(EstimateError::TooFewSamples { samples: self.samples });
        }
        let seeds = Seeds { limit: self.choices, ..Seeds::new(seed) };
        self.sampler.learn(samples / batch, seeds.aside())?;
        #[cfg(feature = "alloc")]
        {
            let (blocks, aside) = (self.in_blocks(samples, seeds), seeds.aside());
            self.laws = tables::learn(blocks, M::ORDER, &mut self.running(0, aside)).unwrap_or_default();
        }
        Ok((samples, seeds))
    }

    /// The number of samples in whole batches.
    pub(super) fn whole_samples(&self) -> u64 {
        let batch = self.sampler.batch();
        self.samples.div_ceil(batch).saturating_mul(batch)
    }

    fn in_blocks(&self, samples: u64, seeds: Seeds) -> Blocks {
        Blocks { samples, size: self.sampler.block(), batch: self.sampler.batch(), seed: seeds.seed }
    }

    /// What the block that begins with this sample starts with.
    fn start(&self, first: u64, seeds: Seeds) -> M::State {
        let mut state = self.sampler.start(first, seeds);
        if let Some(laws) = M::laws(&mut state) {
            laws.clone_from(&self.laws);
        }
        state
    }

    /// The moments of the block of this number.
    #[cfg(feature = "alloc")]
    pub(super) fn numbered_block(&self, block: u64, samples: u64, seeds: Seeds) -> Result<Sums<M>, Error<M>> {
        self.block(self.in_blocks(samples, seeds), block, seeds)
    }

    fn block(&self, blocks: Blocks, block: u64, seeds: Seeds) -> Result<Sums<M>, Error<M>> {
        blocks.moments(block, &mut self.running(blocks.range(block).start, seeds))
    }

    /// The samples of the block that begins with this one.
    fn running(&self, first: u64, seeds: Seeds) -> Running<'_, M> {
        Running { estimator: self, first, seeds, state: None }
    }

    /// The moments of all samples, block after block.
    pub(super) fn moments(&self, samples: u64, seeds: Seeds) -> Result<Sums<M>, Error<M>> {
        let blocks = self.in_blocks(samples, seeds);
        blocks.all(&mut |block| self.block(blocks, block, seeds))
    }
}

/// The samples of a block, one after another.
struct Running<'a, M: Sampler> {
    estimator: &'a Estimator<M>,
    first: u64,
    seeds: Seeds,
    /// None before the first sample.
    state: Option<M::State>,
}

impl<M: Sampler> Samples<M::Values, M::Number, M::Error> for Running<'_, M> {
    fn restart(&mut self) {
        self.state = None;
    }

    /// The loop itself, the only place that calls a program: so that is inlined here, once. What it adds up are locals.
    #[inline(never)]
    fn add(
        &mut self,
        mut block: Block<M::Values, M::Number>,
        samples: Range<u64>,
    ) -> Result<Block<M::Values, M::Number>, Error<M>> {
        let (sampler, seeds) = (&self.estimator.sampler, self.seeds);
        let mut state = self.state.take().unwrap_or_else(|| self.estimator.start(self.first, seeds));
        let batch = sampler.batch();
        let mut sample = samples.start;
        while sample < samples.end {
            let mark = samples.end.min(sample.saturating_add(STRIDE * batch));
            while sample < mark {
                sampler.add(&mut state, sample, seeds, &mut block)?;
                sample += batch;
            }
            block.mark();
        }
        self.state = Some(state);
        Ok(block)
    }

    #[cfg(feature = "alloc")]
    fn laws(&mut self) -> Option<&mut Kept> {
        if self.state.is_none() {
            self.state = Some(self.estimator.start(self.first, self.seeds));
        }
        self.state.as_mut().and_then(M::laws)
    }

    fn locate(&self, k: usize, component: Component) -> (usize, Component) {
        self.estimator.sampler.locate(k, component)
    }
}

/// What stopped an estimate, and what there was of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stopped<T, E> {
    /// The estimate from the blocks before, if there were any.
    pub so_far: Option<T>,
    /// What stopped it.
    pub error: EstimateError<E>,
}

impl<T, E: core::fmt::Display> core::fmt::Display for Stopped<T, E> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.error.fmt(f)
    }
}

impl<T: core::fmt::Debug, E: core::fmt::Display + core::fmt::Debug> core::error::Error for Stopped<T, E> {}

/// Refuses parameters that are not finite.
#[inline(never)]
pub(super) fn finite_parameters<E>(theta: &[f64]) -> Result<(), EstimateError<E>> {
    match theta.iter().position(|t| !t.is_finite()) {
        Some(parameter) => Err(EstimateError::Parameter { parameter, value: theta[parameter] }),
        None => Ok(()),
    }
}

//! Coupled replay: one choice of a run made otherwise, on the same random numbers.

use super::sealed::Sealed;
use super::{ByChoices, Method, aside, finite};
use crate::estimate::error::EstimateError;
#[cfg(feature = "alloc")]
use crate::program::Listing;
use crate::program::{Candidate, Handle, MAX_KEPT, Program, Reservoir, RunError, Weights};
use crate::scalar::Jet;
use rand::Rng;

/// The value and gradient of a program with choices by coupled replay.
///
/// A run in jets gives the pathwise derivative at fixed choices. Of all its choices and their alternatives, with the weights
/// w of [`ChoiceLaw`](crate::program::ChoiceLaw), one is kept with probability |w| / W, W = Σ |w|, and the program runs again
/// in `f64`, on the same random numbers, with that choice forced to the alternative: ∂f + W w/|w| (f_alternative - f) is an unbiased
/// sample of the gradient in all parameters.
///
/// * Needs: a program that can run again; memory for one alternative.
/// * Bias: none, empty cells included.
/// * Variance: of the order of W times the effect of one changed choice. Small where runs stay close after it, large where one
///   choice changes everything that follows, or where many parameters have a choice each (see [`ByChoices::exhaustive`]).
/// * Cost: two runs, one of them in jets: 2 to 2.8 of the runs that give the value only, with one parameter.
/// * When: a changed choice changes little of what follows; cells that are empty; long programs with few parameters.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::{estimate, prelude::*};
/// // a binomial number of trials: E = 10 p²
/// let f = program!(|[p]: [S; 1], choose| -> S {
///     let trials = choose.binomial(10, p);
///     S::from(choose.binomial(trials, p) as f64)
/// });
/// let e = estimate::replay([0.6], f).samples(100_000).run(&mut Xoshiro256PlusPlus::seed_from_u64(1)).unwrap();
/// assert!((e.gradient[0] - 12.0).abs() < 5.0 * e.gradient_se[0]);
/// ```
///
/// Source: stochastic triples (Arya, Schauer, Schäfer & Rackauckas 2022), with two-sided weights that serve all parameters at
/// once, and replay in place of bookkeeping.
pub fn replay<P: Program<N>, const N: usize>(theta: [f64; N], program: P) -> ByChoices<Replay<N>, P, N> {
    ByChoices::new(theta, program, Replay::new())
}

/// Coupled replay as a method: see [`replay`].
#[derive(Clone)]
pub struct Replay<const N: usize> {
    pub(super) reservoir: Reservoir<N>,
    /// The number of runs in `f64`.
    pub(super) runs: u64,
    roulette: Option<Roulette>,
    #[cfg(feature = "alloc")]
    all: Option<Listing<N>>,
}

/// Replays with probability min(1, W / c), c a multiple of the mean of W in the samples before.
#[derive(Clone, Copy)]
struct Roulette {
    factor: f64,
    samples: u64,
    mean: f64,
}

/// Samples before the first that may go without a replay.
const BEFORE_ROULETTE: u64 = 32;

impl Roulette {
    /// c, and then the next W is counted.
    fn threshold(&mut self, total: f64) -> f64 {
        let c = if self.samples < BEFORE_ROULETTE { 0.0 } else { self.factor * self.mean };
        self.samples += 1;
        self.mean += (total - self.mean) / self.samples as f64;
        c
    }
}

/// The methods that replay: [`Replay`] and [`Mix`](super::Mix). Sealed.
pub trait Replays<const N: usize>: Sealed {
    #[doc(hidden)]
    fn replay(&mut self) -> &mut Replay<N>;
}

impl<const N: usize> Replays<N> for Replay<N> {
    fn replay(&mut self) -> &mut Replay<N> {
        self
    }
}

impl<M: Replays<N>, P, const N: usize> ByChoices<M, P, N> {
    /// Weights shared this way: two-sided otherwise.
    pub fn weights(mut self, weights: Weights) -> Self {
        self.method.replay().reservoir.weights = weights;
        self
    }

    /// This many replays a sample, 1 to 16, with alternatives chosen independently: less variance from the choice for 1 more run
    /// each.
    pub fn replays(mut self, replays: usize) -> Self {
        self.method.replay().reservoir.resize(replays.min(MAX_KEPT));
        self
    }

    /// Skips replays that matter little: with W below `factor` times its mean in the samples before, a replay takes place with
    /// a probability in proportion to W, and counts for more. For programs whose W is mostly 0 or small, as rejection
    /// samplers are. 0 is for never.
    pub fn roulette(mut self, factor: f64) -> Self {
        self.method.replay().roulette = (factor > 0.0).then_some(Roulette { factor, samples: 0, mean: 0.0 });
        self
    }

    /// Geometric choices by a difference of two further runs, with a constant weight: of much less variance, for one more
    /// run.
    ///
    /// ```
    /// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
    /// use reparam::{estimate, prelude::*};
    /// let f = program!(|[p]: [S; 1], choose| -> S { S::from(choose.geometric(p) as f64) });
    /// let e = estimate::replay([0.3], f).three_runs(true).run(&mut Xoshiro256PlusPlus::seed_from_u64(1)).unwrap();
    /// assert!((e.gradient[0] + 1.0 / 0.09).abs() < 1e-12);
    /// ```
    pub fn three_runs(mut self, yes: bool) -> Self {
        self.method.replay().reservoir.three_runs = yes;
        self
    }
}

impl<P, const N: usize> ByChoices<Replay<N>, P, N> {
    /// A replay of every alternative of every choice, for programs with few of them: no variance from choosing among them.
    /// More than `limit` in a run are [`EstimateError::TooManyAlternatives`].
    ///
    /// ```
    /// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
    /// use reparam::{estimate, prelude::*};
    /// let f = program!(|logits: [S; 3], choose| -> S {
    ///     S::from(logits.iter().filter(|l| choose.bernoulli_logit(**l)).count() as f64)
    /// });
    /// let e = estimate::replay([0.0; 3], f).exhaustive(3).run(&mut Xoshiro256PlusPlus::seed_from_u64(1)).unwrap();
    /// assert_eq!((e.gradient, e.gradient_se), ([0.25; 3], [0.0; 3]));
    /// ```
    #[cfg(feature = "alloc")]
    pub fn exhaustive(mut self, limit: usize) -> Self {
        self.method.all = Some(Listing::new(limit));
        self
    }
}

impl<const N: usize> Replay<N> {
    pub(super) fn new() -> Self {
        Replay {
            reservoir: Reservoir::new(1),
            runs: 0,
            roulette: None,
            #[cfg(feature = "alloc")]
            all: None,
        }
    }

    /// One sample.
    #[inline(always)]
    fn sample<P: Program<N>>(
        &mut self,
        program: &P,
        theta: [f64; N],
        seed: u64,
    ) -> Result<Jet<f64, N>, RunError<P::Error>> {
        let filling = self.reservoir.fill(aside(seed));
        let (f, filling) = Handle::run(program, Jet::variables(theta), seed, &[], filling)?;
        let total = filling.end();
        self.jumps(program, theta, seed, f, total)
    }

    /// f with the jumps' part of the derivative, by replays of what the reservoir kept of this total.
    #[inline(always)]
    pub(super) fn jumps<P: Program<N>>(
        &mut self,
        program: &P,
        theta: [f64; N],
        seed: u64,
        mut f: Jet<f64, N>,
        total: f64,
    ) -> Result<Jet<f64, N>, RunError<P::Error>> {
        let mut scale = total;
        if let Some(roulette) = &mut self.roulette {
            let c = roulette.threshold(total);
            if total < c {
                if self.reservoir.unit() * c >= total {
                    return Ok(f);
                }
                scale = c;
            }
        }
        if total == 0.0 {
            return Ok(f);
        }
        scale /= self.reservoir.count() as f64;
        let value = f.re;
        for candidate in self.reservoir.kept() {
            let change = change(program, theta, seed, value, candidate)?;
            self.runs += 1 + u64::from(candidate.from.is_some());
            add(&mut f, candidate, scale / candidate.size * change);
        }
        Ok(f)
    }
}

/// f at the candidate's value less f at the value that it jumps from.
#[inline(always)]
fn change<P: Program<N>, const N: usize>(
    program: &P,
    theta: [f64; N],
    seed: u64,
    value: f64,
    candidate: &Candidate<N>,
) -> Result<f64, RunError<P::Error>> {
    let forced = |k| Handle::run(program, theta, seed, &[(candidate.site, k)], ()).map(|(f, _)| f);
    let from = candidate.from.map_or(Ok(value), forced)?;
    Ok(forced(candidate.to)? - from)
}

/// Adds weight times change to the derivatives.
#[inline(always)]
fn add<const N: usize>(f: &mut Jet<f64, N>, candidate: &Candidate<N>, change: f64) {
    for (e, w) in f.eps.iter_mut().zip(candidate.weight) {
        *e += w * change;
    }
}

impl<const N: usize> Sealed for Replay<N> {}

impl<P: Program<N>, const N: usize> Method<P, N> for Replay<N> {
    type Number = Jet<f64, N>;

    fn batch(&self) -> u64 {
        1
    }

    fn mean<R: Rng + ?Sized>(
        &mut self,
        program: &P,
        theta: [f64; N],
        first: u64,
        rng: &mut R,
    ) -> Result<Jet<f64, N>, EstimateError<P::Error>> {
        let seed = rng.next_u64();
        let in_sample = |e| EstimateError::of_run(first, e);
        #[cfg(feature = "alloc")]
        if let Some(all) = &mut self.all {
            all.start(self.reservoir.weights);
            let (mut f, _) = Handle::run(program, Jet::variables(theta), seed, &[], &mut *all).map_err(in_sample)?;
            if all.is_full {
                return Err(EstimateError::TooManyAlternatives { sample: first, limit: all.limit });
            }
            let value = f.re;
            for candidate in &all.candidates {
                let change = change(program, theta, seed, value, candidate).map_err(in_sample)?;
                add(&mut f, candidate, change);
            }
            return finite(f, first);
        }
        finite(self.sample(program, theta, seed).map_err(in_sample)?, first)
    }
}

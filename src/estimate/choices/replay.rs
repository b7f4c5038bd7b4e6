//! Coupled replay: one choice of a run made otherwise, on the same random numbers.

use super::{At, ByChoices, Method, Sampled};
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::{Estimator, Runs, sealed::Sealed};
use crate::estimate::moments::Moments;
use crate::estimate::report::Order;
#[cfg(feature = "alloc")]
use crate::program::Listing;
use crate::program::{
    Candidate, ErrorOf, MAX_KEPT, OfBlind, Program, Reservoir, ResultsOf, Values, ValuesOf, Weights, real_parts,
};
use crate::scalar::Jet;

/// The value and gradient of a program with choices by coupled replay.
///
/// A run in jets gives the pathwise derivative at fixed choices. Of all its choices and their alternatives, with the
/// weights w of [`ChoiceLaw`](crate::program::ChoiceLaw), one is kept with probability |w| / W, W = Σ |w|, and the
/// program runs again in `f64`, on the same random numbers, with that choice forced to the alternative: ∂f + W w/|w|
/// (f_alternative - f) is an unbiased sample of the gradient in all parameters.
///
/// * Needs: a program that can run again; memory for one alternative.
/// * Bias: none, empty cells included.
/// * Variance: of the order of W times the effect of one changed choice. Small where runs stay close after it, large
///   where one choice changes everything that follows, or where many parameters have a choice each (see
///   [`Estimator::exhaustive`]).
/// * Cost: two runs, one of them in jets: 2 to 2.8 of the runs that give the value only, with one parameter.
/// * When: a changed choice changes little of what follows; cells that are empty; long programs with few parameters.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::{estimate, prelude::*};
/// // a binomial number of trials: E = 10 p²
/// let f = program!(|[p]: [S; 1], chance| -> S {
///     let trials = chance.binomial(10, p);
///     S::from(chance.binomial(trials, p) as f64)
/// });
/// let e = estimate::replay([0.6], f).samples(100_000).run(&mut Xoshiro256PlusPlus::seed_from_u64(1)).unwrap();
/// assert!((e.gradient[0] - 12.0).abs() < 5.0 * e.gradient_se[0]);
/// ```
///
/// Source: stochastic triples (Arya, Schauer, Schäfer & Rackauckas 2022), with two-sided weights that serve all
/// parameters at once, and replay in place of bookkeeping.
pub fn replay<P: Program<Theta = [f64; N]>, const N: usize>(
    theta: [f64; N],
    program: P,
) -> Estimator<ByChoices<Replay<N>, P, [f64; N]>> {
    ByChoices::about(theta, program, Replay::new())
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

impl<M: Replays<N>, P, const N: usize> Estimator<ByChoices<M, P, [f64; N]>> {
    /// Weights shared this way: two-sided otherwise.
    pub fn weights(mut self, weights: Weights) -> Self {
        self.sampler.method.replay().reservoir.weights = weights;
        self
    }

    /// This many replays a sample, 1 to 16, with alternatives chosen independently: less variance from the choice for 1
    /// more run each.
    pub fn replays(mut self, replays: usize) -> Self {
        self.sampler.method.replay().reservoir.resize(replays.min(MAX_KEPT));
        self
    }

    /// Skips replays that matter little: with W below `factor` times its mean in the samples before, a replay takes
    /// place with a probability in proportion to W, and counts for more. For programs whose W is mostly 0 or small, as
    /// rejection samplers are. 0 is for never.
    pub fn roulette(mut self, factor: f64) -> Self {
        self.sampler.method.replay().roulette = (factor != 0.0).then_some(Roulette { factor, samples: 0, mean: 0.0 });
        self
    }

    /// Geometric choices by a difference of two further runs, with a constant weight: of much less variance, for one
    /// more run.
    ///
    /// ```
    /// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
    /// use reparam::{estimate, prelude::*};
    /// let f = program!(|[p]: [S; 1], chance| -> S { S::from(chance.geometric(p) as f64) });
    /// let e = estimate::replay([0.3], f).three_runs(true).run(&mut Xoshiro256PlusPlus::seed_from_u64(1)).unwrap();
    /// assert!((e.gradient[0] + 1.0 / 0.09).abs() < 1e-12);
    /// ```
    pub fn three_runs(mut self, yes: bool) -> Self {
        self.sampler.method.replay().reservoir.three_runs = yes;
        self
    }
}

impl<P, const N: usize> Estimator<ByChoices<Replay<N>, P, [f64; N]>> {
    /// A replay of every alternative of every choice, for programs with few of them: no variance from choosing among
    /// them. More than `limit` in a run are [`EstimateError::TooManyAlternatives`].
    ///
    /// ```
    /// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
    /// use reparam::{estimate, prelude::*};
    /// let f = program!(|logits: [S; 3], chance| -> S {
    ///     S::from(logits.iter().filter(|l| chance.bernoulli_logit(**l)).count() as f64)
    /// });
    /// let e = estimate::replay([0.0; 3], f).exhaustive(3).run(&mut Xoshiro256PlusPlus::seed_from_u64(1)).unwrap();
    /// assert_eq!((e.gradient, e.gradient_se), ([0.25; 3], [0.0; 3]));
    /// ```
    #[cfg(feature = "alloc")]
    pub fn exhaustive(mut self, limit: usize) -> Self {
        self.sampler.method.all = Some(Listing::new(limit));
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

    /// The results with the jumps' part of the derivative, by replays of what the reservoir kept of this total.
    #[inline(always)]
    pub(super) fn jumps<P: Program<Theta = [f64; N]>>(
        &mut self,
        program: &P,
        theta: &[f64; N],
        at: At<'_>,
        mut f: ValuesOf<P, Jet<f64, N>>,
        total: f64,
    ) -> Sampled<P, Jet<f64, N>> {
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
        let value = real_parts::<ResultsOf<P>, Jet<f64, N>>(&f);
        for candidate in self.reservoir.kept() {
            self.runs += 1 + u64::from(candidate.from.is_some());
            add_change(program, theta, at, &mut f, &value, candidate, scale / candidate.size)?;
        }
        Ok(f)
    }

    /// The derivatives of a sample with results f through the choices that scores are blind to.
    pub(super) fn missed<P: Program<Theta = [f64; N]>>(
        &mut self,
        program: &P,
        theta: &[f64; N],
        at: At<'_>,
        f: &ValuesOf<P, Jet<f64, N>>,
    ) -> Sampled<P, Jet<f64, N>> {
        let watch = OfBlind(self.reservoir.fill(at.aside()));
        let (_, OfBlind(filling)) = at.run(program, &Jet::variables(*theta), &[], watch)?;
        let total = filling.end();
        let values = ResultsOf::<P>::map(f, |f: &Jet<f64, N>| Jet::constant(f.re));
        let jumps = self.jumps(program, theta, at, values, total)?;
        Ok(ResultsOf::<P>::map(&jumps, |x: &Jet<f64, N>| Jet { re: 0.0, eps: x.eps }))
    }
}

/// Adds `scale` times the candidate's weight times what it changes: the results with it less those that it jumps from.
#[inline(always)]
fn add_change<P: Program<Theta = [f64; N]>, const N: usize>(
    program: &P,
    theta: &[f64; N],
    at: At<'_>,
    f: &mut ValuesOf<P, Jet<f64, N>>,
    value: &ValuesOf<P, f64>,
    candidate: &Candidate<N>,
    scale: f64,
) -> Result<(), EstimateError<ErrorOf<P>>> {
    let forced = |k| at.values(program, theta, &[(candidate.site, k)]);
    let mut change = forced(candidate.to)?;
    let from = match candidate.from {
        Some(k) => &forced(k)?,
        None => value,
    };
    at.both::<ResultsOf<P>, f64, f64, _>(&mut change, from, |to, from| *to = scale * (*to - from))?;
    at.both::<ResultsOf<P>, Jet<f64, N>, f64, _>(f, &change, |f, change| {
        for (e, w) in f.eps.iter_mut().zip(candidate.weight) {
            *e += w * change;
        }
    })
}

impl<const N: usize> Sealed for Replay<N> {}

impl<P: Program<Theta = [f64; N]>, const N: usize> Method<P, [f64; N]> for Replay<N> {
    type Number = Jet<f64, N>;
    type Estimate = <Jet<f64, N> as Order<N>>::Estimate<ResultsOf<P>>;

    fn check(&self) -> Result<(), EstimateError<ErrorOf<P>>> {
        match self.roulette {
            Some(Roulette { factor, .. }) if !factor.is_finite() => {
                Err(EstimateError::Setting { name: "the roulette's factor", range: "finite", value: factor })
            }
            _ => Ok(()),
        }
    }

    #[inline(always)]
    fn mean(&mut self, program: &P, theta: &[f64; N], first: u64, runs: Runs<'_>) -> Sampled<P, Jet<f64, N>> {
        let at = At::new(first, runs);
        let variables = Jet::variables(*theta);
        #[cfg(feature = "alloc")]
        if let Some(all) = &mut self.all {
            all.start(self.reservoir.weights);
            let (mut f, _) = at.run(program, &variables, &[], &mut *all)?;
            if all.is_full {
                return Err(EstimateError::TooManyAlternatives { sample: first, limit: all.limit });
            }
            let value = real_parts::<ResultsOf<P>, Jet<f64, N>>(&f);
            for candidate in &all.candidates {
                add_change(program, theta, at, &mut f, &value, candidate, 1.0)?;
            }
            return Ok(f);
        }
        let filling = self.reservoir.fill(at.aside());
        let (f, filling) = at.run(program, &variables, &[], filling)?;
        let total = filling.end();
        self.jumps(program, theta, at, f, total)
    }

    fn estimate(&self, moments: &Moments<ResultsOf<P>, Jet<f64, N>>) -> Self::Estimate {
        Order::estimate(moments, 1)
    }
}

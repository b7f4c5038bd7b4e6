//! Estimates for programs that make choices: samples by scores, replay and others, on top of `program`.

#[cfg(feature = "alloc")]
mod controlled;
#[cfg(feature = "alloc")]
mod controls;
mod difference;
#[cfg(feature = "alloc")]
mod dynamic;
#[cfg(feature = "alloc")]
mod linear;
#[cfg(feature = "alloc")]
mod martingale;
mod mix;
mod replay;
mod replay_hessian;
mod score;

#[cfg(feature = "alloc")]
pub use controlled::Controlled;
pub use difference::{FiniteDifference, OfValues, Richardson, finite_difference};
#[cfg(feature = "alloc")]
pub use difference::{FiniteDifferenceDyn, finite_difference_dyn, martingale_hessian};
#[cfg(feature = "alloc")]
pub use dynamic::{
    ControlledDyn, ControlledState, MartingaleDyn, MartingaleState, MixDyn, MixState, ReplayDyn, ReplayState, ScoreDyn,
    ScoreState, martingale_dyn, mix_dyn, replay_dyn, score_dyn,
};
#[cfg(feature = "alloc")]
pub use martingale::{Martingale, martingale};
pub use mix::{Choice, Mix, mix};
pub use replay::{Replay, Replays, replay};
pub use replay_hessian::{ReplayHessian, replay_hessian};
pub use score::{Baseline, Score, score, score_hessian};

use super::components::Components;
use super::error::EstimateError;
use super::estimator::{Estimator, Runs, Sampler, Seeds, sealed};
use super::moments::Moments;
use crate::distr::{Kept, Lent};
use crate::program::{Coupled, ErrorOf, Forced, Observer, ParametersOf, Program, ResultsOf, Stream, Values, ValuesOf};
use crate::scalar::Scalar;

/// How samples of a program are made at parameters of the type `T`: [`Score`], [`Replay`] and others. Sealed.
pub trait Method<P: Program, T>: sealed::Sealed + Clone {
    /// The numbers of the result.
    type Number: Components;

    /// What is estimated.
    type Estimate;

    /// The highest order of derivatives that runs carry.
    #[doc(hidden)]
    const ORDER: usize = 1;

    /// Refuses settings.
    #[doc(hidden)]
    fn check(&self) -> Result<(), EstimateError<ErrorOf<P>>> {
        Ok(())
    }

    /// The number of samples that are made together. Their mean is one observation: batches are independent.
    #[doc(hidden)]
    fn batch(&self) -> u64 {
        1
    }

    /// Learns from samples that are not part of an estimate of `batches` batches.
    #[doc(hidden)]
    fn learn(&mut self, program: &P, theta: &T, batches: u64, seeds: Seeds) -> Result<(), EstimateError<ErrorOf<P>>> {
        let _ = (program, theta, batches, seeds);
        Ok(())
    }

    /// The mean of a batch, the first sample of which has the number `first`.
    #[doc(hidden)]
    fn mean(&mut self, program: &P, theta: &T, first: u64, runs: Runs<'_>) -> Sampled<P, Self::Number>;

    #[doc(hidden)]
    fn estimate(&self, moments: &Moments<ResultsOf<P>, Self::Number>) -> Self::Estimate;
}

/// A sample, or why there is none.
pub(super) type Sampled<P, S> = Result<ValuesOf<P, S>, EstimateError<ErrorOf<P>>>;

/// A program with choices at some parameters, and how its samples are made: what [`score`], [`replay`] and the others
/// run.
#[derive(Clone, Debug)]
pub struct ByChoices<M, P, T> {
    theta: T,
    program: P,
    method: M,
}

impl<M: Method<P, T>, P: Program, T: AsRef<[f64]>> ByChoices<M, P, T> {
    fn about(theta: T, program: P, method: M) -> Estimator<Self> {
        Estimator::new(ByChoices { theta, program, method })
    }
}

impl<M, P, T> sealed::Sealed for ByChoices<M, P, T> {}

/// What a block keeps of a method, with tables of the laws that its runs draw often.
#[derive(Debug)]
pub struct MethodState<M> {
    method: M,
    laws: Kept,
}

impl<M: Method<P, T>, P: Program, T: AsRef<[f64]>> Sampler for ByChoices<M, P, T> {
    type Values = ResultsOf<P>;
    type Number = M::Number;
    type Error = ErrorOf<P>;
    type Estimate = M::Estimate;
    type State = MethodState<M>;

    const ORDER: usize = M::ORDER;

    fn laws(state: &mut MethodState<M>) -> Option<&mut Kept> {
        Some(&mut state.laws)
    }

    fn parameters(&self) -> &[f64] {
        self.theta.as_ref()
    }

    fn check(&self) -> Result<(), EstimateError<ErrorOf<P>>> {
        self.method.check()
    }

    fn batch(&self) -> u64 {
        self.method.batch()
    }

    fn learn(&mut self, batches: u64, seeds: Seeds) -> Result<(), EstimateError<ErrorOf<P>>> {
        self.method.learn(&self.program, &self.theta, batches, seeds)
    }

    /// Methods that learn go on learning within a block.
    fn start(&self, _: u64, _: Seeds) -> MethodState<M> {
        MethodState { method: self.method.clone(), laws: Kept::default() }
    }

    #[inline(always)]
    fn batch_mean(
        &self,
        MethodState { method, laws }: &mut MethodState<M>,
        first: u64,
        seeds: Seeds,
    ) -> Sampled<P, M::Number> {
        method.mean(&self.program, &self.theta, first, Runs { seeds, laws: laws.lend() })
    }

    fn estimate(&self, moments: &Moments<ResultsOf<P>, M::Number>) -> M::Estimate {
        self.method.estimate(moments)
    }
}

/// A sample of a run of the estimator: where its random numbers come from, and what its errors name.
#[derive(Clone, Copy)]
struct At<'p> {
    sample: u64,
    seeds: Seeds,
    key: u64,
    laws: Lent<'p>,
}

impl<'p> At<'p> {
    #[inline(always)]
    fn new(sample: u64, runs: impl Into<Runs<'p>>) -> Self {
        let Runs { seeds, laws } = runs.into();
        At { sample, seeds, key: seeds.of(sample), laws }
    }

    /// The random numbers of the estimator in this sample: they are none of the program's.
    fn aside(self) -> Stream {
        // any constant: it only must not be that of the program's own places
        Stream::new(self.key ^ 0x51de_51de_51de_51de)
    }

    /// One run of the program with these choices forced.
    #[inline(always)]
    fn run<S: Scalar, P: Program, O: Observer<S>>(
        self,
        program: &P,
        theta: &ParametersOf<P, S>,
        forced: &[Forced],
        observer: O,
    ) -> Result<(ValuesOf<P, S>, O), EstimateError<ErrorOf<P>>> {
        let chance = Coupled::observed(self.key, forced, observer).with_limit(self.seeds.limit).with_laws(self.laws);
        let run = chance.run::<S, P>(program, theta);
        run.map_err(|e| EstimateError::of_run(self.sample, self.seeds.seed, e))
    }

    /// Its values alone.
    #[inline(always)]
    fn values<P: Program>(self, program: &P, theta: &ParametersOf<P, f64>, forced: &[Forced]) -> Sampled<P, f64> {
        // they need no tables
        let at = At { laws: Lent::default(), ..self };
        at.run::<f64, P, ()>(program, theta, forced, ()).map(|(f, ())| f)
    }

    /// An error if a result is not finite.
    fn finite<V: Values, S: Components, E>(self, x: &V::Of<S>) -> Result<(), EstimateError<E>> {
        match V::slice(x).iter().enumerate().find(|(_, x): &(usize, &S)| !x.all_finite()) {
            None => Ok(()),
            Some((result, x)) => {
                let component = x.first_not_finite();
                Err(EstimateError::NotFinite { sample: self.sample, seed: self.seeds.seed, result, component })
            }
        }
    }

    /// Calls `f` with the number of each result and what it is in both; an error if there are not as many in one as in
    /// the other.
    #[inline(always)]
    fn both<V: Values, A: Clone, B: Copy, E>(
        self,
        a: &mut V::Of<A>,
        b: &V::Of<B>,
        mut f: impl FnMut(&mut A, B),
    ) -> Result<(), EstimateError<E>> {
        let (a, b) = (V::slice_mut(a), V::slice(b));
        if a.len() != b.len() {
            return Err(EstimateError::Results { sample: self.sample, expected: a.len(), found: b.len() });
        }
        a.iter_mut().zip(b).for_each(|(a, b)| f(a, *b));
        Ok(())
    }
}

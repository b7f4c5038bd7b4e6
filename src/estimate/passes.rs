//! Samples at a number of parameters known at run time: several runs on the same noise, each with derivatives in some
//! directions.

use super::components::Component;
use super::error::EstimateError;
use super::estimator::{Sampler, Seeds, sealed::Sealed};
use super::moments::Moments;
use super::pathwise::Handle;
use super::returned::Returned;
use crate::distr::Kept;
use crate::program::{Chance, ErrorOf, Outcome, Plain, Program, ResultsOf, Stream, Values};
use crate::scalar::Scalar;
use alloc::vec;
use alloc::vec::Vec;
use core::marker::PhantomData;

/// Which derivatives are computed, in which runs. Sealed.
pub trait Pattern: Sealed {
    /// The numbers of a run.
    type Number: Scalar;

    /// What is estimated, for this many results.
    type Estimate<V: Values>;

    /// Refuses settings.
    #[doc(hidden)]
    fn check<E>(&self, parameters: usize) -> Result<(), EstimateError<E>> {
        let _ = parameters;
        Ok(())
    }

    /// The number of derivatives of a result.
    #[doc(hidden)]
    fn derivatives(&self, parameters: usize) -> usize;

    /// The number of runs.
    #[doc(hidden)]
    fn passes(&self, parameters: usize) -> usize;

    /// The parameters, constants so far, as they are in this pass of the sample with this key.
    #[doc(hidden)]
    fn enter(&self, pass: usize, key: u64, theta: &[f64], x: &mut [Self::Number]);

    /// Makes constants again of those that are not.
    #[doc(hidden)]
    fn leave(&self, pass: usize, theta: &[f64], x: &mut [Self::Number]);

    /// What this pass says of the derivatives of a result.
    #[doc(hidden)]
    fn collect(&self, pass: usize, key: u64, parameters: usize, y: Self::Number, derivatives: &mut [f64]);

    /// What derivative i of a result is.
    #[doc(hidden)]
    fn locate(&self, i: usize, parameters: usize) -> Component;

    #[doc(hidden)]
    fn estimate<V: Values>(&self, moments: &Moments<Vec<f64>, f64>, parameters: usize) -> Self::Estimate<V>;
}

/// What runs in numbers of the type `S`. Sealed.
pub trait Body<S: Scalar>: Sealed {
    /// How many numbers it returns.
    type Values: Values;
    /// Its own error.
    type Error;

    #[doc(hidden)]
    fn call(&self, theta: &[S], chance: &mut Handle<S>) -> Result<<Self::Values as Values>::Of<S>, Self::Error>;
}

/// A closure: see [`pathwise_dyn`](super::pathwise_dyn).
#[derive(Debug)]
pub struct OfClosure<F, O> {
    f: F,
    kind: PhantomData<fn() -> O>,
}

impl<F, O> OfClosure<F, O> {
    pub(super) fn new(f: F) -> Self {
        OfClosure { f, kind: PhantomData }
    }
}

impl<F: Clone, O> Clone for OfClosure<F, O> {
    fn clone(&self) -> Self {
        OfClosure { f: self.f.clone(), kind: PhantomData }
    }
}

impl<F, O> Sealed for OfClosure<F, O> {}

impl<S: Scalar, F: Fn(&[S], &mut Handle<S>) -> O, O: Returned<S>> Body<S> for OfClosure<F, O> {
    type Values = O::Values;
    type Error = O::Error;

    #[inline(always)]
    fn call(&self, theta: &[S], chance: &mut Handle<S>) -> Result<<O::Values as Values>::Of<S>, O::Error> {
        (self.f)(theta, chance).result()
    }
}

/// A program at fixed choices: see [`pathwise_program_dyn`](super::pathwise_program_dyn).
#[derive(Clone, Copy, Debug)]
pub struct OfProgram<P> {
    pub(super) program: P,
}

impl<P> Sealed for OfProgram<P> {}

impl<S: Scalar, P: Program<Theta = [f64]>> Body<S> for OfProgram<P> {
    type Values = ResultsOf<P>;
    type Error = ErrorOf<P>;

    #[inline(always)]
    fn call(&self, theta: &[S], chance: &mut Handle<S>) -> Result<<ResultsOf<P> as Values>::Of<S>, ErrorOf<P>> {
        P::Output::result(self.program.run(theta, chance))
    }
}

/// Runs of a body by a pattern: made by [`pathwise_dyn`](super::pathwise_dyn) and its kin.
#[derive(Clone, Debug)]
pub struct Passes<'a, P, B> {
    pub(super) theta: &'a [f64],
    pub(super) pattern: P,
    pub(super) body: B,
}

impl<P, B> Sealed for Passes<'_, P, B> {}

impl<P: Pattern, B: Body<P::Number>> Sampler for Passes<'_, P, B> {
    type Values = Vec<f64>;
    type Number = f64;
    type Error = B::Error;
    type Estimate = P::Estimate<B::Values>;
    /// The handle, and the parameters as numbers.
    type State = (Handle<P::Number>, Vec<P::Number>);

    const ORDER: usize = P::Number::ORDER;

    fn laws((chance, _): &mut Self::State) -> Option<&mut Kept> {
        Some(chance.laws())
    }

    fn parameters(&self) -> &[f64] {
        self.theta
    }

    fn check(&self) -> Result<(), EstimateError<B::Error>> {
        self.pattern.check(self.theta.len())
    }

    fn start(&self, first: u64, seeds: Seeds) -> Self::State {
        (
            Plain::with_limit(Stream::at(seeds.of(first)), seeds.limit),
            self.theta.iter().map(|t| P::Number::from(*t)).collect(),
        )
    }

    fn batch_mean(
        &self,
        (chance, x): &mut Self::State,
        sample: u64,
        seeds: Seeds,
    ) -> Result<Vec<f64>, EstimateError<B::Error>> {
        let (n, key) = (x.len(), seeds.of(sample));
        let width = 1 + self.pattern.derivatives(n);
        let before = chance.stream().clone();
        let mut row = Vec::new();
        // without parameters there is still a value
        for pass in 0..self.pattern.passes(n).max(1) {
            *chance.stream() = before.clone();
            chance.restart();
            if pass == 1
                && let Some(counts) = chance.laws().counts()
            {
                counts.pause();
            }
            self.pattern.enter(pass, key, self.theta, x);
            let result = self.body.call(x, chance);
            self.pattern.leave(pass, self.theta, x);
            let fault = Chance::<P::Number>::fault(chance);
            let y = EstimateError::of_sample(sample, seeds.seed, fault, result)?;
            let y: &[P::Number] = B::Values::slice(&y);
            if pass == 0 {
                row = vec![0.0; y.len() * width];
            }
            if row.len() != y.len() * width {
                return Err(EstimateError::NotRepeated { sample });
            }
            for (y, row) in y.iter().zip(row.chunks_mut(width)) {
                if pass == 0 {
                    row[0] = y.re();
                } else if row[0].to_bits() != y.re().to_bits() {
                    return Err(EstimateError::NotRepeated { sample });
                }
                self.pattern.collect(pass, key, n, *y, &mut row[1..]);
            }
        }
        Ok(row)
    }

    fn locate(&self, k: usize, _: Component) -> (usize, Component) {
        let n = self.theta.len();
        let width = 1 + self.pattern.derivatives(n);
        let component = match k % width {
            0 => Component::Value,
            i => self.pattern.locate(i - 1, n),
        };
        (k / width, component)
    }

    fn estimate(&self, moments: &Moments<Vec<f64>, f64>) -> Self::Estimate {
        self.pattern.estimate(moments, self.theta.len())
    }
}

/// Chunk number `pass` of `C` parameters, of this many.
#[inline(always)]
pub(super) fn chunk<const C: usize>(pass: usize, parameters: usize) -> core::ops::Range<usize> {
    C * pass..parameters.min(C * pass + C)
}

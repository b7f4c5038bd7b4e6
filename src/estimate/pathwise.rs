//! Pathwise derivatives: closures and programs whose draws move with their parameters.

use super::error::EstimateError;
use super::estimator::{Estimator, Sampler, Seeds, sealed::Sealed};
use super::moments::Moments;
use super::report::Order;
use super::returned::Returned;
use crate::distr::Kept;
use crate::program::{Chance, ErrorOf, Outcome, ParametersOf, Plain, Program, Stream, Values};
use crate::scalar::Jet;
use core::marker::PhantomData;

/// The handle that closures get: a generator, [`Chance`], and the numbers of the estimate.
pub type Handle<S> = Plain<S, Stream>;

/// The value and gradient of E[f(θ, noise)] at `theta`, by pathwise derivatives in `Jet<f64, N>`.
///
/// `f` gets the parameters as variables and a handle for random numbers, which is a generator too, and returns a
/// number, an array or `Vec` of them, or a `Result` of one of these. Whether its derivative may be taken inside the
/// expectation is its author's to know: see the [module's page](super).
///
/// * Needs: a program that is continuous in its parameters at fixed noise, and differentiable except at kinks.
/// * Bias: none then; what jumps at a branch is missing.
/// * Variance: that of the slope of f along the draws, mostly the lowest there is for smooth f; it does not grow with
///   the number of draws by itself, as that of scores does.
/// * Cost: one run in jets a sample; less where the same [laws are drawn again and again](super#laws-that-are-drawn-again-and-again).
/// * When: all draws are continuous. With discrete choices, [`mix`](super::mix).
///
/// Source: Glasserman 2003, *Monte Carlo Methods in Financial Engineering*, §7.2, with the conditions.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::distr::LawError;
/// use reparam::{estimate, prelude::*};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // the mean 1/rate, and its derivative -1/rate^2
/// let e = estimate::pathwise([2.0], |[rate], rng| -> Result<_, LawError> {
///     Ok(Exponential::new(rate)?.sample(rng))
/// })
/// .samples(100_000)
/// .run(&mut Xoshiro256PlusPlus::seed_from_u64(1))?;
/// assert!((e.value - 0.5).abs() < 5.0 * e.value_se);
/// assert!((e.gradient[0] + 0.25).abs() < 5.0 * e.gradient_se[0]);
/// # Ok(()) }
/// ```
pub fn pathwise<const N: usize, F, O>(theta: [f64; N], f: F) -> Estimator<Closure<Jet<f64, N>, N, F, O>>
where
    F: Fn([Jet<f64, N>; N], &mut Handle<Jet<f64, N>>) -> O,
    O: Returned<Jet<f64, N>>,
{
    Estimator::new(Closure { theta, f, kind: PhantomData })
}

/// The value, gradient and Hessian of E[f(θ, noise)] at `theta`, by pathwise derivatives in `Jet<Jet<f64, N>, N>`.
///
/// As [`pathwise`], with one more demand on `f`: its first derivatives must be continuous in the parameters at fixed
/// noise. A kink, |x| or max(x, 0), has a second derivative that no sample shows.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::distr::LawError;
/// use reparam::{estimate, prelude::*};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let e = estimate::pathwise_hessian([2.0], |[rate], rng| -> Result<_, LawError> {
///     Ok(Exponential::new(rate)?.sample(rng))
/// })
/// .samples(100_000)
/// .run(&mut Xoshiro256PlusPlus::seed_from_u64(1))?;
/// assert!((e.hessian[0][0] - 0.25).abs() < 5.0 * e.hessian_se[0][0]);
/// # Ok(()) }
/// ```
pub fn pathwise_hessian<const N: usize, F, O>(theta: [f64; N], f: F) -> Estimator<Closure<Jet<Jet<f64, N>, N>, N, F, O>>
where
    F: Fn([Jet<Jet<f64, N>, N>; N], &mut Handle<Jet<Jet<f64, N>, N>>) -> O,
    O: Returned<Jet<Jet<f64, N>, N>>,
{
    Estimator::new(Closure { theta, f, kind: PhantomData })
}

/// A closure that runs in one kind of numbers: see [`pathwise`].
#[derive(Debug)]
pub struct Closure<S, const N: usize, F, O> {
    theta: [f64; N],
    f: F,
    kind: PhantomData<fn(S) -> O>,
}

impl<S, const N: usize, F: Clone, O> Clone for Closure<S, N, F, O> {
    fn clone(&self) -> Self {
        Closure { theta: self.theta, f: self.f.clone(), kind: PhantomData }
    }
}

impl<S, const N: usize, F, O> Sealed for Closure<S, N, F, O> {}

impl<S: Order<N>, const N: usize, F, O: Returned<S>> Sampler for Closure<S, N, F, O>
where
    F: Fn([S; N], &mut Handle<S>) -> O,
{
    type Values = O::Values;
    type Number = S;
    type Error = O::Error;
    type Estimate = S::Estimate<O::Values>;
    type State = Handle<S>;

    const ORDER: usize = S::ORDER;

    fn laws(chance: &mut Handle<S>) -> Option<&mut Kept> {
        Some(chance.laws())
    }

    fn parameters(&self) -> &[f64] {
        &self.theta
    }

    fn start(&self, first: u64, seeds: Seeds) -> Handle<S> {
        Plain::with_limit(Stream::at(seeds.of(first)), seeds.limit)
    }

    #[inline(always)]
    fn batch_mean(
        &self,
        chance: &mut Handle<S>,
        sample: u64,
        seeds: Seeds,
    ) -> Result<<O::Values as Values>::Of<S>, EstimateError<O::Error>> {
        chance.restart();
        let result = (self.f)(S::variables(self.theta), chance).result();
        EstimateError::of_sample(sample, seeds.seed, Chance::<S>::fault(chance), result)
    }

    fn estimate(&self, moments: &Moments<O::Values, S>) -> Self::Estimate {
        S::estimate(moments, 1)
    }
}

/// [`pathwise`] for a [`Program`], whose choices have no share in the derivatives: they are those at fixed choices.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// let moments = program!(|[mean, std_dev]: [S; 2], chance| -> [S; 2] {
///     let z = mean + std_dev * chance.normal();
///     [z, z * z]
/// });
/// let e = estimate::pathwise_program([1.0, 2.0], moments).run_seed(1).unwrap();
/// assert_eq!(e.gradient[0][0], 1.0);
/// assert!((e.gradient[1][1] - 4.0).abs() < 5.0 * e.gradient_se[1][1]);
/// ```
pub fn pathwise_program<const N: usize, P: Program<Theta = [f64; N]>>(
    theta: [f64; N],
    program: P,
) -> Estimator<Smooth<Jet<f64, N>, N, P>> {
    Estimator::new(Smooth { theta, program, kind: PhantomData })
}

/// [`pathwise_hessian`] for a [`Program`].
///
/// ```
/// use reparam::{estimate, prelude::*};
/// let square = program!(|[mean, std_dev]: [S; 2], chance| -> S { (mean + std_dev * chance.normal()).powi(2) });
/// let e = estimate::pathwise_program_hessian([1.0, 2.0], square).run_seed(1).unwrap();
/// assert_eq!(e.hessian[0][0], 2.0);
/// ```
pub fn pathwise_program_hessian<const N: usize, P: Program<Theta = [f64; N]>>(
    theta: [f64; N],
    program: P,
) -> Estimator<Smooth<Jet<Jet<f64, N>, N>, N, P>> {
    Estimator::new(Smooth { theta, program, kind: PhantomData })
}

/// A program at fixed choices: see [`pathwise_program`].
#[derive(Debug)]
pub struct Smooth<S, const N: usize, P> {
    theta: [f64; N],
    program: P,
    kind: PhantomData<fn() -> S>,
}

impl<S, const N: usize, P: Clone> Clone for Smooth<S, N, P> {
    fn clone(&self) -> Self {
        Smooth { theta: self.theta, program: self.program.clone(), kind: PhantomData }
    }
}

impl<S, const N: usize, P> Sealed for Smooth<S, N, P> {}

impl<S: Order<N>, const N: usize, P: Program<Theta = [f64; N]>> Sampler for Smooth<S, N, P> {
    type Values = <P::Output as Outcome>::Values;
    type Number = S;
    type Error = ErrorOf<P>;
    type Estimate = S::Estimate<Self::Values>;
    type State = Handle<S>;

    const ORDER: usize = S::ORDER;

    fn laws(chance: &mut Handle<S>) -> Option<&mut Kept> {
        Some(chance.laws())
    }

    fn parameters(&self) -> &[f64] {
        &self.theta
    }

    fn start(&self, first: u64, seeds: Seeds) -> Handle<S> {
        Plain::with_limit(Stream::at(seeds.of(first)), seeds.limit)
    }

    #[inline(always)]
    fn batch_mean(
        &self,
        chance: &mut Handle<S>,
        sample: u64,
        seeds: Seeds,
    ) -> Result<<Self::Values as Values>::Of<S>, EstimateError<Self::Error>> {
        chance.restart();
        let theta: ParametersOf<P, S> = S::variables(self.theta);
        let result = P::Output::result(self.program.run(&theta, chance));
        EstimateError::of_sample(sample, seeds.seed, Chance::<S>::fault(chance), result)
    }

    fn estimate(&self, moments: &Moments<Self::Values, S>) -> Self::Estimate {
        S::estimate(moments, 1)
    }
}

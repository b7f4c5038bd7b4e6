//! Pathwise derivatives at a number of parameters known at run time: chunks of them, each on the same noise.

use super::components::Component;
use super::error::EstimateError;
use super::estimator::{Estimator, Sampler, Seeds, sealed::Sealed};
use super::flat::{self, FlatEstimate};
use super::moments::Moments;
use super::pathwise::Handle;
use super::returned::Returned;
use crate::program::{Chance, ErrorOf, Outcome, Plain, Program, ResultsOf, Stream, Values};
use crate::scalar::Jet;
use alloc::vec::Vec;
use core::marker::PhantomData;

/// The value and gradient of E[f(θ, noise)] at any number of parameters, by pathwise derivatives in chunks of eight.
///
/// `f` runs once a sample for every chunk, each time on the same random numbers: the eight
/// parameters of the chunk are variables and the others constants. That the values agree is checked in every sample.
/// The estimate is the one that [`pathwise`](super::pathwise) gives for the same parameters and seed.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::distr::LawError;
/// use reparam::{estimate, prelude::*};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // E[Σ θ_i² z²] = Σ θ_i² for standard normal z
/// let theta: Vec<f64> = (0..20).map(f64::from).collect();
/// let e = estimate::pathwise_dyn(&theta, |theta, rng| -> Result<_, LawError> {
///     let z = Normal::new(0.0, 1.0)?.sample(rng);
///     Ok(theta.iter().map(|t| (*t * z).powi(2)).sum::<Jet<f64, 8>>())
/// })
/// .run(&mut Xoshiro256PlusPlus::seed_from_u64(1))?;
/// assert_eq!(e.gradient.len(), 20);
/// assert!((e.gradient[19] - 38.0).abs() < 5.0 * e.gradient_se[19]);
/// # Ok(()) }
/// ```
pub fn pathwise_dyn<F, O>(theta: &[f64], f: F) -> Estimator<Chunks<'_, 8, OfClosure<F, O>>>
where
    F: Fn(&[Jet<f64, 8>], &mut Handle<Jet<f64, 8>>) -> O,
    O: Returned<Jet<f64, 8>>,
{
    pathwise_chunks(theta, f)
}

/// [`pathwise_dyn`] in chunks of `C` parameters.
///
/// Small chunks repeat the value and the noise more often, large ones spill from registers to memory: eight is a good
/// choice.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// let product = |theta: &[Jet<f64, 2>], _: &mut _| theta.iter().copied().product::<Jet<f64, 2>>();
/// let e = estimate::pathwise_chunks(&[2.0, 3.0, 5.0], product).samples(2).run_seed(1).unwrap();
/// assert_eq!((e.value, e.gradient), (30.0, vec![15.0, 10.0, 6.0]));
/// ```
pub fn pathwise_chunks<const C: usize, F, O>(theta: &[f64], f: F) -> Estimator<Chunks<'_, C, OfClosure<F, O>>>
where
    F: Fn(&[Jet<f64, C>], &mut Handle<Jet<f64, C>>) -> O,
    O: Returned<Jet<f64, C>>,
{
    const { assert!(C > 0, "a chunk holds at least one parameter") };
    Estimator::new(Chunks { theta, body: OfClosure { f, kind: PhantomData } })
}

/// [`pathwise_dyn`] for a [`Program`] of `&[S]`: the derivatives at fixed choices.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// let sum = program!(|theta: &[S], chance| -> S {
///     theta.iter().fold(S::from(0.0), |sum, t| sum + *t * chance.exponential())
/// });
/// let e = estimate::pathwise_program_dyn(&[1.0; 12], sum).run_seed(1).unwrap();
/// assert!((e.gradient[11] - 1.0).abs() < 5.0 * e.gradient_se[11]);
/// ```
pub fn pathwise_program_dyn<P: Program<Theta = [f64]>>(
    theta: &[f64],
    program: P,
) -> Estimator<Chunks<'_, 8, OfProgram<P>>> {
    Estimator::new(Chunks { theta, body: OfProgram { program } })
}

/// What runs on chunks of `C` parameters. Sealed.
pub trait Body<const C: usize>: Sealed {
    /// How many numbers it returns.
    type Values: Values;
    /// Its own error.
    type Error;

    #[doc(hidden)]
    fn call(
        &self,
        theta: &[Jet<f64, C>],
        chance: &mut Handle<Jet<f64, C>>,
    ) -> Result<<Self::Values as Values>::Of<Jet<f64, C>>, Self::Error>;
}

/// A closure: see [`pathwise_dyn`].
#[derive(Debug)]
pub struct OfClosure<F, O> {
    f: F,
    kind: PhantomData<fn() -> O>,
}

impl<F: Clone, O> Clone for OfClosure<F, O> {
    fn clone(&self) -> Self {
        OfClosure { f: self.f.clone(), kind: PhantomData }
    }
}

impl<F, O> Sealed for OfClosure<F, O> {}

impl<const C: usize, F, O: Returned<Jet<f64, C>>> Body<C> for OfClosure<F, O>
where
    F: Fn(&[Jet<f64, C>], &mut Handle<Jet<f64, C>>) -> O,
{
    type Values = O::Values;
    type Error = O::Error;

    #[inline(always)]
    fn call(
        &self,
        theta: &[Jet<f64, C>],
        chance: &mut Handle<Jet<f64, C>>,
    ) -> Result<<O::Values as Values>::Of<Jet<f64, C>>, O::Error> {
        (self.f)(theta, chance).result()
    }
}

/// A program at fixed choices: see [`pathwise_program_dyn`].
#[derive(Clone, Copy, Debug)]
pub struct OfProgram<P> {
    program: P,
}

impl<P> Sealed for OfProgram<P> {}

impl<const C: usize, P: Program<Theta = [f64]>> Body<C> for OfProgram<P> {
    type Values = ResultsOf<P>;
    type Error = ErrorOf<P>;

    #[inline(always)]
    fn call(
        &self,
        theta: &[Jet<f64, C>],
        chance: &mut Handle<Jet<f64, C>>,
    ) -> Result<<ResultsOf<P> as Values>::Of<Jet<f64, C>>, ErrorOf<P>> {
        P::Output::result(self.program.run(theta, chance))
    }
}

/// Runs on chunks of the parameters: made by [`pathwise_dyn`] and its kin.
#[derive(Clone, Debug)]
pub struct Chunks<'a, const C: usize, B> {
    theta: &'a [f64],
    body: B,
}

impl<const C: usize, B> Sealed for Chunks<'_, C, B> {}

impl<const C: usize, B: Body<C>> Sampler for Chunks<'_, C, B> {
    type Values = Vec<f64>;
    type Number = f64;
    type Error = B::Error;
    type Estimate = FlatEstimate<B::Values>;
    /// The handle, and the parameters as numbers.
    type State = (Handle<Jet<f64, C>>, Vec<Jet<f64, C>>);

    fn parameters(&self) -> &[f64] {
        self.theta
    }

    fn start(&self, first: u64, seeds: Seeds) -> Self::State {
        (
            Plain::with_limit(Stream::at(seeds.of(first)), seeds.limit),
            self.theta.iter().map(|t| Jet::constant(*t)).collect(),
        )
    }

    fn batch_mean(
        &self,
        (chance, x): &mut Self::State,
        sample: u64,
        seeds: Seeds,
    ) -> Result<Vec<f64>, EstimateError<B::Error>> {
        let parameters = x.len();
        let before = chance.clone();
        let mut row = Vec::new();
        // without parameters there is still a value
        for first in (0..parameters.max(1)).step_by(C) {
            let variables = first..parameters.min(first + C);
            for i in variables.clone() {
                x[i] = Jet::variable(self.theta[i], i - first);
            }
            *chance = before.clone();
            chance.restart();
            let result = self.body.call(x, chance);
            for i in variables.clone() {
                x[i] = Jet::constant(self.theta[i]);
            }
            let fault = Chance::<Jet<f64, C>>::fault(chance);
            let y = EstimateError::of_sample(sample, seeds.seed, fault, result)?;
            let y: &[Jet<f64, C>] = B::Values::slice(&y);
            if first == 0 {
                row.resize(y.len() * (1 + parameters), 0.0);
            }
            if row.len() != y.len() * (1 + parameters) {
                return Err(EstimateError::NotRepeated { sample });
            }
            for (y, row) in y.iter().zip(row.chunks_mut(1 + parameters)) {
                if first == 0 {
                    row[0] = y.re;
                } else if row[0].to_bits() != y.re.to_bits() {
                    return Err(EstimateError::NotRepeated { sample });
                }
                row[1 + first..1 + variables.end].copy_from_slice(&y.eps[..variables.len()]);
            }
        }
        Ok(row)
    }

    fn locate(&self, k: usize, _: Component) -> (usize, Component) {
        flat::locate(k, self.theta.len())
    }

    fn estimate(&self, moments: &Moments<Vec<f64>, f64>) -> FlatEstimate<B::Values> {
        flat::estimate::<B::Values>(moments, self.theta.len(), 1)
    }
}

//! Pathwise derivatives at a number of parameters known at run time: chunks of them, each on the same noise.

use super::components::Component;
use super::estimator::{Estimator, sealed::Sealed};
use super::flat::{self, FlatEstimate};
use super::moments::Moments;
use super::passes::{OfClosure, OfProgram, Passes, Pattern, chunk};
use super::pathwise::Handle;
use super::returned::Returned;
use crate::program::{Program, Values};
use crate::scalar::Jet;
use alloc::vec::Vec;

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
pub fn pathwise_dyn<F, O>(theta: &[f64], f: F) -> Estimator<Passes<'_, Chunks<8>, OfClosure<F, O>>>
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
pub fn pathwise_chunks<const C: usize, F, O>(theta: &[f64], f: F) -> Estimator<Passes<'_, Chunks<C>, OfClosure<F, O>>>
where
    F: Fn(&[Jet<f64, C>], &mut Handle<Jet<f64, C>>) -> O,
    O: Returned<Jet<f64, C>>,
{
    const { assert!(C > 0, "a chunk holds at least one parameter") };
    Estimator::new(Passes { theta, pattern: Chunks, body: OfClosure::new(f) })
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
) -> Estimator<Passes<'_, Chunks<8>, OfProgram<P>>> {
    Estimator::new(Passes { theta, pattern: Chunks, body: OfProgram { program } })
}

/// The gradient, in runs on chunks of `C` parameters: the pattern of [`pathwise_dyn`].
#[derive(Clone, Copy, Debug)]
pub struct Chunks<const C: usize>;

impl<const C: usize> Sealed for Chunks<C> {}

impl<const C: usize> Pattern for Chunks<C> {
    type Number = Jet<f64, C>;
    type Estimate<V: Values> = FlatEstimate<V>;

    fn derivatives(&self, parameters: usize) -> usize {
        parameters
    }

    fn passes(&self, parameters: usize) -> usize {
        parameters.div_ceil(C)
    }

    fn enter(&self, pass: usize, _: u64, theta: &[f64], x: &mut [Jet<f64, C>]) {
        let chunk = chunk::<C>(pass, theta.len());
        chunk.clone().for_each(|i| x[i] = Jet::variable(theta[i], i - chunk.start));
    }

    fn leave(&self, pass: usize, theta: &[f64], x: &mut [Jet<f64, C>]) {
        chunk::<C>(pass, theta.len()).for_each(|i| x[i] = Jet::constant(theta[i]));
    }

    fn collect(&self, pass: usize, _: u64, parameters: usize, y: Jet<f64, C>, derivatives: &mut [f64]) {
        let chunk = chunk::<C>(pass, parameters);
        derivatives[chunk.clone()].copy_from_slice(&y.eps[..chunk.len()]);
    }

    fn locate(&self, i: usize, _: usize) -> Component {
        Component::Gradient(i)
    }

    fn estimate<V: Values>(&self, moments: &Moments<Vec<f64>, f64>, parameters: usize) -> FlatEstimate<V> {
        flat::estimate::<V>(moments, parameters, 1)
    }
}

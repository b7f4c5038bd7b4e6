//! Draws with few parameters each, and a model of the draws whose gradient is known.

use super::components::Component;
use super::error::EstimateError;
use super::estimator::{Estimator, Sampler, Seeds, sealed::Sealed};
use super::flat::{self, FlatEstimate};
use super::moments::Moments;
use super::pathwise::Handle;
use super::returned::Returned;
use crate::distr::Kept;
use crate::program::{Chance, Fault, MOST_CHOICES, Plain, Stream, Values};
use crate::scalar::Jet;
use alloc::vec;
use alloc::vec::Vec;
use core::marker::PhantomData;

/// The value and gradient of E\[f(z(θ, noise))\], by pathwise derivatives: each number z_j is drawn with the partial
/// derivatives in its own few parameters, and the model f comes with its gradient in z, by hand or from a library.
///
/// `draws` draws all numbers of a sample, one after the other ([`Draws::draw`]), and may add terms to the result
/// ([`Draws::add`]). `model` gets them, writes its gradient in them into its second argument, which is 0 before, and
/// returns its value. The chain rule, Σ_j ∂f/∂z_j ∂z_j/∂θ_i, is taken here.
///
/// * Needs: numbers that depend on few parameters each, and the gradient of the model; besides, what
///   [`pathwise`](super::pathwise) needs.
/// * Bias, variance: as [`pathwise`](super::pathwise).
/// * Cost: that of the gradient of the model, and of draws in jets of few partials; it does not grow with the number of
///   parameters.
/// * When: variational inference and the like, thousands of parameters, a model in dense loops.
///
/// A gradient by hand may be wrong: hold one sample against [`pathwise_dyn`](super::pathwise_dyn) with the same seed.
///
/// ```
/// use reparam::distr::LawError;
/// use reparam::{estimate, prelude::*};
/// // E Π z_j of ten independent normal numbers with two parameters each, and the sum of ln σ_j
/// let theta: Vec<f64> = (0..20).map(|i| if i < 10 { 1.0 } else { -1.0 }).collect();
/// let e = estimate::local(
///     &theta,
///     |draws| -> Result<(), LawError> {
///         for j in 0..10 {
///             draws.draw([j, 10 + j], |[mean, ln_sd], rng| Ok(Normal::new(mean, ln_sd.exp())?.sample(rng)))?;
///             draws.add([10 + j], |[ln_sd], _| Ok(ln_sd))?;
///         }
///         Ok(())
///     },
///     |z, gradient| {
///         let product: f64 = z.iter().product();
///         gradient.iter_mut().zip(z).for_each(|(g, z)| *g = product / z);
///         product
///     },
/// )
/// .run_seed(1)
/// .unwrap();
/// assert!((e.value + 9.0).abs() < 5.0 * e.value_se); // 1 - 10
/// assert!((e.gradient[3] - 1.0).abs() < 5.0 * e.gradient_se[3]);
/// assert!((e.gradient[13] - 1.0).abs() < 5.0 * e.gradient_se[13]);
/// ```
pub fn local<D, F, E>(theta: &[f64], draws: D, model: F) -> Estimator<Local<'_, D, F, E>>
where
    D: Fn(&mut Draws<'_, E>) -> Result<(), E>,
    F: Fn(&[f64], &mut [f64]) -> f64,
{
    Estimator::new(Local { theta, draws, model, error: PhantomData })
}

/// Draws and a model of them: made by [`local`].
#[derive(Debug)]
pub struct Local<'a, D, F, E> {
    theta: &'a [f64],
    draws: D,
    model: F,
    error: PhantomData<fn() -> E>,
}

impl<D: Clone, F: Clone, E> Clone for Local<'_, D, F, E> {
    fn clone(&self) -> Self {
        Local { theta: self.theta, draws: self.draws.clone(), model: self.model.clone(), error: PhantomData }
    }
}

/// The numbers of a sample, as they are drawn: see [`local`].
#[derive(Debug)]
pub struct Draws<'a, E> {
    theta: &'a [f64],
    chance: &'a mut Handle<f64>,
    numbers: &'a mut Numbers,
    /// What is added to the result, and its derivatives.
    row: &'a mut [f64],
    error: PhantomData<fn() -> E>,
}

/// Numbers, and their partial derivatives.
#[derive(Debug, Default)]
struct Numbers {
    values: Vec<f64>,
    partials: Vec<Partials>,
    /// Those of one after the other.
    slopes: Vec<f64>,
    /// The gradient of the model in the numbers.
    gradient: Vec<f64>,
    fault: Option<Fault>,
}

/// The derivatives in a parameter of numbers drawn together: how many there are, and the first of them.
#[derive(Clone, Copy, Debug)]
struct Partials {
    parameter: u32,
    first: u32,
    count: u32,
}

/// The handle of a draw with `N` parameters: see [`Draws::draw`].
pub type DrawHandle<'a, const N: usize> = Plain<Jet<f64, N>, &'a mut Stream, &'a mut Kept>;

impl<E> Draws<'_, E> {
    /// Draws one or more numbers that depend on the parameters with these indices, and on no others.
    ///
    /// `f` gets the parameters and a handle for random numbers, and returns a number, an array or a `Vec` of them in
    /// `Ok` (the bare number if E is [`Infallible`](core::convert::Infallible)). They are the model's next.
    ///
    /// # Errors
    /// That of `f`.
    ///
    /// # Panics
    /// If there is no parameter of one of the indices.
    #[inline]
    pub fn draw<const N: usize, O>(
        &mut self,
        parameters: [usize; N],
        f: impl FnOnce([Jet<f64, N>; N], &mut DrawHandle<'_, N>) -> O,
    ) -> Result<(), E>
    where
        O: Returned<Jet<f64, N>, Error = E>,
    {
        let z = self.run(parameters, f)?;
        let z: &[Jet<f64, N>] = O::Values::slice(&z);
        let Numbers { values, partials, slopes, .. } = self.numbers;
        let (first, count) = (values.len() as u32, z.len() as u32);
        values.extend(z.iter().map(|z| z.re));
        for (k, i) in parameters.into_iter().enumerate() {
            partials.push(Partials { parameter: i as u32, first, count });
            slopes.extend(z.iter().map(|z| z.eps[k]));
        }
        Ok(())
    }

    /// Adds a term to the result that depends on these parameters directly: an entropy, say, or a density.
    ///
    /// # Errors
    /// That of `f`.
    ///
    /// # Panics
    /// If there is no parameter of one of the indices.
    #[inline]
    pub fn add<const N: usize, O>(
        &mut self,
        parameters: [usize; N],
        f: impl FnOnce([Jet<f64, N>; N], &mut DrawHandle<'_, N>) -> O,
    ) -> Result<(), E>
    where
        O: Returned<Jet<f64, N>, Values = f64, Error = E>,
    {
        let term: Jet<f64, N> = self.run(parameters, f)?;
        self.row[0] += term.re;
        parameters.into_iter().zip(term.eps).for_each(|(i, slope)| self.row[1 + i] += slope);
        Ok(())
    }

    /// The numbers drawn so far.
    pub fn so_far(&self) -> &[f64] {
        &self.numbers.values
    }

    #[inline(always)]
    fn run<const N: usize, O: Returned<Jet<f64, N>, Error = E>>(
        &mut self,
        parameters: [usize; N],
        f: impl FnOnce([Jet<f64, N>; N], &mut DrawHandle<'_, N>) -> O,
    ) -> Result<<O::Values as Values>::Of<Jet<f64, N>>, E> {
        let theta = Jet::variables(parameters.map(|i| self.theta[i]));
        let (stream, laws) = self.chance.stream_and_laws();
        let mut chance = Plain::with_laws(stream, MOST_CHOICES, laws);
        let z = f(theta, &mut chance);
        if let Some(fault) = chance.fault() {
            self.numbers.fault.get_or_insert(fault);
        }
        z.result()
    }
}

impl<D, F, E> Sealed for Local<'_, D, F, E> {}

/// What a block of [`local`] keeps.
#[derive(Debug)]
pub struct LocalState {
    chance: Handle<f64>,
    numbers: Numbers,
}

impl<D, F, E> Sampler for Local<'_, D, F, E>
where
    D: Fn(&mut Draws<'_, E>) -> Result<(), E>,
    F: Fn(&[f64], &mut [f64]) -> f64,
{
    type Values = Vec<f64>;
    type Number = f64;
    type Error = E;
    type Estimate = FlatEstimate<f64>;
    type State = LocalState;

    const ORDER: usize = 1;

    fn laws(state: &mut LocalState) -> Option<&mut Kept> {
        Some(state.chance.laws())
    }

    fn parameters(&self) -> &[f64] {
        self.theta
    }

    fn start(&self, first: u64, seeds: Seeds) -> LocalState {
        let chance = Plain::with_limit(Stream::at(seeds.of(first)), seeds.limit);
        LocalState { chance, numbers: Numbers::default() }
    }

    #[inline(always)]
    fn batch_mean(
        &self,
        LocalState { chance, numbers }: &mut LocalState,
        sample: u64,
        seeds: Seeds,
    ) -> Result<Vec<f64>, EstimateError<E>> {
        let mut row = vec![0.0; 1 + self.theta.len()];
        numbers.values.clear();
        numbers.partials.clear();
        numbers.slopes.clear();
        numbers.fault = None;
        let draws = (self.draws)(&mut Draws { theta: self.theta, chance, numbers, row: &mut row, error: PhantomData });
        EstimateError::of_sample(sample, seeds.seed, numbers.fault, draws)?;
        let gradient = &mut numbers.gradient;
        gradient.clear();
        gradient.resize(numbers.values.len(), 0.0);
        row[0] += (self.model)(&numbers.values, gradient);
        let mut slopes = &*numbers.slopes;
        for Partials { parameter, first, count } in &numbers.partials {
            let (these, rest) = slopes.split_at(*count as usize);
            slopes = rest;
            let by = gradient[*first as usize..].iter().zip(these);
            let sum = &mut row[1 + *parameter as usize];
            *sum = by.fold(*sum, |sum, (by, slope)| sum + chained(*by, *slope));
        }
        Ok(row)
    }

    fn locate(&self, k: usize, _: Component) -> (usize, Component) {
        flat::locate(k, self.theta.len())
    }

    fn estimate(&self, moments: &Moments<Vec<f64>, f64>) -> FlatEstimate<f64> {
        flat::estimate::<f64>(moments, self.theta.len(), 1)
    }
}

/// Their product; what does not move has no derivative, whatever the slope.
#[inline(always)]
fn chained(slope: f64, partial: f64) -> f64 {
    if slope == 0.0 || partial == 0.0 { 0.0 } else { slope * partial }
}

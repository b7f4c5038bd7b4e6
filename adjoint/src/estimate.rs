//! Estimates of expectations with gradients in reverse mode.

use crate::Var;
use crate::functions::renew;
use crate::tape::Run;
use core::marker::PhantomData;
use reparam::estimate::{Estimator, GradientSource, Handle, Returned, WithGradient, with_gradient};
use reparam::program::{Outcome, Program, Values};

/// The value and gradient of E\[f(θ, noise)\] at any number of parameters, by pathwise derivatives in reverse mode.
///
/// As [`reparam::estimate::pathwise_dyn`], which this equals to rounding for the same seed: `f` gets the parameters and
/// a handle for random numbers, which is a generator too, and returns a number, an array or `Vec` of them, or a
/// `Result` of one of these. Blocks, seeds, threads, merging, notes and errors are those of every
/// [`Estimator`].
///
/// * Needs, bias, variance, when: as [`reparam::estimate::pathwise`].
/// * Cost: one run in reverse a sample, whatever the number of parameters, and the way back once for each result. Where
///   that wins over the others is in the [crate's page](crate).
/// * Memory: 16 bytes for each term of a sum of numbers of different origin in a run, and 8 for its adjoint.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::distr::LawError;
/// use reparam::prelude::*;
/// use reparam_adjoint::Var;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // the mean of a sum of gamma variables of rate 1 is that of their shapes
/// let shapes: Vec<f64> = (1..=500).map(|i| 0.01 * f64::from(i)).collect();
/// let e = reparam_adjoint::pathwise(&shapes, |shapes, rng| -> Result<Var, LawError> {
///     let mut sum = Var::from(0.0);
///     for shape in shapes {
///         sum += Gamma::new(*shape, 1.0.into())?.sample(rng);
///     }
///     Ok(sum)
/// })
/// .samples(200)
/// .run(&mut Xoshiro256PlusPlus::seed_from_u64(1))?;
/// assert!((e.gradient[499] - 1.0).abs() < 5.0 * e.gradient_se[499]);
/// # Ok(()) }
/// ```
pub fn pathwise<F, O>(theta: &[f64], f: F) -> Estimator<WithGradient<'_, Closure<F, O>>>
where
    F: Fn(&[Var], &mut Handle<Var>) -> O,
    O: Returned<Var>,
{
    with_gradient(theta, Closure { f, kind: PhantomData })
}

/// [`pathwise`] for a [`Program`] of `&[S]`: the derivatives at fixed choices.
///
/// ```
/// use reparam::prelude::*;
/// let sum = program!(|theta: &[S], chance| -> S {
///     theta.iter().fold(S::from(0.0), |sum, t| sum + *t * chance.exponential())
/// });
/// let e = reparam_adjoint::pathwise_program(&[1.0; 2000], sum).samples(100).run_seed(1).unwrap();
/// assert!((e.gradient[1999] - 1.0).abs() < 5.0 * e.gradient_se[1999]);
/// ```
pub fn pathwise_program<P: Program<Theta = [f64]>>(
    theta: &[f64],
    program: P,
) -> Estimator<WithGradient<'_, OfProgram<P>>> {
    with_gradient(theta, OfProgram { program })
}

/// A closure in reverse mode: see [`pathwise`].
#[derive(Debug)]
pub struct Closure<F, O> {
    f: F,
    kind: PhantomData<fn() -> O>,
}

impl<F: Clone, O> Clone for Closure<F, O> {
    fn clone(&self) -> Self {
        Closure { f: self.f.clone(), kind: PhantomData }
    }
}

impl<F, O: Returned<Var>> GradientSource for Closure<F, O>
where
    F: Fn(&[Var], &mut Handle<Var>) -> O,
{
    type Scalar = Var;
    type Values = O::Values;
    type Error = O::Error;
    type Work = Vec<Var>;

    fn work(&self, theta: &[f64]) -> Vec<Var> {
        theta.iter().map(|t| Var::from(*t)).collect()
    }

    fn sample(&self, theta: &[f64], x: &mut Vec<Var>, chance: &mut Handle<Var>) -> Result<Vec<f64>, O::Error> {
        row::<O::Values, O::Error>(theta, x, |x| (self.f)(x, chance).result())
    }
}

/// A program at fixed choices in reverse mode: see [`pathwise_program`].
#[derive(Clone, Copy, Debug)]
pub struct OfProgram<P> {
    program: P,
}

impl<P: Program<Theta = [f64]>> GradientSource for OfProgram<P> {
    type Scalar = Var;
    type Values = <P::Output as Outcome>::Values;
    type Error = <P::Output as Outcome>::Error;
    type Work = Vec<Var>;

    fn work(&self, theta: &[f64]) -> Vec<Var> {
        theta.iter().map(|t| Var::from(*t)).collect()
    }

    fn sample(&self, theta: &[f64], x: &mut Vec<Var>, chance: &mut Handle<Var>) -> Result<Vec<f64>, Self::Error> {
        row::<Self::Values, Self::Error>(theta, x, |x| P::Output::result(self.program.run(x, chance)))
    }
}

/// The results of one run, each followed by its derivatives.
fn row<V: Values, E>(
    theta: &[f64],
    x: &mut [Var],
    f: impl FnOnce(&[Var]) -> Result<V::Of<Var>, E>,
) -> Result<Vec<f64>, E> {
    let run = Run::new(theta.len());
    renew(&run, theta, x);
    let y = f(x)?;
    let y: &[Var] = V::slice(&y);
    let mut row = Vec::with_capacity(y.len() * (1 + theta.len()));
    for y in y {
        row.push(y.value());
        run.back(y.derivative(), |d| row.extend_from_slice(d));
    }
    Ok(row)
}

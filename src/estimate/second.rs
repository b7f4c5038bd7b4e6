//! Second derivatives at a number of parameters known at run time.

use super::components::Component;
use super::curvature::{Curvature, CurvatureEstimate};
use super::error::EstimateError;
use super::estimator::{Estimator, sealed::Sealed};
use super::flat::Flat;
use super::moments::Moments;
use super::passes::{OfClosure, Passes, Pattern, chunk};
use super::pathwise::Handle;
use super::report::HessianEstimate;
use super::returned::Returned;
use crate::program::Values;
use crate::scalar::Jet;
use alloc::vec::Vec;

/// The number of parameters of a chunk.
const CHUNK: usize = 8;

type Second = Jet<Jet<f64, CHUNK>, CHUNK>;
type Along = Jet<Jet<f64, CHUNK>, 1>;
type Twice = Jet<Jet<f64, 1>, 1>;

/// [`pathwise_hessian`](super::pathwise_hessian) at any number of parameters: value, gradient and all second
/// derivatives.
///
/// * Needs, bias, variance: as [`pathwise_hessian`](super::pathwise_hessian).
/// * Cost: a run for each pair of chunks of eight parameters, (N/8)²/2 of them, in nested jets with 81 numbers.
/// * When: up to some tens of parameters; beyond, [`pathwise_hessian_vector`] or [`pathwise_hessian_diagonal`].
///
/// ```
/// use reparam::{estimate, prelude::*};
/// let theta = [1.0; 10];
/// let e = estimate::pathwise_hessian_dyn(&theta, |theta, chance| {
///     let z = 0.1 * chance.normal();
///     theta[2] * theta[9] * z * z + theta[0].powi(3)
/// })
/// .run_seed(1)
/// .unwrap();
/// assert_eq!(e.hessian[0][0], 6.0);
/// assert!((e.hessian[2][9] - 0.01).abs() < 5.0 * e.hessian_se[2][9]);
/// ```
pub fn pathwise_hessian_dyn<F, O>(theta: &[f64], f: F) -> Estimator<Passes<'_, AllPairs, OfClosure<F, O>>>
where
    F: Fn(&[Second], &mut Handle<Second>) -> O,
    O: Returned<Second>,
{
    Estimator::new(Passes { theta, pattern: AllPairs, body: OfClosure::new(f) })
}

/// The value, the gradient, and the second derivative in each parameter: the diagonal of the Hessian.
///
/// * Needs, bias, variance: as [`pathwise_hessian`](super::pathwise_hessian).
/// * Cost: a run for each parameter, in nested jets with four numbers.
/// * When: step sizes, Laplace approximations, where no other second derivatives are asked for.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// let theta: Vec<f64> = (1..=20).map(f64::from).collect();
/// let e = estimate::pathwise_hessian_diagonal(&theta, |theta, chance| {
///     let z = chance.normal();
///     theta.iter().fold(theta[0] * 0.0, |sum, t| sum + t.powi(3) * z * z)
/// })
/// .run_seed(1)
/// .unwrap();
/// assert!((e.curvature[19] - 120.0).abs() < 5.0 * e.curvature_se[19]);
/// ```
pub fn pathwise_hessian_diagonal<F, O>(theta: &[f64], f: F) -> Estimator<Passes<'_, Diagonal, OfClosure<F, O>>>
where
    F: Fn(&[Twice], &mut Handle<Twice>) -> O,
    O: Returned<Twice>,
{
    Estimator::new(Passes { theta, pattern: Diagonal, body: OfClosure::new(f) })
}

/// The value, the gradient, and the product of the Hessian with `v`: the derivative of the gradient along `v`.
///
/// * Needs, bias, variance: as [`pathwise_hessian`](super::pathwise_hessian).
/// * Cost: a run for every eight parameters, in nested jets with 18 numbers.
/// * When: Newton's method by conjugate gradients, or one direction that matters.
///
/// # Errors
/// The estimate is an error if `v` is not as long as `theta`, or not finite.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// let theta: Vec<f64> = (1..=20).map(f64::from).collect();
/// let e = estimate::pathwise_hessian_vector(&theta, &[0.5; 20], |theta, chance| {
///     let z = chance.normal();
///     theta.iter().fold(theta[0] * 0.0, |sum, t| sum + t.powi(3) * z * z)
/// })
/// .run_seed(1)
/// .unwrap();
/// assert!((e.curvature[19] - 60.0).abs() < 5.0 * e.curvature_se[19]);
/// ```
pub fn pathwise_hessian_vector<'a, F, O>(
    theta: &'a [f64],
    v: &'a [f64],
    f: F,
) -> Estimator<Passes<'a, Direction<'a>, OfClosure<F, O>>>
where
    F: Fn(&[Along], &mut Handle<Along>) -> O,
    O: Returned<Along>,
{
    Estimator::new(Passes { theta, pattern: Direction { v }, body: OfClosure::new(f) })
}

/// All second derivatives, by pairs of chunks: the pattern of [`pathwise_hessian_dyn`].
#[derive(Clone, Copy, Debug)]
pub struct AllPairs;

impl Sealed for AllPairs {}

impl AllPairs {
    /// The two chunks of a pass, the first not after the second: row by row of a triangle.
    fn chunks(pass: usize) -> (usize, usize) {
        let (mut second, mut before) = (0, 0);
        while before + second < pass {
            before += second + 1;
            second += 1;
        }
        (pass - before, second)
    }

    /// The number of the second derivative in parameters i <= j, after the gradient.
    fn entry(i: usize, j: usize) -> usize {
        j * (j + 1) / 2 + i
    }
}

impl Pattern for AllPairs {
    type Number = Second;
    type Estimate<V: Values> = HessianEstimate<V::Of<Vec<Vec<f64>>>, V::Of<Vec<f64>>, V::Of<f64>>;

    fn derivatives(&self, parameters: usize) -> usize {
        parameters + parameters * (parameters + 1) / 2
    }

    fn passes(&self, parameters: usize) -> usize {
        let chunks = parameters.div_ceil(CHUNK);
        chunks * (chunks + 1) / 2
    }

    fn enter(&self, pass: usize, _: u64, theta: &[f64], x: &mut [Second]) {
        let (one, other) = AllPairs::chunks(pass);
        let (one, other) = (chunk::<CHUNK>(one, theta.len()), chunk::<CHUNK>(other, theta.len()));
        one.clone().for_each(|i| x[i].eps[i - one.start] = Jet::constant(1.0));
        other.clone().for_each(|j| x[j].re.eps[j - other.start] = 1.0);
    }

    fn leave(&self, pass: usize, theta: &[f64], x: &mut [Second]) {
        let (one, other) = AllPairs::chunks(pass);
        let both = chunk::<CHUNK>(one, theta.len()).chain(chunk::<CHUNK>(other, theta.len()));
        both.for_each(|i| x[i] = Jet::from(theta[i]));
    }

    fn collect(&self, pass: usize, _: u64, parameters: usize, y: Second, derivatives: &mut [f64]) {
        let (one, other) = AllPairs::chunks(pass);
        let (one, other) = (chunk::<CHUNK>(one, parameters), chunk::<CHUNK>(other, parameters));
        let (gradient, hessian) = derivatives.split_at_mut(parameters);
        for j in other.clone() {
            gradient[j] = y.re.eps[j - other.start];
            for i in one.start..one.end.min(j + 1) {
                hessian[AllPairs::entry(i, j)] = y.eps[i - one.start].eps[j - other.start];
            }
        }
    }

    fn locate(&self, i: usize, parameters: usize) -> Component {
        if i < parameters {
            return Component::Gradient(i);
        }
        let entry = i - parameters;
        let column = (0..parameters).rfind(|j| AllPairs::entry(0, *j) <= entry).unwrap_or(0);
        Component::Hessian(entry - AllPairs::entry(0, column), column)
    }

    fn estimate<V: Values>(&self, moments: &Moments<Vec<f64>, f64>, parameters: usize) -> Self::Estimate<V> {
        let flat = Flat::<V>::of(moments, self.derivatives(parameters));
        let hessian = |row: &[f64]| -> Vec<Vec<f64>> {
            let entry = |i: usize, j: usize| row[parameters + AllPairs::entry(i.min(j), i.max(j))];
            (0..parameters).map(|i| (0..parameters).map(|j| entry(i, j)).collect()).collect()
        };
        HessianEstimate {
            samples: moments.count(),
            observations: moments.count(),
            value: flat.values(),
            value_se: flat.value_errors(),
            gradient: flat.means(|row| row[..parameters].to_vec()),
            gradient_se: flat.errors(|row| row[..parameters].to_vec()),
            hessian: flat.means(hessian),
            hessian_se: flat.errors(hessian),
            notes: flat.notes(|i| self.locate(i, parameters)),
        }
    }
}

/// The diagonal of the Hessian, a parameter at a time: the pattern of [`pathwise_hessian_diagonal`].
#[derive(Clone, Copy, Debug)]
pub struct Diagonal;

impl Sealed for Diagonal {}

impl Pattern for Diagonal {
    type Number = Twice;
    type Estimate<V: Values> = CurvatureEstimate<V::Of<Vec<f64>>, V::Of<f64>>;

    fn derivatives(&self, parameters: usize) -> usize {
        2 * parameters
    }

    fn passes(&self, parameters: usize) -> usize {
        parameters
    }

    fn enter(&self, pass: usize, _: u64, theta: &[f64], x: &mut [Twice]) {
        if pass < theta.len() {
            x[pass] = Jet::variable(Jet::variable(theta[pass], 0), 0);
        }
    }

    fn leave(&self, pass: usize, theta: &[f64], x: &mut [Twice]) {
        if pass < theta.len() {
            x[pass] = Jet::from(theta[pass]);
        }
    }

    fn collect(&self, pass: usize, _: u64, parameters: usize, y: Twice, derivatives: &mut [f64]) {
        if pass < parameters {
            derivatives[pass] = y.re.eps[0];
            derivatives[parameters + pass] = y.eps[0].eps[0];
        }
    }

    fn locate(&self, i: usize, parameters: usize) -> Component {
        if i < parameters { Component::Gradient(i) } else { Component::Hessian(i - parameters, i - parameters) }
    }

    fn estimate<V: Values>(&self, moments: &Moments<Vec<f64>, f64>, parameters: usize) -> Self::Estimate<V> {
        let flat = Flat::<V>::of(moments, self.derivatives(parameters));
        CurvatureEstimate::of(Curvature::Diagonal, &flat, parameters, |i| self.locate(i, parameters))
    }
}

/// The product of the Hessian with a vector: the pattern of [`pathwise_hessian_vector`].
#[derive(Clone, Copy, Debug)]
pub struct Direction<'a> {
    v: &'a [f64],
}

impl Sealed for Direction<'_> {}

impl Direction<'_> {
    fn constant(&self, i: usize, theta: &[f64]) -> Along {
        Jet { re: Jet::constant(theta[i]), eps: [Jet::constant(self.v[i])] }
    }
}

impl Pattern for Direction<'_> {
    type Number = Along;
    type Estimate<V: Values> = CurvatureEstimate<V::Of<Vec<f64>>, V::Of<f64>>;

    fn check<E>(&self, parameters: usize) -> Result<(), EstimateError<E>> {
        if self.v.len() != parameters {
            let (name, value) = ("the length of the direction", self.v.len() as f64);
            return Err(EstimateError::Setting { name, range: "the number of parameters", value });
        }
        match self.v.iter().find(|v| !v.is_finite()) {
            Some(v) => Err(EstimateError::Setting { name: "the direction", range: "finite", value: *v }),
            None => Ok(()),
        }
    }

    fn derivatives(&self, parameters: usize) -> usize {
        2 * parameters
    }

    fn passes(&self, parameters: usize) -> usize {
        parameters.div_ceil(CHUNK)
    }

    fn enter(&self, pass: usize, _: u64, theta: &[f64], x: &mut [Along]) {
        if pass == 0 {
            (0..theta.len()).for_each(|i| x[i] = self.constant(i, theta));
        }
        let chunk = chunk::<CHUNK>(pass, theta.len());
        chunk.clone().for_each(|i| x[i].re = Jet::variable(theta[i], i - chunk.start));
    }

    fn leave(&self, pass: usize, theta: &[f64], x: &mut [Along]) {
        chunk::<CHUNK>(pass, theta.len()).for_each(|i| x[i] = self.constant(i, theta));
    }

    fn collect(&self, pass: usize, _: u64, parameters: usize, y: Along, derivatives: &mut [f64]) {
        let chunk = chunk::<CHUNK>(pass, parameters);
        let (gradient, product) = derivatives.split_at_mut(parameters);
        gradient[chunk.clone()].copy_from_slice(&y.re.eps[..chunk.len()]);
        product[chunk.clone()].copy_from_slice(&y.eps[0].eps[..chunk.len()]);
    }

    fn locate(&self, i: usize, parameters: usize) -> Component {
        if i < parameters { Component::Gradient(i) } else { Component::Product(i - parameters) }
    }

    fn estimate<V: Values>(&self, moments: &Moments<Vec<f64>, f64>, parameters: usize) -> Self::Estimate<V> {
        let flat = Flat::<V>::of(moments, self.derivatives(parameters));
        CurvatureEstimate::of(Curvature::Product, &flat, parameters, |i| self.locate(i, parameters))
    }
}

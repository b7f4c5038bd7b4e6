//! Gradients from random directions.

use super::components::Component;
use super::estimator::{Estimator, sealed::Sealed};
use super::flat::{self, FlatEstimate};
use super::moments::Moments;
use super::passes::{OfClosure, Passes, Pattern};
use super::pathwise::Handle;
use super::returned::Returned;
use crate::program::{Stream, Values};
use crate::scalar::Jet;
use alloc::vec::Vec;
use rand::Rng;

/// The number of directions of a sample.
const DIRECTIONS: usize = 8;

/// The value and gradient of E\[f(θ, noise)\] from random directions (forward gradients): one run a sample, whatever the
/// number of parameters.
///
/// Each sample has eight directions of its own, whose components are 1 or -1 with probability 1/2. The derivative along
/// a direction, times the direction, has the gradient as its expectation: the directions are independent of the noise.
///
/// * Needs: as [`pathwise`](super::pathwise).
/// * Bias: none.
/// * Variance: of the derivative in parameter i, that of [`pathwise_dyn`](super::pathwise_dyn) plus
///   Σ_{j ≠ i} E[(∂f/∂θ_j)²] / 8 a sample.
/// * Cost: one run in jets with eight partials a sample.
/// * When: very many parameters, memory for no tape, and a use that takes noisy gradients: stochastic gradient descent.
///
/// Source: Baydin et al. 2022, *Gradients without Backpropagation*.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// let theta = [1.0; 100];
/// let e = estimate::forward_gradient(&theta, |theta, chance| {
///     theta.iter().fold(theta[0] * 0.0, |sum, t| sum + *t * *t * chance.uniform())
/// })
/// .run_seed(1)
/// .unwrap();
/// assert!((e.gradient[99] - 1.0).abs() < 5.0 * e.gradient_se[99]);
/// ```
pub fn forward_gradient<F, O>(theta: &[f64], f: F) -> Estimator<Passes<'_, Random, OfClosure<F, O>>>
where
    F: Fn(&[Jet<f64, DIRECTIONS>], &mut Handle<Jet<f64, DIRECTIONS>>) -> O,
    O: Returned<Jet<f64, DIRECTIONS>>,
{
    Estimator::new(Passes { theta, pattern: Random, body: OfClosure::new(f) })
}

/// Random directions: the pattern of [`forward_gradient`].
#[derive(Clone, Copy, Debug)]
pub struct Random;

impl Sealed for Random {}

/// The random signs of a sample, one byte a parameter: a bit for each direction.
struct Signs {
    stream: Stream,
    /// What is left of a word, and for how many parameters.
    bits: u64,
    left: u32,
}

impl Signs {
    /// They are none of the program's random numbers.
    fn new(key: u64) -> Self {
        Signs { stream: Stream::new(key ^ 0x5167_5167_5167_5167), bits: 0, left: 0 }
    }

    fn next(&mut self) -> [f64; DIRECTIONS] {
        if self.left == 0 {
            (self.bits, self.left) = (self.stream.next_u64(), 8);
        }
        let byte = self.bits as u8;
        (self.bits, self.left) = (self.bits >> 8, self.left - 1);
        core::array::from_fn(|k| if byte >> k & 1 == 1 { 1.0 } else { -1.0 })
    }
}

impl Pattern for Random {
    type Number = Jet<f64, DIRECTIONS>;
    type Estimate<V: Values> = FlatEstimate<V>;

    fn derivatives(&self, parameters: usize) -> usize {
        parameters
    }

    fn passes(&self, _: usize) -> usize {
        1
    }

    fn enter(&self, _: usize, key: u64, _: &[f64], x: &mut [Jet<f64, DIRECTIONS>]) {
        let mut signs = Signs::new(key);
        x.iter_mut().for_each(|x| x.eps = signs.next());
    }

    fn leave(&self, _: usize, _: &[f64], _: &mut [Jet<f64, DIRECTIONS>]) {}

    fn collect(&self, _: usize, key: u64, _: usize, y: Jet<f64, DIRECTIONS>, derivatives: &mut [f64]) {
        let mut signs = Signs::new(key);
        for derivative in derivatives {
            let along = signs.next().into_iter().zip(y.eps).map(|(sign, slope)| sign * slope);
            *derivative = along.sum::<f64>() / DIRECTIONS as f64;
        }
    }

    fn locate(&self, i: usize, _: usize) -> Component {
        Component::Gradient(i)
    }

    fn estimate<V: Values>(&self, moments: &Moments<Vec<f64>, f64>, parameters: usize) -> FlatEstimate<V> {
        flat::estimate::<V>(moments, parameters, 1)
    }
}

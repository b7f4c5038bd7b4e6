//! Samples at a number of parameters known at run time: one row of numbers, result by result, each followed by its
//! derivatives.

use super::components::Component;
use super::error::EstimateError;
use super::moments::Moments;
use super::notes::Notes;
use super::report::Estimate;
use crate::program::Values;
use crate::scalar::Scalar;
use alloc::vec;
use alloc::vec::Vec;
use core::marker::PhantomData;

/// An estimate at any number of parameters: one `Vec` of derivatives a result.
pub(super) type FlatEstimate<V> = Estimate<<V as Values>::Of<Vec<f64>>, <V as Values>::Of<f64>>;

/// A row of results, each followed by its derivatives in all parameters.
pub(super) struct Row {
    pub numbers: Vec<f64>,
    pub width: usize,
}

impl Row {
    /// Of no results.
    pub fn empty(parameters: usize) -> Self {
        Row { numbers: Vec::new(), width: 1 + parameters }
    }

    /// The values of results, without derivatives so far.
    pub fn of<V: Values, S: Scalar>(values: &V::Of<S>, parameters: usize) -> Self {
        let (values, width) = (V::slice(values), 1 + parameters);
        let mut numbers = vec![0.0; values.len() * width];
        numbers.chunks_mut(width).zip(values).for_each(|(row, x): (_, &S)| row[0] = x.re());
        Row { numbers, width }
    }

    /// Result k: the value first.
    pub fn result(&mut self, k: usize) -> &mut [f64] {
        &mut self.numbers[k * self.width..(k + 1) * self.width]
    }

    pub fn results(&self) -> usize {
        self.numbers.len() / self.width
    }

    /// Adds the derivatives of as many results.
    pub fn add_derivatives(&mut self, of: &Row) {
        let numbers = self.numbers.iter_mut().zip(&of.numbers).enumerate();
        numbers.filter(|(i, _)| i % self.width > 0).for_each(|(_, (x, y))| *x += y);
    }
}

/// What number k of a sample is: of which result, and where in it.
pub(super) fn locate(k: usize, parameters: usize) -> (usize, Component) {
    let (result, i) = (k / (1 + parameters), k % (1 + parameters));
    (result, if i == 0 { Component::Value } else { Component::Gradient(i - 1) })
}

/// An error that names the first of these numbers of a sample that is not finite.
pub(super) fn finite<E>(numbers: &[f64], parameters: usize, sample: u64, seed: u64) -> Result<(), EstimateError<E>> {
    match numbers.iter().position(|x| !x.is_finite()) {
        None => Ok(()),
        Some(k) => {
            let (result, component) = locate(k, parameters);
            Err(EstimateError::NotFinite { sample, seed, result, component })
        }
    }
}

/// The estimate from moments of such samples, of `batch` samples each.
pub(super) fn estimate<V: Values>(moments: &Moments<Vec<f64>, f64>, parameters: usize, batch: u64) -> FlatEstimate<V> {
    let flat = Flat::<V>::of(moments, parameters);
    Estimate {
        samples: moments.count() * batch,
        observations: moments.count(),
        value: flat.values(),
        value_se: flat.value_errors(),
        gradient: flat.means(<[f64]>::to_vec),
        gradient_se: flat.errors(<[f64]>::to_vec),
        notes: flat.notes(Component::Gradient),
    }
}

/// The same of an estimator that sees only what has been drawn.
pub(super) fn of_drawn<V: Values>(moments: &Moments<Vec<f64>, f64>, parameters: usize, batch: u64) -> FlatEstimate<V> {
    let mut e = estimate::<V>(moments, parameters, batch);
    e.notes.still = moments.are_still();
    e
}

/// Moments of rows, result by result.
pub(super) struct Flat<'a, V> {
    pub moments: &'a Moments<Vec<f64>, f64>,
    errors: Vec<f64>,
    /// The length of a result's part: its value and derivatives.
    width: usize,
    values: PhantomData<fn() -> V>,
}

impl<'a, V: Values> Flat<'a, V> {
    pub fn of(moments: &'a Moments<Vec<f64>, f64>, derivatives: usize) -> Self {
        Flat { moments, errors: moments.standard_error(), width: 1 + derivatives, values: PhantomData }
    }

    /// Something of the part of each result.
    fn each<T: Clone>(&self, of: &[f64], f: impl Fn(&[f64]) -> T) -> V::Of<T> {
        V::from_fn(of.len() / self.width, |k| f(&of[k * self.width..(k + 1) * self.width]))
    }

    pub fn values(&self) -> V::Of<f64> {
        self.each(self.moments.mean(), |part| part[0])
    }

    pub fn value_errors(&self) -> V::Of<f64> {
        self.each(&self.errors, |part| part[0])
    }

    /// Something of the derivatives of each result.
    pub fn means<T: Clone>(&self, f: impl Fn(&[f64]) -> T) -> V::Of<T> {
        self.each(self.moments.mean(), |part| f(&part[1..]))
    }

    /// The same of their standard errors.
    pub fn errors<T: Clone>(&self, f: impl Fn(&[f64]) -> T) -> V::Of<T> {
        self.each(&self.errors, |part| f(&part[1..]))
    }

    /// The notes, with what derivative i is.
    pub fn notes(&self, locate: impl Fn(usize) -> Component) -> Notes {
        Notes::located(self.moments, |k, _| match k % self.width {
            0 => Component::Value,
            i => locate(i - 1),
        })
    }
}

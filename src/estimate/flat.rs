//! Samples at a number of parameters known at run time: one row of numbers, result by result, each followed by its
//! derivatives.

use super::components::Component;
use super::moments::Moments;
use super::notes::Notes;
use super::report::Estimate;
use crate::program::Values;
use alloc::vec::Vec;

/// An estimate at any number of parameters: one `Vec` of derivatives a result.
pub(super) type FlatEstimate<V> = Estimate<<V as Values>::Of<Vec<f64>>, <V as Values>::Of<f64>>;

/// What number k of a sample is: of which result, and where in it.
pub(super) fn locate(k: usize, parameters: usize) -> (usize, Component) {
    let (result, i) = (k / (1 + parameters), k % (1 + parameters));
    (result, if i == 0 { Component::Value } else { Component::Gradient(i - 1) })
}

/// The estimate from moments of such samples, of `batch` samples each.
pub(super) fn estimate<V: Values>(moments: &Moments<Vec<f64>, f64>, parameters: usize, batch: u64) -> FlatEstimate<V> {
    let width = 1 + parameters;
    let (mean, se) = (moments.mean(), moments.standard_error());
    let results = mean.len() / width;
    let value = |of: &[f64]| V::from_fn(results, |k| of[k * width]);
    let gradient = |of: &[f64]| V::from_fn(results, |k| of[k * width + 1..(k + 1) * width].to_vec());
    Estimate {
        samples: moments.count() * batch,
        observations: moments.count(),
        value: value(mean),
        value_se: value(&se),
        gradient: gradient(mean),
        gradient_se: gradient(&se),
        notes: Notes::located(moments, |k, _| locate(k, parameters).1),
    }
}

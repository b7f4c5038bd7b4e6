//! Estimates with one second derivative for each parameter.

use super::components::Component;
use super::flat::Flat;
use super::notes::Notes;
use super::report::{Row, Rows, half_width, label, width, with_error};
use crate::program::Values;
use alloc::vec::Vec;
use core::fmt;

/// Which second derivatives a [`CurvatureEstimate`] has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Curvature {
    /// The diagonal of the Hessian: d²/dθ_i².
    Diagonal,
    /// The product of the Hessian with a vector: Σ_j d²/dθ_i dθ_j v_j.
    Product,
}

/// The value and gradient of an expectation, and one second derivative for each parameter, with standard errors: from
/// [`pathwise_hessian_diagonal`](super::pathwise_hessian_diagonal) or
/// [`pathwise_hessian_vector`](super::pathwise_hessian_vector).
///
/// For a program that returns several numbers, `value[k]` is result k, and `gradient[k][i]` and `curvature[k][i]` are
/// its derivatives.
///
/// ```
/// use reparam::estimate;
/// let e = estimate::pathwise_hessian_diagonal(&[2.0], |x, _| x[0] * x[0]).samples(100).run_seed(1).unwrap();
/// assert_eq!(e.to_string(), "value      4 ± 0\nd/dθ[0]    4 ± 0\nd²/dθ[0]²  2 ± 0");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct CurvatureEstimate<G, V = f64> {
    /// The number of samples.
    pub samples: u64,
    /// The number of independent observations: that of samples.
    pub observations: u64,
    /// The mean of the samples.
    pub value: V,
    /// Its standard error.
    pub value_se: V,
    /// The mean of the samples' derivatives, one for each parameter.
    pub gradient: G,
    /// Their standard errors.
    pub gradient_se: G,
    /// Which second derivatives there are.
    pub kind: Curvature,
    /// Their means, one for each parameter.
    pub curvature: G,
    /// Their standard errors.
    pub curvature_se: G,
    /// What there is to say against it.
    pub notes: Notes,
}

impl<G, T> CurvatureEstimate<G, T> {
    /// From rows of gradients, each followed by its curvature.
    pub(super) fn of<V: Values<Of<f64> = T, Of<Vec<f64>> = G>>(
        kind: Curvature,
        flat: &Flat<'_, V>,
        parameters: usize,
        locate: impl Fn(usize) -> Component,
    ) -> Self {
        let gradient = |row: &[f64]| row[..parameters].to_vec();
        let curvature = |row: &[f64]| row[parameters..].to_vec();
        CurvatureEstimate {
            samples: flat.moments.count(),
            observations: flat.moments.count(),
            value: flat.values(),
            value_se: flat.value_errors(),
            gradient: flat.means(gradient),
            gradient_se: flat.errors(gradient),
            kind,
            curvature: flat.means(curvature),
            curvature_se: flat.errors(curvature),
            notes: flat.notes(locate),
        }
    }
}

impl<G: Rows, V: Row> CurvatureEstimate<G, V> {
    /// The half width of a confidence interval, in standard errors: see
    /// [`Estimate::half_width`](super::Estimate::half_width).
    pub fn half_width(&self, level: f64) -> f64 {
        half_width(self.observations, level)
    }
}

impl<G: Rows, V: Row> fmt::Display for CurvatureEstimate<G, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = (0..self.curvature.count()).map(|k| self.curvature.row(k).len()).max().unwrap_or(0);
        let column = width(format_args!("d²/dθ[{}]²", last.saturating_sub(1)));
        for (k, (value, se)) in self.value.numbers().iter().zip(self.value_se.numbers()).enumerate() {
            if k > 0 {
                f.write_str("\n")?;
            }
            label(f, column, format_args!("value"))?;
            with_error(f, *value, *se)?;
            for (i, (d, se)) in self.gradient.row(k).iter().zip(self.gradient_se.row(k)).enumerate() {
                f.write_str("\n")?;
                label(f, column, format_args!("d/dθ[{i}]"))?;
                with_error(f, *d, *se)?;
            }
            for (i, (d, se)) in self.curvature.row(k).iter().zip(self.curvature_se.row(k)).enumerate() {
                f.write_str("\n")?;
                match self.kind {
                    Curvature::Diagonal => label(f, column, format_args!("d²/dθ[{i}]²"))?,
                    Curvature::Product => label(f, column, format_args!("(H v)[{i}]"))?,
                }
                with_error(f, *d, *se)?;
            }
        }
        self.notes.write(f, self.observations, &[])
    }
}

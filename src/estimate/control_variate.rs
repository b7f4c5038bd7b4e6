//! Control variates with fitted coefficients.

use super::components::Components;
use super::error::EstimateError;
use super::notes::Notes;
use super::report::{Order, Summary};
use crate::scalar::math;
use core::array;
use core::convert::Infallible;

/// The mean of numbers y, with what K control variates c say about their noise taken out: mean(y - β · c).
///
/// A control variate is a number of the same sample whose expectation is 0 for all parameters, so that its derivatives
/// have expectation 0 too: a score weight less 1, a value less its known mean. Every component of y (value,
/// derivatives) gets coefficients β of its own, by least squares of that component on the same component of the
/// controls. Controls that say nothing, or nothing beyond the others, get the coefficient 0.
///
/// The coefficients are fitted on the samples they are used on: a bias of order 1/n, n the number of samples, below the
/// standard error by a factor of order sqrt(n).
///
/// Source: Glasserman 2003, *Monte Carlo Methods in Financial Engineering*, §4.1.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::estimate::ControlVariates;
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // E[e^z] = e^(1/8) for a normal z with mean 0 and standard deviation 1/2, with z and z² - σ² as controls
/// let [std_dev] = Jet::variables([0.5]);
/// let law = Normal::new(0.0.into(), std_dev)?;
/// let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
/// let mut plain = ControlVariates::new();
/// let mut controlled = ControlVariates::new();
/// for _ in 0..10_000 {
///     let z = law.sample(&mut rng);
///     plain.push(z.exp(), []);
///     controlled.push(z.exp(), [z, z * z - std_dev * std_dev]);
/// }
/// let (plain, controlled) = (plain.estimate()?, controlled.estimate()?);
/// assert!((controlled.value - 0.125f64.exp()).abs() < 5.0 * controlled.value_se);
/// assert!((controlled.gradient[0] - 0.5 * 0.125f64.exp()).abs() < 5.0 * controlled.gradient_se[0]);
/// assert!(controlled.value_se < 0.1 * plain.value_se);
/// assert!(controlled.gradient_se[0] < 0.25 * plain.gradient_se[0]);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct ControlVariates<S, const K: usize> {
    count: u64,
    mean: S,
    control_means: [S; K],
    /// Σ of squared deviations of y, of products with the controls, of products of the controls.
    squares: S,
    with_y: [S; K],
    among: [[S; K]; K],
}

/// A product component by component.
fn times<S: Components>(a: S, b: S) -> S {
    a.zip(b, |a, b| a * b)
}

impl<S: Components, const K: usize> ControlVariates<S, K> {
    /// No samples yet.
    #[expect(clippy::new_without_default, reason = "an estimate of nothing is no default")]
    pub fn new() -> Self {
        let zero = S::from(0.0);
        ControlVariates {
            count: 0,
            mean: zero,
            control_means: [zero; K],
            squares: zero,
            with_y: [zero; K],
            among: [[zero; K]; K],
        }
    }

    /// Adds a sample.
    pub fn push(&mut self, y: S, controls: [S; K]) {
        self.count += 1;
        let share = 1.0 / self.count as f64;
        let before = y - self.mean;
        self.mean += before * share;
        let after = y - self.mean;
        self.squares += times(before, after);
        let offsets: [S; K] = array::from_fn(|i| controls[i] - self.control_means[i]);
        for (mean, offset) in self.control_means.iter_mut().zip(offsets) {
            *mean += offset * share;
        }
        for (i, row) in self.among.iter_mut().enumerate() {
            let control_after = controls[i] - self.control_means[i];
            self.with_y[i] += times(before, control_after);
            for (cell, offset) in row.iter_mut().zip(offsets) {
                *cell += times(offset, control_after);
            }
        }
    }

    /// The coefficients β, those of every component of y in the place of that component.
    pub fn coefficients(&self) -> [S; K] {
        let (mut a, mut b) = (self.among, self.with_y);
        // Gauss-Jordan elimination of all components at once; the matrix is positive semidefinite: no pivoting, and a pivot
        // that rounding has left of a dependent control counts as 0
        for k in 0..K {
            let pivot = a[k][k].zip(self.among[k][k], |p, whole| if p > 1e-12 * whole { p } else { f64::INFINITY });
            let (row, right) = (a[k], b[k]);
            for i in (0..K).filter(|&i| i != k) {
                let factor = a[i][k].zip(pivot, |x, p| x / p);
                for (cell, x) in a[i].iter_mut().zip(row).skip(k) {
                    *cell -= times(factor, x);
                }
                b[i] -= times(factor, right);
            }
            a[k][k] = pivot;
        }
        array::from_fn(|k| b[k].zip(a[k][k], |x, p| x / p))
    }

    /// The estimate, with standard errors from the residuals.
    ///
    /// # Errors
    /// If there are not at least K + 2 samples, or if a component is infinite or NaN.
    pub fn estimate<const N: usize>(&self) -> Result<S::Estimate<f64>, EstimateError<Infallible>>
    where
        S: Order<N>,
    {
        if self.count < K as u64 + 2 {
            return Err(EstimateError::TooFewSamples { samples: self.count });
        }
        let (mut mean, mut residual) = (self.mean, self.squares);
        for (k, beta) in self.coefficients().into_iter().enumerate() {
            mean -= times(beta, self.control_means[k]);
            residual -= times(beta, self.with_y[k]);
        }
        let n = self.count as f64;
        let freedom = n - 1.0 - K as f64;
        let se = residual.zip(residual, |r, _| math::sqrt(r.max(0.0) / freedom / n));
        if !(mean.all_finite() && se.all_finite()) {
            return Err(EstimateError::Overflow);
        }
        let notes = Notes::default();
        Ok(S::report(Summary { samples: self.count, observations: self.count, mean, se, notes }))
    }
}

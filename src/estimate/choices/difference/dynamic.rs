//! Finite differences at a number of parameters known at run time.

use super::super::At;
use crate::estimate::components::Component;
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::{Estimator, Sampler, Seeds, sealed::Sealed};
use crate::estimate::flat::{self, FlatEstimate, Row};
use crate::estimate::moments::Moments;
use crate::program::{ErrorOf, Program, ResultsOf, Values};
use alloc::vec;
use alloc::vec::Vec;
use rand::Rng;

/// [`finite_difference`](super::finite_difference) at any number of parameters.
///
/// * Needs, bias, variance, when: as [`finite_difference`](super::finite_difference). There is no correction of the bias
///   and no pilot: half the step shows a quarter of the bias.
/// * Cost: 2 N + 1 runs in `f64` a sample, the same as N parameters take at a fixed number. It is the one of these
///   estimators whose cost grows with N whatever the program does; [`Estimator::directions`] makes it 2 m + 1 runs, for
///   more noise. Where choices are drawn through the handle's laws, [`martingale_dyn`](super::super::martingale_dyn) has
///   all derivatives of one run.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// let f = program!(|p: &[S], chance| -> S {
///     S::from(p.iter().map(|p| chance.binomial(10, *p)).sum::<u64>() as f64)
/// });
/// let e = estimate::finite_difference_dyn(&[0.6; 12], f, 0.05).samples(2000).run_seed(1).unwrap();
/// assert!((e.gradient[11] - 10.0).abs() < 5.0 * e.gradient_se[11]);
/// let e = estimate::finite_difference_dyn(&[0.6; 12], f, -1.0).run_seed(1).unwrap_err();
/// assert_eq!(e.to_string(), "the step must be positive and finite, not -1");
/// ```
pub fn finite_difference_dyn<P: Program<Theta = [f64]>>(
    theta: &[f64],
    program: P,
    step: f64,
) -> Estimator<FiniteDifferenceDyn<'_, P>> {
    Estimator::new(FiniteDifferenceDyn { theta, program, steps: vec![step; theta.len()], directions: None })
}

/// Differences at any number of parameters: see [`finite_difference_dyn`].
#[derive(Clone, Debug)]
pub struct FiniteDifferenceDyn<'a, P> {
    theta: &'a [f64],
    program: P,
    /// Those of each parameter.
    steps: Vec<f64>,
    /// The number of random directions, if it is along these.
    directions: Option<usize>,
}

impl<P> Estimator<FiniteDifferenceDyn<'_, P>> {
    /// With a step for each parameter.
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// let f = program!(|t: &[S], chance| -> S { S::from((chance.binomial(10, t[0]) + chance.poisson(t[1])) as f64) });
    /// let e = estimate::finite_difference_dyn(&[0.6, 200.0], f, 0.05).steps([0.05, 10.0]).run_seed(1).unwrap();
    /// assert!((e.gradient[1] - 1.0).abs() < 5.0 * e.gradient_se[1] && e.gradient_se[1] < 0.01);
    /// ```
    pub fn steps(mut self, steps: impl Into<Vec<f64>>) -> Self {
        self.sampler.steps = steps.into();
        self
    }

    /// Along so many random directions a sample instead of every parameter (simultaneous perturbation): 2 m + 1 runs,
    /// whatever the number of parameters.
    ///
    /// The components of a direction are the steps with random signs. The difference along it, over the signed step of
    /// a parameter, has the derivative in that parameter as its expectation, up to terms of the order of `step`². To the
    /// variance of each derivative it adds that of all other parameters' differences (in units of their steps) over m:
    /// for uses that take noisy gradients, as [`forward_gradient`](crate::estimate::forward_gradient).
    ///
    /// Source: Spall 1992.
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// let f = program!(|p: &[S], chance| -> S {
    ///     S::from(p.iter().map(|p| chance.binomial(10, *p)).sum::<u64>() as f64)
    /// });
    /// let e = estimate::finite_difference_dyn(&[0.6; 100], f, 0.05).directions(2).samples(2000).run_seed(1).unwrap();
    /// assert!((e.gradient[99] - 10.0).abs() < 5.0 * e.gradient_se[99]);
    /// ```
    pub fn directions(mut self, directions: usize) -> Self {
        self.sampler.directions = Some(directions);
        self
    }
}

impl<P: Program<Theta = [f64]>> FiniteDifferenceDyn<'_, P> {
    /// A parameter's ends of its step in this direction, and how far they are apart: a step as rounding leaves it.
    fn ends(&self, i: usize, sign: f64) -> ([f64; 2], f64) {
        let ends = [self.theta[i] + sign * self.steps[i], self.theta[i] - sign * self.steps[i]];
        (ends, ends[0] - ends[1])
    }

    /// Calls `add` with each result at the parameters x, by its number.
    fn results(
        &self,
        at: At<'_>,
        x: &[f64],
        row: &mut Row,
        add: impl Fn(&mut [f64], f64),
    ) -> Result<(), EstimateError<ErrorOf<P>>> {
        let f = at.values(&self.program, x, &[])?;
        let f: &[f64] = ResultsOf::<P>::slice(&f);
        let (expected, found) = (row.results(), f.len());
        if expected != found {
            return Err(EstimateError::Results { sample: at.sample, expected, found });
        }
        f.iter().enumerate().for_each(|(k, f)| add(&mut row.result(k)[1..], *f));
        Ok(())
    }

    fn by_parameter(&self, at: At<'_>, x: &mut [f64], row: &mut Row) -> Result<(), EstimateError<ErrorOf<P>>> {
        for i in 0..x.len() {
            let (ends, width) = self.ends(i, 1.0);
            for (end, sign) in ends.into_iter().zip([1.0, -1.0]) {
                x[i] = end;
                let done = self.results(at, x, row, |gradient, f| gradient[i] += f * (sign / width));
                x[i] = self.theta[i];
                done?;
            }
        }
        Ok(())
    }

    fn by_directions(&self, m: usize, at: At<'_>, row: &mut Row) -> Result<(), EstimateError<ErrorOf<P>>> {
        let mut noise = at.aside();
        for _ in 0..m {
            let signs = (0..self.theta.len()).map(|_| if noise.next_u64() >> 63 == 0 { 1.0 } else { -1.0 });
            let ends: Vec<_> = signs.enumerate().map(|(i, sign)| self.ends(i, sign)).collect();
            for (side, sign) in [1.0, -1.0].into_iter().enumerate() {
                let x: Vec<f64> = ends.iter().map(|(ends, _)| ends[side]).collect();
                self.results(at, &x, row, |gradient, f| {
                    for (e, (_, width)) in gradient.iter_mut().zip(&ends) {
                        *e += f * (sign / (width * m as f64));
                    }
                })?;
            }
        }
        Ok(())
    }
}

impl<P> Sealed for FiniteDifferenceDyn<'_, P> {}

impl<P: Program<Theta = [f64]>> Sampler for FiniteDifferenceDyn<'_, P> {
    type Values = Vec<f64>;
    type Number = f64;
    type Error = ErrorOf<P>;
    type Estimate = FlatEstimate<ResultsOf<P>>;
    /// The parameters, of which one at a time moves.
    type State = Vec<f64>;

    fn parameters(&self) -> &[f64] {
        self.theta
    }

    fn check(&self) -> Result<(), EstimateError<ErrorOf<P>>> {
        let refused = |name, range, value| Err(EstimateError::Setting { name, range, value });
        if self.steps.len() != self.theta.len() {
            return refused("the number of steps", "that of the parameters", self.steps.len() as f64);
        }
        if let Some(step) = self.steps.iter().find(|step| !(**step > 0.0 && step.is_finite())) {
            return refused("the step", "positive and finite", *step);
        }
        if self.directions == Some(0) {
            return refused("the number of directions", "at least 1", 0.0);
        }
        match (0..self.steps.len()).find(|i| self.ends(*i, 1.0).1 == 0.0) {
            Some(i) => refused("the step", "large enough to move every parameter", self.steps[i]),
            None => Ok(()),
        }
    }

    fn start(&self, _: u64, _: Seeds) -> Vec<f64> {
        self.theta.to_vec()
    }

    fn batch_mean(&self, x: &mut Vec<f64>, sample: u64, seeds: Seeds) -> Result<Vec<f64>, EstimateError<ErrorOf<P>>> {
        let at = At::new(sample, seeds);
        let f = at.values(&self.program, x.as_slice(), &[])?;
        let mut row = Row::of::<ResultsOf<P>, f64>(&f, x.len());
        match self.directions {
            None => self.by_parameter(at, x, &mut row)?,
            Some(m) => self.by_directions(m, at, &mut row)?,
        }
        Ok(row.numbers)
    }

    fn locate(&self, k: usize, _: Component) -> (usize, Component) {
        flat::locate(k, self.theta.len())
    }

    fn estimate(&self, moments: &Moments<Vec<f64>, f64>) -> Self::Estimate {
        flat::of_drawn::<ResultsOf<P>>(moments, self.theta.len(), 1)
    }
}

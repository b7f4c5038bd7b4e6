//! Finite differences with common random numbers.

#[cfg(feature = "alloc")]
mod dynamic;
#[cfg(feature = "alloc")]
mod hessian;
mod pilot;
mod stencil;

#[cfg(feature = "alloc")]
pub use dynamic::{FiniteDifferenceDyn, finite_difference_dyn};
#[cfg(feature = "alloc")]
pub use hessian::martingale_hessian;
pub use stencil::{FiniteDifference, OfValues, Richardson};

use super::ByChoices;
use crate::estimate::estimator::Estimator;
use crate::program::Program;

/// The value and gradient of a program with choices by central differences on the same random numbers.
///
/// * Needs: nothing of the program, not even that choices are drawn through the handle's laws.
/// * Bias: of the order of `step`², third derivatives times step²/6. It is not seen by the standard error:
///   [`Estimator::richardson`] estimates it and takes it out, [`Estimator::pilot`] finds a step where it is small.
/// * Variance: of the order of 1/`step`, as a choice changes with probability in proportion to the step and then counts
///   for 1/step. Halving the step doubles the variance and quarters the bias.
/// * Cost: 2 N + 1 runs, all in `f64`.
/// * When: counts are large (populations of thousands), where it has the least variance of all, and a bias below the
///   standard error will do; and to check the others.
///
/// Source: Glasserman 2003, *Monte Carlo Methods in Financial Engineering*, §7.1.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::{estimate, prelude::*};
/// let f = program!(|[p]: [S; 1], chance| -> S { S::from(chance.binomial(10, p) as f64) });
/// let e = estimate::finite_difference([0.6], f, 0.01).run(&mut Xoshiro256PlusPlus::seed_from_u64(1)).unwrap();
/// assert!((e.gradient[0] - 10.0).abs() < 5.0 * e.gradient_se[0]);
/// assert!(estimate::finite_difference([0.6], f, 0.0).run_seed(1).is_err());
/// let e = estimate::finite_difference([0.6], f, 1e-20).run_seed(1).unwrap_err();
/// assert!(e.to_string().contains("large enough to move every parameter"));
/// ```
pub fn finite_difference<P: Program<Theta = [f64; N]>, const N: usize>(
    theta: [f64; N],
    program: P,
    step: f64,
) -> Estimator<ByChoices<FiniteDifference<OfValues, N>, P, [f64; N]>> {
    ByChoices::about(theta, program, FiniteDifference::of(OfValues, [step; N]))
}

impl<M, P, T, const N: usize> Estimator<ByChoices<FiniteDifference<M, N>, P, T>> {
    /// With a step for each parameter.
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// let f = program!(|[p, rate]: [S; 2], chance| -> S {
    ///     S::from((chance.binomial(10, p) + chance.poisson(rate)) as f64)
    /// });
    /// let e = estimate::finite_difference([0.6, 200.0], f, 0.05).steps([0.05, 10.0]).run_seed(1).unwrap();
    /// assert!((e.gradient[1] - 1.0).abs() < 5.0 * e.gradient_se[1] && e.gradient_se[1] < 0.01);
    /// ```
    pub fn steps(mut self, steps: [f64; N]) -> Self {
        self.sampler.method.steps = steps;
        self
    }

    /// The steps, as they were given or found by a pilot.
    pub fn chosen_steps(&self) -> [f64; N] {
        self.sampler.method.steps
    }

    /// With Richardson's correction, (D(h) - D(2h))/3 for the difference D(h) with step h: the bias is of the order of
    /// `step`⁴ then, and that of plain differences is estimated.
    ///
    /// It is made in a random quarter of the samples, on the same random numbers, where it counts four times: so it
    /// costs half of a run a parameter, and twice to four times the step, with less variance, has a smaller bias than
    /// without.
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// // E k³ is a cubic in p: no bias is left
    /// let f = program!(|[p]: [S; 1], chance| -> S { S::from((chance.binomial(5, p) as f64).powi(3)) });
    /// let e = estimate::finite_difference([0.4], f, 0.1).richardson().samples(40_000).run_seed(1).unwrap();
    /// // 5 + 120 p + 180 p²
    /// assert!((e.estimate.gradient[0] - 81.8).abs() < 5.0 * e.estimate.gradient_se[0]);
    /// ```
    pub fn richardson(self) -> Estimator<ByChoices<Richardson<M, N>, P, T>> {
        self.map(|ByChoices { theta, program, method }| ByChoices { theta, program, method: Richardson(method) })
    }
}

impl<M, P, T, const N: usize> Estimator<ByChoices<Richardson<M, N>, P, T>> {
    /// The smaller of the two steps of each parameter, as they were given or found by a pilot.
    pub fn chosen_steps(&self) -> [f64; N] {
        self.sampler.method.0.steps
    }
}

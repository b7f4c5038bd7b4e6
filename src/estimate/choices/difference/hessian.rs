//! Second derivatives by differences of gradients that have little noise.

use super::super::{ByChoices, Martingale};
use super::FiniteDifference;
use crate::estimate::estimator::Estimator;
use crate::program::Program;

/// The value, gradient and Hessian of a program with choices: differences of [`martingale`](super::super::martingale) gradients to
/// both sides of each parameter, on the same random numbers, each with its own fit.
///
/// * Needs: what `martingale` needs, at the parameters to both sides as well.
/// * Bias: value and gradient none; second derivatives of the order of `step`², fourth derivatives times step²/6. It is
///   not seen by the standard error: [`Estimator::richardson`] estimates it and takes it out.
/// * Variance: of the order of 1/`step`: steps may be large, a tenth of a parameter or more.
/// * Cost: 2 N + 1 runs of `martingale` a sample, and as many fits.
/// * When: second derivatives of counts and populations, where those by scores
///   ([`score_hessian`](super::super::score_hessian)) have ten to a hundred times the standard error.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// // ten rounds of a game for two: E k² of a binomial number is n p (1 - p) + n² p²
/// let f = program!(|[p]: [S; 1], chance| -> S {
///     let k = (0..10).filter(|_| chance.bernoulli(p)).count() as f64;
///     S::from(k * k)
/// });
/// let e = estimate::martingale_hessian([0.4], f, 0.05).run_seed(1).unwrap();
/// assert!((e.hessian[0][0] - 180.0).abs() < 5.0 * e.hessian_se[0][0]);
/// let by_scores = estimate::score_hessian([0.4], f).run_seed(1).unwrap();
/// assert!(e.hessian_se[0][0] < 0.2 * by_scores.hessian_se[0][0]);
/// ```
pub fn martingale_hessian<P: Program<Theta = [f64; N]>, const N: usize>(
    theta: [f64; N],
    program: P,
    step: f64,
) -> Estimator<ByChoices<FiniteDifference<Martingale, N>, P, [f64; N]>> {
    ByChoices::about(theta, program, FiniteDifference::of(Martingale::new(), [step; N]))
}

//! Estimates of [`reparam`] as problems of [`argmin`].
//!
//! A Monte Carlo estimate at a fixed seed uses the same random numbers at every point. It is then a smooth function of the
//! parameters, without noise, and its pathwise gradient is exactly the gradient of that function. So the whole of argmin
//! applies: quasi-Newton methods with line searches, trust regions, its observers, termination criteria and checkpoints.
//! (Stochastic steps, for gradients with new noise each time, are in [`reparam::step`].)
//!
//! ```
//! use argmin::core::{Executor, State};
//! use argmin::solver::{linesearch::MoreThuenteLineSearch, quasinewton::LBFGS};
//! use reparam::{estimate, objective, prelude::*};
//! use reparam_argmin::SameNoise;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // a normal law fitted to a gamma posterior of shape 50 and rate 10, by its ELBO, which is to be large
//! let problem = SameNoise::new(1, |theta: &[f64], seed| {
//!     estimate::pathwise([theta[0], theta[1]], |[mean, ln_sd], chance| -> Result<_, LawError> {
//!         let posterior = Gamma::new(50.0.into(), 10.0.into())?;
//!         objective::elbo(&Normal::new(mean, ln_sd.exp())?, |z| Ok(posterior.ln_pdf(*z)), chance)
//!     })
//!     .samples(2000)
//!     .run_seed(seed)
//! })
//! .maximize();
//! let search = LBFGS::new(MoreThuenteLineSearch::new(), 5).with_tolerance_grad(1e-8)?;
//! let run = Executor::new(problem, search).configure(|state| state.param(vec![4.5, -1.0]).max_iters(50)).run()?;
//! let best = run.state().get_best_param().unwrap();
//! // about the mean 5 and the standard deviation √50/10
//! assert!((best[0] - 5.0).abs() < 0.1 && (best[1].exp() - 0.707).abs() < 0.05);
//! # Ok(()) }
//! ```
//!
//! # What to mind
//! * **The optimum is that of these random numbers.** It is off the true one by an error that falls like 1/√n: run with another
//!   seed to see how far, or take quasi-random points (`estimate::quasi`), whose optimum is nearer.
//! * **The gradient must be that of the value.** Pathwise gradients are. Scores, replay and gradients that leave out what has mean
//!   0 ([`reparam::objective::sticking_the_landing`]) are right on average only: a line search loses its way with them. For
//!   bounds take `elbo`, or `ln_p + q.entropy()`, which has less noise.
//! * **What jumps is not smooth.** Choices drawn at a fixed seed jump as parameters move.
//!
//! # Observers and checkpoints
//! They are argmin's own: `Executor::add_observer`, and `Executor::checkpointing` with the crate `argmin-checkpointing-file` and
//! the feature `serde1` of argmin. A problem keeps no state that changes results, so that a run which is stopped and goes on from
//! its checkpoint ends at the same bits; the limit of steps is part of the checkpoint. The example `resumed` does both.

mod evaluated;
mod problem;

pub use evaluated::{Curved, Evaluated};
pub use problem::SameNoise;

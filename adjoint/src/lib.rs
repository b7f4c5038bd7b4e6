//! Reverse mode for [`reparam`]: gradients in thousands of parameters at the cost of a few runs.
//!
//! `reparam` works in forward mode: its numbers carry derivatives along, a run costs more the more parameters there
//! are, and nothing is recorded. This crate adds a number of the other kind, [`Var`], on `reparam`'s public trait
//! [`Scalar`](reparam::scalar::Scalar) alone. It records how numbers come about on an arena that is cleared after every
//! sample, and one way back gives the derivatives in all parameters. Every law, special function and program of
//! `reparam` runs in it as it is, with the same values bit for bit.
//!
//! ```
//! use reparam::distr::LawError;
//! use reparam::prelude::*;
//! use reparam_adjoint::Var;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // E Σ sin(μ_i + σ_i z): a thousand means and a thousand standard deviations
//! let theta: Vec<f64> = (0..2000).map(|i| 0.5 + f64::from(i) * 1e-4).collect();
//! let e = reparam_adjoint::pathwise(&theta, |theta, rng| -> Result<Var, LawError> {
//!     let (means, deviations) = theta.split_at(1000);
//!     let mut sum = Var::from(0.0);
//!     for (mean, deviation) in means.iter().zip(deviations) {
//!         sum += Normal::new(*mean, *deviation)?.sample(rng).sin();
//!     }
//!     Ok(sum)
//! })
//! .samples(2000)
//! .run_seed(1)?;
//! // E sin(μ + σ z) = sin(μ) e^(-σ²/2)
//! let (mean, deviation) = (theta[3], theta[1003]);
//! let exact = mean.cos() * (-0.5 * deviation * deviation).exp();
//! assert!((e.gradient[3] - exact).abs() < 5.0 * e.gradient_se[3]);
//! # Ok(()) }
//! ```
//!
//! [`gradient`], [`jacobian`], [`hessian_vector`] and [`hessian`] differentiate deterministic functions, or one sample
//! at a fixed seed. The last two are forward over reverse: jets inside the adjoints, `Var<Jet<f64, N>>`.
//!
//! # When which mode wins
//! | your program | use | cost of a sample |
//! |---|---|---|
//! | up to about ten parameters | jets, [`reparam::estimate::pathwise`] | 1 to 2 runs in `f64` |
//! | draws of few parameters each, a model with its gradient | [`reparam::estimate::local`] | that gradient |
//! | tens of parameters and more | this crate | 3 to 8 runs in `f64` |
//! | discrete choices, of few parameters each | [`reparam::estimate::score_dyn`], [`reparam::estimate::replay_dyn`] | 2 to 4 runs |
//! | discrete choices, each of many parameters | [`score`] here | 3 to 8 runs |
//! | an arena that does not fit into memory | chunks, [`reparam::estimate::pathwise_dyn`] | N/8 runs in jets |
//! | a Hessian times a vector | [`hessian_vector`] here | 4 gradients here |
//! | all second derivatives | [`hessian`] here; nested jets below ten parameters | N/8 runs over jets |
//!
//! Reverse mode sees no derivative of a discrete choice, as no pathwise derivative does: [`score`] counts choices by
//! their scores. The numbers of `score_dyn` and `replay_dyn` carry the few derivatives that each has. The arena has 16 bytes for each addition, 32 for each product.
//!
//! Where jets and adjoints cost the same depends on the program: a jet pays for each parameter in every operation, an
//! adjoint for every operation with two numbers that move. Draws of gamma, beta and like variables pay most for their
//! special functions, in both alike.
//!
//! Measured by `cargo run --release -p reparam-adjoint --example modes`, on a server with an AMD EPYC processor, one
//! thread. Ratios are to the first row of each table; all ways take turns in one run.
#![doc = ""]
#![doc = include_str!("modes.md")]

mod estimate;
mod functions;
mod score;
mod tape;
mod var;

pub use estimate::{Closure, OfProgram, pathwise, pathwise_program};
pub use functions::{gradient, hessian, hessian_vector, jacobian};
pub use score::{Score, ScoreError, score};
pub use tape::Base;
pub use var::Var;

//! Monte Carlo expectations: the value, gradient and Hessian of E[f(θ, noise)], each with its standard error.
//!
//! A program is a closure of its parameters and a random number generator. It builds laws from the parameters, draws and
//! computes; what it returns carries its derivatives, and averages of them estimate the derivatives of the expectation.
//! That is right for programs that are continuous in their parameters at fixed noise (and differentiable but for kinks):
//! what is drawn may depend on parameters smoothly, which branch is taken may not.
//!
//! | entry | parameters | the closure's numbers | result |
//! |---|---|---|---|
//! | [`pathwise`] | `[f64; N]` | `[Jet<f64, N>; N]` | [`Estimate`]: value and gradient |
//! | [`pathwise_hessian`] | `[f64; N]` | `[Jet<Jet<f64, N>, N>; N]` | [`HessianEstimate`]: the Hessian as well |
//! | [`pathwise_dyn`] | `&[f64]` | `&[Jet<f64, 8>]` | [`Estimate`] with vectors |
//!
//! For programs that make discrete choices, written with [`program!`](crate::program!) and described in the [module](mod@crate::program) of that name:
//!
//! | entry | result | |
//! |---|---|---|
//! | [`mix`] | gradient | replay and score, mixed: the one to start with |
//! | [`replay`], [`replay_hessian`] | gradient, Hessian | one choice made otherwise on the same noise |
//! | [`score`], [`score_hessian`] | gradient, Hessian | score weights with a baseline |
//! | [`finite_difference`] | gradient | biased; for comparison |
//! | [`measure_valued`] | one derivative | for a function, smooth or not, of one draw |
//!
//! As with num-dual's `gradient` and `hessian`, the closure receives the numbers of the order asked for, and one function
//! that is generic over [`Scalar`](crate::scalar::Scalar) serves all of them. It returns a number, or a `Result` of one, so
//! that `?` works on the constructors of laws.
//!
//! ```
//! use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
//! use reparam::distr::LawError;
//! use reparam::{estimate, prelude::*};
//!
//! // E[z^2] = mean^2 + std_dev^2
//! fn square<S: Scalar, R: Rng>([mean, std_dev]: [S; 2], rng: &mut R) -> Result<S, LawError> {
//!     Ok(Normal::new(mean, std_dev)?.sample(rng).powi(2))
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
//! let e = estimate::pathwise([0.3, 1.2], square).samples(100_000).run(&mut rng)?;
//! assert!((e.gradient[0] - 0.6).abs() < 5.0 * e.gradient_se[0]);
//! println!("{e}"); // value ± standard error, and the same for each derivative
//!
//! let h = estimate::pathwise_hessian([0.3, 1.2], square).samples(100_000).run(&mut rng)?;
//! assert_eq!(h.hessian[0][0], 2.0);
//! assert!((h.hessian[1][1] - 2.0).abs() < 5.0 * h.hessian_se[1][1]);
//! # Ok(()) }
//! ```
//!
//! # Seeds and threads
//! `run` takes one number of a generator as the seed of all samples, `run_seed` takes the seed itself, and `par_run` (feature `rayon`) runs
//! on all cores. All give the same bits for one seed, for any number of threads: samples come in blocks of [`BLOCK`], each with random
//! numbers of its own, and blocks are added up along one tree. An error names sample and seed, and `rerun` repeats that sample alone.

mod baseline;
mod choices;
mod components;
mod control_variate;
#[cfg(feature = "alloc")]
mod dynamic;
mod error;
mod estimator;
#[cfg(feature = "alloc")]
mod flat;
mod function;
mod measure_valued;
mod moments;
mod notes;
#[cfg(feature = "alloc")]
mod partial;
mod pathwise;
#[cfg(feature = "alloc")]
mod quasi;
mod report;
mod returned;

pub use baseline::{MovingAverage, leave_one_out};
pub use choices::*;
pub use components::{Component, Components};
pub use control_variate::ControlVariates;
#[cfg(feature = "alloc")]
pub use dynamic::{Body, Chunks, OfClosure, OfProgram, pathwise_chunks, pathwise_dyn, pathwise_program_dyn};
pub use error::EstimateError;
pub use estimator::{BLOCK, DEFAULT_SAMPLES, Estimator, Sampler, Seeds, Stopped};
pub use function::{Moved, OfExpectations};
pub use measure_valued::{MeasureValued, WeakDerivative, measure_valued};
pub use moments::{Block, Moments};
pub use notes::Notes;
#[cfg(feature = "alloc")]
pub use partial::{MergeError, Partial, PartialOf};
pub use pathwise::{Closure, Handle, Smooth, pathwise, pathwise_hessian, pathwise_program, pathwise_program_hessian};
#[cfg(feature = "alloc")]
pub use quasi::{Points, Quasi, quasi, quasi_hessian};
pub use report::{Estimate, HessianEstimate, Matrices, Named, Order, Row, Rows};
pub use returned::{Returned, Sure};

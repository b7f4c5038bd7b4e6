//! The numbers: the trait [`Scalar`], the dual number [`Jet`], and the numbers of the `num-dual` crate.
//!
//! A function that is generic over [`Scalar`] computes a value from `f64` and, unchanged, its derivatives from dual
//! numbers. Everything above this floor is written that way. Nothing here knows about probability.
//!
//! ```
//! use reparam::scalar::{Jet, Scalar};
//! fn area<S: Scalar>(radius: S) -> S {
//!     radius.powi(2) * core::f64::consts::PI
//! }
//! let [radius] = Jet::variables([2.0]);
//! assert_eq!(area(radius).re, area(2.0));
//! assert_eq!(area(radius).eps[0], 4.0 * core::f64::consts::PI); // 2 π r
//! ```
#![doc = include_str!("own_type.md")]

mod calculus;
mod elementary;
mod f64;
mod jet;
pub(crate) mod math;
#[cfg(feature = "num-dual")]
mod num_dual;
mod num_traits;
mod number;
mod operators;
mod order;
mod pairs;
pub(crate) mod polynomial;
mod ratios;
#[cfg(feature = "serde")]
mod serde;
mod slices;
pub(crate) mod taylor;
mod unit;

pub use ::num_traits::{One, Zero};
pub use calculus::{gradient, hessian, hessian_vector, jacobian};
#[cfg(feature = "alloc")]
pub use calculus::{gradient_dyn, hessian_vector_dyn};
pub use jet::Jet;
pub(crate) use num_traits::zero_and_one;
pub use number::Scalar;
pub use order::{Derivatives, MAX_ORDER};
pub use slices::{ln_softmax, ln_sum_exp, softmax};

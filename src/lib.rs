//! Differentiable sampling in forward mode, without a tape: random draws that carry exact derivatives with respect to the
//! parameters of their distributions.
//!
//! A sampler here is a generic function of its parameters. Hand it `f64` and it draws numbers; hand it dual numbers, and
//! its draws carry their derivatives, of any order:
//!
//! ```
//! use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
//! use reparam::prelude::*;
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
//!
//! let [scale, shape] = Jet::variables([2.0, 1.5]); // two parameters, two partial derivatives
//! let z = Weibull::new(scale, shape)?.sample(&mut rng);
//! println!("{} with dz/dscale = {}, dz/dshape = {}", z.re, z.eps[0], z.eps[1]);
//! # assert!((z.eps[0] - z.re / 2.0).abs() < 1e-15);
//!
//! // one function, any order
//! fn price<S: Scalar, R: Rng + ?Sized>(spot: S, volatility: S, rng: &mut R) -> S {
//!     let log_return = (volatility * reparam::noise::normal(rng) - volatility * volatility * 0.5).exp();
//!     (spot * log_return - 100.0).max(S::from(0.0))
//! }
//! price(100.0, 0.2, &mut rng); // a plain draw
//! let [spot, volatility] = Jet::second_order([100.0, 0.2]);
//! let (payoff, gradient, hessian) = price(spot, volatility, &mut rng).hessian();
//! # let _ = (payoff, gradient, hessian);
//! # Ok(()) }
//! ```
//!
//! # Modules, from the ground up
//!
//! | module | |
//! |---|---|
//! | [`scalar`] | the numbers: the trait [`scalar::Scalar`], [`scalar::Jet`], the types of the `num-dual` crate |
//! | [`implicit`] | roots that carry derivatives |
//! | [`noise`] | uniform, normal, exponential noise, one by one or in lanes: the only place that touches the bits of a generator |
//! | [`special`] | special functions of any scalar |
//! | `linalg` | dense operations over any scalar (feature `nalgebra`) |
//! | [`step`] | steps of those who fit: Adam, momentum, averages, schedules, natural gradients |
//! | [`distr`] | laws: densities, distribution functions, quantiles, moments, draws; [the table of all](distr#laws) |
//! | [`weighted`] | draws with dual weights: scores, importance weights, particles |
//! | [`relax`] | continuous relaxations of discrete choices, with a temperature |
//! | [`rejection`] | differentiable rejection sampling: exactly weighted, relaxed, adaptive |
//! | [`mod@program`] | programs that make discrete choices: the handle, weights of alternatives, enumeration |
//! | [`objective`] | objectives of variational inference, with gradients of low variance |
//! | [`estimate`] | Monte Carlo expectations with gradients, Hessians and standard errors |
//! | `verify` | checks for samplers and derivatives, yours or these (feature `verify`) |
//!
//! # Promises
//!
//! * **One value.** A draw has the same value, bit for bit, whatever scalar type it carries; it changes at a fixed seed only
//!   in a release that says so. With the feature `libm` it is the same on every platform too (so long as no other crate
//!   turns on `std_math` of `rand_distr`); without it, elementary functions are those of the platform's `std`.
//! * **Branches on values only.** No decision of a sampler looks at a derivative.
//! * **No surprises.** Invalid parameters are errors, never defaults. Valid ones give no NaN, no panic and no endless loop.
//!
//! # Features
//!
//! | feature | default | |
//! |---|---|---|
//! | `std` | yes | elementary functions from `std` |
//! | `libm` | | elementary functions from `libm`, with or without `std`; without `std` this is needed |
//! | `num-dual` | yes | the types of the `num-dual` crate are scalars |
//! | `nalgebra` | yes | laws of vectors and matrices; jets are entries of nalgebra's matrices |
//! | `alloc` | with `std` | numbers of parameters, and sizes of vectors and matrices, that are known at run time only |
//! | `rayon` | | estimates on all cores |
//! | `serde` | | laws and jets (de)serialize |
//! | `verify` | | the module `verify` |
//!
//! `default-features = false, features = ["libm"]` needs neither `std` nor a heap.
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(not(any(feature = "std", feature = "libm")))]
compile_error!("elementary functions come from `std` or from `libm`: enable one of these features");

pub mod distr;
pub mod estimate;
pub mod implicit;
#[cfg(feature = "nalgebra")]
pub mod linalg;
pub mod noise;
pub mod objective;
mod parameter;
pub mod program;
mod quadrature;
pub mod rejection;
pub mod relax;
pub mod scalar;
pub mod special;
pub mod step;
#[cfg(feature = "verify")]
pub mod verify;
pub mod weighted;

/// What most programs need, in one import.
pub mod prelude {
    pub use crate::distr::*;
    pub use crate::program;
    pub use crate::program::{Chance, Program};
    pub use crate::scalar::{Jet, Scalar};
    pub use rand::Rng;
    pub use rand::distr::Distribution;
}

/// The first example of the README, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

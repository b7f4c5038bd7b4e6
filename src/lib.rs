#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
//! Differentiable sampling.

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(not(any(feature = "std", feature = "libm")))]
compile_error!("elementary functions come from `std` or from `libm`: enable one of these features");

pub mod distr;
pub mod implicit;
pub mod noise;
pub mod scalar;
pub mod special;
#[cfg(feature = "verify")]
pub mod verify;

/// What most programs need, in one import.
pub mod prelude {
    pub use crate::distr::*;
    pub use crate::distr::{Continuous, KlDivergence};
    pub use crate::scalar::{Jet, Scalar};
    pub use rand::Rng;
    pub use rand::distr::Distribution;
}

//! Continuous laws, one file each.

mod exponential;
mod normal;

pub use exponential::{Exponential, ExponentialError};
pub use normal::{Normal, NormalError};

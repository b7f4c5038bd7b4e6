//! Continuous laws, one file each.

mod exponential;
mod log_normal;
mod normal;

pub use exponential::{Exponential, ExponentialError};
pub use log_normal::{LogNormal, LogNormalError};
pub use normal::{Normal, NormalError};

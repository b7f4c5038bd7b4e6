//! Continuous laws, one file each.

mod exponential;
mod normal;
mod truncated;
mod truncated_logistic;
mod truncated_normal;

pub use exponential::{Exponential, ExponentialError};
pub use normal::{Normal, NormalError};
pub use truncated::{Truncated, TruncatedError};
pub use truncated_logistic::{TruncatedLogistic, TruncatedLogisticError};
pub use truncated_normal::{TruncatedNormal, TruncatedNormalError};

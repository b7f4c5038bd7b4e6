//! Continuous laws, one file each.

mod exponential;
mod generalized_pareto;
mod log_normal;
mod normal;

pub use exponential::{Exponential, ExponentialError};
pub use generalized_pareto::{GeneralizedPareto, GeneralizedParetoError};
pub use log_normal::{LogNormal, LogNormalError};
pub use normal::{Normal, NormalError};

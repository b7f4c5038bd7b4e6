//! Continuous laws, one file each.

mod exponential;
mod half_normal;
mod log_normal;
mod maxwell;
mod normal;
mod rayleigh;
mod weibull;

pub use exponential::{Exponential, ExponentialError};
pub use half_normal::{HalfNormal, HalfNormalError};
pub use log_normal::{LogNormal, LogNormalError};
pub use maxwell::{Maxwell, MaxwellError};
pub use normal::{Normal, NormalError};
pub use rayleigh::{Rayleigh, RayleighError};
pub use weibull::{Weibull, WeibullError};

//! Continuous laws, one file each.

mod exponential;
mod folded_normal;
mod half_normal;
mod johnson_su;
mod log_normal;
mod logit_normal;
mod maxwell;
mod normal;
mod rayleigh;
mod sinh_arcsinh;
mod weibull;

pub use exponential::{Exponential, ExponentialError};
pub use folded_normal::{FoldedNormal, FoldedNormalError};
pub use half_normal::{HalfNormal, HalfNormalError};
pub use johnson_su::{JohnsonSU, JohnsonSUError};
pub use log_normal::{LogNormal, LogNormalError};
pub use logit_normal::{LogitNormal, LogitNormalError};
pub use maxwell::{Maxwell, MaxwellError};
pub use normal::{Normal, NormalError};
pub use rayleigh::{Rayleigh, RayleighError};
pub use sinh_arcsinh::{SinhArcsinh, SinhArcsinhError};
pub use weibull::{Weibull, WeibullError};

//! Continuous laws, one file each.

mod asymmetric_laplace;
mod cauchy;
mod exponential;
mod gumbel;
mod half_cauchy;
mod hyperbolic_secant;
mod laplace;
mod levy;
mod logistic;
mod moyal;
mod normal;

pub use asymmetric_laplace::{AsymmetricLaplace, AsymmetricLaplaceError};
pub use cauchy::{Cauchy, CauchyError};
pub use exponential::{Exponential, ExponentialError};
pub use gumbel::{Gumbel, GumbelError};
pub use half_cauchy::{HalfCauchy, HalfCauchyError};
pub use hyperbolic_secant::{HyperbolicSecant, HyperbolicSecantError};
pub use laplace::{Laplace, LaplaceError};
pub use levy::{Levy, LevyError};
pub use logistic::{Logistic, LogisticError};
pub use moyal::{Moyal, MoyalError};
pub use normal::{Normal, NormalError};

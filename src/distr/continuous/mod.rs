//! Continuous laws, one file each.

mod arcsine;
mod asymmetric_laplace;
mod cauchy;
mod continuous_bernoulli;
mod exponential;
mod gumbel;
mod half_cauchy;
mod hyperbolic_secant;
mod kumaraswamy;
mod laplace;
mod levy;
mod logistic;
mod moyal;
mod normal;
mod triangular;
mod uniform;

pub use arcsine::{Arcsine, ArcsineError};
pub use asymmetric_laplace::{AsymmetricLaplace, AsymmetricLaplaceError};
pub use cauchy::{Cauchy, CauchyError};
pub use continuous_bernoulli::{ContinuousBernoulli, ContinuousBernoulliError};
pub use exponential::{Exponential, ExponentialError};
pub use gumbel::{Gumbel, GumbelError};
pub use half_cauchy::{HalfCauchy, HalfCauchyError};
pub use hyperbolic_secant::{HyperbolicSecant, HyperbolicSecantError};
pub use kumaraswamy::{Kumaraswamy, KumaraswamyError};
pub use laplace::{Laplace, LaplaceError};
pub use levy::{Levy, LevyError};
pub use logistic::{Logistic, LogisticError};
pub use moyal::{Moyal, MoyalError};
pub use normal::{Normal, NormalError};
pub use triangular::{Triangular, TriangularError};
pub use uniform::{Uniform, UniformError};

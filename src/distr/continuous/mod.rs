//! Continuous laws, one file each.

mod arcsine;
mod continuous_bernoulli;
mod exponential;
mod kumaraswamy;
mod normal;
mod triangular;
mod uniform;

pub use arcsine::{Arcsine, ArcsineError};
pub use continuous_bernoulli::{ContinuousBernoulli, ContinuousBernoulliError};
pub use exponential::{Exponential, ExponentialError};
pub use kumaraswamy::{Kumaraswamy, KumaraswamyError};
pub use normal::{Normal, NormalError};
pub use triangular::{Triangular, TriangularError};
pub use uniform::{Uniform, UniformError};

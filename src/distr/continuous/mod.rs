//! Continuous laws, one file each.

mod arcsine;
mod exponential;
mod normal;
mod triangular;
mod uniform;

pub use arcsine::{Arcsine, ArcsineError};
pub use exponential::{Exponential, ExponentialError};
pub use normal::{Normal, NormalError};
pub use triangular::{Triangular, TriangularError};
pub use uniform::{Uniform, UniformError};

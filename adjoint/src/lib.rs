//! Reverse mode for `reparam`: gradients in thousands of parameters at the cost of a few runs.

mod estimate;
mod functions;
mod tape;
mod var;

pub use estimate::{Closure, OfProgram, pathwise, pathwise_program};
pub use functions::{gradient, hessian, hessian_vector, jacobian};
pub use tape::Base;
pub use var::Var;

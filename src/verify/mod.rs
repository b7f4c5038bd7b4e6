//! Checks for samplers and their derivatives, the crate's own and yours (feature `verify`).
//!
//! * [`derivative`]: a derivative by extrapolated finite differences, with an estimate of its error;
//! * [`gradient`]: compares a function's dual-number derivatives with these, order by order;
//! * [`kolmogorov_smirnov`], [`mean_of`]: do samples follow a distribution function, does a mean agree;
//! * [`law()`]: the whole harness for one law: densities, tails, quantiles, moments, draws;
//! * [`family()`]: the same, and the derivatives of everything in every parameter, over several scalar types;
//! * [`discrete()`]: the harness for discrete laws, with all of these;
//! * [`audit()`], [`audit_program`]: the lines of a program that look at a value that carries a derivative;
//! * [`strategy`]: proptest strategies for parameters, probabilities and jets.
//!
//! ```
//! use reparam::prelude::*;
//! use reparam::verify;
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! verify::law(&Normal::new(1.0, 2.0)?).check()?;
//! # Ok(()) }
//! ```

mod any_discrete;
mod any_law;
mod any_number;
mod audit;
mod difference;
mod discrete;
mod discrete_checks;
mod discrete_in_scalars;
mod end_slopes;
mod failure;
mod family;
mod in_scalars;
mod integral;
mod law;
mod statistics;
pub mod strategy;

pub use audit::{Audit, Audited, Read, audit, audit_program};
pub use difference::{Difference, GradientError, Mismatch, Second, derivative, gradient};
pub use discrete::{DiscreteCheck, discrete};
pub use failure::{Failure, Failures};
pub use family::{FamilyCheck, family};
pub use law::{LawCheck, law};
pub use statistics::{MeanTest, kolmogorov_smirnov, mean_of};

/// The two-sided probability of five standard errors: below it, a test of a sample fails.
pub const FIVE_SIGMA: f64 = 5.7e-7;

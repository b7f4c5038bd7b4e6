//! Laws of vectors and matrices: moments of draws, derivatives of draws and densities, the same values for every scalar.

mod combinators;
#[path = "../common/mod.rs"]
mod common;
mod dirichlet;
mod divergences;
mod faults;
mod harness;
mod matrices;
mod normal;
mod serde;
mod sphere;
mod student_t;

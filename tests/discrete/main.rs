//! Discrete laws: harness, reference tables, laws of vectors.

#[macro_use]
#[path = "../common/mod.rs"]
mod common;
mod close_laws;
mod errors;
mod faults;
mod harness;
mod reference;
mod vectors;

//! Discrete laws: harness, reference tables, laws of vectors.

#[macro_use]
#[path = "../common/mod.rs"]
mod common;
mod harness;
mod reference;
mod vectors;

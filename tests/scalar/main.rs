//! Numbers that carry derivatives.

#[macro_use]
#[path = "../common/mod.rs"]
mod common;
mod architecture;
mod documents;
mod edges;
mod far;
mod functions;
mod nalgebra;

//! Estimates of expectations and their derivatives.

#[macro_use]
#[path = "../common/mod.rs"]
mod common;
mod audit;
mod blocks;
mod chance;
mod expectations;
mod faults;
mod many;
mod martingale;
mod program;
mod program_hessian;
mod rejection;
mod relax;
mod runs;
mod variance;
mod weighted;

//! Estimates of expectations and their derivatives.
#![allow(clippy::needless_range_loop, reason = "a value, its derivative, its error and what is exact share an index")]

#[macro_use]
#[path = "../common/mod.rs"]
mod common;
mod audit;
mod binary;
mod blocks;
mod chance;
mod compare;
mod conditional;
mod control_variates;
mod covariance;
mod coverage;
mod differences;
mod dynamic;
mod expectations;
mod faults;
mod filter;
mod law_tables;
mod local;
mod many;
mod martingale;
mod mixing;
mod objectives;
mod program;
mod program_hessian;
mod quasi_tables;
mod reductions;
mod rejection;
mod relax;
mod runs;
mod second;
mod steps;
mod tails;
mod variance;
mod weighted;

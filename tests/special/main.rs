//! Special functions against tables computed with mpmath.

#[macro_use]
#[path = "../common/mod.rs"]
mod common;
mod erf;
mod faults;
mod gamma;
mod inc_beta;
mod inc_gamma;
mod oracle;
mod von_mises;

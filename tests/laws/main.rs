//! Univariate laws with densities: harness, reference tables, text forms, what is special to one kind.

#[macro_use]
#[path = "../common/mod.rs"]
mod common;
mod censored;
mod complete;
mod curvature;
mod deep;
mod divergences;
mod ends;
mod factorized_mixture;
mod far;
mod faults_mixture;
mod from_quantile;
mod gamma_family;
mod hard_points;
mod hardly_matter;
mod harness;
mod mixture;
mod net;
mod numbers;
mod numeric;
mod planted;
mod promises;
mod quantile_tables;
mod ranges;
mod reference;
mod serde;
mod tables;
mod transformed;
mod truncated;
mod tweedie;

//! Sums and integrals by fixed rules, in the arithmetic of any scalar: derivatives are as good as values.
//!
//! Stands on `scalar` alone. Widths of panels and numbers of terms follow from real parts, so that every scalar sees the same rule.

pub(crate) mod alternating;
pub(crate) mod gauss_legendre;
pub(crate) mod panels;
pub(crate) mod tanh_sinh;

pub(crate) use alternating::alternating_sum;
pub(crate) use gauss_legendre::{integrate, moved, short_nodes};
pub(crate) use tanh_sinh::{mean_over_levels, sum_over_levels};

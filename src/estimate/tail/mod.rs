//! Beyond the mean: quantiles, the mean beyond them, probabilities of large results, with derivatives.
//!
//! | wanted | entry | bias of the derivatives | what there is besides |
//! |---|---|---|---|
//! | quantile (VaR), mean beyond it (CVaR) | [`value_at_risk`] | h⁴, h the width of a window; 1/n | |
//! | P(L > c), E\[(L - c)⁺\] | [`exceedance`] | h⁴; none | [`likelihood_ratio`](super::likelihood_ratio), [`Chance::threshold`](crate::program::Chance::threshold): without bias |
//!
//! Both run the program twice: all samples in `f64`, whose sorted results say where the quantile and the tail are; then
//! in jets only those in the tail and near its edge, on the same random numbers.

mod at_risk;
mod exceedance;
mod losses;
mod window;

pub use at_risk::{AtRisk, RiskEstimate, value_at_risk};
pub use exceedance::{Exceedance, ExceedanceEstimate, exceedance};
pub use losses::{Question, Tail};

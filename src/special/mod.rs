//! Special functions of any [`Scalar`](crate::scalar::Scalar), with derivatives to every order that the scalar carries.
//!
//! | function | domain | accuracy | derivatives |
//! |---|---|---|---|

mod beta;
mod digamma;
mod ln_gamma;
mod polygamma;

pub use beta::ln_beta;
pub use digamma::{digamma, digamma_difference};
pub use ln_gamma::{gamma, ln_gamma, ln_gamma_1p};
pub use polygamma::{polygamma, trigamma};

//! Special functions of any [`Scalar`](crate::scalar::Scalar), with derivatives to every order that the scalar carries.
//!
//! | function | domain | accuracy | derivatives |
//! |---|---|---|---|

mod bessel;
mod beta;
mod digamma;
mod lambert_w;
mod ln_gamma;
mod polygamma;

pub use bessel::{bessel_i_ratio, bessel_i_ratio_complement, ln_bessel_i0, ln_bessel_i1};
pub use beta::ln_beta;
pub use digamma::{digamma, digamma_difference};
pub use lambert_w::{lambert_w0, lambert_wm1};
pub use ln_gamma::{gamma, ln_gamma, ln_gamma_1p};
pub use polygamma::{polygamma, trigamma};

//! Special functions, generic over [`Scalar`](crate::scalar::Scalar): the value in `f64`, the derivatives to any order.
//!
//! The room knows analysis, not probability: the functions of the normal law are here because they are error functions
//! under another name. Nothing allocates, nothing panics, and every argument of a double has a documented result; outside
//! the domain that is NaN. The real part does not depend on the scalar type.
//!
//! Errors are relative and in units of 1e-16, the largest of the tables in the tests: of the value, and of derivatives 1,
//! 2 and 4 (where a derivative crosses zero, relative to the size of its terms).

mod bell;
mod erf;
mod erf_inv;
mod erfcx;
mod gauss_legendre;
mod hazard;
mod mills_integral;
mod normal;
mod normal_quantile;
mod polynomial;

pub use erf::{erf, erfc, ln_erfc};
pub use erf_inv::{erf_inv, erfc_inv};
pub use erfcx::erfcx;
pub use hazard::{normal_hazard, normal_hazard_excess};
pub use normal::{normal_cdf, normal_ln_cdf, normal_ln_pdf, normal_ln_sf, normal_pdf, normal_sf};
pub use normal_quantile::{normal_isf, normal_isf_ln, normal_quantile, normal_quantile_ln};

mod ln_1p_minus;

pub use ln_1p_minus::ln_1p_minus;

mod beta;
mod digamma;
mod ln_gamma;
mod polygamma;

pub use beta::ln_beta;
pub use digamma::{digamma, digamma_difference};
pub use ln_gamma::{gamma, ln_gamma, ln_gamma_1p};
pub use polygamma::{polygamma, trigamma};

pub(crate) use gauss_legendre::integrate;
pub(crate) use mills_integral::{is_direct, mills_integral};

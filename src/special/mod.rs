//! Special functions of any [`Scalar`](crate::scalar::Scalar), with derivatives to every order that the scalar carries.
//!
//! Nothing here knows about probability. Accuracies are the largest relative errors met against mpmath, in tables at
//! the edges and at thousands of random arguments; the budgets of derivatives are in the tests of each family.
//!
//! | function | domain | accuracy | derivatives |
//! |---|---|---|---|
//! | [`ln_gamma`], [`ln_gamma_1p`] | all x; inf at the poles | 9e-16; relative to max(\|ln Γ\|, 1) below 0 (below -1) | digamma, polygammas |
//! | [`gamma`] | all x but the poles | 8e-16 | Γ' = ψ Γ |
//! | [`digamma`] | all x but the poles | 5e-16, also beside its root 1.46; relative to max(\|ψ\|, 1) below 0 | polygammas |
//! | [`digamma_difference`] | x > 0, x + d > 0 | 5e-16 | differences of polygammas, each without cancellation |
//! | [`trigamma`], [`polygamma`] | x > 0; x < 0 up to order 16 | 9e-16 for n = 1, n 5e-16 up to n = 170 | the polygammas that follow |
//! | [`ln_beta`] | a, b > 0 | 1e-15 relative to max(\|ln B\|, 1) | digamma differences |
//! | [`lambert_w0`], [`lambert_wm1`] | x >= -1/e; -1/e <= x < 0 | 4e-16; so is 1 + W at the branch point | closed form in W and 1 + W |
//! | [`ln_bessel_i0`] | all x | 3e-16 | those of the ratio |
//! | [`ln_bessel_i1`] | x >= 0 | 3e-16 relative to max(\|ln I1\|, 1) | ln I0 + ln A |
//! | [`bessel_i_ratio`], [`bessel_i_ratio_complement`] | all x | 5e-16, 1.3e-15 | cumulants; series at both ends |

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

//! Special functions, generic over [`Scalar`](crate::scalar::Scalar): the value in `f64`, the derivatives to any order.
//!
//! The room knows analysis, not probability: the functions of the normal law are here because they are error functions
//! under another name. Nothing allocates, nothing panics, and every argument of a double has a documented result; outside
//! the domain that is NaN. The real part does not depend on the scalar type.
//!
//! ```
//! use reparam::scalar::Jet;
//! use reparam::special::ln_gamma;
//! let [x] = Jet::variables([1.0]);
//! assert!((ln_gamma(x).eps[0] + 0.5772156649015329).abs() < 1e-15); // ψ(1), minus Euler's constant
//! ```
//!
//! Errors at the tables of the tests are in `docs/accuracy.md`, which the tests write, with the ranges and what happens beyond.
//!
//! # Error functions and the normal law
//!
//! Errors are relative, in units of 1e-16: the largest met in the tables of `tests/special/erf.rs` (mpmath, both tails, up
//! to the ends of the range of a double) and at 9000 random arguments, of the value and of derivatives 1, 2 and 4. Where a
//! derivative crosses zero it is measured by the size of its terms, and the value of an inverse by its conditioning.
//!
//! | function | domain | value | d1 | d2 | d4 | value from | derivatives from |
//! |---|---|---|---|---|---|---|---|
//! | [`erf`], [`erfc`] | all | 4 | 3 | 4 | 5 | libm | Hermite polynomials |
//! | [`erfcx`] | all | 3 | 6 | 8 | 10 | K_1, `exp` | products of K_j; recurrence for x < 0 |
//! | [`ln_erfc`] | all | 3 | 6 | 11 | 110 | `erf`, `erfcx` | the hazard |
//! | [`erf_inv`], [`erfc_inv`] | \[-1, 1\], \[0, 2\] | 6 | 6 | 8 | 16 | AS 241 | y'' = 2 y y'^2 |
//! | [`normal_cdf`], [`normal_sf`] | all | 4 | 3 | 4 | 4 | `erfc`, φ and K_1 | Hermite polynomials |
//! | [`normal_ln_cdf`], [`normal_ln_sf`] | all | 4 | 5 | 7 | 110 | `normal_sf`, K_1 | the hazard |
//! | [`normal_pdf`], [`normal_ln_pdf`] | all | 3 | 4 | 4 | 5 | `exp` | Hermite polynomials |
//! | [`normal_quantile`], [`normal_isf`] | \[0, 1\] | 5 | 6 | 10 | 21 | AS 241 | z'' = z z'^2 |
//! | [`normal_quantile_ln`], [`normal_isf_ln`] | \[-inf, 0\] | 6 | 6 | 13 | 33 | AS 241, Newton | inversion of the series of ln Φ |
//! | [`normal_hazard`] | all | 5 | 7 | 60 | 500 | K_1, `erfc` | K_j' = K_j (K_j - K_(j+1)) |
//! | [`normal_hazard_excess`] | all | 5 | 16 | 60 | 500 | K_1, `erfc` | K_j' = K_j (K_j - K_(j+1)) |
//!
//! K_j is the j-th tail of the continued fraction Q/φ = 1/(z + K_1), K_j = j/(z + K_(j+1)); K_1 and K_18 are polynomials in
//! (z - k)/(z + k), and the rest follows downward without loss.
//!
//! # Gamma, beta, Lambert W and Bessel functions
//!
//! Accuracies are the largest relative errors met against mpmath, in tables at
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
//! | [`inc_beta`], [`inc_beta_complement`] and their logarithms | a, b > 0, 0 <= x <= 1 | 9e-14 for a, b in 1e-4..1e7, both tails to 1e-300 | of the same formulas in the caller's arithmetic: 4e-14 and 6e-13 for the first two in a and b |
//! | [`logit_inc_beta_inv_ln`], [`logit_inc_beta_complement_inv_ln`] | ln p in \[-inf, 0\] | that of the function, by its conditioning | Newton's method, from first derivatives without cancellation |
//! | [`lambert_w0`], [`lambert_wm1`] | x >= -1/e; -1/e <= x < 0 | 4e-16; so is 1 + W at the branch point | closed form in W and 1 + W |
//! | [`ln_bessel_i0`] | all x | 3e-16 | those of the ratio |
//! | [`ln_bessel_i0_scaled`] | x >= 0 | 3e-16 | those of the ratio |
//! | [`ln_bessel_i1`] | x >= 0 | 3e-16 relative to max(\|ln I1\|, 1) | ln I0 + ln A |
//! | [`bessel_i_ratio`], [`bessel_i_ratio_complement`] | all x | 5e-16, 1.3e-15 | cumulants; series at both ends |
//!
//! # Incomplete gamma functions
//!
//! Differentiable in both arguments; the largest relative errors in two tables of mpmath, a from 1e-4 to 1e7, both tails down to
//! 1e-300. That of P and Q grows with their logarithm L, as that of any exponential does: times 1 + L/50.
//!
//! | function | value | d1 | d2 | value from |
//! |---|---|---|---|---|
//! | [`inc_gamma_p`], [`inc_gamma_q`] | 2e-14 | 1e-13 | 4e-13 | power series, Legendre's fraction, normalizing transform |
//! | [`inc_gamma_ln_p`], [`inc_gamma_ln_q`] | 4e-14 | 6e-14 | 2e-14 in a | the same; no 1 - P where that loses digits |
//! | [`inc_gamma_p_inv`], [`inc_gamma_q_inv`], [`inc_gamma_ln_p_inv`], [`inc_gamma_ln_q_inv`] | 2e-15 plus the probability's rounding | 4e-14 | 2e-12 | Newton, Halley |
//!
//! # The von Mises law
//!
//! Differentiable in concentration and angle; the largest relative errors in a table of mpmath, κ from 1e-8 to 1e7, from the
//! middle to ln(1 - F) = -20000 and to the last digits before π. That of F grows with its logarithm, as above.
//!
//! | function | value | d1 | d2 | value from |
//! |---|---|---|---|---|
//! | [`von_mises_cdf`], [`von_mises_sf`] | 2e-14 | 2e-14 | 5e-13 | series around 0 and π, quadrature |
//! | [`von_mises_ln_cdf`], [`von_mises_ln_sf`] | 5e-15 | 2e-14 | 5e-13 | the same |
//! | [`von_mises_cdf_inv`], [`von_mises_sf_inv`], [`von_mises_ln_cdf_inv`], [`von_mises_ln_sf_inv`] | 2e-15 plus the probability's rounding | 5e-14 | 2e-12 | Newton |
//! | [`von_mises_ln_pdf`] | 8e-16 | | | sin²(θ/2), [`ln_bessel_i0_scaled`] |
//!
//! # Exponential integral
//!
//! | function | domain | accuracy | derivatives |
//! |---|---|---|---|
//! | [`exp_e1`] | x >= 0 | 1e-15 | E_2, E_3, ... by fractions of their own |
//!
//! # Small differences
//!
//! | function | domain | accuracy | derivatives |
//! |---|---|---|---|
//! | [`ln_1p_minus`] | x >= -1 | 4e-16 | those of the logarithm |

mod bessel;
mod beta;
#[cfg(all(test, feature = "num-dual"))]
mod bits;
mod exp_e1;
mod exp_m1_minus;
mod gamma;
mod inc_beta;
pub(crate) mod inc_gamma;
mod lambert_w;
mod ln_1p_minus;
mod ln_2_cosh;
mod normal;
mod of_two;
mod polynomial;
mod sinc;
mod sinhc;
mod von_mises;

pub use bessel::{bessel_i_ratio, bessel_i_ratio_complement, ln_bessel_i0, ln_bessel_i0_scaled, ln_bessel_i1};
pub use beta::ln_beta;
pub use exp_e1::exp_e1;
pub use exp_m1_minus::exp_m1_minus;
pub use gamma::{digamma, digamma_difference, gamma, ln_gamma, ln_gamma_1p, polygamma, trigamma};
pub use inc_beta::{inc_beta, inc_beta_complement, ln_inc_beta, ln_inc_beta_complement, ln_inc_beta_logit};
pub use inc_beta::{logit_inc_beta_complement_inv_ln, logit_inc_beta_inv_ln};
pub use inc_gamma::{
    inc_gamma_ln_p, inc_gamma_ln_p_inv, inc_gamma_ln_q, inc_gamma_ln_q_inv, inc_gamma_p, inc_gamma_p_inv, inc_gamma_q,
    inc_gamma_q_inv,
};
pub use lambert_w::{lambert_w0, lambert_wm1};
pub use ln_1p_minus::ln_1p_minus;
pub use ln_2_cosh::ln_2_cosh;
pub use normal::{erf, erf_inv, erfc, erfc_inv, erfcx, ln_erfc};
pub use normal::{
    normal_cdf, normal_hazard, normal_hazard_excess, normal_isf, normal_isf_ln, normal_ln_cdf, normal_ln_pdf,
    normal_ln_sf, normal_pdf, normal_quantile, normal_quantile_ln, normal_sf,
};
pub use von_mises::{von_mises_cdf, von_mises_ln_cdf, von_mises_ln_pdf, von_mises_ln_sf, von_mises_sf};
pub use von_mises::{von_mises_cdf_inv, von_mises_ln_cdf_inv, von_mises_ln_sf_inv, von_mises_sf_inv};

pub(crate) use bessel::{bessel_i_ratio_slope, scaled_bessel_k1};
pub(crate) use beta::{beta_divergence, entropy_of_logit_beta, entropy_of_student_t, ln_beta_1p};
pub(crate) use exp_e1::{EULER, ln_plus_exp_e1};
#[cfg(feature = "nalgebra")]
pub(crate) use gamma::mean_on_the_way;
pub(crate) use gamma::{
    LARGEST_RATIO, entropy_of_ln_gamma, gamma_divergence, half_step_growth, ln_gamma_above_tangent, ln_gamma_curvature,
    mean_divergence, shape_divergence, sum_of_less_rounding, trigamma_difference,
};
pub(crate) use inc_beta::{
    Constants as IncBetaConstants, Point as UnitPoint, Tail as IncBetaTail, lift as inc_beta_lift,
    ln_density as ln_beta_density, ln_probability as inc_beta_ln_probability, probability as inc_beta_probability,
    short as inc_beta_short, tail as inc_beta_tail,
};
pub(crate) use inc_beta::{LARGE_SHAPE, Ratio, ln_density_by_limit};
pub(crate) use inc_beta::{ln_binomial_weight, ln_binomial_weight_by};
pub(crate) use normal::{LN_SQRT_2PI, half_line, mean_across_kink, mean_of_even, mean_over_normal, mean_softplus};
pub(crate) use normal::{
    is_direct, ln_owen_share, ln_owen_tail, mills_difference, mills_integral, quick_hazard_excess, tail_integral,
};
pub(crate) use sinc::sinc;
pub(crate) use sinhc::{langevin, ln_sinhc};
#[cfg(feature = "nalgebra")]
pub(crate) use von_mises::Cosine;
pub(crate) use von_mises::{lift as von_mises_lift, ln_total_above_tangent};

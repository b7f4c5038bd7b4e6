//! The gamma function and its logarithm.

mod curvature;
pub(super) mod digamma;
pub(super) mod digamma_taylor;
pub(super) mod divergence;
mod entropy;
pub(in crate::special) mod half_step;
mod polygamma;
pub(in crate::special) mod stirling;

pub(crate) use curvature::ln_gamma_curvature;
pub(crate) use digamma::trigamma_difference;
pub use digamma::{digamma, digamma_difference};
#[cfg(feature = "nalgebra")]
pub(crate) use divergence::mean_on_the_way;
pub(crate) use divergence::{
    LARGEST_RATIO, gamma_divergence, ln_gamma_above_tangent, mean_divergence, shape_divergence, sum_of_less_rounding,
};
pub(crate) use entropy::entropy_of_ln_gamma;
pub(crate) use half_step::half_step_growth;
pub use polygamma::{polygamma, trigamma};

use crate::scalar::taylor::{self, ZERO};
use crate::scalar::{Derivatives, Scalar, math};
use crate::special::gamma::digamma_taylor::digamma_taylor;

/// ln Γ(1 + x) / (x (x - 1)) on [-1/2, 3/2] in powers of x + 1/2: printed by `tests/reference/make_gamma_coefficients.py`.
const NUMERATOR: [f64; 9] = [
    0.7631532572329334,
    4.494960221296978,
    10.253282388564735,
    11.471754830290786,
    6.589641323210981,
    1.8615510705811065,
    0.2259825067580398,
    0.008501671100759353,
    2.19208291739425e-05,
];
const DENOMINATOR: [f64; 9] = [
    1.0,
    6.6538381230475006,
    17.577371738580887,
    23.573542209878262,
    17.073780064197603,
    6.589730707877327,
    1.2576510947239188,
    0.10064946518505492,
    0.0022749427221969666,
];

/// ln(2π) / 2
pub(in crate::special) const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_7;

/// ln |Γ(x)|, the logarithm of the absolute value of the gamma function.
///
/// For x > 0 accurate in relative terms, also around its zeros 1 and 2. Below 0 accurate relative to max(|ln |Γ||, 1). The
/// derivatives are digamma and the polygammas.
///
/// inf at 0, at negative integers, and at ±inf.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// use reparam::special::{digamma, ln_gamma};
/// let [x] = Jet::variables([0.5]);
/// let y = ln_gamma(x);
/// assert!((y.re - 0.5 * core::f64::consts::PI.ln()).abs() < 2e-16);
/// assert_eq!(y.eps[0], digamma(0.5));
/// ```
#[inline]
pub fn ln_gamma<S: Scalar>(x: S) -> S {
    let re = x.re();
    let slope = if S::ORDER > 0 { digamma::kernel(re) } else { 0.0 };
    x.lift(&with_polygammas(kernel(re), slope, re, S::ORDER))
}

/// ln Γ(1 + x), accurate in relative terms around x = 0 and x = 1: the argument 1 + x is never rounded.
///
/// Below -1 the logarithm of the absolute value, as [`ln_gamma`]; inf at negative integers and at ±inf.
///
/// # Example
/// ```
/// use reparam::special::ln_gamma_1p;
/// assert_eq!(ln_gamma_1p(1e-300), -0.5772156649015329e-300); // -γ x
/// assert_eq!(ln_gamma_1p(1.0), 0.0);
/// ```
#[inline]
pub fn ln_gamma_1p<S: Scalar>(x: S) -> S {
    let re = x.re();
    // 1 + x is exact where a polygamma has a pole beside it
    let slope = if S::ORDER > 0 { digamma::kernel_1p(re) } else { 0.0 };
    x.lift(&with_polygammas(kernel_1p(re), slope, 1.0 + re, S::ORDER))
}

/// Γ(x). NaN at negative integers and -inf; ±inf at ±0; inf from 171.62 on; 0 below -184.
///
/// The derivatives follow from Γ' = ψ Γ. Where Γ overflows, so do they.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// use reparam::special::gamma;
/// let [x] = Jet::variables([5.0]);
/// let y = gamma(x);
/// assert_eq!(y.re, 24.0);
/// assert!((y.eps[0] / 24.0 - 1.5061176684318005).abs() < 4e-16); // digamma(5)
/// ```
pub fn gamma<S: Scalar>(x: S) -> S {
    let value = libm::tgamma(x.re());
    let mut g = ZERO;
    g[0] = 1.0;
    if S::ORDER > 0 {
        let mut psi = digamma_taylor(x.re(), S::ORDER - 1);
        psi[0] = digamma::kernel(x.re());
        for k in 1..=S::ORDER {
            g[k] = taylor::product_term(&psi, &g, k - 1) / k as f64;
        }
        taylor::to_derivatives(&mut g, S::ORDER);
    }
    x.lift(&g.map(|g| value * g))
}

/// A value and the digamma that is its slope, followed by the polygammas at `x`.
#[inline]
fn with_polygammas(value: f64, slope: f64, x: f64, order: usize) -> Derivatives {
    let mut d = ZERO;
    if order > 1 {
        d = taylor::integrate(&digamma_taylor(x, order - 1), value, order);
        taylor::to_derivatives(&mut d, order);
    }
    d[0] = value;
    d[1] = slope;
    d
}

/// ln |Γ(x)| of an `f64`.
#[inline]
pub(in crate::special) fn kernel(x: f64) -> f64 {
    // x - 1 is exact here
    if (0.5..2.5).contains(&x) { around_zeros(x - 1.0) } else { libm::lgamma(x) }
}

/// ln |Γ(1 + x)| of an `f64`.
#[inline]
pub(in crate::special) fn kernel_1p(x: f64) -> f64 {
    if x < -0.5 {
        // 1 + x is exact
        libm::lgamma(1.0 + x)
    } else if x < 1.5 {
        around_zeros(x)
    } else {
        libm::lgamma(x) + math::ln(x)
    }
}

/// ln Γ(1 + x) for -1/2 <= x <= 3/2, whose zeros are 0 and 1.
#[inline]
fn around_zeros(x: f64) -> f64 {
    let t = x + 0.5;
    let ratio = NUMERATOR.iter().rev().fold(0.0, |sum, c| sum * t + c)
        / DENOMINATOR.iter().rev().fold(0.0, |sum, c| sum * t + c);
    x * ((x - 1.0) * ratio)
}

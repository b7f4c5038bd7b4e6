//! Density, distribution function and upper tail of the standard normal law, and their logarithms.

mod bell;
mod erf;
mod erf_inv;
mod erfcx;
mod expectations;
mod hazard;
mod hazard_cells;
mod mills_difference;
mod mills_integral;
mod owen;
mod quantile;

pub use erf::{erf, erfc, ln_erfc};
pub use erf_inv::{erf_inv, erfc_inv};
pub use erfcx::erfcx;
pub(crate) use expectations::{half_line, mean_across_kink, mean_of_even, mean_over_normal, mean_softplus};
pub use hazard::{normal_hazard, normal_hazard_excess};
pub(crate) use hazard_cells::quick_hazard_excess;
pub(crate) use mills_difference::mills_difference;
pub(crate) use mills_integral::{is_direct, mills_integral, tail_integral};
pub(crate) use owen::{ln_owen_share, ln_owen_tail};
pub use quantile::{normal_isf, normal_isf_ln, normal_quantile, normal_quantile_ln};

use crate::scalar::{Scalar, math, taylor};
use crate::special::normal::bell::{INV_SQRT_2PI, SQRT_2PI, bell_derivatives, exp_square};
use crate::special::normal::erf::with_bell_slope;
use crate::special::normal::hazard::{Hazard, excess_value};
use core::f64::consts::FRAC_1_SQRT_2;

/// ln sqrt(2 π)
pub(crate) const LN_SQRT_2PI: f64 = 0.9189385332046728;

/// The density φ(x) = e^(-x^2/2) / sqrt(2π) of the standard normal law.
///
/// Derivatives: Hermite polynomials times φ.
///
/// ```
/// use reparam::{scalar::Jet, special::normal_pdf};
/// let [x] = Jet::variables([1.0]);
/// let y = normal_pdf(x);
/// assert_eq!(y.eps[0], -y.re);
/// ```
#[inline]
pub fn normal_pdf<S: Scalar>(x: S) -> S {
    let mut d = taylor::ZERO;
    if S::ORDER > 0 {
        d = bell_derivatives(x.re(), 0.5, S::ORDER).map(|d| INV_SQRT_2PI * d);
    }
    d[0] = INV_SQRT_2PI * exp_square(x.re(), -0.5);
    x.lift(&d)
}

/// ln φ(x) = -x^2/2 - ln sqrt(2π).
///
/// ```
/// use reparam::{scalar::Jet, special::normal_ln_pdf};
/// let [x] = Jet::variables([3.0]);
/// assert_eq!(normal_ln_pdf(x).eps, [-3.0]);
/// ```
#[inline]
pub fn normal_ln_pdf<S: Scalar>(x: S) -> S {
    let re = x.re();
    let mut d = taylor::ZERO;
    d[0] = -0.5 * re * re - LN_SQRT_2PI;
    d[1] = -re;
    d[2] = -1.0;
    x.lift(&d)
}

/// Φ(x) = ∫_-inf^x φ, the distribution function of the standard normal law, with full relative accuracy in both tails.
///
/// It is [`normal_sf`] at -x.
///
/// ```
/// use reparam::{scalar::Jet, special::normal_cdf};
/// let [x] = Jet::variables([0.0]);
/// assert_eq!(normal_cdf(x).re, 0.5);
/// assert!((normal_cdf(-38.0) / 2.8854283467e-316 - 1.0).abs() < 1e-8);
/// ```
#[inline]
pub fn normal_cdf<S: Scalar>(x: S) -> S {
    normal_sf(-x)
}

#[inline]
pub(in crate::special) fn sf_value(x: f64) -> f64 {
    if x < 0.6 {
        0.5 * libm::erfc(x * FRAC_1_SQRT_2)
    } else {
        // erfc would lose x^2 ulps by the rounding of x / sqrt 2
        INV_SQRT_2PI * exp_square(x, -0.5) / (x + excess_value(x))
    }
}

/// Q(x) = 1 - Φ(x), the upper tail of the standard normal law, with full relative accuracy.
///
/// erfc(x/sqrt 2)/2; in the tail φ(x)/(x + K1(x)) (see [`normal_hazard_excess`](crate::special::normal_hazard_excess)). It
/// underflows beyond x = 38.5 (see [`normal_ln_sf`]).
///
/// ```
/// use reparam::special::normal_sf;
/// assert_eq!(normal_sf(0.0), 0.5);
/// assert!((normal_sf(10.0) / 7.619853024160527e-24 - 1.0).abs() < 1e-15);
/// ```
#[inline]
pub fn normal_sf<S: Scalar>(x: S) -> S {
    with_bell_slope(x, sf_value(x.re()), -INV_SQRT_2PI, 0.5)
}

/// ln Φ(x), without underflow: [`normal_ln_sf`] at -x.
///
/// ```
/// use reparam::{scalar::Jet, special::normal_ln_cdf};
/// let [x] = Jet::variables([-1000.0]);
/// let y = normal_ln_cdf(x);
/// assert!((y.re / -500007.8266948121 - 1.0).abs() < 1e-15);
/// assert!((y.eps[0] / 1000.000999998 - 1.0).abs() < 1e-15);
/// ```
#[inline]
pub fn normal_ln_cdf<S: Scalar>(x: S) -> S {
    normal_ln_sf(-x)
}

#[inline]
fn ln_sf_value(x: f64) -> f64 {
    if x < 0.0 {
        math::ln_1p(-sf_value(-x))
    } else if x < 0.6 {
        math::ln(sf_value(x))
    } else {
        -(0.5 * x * x + math::ln(SQRT_2PI * (x + excess_value(x))))
    }
}

/// ln Q(x) = ln(1 - Φ(x)), without underflow: about -x^2/2 - ln(x sqrt(2π)) for large x.
///
/// From 0 at -inf to -inf; it overflows where -x^2/2 does, beyond x = 1.8e154. The derivative is minus
/// [`normal_hazard`](crate::special::normal_hazard), and so are the higher ones.
///
/// ```
/// use reparam::special::normal_ln_sf;
/// assert_eq!(normal_ln_sf(0.0), -std::f64::consts::LN_2);
/// assert!((normal_ln_sf(-10.0) / -7.619853024160527e-24 - 1.0).abs() < 1e-15);
/// ```
#[inline]
pub fn normal_ln_sf<S: Scalar>(x: S) -> S {
    let re = x.re();
    let value = ln_sf_value(re);
    if S::ORDER > 0 && re < -9.0 {
        // here Q is 1 to all digits
        return with_bell_slope(x, value, -INV_SQRT_2PI, 0.5);
    }
    let mut d = taylor::ZERO;
    if S::ORDER > 0 {
        let hazard = Hazard::at(re).series(S::ORDER - 1);
        d = taylor::integrate(&hazard, 0.0, S::ORDER).map(|c| -c);
        taylor::to_derivatives(&mut d, S::ORDER);
    }
    d[0] = value;
    x.lift(&d)
}

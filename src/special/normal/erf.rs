//! The error function, its complement, and the logarithm of that.

use crate::scalar::{Derivatives, Scalar, math, taylor};
use crate::special::normal::bell::{INV_SQRT_PI, bell_derivatives};
use crate::special::normal::erfcx::erfcx_value;
use crate::special::normal::hazard::Hazard;
use core::f64::consts::{FRAC_2_SQRT_PI, SQRT_2};

/// A function whose slope is scale e^(-a x^2).
pub(in crate::special) fn with_bell_slope<S: Scalar>(x: S, value: f64, scale: f64, a: f64) -> S {
    let mut d = taylor::ZERO;
    d[0] = value;
    if S::ORDER > 0 {
        let slope = bell_derivatives(x.re(), a, S::ORDER - 1);
        for k in 1..=S::ORDER {
            d[k] = scale * slope[k - 1];
        }
    }
    x.lift(&d)
}

/// The error function erf(x) = (2/sqrt π) ∫_0^x e^(-t^2) dt.
///
/// From -1 at -inf to 1 at inf. The value is that of `libm` whatever the features; derivatives are Hermite polynomials
/// times e^(-x^2) (DLMF 7.10.1).
///
/// ```
/// use reparam::{scalar::Jet, special::erf};
/// let [x] = Jet::variables([0.0]);
/// assert_eq!(erf(x), Jet { re: 0.0, eps: [std::f64::consts::FRAC_2_SQRT_PI] });
/// assert_eq!(erf(6.0), 1.0);
/// ```
#[inline]
pub fn erf<S: Scalar>(x: S) -> S {
    with_bell_slope(x, libm::erf(x.re()), FRAC_2_SQRT_PI, 1.0)
}

/// The complementary error function erfc(x) = 1 - erf(x), with full relative accuracy as it decays.
///
/// From 2 at -inf to 0 at inf; it underflows beyond x = 27.2 (see [`ln_erfc`] and [`erfcx`](crate::special::erfcx)).
///
/// ```
/// use reparam::{scalar::Jet, special::erfc};
/// let [x] = Jet::variables([0.0]);
/// assert_eq!(erfc(x), Jet { re: 1.0, eps: [-std::f64::consts::FRAC_2_SQRT_PI] });
/// assert!((erfc(10.0) / 2.088487583762545e-45 - 1.0).abs() < 1e-15);
/// ```
#[inline]
pub fn erfc<S: Scalar>(x: S) -> S {
    with_bell_slope(x, libm::erfc(x.re()), -FRAC_2_SQRT_PI, 1.0)
}

#[inline]
fn ln_erfc_value(x: f64) -> f64 {
    if x < 0.5 { math::ln_1p(-libm::erf(x)) } else { math::ln(erfcx_value(x)) - x * x }
}

/// ln erfc(x), without underflow: about -x^2 - ln(x sqrt π) for large x.
///
/// From ln 2 at -inf to -inf; it overflows to -inf where -x^2 does, beyond x = 1.3e154. The derivative is
/// -sqrt 2 times [`normal_hazard`](crate::special::normal_hazard) at sqrt 2 x, and higher ones are those of the hazard.
///
/// ```
/// use reparam::{scalar::Jet, special::ln_erfc};
/// let [x] = Jet::variables([1e6]);
/// let y = ln_erfc(x);
/// assert!((y.re / -1.0000000000143879e12 - 1.0).abs() < 1e-15);
/// assert!((y.eps[0] / -2.000000000001e6 - 1.0).abs() < 1e-15);
/// ```
#[inline]
pub fn ln_erfc<S: Scalar>(x: S) -> S {
    let re = x.re();
    let value = ln_erfc_value(re);
    if S::ORDER > 0 && re < -9.0 {
        // here erfc is 2 to all digits
        return with_bell_slope(x, value, -INV_SQRT_PI, 1.0);
    }
    let mut d = taylor::ZERO;
    if S::ORDER > 0 {
        d = ln_erfc_slope(re, S::ORDER - 1);
        d = taylor::integrate(&d, 0.0, S::ORDER);
        taylor::to_derivatives(&mut d, S::ORDER);
    }
    d[0] = value;
    x.lift(&d)
}

/// The Taylor coefficients of (ln erfc)': with z = sqrt 2 x, -sqrt 2 times those of the hazard in z.
fn ln_erfc_slope(x: f64, order: usize) -> Derivatives {
    let mut c = Hazard::at_sqrt_2_times(x).series(order);
    let mut scale = -SQRT_2;
    for c in c.iter_mut().take(order + 1) {
        *c *= scale;
        scale *= SQRT_2;
    }
    c
}

//! The inverses of the error function and its complement.

use crate::scalar::{Scalar, math, taylor::ZERO};
use crate::special::normal::bell::HALF_SQRT_PI;
use crate::special::normal::erfcx::erfcx_value;
use crate::special::normal::quantile::{CENTRAL, central_quantile, inverse_derivatives, upper_quantile};
use core::f64::consts::{FRAC_1_SQRT_2, LN_2};

/// The derivatives at x of an inverse, `tail` being erfc|x|: the slope is ±(sqrt π/2) e^(x^2) = ±(sqrt π/2) erfcx|x| / tail.
#[inline]
fn lift_inverse<S: Scalar>(y: S, x: f64, tail: f64, sign: f64) -> S {
    let mut d = ZERO;
    if S::ORDER > 0 {
        let slope = if x.is_infinite() { f64::INFINITY } else { HALF_SQRT_PI * erfcx_value(x.abs()) / tail };
        d = inverse_derivatives(x, sign * slope, 2.0, S::ORDER);
    }
    d[0] = x;
    y.lift(&d)
}

/// The x > 0 with erfc(x) = `tail`, for tail < 0.15 or so.
#[inline]
fn tail_inverse(tail: f64) -> f64 {
    FRAC_1_SQRT_2 * upper_quantile(LN_2 - math::ln(tail))
}

/// The inverse error function: the x with erf(x) = y.
///
/// ±inf at ±1, NaN outside [-1, 1]. For y near ±1 use [`erfc_inv`].
///
/// The value is the normal quantile at (1 + y)/2 over sqrt 2 (Wichura 1988, AS 241), with (1 + y)/2 never formed. The derivative is
/// (sqrt π/2) e^(x^2), from erfcx; x'' = 2x x'^2 gives the higher ones.
///
/// ```
/// use reparam::{scalar::Jet, special::{erf, erf_inv}};
/// let [y] = Jet::variables([0.0]);
/// assert!((erf_inv(y).eps[0] - std::f64::consts::PI.sqrt() / 2.0).abs() < 1e-15);
/// assert!((erf(erf_inv(0.9)) - 0.9).abs() < 1e-15);
/// ```
#[inline]
pub fn erf_inv<S: Scalar>(y: S) -> S {
    let re = y.re();
    let tail = 1.0 - re.abs();
    let x = if re.abs() <= 2.0 * CENTRAL {
        FRAC_1_SQRT_2 * central_quantile(0.5 * re)
    } else if re < 0.0 {
        -tail_inverse(tail)
    } else {
        tail_inverse(tail)
    };
    lift_inverse(y, x, tail, 1.0)
}

/// The inverse complementary error function: the x with erfc(x) = y.
///
/// inf at 0, -inf at 2, NaN outside [0, 2]. Accurate for the smallest y.
///
/// ```
/// use reparam::special::{erfc, erfc_inv};
/// let y = 1e-200;
/// assert!((erfc(erfc_inv(y)) / y - 1.0).abs() < 1e-12);
/// ```
#[inline]
pub fn erfc_inv<S: Scalar>(y: S) -> S {
    let re = y.re();
    let tail = re.min(2.0 - re);
    let q = 0.5 * (1.0 - re);
    let x = if q.abs() <= CENTRAL {
        FRAC_1_SQRT_2 * central_quantile(q)
    } else if re < 1.0 {
        tail_inverse(tail)
    } else {
        -tail_inverse(tail)
    };
    lift_inverse(y, x, tail, -1.0)
}

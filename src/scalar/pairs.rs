//! Functions of two scalars, through univariate ones of a combination whose real part is known exactly.

use super::{MAX_ORDER, Scalar, math};

/// Whether no component but the real part is non-zero.
#[inline]
pub(super) fn is_constant<S: Scalar>(x: S) -> bool {
    S::ORDER == 0 || x.with_re(0.0).max_abs() == 0.0
}

/// The power of two that brings x near to 1, or 1 where the derivatives of 1/x of every order are doubles without it.
#[inline]
pub(super) fn unit(x: f64) -> f64 {
    const LARGE: f64 = (1u64 << 50) as f64;
    if (1.0 / LARGE..LARGE).contains(&x.abs()) || !x.is_normal() {
        return 1.0;
    }
    let exponent = (x.to_bits() >> 52) & 0x7ff;
    // the largest doubles have no reciprocal power that is normal: half of it does
    f64::from_bits((2046 - exponent).max(1) << 52)
}

#[inline]
pub(super) fn powd<S: Scalar>(x: S, power: S) -> S {
    if is_constant(power) || x.re() == 0.0 {
        return x.powf(power.re());
    }
    let value = math::powf(x.re(), power.re());
    // exp(n ln x) with its exponent's real part moved to 0 and the value put in front
    (power * x.ln()).with_re(0.0).lift(&[value; MAX_ORDER + 1])
}

#[inline]
pub(super) fn hypot<S: Scalar>(x: S, y: S) -> S {
    let r = math::hypot(x.re(), y.re());
    if S::ORDER == 0 {
        return S::from(r);
    }
    if r == 0.0 {
        return S::from(0.0);
    }
    if r.is_infinite() {
        return if x.re().is_infinite() && y.re().is_finite() {
            x.abs()
        } else if y.re().is_infinite() && x.re().is_finite() {
            y.abs()
        } else {
            (x.abs() + y.abs()).with_re(r)
        };
    }
    let (x, y) = ((x / r).abs(), (y / r).abs());
    let (large, small) = if x.re() > y.re() { (x, y) } else { (y, x) };
    // sqrt(large^2 + small^2) would cancel in the derivatives in `large`
    let ratio = small.over(large);
    ((ratio * ratio + 1.0).sqrt() * large * r).with_re(r)
}

#[inline]
pub(super) fn atan2<S: Scalar>(y: S, x: S) -> S {
    let (y0, x0) = (y.re(), x.re());
    let angle = math::atan2(y0, x0);
    if S::ORDER == 0 || (is_constant(x) && is_constant(y)) {
        return S::from(angle);
    }
    // the tangent of the angle turned back by its own real part: (y x0 - x y0) / (x x0 + y y0)
    let r = math::hypot(x0, y0);
    let (c, s) = (x0 / r, y0 / r);
    let (across, along) = (y * c - x * s, x * c + y * s);
    across.with_re(0.0).over(along).atan().with_re(angle)
}

#[inline]
pub(super) fn min<S: Scalar>(x: S, y: S) -> S {
    if x.re().is_nan() || y.re() < x.re() { y } else { x }
}

#[inline]
pub(super) fn max<S: Scalar>(x: S, y: S) -> S {
    if x.re().is_nan() || y.re() > x.re() { y } else { x }
}

//! Functions of two scalars, through univariate ones of a combination whose real part is known exactly.

use super::{MAX_ORDER, Scalar, math};

/// Whether no component but the real part is non-zero.
#[inline]
pub(super) fn is_constant<S: Scalar>(x: S) -> bool {
    S::ORDER == 0 || x.with_re(0.0).max_abs() == 0.0
}

#[inline]
pub(super) fn powd<S: Scalar>(x: S, power: S) -> S {
    if is_constant(power) || x.re() == 0.0 {
        return x.powf(power.re());
    }
    if x.re() < 0.0 {
        // no derivative in the power, not even at integers
        let mut d = [f64::NAN; MAX_ORDER + 1];
        d[0] = 1.0;
        return x.powf(power.re()) * power.lift(&d);
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
        return at_the_origin(x, y);
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

/// Along one axis the absolute value. Otherwise a cone: slope 0 by symmetry, and no curvature, which is infinite.
#[cold]
fn at_the_origin<S: Scalar>(x: S, y: S) -> S {
    if is_constant(y) {
        return x.abs();
    } else if is_constant(x) {
        return y.abs();
    }
    let mut d = [f64::NAN; MAX_ORDER + 1];
    (d[0], d[1]) = (0.0, 0.0);
    (x + y).lift(&d) + (x - y).lift(&d)
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
    if r.is_infinite() {
        return at_infinity(y, x, angle);
    }
    let (c, s) = (x0 / r, y0 / r);
    let (across, along) = (y * c - x * s, x * c + y * s);
    across.with_re(0.0).over(along).atan().with_re(angle)
}

/// The angle of a point so far out that its distance is no double.
#[cold]
fn at_infinity<S: Scalar>(y: S, x: S, angle: f64) -> S {
    let infinite = x.re().is_infinite() || y.re().is_infinite();
    if infinite { S::from(angle) } else { atan2(y * 0.25, x * 0.25).with_re(angle) }
}

#[inline]
pub(super) fn min<S: Scalar>(x: S, y: S) -> S {
    if x.re().is_nan() || y.re() < x.re() { y } else { x }
}

#[inline]
pub(super) fn max<S: Scalar>(x: S, y: S) -> S {
    if x.re().is_nan() || y.re() > x.re() { y } else { x }
}

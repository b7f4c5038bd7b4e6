//! Elementary functions of any scalar: the value from [`math`], the derivatives from closed forms or recurrences.

use super::taylor::{self, ZERO};
use super::{Derivatives, Scalar, math, unit};

/// x^p by its derivatives p (p-1) ... (p-k+1) x^(p-k), of which those of orders below `known` are there.
///
/// Each from the one before while that is an ordinary number.
#[inline]
fn lift_power<S: Scalar>(x: S, p: f64, mut d: Derivatives, known: usize, power: impl Fn(f64, f64) -> f64) -> S {
    let re = x.re();
    for k in known..=S::ORDER {
        let ordinary = d[k - 1].is_normal() && re.is_normal();
        d[k] = if ordinary { d[k - 1] * (p - (k - 1) as f64) / re } else { at_an_edge(&power, re, p, k) };
    }
    if S::ORDER >= known && !d[S::ORDER].is_normal() && leaves_the_range(d[0], p, S::ORDER) {
        return unit::lift_power(x, d[0], re, d[0] * p, p);
    }
    x.lift(&d)
}

/// Whether the last derivative of x^p has left the range of normal doubles where the value has not; of a polynomial it is 0.
#[inline]
fn leaves_the_range(value: f64, p: f64, order: usize) -> bool {
    let polynomial = p >= 0.0 && p < order as f64 && f64::from(p as i32) == p;
    !polynomial && value.is_normal()
}

/// A derivative by `power` itself (0, overflow). Inlined, the power may be computed before the question whether it is needed.
#[cold]
#[inline(never)]
fn at_an_edge(power: impl Fn(f64, f64) -> f64, x: f64, p: f64, k: usize) -> f64 {
    let factor: f64 = (0..k).map(|j| p - j as f64).product();
    if factor == 0.0 { 0.0 } else { factor * power(x, p - k as f64) }
}

#[inline]
pub(super) fn exp<S: Scalar>(x: S) -> S {
    x.lift(&[math::exp(x.re()); super::MAX_ORDER + 1])
}

#[inline]
pub(super) fn exp_m1<S: Scalar>(x: S) -> S {
    let mut d = ZERO;
    if S::ORDER > 0 {
        d = [math::exp(x.re()); super::MAX_ORDER + 1];
    }
    d[0] = math::exp_m1(x.re());
    x.lift(&d)
}

/// A logarithm with a given value: derivatives scale (-1)^(k-1) (k-1)! / r^k, r the argument of the logarithm.
#[inline]
fn logarithm<S: Scalar>(x: S, value: f64, argument: f64, scale: f64) -> S {
    let mut d = ZERO;
    d[0] = value;
    if S::ORDER > 0 {
        // the first derivative is a double by itself; only of subnormal numbers it may be infinite
        if S::ORDER > 1 && !unit::within(argument, S::ORDER) {
            return unit::lift_power(x, value, argument, scale, 0.0);
        }
        let r = 1.0 / argument;
        d[1] = r * scale;
        for k in 2..=S::ORDER {
            d[k] = -d[k - 1] * r * (k as f64 - 1.0);
        }
    }
    x.lift(&d)
}

#[inline]
pub(super) fn ln<S: Scalar>(x: S) -> S {
    logarithm(x, math::ln(x.re()), x.re(), 1.0)
}

#[inline]
pub(super) fn ln_1p<S: Scalar>(x: S) -> S {
    logarithm(x, math::ln_1p(x.re()), 1.0 + x.re(), 1.0)
}

#[inline]
pub(super) fn log2<S: Scalar>(x: S) -> S {
    logarithm(x, math::log2(x.re()), x.re(), core::f64::consts::LOG2_E)
}

#[inline]
pub(super) fn log10<S: Scalar>(x: S) -> S {
    logarithm(x, math::log10(x.re()), x.re(), core::f64::consts::LOG10_E)
}

#[inline]
pub(super) fn sqrt<S: Scalar>(x: S) -> S {
    let mut d = ZERO;
    d[0] = math::sqrt(x.re());
    // infinite at 0 of either sign; a quotient of 1 that a division by the root can share
    d[1] = (1.0 / d[0]).abs() * 0.5;
    lift_power(x, 0.5, d, 2, math::powf)
}

#[inline]
pub(super) fn cbrt<S: Scalar>(x: S) -> S {
    let odd = |x: f64, p: f64| {
        let root = math::cbrt(x);
        // x^(1/3 - k) = root / x^k
        let k = math::floor(1.0 / 3.0 - p + 0.5);
        if k == 0.0 { root } else { root / math::powf(x, k) }
    };
    let mut d = ZERO;
    let re = x.re();
    d[0] = odd(re, 1.0 / 3.0);
    let mut factor = 1.0;
    for (k, d) in d.iter_mut().enumerate().take(S::ORDER + 1).skip(1) {
        factor *= 4.0 / 3.0 - k as f64;
        *d = match re {
            0.0 => f64::INFINITY,
            _ if re.is_infinite() => 0.0,
            _ => factor * odd(re, 1.0 / 3.0 - k as f64),
        };
    }
    if S::ORDER > 0 && !unit::within(re, S::ORDER) && d[0].is_normal() {
        return unit::lift_power(x, d[0], re, d[0] / 3.0, 1.0 / 3.0);
    }
    x.lift(&d)
}

#[inline]
pub(super) fn powi<S: Scalar>(x: S, n: i32) -> S {
    let mut d = ZERO;
    d[0] = math::powi(x.re(), n);
    lift_power(x, f64::from(n), d, 1, |x, p| math::powi(x, p as i32))
}

#[inline]
pub(super) fn powf<S: Scalar>(x: S, n: f64) -> S {
    let mut d = ZERO;
    d[0] = math::powf(x.re(), n);
    lift_power(x, n, d, 1, math::powf)
}

#[inline]
pub(super) fn recip<S: Scalar>(x: S) -> S {
    let mut d = ZERO;
    let r = 1.0 / x.re();
    if S::ORDER > 0 && !unit::within(x.re(), S::ORDER + 1) {
        return unit::lift_power(x, r, x.re(), -r, -1.0);
    }
    d[0] = r;
    for k in 1..=S::ORDER {
        d[k] = -d[k - 1] * r * k as f64;
    }
    x.lift(&d)
}

/// The four derivatives of a circular function, in turn.
#[inline]
fn circular<S: Scalar>(x: S, cycle: [f64; 4]) -> S {
    let mut d = ZERO;
    for k in 0..=S::ORDER {
        d[k] = cycle[k % 4];
    }
    x.lift(&d)
}

#[inline]
pub(super) fn sin<S: Scalar>(x: S) -> S {
    let s = math::sin(x.re());
    let c = if S::ORDER > 0 { math::cos(x.re()) } else { 0.0 };
    circular(x, [s, c, -s, -c])
}

#[inline]
pub(super) fn cos<S: Scalar>(x: S) -> S {
    let c = math::cos(x.re());
    let s = if S::ORDER > 0 { math::sin(x.re()) } else { 0.0 };
    circular(x, [c, -s, -c, s])
}

#[inline]
pub(super) fn sinh<S: Scalar>(x: S) -> S {
    let s = math::sinh(x.re());
    let c = if S::ORDER > 0 { math::cosh(x.re()) } else { 0.0 };
    circular(x, [s, c, s, c])
}

#[inline]
pub(super) fn cosh<S: Scalar>(x: S) -> S {
    let c = math::cosh(x.re());
    let s = if S::ORDER > 0 { math::sinh(x.re()) } else { 0.0 };
    circular(x, [c, s, c, s])
}

/// y with y' = s and s' = sign 2 y s: the tangent (sign 1) and the hyperbolic tangent (sign -1).
#[inline]
fn tangent<S: Scalar>(x: S, y: f64, s: f64, sign: f64) -> S {
    let (mut yc, mut sc) = (ZERO, ZERO);
    yc[0] = y;
    sc[0] = s;
    for k in 1..=S::ORDER {
        yc[k] = sc[k - 1] / k as f64;
        if k < S::ORDER {
            sc[k] = sign * 2.0 * taylor::product_term(&yc, &sc, k - 1) / k as f64;
        }
    }
    taylor::to_derivatives(&mut yc, S::ORDER);
    x.lift(&yc)
}

#[inline]
pub(super) fn tan<S: Scalar>(x: S) -> S {
    let t = math::tan(x.re());
    tangent(x, t, 1.0 + t * t, 1.0)
}

#[inline]
pub(super) fn tanh<S: Scalar>(x: S) -> S {
    let t = math::tanh(x.re());
    let sech = if S::ORDER > 0 { 1.0 / math::cosh(x.re()) } else { 0.0 };
    tangent(x, t, sech * sech, -1.0)
}

/// A function whose slope is scale (q0 + q1 t + q2 t^2)^power around the argument.
#[inline]
fn with_slope<S: Scalar>(x: S, value: f64, scale: f64, q: [f64; 3], power: f64) -> S {
    let mut c = ZERO;
    c[0] = value;
    if S::ORDER > 0 && x.re().is_infinite() {
        // every function here is flat at infinity, where the recurrence would meet inf / inf
    } else if S::ORDER > 0 {
        let p0 = if power == -1.0 { 1.0 / q[0] } else { 1.0 / math::sqrt(q[0]) };
        let slope = taylor::quadratic_power(q, power, p0 * scale, S::ORDER - 1);
        c = taylor::integrate(&slope, value, S::ORDER);
        taylor::to_derivatives(&mut c, S::ORDER);
    }
    x.lift(&c)
}

#[inline]
pub(super) fn asin<S: Scalar>(x: S) -> S {
    let re = x.re();
    with_slope(x, math::asin(re), 1.0, [(1.0 - re) * (1.0 + re), -2.0 * re, -1.0], -0.5)
}

#[inline]
pub(super) fn acos<S: Scalar>(x: S) -> S {
    let re = x.re();
    with_slope(x, math::acos(re), -1.0, [(1.0 - re) * (1.0 + re), -2.0 * re, -1.0], -0.5)
}

#[inline]
pub(super) fn atan<S: Scalar>(x: S) -> S {
    let re = x.re();
    if S::ORDER == 0 || re.abs() < unit::largest(S::ORDER + 1) {
        return with_slope(x, math::atan(re), 1.0, [1.0 + re * re, 2.0 * re, 1.0], -1.0);
    }
    // the slope is 1 / x^2 to all digits
    unit::lift_power(x, math::atan(re), re, 1.0 / re, -1.0)
}

#[inline]
pub(super) fn atanh<S: Scalar>(x: S) -> S {
    let re = x.re();
    with_slope(x, math::atanh(re), 1.0, [(1.0 - re) * (1.0 + re), -2.0 * re, -1.0], -1.0)
}

/// asinh (sign 1) and acosh (sign -1): slope 1 / sqrt(x^2 + sign), by the reciprocal of x where x^2 would overflow.
#[inline]
fn area<S: Scalar>(x: S, value: f64, sign: f64) -> S {
    let re = x.re();
    if S::ORDER == 0 || re.abs() < unit::largest(S::ORDER.max(2)) {
        let q0 = if sign > 0.0 { re * re + 1.0 } else { (re - 1.0) * (re + 1.0) };
        with_slope(x, value, 1.0, [q0, 2.0 * re, 1.0], -0.5)
    } else {
        // the slope is 1 / |x| to all digits
        logarithm(x, value, re, if re < 0.0 { -1.0 } else { 1.0 })
    }
}

#[inline]
pub(super) fn asinh<S: Scalar>(x: S) -> S {
    area(x, math::asinh(x.re()), 1.0)
}

#[inline]
pub(super) fn acosh<S: Scalar>(x: S) -> S {
    area(x, math::acosh(x.re()), -1.0)
}

#[inline]
pub(super) fn abs<S: Scalar>(x: S) -> S {
    let re = x.re();
    let mut d = ZERO;
    d[0] = re.abs();
    d[1] = re.signum();
    x.lift(&d)
}

/// The derivatives of the logistic function y: y' = s, s' = s c, c' = -2 s, with s = y (1 - y) and c = 1 - 2 y.
#[inline]
fn logistic_series(x: f64, y: f64, order: usize) -> super::Derivatives {
    let (mut yc, mut s, mut c) = (ZERO, ZERO, ZERO);
    yc[0] = y;
    if order > 0 {
        s[0] = y * math::sigmoid(-x);
        c[0] = -math::tanh(0.5 * x);
    }
    for k in 1..=order {
        yc[k] = s[k - 1] / k as f64;
        if k < order {
            s[k] = taylor::product_term(&s, &c, k - 1) / k as f64;
            c[k] = -2.0 * s[k - 1] / k as f64;
        }
    }
    yc
}

#[inline]
pub(super) fn sigmoid<S: Scalar>(x: S) -> S {
    let mut d = logistic_series(x.re(), math::sigmoid(x.re()), S::ORDER);
    taylor::to_derivatives(&mut d, S::ORDER);
    x.lift(&d)
}

#[inline]
pub(super) fn softplus<S: Scalar>(x: S) -> S {
    let re = x.re();
    let mut d = ZERO;
    if S::ORDER > 0 {
        let slope = logistic_series(re, math::sigmoid(re), S::ORDER - 1);
        d = taylor::integrate(&slope, 0.0, S::ORDER);
        taylor::to_derivatives(&mut d, S::ORDER);
    }
    d[0] = math::softplus(re);
    x.lift(&d)
}

#[inline]
pub(super) fn logit<S: Scalar>(x: S) -> S {
    let p = x.re();
    if S::ORDER > 0 && p > 0.0 && p < unit::smallest(S::ORDER) {
        // the logarithm of p to all digits
        return logarithm(x, math::logit(p), p, 1.0);
    }
    let mut d = ZERO;
    d[0] = math::logit(p);
    // (k-1)! [ (1-p)^-k - (-p)^-k ]
    let (a, b) = (1.0 / (1.0 - p), -1.0 / p);
    let (mut up, mut down) = (1.0, 1.0);
    for (k, d) in d.iter_mut().enumerate().take(S::ORDER + 1).skip(1) {
        let scale = if k > 2 { k as f64 - 1.0 } else { 1.0 };
        up *= a * scale;
        down *= b * scale;
        *d = up - down;
    }
    x.lift(&d)
}

/// value + the integral of slope0 g, with g' = g (1 + g) sign: for the two functions below.
#[inline]
fn ln_of_difference<S: Scalar>(x: S, value: f64, g0: f64, offset: f64, sign: f64) -> S {
    let mut g = ZERO;
    g[0] = g0;
    for k in 1..S::ORDER {
        let square = taylor::product_term(&g, &g, k - 1);
        g[k] = sign * (g[k - 1] + square) / k as f64;
    }
    for (k, g) in g.iter_mut().enumerate() {
        *g *= -sign;
        if k == 0 {
            *g += offset;
        }
    }
    let mut c = taylor::integrate(&g, value, S::ORDER);
    taylor::to_derivatives(&mut c, S::ORDER);
    x.lift(&c)
}

#[inline]
pub(super) fn ln_1m_exp<S: Scalar>(x: S) -> S {
    if S::ORDER > 0 && x.re() < 0.0 && -x.re() < unit::smallest(S::ORDER) {
        // ln(-x) to all digits
        return logarithm(x, math::ln_1m_exp(x.re()), x.re(), 1.0);
    }
    // y' = -g, g = 1 / (e^-x - 1), g' = g + g^2
    let g = if S::ORDER > 0 { 1.0 / math::exp_m1(-x.re()) } else { 0.0 };
    ln_of_difference(x, math::ln_1m_exp(x.re()), g, 0.0, 1.0)
}

#[inline]
pub(super) fn ln_exp_m1<S: Scalar>(x: S) -> S {
    if S::ORDER > 0 && x.re() > 0.0 && x.re() < unit::smallest(S::ORDER) {
        // ln x to all digits
        return logarithm(x, math::ln_exp_m1(x.re()), x.re(), 1.0);
    }
    // y' = 1 + g, g = 1 / (e^x - 1), g' = -(g + g^2)
    let g = if S::ORDER > 0 { 1.0 / math::exp_m1(x.re()) } else { 0.0 };
    ln_of_difference(x, math::ln_exp_m1(x.re()), g, 1.0, -1.0)
}

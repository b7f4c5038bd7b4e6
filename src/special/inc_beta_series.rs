//! The regularized incomplete beta function by series and by its continued fraction, one tail at a time.
//!
//! Everything here is about K = I_x(a, b) / (x y f), f the density of the beta law: a benign quotient without powers or
//! exponentials. The rest is the factor x^a y^b / (a B(a, b)), whose logarithm is known in closed form.

use super::beta::{ln_beta_1p, stirling_remainder};
use super::inc_beta_uniform;
use super::ln_1p_minus;
use crate::scalar::{Scalar, math};
use core::ops::Mul;

/// A point of (0, 1) seen from both ends: x and y = 1 - x with their logarithms, none formed from another by subtraction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point<X> {
    pub x: X,
    pub y: X,
    pub ln_x: X,
    pub ln_y: X,
}

impl<X: Scalar> Point<X> {
    /// The point x; y and ln y follow exactly.
    #[inline]
    pub fn new(x: X) -> Self {
        Point { x, y: -x + 1.0, ln_x: x.ln(), ln_y: (-x).ln_1p() }
    }

    /// The point with this logit, which reaches beyond the range of doubles at both ends.
    #[inline]
    pub fn from_logit(theta: X) -> Self {
        Point { x: theta.sigmoid(), y: (-theta).sigmoid(), ln_x: -(-theta).softplus(), ln_y: -theta.softplus() }
    }

    /// The point 1 - x.
    #[inline]
    pub fn flip(self) -> Self {
        Point { x: self.y, y: self.x, ln_x: self.ln_y, ln_y: self.ln_x }
    }

    /// The value without derivatives.
    #[inline]
    pub fn re(self) -> Point<f64> {
        Point { x: self.x.re(), y: self.y.re(), ln_x: self.ln_x.re(), ln_y: self.ln_y.re() }
    }
}

impl Point<f64> {
    /// The same point, moving as its logit `theta` does.
    #[inline]
    pub fn along<X: Scalar>(self, theta: X) -> Point<X> {
        let moved = Point::from_logit(theta);
        Point {
            x: moved.x.with_re(self.x),
            y: moved.y.with_re(self.y),
            ln_x: moved.ln_x.with_re(self.ln_x),
            ln_y: moved.ln_y.with_re(self.ln_y),
        }
    }
}

/// One tail of the beta law at a point: the one that can be had without subtraction from 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tail<S> {
    /// Whether it is the upper tail, 1 - I_x(a, b).
    pub upper: bool,
    /// Its logarithm.
    pub ln: S,
    /// The tail over x y f(x): the reciprocal of the slope of the logarithm in logit x.
    pub mills: f64,
}

impl<S: Scalar> Tail<S> {
    /// ln I_x (upper false) or ln(1 - I_x) (upper true).
    #[inline]
    pub fn ln_of(self, upper: bool) -> S {
        if upper == self.upper { self.ln } else { self.ln.ln_1m_exp() }
    }

    /// I_x (upper false) or 1 - I_x (upper true).
    #[inline]
    pub fn of(self, upper: bool) -> S {
        if upper == self.upper { self.ln.exp() } else { -self.ln.exp_m1() }
    }
}

/// By which formula a tail is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Region {
    /// Temme's uniform expansion for large shapes, around the mean.
    Uniform,
    /// DLMF 8.17.7, a polynomial-like series for b x of order 1.
    Short,
    /// DLMF 8.17.8, all terms positive.
    Positive,
    /// The even part of DLMF 8.17.22.
    Fraction,
}

/// The smallest a b / (a + b) at which the uniform expansion has all digits.
const UNIFORM_FROM: f64 = 16.0;

/// The largest |logit x - ln(a / b)| of the uniform expansion.
const LARGEST_OFFSET: f64 = 0.7;

/// Whether to exchange (a, b, x) for (b, a, y), which gives the upper tail, and the region then; the uniform expansion from
/// a b / (a + b) = `uniform_from` on.
pub(super) fn region(a: f64, b: f64, at: Point<f64>, uniform_from: f64) -> (bool, Region) {
    let s = a + b;
    if a * (b / s) >= uniform_from {
        let d = inc_beta_uniform::offset(a, b, at);
        if d.abs() <= LARGEST_OFFSET {
            return (d > 0.0, Region::Uniform);
        }
    }
    let (swap, a, b, x, y) = if a <= b { (false, a, b, at.x, at.y) } else { (true, b, a, at.y, at.x) };
    let (p, q) = (a / s, b / s);
    let deviation = math::sqrt(p * q / (s + 1.0));
    let split = (p + 1.2 * deviation + 1.5 * q / (b + 2.0)).min(0.6);
    let series = |b: f64, x: f64| if b * x <= 2.5 { Region::Short } else { Region::Positive };
    if x <= split {
        (swap, series(b, x))
    } else if y <= 0.4 {
        (!swap, series(a, y))
    } else if y < 0.5 * q {
        (!swap, Region::Positive)
    } else {
        (!swap, Region::Fraction)
    }
}

/// The tail of the beta law with shapes a, b > 0 at a point inside (0, 1).
pub(crate) fn tail<S: Scalar + Mul<X, Output = S>, X: Scalar + Into<S>>(a: S, b: S, at: Point<X>) -> Tail<S> {
    let (swap, region) = region(a.re(), b.re(), at.re(), UNIFORM_FROM);
    let (a, b, at) = if swap { (b, a, at.flip()) } else { (a, b, at) };
    let (ln, mills) = match region {
        Region::Uniform => inc_beta_uniform::lower(a, b, at),
        Region::Short => {
            let g = short(a, b, at.x);
            let mut ln = a * at.ln_x - ln_beta_1p(a, b);
            if a.re().min(b.re()) >= STIRLING_FROM {
                ln = ln.with_re(ln_prefix(a.re(), b.re(), at.re()) - b.re() * at.ln_y.re());
            }
            (ln + g.ln_1p(), (1.0 + g.re()) / a.re() * math::exp(-b.re() * at.ln_y.re()))
        }
        Region::Positive => from_quotient(a, b, at, positive(a, b, at.x)),
        Region::Fraction => from_quotient(a, b, at, fraction(a, b, at, S::mul, X::into) * a),
    };
    Tail { upper: swap, ln, mills }
}

/// ln I from a K.
#[inline]
fn from_quotient<S: Scalar + Mul<X, Output = S>, X: Scalar>(a: S, b: S, at: Point<X>, quotient: S) -> (S, f64) {
    let ln = a * at.ln_x + b * at.ln_y - ln_beta_1p(a, b);
    (ln.with_re(ln_prefix(a.re(), b.re(), at.re())) + quotient.ln(), quotient.re() / a.re())
}

/// ln[x^a y^b / B(a, b)], the logarithm of the density of logit X for X of the beta law.
#[inline]
pub(crate) fn ln_density<S: Scalar>(a: S, b: S, at: Point<S>) -> S {
    let ln = a * at.ln_x + b * at.ln_y - super::ln_beta(a, b);
    if a.re().min(b.re()) < STIRLING_FROM {
        ln
    } else {
        ln.with_re(ln_prefix(a.re(), b.re(), at.re()) + math::ln(a.re()))
    }
}

/// From here on a and b are large enough for Stirling's series.
const STIRLING_FROM: f64 = 10.0;

/// ln[x^a y^b / (a B(a, b))] of doubles: for large shapes by the deviance a ln(x/p) + b ln(y/q), p = a / (a + b), which is
/// free of the cancellation of large logarithms (Loader 2000, "Fast and accurate computation of binomial probabilities").
fn ln_prefix(a: f64, b: f64, at: Point<f64>) -> f64 {
    if a.min(b) < STIRLING_FROM {
        return a * at.ln_x + b * at.ln_y - ln_beta_1p(a, b);
    }
    let s = a + b;
    let excess = excess(a, b, at);
    let term = |shape: f64, t: f64, ln: f64| {
        shape * if (-0.5..=1.0).contains(&t) { ln_1p_minus(t) } else { (ln - math::ln(shape / s)) - t }
    };
    let deviance = term(a, excess / a, at.ln_x) + term(b, -excess / b, at.ln_y);
    let remainders = stirling_remainder(a) + stirling_remainder(b) - stirling_remainder(s);
    deviance - 0.5 * math::ln(core::f64::consts::TAU * (a / b) * s) - remainders
}

/// (a + b) x - a = (a + b)(x - p) with the rounding of a + b made good, from the nearer end.
#[inline]
pub(super) fn excess(a: f64, b: f64, at: Point<f64>) -> f64 {
    let s = a + b;
    let part = s - a;
    let rest = (a - (s - part)) + (b - part);
    if at.x <= 0.5 { libm::fma(at.x, s, -a) + at.x * rest } else { -(libm::fma(at.y, s, -b) + at.y * rest) }
}

/// G - 1 with G = a Σ_{n>=0} (1-b)_n x^n / (n! (a+n)) = K a y^b (DLMF 8.17.7).
///
/// How many terms are summed does not depend on the scalar type: a majorant tells, in which the factor n - b that may
/// vanish is at least 1/2, as it is missing from the derivatives in b.
pub(crate) fn short<S: Scalar + Mul<X, Output = S>, X: Scalar>(a: S, b: S, x: X) -> S {
    let (re, b_re) = (x.re(), b.re());
    let mut u = S::from(1.0);
    let mut sum = S::from(0.0);
    let (mut majorant, mut n) = (1.0, 0.0);
    let mut last = f64::INFINITY;
    while n < last {
        n += 1.0;
        u = u * (-b + n) * (x * (1.0 / n));
        sum += u * (a + n).recip();
        majorant *= (n - b_re).abs().max(0.5) * re / n;
        // a majorant that is no number ends it too
        if last == f64::INFINITY && (majorant <= 1e-17 * re * (1.0 - re) || majorant.is_nan()) {
            last = if S::ORDER == 0 { n } else { n * 1.25 + 4.0 };
        }
    }
    sum * a
}

/// N = a K = Σ_{n>=0} (a+b)_n / (a+1)_n x^n (DLMF 8.17.8).
fn positive<S: Scalar + Mul<X, Output = S>, X: Scalar>(a: S, b: S, x: X) -> S {
    let b1 = b - 1.0;
    // the first factor may be next to 0, and is then exact this way
    let first = if b.re() < 0.5 { (a + b) * (a + 1.0).recip() } else { b1 * (a + 1.0).recip() + 1.0 };
    let mut t = first * x;
    let floor = 1e-18 * t.re().min(1.0);
    let mut sum = t;
    let mut n = 1.0;
    let mut last = f64::INFINITY;
    while n < last {
        n += 1.0;
        let ratio = b1 * (a + n).recip() + 1.0;
        t *= ratio * x;
        sum += t;
        let q = ratio.re() * x.re();
        if last == f64::INFINITY && q < 1.0 && t.re() <= 1e-17 * (1.0 - q) * sum.re() && t.re() <= floor {
            last = if S::ORDER == 0 { n } else { n * 1.25 + 4.0 };
        }
    }
    sum + 1.0
}

/// K as the even part of the continued fraction of DLMF 8.17.22, by forward recurrence; `times` multiplies by an expression of
/// the point and `of` makes a number of one.
pub(super) fn fraction<S: Scalar, X: Scalar>(
    a: S,
    b: S,
    at: Point<X>,
    times: impl Fn(S, X) -> S,
    of: impl Fn(X) -> S,
) -> S {
    let x = at.x;
    let base = times(a, at.y) - times(b, x) + 1.0;
    let x2 = x * x;
    let two_less_x = -x + 2.0;
    let s = a + b;
    let mut before = (a + 1.0).recip();
    let (mut b1, mut b0) = (a * base * before, S::from(1.0));
    let (mut a1, mut a0) = (S::from(1.0), S::from(0.0));
    for m in 1..=depth(a.re(), b.re(), at.re()) {
        let m = m as f64;
        let after = (a + (2.0 * m + 1.0)).recip();
        let bm = (b - m) * m;
        let alpha = times((a + (m - 1.0)) * (s + (m - 1.0)) * bm * (before * before), x2);
        let beta = times(bm * before, x) + (a + m) * (base + of(two_less_x * m)) * after + m;
        (b1, b0) = (beta * b1 + alpha * b0, b1);
        (a1, a0) = (beta * a1 + alpha * a0, a1);
        before = after;
        if b1.re().abs() > 1e100 {
            (a0, a1, b0, b1) = (a0 * 1e-100, a1 * 1e-100, b0 * 1e-100, b1 * 1e-100);
        }
    }
    a1.over(b1)
}

/// How many steps the continued fraction takes: measured, with a margin for second derivatives.
fn depth(a: f64, b: f64, at: Point<f64>) -> usize {
    let z = (a + 0.5 * b) * at.y - b * (1.0 - 0.5 * at.y) + 1.0;
    (120.0 / z.max(1.0) + 10.0 + 0.35 * b.min(40.0)).clamp(12.0, 130.0) as usize
}

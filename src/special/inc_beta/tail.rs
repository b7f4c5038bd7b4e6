//! One tail of the beta law at a point: which of two, and by which formula.
//!
//! Every formula is of K = I_x(a, b) / (x y f), f the density of the beta law: a benign quotient without powers or
//! exponentials. The rest is the factor x^a y^b / (a B(a, b)), whose logarithm is known in closed form.

use super::density::{STIRLING_FROM, ln_prefix};
use super::fraction::fraction;
use super::point::Point;
use super::series::{positive, short};
use super::uniform;
use crate::scalar::{Scalar, math};
use crate::special::beta::ln_beta_1p;
use core::ops::Mul;

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
pub(in crate::special) enum Region {
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
pub(in crate::special) fn region(a: f64, b: f64, at: Point<f64>, uniform_from: f64) -> (bool, Region) {
    let s = a + b;
    if a * (b / s) >= uniform_from {
        let d = uniform::offset(a, b, at);
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
    if a.re() + b.re() == f64::INFINITY {
        return of_quarter_shapes(a, b, at);
    }
    let (swap, region) = region(a.re(), b.re(), at.re(), UNIFORM_FROM);
    let (a, b, at) = if swap { (b, a, at.flip()) } else { (a, b, at) };
    let (ln, mills) = match region {
        Region::Uniform => uniform::lower(a, b, at),
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

/// The tail for shapes whose sum is beyond the doubles: there its logarithm is proportional to them to all digits, or
/// the point is the mean.
fn of_quarter_shapes<S: Scalar + Mul<X, Output = S>, X: Scalar + Into<S>>(a: S, b: S, at: Point<X>) -> Tail<S> {
    let quarter = tail(a * 0.25, b * 0.25, at);
    let times = if quarter.ln.re() > -1.0 { 1.0 } else { 4.0 };
    Tail { upper: quarter.upper, ln: quarter.ln * times, mills: quarter.mills / times }
}

/// ln I from a K.
#[inline]
fn from_quotient<S: Scalar + Mul<X, Output = S>, X: Scalar>(a: S, b: S, at: Point<X>, quotient: S) -> (S, f64) {
    let ln = a * at.ln_x + b * at.ln_y - ln_beta_1p(a, b);
    (ln.with_re(ln_prefix(a.re(), b.re(), at.re())) + quotient.ln(), quotient.re() / a.re())
}

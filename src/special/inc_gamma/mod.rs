//! The regularized incomplete gamma functions P and Q, their logarithms and their inverses.
//!
//! | where | what |
//! |---|---|
//! | a >= 16, \|ln(x/a)\| <= 1 | P = Φ(Y), Q = Φ(-Y) with Y = sqrt(a) Σ e_k(ln(x/a)) a^-k: both tails at once, logarithms by those of the normal law |
//! | x above a (above 1.1 for a < 1) | Q by Legendre's continued fraction |
//! | a < 1, x up to 1.1, P > 1/2 | Q by -expm1(a ln x - ln Γ(1+a)) and an alternating series |
//! | elsewhere | P by its power series |
//!
//! Each region gives the tail that is the smaller there, and the other is its complement.

mod flow;
mod inverse;
mod parts;
mod tables;

pub(crate) use flow::{Draw, lift_draw, lift_ln_power};
pub(crate) use inverse::{Probability, inverse, ln_inverse, ln_power_inverse, ln_ratio_inverse};
pub use inverse::{inc_gamma_ln_p_inv, inc_gamma_ln_q_inv, inc_gamma_p_inv, inc_gamma_q_inv};
pub(crate) use parts::{
    Point, central_polynomial, central_slope, fraction, fraction_with_slope, is_central, ln_weight, series_with_slope,
};

pub(crate) use super::gamma::stirling::{LARGE, stirling};

use super::of_two::{OfTwo, of_two};
use super::{normal_cdf, normal_ln_cdf, normal_ln_sf, normal_sf};
use crate::quadrature::moved;
use crate::scalar::{Scalar, math};
use core::f64::consts::LN_2;
use parts::{alternating, normal_score, series};

/// One of the two tails of the gamma law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Tail {
    Lower,
    Upper,
}

impl Tail {
    #[inline]
    pub fn other(self) -> Self {
        match self {
            Tail::Lower => Tail::Upper,
            Tail::Upper => Tail::Lower,
        }
    }
}

/// Which expansion holds at a point.
#[derive(Clone, Copy, PartialEq)]
enum Region {
    Central,
    Series,
    Fraction,
    Alternating,
}

/// What takes time: loops of a and of x or, for the score, ln(x/a).
enum Expansion {
    Score,
    Series,
    Fraction,
    Alternating,
}

impl OfTwo for Expansion {
    fn at<S: Scalar>(&self, a: S, x: S) -> S {
        match self {
            Expansion::Score => normal_score(a, x),
            Expansion::Series => series(a, x),
            Expansion::Fraction => fraction(a, x),
            Expansion::Alternating => alternating(a, x),
        }
    }
}

fn region(at: &Point<f64>) -> Region {
    let Point { a, x, ln_power, .. } = *at;
    if is_central(a, x) {
        Region::Central
    } else if x > if a < 1.0 { 1.1 } else { a } {
        Region::Fraction
    } else if a < 1.0 && ln_power - super::ln_gamma_1p(a) > -0.7 {
        Region::Alternating
    } else {
        Region::Series
    }
}

/// e^w with another value, of either sign. Where the value or its derivatives leave the range of doubles there are no derivatives: no inf that a
/// later product with 0 would make NaN.
#[inline]
pub(crate) fn exp_with_value<S: Scalar>(w: S, value: f64) -> S {
    if S::ORDER == 0 || value == 0.0 || value.is_infinite() {
        return S::from(value);
    }
    // finite multiples of the value
    let y = if S::ORDER == 1 { w.lift(&[value; 2]) } else { w.with_re(0.0).exp() * value };
    if value.abs() > 1e100 && y.max_abs().is_infinite() { S::from(value) } else { y }
}

/// x^a e^-x / Γ(1 + a): as a product where nothing underflows, which is better than the exponential of a logarithm.
fn weight<S: Scalar>(at: &Point<S>) -> S {
    let ln = ln_weight(at);
    let Point { a, x, .. } = at.re();
    if a < LARGE && ln.re() > -700.0 && (f64::MIN_POSITIVE..700.0).contains(&x) {
        let gamma_1p = if a < 1.0 { libm::tgamma(1.0 + a) } else { a * libm::tgamma(a) };
        ln.exp().with_re(math::powf(x, a) * math::exp(-x) / gamma_1p)
    } else {
        ln.exp()
    }
}

/// P or Q at a point with finite a, w.
fn probability_of<S: Scalar>(tail: Tail, at: &Point<S>) -> S {
    let (own, value) = match region(&at.re()) {
        Region::Central => {
            let y = of_two(&Expansion::Score, at.a, at.ln_ratio());
            return if tail == Tail::Lower { normal_cdf(y) } else { normal_sf(y) };
        }
        Region::Series => (Tail::Lower, weight(at) * (of_two(&Expansion::Series, at.a, at.x) + 1.0)),
        Region::Fraction => (Tail::Upper, weight(at) * at.a * of_two(&Expansion::Fraction, at.a, at.x)),
        Region::Alternating => (Tail::Upper, alternating_upper(at)),
    };
    if tail == own { value } else { -value + 1.0 }
}

/// Q = 1 - x^a/Γ(1+a) [1 + a Σ ...], the difference by expm1.
fn alternating_upper<S: Scalar>(at: &Point<S>) -> S {
    let exponent = at.ln_power - super::ln_gamma_1p(at.a);
    -exponent.exp_m1() - exponent.exp() * of_two(&Expansion::Alternating, at.a, at.x)
}

/// ln P or ln Q at a point with finite a, w.
fn ln_probability_of<S: Scalar>(tail: Tail, at: &Point<S>) -> S {
    let own = match region(&at.re()) {
        Region::Central => {
            let y = of_two(&Expansion::Score, at.a, at.ln_ratio());
            return if tail == Tail::Lower { normal_ln_cdf(y) } else { normal_ln_sf(y) };
        }
        Region::Series => Tail::Lower,
        Region::Fraction | Region::Alternating => Tail::Upper,
    };
    if tail != own {
        return (-probability_of(own, at)).ln_1p();
    }
    match region(&at.re()) {
        Region::Series => ln_weight(at) + of_two(&Expansion::Series, at.a, at.x).ln_1p(),
        Region::Fraction => ln_weight(at) + (at.a * of_two(&Expansion::Fraction, at.a, at.x)).ln(),
        _ => alternating_upper(at).ln(),
    }
}

/// P or Q, with the real part of plain numbers: the expansions look deeper when there are derivatives.
#[inline]
pub(crate) fn probability<S: Scalar>(tail: Tail, at: &Point<S>) -> S {
    if let Some(limit) = limit(tail, at, FAR) {
        return S::from(limit);
    }
    let value = probability_of(tail, &at.re());
    if S::ORDER == 0 {
        return S::from(value);
    }
    if moves_by_density(at) { by_density(tail, at, value) } else { probability_of(tail, at).with_re(value) }
}

/// Whether second derivatives in x, which x^a rounds to those of x^a times (1/x)² where a - 1 is small or 0, are those of the
/// density. Below a = 1/2 they are of the order of x^a/x², and in w = ln x, where a is the power, they would be lost instead.
fn moves_by_density<S: Scalar>(at: &Point<S>) -> bool {
    let moves = S::ORDER > 1 && at.x.with_re(0.0).max_abs() != 0.0;
    moves && (0.5..LARGE).contains(&at.a.re()) && at.x.re() >= f64::MIN_POSITIVE
}

/// P or Q, of this value, whose slope in x is the density x^(a-1) e^-x/Γ(a).
fn by_density<S: Scalar>(tail: Tail, at: &Point<S>, value: f64) -> S {
    let (a, x) = (at.a, at.x.re());
    let ln_gamma = super::ln_gamma(a);
    let fixed = probability_of(tail, &Point::of(a, S::from(x), S::from(at.w.re())));
    moved(fixed.with_re(value), at.x, |x| {
        let density = ((a - 1.0) * x.ln() - x - ln_gamma).exp();
        if tail == Tail::Lower { density } else { -density }
    })
}

/// ln P or ln Q.
#[inline]
pub(crate) fn ln_probability<S: Scalar>(tail: Tail, at: &Point<S>) -> S {
    let end = if tail == Tail::Lower { FAR } else { f64::MAX };
    if let Some(limit) = limit(tail, at, end) {
        return S::from(math::ln(limit));
    }
    let value = ln_probability_of(tail, &at.re());
    if S::ORDER == 0 {
        return S::from(value);
    }
    // further out the powers are a part of the logarithm
    let ln = if value > -LN_2 && moves_by_density(at) {
        by_density(tail, at, math::exp(value)).ln()
    } else {
        ln_probability_of(tail, at)
    };
    ln.with_re(value)
}

/// Where e^-x is 0 whatever else is large.
const FAR: f64 = 1e160;

/// The probability at the ends, of which the upper one is all beyond `end`, and NaN outside the domain.
#[inline]
fn limit<S: Scalar>(tail: Tail, at: &Point<S>, end: f64) -> Option<f64> {
    // x may be beyond the range of doubles where ln x is not
    if at.x.re() > end {
        return Some(if tail == Tail::Lower { 1.0 } else { 0.0 });
    }
    let Point { a, w, .. } = at.re();
    if !(a > 0.0 && a < f64::INFINITY) || w.is_nan() {
        Some(f64::NAN)
    } else if w.is_infinite() {
        Some(if (w > 0.0) == (tail == Tail::Lower) { 1.0 } else { 0.0 })
    } else {
        None
    }
}

/// The regularized lower incomplete gamma function P(a, x) = γ(a, x)/Γ(a) (DLMF 8.2.4), the distribution function of the
/// gamma law with shape a and rate 1.
///
/// Differentiable in both arguments. Below 1/2 the relative error is that of the logarithm times its size: 1e-13 at the most
/// down to 1e-100. 0 at x = 0 and 1 at x = inf, where derivatives are taken as 0; NaN for x < 0 and for a that is not
/// positive and finite.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// use reparam::special::inc_gamma_p;
/// assert!((inc_gamma_p(1.0, 2.0) - (1.0 - (-2f64).exp())).abs() < 1e-16);
/// // far above the mean: P is 1 to all digits, its derivative is not 0
/// let [a] = Jet::variables([3.0]);
/// let p = inc_gamma_p(a, 50.0.into());
/// assert!(p.re == 1.0 && (p.eps[0] / -7.55e-19 - 1.0).abs() < 1e-3);
/// ```
#[inline]
pub fn inc_gamma_p<S: Scalar>(a: S, x: S) -> S {
    probability(Tail::Lower, &Point::new(a, x))
}

/// The regularized upper incomplete gamma function Q(a, x) = Γ(a, x)/Γ(a) = 1 - P (DLMF 8.2.4), never computed as that
/// difference where it would lose digits.
///
/// # Example
/// ```
/// use reparam::special::inc_gamma_q;
/// assert!((inc_gamma_q(1.0, 200.0) / (-200f64).exp() - 1.0).abs() < 1e-14);
/// ```
///
/// Edges as of [`inc_gamma_p`].
#[inline]
pub fn inc_gamma_q<S: Scalar>(a: S, x: S) -> S {
    probability(Tail::Upper, &Point::new(a, x))
}

/// ln P(a, x), accurate in both tails, also where P underflows or is 1 to all digits.
///
/// # Example
/// ```
/// use reparam::special::inc_gamma_ln_p;
/// // P = 1 - e^-x
/// assert!((inc_gamma_ln_p(1.0, 1e-300) / 1e-300f64.ln() - 1.0).abs() < 1e-15);
/// assert!((inc_gamma_ln_p(1.0, 100.0) / -(-100f64).exp() - 1.0).abs() < 1e-14);
/// ```
///
/// -inf at x = 0, 0 at inf; else as [`inc_gamma_p`].
#[inline]
pub fn inc_gamma_ln_p<S: Scalar>(a: S, x: S) -> S {
    ln_probability(Tail::Lower, &Point::new(a, x))
}

/// ln Q(a, x), accurate in both tails, also where Q underflows or is 1 to all digits.
///
/// # Example
/// ```
/// use reparam::special::inc_gamma_ln_q;
/// assert!((inc_gamma_ln_q(1.0, 1e6) / -1e6 - 1.0).abs() < 1e-15);
/// ```
///
/// 0 at x = 0, -inf at inf; else as [`inc_gamma_p`].
#[inline]
pub fn inc_gamma_ln_q<S: Scalar>(a: S, x: S) -> S {
    ln_probability(Tail::Upper, &Point::new(a, x))
}

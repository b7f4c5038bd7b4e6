//! The inverses of the incomplete gamma functions, from a probability of either tail or its logarithm.

use super::LARGE;
use super::parts::{Point, fraction, is_central, ln_weight, normal_score, normal_score_slope, series};
use super::{Tail, exp_with_value, lift_draw, lift_ln_power, ln_probability, probability};
use crate::implicit::lift_root;
use crate::scalar::{Scalar, math};
use crate::special::{digamma, ln_gamma_1p, normal_isf, normal_isf_ln, normal_quantile, normal_quantile_ln};
use core::f64::consts::LN_2;

/// A probability of the lower or the upper tail, or its logarithm.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Probability<S> {
    P(S),
    Q(S),
    LnP(S),
    LnQ(S),
}

impl<S: Scalar> Probability<S> {
    pub fn re(&self) -> Probability<f64> {
        match self {
            Self::P(p) => Probability::P(p.re()),
            Self::Q(q) => Probability::Q(q.re()),
            Self::LnP(l) => Probability::LnP(l.re()),
            Self::LnQ(l) => Probability::LnQ(l.re()),
        }
    }

    /// ln x where it is at an end (x = 0 or inf), or NaN outside the domain.
    fn limit(&self) -> Option<f64> {
        let (value, low, high, at_high) = match self.re() {
            Probability::P(p) => (p, 0.0, 1.0, f64::INFINITY),
            Probability::Q(q) => (q, 0.0, 1.0, f64::NEG_INFINITY),
            Probability::LnP(l) => (l, f64::NEG_INFINITY, 0.0, f64::INFINITY),
            Probability::LnQ(l) => (l, f64::NEG_INFINITY, 0.0, f64::NEG_INFINITY),
        };
        if value == low {
            Some(-at_high)
        } else if value == high {
            Some(at_high)
        } else if low < value && value < high {
            None
        } else {
            Some(f64::NAN)
        }
    }

    /// The point of the normal law with this probability.
    fn normal(&self) -> S {
        match *self {
            Self::P(p) => normal_quantile(p),
            Self::Q(q) => normal_isf(q),
            Self::LnP(l) => normal_quantile_ln(l),
            Self::LnQ(l) => normal_isf_ln(l),
        }
    }

    /// The smaller tail, its logarithm and its value.
    fn smaller(&self) -> (Tail, S, S) {
        match *self {
            Self::P(p) => smaller(Tail::Lower, p),
            Self::Q(q) => smaller(Tail::Upper, q),
            Self::LnP(l) => smaller_ln(Tail::Lower, l),
            Self::LnQ(l) => smaller_ln(Tail::Upper, l),
        }
    }
}

fn smaller<S: Scalar>(tail: Tail, p: S) -> (Tail, S, S) {
    if p.re() <= 0.5 {
        (tail, p.ln(), p)
    } else {
        // exact
        let q = -p + 1.0;
        (tail.other(), q.ln(), q)
    }
}

fn smaller_ln<S: Scalar>(tail: Tail, l: S) -> (Tail, S, S) {
    if l.re() <= -LN_2 { (tail, l, l.exp()) } else { (tail.other(), l.ln_1m_exp(), -l.exp_m1()) }
}

/// Where the probability is: ln(x/a) around the mean of a large a, else ln x.
#[derive(Clone, Copy, Debug)]
enum Root<S> {
    Central(S),
    Log(S),
}

fn solve<S: Scalar>(a: S, probability: Probability<S>) -> Root<S> {
    if a.re() >= LARGE {
        // |ln(x/a)| < 1 lies between these scores
        let score = probability.re().normal() / math::sqrt(a.re());
        if -0.85 < score && score < 1.18 {
            let y = probability.normal();
            let mu = central(a.re(), y.re());
            if is_constant(y) {
                let x = a.re() * math::exp(mu);
                return Root::Central(lift_draw(a, digamma(1.0 + a.re()), x, math::ln(x)).ln_ratio(a, mu));
            }
            return Root::Central(lift_root(mu, |mu: S| {
                let at = normal_score(a, mu);
                (at - y).over(normal_score_slope(a, mu, at))
            }));
        }
    }
    let (tail, ln, value) = probability.smaller();
    // far below 1, P = x^a / Γ(1+a) to all digits
    let ln_p = if tail == Tail::Lower { ln } else { (-value).ln_1p() };
    let w = (ln_p + ln_gamma_1p(a)).over(a);
    if w.re() < -750.0 {
        return Root::Log(w);
    }
    let w = logarithm(a.re(), tail, ln.re(), value.re());
    if is_constant(ln) {
        return Root::Log(lift_draw(a, digamma(1.0 + a.re()), math::exp(w), w).ln_x(a, w));
    }
    Root::Log(lift_root(w, |w: S| {
        let at = Point::from_ln(a, w);
        let found = ln_probability(tail, &at);
        (found - ln).over(ln_slope(tail, &at, found))
    }))
}

/// Whether a number carries derivatives, but all are 0: then x moves with a alone, as a draw does.
fn is_constant<S: Scalar>(x: S) -> bool {
    S::ORDER > 0 && (x - x.re()).max_abs() == 0.0
}

/// d ln P/d ln x or d ln Q/d ln x.
fn ln_slope<S: Scalar>(tail: Tail, at: &Point<S>, ln_probability: S) -> S {
    // so far out the difference of logarithms has few digits, and the expansions have the quotient itself
    let is_far = ln_probability.re() < -1e6;
    if is_far && is_central(at.a.re(), at.x.re()) {
        return far_slope(at);
    }
    let slope = match tail {
        Tail::Lower if is_far => at.a.over(series(at.a, at.x) + 1.0),
        Tail::Upper if is_far => fraction(at.a, at.x).recip(),
        _ => (ln_weight(at) + at.a.ln() - ln_probability).exp(),
    };
    if tail == Tail::Lower { slope } else { -slope }
}

/// d l/d ln x of the logarithm l of either tail, far out on the scale of the law but near the mean on that of a: g = a - x in the limit,
/// and l' = g - l''/l' of what is known of it, twice. What is left is the cube of x/g², which is less than 1e-6.
fn far_slope<S: Scalar>(at: &Point<S>) -> S {
    let g = at.a - at.x;
    let first = at.x.over(g);
    g + (at.x - first - first * first).over(g + first)
}

/// μ with P = Φ(y): Newton's method from the first terms of the inverted transform.
fn central(a: f64, y: f64) -> f64 {
    let s = math::sqrt(a);
    let e = (y - 1.0 / (3.0 * s)) / s;
    let mut mu = e - e * e / 6.0 + e * e * e / 36.0;
    for _ in 0..8 {
        let at = normal_score(a, mu);
        let step = (at - y) / normal_score_slope(a, mu, at);
        mu -= step;
        // the method is quadratic: what is left is below rounding
        if step.abs() <= 1e-9 * mu.abs() {
            break;
        }
    }
    mu
}

/// w = ln x from the smaller tail: Halley's method on its logarithm l inside a bracket, with l''/l' = (a - x) - l'
/// (DiDonato & Morris 1986 solve for x itself, which underflows).
fn logarithm(a: f64, tail: Tail, ln: f64, value: f64) -> f64 {
    // P <= x^a / Γ(1+a) bounds w from below; from above, the median is below a, and P(X > a + sqrt(2at) + t) <= e^-t
    let ln_p = if tail == Tail::Lower { ln } else { math::ln_1p(-value) };
    let mut low = (ln_p + ln_gamma_1p(a)) / a;
    low -= 1e-12 * (1.0 + low.abs());
    let mut high = math::ln(if tail == Tail::Lower { a } else { a - ln + math::sqrt(-2.0 * a * ln) } + 1e-3);
    high += 1e-12 * (1.0 + high.abs());
    let mut w = start(a, tail, ln, low, high);
    for _ in 0..100 {
        let at = Point::from_ln(a, w);
        let found = ln_probability(tail, &at);
        let slope = ln_slope(tail, &at, found);
        if (found > ln) == (tail == Tail::Lower) {
            high = w;
        } else {
            low = w;
        }
        let newton = (found - ln) / slope;
        // far out l' is a - x but for an order of 1, and the difference has no digits: (a - x)'/(a - x)
        let curvature = if slope.abs() > 1e6 { at.x / (at.x - a) } else { (a - at.x) - slope };
        let bend = 1.0 - 0.5 * newton * curvature;
        let mut next = w - newton / bend.max(0.3);
        if !(low <= next && next <= high) {
            next = 0.5 * low + 0.5 * high;
        }
        let step = (next - w).abs();
        w = next;
        // the method is cubic, on a scale of 1 or 1/sqrt(a)
        if step <= 1e-7 || step <= 1e-15 * w.abs() {
            break;
        }
    }
    // the logarithm of a tiny probability has fewer digits than the probability
    w - newton_step(tail, &Point::from_ln(a, w), value).unwrap_or(0.0)
}

/// The last step towards a probability that is known by its value, in ln x; none beyond the range of doubles.
fn newton_step(tail: Tail, at: &Point<f64>, value: f64) -> Option<f64> {
    if value < 1e-300 || at.x < f64::MIN_POSITIVE {
        return None;
    }
    let found = probability(tail, at);
    let step = math::ln_1p((found - value) / value) / ln_slope(tail, at, math::ln(found));
    (step.abs() < 1e-6).then_some(step)
}

/// A first guess inside [low, high]: the bound itself far below the mean, Wilson & Hilferty's cube root of a normal elsewhere.
fn start(a: f64, tail: Tail, ln: f64, low: f64, high: f64) -> f64 {
    let y = if tail == Tail::Lower { normal_quantile_ln(ln) } else { normal_isf_ln(ln) };
    let c = 1.0 / (9.0 * a);
    let root = 1.0 - c + y * math::sqrt(c);
    let guess = if a >= 1.0 && root > 0.3 {
        math::ln(a) + 3.0 * math::ln(root)
    } else if tail == Tail::Lower || low < -0.7 {
        low
    } else {
        // Q is about x^(a-1) e^-x / Γ(a)
        math::ln((math::ln(a) - ln).max(0.05))
    };
    if low < guess && guess < high {
        guess
    } else if guess <= low {
        low
    } else {
        0.5 * low + 0.5 * high
    }
}

/// x with this probability; NaN for an a that is not positive and finite.
pub(crate) fn inverse<S: Scalar>(a: S, probability: Probability<S>) -> S {
    if let Some(limit) = limit(a, &probability) {
        return S::from(math::exp(limit));
    }
    match solve(a, probability) {
        Root::Central(mu) => a * mu.exp(),
        Root::Log(w) => {
            let (tail, _, value) = probability.re().smaller();
            let mut x = math::exp(w.re());
            // the exponential has lost the digits that w has before the point
            if w.re().abs() > 10.0 {
                x -= x * newton_step(tail, &Point::new(a.re(), x), value).unwrap_or(0.0);
            }
            exp_with_value(w, x)
        }
    }
}

/// ln x with this probability: for x beyond the range of doubles.
pub(crate) fn ln_inverse<S: Scalar>(a: S, probability: Probability<S>) -> S {
    if let Some(limit) = limit(a, &probability) {
        return S::from(limit);
    }
    match solve(a, probability) {
        Root::Central(mu) => a.ln() + mu,
        Root::Log(w) => w,
    }
}

/// ln x^a with this probability, for a below 1: free of what cancels where a times ln x hardly depends on a.
pub(crate) fn ln_power_inverse<S: Scalar>(a: S, probability: Probability<S>) -> S {
    if let Some(limit) = limit(a, &probability) {
        return S::from(limit);
    }
    let (tail, ln, value) = probability.smaller();
    // far below 1, P = x^a / Γ(1+a) to all digits
    let ln_p = if tail == Tail::Lower { ln } else { (-value).ln_1p() };
    let ln_power = ln_p + ln_gamma_1p(a);
    if ln_power.re() / a.re() < -750.0 {
        return ln_power;
    }
    let w = logarithm(a.re(), tail, ln.re(), value.re());
    if is_constant(ln) {
        return lift_ln_power(a, digamma(1.0 + a.re()), math::exp(w), w);
    }
    lift_root(a.re() * w, |ln_power: S| {
        let at = Point::from_ln_power(a, ln_power);
        let found = ln_probability(tail, &at);
        ((found - ln) * a).over(ln_slope(tail, &at, found))
    })
}

/// ln(x/a) with this probability, free of the cancellation that ln x less ln a has for a large a.
pub(crate) fn ln_ratio_inverse<S: Scalar>(a: S, probability: Probability<S>) -> S {
    if let Some(limit) = limit(a, &probability) {
        return S::from(limit);
    }
    match solve(a, probability) {
        Root::Central(mu) => mu,
        Root::Log(w) => w - a.ln(),
    }
}

fn limit<S: Scalar>(a: S, probability: &Probability<S>) -> Option<f64> {
    if a.re() > 0.0 && a.re() < f64::INFINITY { probability.limit() } else { Some(f64::NAN) }
}

/// The x with P(a, x) = p: the quantile of the gamma law with shape a and rate 1.
///
/// Differentiable in both arguments. For a >= 16 around the mean Newton's method on the normalizing transform, elsewhere
/// Halley's on the logarithm of the smaller tail in ln x. 0 at p = 0, inf at p = 1, NaN outside \[0, 1\] and for a that is not
/// positive and finite. Where x underflows it is 0.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// use reparam::special::inc_gamma_p_inv;
/// let [p] = Jet::variables([0.5]);
/// let x = inc_gamma_p_inv(1.0.into(), p); // -ln(1 - p)
/// assert!((x.re - core::f64::consts::LN_2).abs() < 2e-16);
/// assert!((x.eps[0] - 2.0).abs() < 1e-15);
/// ```
pub fn inc_gamma_p_inv<S: Scalar>(a: S, p: S) -> S {
    inverse(a, Probability::P(p))
}

/// The x with Q(a, x) = q: as [`inc_gamma_p_inv`] from the upper tail.
///
/// # Example
/// ```
/// use reparam::special::inc_gamma_q_inv;
/// assert!((inc_gamma_q_inv(1.0, 1e-300) / -1e-300f64.ln() - 1.0).abs() < 1e-15);
/// ```
pub fn inc_gamma_q_inv<S: Scalar>(a: S, q: S) -> S {
    inverse(a, Probability::Q(q))
}

/// The x with ln P(a, x) = `ln_p`; NaN above 0.
///
/// # Example
/// ```
/// use reparam::special::{inc_gamma_ln_p, inc_gamma_ln_p_inv};
/// let x = inc_gamma_ln_p_inv(20.0, -5000.0);
/// assert!((inc_gamma_ln_p(20.0, x) / -5000.0 - 1.0).abs() < 1e-15);
/// ```
pub fn inc_gamma_ln_p_inv<S: Scalar>(a: S, ln_p: S) -> S {
    inverse(a, Probability::LnP(ln_p))
}

/// The x with ln Q(a, x) = `ln_q`; NaN above 0.
///
/// # Example
/// ```
/// use reparam::special::inc_gamma_ln_q_inv;
/// assert!((inc_gamma_ln_q_inv(1.0, -5000.0) / 5000.0 - 1.0).abs() < 1e-15);
/// ```
pub fn inc_gamma_ln_q_inv<S: Scalar>(a: S, ln_q: S) -> S {
    inverse(a, Probability::LnQ(ln_q))
}

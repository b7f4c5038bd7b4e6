//! The polygamma functions, and the Taylor coefficients of digamma that every derivative around ln Γ is made of.

use crate::scalar::taylor::{self, ZERO};
use crate::scalar::{Derivatives, MAX_ORDER, Scalar, math};
use core::f64::consts::PI;

/// Even Bernoulli numbers B_2, B_4, ..., B_28 (DLMF 24.2).
const BERNOULLI: [f64; TERMS] = [
    1.0 / 6.0,
    -1.0 / 30.0,
    1.0 / 42.0,
    -1.0 / 30.0,
    5.0 / 66.0,
    -691.0 / 2730.0,
    7.0 / 6.0,
    -3617.0 / 510.0,
    43867.0 / 798.0,
    -174611.0 / 330.0,
    854513.0 / 138.0,
    -236364091.0 / 2730.0,
    8553103.0 / 6.0,
    -23749461029.0 / 870.0,
];

/// Terms of the asymptotic series of digamma in use.
pub(super) const TERMS: usize = 14;

/// Entry [k][j - 1]: B_2j / (2j) times the binomial (2j + k - 1 over k), the k-th Taylor coefficient of the j-th term of
/// the asymptotic series Σ B_2j / (2j x^2j), but for its sign (-1)^k and its power of x.
pub(super) const SERIES: [[f64; TERMS]; MAX_ORDER + 1] = {
    let mut table = [[0.0; TERMS]; MAX_ORDER + 1];
    let mut j = 1;
    while j <= TERMS {
        let mut entry = BERNOULLI[j - 1] / (2 * j) as f64;
        let mut k = 0;
        while k <= MAX_ORDER {
            table[k][j - 1] = entry;
            entry = entry * (2 * j + k) as f64 / (k + 1) as f64;
            k += 1;
        }
        j += 1;
    }
    table
};

/// Where the asymptotic series of the first `order` Taylor coefficients gives all digits, and with how many terms.
#[inline]
pub(super) const fn asymptotic_from(order: usize) -> (f64, usize) {
    let terms = 9 + order / 2;
    (10.0 + 1.5 * order as f64, if terms < TERMS { terms } else { TERMS })
}

/// The Taylor coefficients ψ^(k)(x) / k! for k = 0 to `order`.
///
/// x > 0: the recurrence ψ(x) = ψ(x + 1) - 1/x (DLMF 5.5.2) up to the range of the asymptotic series (DLMF 5.11.2). For
/// k >= 1 all large terms have one sign. x < 0: reflection. Poles: see [`polygamma`].
pub(super) fn digamma_taylor(x: f64, order: usize) -> Derivatives {
    if x > 0.0 {
        positive(x, order)
    } else if x == 0.0 {
        // -1/x dominates: the limit from the side that the sign of zero names
        let mut c = [f64::INFINITY; MAX_ORDER + 1];
        c.iter_mut().step_by(2).for_each(|c| *c = -1.0 / x);
        c
    } else if x.is_finite() {
        reflected(x, order)
    } else {
        [f64::NAN; MAX_ORDER + 1]
    }
}

fn positive(mut x: f64, order: usize) -> Derivatives {
    let mut c = ZERO;
    let (start, terms) = asymptotic_from(order);
    while x < start {
        let r = 1.0 / x;
        let mut power = r;
        for c in c.iter_mut().take(order + 1) {
            *c += power;
            power *= r;
        }
        x += 1.0;
    }
    let r = 1.0 / x;
    let r2 = r * r;
    let mut power = 1.0;
    for (k, c) in c.iter_mut().enumerate().take(order + 1) {
        let series = SERIES[k][..terms].iter().rev().fold(0.0, |sum, b| sum * r2 + b) * r2;
        let leading = if k == 0 { -math::ln(x) } else { 1.0 / k as f64 };
        *c += power * (leading + 0.5 * r + series);
        // every coefficient so far is that of (-1)^(k+1) ψ
        if k % 2 == 0 {
            *c = -*c;
        }
        power *= r;
    }
    c
}

/// The one Taylor coefficient ψ^(k)(x) / k! for x > 0 and k >= 1, as [`positive`] computes them all.
fn coefficient(mut x: f64, k: usize) -> f64 {
    let (start, terms) = asymptotic_from(k);
    let power = |r: f64| (1..k).fold(r, |power, _| power * r);
    let mut c = 0.0;
    while x < start {
        let r = 1.0 / x;
        c += power(r) * r;
        x += 1.0;
    }
    let r = 1.0 / x;
    let r2 = r * r;
    let series = SERIES[k][..terms].iter().rev().fold(0.0, |sum, b| sum * r2 + b) * r2;
    c += power(r) * (1.0 / k as f64 + 0.5 * r + series);
    if k.is_multiple_of(2) { -c } else { c }
}

/// ψ(x) = ψ(1 - x) - π cot πx (DLMF 5.5.4), with x reduced by its nearest integer exactly.
fn reflected(x: f64, order: usize) -> Derivatives {
    let f = x - math::floor(x + 0.5);
    if f == 0.0 {
        // ψ and its even derivatives have no sign at a pole, the odd ones are inf from both sides
        let mut c = [f64::INFINITY; MAX_ORDER + 1];
        c.iter_mut().step_by(2).for_each(|c| *c = f64::NAN);
        return c;
    }
    let mut c = positive(1.0 - x, order);
    // y = π cot πx solves y' = -(π² + y²)
    let mut y = ZERO;
    y[0] = pi_cot_pi(f);
    for k in 1..=order {
        let constant = if k == 1 { PI * PI } else { 0.0 };
        y[k] = -(constant + taylor::product_term(&y, &y, k - 1)) / k as f64;
    }
    for k in 0..=order {
        c[k] = if k % 2 == 0 { c[k] - y[k] } else { -c[k] - y[k] };
    }
    c
}

/// π cot πf for 0 < |f| <= 1/2, with full relative accuracy at both ends.
#[inline]
pub(super) fn pi_cot_pi(f: f64) -> f64 {
    let t = f.abs();
    let cot = if t <= 0.25 { 1.0 / math::tan(PI * t) } else { math::tan(PI * (0.5 - t)) };
    if f < 0.0 { -PI * cot } else { PI * cot }
}

/// The trigamma function ψ'(x) = d² ln Γ(x) / dx²: [`polygamma`] of order 1, where its edges are described.
///
/// ```
/// use reparam::special::trigamma;
/// let exact = core::f64::consts::PI.powi(2) / 6.0;
/// assert!((trigamma(1.0) - exact).abs() < 4e-16);
/// ```
#[inline]
pub fn trigamma<S: Scalar>(x: S) -> S {
    polygamma(1, x)
}

/// The polygamma function ψ^(n)(x) = d^(n+1) ln Γ(x) / dx^(n+1); [`digamma`](super::digamma()) for n = 0.
///
/// For x > 0 it is (-1)^(n+1) n! ζ(n + 1, x) with Hurwitz' zeta function (DLMF 5.15, 25.11), monotone to 0, and accurate
/// to a few n roundings (n > 170: to n ln n of them). Below 0 by reflection, as long as the order n or n + k (of the k-th derivative) is at
/// most [`MAX_ORDER`]; beyond, negative arguments give NaN.
///
/// At 0 the value is the limit from the side of the sign of zero. At a negative integer it is inf for odd n and NaN for
/// even n; NaN at -inf.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// use reparam::special::polygamma;
/// let [x] = Jet::variables([2.5]);
/// let y = polygamma(2, x);
/// assert!((y.re - -0.2362040516417275).abs() < 2e-16);
/// assert!((y.eps[0] - polygamma(3, 2.5)).abs() < 4e-16);
/// ```
pub fn polygamma<S: Scalar>(n: u32, x: S) -> S {
    if n == 0 {
        return super::digamma(x);
    }
    let mut d = ZERO;
    let re = x.re();
    let first = n as usize;
    let top = first.saturating_add(S::ORDER);
    if S::ORDER > 0 && top <= MAX_ORDER {
        let mut c = digamma_taylor(re, top);
        taylor::to_derivatives(&mut c, top);
        d[..=S::ORDER].copy_from_slice(&c[first..=top]);
    } else {
        for (k, d) in d.iter_mut().enumerate().take(S::ORDER + 1).skip(1) {
            *d = high_polygamma(f64::from(n) + k as f64, re);
        }
    }
    // the value by itself: where the asymptotic series starts depends on the order, and the value must not
    d[0] = if re > 0.0 && first <= MAX_ORDER {
        (2..=first).fold(coefficient(re, first), |c, k| c * k as f64)
    } else if first <= MAX_ORDER {
        let mut c = digamma_taylor(re, first);
        taylor::to_derivatives(&mut c, first);
        c[first]
    } else {
        high_polygamma(f64::from(n), re)
    };
    x.lift(&d)
}

/// ψ^(n)(x) for an n beyond the table of digamma's Taylor coefficients, x >= 0.
fn high_polygamma(n: f64, x: f64) -> f64 {
    let odd = n % 2.0 != 0.0;
    if x == 0.0 {
        return if odd { f64::INFINITY } else { -1.0 / x };
    }
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    if x == f64::INFINITY {
        return if odd { 0.0 } else { -0.0 };
    }
    let magnitude = factorial_over_power(n, x) * scaled_zeta(n + 1.0, x);
    if odd { magnitude } else { -magnitude }
}

/// n! / x^(n+1), without overflow on the way.
fn factorial_over_power(n: f64, x: f64) -> f64 {
    if n <= 170.0 {
        let half = math::floor(0.5 * n);
        libm::tgamma(n + 1.0) * math::powf(x, -half) * math::powf(x, half - n - 1.0)
    } else {
        math::exp(libm::lgamma(n + 1.0) - (n + 1.0) * math::ln(x))
    }
}

/// x^s ζ(s, x) = Σ (1 + k/x)^-s: the sum itself up to where the Euler-Maclaurin series takes over (DLMF 25.11.28).
fn scaled_zeta(s: f64, x: f64) -> f64 {
    let start = 12.0 + 0.5 * s;
    let (mut sum, mut k) = (0.0, 0.0);
    while x + k < start {
        let term = math::exp(-s * math::ln_1p(k / x));
        sum += term;
        if term <= 1e-17 * sum {
            return sum;
        }
        k += 1.0;
    }
    let r = 1.0 / (x + k);
    // B_2j / (2j)! (s)_(2j-1) r^(2j-1)
    let mut factor = 0.5 * s * r;
    let mut series = 1.0 / ((s - 1.0) * r) + 0.5;
    for (i, b) in BERNOULLI.iter().enumerate() {
        let m = 2.0 * i as f64;
        series += b * factor;
        factor *= (s + m + 1.0) * (s + m + 2.0) * r * r / ((m + 3.0) * (m + 4.0));
    }
    sum + math::exp(-s * math::ln_1p(k / x)) * series
}

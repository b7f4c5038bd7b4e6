//! The polygamma functions.

use super::digamma_taylor::{BERNOULLI, SERIES, asymptotic_from, digamma_taylor};
use crate::scalar::taylor::{self, ZERO};
use crate::scalar::{MAX_ORDER, Scalar, math};

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

/// The polygamma function ψ^(n)(x) = d^(n+1) ln Γ(x) / dx^(n+1); [`digamma`](crate::special::digamma()) for n = 0.
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
        return crate::special::digamma(x);
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

//! The modified Bessel functions I0 and I1: their logarithms and their ratio A(x) = I1(x) / I0(x).
//!
//! A(x) is the mean of cos θ under the density proportional to e^(x cos θ), so its derivatives are cumulants: that is
//! how they are computed between the power series and the asymptotic one, by a quadrature whose terms are all positive.

mod k1;

pub(crate) use k1::scaled_bessel_k1;

use crate::scalar::taylor::{self, ZERO};
use crate::scalar::{Derivatives, MAX_ORDER, Scalar, math};
use crate::special::gamma::HALF_LN_TWO_PI;

/// Below here A(x) = x/2 to all digits and to every order.
const TINY: f64 = 1e-100;
/// Below here the power series of I0 and I1.
const SERIES_END: f64 = 8.0;
/// Below here the power series of A, from [`LARGE`] on its asymptotic series.
const SMALL: f64 = 1.0;
/// See [`SMALL`].
const LARGE: f64 = 30.0;

/// A(x) = I1(x) / I0(x) for any real x: odd, from -1 to 1.
///
/// Relative error a few 1e-16. The mean resultant length of a von Mises distribution of concentration x.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// use reparam::special::bessel_i_ratio;
/// let [x] = Jet::variables([0.0]);
/// assert_eq!(bessel_i_ratio(x), Jet { re: 0.0, eps: [0.5] });
/// ```
#[inline]
pub fn bessel_i_ratio<S: Scalar>(x: S) -> S {
    let mut a = ratio_taylor(x.re(), S::ORDER);
    taylor::to_derivatives(&mut a, S::ORDER);
    x.lift(&a)
}

/// 1 - I1(x) / I0(x), accurate in relative terms where it vanishes: ~ 1/(2x) for large x.
///
/// # Example
/// ```
/// use reparam::special::bessel_i_ratio_complement;
/// assert_eq!(bessel_i_ratio_complement(1e20), 0.5e-20);
/// ```
#[inline]
pub fn bessel_i_ratio_complement<S: Scalar>(x: S) -> S {
    let re = x.re();
    let mut d = ZERO;
    if S::ORDER > 0 {
        d = ratio_taylor(re, S::ORDER).map(|a| -a);
        taylor::to_derivatives(&mut d, S::ORDER);
    }
    d[0] = complement(re);
    x.lift(&d)
}

/// The derivative of [`bessel_i_ratio`], the variance of cos θ, for scalars of fewer orders than [`MAX_ORDER`].
pub(crate) fn bessel_i_ratio_slope<S: Scalar>(x: S) -> S {
    let mut d = ratio_taylor(x.re(), S::ORDER + 1);
    taylor::to_derivatives(&mut d, S::ORDER + 1);
    x.lift(&d[1..])
}

/// ln I0(x) for any real x: even, ~ x²/4 beside 0 and ~ |x| - ln(2π|x|)/2 far away, accurate in relative terms.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// use reparam::special::{bessel_i_ratio, ln_bessel_i0};
/// let [x] = Jet::variables([2.0]);
/// let y = ln_bessel_i0(x);
/// assert!((y.re - 2.279585302336067_f64.ln()).abs() < 4e-16);
/// assert_eq!(y.eps[0], bessel_i_ratio(2.0));
/// ```
#[inline]
pub fn ln_bessel_i0<S: Scalar>(x: S) -> S {
    let mut d = ZERO;
    if S::ORDER > 0 {
        d = taylor::integrate(&ratio_taylor(x.re(), S::ORDER - 1), 0.0, S::ORDER);
        taylor::to_derivatives(&mut d, S::ORDER);
    }
    d[0] = ln_i0(x.re().abs());
    x.lift(&d)
}

/// ln(e^-x I0(x)) for x >= 0, ~ -ln(2πx)/2 far away, without the cancellation of ln I0 with x; NaN below 0.
///
/// # Example
/// ```
/// use reparam::special::ln_bessel_i0_scaled;
/// let x = 1e20;
/// assert!((ln_bessel_i0_scaled(x) / (-0.5 * (2.0 * core::f64::consts::PI * x).ln()) - 1.0).abs() < 1e-15);
/// ```
#[inline]
pub fn ln_bessel_i0_scaled<S: Scalar>(x: S) -> S {
    let re = x.re();
    if re.is_nan() || re < 0.0 {
        return S::from(f64::NAN);
    }
    let mut d = ZERO;
    if S::ORDER > 0 {
        let mut slope = ratio_taylor(re, S::ORDER - 1);
        slope[0] = -complement(re);
        d = taylor::integrate(&slope, 0.0, S::ORDER);
        taylor::to_derivatives(&mut d, S::ORDER);
    }
    d[0] = ln_i0_scaled(re);
    x.lift(&d)
}

/// ln I1(x) for x >= 0: -inf at 0; NaN below, where I1 is negative.
///
/// Accurate relative to max(|ln I1|, 1): it crosses zero at 1.59.
///
/// # Example
/// ```
/// use reparam::special::ln_bessel_i1;
/// assert!((ln_bessel_i1(2.0) - 1.5906368546373291_f64.ln()).abs() < 4e-16);
/// assert!(ln_bessel_i1(-2.0).is_nan());
/// ```
#[inline]
pub fn ln_bessel_i1<S: Scalar>(x: S) -> S {
    let re = x.re();
    let mut d = ZERO;
    if S::ORDER > 0 {
        // ln I1 = ln I0 + ln A, the latter from A (ln A)' = A'
        let a = ratio_taylor(re, S::ORDER);
        let mut ln_a = ZERO;
        for n in 1..=S::ORDER {
            ln_a[n] = if re < TINY {
                -powi(-1.0 / re, n) / n as f64
            } else {
                let known: f64 = (1..n).map(|j| j as f64 * ln_a[j] * a[n - j]).sum();
                (a[n] - known / n as f64) / a[0]
            };
            d[n] = a[n - 1] / n as f64 + ln_a[n];
        }
        taylor::to_derivatives(&mut d, S::ORDER);
    }
    d[0] = ln_i1(re);
    x.lift(&d)
}

/// Σ t^k / (k! (k + shift)!) without its first term, divided by t.
const fn series(shift: usize) -> [f64; 24] {
    let mut c = [0.0; 24];
    let mut last = 1.0;
    let mut k = 1;
    while k <= c.len() {
        last /= (k * (k + shift)) as f64;
        c[k - 1] = last;
        k += 1;
    }
    c
}
const I0_SERIES: [f64; 24] = series(0);
const I1_SERIES: [f64; 24] = series(1);

/// The Hankel expansion √(2πx) e^-x I0(x) ~ 1 + Σ c_k x^-k, where c_k = c_(k-1) (2k - 1)² / (8k) (DLMF 10.40.1).
const HANKEL: [f64; 18] = {
    let mut c = [0.0; 18];
    let mut last = 1.0;
    let mut k = 1;
    while k <= c.len() {
        last *= ((2 * k - 1) * (2 * k - 1)) as f64 / (8 * k) as f64;
        c[k - 1] = last;
        k += 1;
    }
    c
};

/// ln I0(x) for x >= 0.
fn ln_i0(x: f64) -> f64 {
    if x < SERIES_END {
        // I0 = Σ (x²/4)^k / k!² (DLMF 10.25.2)
        let t = 0.25 * x * x;
        math::ln_1p(t * I0_SERIES.iter().rev().fold(0.0, |sum, c| sum * t + c))
    } else if x == f64::INFINITY {
        x
    } else {
        x + ln_i0_scaled(x)
    }
}

/// ln(e^-x I0(x)) for x >= 0.
fn ln_i0_scaled(x: f64) -> f64 {
    if x < SERIES_END {
        ln_i0(x) - x
    } else if x < LARGE {
        math::ln(weights(x).1 / NODES as f64)
    } else {
        let r = 1.0 / x;
        let tail = r * HANKEL.iter().rev().fold(0.0, |sum, c| sum * r + c);
        -0.5 * math::ln(x) - HALF_LN_TWO_PI + math::ln_1p(tail)
    }
}

/// ln I1(x).
fn ln_i1(x: f64) -> f64 {
    if x < SERIES_END {
        let t = 0.25 * x * x;
        math::ln(0.5 * x) + math::ln_1p(t * I1_SERIES.iter().rev().fold(0.0, |sum, c| sum * t + c))
    } else {
        ln_i0(x) + math::ln_1p(-complement(x))
    }
}

/// 1 - A(x).
fn complement(x: f64) -> f64 {
    if x < SMALL {
        1.0 - ratio(x)
    } else if x < LARGE {
        mean_distance(&weights(x))
    } else {
        -asymptotic_tail(x, 0)
    }
}

/// A(x).
fn ratio(x: f64) -> f64 {
    if x.abs() < SERIES_END {
        let t = 0.25 * x * x;
        let [i0, i1] =
            [I0_SERIES, I1_SERIES].map(|series| 1.0 + t * series.iter().rev().fold(0.0, |sum, c| sum * t + c));
        0.5 * x * (i1 / i0)
    } else {
        (1.0 - complement(x.abs())).copysign(x)
    }
}

/// The Taylor coefficients of A at x.
fn ratio_taylor(x: f64, order: usize) -> Derivatives {
    let t = x.abs();
    let mut a = if order == 0 {
        ZERO
    } else if t < SMALL {
        power_series(t, order)
    } else if t < LARGE {
        taylor_from_moments(t, order)
    } else {
        let mut a = ZERO;
        for (k, a) in a.iter_mut().enumerate().take(order + 1).skip(1) {
            *a = asymptotic_tail(t, k);
        }
        a
    };
    if x < 0.0 {
        // A is odd
        a.iter_mut().step_by(2).for_each(|a| *a = -*a);
    }
    a[0] = ratio(x);
    a
}

/// The coefficients of A(x) = Σ a_k x^(2k + 1), from A' = 1 - A² - A/x: (2k + 2) a_k = -Σ a_i a_(k - 1 - i), a_0 = 1/2.
const POWER_SERIES: [f64; 32] = {
    let mut a = [0.0; 32];
    a[0] = 0.5;
    let mut k = 1;
    while k < a.len() {
        let mut sum = 0.0;
        let mut i = 0;
        while i < k {
            sum += a[i] * a[k - 1 - i];
            i += 1;
        }
        a[k] = -sum / (2 * k + 2) as f64;
        k += 1;
    }
    a
};

/// The derivatives of A for |x| < 1; the series converges for |x| < 2.4048, the first zero of J0.
fn power_series(x: f64, order: usize) -> Derivatives {
    let mut c = ZERO;
    let t = x * x;
    for (n, c) in c.iter_mut().enumerate().take(order + 1).skip(1) {
        // terms of x^(2k + 1) with 2k + 1 >= n; binomial (2k + 1 over n) x^(2k + 1 - n)
        let first = n / 2;
        let sum =
            (first..POWER_SERIES.len()).rev().fold(0.0, |sum, k| sum * t + POWER_SERIES[k] * binomial(2 * k + 1, n));
        *c = if (2 * first + 1 - n) == 1 { sum * x } else { sum };
    }
    c
}

/// x^n, n >= 1.
fn powi(x: f64, n: usize) -> f64 {
    (1..n).fold(x, |power, _| power * x)
}

/// n over k.
fn binomial(n: usize, k: usize) -> f64 {
    (0..k).fold(1.0, |b, i| b * (n - i) as f64 / (i + 1) as f64)
}

/// The coefficients of A(x) ~ 1 + Σ A_k x^-k, from the same equation: 2 A_(k+1) = (k - 1) A_k - Σ A_i A_(k+1-i), A_1 = -1/2.
const ASYMPTOTIC: [f64; 31] = {
    let mut a = [0.0; 31];
    a[1] = -0.5;
    let mut k = 1;
    while k + 1 < a.len() {
        let mut sum = (k as f64 - 1.0) * a[k];
        let mut i = 1;
        while i <= k {
            sum -= a[i] * a[k + 1 - i];
            i += 1;
        }
        a[k + 1] = 0.5 * sum;
        k += 1;
    }
    a
};

/// The n-th Taylor coefficient of A - 1 at x >= 30: Σ (-1)^n (k + n - 1 over n) A_k x^-(k + n).
fn asymptotic_tail(x: f64, n: usize) -> f64 {
    let r = 1.0 / x;
    let mut sum = 0.0;
    for k in (1..ASYMPTOTIC.len()).rev() {
        sum = sum * r + ASYMPTOTIC[k] * binomial(k + n - 1, n);
    }
    // one factor at a time: x^-(n + 1) may underflow
    (0..=n).fold(if n.is_multiple_of(2) { sum } else { -sum }, |sum, _| sum * r)
}

/// Nodes of the midpoint rule on [0, π], which integrates e^(x cos θ) to an error I_64(x) / I_0(x) < 1e-23 for x <= 30.
const NODES: usize = 32;

/// 1 - cos θ = 2 sin²(θ/2) at the nodes θ = (2i + 1) π / 64: printed by `tests/reference/make_bessel_nodes.py`.
const DISTANCES: [f64; NODES] = [
    0.0012045437948276074,
    0.010823490035219027,
    0.02996874680545601,
    0.05845593481697922,
    0.09601070687655666,
    0.14227138999972794,
    0.19679246851935508,
    0.2590488746450409,
    0.3284410451529816,
    0.40430069550756664,
    0.4858972558067783,
    0.5724449065697179,
    0.66311014660778,
    0.7570198200967361,
    0.8532695255446382,
    0.950932325672582,
    1.049067674327418,
    1.1467304744553617,
    1.2429801799032638,
    1.33688985339222,
    1.427555093430282,
    1.5141027441932218,
    1.5956993044924332,
    1.6715589548470184,
    1.740951125354959,
    1.8032075314806448,
    1.8577286100002721,
    1.9039892931234432,
    1.9415440651830207,
    1.970031253194544,
    1.989176509964781,
    1.9987954562051724,
];

/// The density proportional to e^(x cos θ) at the nodes, relative to its top, and the sum of it.
fn weights(x: f64) -> ([f64; NODES], f64) {
    let weights = DISTANCES.map(|w| math::exp(-x * w));
    (weights, weights.iter().sum())
}

/// The mean of 1 - cos θ.
fn mean_distance((weights, total): &([f64; NODES], f64)) -> f64 {
    weights.iter().zip(DISTANCES).map(|(p, w)| p * w).sum::<f64>() / total
}

/// The derivatives A^(n)(x) = κ_(n+1), the cumulants of cos θ, from the central moments.
fn taylor_from_moments(x: f64, order: usize) -> Derivatives {
    let density = weights(x);
    let mean = mean_distance(&density);
    let mut central = [0.0; MAX_ORDER + 3];
    for (p, w) in density.0.iter().zip(DISTANCES) {
        let mut term = p / density.1;
        for m in central.iter_mut().take(order + 2).skip(1) {
            // cos θ - A
            term *= mean - w;
            *m += term;
        }
    }
    let kappa = cumulants(&central, order + 1);
    let mut c = ZERO;
    let mut factorial = 1.0;
    for n in 1..=order {
        factorial *= n as f64;
        c[n] = kappa[n + 1] / factorial;
    }
    c
}

/// The cumulants κ_2, ..., κ_last from central moments of the same indices.
pub(in crate::special) fn cumulants(central: &[f64; MAX_ORDER + 3], last: usize) -> [f64; MAX_ORDER + 3] {
    let mut kappa = [0.0; MAX_ORDER + 3];
    for n in 2..=last {
        let known: f64 = (2..n).map(|j| binomial(n - 1, j - 1) * kappa[j] * central[n - j]).sum();
        kappa[n] = central[n] - known;
    }
    kappa
}

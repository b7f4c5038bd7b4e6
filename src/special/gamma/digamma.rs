//! The digamma function and its differences.

use crate::scalar::taylor::{self, ZERO};
use crate::scalar::{Derivatives, MAX_ORDER, Scalar, math};
use crate::special::gamma::digamma_taylor::{SERIES, TERMS, asymptotic_from, digamma_taylor, pi_cot_pi};
use crate::special::gamma::polygamma::trigamma;

/// ψ(x) / (x - root) on [1, 3] in powers of x - 1: printed by `tests/reference/make_gamma_coefficients.py`.
const NUMERATOR: [f64; 7] = [
    1.2503801375034054,
    1.8385100438322635,
    0.9328282799745697,
    0.20024011887956816,
    0.017495869566119062,
    0.00046980697125062894,
    7.717720262304582e-07,
];
const DENOMINATOR: [f64; 7] = [
    1.0,
    2.1539076986711243,
    1.6165408874169533,
    0.5403799766649352,
    0.08289523300761985,
    0.005243911173101877,
    9.548814997285467e-05,
];
/// The positive root of digamma as a sum of two doubles: printed by the same script.
const ROOT: [f64; 2] = [1.4616321449683622, 9.549995429965697e-17];

/// The digamma function ψ(x) = d ln Γ(x) / dx.
///
/// For x > 0 accurate in relative terms also around its root 1.4616..., from which the approximation is measured
/// (as in Boost's and Cephes' digamma). Below 0 by reflection (DLMF 5.5.4) with the argument reduced exactly; there it is
/// accurate relative to max(|ψ|, 1), for it crosses zero between all neighbouring poles.
///
/// ψ(+0) = -inf and ψ(-0) = inf; NaN at negative integers and at -inf; inf at inf.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// use reparam::special::digamma;
/// let [x] = Jet::variables([1.0]);
/// let y = digamma(x);
/// assert!((y.re - -0.5772156649015329).abs() < 2e-16); // Euler's constant
/// assert!((y.eps[0] - core::f64::consts::PI.powi(2) / 6.0).abs() < 4e-16);
/// ```
#[inline]
pub fn digamma<S: Scalar>(x: S) -> S {
    if S::ORDER == 0 {
        return S::from(kernel(x.re()));
    }
    let mut d = digamma_taylor(x.re(), S::ORDER);
    d[0] = kernel(x.re());
    taylor::to_derivatives(&mut d, S::ORDER);
    x.lift(&d)
}

/// ψ(x) of an `f64`.
pub(in crate::special) fn kernel(x: f64) -> f64 {
    if x >= 10.0 {
        let r = 1.0 / x;
        let r2 = r * r;
        let series = SERIES[0][..asymptotic_from(0).1].iter().rev().fold(0.0, |sum, b| sum * r2 + b) * r2;
        math::ln(x) - (0.5 * r + series)
    } else if x >= 3.0 {
        // ψ(x) = ψ(x - n) + Σ 1/(x - k), the sum as one fraction; x - n is exact
        let (mut y, mut n, mut d) = (x, 0.0, 1.0);
        while y >= 3.0 {
            y -= 1.0;
            n = n * y + d;
            d *= y;
        }
        around_root(y - 1.0) + n / d
    } else if x >= 1.0 {
        around_root(x - 1.0)
    } else if x > 0.0 {
        around_root(x) - 1.0 / x
    } else if x == 0.0 {
        -1.0 / x
    } else {
        let f = x - math::floor(x + 0.5);
        if f == 0.0 || !x.is_finite() { f64::NAN } else { kernel(1.0 - x) - pi_cot_pi(f) }
    }
}

/// ψ(1 + x) of an `f64`, with no rounding of 1 + x beside the root.
#[inline]
pub(in crate::special) fn kernel_1p(x: f64) -> f64 {
    if (0.0..=2.0).contains(&x) { around_root(x) } else { kernel(1.0 + x) }
}

/// ψ(1 + t) for 0 <= t <= 2.
#[inline]
fn around_root(t: f64) -> f64 {
    let ratio = NUMERATOR.iter().rev().fold(0.0, |sum, c| sum * t + c)
        / DENOMINATOR.iter().rev().fold(0.0, |sum, c| sum * t + c);
    ((t - (ROOT[0] - 1.0)) - ROOT[1]) * ratio
}

/// ψ(x + d) - ψ(x) without cancellation, for x > 0 and x + d > 0.
///
/// The recurrence and the asymptotic series of ψ, each term as a difference: with u = 1/x, v = 1/(x + d) it is
/// u - v = d u v, and u^m - v^m follows from u^(m-1) - v^(m-1). The derivatives in x, themselves differences, are
/// computed the same way, for any scalar on both sides.
///
/// Outside that domain the plain difference of [`digamma`]. Derivatives beyond the range of a double may come out as
/// ±`f64::MAX`.
///
/// # Example
/// ```
/// use reparam::special::digamma_difference;
/// assert_eq!(digamma_difference(3.0, 1.0), 1.0 / 3.0);
/// assert!((digamma_difference(1e10, 1e-10) * 1e20 - 1.0).abs() < 1e-9); // by subtraction: 0
/// ```
pub fn digamma_difference<S: Scalar>(x: S, d: S) -> S {
    if is_inside(x, d) { difference::<S, 0>(x, d) } else { digamma(x + d) - digamma(x) }
}

/// ψ'(x + d) - ψ'(x), likewise.
pub(crate) fn trigamma_difference<S: Scalar>(x: S, d: S) -> S {
    if is_inside(x, d) && S::ORDER < MAX_ORDER {
        return difference::<S, 1>(x, d);
    }
    let plain = trigamma(x + d) - trigamma(x);
    // of the highest order the coefficients do not reach
    if is_inside(x, d) { plain.with_re(difference::<f64, 1>(x.re(), d.re())) } else { plain }
}

/// Whether x and x + d are positive and finite.
fn is_inside<S: Scalar>(x: S, d: S) -> bool {
    let end = x.re() + d.re();
    x.re() > 0.0 && end > 0.0 && end < f64::INFINITY
}

/// The difference of the N-th derivatives of ψ, N at most 1.
fn difference<S: Scalar, const N: usize>(x: S, d: S) -> S {
    // where the asymptotic series starts depends on the order, and the value must not
    let value = difference_taylor(x.re(), d.re(), N)[N];
    if S::ORDER == 0 {
        return S::from(value);
    }
    let derivatives = |mut of_psi: Derivatives| {
        taylor::to_derivatives(&mut of_psi, S::ORDER + N);
        of_psi.copy_within(N.., 0);
        of_psi
    };
    let mut differences = derivatives(difference_taylor(x.re(), d.re(), S::ORDER + N));
    differences[0] = value;
    // with perturbations ξ of x and δ of d: [ψ(end + ξ + δ) - ψ(end + ξ)] + [ψ(end + ξ) - ψ(x + ξ)]
    let slopes = derivatives(digamma_taylor(x.re() + d.re(), S::ORDER + N)).map(clamp);
    let (of_x, of_d) = (x.with_re(0.0), d.with_re(0.0));
    let both = of_x + of_d;
    // ((ξ + δ)^k - ξ^k)/k!, and (ξ + δ)^k/k!
    let (mut moved, mut power, mut beyond) = (of_d, both, of_d * slopes[1]);
    for (k, slope) in slopes.iter().enumerate().take(S::ORDER + 1).skip(2) {
        moved = (of_x * moved + of_d * power) / k as f64;
        power = power * both / k as f64;
        beyond += moved * *slope;
    }
    // again the value, for a sum turns -0 into 0
    (x.lift(&differences) + beyond).with_re(value)
}

/// The finite number next to ±inf: so that the difference of two equal derivatives beyond the range of a double is 0.
pub(in crate::special) fn clamp(derivative: f64) -> f64 {
    derivative.clamp(-f64::MAX, f64::MAX)
}

/// The Taylor coefficients in x of ψ(x + d) - ψ(x) at fixed d, up to `order`; x > 0 and x + d > 0.
pub(in crate::special) fn difference_taylor(x: f64, d: f64, order: usize) -> Derivatives {
    let mut c = ZERO;
    if d == 0.0 {
        return c;
    }
    if d < 0.0 {
        c = difference_taylor(x + d, -d, order);
        for c in c.iter_mut().take(order + 1) {
            *c = -*c;
        }
        return c;
    }
    let (start, terms) = asymptotic_from(order);
    let (mut x, mut y) = (x, x + d);
    while x < start {
        let (u, v) = (1.0 / x, 1.0 / y);
        let step = d * v;
        let (mut difference, mut power) = (0.0, 1.0);
        for c in c.iter_mut().take(order + 1) {
            // u^m - v^m = u [u^(m-1) - v^(m-1) + d v v^(m-1)]
            difference = u * (difference + step * power);
            power *= v;
            *c += difference;
        }
        x += 1.0;
        y += 1.0;
    }
    let (u, v) = (1.0 / x, 1.0 / y);
    let mut differences = [0.0; MAX_ORDER + 2 * TERMS + 1];
    let mut power = d * v;
    let mut difference = 0.0;
    for entry in differences.iter_mut().take(order + 2 * terms + 1).skip(1) {
        difference = u * (difference + power);
        power *= v;
        *entry = difference;
    }
    for k in 0..=order {
        let series: f64 =
            SERIES[k][..terms].iter().enumerate().rev().map(|(i, b)| b * differences[k + 2 * i + 2]).sum();
        let leading = if k == 0 { math::ln_1p(d / x) } else { differences[k] / k as f64 };
        c[k] += leading + 0.5 * differences[k + 1] + series;
        if k % 2 == 1 {
            c[k] = -c[k];
        }
    }
    c
}

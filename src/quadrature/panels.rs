//! Integrals over panels whose widths follow the integrand.

use crate::quadrature::gauss_legendre;
use crate::scalar::Scalar;

/// The most panels of an integral: what is left then is taken as one.
const MOST: usize = 4096;

/// ∫ f(x) dx over [from, to], in panels on which the 16-point rule agrees with itself on both halves, to `tolerance`
/// relative to the panel's integral or to the sum so far.
///
/// The widths follow from real parts, so every scalar sees the same panels.
pub(crate) fn integrate<S: Scalar>(from: S, to: S, tolerance: f64, f: impl Fn(S) -> S) -> S {
    let [sum] = integrate_all(from, to, tolerance, |x| [f(x)]);
    sum
}

/// The integrals of several functions over the same panels, which follow the first.
pub(crate) fn integrate_all<S: Scalar, const N: usize>(
    from: S,
    to: S,
    tolerance: f64,
    f: impl Fn(S) -> [S; N],
) -> [S; N] {
    let width = to - from;
    let rule = |a: f64, h: f64| {
        let mut sums = [S::from(0.0); N];
        for (t, w) in gauss_legendre::nodes() {
            add(&mut sums, f(width * (a + h * t) + from).map(|y| y * w));
        }
        sums.map(|sum| sum * width * h)
    };
    let (mut sums, mut a, mut h) = ([S::from(0.0); N], 0.0, 1.0f64);
    for _ in 0..MOST {
        let whole = rule(a, h)[0].re();
        let mut halves = rule(a, 0.5 * h);
        add(&mut halves, rule(a + 0.5 * h, 0.5 * h));
        let error = (whole - halves[0].re()).abs();
        // below the spacing of doubles there is nothing to halve
        let is_small = error <= tolerance * (halves[0].re().abs() + sums[0].re().abs());
        if is_small || a + 0.25 * h <= a || h < 1e-300 {
            add(&mut sums, halves);
            a += h;
            if a >= 1.0 {
                return sums;
            }
            h = (2.0 * h).min(1.0 - a);
        } else {
            h *= 0.5;
        }
    }
    add(&mut sums, rule(a, 1.0 - a));
    sums
}

fn add<S: Scalar, const N: usize>(sums: &mut [S; N], terms: [S; N]) {
    for (sum, term) in sums.iter_mut().zip(terms) {
        *sum += term;
    }
}

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
    let width = to - from;
    let rule = |a: f64, h: f64| {
        let nodes = gauss_legendre::nodes();
        nodes.fold(S::from(0.0), |sum, (t, w)| sum + f(width * (a + h * t) + from) * w) * width * h
    };
    let (mut sum, mut a, mut h) = (S::from(0.0), 0.0, 1.0f64);
    for _ in 0..MOST {
        let whole = rule(a, h).re();
        let halves = rule(a, 0.5 * h) + rule(a + 0.5 * h, 0.5 * h);
        let error = (whole - halves.re()).abs();
        // below the spacing of doubles there is nothing to halve
        if error <= tolerance * (halves.re().abs() + sum.re().abs()) || a + 0.25 * h <= a || h < 1e-300 {
            sum += halves;
            a += h;
            if a >= 1.0 {
                return sum;
            }
            h = (2.0 * h).min(1.0 - a);
        } else {
            h *= 0.5;
        }
    }
    sum + rule(a, 1.0 - a)
}

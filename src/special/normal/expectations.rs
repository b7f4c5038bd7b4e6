//! Expectations of functions of a normal variable that have no closed form, by rules that converge geometrically.
//!
//! All are fixed sums in the arithmetic of the scalar, so that derivatives are as good as values (Trefethen & Weideman 2014,
//! "The exponentially convergent trapezoidal rule"; Takahasi & Mori 1974 for the double exponential rule).

use super::{normal_cdf, normal_hazard, normal_pdf, normal_sf};
use crate::quadrature::alternating_sum;
use crate::scalar::{Scalar, math};

/// E[f(N)] for a function that is analytic where |Im t| < π and grows like exp(|t|) at the most: the trapezoidal rule with
/// step 1/4, which leaves exp(-2π π / h) = 1e-34, up to |t| = 10.
pub(crate) fn mean_over_normal<S: Scalar>(f: impl Fn(f64) -> S) -> S {
    const H: f64 = 0.25;
    (-40..=40).fold(S::from(0.0), |sum, k| {
        let t = f64::from(k) * H;
        sum + f(t) * (H * normal_pdf(t))
    })
}

/// E[f(N)] for an even function that is analytic where |Im t| < 1, `weighted(t)` being exp(-t²/2) f(t): the trapezoidal rule
/// with step 1/8, which leaves exp(-2π / h) = 1e-22, up to `limit`, 60 at the most.
pub(crate) fn mean_of_even<S: Scalar>(limit: f64, weighted: impl Fn(f64) -> S) -> S {
    const H: f64 = 0.125;
    let count = (limit.min(60.0) / H) as u32;
    let tail = (1..=count).rev().fold(S::from(0.0), |sum, k| sum + weighted(f64::from(k) * H));
    // 1/sqrt(2π)
    (tail * 2.0 + weighted(0.0)) * (H * 0.3989422804014327)
}

/// E[f(asinh N)] for an analytic function of moderate growth with a kink, sharp or rounded, at `kink`: the double
/// exponential rule v = kink ± exp(u - exp(-u)) on either side of it, the density of v = asinh N being φ(sinh v) cosh v.
///
/// A kink beyond ±3.5 has no weight; the sides then meet at 0.
pub(crate) fn mean_across_kink<S: Scalar>(kink: f64, f: impl Fn(f64) -> S) -> S {
    const H: f64 = 1.0 / 64.0;
    let kink = if kink.abs() <= 3.5 { kink } else { 0.0 };
    // distances from 1e-25 to 8
    (-256..=140).fold(S::from(0.0), |sum, k| {
        let u = f64::from(k) * H;
        let e = math::exp(-u);
        let distance = math::exp(u - e);
        let side = |v: f64| f(v) * (H * distance * (1.0 + e) * normal_pdf(math::sinh(v)) * math::cosh(v));
        sum + side(kink - distance) + side(kink + distance)
    })
}

/// ∫_0^∞ exp(-k y) g(y) dy, g the density at y of a normal law of mean `m` and standard deviation `s`; for k >= 0.
///
/// It is φ(a) Q(b)/φ(b) with a = m/s and b = k s - a, and Q the normal's upper tail.
pub(crate) fn half_line<S: Scalar>(k: f64, m: S, s: S) -> S {
    let a = m.over(s);
    let b = s * k - a;
    if b.re() < 0.0 {
        // φ(a)/φ(b) = exp((b² - a²)/2)
        ((s * s * (0.5 * k) - m) * k).exp() * normal_sf(b)
    } else {
        normal_pdf(a).over(normal_hazard(b))
    }
}

/// E[ln(1 + exp(Y))], Y normal of mean `m` and standard deviation `s`.
///
/// For wide laws from ln(1 + e^y) = max(y, 0) + Σ (-1)^(k+1) exp(-k |y|)/k, for narrow ones by the trapezoidal rule.
pub(crate) fn mean_softplus<S: Scalar>(m: S, s: S) -> S {
    if s.re() < 1.0 {
        return mean_over_normal(|t| (s * t + m).softplus());
    }
    let z = m.over(s);
    let positive_part = m * normal_cdf(z) + s * normal_pdf(z);
    positive_part + alternating_sum(|k| (half_line(k + 1.0, m, s) + half_line(k + 1.0, -m, s)) / (k + 1.0))
}

//! Integrals of w(t) = e^(κ (cos t - cos θ)) from θ to an end or to the middle: the distribution function of the von Mises law
//! over its density, and what its derivative in κ is made of. All terms of all sums are positive.

use crate::quadrature::gauss_legendre::mean_long;
use crate::scalar::{Scalar, math};
use core::f64::consts::PI;

/// An angle 0 <= θ <= π by what the formulas take of it: cos θ = 1 - 2S = 2c - 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Angle<S> {
    pub theta: S,
    /// sin(θ/2)
    pub sine: S,
    /// cos(θ/2)
    pub cosine: S,
    /// S = sin²(θ/2)
    pub s: S,
    /// c = cos²(θ/2)
    pub c: S,
    /// tan(θ/4)
    pub tangent: S,
}

impl<S: Scalar> Angle<S> {
    #[inline]
    pub fn new(theta: S) -> Self {
        let half = theta * 0.5;
        let (sine, cosine) = (half.sin(), half.cos());
        Angle::of(theta, sine, cosine)
    }

    /// π - ε, also where that is π to all digits.
    #[inline]
    pub fn before_end(epsilon: S) -> Self {
        let half = epsilon * 0.5;
        Angle::of(-epsilon + PI, half.cos(), half.sin())
    }

    /// From sin²(θ/2) and cos²(θ/2).
    #[cfg(feature = "nalgebra")]
    #[inline]
    pub fn from_squares(s: S, c: S) -> Self {
        let (sine, cosine) = (s.sqrt(), c.sqrt());
        Angle { theta: sine.atan2(cosine) * 2.0, sine, cosine, s, c, tangent: sine.over(cosine + 1.0) }
    }

    #[inline]
    fn of(theta: S, sine: S, cosine: S) -> Self {
        Angle { theta, sine, cosine, s: sine * sine, c: cosine * cosine, tangent: sine.over(cosine + 1.0) }
    }

    /// The same in plain numbers.
    #[inline]
    pub fn re(&self) -> Angle<f64> {
        let Angle { theta, sine, cosine, s, c, tangent } = *self;
        Angle { theta: theta.re(), sine: sine.re(), cosine: cosine.re(), s: s.re(), c: c.re(), tangent: tangent.re() }
    }
}

/// How the integrals are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Region {
    /// Around the middle, by power series in S, from 0 to θ.
    Core,
    /// Close to π, by power series in c, from θ to π.
    End,
    /// In between, by quadrature, from θ to π.
    Tail,
}

/// Every region is where its sum has no more than some 130 terms, and the core where the tail is no less than 1/100 or so.
#[inline]
pub(crate) fn region(kappa: f64, at: &Angle<f64>) -> Region {
    if at.s < 0.5 && 2.0 * kappa * at.s < 2.5 {
        Region::Core
    } else if at.c < 0.6 && kappa * at.c < 20.0 {
        Region::End
    } else {
        Region::Tail
    }
}

/// How many terms a sum is cut off after at the latest.
const MOST_TERMS: f64 = 500.0;

/// Whether the n-th term of a positive sum, and its derivatives, which are about n times larger an order, no longer matter.
#[inline]
pub(in crate::special) fn is_negligible(n: f64, term: f64, sum: f64) -> bool {
    n * n * term <= 1e-18 * sum
}

/// Σ u_n with (n + m) u_n = x u_(n-1) + (1/2)_n/n! S^n and x = 2κS.
///
/// For m = 1/2: ∫ w dt = sin(θ/2) Σ. For m = 3/2: ∫ w sin²(t/2) dt = sin(θ/2) S Σ; both over [0, θ].
#[inline]
pub(crate) fn core_sum<S: Scalar>(kappa: S, s: S, m: f64) -> S {
    let x = kappa * s * 2.0;
    let mut power = S::from(1.0);
    let mut term = S::from(1.0 / m);
    let (mut sum, mut n) = (term, 0.0);
    while n < MOST_TERMS {
        n += 1.0;
        power *= s * ((n - 0.5) / n);
        term = (x * term + power) * (1.0 / (n + m));
        sum += term;
        if is_negligible(n, term.re(), sum.re()) {
            break;
        }
    }
    sum
}

/// Σ y_n/(n + m) with y_0 = 1, (n + 1) y_(n+1) = (c (n + 1/2) + x) y_n - x c y_(n-1) and x = 2κc.
///
/// For m = 1/2: ∫ w dt = e^-x cos(θ/2) Σ. For m = 3/2: ∫ w cos²(t/2) dt = e^-x cos(θ/2) c Σ; both over [θ, π].
#[inline]
pub(crate) fn end_sum<S: Scalar>(kappa: S, c: S, m: f64) -> S {
    let x = kappa * c * 2.0;
    let xc = x * c;
    let (mut last, mut y) = (S::from(0.0), S::from(1.0));
    let (mut sum, mut n) = (S::from(1.0 / m), 0.0);
    while n < MOST_TERMS {
        let next = ((c * (n + 0.5) + x) * y - xc * last) * (1.0 / (n + 1.0));
        (last, y) = (y, next);
        n += 1.0;
        sum += y * (1.0 / (n + m));
        if is_negligible(n, y.re(), sum.re() * (n + m)) {
            break;
        }
    }
    sum
}

/// By how much sin²(t/2) is above sin²(θ/2) where w has fallen to e^-38.
#[inline]
pub(in crate::special) fn rise(kappa: f64) -> f64 {
    19.0 / kappa
}

/// ∫ w(t) g(sin²(t/2)) dt over [θ, π], as far as sin²(t/2) is above sin²(θ/2) by `rise` at the most.
///
/// In v = tan(t/4) everything is rational: sin(t/2) = 2v/(1 + v²), dt = 4 dv/(1 + v²).
#[inline]
pub(crate) fn tail_integral<S: Scalar>(kappa: S, at: &Angle<S>, rise: f64, g: impl Fn(S) -> S) -> S {
    let v0 = at.tangent;
    let r0 = (v0 * v0 + 1.0).recip();
    let s0 = v0 * r0 * 2.0;
    let width = match cut(rise, &at.re()) {
        Some(width) => S::from(width),
        None => -v0 + 1.0,
    };
    let minus_2_kappa = kappa * -2.0;
    let mean = mean_long(|t| {
        let d = width * t;
        let v = v0 + d;
        let r = (v * v + 1.0).recip();
        let s = v * r * 2.0;
        // sin(t/2) - sin(θ/2)
        let step = d * (-(v * v0) + 1.0) * (r * r0) * 2.0;
        (minus_2_kappa * step * (s + s0)).exp() * r * g(s * s)
    });
    mean * width * 4.0
}

/// tan(t/4) - tan(θ/4) for the t where sin²(t/2) is larger by `rise`; `None` if that is beyond π.
#[inline]
fn cut(rise: f64, at: &Angle<f64>) -> Option<f64> {
    let square = at.s + rise;
    // beside π, where the sine is rounded to 1
    let rest = if at.c < 1e-6 { at.c - rise } else { 1.0 - square };
    if rest <= 0.0 {
        return None;
    }
    let (sine, cosine) = (math::sqrt(square), math::sqrt(rest));
    // differences of sines and of cosines as differences of squares: the interval may be shorter than a rounding of θ
    let numerator = (1.0 + at.cosine) / (sine + at.sine) + at.sine / (cosine + at.cosine);
    Some(rise * numerator / ((1.0 + at.cosine) * (1.0 + cosine)))
}

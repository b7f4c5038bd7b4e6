//! The regularized incomplete beta function around the mean for large shapes: Temme's uniform expansion.
//!
//! With m = a b / (a + b), p = a / (a + b), q = b / (a + b) and D = logit x - ln(a / b), W = (x - p) / (p q) as a function of
//! D solves W' = 1 + (q - p) W - p q W², and η²/2 = ∫ W dD. Then
//!
//! I_x(a, b) = Φ(√m η) + φ(√m η) m^(-1/2) Σ C_k(D) m^-k,
//! C_0 = (η' - 1) / W, C_k = (C_(k-1)' - C_(k-1)'(0)) / W,
//!
//! from inserting the sum into dI/dD (Temme 1979, SIAM J. Math. Anal. 10; DLMF 8.18(ii)). 1/W = R(D) / D with
//! R(D) = 1 + (p - 1/2) D + Σ B_2j D^2j / (2j)!. All series converge for |D| < π whatever p is.

use super::point::{Point, excess};
use crate::scalar::{Scalar, math};
use crate::special::gamma::HALF_LN_TWO_PI;
use crate::special::{erfcx, ln_1p_minus};
use core::f64::consts::FRAC_1_SQRT_2;
use core::ops::Mul;

/// The length of the series in D.
pub(in crate::special) const LENGTH: usize = 32;

/// B_2j / (2j)! for j = 1, 2, ...: 2 (-1)^(j+1) ζ(2j) / (2π)^2j.
const BERNOULLI: [f64; 16] = [
    0.08333333333333333,
    -0.001388888888888889,
    3.306878306878307e-05,
    -8.267195767195768e-07,
    2.08767569878681e-08,
    -5.284190138687493e-10,
    1.3382536530684679e-11,
    -3.3896802963225827e-13,
    8.586062056277845e-15,
    -2.174868698558062e-16,
    5.509002828360229e-18,
    -1.3954464685812523e-19,
    3.534707039629467e-21,
    -8.953517427037547e-23,
    2.267952452337683e-24,
    -5.744790668872202e-26,
];

/// D = logit x - ln(a / b) of doubles, accurate in relative terms.
#[inline]
pub(in crate::special) fn offset(a: f64, b: f64, at: Point<f64>) -> f64 {
    // e^D - 1 = (x - p) / (p y)
    let ratio = excess(a, b, at) / (at.y * a);
    let d = math::ln_1p(ratio);
    // far from the mean, where the ratio loses the digits of e^D or overflows
    if (-0.5..1e15).contains(&ratio) { d } else { at.ln_x - at.ln_y - math::ln(a / b) }
}

/// How many powers of 1/m are needed.
pub(in crate::special) fn powers(m: f64) -> usize {
    match m {
        ..20.0 => 14,
        ..30.0 => 12,
        ..60.0 => 10,
        ..200.0 => 8,
        ..2e3 => 6,
        ..1e5 => 4,
        _ => 3,
    }
}

/// How long the series in D must be, for terms of order k to be right to 2^-56 m^k.
pub(in crate::special) fn length(m: f64, d: f64) -> usize {
    let (per_term, per_power) = (math::ln(3.1 / d.abs().max(1e-9)), math::ln(m));
    (0..powers(m))
        .fold(4, |n, k| {
            let left = (39.2 - k as f64 * per_power).max(0.0);
            n.max((left / per_term) as usize + 2 + 2 * k)
        })
        .min(LENGTH - 2)
}

/// c_0 + c_1 D + c_2 D^2 + ...
#[inline]
fn horner<S: Scalar>(c: &[S], d: S) -> S {
    c.iter().rev().fold(S::from(0.0), |sum, &c| sum * d + c)
}

/// The coefficients of L series multiplied by R(D), in place.
#[inline]
pub(in crate::special) fn times_r<S: Scalar, const L: usize>(h: &mut [[S; L]], half: S) {
    let mut factor = [[S::from(0.0); L]; LENGTH];
    factor[..h.len()].copy_from_slice(h);
    for (h, f) in h[1..].iter_mut().zip(&factor) {
        for l in 0..L {
            h[l] += f[l] * half;
        }
    }
    for (j, bernoulli) in (1..h.len().div_ceil(2)).zip(BERNOULLI) {
        for (h, f) in h[2 * j..].iter_mut().zip(&factor) {
            for l in 0..L {
                h[l] += f[l] * bernoulli;
            }
        }
    }
}

/// ln I_x(a, b) and I / (x y f) for D <= 0.
pub(in crate::special) fn lower<S: Scalar + Mul<X, Output = S>, X: Scalar + Into<S>>(
    a: S,
    b: S,
    at: Point<X>,
) -> (S, f64) {
    let ratio = (a + b).recip();
    let (p, q) = (a * ratio, b * ratio);
    let inverse_m = a.recip() + b.recip();
    let theta: S = (at.ln_x - at.ln_y).into();
    let d = (theta - a.ln() + b.ln()).with_re(offset(a.re(), b.re(), at.re()));
    let m = 1.0 / inverse_m.re();
    let (length, powers) = (length(m, d.re()), powers(m));

    let zero = S::from(0.0);
    let (mut w, mut e, mut c) = ([zero; LENGTH], [zero; LENGTH], [[zero]; LENGTH]);
    let (skew, pq) = (q - p, p * q);
    w[1] = S::from(1.0);
    for n in 1..=length {
        let mut square = zero;
        for i in 1..n {
            square += w[i] * w[n - i];
        }
        w[n + 1] = (skew * w[n] - pq * square) * (1.0 / (n as f64 + 1.0));
    }
    // η = D e(D), e² = 2 ∫ W / D²
    e[0] = S::from(1.0);
    for n in 1..=length {
        let mut sum = w[n + 1] * (2.0 / (n as f64 + 2.0));
        for i in 1..n {
            sum -= e[i] * e[n - i];
        }
        e[n] = sum * 0.5;
    }
    // C_0 = (η' - 1) / W, then the powers of 1/m
    let half = (p - q) * 0.5;
    for n in 0..length {
        c[n] = [e[n + 1] * (n as f64 + 2.0)];
    }
    times_r(&mut c[..length], half);
    let mut correction = horner(c[..length].as_flattened(), d);
    // x y f = √m φ(√m η) Σ C_(k-1)'(0) m^-k, the sum beginning with 1
    let mut density = 1.0;
    let mut power = S::from(1.0);
    let mut left = length;
    for _ in 1..powers {
        if left <= 3 {
            break;
        }
        left -= 2;
        power *= inverse_m;
        density += c[1][0].re() * power.re();
        for n in 0..left {
            c[n] = [c[n + 2][0] * (n as f64 + 2.0)];
        }
        times_r(&mut c[..left], half);
        correction += horner(c[..left].as_flattened(), d) * power;
    }
    density += c[1][0].re() * power.re() * inverse_m.re();

    let scale = inverse_m.sqrt();
    let z = -(d * horner(&e[..length], d)).over(scale);
    let mills = erfcx(z * FRAC_1_SQRT_2) * SQRT_HALF_PI + correction * scale;
    // the exponent once more as a deviance, which knows x better than its offset from the mean does
    let excess = excess(a.re(), b.re(), at.re());
    let deviance = a.re() * ln_1p_minus(excess / a.re()) + b.re() * ln_1p_minus(-excess / b.re());
    let ln = (z * z * -0.5).with_re(deviance) - HALF_LN_TWO_PI + mills.ln();
    (ln, mills.re() * scale.re() / density)
}

/// √(π/2)
const SQRT_HALF_PI: f64 = 1.2533141373155003;

//! The first derivatives of logit x at fixed I_x(a, b): the formulas of `inc_beta_series` differentiated by hand, in doubles.
//!
//! h_a = dθ/da = -K d ln I/da and h_b likewise, in which no power or exponential occurs. For the upper tail
//! (h_a, h_b)(a, b, x) = (-h_b, -h_a)(b, a, y).

use super::digamma_difference;
use super::inc_beta_series::{Point, Region, fraction, region};
use super::inc_beta_uniform::{self, LENGTH};
use crate::scalar::{Jet, math};

/// What the gradient needs of the shapes alone: (ψ(a+b) - ψ(1+a), ψ(a+b) - ψ(b)), and the same with a and b exchanged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Constants([(f64, f64); 2]);

impl Constants {
    /// Where no derivatives are asked for.
    pub const UNUSED: Self = Constants([(0.0, 0.0); 2]);

    pub fn new(a: f64, b: f64) -> Self {
        let of = |a: f64, b: f64| (digamma_difference(1.0 + a, b - 1.0), digamma_difference(b, a));
        Constants([of(a, b), of(b, a)])
    }
}

/// (h_a, h_b).
pub(crate) fn gradient(a: f64, b: f64, at: Point<f64>, constants: &Constants) -> (f64, f64) {
    let (swap, region) = region(a, b, at);
    if swap {
        let (u, v) = lower(b, a, at.flip(), constants.0[1], region);
        (-v, -u)
    } else {
        lower(a, b, at, constants.0[0], region)
    }
}

/// (h_a, h_b) from the lower tail.
#[inline]
fn lower(a: f64, b: f64, at: Point<f64>, (c1, c2): (f64, f64), region: Region) -> (f64, f64) {
    match region {
        Region::Uniform => uniform(a, b, at),
        Region::Short => {
            let (g, g_a, g_b) = short(a, b, at.x);
            let k = g / a * math::exp(-b * at.ln_y);
            (-k * (at.ln_x + c1 + g_a / g), -k * (c2 + g_b / g))
        }
        Region::Positive => {
            let (n, n_a, n_b) = positive(a, b, at.x);
            let k = n / a;
            (-k * (at.ln_x + c1 + n_a / n), -k * (at.ln_y + c2 + n_b / n))
        }
        Region::Fraction => {
            let [x, y] = Jet::variables([a, b]);
            let (k, [l_a, l_b]) = {
                let k = fraction(x, y, at);
                (k.re, k.eps.map(|e| e / k.re))
            };
            (-k * (at.ln_x + c1 + 1.0 / a + l_a), -k * (at.ln_y + c2 + l_b))
        }
    }
}

/// 1/n for n = 1, 2, ...
const INVERSES: [f64; 200] = {
    let mut inverses = [0.0; 200];
    let mut n = 0;
    while n < 200 {
        inverses[n] = 1.0 / (n as f64 + 1.0);
        n += 1;
    }
    inverses
};

/// G, dG/da and dG/db of DLMF 8.17.7, the factor that vanishes at whole b carried outside its logarithm.
#[inline]
fn short(a: f64, b: f64, x: f64) -> (f64, f64, f64) {
    let (mut u, mut u_b) = (1.0, 0.0);
    let (mut sum, mut sum_a, mut sum_b) = (0.0, 0.0, 0.0);
    let mut n = 0.0;
    let tail = 1.0 / (1.0 - x);
    for inverses in INVERSES.chunks_exact(4) {
        // two terms at a time: one reciprocal serves both, and the second does not wait for the first
        for inverse in inverses.chunks_exact(2) {
            let (n1, n2) = (n + 1.0, n + 2.0);
            let (c1, c2) = (a + n1, a + n2);
            let both = 1.0 / (c1 * c2);
            let (r1, r2) = (both * c2, both * c1);
            let (step1, step2) = (x * inverse[0], x * inverse[1]);
            let (f1, f2) = ((n1 - b) * step1, (n2 - b) * step2);
            let f = f1 * f2;
            let (p1, p2) = (u * f1 * r1, u * f * r2);
            sum += p1 + p2;
            sum_a += p1 * (r1 * n1) + p2 * (r2 * n2);
            let v1 = u_b * f1 - u * step1;
            u_b = u_b * f - u * (step1 * f2 + f1 * step2);
            sum_b += v1 * r1 + u_b * r2;
            (u, n) = (u * f, n2);
        }
        let left = (u.abs() + u_b.abs()) * tail;
        if left <= 1e-17 * n * sum_a.abs().min(sum_b.abs()) || (n > b && left <= 1e-19 * x) {
            break;
        }
    }
    (1.0 + a * sum, sum_a, a * sum_b)
}

/// N, dN/da and dN/db of DLMF 8.17.8.
#[inline]
fn positive(a: f64, b: f64, x: f64) -> (f64, f64, f64) {
    let (mut t, mut l_a, mut l_b) = (1.0, 0.0, 0.0);
    let (mut sum, mut sum_a, mut sum_b) = (1.0, 0.0, 0.0);
    let (mut s, mut c) = (a + b, a + 1.0);
    loop {
        for _ in 0..2 {
            // one reciprocal serves the term and both logarithmic derivatives
            let r = 1.0 / (s * c);
            t *= x * (s * s * r);
            l_a += (1.0 - b) * r;
            l_b += c * r;
            sum += t;
            sum_a += t * l_a;
            sum_b += t * l_b;
            s += 1.0;
            c += 1.0;
        }
        let ratio = x * s / c;
        let term = t * l_b.max(l_a.abs()).max(1.0);
        if (ratio < 1.0 && term <= 1e-17 * (1.0 - ratio) * sum_b.min(sum)) || t < 1e-300 {
            return (sum, sum_a, sum_b);
        }
    }
}

/// The expansion a h_a = Σ H_k(D) m^-k with H_0 = R L / (q D), L = D - ln(q + p e^D), H_k = R (H_(k-1)' - H_(k-1)'(0)) / D,
/// and h_b by symmetry; R, D, m, p and q as in `inc_beta_uniform`.
fn uniform(a: f64, b: f64, at: Point<f64>) -> (f64, f64) {
    let m = a * (b / (a + b));
    let d = inc_beta_uniform::offset(a, b, at);
    let length = inc_beta_uniform::length(m, d);
    (expansion(a, b, m, d, length) / a, -expansion(b, a, m, -d, length) / b)
}

fn expansion(a: f64, b: f64, m: f64, d: f64, length: usize) -> f64 {
    let s = a + b;
    let (p, q) = (a / s, b / s);
    // x as a series in D: x' = x (1 - x)
    let mut x = [0.0; LENGTH];
    x[0] = p;
    for n in 1..length {
        let mut slope = x[n - 1] * (q - p);
        if n == 1 {
            slope = p * q;
        }
        for i in 1..n - 1 {
            slope -= x[i] * x[n - 1 - i];
        }
        x[n] = slope / n as f64;
    }
    let mut h = [0.0; LENGTH];
    h[0] = 1.0;
    for n in 1..length {
        h[n] = -x[n] / (q * (n as f64 + 1.0));
    }
    let half = 0.5 * (p - q);
    inc_beta_uniform::times_r(&mut h[..length], half);
    let horner = |h: &[f64]| h.iter().rev().fold(0.0, |sum, h| sum * d + h);
    let mut sum = horner(&h[..length]);
    let (mut power, mut left) = (1.0, length);
    for _ in 1..inc_beta_uniform::powers(m) {
        if left <= 3 {
            break;
        }
        left -= 2;
        power /= m;
        for n in 0..left {
            h[n] = h[n + 2] * (n as f64 + 2.0);
        }
        inc_beta_uniform::times_r(&mut h[..left], half);
        sum += horner(&h[..left]) * power;
    }
    sum
}

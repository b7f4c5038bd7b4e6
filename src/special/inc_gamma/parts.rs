//! The three expansions of the incomplete gamma functions, for any scalar: a series for the lower tail, a continued
//! fraction for the upper one, and expansions uniform around the mean for large a.

use super::tables::{NORMAL, SLOPE};
use crate::scalar::Scalar;
use crate::special::gamma::HALF_LN_TWO_PI;
use crate::special::gamma::stirling::{LARGE, stirling};
use crate::special::{ln_1p_minus, ln_gamma_1p, normal_ln_pdf};
use core::f64::consts::LN_2;

/// A point (a, x) with w = ln x; x may have underflowed, w has not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point<S> {
    pub a: S,
    pub x: S,
    pub w: S,
    /// ln x^a. Where w is of the order of 1/a, the product of the two has lost the derivatives in a that this may have.
    pub ln_power: S,
}

impl<S: Scalar> Point<S> {
    #[inline]
    pub fn new(a: S, x: S) -> Self {
        Point::of(a, x, x.ln())
    }

    #[inline]
    pub fn from_ln(a: S, w: S) -> Self {
        Point::of(a, w.exp(), w)
    }

    /// The point of an x whose logarithm w is known.
    #[inline]
    pub fn of(a: S, x: S, w: S) -> Self {
        Point { a, x, w, ln_power: a * w }
    }

    /// The point of ln x^a.
    #[inline]
    pub fn from_ln_power(a: S, ln_power: S) -> Self {
        let w = ln_power.over(a);
        Point { a, x: w.exp(), w, ln_power }
    }

    /// The same point in plain numbers.
    #[inline]
    pub fn re(&self) -> Point<f64> {
        Point { a: self.a.re(), x: self.x.re(), w: self.w.re(), ln_power: self.ln_power.re() }
    }

    /// μ = ln(x/a) around the mean.
    #[inline]
    pub fn ln_ratio(&self) -> S {
        (self.x - self.a).over(self.a).ln_1p()
    }
}

/// Whether the expansions around the mean hold: a >= 16 and |ln(x/a)| <= 1.
#[inline]
pub(crate) fn is_central(a: f64, x: f64) -> bool {
    a >= LARGE && x > 0.37 * a && x < 2.7 * a
}

/// M - 1 with M = Σ x^n / (a+1)_n (DLMF 8.7.1): P = x^a e^-x / Γ(1 + a) M.
#[inline]
pub(crate) fn series<S: Scalar>(a: S, x: S) -> S {
    let (mut term, mut sum, mut n) = (S::from(1.0), S::from(0.0), 0.0);
    while n < 2000.0 {
        n += 1.0;
        term *= x.over(a + n);
        sum += term;
        // derivatives in x lag by a factor n an order
        if weight(n, S::ORDER) * term.re() <= 1e-17 * sum.re() {
            break;
        }
    }
    sum
}

/// n^order: by how much a term's derivatives may outweigh it.
#[inline(always)]
fn weight(n: f64, order: usize) -> f64 {
    (0..order).fold(1.0, |w, _| w * n)
}

/// M and its derivative in a, -Σ x^n/(a+1)_n Σ_(k<=n) 1/(a+k).
#[inline]
pub(crate) fn series_with_slope<S: Scalar>(a: S, x: S) -> (S, S) {
    series_with_slope_from(1.0, a, x)
}

/// The same with another first term: 0 for M - 1.
#[inline]
pub(super) fn series_with_slope_from<S: Scalar>(first: f64, a: S, x: S) -> (S, S) {
    let (mut term, mut harmonic) = (S::from(1.0), S::from(0.0));
    let (mut sum, mut slope) = (S::from(first), S::from(0.0));
    let mut n = 0.0;
    while n < 2000.0 {
        // four terms between tests
        for _ in 0..4 {
            n += 1.0;
            let r = (a + n).recip();
            term *= x * r;
            harmonic += r;
            sum += term;
            slope -= term * harmonic;
        }
        if weight(n, S::ORDER) * term.re() * harmonic.re() <= -1e-17 * slope.re() {
            break;
        }
    }
    (sum, slope)
}

/// How deep the fraction goes: found by comparing depths in mpmath for x >= max(1, a), a from 1e-4 to 1e3.
#[inline]
fn depth(a: f64, x: f64, order: usize) -> usize {
    (100.0 / x + 0.4 * a.min(LARGE)) as usize + 8 + 3 * order
}

/// C = e^x x^-a Γ(a, x) and its derivative in a over C, by the even part of the fraction of Γ(a, x) (DLMF 8.9.2):
/// C = 1/(b_0 - 1 (1-a)/(b_1 - 2 (2-a)/(b_2 - ...))), b_n = x + 2n + 1 - a.
///
/// Numerators and denominators, and their derivatives, by the forward recurrence, each step scaled by 1/(x + n): they neither
/// overflow nor outgrow their derivatives.
#[inline]
pub(crate) fn fraction_with_slope<S: Scalar>(a: S, x: S) -> (S, S) {
    let (zero, one) = (S::from(0.0), S::from(1.0));
    let mut b = x - a + 1.0;
    let (mut above, mut above_last, mut below, mut below_last) = (one, zero, b, one);
    let (mut d_above, mut d_above_last, mut d_below, mut d_below_last) = (zero, zero, -one, zero);
    let mut scale_last = 1.0;
    for n in 1..=depth(a.re(), x.re(), S::ORDER) {
        let n = n as f64;
        let scale = 1.0 / (x.re() + n);
        b = b + 2.0;
        let (b, d_c) = (b * scale, n * scale * scale_last);
        let c = (a - n) * d_c;
        let next = b * above + c * above_last;
        let d_next = b * d_above - above * scale + c * d_above_last + above_last * d_c;
        (above_last, above, d_above_last, d_above) = (above, next, d_above, d_next);
        let next = b * below + c * below_last;
        let d_next = b * d_below - below * scale + c * d_below_last + below_last * d_c;
        (below_last, below, d_below_last, d_below) = (below, next, d_below, d_next);
        scale_last = scale;
    }
    (above.over(below), d_above.over(above) - d_below.over(below))
}

/// C alone.
#[inline]
pub(crate) fn fraction<S: Scalar>(a: S, x: S) -> S {
    let one = S::from(1.0);
    let mut b = x - a + 1.0;
    let (mut above, mut above_last, mut below, mut below_last) = (one, S::from(0.0), b, one);
    let mut scale_last = 1.0;
    for n in 1..=depth(a.re(), x.re(), S::ORDER) {
        let n = n as f64;
        let scale = 1.0 / (x.re() + n);
        b = b + 2.0;
        let (b, c) = (b * scale, (a - n) * (n * scale * scale_last));
        (above, above_last) = (b * above + c * above_last, above);
        (below, below_last) = (b * below + c * below_last, below);
        scale_last = scale;
    }
    above.over(below)
}

/// a Σ_(n>=1) (-x)^n / (n! (a + n)), for x up to 1 or so (DLMF 8.7.1 for the lower function without its first term).
#[inline]
pub(super) fn alternating<S: Scalar>(a: S, x: S) -> S {
    let (mut power, mut sum, mut n) = (S::from(1.0), S::from(0.0), 0.0);
    while n < 200.0 {
        n += 1.0;
        power *= -x / n;
        sum += power.over(a + n);
        if weight(n, S::ORDER) * power.re().abs() <= 1e-18 * x.re() {
            break;
        }
    }
    a * sum
}

/// Σ c_k x^k by even and odd parts.
#[inline(always)]
fn horner<S: Scalar>(c: &[f64], x: S, square: S) -> S {
    let (mut even, mut odd) = (S::from(0.0), S::from(0.0));
    for pair in c.chunks(2).rev() {
        even = even * square + pair[0];
        odd = odd * square + if pair.len() == 2 { pair[1] } else { 0.0 };
    }
    even + x * odd
}

/// Σ_(k<K) rows_k(μ) a^-k, without the constant term of row 0.
#[inline(always)]
fn expansion<S: Scalar>(rows: &[&[f64]], a: S, mu: S) -> S {
    let r = a.recip();
    let square = mu * mu;
    let mut sum = S::from(0.0);
    for row in rows[1..].iter().rev() {
        sum = (sum + horner(row, mu, square)) * r;
    }
    sum + mu * horner(&rows[0][1..], mu, square)
}

/// How many powers of 1/a [`central_slope`] takes.
#[inline]
fn slope_powers(a: f64) -> usize {
    match a {
        a if a < 20.0 => 15,
        a if a < 30.0 => 13,
        a if a < 60.0 => 11,
        a if a < 200.0 => 9,
        a if a < 2e3 => 7,
        a if a < 1e5 => 5,
        _ => 4,
    }
}

/// κ with dμ/d ln a = κ(μ, a) at fixed P, around the mean: a d ln x/da = 1 + κ.
#[inline]
pub(crate) fn central_slope<S: Scalar>(a: S, mu: S) -> S {
    expansion(&SLOPE[..slope_powers(a.re())], a, mu)
}

/// κ of one a, as a polynomial of μ.
pub(crate) fn central_polynomial(a: f64) -> [f64; SLOPE[0].len()] {
    let mut c = [0.0; SLOPE[0].len()];
    for row in SLOPE[1..slope_powers(a)].iter().rev() {
        c.iter_mut().for_each(|c| *c /= a);
        row.iter().zip(&mut c).for_each(|(h, c)| *c += h);
    }
    c.iter_mut().for_each(|c| *c /= a);
    // without the constant of h_0
    SLOPE[0].iter().zip(&mut c).skip(1).for_each(|(h, c)| *c += h);
    c
}

/// Y with P = Φ(Y), around the mean: the normalizing transform.
#[inline]
pub(super) fn normal_score<S: Scalar>(a: S, mu: S) -> S {
    let terms = match a.re() {
        a if a < 20.0 => 14,
        a if a < 40.0 => 12,
        a if a < 100.0 => 10,
        a if a < 1e3 => 7,
        a if a < 1e5 => 5,
        _ => 3,
    };
    a.sqrt() * expansion(&NORMAL[..terms], a, mu)
}

/// dY/dμ, from the densities: φ(Y) dY = x^a e^-x / Γ(a) dμ; where a is so large that their logarithms have few digits left, from the
/// expansion, whose first three rows are all then.
#[inline]
pub(super) fn normal_score_slope<S: Scalar>(a: S, mu: S, y: S) -> S {
    if a.re() > 1e8 {
        let r = a.recip();
        let slope = NORMAL[..3].iter().rev().fold(S::from(0.0), |sum, row| {
            let of_row = (1..row.len()).rev().fold(S::from(0.0), |sum, j| sum * mu + row[j] * j as f64);
            sum * r + of_row
        });
        return a.sqrt() * slope;
    }
    let at = Point::of(a, a * mu.exp(), a.ln() + mu);
    (ln_weight(&at) + a.ln() - normal_ln_pdf(y)).exp()
}

/// ln [x^a e^-x / Γ(1 + a)], without cancellation for large a.
#[inline]
pub(crate) fn ln_weight<S: Scalar>(at: &Point<S>) -> S {
    let Point { a, x, w, ln_power } = *at;
    if a.re() < LARGE {
        return ln_power - x - ln_gamma_1p(a);
    }
    let exponent = if x.re() > 0.5 * a.re() && x.re() < 4.0 * a.re() {
        a * ln_1p_minus((x - a).over(a))
    } else {
        a * (w - a.ln()) - x + a
    };
    exponent - (a.ln() + LN_2) * 0.5 - (HALF_LN_TWO_PI - 0.5 * LN_2) - stirling(a)
}

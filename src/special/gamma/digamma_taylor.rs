//! The Taylor coefficients of digamma, which every derivative around ln Γ is made of.

use crate::scalar::taylor::{self, ZERO};
use crate::scalar::{Derivatives, MAX_ORDER, math};
use core::f64::consts::PI;

/// Even Bernoulli numbers B_2, B_4, ..., B_28 (DLMF 24.2).
pub(super) const BERNOULLI: [f64; TERMS] = [
    1.0 / 6.0,
    -1.0 / 30.0,
    1.0 / 42.0,
    -1.0 / 30.0,
    5.0 / 66.0,
    -691.0 / 2730.0,
    7.0 / 6.0,
    -3617.0 / 510.0,
    43867.0 / 798.0,
    -174611.0 / 330.0,
    854513.0 / 138.0,
    -236364091.0 / 2730.0,
    8553103.0 / 6.0,
    -23749461029.0 / 870.0,
];

/// Terms of the asymptotic series of digamma in use.
pub(in crate::special) const TERMS: usize = 14;

/// Entry [k][j - 1]: B_2j / (2j) times the binomial (2j + k - 1 over k), the k-th Taylor coefficient of the j-th term of
/// the asymptotic series Σ B_2j / (2j x^2j), but for its sign (-1)^k and its power of x.
pub(in crate::special) const SERIES: [[f64; TERMS]; MAX_ORDER + 1] = {
    let mut table = [[0.0; TERMS]; MAX_ORDER + 1];
    let mut j = 1;
    while j <= TERMS {
        let mut entry = BERNOULLI[j - 1] / (2 * j) as f64;
        let mut k = 0;
        while k <= MAX_ORDER {
            table[k][j - 1] = entry;
            entry = entry * (2 * j + k) as f64 / (k + 1) as f64;
            k += 1;
        }
        j += 1;
    }
    table
};

/// Where the asymptotic series of the first `order` Taylor coefficients gives all digits, and with how many terms.
#[inline]
pub(in crate::special) const fn asymptotic_from(order: usize) -> (f64, usize) {
    let terms = 9 + order / 2;
    (10.0 + 1.5 * order as f64, if terms < TERMS { terms } else { TERMS })
}

/// The Taylor coefficients ψ^(k)(x) / k! for k = 0 to `order`.
///
/// x > 0: the recurrence ψ(x) = ψ(x + 1) - 1/x (DLMF 5.5.2) up to the range of the asymptotic series (DLMF 5.11.2). For
/// k >= 1 all large terms have one sign. x < 0: reflection. Poles: see [`polygamma`](super::polygamma::polygamma).
pub(in crate::special) fn digamma_taylor(x: f64, order: usize) -> Derivatives {
    if x > 0.0 {
        positive(x, order)
    } else if x == 0.0 {
        // -1/x dominates: the limit from the side that the sign of zero names
        let mut c = [f64::INFINITY; MAX_ORDER + 1];
        c.iter_mut().step_by(2).for_each(|c| *c = -1.0 / x);
        c
    } else if x.is_finite() {
        reflected(x, order)
    } else {
        [f64::NAN; MAX_ORDER + 1]
    }
}

fn positive(mut x: f64, order: usize) -> Derivatives {
    let mut c = ZERO;
    let (start, terms) = asymptotic_from(order);
    while x < start {
        let r = 1.0 / x;
        let mut power = r;
        for c in c.iter_mut().take(order + 1) {
            *c += power;
            power *= r;
        }
        x += 1.0;
    }
    let r = 1.0 / x;
    let r2 = r * r;
    let mut power = 1.0;
    for (k, c) in c.iter_mut().enumerate().take(order + 1) {
        let series = SERIES[k][..terms].iter().rev().fold(0.0, |sum, b| sum * r2 + b) * r2;
        let leading = if k == 0 { -math::ln(x) } else { 1.0 / k as f64 };
        *c += power * (leading + 0.5 * r + series);
        // every coefficient so far is that of (-1)^(k+1) ψ
        if k % 2 == 0 {
            *c = -*c;
        }
        power *= r;
    }
    c
}

/// ψ(x) = ψ(1 - x) - π cot πx (DLMF 5.5.4), with x reduced by its nearest integer exactly.
fn reflected(x: f64, order: usize) -> Derivatives {
    let f = x - math::floor(x + 0.5);
    if f == 0.0 {
        // ψ and its even derivatives have no sign at a pole, the odd ones are inf from both sides
        let mut c = [f64::INFINITY; MAX_ORDER + 1];
        c.iter_mut().step_by(2).for_each(|c| *c = f64::NAN);
        return c;
    }
    let mut c = positive(1.0 - x, order);
    // y = π cot πx solves y' = -(π² + y²)
    let mut y = ZERO;
    y[0] = pi_cot_pi(f);
    for k in 1..=order {
        let constant = if k == 1 { PI * PI } else { 0.0 };
        y[k] = -(constant + taylor::product_term(&y, &y, k - 1)) / k as f64;
    }
    for k in 0..=order {
        c[k] = if k % 2 == 0 { c[k] - y[k] } else { -c[k] - y[k] };
    }
    c
}

/// π cot πf for 0 < |f| <= 1/2, with full relative accuracy at both ends.
#[inline]
pub(in crate::special) fn pi_cot_pi(f: f64) -> f64 {
    let t = f.abs();
    let cot = if t <= 0.25 { 1.0 / math::tan(PI * t) } else { math::tan(PI * (0.5 - t)) };
    if f < 0.0 { -PI * cot } else { PI * cot }
}

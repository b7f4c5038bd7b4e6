//! Ratios with a removable singularity at 0, smooth there to every order.

use super::taylor::ZERO;
use super::{Scalar, math, unit};

/// d^k/dx^k (e^x - 1)/x = ∫_0^1 t^k e^(t x) dt, by sums of positive terms.
fn exp_m1_ratio_derivative(x: f64, k: usize) -> f64 {
    let n = k as f64 + 1.0;
    if x >= 0.0 {
        // sum_j x^j / (j! (k + 1 + j))
        let (mut term, mut sum, mut j) = (1.0, 1.0 / n, 0.0);
        while term > 1e-17 * sum && j < 800.0 {
            j += 1.0;
            term *= x / j;
            sum += term / (n + j);
        }
        sum
    } else {
        // e^x sum_j (-x)^j / ((k+1) ... (k+1+j))
        let (mut term, mut j) = (1.0 / n, 0.0);
        let mut sum = term;
        while term > 1e-17 * sum && j < 800.0 {
            j += 1.0;
            term *= -x / (n + j);
            sum += term;
        }
        math::exp(x) * sum
    }
}

#[inline]
pub(super) fn exp_m1_ratio<S: Scalar>(x: S) -> S {
    let re = x.re();
    let mut d = ZERO;
    d[0] = if re == 0.0 {
        1.0
    } else if re == f64::INFINITY {
        re
    } else {
        math::exp_m1(re) / re
    };
    if S::ORDER > 0 && re < -unit::largest(S::ORDER + 1) {
        // -1/x to all digits
        return unit::lift_power(x, d[0], re, -d[0], -1.0);
    }
    // far from 0 the recurrence x f_k = e^x - k f_(k-1) loses nothing
    let far = 2.0 * S::ORDER as f64 + 8.0;
    if re.abs() > far && S::ORDER > 0 {
        let e = math::exp(re);
        for k in 1..=S::ORDER {
            d[k] = if e == f64::INFINITY { e } else { (e - k as f64 * d[k - 1]) / re };
        }
    } else {
        for (k, d) in d.iter_mut().enumerate().take(S::ORDER + 1).skip(1) {
            *d = exp_m1_ratio_derivative(re, k);
        }
    }
    x.lift(&d)
}

/// d^k/dx^k ln(1+x)/x = (-1)^k k! ∫_0^1 t^k (1 + t x)^-(k+1) dt, by sums of positive terms for x >= -1/2.
fn ln_1p_ratio_derivative(x: f64, k: usize) -> f64 {
    let n = k as f64 + 1.0;
    let mut sum = 0.0;
    let mut j = 0.0;
    let mut term = 1.0;
    let scale = if x >= 0.0 {
        // (1+x)^-(k+1) sum_j s^j / (k + 1 + j), s = x / (1 + x)
        let s = x / (1.0 + x);
        loop {
            sum += term / (n + j);
            j += 1.0;
            term *= s;
            if term <= 1e-17 * sum {
                break;
            }
        }
        math::powf(1.0 + x, -n)
    } else {
        // sum_j (-x)^j binom(k + j, j) / (k + 1 + j)
        loop {
            sum += term / (n + j);
            j += 1.0;
            term *= -x * (n - 1.0 + j) / j;
            if term <= 1e-17 * sum {
                break;
            }
        }
        1.0
    };
    let mut factorial = if k.is_multiple_of(2) { 1.0 } else { -1.0 };
    for i in 2..=k {
        factorial *= i as f64;
    }
    factorial * scale * sum
}

#[inline]
pub(super) fn ln_1p_ratio<S: Scalar>(x: S) -> S {
    let re = x.re();
    let mut d = ZERO;
    d[0] = if re == 0.0 {
        1.0
    } else if re == f64::INFINITY {
        0.0
    } else {
        math::ln_1p(re) / re
    };
    if S::ORDER > 0 && re == f64::INFINITY {
        return x.lift(&d);
    }
    if re == -1.0 {
        for (k, d) in d.iter_mut().enumerate() {
            *d = if k % 2 == 0 { f64::INFINITY } else { f64::NEG_INFINITY };
        }
        return x.lift(&d);
    }
    // far from 0 the recurrence loses nothing
    let far = if S::ORDER > 1 { S::ORDER as f64 } else { 1.0 };
    if (-0.5..=far).contains(&re) {
        for (k, d) in d.iter_mut().enumerate().take(S::ORDER + 1).skip(1) {
            *d = ln_1p_ratio_derivative(re, k);
        }
        return x.lift(&d);
    }
    // x f_k = (ln(1+x))^(k) - k f_(k-1), for large x in a unit
    let large = S::ORDER > 0 && re > unit::largest(S::ORDER + 1);
    let unit = if large { unit::unit_of_power(re, d[0], S::ORDER) } else { 1.0 };
    let re = re * unit;
    let r = 1.0 / (unit + re);
    let mut logarithm = r * unit;
    for k in 1..=S::ORDER {
        d[k] = (logarithm - k as f64 * d[k - 1]) / re;
        logarithm *= -r * k as f64;
    }
    if large { (x * unit).lift(&d) } else { x.lift(&d) }
}

//! Σ k^-s over integers from one number to another, which may be infinite.

use crate::quadrature::gauss_legendre::integrate;
use crate::scalar::{Scalar, math};

/// B_2j/(2j)!: the coefficients of Euler and Maclaurin (DLMF 2.10.1).
const BERNOULLI: [f64; 9] = [
    1.0 / 12.0,
    -1.0 / 720.0,
    1.0 / 30240.0,
    -1.0 / 1209600.0,
    1.0 / 47900160.0,
    -691.0 / 1307674368000.0,
    1.0 / 74724249600.0,
    -3617.0 / 10670622842880000.0,
    43867.0 / 5109094217170944000.0,
];

/// Σ (k/a)^-s ln(k/a)^m for m = 0 to N - 1 over the integers k = a, a + 1, ..., n, for s >= 0 and a >= 1; n may be infinite for
/// s > 1. N is 1, 2 or 3.
///
/// Term by term up to 16 + s, or until terms no longer count; the rest by Euler and Maclaurin.
pub(crate) fn power_sums<S: Scalar, const N: usize>(a: f64, n: f64, s: S) -> [S; N] {
    let ln_of = |k: f64| if k < 2.0 * a { math::ln_1p((k - a) / a) } else { math::ln(k / a) };
    let mut sums = [S::from(0.0); N];
    let smooth = 16.0 + math::floor(s.re());
    let mut k = a;
    while k < smooth.max(a + 1.0) {
        let ln = ln_of(k);
        let mut term = (s * -ln).exp();
        let mut is_small = true;
        for sum in &mut sums {
            *sum += term;
            is_small = term.re() <= 1e-18 * sum.re();
            term = term * ln;
        }
        if k == n || (is_small && k > a + 1.0) {
            return sums;
        }
        k += 1.0;
    }
    let rest = euler_maclaurin::<S, N>(k, n, s);
    // from (x/k)^-s and ln(x/k) to (x/a)^-s and ln(x/a)
    let ln = ln_of(k);
    let scale = (s * -ln).exp();
    for (m, sum) in sums.iter_mut().enumerate() {
        let mut weight = scale;
        for i in (0..=m).rev() {
            *sum += weight * rest[i] * CHOOSE[m][i];
            weight = weight * ln;
        }
    }
    sums
}

/// Binomial coefficients.
const CHOOSE: [[f64; 3]; 3] = [[1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [1.0, 2.0, 1.0]];

/// The same from a = b, for b >= 16 + s.
fn euler_maclaurin<S: Scalar, const N: usize>(b: f64, n: f64, s: S) -> [S; N] {
    let mut sums = integrals::<S, N>(b, n, s);
    for (x, sign) in [(b, 1.0), (n, -1.0)] {
        if x == f64::INFINITY {
            continue;
        }
        let ln = math::ln(x / b);
        let value = (s * -ln).exp();
        let mut half = value * 0.5;
        for sum in &mut sums {
            *sum += half;
            half = half * ln;
        }
        // f^(j) = -(s)_j x^-j f for odd j; the derivatives of (s)_j x^-j in s are there for those of f^(j) in -s
        let mut rising = [S::from(0.0); N];
        rising[0] = s / x;
        if N > 1 {
            rising[1] = S::from(1.0 / x);
        }
        let value = value * sign;
        for (j, c) in BERNOULLI.iter().enumerate() {
            for (m, sum) in sums.iter_mut().enumerate() {
                let mut slope = S::from(0.0);
                for i in 0..=m {
                    let sign = if i % 2 == 0 { CHOOSE[m][i] } else { -CHOOSE[m][i] };
                    slope = slope * ln + rising[i] * sign;
                }
                *sum += slope * value * *c;
            }
            let order = 2.0 * j as f64 + 1.0;
            for i in [order, order + 1.0] {
                for m in (0..N).rev() {
                    let before = if m > 0 { rising[m - 1] * m as f64 } else { S::from(0.0) };
                    rising[m] = (rising[m] * (s + i) + before) / x;
                }
            }
        }
    }
    sums
}

/// ∫_b^n (x/b)^-s ln(x/b)^m dx.
fn integrals<S: Scalar, const N: usize>(b: f64, n: f64, s: S) -> [S; N] {
    let c = -s + 1.0;
    let mut integrals = [S::from(b); N];
    if n == f64::INFINITY {
        // m!/(s - 1)^(m + 1)
        let r = -c.recip();
        let mut next = r * b;
        for (m, integral) in integrals.iter_mut().enumerate() {
            *integral = next;
            next = next * r * (m + 1) as f64;
        }
        return integrals;
    }
    // x = b e^t
    let l = if n < 2.0 * b { math::ln_1p((n - b) / b) } else { math::ln(n / b) };
    let end = (c * l).exp();
    let mut before = (c * l).exp_m1_ratio() * l;
    for (m, integral) in integrals.iter_mut().enumerate() {
        let power = |t: f64| (0..m).fold(1.0, |power, _| power * t);
        if m > 0 {
            before = if (c.re() * l).abs() < 16.0 {
                integrate(S::from(0.0), S::from(l), 2, |t: S| (c * t).exp() * power(t.re()))
            } else {
                (end * power(l) - before * m as f64).over(c)
            };
        }
        *integral = before * b;
    }
    integrals
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By mpmath: a^s (zeta(s, a) - zeta(s, n + 1)), with 200 digits, of which many cancel.
    #[test]
    fn matches_mpmath() {
        for (a, n, s, want) in POWER_SUMS {
            let [got] = power_sums(a, n, s);
            assert!((got / want - 1.0).abs() < 2e-14, "{a} {n} {s}: {got} for {want}");
        }
    }

    const POWER_SUMS: [(f64, f64, f64, f64); 11] = [
        (1.0, 10.0, 0.5, 5.0209978992926665),
        (1.0, 1000.0, 1.0, 7.485_470_860_550_345),
        (1.0, 1000000.0, 1.25, 4.468_620_735_247_593),
        (1.0, 1000000000000.0, 0.0, 1000000000000.0),
        (1.0, 1000000000000.0, 0.75, 3_996.558_714_613_555),
        (7.0, 100000.0, 3.5, 3.341_323_887_504_537),
        (500.0, 1000000000.0, 2.0, 500.500_083_333_066_8),
        (1000.0, 2000.0, 40.0, 26.144_358_878_650_45),
        (3.0, f64::INFINITY, 2.5, 2.567_583_556_632_313),
        (1.0, f64::INFINITY, 1.125, 8.586_241_294_510_575),
        (100.0, f64::INFINITY, 50.0, 2.582_300_071_911_63),
    ];
}

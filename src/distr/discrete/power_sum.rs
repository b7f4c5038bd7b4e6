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

/// Σ (k/a)^-s and Σ (k/a)^-s ln(k/a) over the integers k = a, a + 1, ..., n, for s >= 0 and a >= 1; n may be infinite for s > 1.
///
/// Term by term up to 16 + s, or until terms no longer count; the rest by Euler and Maclaurin.
pub(crate) fn power_sum<S: Scalar>(a: f64, n: f64, s: S) -> (S, S) {
    let term = |k: f64| {
        let ln = if k < 2.0 * a { math::ln_1p((k - a) / a) } else { math::ln(k / a) };
        let value = (s * -ln).exp();
        (value, value * ln)
    };
    let (mut sum, mut with_ln) = (S::from(0.0), S::from(0.0));
    let smooth = 16.0 + math::floor(s.re());
    let mut k = a;
    while k < smooth.max(a + 1.0) {
        let (value, ln) = term(k);
        sum += value;
        with_ln += ln;
        if k == n || (ln.re() <= 1e-18 * with_ln.re() && k > a + 1.0) {
            return (sum, with_ln);
        }
        k += 1.0;
    }
    let (tail, tail_with_ln) = euler_maclaurin(k, n, s);
    // from (x/k)^-s to (x/a)^-s
    let (scale, scale_with_ln) = term(k);
    (sum + scale * tail, with_ln + scale * tail_with_ln + scale_with_ln * tail)
}

/// The same from a = b, for b >= 16 + s.
fn euler_maclaurin<S: Scalar>(b: f64, n: f64, s: S) -> (S, S) {
    let (mut sum, mut with_ln) = integral(b, n, s);
    for (x, sign) in [(b, 1.0), (n, -1.0)] {
        if x == f64::INFINITY {
            continue;
        }
        let ln = math::ln(x / b);
        let value = (s * -ln).exp();
        sum += value * 0.5;
        with_ln += value * (0.5 * ln);
        // f^(m) = -(s)_m x^-m f for odd m, and the derivative of that in -s
        let (mut rising, mut slope, value) = (s / x, S::from(1.0 / x), value * sign);
        for (j, c) in BERNOULLI.iter().enumerate() {
            sum += rising * value * *c;
            with_ln += (rising * ln - slope) * value * *c;
            let m = 2.0 * j as f64 + 1.0;
            for i in [m, m + 1.0] {
                slope = (slope * (s + i) + rising) / x;
                rising = rising * (s + i) / x;
            }
        }
    }
    (sum, with_ln)
}

/// ∫_b^n (x/b)^-s dx and ∫_b^n (x/b)^-s ln(x/b) dx.
fn integral<S: Scalar>(b: f64, n: f64, s: S) -> (S, S) {
    let c = -s + 1.0;
    if n == f64::INFINITY {
        let r = -c.recip();
        return (r * b, r * r * b);
    }
    // x = b e^t
    let l = if n < 2.0 * b { math::ln_1p((n - b) / b) } else { math::ln(n / b) };
    let plain = (c * l).exp_m1_ratio() * l;
    let with_t = if (c.re() * l).abs() < 16.0 {
        integrate(S::from(0.0), S::from(l), 2, |t: S| t * (c * t).exp())
    } else {
        ((c * l).exp() * l - plain).over(c)
    };
    (plain * b, with_t * b)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By mpmath: a^s (zeta(s, a) - zeta(s, n + 1)), with 200 digits, of which many cancel.
    #[test]
    fn matches_mpmath() {
        for (a, n, s, want) in POWER_SUMS {
            let (got, _) = power_sum(a, n, s);
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

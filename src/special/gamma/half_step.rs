//! How far Γ(x + 1/2)/Γ(x) is from √x.

use crate::scalar::Scalar;

/// (2^(1-2k) - 2) B_2k / (k (2k - 1)) for k = 1, 2, ...: the coefficients of x^(1-2k).
const SERIES: [f64; 6] = [-1.0 / 4.0, 1.0 / 96.0, -1.0 / 320.0, 17.0 / 7168.0, -31.0 / 9216.0, 691.0 / 90112.0];

/// From here on the series has all digits.
const SERIES_FROM: f64 = 24.0;

/// The entropy of Student's t law with 2 x degrees of freedom, where the series holds: (x + 1/2) (ψ(x + 1/2) - ψ(x)) + ln(Γ(x)/Γ(x + 1/2)) +
/// ln(2π x)/2 without what cancels, (1 + ln 2π)/2 + 1/(4x) - Σ c_k (k x^(1-2k) + (2k - 1)/4 x^(-2k)).
pub(crate) fn entropy_by_half_step<S: Scalar>(x: S) -> Option<S> {
    if x.re() < SERIES_FROM {
        return None;
    }
    let u = x.recip();
    let square = u * u;
    let sum = SERIES.iter().enumerate().rev().fold(S::from(0.0), |sum, (i, c)| {
        let k = i as f64 + 1.0;
        sum * square - (u * ((2.0 * k - 1.0) * 0.25) + k) * *c
    });
    Some(sum * u + u * 0.25 + 1.4189385332046727)
}

/// g(x + d) - g(x) for x, d > 0 and g(x) = 2 ln(Γ(x + 1/2)/Γ(x)) - ln x, about -1/(4x).
///
/// By g(x) - g(x + 1) = ln(x (x + 1)/(x + 1/2)²) up to where the series holds; differences of powers of 1/x are
/// multiples of d.
pub(crate) fn half_step_growth<S: Scalar>(x: S, d: S) -> S {
    let step = |x: S| {
        let middle = x + 0.5;
        if x.re() < 0.5 { x.ln() + x.ln_1p() - middle.ln() * 2.0 } else { (-(middle * middle * 4.0).recip()).ln_1p() }
    };
    let (mut x, mut sum) = (x, S::from(0.0));
    while x.re() < SERIES_FROM {
        sum += step(x + d) - step(x);
        x += S::from(1.0);
    }
    // u^m - v^m = u (u^(m-1) - v^(m-1)) + (u - v) v^(m-1)
    let (u, v) = (x.recip(), (x + d).recip());
    let apart = d * u * v;
    let (mut difference, mut power) = (apart, v);
    for (k, c) in SERIES.iter().enumerate() {
        if k > 0 {
            for _ in 0..2 {
                difference = u * difference + apart * power;
                power *= v;
            }
        }
        sum -= difference * *c;
    }
    sum
}

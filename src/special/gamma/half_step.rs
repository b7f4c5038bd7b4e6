//! How far Γ(x + 1/2)/Γ(x) is from √x.

use crate::scalar::Scalar;

/// (2^(1-2k) - 2) B_2k / (k (2k - 1)) for k = 1, 2, ...: the coefficients of x^(1-2k).
pub(in crate::special) const SERIES: [f64; 6] =
    [-1.0 / 4.0, 1.0 / 96.0, -1.0 / 320.0, 17.0 / 7168.0, -31.0 / 9216.0, 691.0 / 90112.0];

/// From here on the series has all digits.
pub(in crate::special) const SERIES_FROM: f64 = 24.0;

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

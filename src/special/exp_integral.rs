//! The exponential integral.

use crate::scalar::Scalar;
use core::f64::consts::EULER_GAMMA;

/// e^x E_1(x) = ∫_0^∞ e^-t / (x + t) dt for x > 0: ~ 1/x for large x, ~ -ln x - γ beside 0.
///
/// By the power series DLMF 6.6.2 below 1, by the continued fraction DLMF 6.9.1 in its even form above.
pub(crate) fn scaled_exp_integral<S: Scalar>(x: S) -> S {
    if x.re() < 1.0 {
        // -Σ (-x)^k / (k k!)
        let mut series = S::from(0.0);
        let mut term = S::from(-1.0);
        for k in 1..=20 {
            let k = f64::from(k);
            term = term * -x / k;
            series += term / k;
        }
        return (series - x.ln() - EULER_GAMMA) * x.exp();
    }
    // 1/(x + 1 - 1/(x + 3 - 4/(x + 5 - ...)))
    let terms = if x.re() > 30.0 { 20 } else { 120 };
    let mut tail = x + (2.0 * f64::from(terms) + 1.0);
    for k in (1..=terms).rev() {
        let k = f64::from(k);
        tail = x + (2.0 * k - 1.0) - tail.recip() * (k * k);
    }
    tail.recip()
}

#[cfg(test)]
mod tests {
    use super::scaled_exp_integral;
    use crate::scalar::Jet;

    // values: mpmath, e1 at 40 digits; the derivative is y - 1/x
    #[test]
    fn values() {
        for (x, want, slope) in [
            (1e-100, 229.68129363450305, -1e+100),
            (0.001, 6.337874070325488, -993.6621259296745),
            (0.3, 1.2225356050805856, -2.1107977282527477),
            (0.99, 0.60041394194164, -0.4096870681593701),
            (1.01, 0.5923404212715494, -0.3977585886294407),
            (2.5, 0.3035258364859841, -0.0964741635140159),
            (17.0, 0.055711755743476726, -0.0031117736682879783),
            (29.0, 0.033368221122561076, -0.0011145374981285808),
            (31.0, 0.031278843829256775, -0.0009792206868722581),
            (100000.0, 9.99990000199994e-06, -9.99980000599976e-11),
            (1e+100, 1e-100, -1e-200),
        ] {
            let [t] = Jet::variables([x]);
            let got: Jet<f64, 1> = scaled_exp_integral(t);
            assert!((got.re - want).abs() <= 1e-15 * want, "{x}: {} for {want}", got.re);
            assert!((got.eps[0] - slope).abs() <= 4e-15 * slope.abs(), "{x}: {} for {slope}", got.eps[0]);
        }
    }
}

//! The modified Bessel function K1.

use crate::scalar::Scalar;

/// sqrt(x) e^x K_1(x) for x >= 1 in powers of (x - 3)/(x + 1). Printed by `tests/reference/make_bessel_k1.py`.
#[rustfmt::skip]
const FAR: [f64; 22] = [
    1.3970089271126294,
    -0.17753773382085045,
    0.04365061563750178,
    -0.01263540807917401,
    0.00369284692879148,
    -0.0011269348877037742,
    0.0003441268508157926,
    -0.00010771773965999391,
    3.355631079959308e-05,
    -1.0673202221576338e-05,
    3.3583874400312454e-06,
    -1.0820017355717784e-06,
    3.415011215266923e-07,
    -1.1170712650407407e-07,
    3.509484865154411e-08,
    -1.1523045628170145e-08,
    3.5451421637647005e-09,
    -1.4323916402083036e-09,
    3.871398566902981e-10,
    -2.8827650543846152e-11,
    3.314891343861267e-11,
    -5.114219968446545e-11,
];

/// 1/(k! (k + 1)!): as many terms as matter for x < 1.
#[rustfmt::skip]
const A: [f64; 9] = [
    1.0, 0.5, 0.08333333333333333, 0.006944444444444444, 0.00034722222222222224,
    1.1574074074074073e-05, 2.755731922398589e-07, 4.920949861426052e-09, 6.834652585313961e-11,
];

/// (ψ(k + 1) + ψ(k + 2)) / (k! (k + 1)!), printed by the same.
#[rustfmt::skip]
const B: [f64; 9] = [
    -0.15443132980306573, 0.6727843350984671, 0.18157516696085563, 0.019182189839330562, 0.001115359491966528,
    4.142247689271143e-05, 1.071545914091181e-06, 2.045286003593878e-08, 3.002048746589188e-10,
];

/// ln(x e^x K_1(x)), which is 0 at 0 and grows like (ln x)/2, and its derivative.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScaledBesselK1<S> {
    pub ln: S,
    pub slope: S,
}

/// The logarithm of x e^x K_1(x) and its derivative 1 - K_0(x)/K_1(x), for x > 0.
///
/// By the power series DLMF 10.31.1 below 1 and a polynomial in (x - 3)/(x + 1) above, in the arithmetic of the caller.
pub(crate) fn scaled_bessel_k1<S: Scalar>(x: S) -> ScaledBesselK1<S> {
    if x.re() >= 1.0 {
        let below = (x + 1.0).recip();
        let t = (x - 3.0) * below;
        let (mut value, mut slope) = (S::from(0.0), S::from(0.0));
        for c in FAR.iter().rev() {
            slope = slope * t + value;
            value = value * t + *c;
        }
        let of_polynomial = slope.over(value) * below * below * 4.0;
        return ScaledBesselK1 { ln: value.ln() + x.ln() * 0.5, slope: of_polynomial + x.recip() * 0.5 };
    }
    // x K_1 = 1 + t (2 ln(x/2) A(t) - B(t)) with t = x²/4, A = Σ t^k / (k! (k + 1)!), B = Σ (ψ(k + 1) + ψ(k + 2)) t^k / (k! (k + 1)!)
    let (t, twice_ln) = (x * x * 0.25, (x * 0.5).ln() * 2.0);
    let (mut a, mut b, mut a_slope, mut b_slope) = (S::from(0.0), S::from(0.0), S::from(0.0), S::from(0.0));
    for k in (0..A.len()).rev() {
        a_slope = a_slope * t + a;
        b_slope = b_slope * t + b;
        a = a * t + A[k];
        b = b * t + B[k];
    }
    let bracket = twice_ln * a - b;
    let value = t * bracket + 1.0;
    let slope = (bracket + a + t * (twice_ln * a_slope - b_slope)) * x * 0.5;
    ScaledBesselK1 { ln: (t * bracket).ln_1p() + x, slope: slope.over(value) + 1.0 }
}

#[cfg(test)]
mod tests {
    use super::scaled_bessel_k1;
    use crate::scalar::Jet;

    // values: `tests/reference/make_bessel_k1.py`
    #[test]
    fn values() {
        for (x, ln, slope) in [
            (1e-100, 1e-100, 1.0),
            (1e-05, 9.999393557150777e-06, 0.99988371143012),
            (0.3, 0.21313146012197065, 0.5508954062973793),
            (0.99, 0.4893334117412307, 0.3024160981446418),
            (1.01, 0.49534381524857635, 0.2986406969014635),
            (2.7, 0.8414189393805016, 0.1469212550749046),
            (20.0, 1.7419580331880904, 0.02410653693272925),
            (10000.0, 4.830999036757983, 4.999625037495079e-05),
        ] {
            let [t] = Jet::variables([x]);
            let got = scaled_bessel_k1::<Jet<f64, 1>>(t);
            assert!((got.ln.re - ln).abs() <= 4e-16 * ln.abs().max(1.0), "{x}: {} for {ln}", got.ln.re);
            for of in [got.ln.eps[0], got.slope.re] {
                assert!((of - slope).abs() <= 4e-15 * slope.abs(), "{x}: {of} for {slope}");
            }
        }
    }
}

//! ln(sinh t / t) and its slope.

use crate::scalar::Scalar;

/// 2^(2k-1) B_2k/(k (2k)!) for k = 1 to 18, the coefficients of ln(sinh t/t) in t²:
/// `mpf(2)**(2*k-1)*mpmath.bernoulli(2*k)/(k*mpmath.factorial(2*k))` (DLMF 4.19.7 with t = i z).
const LN_SINHC: [f64; 18] = [
    0.16666666666666667,
    -0.0055555555555555556,
    0.0003527336860670194,
    -2.6455026455026455e-5,
    2.1377799155576933e-6,
    -1.803670234005331e-7,
    1.5661391322766984e-8,
    -1.3884130493737299e-9,
    1.2504359176004996e-10,
    -1.1402575602296091e-11,
    1.0502923908637556e-12,
    -9.7548778415937016e-14,
    9.1234682308590978e-15,
    -8.5837197618956093e-16,
    8.1173180097277896e-17,
    -7.7105275141162733e-18,
    7.3528449327120026e-19,
    -7.0361012103906523e-20,
];

/// ln(sinh t / t), even in t and 0 at 0.
pub(crate) fn ln_sinhc<S: Scalar>(t: S) -> S {
    if t.re().abs() <= 1.0 {
        let w = t * t;
        w * LN_SINHC.iter().rev().fold(S::from(0.0), |sum, c| w * sum + *c)
    } else {
        let t = t.abs();
        t + (-(t * -2.0).exp()).ln_1p() - (t * 2.0).ln()
    }
}

/// coth t - 1/t, the slope of [`ln_sinhc`]: Langevin's function.
pub(crate) fn langevin<S: Scalar>(t: S) -> S {
    if t.re().abs() <= 1.0 {
        let w = t * t;
        let slope = LN_SINHC.iter().enumerate().rev();
        t * slope.fold(S::from(0.0), |sum, (k, c)| w * sum + 2.0 * (k + 1) as f64 * *c)
    } else {
        t.tanh().recip() - t.recip()
    }
}

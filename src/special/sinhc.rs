//! ln(sinh t / t) and its slope.

use crate::scalar::Scalar;

/// 2^(2k-1) B_2k/(k (2k)!) for k = 1 to 18, the coefficients of ln(sinh t/t) in t²:
/// `mpf(2)**(2*k-1)*mpmath.bernoulli(2*k)/(k*mpmath.factorial(2*k))` (DLMF 4.19.7 with t = i z).
const LN_SINHC: [f64; 18] = [
    0.16666666666666666,
    -0.005555555555555556,
    0.0003527336860670194,
    -2.6455026455026456e-05,
    2.1377799155576935e-06,
    -1.803670234005331e-07,
    1.5661391322766983e-08,
    -1.3884130493737299e-09,
    1.2504359176004997e-10,
    -1.1402575602296091e-11,
    1.0502923908637555e-12,
    -9.754877841593701e-14,
    9.123468230859098e-15,
    -8.5837197618956095e-16,
    8.117318009727789e-17,
    -7.710527514116273e-18,
    7.352844932712002e-19,
    -7.036101210390652e-20,
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

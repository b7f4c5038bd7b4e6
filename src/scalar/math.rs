//! Elementary functions of `f64`: from `std`, or from `libm` with the feature of that name or without `std`.
//!
//! Everything above this file takes its elementary functions from here, so one switch decides the bits.

macro_rules! elementary {
    ($($name:ident = $std:ident / $libm:ident),* $(,)?) => {
        $(
            #[cfg(all(feature = "std", not(feature = "libm")))]
            #[inline(always)]
            pub(crate) fn $name(x: f64) -> f64 {
                f64::$std(x)
            }
            #[cfg(not(all(feature = "std", not(feature = "libm"))))]
            #[inline]
            pub(crate) fn $name(x: f64) -> f64 {
                libm::$libm(x)
            }
        )*
    };
}

elementary! {
    exp = exp / exp, exp_m1 = exp_m1 / expm1, ln = ln / log, ln_1p = ln_1p / log1p,
    log2 = log2 / log2, log10 = log10 / log10, sqrt = sqrt / sqrt, cbrt = cbrt / cbrt,
    sin = sin / sin, cos = cos / cos, tan = tan / tan, asin = asin / asin, acos = acos / acos, atan = atan / atan,
    sinh = sinh / sinh, cosh = cosh / cosh, tanh = tanh / tanh,
    asinh = asinh / asinh,
    floor = floor / floor,
}

macro_rules! elementary_of_two {
    ($($name:ident = $std:ident / $libm:ident),* $(,)?) => {
        $(
            #[cfg(all(feature = "std", not(feature = "libm")))]
            #[inline(always)]
            pub(crate) fn $name(x: f64, y: f64) -> f64 {
                f64::$std(x, y)
            }
            #[cfg(not(all(feature = "std", not(feature = "libm"))))]
            #[inline]
            pub(crate) fn $name(x: f64, y: f64) -> f64 {
                libm::$libm(x, y)
            }
        )*
    };
}

elementary_of_two! { powf = powf / pow, atan2 = atan2 / atan2, hypot = hypot / hypot }

/// x to an integer power: by multiplication for the powers that formulas use, by `powf` beyond.
///
/// Not `f64::powi`, whose rounding may differ from one call to the next.
#[inline]
pub(crate) fn powi(x: f64, n: i32) -> f64 {
    match n {
        0 => 1.0,
        1 => x,
        2 => x * x,
        3 => x * x * x,
        4 => (x * x) * (x * x),
        -1 => 1.0 / x,
        -2 => 1.0 / (x * x),
        _ => powf(x, n as f64),
    }
}

/// The inverse hyperbolic cosine; std's loses digits near 1.
#[inline]
pub(crate) fn acosh(x: f64) -> f64 {
    let t = x - 1.0;
    if t > 1e9 { ln(x) + core::f64::consts::LN_2 } else { ln_1p(t + sqrt(t * (2.0 + t))) }
}

/// The inverse hyperbolic tangent, odd; std's loses digits near -1.
#[inline]
pub(crate) fn atanh(x: f64) -> f64 {
    let t = x.abs();
    (0.5 * ln_1p(2.0 * t / (1.0 - t))).copysign(x)
}

/// ln(1 + e^x) without overflow.
#[inline]
pub(crate) fn softplus(x: f64) -> f64 {
    if x > 0.0 { x + ln_1p(exp(-x)) } else { ln_1p(exp(x)) }
}

/// 1 / (1 + e^-x), with full relative accuracy for x far below 0.
#[inline]
pub(crate) fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + exp(-x))
    } else {
        let e = exp(x);
        e / (1.0 + e)
    }
}

/// ln(p / (1 - p)); around 1/2 as 2 atanh(2 p - 1), whose argument is exact there.
#[inline]
pub(crate) fn logit(p: f64) -> f64 {
    if p > 0.25 && p < 0.75 { 2.0 * atanh(2.0 * p - 1.0) } else { ln(p) - ln_1p(-p) }
}

/// ln(1 - e^x) for x <= 0 (Mächler 2012, "Accurately computing log(1 - exp(-|a|))").
#[inline]
pub(crate) fn ln_1m_exp(x: f64) -> f64 {
    if x > -core::f64::consts::LN_2 { ln(-exp_m1(x)) } else { ln_1p(-exp(x)) }
}

/// ln(e^x - 1) for x >= 0.
#[inline]
pub(crate) fn ln_exp_m1(x: f64) -> f64 {
    if x < core::f64::consts::LN_2 { ln(exp_m1(x)) } else { x + ln_1p(-exp(-x)) }
}

//! The quantile of the standard normal law, from a probability or from its logarithm.

use crate::scalar::taylor::{self, ZERO};
use crate::scalar::{Derivatives, Scalar, math};
use crate::special::normal::bell::SQRT_2PI;
use crate::special::normal::hazard::{Hazard, excess_value};
use crate::special::polynomial::polynomial;
use core::f64::consts::{LN_2, SQRT_2};

/// Numerators and denominators of Wichura's routine PPND16 (1988, algorithm AS 241), as published: the centre, the tail
/// to r = 5 and the tail to r = 27.
#[rustfmt::skip]
#[expect(clippy::excessive_precision, reason = "as published")]
const CENTRE: [[f64; 8]; 2] = [
    [3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
     4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3],
    [1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3],
];
#[rustfmt::skip]
#[expect(clippy::excessive_precision, reason = "as published")]
const NEAR_TAIL: [[f64; 8]; 2] = [
    [1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
     1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4],
    [1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9],
];
#[rustfmt::skip]
#[expect(clippy::excessive_precision, reason = "as published")]
const FAR_TAIL: [[f64; 8]; 2] = [
    [6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
     2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7],
    [1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15],
];

/// |p - 1/2| up to here is the centre.
pub(in crate::special) const CENTRAL: f64 = 0.425;

#[inline(always)]
fn ratio(c: &[[f64; 8]; 2], x: f64) -> f64 {
    polynomial(&c[0], x) / polynomial(&c[1], x)
}

/// The quantile at p = 1/2 + q, for |q| <= `CENTRAL`.
#[inline]
pub(in crate::special) fn central_quantile(q: f64) -> f64 {
    q * ratio(&CENTRE, CENTRAL * CENTRAL - q * q)
}

/// The z > 0 with Q(z) = e^-e, for e > 2.5.
#[inline]
pub(in crate::special) fn upper_quantile(e: f64) -> f64 {
    let r = math::sqrt(e);
    if r <= 5.0 {
        ratio(&NEAR_TAIL, r - 1.6)
    } else if r <= 27.0 {
        ratio(&FAR_TAIL, r - 5.0)
    } else {
        far_upper_quantile(e, r)
    }
}

/// The same where e > 700: two steps of Newton's method for z^2/2 + ln(sqrt(2π) (z + K1(z))) = e.
#[cold]
fn far_upper_quantile(e: f64, r: f64) -> f64 {
    let start = SQRT_2 * r;
    if e > 1e40 {
        // the logarithm is below the last digit
        return start;
    }
    let mut z = start - math::ln(SQRT_2PI * start) / start;
    for _ in 0..2 {
        let hazard = z + excess_value(z);
        z -= (0.5 * z * z - e + math::ln(SQRT_2PI * hazard)) / hazard;
    }
    z
}

#[inline]
fn quantile_value(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= CENTRAL {
        central_quantile(q)
    } else if q < 0.0 {
        -upper_quantile(-math::ln(p))
    } else {
        upper_quantile(-math::ln(1.0 - p))
    }
}

/// The derivatives of a function y with y' = slope and y'' = c y y'^2: inverses of error functions.
///
/// All terms of the recurrence s' = c y s^2 have one sign.
#[inline]
pub(in crate::special) fn inverse_derivatives(y: f64, slope: f64, c: f64, order: usize) -> Derivatives {
    let (mut yc, mut s, mut square) = (ZERO, ZERO, ZERO);
    yc[0] = y;
    if order == 1 || y.is_infinite() {
        yc[1] = slope;
        for k in 2..=order {
            yc[k] = yc[k - 1] * slope * y;
        }
        return yc;
    }
    s[0] = slope;
    for k in 1..=order {
        yc[k] = s[k - 1] / k as f64;
        if k < order {
            square[k - 1] = taylor::product_term(&s, &s, k - 1);
            s[k] = c * taylor::product_term(&yc, &square, k - 1) / k as f64;
        }
    }
    taylor::to_derivatives(&mut yc, order);
    yc
}

/// The quantile z = Φ^-1(p) of the standard normal law.
///
/// -inf at 0, inf at 1, NaN outside [0, 1]. For p near 1 use [`normal_isf`], for p below 1e-308 [`normal_quantile_ln`].
///
/// The value is Wichura's PPND16 (1988, algorithm AS 241, Applied Statistics 37), by Newton's method beyond its range (p < 1e-316). The
/// derivative is 1/φ(z), taken as Mills' ratio over the tail's probability, and z'' = z z'^2 gives the higher ones.
///
/// ```
/// use reparam::{scalar::Jet, special::normal_quantile};
/// let [p] = Jet::variables([0.5]);
/// let z = normal_quantile(p);
/// assert_eq!(z.re, 0.0);
/// assert!((z.eps[0] - (2.0 * std::f64::consts::PI).sqrt()).abs() < 1e-15);
/// assert!((normal_quantile(0.975) - 1.959963984540054).abs() < 1e-15);
/// ```
#[inline]
pub fn normal_quantile<S: Scalar>(p: S) -> S {
    let re = p.re();
    let z = quantile_value(re);
    let mut d = ZERO;
    if S::ORDER > 0 {
        let slope = 1.0 / (z.abs() + excess_value(z.abs())) / re.min(1.0 - re);
        d = inverse_derivatives(z, if z.is_infinite() { f64::INFINITY } else { slope }, 1.0, S::ORDER);
    }
    d[0] = z;
    p.lift(&d)
}

/// The z with Q(z) = q: minus [`normal_quantile`], without rounding 1 - q.
///
/// ```
/// use reparam::special::normal_isf;
/// assert!((normal_isf(1e-20) - 9.262340089798408).abs() < 1e-14);
/// ```
#[inline]
pub fn normal_isf<S: Scalar>(q: S) -> S {
    -normal_quantile(q)
}

#[inline]
fn quantile_ln_value(l: f64) -> f64 {
    // ln(1/2 + CENTRAL) and ln(1/2 - CENTRAL), a little inside
    if l > -0.078 {
        upper_quantile(-math::ln(-math::exp_m1(l)))
    } else if l > -LN_2 {
        central_quantile(0.5 + math::exp_m1(l))
    } else if l > -2.59 {
        central_quantile(math::exp(l) - 0.5)
    } else {
        -upper_quantile(-l)
    }
}

/// The derivatives of the inverse of f, from the Taylor coefficients a_1, a_2, ... of f (Lagrange's formula).
///
/// n b_n a_1^n = [t^(n-1)] (1 + t a_2/a_1 + ...)^-n, the power by its recurrence (Knuth, TAOCP vol. 2, 4.7).
#[inline]
fn reversion(a: &Derivatives, order: usize) -> Derivatives {
    let mut b = ZERO;
    for n in 1..=order {
        let power = -(n as f64);
        let mut p = ZERO;
        p[0] = 1.0;
        for m in 1..n {
            let sum: f64 = (1..=m).map(|j| (power * j as f64 - (m - j) as f64) * (a[j + 1] / a[1]) * p[m - j]).sum();
            p[m] = sum / m as f64;
        }
        b[n] = p[n - 1] / n as f64;
        for _ in 0..n {
            b[n] /= a[1];
        }
    }
    taylor::to_derivatives(&mut b, order);
    b
}

/// The derivatives of the quantile in l = ln p.
#[inline]
fn quantile_ln_derivatives(z: f64, l: f64, order: usize) -> Derivatives {
    if z.is_infinite() {
        // flat where p is 0, infinitely steep where it is 1
        return if z < 0.0 { ZERO } else { [f64::INFINITY; crate::scalar::MAX_ORDER + 1] };
    }
    let mut hazard = Hazard::at(-z);
    if z > 0.0 {
        // φ(z)/p from the probability: e^(-z^2/2) would multiply the error of z by z^2
        let upper = -math::exp_m1(l) * Hazard::at(z).value;
        hazard = Hazard::below_zero(-z, upper / math::exp(l));
    }
    // (ln Φ)' at z + t is the hazard at -z - t
    let mut slope = hazard.series(order - 1);
    for odd in slope.iter_mut().skip(1).step_by(2) {
        *odd = -*odd;
    }
    reversion(&taylor::integrate(&slope, l, order), order)
}

/// The quantile of the standard normal law from l = ln p, for probabilities of any smallness.
///
/// -inf at -inf, inf at 0 (and at -0), NaN above. About -sqrt(-2 l) far below 0; near 0 the upper tail's probability
/// is -l to all digits.
///
/// The value is that of [`normal_quantile`], by Newton's method on ln Q beyond the range of AS 241 (l < -729). The derivative is
/// Mills' ratio Φ(z)/φ(z); higher ones by Lagrange's inversion of the series of ln Φ.
///
/// ```
/// use reparam::{scalar::Jet, special::normal_quantile_ln};
/// let [l] = Jet::variables([-1e10]);
/// let z = normal_quantile_ln(l);
/// assert!((z.re / -141421.35614695231 - 1.0).abs() < 1e-15);
/// assert!((z.eps[0] / 7.071067816029782e-6 - 1.0).abs() < 1e-15);
/// ```
#[inline]
pub fn normal_quantile_ln<S: Scalar>(l: S) -> S {
    let re = l.re();
    let z = quantile_ln_value(re);
    let mut d = ZERO;
    if S::ORDER > 0 {
        d = quantile_ln_derivatives(z, re, S::ORDER);
    }
    d[0] = z;
    l.lift(&d)
}

/// The z with ln Q(z) = l: minus [`normal_quantile_ln`].
///
/// ```
/// use reparam::special::{normal_isf_ln, normal_ln_sf};
/// assert!((normal_isf_ln(normal_ln_sf(100.0)) - 100.0).abs() < 1e-13);
/// ```
#[inline]
pub fn normal_isf_ln<S: Scalar>(l: S) -> S {
    -normal_quantile_ln(l)
}

//! The inverse of the distribution function of the von Mises law, from either tail and from logarithms.

use crate::implicit::{find_root, lift_root};
use crate::scalar::{Scalar, math};
use crate::special::normal_isf_ln;
use crate::special::von_mises::parts::{Angle, end_sum};
use crate::special::von_mises::{Part, is_concentration, ln_total, ln_weight, part};
use core::f64::consts::{LN_2, PI};

/// Where a Newton iteration for the upper tail e^`ln_q` begins: the normal law for large κ, else
/// the uniform law moved along its derivative.
fn start(kappa: f64, ln_q: f64, offset: f64) -> f64 {
    if kappa > 1.0 {
        let sine = normal_isf_ln(ln_q) * (1.0 + 0.125 / kappa) / (2.0 * math::sqrt(kappa));
        if sine < 0.8 {
            return 2.0 * math::asin(sine);
        }
    }
    let uniform = 2.0 * PI * offset;
    uniform - kappa.min(1.0) * math::sin(uniform)
}

/// The θ >= 0 whose upper tail is q <= 1/2, from ln q and 1/2 - q.
fn upper<S: Scalar>(kappa: S, ln_q: S, offset: S) -> S {
    let (k, wanted, distance) = (kappa.re(), ln_q.re(), offset.re());
    // ε = π - θ if the density were that at the end
    let ln_total = ln_total(kappa);
    let rest = math::exp(wanted - (ln_weight(k, &Angle::new(PI)) - ln_total.re()));
    if rest < 0.5 && k * rest * rest < 1.0 {
        return before_end(kappa, ln_q, ln_total, rest);
    }
    // a residual that rises with θ, and its slope
    let newton = |theta: f64| {
        let at = Angle::new(theta);
        let ln_f = ln_weight(k, &at) - ln_total.re();
        // what is left below the rounding of its terms is 0: Newton steps on noise do not settle
        let residual = |value: f64, size: f64| if value.abs() <= 0.5 * f64::EPSILON * size { 0.0 } else { value };
        match part(k, &at) {
            Part::Middle(ratio) => (residual(ratio * math::exp(ln_f) - distance, distance), math::exp(ln_f)),
            Part::Tail(ratio) => (residual(wanted - ln_f - math::ln(ratio), 1.0 - wanted), 1.0 / ratio),
        }
    };
    let root = if distance == 0.0 { 0.0 } else { find_root(0.0, PI, start(k, wanted, distance), newton) };
    lift_root(root, |theta: S| {
        let at = Angle::new(theta);
        let ln_f = ln_weight(kappa, &at) - ln_total;
        match part(kappa, &at) {
            Part::Middle(ratio) => (ratio * ln_f.exp() - offset).with_re(0.0).over(ln_f.exp()),
            Part::Tail(ratio) => (ln_q - ln_f - ratio.ln()).with_re(0.0) * ratio,
        }
    })
}

/// The same close to π, by Newton's method in ln ε, ε = π - θ: of a θ that is rounded the derivatives would be no better than ε is.
fn before_end<S: Scalar>(kappa: S, ln_q: S, ln_total: S, start: f64) -> S {
    // (1 - F)/f and the residual ln(1 - F) - ln q
    fn residual<S: Scalar>(kappa: S, ln_q: S, ln_total: S, epsilon: S) -> (S, S) {
        let at = Angle::before_end(epsilon);
        let ratio = (kappa * at.c * -2.0).exp() * at.cosine * end_sum(kappa, at.c, 0.5);
        (ratio, ln_weight(kappa, &at) - ln_total + ratio.ln() - ln_q)
    }
    let mut root = start;
    if root == 0.0 {
        return S::from(PI);
    }
    for _ in 0..6 {
        let (ratio, off) = residual(kappa.re(), ln_q.re(), ln_total.re(), root);
        root *= math::exp(-off * ratio / root);
    }
    let epsilon = lift_root(root, |epsilon: S| {
        let (ratio, off) = residual(kappa, ln_q, ln_total, epsilon);
        off.with_re(0.0) * ratio
    });
    -(epsilon - PI_REST) + PI
}

/// π less its double: `mpmath.pi - float(mpmath.pi)` with enough digits.
const PI_REST: f64 = 1.2246467991473532e-16;

/// The angle θ in [-π, π] with F(θ) = p, F being [`von_mises_cdf`](crate::special::von_mises_cdf): by Newton's method, safeguarded,
/// in F - 1/2 around the middle and in ln F or ln(1 - F) beyond. NaN for p outside [0, 1] or κ < 0.
///
/// The derivatives in κ and p are those of the inverse function, to every order; at the ends 0.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// use reparam::special::von_mises_cdf_inv;
/// let [kappa] = Jet::variables([11.0]);
/// let theta = von_mises_cdf_inv(kappa, 0.9.into());
/// // higher concentrations bring the quantile nearer to the middle
/// assert!(theta.re > 0.0 && theta.eps[0] < 0.0);
/// ```
#[inline]
pub fn von_mises_cdf_inv<S: Scalar>(kappa: S, p: S) -> S {
    let re = p.re();
    if !(is_concentration(kappa.re()) && (0.0..=1.0).contains(&re)) {
        S::from(f64::NAN)
    } else if re == 0.0 || re == 1.0 {
        S::from(if re == 0.0 { -PI } else { PI })
    } else if re < 0.5 {
        -upper(kappa, p.ln(), -p + 0.5)
    } else {
        upper(kappa, (-p).ln_1p(), p - 0.5)
    }
}

/// The angle θ with 1 - F(θ) = q.
///
/// # Example
/// ```
/// use reparam::special::{von_mises_sf, von_mises_sf_inv};
/// assert!((von_mises_sf(50.0, von_mises_sf_inv(50.0, 1e-30)) * 1e30 - 1.0).abs() < 1e-12);
/// ```
#[inline]
pub fn von_mises_sf_inv<S: Scalar>(kappa: S, q: S) -> S {
    -von_mises_cdf_inv(kappa, q)
}

/// The angle θ with ln F(θ) = `ln_p` <= 0, for probabilities below the range of doubles too.
///
/// # Example
/// ```
/// use reparam::special::{von_mises_ln_cdf, von_mises_ln_cdf_inv};
/// let theta = von_mises_ln_cdf_inv(1e6, -1e5);
/// assert!((von_mises_ln_cdf(1e6, theta) / -1e5 - 1.0).abs() < 1e-14);
/// ```
#[inline]
pub fn von_mises_ln_cdf_inv<S: Scalar>(kappa: S, ln_p: S) -> S {
    let re = ln_p.re();
    if !(is_concentration(kappa.re()) && re <= 0.0) {
        return S::from(f64::NAN);
    }
    if re == f64::NEG_INFINITY || re == 0.0 {
        return S::from(if re == 0.0 { PI } else { -PI });
    }
    // p - 1/2
    let offset = (ln_p + LN_2).exp_m1() * 0.5;
    if re < -LN_2 { -upper(kappa, ln_p, -offset) } else { upper(kappa, ln_p.ln_1m_exp(), offset) }
}

/// The angle θ with ln(1 - F(θ)) = `ln_q` <= 0.
///
/// # Example
/// ```
/// use reparam::special::{von_mises_ln_cdf_inv, von_mises_ln_sf_inv};
/// assert_eq!(von_mises_ln_sf_inv(2.0, -3.0), -von_mises_ln_cdf_inv(2.0, -3.0));
/// ```
#[inline]
pub fn von_mises_ln_sf_inv<S: Scalar>(kappa: S, ln_q: S) -> S {
    -von_mises_ln_cdf_inv(kappa, ln_q)
}

//! The distribution function of the von Mises law, its tails and their logarithms.

mod flow;
mod inverse;
mod parts;
#[cfg(feature = "nalgebra")]
mod sphere_cosine;

pub(crate) use flow::lift;
pub use inverse::{von_mises_cdf_inv, von_mises_ln_cdf_inv, von_mises_ln_sf_inv, von_mises_sf_inv};
#[cfg(feature = "nalgebra")]
pub(crate) use sphere_cosine::Cosine;

use crate::quadrature::gauss_legendre::{above_tangent, short_nodes};
use crate::scalar::Scalar;
use crate::special::gamma::HALF_LN_TWO_PI;
use crate::special::von_mises::parts::{Angle, Region, core_sum, end_sum, region, rise, tail_integral};
use crate::special::{ln_bessel_i0, ln_bessel_i0_scaled, mean_divergence};
use core::f64::consts::PI;

/// The distribution function over the density at an angle from 0 to π.
pub(in crate::special) enum Part<S> {
    /// (F - 1/2)/f.
    Middle(S),
    /// (1 - F)/f.
    Tail(S),
}

/// The one of the two that has all digits.
#[inline]
pub(in crate::special) fn part<S: Scalar>(kappa: S, at: &Angle<S>) -> Part<S> {
    match region(kappa.re(), &at.re()) {
        Region::Core => Part::Middle(at.sine * core_sum(kappa, at.s, 0.5)),
        Region::End => Part::Tail((kappa * at.c * -2.0).exp() * at.cosine * end_sum(kappa, at.c, 0.5)),
        Region::Tail => Part::Tail(tail_integral(kappa, at, rise(kappa.re()), |_| S::from(1.0))),
    }
}

/// ln f at an angle.
#[inline]
pub(in crate::special) fn ln_density<S: Scalar>(kappa: S, at: &Angle<S>) -> S {
    ln_weight(kappa, at) - ln_total(kappa)
}

/// κ cos θ below κ = 1, where the derivative of ln f in κ, cos θ - A(κ), may be small; from there on κ (cos θ - 1).
#[inline]
pub(in crate::special) fn ln_weight<S: Scalar>(kappa: S, at: &Angle<S>) -> S {
    if kappa.re() < 1.0 { kappa * at.theta.cos() } else { kappa * at.s * -2.0 }
}

/// ln of the integral of e^[`ln_weight`] over the circle.
#[inline]
pub(in crate::special) fn ln_total<S: Scalar>(kappa: S) -> S {
    let ln_i0 = if kappa.re() < 1.0 { ln_bessel_i0(kappa) } else { ln_bessel_i0_scaled(kappa) };
    ln_i0 + 2.0 * HALF_LN_TWO_PI
}

/// By how much ln ∫ e^(κ w), w the cosine of a vector of the sphere of 2α + 1 dimensions, rises above its tangent at κ from there to `other`, of
/// the second derivative A'; `None` where the difference of the two has all digits.
pub(crate) fn ln_total_above_tangent<S: Scalar>(alpha: f64, kappa: S, other: S, slope: impl Fn(S) -> S) -> Option<S> {
    let step = other - kappa;
    if kappa.re().min(other.re()) > 1e17 * (1.0 + alpha * alpha) {
        // w is 1 less a gamma variable, to all digits
        return Some(mean_divergence(S::from(alpha), [other.over(kappa)], [step.over(kappa)]));
    }
    (step.re().abs() < 0.1 * (1.0 + kappa.re())).then(|| above_tangent(short_nodes(), kappa, step, slope))
}

/// Whether κ is a number for which there is a law.
#[inline]
pub(in crate::special) fn is_concentration(kappa: f64) -> bool {
    (0.0..f64::INFINITY).contains(&kappa)
}

/// |θ|, smooth in θ at 0 too: with the sign of θ, a zero counts as positive.
#[inline]
pub(in crate::special) fn magnitude<S: Scalar>(theta: S) -> S {
    if theta.re() < 0.0 { -theta } else { theta }
}

/// `f` inside (-π, π), the limits at and beyond the ends; NaN outside the domain.
#[inline]
fn inside<S: Scalar>(kappa: S, theta: S, below: f64, above: f64, f: impl Fn(&Angle<S>) -> S) -> S {
    let re = theta.re();
    if !is_concentration(kappa.re()) || re.is_nan() {
        S::from(f64::NAN)
    } else if re <= -PI {
        S::from(below)
    } else if re >= PI {
        S::from(above)
    } else {
        f(&Angle::new(magnitude(theta)))
    }
}

/// The logarithm of the density e^(κ cos θ) / (2π I0(κ)), computed from sin²(θ/2) without cancellation for large κ; NaN for
/// κ < 0.
///
/// Periodic in θ: it is a density on any interval of length 2π.
///
/// # Example
/// ```
/// use reparam::special::von_mises_ln_pdf;
/// assert!((von_mises_ln_pdf(0.0, 1.0) + (2.0 * core::f64::consts::PI).ln()).abs() < 1e-15);
/// ```
#[inline]
pub fn von_mises_ln_pdf<S: Scalar>(kappa: S, theta: S) -> S {
    if !is_concentration(kappa.re()) {
        return S::from(f64::NAN);
    }
    ln_density(kappa, &Angle::new(theta))
}

/// The distribution function of the von Mises law with concentration κ >= 0 around 0,
/// F(θ) = ∫ e^(κ cos t) dt / (2π I0(κ)) over [-π, θ], for θ in [-π, π]; 0 below, 1 above.
///
/// Differentiable in both arguments. Around the middle F = 1/2 + f sin(θ/2) Σ u_n with a series of positive terms in
/// sin²(θ/2), close to the ends a like one in cos²(θ/2), in between a quadrature of 28 points over e^(κ (cos t - cos θ)) in the
/// variable tan(t/4). The relative error is 1e-14 and that of the logarithm; see the table of the [module](crate::special).
/// For κ far above 1e7 it is the normal law with variance 1/κ to all digits, by the same formulas. NaN for κ < 0.
///
/// # Example
/// ```
/// use core::f64::consts::PI;
/// use reparam::prelude::*;
/// use reparam::special::von_mises_cdf;
/// assert!((von_mises_cdf(0.0, 1.0) - (0.5 + 1.0 / (2.0 * PI))).abs() < 1e-15);
/// let [kappa, theta] = Jet::variables([3.0, 0.0]);
/// let p = von_mises_cdf(kappa, theta);
/// assert_eq!((p.re, p.eps[0]), (0.5, 0.0));
/// ```
#[inline]
pub fn von_mises_cdf<S: Scalar>(kappa: S, theta: S) -> S {
    inside(kappa, theta, 0.0, 1.0, |at| {
        let density = ln_density(kappa, at).exp();
        let negative = theta.re() < 0.0;
        match part(kappa, at) {
            Part::Middle(ratio) if negative => -(density * ratio) + 0.5,
            Part::Middle(ratio) => density * ratio + 0.5,
            Part::Tail(ratio) if negative => density * ratio,
            Part::Tail(ratio) => -(density * ratio) + 1.0,
        }
    })
}

/// 1 - F(θ), never computed as that difference where it would lose digits: F(-θ).
///
/// # Example
/// ```
/// use reparam::special::von_mises_sf;
/// assert!(von_mises_sf(100.0, 3.0) > 0.0);
/// ```
#[inline]
pub fn von_mises_sf<S: Scalar>(kappa: S, theta: S) -> S {
    von_mises_cdf(kappa, -theta)
}

/// ln F(θ), accurate in both tails: -inf at -π, 0 at π.
///
/// # Example
/// ```
/// use reparam::special::von_mises_ln_cdf;
/// assert!(von_mises_ln_cdf(1e6, -1.0) < -400_000.0);
/// ```
#[inline]
pub fn von_mises_ln_cdf<S: Scalar>(kappa: S, theta: S) -> S {
    inside(kappa, theta, f64::NEG_INFINITY, 0.0, |at| {
        let ln_density = ln_density(kappa, at);
        let negative = theta.re() < 0.0;
        match part(kappa, at) {
            Part::Middle(ratio) => {
                let offset = ln_density.exp() * ratio;
                (if negative { -offset } else { offset } + 0.5).ln()
            }
            Part::Tail(ratio) if negative => ln_density + ratio.ln(),
            Part::Tail(ratio) => (-(ln_density.exp() * ratio)).ln_1p(),
        }
    })
}

/// ln(1 - F(θ)), accurate in both tails: ln F(-θ).
///
/// # Example
/// ```
/// use reparam::special::{von_mises_ln_cdf, von_mises_ln_sf};
/// assert_eq!(von_mises_ln_sf(2.0, 1.0), von_mises_ln_cdf(2.0, -1.0));
/// ```
#[inline]
pub fn von_mises_ln_sf<S: Scalar>(kappa: S, theta: S) -> S {
    von_mises_ln_cdf(kappa, -theta)
}

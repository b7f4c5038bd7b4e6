//! How a draw of the gamma law moves with the shape: h = d ln x/d ln a at a fixed value of P.
//!
//! In ln x the density has no singularity, and neither P nor its derivative is ever formed: -P_a/f is a series or a fraction
//! times the logarithmic derivative of the smaller tail.

use super::parts::{central_slope, fraction_with_slope, is_central, series_with_slope, series_with_slope_from};
use crate::implicit::{Flow, lift_along};
use crate::scalar::{Scalar, math};
use crate::special::digamma;

use super::exp_with_value;

/// Where a draw is: μ = ln(x/a) around the mean of a large a, else ln x.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Draw<S> {
    Central(S),
    Log(S),
}

impl<S: Scalar> Draw<S> {
    /// The one or the other.
    #[inline(always)]
    pub fn new(is_central: bool, variable: S) -> Self {
        if is_central { Draw::Central(variable) } else { Draw::Log(variable) }
    }

    /// μ or ln x.
    #[inline]
    pub fn variable(self) -> S {
        match self {
            Draw::Central(mu) => mu,
            Draw::Log(w) => w,
        }
    }

    /// x, whose value the caller has.
    #[inline]
    pub fn x(self, a: S, value: f64) -> S {
        match self {
            // x (dμ + da/a), without the exponential
            Draw::Central(mu) if S::ORDER == 1 => (a / a.re() + mu).lift(&[value; 2]),
            Draw::Central(mu) => (a * mu.exp()).with_re(value),
            Draw::Log(w) => exp_with_value(w, value),
        }
    }

    /// ln x.
    #[inline]
    pub fn ln_x(self, a: S, value: f64) -> S {
        match self {
            Draw::Central(mu) => (a.ln() + mu).with_re(value),
            Draw::Log(w) => w.with_re(value),
        }
    }

    /// ln(x/a), whose derivatives for a large a are those of μ: ln x less ln a would lose digits of them.
    #[inline]
    pub fn ln_ratio(self, a: S, value: f64) -> S {
        match self {
            Draw::Central(mu) => mu.with_re(value),
            Draw::Log(w) => (w - a.ln()).with_re(value),
        }
    }
}

/// A draw (x, w = ln x) of the gamma law with shape a, with its derivatives in whatever a depends on. `psi` is ψ(1 + a).
///
/// The parameter is a in units of its own real part, so that derivatives in ln a are finite where those in a overflow.
#[inline]
pub(crate) fn lift_draw<S: Scalar>(a: S, psi: f64, x: f64, w: f64) -> Draw<S> {
    let shape = a.re();
    if is_central(shape, x) {
        let mu = math::ln_1p((x - shape) / shape);
        Draw::Central(lift_along(mu, a / shape, &Around { shape }))
    } else {
        Draw::Log(lift_along(w, a / shape, &Away { shape, psi, x, low: x <= shape + 1.2 * math::sqrt(shape) + 1.5 }))
    }
}

/// ln x^a of a draw (x, w = ln x) with a shape a below 1, with its derivatives in whatever a depends on.
///
/// Towards 0, where P is x^a/Γ(1 + a) to all digits, it hardly moves with a: by less than the sum of what ln x moves by times a, and of
/// ln x itself, by a factor that grows like 1/a.
#[inline]
pub(crate) fn lift_ln_power<S: Scalar>(a: S, psi: f64, x: f64, w: f64) -> S {
    let shape = a.re();
    lift_along(shape * w, a / shape, &OfPower(Away { shape, psi, x, low: x <= 1.5 }))
}

/// dμ/d ln a around the mean.
struct Around {
    shape: f64,
}

impl Flow for Around {
    #[inline]
    fn slope<S: Scalar>(&self, ratio: S, mu: S) -> S {
        central_slope(ratio * self.shape, mu).over(ratio)
    }
}

/// d ln x/d ln a elsewhere.
struct Away {
    shape: f64,
    psi: f64,
    x: f64,
    low: bool,
}

impl Away {
    /// x and ψ(1 + a), constants of the draw where nothing is differentiated.
    #[inline]
    fn constants<S: Scalar>(&self, a: S, w: S) -> (S, S) {
        if S::ORDER == 0 {
            (S::from(self.x), S::from(self.psi))
        } else {
            (w.exp().with_re(self.x), digamma(a + 1.0).with_re(self.psi))
        }
    }
}

impl Flow for Away {
    #[inline]
    fn slope<S: Scalar>(&self, ratio: S, w: S) -> S {
        let a = ratio * self.shape;
        let (x, psi) = self.constants(a, w);
        if self.low {
            // P = x^a e^-x M / Γ(1+a)
            let (sum, slope) = series_with_slope(a, x);
            -(sum * (w - psi) + slope).over(ratio)
        } else {
            // Q = x^a e^-x C / Γ(a)
            let (c, slope) = fraction_with_slope(a, x);
            (c * (a * (w - psi + slope) + 1.0)).over(ratio)
        }
    }
}

/// d ln x^a/d ln a of a shape below 1.
struct OfPower(Away);

impl Flow for OfPower {
    #[inline]
    fn slope<S: Scalar>(&self, ratio: S, ln_power: S) -> S {
        let a = ratio * self.0.shape;
        let w = ln_power.over(a);
        let (x, psi) = self.0.constants(a, w);
        // ln x^a by the factor a, and a times d ln x/d ln a: in sum, towards 0, without the 1 that M begins with
        let moved = if self.0.low {
            let (rest, slope) = series_with_slope_from(0.0, a, x);
            -(rest * (w - psi) - psi + slope)
        } else {
            let (c, slope) = fraction_with_slope(a, x);
            w + c * (a * (w - psi + slope) + 1.0)
        };
        moved * self.0.shape
    }
}

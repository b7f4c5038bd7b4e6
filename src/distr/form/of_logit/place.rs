//! Where arguments of functions of θ lie, and odds that may leave the range of doubles.

use crate::scalar::{Scalar, math};
use crate::special::UnitPoint;

/// Where an argument lies.
pub(crate) enum Place<S> {
    /// Below the support, or at an infinite lower end.
    Below,
    /// At the finite lower end.
    LowerEnd,
    /// Inside, at this point of the unit interval.
    Inside(UnitPoint<S>),
    /// At the finite upper end.
    UpperEnd,
    /// Above the support, or at an infinite upper end.
    Above,
    /// NaN.
    Nowhere,
}

impl<S: Scalar> Place<S> {
    /// In the interval [0, 1].
    #[inline]
    pub fn in_unit(x: S) -> Self {
        match x.re() {
            r if r < 0.0 => Place::Below,
            0.0 => Place::LowerEnd,
            r if r < 1.0 => Place::Inside(UnitPoint::new(x)),
            1.0 => Place::UpperEnd,
            r if r > 1.0 => Place::Above,
            _ => Place::Nowhere,
        }
    }

    /// On the half-line [0, inf), by the odds x / (1 - x).
    #[inline]
    pub fn of_odds(odds: S) -> Self {
        match odds.re() {
            r if r < 0.0 => Place::Below,
            0.0 => Place::LowerEnd,
            f64::INFINITY => Place::Above,
            r if r.is_nan() => Place::Nowhere,
            r if r > 1e-100 && r < 1e100 => {
                let (x, y) = (odds.over(odds + 1.0), (odds + 1.0).recip());
                Place::Inside(UnitPoint { x, y, ln_x: -odds.recip().ln_1p(), ln_y: -odds.ln_1p() })
            }
            _ => Place::Inside(UnitPoint::from_logit(odds.ln())),
        }
    }

    /// The same for an x whose odds are a product or a quotient of it, which may leave the range of doubles, and their logarithm.
    #[inline]
    pub fn of_scaled(x: S, odds: S, ln_odds: impl FnOnce() -> S) -> Self {
        if !(x.re() > 0.0 && x.re() < f64::INFINITY) {
            Place::of_odds(S::from(x.re()))
        } else if is_moderate(odds.re()) {
            Place::of_odds(odds)
        } else {
            Place::Inside(UnitPoint::from_logit(ln_odds()))
        }
    }
}

/// e^θ; beyond the range of doubles 0 or inf without derivatives.
#[inline]
pub(crate) fn odds<S: Scalar>(theta: S) -> S {
    match theta.re() {
        t if t < -746.0 => S::from(0.0),
        t if t > 709.7 => S::from(f64::INFINITY),
        t => exp_of_value(theta, math::exp(t)),
    }
}

/// e^θ whose value is known: its derivatives are sums that are scaled last, so that where they overflow none is the difference
/// of two infinite numbers.
#[inline]
pub(crate) fn exp_of_value<S: Scalar>(theta: S, value: f64) -> S {
    if S::ORDER == 0 || !(value > 0.0 && value < f64::INFINITY) {
        return S::from(value);
    }
    (theta.with_re(0.0).exp() * value).with_re(value)
}

/// Whether odds are far enough from the ends of the range of doubles to be multiplied.
#[inline]
pub(crate) fn is_moderate(odds: f64) -> bool {
    (1e-300..1e300).contains(&odds)
}

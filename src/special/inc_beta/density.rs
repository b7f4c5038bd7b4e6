//! The density of the beta law as a law of logit X, without the cancellation of large logarithms.

use super::point::{Point, excess};
use crate::scalar::{Scalar, math};
use crate::special::beta::ln_beta_1p;
use crate::special::gamma::stirling::stirling_remainder;
use crate::special::ln_1p_minus;

/// ln[x^a y^b / B(a, b)], the logarithm of the density of logit X for X of the beta law.
#[inline]
pub(crate) fn ln_density<S: Scalar>(a: S, b: S, at: Point<S>) -> S {
    let ln = a * at.ln_x + b * at.ln_y - crate::special::ln_beta(a, b);
    if a.re().min(b.re()) < STIRLING_FROM {
        ln
    } else {
        ln.with_re(ln_prefix(a.re(), b.re(), at.re()) + math::ln(a.re()))
    }
}

/// From here on a and b are large enough for Stirling's series.
pub(super) const STIRLING_FROM: f64 = 10.0;

/// ln[x^a y^b / (a B(a, b))] of doubles: for large shapes by the deviance a ln(x/p) + b ln(y/q), p = a / (a + b), which is
/// free of the cancellation of large logarithms (Loader 2000, "Fast and accurate computation of binomial probabilities").
pub(super) fn ln_prefix(a: f64, b: f64, at: Point<f64>) -> f64 {
    if a.min(b) < STIRLING_FROM {
        return a * at.ln_x + b * at.ln_y - ln_beta_1p(a, b);
    }
    let s = a + b;
    let excess = excess(a, b, at);
    let term = |shape: f64, t: f64, ln: f64| {
        shape * if (-0.5..=1.0).contains(&t) { ln_1p_minus(t) } else { (ln - math::ln(shape / s)) - t }
    };
    let deviance = term(a, excess / a, at.ln_x) + term(b, -excess / b, at.ln_y);
    let remainders = stirling_remainder(a) + stirling_remainder(b) - stirling_remainder(s);
    deviance - 0.5 * math::ln(core::f64::consts::TAU * (a / b) * s) - remainders
}

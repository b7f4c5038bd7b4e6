//! Tails at a finite end of the support and next to it, and quantiles there.

use super::bounded;
use crate::quadrature::moved;
use crate::scalar::Scalar;
use core::f64::consts::LN_2;

/// A distribution function, which rises with x, or its complement: of the second order its derivatives in x are those of the
/// density. Its own formula may have them as differences of powers, of which next to an end of the support nothing is left.
#[inline]
pub(crate) fn curved<S: Scalar>(x: S, rises: bool, tail: impl Fn(S) -> S, pdf: impl Fn(S) -> S) -> S {
    if S::ORDER < 2 || x.with_re(0.0).max_abs() == 0.0 {
        return tail(x);
    }
    let fixed = tail(S::from(x.re()));
    // where the density is infinite the value is what it was
    moved(fixed, x, |x| if rises { pdf(x) } else { -pdf(x) }).with_re(fixed.re())
}

/// Its logarithm, where it is above 1/2: below, powers are a part of it.
#[inline]
pub(crate) fn ln_curved<S: Scalar>(x: S, rises: bool, ln_tail: impl Fn(S) -> S, pdf: impl Fn(S) -> S) -> S {
    let ln = ln_tail(x);
    if S::ORDER < 2 || ln.re() <= -LN_2 || x.with_re(0.0).max_abs() == 0.0 {
        return ln;
    }
    curved(x, rises, |x| ln_tail(x).exp(), pdf).ln().with_re(ln.re())
}

/// A distribution function or its logarithm at a finite end of the support, where it is `value` and rises with x, or its
/// complement, which falls: its slope there is that from inside, the density.
///
/// `beyond`: x less the end, of value 0.
pub(crate) fn at_end<S: Scalar>(value: f64, beyond: S, rises: bool, pdf: impl FnOnce() -> S) -> S {
    if S::ORDER == 0 || value == f64::NEG_INFINITY {
        return S::from(value);
    }
    let moved = beyond.with_re(0.0).chain(bounded(pdf()));
    (if rises { moved } else { -moved }).with_re(value)
}

/// A quantile at a probability of exactly 0 or 1, or at its logarithm's 0: at a finite end of the support it moves with the
/// probability by 1/f, from inside, where its formula knows its limit only. Infinite where the density is 0 there, and the first
/// derivative alone; an infinite end has none.
///
/// `x`: the quantile at a probability, `rises` with it or falls.
#[inline]
pub(crate) fn at_certainty<S: Scalar>(p: S, rises: bool, x: impl Fn(S) -> S, pdf: impl Fn(S) -> S) -> S {
    let here = x(p);
    if S::ORDER == 0 || !(p.re() == 0.0 || p.re() == 1.0) || !here.re().is_finite() {
        return here;
    }
    slope_at_certainty(p, rises, here, x, pdf)
}

#[cold]
fn slope_at_certainty<S: Scalar>(p: S, rises: bool, here: S, x: impl Fn(S) -> S, pdf: impl Fn(S) -> S) -> S {
    let end = x(S::from(p.re()));
    let own = (here - end).with_re(0.0).max_abs();
    if own > 0.0 && own.is_finite() {
        return here;
    }
    let step = p.with_re(0.0);
    let moved = (if rises { step } else { -step }).chain(S::from(1.0 / pdf(S::from(end.re())).re()));
    (end + moved).with_re(end.re())
}

/// A probability that rounding may have put above 1.
pub(crate) fn at_most_one<S: Scalar>(p: S) -> S {
    if p.re() > 1.0 { p.with_re(1.0) } else { p }
}

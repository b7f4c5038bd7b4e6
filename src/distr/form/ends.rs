//! Tails at a finite end of the support.

use super::bounded;
use crate::scalar::Scalar;

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

/// A probability that rounding may have put above 1.
pub(crate) fn at_most_one<S: Scalar>(p: S) -> S {
    if p.re() > 1.0 { p.with_re(1.0) } else { p }
}

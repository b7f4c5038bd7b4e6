//! Bounds that may be infinite, for formats that have no infinity: `lower` and `upper` are `null` then.

use crate::scalar::Scalar;

/// The type of a parameter in a serialized structure: that of `lower` and `upper` is optional.
macro_rules! field {
    (lower, $type:ty) => { Option<$type> };
    (upper, $type:ty) => { Option<$type> };
    ($parameter:ident, $type:ty) => { $type };
}

/// What is written there for a reference to a parameter.
macro_rules! written {
    (lower, $value:expr) => {
        $crate::distr::bound::finite($value)
    };
    (upper, $value:expr) => {
        $crate::distr::bound::finite($value)
    };
    ($parameter:ident, $value:expr) => {
        $value
    };
}

/// The parameter that was read.
macro_rules! read {
    (lower, $value:expr) => {
        $value.unwrap_or(T::from(f64::NEG_INFINITY))
    };
    (upper, $value:expr) => {
        $value.unwrap_or(T::from(f64::INFINITY))
    };
    ($parameter:ident, $value:expr) => {
        $value
    };
}
pub(crate) use {field, read, written};

/// A bound, if it is finite.
pub(crate) fn finite<S: Scalar>(bound: &S) -> Option<&S> {
    bound.re().is_finite().then_some(bound)
}

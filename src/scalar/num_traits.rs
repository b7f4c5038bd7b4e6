//! Scalars as the numbers of generic containers: zero, one and conversions by the traits of `num-traits`.
//!
//! nalgebra's matrices and ndarray's arrays multiply with these.

use super::{Jet, Scalar};
use ::num_traits::FromPrimitive;

/// Zero and one of scalars, from constants.
macro_rules! zero_and_one {
    ($([$($generics:tt)*] $type:ty),+) => {
        $(impl<$($generics)*> ::num_traits::Zero for $type {
            #[inline]
            fn zero() -> Self {
                Self::from(0.0)
            }
            #[inline]
            fn is_zero(&self) -> bool {
                *self == Self::from(0.0)
            }
        }

        impl<$($generics)*> ::num_traits::One for $type {
            #[inline]
            fn one() -> Self {
                Self::from(1.0)
            }
        })+
    };
}
pub(crate) use zero_and_one;

zero_and_one!([T: Scalar, const N: usize] Jet<T, N>);

/// The nearest `f64`, as `as` rounds.
impl<T: Scalar, const N: usize> FromPrimitive for Jet<T, N> {
    fn from_i64(n: i64) -> Option<Self> {
        Some(Self::from(n as f64))
    }

    fn from_u64(n: u64) -> Option<Self> {
        Some(Self::from(n as f64))
    }

    fn from_f64(x: f64) -> Option<Self> {
        Some(Self::from(x))
    }
}

//! Jets as the numbers of generic containers: zero, one and conversions by the traits of `num-traits`.
//!
//! nalgebra's matrices and ndarray's arrays multiply with these.

use super::{Jet, Scalar};
use num_traits::{FromPrimitive, One, Zero};

impl<T: Scalar + PartialEq, const N: usize> Zero for Jet<T, N> {
    fn zero() -> Self {
        Self::from(0.0)
    }

    fn is_zero(&self) -> bool {
        *self == Self::from(0.0)
    }
}

impl<T: Scalar, const N: usize> One for Jet<T, N> {
    fn one() -> Self {
        Self::from(1.0)
    }
}

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

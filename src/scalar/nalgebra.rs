//! Jets as entries of nalgebra's vectors and matrices: zero and one.

use super::{Jet, Scalar};
use num_traits::{One, Zero};

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

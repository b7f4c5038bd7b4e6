//! The types of ordered outcomes.

use core::fmt::Debug;

mod sealed {
    pub trait Sealed {}
}

/// The type of the outcomes of a univariate discrete law: `bool`, `usize`, `u64` or `i64`.
///
/// ```
/// use reparam::distr::Integer;
/// assert_eq!((3u64.to_f64(), true.to_f64()), (3.0, 1.0));
/// assert_eq!(u64::saturating_from(-1), 0);
/// ```
pub trait Integer: Copy + Debug + Ord + sealed::Sealed {
    /// The integer as a double, rounded beyond 2^53.
    fn to_f64(self) -> f64;

    /// The integer; 0 and 1 for truth values.
    fn to_i128(self) -> i128;

    /// The nearest integer of this type.
    fn saturating_from(k: i128) -> Self;
}

macro_rules! integers {
    ($($integer:ty)*) => {$(
        impl sealed::Sealed for $integer {}
        impl Integer for $integer {
            #[inline]
            fn to_f64(self) -> f64 {
                self as f64
            }
            #[inline]
            fn to_i128(self) -> i128 {
                self as i128
            }
            #[inline]
            fn saturating_from(k: i128) -> Self {
                k.clamp(Self::MIN as i128, Self::MAX as i128) as Self
            }
        }
    )*};
}
integers!(usize u64 i64);

impl sealed::Sealed for bool {}
impl Integer for bool {
    #[inline]
    fn to_f64(self) -> f64 {
        f64::from(u8::from(self))
    }
    #[inline]
    fn to_i128(self) -> i128 {
        i128::from(self)
    }
    #[inline]
    fn saturating_from(k: i128) -> Self {
        k > 0
    }
}

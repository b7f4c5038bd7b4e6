//! What a closure may return.

use crate::program::Values;
use crate::scalar::Scalar;
use core::convert::Infallible;

/// What a closure returns: a number, an array or a `Vec` of them, or a `Result` of one of these.
///
/// Sealed: implemented for every scalar `S`, `[S; K]`, `Vec<S>` and `Result<_, E>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what an estimate takes",
    label = "not a number of the type `{S}`, an array or `Vec` of them, or a `Result` of one of these",
    note = "return the number with its derivatives, not its real part"
)]
pub trait Returned<S: Scalar>: sealed::Sealed<S> {
    /// How many numbers, as a type of `f64`.
    type Values: Values;

    /// The closure's own error; [`Infallible`] if it has none.
    type Error;

    #[doc(hidden)]
    fn result(self) -> Result<<Self::Values as Values>::Of<S>, Self::Error>;
}

mod sealed {
    use crate::scalar::Scalar;
    pub trait Sealed<S> {}
    impl<S: Scalar> Sealed<S> for S {}
    impl<S: Scalar, const K: usize> Sealed<S> for [S; K] {}
    #[cfg(feature = "alloc")]
    impl<S: Scalar> Sealed<S> for alloc::vec::Vec<S> {}
    impl<S: Scalar, T: super::Sure<S>, E> Sealed<S> for Result<T, E> {}
}

/// What a closure returns that cannot fail.
pub trait Sure<S: Scalar>: Returned<S, Error = Infallible> {
    #[doc(hidden)]
    fn values(self) -> <Self::Values as Values>::Of<S>;
}

macro_rules! sure {
    ($($(#[$cfg:meta])* [$($generics:tt)*] $type:ty, $values:ty;)*) => {
        $($(#[$cfg])* impl<S: Scalar, $($generics)*> Returned<S> for $type {
            type Values = $values;
            type Error = Infallible;

            #[inline(always)]
            fn result(self) -> Result<$type, Infallible> {
                Ok(self)
            }
        }

        $(#[$cfg])*
        impl<S: Scalar, $($generics)*> Sure<S> for $type {
            #[inline(always)]
            fn values(self) -> $type {
                self
            }
        })*
    };
}

sure! {
    [] S, f64;
    [const K: usize] [S; K], [f64; K];
    #[cfg(feature = "alloc")] [] alloc::vec::Vec<S>, alloc::vec::Vec<f64>;
}

impl<S: Scalar, T: Sure<S>, E> Returned<S> for Result<T, E> {
    type Values = T::Values;
    type Error = E;

    #[inline(always)]
    fn result(self) -> Result<<T::Values as Values>::Of<S>, E> {
        self.map(T::values)
    }
}

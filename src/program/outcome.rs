//! What programs take and return, in any scalar: parameters and results are written as types of `f64`.

use crate::scalar::Scalar;
use core::array;
use core::convert::Infallible;

/// The parameters of a program, written as a type of `f64`: `[f64; N]`, or `[f64]` where their number is known at run
/// time.
pub trait Parameters {
    /// The same of another scalar.
    type Of<S: Scalar>: ?Sized + AsRef<[S]>;
}

impl<const N: usize> Parameters for [f64; N] {
    type Of<S: Scalar> = [S; N];
}

impl Parameters for [f64] {
    type Of<S: Scalar> = [S];
}

/// Numbers that are returned together: `f64`, `[f64; K]`, `Vec<f64>`.
pub trait Values {
    /// The same with other things in place of the numbers.
    type Of<T: Clone>: Clone;

    /// All of them in a row.
    fn slice<T: Clone>(of: &Self::Of<T>) -> &[T];

    /// All of them in a row.
    fn slice_mut<T: Clone>(of: &mut Self::Of<T>) -> &mut [T];

    /// As many as the type says, or `count` where it does not.
    fn from_fn<T: Clone>(count: usize, f: impl FnMut(usize) -> T) -> Self::Of<T>;

    /// `f` of each.
    fn map<T: Clone, U: Clone>(of: &Self::Of<T>, f: impl FnMut(&T) -> U) -> Self::Of<U>;
}

impl Values for f64 {
    type Of<T: Clone> = T;

    #[inline(always)]
    fn slice<T: Clone>(of: &T) -> &[T] {
        core::slice::from_ref(of)
    }
    #[inline(always)]
    fn slice_mut<T: Clone>(of: &mut T) -> &mut [T] {
        core::slice::from_mut(of)
    }
    fn from_fn<T: Clone>(_: usize, mut f: impl FnMut(usize) -> T) -> T {
        f(0)
    }
    #[inline(always)]
    fn map<T: Clone, U: Clone>(of: &T, mut f: impl FnMut(&T) -> U) -> U {
        f(of)
    }
}

impl<const K: usize> Values for [f64; K] {
    type Of<T: Clone> = [T; K];

    #[inline(always)]
    fn slice<T: Clone>(of: &[T; K]) -> &[T] {
        of
    }
    #[inline(always)]
    fn slice_mut<T: Clone>(of: &mut [T; K]) -> &mut [T] {
        of
    }
    fn from_fn<T: Clone>(_: usize, f: impl FnMut(usize) -> T) -> [T; K] {
        array::from_fn(f)
    }
    #[inline(always)]
    fn map<T: Clone, U: Clone>(of: &[T; K], mut f: impl FnMut(&T) -> U) -> [U; K] {
        array::from_fn(|k| f(&of[k]))
    }
}

#[cfg(feature = "alloc")]
impl Values for alloc::vec::Vec<f64> {
    type Of<T: Clone> = alloc::vec::Vec<T>;

    #[inline(always)]
    fn slice<T: Clone>(of: &alloc::vec::Vec<T>) -> &[T] {
        of
    }
    #[inline(always)]
    fn slice_mut<T: Clone>(of: &mut alloc::vec::Vec<T>) -> &mut [T] {
        of
    }
    fn from_fn<T: Clone>(count: usize, f: impl FnMut(usize) -> T) -> alloc::vec::Vec<T> {
        (0..count).map(f).collect()
    }
    #[inline(always)]
    fn map<T: Clone, U: Clone>(of: &alloc::vec::Vec<T>, f: impl FnMut(&T) -> U) -> alloc::vec::Vec<U> {
        of.iter().map(f).collect()
    }
}

/// What a program returns, written as a type of `f64`: [`Values`], or a `Result` of them.
#[diagnostic::on_unimplemented(
    message = "a program cannot return `{Self}`",
    label = "not a number, an array or a `Vec` of numbers, or a `Result` of one of them",
    note = "return the scalar itself, `S`, with its derivatives: not its real part"
)]
pub trait Outcome {
    /// The same of another scalar.
    type Of<S: Scalar>;

    /// Without the `Result`.
    type Values: Values;

    /// Why a run has no result; [`Infallible`] if it always has.
    type Error;

    /// The values, or why there are none.
    ///
    /// # Errors
    /// The program's own.
    fn result<S: Scalar>(of: Self::Of<S>) -> Result<<Self::Values as Values>::Of<S>, Self::Error>;
}

macro_rules! sure {
    ($($(#[$cfg:meta])* [$($generics:tt)*] $type:ty;)*) => {
        $($(#[$cfg])* impl<$($generics)*> Outcome for $type {
            type Of<S: Scalar> = <Self as Values>::Of<S>;
            type Values = Self;
            type Error = Infallible;

            #[inline(always)]
            fn result<S: Scalar>(of: Self::Of<S>) -> Result<Self::Of<S>, Infallible> {
                Ok(of)
            }
        })*
    };
}

sure! {
    [] f64;
    [const K: usize] [f64; K];
    #[cfg(feature = "alloc")] [] alloc::vec::Vec<f64>;
}

impl<T: Values, E> Outcome for Result<T, E> {
    type Of<S: Scalar> = Result<T::Of<S>, E>;
    type Values = T;
    type Error = E;

    #[inline(always)]
    fn result<S: Scalar>(of: Result<T::Of<S>, E>) -> Self::Of<S> {
        of
    }
}

//! Laws side by side: of one type in an array or vector, or of different types in a tuple.

use crate::distr::{Continuous, methods};
use crate::scalar::Scalar;
use core::fmt::Debug;
use rand::Rng;

macro_rules! component {
    ($($method:ident($($x:ident)?) -> $result:ty;)*) => {
        /// A law of which only the scalar is known: what [`Continuous`] offers, behind a reference.
        ///
        /// Implemented for every law.
        pub trait Component<S: Scalar> {
            $(#[doc = concat!("[`Continuous::", stringify!($method), "`].")]
            fn $method(&self $(, $x: S)?) -> $result;)*

            /// [`Continuous::has_atoms`].
            fn has_atoms(&self) -> bool;
        }

        impl<S: Scalar, D: Continuous<S>> Component<S> for D {
            $(#[inline]
            fn $method(&self $(, $x: S)?) -> $result {
                Continuous::$method(self $(, $x)?)
            })*

            fn has_atoms(&self) -> bool {
                Continuous::has_atoms(self)
            }
        }
    };
}

methods!(component);

/// Laws over one scalar, numbered from 0: the components of a mixture, or the factors of a product.
///
/// Implemented for arrays of laws of one type, with the feature `alloc` for `Vec`, and for tuples of two to eight laws of
/// different types.
///
/// ```
/// use reparam::distr::mixture::Components;
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let laws = (Normal::new(0.0, 1.0)?, Exponential::new(2.0)?);
/// assert_eq!(Components::<f64>::count(&laws), 2);
/// assert_eq!(laws.get(1).mean(), Some(0.5));
/// # Ok(()) }
/// ```
pub trait Components<S: Scalar> {
    /// One number for each law, stored as the laws are.
    type Values: AsRef<[S]> + Clone + Debug;

    /// How many laws there are.
    fn count(&self) -> usize;

    /// Law number k.
    ///
    /// # Panics
    /// If k is not below [`Components::count`].
    fn get(&self, k: usize) -> &dyn Component<S>;

    /// A draw of law number k.
    ///
    /// # Panics
    /// If k is not below [`Components::count`].
    fn sample<R: Rng + ?Sized>(&self, k: usize, rng: &mut R) -> S;

    /// f(k) for each law.
    fn values(&self, f: impl FnMut(usize) -> S) -> Self::Values;
}

impl<S: Scalar, D: Continuous<S>, const K: usize> Components<S> for [D; K] {
    type Values = [S; K];

    #[inline]
    fn count(&self) -> usize {
        K
    }
    #[inline]
    fn get(&self, k: usize) -> &dyn Component<S> {
        &self[k]
    }
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, k: usize, rng: &mut R) -> S {
        self[k].sample(rng)
    }
    #[inline]
    fn values(&self, f: impl FnMut(usize) -> S) -> [S; K] {
        core::array::from_fn(f)
    }
}

#[cfg(feature = "alloc")]
impl<S: Scalar, D: Continuous<S>> Components<S> for alloc::vec::Vec<D> {
    type Values = alloc::vec::Vec<S>;

    fn count(&self) -> usize {
        self.len()
    }
    fn get(&self, k: usize) -> &dyn Component<S> {
        &self[k]
    }
    fn sample<R: Rng + ?Sized>(&self, k: usize, rng: &mut R) -> S {
        self[k].sample(rng)
    }
    fn values(&self, f: impl FnMut(usize) -> S) -> alloc::vec::Vec<S> {
        (0..self.len()).map(f).collect()
    }
}

macro_rules! tuple {
    ($count:literal: $($law:ident $k:tt),+) => {
        impl<S: Scalar, $($law: Continuous<S>),+> Components<S> for ($($law,)+) {
            type Values = [S; $count];

            #[inline]
            fn count(&self) -> usize {
                $count
            }
            #[inline]
            fn get(&self, k: usize) -> &dyn Component<S> {
                match k {
                    $($k => &self.$k,)+
                    _ => panic!("component {k} of {}", $count),
                }
            }
            #[inline]
            fn sample<Z: Rng + ?Sized>(&self, k: usize, rng: &mut Z) -> S {
                match k {
                    $($k => self.$k.sample(rng),)+
                    _ => panic!("component {k} of {}", $count),
                }
            }
            #[inline]
            fn values(&self, f: impl FnMut(usize) -> S) -> [S; $count] {
                core::array::from_fn(f)
            }
        }
    };
}

tuple!(2: A 0, B 1);
tuple!(3: A 0, B 1, C 2);
tuple!(4: A 0, B 1, C 2, D 3);
tuple!(5: A 0, B 1, C 2, D 3, E 4);
tuple!(6: A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(7: A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(8: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

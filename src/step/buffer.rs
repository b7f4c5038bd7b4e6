//! What a rule remembers of each parameter.

use core::fmt::Debug;

/// A number for each parameter: `[f64; N]`, or with the feature `alloc` a `Vec` of any length.
///
/// Sealed. A rule is made from such parameters, and its memory is of their type: [`Adam::new(&theta)`](super::Adam::new).
pub trait Buffer: AsRef<[f64]> + AsMut<[f64]> + Clone + Debug + PartialEq + sealed::Sealed {}

impl<const N: usize> Buffer for [f64; N] {}
#[cfg(feature = "alloc")]
impl Buffer for alloc::vec::Vec<f64> {}

mod sealed {
    /// What rules make of buffers.
    pub trait Sealed: Sized {
        /// As many zeros.
        fn zeros(&self) -> Self;

        /// The numbers that come, if there are as many as the type asks for; otherwise how many it asks for.
        #[cfg(feature = "serde")]
        fn collect<E>(next: impl FnMut() -> Result<Option<f64>, E>) -> Result<Result<Self, usize>, E>;
    }

    impl<const N: usize> Sealed for [f64; N] {
        fn zeros(&self) -> Self {
            [0.0; N]
        }

        #[cfg(feature = "serde")]
        fn collect<E>(mut next: impl FnMut() -> Result<Option<f64>, E>) -> Result<Result<Self, usize>, E> {
            let mut numbers = [0.0; N];
            for number in &mut numbers {
                match next()? {
                    Some(x) => *number = x,
                    None => return Ok(Err(N)),
                }
            }
            Ok(if next()?.is_none() { Ok(numbers) } else { Err(N) })
        }
    }

    #[cfg(feature = "alloc")]
    impl Sealed for alloc::vec::Vec<f64> {
        fn zeros(&self) -> Self {
            alloc::vec![0.0; self.len()]
        }

        #[cfg(feature = "serde")]
        fn collect<E>(mut next: impl FnMut() -> Result<Option<f64>, E>) -> Result<Result<Self, usize>, E> {
            let mut numbers = alloc::vec::Vec::new();
            while let Some(x) = next()? {
                numbers.push(x);
            }
            Ok(Ok(numbers))
        }
    }
}

/// Buffers as sequences; serde's derive knows no arrays of generic length.
#[cfg(feature = "serde")]
pub(super) mod sequence {
    use super::{Buffer, sealed::Sealed};
    use core::fmt;
    use core::marker::PhantomData;
    use serde::de::{Error, SeqAccess, Visitor};
    use serde::{Deserializer, Serializer};

    pub fn serialize<P: Buffer, Z: Serializer>(numbers: &P, serializer: Z) -> Result<Z::Ok, Z::Error> {
        serializer.collect_seq(numbers.as_ref())
    }

    pub fn deserialize<'de, P: Buffer, Z: Deserializer<'de>>(deserializer: Z) -> Result<P, Z::Error> {
        struct Numbers<P>(PhantomData<P>);

        impl<'de, P: Sealed> Visitor<'de> for Numbers<P> {
            type Value = P;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number for each parameter")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<P, A::Error> {
                P::collect(|| seq.next_element())?
                    .map_err(|expected| Error::custom(format_args!("not {expected} numbers, one for each parameter")))
            }
        }

        deserializer.deserialize_seq(Numbers(PhantomData))
    }
}

//! Jets (de)serialize as `{re, eps: [..]}`; by hand, since serde's derive knows no arrays of generic length.

use super::Jet;
use core::fmt;
use core::marker::PhantomData;
use serde::de::{Error, SeqAccess, Visitor};
use serde::ser::SerializeTuple;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An array of N elements, as a tuple.
struct Partials<A>(A);

impl<T: Serialize, const N: usize> Serialize for Partials<&[T; N]> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(N)?;
        for partial in self.0 {
            tuple.serialize_element(partial)?;
        }
        tuple.end()
    }
}

impl<'de, T: Deserialize<'de> + Copy, const N: usize> Deserialize<'de> for Partials<[T; N]> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Array<T, const N: usize>(PhantomData<T>);

        impl<'de, T: Deserialize<'de> + Copy, const N: usize> Visitor<'de> for Array<T, N> {
            type Value = Partials<[T; N]>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{N} partial derivatives")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut partials: [Option<T>; N] = [None; N];
                for (i, partial) in partials.iter_mut().enumerate() {
                    *partial = seq.next_element()?;
                    if partial.is_none() {
                        return Err(Error::invalid_length(i, &self));
                    }
                }
                if seq.next_element::<T>()?.is_some() {
                    return Err(Error::invalid_length(N + 1, &self));
                }
                // every slot was filled above
                Ok(Partials(partials.map(|p| p.expect("filled"))))
            }
        }

        deserializer.deserialize_tuple(N, Array(PhantomData))
    }
}

#[derive(Serialize)]
#[serde(rename = "Jet")]
struct Written<'a, T, P> {
    re: &'a T,
    eps: P,
}

#[derive(Deserialize)]
#[serde(rename = "Jet", deny_unknown_fields)]
struct Read<T, P> {
    re: T,
    eps: P,
}

impl<T: Serialize, const N: usize> Serialize for Jet<T, N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written { re: &self.re, eps: Partials(&self.eps) }.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de> + Copy, const N: usize> Deserialize<'de> for Jet<T, N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Read { re, eps: Partials(eps) } = Read::deserialize(deserializer)?;
        Ok(Jet { re, eps })
    }
}

//! Maps (de)serialize by their name, `"Exp"`, with what they are made of: `{"LocationScale": {"location": 1.0, "scale": 2.0}}`.

#[cfg(feature = "nalgebra")]
use super::{CholeskyFactor, CorrelationCholesky, Entrywise, Ordered, Simplex};
use super::{Exp, Inverse, Ln, LocationScale, Sigmoid, Softplus, Tanh, Then};
#[cfg(feature = "nalgebra")]
use crate::linalg::serde::Size;
use crate::scalar::Scalar;
#[cfg(feature = "nalgebra")]
use nalgebra::Dim;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

macro_rules! maps {
    ($($name:ident $(<$($part:ident),+>($($x:ident),+))?),+) => {$(
        impl$(<$($part: Serialize),+>)? Serialize for $name$(<$($part),+>)? {
            fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
                #[derive(Serialize)]
                enum Map$(<$($part),+>)? { $name$(($($part),+))? }
                let $name$(($($x),+))? = self;
                Map::$name$(($($x),+))?.serialize(serializer)
            }
        }

        impl<'de $($(, $part: Deserialize<'de>)+)?> Deserialize<'de> for $name$(<$($part),+>)? {
            fn deserialize<Z: Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
                #[derive(Deserialize)]
                enum Map$(<$($part),+>)? { $name$(($($part),+))? }
                let Map::$name$(($($x),+))? = Deserialize::deserialize(deserializer)?;
                Ok($name$(($($x),+))?)
            }
        }
    )+};
}

maps!(Exp, Ln, Sigmoid, Softplus, Tanh, Inverse<B>(b), Then<A, B>(a, b));
#[cfg(feature = "nalgebra")]
maps!(Simplex, Ordered, Entrywise<B>(b));

impl<S: Serialize> Serialize for LocationScale<S> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        #[derive(Serialize)]
        enum Map<'a, S> {
            LocationScale { location: &'a S, scale: &'a S },
        }
        Map::LocationScale { location: &self.location, scale: &self.scale }.serialize(serializer)
    }
}

impl<'de, S: Scalar + Deserialize<'de>> Deserialize<'de> for LocationScale<S> {
    fn deserialize<Z: Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        enum Map<S> {
            LocationScale { location: S, scale: S },
        }
        let Map::LocationScale { location, scale } = Map::deserialize(deserializer)?;
        LocationScale::new(location, scale).map_err(Error::custom)
    }
}

/// Maps to matrices: with the size, and the number of free entries, which must fit it.
#[cfg(feature = "nalgebra")]
macro_rules! to_matrices {
    ($($name:ident),+) => {$(
        impl<D: Dim, K: Dim> Serialize for $name<D, K> {
            fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
                #[derive(Serialize)]
                enum Map<D, K> {
                    $name { size: D, free: K },
                }
                Map::$name { size: Size(self.size), free: Size(self.free) }.serialize(serializer)
            }
        }

        impl<'de, D: Dim, K: Dim> Deserialize<'de> for $name<D, K> {
            fn deserialize<Z: Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
                #[derive(Deserialize)]
                #[serde(deny_unknown_fields)]
                enum Map<D, K> {
                    $name { size: D, free: K },
                }
                let Map::$name { size: Size(size), free: Size(free) } = Deserialize::deserialize(deserializer)?;
                $name::new(size, free).map_err(Error::custom)
            }
        }
    )+};
}

#[cfg(feature = "nalgebra")]
to_matrices!(CholeskyFactor, CorrelationCholesky);

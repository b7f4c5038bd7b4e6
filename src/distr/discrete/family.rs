//! What is the same in every family of discrete laws: its name, its integers and parameters, its (de)serialization.

use super::DiscreteUnivariate;
use crate::scalar::Scalar;

/// A family of discrete laws over any scalar: from integers and parameters to a law.
///
/// For code that runs over many families or scalar types: harnesses, tables, fuzzers. The type that stands for the family is the
/// law over any scalar, `Poisson<f64>` say.
///
/// ```
/// use reparam::distr::DiscreteFamily;
/// use reparam::prelude::*;
///
/// assert_eq!(<Binomial<f64> as DiscreteFamily>::INTEGERS, ["trials"]);
/// assert_eq!(<Binomial<f64> as DiscreteFamily>::PARAMETERS, ["p"]);
/// let law = <Binomial<f64> as DiscreteFamily>::law(&[10], &Jet::variables([0.5])).expect("valid");
/// assert_eq!(law.mean().eps, [10.0]);
/// ```
pub trait DiscreteFamily {
    /// The family's law over the scalar `S`.
    type Law<S: Scalar>: DiscreteUnivariate<S> + Clone;

    /// Why parameters were refused.
    type Error: core::error::Error + Copy + PartialEq + 'static;

    /// The family's name in snake case.
    const NAME: &'static str;

    /// The names of the integer parameters, which come first in the constructor.
    const INTEGERS: &'static [&'static str];

    /// The names of the real parameters, which carry derivatives.
    const PARAMETERS: &'static [&'static str];

    /// The law with these integers and parameters.
    ///
    /// # Errors
    /// Those of the constructor.
    ///
    /// # Panics
    /// If there are not as many integers and parameters as [`DiscreteFamily::INTEGERS`] and [`DiscreteFamily::PARAMETERS`].
    fn law<S: Scalar>(integers: &[i64], parameters: &[S]) -> Result<Self::Law<S>, Self::Error>;
}

/// Implements [`DiscreteFamily`], getters, and, with the feature `serde`, serialization as a structure of integers and
/// parameters and deserialization through the constructor.
///
/// `discrete_family!(Binomial, "binomial", "a binomial law", [trials: u64], [p]);`: the name, how the law stands in a
/// sentence, and the names of fields and of `new`'s parameters.
macro_rules! discrete_family {
    ($law:ident, $name:literal, $title:literal, [$($integer:ident: $type:ty),*], [$($parameter:ident),*]) => {
        $crate::distr::getters!($law, [$($integer: $type),*; $($parameter),*]);

        impl<T: $crate::scalar::Scalar> $crate::distr::DiscreteFamily for $law<T> {
            type Law<S: $crate::scalar::Scalar> = $law<S>;
            type Error = $crate::parameter::LawError;
            const NAME: &'static str = $name;
            const INTEGERS: &'static [&'static str] = &[$(stringify!($integer)),*];
            const PARAMETERS: &'static [&'static str] = &[$(stringify!($parameter)),*];

            fn law<S: $crate::scalar::Scalar>(integers: &[i64], parameters: &[S]) -> Result<$law<S>, Self::Error> {
                let (&[$($integer),*], &[$($parameter),*]) = (integers, parameters) else {
                    panic!("{} takes integers {:?} and parameters {:?}", $name, Self::INTEGERS, Self::PARAMETERS);
                };
                // a negative number where the type has none
                $($crate::parameter::check!($title, $integer, $integer as f64; "at least 0"
                    if <$type>::try_from($integer).is_ok());)*
                $law::new($($integer as $type,)* $($parameter),*)
            }
        }

        #[cfg(feature = "serde")]
        impl<T: ::serde::Serialize> ::serde::Serialize for $law<T> {
            fn serialize<Z: ::serde::Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
                #[derive(::serde::Serialize)]
                #[serde(rename = $name, bound(serialize = "T: ::serde::Serialize"))]
                struct Parameters<'a, T> {
                    $($integer: &'a $type,)*
                    $($parameter: &'a T,)*
                    #[serde(skip)]
                    scalar: ::core::marker::PhantomData<&'a T>,
                }
                let scalar = ::core::marker::PhantomData;
                ::serde::Serialize::serialize(
                    &Parameters::<T> { $($integer: &self.$integer,)* $($parameter: &self.$parameter,)* scalar },
                    serializer,
                )
            }
        }

        #[cfg(feature = "serde")]
        impl<'de, T: $crate::scalar::Scalar + ::serde::Deserialize<'de>> ::serde::Deserialize<'de> for $law<T> {
            fn deserialize<Z: ::serde::Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
                #[derive(::serde::Deserialize)]
                #[serde(rename = $name, deny_unknown_fields, bound(deserialize = "T: ::serde::Deserialize<'de>"))]
                struct Parameters<T> {
                    $($integer: $type,)*
                    $($parameter: T,)*
                    #[serde(skip)]
                    scalar: ::core::marker::PhantomData<T>,
                }
                let p: Parameters<T> = ::serde::Deserialize::deserialize(deserializer)?;
                let ::core::marker::PhantomData = p.scalar;
                $law::new($(p.$integer,)* $(p.$parameter),*).map_err(::serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use discrete_family;

/// Implements serialization as a structure of these fields and deserialization through a constructor that may refuse them, for a law whose
/// parameters are not all numbers.
///
/// `discrete_serde!([C] [S: Scalar, C: Cells<Entry = S>] PlackettLuce<C>, "plackett_luce", law => [logits: C = &law.logits], Self::from_logits);`:
/// the parameters of the fields' types, those of the law with their bounds, the fields and where they are.
macro_rules! discrete_serde {
    (
        [$($generic:ident),*] [$($bounds:tt)*] $law:ty, $name:literal,
        $this:ident => [$($field:ident: $type:ty = $value:expr),*], $new:expr
    ) => {
        #[cfg(feature = "serde")]
        const _: () = {
            #[derive(::serde::Serialize)]
            #[serde(rename = $name)]
            struct Out<'a, $($generic),*> {
                $($field: &'a $type,)*
            }

            #[derive(::serde::Deserialize)]
            #[serde(rename = $name, deny_unknown_fields)]
            struct In<$($generic),*> {
                $($field: $type,)*
            }

            impl<$($bounds)*> ::serde::Serialize for $law
            where
                $($generic: ::serde::Serialize,)*
            {
                fn serialize<Z: ::serde::Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
                    let $this = self;
                    ::serde::Serialize::serialize(&Out { $($field: $value),* }, serializer)
                }
            }

            impl<'de, $($bounds)*> ::serde::Deserialize<'de> for $law
            where
                $($generic: ::serde::Deserialize<'de>,)*
            {
                fn deserialize<Z: ::serde::Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
                    let p: In<$($generic),*> = ::serde::Deserialize::deserialize(deserializer)?;
                    ($new)($(p.$field),*).map_err(::serde::de::Error::custom)
                }
            }
        };
    };
}
pub(crate) use discrete_serde;

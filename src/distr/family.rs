//! What is the same in every family: its error type, its name and parameters, its (de)serialization.

use super::Continuous;
use crate::scalar::Scalar;

/// A family of laws over any scalar: from a slice of parameters to a law.
///
/// For code that runs over many families or scalar types: harnesses, tables, fuzzers. The type that stands for the
/// family is the law over any scalar, `Normal<f64>` say.
///
/// ```
/// use reparam::distr::Family;
/// use reparam::prelude::*;
///
/// fn derivatives_of_median<F: Family>(parameters: [f64; 2]) -> Result<[f64; 2], F::Error> {
///     let law = F::law(&Jet::variables(parameters))?;
///     Ok(law.median().eps)
/// }
/// assert_eq!(<Normal<f64> as Family>::PARAMETERS, ["mean", "std_dev"]);
/// assert_eq!(derivatives_of_median::<Normal<f64>>([3.0, 2.0]), Ok([1.0, 0.0]));
/// ```
pub trait Family {
    /// The family's law over the scalar `S`.
    type Law<S: Scalar>: Continuous<S> + Copy;

    /// Why parameters were refused.
    type Error: core::error::Error + Copy + PartialEq + 'static;

    /// The family's name in snake case.
    const NAME: &'static str;

    /// The names of the parameters in the order of the constructor.
    const PARAMETERS: &'static [&'static str];

    /// Whether the derivatives of a draw are those at fixed noise or those of the quantile at the draw's probability.
    ///
    /// A law may couple its draws over the parameters in another way, with a part of the noise at a fixed value of its own distribution function, say:
    /// expectations have the same derivatives then, and only these are what a harness can check.
    const DRAWS_ARE_QUANTILES: bool = true;

    /// The law with these parameters.
    ///
    /// # Errors
    /// Those of the constructor.
    ///
    /// # Panics
    /// If the number of parameters is not that of [`Family::PARAMETERS`].
    fn law<S: Scalar>(parameters: &[S]) -> Result<Self::Law<S>, Self::Error>;
}

/// The positive integer that a parameter is, if it is one that fits.
pub(crate) fn count<S: Scalar>(x: S) -> Option<u32> {
    let n = x.re() as u32;
    (n > 0 && f64::from(n) == x.re()).then_some(n)
}

/// Implements [`Family`] and, with the feature `serde`, serialization as a structure of the parameters and
/// deserialization through the constructor, so that no invalid law comes in from outside.
///
/// `family!(Normal, NormalError, "normal", [mean, std_dev]);`: the names are those of fields and of `new`'s parameters.
/// Where the constructor has another name: `family!(Pert, LawError, "pert", from_shape [lower, upper, mode, shape]);`.
/// A law whose first parameter is a `u32` says how it stands in a sentence: `family!(Erlang, LawError, "erlang",
/// [shape: u32 of "an Erlang law", rate]);`. `own coupling` at the end: [`Family::DRAWS_ARE_QUANTILES`] is false.
macro_rules! family {
    ($law:ident, $error:ident, $name:literal, [$count:ident: u32 of $title:literal, $($parameter:ident),+]) => {
        $crate::distr::family!(@ $law, $error, $name, new,
            [$count: u32 = {
                const PARAMETER: &$crate::parameter::Parameter = &$crate::parameter::Parameter {
                    law: $title,
                    name: stringify!($count),
                    range: $crate::parameter::Range::Such("a positive integer"),
                };
                $crate::distr::count($count).ok_or_else(|| $crate::parameter::LawError::new(PARAMETER, $count.re()))?
            }, $($parameter: T = $parameter),+]);
    };
    ($law:ident, $error:ident, $name:literal, $($new:ident)? [$($parameter:ident),+] $(own $coupling:ident)?) => {
        $crate::distr::family!(@ $law, $error, $name, $($new)?, [$($parameter: T = $parameter),+] $($coupling)?);
    };
    (@ $law:ident, $error:ident, $name:literal, , $parameters:tt $($coupling:ident)?) => {
        $crate::distr::family!(@ $law, $error, $name, new, $parameters $($coupling)?);
    };
    (@ $law:ident, $error:ident, $name:literal, $new:ident, [$($parameter:ident: $type:ident = $value:expr),+] $($coupling:ident)?) => {
        impl<T: $crate::scalar::Scalar> $crate::distr::Family for $law<T> {
            type Law<S: $crate::scalar::Scalar> = $law<S>;
            type Error = $error;
            const NAME: &'static str = $name;
            const PARAMETERS: &'static [&'static str] = &[$(stringify!($parameter)),+];
            $(
                #[doc = concat!("An own ", stringify!($coupling), ".")]
                const DRAWS_ARE_QUANTILES: bool = false;
            )?

            fn law<S: $crate::scalar::Scalar>(parameters: &[S]) -> Result<$law<S>, $error> {
                let &[$($parameter),+] = parameters else {
                    panic!("{} takes {} parameters, not {}", $name, <Self as $crate::distr::Family>::PARAMETERS.len(), parameters.len());
                };
                $law::$new($($value),+)
            }
        }

        #[cfg(feature = "serde")]
        impl<T: $crate::scalar::Scalar + ::serde::Serialize> ::serde::Serialize for $law<T> {
            fn serialize<Z: ::serde::Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
                #[derive(::serde::Serialize)]
                #[serde(rename = $name, bound(serialize = "T: ::serde::Serialize"))]
                struct Parameters<'a, T> {
                    $($parameter: $crate::distr::bound::field!($parameter, &'a $type),)+
                }
                let parameters = Parameters {
                    $($parameter: $crate::distr::bound::written!($parameter, &self.$parameter),)+
                };
                ::serde::Serialize::serialize(&parameters, serializer)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de, T: $crate::scalar::Scalar + ::serde::Deserialize<'de>> ::serde::Deserialize<'de> for $law<T> {
            fn deserialize<Z: ::serde::Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
                #[derive(::serde::Deserialize)]
                #[serde(rename = $name, deny_unknown_fields, bound(deserialize = "T: ::serde::Deserialize<'de>"))]
                struct Parameters<T> {
                    $($parameter: $crate::distr::bound::field!($parameter, $type),)+
                }
                let p: Parameters<T> = ::serde::Deserialize::deserialize(deserializer)?;
                $law::$new($($crate::distr::bound::read!($parameter, p.$parameter)),+).map_err(::serde::de::Error::custom)
            }
        }
    };
}

/// The list of laws with plain parameters: `module: Law;`, and of it their names for the outside and `for_each_family!`.
/// Modules stand beside it: rustfmt finds no file whose `mod` a macro makes.
macro_rules! laws {
    (($d:tt) $($(#[$cfg:meta])* $module:ident: $law:ident $(, $error:ident)?;)+) => {
        $(
            $(#[$cfg])*
            pub use $module::{$law $(, $error)?};
        )+

        /// Every family with plain parameters, once: `for_each_family!(f)` calls the macro `f` with each type's name in turn.
        #[doc(hidden)]
        #[macro_export]
        macro_rules! for_each_family {
            ($d do:ident) => {
                $($(#[$cfg])* $d do!($law);)+
            };
        }
    };
}

/// States the parameters of a law once. Of this come the constructor with its `# Errors`, the checks, `Parameter` constants to
/// compare errors with, getters, [`Family`](crate::distr::Family), and (de)serialization.
///
/// `parameters! { Normal, "normal", "a normal law"; /// docs  new(mean as location: REAL, std_dev: POSITIVE) }`: a
/// getter has the name after `as` where the parameter's own is a method of `Continuous`. `own coupling` after the
/// parameters: [`Family::DRAWS_ARE_QUANTILES`](crate::distr::Family::DRAWS_ARE_QUANTILES) is false. What the
/// constructor builds follows where fields are more than parameters: `=> Exponential { rate, scale: rate.recip() }`.
macro_rules! parameters {
    ($law:ident, $name:literal, $title:literal;
        $(#[$doc:meta])*
        $new:ident($($parameter:ident $(as $getter:ident)?: $range:tt),+) $(own $coupling:ident)? $(=> $build:expr)?
    ) => {
        impl<S: $crate::scalar::Scalar> $law<S> {
            $(#[$doc])*
            ///
            /// # Errors
            /// If
            $(#[doc = concat!("* `", stringify!($parameter), "` is not ", $crate::parameter::range!(text $range), ".")])+
            #[inline]
            pub fn $new($($parameter: S),+) -> Result<Self, $crate::parameter::LawError> {
                $($crate::parameter::check!($title, $parameter: $range);)+
                Ok($crate::distr::parameters!(@build $law [$($parameter),+] $($build)?))
            }
        }

        $crate::distr::getters!($law, [$($parameter $(as $getter)?),+]);
        $crate::distr::family!($law, LawError, $name, $new [$($parameter),+] $(own $coupling)?);
    };
    (@build $law:ident [$($parameter:ident),+]) => { $law { $($parameter),+ } };
    (@build $law:ident [$($parameter:ident),+] $build:expr) => { $build };
}

/// The parameters of a law as methods: one by the name of each, and `parameters()`, all in the order of the constructor.
///
/// `getters!(Normal, [mean as location, std_dev]);`: the name after `as` is the method's, where the parameter's own is a moment.
/// Parameters that are whole numbers stand first with their types, `[n: u32; lower, upper]`, and `parameters()` is left
/// out then.
macro_rules! getters {
    ($law:ident, [$($parameter:ident $(as $getter:ident)?),+]) => {
        impl<S: $crate::scalar::Scalar> $law<S> {
            /// The parameters in the order of the constructor.
            pub fn parameters(&self) -> [S; [$(stringify!($parameter)),+].len()] {
                [$(self.$parameter),+]
            }

            $($crate::distr::getters!(@one S, $parameter $($getter)?);)+
        }
    };
    ($law:ident, [; $($parameter:ident),+]) => { $crate::distr::getters!($law, [$($parameter),+]); };
    ($law:ident, [$($count:ident: $type:ty),+; $($parameter:ident),*]) => {
        impl<S: $crate::scalar::Scalar> $law<S> {
            $($crate::distr::getters!(@one $type, $count);)+
            $($crate::distr::getters!(@one S, $parameter);)*
        }
    };
    (@one $type:ty, $parameter:ident) => { $crate::distr::getters!(@one $type, $parameter $parameter); };
    (@one $type:ty, $parameter:ident $getter:ident) => {
        #[doc = concat!("The parameter `", stringify!($parameter), "`.")]
        #[inline]
        pub fn $getter(&self) -> $type {
            self.$parameter
        }
    };
}
pub(crate) use {family, getters, laws, parameters};

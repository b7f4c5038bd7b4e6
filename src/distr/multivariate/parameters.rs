//! Laws (de)serialize as structures of the parameters of a constructor.

/// With the feature `serde`, implements serialization as a structure and deserialization through a constructor, so that no invalid
/// law comes in from outside.
///
/// `parameters!([S: Scalar, D: Dim] Law<S, D> where [DefaultAllocator: Square<D>], over [S], "name",
/// law => { df: Number(S) = &law.df, mean: Vector(OVector<S, D>) = &law.mean }, Law::new(df, mean));`: the generics, the types that are
/// (de)serialized themselves, the fields with their form, and the constructor of what was read.
macro_rules! parameters {
    ([$($generics:tt)+] $law:ty $(where [$($bounds:tt)+])?, over [$($over:ident),*], $name:literal,
        $this:ident => { $($field:ident: $form:ident($type:ty) = $value:expr),+ $(,)? }, $new:expr) => {
        #[cfg(feature = "serde")]
        impl<$($generics)+> ::serde::Serialize for $law
        where
            $($over: ::serde::Serialize,)*
            $($($bounds)+)?
        {
            // a type for each field, of its name
            #[allow(non_camel_case_types)]
            fn serialize<Z: ::serde::Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
                #[derive(::serde::Serialize)]
                #[serde(rename = $name)]
                struct Parameters<$($field),+> { $($field: $field),+ }
                let $this = self;
                let parameters = Parameters { $($field: $crate::linalg::serde::$form($value)),+ };
                ::serde::Serialize::serialize(&parameters, serializer)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de, $($generics)+> ::serde::Deserialize<'de> for $law
        where
            $($over: ::serde::Deserialize<'de>,)*
            $($($bounds)+)?
        {
            #[allow(non_camel_case_types)]
            fn deserialize<Z: ::serde::Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
                #[derive(::serde::Deserialize)]
                #[serde(rename = $name, deny_unknown_fields)]
                struct Parameters<$($field),+> { $($field: $field),+ }
                let parameters: Parameters<$($crate::linalg::serde::$form<$type>),+> =
                    ::serde::Deserialize::deserialize(deserializer)?;
                $(let $crate::linalg::serde::$form($field) = parameters.$field;)+
                ($new).map_err(::serde::de::Error::custom)
            }
        }
    };
}
pub(super) use parameters;

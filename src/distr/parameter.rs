//! Parameters of laws, stated once: names, ranges, and what follows from them.

use core::fmt;

/// A parameter of a law: its name and where it may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Parameter {
    /// The law, as it stands in a sentence: "a normal law".
    pub law: &'static str,
    /// The name.
    pub name: &'static str,
    /// Where it may be.
    pub range: Range,
}

/// Where a parameter may be.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Range {
    /// Between two numbers, inclusively.
    Between(f64, f64),
    /// Between 1e-150 and 1e150, and its reciprocal too.
    Rate,
    /// A condition on several parameters, in words.
    Such(&'static str),
}

impl Range {
    /// Whether a number is in it; NaN never is.
    #[inline]
    pub fn contains(&self, x: f64) -> bool {
        match *self {
            Range::Between(low, high) => (low..=high).contains(&x),
            Range::Rate => (1e-150..=1e150).contains(&x) && (1e-150..=1e150).contains(&(1.0 / x)),
            Range::Such(_) => false,
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Range::Between(low, high) => write!(f, "in [{low:e}, {high:e}]"),
            Range::Rate => f.write_str("in [1e-150, 1e150]"),
            Range::Such(condition) => f.write_str(condition),
        }
    }
}

/// Why the parameters of a law were refused: which one, where it must be, and what it was.
///
/// Equal to another one if it is of the same parameter, whatever the number.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// fn sum(rng: &mut impl Rng, scale: f64) -> Result<f64, LawError> {
///     Ok(Normal::new(0.0, scale)?.sample(rng) + LogNormal::new(0.0, 1.0)?.sample(rng))
/// }
/// let error = sum(&mut Xoshiro256PlusPlus::seed_from_u64(1), -2.0).unwrap_err();
/// assert_eq!((error.parameter(), error.value()), ("std_dev", -2.0));
/// assert_eq!(error.to_string(), "the std_dev of a normal law must be in [1e-150, 1e150], not -2e0");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct LawError {
    parameter: &'static Parameter,
    value: f64,
}

impl LawError {
    #[cold]
    pub(crate) fn new(parameter: &'static Parameter, value: f64) -> Self {
        LawError { parameter, value }
    }

    /// The law, as it stands in a sentence: "a normal law".
    pub fn law(&self) -> &'static str {
        self.parameter.law
    }

    /// The name of the parameter that was refused.
    pub fn parameter(&self) -> &'static str {
        self.parameter.name
    }

    /// Where it must be.
    pub fn range(&self) -> Range {
        self.parameter.range
    }

    /// What it was.
    pub fn value(&self) -> f64 {
        self.value
    }
}

impl PartialEq for LawError {
    fn eq(&self, other: &Self) -> bool {
        self.parameter == other.parameter
    }
}

impl fmt::Display for LawError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parameter { law, name, range } = self.parameter;
        write!(f, "the {name} of {law} must be {range}, not {:e}", self.value)
    }
}

impl core::error::Error for LawError {}

/// The ranges by name: as values, and as text for documentation.
macro_rules! range {
    (REAL) => {
        $crate::distr::Range::Between(-1e150, 1e150)
    };
    (POSITIVE) => {
        $crate::distr::Range::Between(1e-150, 1e150)
    };
    (RATE) => {
        $crate::distr::Range::Rate
    };
    (SLANT) => {
        $crate::distr::Range::Between(-1e100, 1e100)
    };
    (CV) => {
        $crate::distr::Range::Between(1e-75, 1e75)
    };
    (UNIT) => {
        $crate::distr::Range::Between(0.0, 1.0)
    };
    (text REAL) => {
        "[-1e150, 1e150]"
    };
    (text POSITIVE) => {
        "[1e-150, 1e150]"
    };
    (text RATE) => {
        "[1e-150, 1e150], and its reciprocal too"
    };
    (text SLANT) => {
        "[-1e100, 1e100]"
    };
    (text UNIT) => {
        "[0, 1]"
    };
}

/// Returns a [`LawError`] if a number is not in its range: `check!("a normal law", mean: REAL);`.
macro_rules! check {
    ($law:literal, $parameter:ident: $range:ident) => {{
        const PARAMETER: &$crate::distr::Parameter =
            &$crate::distr::Parameter { law: $law, name: stringify!($parameter), range: $crate::distr::range!($range) };
        if !PARAMETER.range.contains($parameter.re()) {
            return Err($crate::distr::LawError::new(PARAMETER, $parameter.re()));
        }
    }};
}

/// States the parameters of a law once. Of this come the constructor with its `# Errors`, the checks, `Parameter` constants to
/// compare errors with, getters, [`Family`](crate::distr::Family), and (de)serialization.
///
/// `parameters! { Normal, "normal", "a normal law"; /// docs  new(mean as location: REAL, std_dev: POSITIVE) }`: a getter has the
/// name after `as` where the parameter's own is a method of `Continuous`. What the constructor builds follows where
/// fields are more than parameters: `=> Exponential { rate, scale: rate.recip() }`.
macro_rules! parameters {
    ($law:ident, $name:literal, $title:literal;
        $(#[$doc:meta])*
        $new:ident($($parameter:ident $(as $getter:ident)?: $range:ident),+) $(=> $build:expr)?
    ) => {
        impl<S: $crate::scalar::Scalar> $law<S> {
            $(#[$doc])*
            ///
            /// # Errors
            #[doc = concat!("If one is outside its range: ", $("`", stringify!($parameter), "` in ", $crate::distr::range!(text $range), "; ",)+ "a [`LawError`](crate::distr::LawError) says which.")]
            #[inline]
            pub fn $new($($parameter: S),+) -> Result<Self, $crate::distr::LawError> {
                $($crate::distr::check!($title, $parameter: $range);)+
                Ok($crate::distr::parameters!(@build $law [$($parameter),+] $($build)?))
            }

            /// The parameters in the order of the constructor.
            pub fn parameters(&self) -> [S; [$(stringify!($parameter)),+].len()] {
                [$(self.$parameter),+]
            }

            $($crate::distr::parameters!(@getter $parameter $($getter)?);)+
        }

        $crate::distr::family!($law, LawError, $name, $new [$($parameter),+]);
    };
    (@build $law:ident [$($parameter:ident),+]) => { $law { $($parameter),+ } };
    (@build $law:ident [$($parameter:ident),+] $build:expr) => { $build };
    (@getter $parameter:ident) => { $crate::distr::parameters!(@getter $parameter $parameter); };
    (@getter $parameter:ident $getter:ident) => {
        #[doc = concat!("The parameter `", stringify!($parameter), "`.")]
        #[inline]
        pub fn $getter(&self) -> S {
            self.$parameter
        }
    };
}
pub(crate) use {check, parameters, range};

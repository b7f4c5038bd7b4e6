//! Parameters, stated once: names, ranges, checks, and the one error of all constructors.
//!
//! Stands on `scalar` alone.

use crate::scalar::Scalar;
use core::fmt;

/// A parameter of a law: its name and where it may be. What a [`LawError`] is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
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
    /// A condition, in words that follow "must be".
    Such(&'static str),
}

impl Range {
    /// Whether a number is in it; NaN never is. No number is in a range given in words.
    #[inline]
    pub fn contains(&self, x: f64) -> bool {
        match *self {
            Range::Between(low, high) => (low..=high).contains(&x),
            Range::Such(_) => false,
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Range::Between(low, high) => write!(f, "in [{}, {}]", Short(low), Short(high)),
            Range::Such(condition) => f.write_str(condition),
        }
    }
}

/// A number as a reader would write it: 0.25, -2, 1e150.
pub(crate) struct Short(pub f64);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Short(x) = *self;
        if x == 0.0 || !x.is_finite() || (1e-4..1e6).contains(&x.abs()) { write!(f, "{x}") } else { write!(f, "{x:e}") }
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
/// assert_eq!(error.to_string(), "the std_dev of a normal law must be in [1e-150, 1e150], not -2");
/// ```
#[derive(Clone, Copy)]
pub struct LawError {
    parameter: &'static Parameter,
    value: f64,
}

impl LawError {
    /// The error of a parameter of a law or choice of your own.
    ///
    /// ```
    /// use reparam::distr::{Parameter, Range};
    /// use reparam::prelude::*;
    /// static SIDES: Parameter = Parameter { law: "a die", name: "sides", range: Range::Between(1.0, 100.0) };
    /// fn die(sides: f64) -> Result<f64, LawError> {
    ///     if SIDES.range.contains(sides) { Ok(sides) } else { Err(LawError::new(&SIDES, sides)) }
    /// }
    /// assert_eq!(die(0.0).unwrap_err().to_string(), "the sides of a die must be in [1, 100], not 0");
    /// ```
    #[cold]
    pub fn new(parameter: &'static Parameter, value: f64) -> Self {
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
        write!(f, "the {name} of {law} must be {range}, not {}", Short(self.value))
    }
}

/// As `Display`: it is what `main` prints of an error that it returns.
impl fmt::Debug for LawError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for LawError {}

/// The ranges by name or as `[low, high]`: as values, and as text for documentation.
///
/// A count of at most 1e15 is an exact double with room to spare.
macro_rules! range {
    (REAL) => {
        $crate::parameter::Range::Between(-1e150, 1e150)
    };
    (POSITIVE) => {
        $crate::parameter::Range::Between(1e-150, 1e150)
    };
    (SLANT) => {
        $crate::parameter::Range::Between(-1e100, 1e100)
    };
    (UNIT) => {
        $crate::parameter::Range::Between(0.0, 1.0)
    };
    (COUNT) => {
        $crate::parameter::Range::Between(0.0, 1e15)
    };
    (TEMPERATURE) => {
        $crate::parameter::Range::Between(1e-6, 1e6)
    };
    ([$low:literal, $high:literal]) => {
        $crate::parameter::Range::Between($low, $high)
    };
    ($such:literal) => {
        $crate::parameter::Range::Such($such)
    };
    (text REAL) => {
        "in [-1e150, 1e150]"
    };
    (text POSITIVE) => {
        "in [1e-150, 1e150]"
    };
    (text SLANT) => {
        "in [-1e100, 1e100]"
    };
    (text UNIT) => {
        "in [0, 1]"
    };
    (text [$low:literal, $high:literal]) => {
        concat!("in [", $low, ", ", $high, "]")
    };
    (text $such:literal) => {
        $such
    };
}

/// Returns a [`LawError`] if a parameter is not where it must be.
///
/// `check!("a normal law", mean: REAL);` by the name of a range, `check!("a beta law", alpha: [1e-100, 1e100]);` by its
/// ends, `check!("a uniform law", upper: "above lower" if upper.re() > lower.re());` by a condition in words. A
/// parameter that is no scalar gives its value as a number: `check!("a binomial law", trials, trials as f64; COUNT);`,
/// `check!("an LKJ law", size, d as f64; "1 or larger" if d > 0);`. Of a vector or matrix every entry is checked, `mean:
/// each REAL`, or a function finds the value at fault, if there is one: `check!("a Wishart law", cholesky; "lower
/// triangular" unless above_diagonal(&cholesky));`.
macro_rules! check {
    ($law:literal, $parameter:ident: $such:literal if $condition:expr) => {
        $crate::parameter::check!(@such $law, $parameter, $parameter.re(), $such, $condition)
    };
    ($law:literal, $parameter:ident, $value:expr; $such:literal if $condition:expr) => {
        $crate::parameter::check!(@such $law, $parameter, $value, $such, $condition)
    };
    ($law:literal, $parameter:ident: each $range:tt) => {
        for entry in $parameter.iter() {
            $crate::parameter::check!(@in $law, $parameter, entry.re(), $range);
        }
    };
    ($law:literal, $parameter:ident; $such:literal unless $fault:expr) => {
        if let Some(value) = $fault {
            $crate::parameter::refuse!($law, $parameter, value; $such)
        }
    };
    ($law:literal, $parameter:ident: $range:tt) => {
        $crate::parameter::check!(@in $law, $parameter, $parameter.re(), $range);
    };
    ($law:literal, $parameter:ident, $value:expr; $range:tt) => {
        $crate::parameter::check!(@in $law, $parameter, $value, $range);
    };
    (@in $law:literal, $parameter:ident, $value:expr, $range:tt) => {{
        const PARAMETER: &$crate::parameter::Parameter = &$crate::parameter::Parameter {
            law: $law,
            name: stringify!($parameter),
            range: $crate::parameter::range!($range),
        };
        if !PARAMETER.range.contains($value) {
            return Err($crate::parameter::LawError::new(PARAMETER, $value));
        }
    }};
    (@such $law:literal, $parameter:ident, $value:expr, $such:literal, $condition:expr) => {
        let valid = $condition;
        if !valid {
            $crate::parameter::refuse!($law, $parameter, $value; $such)
        }
    };
}

/// Returns the [`LawError`] of a parameter that is not as the words say it must be:
/// `refuse!("a truncated normal law", upper, upper.re(); "above lower")`.
macro_rules! refuse {
    ($law:literal, $parameter:ident, $value:expr; $such:literal) => {{
        const PARAMETER: &$crate::parameter::Parameter = &$crate::parameter::Parameter {
            law: $law,
            name: stringify!($parameter),
            range: $crate::parameter::Range::Such($such),
        };
        return Err($crate::parameter::LawError::new(PARAMETER, $value));
    }};
}

pub(crate) use {check, range, refuse};

/// The largest size of a parameter, and the reciprocal of the smallest: their squares and products are doubles.
pub(crate) const LARGEST: f64 = 1e150;

/// Whether a parameter is a number in [-1e150, 1e150].
#[inline]
pub(crate) fn in_range<S: Scalar>(x: S) -> bool {
    x.re().abs() <= LARGEST
}

/// Whether a parameter is a number in [1e-150, 1e150].
#[inline]
pub(crate) fn positive<S: Scalar>(x: S) -> bool {
    (1.0 / LARGEST..=LARGEST).contains(&x.re())
}

/// Whether a number is in [0, 1].
#[inline]
pub(crate) fn is_probability<S: Scalar>(p: S) -> bool {
    (0.0..=1.0).contains(&p.re())
}

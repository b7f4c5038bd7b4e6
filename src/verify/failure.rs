//! What a check reports: all the properties that do not hold, with hints.

use core::fmt;
use std::string::String;
use std::vec::Vec;

/// A property that a law does not have.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Failure {
    /// The property.
    pub property: &'static str,
    /// Where, what was found, and what was allowed.
    pub found: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.property, self.found)?;
        match hint(self.property) {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

/// As `Display`: it is what `main` prints of an error that it returns.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for Failure {}

/// What is often behind a property that does not hold.
fn hint(property: &str) -> Option<&'static str> {
    Some(match property {
        "quantiles invert" | "quantiles from logarithms" | "ln_cdf, ln_sf are logarithms" => {
            "give `sf`: 1 - cdf loses digits in the upper tail; or look at less of it with `tails_from`"
        }
        "d cdf/dx = pdf" | "the pdf integrates to the cdf" => "the density of another law, or without its constant",
        "one value in every scalar" => "branch on `re()` and divide by `over`: values must not depend on the scalar",
        "derivatives agree with differences" => "a constant made of `re()`, or a branch without the derivative",
        _ => return None,
    })
}

/// How many failures of one property are kept.
const KEPT: usize = 3;

/// The properties that do not hold, all of them: the first three places of each, and how many more there are.
///
/// ```
/// use reparam::prelude::*;
/// use reparam::verify;
/// let failures = verify::family::<Normal<f64>>(&[0.0, -1.0]).check().unwrap_err();
/// assert_eq!(failures.iter().next().unwrap().property, "the parameters are valid");
/// assert_eq!(format!("{failures:?}"), failures.to_string());
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct Failures {
    kept: Vec<Failure>,
    more: usize,
}

impl Failures {
    /// The failures that were kept, in the order of the checks.
    pub fn iter(&self) -> core::slice::Iter<'_, Failure> {
        self.kept.iter()
    }

    pub(crate) fn put(&mut self, property: &'static str, found: String) {
        if self.kept.iter().filter(|other| other.property == property).count() < KEPT {
            self.kept.push(Failure { property, found });
        } else {
            self.more += 1;
        }
    }

    pub(crate) fn add(&mut self, result: Result<(), Failure>) {
        if let Err(Failure { property, found }) = result {
            self.put(property, found);
        }
    }

    pub(crate) fn extend(&mut self, result: Result<(), Failures>) {
        if let Err(failures) = result {
            self.more += failures.more;
            failures.kept.into_iter().for_each(|Failure { property, found }| self.put(property, found));
        }
    }

    pub(crate) fn into_result(self) -> Result<(), Failures> {
        if self.kept.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl From<Failure> for Failures {
    fn from(failure: Failure) -> Self {
        Failures { kept: std::vec![failure], more: 0 }
    }
}

/// One failure a line.
impl fmt::Display for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, failure) in self.kept.iter().enumerate() {
            write!(f, "{}{failure}", if i == 0 { "" } else { "\n" })?;
        }
        if self.more > 0 { write!(f, "\nand {} more", self.more) } else { Ok(()) }
    }
}

/// As `Display`.
impl fmt::Debug for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for Failures {}

/// `Err` with a property and a message unless the condition holds.
macro_rules! ensure {
    ($condition:expr, $property:expr, $($message:tt)+) => {
        // not `if !condition`: where a comparison meets NaN it does not hold
        let holds: bool = $condition;
        if !holds {
            return Err(Failure { property: $property, found: format!($($message)+) });
        }
    };
}
pub(crate) use ensure;

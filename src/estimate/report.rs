//! What an estimate says, and how it is printed.

use crate::scalar::math;
use core::fmt;

/// The value and gradient of an expectation, with standard errors: `G` is `[f64; N]` or `Vec<f64>`.
///
/// The standard errors are those of the means of independent samples: s / sqrt(n), s the sample standard deviation. They
/// mean what they say where the variance is finite.
///
/// Printed, it is one line for the value and one for each derivative, with two digits of the standard error or with the
/// formatter's precision:
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::{estimate, prelude::*};
///
/// let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
/// let e = estimate::pathwise([2.0], |[x], _: &mut Xoshiro256PlusPlus| x * x).samples(10).run(&mut rng).unwrap();
/// assert_eq!(e.to_string(), "value    4 ± 0\nd/dθ[0]  4 ± 0");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Estimate<G> {
    /// The number of samples.
    pub samples: u64,
    /// The mean of the samples.
    pub value: f64,
    /// Its standard error.
    pub value_se: f64,
    /// The mean of the samples' derivatives, one for each parameter.
    pub gradient: G,
    /// Their standard errors.
    pub gradient_se: G,
}

impl<G: AsRef<[f64]>> fmt::Display for Estimate<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("value    ")?;
        with_error(f, self.value, self.value_se)?;
        for (i, (d, se)) in self.gradient.as_ref().iter().zip(self.gradient_se.as_ref()).enumerate() {
            write!(f, "\nd/dθ[{i}]  ")?;
            with_error(f, *d, *se)?;
        }
        Ok(())
    }
}

/// `value ± se`: to the formatter's precision, or to two significant digits of the standard error.
pub(super) fn with_error(f: &mut fmt::Formatter<'_>, value: f64, se: f64) -> fmt::Result {
    if let Some(precision) = f.precision() {
        return write!(f, "{value:.precision$} ± {se:.precision$}");
    }
    if !(1e-12..1e6).contains(&se) {
        return write!(f, "{value} ± {se}");
    }
    let decimals = (1.0 - math::floor(math::log10(se))).max(0.0) as usize;
    write!(f, "{value:.decimals$} ± {se:.decimals$}")
}

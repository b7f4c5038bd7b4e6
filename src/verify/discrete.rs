//! The harness for discrete laws: what any of them must obey, and the derivatives over several scalars.

use super::any_discrete::{AnyDiscreteFamily, DiscreteOf};
use super::discrete_checks::Checks;
use super::failure::Failures;
use crate::distr::DiscreteFamily;
use core::marker::PhantomData;

/// The checks of a discrete family at one set of parameters; made by [`discrete()`].
#[derive(Clone, Debug)]
pub struct DiscreteCheck<'a, F> {
    integers: &'a [i64],
    parameters: &'a [f64],
    draws: usize,
    tolerance: f64,
    family: PhantomData<F>,
}

/// Checks a family of discrete laws at a set of integers and parameters.
///
/// | property | how |
/// |---|---|
/// | masses | pmf = exp(ln_pmf); their sum is 1; cdf and sf are their sums, and differ by them from one outcome to the next |
/// | tails | cdf + sf = 1; ln_cdf, ln_sf are their logarithms; both monotone; nothing outside the support |
/// | quantiles | the smallest outcome whose cdf reaches p, from 1e-200 to 1/2 in both tails |
/// | moments | mean, variance and entropy are sums; no outcome is more probable than the mode |
/// | draws | Pearson's chi-squared test and the mean, both at five sigma |
/// | derivatives | of ln_pmf, pmf and all tails, mean, variance and entropy, in every parameter to the third order against finite differences |
/// | values | the real part of everything is the same number bit for bit in every scalar type |
///
/// Sums are taken where the support, up to 1e-17 at both ends, has no more than 20 000 outcomes.
///
/// Not checked: mixed derivatives of two parameters, derivatives at a parameter on the edge of its range, outcomes between those
/// looked at where the support is larger, whether draws are independent of each other.
///
/// ```
/// use reparam::prelude::*;
/// use reparam::verify;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// verify::discrete::<Binomial<f64>>(&[10], &[0.3]).check()?;
/// # Ok(()) }
/// ```
pub fn discrete<'a, F: DiscreteFamily>(integers: &'a [i64], parameters: &'a [f64]) -> DiscreteCheck<'a, F> {
    DiscreteCheck { integers, parameters, draws: 100_000, tolerance: 1e-6, family: PhantomData }
}

impl<F: DiscreteFamily> DiscreteCheck<'_, F> {
    /// How many draws are tested; 100 000 unless told.
    #[must_use]
    pub fn draws(mut self, draws: usize) -> Self {
        self.draws = draws;
        self
    }

    /// The relative tolerance of derivatives; 1e-6 unless told.
    #[must_use]
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Runs all checks.
    ///
    /// # Errors
    /// All properties that do not hold, and where; parameters that the family refuses.
    pub fn check(&self) -> Result<(), Failures> {
        self.checks(&DiscreteOf::<F>::new()).all()
    }

    /// Checks only the plain law: masses, tails, quantiles and moments.
    ///
    /// # Errors
    /// All properties that do not hold, and where.
    pub fn check_law(&self) -> Result<(), Failures> {
        self.checks(&DiscreteOf::<F>::new()).law()
    }

    /// Checks only the draws: Pearson's chi-squared test and the mean.
    ///
    /// # Errors
    /// The first property that does not hold.
    pub fn check_samples(&self) -> Result<(), Failures> {
        self.checks(&DiscreteOf::<F>::new()).samples()
    }

    /// Checks only that the real part of everything is one number in every scalar type.
    ///
    /// # Errors
    /// For each scalar type, the first number that is not.
    pub fn check_values(&self) -> Result<(), Failures> {
        self.checks(&DiscreteOf::<F>::new()).values()
    }

    /// Checks only the derivatives, to the third order. A parameter at the edge of its range is passed over.
    ///
    /// # Errors
    /// The derivatives that differ from finite differences of the order below, or are NaN.
    pub fn check_derivatives(&self) -> Result<(), Failures> {
        self.checks(&DiscreteOf::<F>::new()).derivatives()
    }

    fn checks<'b>(&'b self, family: &'b dyn AnyDiscreteFamily) -> Checks<'b> {
        Checks {
            family,
            integers: self.integers,
            parameters: self.parameters,
            draws: self.draws,
            tolerance: self.tolerance,
        }
    }
}

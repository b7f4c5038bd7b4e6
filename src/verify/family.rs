//! The harness over several scalars: derivatives in every parameter, and one value whatever the scalar.

use super::any_law::{AnyFamily, Of, refused};
use super::any_number::{AnyNumber, Kind, in_kind, variables};
use super::failure::{Failure, Failures};
use super::in_scalars::{InScalars, same_numbers};
use super::law::LawCheck;
use crate::distr::Family;
use crate::scalar::Scalar;
use core::marker::PhantomData;
use rand::SeedableRng;
use rand::distr::Distribution;
use rand_xoshiro::Xoshiro256PlusPlus;
use std::vec::Vec;

/// The checks of a family at one set of parameters; made by [`family()`].
#[derive(Clone, Debug)]
pub struct FamilyCheck<'a, F> {
    parameters: &'a [f64],
    draws: usize,
    tolerance: f64,
    tails: (f64, f64),
    family: PhantomData<F>,
}

/// Checks a family at a set of parameters: [`law()`](super::law()) and, beyond it, the derivatives of quantiles at
/// fixed probability and of draws at fixed noise in every parameter to the third order against finite differences (of
/// draws by rejection, against those of the quantile at the draw's probability; of draws with a coupling of their own,
/// see [`Family::DRAWS_ARE_QUANTILES`], in expectation), and that the real part of everything is the same number bit
/// for bit in every scalar type.
///
/// ```
/// use reparam::prelude::*;
/// use reparam::verify;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// verify::family::<Normal<f64>>(&[1.0, 2.0]).check()?;
/// # Ok(()) }
/// ```
///
/// A law of your own, made by [`FromCdf`](crate::distr::FromCdf), [`FromQuantile`](crate::distr::FromQuantile) or
/// [`FromLogDensity`](crate::distr::FromLogDensity), is checked in the same way, if its function has a `Default`; any
/// other one becomes a family by [`Family`].
///
/// ```
/// use reparam::prelude::*;
/// use reparam::verify;
///
/// /// F(x) = 1 - exp(-exp(x - location)), and 1 - F.
/// #[derive(Clone, Copy, Default)]
/// struct Smallest;
/// impl Cdf<1> for Smallest {
///     fn cdf<S: Scalar>(&self, [location]: [S; 1], x: S) -> S {
///         -(-(x - location).exp()).exp_m1()
///     }
///     fn sf<S: Scalar>(&self, [location]: [S; 1], x: S) -> S {
///         (-(x - location).exp()).exp()
///     }
/// }
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// verify::family::<FromCdf<Smallest, f64, 1>>(&[0.5]).check_derivatives()?;
/// # Ok(()) }
/// ```
///
/// Not checked: derivatives of densities, tails and moments in parameters, mixed derivatives of two parameters, fourth
/// and higher orders, derivatives at a parameter on the edge of its range.
pub fn family<F: Family>(parameters: &[f64]) -> FamilyCheck<'_, F> {
    FamilyCheck { parameters, draws: 100_000, tolerance: 1e-6, tails: (0.0, 0.0), family: PhantomData }
}

impl<F: Family> FamilyCheck<'_, F> {
    /// How many draws [`law()`](super::law()) tests.
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

    /// The smallest probability of a tail at which the plain law is looked at, and the relative error that tails may
    /// have beside rounding, as [`LawCheck`](super::LawCheck) takes them: for a law whose `sf` is 1 - cdf.
    #[must_use]
    pub fn tails(mut self, from: f64, tolerance: f64) -> Self {
        self.tails = (from, tolerance);
        self
    }

    /// Runs all checks.
    ///
    /// # Errors
    /// All properties that do not hold, and where; parameters that the family refuses.
    pub fn check(&self) -> Result<(), Failures> {
        self.in_scalars(&Of::<F>::new()).all(self.tails)
    }

    /// Checks only that the real part of everything is one number in every scalar type.
    ///
    /// # Errors
    /// For each scalar type, the first number that is not.
    pub fn check_values(&self) -> Result<(), Failures> {
        self.in_scalars(&Of::<F>::new()).values()
    }

    /// Checks only the derivatives of quantiles and draws, to the third order. A parameter at the edge of its range is
    /// passed over.
    ///
    /// # Errors
    /// The derivatives that differ from finite differences of the order below, or are NaN.
    pub fn check_derivatives(&self) -> Result<(), Failures> {
        self.in_scalars(&Of::<F>::new()).derivatives()
    }

    /// Checks only the derivatives at the finite ends of the support and next to them, as
    /// [`Continuous`](crate::distr::Continuous) states them: the slope of a tail is the density from inside, that of a
    /// quantile its reciprocal, no derivative to the second order is NaN, the curvature of a tail is the slope of
    /// the density, and that is the slope from inside; all in numbers of either order. Not part of [`FamilyCheck::check`]: a law made of a user's function may not know its end.
    ///
    /// # Errors
    /// The derivatives that are not.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// use reparam::verify;
    /// assert_eq!(verify::family::<Exponential<f64>>(&[2.0]).check_end_slopes(), Ok(()));
    /// ```
    pub fn check_end_slopes(&self) -> Result<(), Failures> {
        self.in_scalars(&Of::<F>::new()).end_slopes()
    }

    /// Draws of a seed, if they are the same numbers in every scalar type.
    ///
    /// # Errors
    /// For each scalar type, the first draw that is not; parameters that the family refuses.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// use reparam::verify;
    /// let draws = verify::family::<Normal<f64>>(&[0.0, 1.0]).draws_in_every_scalar(42, 3).unwrap();
    /// assert_eq!(draws.len(), 3);
    /// ```
    pub fn draws_in_every_scalar(&self, seed: u64, draws: usize) -> Result<Vec<f64>, Failures> {
        let plain = draws_of::<F, f64>(self.parameters, seed, draws)?;
        let mut failures = Failures::default();
        for kind in Kind::ALL {
            let found = in_kind(*kind, || match kind.order() {
                1 => draws_of::<F, AnyNumber<1>>(&variables(self.parameters), seed, draws),
                2 => draws_of::<F, AnyNumber<2>>(&variables(self.parameters), seed, draws),
                _ => draws_of::<F, AnyNumber<3>>(&variables(self.parameters), seed, draws),
            })?;
            failures.add(same_numbers(kind.name(), &plain, &found));
        }
        failures.into_result().map(|()| plain)
    }

    fn in_scalars<'b>(&'b self, family: &'b dyn AnyFamily) -> InScalars<'b> {
        InScalars { family, parameters: self.parameters, draws: self.draws, tolerance: self.tolerance }
    }
}

impl InScalars<'_> {
    fn all(&self, (from, tolerance): (f64, f64)) -> Result<(), Failures> {
        let plain = self.plain()?;
        let mut failures = Failures::default();
        failures.extend(LawCheck::new(&*plain).draws(self.draws).tails_from(from).tolerance(tolerance).check());
        failures.extend(self.values());
        failures.extend(self.derivatives());
        failures.into_result()
    }
}

fn draws_of<F: Family, S: Scalar>(parameters: &[S], seed: u64, draws: usize) -> Result<Vec<f64>, Failure> {
    let law = F::law(parameters).map_err(|e| refused(&e))?;
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    Ok((0..draws).map(|_| law.sample(&mut rng).re()).collect())
}

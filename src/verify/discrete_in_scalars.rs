//! The checks of a discrete family over several scalars, compiled once for all families.

use super::any_discrete::{AnyDiscreteLaw, DiscreteLaws};
use super::any_number::{AnyNumber, Kind, in_kind, variables};
use super::difference::{Univariate, agrees};
use super::discrete_checks::{Checks, TAILS};
use super::failure::{Failure, Failures, ensure};
use super::in_scalars::same_numbers;
use crate::scalar::Scalar;
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use std::boxed::Box;
use std::format;
use std::string::String;
use std::vec::Vec;

/// The types whose values are compared with those of `f64`.
const OF_VALUES: &[Kind] = &[
    Kind::Pair,
    Kind::Second,
    #[cfg(feature = "num-dual")]
    Kind::Dual,
    #[cfg(feature = "num-dual")]
    Kind::Dual3,
    #[cfg(feature = "num-dual")]
    Kind::HyperDual,
];

impl<'a> Checks<'a> {
    /// The real part of everything is one number in every scalar type.
    pub(super) fn values(&self) -> Result<(), Failures> {
        let points = self.points(&*self.plain()?);
        let plain = numbers::<f64>(&*self.plain()?, &points);
        let mut failures = Failures::default();
        for kind in OF_VALUES {
            let found = in_kind(*kind, || match kind.order() {
                1 => self.numbers_in::<1>(self.family, &points),
                2 => self.numbers_in::<2>(self.family, &points),
                _ => self.numbers_in::<3>(self.family, &points),
            })?;
            failures.add(same_numbers(kind.name(), &plain, &found));
        }
        failures.into_result()
    }

    fn numbers_in<const ORDER: usize>(
        &self,
        family: &dyn DiscreteLaws<AnyNumber<ORDER>>,
        points: &[i128],
    ) -> Result<Vec<f64>, Failure> {
        Ok(numbers(&*family.law(self.integers, &variables(self.parameters))?, points))
    }

    /// The law with parameter `i` made a variable of the caller's kind.
    fn with<S: Scalar>(
        &self,
        family: &'a dyn DiscreteLaws<S>,
        i: usize,
        variable: S,
    ) -> Option<Box<dyn AnyDiscreteLaw<S> + 'a>> {
        let mut parameters: Vec<S> = self.parameters.iter().map(|x| S::from(*x)).collect();
        parameters[i] = variable;
        family.law(self.integers, &parameters).ok()
    }

    /// The highest derivative that a type carries, of a number of the law in parameter i at t.
    fn derivative(&self, kind: Kind, i: usize, t: f64, number: Of, k: i128) -> f64 {
        let orders = in_kind(kind, || match kind.order() {
            1 => self.orders_in::<1>(self.family, i, t, number, k),
            2 => self.orders_in::<2>(self.family, i, t, number, k),
            _ => self.orders_in::<3>(self.family, i, t, number, k),
        });
        orders.map_or(f64::NAN, |orders| orders[kind.order()])
    }

    fn orders_in<const ORDER: usize>(
        &self,
        family: &'a dyn DiscreteLaws<AnyNumber<ORDER>>,
        i: usize,
        t: f64,
        number: Of,
        k: i128,
    ) -> Option<[f64; 4]> {
        Some(number.at(&*self.with(family, i, AnyNumber::variable(t))?, k).derivatives())
    }

    /// The derivatives, to the third order. A parameter at the edge of its range is passed over.
    pub(super) fn derivatives(&self) -> Result<(), Failures> {
        let mut failures = Failures::default();
        let points = self.points(&*self.plain()?);
        // eight of them, from end to end: differences are dear where tails are sums
        let few = points.iter().step_by(points.len().div_ceil(8).max(1));
        for i in 0..self.parameters.len() {
            let at = self.parameters[i];
            let step = 1e-8 * if at == 0.0 { 1.0 } else { at.abs() };
            if [at - step, at + step].iter().any(|t| self.with::<f64>(self.family, i, *t).is_none()) {
                continue;
            }
            for k in few.clone() {
                for of in [Of::LnPmf, Of::Pmf, Of::Cdf, Of::Sf, Of::LnCdf, Of::LnSf] {
                    failures.add(self.derivative_of(i, at, of, *k));
                }
            }
            for of in [Of::Mean, Of::Variance, Of::Entropy] {
                failures.add(self.derivative_of(i, at, of, 0));
            }
        }
        failures.into_result()
    }

    /// First, second and third derivative of a number of the law in parameter i, each against differences of the one below.
    fn derivative_of(&self, i: usize, at: f64, number: Of, k: i128) -> Result<(), Failure> {
        let order_of = |kind: Kind, t: f64| self.derivative(kind, i, t, number, k);
        let value = |t: f64| self.with::<f64>(self.family, i, t).map_or(f64::NAN, |law| number.at(&*law, k));
        let first = |t: f64| order_of(Kind::First, t);
        let second = |t: f64| order_of(Kind::Second, t);
        let unit = if at == 0.0 { 1.0 } else { at.abs() };
        let orders: [(usize, f64, Univariate); 3] =
            [(1, first(at), &value), (2, second(at), &first), (3, order_of(Kind::Third, at), &second)];
        let mut floor = 0.0;
        for (order, dual, below) in orders {
            let scale = (below(at).abs().max(number.rounding()) / unit).max(floor);
            floor = number.cancellation() * scale / unit;
            let what = || -> String {
                format!("{number:?}({k}), order {order} in {} at {:?}", self.family.parameters()[i], self.parameters)
            };
            ensure!(!dual.is_nan(), "derivatives are numbers", "{}: {dual}", what());
            if !(dual.is_finite() && scale < 1e200 && scale > 1e-200) {
                continue;
            }
            agrees(below, at, &[dual], scale, self.tolerance).map_err(|difference| Failure {
                property: "derivatives agree with differences",
                found: format!("{}: {dual:e} and {difference:?}, allowed {:e} of {scale:e}", what(), self.tolerance),
            })?;
        }
        Ok(())
    }
}

/// All numbers that a law gives at the points, and draws.
fn numbers<S: Scalar>(law: &dyn AnyDiscreteLaw<S>, points: &[i128]) -> Vec<f64> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
    let mut outcomes: Vec<i128> = (0..100).map(|_| law.sample(&mut rng)).collect();
    outcomes.extend(TAILS.iter().flat_map(|p| [law.quantile(*p), law.isf(*p)]).flatten());
    outcomes.extend([law.mode(), law.support().0, law.support().1]);
    let mut numbers: Vec<f64> = outcomes.into_iter().map(|k| k as f64).collect();
    for k in points {
        let of = [law.ln_pmf(*k), law.pmf(*k), law.cdf(*k), law.sf(*k), law.ln_cdf(*k), law.ln_sf(*k)];
        numbers.extend(of.map(S::re));
    }
    numbers.extend([law.mean(), law.variance(), law.entropy()].map(S::re));
    numbers
}

/// A number that a law gives.
#[derive(Clone, Copy, Debug)]
enum Of {
    LnPmf,
    Pmf,
    Cdf,
    Sf,
    LnCdf,
    LnSf,
    Mean,
    Variance,
    Entropy,
}

impl Of {
    /// The size below which a number is not known in relative terms: logarithms of masses near 1, and with them entropies near 0, are
    /// sums of larger ones.
    fn rounding(self) -> f64 {
        if matches!(self, Of::LnPmf | Of::Entropy) { 1e-8 } else { 0.0 }
    }

    /// By how much the derivatives of one order may be smaller than those of the order below and still be known: an entropy is a sum
    /// of terms that cancel.
    fn cancellation(self) -> f64 {
        if matches!(self, Of::Entropy) { 1e-2 } else { 1e-6 }
    }

    fn at<S: Scalar>(self, law: &dyn AnyDiscreteLaw<S>, k: i128) -> S {
        match self {
            Of::LnPmf => law.ln_pmf(k),
            Of::Pmf => law.pmf(k),
            Of::Cdf => law.cdf(k),
            Of::Sf => law.sf(k),
            Of::LnCdf => law.ln_cdf(k),
            Of::LnSf => law.ln_sf(k),
            Of::Mean => law.mean(),
            Of::Variance => law.variance(),
            Of::Entropy => law.entropy(),
        }
    }
}

//! The checks of a family over several scalars, compiled once for all families.

use super::any_law::{AnyFamily, AnyLaw, Laws};
use super::any_number::{AnyNumber, Kind, in_kind, variables};
use super::difference::{Univariate, agrees};
use super::failure::{Failure, Failures, ensure};
use super::law::TAILS;
use super::statistics::mean_of;
use crate::scalar::Scalar;
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use std::boxed::Box;
use std::format;
use std::vec::Vec;

/// The types whose values are compared with those of `f64`.
const OF_VALUES: &[Kind] = &[
    Kind::Pair,
    Kind::Second,
    #[cfg(feature = "num-dual")]
    Kind::Dual,
    #[cfg(feature = "num-dual")]
    Kind::Dual2,
    #[cfg(feature = "num-dual")]
    Kind::Dual3,
    #[cfg(feature = "num-dual")]
    Kind::HyperDual,
    #[cfg(feature = "num-dual")]
    Kind::DualVec,
    #[cfg(feature = "num-dual")]
    Kind::DualOfDual,
];

/// The types whose derivatives are compared with differences.
const OF_DERIVATIVES: &[Kind] = &[
    Kind::Third,
    #[cfg(feature = "num-dual")]
    Kind::Dual,
    #[cfg(feature = "num-dual")]
    Kind::Dual2,
    #[cfg(feature = "num-dual")]
    Kind::Dual3,
    #[cfg(feature = "num-dual")]
    Kind::HyperDual,
    #[cfg(feature = "num-dual")]
    Kind::DualOfDual,
];

/// A family at one set of parameters.
#[derive(Clone, Copy)]
pub(super) struct InScalars<'a> {
    pub(super) family: &'a dyn AnyFamily,
    pub(super) parameters: &'a [f64],
    pub(super) draws: usize,
    pub(super) tolerance: f64,
}

impl<'a> InScalars<'a> {
    /// The law in plain numbers.
    pub(super) fn plain(&self) -> Result<Box<dyn AnyLaw<f64> + 'a>, Failure> {
        self.family.law(self.parameters)
    }

    /// The law with parameter `i` made a variable of the caller's kind.
    fn with<S: Scalar>(&self, family: &'a dyn Laws<S>, i: usize, variable: S) -> Option<Box<dyn AnyLaw<S> + 'a>> {
        let mut parameters: Vec<S> = self.parameters.iter().map(|x| S::from(*x)).collect();
        parameters[i] = variable;
        family.law(&parameters).ok()
    }

    /// The plain law's number where parameter `i` is at t.
    fn value(&self, i: usize, t: f64, number: Number) -> f64 {
        self.with::<f64>(self.family, i, t).map_or(f64::NAN, |law| number.of(&*law))
    }

    /// Value and derivatives of a number of the law in parameter `i` at t, as a type of numbers has them.
    fn orders(&self, kind: Kind, i: usize, t: f64, number: Number) -> Option<[f64; 4]> {
        in_kind(kind, || match kind.order() {
            1 => self.orders_in::<1>(self.family, i, t, number),
            2 => self.orders_in::<2>(self.family, i, t, number),
            _ => self.orders_in::<3>(self.family, i, t, number),
        })
    }

    fn orders_in<const ORDER: usize>(
        &self,
        family: &'a dyn Laws<AnyNumber<ORDER>>,
        i: usize,
        t: f64,
        number: Number,
    ) -> Option<[f64; 4]> {
        Some(number.of(&*self.with(family, i, AnyNumber::variable(t))?).derivatives())
    }

    /// Checks that the real part of everything is one number in every scalar type.
    pub(super) fn values(&self) -> Result<(), Failures> {
        let plain = numbers::<f64>(self.family, self.parameters)?;
        let mut failures = Failures::default();
        for kind in OF_VALUES {
            let found = in_kind(*kind, || match kind.order() {
                1 => self.numbers_in::<1>(self.family),
                2 => self.numbers_in::<2>(self.family),
                _ => self.numbers_in::<3>(self.family),
            })?;
            failures.add(same_numbers(kind.name(), &plain, &found));
        }
        failures.into_result()
    }

    fn numbers_in<const ORDER: usize>(&self, family: &dyn Laws<AnyNumber<ORDER>>) -> Result<Vec<f64>, Failure> {
        numbers(family, &variables(self.parameters))
    }

    /// Checks the derivatives of quantiles and draws, to the third order. A parameter at the edge of its range is passed
    /// over.
    pub(super) fn derivatives(&self) -> Result<(), Failures> {
        let mut failures = Failures::default();
        for i in 0..self.parameters.len() {
            let at = self.parameters[i];
            // at the edge of its range a parameter has no two-sided differences
            let step = 1e-8 * if at == 0.0 { 1.0 } else { at.abs() };
            if [at - step, at + step].iter().any(|t| self.with::<f64>(self.family, i, *t).is_none()) {
                continue;
            }
            for tail in [1e-9, 1e-3, 0.1, 0.3, 0.45] {
                for upper in [false, true] {
                    let name = if upper { format!("isf({tail:e})") } else { format!("quantile({tail:e})") };
                    failures.add(self.derivative_of(i, at, &name, Number::Inverse { tail, upper }));
                }
            }
            if !self.family.draws_are_quantiles() {
                failures.add(self.draws_in_expectation(i, at));
                continue;
            }
            for seed in 0..4 {
                // the draws of a rejection sampler jump at fixed noise: their derivatives are those at a fixed probability
                if self.derivative_of(i, at, &format!("draw of seed {seed}"), Number::Draw { seed }).is_err() {
                    failures.add(self.draw_at_fixed_probability(i, at, seed));
                }
            }
        }
        failures.into_result()
    }

    /// The derivatives of a draw in parameter i against those of the quantile at the draw's own probability.
    fn draw_at_fixed_probability(&self, i: usize, at: f64, seed: u64) -> Result<(), Failure> {
        let plain = self.plain()?;
        let z = Number::Draw { seed }.of(&*plain);
        let draws = self.in_every_scalar(i, at, Number::Draw { seed });
        let at_probability_of = |z: f64| {
            let (cdf, sf) = (plain.cdf(z), plain.sf(z));
            let tail = cdf.min(sf);
            Some((tail, self.orders(Kind::Third, i, at, Number::Inverse { tail, upper: sf < cdf })?))
        };
        let Some((tail, wanted)) = at_probability_of(z) else { return Ok(()) };
        // z is rounded, and near an end or far from 0 that moves its probability
        let neighbours =
            [z.next_down(), z.next_up()].map(|z| at_probability_of(z).map_or([f64::NAN; 4], |found| found.1));
        let unit = if at == 0.0 { 1.0 } else { at.abs() };
        let mut floor = 0.0;
        for order in 1..=3 {
            let want = wanted[order];
            let scale = want.abs().max(wanted[order - 1].abs() / unit).max(floor);
            floor = 1e-4 * scale / unit;
            let rounding = neighbours.iter().fold(0.0, |m: f64, n| m.max(2.0 * (n[order] - want).abs()));
            // beyond the range of doubles a draw has no derivatives
            let decided = tail > 0.0 && scale < 1e200 && scale > 1e-200;
            for (scalar, got) in of_order(&draws, order) {
                ensure!(
                    !got.is_nan(),
                    "derivatives are numbers",
                    "draw of seed {seed} in {scalar}, order {order}: {got}"
                );
                ensure!(
                    !decided || (got - want).abs() <= self.tolerance * scale + rounding,
                    "derivatives of draws are those at fixed noise or at a fixed probability",
                    "draw {z:e} of seed {seed} in {scalar}, order {order} in {} at {:?}: {got:e}, {want:e} at a fixed probability",
                    self.family.parameters()[i],
                    self.parameters
                );
            }
        }
        Ok(())
    }

    /// Value and derivatives of a number of the law in parameter i, as jets and as num-dual's types have them.
    fn in_every_scalar(&self, i: usize, at: f64, number: Number) -> Vec<(Kind, [f64; 4])> {
        OF_DERIVATIVES.iter().filter_map(|kind| Some((*kind, self.orders(*kind, i, at, number)?))).collect()
    }

    /// The derivatives of E[f(z)], f a bounded function, by draws and by the quantile at each draw's probability: their differences have the mean 0.
    fn draws_in_expectation(&self, i: usize, at: f64) -> Result<(), Failure> {
        in_kind(Kind::Third, || {
            let plain = self.plain()?;
            let law = self.with::<AnyNumber<3>>(self.family, i, AnyNumber::variable(at));
            law.map_or(Ok(()), |law| self.draws_and_quantiles(i, &*plain, &*law))
        })
    }

    fn draws_and_quantiles(
        &self,
        i: usize,
        plain: &dyn AnyLaw<f64>,
        law: &dyn AnyLaw<AnyNumber<3>>,
    ) -> Result<(), Failure> {
        let draws = self.draws / 250;
        let (median, width) = (plain.median(), plain.isf(0.25) - plain.quantile(0.25));
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(11);
        // the differences of each order, and the largest of the derivatives
        let mut differences = [const { (Vec::<f64>::new(), 0.0f64) }; 3];
        for _ in 0..draws {
            let z = law.sample(&mut rng);
            let (cdf, sf) = (plain.cdf(z.re()), plain.sf(z.re()));
            let inverse = Number::Inverse { tail: cdf.min(sf), upper: sf < cdf };
            let bounded = |z: AnyNumber<3>| ((z - median) / width).tanh();
            let orders = |x: AnyNumber<3>| {
                let [_, first, second, third] = x.derivatives();
                [first, second, third]
            };
            let own = orders(z);
            ensure!(
                !own.iter().any(|d| d.is_nan()),
                "derivatives are numbers",
                "draw {:e} in parameter {i}: {own:?}",
                z.re()
            );
            let (by_draw, by_quantile) = (bounded(z), bounded(inverse.of(law)));
            for (((all, largest), a), b) in differences.iter_mut().zip(orders(by_draw)).zip(orders(by_quantile)) {
                // beyond the range of doubles a draw has no derivatives
                if (a - b).is_finite() {
                    all.push(a - b);
                    *largest = largest.max(a.abs());
                }
            }
        }
        for (order, (all, largest)) in differences.into_iter().enumerate() {
            // of the rest nothing is known
            if 2 * all.len() <= draws {
                continue;
            }
            let sample = mean_of(all);
            ensure!(
                sample.mean.abs() <= 5.0 * sample.standard_error + 1e-9 * largest,
                "derivatives of draws are those of quantiles in expectation",
                "order {} in {} at {:?}: the mean difference is {sample:?}",
                order + 1,
                self.family.parameters()[i],
                self.parameters
            );
        }
        Ok(())
    }

    /// First, second and third derivative of a number of the law in parameter i, each against differences of the one below.
    fn derivative_of(&self, i: usize, at: f64, name: &str, number: Number) -> Result<(), Failure> {
        let order_of =
            |kind: Kind, t: f64| self.orders(kind, i, t, number).map_or(f64::NAN, |found| found[kind.order()]);
        let value = |t: f64| self.value(i, t, number);
        let first = |t: f64| order_of(Kind::First, t);
        let second = |t: f64| order_of(Kind::Second, t);
        let found = self.in_every_scalar(i, at, number);
        let unit = if at == 0.0 { 1.0 } else { at.abs() };
        let orders: [(usize, Univariate); 3] = [(1, &value), (2, &first), (3, &second)];
        // what the lower orders amount to at this one: cancellation among them is no fault of the derivative
        let mut floor = 0.0;
        for (order, below) in orders {
            // 1e-8 of what the value amounts to at this order: with the tolerance, its rounding
            let natural = 1e-8 * value(at).abs() / unit.powi(order as i32);
            let scale = (below(at).abs() / unit).max(floor).max(if natural.is_finite() { natural } else { 0.0 });
            floor = 1e-6 * scale / unit;
            let mut finite = Vec::new();
            for (scalar, dual) in of_order(&found, order) {
                ensure!(
                    !dual.is_nan(),
                    "derivatives are numbers",
                    "{name} in {scalar}, order {order} in parameter {i}"
                );
                if dual.is_finite() {
                    finite.push(dual);
                }
            }
            if scale < 1e200 && scale > 1e-200 {
                agrees(below, at, &finite, scale, self.tolerance).map_err(|difference| Failure {
                    property: "derivatives agree with differences",
                    found: format!(
                        "{name}, order {order} in {} at {:?}: {finite:?} and {difference:?}, allowed {:e} of {scale:e}",
                        self.family.parameters()[i],
                        self.parameters,
                        self.tolerance
                    ),
                })?;
            }
        }
        Ok(())
    }
}

/// All numbers that a law gives, from the same noise.
fn numbers<S: Scalar>(family: &dyn Laws<S>, parameters: &[S]) -> Result<Vec<f64>, Failure> {
    let law = family.law(parameters)?;
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
    let mut numbers: Vec<S> = (0..100).map(|_| law.sample(&mut rng)).collect();
    for p in TAILS.map(S::from) {
        for x in [law.quantile(p), law.isf(p), law.quantile_ln(p.ln()), law.isf_ln(p.ln())] {
            numbers.push(x);
            numbers.extend([law.ln_pdf(x), law.pdf(x), law.cdf(x), law.sf(x), law.ln_cdf(x), law.ln_sf(x)]);
        }
    }
    numbers.extend([law.entropy(), law.median(), law.support().0, law.support().1]);
    numbers.extend(law.mean().into_iter().chain(law.variance()).chain(law.mode()));
    Ok(numbers.into_iter().map(S::re).collect())
}

/// Whether the numbers of a scalar type are those of `f64`.
pub(super) fn same_numbers(name: &str, plain: &[f64], numbers: &[f64]) -> Result<(), Failure> {
    ensure!(numbers.len() == plain.len(), "one law in every scalar", "{name} has another number of moments");
    for (i, (a, b)) in plain.iter().zip(numbers).enumerate() {
        let same = a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
        ensure!(same, "one value in every scalar", "number {i}: {a:e} in f64, {b:e} in {name}");
    }
    Ok(())
}

/// The derivatives of one order, of the types that carry it.
fn of_order(all: &[(Kind, [f64; 4])], order: usize) -> impl Iterator<Item = (&'static str, f64)> {
    all.iter().filter(move |(kind, _)| order <= kind.order()).map(move |(kind, orders)| (kind.name(), orders[order]))
}

/// A number that a law gives, in any scalar.
#[derive(Clone, Copy)]
enum Number {
    Inverse { tail: f64, upper: bool },
    Draw { seed: u64 },
}

impl Number {
    fn of<S: Scalar>(self, law: &dyn AnyLaw<S>) -> S {
        match self {
            Number::Inverse { tail, upper: false } => law.quantile(tail.into()),
            Number::Inverse { tail, upper: true } => law.isf(tail.into()),
            Number::Draw { seed } => law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(seed)),
        }
    }
}

//! The harness over several scalars: derivatives in every parameter, and one value whatever the scalar.

use super::difference::{Univariate, agrees};
use super::failure::{Failure, Failures, ensure};
use super::law::{TAILS, law};
use super::statistics::mean_of;
use crate::distr::{Continuous, Family};
use crate::scalar::{Jet, Scalar};
use core::marker::PhantomData;
use rand::SeedableRng;
use rand::distr::Distribution;
use rand_xoshiro::Xoshiro256PlusPlus;
use std::format;
use std::vec::Vec;

type First = Jet<f64, 1>;
type Second = Jet<First, 1>;
type Third = Jet<Second, 1>;

/// The checks of a family at one set of parameters; made by [`family()`].
#[derive(Clone, Debug)]
pub struct FamilyCheck<'a, F> {
    parameters: &'a [f64],
    draws: usize,
    tolerance: f64,
    tails: (f64, f64),
    family: PhantomData<F>,
}

/// Checks a family at a set of parameters: [`law()`](super::law()) and, beyond it, the derivatives of quantiles at fixed
/// probability and of draws at fixed noise in every parameter to the third order against finite differences (of draws by
/// rejection, against those of the quantile at the draw's probability; of draws with a coupling of their own, see
/// [`Family::DRAWS_ARE_QUANTILES`], in expectation), and that
/// the real part of everything is the same number bit for bit in every scalar type.
///
/// ```
/// use reparam::prelude::*;
/// use reparam::verify;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// verify::family::<Normal<f64>>(&[1.0, 2.0]).check()?;
/// # Ok(()) }
/// ```
///
/// A law of your own, made by [`FromCdf`](crate::distr::FromCdf) say, becomes a family by saying how it is made of parameters:
///
/// ```
/// use reparam::distr::Family;
/// use reparam::prelude::*;
/// use reparam::verify;
///
/// /// F(x) = 1 - exp(-exp(x - location)), and 1 - F.
/// #[derive(Clone, Copy)]
/// struct Smallest;
/// impl Cdf<1> for Smallest {
///     fn cdf<S: Scalar>(&self, [location]: [S; 1], x: S) -> S {
///         -(-(x - location).exp()).exp_m1()
///     }
///     fn sf<S: Scalar>(&self, [location]: [S; 1], x: S) -> S {
///         (-(x - location).exp()).exp()
///     }
/// }
/// impl Family for Smallest {
///     type Law<S: Scalar> = FromCdf<Smallest, S, 1>;
///     type Error = LawError;
///     const NAME: &'static str = "smallest";
///     const PARAMETERS: &'static [&'static str] = &["location"];
///     fn law<S: Scalar>(p: &[S]) -> Result<Self::Law<S>, LawError> {
///         FromCdf::new(Smallest, [p[0]])
///     }
/// }
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// verify::family::<Smallest>(&[0.5]).check_derivatives()?;
/// # Ok(()) }
/// ```
///
/// Not checked: derivatives of densities, tails and moments in parameters, mixed derivatives of two parameters, fourth and higher
/// orders, derivatives at a parameter on the edge of its range.
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

    /// The smallest probability of a tail at which the plain law is looked at, and the relative error that tails may have beside
    /// rounding, as [`LawCheck`](super::LawCheck) takes them: for a law whose `sf` is 1 - cdf.
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
        let plain = F::law::<f64>(self.parameters)
            .map_err(|e| Failure { property: "the parameters are valid", found: format!("{e}") })?;
        let mut failures = Failures::default();
        let (from, tolerance) = self.tails;
        failures.extend(law(&plain).draws(self.draws).tails_from(from).tolerance(tolerance).check());
        failures.extend(self.check_values());
        failures.extend(self.check_derivatives());
        failures.into_result()
    }

    /// The law with parameter `i` made a variable of the caller's kind.
    fn with<S: Scalar>(&self, i: usize, variable: S) -> Option<F::Law<S>> {
        let mut parameters: Vec<S> = self.parameters.iter().map(|x| S::from(*x)).collect();
        parameters[i] = variable;
        F::law(&parameters).ok()
    }

    /// All numbers that a law gives, from the same noise.
    fn numbers<S: Scalar>(&self, seed_variable: impl Fn(f64) -> S) -> Result<Vec<f64>, Failure> {
        let parameters: Vec<S> = self.parameters.iter().map(|x| seed_variable(*x)).collect();
        let law =
            F::law(&parameters).map_err(|e| Failure { property: "the parameters are valid", found: format!("{e}") })?;
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

    /// Checks only that the real part of everything is one number in every scalar type.
    ///
    /// # Errors
    /// For each scalar type, the first number that is not.
    pub fn check_values(&self) -> Result<(), Failures> {
        let plain = self.numbers(|x| x)?;
        #[cfg_attr(not(feature = "num-dual"), expect(unused_mut, reason = "only num-dual's types are added"))]
        let mut all = std::vec![
            ("Jet<f64, 2>", self.numbers(|x| Jet::<f64, 2>::variable(x, 1))?),
            ("Jet<Jet<f64, 1>, 1>", self.numbers(|x| Second::variable(Jet::variable(x, 0), 0))?),
        ];
        #[cfg(feature = "num-dual")]
        {
            use num_dual::{Dual, Dual2_64, Dual3_64, Dual64, DualSVec64, HyperDual64};
            all.push(("Dual64", self.numbers(|x| Dual64::new(x, 1.0))?));
            all.push(("Dual2_64", self.numbers(|x| Dual2_64::new(x, 1.0, 0.0))?));
            all.push(("Dual3_64", self.numbers(|x| Dual3_64::new(x, 1.0, 0.0, 0.0))?));
            all.push(("HyperDual64", self.numbers(|x| HyperDual64::new(x, 1.0, 1.0, 0.0))?));
            all.push(("DualSVec64<2>", self.numbers(DualSVec64::<2>::from)?));
            all.push(("Dual<Dual64>", self.numbers(|x| Dual::new(Dual64::new(x, 1.0), Dual64::new(1.0, 0.0)))?));
        }
        let mut failures = Failures::default();
        for (name, numbers) in all {
            failures.add(same_numbers(name, &plain, &numbers));
        }
        failures.into_result()
    }

    /// Checks only the derivatives of quantiles and draws, to the third order. A parameter at the edge of its range is
    /// passed over.
    ///
    /// # Errors
    /// The derivatives that differ from finite differences of the order below, or are NaN.
    pub fn check_derivatives(&self) -> Result<(), Failures> {
        let mut failures = Failures::default();
        for i in 0..self.parameters.len() {
            let at = self.parameters[i];
            // at the edge of its range a parameter has no two-sided differences
            let step = 1e-8 * if at == 0.0 { 1.0 } else { at.abs() };
            if self.with(i, at - step).is_none() || self.with(i, at + step).is_none() {
                continue;
            }
            for tail in [1e-9, 1e-3, 0.1, 0.3, 0.45] {
                for upper in [false, true] {
                    let name = if upper { format!("isf({tail:e})") } else { format!("quantile({tail:e})") };
                    failures.add(self.derivative_of(i, at, &name, Inverse { tail, upper }));
                }
            }
            if !F::DRAWS_ARE_QUANTILES {
                failures.add(self.draws_in_expectation(i, at));
                continue;
            }
            for seed in 0..4 {
                // the draws of a rejection sampler jump at fixed noise: their derivatives are those at a fixed probability
                if self.derivative_of(i, at, &format!("draw of seed {seed}"), Draw { seed }).is_err() {
                    failures.add(self.draw_at_fixed_probability(i, at, seed));
                }
            }
        }
        failures.into_result()
    }

    /// The derivatives of a draw in parameter i against those of the quantile at the draw's own probability.
    fn draw_at_fixed_probability(&self, i: usize, at: f64, seed: u64) -> Result<(), Failure> {
        let plain = F::law::<f64>(self.parameters)
            .map_err(|e| Failure { property: "the parameters are valid", found: format!("{e}") })?;
        let z = Draw { seed }.of::<F, f64>(&plain);
        let [t] = Jet::variables(Jet::second_order([at]));
        let Some(law) = self.with::<Third>(i, t) else { return Ok(()) };
        let draws = self.in_every_scalar(i, at, &Draw { seed });
        let at_probability_of = |z: f64| {
            let (cdf, sf) = (plain.cdf(z), plain.sf(z));
            let tail = cdf.min(sf);
            (tail, orders_of(Inverse { tail, upper: sf < cdf }.of::<F, Third>(&law)))
        };
        let (tail, wanted) = at_probability_of(z);
        // z is rounded, and near an end or far from 0 that moves its probability
        let neighbours = [z.next_down(), z.next_up()].map(|z| at_probability_of(z).1);
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
                    F::PARAMETERS[i],
                    self.parameters
                );
            }
        }
        Ok(())
    }

    /// Value and derivatives of a number of the law in parameter i, as jets and as num-dual's types have them.
    fn in_every_scalar(&self, i: usize, at: f64, number: &impl Number) -> Vec<(&'static str, Vec<f64>)> {
        let mut all = Vec::new();
        let [t] = Jet::variables(Jet::second_order([at]));
        if let Some(law) = self.with::<Third>(i, t) {
            all.push(("Jet<Jet<Jet<f64, 1>, 1>, 1>", orders_of(number.of::<F, Third>(&law)).to_vec()));
        }
        #[cfg(feature = "num-dual")]
        {
            use num_dual::{Dual, Dual2_64, Dual3_64, Dual64, HyperDual64};
            use std::vec;
            if let Some(law) = self.with(i, Dual64::new(at, 1.0)) {
                let x = number.of::<F, Dual64>(&law);
                all.push(("Dual64", vec![x.re, x.eps]));
            }
            if let Some(law) = self.with(i, Dual2_64::new(at, 1.0, 0.0)) {
                let x = number.of::<F, Dual2_64>(&law);
                all.push(("Dual2_64", vec![x.re, x.v1, x.v2]));
            }
            if let Some(law) = self.with(i, Dual3_64::new(at, 1.0, 0.0, 0.0)) {
                let x = number.of::<F, Dual3_64>(&law);
                all.push(("Dual3_64", vec![x.re, x.v1, x.v2, x.v3]));
            }
            if let Some(law) = self.with(i, HyperDual64::new(at, 1.0, 1.0, 0.0)) {
                let x = number.of::<F, HyperDual64>(&law);
                all.push(("HyperDual64", vec![x.re, x.eps1, x.eps1eps2]));
            }
            if let Some(law) = self.with(i, Dual::new(Dual64::new(at, 1.0), Dual64::new(1.0, 0.0))) {
                let x = number.of::<F, Dual<Dual64>>(&law);
                all.push(("Dual<Dual64>", vec![x.re.re, x.eps.re, x.eps.eps]));
            }
        }
        all
    }

    /// The derivatives of E[f(z)], f a bounded function, by draws and by the quantile at each draw's probability: their differences have the mean 0.
    fn draws_in_expectation(&self, i: usize, at: f64) -> Result<(), Failure> {
        let draws = self.draws / 250;
        let plain = F::law::<f64>(self.parameters)
            .map_err(|e| Failure { property: "the parameters are valid", found: format!("{e}") })?;
        let [t] = Jet::variables(Jet::second_order([at]));
        let Some(law) = self.with::<Third>(i, t) else { return Ok(()) };
        let (median, width) = (plain.median(), plain.isf(0.25) - plain.quantile(0.25));
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(11);
        // the differences of each order, and the largest of the derivatives
        let mut differences = [const { (Vec::<f64>::new(), 0.0f64) }; 3];
        for _ in 0..draws {
            let z: Third = law.sample(&mut rng);
            let (cdf, sf) = (plain.cdf(z.re()), plain.sf(z.re()));
            let inverse = Inverse { tail: cdf.min(sf), upper: sf < cdf };
            let bounded = |z: Third| ((z - median) / width).tanh();
            let orders = |x: Third| [x.re.re.eps[0], x.re.eps[0].eps[0], x.eps[0].eps[0].eps[0]];
            let own = orders(z);
            ensure!(
                !own.iter().any(|d| d.is_nan()),
                "derivatives are numbers",
                "draw {:e} in parameter {i}: {own:?}",
                z.re()
            );
            let (by_draw, by_quantile) = (bounded(z), bounded(inverse.of::<F, Third>(&law)));
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
                F::PARAMETERS[i],
                self.parameters
            );
        }
        Ok(())
    }

    /// First, second and third derivative of a number of the law in parameter i, each against differences of the one below.
    fn derivative_of(&self, i: usize, at: f64, name: &str, number: impl Number) -> Result<(), Failure> {
        let value = |t: f64| self.with(i, t).map_or(f64::NAN, |l| number.of::<F, f64>(&l));
        let first = |t: f64| self.with(i, First::variable(t, 0)).map_or(f64::NAN, |l| number.of::<F, First>(&l).eps[0]);
        let second = |t: f64| {
            let [t] = Jet::second_order([t]);
            self.with(i, t).map_or(f64::NAN, |l| number.of::<F, Second>(&l).eps[0].eps[0])
        };
        let found = self.in_every_scalar(i, at, &number);
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
                        F::PARAMETERS[i],
                        self.parameters,
                        self.tolerance
                    ),
                })?;
            }
        }
        Ok(())
    }
}

/// Whether the numbers of a scalar type are those of `f64`.
pub(crate) fn same_numbers(name: &str, plain: &[f64], numbers: &[f64]) -> Result<(), Failure> {
    ensure!(numbers.len() == plain.len(), "one law in every scalar", "{name} has another number of moments");
    for (i, (a, b)) in plain.iter().zip(numbers).enumerate() {
        let same = a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
        ensure!(same, "one value in every scalar", "number {i}: {a:e} in f64, {b:e} in {name}");
    }
    Ok(())
}

/// Value, first, second and third derivative.
fn orders_of(x: Third) -> [f64; 4] {
    [x.re.re.re, x.re.re.eps[0], x.re.eps[0].eps[0], x.eps[0].eps[0].eps[0]]
}

/// The derivatives of one order, of the types that carry it.
fn of_order<'a>(all: &'a [(&'static str, Vec<f64>)], order: usize) -> impl Iterator<Item = (&'static str, f64)> + 'a {
    all.iter().filter_map(move |(scalar, orders)| Some((*scalar, *orders.get(order)?)))
}

/// A number that a law gives, in any scalar.
trait Number {
    fn of<F: Family, S: Scalar>(&self, law: &F::Law<S>) -> S;
}

struct Inverse {
    tail: f64,
    upper: bool,
}

impl Number for Inverse {
    fn of<F: Family, S: Scalar>(&self, law: &F::Law<S>) -> S {
        let tail = S::from(self.tail);
        if self.upper { law.isf(tail) } else { law.quantile(tail) }
    }
}

struct Draw {
    seed: u64,
}

impl Number for Draw {
    fn of<F: Family, S: Scalar>(&self, law: &F::Law<S>) -> S {
        law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(self.seed))
    }
}

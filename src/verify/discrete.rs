//! The harness for discrete laws: what any of them must obey, and the derivatives over several scalars.

use super::difference::{Univariate, agrees};
use super::failure::{Failure, Failures, ensure};
use super::family::same_numbers;
use super::statistics::mean_of;
use crate::distr::{Discrete, DiscreteFamily, DiscreteUnivariate, Integer};
use crate::scalar::{Jet, Scalar};
use core::marker::PhantomData;
use rand::SeedableRng;
use rand::distr::Distribution;
use rand_xoshiro::Xoshiro256PlusPlus;
use statrs::distribution::{ChiSquared, ContinuousCDF};
use std::collections::BTreeMap;
use std::format;
use std::string::String;
use std::vec::Vec;

type First = Jet<f64, 1>;
type Second = Jet<First, 1>;
type Third = Jet<Second, 1>;

/// How far a tail may be off by rounding, relative to its size.
const ROUNDING: f64 = 1e-13;

/// The probabilities of either tail at which a law is looked at.
const TAILS: [f64; 9] = [1e-200, 1e-30, 1e-12, 1e-6, 1e-3, 0.02, 0.1, 0.25, 0.5];

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

/// What an outcome of a law over a scalar is.
type Outcome<F, S> = <<F as DiscreteFamily>::Law<S> as Discrete<S>>::Outcome;

/// The outcome with this number.
fn outcome<F: DiscreteFamily, S: Scalar>(k: i128) -> Outcome<F, S> {
    Integer::saturating_from(k)
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
        self.law(self.parameters)?;
        let mut failures = Failures::default();
        failures.extend(self.check_law());
        failures.extend(self.check_samples());
        failures.extend(self.check_values());
        failures.extend(self.check_derivatives());
        failures.into_result()
    }

    fn law<S: Scalar>(&self, parameters: &[S]) -> Result<F::Law<S>, Failure> {
        F::law(self.integers, parameters)
            .map_err(|e| Failure { property: "the parameters are valid", found: format!("{e}") })
    }

    /// The outcomes at which the law is looked at, in order.
    fn points(&self, law: &F::Law<f64>) -> Vec<i128> {
        let (low, high) = law.support();
        let (low, high) = (low.to_i128(), high.to_i128());
        let mut points: Vec<i128> =
            TAILS.iter().flat_map(|p| [law.quantile(*p), law.isf(*p)]).flatten().map(Integer::to_i128).collect();
        points.push(law.mode().to_i128());
        points.extend([low, low + 1]);
        if high < i128::from(i64::MAX) {
            points.push(high);
        }
        // counts beyond the exact doubles have no neighbours
        points.retain(|k| (low..=high).contains(k) && k.unsigned_abs() < 1 << 53);
        points.sort_unstable();
        points.dedup();
        points
    }

    /// Checks only the plain law: masses, tails, quantiles and moments.
    ///
    /// # Errors
    /// All properties that do not hold, and where.
    pub fn check_law(&self) -> Result<(), Failures> {
        let law = self.law(self.parameters)?;
        let mut failures = Failures::default();
        failures.add(self.edges(&law));
        failures.add(self.tails(&law));
        failures.add(self.quantiles(&law));
        failures.add(self.sums(&law));
        failures.into_result()
    }

    fn edges(&self, law: &F::Law<f64>) -> Result<(), Failure> {
        let (low, high) = law.support();
        ensure!(low <= high, "support", "[{low:?}, {high:?}]");
        ensure!(law.quantile(0.0) == Some(low), "quantile(0) is the lower end", "{:?}", law.quantile(0.0));
        ensure!(law.isf(0.0) == Some(high), "isf(0) is the upper end", "{:?}", law.isf(0.0));
        ensure!(law.quantile(-0.0) == Some(low), "quantile(-0.0) is the lower end", "{:?}", law.quantile(-0.0));
        ensure!(law.isf(-0.0) == Some(high), "isf(-0.0) is the upper end", "{:?}", law.isf(-0.0));
        for p in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            ensure!(law.quantile(p).is_none() && law.isf(p).is_none(), "no quantile outside [0, 1]", "at {p}");
        }
        let below = outcome::<F, f64>(low.to_i128() - 1);
        if below < low {
            let found = [law.pmf(&below), law.ln_pmf(&below), law.cdf(&below), law.sf(&below)];
            let limit = [0.0, f64::NEG_INFINITY, 0.0, 1.0];
            ensure!(found == limit, "nothing below the support", "pmf, ln_pmf, cdf, sf = {found:?}");
        }
        let above = outcome::<F, f64>(high.to_i128() + 1);
        if above > high {
            let found = [law.pmf(&above), law.ln_pmf(&above), law.cdf(&above), law.sf(&above), law.cdf(&high)];
            let limit = [0.0, f64::NEG_INFINITY, 1.0, 0.0, 1.0];
            ensure!(found == limit, "nothing above the support", "pmf, ln_pmf, cdf, sf, cdf(end) = {found:?}");
        }
        Ok(())
    }

    fn tails(&self, law: &F::Law<f64>) -> Result<(), Failure> {
        let low = law.support().0.to_i128();
        let mut last = 0.0;
        for at in self.points(law) {
            let k = outcome::<F, f64>(at);
            let (cdf, sf, ln_cdf, ln_sf) = (law.cdf(&k), law.sf(&k), law.ln_cdf(&k), law.ln_sf(&k));
            let (pmf, ln_pmf) = (law.pmf(&k), law.ln_pmf(&k));
            for (name, value, ln) in [("cdf", cdf, ln_cdf), ("sf", sf, ln_sf), ("pmf", pmf, ln_pmf)] {
                let close = (ln.exp() - value).abs() <= 16.0 * f64::EPSILON * value * (1.0 + ln.abs())
                    || (ln < -700.0 && value < 1e-300);
                ensure!(close, "logarithms", "at {at}: {name} = {value:e}, exp({ln}) = {:e}", ln.exp());
            }
            ensure!(
                [cdf, sf, pmf].iter().all(|p| (0.0..=1.0).contains(p))
                    && ln_cdf <= 0.0
                    && ln_sf <= 0.0
                    && ln_pmf <= 0.0,
                "probabilities are in [0, 1]",
                "at {at}: cdf {cdf:e}, sf {sf:e}, pmf {pmf:e}, logarithms {ln_cdf:e}, {ln_sf:e}, {ln_pmf:e}"
            );
            ensure!((cdf + sf - 1.0).abs() <= 16.0 * f64::EPSILON, "cdf + sf = 1", "at {at}: {cdf} + {sf}");
            ensure!(cdf >= last * (1.0 - 1e-13), "the cdf rises", "at {at}: {cdf:e} after {last:e}");
            last = cdf;
            if at > low {
                let before = outcome::<F, f64>(at - 1);
                // from the smaller tail
                let (difference, size) =
                    if cdf < 0.5 { (cdf - law.cdf(&before), cdf) } else { (law.sf(&before) - sf, law.sf(&before)) };
                ensure!(
                    (difference - pmf).abs() <= 1e-12 * (size * (1.0 + size.ln().abs())) + 1e-10 * pmf || size < 1e-290,
                    "the cdf rises by the pmf",
                    "at {at}: {difference:e} for {pmf:e} of {size:e}"
                );
            }
        }
        Ok(())
    }

    fn quantiles(&self, law: &F::Law<f64>) -> Result<(), Failure> {
        let (low, high) = law.support();
        for tail in TAILS {
            let Some(k) = law.quantile(tail) else {
                return Err(Failure { property: "quantiles exist", found: format!("quantile({tail:e})") });
            };
            let before = (k > low).then(|| law.cdf(&outcome::<F, f64>(k.to_i128() - 1)));
            let reached = law.cdf(&k) >= tail * (1.0 - ROUNDING) || k == high;
            ensure!(
                reached && before.is_none_or(|c| c < tail || law.cdf(&k) == c),
                "quantiles",
                "quantile({tail:e}) = {k:?}"
            );
            let Some(k) = law.isf(tail) else {
                return Err(Failure { property: "quantiles exist", found: format!("isf({tail:e})") });
            };
            let before = (k > low).then(|| law.sf(&outcome::<F, f64>(k.to_i128() - 1)));
            let reached = law.sf(&k) <= tail * (1.0 + ROUNDING) || k == high;
            ensure!(
                reached && before.is_none_or(|s| s > tail || law.sf(&k) == s),
                "quantiles",
                "isf({tail:e}) = {k:?}"
            );
        }
        Ok(())
    }

    /// The outcomes that hold all but 1e-17 of the probability at either end, if there are few.
    fn range(&self, law: &F::Law<f64>) -> Option<(i128, i128)> {
        let (low, high) = (law.quantile(1e-17)?.to_i128(), law.isf(1e-17)?.to_i128());
        (high - low <= 20_000).then_some((low, high))
    }

    fn sums(&self, law: &F::Law<f64>) -> Result<(), Failure> {
        let numbers = [law.mean(), law.variance(), law.entropy()];
        ensure!(numbers.iter().all(|x| !x.is_nan()), "mean, variance and entropy are numbers", "{numbers:?}");
        let top = law.ln_pmf(&law.mode());
        for at in self.points(law) {
            let ln = law.ln_pmf(&outcome::<F, f64>(at));
            ensure!(ln <= top + 1e-12 * (1.0 + top.abs()), "the mode", "ln_pmf({at}) = {ln} > {top}");
        }
        let Some((low, high)) = self.range(law) else { return Ok(()) };
        if low == high {
            return Ok(());
        }
        let masses: Vec<(f64, f64)> =
            (low..=high).map(|k| outcome::<F, f64>(k)).map(|k| (law.pmf(&k), law.ln_pmf(&k))).collect();
        let total: f64 = masses.iter().map(|m| m.0).sum();
        ensure!((total - 1.0).abs() < 1e-11, "masses sum to 1", "{total}");
        let (mut below, mut checked) = (0.0, 0);
        for (k, (pmf, _)) in (low..=high).zip(&masses) {
            below += pmf;
            if checked < 300 {
                checked += 1;
                let cdf = law.cdf(&outcome::<F, f64>(k));
                ensure!((cdf - below).abs() < 1e-11, "the cdf sums masses", "at {k}: {cdf} for {below}");
            }
        }
        let expectation = |g: &dyn Fn(f64, f64) -> f64| -> f64 {
            (low..=high).zip(&masses).filter(|(_, m)| m.0 > 0.0).map(|(k, m)| m.0 * g(k as f64, m.1)).sum()
        };
        // what lies beyond the range of the sums, by the size of its last term
        let mean = law.mean();
        let spread = expectation(&|k, _| (k - mean).abs()) + 1e-300;
        let beyond = |power: i32| 1e-15 * ((high as f64 - mean).abs() / spread).powi(power);
        let found = expectation(&|k, _| k - mean) / spread;
        let rounding = 1e-13 * mean.abs() / spread;
        ensure!(found.abs() < 1e-9 + beyond(1) + rounding, "the mean", "{mean} is off by {found} times the spread");
        let variance = law.variance();
        let found = expectation(&|k, _| (k - mean) * (k - mean));
        ensure!(
            (found - variance).abs() <= (1e-9 + beyond(2)) * variance + 1e-12 * mean.abs() + 1e-300,
            "the variance",
            "{variance} for {found}"
        );
        let entropy = law.entropy();
        let found = expectation(&|_, ln| -ln);
        ensure!((found - entropy).abs() <= 1e-9 * (entropy + 1e-3), "the entropy", "{entropy} for {found}");
        Ok(())
    }

    /// Checks only the draws: Pearson's chi-squared test and the mean.
    ///
    /// # Errors
    /// The first property that does not hold.
    pub fn check_samples(&self) -> Result<(), Failures> {
        Ok(self.samples()?)
    }

    fn samples(&self) -> Result<(), Failure> {
        let law = self.law(self.parameters)?;
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let samples: Vec<i128> = (0..self.draws).map(|_| law.sample(&mut rng).to_i128()).collect();
        let (low, high) = law.support();
        let (low, high) = (low.to_i128(), high.to_i128());
        if let Some(k) = samples.iter().find(|k| !(low..=high).contains(*k)) {
            return Err(Failure { property: "draws are in the support", found: format!("{k}") });
        }
        let n = self.draws as f64;
        let standard_error = (law.variance() / n).sqrt();
        let sample = mean_of(samples.iter().map(|k| *k as f64));
        let sigmas = (sample.mean - law.mean()).abs() / standard_error;
        // the law of a mean that hangs on rare outcomes is not normal
        let skewed = law.isf(1.0 / n).map_or(0.0, Integer::to_f64) - law.mean() > 0.02 * n * standard_error;
        let known = standard_error.is_finite() && standard_error > 1e-9 * law.mean().abs() && !skewed;
        ensure!(!known || sigmas < 5.0, "the mean of the draws", "{sample:?} is {sigmas} sigma from {}", law.mean());

        // cells between quantiles, each with 20 expected draws at least
        let mut ends: Vec<i128> = (1..60)
            .map(|i| f64::from(i) / 60.0)
            .chain([0.003, 1e-3, 0.997, 0.999])
            .filter_map(|p| law.quantile(p).map(Integer::to_i128))
            .chain([low, low + 1])
            .filter(|k| k.unsigned_abs() < 1 << 53 && *k < high)
            .collect();
        ends.sort_unstable();
        ends.dedup();
        let mut cells: Vec<(i128, f64)> = Vec::new();
        let mut before: Option<i128> = None;
        for end in ends {
            let (sf, cdf) = (law.sf(&outcome::<F, f64>(end)), law.cdf(&outcome::<F, f64>(end)));
            let expected = match before {
                None => cdf,
                Some(b) if cdf < 0.5 => cdf - law.cdf(&outcome::<F, f64>(b)),
                Some(b) => law.sf(&outcome::<F, f64>(b)) - sf,
            };
            if expected * n >= 20.0 && sf * n >= 20.0 {
                cells.push((end, expected * n));
                before = Some(end);
            }
        }
        let rest = before.map_or(1.0, |b| law.sf(&outcome::<F, f64>(b)));
        let mut counts: BTreeMap<usize, f64> = BTreeMap::new();
        for k in &samples {
            *counts.entry(cells.partition_point(|c| c.0 < *k)).or_default() += 1.0;
        }
        let expected: Vec<f64> = cells.iter().map(|c| c.1).chain([rest * n]).collect();
        let statistic: f64 =
            expected.iter().enumerate().map(|(i, e)| (counts.get(&i).copied().unwrap_or(0.0) - e).powi(2) / e).sum();
        let Ok(law) = ChiSquared::new(cells.len() as f64) else { return Ok(()) };
        let p = law.sf(statistic);
        ensure!(
            p > super::FIVE_SIGMA,
            "draws follow the masses",
            "chi-squared {statistic} in {} cells of {} draws: p = {p:e}",
            expected.len(),
            self.draws
        );
        Ok(())
    }

    /// All numbers that a law gives at the points, and draws.
    fn numbers<S: Scalar>(&self, points: &[i128], variable: impl Fn(f64) -> S) -> Result<Vec<f64>, Failure> {
        let parameters: Vec<S> = self.parameters.iter().map(|x| variable(*x)).collect();
        let law = self.law(&parameters)?;
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
        let mut numbers: Vec<f64> = (0..100).map(|_| law.sample(&mut rng).to_f64()).collect();
        numbers.extend(TAILS.iter().flat_map(|p| [law.quantile(*p), law.isf(*p)]).flatten().map(Integer::to_f64));
        for k in points {
            let k = outcome::<F, S>(*k);
            let of = [law.ln_pmf(&k), law.pmf(&k), law.cdf(&k), law.sf(&k), law.ln_cdf(&k), law.ln_sf(&k)];
            numbers.extend(of.map(S::re));
        }
        numbers.extend([law.mean(), law.variance(), law.entropy()].map(S::re));
        numbers.extend([law.mode(), law.support().0, law.support().1].map(Integer::to_f64));
        Ok(numbers)
    }

    /// Checks only that the real part of everything is one number in every scalar type.
    ///
    /// # Errors
    /// For each scalar type, the first number that is not.
    pub fn check_values(&self) -> Result<(), Failures> {
        let points = self.points(&self.law(self.parameters)?);
        let plain = self.numbers(&points, |x| x)?;
        #[cfg_attr(not(feature = "num-dual"), expect(unused_mut, reason = "only num-dual's types are added"))]
        let mut all = std::vec![
            ("Jet<f64, 2>", self.numbers(&points, |x| Jet::<f64, 2>::variable(x, 1))?),
            ("Jet<Jet<f64, 1>, 1>", self.numbers(&points, |x| Second::variable(Jet::variable(x, 0), 0))?),
        ];
        #[cfg(feature = "num-dual")]
        {
            use num_dual::{Dual3_64, Dual64, HyperDual64};
            all.push(("Dual64", self.numbers(&points, |x| Dual64::new(x, 1.0))?));
            all.push(("Dual3_64", self.numbers(&points, |x| Dual3_64::new(x, 1.0, 0.0, 0.0))?));
            all.push(("HyperDual64", self.numbers(&points, |x| HyperDual64::new(x, 1.0, 1.0, 0.0))?));
        }
        let mut failures = Failures::default();
        for (name, numbers) in all {
            failures.add(same_numbers(name, &plain, &numbers));
        }
        failures.into_result()
    }

    /// The law with parameter `i` made a variable of the caller's kind.
    fn with<S: Scalar>(&self, i: usize, variable: S) -> Option<F::Law<S>> {
        let mut parameters: Vec<S> = self.parameters.iter().map(|x| S::from(*x)).collect();
        parameters[i] = variable;
        F::law(self.integers, &parameters).ok()
    }

    /// Checks only the derivatives, to the third order. A parameter at the edge of its range is passed over.
    ///
    /// # Errors
    /// The derivatives that differ from finite differences of the order below, or are NaN.
    pub fn check_derivatives(&self) -> Result<(), Failures> {
        let mut failures = Failures::default();
        let points = self.points(&self.law(self.parameters)?);
        // eight of them, from end to end: differences are dear where tails are sums
        let few = points.iter().step_by(points.len().div_ceil(8).max(1));
        for i in 0..self.parameters.len() {
            let at = self.parameters[i];
            let step = 1e-8 * if at == 0.0 { 1.0 } else { at.abs() };
            if self.with(i, at - step).is_none() || self.with(i, at + step).is_none() {
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
        let value = |t: f64| self.with(i, t).map_or(f64::NAN, |l| number.at::<F, f64>(&l, k));
        let first =
            |t: f64| self.with(i, First::variable(t, 0)).map_or(f64::NAN, |l| number.at::<F, First>(&l, k).eps[0]);
        let second = |t: f64| {
            let [t] = Jet::second_order([t]);
            self.with(i, t).map_or(f64::NAN, |l| number.at::<F, Second>(&l, k).eps[0].eps[0])
        };
        let third = {
            let [t] = Jet::variables(Jet::second_order([at]));
            self.with(i, t).map_or(f64::NAN, |l| number.at::<F, Third>(&l, k).eps[0].eps[0].eps[0])
        };
        let unit = if at == 0.0 { 1.0 } else { at.abs() };
        let orders: [(usize, f64, Univariate); 3] =
            [(1, first(at), &value), (2, second(at), &first), (3, third, &second)];
        let mut floor = 0.0;
        for (order, dual, below) in orders {
            let scale = (below(at).abs().max(number.rounding()) / unit).max(floor);
            floor = number.cancellation() * scale / unit;
            let what = || -> String {
                format!("{number:?}({k}), order {order} in {} at {:?}", F::PARAMETERS[i], self.parameters)
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

    fn at<F: DiscreteFamily, S: Scalar>(self, law: &F::Law<S>, k: i128) -> S {
        let k = &outcome::<F, S>(k);
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

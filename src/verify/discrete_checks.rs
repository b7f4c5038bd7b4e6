//! The checks of a discrete law in plain numbers, compiled once for all families.

use super::any_discrete::{AnyDiscreteFamily, AnyDiscreteLaw};
use super::failure::{Failure, Failures, ensure};
use super::statistics::mean_of;
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use statrs::distribution::{ChiSquared, ContinuousCDF};
use std::boxed::Box;
use std::collections::BTreeMap;
use std::format;
use std::vec::Vec;

/// How far a tail may be off by rounding, relative to its size.
const ROUNDING: f64 = 1e-13;

/// The probabilities of either tail at which a law is looked at.
pub(super) const TAILS: [f64; 9] = [1e-200, 1e-30, 1e-12, 1e-6, 1e-3, 0.02, 0.1, 0.25, 0.5];

/// A family at one set of integers and parameters.
#[derive(Clone, Copy)]
pub(super) struct Checks<'a> {
    pub(super) family: &'a dyn AnyDiscreteFamily,
    pub(super) integers: &'a [i64],
    pub(super) parameters: &'a [f64],
    pub(super) draws: usize,
    pub(super) tolerance: f64,
}

impl<'a> Checks<'a> {
    pub(super) fn all(&self) -> Result<(), Failures> {
        self.plain()?;
        let mut failures = Failures::default();
        failures.extend(self.law());
        failures.extend(self.samples());
        failures.extend(self.values());
        failures.extend(self.derivatives());
        failures.into_result()
    }

    /// The law in plain numbers.
    pub(super) fn plain(&self) -> Result<Box<dyn AnyDiscreteLaw<f64> + 'a>, Failure> {
        self.family.law(self.integers, self.parameters)
    }

    /// The outcomes at which the law is looked at, in order.
    pub(super) fn points(&self, law: &dyn AnyDiscreteLaw<f64>) -> Vec<i128> {
        let (low, high) = law.support();
        let mut points: Vec<i128> = TAILS.iter().flat_map(|p| [law.quantile(*p), law.isf(*p)]).flatten().collect();
        points.push(law.mode());
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

    /// Masses, tails, quantiles and moments.
    pub(super) fn law(&self) -> Result<(), Failures> {
        let law = self.plain()?;
        let mut failures = Failures::default();
        failures.add(self.edges(&*law));
        failures.add(self.tails(&*law));
        failures.add(self.quantiles(&*law));
        failures.add(self.sums(&*law));
        failures.into_result()
    }

    fn edges(&self, law: &dyn AnyDiscreteLaw<f64>) -> Result<(), Failure> {
        let (low, high) = law.support();
        ensure!(low <= high, "support", "[{low:?}, {high:?}]");
        ensure!(law.quantile(0.0) == Some(low), "quantile(0) is the lower end", "{:?}", law.quantile(0.0));
        ensure!(law.isf(0.0) == Some(high), "isf(0) is the upper end", "{:?}", law.isf(0.0));
        ensure!(law.quantile(-0.0) == Some(low), "quantile(-0.0) is the lower end", "{:?}", law.quantile(-0.0));
        ensure!(law.isf(-0.0) == Some(high), "isf(-0.0) is the upper end", "{:?}", law.isf(-0.0));
        for p in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            ensure!(law.quantile(p).is_none() && law.isf(p).is_none(), "no quantile outside [0, 1]", "at {p}");
        }
        let below = law.nearest(low - 1);
        if below < low {
            let found = [law.pmf(below), law.ln_pmf(below), law.cdf(below), law.sf(below)];
            let limit = [0.0, f64::NEG_INFINITY, 0.0, 1.0];
            ensure!(found == limit, "nothing below the support", "pmf, ln_pmf, cdf, sf = {found:?}");
        }
        let above = law.nearest(high + 1);
        if above > high {
            let found = [law.pmf(above), law.ln_pmf(above), law.cdf(above), law.sf(above), law.cdf(high)];
            let limit = [0.0, f64::NEG_INFINITY, 1.0, 0.0, 1.0];
            ensure!(found == limit, "nothing above the support", "pmf, ln_pmf, cdf, sf, cdf(end) = {found:?}");
        }
        Ok(())
    }

    fn tails(&self, law: &dyn AnyDiscreteLaw<f64>) -> Result<(), Failure> {
        let low = law.support().0;
        let mut last = 0.0;
        for at in self.points(law) {
            let (cdf, sf, ln_cdf, ln_sf) = (law.cdf(at), law.sf(at), law.ln_cdf(at), law.ln_sf(at));
            let (pmf, ln_pmf) = (law.pmf(at), law.ln_pmf(at));
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
                let before = at - 1;
                // from the smaller tail
                let (difference, size) =
                    if cdf < 0.5 { (cdf - law.cdf(before), cdf) } else { (law.sf(before) - sf, law.sf(before)) };
                ensure!(
                    (difference - pmf).abs() <= 1e-12 * (size * (1.0 + size.ln().abs())) + 1e-10 * pmf || size < 1e-290,
                    "the cdf rises by the pmf",
                    "at {at}: {difference:e} for {pmf:e} of {size:e}"
                );
            }
        }
        Ok(())
    }

    fn quantiles(&self, law: &dyn AnyDiscreteLaw<f64>) -> Result<(), Failure> {
        let (low, high) = law.support();
        for tail in TAILS {
            let Some(k) = law.quantile(tail) else {
                return Err(Failure { property: "quantiles exist", found: format!("quantile({tail:e})") });
            };
            let before = (k > low).then(|| law.cdf(k - 1));
            let reached = law.cdf(k) >= tail * (1.0 - ROUNDING) || k == high;
            ensure!(
                reached && before.is_none_or(|c| c < tail || law.cdf(k) == c),
                "quantiles",
                "quantile({tail:e}) = {k:?}"
            );
            let Some(k) = law.isf(tail) else {
                return Err(Failure { property: "quantiles exist", found: format!("isf({tail:e})") });
            };
            let before = (k > low).then(|| law.sf(k - 1));
            let reached = law.sf(k) <= tail * (1.0 + ROUNDING) || k == high;
            ensure!(reached && before.is_none_or(|s| s > tail || law.sf(k) == s), "quantiles", "isf({tail:e}) = {k:?}");
        }
        Ok(())
    }

    /// The outcomes that hold all but 1e-17 of the probability at either end, if there are few.
    fn range(&self, law: &dyn AnyDiscreteLaw<f64>) -> Option<(i128, i128)> {
        let (low, high) = (law.quantile(1e-17)?, law.isf(1e-17)?);
        (high - low <= 20_000).then_some((low, high))
    }

    fn sums(&self, law: &dyn AnyDiscreteLaw<f64>) -> Result<(), Failure> {
        let numbers = [law.mean(), law.variance(), law.entropy()];
        ensure!(numbers.iter().all(|x| !x.is_nan()), "mean, variance and entropy are numbers", "{numbers:?}");
        let top = law.ln_pmf(law.mode());
        for at in self.points(law) {
            let ln = law.ln_pmf(at);
            ensure!(ln <= top + 1e-12 * (1.0 + top.abs()), "the mode", "ln_pmf({at}) = {ln} > {top}");
        }
        let Some((low, high)) = self.range(law) else { return Ok(()) };
        if low == high {
            return Ok(());
        }
        let masses: Vec<(f64, f64)> = (low..=high).map(|k| (law.pmf(k), law.ln_pmf(k))).collect();
        let total: f64 = masses.iter().map(|m| m.0).sum();
        ensure!((total - 1.0).abs() < 1e-11, "masses sum to 1", "{total}");
        let (mut below, mut checked) = (0.0, 0);
        for (k, (pmf, _)) in (low..=high).zip(&masses) {
            below += pmf;
            if checked < 300 {
                checked += 1;
                let cdf = law.cdf(k);
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

    /// Draws against masses and mean.
    pub(super) fn samples(&self) -> Result<(), Failures> {
        Ok(self.draws(&*self.plain()?)?)
    }

    /// Pearson's chi-squared test and the mean, at five sigma.
    fn draws(&self, law: &dyn AnyDiscreteLaw<f64>) -> Result<(), Failure> {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let samples: Vec<i128> = (0..self.draws).map(|_| law.sample(&mut rng)).collect();
        let (low, high) = law.support();
        if let Some(k) = samples.iter().find(|k| !(low..=high).contains(*k)) {
            return Err(Failure { property: "draws are in the support", found: format!("{k}") });
        }
        let n = self.draws as f64;
        let standard_error = (law.variance() / n).sqrt();
        let sample = mean_of(samples.iter().map(|k| *k as f64));
        let sigmas = (sample.mean - law.mean()).abs() / standard_error;
        // the law of a mean that hangs on rare outcomes is not normal
        let skewed = law.isf(1.0 / n).map_or(0.0, |k| k as f64) - law.mean() > 0.02 * n * standard_error;
        let known = standard_error.is_finite() && standard_error > 1e-9 * law.mean().abs() && !skewed;
        ensure!(!known || sigmas < 5.0, "the mean of the draws", "{sample:?} is {sigmas} sigma from {}", law.mean());

        // cells between quantiles, each with 20 expected draws at least
        let mut ends: Vec<i128> = (1..60)
            .map(|i| f64::from(i) / 60.0)
            .chain([0.003, 1e-3, 0.997, 0.999])
            .filter_map(|p| law.quantile(p))
            .chain([low, low + 1])
            .filter(|k| k.unsigned_abs() < 1 << 53 && *k < high)
            .collect();
        ends.sort_unstable();
        ends.dedup();
        let mut cells: Vec<(i128, f64)> = Vec::new();
        let mut before: Option<i128> = None;
        for end in ends {
            let (sf, cdf) = (law.sf(end), law.cdf(end));
            let expected = match before {
                None => cdf,
                Some(b) if cdf < 0.5 => cdf - law.cdf(b),
                Some(b) => law.sf(b) - sf,
            };
            if expected * n >= 20.0 && sf * n >= 20.0 {
                cells.push((end, expected * n));
                before = Some(end);
            }
        }
        let rest = before.map_or(1.0, |b| law.sf(b));
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
}

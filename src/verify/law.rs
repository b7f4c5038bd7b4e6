//! The harness: what any continuous law must obey.

use super::any_law::AnyLaw;
use super::difference::agrees;
use super::failure::{Failure, Failures, ensure};
use super::integral::{Integral, integrate, integrate_tail};
use super::statistics::{kolmogorov_smirnov, mean_of};
use crate::distr::Continuous;
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use std::format;
use std::vec::Vec;

/// The tail probabilities at which a law is looked at, from both ends.
pub(crate) const TAILS: [f64; 12] = [1e-300, 1e-100, 1e-30, 1e-12, 1e-9, 1e-6, 1e-3, 0.02, 0.1, 0.25, 0.4, 0.5];

/// The checks of one law; made by [`law()`].
#[derive(Clone, Debug)]
pub struct LawCheck<'a> {
    law: &'a dyn AnyLaw<f64>,
    draws: usize,
    seed: u64,
    tolerance: f64,
    tails_from: f64,
}

/// Checks a law: `verify::law(&law).check()?`.
///
/// | property | how |
/// |---|---|
/// | densities | pdf = exp(ln_pdf); the integral of the pdf between quantiles is the difference of the cdf; d cdf/dx = pdf by finite differences |
/// | tails | cdf + sf = 1; ln_cdf, ln_sf are their logarithms; monotone; limits at and outside the ends of the support, at ±inf and NaN |
/// | quantiles | quantile, isf and their logarithmic forms invert cdf and sf from 1e-300 to 1/2 in both tails, up to the rounding of x |
/// | moments | mean, variance, entropy are integrals over the quantile; the density is nowhere above the mode's; the cdf at the median is 1/2 |
/// | draws | in the support; Kolmogorov-Smirnov test and mean of the draws, both at five sigma |
///
/// Not checked: derivatives (see [`family()`](super::family())), arguments between those looked at, whether it is the law that
/// you mean, whether draws are independent of each other, moments whose integrals do not settle.
///
/// Of a law of your own whose upper tail is 1 - cdf, the far tail has no digits: give `sf`, or look at less of it.
///
/// ```
/// use reparam::prelude::*;
/// use reparam::verify;
///
/// /// F(x) = 1/(1 + exp(-(x - location))), and no `sf`.
/// struct Logistic;
/// impl Cdf<1> for Logistic {
///     fn cdf<S: Scalar>(&self, [location]: [S; 1], x: S) -> S {
///         (x - location).sigmoid()
///     }
/// }
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = FromCdf::new(Logistic, [1.0])?;
/// let failures = verify::law(&law).check().unwrap_err();
/// assert!(failures.to_string().contains("give `sf`"));
/// verify::law(&law).tails_from(1e-3).tolerance(1e-12).check()?;
/// # Ok(()) }
/// ```
pub fn law<L: Continuous<f64>>(law: &L) -> LawCheck<'_> {
    LawCheck::new(law)
}

impl<'a> LawCheck<'a> {
    pub(super) fn new(law: &'a dyn AnyLaw<f64>) -> Self {
        LawCheck { law, draws: 100_000, seed: 1, tolerance: 0.0, tails_from: 0.0 }
    }

    /// How many draws are tested; 100 000 unless told.
    #[must_use]
    pub fn draws(mut self, draws: usize) -> Self {
        self.draws = draws;
        self
    }

    /// The seed of the draws.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The relative error that tails, their logarithms and quantiles may have beside that of rounding, which alone is allowed
    /// unless told.
    #[must_use]
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// The smallest probability of a tail at which the law is looked at; 1e-300 unless told.
    #[must_use]
    pub fn tails_from(mut self, probability: f64) -> Self {
        self.tails_from = probability;
        self
    }

    /// Runs the checks.
    ///
    /// # Errors
    /// All properties that do not hold, and where.
    pub fn check(&self) -> Result<(), Failures> {
        let mut failures = Failures::default();
        failures.extend(self.check_order());
        self.tails(&mut failures);
        failures.add(self.densities());
        failures.add(self.moments());
        failures.add(self.samples());
        failures.into_result()
    }

    /// Checks only what holds to the last digit at any parameters, however extreme: the [ends](Self::check_ends), quantiles and
    /// a few draws in the support, quantiles that do not fall, probabilities in \[0, 1\] that do not fall or rise the wrong way.
    ///
    /// # Errors
    /// All properties that do not hold, and where.
    pub fn check_order(&self) -> Result<(), Failures> {
        let mut failures = Failures::default();
        failures.extend(self.check_ends());
        let points = self.quantiles_in_order(&mut failures);
        self.probabilities_in_order(&points, &mut failures);
        failures.add(self.few_draws());
        failures.into_result()
    }

    /// The quantiles at the tails looked at, in the order of their probabilities.
    fn quantiles_in_order(&self, failures: &mut Failures) -> Vec<f64> {
        let law = self.law;
        let (low, high) = law.support();
        let looked_at = || TAILS.iter().copied().filter(|p| *p >= self.tails_from);
        let lower = looked_at().map(|p| (format!("quantile({p:e})"), p, law.quantile(p)));
        let upper = looked_at().rev().map(|q| (format!("isf({q:e})"), q, law.isf(q)));
        let mut points = Vec::new();
        let mut last = low;
        for (name, tail, x) in lower.chain(upper) {
            if !(low <= x && x <= high) {
                failures.put("quantiles are in the support", format!("{name} = {x:e} of [{low:e}, {high:e}]"));
                continue;
            }
            // the rounding of the probability moves x by this much
            let moved = Some(tail / law.pdf(x)).filter(|moved| moved.is_finite()).unwrap_or(0.0);
            if x < last - (8.0 * f64::EPSILON + self.tolerance) * (last.abs() + moved) {
                failures.put("quantiles rise", format!("{name} = {x:e} after {last:e}"));
            }
            last = x;
            points.push(x);
        }
        points
    }

    /// Probabilities at these points and between them.
    fn probabilities_in_order(&self, points: &[f64], failures: &mut Failures) {
        let law = self.law;
        let between = points.windows(2).map(|pair| 0.5 * pair[0] + 0.5 * pair[1]).filter(|x| !x.is_nan());
        let mut points: Vec<f64> = between.chain(points.iter().copied()).collect();
        points.sort_by(f64::total_cmp);
        let (mut below, mut above) = (0.0, 1.0);
        let rounding = 64.0 * f64::EPSILON + self.tolerance;
        for x in points {
            let (cdf, sf) = (law.cdf(x), law.sf(x));
            if let Err(failure) = probabilities(x, [cdf, sf], [law.ln_cdf(x), law.ln_sf(x)]) {
                failures.add(Err(failure));
                continue;
            }
            // in relative terms, as far as x itself is known
            let slack = rounding + 8.0 * f64::EPSILON * x.abs() * law.pdf(x);
            if cdf < below - slack || sf > above + slack {
                failures.put("cdf rises", format!("at {x:e}: cdf {cdf:e} after {below:e}, sf {sf:e} after {above:e}"));
            }
            (below, above) = (cdf, sf);
        }
    }

    fn few_draws(&self) -> Result<(), Failure> {
        let (low, high) = self.law.support();
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(self.seed);
        for _ in 0..100 {
            let z = self.law.sample(&mut rng);
            ensure!(low <= z && z <= high, "draws are in the support", "{z:e} outside [{low:e}, {high:e}]");
        }
        Ok(())
    }

    /// Checks only the ends: probabilities of 0 and 1, the ends of the support and beyond, NaN.
    ///
    /// # Errors
    /// All properties that do not hold, and where.
    pub fn check_ends(&self) -> Result<(), Failures> {
        let mut failures = Failures::default();
        failures.add(self.edges());
        self.zero_and_one(&mut failures);
        self.just_inside(&mut failures);
        failures.into_result()
    }

    /// Probabilities of 0 and 1 in the forms that they have beside 0.0 and 1.0.
    fn zero_and_one(&self, failures: &mut Failures) {
        let law = self.law;
        let (low, high) = law.support();
        let ends = [
            ("quantile(-0.0)", law.quantile(-0.0), low),
            ("isf(-0.0)", law.isf(-0.0), high),
            ("quantile_ln(-inf)", law.quantile_ln(f64::NEG_INFINITY), low),
            ("isf_ln(-inf)", law.isf_ln(f64::NEG_INFINITY), high),
            ("quantile_ln(0.0)", law.quantile_ln(0.0), high),
            ("quantile_ln(-0.0)", law.quantile_ln(-0.0), high),
            ("isf_ln(0.0)", law.isf_ln(0.0), low),
            ("isf_ln(-0.0)", law.isf_ln(-0.0), low),
        ];
        for (name, found, want) in ends.into_iter().filter(|(_, found, want)| found != want) {
            failures.put("quantiles of 0 and 1 are the ends", format!("{name} = {found:e}, not {want:e}"));
        }
    }

    /// One step inside of the support, and the largest doubles.
    fn just_inside(&self, failures: &mut Failures) {
        let law = self.law;
        let (low, high) = law.support();
        for x in [low.next_up(), high.next_down(), f64::MIN, f64::MAX].into_iter().filter(|x| low < *x && *x < high) {
            let (pdf, ln_pdf) = (law.pdf(x), law.ln_pdf(x));
            if pdf.is_nan() || pdf < 0.0 || ln_pdf.is_nan() {
                failures.put("densities are not negative", format!("at {x:e}: {pdf:e}, logarithm {ln_pdf:e}"));
            }
            failures.add(probabilities(x, [law.cdf(x), law.sf(x)], [law.ln_cdf(x), law.ln_sf(x)]));
        }
    }

    /// Whether x is a number inside the support, where everything has a finite value.
    fn inside(&self, x: f64) -> bool {
        let (low, high) = self.law.support();
        x.is_finite() && low < x && x < high
    }

    fn edges(&self) -> Result<(), Failure> {
        let law = self.law;
        let (low, high) = law.support();
        // both are one double where a law is narrower than their spacing
        ensure!(low <= high, "support", "[{low:e}, {high:e}]");
        ensure!(law.quantile(0.0) == low, "quantile(0) is the lower end", "{} and {low}", law.quantile(0.0));
        ensure!(law.quantile(1.0) == high, "quantile(1) is the upper end", "{} and {high}", law.quantile(1.0));
        ensure!(law.isf(0.0) == high && law.isf(1.0) == low, "isf ends", "{} and {}", law.isf(0.0), law.isf(1.0));
        for p in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            let (x, y) = (law.quantile(p), law.isf(p));
            ensure!(x.is_nan() && y.is_nan(), "no quantile outside [0, 1]", "quantile({p}) = {x}, isf({p}) = {y}");
        }
        let nan = [law.pdf(f64::NAN), law.ln_pdf(f64::NAN), law.cdf(f64::NAN), law.sf(f64::NAN)];
        ensure!(nan.iter().all(|x| x.is_nan()), "NaN gives NaN", "{nan:?}");
        let below = [f64::NEG_INFINITY, f64::MIN.max(low - 1.0), low - 1e-9 * (1.0 + low.abs())];
        for x in below.into_iter().filter(|x| *x < low || *x == f64::NEG_INFINITY) {
            let found = [law.pdf(x), law.ln_pdf(x), law.cdf(x), law.ln_cdf(x), law.sf(x), law.ln_sf(x)];
            let limit = [0.0, f64::NEG_INFINITY, 0.0, f64::NEG_INFINITY, 1.0, 0.0];
            ensure!(
                found == limit,
                "nothing below the support",
                "at {x}: pdf, ln_pdf, cdf, ln_cdf, sf, ln_sf = {found:?}"
            );
        }
        let above = [f64::INFINITY, f64::MAX.min(high + 1.0), high + 1e-9 * (1.0 + high.abs())];
        for x in above.into_iter().filter(|x| *x > high || *x == f64::INFINITY) {
            let found = [law.pdf(x), law.ln_pdf(x), law.cdf(x), law.ln_cdf(x), law.sf(x), law.ln_sf(x)];
            let limit = [0.0, f64::NEG_INFINITY, 1.0, 0.0, 0.0, f64::NEG_INFINITY];
            ensure!(
                found == limit,
                "nothing above the support",
                "at {x}: pdf, ln_pdf, cdf, ln_cdf, sf, ln_sf = {found:?}"
            );
        }
        Ok(())
    }

    fn tails(&self, failures: &mut Failures) {
        let law = self.law;
        let mut last = (law.support().0, 0.0);
        let looked_at = || TAILS.iter().filter(|p| **p >= self.tails_from);
        let lower = looked_at().map(|p| (*p, law.quantile(*p), law.quantile_ln(p.ln()), true));
        let upper = looked_at().rev().map(|q| (*q, law.isf(*q), law.isf_ln(q.ln()), false));
        for (tail, x, x_from_ln, is_lower) in lower.chain(upper) {
            failures.add(self.tail(tail, [x, x_from_ln], is_lower, &mut last));
        }
    }

    /// A quantile of a tail, from the probability and from its logarithm; `last` is the one before it, with its cdf.
    fn tail(&self, tail: f64, [x, x_from_ln]: [f64; 2], is_lower: bool, last: &mut (f64, f64)) -> Result<(), Failure> {
        let law = self.law;
        let at = if is_lower { format!("quantile({tail:e}) = {x:e}") } else { format!("isf({tail:e}) = {x:e}") };
        ensure!(!x.is_nan() && !x_from_ln.is_nan(), "quantiles are numbers", "{at}, {x_from_ln:e} from its logarithm");
        let (low, high) = law.support();
        ensure!(
            low <= x.min(x_from_ln) && x.max(x_from_ln) <= high,
            "quantiles are in the support",
            "{at}, {x_from_ln:e} from its logarithm, of [{low:e}, {high:e}]"
        );
        let rounding = 8.0 * f64::EPSILON * (x.abs() + last.0.abs());
        let risen = x >= last.0 || (x - last.0).abs() <= rounding;
        ensure!(risen, "quantiles rise", "{at} after {:e}", last.0);
        if !self.inside(x) {
            return Ok(());
        }
        let (cdf, sf, ln_cdf, ln_sf, pdf) = (law.cdf(x), law.sf(x), law.ln_cdf(x), law.ln_sf(x), law.pdf(x));
        probabilities(x, [cdf, sf], [ln_cdf, ln_sf])?;
        let allowed = 8.0 * f64::EPSILON + self.tolerance;
        ensure!((cdf + sf - 1.0).abs() <= allowed, "cdf + sf = 1", "{at}: {cdf} + {sf}, allowed {allowed:e}");
        ensure!(cdf >= last.1 || x <= last.0, "cdf rises", "{at}: {cdf:e} after {:e}", last.1);
        for (name, value, ln) in [("cdf", cdf, ln_cdf), ("sf", sf, ln_sf)] {
            // where the value is 1 to all digits, its logarithm still tells the other tail
            let allowed = (16.0 * f64::EPSILON * (1.0 + ln.abs()) + self.tolerance) * value;
            let close = (ln.exp() - value).abs() <= allowed || (ln < -700.0 && value < 1e-300);
            ensure!(
                close,
                "ln_cdf, ln_sf are logarithms",
                "{at}: {name} = {value:e}, exp({ln}) = {:e}, allowed {allowed:e}",
                ln.exp()
            );
        }
        // x is rounded, and ln x and its like in the formulas once more
        let ln = if is_lower { ln_cdf } else { ln_sf };
        let spacing = x.abs().max(f64::MIN_POSITIVE) * f64::EPSILON;
        let steep = (law.ln_pdf(x) - ln).exp();
        if steep.is_infinite() {
            return Ok(()); // a pole of the density, where x says nothing about the probability
        }
        let allowed = 64.0 * f64::EPSILON * (1.0 + tail.ln().abs()) + 8.0 * spacing * steep + self.tolerance;
        ensure!(
            (ln - tail.ln()).abs() <= allowed || allowed > 1.0,
            "quantiles invert",
            "{at}: ln {} for {}, allowed {allowed:e}",
            ln,
            tail.ln()
        );
        let allowed = allowed / steep + 8.0 * spacing;
        ensure!(
            (x - x_from_ln).abs() <= allowed,
            "quantiles from logarithms",
            "{at}, {x_from_ln:e} from {}, allowed {allowed:e}",
            tail.ln()
        );
        ensure!(pdf >= 0.0, "densities are not negative", "{at}: {pdf}");
        *last = (x, cdf);
        Ok(())
    }

    fn densities(&self) -> Result<(), Failure> {
        let law = self.law;
        let mut points: Vec<f64> = Vec::new();
        for p in [0.001, 0.02, 0.1, 0.25, 0.4, 0.5] {
            points.extend([law.quantile(p), law.isf(p)]);
        }
        points.extend(law.mode());
        points.retain(|x| self.inside(*x));
        points.sort_by(f64::total_cmp);
        for x in &points {
            let (pdf, ln_pdf) = (law.pdf(*x), law.ln_pdf(*x));
            // both may be infinite
            let close =
                pdf == ln_pdf.exp() || (pdf - ln_pdf.exp()).abs() <= 32.0 * f64::EPSILON * pdf * (1.0 + ln_pdf.abs());
            ensure!(close, "pdf = exp(ln_pdf)", "at {x}: {pdf:e} and {:e}", ln_pdf.exp());
        }
        for pair in points.windows(2) {
            let [a, b] = [pair[0], pair[1]];
            if b - a <= 1e-6 * a.abs().max(b.abs()) {
                continue; // too narrow for the quadrature's own nodes
            }
            let mass = if law.cdf(b) < 0.5 { law.cdf(b) - law.cdf(a) } else { law.sf(a) - law.sf(b) };
            // points that differ by rounding alone, around a median of 0, say
            if mass.abs() < 1e-12 && law.pdf(a) * (b - a) < 1e-12 {
                continue;
            }
            let found = integrate(|t| law.pdf(a + (b - a) * t) * (b - a), &[0.0, 0.3, 0.8, 1.0]);
            let (integral, allowed) = (found.value, 1e-8 + found.error);
            let off = (integral - mass).abs();
            ensure!(
                off <= allowed && allowed < 1e-6,
                "the pdf integrates to the cdf",
                "[{a}, {b}]: {integral} for {mass}, allowed {allowed:e}"
            );
            let x = 0.5 * (a + b);
            // in the variable between the points: the slope's scale is that of the interval
            let want = law.pdf(x) * (b - a);
            if let Err(slope) = agrees(|t| law.cdf(a + (b - a) * t), 0.5, &[want], 0.0, 1e-4) {
                ensure!(false, "d cdf/dx = pdf", "at {x}: {slope:?} for {want}, allowed 1e-4 of it");
            }
        }
        Ok(())
    }

    /// E[g(X)] by quadrature over both tails' probabilities.
    fn expectation(&self, g: impl Fn(f64) -> f64) -> Integral {
        let mut both = integrate_tail(|p| g(self.law.quantile(p)));
        both += integrate_tail(|q| g(self.law.isf(q)));
        both
    }

    fn moments(&self) -> Result<(), Failure> {
        let law = self.law;
        let median = law.median();
        ensure!(
            (law.cdf(median) - 0.5).abs() < 1e-9 || !self.inside(median),
            "the median",
            "cdf({median}) = {}",
            law.cdf(median)
        );
        // the width of the middle, the unit of all tolerances
        let width = law.isf(0.25) - law.quantile(0.25);
        let numbers = [law.mean(), law.variance(), law.mode()];
        ensure!(numbers.iter().flatten().all(|x| !x.is_nan()), "mean, variance and mode are numbers", "{numbers:?}");
        if let Some(mean) = law.mean().filter(|m| m.is_finite()) {
            let Integral { value: integral, error } = self.expectation(|x| (x - median) / width);
            if error < 1e-6 {
                let got = (mean - median) / width;
                let rounding = 1e-13 * (mean.abs() + median.abs()) / width;
                ensure!(
                    (integral - got).abs() <= 1e-6 * (1.0 + got.abs()) + rounding,
                    "the mean",
                    "{mean} for {}",
                    median + width * integral
                );
            }
            if let Some(variance) = law.variance().filter(|v| v.is_finite()) {
                let Integral { value: integral, error } = self.expectation(|x| ((x - mean) / width).powi(2));
                if error < 1e-6 {
                    let got = variance / width / width;
                    ensure!(
                        (integral - got).abs() <= 1e-6 * (1.0 + got.abs()) + rounding(mean, width),
                        "the variance",
                        "{variance} for {}",
                        width * width * integral
                    );
                }
            }
        }
        let entropy = law.entropy();
        let Integral { value: integral, error } =
            self.expectation(|x| if self.inside(x) { -law.ln_pdf(x) } else { 0.0 });
        ensure!(!entropy.is_nan(), "the entropy is a number", "{entropy}");
        let off = (integral - entropy).abs() - 1e-6 * (1.0 + entropy.abs());
        if error < 1e-6 && off > 0.0 {
            // draws that round to an end are not in the integral: ln f is below 50 next to it
            let missed = self.expectation(|x| f64::from(u8::from(!self.inside(x)))).value;
            ensure!(off <= 50.0 * missed, "the entropy", "{entropy} for {integral}");
        }
        if let Some(mode) = law.mode() {
            let top = law.ln_pdf(mode);
            for p in TAILS {
                for x in [law.quantile(p), law.isf(p)] {
                    let higher = law.ln_pdf(x) > top + 1e-12 * (1.0 + top.abs());
                    ensure!(
                        !higher,
                        "the mode is the highest point",
                        "ln_pdf({x}) = {} > ln_pdf({mode}) = {top}",
                        law.ln_pdf(x)
                    );
                }
            }
        }
        Ok(())
    }

    fn samples(&self) -> Result<(), Failure> {
        let law = self.law;
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(self.seed);
        let samples: Vec<f64> = (0..self.draws).map(|_| law.sample(&mut rng)).collect();
        let (low, high) = law.support();
        for x in &samples {
            ensure!(low <= *x && *x <= high, "draws are in the support", "{x} outside [{low}, {high}]");
        }
        if let (Some(mean), Some(variance)) = (law.mean(), law.variance()) {
            // a sample's own scatter is a poor measure where the variance hangs on rare values: the law's is used
            let standard_error = (variance / self.draws as f64).sqrt();
            let sample = mean_of(samples.iter().copied());
            let sigmas = (sample.mean - mean).abs() / standard_error;
            let known = standard_error.is_finite() && standard_error > 1e-9 * mean.abs();
            ensure!(!known || sigmas < 5.0, "the mean of the draws", "{sample:?} is {sigmas} sigma from {mean}");
        }
        // distinct values only: a law that is narrower than the spacing of doubles has no continuous samples
        let spread = law.isf(0.25) - law.quantile(0.25);
        if spread > 1e-9 * law.median().abs() && spread > 1e-300 {
            let p = kolmogorov_smirnov(samples, |x| law.cdf(x));
            ensure!(
                p > super::FIVE_SIGMA,
                "draws follow the cdf",
                "Kolmogorov-Smirnov p = {p:e} of {} draws",
                self.draws
            );
        }
        Ok(())
    }
}

/// cdf and sf in [0, 1], and their logarithms not above 0.
fn probabilities(x: f64, tails: [f64; 2], logarithms: [f64; 2]) -> Result<(), Failure> {
    ensure!(
        tails.iter().all(|p| (0.0..=1.0).contains(p)) && logarithms.iter().all(|ln| *ln <= 0.0),
        "probabilities are in [0, 1]",
        "at {x:e}: cdf, sf = {tails:?}, ln_cdf, ln_sf = {logarithms:?}"
    );
    Ok(())
}

/// What the rounding of a mean does to squares taken around it, in units of the width.
fn rounding(mean: f64, width: f64) -> f64 {
    let unit = 1e-15 * mean.abs() / width;
    10.0 * unit * (1.0 + unit)
}

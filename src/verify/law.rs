//! The harness: what any continuous law must obey.

use super::difference::agrees;
use super::statistics::{kolmogorov_smirnov, mean_of};
use crate::distr::Continuous;
use core::fmt;
use quadrature::double_exponential;
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use std::format;
use std::string::String;
use std::vec::Vec;

/// The tail probabilities at which a law is looked at, from both ends.
pub(crate) const TAILS: [f64; 12] = [1e-300, 1e-100, 1e-30, 1e-12, 1e-9, 1e-6, 1e-3, 0.02, 0.1, 0.25, 0.4, 0.5];

/// A property that a law does not have.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Failure {
    /// The property.
    pub property: &'static str,
    /// Where, and what was found.
    pub found: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.property, self.found)
    }
}

impl core::error::Error for Failure {}

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

/// The checks of one law; made by [`law()`].
#[derive(Clone, Debug)]
pub struct LawCheck<'a, L> {
    law: &'a L,
    draws: usize,
    seed: u64,
}

/// Checks a law: `verify::law(&law).check()?`.
///
/// | property | how |
/// |---|---|
/// | densities | pdf = exp(ln_pdf); the integral of the pdf between quantiles is the difference of the cdf; d cdf/dx = pdf by finite differences |
/// | tails | cdf + sf = 1; ln_cdf, ln_sf are their logarithms; monotone; limits at and outside the ends of the support, at ±inf and NaN |
/// | quantiles | quantile, isf and their logarithmic forms invert cdf and sf from 1e-300 to 1/2 in both tails, up to the rounding of x |
/// | moments | mean, variance, entropy are integrals over the quantile; the density is nowhere above the mode's; the cdf at the median is 1/2 |
/// | draws | Kolmogorov-Smirnov test and mean of the draws, both at five sigma |
pub fn law<L: Continuous<f64>>(law: &L) -> LawCheck<'_, L> {
    LawCheck { law, draws: 100_000, seed: 1 }
}

impl<L: Continuous<f64>> LawCheck<'_, L> {
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

    /// Runs the checks.
    ///
    /// # Errors
    /// The first property that does not hold, and where.
    pub fn check(&self) -> Result<(), Failure> {
        self.edges()?;
        self.tails()?;
        self.densities()?;
        self.moments()?;
        self.samples()
    }

    /// Whether x is a number inside the support, where everything has a finite value.
    fn inside(&self, x: f64) -> bool {
        let (low, high) = self.law.support();
        x.is_finite() && low < x && x < high
    }

    fn edges(&self) -> Result<(), Failure> {
        let law = self.law;
        let (low, high) = law.support();
        ensure!(low < high, "support", "[{low}, {high}]");
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

    fn tails(&self) -> Result<(), Failure> {
        let law = self.law;
        let mut last = (law.support().0, 0.0);
        let lower = TAILS.iter().map(|p| (*p, law.quantile(*p), law.quantile_ln(p.ln()), true));
        let upper = TAILS.iter().rev().map(|q| (*q, law.isf(*q), law.isf_ln(q.ln()), false));
        for (tail, x, x_from_ln, is_lower) in lower.chain(upper) {
            let at = if is_lower { format!("quantile({tail:e}) = {x:e}") } else { format!("isf({tail:e}) = {x:e}") };
            ensure!(
                !x.is_nan() && !x_from_ln.is_nan(),
                "quantiles are numbers",
                "{at}, {x_from_ln:e} from its logarithm"
            );
            let rounding = 8.0 * f64::EPSILON * (x.abs() + last.0.abs());
            let risen = x >= last.0 || (x - last.0).abs() <= rounding;
            ensure!(risen, "quantiles rise", "{at} after {:e}", last.0);
            if !self.inside(x) {
                continue;
            }
            let (cdf, sf, ln_cdf, ln_sf, pdf) = (law.cdf(x), law.sf(x), law.ln_cdf(x), law.ln_sf(x), law.pdf(x));
            ensure!((cdf + sf - 1.0).abs() <= 8.0 * f64::EPSILON, "cdf + sf = 1", "{at}: {cdf} + {sf}");
            ensure!(cdf >= last.1 || x <= last.0, "cdf rises", "{at}: {cdf:e} after {:e}", last.1);
            for (name, value, ln) in [("cdf", cdf, ln_cdf), ("sf", sf, ln_sf)] {
                // where the value is 1 to all digits, its logarithm still tells the other tail
                let close = (ln.exp() - value).abs() <= 16.0 * f64::EPSILON * value * (1.0 + ln.abs())
                    || (ln < -700.0 && value < 1e-300);
                ensure!(close, "ln_cdf, ln_sf are logarithms", "{at}: {name} = {value:e}, exp({ln}) = {:e}", ln.exp());
            }
            // x is rounded, and ln x and its like in the formulas once more
            let ln = if is_lower { ln_cdf } else { ln_sf };
            let spacing = x.abs().max(f64::MIN_POSITIVE) * f64::EPSILON;
            let steep = (law.ln_pdf(x) - ln).exp();
            if steep.is_infinite() {
                continue; // a pole of the density, where x says nothing about the probability
            }
            let allowed = 64.0 * f64::EPSILON * (1.0 + tail.ln().abs()) + 8.0 * spacing * steep;
            ensure!(
                (ln - tail.ln()).abs() <= allowed || allowed > 1.0,
                "quantiles invert",
                "{at}: ln {} for {}",
                ln,
                tail.ln()
            );
            let allowed = allowed / steep + 8.0 * spacing;
            ensure!(
                (x - x_from_ln).abs() <= allowed,
                "quantiles from logarithms",
                "{at}, {x_from_ln:e} from {}",
                tail.ln()
            );
            ensure!(pdf >= 0.0, "densities are not negative", "{at}: {pdf}");
            last = (x, cdf);
        }
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
            // in three parts, as the rule ends early where its first two sums happen to agree
            let parts = [[0.0, 0.3], [0.3, 0.8], [0.8, 1.0]].map(|[from, to]| {
                double_exponential::integrate(|t| law.pdf(a + (b - a) * t) * (b - a), from, to, 1e-10)
            });
            let integral: f64 = parts.iter().map(|part| part.integral).sum();
            let allowed = 1e-8 + parts.iter().map(|part| part.error_estimate).sum::<f64>();
            let off = (integral - mass).abs();
            ensure!(
                off <= allowed && allowed < 1e-6,
                "the pdf integrates to the cdf",
                "[{a}, {b}]: {integral} for {mass}"
            );
            let x = 0.5 * (a + b);
            // in the variable between the points: the slope's scale is that of the interval
            let want = law.pdf(x) * (b - a);
            if let Err(slope) = agrees(|t| law.cdf(a + (b - a) * t), 0.5, &[want], 0.0, 1e-4) {
                ensure!(false, "d cdf/dx = pdf", "at {x}: {slope:?} for {want}");
            }
        }
        Ok(())
    }

    /// E[g(X)] by quadrature over both tails' probabilities, with its error estimate.
    fn expectation(&self, g: impl Fn(f64) -> f64) -> (f64, f64) {
        let lower = double_exponential::integrate(|p| g(self.law.quantile(p)), 0.0, 0.5, 1e-10);
        let upper = double_exponential::integrate(|q| g(self.law.isf(q)), 0.0, 0.5, 1e-10);
        (lower.integral + upper.integral, lower.error_estimate + upper.error_estimate)
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
            let (integral, error) = self.expectation(|x| (x - median) / width);
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
                let (integral, error) = self.expectation(|x| ((x - mean) / width).powi(2));
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
        let (integral, error) = self.expectation(|x| if self.inside(x) { -law.ln_pdf(x) } else { 0.0 });
        ensure!(!entropy.is_nan(), "the entropy is a number", "{entropy}");
        if error < 1e-6 {
            ensure!(
                (integral - entropy).abs() <= 1e-6 * (1.0 + entropy.abs()),
                "the entropy",
                "{entropy} for {integral}"
            );
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

/// What the rounding of a mean does to squares taken around it, in units of the width.
fn rounding(mean: f64, width: f64) -> f64 {
    let unit = 1e-15 * mean.abs() / width;
    10.0 * unit * (1.0 + unit)
}

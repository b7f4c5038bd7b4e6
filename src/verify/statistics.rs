//! Tests of samples.

use statrs::distribution::{Continuous, ContinuousCDF};
use statrs::statistics::{Max, Min};
use statrs::stats_tests::NaNPolicy;
use statrs::stats_tests::ks_test::{KSOneSampleAlternativeMethod, ks_onesample};
use std::vec::Vec;

/// A distribution function as statrs takes it.
struct Cdf<F>(F);

impl<F: Fn(f64) -> f64> Min<f64> for Cdf<F> {
    fn min(&self) -> f64 {
        f64::NEG_INFINITY
    }
}

impl<F: Fn(f64) -> f64> Max<f64> for Cdf<F> {
    fn max(&self) -> f64 {
        f64::INFINITY
    }
}

impl<F: Fn(f64) -> f64> Continuous<f64, f64> for Cdf<F> {
    fn pdf(&self, _: f64) -> f64 {
        f64::NAN
    }
    fn ln_pdf(&self, _: f64) -> f64 {
        f64::NAN
    }
}

impl<F: Fn(f64) -> f64> ContinuousCDF<f64, f64> for Cdf<F> {
    fn cdf(&self, x: f64) -> f64 {
        (self.0)(x)
    }
}

/// The p-value of the two-sided Kolmogorov-Smirnov test of samples against a distribution function, in its limit for
/// many samples (from statrs); 0 if a sample is NaN.
///
/// Not checked: whether samples are independent of each other, and tails rarer than one in the root of their number.
///
/// ```
/// let even: Vec<f64> = (0..10_000).map(|i| (f64::from(i) + 0.5) / 10_000.0).collect();
/// assert!(reparam::verify::kolmogorov_smirnov(even.clone(), |x| x) > 0.99);
/// assert!(reparam::verify::kolmogorov_smirnov(even, |x| x * x) < 1e-9);
/// ```
pub fn kolmogorov_smirnov(samples: Vec<f64>, cdf: impl Fn(f64) -> f64) -> f64 {
    ks_onesample(samples, &Cdf(cdf), KSOneSampleAlternativeMethod::TwoSidedAsymptotic, NaNPolicy::Error)
        .map_or(0.0, |(_, p)| p)
}

/// A sample mean and its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanTest {
    /// The mean of the samples.
    pub mean: f64,
    /// Its standard error.
    pub standard_error: f64,
}

impl MeanTest {
    /// How many standard errors the mean is from an expected value; 0 where both agree exactly.
    ///
    /// ```
    /// let test = reparam::verify::mean_of([1.0, 2.0, 3.0]);
    /// assert_eq!(test.sigmas(2.0), 0.0);
    /// ```
    pub fn sigmas(&self, expected: f64) -> f64 {
        if self.mean == expected { 0.0 } else { (self.mean - expected).abs() / self.standard_error }
    }
}

/// The mean of samples with its standard error sqrt(s²/n), by Welford's recurrence.
///
/// Not checked: whether samples are independent of each other and whether they have a variance; the error holds if both
/// are so.
///
/// ```
/// let test = reparam::verify::mean_of([1.0, 2.0, 3.0]);
/// assert_eq!(test.mean, 2.0);
/// assert_eq!(test.standard_error, (1.0f64 / 3.0).sqrt());
/// ```
pub fn mean_of(samples: impl IntoIterator<Item = f64>) -> MeanTest {
    let (mut n, mut mean, mut sum_of_squares) = (0.0, 0.0, 0.0);
    for x in samples {
        n += 1.0;
        let d = x - mean;
        mean += d / n;
        sum_of_squares += d * (x - mean);
    }
    MeanTest { mean, standard_error: (sum_of_squares / (n - 1.0) / n).sqrt() }
}

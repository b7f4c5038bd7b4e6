//! The log-uniform law.

use super::truncated_power_law::{TruncatedPowerLaw, ln_of};
use crate::distr::form::{at_most_one, ln_ratio, times_exp};
use crate::distr::{Continuous, KlDivergence, family, getters};
use crate::noise;
use crate::parameter::{LawError, check, is_probability};
use crate::scalar::Scalar;
use rand::Rng;
use rand::distr::Distribution;

/// The [log-uniform](https://en.wikipedia.org/wiki/Reciprocal_distribution) or reciprocal law on [lower, upper]: the
/// logarithm is uniform.
///
/// # Density function
/// f(x) = 1/(x L) with L = ln(upper/lower), for lower <= x <= upper.
///
/// # Derivatives
/// A draw is z = lower^(1-u) upper^u with uniform u, so dz/dlower = (1 - u) z/lower and dz/dupper = u z/upper, exactly.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [lower, upper] = Jet::variables([1.0, 16.0]);
/// let z = LogUniform::new(lower, upper)?.quantile(0.25.into());
/// assert!((z.re - 2.0).abs() < 1e-15 && (z.eps[0] - 1.5).abs() < 1e-15 && (z.eps[1] - 0.03125).abs() < 1e-16);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The truncated power law with exponent 1. Computed from the nearer end, so that both ends are met exactly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogUniform<S> {
    lower: S,
    upper: S,
    ln_width: S,
}

impl<S: Scalar> LogUniform<S> {
    /// The law on [lower, upper].
    ///
    /// # Errors
    /// If an end is not in [1e-150, 1e150], or `upper` is not above `lower`.
    ///
    /// ```
    /// use reparam::distr::LogUniform;
    /// assert!(LogUniform::new(1e-3, 1e3).is_ok());
    /// assert_eq!(LogUniform::new(1.0, 1.0).unwrap_err().parameter(), "upper");
    /// ```
    #[inline]
    pub fn new(lower: S, upper: S) -> Result<Self, LawError> {
        check!("a log-uniform law", lower: POSITIVE);
        check!("a log-uniform law", upper: POSITIVE);
        check!("a log-uniform law", upper: "above lower" if lower.re() < upper.re());
        Ok(LogUniform { lower, upper, ln_width: ln_ratio(upper, lower) })
    }

    /// The x with F(x) = p = 1 - q.
    #[inline]
    fn point(&self, p: S, q: S) -> S {
        if p.re() <= 0.5 { times_exp(self.lower, p * self.ln_width) } else { times_exp(self.upper, -q * self.ln_width) }
    }

    /// (F(x), 1 - F(x))
    fn probabilities(&self, x: S) -> (S, S) {
        if x.re() < self.lower.re() {
            (S::from(0.0), S::from(1.0))
        } else if x.re() > self.upper.re() {
            (S::from(1.0), S::from(0.0))
        } else {
            let part = |ln: S| at_most_one(ln.over(self.ln_width));
            (part(ln_ratio(x, self.lower)), part(ln_ratio(self.upper, x)))
        }
    }
}

family!(LogUniform, LawError, "log_uniform", [lower, upper]);
getters!(LogUniform, [lower, upper]);

impl<S: Scalar> Distribution<S> for LogUniform<S> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let u = noise::uniform(rng);
        self.point(S::from(u), S::from(1.0 - u))
    }
}

impl<S: Scalar> Continuous<S> for LogUniform<S> {
    fn support(&self) -> (S, S) {
        (self.lower, self.upper)
    }
    fn ln_pdf(&self, x: S) -> S {
        if x.re() < self.lower.re() || x.re() > self.upper.re() {
            return S::from(f64::NEG_INFINITY);
        }
        -x.ln() - self.ln_width.ln()
    }
    fn cdf(&self, x: S) -> S {
        self.probabilities(x).0
    }
    fn sf(&self, x: S) -> S {
        self.probabilities(x).1
    }
    fn ln_cdf(&self, x: S) -> S {
        let (p, q) = self.probabilities(x);
        ln_of(p, q)
    }
    fn ln_sf(&self, x: S) -> S {
        let (p, q) = self.probabilities(x);
        ln_of(q, p)
    }
    fn quantile(&self, p: S) -> S {
        if is_probability(p) { self.point(p, -p + 1.0) } else { S::from(f64::NAN) }
    }
    fn isf(&self, q: S) -> S {
        if is_probability(q) { self.point(-q + 1.0, q) } else { S::from(f64::NAN) }
    }
    /// (upper - lower)/L
    fn mean(&self) -> Option<S> {
        Some((self.upper - self.lower).over(self.ln_width))
    }
    fn variance(&self) -> Option<S> {
        TruncatedPowerLaw::new(S::from(1.0), self.lower, self.upper).ok()?.variance()
    }
    /// ln L + (ln lower + ln upper)/2
    fn entropy(&self) -> S {
        self.ln_width.ln() + (self.lower.ln() + self.upper.ln()) * 0.5
    }
    fn mode(&self) -> Option<S> {
        Some(self.lower)
    }
}

impl<S: Scalar> KlDivergence<S> for LogUniform<S> {
    /// ln(L₂/L₁) where the support of `other` holds that of self
    fn kl_divergence(&self, other: &Self) -> S {
        if self.lower.re() < other.lower.re() || self.upper.re() > other.upper.re() {
            return S::from(f64::INFINITY);
        }
        ln_ratio(other.ln_width, self.ln_width)
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-14 * want.abs(), "{got:e} for {want:e}");
    }

    #[test]
    fn ends_moments_divergence() {
        let law = LogUniform::new(0.1, 10.0).unwrap();
        assert_eq!((law.quantile(0.0), law.quantile(1.0), law.isf(1.0)), (0.1, 10.0, 0.1));
        let l = 100f64.ln();
        // (upper² - lower²)/(2 L) - mean²
        close(law.variance().unwrap(), 99.99 / (2.0 * l) - (9.9 / l) * (9.9 / l));
        close(law.entropy(), l.ln());
        close(law.median(), 1.0);
        close(law.kl_divergence(&LogUniform::new(0.01, 100.0).unwrap()), 2f64.ln());
        assert_eq!(law.kl_divergence(&LogUniform::new(0.2, 100.0).unwrap()), f64::INFINITY);
        // narrow: that of the uniform law
        let width = 0.5f64.powi(30);
        let narrow = LogUniform::new(1.0, 1.0 + width).unwrap().variance().unwrap();
        assert!((narrow / (width * width / 12.0) - 1.0).abs() < 1e-8);
        assert!(LogUniform::new(0.0, 1.0).is_err());
        // the whole range of parameters
        let wide = LogUniform::new(1e-150, 1e150).unwrap();
        // e^(ln x) with |ln x| = 345, whose rounding is that of the median
        assert!((wide.median() - 1.0).abs() < 1e-13);
        assert!(law.cdf(f64::NAN).is_nan() && law.ln_sf(f64::NAN).is_nan());
    }
}

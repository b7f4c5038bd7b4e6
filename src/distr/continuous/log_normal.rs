//! The lognormal law.

use super::normal::{Normal, StandardNormal};
use crate::distr::form::{ExpOf, Placed, exp, law_of};
use crate::distr::{KlDivergence, parameters};
use crate::parameter::{LawError, check};
use crate::scalar::Scalar;

/// The [lognormal law](https://en.wikipedia.org/wiki/Log-normal_distribution): exp(Y) with Y normal of mean μ and standard
/// deviation σ.
///
/// # Density function
/// f(x) = exp(-((ln x - μ)/σ)² / 2) / (x σ sqrt(2π)) for x > 0.
///
/// # Derivatives
/// A draw is z = exp(μ + σ ε) with standard normal ε, so dz/dμ = z and dz/dσ = z ε. Defined everywhere; a draw beyond the
/// range of doubles is infinite and has no derivatives, one below it is 0 and so are its derivatives.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [mu, sigma] = Jet::variables([1.0, 0.5]);
/// let z = LogNormal::new(mu, sigma)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert_eq!(z.eps[0], z.re);
/// assert!((z.eps[1] - z.re * (z.re.ln() - 1.0) / 0.5).abs() < 1e-14);
/// # Ok(()) }
/// ```
///
/// # Notes
/// μ and σ are those of ln X, not of X. Mean and variance overflow to infinity where σ² is above about 1400.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogNormal<S> {
    mu: S,
    sigma: S,
}

parameters! {
    LogNormal, "lognormal", "a lognormal law";
    /// The law of exp(Y), Y normal with mean μ and standard deviation σ.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(LogNormal::new(0.0, 1.0).unwrap().median(), 1.0);
    /// assert_eq!(LogNormal::new(0.0, -1.0).unwrap_err().parameter(), "sigma");
    /// ```
    new(mu: REAL, sigma: POSITIVE)
}

impl<S: Scalar> LogNormal<S> {
    /// The law with this mean of X and this coefficient of variation, the standard deviation of X over its mean:
    /// σ² = ln(1 + coefficient²), μ = ln(mean) - σ²/2.
    ///
    /// # Errors
    /// If one of the two is not in [1e-150, 1e150], or the coefficient so small or large that its square is 0 or infinite.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// let law = LogNormal::from_mean_cv(3.0, 0.5).unwrap();
    /// assert!((law.mean().unwrap() - 3.0).abs() < 1e-15);
    /// assert!((law.variance().unwrap() - 2.25).abs() < 1e-14);
    /// ```
    pub fn from_mean_cv(mean: S, coefficient: S) -> Result<Self, LawError> {
        check!("a lognormal law", mean: POSITIVE);
        check!("a lognormal law", coefficient: [1e-75, 1e75]);
        let variance = (coefficient * coefficient).ln_1p();
        Self::new(mean.ln() - variance * 0.5, variance.sqrt())
    }

    fn ln(&self) -> Normal<S> {
        Normal { mean: self.mu, std_dev: self.sigma }
    }
}

law_of!(
    LogNormal,
    |law| ExpOf { factor: None, ln: Placed { location: Some(law.mu), scale: law.sigma, standard: StandardNormal } },
    in lanes,
    moments {
        /// exp(μ + σ²/2)
        fn mean(&self) -> Option<S> {
            Some(exp(self.sigma * self.sigma * 0.5 + self.mu))
        }

        /// exp(2 μ + σ²) (exp(σ²) - 1)
        fn variance(&self) -> Option<S> {
            let s2 = self.sigma * self.sigma;
            let square = exp((s2 + self.mu) * 2.0);
            Some(if square.re().is_infinite() { square } else { square * -(-s2).exp_m1() })
        }

        /// exp(μ - σ²)
        fn mode(&self) -> Option<S> {
            Some(exp(self.mu - self.sigma * self.sigma))
        }
    }
);

impl<S: Scalar> KlDivergence<S> for LogNormal<S> {
    /// That of the two normal laws of ln X.
    fn kl_divergence(&self, other: &Self) -> S {
        self.ln().kl_divergence(&other.ln())
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-14 * want.abs(), "{got} for {want}");
    }

    // values: mpmath, the closed forms at 40 digits; kl by quadrature
    #[test]
    fn moments_and_divergence() {
        let law = LogNormal::new(0.3, 1.2).unwrap();
        close(law.mean().unwrap(), 2.7731947639642977);
        close(law.variance().unwrap(), 24.769112876984793);
        close(law.mode().unwrap(), 0.3198190218163039);
        close(law.entropy(), 1.9012600899986273);
        let narrow = LogNormal::new(0.0, 1e-9).unwrap();
        close(narrow.variance().unwrap(), 1e-18);
        close(law.kl_divergence(&LogNormal::new(-0.4, 2.0).unwrap()), 0.2520756237659907);
    }

    #[test]
    fn far_from_one() {
        let law = LogNormal::new(-1e4, 1e4).unwrap();
        assert_eq!(law.quantile(0.0), 0.0);
        assert_eq!(law.isf(0.0), f64::INFINITY);
        assert_eq!(law.ln_pdf(0.0), f64::NEG_INFINITY);
        assert_eq!(law.cdf(f64::INFINITY), 1.0);
        assert!(LogNormal::new(f64::NAN, 1.0).is_err());
        // overflow: infinite, and nothing NaN about it
        let [mu, sigma] = Jet::second_order([1e3, 2.0]);
        let x = LogNormal::new(mu, sigma).unwrap().quantile(0.6.into());
        assert_eq!(x, f64::INFINITY.into());
    }
}

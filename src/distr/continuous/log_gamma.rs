//! The law of the logarithm of a gamma variable.

use crate::distr::form::of_gamma::{LnGamma, StandardGamma};
use crate::distr::form::{Placed, law_of};
use crate::distr::{KlDivergence, parameters};
use crate::parameter::LawError;
use crate::scalar::Scalar;
use crate::special::gamma_divergence;

/// The log-gamma law (exp-gamma in some libraries): that of ln X, X from the [gamma law](crate::distr::Gamma) with shape α and
/// rate β.
///
/// # Density function
/// f(w) = exp(α (w + ln β) - β e^w) / Γ(α) for all w.
///
/// # Derivatives
/// A draw is ln G - ln β, G standard gamma, so dw/dβ = -1/β and dw/dα = d ln G/dα: see [`Gamma`](crate::distr::Gamma). Where G
/// underflows, w and its derivatives do not: they tend to ln(u)/α and -ln(u)/α², finite and not zero for shapes down to 1e-150,
/// below which the square overflows; the derivative in ln α is finite down to 1e-300.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [shape] = Jet::variables([1e-3]);
/// let w = LogGamma::new(shape, 1.0.into())?.quantile(1e-10.into());
/// assert!((w.re - 1e-10f64.ln() / 1e-3 - -0.577).abs() < 1e-3); // e^w underflows
/// assert!((w.eps[0] / (-1e-10f64.ln() / 1e-6) - 1.0).abs() < 1e-6);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws as for the [gamma](crate::distr::Gamma) law (Marsaglia & Tsang 2000), without the last exponential.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogGamma<S> {
    shape: S,
    rate: S,
    standard: LnGamma<S>,
}

parameters! {
    LogGamma, "log_gamma", "a log-gamma law";
    /// The law of ln X, X with shape α and rate β: mean ψ(α) - ln β.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// let law = LogGamma::new(1.0, 1.0).unwrap();
    /// assert_eq!(law.mean(), Some(-0.5772156649015329)); // minus Euler's constant
    /// assert!(LogGamma::new(1.0, 0.0).is_err());
    /// ```
    new(shape: [1e-300, 1e150], rate: POSITIVE)
        => LogGamma { shape, rate, standard: LnGamma(StandardGamma::new(shape)) }
}

law_of!(LogGamma, |law| Placed { location: Some(-law.rate.ln()), scale: S::from(1.0), standard: law.standard }, by GammaTable<1, 2>, in lanes);

impl<S: Scalar> KlDivergence<S> for LogGamma<S> {
    /// That of the gamma laws.
    fn kl_divergence(&self, other: &Self) -> S {
        gamma_divergence([self.shape, self.rate], [other.shape, other.rate])
    }
}

//! Pareto's law.

use super::exponential::StandardExponential;
use crate::distr::form::{ExpOf, Placed, law_of, ln_ratio, over_less, ratio_divergence};
use crate::distr::{KlDivergence, parameters};
use crate::parameter::LawError;
use crate::scalar::Scalar;

/// [Pareto's law](https://en.wikipedia.org/wiki/Pareto_distribution) (type I) with scale s, its lower end, and shape α.
///
/// # Density function
/// f(x) = α s^α / x^(α + 1) for x >= s.
///
/// # Derivatives
/// A draw is z = s exp(ε/α) with standard exponential ε, so dz/ds = z/s and dz/dα = -z ε/α², exactly. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [scale, shape] = Jet::variables([2.0, 3.0]);
/// let z = Pareto::new(scale, shape)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((z.eps[0] - z.re / 2.0).abs() < 1e-15 * z.re);
/// assert!((z.eps[1] + z.re * (z.re / 2.0).ln() / 3.0).abs() < 1e-15 * z.re);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The noise is the ziggurat of `rand_distr`. Draws above the range of doubles, as they occur for shapes below 0.06, are
/// infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pareto<S> {
    scale: S,
    shape: S,
    inverse_shape: S,
}

parameters! {
    Pareto, "pareto", "a Pareto law";
    /// The law with scale (lower end) s and shape α.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(Pareto::new(2.0, 3.0).unwrap().mean(), Some(3.0));
    /// assert!(Pareto::new(2.0, -3.0).is_err());
    /// ```
    new(scale: POSITIVE, shape: POSITIVE) => Pareto { scale, shape, inverse_shape: shape.recip() }
}

law_of!(
    Pareto,
    |law| ExpOf {
        factor: Some(law.scale),
        ln: Placed { location: None, scale: law.inverse_shape, standard: StandardExponential },
    },
    in lanes,
    moments {
        /// α s/(α - 1) for α > 1
        fn mean(&self) -> Option<S> {
            Some(if self.shape.re() > 1.0 {
                self.scale * over_less(self.shape, 1.0)
            } else {
                S::from(f64::INFINITY)
            })
        }

        /// s² α/((α - 1)² (α - 2)) for α > 2
        fn variance(&self) -> Option<S> {
            if self.shape.re() > 2.0 {
                let ratio = self.scale.over(self.shape - 1.0);
                Some(ratio * ratio * over_less(self.shape, 2.0))
            } else if self.shape.re() > 1.0 {
                Some(S::from(f64::INFINITY))
            } else {
                None
            }
        }

        /// s
        fn mode(&self) -> Option<S> {
            Some(self.scale)
        }
    }
);

impl<S: Scalar> KlDivergence<S> for Pareto<S> {
    /// α₂ ln(s₁/s₂) + r - 1 - ln r with r = α₂/α₁; infinite for s₁ < s₂
    fn kl_divergence(&self, other: &Self) -> S {
        if self.scale.re() < other.scale.re() {
            return S::from(f64::INFINITY);
        }
        let of_shapes = ratio_divergence(other.shape, self.shape, other.shape - self.shape);
        other.shape * ln_ratio(self.scale, other.scale) + of_shapes
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 4e-15 * want.abs(), "{got:e} for {want:e}");
    }

    #[test]
    fn moments_and_divergence() {
        let law = Pareto::new(2.0, 4.0).unwrap();
        close(law.variance().unwrap(), 4.0 * 4.0 / 18.0);
        close(law.entropy(), 0.5f64.ln() + 1.25);
        assert_eq!(Pareto::new(1.0, 1.5).unwrap().variance(), Some(f64::INFINITY));
        assert_eq!(Pareto::new(1.0, 0.5).unwrap().mean(), Some(f64::INFINITY));
        // mpmath.quad of f ln(f/g)
        close(law.kl_divergence(&Pareto::new(1.5, 2.5).unwrap()), 0.8142088103751879);
        assert_eq!(law.kl_divergence(&Pareto::new(2.5, 4.0).unwrap()), f64::INFINITY);
    }

    #[test]
    fn beside_the_lower_end() {
        let law = Pareto::new(3.0, 2.0).unwrap();
        assert_eq!((law.quantile(0.0), law.cdf(2.9), law.ln_pdf(2.9)), (3.0, 0.0, f64::NEG_INFINITY));
        // x = 3 (1 + 2^-40): 1 - (1 + 2^-40)^-2
        close(law.cdf(3.0 + 3.0 * 0.5f64.powi(40)), 1.818989403543375e-12);
        assert_eq!(Pareto::new(3.0, f64::INFINITY).unwrap_err().parameter(), "shape");
    }
}

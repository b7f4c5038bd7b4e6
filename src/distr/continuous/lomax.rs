//! The Lomax law.

use super::exponential::StandardExponential;
use crate::distr::form::{BoxCox, Placed, law_of, over_less};
use crate::distr::parameters;
use crate::parameter::LawError;

/// The [Lomax law](https://en.wikipedia.org/wiki/Lomax_distribution) with scale σ and shape α, Pareto's of type II: of
/// losses, and of waiting times whose rate is a gamma variable.
///
/// # Density function
/// f(x) = (α/σ) (1 + x/σ)^-(α + 1) for x >= 0.
///
/// # Derivatives
/// A draw is z = σ (exp(ε/α) - 1) with standard exponential ε, so dz/dσ = z/σ and dz/dα = -(z + σ) ε/α², by the chain
/// rule. Defined everywhere.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // the median is σ (2^(1/α) - 1)
/// let [scale, shape] = Jet::variables([3.0, 1.0]);
/// let z = Lomax::new(scale, shape)?.median();
/// assert!((z.re - 3.0).abs() < 1e-14 && (z.eps[0] - 1.0).abs() < 1e-14);
/// assert!((z.eps[1] + 6.0 * 2f64.ln()).abs() < 1e-14);
/// # Ok(()) }
/// ```
///
/// # Notes
/// It is the [generalized Pareto law](crate::distr::GeneralizedPareto) of scale σ/α and shape 1/α, and x + σ has
/// [Pareto's law](crate::distr::Pareto). Draws above the range of doubles, as they occur for α < 0.06, are infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lomax<S> {
    scale: S,
    shape: S,
}

parameters! {
    Lomax, "lomax", "a Lomax law";
    /// The law with scale σ and shape α.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(Lomax::new(2.0, 3.0).unwrap().mean(), Some(1.0));
    /// assert!(Lomax::new(2.0, 0.0).is_err());
    /// ```
    new(scale: POSITIVE, shape: POSITIVE)
}

law_of!(
    Lomax,
    |law| Placed {
        location: None,
        scale: law.scale.over(law.shape),
        standard: BoxCox { xi: law.shape.recip(), standard: StandardExponential },
    },
    moments {
        /// σ/(α - 1) for α > 1
        fn mean(&self) -> Option<S> {
            let excess = self.shape - 1.0;
            Some(if excess.re() > 0.0 { self.scale.over(excess) } else { S::from(f64::INFINITY) })
        }

        /// σ² α/((α - 1)² (α - 2)) for α > 2, infinite down to 1
        fn variance(&self) -> Option<S> {
            let excess = self.shape - 1.0;
            if excess.re() <= 0.0 {
                return None;
            }
            if self.shape.re() <= 2.0 {
                return Some(S::from(f64::INFINITY));
            }
            let mean = self.scale.over(excess);
            Some(mean * mean * over_less(self.shape, 2.0))
        }

        fn mode(&self) -> Option<S> {
            Some(S::from(0.0))
        }
    }
);

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 4e-15 * want.abs(), "{got:e} for {want:e}");
    }

    // mpmath at 40 digits
    #[test]
    fn moments_and_entropy() {
        let law = Lomax::new(3.0, 2.5).unwrap();
        close(law.mean().unwrap(), 2.0);
        close(law.variance().unwrap(), 20.0);
        // 1 + 1/α + ln(σ/α)
        close(law.entropy(), 1.5823215567939546);
        let near = Lomax::new(1.0, 1.0 + 1e-10).unwrap();
        close(near.mean().unwrap(), 9_999_999_172.596_36);
        assert_eq!(near.variance(), Some(f64::INFINITY));
        assert_eq!(Lomax::new(1.0, 1.0).unwrap().mean(), Some(f64::INFINITY));
        assert_eq!(Lomax::new(1.0, 1.0).unwrap().variance(), None);
        assert_eq!(Lomax::new(1.0, f64::NAN).unwrap_err().parameter(), "shape");
    }

    /// 1 - F = (1 + x)^-α, from its ends.
    #[test]
    fn tails() {
        let law = Lomax::new(1.0, 0.5).unwrap();
        close(law.ln_sf(1e300), -0.5 * 300.0 * 10f64.ln());
        close(law.cdf(1e-200), 0.5e-200);
        close(law.isf(1e-100).ln(), 200.0 * 10f64.ln());
        close(law.quantile(1e-300), 2e-300);
        assert_eq!((law.pdf(0.0), law.pdf(-1.0), law.support()), (0.5, 0.0, (0.0, f64::INFINITY)));
    }

    /// z = σ (e^(ε/α) - 1): dz/dα = -(z + σ) ε/α², d²z/dα² = (z + σ) (ε/α³) (2 + ε/α).
    #[test]
    fn derivatives() {
        for (alpha, e) in [(0.25, 20.0), (3.0, 1e-12), (1e8, 0.7)] {
            let [shape] = Jet::second_order([alpha]);
            let (value, first, second) = Lomax::new(Jet::from(2.0), shape).unwrap().isf_ln(S::from(-e)).hessian();
            let grown = 2.0 * (e / alpha).exp();
            close(value, 2.0 * (e / alpha).exp_m1());
            close(first[0], -grown * e / (alpha * alpha));
            close(second[0][0], grown * e / alpha.powi(3) * (2.0 + e / alpha));
        }
    }

    type S = Jet<Jet<f64, 1>, 1>;
}

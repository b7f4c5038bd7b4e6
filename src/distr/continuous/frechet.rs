//! Fréchet's law.

use super::gev::gumbel_power_variance;
use super::gumbel::{StandardGumbel, divergence_of_scales};
use crate::distr::form::{ExpOf, Placed, law_of, ln_ratio, times_exp};
use crate::distr::{KlDivergence, parameters};
use crate::parameter::LawError;
use crate::scalar::Scalar;
use crate::special;

/// [Fréchet's law](https://en.wikipedia.org/wiki/Fr%C3%A9chet_distribution) with scale s and shape α: the inverse of
/// Weibull's, of maxima with heavy tails.
///
/// # Density function
/// f(x) = (α/s) (x/s)^-(1+α) exp(-(x/s)^-α) for x > 0.
///
/// # Derivatives
/// A draw is z = s ε^(-1/α) with standard exponential ε, so dz/ds = z/s and dz/dα = z ln(ε)/α², exactly. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [scale, shape] = Jet::variables([3.0, 2.0]);
/// let z = Frechet::new(scale, shape)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((z.eps[0] - z.re / 3.0).abs() < 1e-15 * z.re);
/// assert!((z.eps[1] + z.re * (z.re / 3.0).ln() / 2.0).abs() < 1e-15 * z.re);
/// # Ok(()) }
/// ```
///
/// # Notes
/// s exp(G/α) with G of Gumbel's law. The noise is the ziggurat of `rand_distr`. For shapes below 0.06 draws may leave the
/// range of doubles: they are then infinite or 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frechet<S> {
    scale: S,
    shape: S,
    inverse_shape: S,
}

parameters! {
    Frechet, "frechet", "a Fréchet law";
    /// The law with scale s and shape α.
    ///
    /// ```
    /// use reparam::distr::Frechet;
    /// assert!(Frechet::new(1.0, 2.0).is_ok());
    /// assert_eq!(Frechet::new(1.0, 0.0).unwrap_err().parameter(), "shape");
    /// ```
    new(scale: POSITIVE, shape: POSITIVE) => Frechet { scale, shape, inverse_shape: shape.recip() }
}

law_of!(
    Frechet,
    |law| ExpOf {
        factor: Some(law.scale),
        ln: Placed { location: None, scale: law.inverse_shape, standard: StandardGumbel },
    },
    in lanes,
    moments {
        /// s Γ(1 - 1/α) for α > 1
        fn mean(&self) -> Option<S> {
            if self.shape.re() <= 1.0 {
                return Some(S::from(f64::INFINITY));
            }
            Some(times_exp(self.scale, special::ln_gamma_1p(-self.inverse_shape)))
        }

        /// s² (Γ(1 - 2/α) - Γ(1 - 1/α)²) for α > 2
        fn variance(&self) -> Option<S> {
            if self.shape.re() <= 1.0 {
                None
            } else if self.shape.re() <= 2.0 {
                Some(S::from(f64::INFINITY))
            } else {
                Some(self.scale * self.scale * gumbel_power_variance(self.inverse_shape, false))
            }
        }

        /// s (α/(1 + α))^(1/α)
        fn mode(&self) -> Option<S> {
            Some(times_exp(self.scale, -self.inverse_shape.ln_1p() * self.inverse_shape))
        }
    }
);

impl<S: Scalar> KlDivergence<S> for Frechet<S> {
    /// (e^y - 1 - y) + (ln Γ(r) + γ (r - 1)) with r = α₂/α₁ and y = ln Γ(1 + r) - α₂ ln(s₁/s₂): two terms that are never
    /// negative.
    fn kl_divergence(&self, other: &Self) -> S {
        let shift = -other.shape * ln_ratio(self.scale, other.scale);
        divergence_of_scales(other.shape, self.shape, shift)
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-14 * want.abs(), "{got:e} for {want:e}");
    }

    // mpmath: closed forms at 40 digits, the divergence by quadrature
    #[test]
    fn moments_and_divergence() {
        let law = Frechet::new(2.0, 3.5).unwrap();
        close(law.mean().unwrap(), 2.551985350986888);
        close(law.variance().unwrap(), 1.757417674589247);
        close(law.entropy(), 1.182518638366548);
        close(law.mode().unwrap(), 1.861426367707917);
        close(law.kl_divergence(&Frechet::new(3.0, 2.0).unwrap()), 0.5051973290644762);
        close(law.kl_divergence(&Frechet::new(1.5, 9.0).unwrap()), 1.8219467025716238);
        let near = law.kl_divergence(&Frechet::new(2.0, 3.5000001).unwrap());
        assert!((near / 7.443594451010632e-16 - 1.0).abs() < 1e-6);
        close(Frechet::new(1.0, 1e9).unwrap().variance().unwrap(), 1.6449340711513037e-18);
        assert_eq!(law.kl_divergence(&law), 0.0);
        assert_eq!(Frechet::new(1.0, 1.0).unwrap().variance(), None);
        assert_eq!(Frechet::new(f64::NAN, 1.0).unwrap_err().parameter(), "scale");
    }

    #[test]
    fn out_of_range_without_nan() {
        let [scale, shape] = Jet::second_order([2.0, 1e-3]);
        let law = Frechet::new(scale, shape).unwrap();
        assert_eq!(law.isf(1e-3.into()), f64::INFINITY.into());
        let z = law.quantile(0.1.into());
        assert!(z.re.re == 0.0 && z.eps.iter().all(|e| !e.re.is_nan() && e.eps.iter().all(|e| !e.is_nan())));
    }
}

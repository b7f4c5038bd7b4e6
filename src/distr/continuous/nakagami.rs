//! The Nakagami law.

use crate::distr::form::of_gamma::GammaPower;
use crate::distr::form::{Placed, law_of};
use crate::distr::{KlDivergence, parameters};
use crate::parameter::LawError;
use crate::scalar::Scalar;
use crate::special::gamma_divergence;

/// The [Nakagami law](https://en.wikipedia.org/wiki/Nakagami_distribution) with shape m and spread Ω = E\[X²\]: that of the
/// square root of a gamma variable with shape m and mean Ω.
///
/// # Density function
/// f(x) = 2 m^m x^(2m-1) e^(-m x²/Ω) / (Γ(m) Ω^m) for x > 0.
///
/// # Derivatives
/// A draw is sqrt(Ω G/m), G standard gamma of shape m, so dz/dΩ = z/(2Ω) and dz/dm = (z/2) d ln(G/m)/dm; ln(G/m) itself is what
/// the expansions around the mean give for a large m (see [`Gamma`](crate::distr::Gamma)), so that no digits are lost in the
/// difference. Defined everywhere; a draw that underflows to 0 has derivative 0.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [m, omega] = Jet::variables([1.5, 4.0]);
/// let z = Nakagami::new(m, omega)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((z.eps[1] - z.re / 8.0).abs() < 1e-15 * z.re);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws as for the gamma law. Radio engineers take m >= 1/2; the law exists for every positive m. Source: Nakagami 1960, "The
/// m-distribution".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nakagami<S> {
    m: S,
    omega: S,
    standard: GammaPower<S>,
}

parameters! {
    Nakagami, "nakagami", "a Nakagami law";
    /// The law with shape m and spread Ω.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// let law = Nakagami::new(2.0, 9.0).unwrap();
    /// assert!((law.variance().unwrap() + law.mean().unwrap().powi(2) - 9.0).abs() < 1e-14);
    /// assert!(Nakagami::new(2.0, -1.0).is_err());
    /// ```
    new(m: [1e-300, 1e150], omega: POSITIVE) => Nakagami { m, omega, standard: GammaPower::per_shape(m, S::from(0.5)) }
}

law_of!(Nakagami, |law| Placed { location: None, scale: law.omega.sqrt(), standard: law.standard }, by GammaTable<1, 2>, in lanes);

impl<S: Scalar> KlDivergence<S> for Nakagami<S> {
    /// That of the gamma laws of X², with shapes m and rates m/Ω.
    fn kl_divergence(&self, other: &Self) -> S {
        let gamma = |law: &Self| [law.m, law.m.over(law.omega)];
        gamma_divergence(gamma(self), gamma(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::Continuous;
    use crate::scalar::Jet;

    /// dz/dm at fixed u is of the order of z m^-3/2/4, a difference of two numbers of the order of z/m: it keeps its digits.
    /// Values by `tests/reference/make_composed.py`.
    #[test]
    fn large_shapes() {
        for (m, z, u, slope) in [
            (1e4, 0.9964644660940672, 0.24065750094177163, 1.7750549780128373e-7),
            (1e6, 0.9996464466094067, 0.23984069332155241, 1.7684960828462437e-10),
        ] {
            let [m, omega] = Jet::variables([m, 1.0]);
            let got = Nakagami::new(m, omega).unwrap().quantile(f64::into(u));
            assert!((got.re - z).abs() < 2e-16, "{got:?}, not {z}");
            assert!((got.eps[0] / slope - 1.0).abs() < 1e-12, "{got:?}, not {slope}");
        }
    }

    #[test]
    fn refuses() {
        assert_eq!(Nakagami::new(0.0, 1.0).unwrap_err().parameter(), "m");
        assert_eq!(Nakagami::new(1.0, f64::NAN).unwrap_err().parameter(), "omega");
    }

    /// 1 - Γ(m + 1/2)²/(m Γ(m)²) and its derivatives at small shapes: mpmath at 50 digits.
    #[test]
    fn variance_of_small_shapes() {
        for (m, want) in [
            (1e-8, [0.999_999_968_584_074_3, -3.1415924793829127, 17.420_687_377_797_27]),
            (1e-5, [0.999_968_584_944_476, -3.141_418_453_425_507, 17.419344156721695]),
            (0.3, [0.49515500050374832, -0.8792875146516873, 2.9014239073074543]),
        ] {
            let [shape] = Jet::second_order([m]);
            let law = Nakagami::new(shape, Jet::from(1.0)).unwrap();
            let (value, [slope], [[curvature]]) = law.variance().unwrap().hessian();
            for (got, want) in [value, slope, curvature].into_iter().zip(want) {
                assert!((got / want - 1.0).abs() < 2e-14, "{got:e} for {want:e} at {m:e}");
            }
        }
    }
}

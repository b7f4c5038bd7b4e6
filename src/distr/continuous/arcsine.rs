//! The arcsine law.

use crate::distr::form::two_ended::{FromEnds, TwoEnded};
use crate::distr::form::{NearEnd, law_of};
use crate::distr::{KlDivergence, family, getters};
use crate::parameter::{LawError, check, positive};
use crate::scalar::Scalar;
use core::f64::consts::{FRAC_2_PI, FRAC_PI_2, FRAC_PI_4};

/// The [arcsine law](https://en.wikipedia.org/wiki/Arcsine_distribution) between lower end a and upper end b.
///
/// # Density function
/// f(x) = 1 / (π sqrt((x - a) (b - x))) for a <= x <= b; infinite at the ends.
///
/// # Derivatives
/// A draw is a + (b - a) t with t = sin²(π u/2) and uniform u, so dz/da = 1 - t and dz/db = t, exactly. Defined
/// everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [lower, upper] = Jet::variables([2.0, 6.0]);
/// let z = Arcsine::new(lower, upper)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((z.eps[1] - (z.re - 2.0) / 4.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// By the inverse of F(x) = (2/π) asin sqrt((x - a)/(b - a)), from the nearer end. A draw lies strictly between the ends,
/// if there is a double between them, so its density is finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arcsine<S> {
    lower: S,
    upper: S,
    width: S,
}

impl<S: Scalar> Arcsine<S> {
    /// The law between `lower` and `upper`.
    ///
    /// # Errors
    /// If an end is not in [-1e150, 1e150], `upper <= lower`, or the width or its reciprocal is not in [-1e150, 1e150].
    ///
    /// ```
    /// use reparam::distr::Arcsine;
    /// assert!(Arcsine::new(-1.0, 1.0).is_ok());
    /// assert_eq!(Arcsine::new(1.0, 1.0).unwrap_err().parameter(), "upper");
    /// ```
    #[inline]
    pub fn new(lower: S, upper: S) -> Result<Self, LawError> {
        check!("an arcsine law", lower: REAL);
        check!("an arcsine law", upper: REAL);
        let width = upper - lower;
        check!("an arcsine law", upper: "above lower by a width in [1e-150, 1e150]" if positive(width));
        Ok(Arcsine { lower, upper, width })
    }
}

family!(Arcsine, LawError, "arcsine", [lower, upper]);
getters!(Arcsine, [lower, upper]);

impl<S: Scalar> Arcsine<S> {
    /// asin sqrt(t), t = (x - a)/(b - a): by the smaller of t and 1 - t.
    fn angle(&self, x: S) -> S {
        let (t, s) = ((x - self.lower).over(self.width), (self.upper - x).over(self.width));
        if t.re() <= 0.5 { t.sqrt().asin() } else { -s.sqrt().asin() + FRAC_PI_2 }
    }
}

impl<S: Scalar> TwoEnded<S> for Arcsine<S> {
    fn mirrored(&self) -> Self {
        Arcsine { lower: -self.upper, upper: -self.lower, width: self.width }
    }
    fn ends(&self) -> (S, S) {
        (self.lower, self.upper)
    }
    fn reach(&self) -> S {
        self.width
    }
    fn starts_below(&self, p: f64) -> bool {
        p <= 0.5
    }
    fn unit<T: Scalar>(p: T) -> T {
        let sine = (p * FRAC_PI_2).sin();
        sine * sine
    }
    fn ln_pdf_inside(&self, x: S) -> S {
        -((x - self.lower).ln() + (self.upper - x).ln()) * 0.5 - LN_PI
    }
    fn cdf_inside(&self, x: S) -> S {
        if x.re() == self.lower.re() {
            S::from(0.0)
        } else if x.re() == self.upper.re() {
            S::from(1.0)
        } else {
            self.angle(x) * FRAC_2_PI
        }
    }
    fn near_end(&self, _: bool, _: S) -> Option<NearEnd<S>> {
        Some(NearEnd { exponent: S::from(-0.5), ln_factor: S::from(0.0) })
    }
    fn surprise(&self) -> S {
        // ln(π (b - a) / 4)
        (self.width * FRAC_PI_4).ln()
    }
}

/// ln π: `mpmath.log(mpmath.pi)`.
const LN_PI: f64 = 1.1447298858494002;

law_of!(
    Arcsine,
    |law| FromEnds(law),
    moments {
        fn mean(&self) -> Option<S> {
            Some(self.lower * 0.5 + self.upper * 0.5)
        }
        fn variance(&self) -> Option<S> {
            Some(self.width * self.width / 8.0)
        }
        fn mode(&self) -> Option<S> {
            None
        }
    }
);

impl<S: Scalar> KlDivergence<S> for Arcsine<S> {
    /// ln((sqrt(a₁ - a₂) + sqrt(b₁ - a₂)) (sqrt(b₂ - a₁) + sqrt(b₂ - b₁)) / (b₁ - a₁)) if the second interval holds the first: the
    /// logarithmic potential of the first law at e outside of it is 2 ln((sqrt|e - a₁| + sqrt|e - b₁|)/2)
    fn kl_divergence(&self, other: &Self) -> S {
        let (below, above) = (self.lower - other.lower, other.upper - self.upper);
        if below.re() < 0.0 || above.re() < 0.0 {
            return S::from(f64::INFINITY);
        }
        let end = |gap: S| gap.over(self.width).sqrt() + (gap.over(self.width) + 1.0).sqrt();
        end(below).ln() + end(above).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::Continuous;
    use crate::scalar::Jet;

    /// ∫ f ln(f/g) by mpmath in the angle asin sqrt((x - a)/(b - a)).
    #[test]
    fn divergence() {
        let law = |lower, upper| Arcsine::new(lower, upper).unwrap();
        for (got, want) in [
            (law(0.0, 1.0).kl_divergence(&law(-1.0, 3.0)), 2.027_589_421_800_132),
            (law(2.0, 2.5).kl_divergence(&law(1.0, 3.0)), 2.027_589_421_800_132),
        ] {
            assert!((got / want - 1.0).abs() < 4e-16, "{got:e}, not {want:e}");
        }
        assert_eq!(law(0.0, 1.0).kl_divergence(&law(0.0, 1.0)), 0.0);
        assert_eq!(law(0.0, 1.0).kl_divergence(&law(0.5, 3.0)), f64::INFINITY);
    }

    #[test]
    fn both_ends_keep_their_digits() {
        let law = Arcsine::new(0.0, 1.0).unwrap();
        // sin²(π p / 2) at 1e-100
        assert!((law.quantile(1e-100) / 2.4674011002723397e-200 - 1.0).abs() < 1e-15);
        // ln((2/π) asin 1e-100)
        assert!((law.ln_cdf(1e-200) / -230.71009200469402 - 1.0).abs() < 1e-14);
        let law = Arcsine::new(-1.0, 0.0).unwrap();
        assert!((law.isf(1e-100) / -2.4674011002723397e-200 - 1.0).abs() < 1e-15);
        assert_eq!(law.ln_sf(-1e-200), Arcsine::new(0.0, 1.0).unwrap().ln_cdf(1e-200));
        let [a, b] = Jet::variables([1.0, 3.0]);
        let z = Arcsine::new(a, b).unwrap().isf(1e-8.into());
        assert!((z.eps[0] / 2.46740110027234e-16 - 1.0).abs() < 1e-13);
    }

    #[test]
    fn moments_of_the_unit_interval() {
        let law = Arcsine::new(0.0, 1.0).unwrap();
        assert_eq!((law.mean(), law.variance(), law.mode()), (Some(0.5), Some(0.125), None));
        assert!((law.entropy() - (core::f64::consts::PI / 4.0).ln()).abs() < 1e-16);
        assert!((law.pdf(0.5) - FRAC_2_PI).abs() < 1e-15);
        assert_eq!(law.ln_pdf(0.0), f64::INFINITY);
        assert_eq!(law.ln_pdf(-1e-300), f64::NEG_INFINITY);
    }

    #[test]
    fn refuses() {
        assert_eq!(Arcsine::new(f64::NAN, 1.0).unwrap_err().parameter(), "lower");
        assert_eq!(Arcsine::new(0.0, f64::INFINITY).unwrap_err().parameter(), "upper");
        assert_eq!(Arcsine::new(2.0, 1.0).unwrap_err().parameter(), "upper");
    }
}

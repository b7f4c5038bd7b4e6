//! The uniform law.

use crate::distr::form::law_of;
use crate::distr::form::two_ended::{FromEnds, TwoEnded};
use crate::distr::in_lanes::{FirstOrder, InLanes, in_blocks, place};
use crate::distr::{KlDivergence, family, getters};
use crate::noise::Lanes;
use crate::parameter::{LawError, check, positive};
use crate::scalar::Scalar;

/// The [uniform law](https://en.wikipedia.org/wiki/Continuous_uniform_distribution) between lower end a and upper end b.
///
/// # Density function
/// f(x) = 1 / (b - a) for a <= x <= b.
///
/// # Derivatives
/// A draw is a + (b - a) u with uniform u, so dz/da = 1 - u and dz/db = u, exactly. Defined everywhere.
///
/// The derivatives of f and F inside the support say nothing of its moving ends: the derivative of an expectation is
/// that of its draws.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [lower, upper] = Jet::variables([2.0, 6.0]);
/// let z = Uniform::new(lower, upper)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((z.eps[1] - (z.re - 2.0) / 4.0).abs() < 1e-15);
/// assert!((z.eps[0] + z.eps[1] - 1.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The noise is a multiple of 2^-53. A draw lies strictly between the ends, if there is a double between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Uniform<S> {
    lower: S,
    upper: S,
    width: S,
    /// the double above the lower end
    first: S,
    /// from there to the double below the upper end
    span: S,
}

impl<S: Scalar> Uniform<S> {
    /// The law between `lower` and `upper`.
    ///
    /// # Errors
    /// If an end is not in [-1e150, 1e150], `upper <= lower`, or the width or its reciprocal is not in [-1e150, 1e150].
    ///
    /// ```
    /// use reparam::distr::Uniform;
    /// assert!(Uniform::new(-1.0, 1.0).is_ok());
    /// assert_eq!(Uniform::new(1.0, 1.0).unwrap_err().parameter(), "upper");
    /// assert_eq!(Uniform::new(-1e308, 1e308).unwrap_err().parameter(), "lower");
    /// ```
    #[inline]
    pub fn new(lower: S, upper: S) -> Result<Self, LawError> {
        check!("a uniform law", lower: REAL);
        check!("a uniform law", upper: REAL);
        let width = upper - lower;
        check!("a uniform law", upper: "above lower by a width in [1e-150, 1e150]" if positive(width));
        Ok(Self::between(lower, upper, width))
    }

    #[inline]
    fn between(lower: S, upper: S, width: S) -> Self {
        let first = lower.with_re(lower.re().next_up());
        let span = width.with_re(upper.re().next_down() - first.re());
        Uniform { lower, upper, width, first, span }
    }
}

family!(Uniform, LawError, "uniform", [lower, upper]);
getters!(Uniform, [lower, upper]);

impl<S: Scalar> TwoEnded<S> for Uniform<S> {
    fn mirrored(&self) -> Self {
        Self::between(-self.upper, -self.lower, self.width)
    }
    fn ends(&self) -> (S, S) {
        (self.lower, self.upper)
    }
    fn reach(&self) -> S {
        self.width
    }
    /// From the lower end only, where rounding is no coarser than the noise, and inside the ends by the choice of the two.
    #[inline]
    fn draw(&self, u: f64) -> S {
        self.span * u + self.first
    }
    fn starts_below(&self, p: f64) -> bool {
        p <= 0.5
    }
    fn unit<T: Scalar>(p: T) -> T {
        p
    }
    fn ln_pdf_inside(&self, x: S) -> S {
        // the sum keeps the NaN of x
        -self.width.ln() + x.re() * 0.0
    }
    fn cdf_inside(&self, x: S) -> S {
        (x - self.lower).over(self.width)
    }
    fn surprise(&self) -> S {
        self.width.ln()
    }
}

law_of!(
    Uniform,
    |law| FromEnds(law),
    moments {
        fn mean(&self) -> Option<S> {
            Some(self.lower * 0.5 + self.upper * 0.5)
        }
        fn variance(&self) -> Option<S> {
            Some(self.width * self.width / 12.0)
        }
        fn mode(&self) -> Option<S> {
            None
        }
    }
);

impl<S: FirstOrder<N>, const N: usize> InLanes<N> for Uniform<S> {
    fn fill(&self, lanes: &mut Lanes, values: &mut [f64], partials: &mut [&mut [f64]; N]) {
        in_blocks(values, partials, |values, partials| {
            lanes.uniforms(values);
            place(Some(self.first), self.span, values, partials);
        });
    }
}

impl<S: Scalar> KlDivergence<S> for Uniform<S> {
    /// ln((b₂ - a₂) / (b₁ - a₁)) if the second interval holds the first
    fn kl_divergence(&self, other: &Self) -> S {
        if other.lower.re() > self.lower.re() || other.upper.re() < self.upper.re() {
            return S::from(f64::INFINITY);
        }
        let longer = (self.lower - other.lower) + (other.upper - self.upper);
        longer.over(self.width).ln_1p()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::Continuous;
    use crate::scalar::Jet;
    use rand::distr::Distribution;
    use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};

    #[test]
    fn both_ends_keep_their_digits() {
        let law = Uniform::new(-1.0, 1e-20).unwrap();
        assert_eq!(law.isf(0.0), 1e-20);
        assert_eq!(law.quantile(1.0), 1e-20);
        assert_eq!(law.isf(1e-20), 1e-20 - 1e-20);
        let [a, b] = Jet::variables([1.0, 3.0]);
        let law = Uniform::new(a, b).unwrap();
        assert_eq!(law.isf(1e-300.into()).eps, [1e-300, 1.0]);
        assert_eq!(law.quantile(1e-300.into()).eps, [1.0, 1e-300]);
        assert_eq!(law.ln_cdf(3.0.into()).re, 0.0);
        assert_eq!(law.cdf(0.5.into()), Jet::from(0.0));
        assert_eq!(law.sf(0.5.into()), Jet::from(1.0));
        assert!(law.ln_pdf(Jet::from(f64::NAN)).re.is_nan());
    }

    #[test]
    fn draws_lie_strictly_inside() {
        let law = Uniform::new(1.0, 1.0 + 4.0 * f64::EPSILON).unwrap();
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        for _ in 0..1000 {
            let z: f64 = law.sample(&mut rng);
            assert!(1.0 < z && z < 1.0 + 4.0 * f64::EPSILON);
        }
    }

    #[test]
    fn divergence() {
        let (narrow, wide) = (Uniform::new(1.0, 2.0).unwrap(), Uniform::new(0.0, 4.0).unwrap());
        assert_eq!(narrow.kl_divergence(&wide), 4f64.ln());
        assert_eq!(wide.kl_divergence(&narrow), f64::INFINITY);
    }

    #[test]
    fn refuses() {
        assert_eq!(Uniform::new(f64::NAN, 1.0).unwrap_err().parameter(), "lower");
        assert_eq!(Uniform::new(0.0, f64::INFINITY).unwrap_err().parameter(), "upper");
        assert_eq!(Uniform::new(0.0, 1e-310).unwrap_err().parameter(), "upper");
        assert_eq!(Uniform::new(2.0, 1.0).unwrap_err().parameter(), "upper");
    }
}

//! The PERT law.

use crate::distr::form::of_logit::{
    BetaLogit, FromLogit, LogitLift, LogitNoise, OfLogit, Place, placed_draw, prepared_by_logit,
};
use crate::distr::form::{NearEnd, law_of, two_ended};
use crate::distr::{family, getters};
use crate::parameter::{LawError, check, positive};
use crate::scalar::Scalar;
use crate::special::UnitPoint;

/// The [PERT law](https://en.wikipedia.org/wiki/PERT_distribution): a beta law on \[lower, upper\] with a given mode,
/// whose weight λ, the shape, is 4 unless told.
///
/// # Density function
/// f(x) = (x - lower)^(α-1) (upper - x)^(β-1) / (B(α, β) (upper - lower)^(α+β-1)) for lower <= x <= upper, with
/// α = 1 + λ (mode - lower)/(upper - lower) and β = 1 + λ (upper - mode)/(upper - lower).
///
/// # Derivatives
/// A draw is lower + (upper - lower) x with x from the [beta law](crate::distr::Beta) and derivatives as there, those
/// of the shapes by the chain rule. Defined everywhere; moving all three of lower, mode and upper moves the draw as
/// much.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [lower, upper, mode] = Jet::variables([1.0, 5.0, 2.0]);
/// let z = Pert::new(lower, upper, mode)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((z.eps.iter().sum::<f64>() - 1.0).abs() < 1e-14);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws as those of the beta law. Everything, draws too, is computed from the distances to both ends. Source: Malcolm, Roseboom, Clark & Fazar
/// 1959, "Application of a technique for research and development program evaluation", *Operations Research* 7; the weight λ: Vose
/// 2008, *Risk Analysis*.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pert<S> {
    lower: S,
    upper: S,
    mode: S,
    shape: S,
    theta: BetaLogit<S>,
}

impl<S: Scalar> Pert<S> {
    /// The law between `lower` and `upper` with its mode at `mode` and λ = 4: its mean is (lower + 4 mode + upper)/6.
    ///
    /// # Errors
    /// If an end is not in [-1e150, 1e150], `lower < upper` or `lower <= mode <= upper` does not hold, or the width is
    /// not in [1e-150, 1e150].
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(Pert::new(0.0, 5.0, 1.0).unwrap().mean(), Some(1.5));
    /// assert_eq!(Pert::new(0.0, 5.0, 6.0).unwrap_err().parameter(), "mode");
    /// ```
    #[inline]
    pub fn new(lower: S, upper: S, mode: S) -> Result<Self, LawError> {
        Self::from_shape(lower, upper, mode, S::from(4.0))
    }

    /// The law whose mode has the weight λ = `shape`: its mean is (lower + λ mode + upper)/(λ + 2).
    ///
    /// # Errors
    /// As [`Pert::new`], or if `shape` is not in [1e-150, 1e99].
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(Pert::from_shape(0.0, 5.0, 1.0, 8.0).unwrap().mean(), Some(1.3));
    /// ```
    #[inline]
    pub fn from_shape(lower: S, upper: S, mode: S, shape: S) -> Result<Self, LawError> {
        let width = upper - lower;
        check!("a PERT law", lower: REAL);
        check!("a PERT law", upper: REAL);
        check!("a PERT law", upper: "above lower by a width in [1e-150, 1e150]" if positive(width));
        check!("a PERT law", mode: "between lower and upper" if lower.re() <= mode.re() && mode.re() <= upper.re());
        check!("a PERT law", shape: [1e-150, 1e99]);
        let theta = BetaLogit::new(shape * (mode - lower).over(width) + 1.0, shape * (upper - mode).over(width) + 1.0);
        Ok(Pert { lower, upper, mode, shape, theta })
    }

    #[inline]
    fn width(&self) -> S {
        self.upper - self.lower
    }
}

family!(Pert, LawError, "pert", from_shape [lower, upper, mode, shape]);
getters!(Pert, [lower, upper, mode as peak, shape]);

impl<S: Scalar> FromLogit<S> for Pert<S> {
    fn theta(&self) -> &BetaLogit<S> {
        &self.theta
    }
    /// From the nearer end.
    #[inline]
    fn at(&self, theta: S) -> S {
        if theta.re() < 0.0 {
            self.width() * theta.sigmoid() + self.lower
        } else {
            self.upper - self.width() * (-theta).sigmoid()
        }
    }
    #[inline(always)]
    fn at_draw(&self, by: &impl LogitLift<S>, noise: LogitNoise) -> S {
        two_ended::inside(self.ends(), placed_draw(by, noise, self.ends()))
    }
    fn ends(&self) -> (S, S) {
        (self.lower, self.upper)
    }
    fn place(&self, x: S) -> Place<S> {
        match x.re() {
            r if r < self.lower.re() => Place::Below,
            r if r > self.upper.re() => Place::Above,
            r if r == self.lower.re() => Place::LowerEnd,
            r if r == self.upper.re() => Place::UpperEnd,
            r if r.is_nan() => Place::Nowhere,
            _ => {
                let distances = [x - self.lower, self.upper - x];
                let [x, y] = distances.map(|distance| distance.over(self.width()));
                let ln = |near: S, far: S, distance: S| match near.re() {
                    // a part of the width that underflows, or loses digits
                    r if r < f64::MIN_POSITIVE => distance.ln() - self.width().ln(),
                    r if r < 0.5 => near.ln(),
                    _ => (-far).ln_1p(),
                };
                Place::Inside(UnitPoint { x, y, ln_x: ln(x, y, distances[0]), ln_y: ln(y, x, distances[1]) })
            }
        }
    }
    fn ln_pdf_inside(&self, _: S, at: UnitPoint<S>) -> S {
        self.theta.ln_pdf_of_unit(at) - self.width().ln()
    }
    fn near_end(&self, upper: bool, d: S) -> Option<NearEnd<S>> {
        let width = self.width();
        let NearEnd { exponent, ln_factor } = self.theta.near_end_of_unit(upper, d.over(width))?;
        Some(NearEnd { exponent, ln_factor: ln_factor - (exponent + 1.0) * width.ln() })
    }
    /// That of the beta law, and ln(upper - lower).
    fn surprise(&self) -> S {
        self.theta.entropy() - self.theta.minus_mean_ln_x() - self.theta.minus_mean_ln_y() + self.width().ln()
    }
}

law_of!(
    Pert,
    |law| OfLogit(law),
    moments {
        /// (lower + λ mode + upper)/(λ + 2)
        fn mean(&self) -> Option<S> {
            Some((self.lower + self.shape * self.mode + self.upper).over(self.shape + 2.0))
        }
        /// (mean - lower)(upper - mean)/(λ + 3), that is α β w²/((λ + 2)² (λ + 3))
        fn variance(&self) -> Option<S> {
            let (sum, width) = (self.shape + 2.0, self.width());
            Some((width * self.theta.a.over(sum)) * (width * self.theta.b.over(sum)).over(self.shape + 3.0))
        }
        fn mode(&self) -> Option<S> {
            Some(self.mode)
        }
    }
);
prepared_by_logit!(Pert);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::{Beta, Continuous};

    #[track_caller]
    fn close(got: f64, want: f64, bound: f64) {
        assert!((got - want).abs() <= bound * want.abs(), "{got:e}, not {want:e}");
    }

    #[test]
    fn is_a_beta_law() {
        let (pert, beta) = (Pert::new(0.0, 1.0, 0.25).unwrap(), Beta::new(2.0, 4.0).unwrap());
        for x in [1e-200, 0.1, 0.25, 0.7, 0.999] {
            close(pert.ln_pdf(x), beta.ln_pdf(x), 1e-14);
            close(pert.ln_cdf(x), beta.ln_cdf(x), 1e-14);
            close(pert.ln_sf(x), beta.ln_sf(x), 1e-14);
        }
        close(pert.entropy(), beta.entropy(), 1e-14);
        close(pert.variance().unwrap(), beta.variance().unwrap(), 1e-14);
    }

    /// The distance to an end at 0 keeps its digits: F = 1 - (1 - x)^5 for α = 1, β = 5.
    #[test]
    fn ends() {
        let law = Pert::new(-1.0, 0.0, -1.0).unwrap();
        close(law.sf(-1e-60), 1e-300, 1e-13);
        close(law.isf(1e-300), -1e-60, 1e-13);
        close(law.pdf(-1.0), 5.0, 1e-15);
        assert_eq!(law.pdf(0.0), 0.0);
        assert_eq!((law.cdf(-2.0), law.sf(1.0)), (0.0, 0.0));
    }

    #[test]
    fn refuses() {
        assert_eq!(Pert::new(1.0, 1.0, 1.0).unwrap_err().parameter(), "upper");
        assert_eq!(Pert::new(f64::NAN, 2.0, 1.0).unwrap_err().parameter(), "lower");
        assert_eq!(Pert::new(0.0, 2.0, f64::NAN).unwrap_err().parameter(), "mode");
        assert_eq!(Pert::from_shape(0.0, 2.0, 1.0, 0.0).unwrap_err().parameter(), "shape");
    }

    /// One step above the lower end, where the part of the width underflows: mpmath at 50 digits.
    #[test]
    fn parts_of_the_width_that_underflow() {
        let law = Pert::from_shape(0.0, 4.28e12, 0.0805, 0.095).unwrap();
        for x in [5e-324, 1e-318, 1e-300] {
            close(law.ln_pdf(x), -28.994_219_762_255_15, 1e-14);
            close(law.pdf(x), (-28.994_219_762_255_15f64).exp(), 1e-12);
        }
        assert_eq!((law.cdf(5e-324), law.sf(5e-324)), (0.0, 1.0));
    }
}

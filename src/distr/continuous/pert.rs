//! The PERT law.

use crate::distr::form::of_logit::{BetaLogit, FromLogit, LogitNoise, Place, from_logit, unit_draw};
use crate::distr::form::two_ended;
use crate::distr::{family, getters};
use crate::parameter::{LawError, check, positive};
use crate::scalar::Scalar;
use crate::special::UnitPoint;

/// The [PERT law](https://en.wikipedia.org/wiki/PERT_distribution): a beta law on [min, max] with a given mode, whose weight λ is 4
/// unless told.
///
/// # Density function
/// f(x) = (x - min)^(α-1) (max - x)^(β-1) / (B(α, β) (max - min)^(α+β-1)) for min <= x <= max, with
/// α = 1 + λ (mode - min)/(max - min) and β = 1 + λ (max - mode)/(max - min).
///
/// # Derivatives
/// A draw is min + (max - min) x with x from the [beta law](crate::distr::Beta) and derivatives as there, those of the shapes by
/// the chain rule. Defined everywhere; moving all three of min, mode and max moves the draw as much.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [min, mode, max] = Jet::variables([1.0, 2.0, 5.0]);
/// let z = Pert::new(min, mode, max)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((z.eps.iter().sum::<f64>() - 1.0).abs() < 1e-14);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws as those of the beta law. Everything is computed from the distances to both ends. Source: Malcolm, Roseboom, Clark & Fazar
/// 1959, "Application of a technique for research and development program evaluation", *Operations Research* 7; the weight λ: Vose
/// 2008, *Risk Analysis*.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pert<S> {
    min: S,
    mode: S,
    max: S,
    lambda: S,
    theta: BetaLogit<S>,
}

impl<S: Scalar> Pert<S> {
    /// The law between `min` and `max` with its mode at `mode` and λ = 4: its mean is (min + 4 mode + max)/6.
    ///
    /// # Errors
    /// If an end is not in [-1e150, 1e150], `min < max` or `min <= mode <= max` does not hold, or the width is not in [1e-150, 1e150].
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(Pert::new(0.0, 1.0, 5.0).unwrap().mean(), Some(1.5));
    /// assert_eq!(Pert::new(0.0, 6.0, 5.0).unwrap_err().parameter(), "mode");
    /// ```
    #[inline]
    pub fn new(min: S, mode: S, max: S) -> Result<Self, LawError> {
        Self::with_lambda(min, mode, max, S::from(4.0))
    }

    /// The law whose mode has the weight `lambda`: its mean is (min + λ mode + max)/(λ + 2).
    ///
    /// # Errors
    /// As [`Pert::new`], or if `lambda` is not in [1e-150, 1e99].
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(Pert::with_lambda(0.0, 1.0, 5.0, 8.0).unwrap().mean(), Some(1.3));
    /// ```
    #[inline]
    pub fn with_lambda(min: S, mode: S, max: S, lambda: S) -> Result<Self, LawError> {
        let width = max - min;
        check!("a PERT law", min: REAL);
        check!("a PERT law", max: REAL);
        check!("a PERT law", max: "above min by a width in [1e-150, 1e150]" if positive(width));
        check!("a PERT law", mode: "between min and max" if min.re() <= mode.re() && mode.re() <= max.re());
        check!("a PERT law", lambda: [1e-150, 1e99]);
        let theta = BetaLogit::new(lambda * (mode - min).over(width) + 1.0, lambda * (max - mode).over(width) + 1.0);
        Ok(Pert { min, mode, max, lambda, theta })
    }

    #[inline]
    fn width(&self) -> S {
        self.max - self.min
    }
}

family!(Pert, LawError, "pert", with_lambda [min, mode, max, lambda]);
getters!(Pert, [min, mode as peak, max, lambda]);

impl<S: Scalar> FromLogit<S> for Pert<S> {
    fn theta(&self) -> &BetaLogit<S> {
        &self.theta
    }
    /// From the nearer end.
    #[inline]
    fn at(&self, theta: S) -> S {
        if theta.re() < 0.0 {
            self.width() * theta.sigmoid() + self.min
        } else {
            self.max - self.width() * (-theta).sigmoid()
        }
    }
    #[inline]
    fn at_draw(&self, noise: LogitNoise) -> S {
        two_ended::inside(self.ends(), self.width() * unit_draw(&self.theta, noise) + self.min)
    }
    fn ends(&self) -> (S, S) {
        (self.min, self.max)
    }
    fn place(&self, x: S) -> Place<S> {
        match x.re() {
            r if r < self.min.re() => Place::Below,
            r if r > self.max.re() => Place::Above,
            r if r == self.min.re() => Place::LowerEnd,
            r if r == self.max.re() => Place::UpperEnd,
            r if r.is_nan() => Place::Nowhere,
            _ => {
                let distances = [x - self.min, self.max - x];
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
    fn ln_pdf_at_end(&self, upper: bool) -> S {
        (if upper { self.theta.a } else { self.theta.b }).ln() - self.width().ln()
    }
}

from_logit!(Pert, {
    /// (min + λ mode + max)/(λ + 2)
    fn mean(&self) -> Option<S> {
        Some((self.min + self.lambda * self.mode + self.max).over(self.lambda + 2.0))
    }
    /// (mean - min)(max - mean)/(λ + 3), that is α β w²/((λ + 2)² (λ + 3))
    fn variance(&self) -> Option<S> {
        let (sum, width) = (self.lambda + 2.0, self.width());
        Some((width * self.theta.a.over(sum)) * (width * self.theta.b.over(sum)).over(self.lambda + 3.0))
    }
    /// That of the beta law, and ln(max - min).
    fn entropy(&self) -> S {
        self.theta.entropy() - self.theta.minus_mean_ln_x() - self.theta.minus_mean_ln_y() + self.width().ln()
    }
    fn mode(&self) -> Option<S> {
        Some(self.mode)
    }
});

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
        let (pert, beta) = (Pert::new(0.0, 0.25, 1.0).unwrap(), Beta::new(2.0, 4.0).unwrap());
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
        let law = Pert::new(-1.0, -1.0, 0.0).unwrap();
        close(law.sf(-1e-60), 1e-300, 1e-13);
        close(law.isf(1e-300), -1e-60, 1e-13);
        close(law.pdf(-1.0), 5.0, 1e-15);
        assert_eq!(law.pdf(0.0), 0.0);
        assert_eq!((law.cdf(-2.0), law.sf(1.0)), (0.0, 0.0));
    }

    #[test]
    fn refuses() {
        assert_eq!(Pert::new(1.0, 1.0, 1.0).unwrap_err().parameter(), "max");
        assert_eq!(Pert::new(f64::NAN, 1.0, 2.0).unwrap_err().parameter(), "min");
        assert_eq!(Pert::new(0.0, f64::NAN, 2.0).unwrap_err().parameter(), "mode");
        assert_eq!(Pert::with_lambda(0.0, 1.0, 2.0, 0.0).unwrap_err().parameter(), "lambda");
    }

    /// One step above the lower end, where the part of the width underflows: mpmath at 50 digits.
    #[test]
    fn parts_of_the_width_that_underflow() {
        let law = Pert::with_lambda(0.0, 0.0805, 4.28e12, 0.095).unwrap();
        for x in [5e-324, 1e-318, 1e-300] {
            close(law.ln_pdf(x), -28.994_219_762_255_15, 1e-14);
            close(law.pdf(x), (-28.994_219_762_255_15f64).exp(), 1e-12);
        }
        assert_eq!((law.cdf(5e-324), law.sf(5e-324)), (0.0, 1.0));
    }
}

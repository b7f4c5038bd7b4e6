//! Any law, censored.

use super::truncated::{Truncated, ln_between};
use crate::distr::Continuous;
use crate::distr::form::truncated::check_bounds;
use crate::parameter::LawError;
use crate::scalar::Scalar;
use rand::Rng;
use rand::distr::Distribution;

/// A law X of which only min(max(X, lower), upper) is seen: the
/// [censoring](https://en.wikipedia.org/wiki/Censoring_(statistics)) of any law `D` from the left, from the right or on
/// both sides. A survival time that is cut off by the end of a study, a reading beyond the range of its instrument.
///
/// # Density function
/// f(x) of the base between the bounds. At a bound it is the mass that gathers there: F(lower) at `lower`, 1 - F(upper)
/// at `upper`. So the sum of [`Continuous::ln_pdf`] over observations is the usual log-likelihood. For an observation
/// known to lie in an interval only it is [`Censored::ln_probability`] that counts.
///
/// # Derivatives
/// A draw is one of the base, with its derivatives, or the bound where that is beyond it, with the bound's. As it is a
/// continuous function of the draw of the base, the mean derivatives are right for the base's parameters and for the
/// bounds.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // failures after 0.5 and 1.2 hours, and one part still running when the test ended after 2
/// let [rate] = Jet::variables([0.8]);
/// let law = Censored::new(Exponential::new(rate)?, f64::NEG_INFINITY.into(), 2.0.into())?;
/// let ln_likelihood = [0.5, 1.2, 2.0].iter().fold(Jet::from(0.0), |sum, x| sum + law.ln_pdf((*x).into()));
/// // 2 ln λ - 3.7 λ
/// assert!((ln_likelihood.re - (2.0 * 0.8f64.ln() - 3.7 * 0.8)).abs() < 1e-15);
/// assert!((ln_likelihood.eps[0] - (2.0 / 0.8 - 3.7)).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Densities between the bounds and masses at them do not compare: there is no mode where a bound has mass. The entropy
/// is the sum of -∫ f ln f between the bounds and -m ln m for each mass m. Mean, variance and entropy are made of those
/// of the law [truncated](Truncated) to the bounds. The score of a draw holds for the base's parameters, not for a
/// bound, with which the support moves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Censored<D, S> {
    base: D,
    lower: S,
    upper: S,
}

impl<S: Scalar, D: Continuous<S> + Copy> Censored<D, S> {
    /// The law `base` seen between `lower` and `upper`, each of which may be infinite: `lower` alone censors from the
    /// left, `upper` alone from the right.
    ///
    /// # Errors
    /// If `lower` is not below `upper`, one of them is NaN, or a finite one is outside of [-1e150, 1e150].
    ///
    /// ```
    /// use reparam::prelude::*;
    /// let base = Normal::new(0.0, 1.0).unwrap();
    /// assert_eq!(Censored::new(base, 0.0, f64::INFINITY).unwrap().pdf(0.0), 0.5);
    /// assert_eq!(Censored::new(base, 1.0, 1.0).unwrap_err().parameter(), "lower");
    /// ```
    pub fn new(base: D, lower: S, upper: S) -> Result<Self, LawError> {
        check_bounds!("a censored law", lower, upper);
        Ok(Censored { base, lower, upper })
    }

    /// The law that is censored.
    pub fn base(&self) -> D {
        self.base
    }

    /// The bounds.
    pub fn bounds(&self) -> (S, S) {
        (self.lower, self.upper)
    }

    /// ln P(from < X <= to) of the base: the log-likelihood of an observation that is known to be in that interval
    /// only.
    ///
    /// NaN where `from` is above `to`.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// let law = Censored::new(Exponential::new(1.0).unwrap(), f64::NEG_INFINITY, 2.0).unwrap();
    /// let probability = (-0.5f64).exp() - (-1.0f64).exp();
    /// assert!((law.ln_probability(0.5, 1.0) - probability.ln()).abs() < 1e-15);
    /// ```
    pub fn ln_probability(&self, from: S, to: S) -> S {
        if from.re() <= to.re() { ln_between(&self.base, from, to) } else { S::from(f64::NAN) }
    }

    /// x, or the bound that it is beyond.
    #[inline]
    fn seen(&self, x: S) -> S {
        if x.re() <= self.lower.re() {
            self.lower
        } else if x.re() >= self.upper.re() {
            self.upper
        } else {
            x
        }
    }

    /// `f` between the bounds, from the lower one on; the limits elsewhere.
    #[inline]
    fn at(&self, x: S, below: f64, above: f64, f: impl FnOnce(&D, S) -> S) -> S {
        if x.re() < self.lower.re() || x.re() == f64::NEG_INFINITY {
            S::from(below)
        } else if x.re() >= self.upper.re() {
            S::from(above)
        } else {
            f(&self.base, x)
        }
    }

    /// The mass of the bound that x is, the density elsewhere and at a bound without mass.
    fn mass_or(
        &self,
        x: S,
        below: impl FnOnce(&D, S) -> S,
        above: impl FnOnce(&D, S) -> S,
        density: impl FnOnce(&D, S) -> S,
        none: f64,
    ) -> S {
        let mass = if x.re() == self.lower.re() {
            below(&self.base, self.lower)
        } else if x.re() == self.upper.re() {
            above(&self.base, self.upper)
        } else {
            S::from(none)
        };
        if mass.re() == none { density(&self.base, x) } else { mass }
    }

    /// The masses at the bounds and between them, and the law between them if it has one.
    fn parts(&self) -> ([S; 3], Option<Truncated<D, S>>) {
        let between = Truncated::new(self.base, self.lower, self.upper).ok();
        let inside = between.map_or(S::from(0.0), |_| ln_between(&self.base, self.lower, self.upper).exp());
        ([self.base.cdf(self.lower), inside, self.base.sf(self.upper)], between)
    }
}

/// weight · value, 0 where there is no weight.
fn share<S: Scalar>(weight: S, value: S) -> S {
    if weight.re() == 0.0 { S::from(0.0) } else { weight * value }
}

impl<S: Scalar, D: Continuous<S> + Copy> Distribution<S> for Censored<D, S> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        self.seen(self.base.sample(rng))
    }
}

impl<S: Scalar, D: Continuous<S> + Copy> Continuous<S> for Censored<D, S> {
    fn has_atoms(&self) -> bool {
        self.lower.re().is_finite() || self.upper.re().is_finite() || self.base.has_atoms()
    }

    fn support(&self) -> (S, S) {
        let (low, high) = self.base.support();
        (self.seen(low), self.seen(high))
    }

    fn ln_pdf(&self, x: S) -> S {
        if x.re() < self.lower.re() || x.re() > self.upper.re() {
            S::from(f64::NEG_INFINITY)
        } else {
            self.mass_or(x, D::ln_cdf, D::ln_sf, D::ln_pdf, f64::NEG_INFINITY)
        }
    }

    fn pdf(&self, x: S) -> S {
        if x.re() < self.lower.re() || x.re() > self.upper.re() {
            S::from(0.0)
        } else {
            self.mass_or(x, D::cdf, D::sf, D::pdf, 0.0)
        }
    }

    fn cdf(&self, x: S) -> S {
        self.at(x, 0.0, 1.0, D::cdf)
    }

    fn sf(&self, x: S) -> S {
        self.at(x, 1.0, 0.0, D::sf)
    }

    fn ln_cdf(&self, x: S) -> S {
        self.at(x, f64::NEG_INFINITY, 0.0, D::ln_cdf)
    }

    fn ln_sf(&self, x: S) -> S {
        self.at(x, 0.0, f64::NEG_INFINITY, D::ln_sf)
    }

    fn quantile(&self, p: S) -> S {
        self.seen(self.base.quantile(p))
    }

    fn isf(&self, q: S) -> S {
        self.seen(self.base.isf(q))
    }

    fn quantile_ln(&self, ln_p: S) -> S {
        self.seen(self.base.quantile_ln(ln_p))
    }

    fn isf_ln(&self, ln_q: S) -> S {
        self.seen(self.base.isf_ln(ln_q))
    }

    fn mean(&self) -> Option<S> {
        let ([below, inside, above], between) = self.parts();
        let mean = match between {
            Some(law) => share(inside, law.mean()?),
            None => S::from(0.0),
        };
        Some(share(below, self.lower) + mean + share(above, self.upper))
    }

    /// Around the mean, of which a part is as far off as the mean of the part between the bounds.
    fn variance(&self) -> Option<S> {
        let mean = self.mean()?;
        if !mean.re().is_finite() {
            return None;
        }
        let square = |x: S| (x - mean) * (x - mean);
        let ([below, inside, above], between) = self.parts();
        let variance = match between {
            Some(law) => share(inside, law.variance()? + square(law.mean()?)),
            None => S::from(0.0),
        };
        Some(share(below, square(self.lower)) + variance + share(above, square(self.upper)))
    }

    /// That of the masses, and -∫ f ln f = P (H - ln P) between the bounds, H and P entropy and mass of the law there.
    fn entropy(&self) -> S {
        let ([below, inside, above], between) = self.parts();
        let of_mass = |mass: S| share(mass, -mass.ln());
        let density = between.map_or(S::from(0.0), |law| share(inside, law.entropy()));
        of_mass(below) + of_mass(inside) + density + of_mass(above)
    }

    /// The base's if no bound has mass.
    fn mode(&self) -> Option<S> {
        let (below, above) = (self.base.cdf(self.lower), self.base.sf(self.upper));
        if below.re() == 0.0 && above.re() == 0.0 { self.base.mode() } else { None }
    }

    fn median(&self) -> S {
        self.seen(self.base.median())
    }
}

/// As `{base, lower, upper}`, through the constructor; an infinite bound is `null`.
#[cfg(feature = "serde")]
mod serialization {
    use super::*;
    use crate::distr::bound::finite;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    #[derive(Serialize, Deserialize)]
    #[serde(rename = "censored", deny_unknown_fields)]
    struct Parameters<D, S> {
        base: D,
        lower: Option<S>,
        upper: Option<S>,
    }

    impl<D: Serialize, S: Scalar + Serialize> Serialize for Censored<D, S> {
        fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
            Parameters { base: &self.base, lower: finite(&self.lower), upper: finite(&self.upper) }
                .serialize(serializer)
        }
    }

    impl<'de, D: Continuous<S> + Copy + Deserialize<'de>, S: Scalar + Deserialize<'de>> Deserialize<'de>
        for Censored<D, S>
    {
        fn deserialize<Z: Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
            let Parameters { base, lower, upper } = Parameters::<D, S>::deserialize(deserializer)?;
            let (lower, upper) = (lower.unwrap_or(f64::NEG_INFINITY.into()), upper.unwrap_or(f64::INFINITY.into()));
            Censored::new(base, lower, upper).map_err(Error::custom)
        }
    }
}

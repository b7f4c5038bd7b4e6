//! A point mass.

use crate::distr::{Continuous, KlDivergence, parameters};
use crate::parameter::{LawError, is_probability};
use crate::scalar::Scalar;
use rand::Rng;
use rand::distr::Distribution;

/// The [point mass](https://en.wikipedia.org/wiki/Degenerate_distribution) at a location: a number that is certain,
/// where a law is asked for.
///
/// # Density function
/// There is none. [`Continuous::pdf`] is the mass: 1 at the location and 0 elsewhere. The entropy is that of the mass,
/// 0.
///
/// # Derivatives
/// A draw is the location, with its derivatives. It takes nothing from the generator.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [location] = Jet::variables([2.5]);
/// let law = Delta::new(location)?;
/// assert_eq!(law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1)), location);
/// assert_eq!((law.pdf(2.5.into()).re, law.pdf(2.4.into()).re), (1.0, 0.0));
/// # Ok(()) }
/// ```
///
/// # Notes
/// Masses and densities do not add: it is no component for a [`Mixture`](crate::distr::Mixture) with laws that have
/// densities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Delta<S> {
    location: S,
}

parameters! {
    Delta, "delta", "a point mass";
    /// The law of a number that is `location`.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(Delta::new(2.0).unwrap().variance(), Some(0.0));
    /// assert_eq!(Delta::new(f64::NAN).unwrap_err().parameter(), "location");
    /// ```
    new(location: REAL)
}

impl<S: Scalar> Delta<S> {
    /// One of three constants, by where x is; NaN for NaN.
    fn at(&self, x: S, [below, there, above]: [f64; 3]) -> S {
        let (x, location) = (x.re(), self.location.re());
        S::from(if x < location {
            below
        } else if x == location {
            there
        } else if x > location {
            above
        } else {
            f64::NAN
        })
    }

    /// The location if there is such a quantile.
    fn if_valid(&self, valid: bool) -> S {
        if valid { self.location } else { S::from(f64::NAN) }
    }
}

impl<S: Scalar> Distribution<S> for Delta<S> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, _: &mut R) -> S {
        self.location
    }
}

impl<S: Scalar> Continuous<S> for Delta<S> {
    fn has_atoms(&self) -> bool {
        true
    }

    fn support(&self) -> (S, S) {
        (self.location, self.location)
    }
    fn ln_pdf(&self, x: S) -> S {
        self.at(x, [f64::NEG_INFINITY, 0.0, f64::NEG_INFINITY])
    }
    fn pdf(&self, x: S) -> S {
        self.at(x, [0.0, 1.0, 0.0])
    }
    fn cdf(&self, x: S) -> S {
        self.at(x, [0.0, 1.0, 1.0])
    }
    fn sf(&self, x: S) -> S {
        self.at(x, [1.0, 0.0, 0.0])
    }
    fn ln_cdf(&self, x: S) -> S {
        self.at(x, [f64::NEG_INFINITY, 0.0, 0.0])
    }
    fn ln_sf(&self, x: S) -> S {
        self.at(x, [0.0, f64::NEG_INFINITY, f64::NEG_INFINITY])
    }
    fn quantile(&self, p: S) -> S {
        self.if_valid(is_probability(p))
    }
    fn isf(&self, q: S) -> S {
        self.if_valid(is_probability(q))
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        self.if_valid(ln_p.re() <= 0.0)
    }
    fn isf_ln(&self, ln_q: S) -> S {
        self.if_valid(ln_q.re() <= 0.0)
    }
    fn mean(&self) -> Option<S> {
        Some(self.location)
    }
    fn variance(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    fn entropy(&self) -> S {
        S::from(0.0)
    }
    fn mode(&self) -> Option<S> {
        Some(self.location)
    }
    fn median(&self) -> S {
        self.location
    }
}

impl<S: Scalar> KlDivergence<S> for Delta<S> {
    /// 0 from the same point, infinite from another.
    fn kl_divergence(&self, other: &Self) -> S {
        S::from(if self.location.re() == other.location.re() { 0.0 } else { f64::INFINITY })
    }
}

//! The law of a map of a vector or matrix.

use super::Multivariate;
use super::parameters::parameters;
use crate::distr::bijection::Bijection;
use crate::distr::{Coordinates, Joint};
use crate::scalar::Scalar;
use core::marker::PhantomData;
use rand::Rng;
use rand::distr::Distribution;

/// The law of Y = b(X), X of the law `base` of vectors or matrices and b a [`Bijection`].
///
/// # Density function
/// f(y) = f_X(x) / |det db/dx| with b(x) = y, with respect to the entries that the map's Jacobian is of; 0 outside the image.
///
/// # Derivatives
/// A draw is the image of a draw: dy = db/dx dx plus the derivative in parameters of b. A density's derivatives pass through the
/// inverse.
///
/// # Example
/// A prior on an increasing vector:
/// ```
/// use nalgebra::Vector3;
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::distr::bijection::Ordered;
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let base = Independent::new(Vector3::from_element(Normal::new(0.0, 1.0)?));
/// let y = MultivariateTransformed::new(base, Ordered).sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(y[0] < y[1] && y[1] < y[2]);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Moments and entropy have no closed form.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MultivariateTransformed<S, L, B> {
    base: L,
    map: B,
    scalar: PhantomData<S>,
}

impl<S: Scalar, L: Multivariate<S>, B: Bijection<L::Point, Scalar = S>> MultivariateTransformed<S, L, B> {
    /// The law of `map` of a variable of the law `base`.
    pub fn new(base: L, map: B) -> Self {
        MultivariateTransformed { base, map, scalar: PhantomData }
    }

    /// The law of the variable that is mapped.
    pub fn base(&self) -> &L {
        &self.base
    }

    /// The map.
    pub fn map(&self) -> &B {
        &self.map
    }
}

parameters!([S: Scalar, L: Multivariate<S>, B: Bijection<L::Point, Scalar = S>] MultivariateTransformed<S, L, B>, over [L, B], "transformed",
    law => { base: Number(L) = &law.base, map: Number(B) = &law.map },
    Ok::<_, core::convert::Infallible>(MultivariateTransformed::new(base, map)));

impl<S: Scalar, L: Multivariate<S>, B: Bijection<L::Point, Scalar = S>> Distribution<B::Image>
    for MultivariateTransformed<S, L, B>
{
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> B::Image {
        self.map.forward(&self.base.sample(rng))
    }
}

impl<S: Scalar, L: Multivariate<S>, B: Bijection<L::Point, Scalar = S>> Joint<S> for MultivariateTransformed<S, L, B> {
    type Point = B::Image;

    fn draw_at(&self, coordinates: &mut impl Coordinates) -> B::Image {
        self.map.forward(&self.base.draw_at(coordinates))
    }
}

impl<S: Scalar, L: Multivariate<S>, B: Bijection<L::Point, Scalar = S>> Multivariate<S>
    for MultivariateTransformed<S, L, B>
{
    fn shape(&self) -> (usize, usize) {
        self.map.image_shape(self.base.shape())
    }

    fn ln_pdf(&self, y: &B::Image) -> S {
        let Some(x) = self.map.inverse(y) else { return S::from(f64::NEG_INFINITY) };
        let ln_pdf = self.base.ln_pdf(&x);
        // at an edge of the image the map may have no slope
        if ln_pdf.re().is_finite() { ln_pdf - self.map.ln_abs_det_jacobian(&x) } else { ln_pdf }
    }

    fn mean(&self) -> Option<B::Image> {
        None
    }

    fn variance(&self) -> Option<B::Image> {
        None
    }

    fn mode(&self) -> Option<B::Image> {
        None
    }

    fn entropy(&self) -> Option<S> {
        None
    }
}

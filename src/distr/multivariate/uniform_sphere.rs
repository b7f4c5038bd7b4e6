//! The uniform law on the sphere.

use super::parameters::parameters;
use super::sphere::{ln_area, off_sphere, uniform};
use super::{Covariance, Multivariate};
use crate::distr::KlDivergence;
use crate::distr::{Coordinates, Joint};
use crate::linalg::Square;
use crate::noise;
use crate::parameter::{LawError, check};
use crate::scalar::Scalar;
use core::marker::PhantomData;
use nalgebra::allocator::Allocator;
use nalgebra::{Const, DefaultAllocator, Dim, OMatrix, OVector};
use rand::Rng;
use rand::distr::Distribution;

/// The [uniform law](https://en.wikipedia.org/wiki/N-sphere) of unit vectors in R^p.
///
/// # Density function
/// f(x) = Γ(p/2) / (2 π^(p/2)) for |x| = 1, with respect to the area of the sphere; a point is on it if |x|² is 1 up to 1e-6. For
/// p = 1 the law of ±1.
///
/// # Derivatives
/// There is no parameter: draws are constants.
///
/// # Example
/// ```
/// use nalgebra::{Const, Vector3};
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = UniformSphere::new(Const::<3>)?;
/// let x: Vector3<f64> = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((x.norm() - 1.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws: normal noise over its length (Muller 1959, "A note on a method for generating points uniformly on N-dimensional
/// spheres", Communications of the ACM 2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UniformSphere<S, D> {
    dimension: D,
    scalar: PhantomData<S>,
}

impl<S: Scalar, D: Dim> UniformSphere<S, D> {
    /// The law on the unit sphere in R^p, p given as `Const::<3>` or `Dyn(3)`.
    ///
    /// # Errors
    /// If p = 0.
    pub fn new(dimension: D) -> Result<Self, LawError> {
        let p = dimension.value();
        check!("a uniform law on a sphere", dimension, p as f64; "1 or larger" if p > 0);
        Ok(UniformSphere { dimension, scalar: PhantomData })
    }
}

parameters!([S: Scalar, D: Dim] UniformSphere<S, D>, over [], "uniform_sphere",
    law => { dimension: Size(D) = law.dimension },
    UniformSphere::new(dimension));

impl<S: Scalar, D: Dim> Distribution<OVector<S, D>> for UniformSphere<S, D>
where
    DefaultAllocator: Allocator<D>,
{
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> OVector<S, D> {
        uniform(self.dimension, || noise::normal(rng)).map(S::from)
    }
}

impl<S: Scalar, D: Dim> Joint<S> for UniformSphere<S, D>
where
    DefaultAllocator: Allocator<D>,
{
    type Point = OVector<S, D>;

    fn draw_at(&self, coordinates: &mut impl Coordinates) -> OVector<S, D> {
        uniform(self.dimension, || coordinates.normal()).map(S::from)
    }
}

impl<S: Scalar, D: Dim> Multivariate<S> for UniformSphere<S, D>
where
    DefaultAllocator: Allocator<D>,
{
    fn shape(&self) -> (usize, usize) {
        (self.dimension.value(), 1)
    }

    fn ln_pdf(&self, x: &OVector<S, D>) -> S {
        let p = self.dimension.value();
        off_sphere(x, p).unwrap_or_else(|| S::from(-ln_area(p)))
    }

    fn mean(&self) -> Option<OVector<S, D>> {
        Some(OVector::from_element_generic(self.dimension, Const::<1>, S::from(0.0)))
    }

    /// 1/p
    fn variance(&self) -> Option<OVector<S, D>> {
        let variance = 1.0 / self.dimension.value() as f64;
        Some(OVector::from_element_generic(self.dimension, Const::<1>, S::from(variance)))
    }

    fn mode(&self) -> Option<OVector<S, D>> {
        None
    }

    /// The logarithm of the sphere's area.
    fn entropy(&self) -> Option<S> {
        Some(S::from(ln_area(self.dimension.value())))
    }
}

impl<S: Scalar, D: Dim> Covariance<S, D> for UniformSphere<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// The unit matrix over p.
    fn covariance(&self) -> Option<OMatrix<S, D, D>> {
        let (d, variance) = (self.dimension, 1.0 / self.dimension.value() as f64);
        Some(OMatrix::from_fn_generic(d, d, |i, j| S::from(if i == j { variance } else { 0.0 })))
    }
}

impl<S: Scalar, D: Dim> KlDivergence<S> for UniformSphere<S, D> {
    /// 0: there is one such law; NaN for spheres of different dimensions.
    fn kl_divergence(&self, other: &Self) -> S {
        S::from(if self.dimension.value() == other.dimension.value() { 0.0 } else { f64::NAN })
    }
}

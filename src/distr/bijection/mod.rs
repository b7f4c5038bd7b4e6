//! Invertible differentiable maps with the logarithm of their Jacobian: from numbers or vectors without constraints to
//! parameters with them, and from one law to another.
//!
//! | map | from | to |
//! |---|---|---|
//! | [`Exp`], [`Ln`] | R, (0, inf) | (0, inf), R |
//! | [`Softplus`] | R | (0, inf) |
//! | [`Sigmoid`], [`Tanh`] | R | (0, 1), (-1, 1) |
//! | [`LocationScale`] | R | R |
//! | [`Inverse`] of a map of numbers | its image | its domain |
//! | [`Then`] of two maps | the first map's domain | the second map's image |
//! | `Entrywise` | vectors and matrices | the same |
//! | `Simplex` | R^D | D + 1 proportions |
//! | `Ordered` | R^D | increasing vectors |
//! | `CholeskyFactor` | R^(D (D + 1)/2) | lower triangular matrices with a positive diagonal |
//! | `CorrelationCholesky` | R^(D (D - 1)/2) | Cholesky factors of correlation matrices |
//!
//! Those in plain type need the feature `nalgebra`. [`Transformed`](crate::distr::Transformed) and
//! `MultivariateTransformed` are the laws of images.

#[cfg(feature = "nalgebra")]
mod matrices;
mod scalar;
#[cfg(feature = "serde")]
mod serde;
mod then;
#[cfg(feature = "nalgebra")]
mod vectors;

#[cfg(feature = "nalgebra")]
pub use matrices::{CholeskyFactor, CorrelationCholesky};
pub use scalar::{Exp, Inverse, Ln, LocationScale, Sigmoid, Softplus, Tanh};
pub use then::Then;
#[cfg(feature = "nalgebra")]
pub use vectors::{Entrywise, Ordered, Simplex};

use crate::scalar::Scalar;

/// A differentiable map of `X` that has a differentiable inverse.
///
/// ```
/// use reparam::distr::bijection::{Bijection, Exp, LocationScale, Then};
/// let map = Then(LocationScale::new(1.0, 2.0).unwrap(), Exp);
/// assert_eq!(map.forward(&-0.5), 1.0);
/// assert_eq!(map.inverse(&1.0), Some(-0.5));
/// assert_eq!(map.ln_abs_det_jacobian(&-0.5), 2f64.ln()); // exp' = 1 there
/// assert_eq!(map.inverse(&-1.0), None);
/// ```
pub trait Bijection<X> {
    /// The scalar of both sides.
    type Scalar: Scalar;

    /// The values of the map.
    type Image;

    /// The image of x. NaN where x is not in the domain, or not of a size that the map has.
    fn forward(&self, x: &X) -> Self::Image;

    /// The x whose image is y; `None` where y is not in the closure of the image. A NaN in y, or a size that the map does not
    /// have, gives NaN.
    fn inverse(&self, y: &Self::Image) -> Option<X>;

    /// ln |det dy/dx| at x.
    ///
    /// Where the image is a surface, y stands for as many of its entries as x has: each map says which.
    fn ln_abs_det_jacobian(&self, x: &X) -> Self::Scalar;

    /// The numbers of rows and columns of the image of a vector or matrix of this shape.
    fn image_shape(&self, shape: (usize, usize)) -> (usize, usize) {
        shape
    }
}

/// A monotone map of an interval of the real line onto another.
pub trait Monotone<S: Scalar>: Bijection<S, Scalar = S, Image = S> {
    /// Whether larger numbers have larger images; otherwise smaller ones.
    fn is_increasing(&self) -> bool {
        true
    }

    /// The ends of the domain.
    fn domain(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }

    /// The ends of the image.
    fn image(&self) -> (f64, f64);

    /// a and b where the map is a + b x.
    fn affine(&self) -> Option<(S, S)> {
        None
    }
}

/// Whether y is outside the interval; not so for NaN.
fn outside<S: Scalar>(y: S, (low, high): (f64, f64)) -> bool {
    y.re() < low || y.re() > high
}

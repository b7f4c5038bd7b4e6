//! Laws of vectors and matrices, one file each.
//!
//! Points are nalgebra's vectors and matrices of the scalar. With static sizes nothing here needs a heap; sizes known at run time
//! (`Dyn`) need the feature `alloc`.

use crate::linalg::Entry;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, OMatrix, OVector};
use rand::distr::Distribution;

/// A law of vectors or matrices whose entries are all of one scalar type.
///
/// Draws come from rand's `Distribution`; they carry derivatives with respect to every parameter, and have the same values bit
/// for bit whatever the scalar.
pub trait Multivariate<S: Entry>: Distribution<<Self as Multivariate<S>>::Point> {
    /// What is drawn: a vector or a matrix.
    type Point;

    /// The number of rows and columns of a point.
    fn shape(&self) -> (usize, usize);

    /// The logarithm of the density: -inf outside the support, NaN at a point of another shape.
    ///
    /// Where the support is a surface, each law says with respect to which measure.
    fn ln_pdf(&self, x: &Self::Point) -> S;

    /// E\[X\]; `None` where it does not exist or has no closed form.
    fn mean(&self) -> Option<Self::Point>;

    /// The variance of each entry; `None` where it does not exist or has no closed form.
    fn variance(&self) -> Option<Self::Point>;

    /// The differential entropy -E[ln f(X)], in nats; `None` where it has no closed form.
    fn entropy(&self) -> Option<S>;
}

/// A law of vectors whose covariances are known.
pub trait Covariance<S: Entry, D: Dim>: Multivariate<S, Point = OVector<S, D>>
where
    DefaultAllocator: Allocator<D> + Allocator<D, D>,
{
    /// The matrix E[(X - E X)(X - E X)ᵀ]; `None` where it does not exist or has no closed form.
    fn covariance(&self) -> Option<OMatrix<S, D, D>>;
}

//! Laws of vectors and matrices, one file each.
//!
//! Points are nalgebra's vectors and matrices of the scalar. With static sizes nothing here needs a heap; sizes known at run time
//! (`Dyn`) need the feature `alloc`.

mod affine;
mod bartlett;
mod concentrations;
mod dirichlet;
mod gamma_lifts;
mod gaussian;
mod independent;
mod inverse_wishart;
mod lkj;
mod log_dirichlet;
mod logistic_normal;
mod low_rank_normal;
mod matrix_normal;
mod normal;
mod parameters;
mod power_spherical;
mod projected_normal;
mod sphere;
mod student_t;
mod transformed;
mod uniform_sphere;
mod von_mises_fisher;
mod wishart;

pub use affine::Affine;
pub use dirichlet::Dirichlet;
pub use independent::Independent;
pub use inverse_wishart::InverseWishart;
pub use lkj::LkjCholesky;
pub use log_dirichlet::LogDirichlet;
pub use logistic_normal::LogisticNormal;
pub use low_rank_normal::LowRankNormal;
pub use matrix_normal::MatrixNormal;
pub use normal::MultivariateNormal;
pub use power_spherical::PowerSpherical;
pub use projected_normal::ProjectedNormal;
pub use student_t::MultivariateStudentT;
pub use transformed::MultivariateTransformed;
pub use uniform_sphere::UniformSphere;
pub use von_mises_fisher::VonMisesFisher;
pub use wishart::Wishart;

use crate::distr::Joint;
use crate::parameter::{in_range, positive};
use crate::scalar::Scalar;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, OMatrix, OVector};

/// A law of vectors or matrices whose entries are all of one scalar type.
///
/// Draws come from rand's `Distribution`, or by [`Joint`] from a point; they carry derivatives with respect to every parameter, and have the same values bit
/// for bit whatever the scalar.
pub trait Multivariate<S: Scalar>: Joint<S> {
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

    /// The point of highest density; `None` where there is no single one, or none in closed form.
    fn mode(&self) -> Option<Self::Point>;

    /// The differential entropy -E[ln f(X)], in nats; `None` where it has no closed form.
    fn entropy(&self) -> Option<S>;
}

/// A law of vectors whose covariances are known.
pub trait Covariance<S: Scalar, D: Dim>: Multivariate<S, Point = OVector<S, D>>
where
    DefaultAllocator: Allocator<D> + Allocator<D, D>,
{
    /// The matrix E[(X - E X)(X - E X)ᵀ]; `None` where it does not exist or has no closed form.
    fn covariance(&self) -> Option<OMatrix<S, D, D>>;
}

/// The density's value at a point where formulas have none: NaN for another shape or a NaN, -inf where an entry is infinite.
pub(crate) fn not_a_number_or_infinite<S: Scalar, R: Dim, C: Dim>(
    x: &OMatrix<S, R, C>,
    shape: (usize, usize),
) -> Option<S>
where
    DefaultAllocator: Allocator<R, C>,
{
    if x.shape() != shape || x.iter().any(|x| x.re().is_nan()) {
        return Some(S::from(f64::NAN));
    }
    x.iter().any(|x| x.re().is_infinite()).then(|| S::from(f64::NEG_INFINITY))
}

/// What keeps a matrix from being a Cholesky factor: the first entry by columns that is not 0 above the diagonal, not
/// in [1e-150, 1e150] on it or not in [-1e150, 1e150] below, or the number of columns where that is not the number of
/// rows.
pub(crate) fn not_a_factor<S: Scalar, D: Dim>(l: &OMatrix<S, D, D>) -> Option<f64>
where
    DefaultAllocator: Allocator<D, D>,
{
    let n = l.nrows();
    if l.ncols() != n {
        return Some(l.ncols() as f64);
    }
    let fits = |i: usize, j: usize| match i {
        _ if i < j => l[(i, j)].re() == 0.0,
        _ if i > j => in_range(l[(i, j)]),
        _ => positive(l[(i, j)]),
    };
    (0..n).flat_map(|j| (0..n).map(move |i| (i, j))).find(|&(i, j)| !fits(i, j)).map(|ij| l[ij].re())
}

/// Standard normal noise of the same shape, in the order of columns.
pub(crate) fn noise_like<S: Scalar, R: Dim, C: Dim>(
    x: &OMatrix<S, R, C>,
    mut normal: impl FnMut() -> f64,
) -> OMatrix<f64, R, C>
where
    DefaultAllocator: Allocator<R, C>,
{
    let (rows, columns) = x.shape_generic();
    OMatrix::from_fn_generic(rows, columns, |_, _| normal())
}

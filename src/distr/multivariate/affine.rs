//! The law of an affine map of a vector.

use super::parameters::parameters;
use super::{Covariance, Multivariate};
use crate::distr::{Coordinates, Joint};
use crate::linalg::{self, Lu, Square};
use crate::parameter::{LawError, check, refuse};
use crate::scalar::Scalar;
use nalgebra::{DefaultAllocator, Dim, OMatrix, OVector};
use rand::Rng;
use rand::distr::Distribution;

/// The law of y = A x + b, x of the law `base` of vectors and A an invertible matrix.
///
/// # Density function
/// f(y) = f_X(A⁻¹ (y - b)) / |det A|.
///
/// # Derivatives
/// A draw is A x + b, so that dy_i/dA_ij = x_j and dy_i/db_i = 1, and dy = A dx in the parameters of `base`.
///
/// # Example
/// ```
/// use nalgebra::{Matrix2, Vector2, vector};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let base = Independent::new(vector![Laplace::new(0.0, 1.0)?, Laplace::new(0.0, 2.0)?]);
/// let law = Affine::new(base, Matrix2::new(1.0, 1.0, -1.0, 1.0), Vector2::new(0.0, 3.0))?;
/// assert_eq!(law.mean(), Some(vector![0.0, 3.0]));
/// assert_eq!(law.covariance().unwrap()[(0, 1)], 6.0); // variances 2 and 8: 8 - 2
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Affine<S: Scalar, L, D: Dim>
where
    DefaultAllocator: Square<D>,
{
    base: L,
    matrix: OMatrix<S, D, D>,
    shift: OVector<S, D>,
    lu: Lu<S, D>,
}

impl<S: Scalar, L: Multivariate<S, Point = OVector<S, D>>, D: Dim> Affine<S, L, D>
where
    DefaultAllocator: Square<D>,
{
    /// The law of `matrix` times a variable of the law `base`, plus `shift`.
    ///
    /// # Errors
    /// If
    /// * `shift` has another size than `base`, or an entry outside [-1e150, 1e150];
    /// * `matrix` is not square and of this size, has an entry outside [-1e150, 1e150], or is singular to working
    ///   accuracy.
    pub fn new(base: L, matrix: OMatrix<S, D, D>, shift: OVector<S, D>) -> Result<Self, LawError> {
        let n = base.shape().0;
        check!("an affine law", shift, shift.nrows() as f64; "as long as a point of the base" if shift.nrows() == n);
        let other_size = [matrix.nrows(), matrix.ncols()].into_iter().find(|k| *k != n).map(|k| k as f64);
        check!("an affine law", matrix; "square and as large as a point of the base" unless other_size);
        check!("an affine law", shift: each REAL);
        check!("an affine law", matrix: each REAL);
        let Some(lu) = Lu::new(&matrix) else {
            refuse!("an affine law", matrix, 0.0; "invertible: to working accuracy no pivot may be 0")
        };
        Ok(Affine { base, matrix, shift, lu })
    }

    /// The matrix A.
    pub fn matrix(&self) -> &OMatrix<S, D, D> {
        &self.matrix
    }

    /// The vector b.
    pub fn shift(&self) -> &OVector<S, D> {
        &self.shift
    }

    /// The law of the variable that is mapped.
    pub fn base(&self) -> &L {
        &self.base
    }

    /// A x + b
    fn at(&self, x: &OVector<S, D>) -> OVector<S, D> {
        linalg::product(&self.matrix, x).zip_map(&self.shift, |y, b| y + b)
    }
}

parameters!([S: Scalar, L: Multivariate<S, Point = OVector<S, D>>, D: Dim] Affine<S, L, D> where [DefaultAllocator: Square<D>], over [S, L], "affine",
    law => { base: Number(L) = &law.base, matrix: Matrix(OMatrix<S, D, D>) = &law.matrix, shift: Vector(OVector<S, D>) = &law.shift },
    Affine::new(base, matrix, shift));

impl<S: Scalar, L: Multivariate<S, Point = OVector<S, D>>, D: Dim> Distribution<OVector<S, D>> for Affine<S, L, D>
where
    DefaultAllocator: Square<D>,
{
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> OVector<S, D> {
        self.at(&self.base.sample(rng))
    }
}

impl<S: Scalar, L: Multivariate<S, Point = OVector<S, D>>, D: Dim> Joint<S> for Affine<S, L, D>
where
    DefaultAllocator: Square<D>,
{
    type Point = OVector<S, D>;

    fn draw_at(&self, coordinates: &mut impl Coordinates) -> OVector<S, D> {
        self.at(&self.base.draw_at(coordinates))
    }
}

impl<S: Scalar, L: Covariance<S, D>, D: Dim> Multivariate<S> for Affine<S, L, D>
where
    DefaultAllocator: Square<D>,
{
    fn shape(&self) -> (usize, usize) {
        self.shift.shape()
    }

    fn ln_pdf(&self, y: &OVector<S, D>) -> S {
        if y.shape() != self.shift.shape() {
            return S::from(f64::NAN);
        }
        if y.iter().any(|y| y.re().is_infinite()) && !y.iter().any(|y| y.re().is_nan()) {
            return S::from(f64::NEG_INFINITY);
        }
        let mut x = y.zip_map(&self.shift, |y, b| y - b);
        self.lu.solve(&mut x);
        self.base.ln_pdf(&x) - self.lu.ln_abs_det()
    }

    /// A E\[X\] + b
    fn mean(&self) -> Option<OVector<S, D>> {
        Some(self.at(&self.base.mean()?))
    }

    /// The diagonal of A Σ Aᵀ.
    fn variance(&self) -> Option<OVector<S, D>> {
        let covariance = self.covariance()?;
        let (rows, columns) = self.shift.shape_generic();
        Some(OVector::from_fn_generic(rows, columns, |i, _| covariance[(i, i)]))
    }

    /// A m + b, m the mode of x.
    fn mode(&self) -> Option<OVector<S, D>> {
        Some(self.at(&self.base.mode()?))
    }

    fn entropy(&self) -> Option<S> {
        Some(self.base.entropy()? + self.lu.ln_abs_det())
    }
}

impl<S: Scalar, L: Covariance<S, D>, D: Dim> Covariance<S, D> for Affine<S, L, D>
where
    DefaultAllocator: Square<D>,
{
    /// A Σ Aᵀ
    fn covariance(&self) -> Option<OMatrix<S, D, D>> {
        let half = linalg::product(&self.matrix, &self.base.covariance()?);
        Some(linalg::product_transpose(&half, &self.matrix))
    }
}

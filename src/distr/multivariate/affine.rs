//! The law of an affine map of a vector.

use super::parameters::parameters;
use super::{Covariance, Multivariate, all_in_range};
use crate::linalg::{self, Entry, Lu, Square};
use crate::parameter::errors;
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
pub struct Affine<S: Entry, L, D: Dim>
where
    DefaultAllocator: Square<D>,
{
    base: L,
    matrix: OMatrix<S, D, D>,
    shift: OVector<S, D>,
    lu: Lu<S, D>,
}

errors! {
    /// Why the parameters of an [`Affine`] law were refused.
    AffineError {
        /// The matrix is not square, or base, matrix and shift are not of one size.
        Size => "base, matrix and shift of an affine law must have the same size",
        /// The matrix has an entry outside [-1e150, 1e150], or is singular to working accuracy.
        Matrix => "the matrix of an affine law must be invertible",
        /// An entry of the shift is not in [-1e150, 1e150].
        Shift => "the shift of an affine law must have entries in [-1e150, 1e150]",
    }
}

impl<S: Entry, L: Multivariate<S, Point = OVector<S, D>>, D: Dim> Affine<S, L, D>
where
    DefaultAllocator: Square<D>,
{
    /// The law of `matrix` times a variable of the law `base`, plus `shift`.
    ///
    /// # Errors
    /// If sizes differ, an entry is not in [-1e150, 1e150], or the matrix is singular to working accuracy.
    pub fn new(base: L, matrix: OMatrix<S, D, D>, shift: OVector<S, D>) -> Result<Self, AffineError> {
        let n = shift.nrows();
        if matrix.shape() != (n, n) || base.shape() != (n, 1) {
            return Err(AffineError::Size);
        }
        if !all_in_range(&shift) {
            return Err(AffineError::Shift);
        }
        if !all_in_range(&matrix) {
            return Err(AffineError::Matrix);
        }
        let lu = Lu::new(&matrix).ok_or(AffineError::Matrix)?;
        Ok(Affine { base, matrix, shift, lu })
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

parameters!([S: Entry, L: Multivariate<S, Point = OVector<S, D>>, D: Dim] Affine<S, L, D> where [DefaultAllocator: Square<D>], over [S, L], "affine",
    law => { base: Number(L) = &law.base, matrix: Matrix(OMatrix<S, D, D>) = &law.matrix, shift: Vector(OVector<S, D>) = &law.shift },
    Affine::new(base, matrix, shift));

impl<S: Entry, L: Multivariate<S, Point = OVector<S, D>>, D: Dim> Distribution<OVector<S, D>> for Affine<S, L, D>
where
    DefaultAllocator: Square<D>,
{
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> OVector<S, D> {
        self.at(&self.base.sample(rng))
    }
}

impl<S: Entry, L: Covariance<S, D>, D: Dim> Multivariate<S> for Affine<S, L, D>
where
    DefaultAllocator: Square<D>,
{
    type Point = OVector<S, D>;

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

impl<S: Entry, L: Covariance<S, D>, D: Dim> Covariance<S, D> for Affine<S, L, D>
where
    DefaultAllocator: Square<D>,
{
    /// A Σ Aᵀ
    fn covariance(&self) -> Option<OMatrix<S, D, D>> {
        let half = linalg::product(&self.matrix, &self.base.covariance()?);
        Some(linalg::product_transpose(&half, &self.matrix))
    }
}

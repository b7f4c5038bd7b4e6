//! The matrix normal law.

use super::normal::LN_2_PI;
use super::parameters::parameters;
use super::{Multivariate, noise_like, not_a_factor, not_a_number_or_infinite};
use crate::distr::KlDivergence;
use crate::distr::form::bounded;
use crate::distr::{Coordinates, Joint};
use crate::linalg::{self, Square, sum};
use crate::noise;
use crate::parameter::{LawError, check, refuse};
use crate::scalar::Scalar;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, OMatrix};
use rand::Rng;
use rand::distr::Distribution;

/// The [matrix normal law](https://en.wikipedia.org/wiki/Matrix_normal_distribution) of matrices with `R` rows and `C` columns: mean M,
/// covariance A Aᵀ among rows and B Bᵀ among columns, so that X_ij and X_kl have the covariance (A Aᵀ)_ik (B Bᵀ)_jl.
///
/// # Density function
/// f(X) = exp(-|A⁻¹ (X - M) B⁻ᵀ|²/2) / ((2π)^(RC/2) (det A)^C (det B)^R), |.| being the Frobenius norm.
///
/// # Derivatives
/// A draw is X = M + A E Bᵀ with a matrix E of independent standard normal numbers.
///
/// # Example
/// ```
/// use nalgebra::{Matrix2, Matrix2x3, Matrix3};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let rows = Matrix2::new(1.0, 0.0, 0.5, 1.0);
/// let law = MatrixNormal::from_cholesky(Matrix2x3::zeros(), rows, Matrix3::identity() * 2.0)?;
/// assert_eq!(law.variance().unwrap()[(1, 2)], 5.0);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct MatrixNormal<S: Scalar, R: Dim, C: Dim>
where
    DefaultAllocator: Square<R> + Square<C> + Allocator<R, C>,
{
    mean: OMatrix<S, R, C>,
    rows: OMatrix<S, R, R>,
    columns: OMatrix<S, C, C>,
}

impl<S: Scalar, R: Dim, C: Dim> MatrixNormal<S, R, C>
where
    DefaultAllocator: Square<R> + Square<C> + Allocator<R, C>,
{
    /// The law with mean M and the Cholesky factors A of the rows' and B of the columns' covariance.
    ///
    /// # Errors
    /// If
    /// * an entry of `mean` is not in [-1e150, 1e150];
    /// * `rows` or `columns` has not as many rows as the mean has rows or columns, or is not square and lower
    ///   triangular with entries in [-1e150, 1e150] and a diagonal in [1e-150, 1e150].
    pub fn from_cholesky(
        mean: OMatrix<S, R, C>,
        rows: OMatrix<S, R, R>,
        columns: OMatrix<S, C, C>,
    ) -> Result<Self, LawError> {
        let (r, c) = (rows.nrows(), columns.nrows());
        check!("a matrix normal law", rows, r as f64; "as large as a column of the mean is long" if r == mean.nrows());
        check!("a matrix normal law", columns, c as f64; "as large as a row of the mean is long" if c == mean.ncols());
        check!("a matrix normal law", mean: each REAL);
        check!("a matrix normal law", rows;
            "square and lower triangular with a positive diagonal, of entries in range" unless not_a_factor(&rows));
        check!("a matrix normal law", columns;
            "square and lower triangular with a positive diagonal, of entries in range" unless not_a_factor(&columns));
        Ok(MatrixNormal { mean, rows, columns })
    }

    /// The law with mean M and the covariances A Aᵀ among rows and B Bᵀ among columns.
    ///
    /// # Errors
    /// If
    /// * an entry of `mean` is not in [-1e150, 1e150];
    /// * `rows` or `columns` is not symmetric and positive definite ([`linalg::cholesky`] says to which accuracy), or
    ///   has not as many rows as the mean has rows or columns.
    ///
    /// ```
    /// use nalgebra::{Matrix2, Matrix2x3, Matrix3};
    /// use reparam::prelude::*;
    /// let law = MatrixNormal::from_covariances(Matrix2x3::zeros(), Matrix2::new(1.0, 0.5, 0.5, 1.25), Matrix3::identity());
    /// assert_eq!(law.unwrap().variance().unwrap()[(1, 2)], 1.25);
    /// ```
    pub fn from_covariances(
        mean: OMatrix<S, R, C>,
        rows: OMatrix<S, R, R>,
        columns: OMatrix<S, C, C>,
    ) -> Result<Self, LawError> {
        let factors = (linalg::factor(&rows), linalg::factor(&columns));
        match factors {
            (Ok(rows), Ok(columns)) => Self::from_cholesky(mean, rows, columns),
            (Err(value), _) => {
                refuse!("a matrix normal law", rows, value; "symmetric and positive definite, each pivot above 0")
            }
            (_, Err(value)) => {
                refuse!("a matrix normal law", columns, value; "symmetric and positive definite, each pivot above 0")
            }
        }
    }

    /// The mean M, which is the location.
    pub fn location(&self) -> &OMatrix<S, R, C> {
        &self.mean
    }

    /// The Cholesky factor A of the rows' covariance.
    pub fn rows(&self) -> &OMatrix<S, R, R> {
        &self.rows
    }

    /// The Cholesky factor B of the columns' covariance.
    pub fn columns(&self) -> &OMatrix<S, C, C> {
        &self.columns
    }

    /// C ln det A + R ln det B
    fn ln_det(&self) -> S {
        linalg::ln_det_triangular(&self.rows) * self.mean.ncols() as f64
            + linalg::ln_det_triangular(&self.columns) * self.mean.nrows() as f64
    }
}

impl<S: Scalar, R: Dim, C: Dim> MatrixNormal<S, R, C>
where
    DefaultAllocator: Square<R> + Square<C> + Allocator<R, C> + Allocator<C, R>,
{
    /// |A⁻¹ (X - M) B⁻ᵀ|²
    fn form(&self, x: &OMatrix<S, R, C>) -> S {
        let mut rows = x.zip_map(&self.mean, |x, mean| x - mean);
        linalg::solve_lower(&self.rows, &mut rows);
        linalg::squared_norm_solved(&self.columns, &rows.transpose())
    }
}

parameters!([S: Scalar, R: Dim, C: Dim] MatrixNormal<S, R, C> where [DefaultAllocator: Square<R> + Square<C> + Allocator<R, C>], over [S], "matrix_normal",
    law => { mean: Matrix(OMatrix<S, R, C>) = &law.mean, rows: Matrix(OMatrix<S, R, R>) = &law.rows, columns: Matrix(OMatrix<S, C, C>) = &law.columns },
    MatrixNormal::from_cholesky(mean, rows, columns));

impl<S: Scalar, R: Dim, C: Dim> MatrixNormal<S, R, C>
where
    DefaultAllocator: Square<R> + Square<C> + Allocator<R, C>,
{
    /// The draw of this noise.
    fn at(&self, normal: impl FnMut() -> f64) -> OMatrix<S, R, C> {
        let rows = linalg::lower_times(&self.rows, &noise_like(&self.mean, normal));
        let (r, c) = self.mean.shape_generic();
        let b = &self.columns;
        OMatrix::from_fn_generic(r, c, |i, j| self.mean[(i, j)] + sum((0..=j).map(|k| rows[(i, k)] * b[(j, k)])))
    }
}

impl<S: Scalar, R: Dim, C: Dim> Distribution<OMatrix<S, R, C>> for MatrixNormal<S, R, C>
where
    DefaultAllocator: Square<R> + Square<C> + Allocator<R, C>,
{
    fn sample<G: Rng + ?Sized>(&self, rng: &mut G) -> OMatrix<S, R, C> {
        self.at(|| noise::normal(rng))
    }
}

impl<S: Scalar, R: Dim, C: Dim> Joint<S> for MatrixNormal<S, R, C>
where
    DefaultAllocator: Square<R> + Square<C> + Allocator<R, C>,
{
    type Point = OMatrix<S, R, C>;

    fn draw_at(&self, coordinates: &mut impl Coordinates) -> OMatrix<S, R, C> {
        self.at(|| coordinates.normal())
    }
}

impl<S: Scalar, R: Dim, C: Dim> Multivariate<S> for MatrixNormal<S, R, C>
where
    DefaultAllocator: Square<R> + Square<C> + Allocator<R, C> + Allocator<C, R>,
{
    fn shape(&self) -> (usize, usize) {
        self.mean.shape()
    }

    fn ln_pdf(&self, x: &OMatrix<S, R, C>) -> S {
        if let Some(limit) = not_a_number_or_infinite(x, self.shape()) {
            return limit;
        }
        let square = self.form(x);
        bounded((square + self.mean.len() as f64 * LN_2_PI) * -0.5 - self.ln_det())
    }

    fn mean(&self) -> Option<OMatrix<S, R, C>> {
        Some(self.mean.clone())
    }

    /// (A Aᵀ)_ii (B Bᵀ)_jj
    fn variance(&self) -> Option<OMatrix<S, R, C>> {
        let (r, c) = self.mean.shape_generic();
        let (a, b) = (linalg::from_cholesky(&self.rows), linalg::from_cholesky(&self.columns));
        Some(OMatrix::from_fn_generic(r, c, |i, j| a[(i, i)] * b[(j, j)]))
    }

    fn mode(&self) -> Option<OMatrix<S, R, C>> {
        Some(self.mean.clone())
    }

    fn entropy(&self) -> Option<S> {
        Some(self.ln_det() + self.mean.len() as f64 * (0.5 * (LN_2_PI + 1.0)))
    }
}

impl<S: Scalar, R: Dim, C: Dim> KlDivergence<S> for MatrixNormal<S, R, C>
where
    DefaultAllocator: Square<R> + Square<C> + Allocator<R, C> + Allocator<C, R>,
{
    /// (|A₂⁻¹ A₁|² |B₂⁻¹ B₁|² - RC + |A₂⁻¹ (M₁ - M₂) B₂⁻ᵀ|²)/2 + C (ln det A₂ - ln det A₁) + R (ln det B₂ - ln det B₁); NaN for laws of
    /// different sizes.
    fn kl_divergence(&self, other: &Self) -> S {
        if self.shape() != other.shape() {
            return S::from(f64::NAN);
        }
        let trace = linalg::squared_norm_solved(&other.rows, &self.rows)
            * linalg::squared_norm_solved(&other.columns, &self.columns);
        (trace - self.mean.len() as f64 + other.form(&self.mean)) * 0.5 + other.ln_det() - self.ln_det()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::MultivariateNormal;
    use nalgebra::{Matrix2, Matrix2x3, Matrix3, SMatrix, SVector, matrix};

    /// The vector of all columns is normal with covariance (B Bᵀ) ⊗ (A Aᵀ).
    #[test]
    fn density_is_that_of_the_vector_of_columns() {
        let mean = matrix![1.0, 2.0, 3.0; -1.0, 0.0, 0.5];
        let (a, b) = (matrix![1.5, 0.0; -0.4, 0.7], matrix![1.0, 0.0, 0.0; 0.3, 2.0, 0.0; -0.8, 0.1, 0.6]);
        let law = MatrixNormal::from_cholesky(mean, a, b).unwrap();
        let factor: SMatrix<f64, 6, 6> = b.kronecker(&a);
        let vec = |m: &Matrix2x3<f64>| SVector::<f64, 6>::from_column_slice(m.as_slice());
        let same = MultivariateNormal::from_cholesky(vec(&mean), factor).unwrap();
        let x = matrix![0.3, -2.0, 1.0; 0.5, 0.25, -1.0];
        let (got, want) = (law.ln_pdf(&x), same.ln_pdf(&vec(&x)));
        assert!((got - want).abs() < 4e-15 * want.abs(), "{got} {want}");
        assert!((law.entropy().unwrap() - same.entropy().unwrap()).abs() < 4e-15);
        assert!((vec(&law.variance().unwrap()) - same.variance().unwrap()).norm() < 1e-14);
    }

    #[test]
    fn refused() {
        let of = |m, a, b| MatrixNormal::from_cholesky(m, a, b).unwrap_err().parameter();
        let (m, a, b) = (Matrix2x3::zeros(), Matrix2::identity(), Matrix3::identity());
        assert_eq!(of(m.add_scalar(f64::NAN), a, b), "mean");
        assert_eq!(of(m, -a, b), "rows");
        assert_eq!(of(m, a, b * f64::NAN), "columns");
    }
}

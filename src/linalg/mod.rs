//! The few dense operations that laws of vectors and matrices need, over any scalar: values and derivatives of any order.
//!
//! nalgebra holds the numbers; its own factorizations ask for a field with an order. Jets have none: they use the functions
//! here. The numbers of num-dual have one, so that draws from any law here go on into nalgebra's own factorizations:
//!
//! ```
//! # #[cfg(feature = "num-dual")] {
//! use nalgebra::Matrix2;
//! use num_dual::{Dual64, DualNum};
//! use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
//! use reparam::prelude::*;
//!
//! let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
//! let scale = Dual64::from(3.0).derivative();
//! let [v, w] = [0, 1].map(|_| Exponential::new(scale.recip()).unwrap().sample(&mut rng)); // both proportional to scale
//! let covariance = Matrix2::new(v, Dual64::from(0.0), Dual64::from(0.0), w);
//! let eigenvalues = covariance.symmetric_eigenvalues();
//! assert!((eigenvalues.max().eps - eigenvalues.max().re / 3.0).abs() < 1e-15);
//! let l = covariance.cholesky().unwrap().unpack();
//! assert!((l.m11.eps - l.m11.re / 6.0).abs() < 1e-15);
//! # }
//! ```
//!
//! Sizes are nalgebra's: static ones (`Const<3>`) need no heap, [`nalgebra::Dyn`] needs the feature `alloc`. Everything works by
//! columns as LAPACK's unblocked routines do, and decides on real parts only.
//!
//! Every [`Scalar`] is an entry of nalgebra's vectors and matrices, in generic code too:
//!
//! ```
//! use nalgebra::{Matrix2, Vector2};
//! use reparam::scalar::{Jet, Scalar};
//!
//! /// One step of dx = A x dt; a factor that is known as `f64` only becomes an `S` by `from`.
//! fn step<S: Scalar>(a: Matrix2<S>, x: Vector2<S>, rate: S, dt: f64) -> Vector2<S> {
//!     let drift = a * x;
//!     x + drift * rate * S::from(dt)
//! }
//!
//! let [rate] = Jet::variables([2.0]);
//! let turn = Matrix2::new(0.0, -1.0, 1.0, 0.0);
//! let x = step(turn.map(Jet::from), Vector2::new(1.0, 0.0).map(Jet::from), rate, 0.25);
//! assert_eq!(x.y, Jet { re: 0.5, eps: [0.25] });
//! assert_eq!(step(turn, Vector2::new(1.0, 0.0), 2.0, 0.25).y, 0.5);
//! ```
//!
//! Sizes that do not fit each other are the caller's mistake: functions here panic on them, as nalgebra's do. Laws check first.

#[cfg(feature = "serde")]
pub(crate) mod serde;

use crate::scalar::{Scalar, math};
use core::ops::Mul;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, OMatrix, OVector, U1};

/// That there is room for vectors of size `D` and for square matrices: `DefaultAllocator: Square<D>` holds for every size that
/// nalgebra has.
pub trait Square<D: Dim>: Allocator<D> + Allocator<D, D> {}
impl<D: Dim> Square<D> for DefaultAllocator where DefaultAllocator: Allocator<D> + Allocator<D, D> {}

/// The lower triangular L with positive diagonal and L Lᵀ = A, from the lower triangle of A.
///
/// `None` unless A is square and positive definite to working accuracy: all entries finite, A symmetric up to rounding (1e-12 of
/// sqrt(a_ii a_jj)), and what is left of each diagonal entry a_jj when its pivot comes is above n ε a_jj. Derivatives are those of
/// the lower triangle, so that a_ij and a_ji count as one variable.
///
/// ```
/// use nalgebra::{Matrix2, matrix};
/// use reparam::linalg::cholesky;
/// use reparam::scalar::Jet;
/// let [v] = Jet::variables([4.0]);
/// let l = cholesky(&matrix![v, Jet::from(2.0); Jet::from(2.0), Jet::from(5.0)]).unwrap();
/// assert_eq!((l.m11.re, l.m21.re, l.m22.re), (2.0, 1.0, 2.0));
/// assert_eq!((l.m11.eps, l.m21.eps, l.m22.eps), ([0.25], [-0.125], [0.0625]));
/// assert_eq!(cholesky(&Matrix2::new(1.0, 1.0, 1.0, 1.0)), None);
/// ```
pub fn cholesky<S: Scalar, D: Dim>(a: &OMatrix<S, D, D>) -> Option<OMatrix<S, D, D>>
where
    DefaultAllocator: Allocator<D, D>,
{
    factor(a).ok()
}

/// The same, or what keeps it from being one: the number of columns of a matrix that is not square, an entry unlike the
/// one on the other side of the diagonal, or the pivot that is not positive.
pub(crate) fn factor<S: Scalar, D: Dim>(a: &OMatrix<S, D, D>) -> Result<OMatrix<S, D, D>, f64>
where
    DefaultAllocator: Allocator<D, D>,
{
    if !a.is_square() {
        return Err(a.ncols() as f64);
    }
    if let Some(entry) = asymmetric(a) {
        return Err(entry);
    }
    let n = a.nrows();
    let mut l = zeros_like(a);
    for j in 0..n {
        let pivot = (0..j).fold(a[(j, j)], |rest, k| rest - l[(j, k)] * l[(j, k)]);
        // a NaN or an infinity anywhere to the left ends here
        if !(pivot.re() > n as f64 * f64::EPSILON * a[(j, j)].re() && pivot.re() < f64::INFINITY) {
            return Err(pivot.re());
        }
        l[(j, j)] = pivot.sqrt();
        for i in j + 1..n {
            let rest = (0..j).fold(a[(i, j)], |rest, k| rest - l[(i, k)] * l[(j, k)]);
            l[(i, j)] = rest.over(l[(j, j)]);
        }
    }
    Ok(l)
}

/// The first entry above the diagonal whose real part is not that of the one below, up to rounding; a NaN or an
/// infinity is such.
fn asymmetric<S: Scalar, D: Dim>(a: &OMatrix<S, D, D>) -> Option<f64>
where
    DefaultAllocator: Allocator<D, D>,
{
    let n = a.nrows();
    let alike = |i: usize, j: usize| {
        let size = math::sqrt(a[(i, i)].re().abs()) * math::sqrt(a[(j, j)].re().abs());
        (a[(i, j)].re() - a[(j, i)].re()).abs() <= 1e-12 * size
    };
    (0..n).flat_map(|j| (0..j).map(move |i| (i, j))).find(|&(i, j)| !alike(i, j)).map(|ij| a[ij].re())
}

/// The lower triangular L with positive diagonal and L Lᵀ = P⁻¹, from the lower triangle of P: no matrix is inverted but a
/// triangular one. `None` where [`cholesky`] has none.
///
/// ```
/// use nalgebra::Matrix2;
/// let l = reparam::linalg::cholesky_of_inverse(&Matrix2::new(5.0, -2.0, -2.0, 1.0)).unwrap(); // the inverse of (1 2; 2 5)
/// assert_eq!(l, Matrix2::new(1.0, 0.0, 2.0, 1.0));
/// ```
pub fn cholesky_of_inverse<S: Scalar, D: Dim>(p: &OMatrix<S, D, D>) -> Option<OMatrix<S, D, D>>
where
    DefaultAllocator: Allocator<D, D>,
{
    factor_of_inverse(p).ok()
}

/// The same, or what [`factor`] found in the way.
pub(crate) fn factor_of_inverse<S: Scalar, D: Dim>(p: &OMatrix<S, D, D>) -> Result<OMatrix<S, D, D>, f64>
where
    DefaultAllocator: Allocator<D, D>,
{
    if !p.is_square() {
        return Err(p.ncols() as f64);
    }
    let (rows, columns) = p.shape_generic();
    let n = p.nrows();
    // with rows and columns in reverse, P = U Uᵀ for an upper triangular U; then L = U⁻ᵀ
    let reversed = |a: &OMatrix<S, D, D>| OMatrix::from_fn_generic(rows, columns, |i, j| a[(n - 1 - j, n - 1 - i)]);
    let u_transposed = reversed(&factor(&reversed(p))?);
    let mut l = OMatrix::from_fn_generic(rows, columns, |i, j| S::from(if i == j { 1.0 } else { 0.0 }));
    solve_lower(&u_transposed, &mut l);
    Ok(l)
}

/// A matrix of zeros of the same shape.
pub(crate) fn zeros_like<S: Scalar, R: Dim, C: Dim>(a: &OMatrix<S, R, C>) -> OMatrix<S, R, C>
where
    DefaultAllocator: Allocator<R, C>,
{
    let (rows, columns) = a.shape_generic();
    OMatrix::from_element_generic(rows, columns, S::from(0.0))
}

/// B becomes L⁻¹ B: forward substitution, of every column of B. Only the lower triangle of L is read.
///
/// ```
/// use nalgebra::{Matrix2, Vector2};
/// let mut x = Vector2::new(2.0, 5.0);
/// reparam::linalg::solve_lower(&Matrix2::new(2.0, 0.0, 1.0, 2.0), &mut x);
/// assert_eq!(x, Vector2::new(1.0, 2.0));
/// ```
pub fn solve_lower<S: Scalar, D: Dim, C: Dim>(l: &OMatrix<S, D, D>, b: &mut OMatrix<S, D, C>)
where
    DefaultAllocator: Allocator<D, D> + Allocator<D, C>,
{
    for c in 0..b.ncols() {
        for i in 0..b.nrows() {
            let rest = (0..i).fold(b[(i, c)], |rest, k| rest - l[(i, k)] * b[(k, c)]);
            b[(i, c)] = rest.over(l[(i, i)]);
        }
    }
}

/// B becomes L⁻ᵀ B: back substitution with the transpose of a lower triangular matrix.
///
/// ```
/// use nalgebra::{Matrix2, Vector2};
/// let mut x = Vector2::new(4.0, 4.0);
/// reparam::linalg::solve_lower_transpose(&Matrix2::new(2.0, 0.0, 1.0, 2.0), &mut x);
/// assert_eq!(x, Vector2::new(1.0, 2.0));
/// ```
pub fn solve_lower_transpose<S: Scalar, D: Dim, C: Dim>(l: &OMatrix<S, D, D>, b: &mut OMatrix<S, D, C>)
where
    DefaultAllocator: Allocator<D, D> + Allocator<D, C>,
{
    let n = b.nrows();
    for c in 0..b.ncols() {
        for i in (0..n).rev() {
            let rest = (i + 1..n).fold(b[(i, c)], |rest, k| rest - l[(k, i)] * b[(k, c)]);
            b[(i, c)] = rest.over(l[(i, i)]);
        }
    }
}

/// The product A B.
///
/// ```
/// use nalgebra::{Matrix2, Vector2};
/// let y = reparam::linalg::product(&Matrix2::new(1.0, 2.0, 3.0, 4.0), &Vector2::new(1.0, 1.0));
/// assert_eq!(y, Vector2::new(3.0, 7.0));
/// ```
pub fn product<S: Scalar, R: Dim, K: Dim, C: Dim>(a: &OMatrix<S, R, K>, b: &OMatrix<S, K, C>) -> OMatrix<S, R, C>
where
    DefaultAllocator: Allocator<R, K> + Allocator<K, C> + Allocator<R, C>,
{
    assert_eq!(a.ncols(), b.nrows(), "inner sizes of a product");
    let (rows, columns) = (a.shape_generic().0, b.shape_generic().1);
    OMatrix::from_fn_generic(rows, columns, |i, j| sum((0..a.ncols()).map(|k| a[(i, k)] * b[(k, j)])))
}

/// The product A Bᵀ.
pub fn product_transpose<S: Scalar, R: Dim, K: Dim, C: Dim>(
    a: &OMatrix<S, R, K>,
    b: &OMatrix<S, C, K>,
) -> OMatrix<S, R, C>
where
    DefaultAllocator: Allocator<R, K> + Allocator<C, K> + Allocator<R, C>,
{
    assert_eq!(a.ncols(), b.ncols(), "inner sizes of a product");
    let (rows, columns) = (a.shape_generic().0, b.shape_generic().0);
    OMatrix::from_fn_generic(rows, columns, |i, j| sum((0..a.ncols()).map(|k| a[(i, k)] * b[(j, k)])))
}

/// L X for a lower triangular L, of which only the lower triangle is read; X may be plain noise.
///
/// ```
/// use nalgebra::{Matrix2, Vector2};
/// let x = reparam::linalg::lower_times(&Matrix2::new(2.0, 0.0, 1.0, 2.0), &Vector2::new(1.0, 2.0));
/// assert_eq!(x, Vector2::new(2.0, 5.0));
/// ```
pub fn lower_times<S, T, D: Dim, C: Dim>(l: &OMatrix<S, D, D>, x: &OMatrix<T, D, C>) -> OMatrix<S, D, C>
where
    S: Scalar + Mul<T, Output = S>,
    T: nalgebra::Scalar + Copy,
    DefaultAllocator: Allocator<D, D> + Allocator<D, C>,
{
    assert_eq!(l.ncols(), x.nrows(), "inner sizes of a product");
    let (rows, columns) = x.shape_generic();
    OMatrix::from_fn_generic(rows, columns, |i, j| sum((0..=i).map(|k| l[(i, k)] * x[(k, j)])))
}

/// L Lᵀ for a lower triangular L: symmetric to the last bit.
///
/// ```
/// use nalgebra::Matrix2;
/// assert_eq!(reparam::linalg::from_cholesky(&Matrix2::new(2.0, 0.0, 1.0, 2.0)), Matrix2::new(4.0, 2.0, 2.0, 5.0));
/// ```
pub fn from_cholesky<S: Scalar, D: Dim>(l: &OMatrix<S, D, D>) -> OMatrix<S, D, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    let (rows, columns) = l.shape_generic();
    OMatrix::from_fn_generic(rows, columns, |i, j| sum((0..=i.min(j)).map(|k| l[(i, k)] * l[(j, k)])))
}

/// ln det L = Σ ln l_ii for a triangular L with positive diagonal; half the log-determinant of L Lᵀ.
pub fn ln_det_triangular<S: Scalar, D: Dim>(l: &OMatrix<S, D, D>) -> S
where
    DefaultAllocator: Allocator<D, D>,
{
    sum((0..l.nrows()).map(|i| l[(i, i)].ln()))
}

/// |L⁻¹ x|² = xᵀ (L Lᵀ)⁻¹ x, the quadratic form of a precision matrix given by its covariance's Cholesky factor.
///
/// ```
/// use nalgebra::{Matrix2, Vector2};
/// let q = reparam::linalg::squared_norm_solved(&Matrix2::new(2.0, 0.0, 1.0, 2.0), &Vector2::new(2.0, 5.0));
/// assert_eq!(q, 5.0);
/// ```
pub fn squared_norm_solved<S: Scalar, D: Dim, C: Dim>(l: &OMatrix<S, D, D>, x: &OMatrix<S, D, C>) -> S
where
    DefaultAllocator: Allocator<D, D> + Allocator<D, C>,
{
    let mut z = x.clone();
    solve_lower(l, &mut z);
    squared_norm(&z)
}

/// The sum of the squares of all entries.
pub fn squared_norm<S: Scalar, R: Dim, C: Dim>(x: &OMatrix<S, R, C>) -> S
where
    DefaultAllocator: Allocator<R, C>,
{
    sum(x.iter().map(|x| *x * *x))
}

/// xᵀ y.
pub fn dot<S: Scalar, D: Dim>(x: &OVector<S, D>, y: &OVector<S, D>) -> S
where
    DefaultAllocator: Allocator<D>,
{
    assert_eq!(x.len(), y.len(), "sizes of an inner product");
    sum(x.iter().zip(y.iter()).map(|(x, y)| *x * *y))
}

/// The sum from left to right; 0 for none.
#[inline]
pub(crate) fn sum<S: Scalar>(mut terms: impl Iterator<Item = S>) -> S {
    match terms.next() {
        Some(first) => terms.fold(first, |sum, x| sum + x),
        None => S::from(0.0),
    }
}

/// A factorization P A = L U with partial pivoting by real parts, L with ones on its diagonal.
///
/// ```
/// use nalgebra::{Matrix2, Vector2};
/// use reparam::linalg::Lu;
/// let lu = Lu::new(&Matrix2::new(0.0, 2.0, 4.0, 1.0)).unwrap();
/// let mut x = Vector2::new(2.0, 5.0);
/// lu.solve(&mut x);
/// assert_eq!(x, Vector2::new(1.0, 1.0));
/// assert_eq!(lu.ln_abs_det(), 8f64.ln());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Lu<S: Scalar, D: Dim>
where
    DefaultAllocator: Square<D>,
{
    /// L below the diagonal, U on and above it.
    factors: OMatrix<S, D, D>,
    /// Row i of P A is this row of A.
    rows: OVector<usize, D>,
}

impl<S: Scalar, D: Dim> Lu<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// `None` for a matrix that is not square, has an entry that is not finite, or is singular to working accuracy: a pivot of
    /// n ε times the largest entry of its column or less.
    pub fn new(a: &OMatrix<S, D, D>) -> Option<Self> {
        let n = a.nrows();
        if !a.is_square() || a.iter().any(|x| !x.re().is_finite()) {
            return None;
        }
        let size = a.shape_generic().0;
        let mut rows = OVector::from_fn_generic(size, U1, |i, _| i);
        let mut f = a.clone();
        for k in 0..n {
            let largest = (0..n).fold(0.0, |m: f64, i| m.max(a[(i, k)].re().abs()));
            let above = |m: usize, i: usize| if f[(i, k)].re().abs() > f[(m, k)].re().abs() { i } else { m };
            let pivot = (k..n).reduce(above)?;
            let size = f[(pivot, k)].re().abs();
            if size.is_nan() || size <= n as f64 * f64::EPSILON * largest {
                return None;
            }
            f.swap_rows(k, pivot);
            rows.swap_rows(k, pivot);
            for i in k + 1..n {
                let factor = f[(i, k)].over(f[(k, k)]);
                f[(i, k)] = factor;
                for j in k + 1..n {
                    let product = factor * f[(k, j)];
                    f[(i, j)] -= product;
                }
            }
        }
        Some(Lu { factors: f, rows })
    }

    /// x becomes A⁻¹ x.
    pub fn solve(&self, x: &mut OVector<S, D>) {
        let (n, f) = (x.len(), &self.factors);
        let permuted = self.rows.map(|row| x[row]);
        for i in 0..n {
            x[i] = (0..i).fold(permuted[i], |rest, k| rest - f[(i, k)] * x[k]);
        }
        for i in (0..n).rev() {
            x[i] = (i + 1..n).fold(x[i], |rest, k| rest - f[(i, k)] * x[k]).over(f[(i, i)]);
        }
    }

    /// ln |det A|
    pub fn ln_abs_det(&self) -> S {
        sum((0..self.factors.nrows()).map(|i| self.factors[(i, i)].abs().ln()))
    }
}

//! Maps from vectors to triangular matrices.

use super::Bijection;
use crate::linalg::sum;
use crate::parameter::{LawError, check};
use crate::scalar::Scalar;
use crate::special::ln_2_cosh;
use core::f64::consts::LN_2;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, OMatrix, OVector, U1};

/// From R^(D (D + 1)/2) to lower triangular D by D matrices with a positive diagonal, Cholesky factors: entries in the order of
/// rows, those on the diagonal by their logarithms.
///
/// The Jacobian is that of the entries on and below the diagonal.
///
/// ```
/// use nalgebra::{Const, Matrix2, Vector3};
/// use reparam::distr::bijection::{Bijection, CholeskyFactor};
/// let map = CholeskyFactor::new(Const::<2>, Const::<3>)?;
/// assert_eq!(map.forward(&Vector3::new(0.0, 0.5, 0.0)), Matrix2::new(1.0, 0.0, 0.5, 1.0));
/// # Ok::<(), reparam::distr::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CholeskyFactor<D, K> {
    pub(super) size: D,
    pub(super) free: K,
}

impl<D: Dim, K: Dim> CholeskyFactor<D, K> {
    /// The map to matrices of this size from vectors with `free` entries.
    ///
    /// # Errors
    /// If `free` is not D (D + 1)/2.
    pub fn new(size: D, free: K) -> Result<Self, LawError> {
        let d = size.value();
        let fits = d * (d + 1) / 2 == free.value();
        check!("a map to Cholesky factors", free, free.value() as f64; "D (D + 1)/2 for the size D" if fits);
        Ok(CholeskyFactor { size, free })
    }
}

impl<S: Scalar, D: Dim, K: Dim> Bijection<OVector<S, K>> for CholeskyFactor<D, K>
where
    DefaultAllocator: Allocator<K> + Allocator<D, D>,
{
    type Scalar = S;
    type Image = OMatrix<S, D, D>;
    fn forward(&self, x: &OVector<S, K>) -> OMatrix<S, D, D> {
        if x.len() != self.free.value() {
            return OMatrix::from_element_generic(self.size, self.size, S::from(f64::NAN));
        }
        OMatrix::from_fn_generic(self.size, self.size, |i, j| match i {
            _ if i > j => x[i * (i + 1) / 2 + j],
            _ if i < j => S::from(0.0),
            _ => x[i * (i + 1) / 2 + i].exp(),
        })
    }
    fn inverse(&self, y: &OMatrix<S, D, D>) -> Option<OVector<S, K>> {
        let mut x = OVector::from_element_generic(self.free, U1, S::from(f64::NAN));
        if y.shape() != (self.size.value(), self.size.value()) {
            return Some(x);
        }
        for i in 0..y.nrows() {
            let above = (i + 1..y.nrows()).any(|j| y[(i, j)].re() != 0.0);
            if above || y[(i, i)].re() < 0.0 {
                return None;
            }
            for j in 0..=i {
                x[i * (i + 1) / 2 + j] = if i == j { y[(i, i)].ln() } else { y[(i, j)] };
            }
        }
        Some(x)
    }
    fn ln_abs_det_jacobian(&self, x: &OVector<S, K>) -> S {
        if x.len() != self.free.value() {
            return S::from(f64::NAN);
        }
        sum((0..self.size.value()).map(|i| x[i * (i + 1) / 2 + i]))
    }
    fn image_shape(&self, _: (usize, usize)) -> (usize, usize) {
        (self.size.value(), self.size.value())
    }
}

/// From R^(D (D - 1)/2) to Cholesky factors of D by D correlation matrices: x in the order of rows are the inverse hyperbolic
/// tangents of canonical partial correlations, l_ij = tanh(x_ij) sqrt(1 - Σ_(k<j) l_ik²).
///
/// The Jacobian is that of the entries below the diagonal. Rows of a factor in the image have length 1 up to 1e-10. Source:
/// the reference manual of Stan, "Cholesky factors of correlation matrices".
///
/// ```
/// use nalgebra::{Const, Matrix2, Vector1};
/// use reparam::distr::bijection::{Bijection, CorrelationCholesky};
/// let map = CorrelationCholesky::new(Const::<2>, Const::<1>)?;
/// let l = map.forward(&Vector1::new(0.6f64.atanh()));
/// assert!((l - Matrix2::new(1.0, 0.0, 0.6, 0.8)).norm() < 1e-15);
/// # Ok::<(), reparam::distr::LawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CorrelationCholesky<D, K> {
    pub(super) size: D,
    pub(super) free: K,
}

impl<D: Dim, K: Dim> CorrelationCholesky<D, K> {
    /// The map to factors of this size from vectors with `free` entries.
    ///
    /// # Errors
    /// If `free` is not D (D - 1)/2.
    pub fn new(size: D, free: K) -> Result<Self, LawError> {
        let d = size.value();
        let fits = d >= 1 && d * (d - 1) / 2 == free.value();
        check!("a map to factors of correlation matrices", free, free.value() as f64; "D (D - 1)/2 for the size D" if fits);
        Ok(CorrelationCholesky { size, free })
    }
}

/// ln(1 - tanh² x) / 2
fn ln_sech<S: Scalar>(x: S) -> S {
    -ln_2_cosh(x) + LN_2
}

impl<S: Scalar, D: Dim, K: Dim> Bijection<OVector<S, K>> for CorrelationCholesky<D, K>
where
    DefaultAllocator: Allocator<K> + Allocator<D, D>,
{
    type Scalar = S;
    type Image = OMatrix<S, D, D>;
    fn forward(&self, x: &OVector<S, K>) -> OMatrix<S, D, D> {
        if x.len() != self.free.value() {
            return OMatrix::from_element_generic(self.size, self.size, S::from(f64::NAN));
        }
        let mut l = OMatrix::from_element_generic(self.size, self.size, S::from(0.0));
        for i in 0..l.nrows() {
            // ln of the length that the row has left
            let mut ln_rest = S::from(0.0);
            for j in 0..i {
                let x = x[i * (i - 1) / 2 + j];
                l[(i, j)] = x.tanh() * ln_rest.exp();
                ln_rest += ln_sech(x);
            }
            l[(i, i)] = ln_rest.exp();
        }
        l
    }
    fn inverse(&self, l: &OMatrix<S, D, D>) -> Option<OVector<S, K>> {
        let mut x = OVector::from_element_generic(self.free, U1, S::from(f64::NAN));
        if l.shape() != (self.size.value(), self.size.value()) {
            return Some(x);
        }
        for i in 0..l.nrows() {
            let above = (i + 1..l.nrows()).any(|j| l[(i, j)].re() != 0.0);
            let square = sum((0..=i).map(|j| l[(i, j)].re() * l[(i, j)].re()));
            if above || l[(i, i)].re() < 0.0 || (square - 1.0).abs() > 2e-10 {
                return None;
            }
            // what is left of the row's length is that of its end: a sum of squares instead of a difference
            let mut rest = l[(i, i)];
            for j in (0..i).rev() {
                // of no length left any part may be taken: none
                let nothing = l[(i, j)].re() == 0.0 && rest.re() == 0.0;
                x[i * (i - 1) / 2 + j] = if nothing { S::from(0.0) } else { l[(i, j)].over(rest).asinh() };
                rest = rest.hypot(l[(i, j)]);
            }
        }
        Some(x)
    }
    fn ln_abs_det_jacobian(&self, x: &OVector<S, K>) -> S {
        if x.len() != self.free.value() {
            return S::from(f64::NAN);
        }
        sum((1..self.size.value()).map(|i| {
            let mut ln_rest = S::from(0.0);
            sum((0..i).map(|j| {
                let ln_sech = ln_sech(x[i * (i - 1) / 2 + j]);
                let ln = ln_sech * 2.0 + ln_rest;
                ln_rest += ln_sech;
                ln
            }))
        }))
    }
    fn image_shape(&self, _: (usize, usize)) -> (usize, usize) {
        (self.size.value(), self.size.value())
    }
}

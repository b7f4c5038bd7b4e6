//! Maps of vectors.

use super::{Bijection, Monotone};
use crate::linalg::sum;
use crate::scalar::{Scalar, math};
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, DimAdd, DimSum, OMatrix, OVector, U1};

/// A map of numbers for every entry of a vector or matrix.
///
/// ```
/// use nalgebra::Vector2;
/// use reparam::distr::bijection::{Bijection, Entrywise, Exp};
/// let x = Vector2::new(0.0, 1.0);
/// assert_eq!(Entrywise(Exp).forward(&x)[0], 1.0);
/// assert_eq!(Entrywise(Exp).ln_abs_det_jacobian(&x), 1.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entrywise<B>(pub B);

impl<S: Scalar, R: Dim, C: Dim, B: Monotone<S>> Bijection<OMatrix<S, R, C>> for Entrywise<B>
where
    DefaultAllocator: Allocator<R, C>,
{
    type Scalar = S;
    type Image = OMatrix<S, R, C>;
    fn forward(&self, x: &OMatrix<S, R, C>) -> OMatrix<S, R, C> {
        x.map(|x| self.0.forward(&x))
    }
    fn inverse(&self, y: &OMatrix<S, R, C>) -> Option<OMatrix<S, R, C>> {
        let mut x = y.clone();
        for x in x.iter_mut() {
            *x = self.0.inverse(x)?;
        }
        Some(x)
    }
    fn ln_abs_det_jacobian(&self, x: &OMatrix<S, R, C>) -> S {
        sum(x.iter().map(|x| self.0.ln_abs_det_jacobian(x)))
    }
}

/// Stick-breaking, from R^D to D + 1 proportions: of what is left, entry k takes the part sigmoid(x_k - ln(D + 1 - k)), k from 1, so
/// that x = 0 is the centre of the simplex.
///
/// The Jacobian is that of the first D proportions. Proportions in the image have a sum of 1 up to 1e-10. Source: the reference
/// manual of Stan, "Unit simplex".
///
/// ```
/// use nalgebra::{Vector2, Vector3};
/// use reparam::distr::bijection::{Bijection, Simplex};
/// let y: Vector3<f64> = Simplex.forward(&Vector2::new(0.0, 0.0));
/// assert!(y.iter().all(|y| (y - 1.0 / 3.0).abs() < 1e-15));
/// let none: Option<Vector2<f64>> = Simplex.inverse(&Vector3::new(0.5, 0.5, 0.5));
/// assert_eq!(none, None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Simplex;

impl Simplex {
    /// The logit of the part that entry i takes, i from 0.
    fn logit<S: Scalar, D: Dim>(x: &OVector<S, D>, i: usize) -> S
    where
        DefaultAllocator: Allocator<D>,
    {
        x[i] - math::ln((x.len() - i) as f64)
    }
}

impl<S: Scalar, D: DimAdd<U1>> Bijection<OVector<S, D>> for Simplex
where
    DefaultAllocator: Allocator<D> + Allocator<DimSum<D, U1>>,
{
    type Scalar = S;
    type Image = OVector<S, DimSum<D, U1>>;
    fn forward(&self, x: &OVector<S, D>) -> Self::Image {
        let (rows, columns) = x.shape_generic();
        let mut ln_rest = S::from(0.0);
        OVector::from_fn_generic(rows.add(U1), columns, |i, _| {
            if i == x.len() {
                return ln_rest.exp();
            }
            let logit = Self::logit(x, i);
            let ln = ln_rest - (-logit).softplus();
            ln_rest -= logit.softplus();
            ln.exp()
        })
    }
    fn inverse(&self, y: &Self::Image) -> Option<OVector<S, D>> {
        let d = y.len().checked_sub(1)?;
        let total = sum(y.iter().map(|y| y.re()));
        // written so that NaN is not outside, but an infinity is
        if y.iter().any(|y| y.re() < 0.0) || (total - 1.0).abs() > 1e-10 {
            return None;
        }
        let mut x = OVector::from_element_generic(D::from_usize(d), U1, S::from(0.0));
        let mut rest = y[d];
        for i in (0..d).rev() {
            // of nothing that is left any part may be taken: an equal one
            let nothing = y[i].re() == 0.0 && rest.re() == 0.0;
            let logit = if nothing { S::from(0.0) } else { y[i].ln() - rest.ln() };
            x[i] = logit + math::ln((d - i) as f64);
            rest += y[i];
        }
        Some(x)
    }
    fn ln_abs_det_jacobian(&self, x: &OVector<S, D>) -> S {
        let mut ln_rest = S::from(0.0);
        sum((0..x.len()).map(|i| {
            let logit = Self::logit(x, i);
            let ln = ln_rest - (-logit).softplus() - logit.softplus();
            ln_rest -= logit.softplus();
            ln
        }))
    }
    fn image_shape(&self, (rows, columns): (usize, usize)) -> (usize, usize) {
        (rows + 1, columns)
    }
}

/// From R^D to increasing vectors: y_1 = x_1, y_k = y_(k-1) + e^x_k.
///
/// ```
/// use nalgebra::Vector3;
/// use reparam::distr::bijection::{Bijection, Ordered};
/// let y = Ordered.forward(&Vector3::new(-1.0, 0.0, 0.0));
/// assert_eq!(y, Vector3::new(-1.0, 0.0, 1.0));
/// assert_eq!(Ordered.inverse(&Vector3::new(-1.0, 0.0, -1.0)), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ordered;

impl<S: Scalar, D: Dim> Bijection<OVector<S, D>> for Ordered
where
    DefaultAllocator: Allocator<D>,
{
    type Scalar = S;
    type Image = OVector<S, D>;
    fn forward(&self, x: &OVector<S, D>) -> OVector<S, D> {
        let mut y = x.clone();
        for i in 1..y.len() {
            y[i] = y[i - 1] + x[i].exp();
        }
        y
    }
    fn inverse(&self, y: &OVector<S, D>) -> Option<OVector<S, D>> {
        let mut x = y.clone();
        for i in 1..x.len() {
            let step = y[i] - y[i - 1];
            if step.re() < 0.0 {
                return None;
            }
            x[i] = step.ln();
        }
        Some(x)
    }
    fn ln_abs_det_jacobian(&self, x: &OVector<S, D>) -> S {
        sum(x.iter().skip(1).copied())
    }
}

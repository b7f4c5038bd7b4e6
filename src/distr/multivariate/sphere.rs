//! What the laws of unit vectors share.

use super::not_a_number_or_infinite;
use crate::linalg::{squared_norm, sum};
use crate::parameter::{in_range, positive};
use crate::scalar::{Scalar, math};
use crate::special;
use core::f64::consts::PI;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, OMatrix, OVector};

/// v/|v|, or what is wrong with v: the number of entries if there are fewer than two, else the first entry outside
/// [-1e150, 1e150], else the length if that is not in [1e-150, 1e150]. Values of a vector that is of length 1 up to
/// rounding stay as they are, so that a direction is its own direction.
pub(super) fn direction<S: Scalar, D: Dim>(v: &OVector<S, D>) -> Result<OVector<S, D>, f64>
where
    DefaultAllocator: Allocator<D>,
{
    if v.len() < 2 {
        return Err(v.len() as f64);
    }
    if let Some(entry) = v.iter().find(|x| !in_range(**x)) {
        return Err(entry.re());
    }
    let norm = squared_norm(v).sqrt();
    let is_unit = (norm.re() - 1.0).abs() <= v.len() as f64 * f64::EPSILON;
    let scaled = |x: S| if is_unit { x.over(norm).with_re(x.re()) } else { x.over(norm) };
    if positive(norm) { Ok(v.map(scaled)) } else { Err(norm.re()) }
}

/// ln of the area 2 π^(p/2) / Γ(p/2) of the unit sphere in R^p.
pub(super) fn ln_area(p: usize) -> f64 {
    let half = 0.5 * p as f64;
    core::f64::consts::LN_2 + half * math::ln(PI) - special::ln_gamma(half)
}

/// The density's value where formulas have none: NaN for another shape or a NaN, -inf off the sphere, that is where |x|² is not 1
/// up to 1e-6.
pub(super) fn off_sphere<S: Scalar, D: Dim>(x: &OVector<S, D>, p: usize) -> Option<S>
where
    DefaultAllocator: Allocator<D>,
{
    not_a_number_or_infinite(x, (p, 1)).or_else(|| {
        let square = squared_norm(&x.map(|x| x.re()));
        ((square - 1.0).abs() > 1e-6).then(|| S::from(f64::NEG_INFINITY))
    })
}

/// |x - y|² of two vectors of one size.
pub(super) fn squared_distance<S: Scalar, D: Dim>(x: &OVector<S, D>, y: &OVector<S, D>) -> S
where
    DefaultAllocator: Allocator<D>,
{
    sum(x.iter().zip(y.iter()).map(|(x, y)| (*x - *y) * (*x - *y)))
}

/// A vector of uniform direction in plain numbers: normal noise over its length.
pub(super) fn uniform<D: Dim>(dimension: D, mut normal: impl FnMut() -> f64) -> OVector<f64, D>
where
    DefaultAllocator: Allocator<D>,
{
    loop {
        let v = OVector::from_fn_generic(dimension, nalgebra::Const::<1>, |_, _| normal());
        let norm = math::sqrt(squared_norm(&v));
        // of a shorter one the digits would not suffice
        if norm > 1e-100 {
            return v.map(|x| x / norm);
        }
    }
}

/// The vector w μ + sine ξ', ξ' uniform among the unit vectors at a right angle to μ.
///
/// The noise ξ is such a vector for the value of μ, in plain numbers; ξ' is ξ turned by the smallest rotation that takes the value
/// of μ to μ, ξ - (μ₀ + μ) (ξ·μ)/(1 + μ₀·μ). So a moving μ carries ξ along without spinning it: dξ' = -μ (ξ·dμ), which is the
/// least that a unit vector can move.
pub(super) fn around<S: Scalar, D: Dim>(mu: &OVector<S, D>, w: S, sine: S, normal: impl FnMut() -> f64) -> OVector<S, D>
where
    DefaultAllocator: Allocator<D>,
{
    let mu0 = mu.map(|m| m.re());
    let xi = orthogonal(&mu0, normal);
    let dot = |y: &OVector<f64, D>| sum(mu.iter().zip(y.iter()).map(|(m, y)| *m * *y));
    let turn = dot(&xi).over(dot(&mu0) + 1.0);
    let mut x = mu.clone();
    for (i, x) in x.iter_mut().enumerate() {
        *x = w * mu[i] + sine * (-((mu[i] + mu0[i]) * turn) + xi[i]);
    }
    x
}

/// A unit vector of uniform direction at a right angle to μ.
fn orthogonal<D: Dim>(mu: &OVector<f64, D>, mut normal: impl FnMut() -> f64) -> OVector<f64, D>
where
    DefaultAllocator: Allocator<D>,
{
    loop {
        let mut v = uniform(mu.shape_generic().0, &mut normal);
        let mut norm = 1.0;
        // twice: of what the first leaves, a part along μ as large as a rounding may be most
        for _ in 0..2 {
            let along: f64 = sum(v.iter().zip(mu.iter()).map(|(v, m)| *v * *m));
            v.zip_apply(mu, |v, m| *v -= along * m);
            norm = math::sqrt(squared_norm(&v));
            if norm < 1e-12 {
                break;
            }
            v.apply(|v| *v /= norm);
        }
        if norm >= 1e-12 {
            return v;
        }
    }
}

/// The moments of a law whose density depends on the cosine w = μ·x alone.
pub(super) struct CosineMoments<S> {
    /// E\[w\]
    pub mean: S,
    /// E[(w - E w)²]
    pub variance: S,
    /// E[1 - w²]
    pub square_sine: S,
}

impl<S: Scalar> CosineMoments<S> {
    /// E[w] μ
    pub fn mean<D: Dim>(&self, mu: &OVector<S, D>) -> OVector<S, D>
    where
        DefaultAllocator: Allocator<D>,
    {
        mu.map(|m| self.mean * m)
    }

    /// The entry (i, j) of the covariance V μ μᵀ + E[1 - w²]/(p - 1) (1 - μ μᵀ).
    fn entry<D: Dim>(&self, mu: &OVector<S, D>, i: usize, j: usize) -> S
    where
        DefaultAllocator: Allocator<D>,
    {
        let across = self.square_sine / (mu.len() as f64 - 1.0);
        let product = mu[i] * mu[j];
        self.variance * product + across * (-product + if i == j { 1.0 } else { 0.0 })
    }

    /// The diagonal of the covariance.
    pub fn variances<D: Dim>(&self, mu: &OVector<S, D>) -> OVector<S, D>
    where
        DefaultAllocator: Allocator<D>,
    {
        let (rows, columns) = mu.shape_generic();
        OVector::from_fn_generic(rows, columns, |i, _| self.entry(mu, i, i))
    }

    /// The covariance.
    pub fn covariance<D: Dim>(&self, mu: &OVector<S, D>) -> OMatrix<S, D, D>
    where
        DefaultAllocator: Allocator<D> + Allocator<D, D>,
    {
        let d = mu.shape_generic().0;
        OMatrix::from_fn_generic(d, d, |i, j| self.entry(mu, i, j))
    }
}

//! The multivariate normal law whose covariance is of low rank plus a diagonal.

use super::normal::{LN_2_PI, difference};
use super::parameters::parameters;
use super::{Covariance, Multivariate, gaussian, noise_like, not_a_number_or_infinite};
use crate::distr::KlDivergence;
use crate::distr::form::bounded;
use crate::distr::{Coordinates, Joint};
use crate::linalg::{self, Square, sum};
use crate::noise;
use crate::parameter::{LawError, check, refuse};
use crate::scalar::Scalar;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, OMatrix, OVector, U1};
use rand::Rng;
use rand::distr::Distribution;

/// The multivariate normal law with covariance Σ = W Wᵀ + diag(d), W of `D` rows and `K` columns: as a factor model has.
///
/// # Density function
/// That of the [`MultivariateNormal`](crate::distr::MultivariateNormal) law, with ln det Σ = ln det C + Σ ln d_i for
/// C = I + Wᵀ diag(d)⁻¹ W, and the quadratic form min over z of |d^(-1/2) (x - μ - W z)|² + |z|² (Woodbury's identity without its
/// difference of large numbers): K² D steps instead of D³.
///
/// # Derivatives
/// A draw is x = μ + sqrt(d) ε + W ε₂ with D + K independent standard normal numbers, so dx_i/dd_i = ε_i / (2 sqrt(d_i)) and
/// dx_i/dW_ij = ε₂_j.
///
/// # Example
/// ```
/// use nalgebra::{Vector3, vector};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = LowRankNormal::new(Vector3::zeros(), vector![1.0, 2.0, 3.0], vector![0.5, 0.5, 1.0])?;
/// assert_eq!(law.covariance().unwrap()[(0, 2)], 3.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Source of the identity: Press, Teukolsky, Vetterling & Flannery 2007, *Numerical Recipes*, §2.7.3.
#[derive(Clone, Debug, PartialEq)]
pub struct LowRankNormal<S: Scalar, D: Dim, K: Dim>
where
    DefaultAllocator: Square<D> + Square<K> + Allocator<D, K>,
{
    mean: OVector<S, D>,
    factor: OMatrix<S, D, K>,
    diagonal: OVector<S, D>,
    /// The Cholesky factor of C.
    capacitance: OMatrix<S, K, K>,
}

impl<S: Scalar, D: Dim, K: Dim> LowRankNormal<S, D, K>
where
    DefaultAllocator: Square<D> + Square<K> + Allocator<D, K>,
{
    /// The law with mean μ and covariance W Wᵀ + diag(d), W the `factor` and d the `diagonal`, which are variances.
    ///
    /// # Errors
    /// If
    /// * an entry of `mean` is not in [-1e150, 1e150];
    /// * `factor` has not as many rows as the mean, or an entry outside [-1e150, 1e150], or is so large against d that
    ///   nothing is left of the 1 in C (entries beyond 1e15 with columns that are multiples of each other);
    /// * `diagonal` is not as long as the mean, or has an entry outside [1e-150, 1e150].
    pub fn new(mean: OVector<S, D>, factor: OMatrix<S, D, K>, diagonal: OVector<S, D>) -> Result<Self, LawError> {
        let (n, rows) = (mean.nrows(), factor.nrows());
        check!("a low-rank normal law", factor, rows as f64; "of as many rows as the mean" if rows == n);
        check!("a low-rank normal law", diagonal, diagonal.nrows() as f64; "as long as the mean" if diagonal.nrows() == n);
        check!("a low-rank normal law", mean: each REAL);
        check!("a low-rank normal law", factor: each REAL);
        check!("a low-rank normal law", diagonal: each POSITIVE);
        let k = factor.shape_generic().1;
        let c = OMatrix::from_fn_generic(k, k, |a, b| {
            let entry = sum((0..mean.len()).map(|i| (factor[(i, a)] * factor[(i, b)]).over(diagonal[i])));
            if a == b { entry + 1.0 } else { entry }
        });
        let capacitance = match linalg::factor(&c) {
            Ok(capacitance) => capacitance,
            Err(value) => refuse!("a low-rank normal law", factor, value;
                "small enough against the diagonal for each pivot of I + W' W/d to be above 0"),
        };
        Ok(LowRankNormal { mean, factor, diagonal, capacitance })
    }

    /// The mean μ, which is the location.
    pub fn location(&self) -> &OVector<S, D> {
        &self.mean
    }

    /// The matrix W.
    pub fn factor(&self) -> &OMatrix<S, D, K> {
        &self.factor
    }

    /// The variances d.
    pub fn diagonal(&self) -> &OVector<S, D> {
        &self.diagonal
    }

    /// (W z)_i
    fn explained(&self, z: &OVector<S, K>, i: usize) -> S {
        sum((0..z.len()).map(|a| self.factor[(i, a)] * z[a]))
    }

    /// rᵀ Σ⁻¹ r
    pub(super) fn form(&self, r: &OVector<S, D>) -> S {
        // z = C⁻¹ Wᵀ d⁻¹ r, the z of the minimum
        let k = self.factor.shape_generic().1;
        let mut z = OVector::from_fn_generic(k, U1, |a, _| {
            sum((0..r.len()).map(|i| (self.factor[(i, a)] * r[i]).over(self.diagonal[i])))
        });
        linalg::solve_lower(&self.capacitance, &mut z);
        linalg::solve_lower_transpose(&self.capacitance, &mut z);
        let unexplained = sum((0..r.len()).map(|i| {
            let rest = r[i] - self.explained(&z, i);
            (rest * rest).over(self.diagonal[i])
        }));
        unexplained + linalg::squared_norm(&z)
    }

    /// ln det L of the covariance's Cholesky factor.
    pub(super) fn half_ln_det(&self) -> S {
        linalg::ln_det_triangular(&self.capacitance) + sum(self.diagonal.iter().map(|d| d.ln())) * 0.5
    }
}

parameters!([S: Scalar, D: Dim, K: Dim] LowRankNormal<S, D, K> where [DefaultAllocator: Square<D> + Square<K> + Allocator<D, K>], over [S], "low_rank_normal",
    law => { mean: Vector(OVector<S, D>) = &law.mean, factor: Matrix(OMatrix<S, D, K>) = &law.factor, diagonal: Vector(OVector<S, D>) = &law.diagonal },
    LowRankNormal::new(mean, factor, diagonal));

impl<S: Scalar, D: Dim, K: Dim> LowRankNormal<S, D, K>
where
    DefaultAllocator: Square<D> + Square<K> + Allocator<D, K>,
{
    /// The draw of this noise: each entry's own first.
    fn at(&self, mut normal: impl FnMut() -> f64) -> OVector<S, D> {
        let own = noise_like(&self.mean, &mut normal);
        let k = self.factor.shape_generic().1;
        let common = OVector::<f64, K>::from_fn_generic(k, U1, |_, _| normal());
        let (rows, columns) = self.mean.shape_generic();
        OVector::from_fn_generic(rows, columns, |i, _| {
            let explained = sum((0..common.len()).map(|a| self.factor[(i, a)] * common[a]));
            self.mean[i] + self.diagonal[i].sqrt() * own[i] + explained
        })
    }
}

impl<S: Scalar, D: Dim, K: Dim> Distribution<OVector<S, D>> for LowRankNormal<S, D, K>
where
    DefaultAllocator: Square<D> + Square<K> + Allocator<D, K>,
{
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> OVector<S, D> {
        self.at(|| noise::normal(rng))
    }
}

impl<S: Scalar, D: Dim, K: Dim> Joint<S> for LowRankNormal<S, D, K>
where
    DefaultAllocator: Square<D> + Square<K> + Allocator<D, K>,
{
    type Point = OVector<S, D>;

    fn draw_at(&self, coordinates: &mut impl Coordinates) -> OVector<S, D> {
        self.at(|| coordinates.normal())
    }
}

impl<S: Scalar, D: Dim, K: Dim> Multivariate<S> for LowRankNormal<S, D, K>
where
    DefaultAllocator: Square<D> + Square<K> + Allocator<D, K>,
{
    fn shape(&self) -> (usize, usize) {
        self.mean.shape()
    }

    fn ln_pdf(&self, x: &OVector<S, D>) -> S {
        if let Some(limit) = not_a_number_or_infinite(x, self.shape()) {
            return limit;
        }
        let square = self.form(&difference(x, &self.mean));
        bounded((square + self.mean.len() as f64 * LN_2_PI) * -0.5 - self.half_ln_det())
    }

    fn mean(&self) -> Option<OVector<S, D>> {
        Some(self.mean.clone())
    }

    fn variance(&self) -> Option<OVector<S, D>> {
        let (rows, columns) = self.mean.shape_generic();
        let w = &self.factor;
        Some(OVector::from_fn_generic(rows, columns, |i, _| {
            sum((0..w.ncols()).map(|a| w[(i, a)] * w[(i, a)])) + self.diagonal[i]
        }))
    }

    fn mode(&self) -> Option<OVector<S, D>> {
        Some(self.mean.clone())
    }

    fn entropy(&self) -> Option<S> {
        Some(self.half_ln_det() + self.mean.len() as f64 * (0.5 * (LN_2_PI + 1.0)))
    }
}

impl<S: Scalar, D: Dim, K: Dim> Covariance<S, D> for LowRankNormal<S, D, K>
where
    DefaultAllocator: Square<D> + Square<K> + Allocator<D, K>,
{
    fn covariance(&self) -> Option<OMatrix<S, D, D>> {
        let mut covariance = linalg::product_transpose(&self.factor, &self.factor);
        for i in 0..self.mean.len() {
            covariance[(i, i)] += self.diagonal[i];
        }
        Some(covariance)
    }
}

impl<S: Scalar, D: Dim, K: Dim> KlDivergence<S> for LowRankNormal<S, D, K>
where
    DefaultAllocator: Square<D> + Square<K> + Allocator<D, K>,
{
    /// (tr(Σ₂⁻¹ Σ₁) - D + (μ₁ - μ₂)ᵀ Σ₂⁻¹ (μ₁ - μ₂))/2 + (ln det Σ₂ - ln det Σ₁)/2, the trace by one form for each column of W₁ and each entry
    /// of d₁; NaN for laws of different sizes.
    fn kl_divergence(&self, other: &Self) -> S {
        gaussian::divergence(self, other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::MultivariateNormal;
    use nalgebra::{DMatrix, DVector, Matrix3, Matrix3x2, Vector3, matrix, vector};

    const MEAN: Vector3<f64> = vector![1.0, -2.0, 0.5];
    const FACTOR: Matrix3x2<f64> = matrix![1.0, 0.5; -0.3, 2.0; 0.7, 0.1];
    const DIAGONAL: Vector3<f64> = vector![0.5, 1.5, 0.25];

    /// The dense law of the same covariance has the same density.
    #[test]
    fn density_is_that_of_the_dense_law() {
        let law = LowRankNormal::new(MEAN, FACTOR, DIAGONAL).unwrap();
        let covariance: Matrix3<f64> = FACTOR * FACTOR.transpose() + Matrix3::from_diagonal(&DIAGONAL);
        assert!((law.covariance().unwrap() - covariance).abs().max() < 1e-15);
        let dense = MultivariateNormal::from_covariance(MEAN, covariance).unwrap();
        for x in [vector![0.3, -1.0, 2.0], vector![-4.0, 7.0, 1.0], MEAN] {
            let (got, want) = (law.ln_pdf(&x), dense.ln_pdf(&x));
            assert!((got - want).abs() < 1e-14 * want.abs().max(1.0), "{got} {want}");
        }
        assert!((law.entropy().unwrap() - dense.entropy().unwrap()).abs() < 1e-14);
    }

    /// Where W dwarfs d the form r² / σ² of a residual across W keeps its digits: one column, W = 1e6 (1, 1), d = 1e-6, and
    /// r = (1, -1), orthogonal to W, so that the form is 2e6 and ln det Σ = ln(1e-12 (1 + 2e18)).
    #[test]
    fn no_cancellation() {
        let law = LowRankNormal::new(vector![0.0, 0.0], vector![1e6, 1e6], vector![1e-6, 1e-6]).unwrap();
        let want = -1e6 - 0.5 * (1e-12f64.ln() + (2e18f64).ln_1p()) - LN_2_PI;
        let got = law.ln_pdf(&vector![1.0, -1.0]);
        assert!((got - want).abs() < 1e-14 * want.abs(), "{got} {want}");
    }

    #[test]
    fn refused() {
        let of = |m, w, d| LowRankNormal::new(m, w, d).unwrap_err().parameter();
        assert_eq!(of(MEAN, FACTOR, vector![0.5, 0.0, 1.0]), "diagonal");
        assert_eq!(of(MEAN * f64::NAN, FACTOR, DIAGONAL), "mean");
        assert_eq!(of(MEAN, FACTOR * f64::NAN, DIAGONAL), "factor");
        // two columns in one direction, 1e40 times the diagonal
        assert_eq!(of(MEAN, matrix![1e20, 3e20; 2e20, 6e20; 1.0, 3.0], DIAGONAL), "factor");
        let law =
            LowRankNormal::new(DVector::from_element(2, 0.0), DMatrix::identity(3, 1), DVector::from_element(2, 1.0));
        assert_eq!(law.unwrap_err().parameter(), "factor");
    }
}

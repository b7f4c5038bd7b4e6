//! The multivariate normal law, by its Cholesky factor.

use super::parameters::parameters;
use super::{Covariance, Multivariate, noise_like, not_a_factor, not_a_number_or_infinite};
use crate::distr::KlDivergence;
use crate::distr::form::{bounded, squared_ratio_divergence};
use crate::distr::{Coordinates, Joint};
use crate::linalg::{self, Square, sum};
use crate::noise;
use crate::parameter::{LawError, check, refuse};
use crate::scalar::Scalar;
use nalgebra::{DefaultAllocator, Dim, OMatrix, OVector};
use rand::Rng;
use rand::distr::Distribution;

/// ln(2π)
pub(super) const LN_2_PI: f64 = 1.8378770664093453;

/// The [multivariate normal law](https://en.wikipedia.org/wiki/Multivariate_normal_distribution) of vectors with `D` entries: mean
/// μ and covariance Σ = L Lᵀ, L lower triangular with a positive diagonal.
///
/// # Density function
/// f(x) = exp(-|L⁻¹ (x - μ)|² / 2) / ((2π)^(D/2) det L) on R^D.
///
/// # Derivatives
/// A draw is x = μ + L ε with D independent standard normal ε, so dx_i/dμ_i = 1 and dx_i/dL_ij = ε_j. From a covariance or a
/// precision the derivatives pass through the factorization, exactly, to any order; an entry below the diagonal and the one
/// above it count as one variable, the one below.
///
/// # Example
/// ```
/// use nalgebra::{Matrix2, Vector2};
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [m, v] = Jet::variables([1.0, 4.0]);
/// let mean = Vector2::new(m, 0.0.into());
/// let law = MultivariateNormal::from_covariance(mean, Matrix2::new(v, 1.0.into(), 1.0.into(), 2.0.into()))?;
/// let x = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert_eq!(x[0].eps[0], 1.0);
/// assert!((x[0].eps[1] - (x[0].re - 1.0) / 8.0).abs() < 1e-15); // sqrt(v) ε in v
/// # Ok(()) }
/// ```
///
/// # Notes
/// For independent entries [`Independent`](crate::distr::Independent) does in D steps what this law does in D²; for a covariance
/// of low rank plus a diagonal see [`LowRankNormal`](crate::distr::LowRankNormal).
#[derive(Clone, Debug, PartialEq)]
pub struct MultivariateNormal<S: Scalar, D: Dim>
where
    DefaultAllocator: Square<D>,
{
    pub(super) mean: OVector<S, D>,
    cholesky: OMatrix<S, D, D>,
}

impl<S: Scalar, D: Dim> MultivariateNormal<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// The law of μ + L ε.
    ///
    /// # Errors
    /// If
    /// * an entry of `mean` is not in [-1e150, 1e150];
    /// * `cholesky` is not square and as large as the mean, lower triangular with entries in [-1e150, 1e150] and a
    ///   diagonal in [1e-150, 1e150].
    ///
    /// ```
    /// use nalgebra::{Matrix2, Vector2};
    /// use reparam::distr::MultivariateNormal;
    /// let mean = Vector2::new(0.0, 0.0);
    /// assert!(MultivariateNormal::from_cholesky(mean, Matrix2::new(1.0, 0.0, 0.5, 2.0)).is_ok());
    /// let upper = MultivariateNormal::from_cholesky(mean, Matrix2::new(1.0, 0.5, 0.0, 2.0));
    /// let error = upper.unwrap_err();
    /// assert_eq!((error.parameter(), error.value()), ("cholesky", 0.5));
    /// ```
    pub fn from_cholesky(mean: OVector<S, D>, cholesky: OMatrix<S, D, D>) -> Result<Self, LawError> {
        let n = cholesky.nrows();
        check!("a multivariate normal law", cholesky, n as f64; "as large as the mean" if n == mean.nrows());
        check!("a multivariate normal law", mean: each REAL);
        check!("a multivariate normal law", cholesky;
            "square and lower triangular with a positive diagonal, of entries in range" unless not_a_factor(&cholesky));
        Ok(MultivariateNormal { mean, cholesky })
    }

    /// The law with mean μ and covariance Σ.
    ///
    /// # Errors
    /// If
    /// * an entry of `mean` is not in [-1e150, 1e150];
    /// * `covariance` is not as large as the mean, or not symmetric and positive definite ([`linalg::cholesky`] says to
    ///   which accuracy).
    pub fn from_covariance(mean: OVector<S, D>, covariance: OMatrix<S, D, D>) -> Result<Self, LawError> {
        let n = covariance.nrows();
        check!("a multivariate normal law", covariance, n as f64; "as large as the mean" if n == mean.nrows());
        match linalg::factor(&covariance) {
            Ok(factor) => Self::from_cholesky(mean, factor),
            Err(value) => refuse!("a multivariate normal law", covariance, value;
                "symmetric and positive definite, each pivot above 0"),
        }
    }

    /// The law with mean μ and precision Σ⁻¹. Nothing is inverted but a triangular factor.
    ///
    /// # Errors
    /// If
    /// * an entry of `mean` is not in [-1e150, 1e150];
    /// * `precision` is not as large as the mean, or not symmetric and positive definite.
    pub fn from_precision(mean: OVector<S, D>, precision: OMatrix<S, D, D>) -> Result<Self, LawError> {
        let n = precision.nrows();
        check!("a multivariate normal law", precision, n as f64; "as large as the mean" if n == mean.nrows());
        match linalg::factor_of_inverse(&precision) {
            Ok(factor) => Self::from_cholesky(mean, factor),
            Err(value) => refuse!("a multivariate normal law", precision, value;
                "symmetric and positive definite, each pivot above 0"),
        }
    }

    /// The law of independent entries with these means and standard deviations.
    ///
    /// # Errors
    /// If
    /// * an entry of `mean` is not in [-1e150, 1e150];
    /// * `std_devs` is not as long as the mean, or has an entry outside [1e-150, 1e150].
    pub fn from_std_devs(mean: OVector<S, D>, std_devs: OVector<S, D>) -> Result<Self, LawError> {
        let n = std_devs.nrows();
        check!("a multivariate normal law", std_devs, n as f64; "as long as the mean" if n == mean.nrows());
        check!("a multivariate normal law", std_devs: each POSITIVE);
        let n = mean.shape_generic().0;
        let zero = S::from(0.0);
        let factor = OMatrix::from_fn_generic(n, n, |i, j| if i == j { std_devs[i] } else { zero });
        Self::from_cholesky(mean, factor)
    }

    /// The mean μ, which is the location.
    pub fn location(&self) -> &OVector<S, D> {
        &self.mean
    }

    /// μ + L ε, ε made of this noise.
    fn at(&self, normal: impl FnMut() -> f64) -> OVector<S, D> {
        let mut x = linalg::lower_times(&self.cholesky, &noise_like(&self.mean, normal));
        for (x, mean) in x.iter_mut().zip(self.mean.iter()) {
            *x += *mean;
        }
        x
    }

    /// The lower triangular L with covariance L Lᵀ.
    pub fn cholesky(&self) -> &OMatrix<S, D, D> {
        &self.cholesky
    }
}

parameters!([S: Scalar, D: Dim] MultivariateNormal<S, D> where [DefaultAllocator: Square<D>], over [S], "multivariate_normal",
    law => { mean: Vector(OVector<S, D>) = &law.mean, cholesky: Matrix(OMatrix<S, D, D>) = &law.cholesky },
    MultivariateNormal::from_cholesky(mean, cholesky));

impl<S: Scalar, D: Dim> Distribution<OVector<S, D>> for MultivariateNormal<S, D>
where
    DefaultAllocator: Square<D>,
{
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> OVector<S, D> {
        self.at(|| noise::normal(rng))
    }
}

impl<S: Scalar, D: Dim> Joint<S> for MultivariateNormal<S, D>
where
    DefaultAllocator: Square<D>,
{
    type Point = OVector<S, D>;

    fn draw_at(&self, coordinates: &mut impl Coordinates) -> OVector<S, D> {
        self.at(|| coordinates.normal())
    }
}

impl<S: Scalar, D: Dim> Multivariate<S> for MultivariateNormal<S, D>
where
    DefaultAllocator: Square<D>,
{
    fn shape(&self) -> (usize, usize) {
        self.mean.shape()
    }

    fn ln_pdf(&self, x: &OVector<S, D>) -> S {
        if let Some(limit) = not_a_number_or_infinite(x, self.shape()) {
            return limit;
        }
        let square = linalg::squared_norm_solved(&self.cholesky, &difference(x, &self.mean));
        bounded((square + self.mean.len() as f64 * LN_2_PI) * -0.5 - linalg::ln_det_triangular(&self.cholesky))
    }

    fn mean(&self) -> Option<OVector<S, D>> {
        Some(self.mean.clone())
    }

    fn variance(&self) -> Option<OVector<S, D>> {
        let l = &self.cholesky;
        let n = self.mean.shape_generic();
        Some(OVector::from_fn_generic(n.0, n.1, |i, _| sum((0..=i).map(|k| l[(i, k)] * l[(i, k)]))))
    }

    fn mode(&self) -> Option<OVector<S, D>> {
        Some(self.mean.clone())
    }

    /// D (1 + ln 2π) / 2 + ln det L
    fn entropy(&self) -> Option<S> {
        Some(linalg::ln_det_triangular(&self.cholesky) + self.mean.len() as f64 * (0.5 * (LN_2_PI + 1.0)))
    }
}

impl<S: Scalar, D: Dim> Covariance<S, D> for MultivariateNormal<S, D>
where
    DefaultAllocator: Square<D>,
{
    fn covariance(&self) -> Option<OMatrix<S, D, D>> {
        Some(linalg::from_cholesky(&self.cholesky))
    }
}

impl<S: Scalar, D: Dim> KlDivergence<S> for MultivariateNormal<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// (|M|² - D)/2 - ln det M + |L₂⁻¹ (μ₁ - μ₂)|²/2 with M = L₂⁻¹ L₁; NaN for laws of different sizes.
    fn kl_divergence(&self, other: &Self) -> S {
        if self.shape() != other.shape() {
            return S::from(f64::NAN);
        }
        let l = &other.cholesky;
        let mut m = self.cholesky.clone();
        linalg::solve_lower(l, &mut m);
        let diagonal = (0..m.nrows()).map(|i| squared_ratio_divergence(self.cholesky[(i, i)], l[(i, i)]));
        let below = (0..m.nrows()).flat_map(|i| (0..i).map(move |j| (i, j))).map(|ij| m[ij] * m[ij]);
        let shift = linalg::squared_norm_solved(l, &difference(&self.mean, &other.mean));
        (sum(diagonal) + sum(below) + shift) * 0.5
    }
}

/// x - y.
pub(super) fn difference<S: Scalar, D: Dim>(x: &OVector<S, D>, y: &OVector<S, D>) -> OVector<S, D>
where
    DefaultAllocator: Square<D>,
{
    x.zip_map(y, |x, y| x - y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Jet;
    use nalgebra::{DMatrix, DVector, Matrix3, Vector3, matrix, vector};

    const COVARIANCE: Matrix3<f64> = matrix![4.0, 1.0, -0.5; 1.0, 2.0, 0.3; -0.5, 0.3, 1.0];

    /// `tests/reference/make_multivariate.py` prints the numbers of these tests.
    #[test]
    fn density_entropy_and_divergence() {
        let law = MultivariateNormal::from_covariance(vector![1.0, -2.0, 0.5], COVARIANCE).unwrap();
        close(law.ln_pdf(&vector![0.3, -1.0, 2.0]), -4.856_295_724_061_483);
        close(law.entropy().unwrap(), 5.139_180_998_034_086);
        let other = MultivariateNormal::from_covariance(
            vector![0.0, 0.0, 0.0],
            matrix![1.0, 0.2, 0.1; 0.2, 1.5, -0.4; 0.1, -0.4, 0.7],
        )
        .unwrap();
        close(law.kl_divergence(&other), 3.654_434_073_716_347);
        assert_eq!(law.kl_divergence(&law), 0.0);
        assert!((law.covariance().unwrap() - COVARIANCE).abs().max() < 1e-15);
    }

    #[track_caller]
    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 4e-15 * want.abs(), "{got:e}, not {want:e}");
    }

    /// The factor of a precision is that of its inverse; the inverse of this one has simple entries.
    #[test]
    fn from_precision() {
        let precision: Matrix3<f64> = matrix![2.0, -1.0, 0.0; -1.0, 2.0, -1.0; 0.0, -1.0, 2.0];
        let law = MultivariateNormal::from_precision(Vector3::zeros(), precision).unwrap();
        let want = matrix![0.75, 0.5, 0.25; 0.5, 1.0, 0.5; 0.25, 0.5, 0.75];
        assert!((law.covariance().unwrap() - want).abs().max() < 4e-15);
        // d Σ / d p_21 = -Σ (E_12 + E_21) Σ, from the entry below the diagonal alone
        let mut jets = precision.map(Jet::<f64, 1>::from);
        jets[(1, 0)].eps = [1.0];
        let law = MultivariateNormal::from_precision(vector![0.0, 0.0, 0.0].map(Jet::from), jets).unwrap();
        let mut e = Matrix3::zeros();
        (e[(0, 1)], e[(1, 0)]) = (1.0, 1.0);
        let want = -want * e * want;
        assert!((law.covariance().unwrap().map(|s| s.eps[0]) - want).abs().max() < 4e-15);
    }

    #[test]
    fn refused() {
        let mean = vector![0.0, 0.0];
        let of = |m| MultivariateNormal::from_covariance(mean, m).unwrap_err().parameter();
        for bad in [
            matrix![1.0, 2.0; 2.0, 1.0],
            matrix![1.0, 1.0; 1.0, 1.0],
            matrix![1.0, 0.5; 0.4, 1.0],
            matrix![f64::NAN, 0.0; 0.0, 1.0],
            matrix![1.0, f64::NAN; f64::NAN, 1.0],
            matrix![1.0, 0.0; 0.0, f64::INFINITY],
            matrix![-1.0, 0.0; 0.0, 1.0],
            matrix![0.0, 0.0; 0.0, 1.0],
        ] {
            assert_eq!(of(bad), "covariance", "{bad}");
            assert_eq!(MultivariateNormal::from_precision(mean, bad).unwrap_err().parameter(), "precision", "{bad}");
        }
        let identity = matrix![1.0, 0.0; 0.0, 1.0];
        assert_eq!(
            MultivariateNormal::from_cholesky(vector![f64::NAN, 0.0], identity).unwrap_err().parameter(),
            "mean"
        );
        let bad = [matrix![1.0, 0.0; f64::NAN, 1.0], matrix![0.0, 0.0; 0.0, 1.0], matrix![1.0, f64::NAN; 0.0, 1.0]];
        assert!(
            bad.into_iter().all(|l| MultivariateNormal::from_cholesky(mean, l).unwrap_err().parameter() == "cholesky")
        );
        let error = MultivariateNormal::from_std_devs(mean, vector![1.0, 0.0]).unwrap_err();
        assert_eq!((error.parameter(), error.value()), ("std_devs", 0.0));
        let short = DVector::from_element(1, 0.0);
        for matrix in [DMatrix::identity(2, 2), DMatrix::identity(1, 2)] {
            assert_eq!(MultivariateNormal::from_covariance(short.clone(), matrix.clone()).unwrap_err().value(), 2.0);
            assert_eq!(MultivariateNormal::from_precision(short.clone(), matrix.clone()).unwrap_err().value(), 2.0);
            assert_eq!(MultivariateNormal::from_cholesky(short.clone(), matrix).unwrap_err().value(), 2.0);
        }
    }

    /// Points of another size, NaN and infinities are answered.
    #[test]
    fn special_points() {
        let law =
            MultivariateNormal::from_std_devs(DVector::from_element(2, 0.0), DVector::from_element(2, 1.0)).unwrap();
        assert!(law.ln_pdf(&DVector::from_element(3, 0.0)).is_nan());
        assert!(law.ln_pdf(&DVector::from_column_slice(&[0.0, f64::NAN])).is_nan());
        assert_eq!(law.ln_pdf(&DVector::from_column_slice(&[f64::INFINITY, 0.0])), f64::NEG_INFINITY);
        assert_eq!(law.ln_pdf(&DVector::from_element(2, 1e200)), f64::NEG_INFINITY);
    }
}

//! The multivariate Student's t law.

use super::normal::difference;
use super::parameters::parameters;
use super::{Covariance, Multivariate, noise_like, not_a_factor, not_a_number_or_infinite};
use crate::distr::form::of_gamma::StandardGamma;
use crate::distr::form::{bounded, exp, ln_hypot_1, over_less, product};
use crate::distr::{Coordinates, Joint};
use crate::linalg::{self, Square, sum};
use crate::noise;
use crate::parameter::{LawError, check, refuse};
use crate::scalar::{Scalar, math};
use crate::special::{digamma_difference, ln_beta, ln_gamma};
use core::f64::consts::PI;
use nalgebra::{DefaultAllocator, Dim, OMatrix, OVector};
use rand::Rng;
use rand::distr::Distribution;

/// The [multivariate t law](https://en.wikipedia.org/wiki/Multivariate_t-distribution) of vectors with `D` entries: ν degrees of
/// freedom, location μ, scale matrix Σ = L Lᵀ.
///
/// # Density function
/// f(x) = Γ((ν + D)/2) / (Γ(ν/2) (ν π)^(D/2) det L) (1 + |L⁻¹ (x - μ)|²/ν)^(-(ν + D)/2) on R^D.
///
/// # Derivatives
/// A draw is x = μ + L ε sqrt(ν/(2 G)) with D independent standard normal ε and G of the gamma law with shape ν/2, whose logarithm
/// carries its derivatives in ν to any order (see [`Gamma`](crate::distr::Gamma)); ε is held fixed. For large ν the derivative in
/// ν is a small difference, known to ε sqrt(ν) in relative terms.
///
/// # Example
/// ```
/// use nalgebra::{Matrix2, Vector2};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = MultivariateStudentT::from_cholesky(Vector2::zeros(), Matrix2::new(1.0, 0.0, 0.5, 1.0), 4.0)?;
/// assert_eq!(law.covariance().unwrap()[(1, 0)], 1.0); // 0.5 ν/(ν - 2)
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct MultivariateStudentT<S: Scalar, D: Dim>
where
    DefaultAllocator: Square<D>,
{
    df: S,
    location: OVector<S, D>,
    cholesky: OMatrix<S, D, D>,
    gamma: StandardGamma<S>,
}

impl<S: Scalar, D: Dim> MultivariateStudentT<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// The law with location μ, the Cholesky factor L of the scale matrix, and ν = `df`.
    ///
    /// # Errors
    /// If
    /// * an entry of `location` is not in [-1e150, 1e150];
    /// * `cholesky` is not square and as large as the location, lower triangular with entries in [-1e150, 1e150] and a
    ///   diagonal in [1e-150, 1e150];
    /// * `df` is not in [1e-99, 1e99].
    pub fn from_cholesky(location: OVector<S, D>, cholesky: OMatrix<S, D, D>, df: S) -> Result<Self, LawError> {
        let n = cholesky.nrows();
        check!("a multivariate t law", cholesky, n as f64; "as large as the location" if n == location.nrows());
        check!("a multivariate t law", location: each REAL);
        check!("a multivariate t law", cholesky;
            "square and lower triangular with a positive diagonal, of entries in range" unless not_a_factor(&cholesky));
        check!("a multivariate t law", df: [1e-99, 1e99]);
        Ok(MultivariateStudentT { df, location, cholesky, gamma: StandardGamma::new(df * 0.5) })
    }

    /// The law with location μ, scale matrix Σ and ν = `df`.
    ///
    /// # Errors
    /// If
    /// * an entry of `location` is not in [-1e150, 1e150];
    /// * `scale_matrix` is not as large as the location, or not symmetric and positive definite ([`linalg::cholesky`]
    ///   says to which accuracy);
    /// * `df` is not in [1e-99, 1e99].
    ///
    /// ```
    /// use nalgebra::{Matrix2, Vector2};
    /// use reparam::prelude::*;
    /// let law = MultivariateStudentT::from_scale_matrix(Vector2::zeros(), Matrix2::new(4.0, 2.0, 2.0, 5.0), 3.0).unwrap();
    /// assert_eq!(law.cholesky(), &Matrix2::new(2.0, 0.0, 1.0, 2.0));
    /// ```
    pub fn from_scale_matrix(location: OVector<S, D>, scale_matrix: OMatrix<S, D, D>, df: S) -> Result<Self, LawError> {
        let n = scale_matrix.nrows();
        check!("a multivariate t law", scale_matrix, n as f64; "as large as the location" if n == location.nrows());
        match linalg::factor(&scale_matrix) {
            Ok(cholesky) => Self::from_cholesky(location, cholesky, df),
            Err(value) => refuse!("a multivariate t law", scale_matrix, value;
                "symmetric and positive definite, each pivot above 0"),
        }
    }

    /// The degrees of freedom ν.
    pub fn df(&self) -> S {
        self.df
    }

    /// The location μ.
    pub fn location(&self) -> &OVector<S, D> {
        &self.location
    }

    /// The Cholesky factor L of the scale matrix.
    pub fn cholesky(&self) -> &OMatrix<S, D, D> {
        &self.cholesky
    }

    /// D/2
    fn half_size(&self) -> f64 {
        self.location.len() as f64 * 0.5
    }

    /// The logarithm of the density at the location.
    fn ln_top(&self) -> S {
        let h = self.half_size();
        -ln_beta(self.df * 0.5, S::from(h)) + ln_gamma(h)
            - (self.df * PI).ln() * h
            - linalg::ln_det_triangular(&self.cholesky)
    }
}

parameters!([S: Scalar, D: Dim] MultivariateStudentT<S, D> where [DefaultAllocator: Square<D>], over [S], "multivariate_student_t",
    law => { location: Vector(OVector<S, D>) = &law.location, cholesky: Matrix(OMatrix<S, D, D>) = &law.cholesky, df: Number(S) = &law.df },
    MultivariateStudentT::from_cholesky(location, cholesky, df));

impl<S: Scalar, D: Dim> MultivariateStudentT<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// location + L z stretch
    fn stretched(&self, z: &OVector<f64, D>, stretch: S) -> OVector<S, D> {
        let gaussian = linalg::lower_times(&self.cholesky, z);
        gaussian.zip_map(&self.location, |z, location| bounded(product(z, stretch) + location))
    }
}

impl<S: Scalar, D: Dim> Distribution<OVector<S, D>> for MultivariateStudentT<S, D>
where
    DefaultAllocator: Square<D>,
{
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> OVector<S, D> {
        let normals = noise_like(&self.location, || noise::normal(rng));
        let noise = self.gamma.noise(rng);
        let half = self.df * 0.5;
        let ratio = half.re() / noise.value();
        let stretch = if (f64::MIN_POSITIVE..=f64::MAX).contains(&ratio) {
            let value = math::sqrt(ratio);
            if S::ORDER == 0 {
                S::from(value)
            } else {
                ((half.ln() - self.gamma.lift_ln(&noise)) * 0.5).exp().with_re(value)
            }
        } else {
            exp((half.ln() - self.gamma.lift_ln(&noise)) * 0.5)
        };
        self.stretched(&normals, stretch)
    }
}

impl<S: Scalar, D: Dim> Joint<S> for MultivariateStudentT<S, D>
where
    DefaultAllocator: Square<D>,
{
    type Point = OVector<S, D>;

    fn draw_at(&self, coordinates: &mut impl Coordinates) -> OVector<S, D> {
        let noise = noise_like(&self.location, || coordinates.normal());
        let ln_gamma = self.gamma.ln_at(coordinates.uniform());
        self.stretched(&noise, exp(((self.df * 0.5).ln() - ln_gamma) * 0.5))
    }
}

impl<S: Scalar, D: Dim> Multivariate<S> for MultivariateStudentT<S, D>
where
    DefaultAllocator: Square<D>,
{
    fn shape(&self) -> (usize, usize) {
        self.location.shape()
    }

    fn ln_pdf(&self, x: &OVector<S, D>) -> S {
        if let Some(limit) = not_a_number_or_infinite(x, self.shape()) {
            return limit;
        }
        let mut z = difference(x, &self.location);
        linalg::solve_lower(&self.cholesky, &mut z);
        let square = linalg::squared_norm(&z).over(self.df);
        let ln = if square.re().is_finite() {
            square.ln_1p() * 0.5
        } else {
            let norm = z.iter().fold(S::from(0.0), |norm, z| norm.hypot(*z));
            ln_hypot_1(norm.over(self.df.sqrt()))
        };
        bounded(self.ln_top() - (self.df + self.location.len() as f64) * ln)
    }

    /// μ where ν > 1.
    fn mean(&self) -> Option<OVector<S, D>> {
        (self.df.re() > 1.0).then(|| self.location.clone())
    }

    /// Σ_ii ν/(ν - 2); infinite for 1 < ν <= 2.
    fn variance(&self) -> Option<OVector<S, D>> {
        if self.df.re() <= 1.0 {
            return None;
        }
        if self.df.re() <= 2.0 {
            return Some(self.location.map(|_| S::from(f64::INFINITY)));
        }
        let (l, stretch) = (&self.cholesky, over_less(self.df, 2.0));
        let (rows, columns) = self.location.shape_generic();
        Some(OVector::from_fn_generic(rows, columns, |i, _| sum((0..=i).map(|k| l[(i, k)] * l[(i, k)])) * stretch))
    }

    /// μ
    fn mode(&self) -> Option<OVector<S, D>> {
        Some(self.location.clone())
    }

    /// (ν + D)/2 (ψ((ν + D)/2) - ψ(ν/2)) less the logarithm of the density at the location.
    fn entropy(&self) -> Option<S> {
        let (a, h) = (self.df * 0.5, self.half_size());
        Some((a + h) * digamma_difference(a, S::from(h)) - self.ln_top())
    }
}

impl<S: Scalar, D: Dim> Covariance<S, D> for MultivariateStudentT<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// Σ ν/(ν - 2) where ν > 2.
    fn covariance(&self) -> Option<OMatrix<S, D, D>> {
        let stretch = over_less(self.df, 2.0);
        (self.df.re() > 2.0).then(|| linalg::from_cholesky(&self.cholesky).map(|s| s * stretch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::{Continuous, StudentT};
    use nalgebra::{Matrix2, matrix, vector};

    #[track_caller]
    fn close(got: f64, want: f64, bound: f64) {
        assert!((got - want).abs() <= bound * want.abs(), "{got:e}, not {want:e}");
    }

    /// `tests/reference/make_multivariate.py` prints the numbers.
    #[test]
    fn density_and_entropy() {
        let factor = linalg::cholesky(&matrix![4.0, 1.0, -0.5; 1.0, 2.0, 0.3; -0.5, 0.3, 1.0]).unwrap();
        let law = MultivariateStudentT::from_cholesky(vector![1.0, -2.0, 0.5], factor, 3.5).unwrap();
        close(law.ln_pdf(&vector![0.3, -1.0, 2.0]), -5.174317842728974, 4e-15);
        close(law.entropy().unwrap(), 5.959336614752292, 4e-15);
        // a squared norm beyond the doubles
        close(law.ln_pdf(&vector![1e200, 1e200, 1e200]), -2994.3493278956826, 4e-15);
    }

    /// In one dimension it is Student's law.
    #[test]
    fn one_dimension() {
        for df in [0.1, 1.0, 30.0, 1e8] {
            let law = MultivariateStudentT::from_cholesky(vector![1.0], matrix![2.0], df).unwrap();
            let one = StudentT::new(1.0, 2.0, df).unwrap();
            for x in [-3.0, 1.0, 1e3] {
                close(law.ln_pdf(&vector![x]), one.ln_pdf(x), 1e-14);
            }
            close(law.entropy().unwrap(), one.entropy(), 1e-14);
        }
    }

    #[test]
    fn refused() {
        let of = |df, x, l| MultivariateStudentT::from_cholesky(vector![x, 0.0], l, df).unwrap_err().parameter();
        let identity: Matrix2<f64> = Matrix2::identity();
        assert_eq!(of(0.0, 0.0, identity), "df");
        assert_eq!(of(f64::NAN, 0.0, identity), "df");
        assert_eq!(of(1.0, f64::NAN, identity), "location");
        assert_eq!(of(1.0, 0.0, identity * 0.0), "cholesky");
        assert_eq!(of(1.0, 0.0, Matrix2::new(1.0, 1.0, 1.0, 2.0)), "cholesky");
    }
}

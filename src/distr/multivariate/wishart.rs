//! The Wishart law of positive definite matrices.

use super::bartlett::Bartlett;
use super::gamma_lifts::{GammaLifts, GammaQuantiles, OfHandle, prepared_by_gammas};
use super::parameters::parameters;
use super::{Multivariate, not_a_number_or_infinite};
use crate::distr::KlDivergence;
use crate::distr::form::bounded;
use crate::distr::table::{Formulas, GammaInverse, GammaTable, Known, NoInverse};
use crate::distr::{Coordinates, Joint};
use crate::linalg::{self, Square};
use crate::parameter::LawError;
use crate::scalar::Scalar;
use core::f64::consts::LN_2;
use nalgebra::{DefaultAllocator, Dim, OMatrix, OVector};
use rand::Rng;
use rand::distr::Distribution;

/// The [Wishart law](https://en.wikipedia.org/wiki/Wishart_distribution) of symmetric positive definite D by D matrices: ν degrees of
/// freedom, scale V = L Lᵀ. For an integer ν it is the law of Σ x xᵀ for ν normal vectors x with covariance V.
///
/// # Density function
/// f(X) = det X^((ν - D - 1)/2) exp(-tr(V⁻¹ X)/2) / (2^(ν D/2) det V^(ν/2) Γ_D(ν/2)) with respect to the entries on and below the
/// diagonal. X is read there; it is outside the support unless it is symmetric and positive definite to working accuracy.
///
/// # Derivatives
/// A draw is X = (L A)(L A)ᵀ with Bartlett's lower triangular A: standard normal numbers below the diagonal, sqrt(2 G_i) on it
/// with G_i of the gamma law with shape (ν - i + 1)/2, which carries its derivatives in ν to any order.
///
/// # Example
/// ```
/// use nalgebra::Matrix2;
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [df] = Jet::variables([3.5]);
/// let law = Wishart::from_cholesky(df, Matrix2::identity())?;
/// let x = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(x[(0, 0)].re > 0.0 && x[(0, 0)].eps[0] > 0.0);
/// assert_eq!(x[(0, 1)], x[(1, 0)]);
/// # Ok(()) }
/// ```
///
/// # Notes
/// For ν close to D - 1 draws are close to singular; [`Wishart::sample_cholesky`] has their factors, which lose nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Wishart<S: Scalar, D: Dim>
where
    DefaultAllocator: Square<D>,
{
    bartlett: Bartlett<S, D>,
    cholesky: OMatrix<S, D, D>,
}

impl<S: Scalar, D: Dim> Wishart<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// The law with ν = `df` and the Cholesky factor L of the scale.
    ///
    /// # Errors
    /// If
    /// * `cholesky` is not square and lower triangular with entries in [-1e150, 1e150] and a diagonal in
    ///   [1e-150, 1e150];
    /// * `df` is not in [D - 0.9, 1e100].
    pub fn from_cholesky(df: S, cholesky: OMatrix<S, D, D>) -> Result<Self, LawError> {
        Ok(Wishart { bartlett: Bartlett::new(df, &cholesky)?, cholesky })
    }

    /// The law with ν = `df` and the scale V.
    ///
    /// # Errors
    /// If
    /// * `scale_matrix` is not symmetric and positive definite ([`linalg::cholesky`] says to which accuracy);
    /// * `df` is not in [D - 0.9, 1e100].
    ///
    /// ```
    /// use nalgebra::Matrix2;
    /// use reparam::prelude::*;
    /// let law = Wishart::from_scale_matrix(6.0, Matrix2::new(4.0, 2.0, 2.0, 5.0)).unwrap();
    /// assert_eq!(law, Wishart::from_cholesky(6.0, Matrix2::new(2.0, 0.0, 1.0, 2.0)).unwrap());
    /// ```
    pub fn from_scale_matrix(df: S, scale_matrix: OMatrix<S, D, D>) -> Result<Self, LawError> {
        let (bartlett, cholesky) = Bartlett::from_scale_matrix(df, &scale_matrix)?;
        Ok(Wishart { bartlett, cholesky })
    }

    /// The degrees of freedom ν.
    pub fn df(&self) -> S {
        self.bartlett.df
    }

    /// The Cholesky factor L of the scale.
    pub fn cholesky(&self) -> &OMatrix<S, D, D> {
        &self.cholesky
    }

    /// The Cholesky factor L A of a draw: [`Distribution::sample`] with the same generator is its product with its transpose.
    pub fn sample_cholesky<R: Rng + ?Sized>(&self, rng: &mut R) -> OMatrix<S, D, D> {
        self.cholesky_by(&Formulas, rng)
    }

    fn cholesky_by<R: Rng + ?Sized>(&self, by: &impl GammaLifts, rng: &mut R) -> OMatrix<S, D, D> {
        self.factor(&self.bartlett.sample(by, rng))
    }

    /// L A
    fn factor(&self, a: &OMatrix<S, D, D>) -> OMatrix<S, D, D> {
        let n = a.shape_generic().0;
        let l = &self.cholesky;
        OMatrix::from_fn_generic(n, n, |i, j| linalg::sum((j..=i).map(|k| l[(i, k)] * a[(k, j)])))
    }

    /// D
    fn size(&self) -> f64 {
        self.cholesky.nrows() as f64
    }
}

parameters!([S: Scalar, D: Dim] Wishart<S, D> where [DefaultAllocator: Square<D>], over [S], "wishart",
    law => { df: Number(S) = &law.bartlett.df, cholesky: Matrix(OMatrix<S, D, D>) = &law.cholesky },
    Wishart::from_cholesky(df, cholesky));

impl<S: Scalar, D: Dim> Distribution<OMatrix<S, D, D>> for Wishart<S, D>
where
    DefaultAllocator: Square<D>,
{
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> OMatrix<S, D, D> {
        self.drawn_by(&Formulas, rng)
    }
}

prepared_by_gammas!(Wishart, OMatrix<S, D, D>);

impl<S: Scalar, D: Dim> Wishart<S, D>
where
    DefaultAllocator: Square<D>,
{
    fn tables<const M: usize>(&self) -> OVector<GammaTable<M>, D> {
        self.bartlett.tables()
    }

    fn inverses(&self) -> OVector<GammaInverse, D> {
        self.bartlett.inverses()
    }

    fn drawn_at(&self, by: &impl GammaQuantiles, coordinates: &mut impl Coordinates) -> OMatrix<S, D, D> {
        linalg::from_cholesky(&self.factor(&self.bartlett.draw_at(by, coordinates)))
    }

    fn drawn_by<R: Rng + ?Sized>(&self, by: &impl GammaLifts, rng: &mut R) -> OMatrix<S, D, D> {
        linalg::from_cholesky(&self.cholesky_by(by, rng))
    }
}

impl<S: Scalar, D: Dim> Joint<S> for Wishart<S, D>
where
    DefaultAllocator: Square<D>,
{
    type Point = OMatrix<S, D, D>;

    fn draw_at(&self, coordinates: &mut impl Coordinates) -> OMatrix<S, D, D> {
        self.drawn_at(&NoInverse, coordinates)
    }

    fn sample_by<R: Rng + ?Sized>(&self, known: &mut impl Known, rng: &mut R) -> OMatrix<S, D, D> {
        self.drawn_by(&OfHandle::new(known), rng)
    }
}

impl<S: Scalar, D: Dim> Multivariate<S> for Wishart<S, D>
where
    DefaultAllocator: Square<D>,
{
    fn shape(&self) -> (usize, usize) {
        self.cholesky.shape()
    }

    fn ln_pdf(&self, x: &OMatrix<S, D, D>) -> S {
        if let Some(limit) = not_a_number_or_infinite(x, self.shape()) {
            return limit;
        }
        let Some(factor) = linalg::cholesky(x) else { return S::from(f64::NEG_INFINITY) };
        let df = self.bartlett.df;
        let trace = linalg::squared_norm_solved(&self.cholesky, &factor);
        bounded(
            (df - (self.size() + 1.0)) * linalg::ln_det_triangular(&factor)
                - trace * 0.5
                - df * linalg::ln_det_triangular(&self.cholesky)
                + self.bartlett.ln_constant(),
        )
    }

    /// ν V
    fn mean(&self) -> Option<OMatrix<S, D, D>> {
        Some(linalg::from_cholesky(&self.cholesky).map(|v| v * self.bartlett.df))
    }

    /// ν (V_ij² + V_ii V_jj)
    fn variance(&self) -> Option<OMatrix<S, D, D>> {
        let v = linalg::from_cholesky(&self.cholesky);
        let n = v.shape_generic().0;
        let of = |i, j| (v[(i, j)] * v[(i, j)] + v[(i, i)] * v[(j, j)]) * self.bartlett.df;
        Some(OMatrix::from_fn_generic(n, n, of))
    }

    /// (ν - D - 1) V where that is positive.
    fn mode(&self) -> Option<OMatrix<S, D, D>> {
        let rest = self.bartlett.df - (self.size() + 1.0);
        (rest.re() > 0.0).then(|| linalg::from_cholesky(&self.cholesky).map(|v| v * rest))
    }

    /// (D + 1) ln det L + D (D + 1)/2 ln 2 + ln Γ_D(ν/2) - (ν - D - 1)/2 ψ_D(ν/2) + ν D/2
    fn entropy(&self) -> Option<S> {
        let d = self.size();
        Some(
            linalg::ln_det_triangular(&self.cholesky) * (d + 1.0)
                + 0.5 * d * (d + 1.0) * LN_2
                + self.bartlett.entropy(d + 1.0),
        )
    }
}

impl<S: Scalar, D: Dim> KlDivergence<S> for Wishart<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// ln Γ_D(ν₂/2) - ln Γ_D(ν₁/2) + (ν₁ - ν₂)/2 ψ_D(ν₁/2) + ν₁ (|M|² - D)/2 - ν₂ ln det M with M = L₂⁻¹ L₁; NaN for laws of
    /// different sizes.
    fn kl_divergence(&self, other: &Self) -> S {
        if self.shape() != other.shape() {
            return S::from(f64::NAN);
        }
        self.bartlett.kl_divergence(&other.bartlett, &other.cholesky, &self.cholesky)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{Matrix2, matrix};

    #[track_caller]
    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-14 * want.abs(), "{got:e}, not {want:e}");
    }

    /// `tests/reference/make_multivariate.py` prints the numbers.
    #[test]
    fn density_entropy_and_divergence() {
        let factor = linalg::cholesky(&matrix![4.0, 1.0, -0.5; 1.0, 2.0, 0.3; -0.5, 0.3, 1.0]).unwrap();
        let law = Wishart::from_cholesky(4.5, factor).unwrap();
        close(law.ln_pdf(&matrix![1.0, 0.2, 0.1; 0.2, 1.5, -0.4; 0.1, -0.4, 0.7]), -11.518918198377861);
        close(law.entropy().unwrap(), 15.94949691656556);
        let other = linalg::cholesky(&matrix![1.0, 0.2, 0.1; 0.2, 1.5, -0.4; 0.1, -0.4, 0.7]).unwrap();
        close(law.kl_divergence(&Wishart::from_cholesky(6.0, other).unwrap()), 5.650483175929505);
        assert!(law.kl_divergence(&law).abs() < 1e-14);
    }

    #[test]
    fn refused_and_outside() {
        let identity: Matrix2<f64> = Matrix2::identity();
        for df in [1.0, 1.09, f64::NAN, f64::INFINITY, -3.0] {
            assert_eq!(Wishart::from_cholesky(df, identity).unwrap_err().parameter(), "df");
        }
        for bad in [Matrix2::new(1.0, 0.5, 0.5, 1.0), identity * 0.0, identity * f64::NAN] {
            assert_eq!(Wishart::from_cholesky(3.0, bad).unwrap_err().parameter(), "cholesky");
        }
        let law = Wishart::from_cholesky(3.0, identity).unwrap();
        assert_eq!(law.ln_pdf(&Matrix2::new(1.0, 2.0, 2.0, 1.0)), f64::NEG_INFINITY);
        assert_eq!(law.ln_pdf(&Matrix2::new(1.0, 0.5, 0.4, 1.0)), f64::NEG_INFINITY);
        assert!(law.ln_pdf(&Matrix2::new(1.0, f64::NAN, 0.4, 1.0)).is_nan());
    }
}

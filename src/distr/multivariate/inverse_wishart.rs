//! The law of the inverse of a Wishart matrix.

use super::bartlett::Bartlett;
use super::gamma_lifts::{GammaLifts, GammaQuantiles, OfHandle, prepared_by_gammas};
use super::parameters::parameters;
use super::{Multivariate, not_a_number_or_infinite};
use crate::distr::KlDivergence;
use crate::distr::form::bounded;
use crate::distr::table::{Formulas, GammaInverse, GammaTable, Known, NoInverse};
use crate::distr::{Coordinates, Joint};
use crate::linalg::{self, Square, sum};
use crate::parameter::LawError;
use crate::scalar::Scalar;
use core::f64::consts::LN_2;
use nalgebra::{DefaultAllocator, Dim, OMatrix, OVector};
use rand::Rng;
use rand::distr::Distribution;

/// The [inverse Wishart law](https://en.wikipedia.org/wiki/Inverse-Wishart_distribution) of symmetric positive definite D by D
/// matrices: ν degrees of freedom, scale Ψ = C Cᵀ. X⁻¹ is of the [`Wishart`](crate::distr::Wishart) law with scale Ψ⁻¹.
///
/// # Density function
/// f(X) = det Ψ^(ν/2) det X^(-(ν + D + 1)/2) exp(-tr(Ψ X⁻¹)/2) / (2^(ν D/2) Γ_D(ν/2)) with respect to the entries on and below
/// the diagonal. X is read there; it is outside the support unless it is symmetric and positive definite to working accuracy.
///
/// # Derivatives
/// A draw is X = (A⁻¹ Cᵀ)ᵀ (A⁻¹ Cᵀ) with Bartlett's lower triangular A, as for the Wishart law: to any order in ν and Ψ, with no
/// matrix inverted.
///
/// # Example
/// ```
/// use nalgebra::Matrix2;
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = InverseWishart::from_cholesky(5.0, Matrix2::new(1.0, 0.0, 0.5, 1.0))?;
/// assert_eq!(law.mean().unwrap(), Matrix2::new(0.5, 0.25, 0.25, 0.625)); // Ψ/(ν - D - 1)
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct InverseWishart<S: Scalar, D: Dim>
where
    DefaultAllocator: Square<D>,
{
    bartlett: Bartlett<S, D>,
    cholesky: OMatrix<S, D, D>,
}

impl<S: Scalar, D: Dim> InverseWishart<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// The law with ν = `df` and the Cholesky factor C of the scale.
    ///
    /// # Errors
    /// If
    /// * `cholesky` is not square and lower triangular with entries in [-1e150, 1e150] and a diagonal in
    ///   [1e-150, 1e150];
    /// * `df` is not in [D - 0.9, 1e100].
    pub fn from_cholesky(df: S, cholesky: OMatrix<S, D, D>) -> Result<Self, LawError> {
        Ok(InverseWishart { bartlett: Bartlett::new(df, &cholesky)?, cholesky })
    }

    /// The law with ν = `df` and the scale Ψ.
    ///
    /// # Errors
    /// If
    /// * `scale_matrix` is not symmetric and positive definite ([`linalg::cholesky`] says to which accuracy);
    /// * `df` is not in [D - 0.9, 1e100].
    ///
    /// ```
    /// use nalgebra::Matrix2;
    /// use reparam::prelude::*;
    /// let law = InverseWishart::from_scale_matrix(6.0, Matrix2::new(4.0, 2.0, 2.0, 5.0)).unwrap();
    /// assert_eq!(law, InverseWishart::from_cholesky(6.0, Matrix2::new(2.0, 0.0, 1.0, 2.0)).unwrap());
    /// ```
    pub fn from_scale_matrix(df: S, scale_matrix: OMatrix<S, D, D>) -> Result<Self, LawError> {
        let (bartlett, cholesky) = Bartlett::from_scale_matrix(df, &scale_matrix)?;
        Ok(InverseWishart { bartlett, cholesky })
    }

    /// The degrees of freedom ν.
    pub fn df(&self) -> S {
        self.bartlett.df
    }

    /// The Cholesky factor C of the scale.
    pub fn cholesky(&self) -> &OMatrix<S, D, D> {
        &self.cholesky
    }

    /// D
    fn size(&self) -> f64 {
        self.cholesky.nrows() as f64
    }

    /// The draw whose inverse has the factor L A.
    fn of_factor(&self, a: &OMatrix<S, D, D>) -> OMatrix<S, D, D> {
        let n = a.shape_generic().0;
        let mut b = OMatrix::from_fn_generic(n, n, |i, j| self.cholesky[(j, i)]);
        linalg::solve_lower(a, &mut b);
        // each entry below the diagonal and the one above are the same sum
        OMatrix::from_fn_generic(n, n, |i, j| sum((0..b.nrows()).map(|k| b[(k, i.max(j))] * b[(k, i.min(j))])))
    }
}

parameters!([S: Scalar, D: Dim] InverseWishart<S, D> where [DefaultAllocator: Square<D>], over [S], "inverse_wishart",
    law => { df: Number(S) = &law.bartlett.df, cholesky: Matrix(OMatrix<S, D, D>) = &law.cholesky },
    InverseWishart::from_cholesky(df, cholesky));

impl<S: Scalar, D: Dim> Distribution<OMatrix<S, D, D>> for InverseWishart<S, D>
where
    DefaultAllocator: Square<D>,
{
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> OMatrix<S, D, D> {
        self.drawn_by(&Formulas, rng)
    }
}

prepared_by_gammas!(InverseWishart, OMatrix<S, D, D>);

impl<S: Scalar, D: Dim> InverseWishart<S, D>
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
        self.of_factor(&self.bartlett.draw_at(by, coordinates))
    }

    fn drawn_by<R: Rng + ?Sized>(&self, by: &impl GammaLifts, rng: &mut R) -> OMatrix<S, D, D> {
        self.of_factor(&self.bartlett.sample(by, rng))
    }
}

impl<S: Scalar, D: Dim> Joint<S> for InverseWishart<S, D>
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

impl<S: Scalar, D: Dim> Multivariate<S> for InverseWishart<S, D>
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
        let trace = linalg::squared_norm_solved(&factor, &self.cholesky);
        bounded(
            df * linalg::ln_det_triangular(&self.cholesky)
                - (df + (self.size() + 1.0)) * linalg::ln_det_triangular(&factor)
                - trace * 0.5
                + self.bartlett.ln_constant(),
        )
    }

    /// Ψ/(ν - D - 1) where that is positive; `None` below.
    fn mean(&self) -> Option<OMatrix<S, D, D>> {
        let rest = self.bartlett.df - (self.size() + 1.0);
        (rest.re() > 0.0).then(|| linalg::from_cholesky(&self.cholesky).map(|v| v.over(rest)))
    }

    /// ((ν - D + 1) Ψ_ij² + (ν - D - 1) Ψ_ii Ψ_jj) / ((ν - D) (ν - D - 1)² (ν - D - 3)) for ν > D + 3; `None` below.
    fn variance(&self) -> Option<OMatrix<S, D, D>> {
        let rest = self.bartlett.df - self.size();
        if rest.re() <= 3.0 {
            return None;
        }
        let v = linalg::from_cholesky(&self.cholesky);
        let n = v.shape_generic().0;
        let divisor = rest * (rest - 1.0) * (rest - 1.0) * (rest - 3.0);
        Some(OMatrix::from_fn_generic(n, n, |i, j| {
            (v[(i, j)] * v[(i, j)] * (rest + 1.0) + v[(i, i)] * v[(j, j)] * (rest - 1.0)).over(divisor)
        }))
    }

    /// Ψ/(ν + D + 1)
    fn mode(&self) -> Option<OMatrix<S, D, D>> {
        let total = self.bartlett.df + (self.size() + 1.0);
        Some(linalg::from_cholesky(&self.cholesky).map(|v| v.over(total)))
    }

    /// (D + 1) ln det C - D (D + 1)/2 ln 2 + ln Γ_D(ν/2) - (ν + D + 1)/2 ψ_D(ν/2) + ν D/2
    fn entropy(&self) -> Option<S> {
        let d = self.size();
        Some(
            linalg::ln_det_triangular(&self.cholesky) * (d + 1.0) - 0.5 * d * (d + 1.0) * LN_2
                + self.bartlett.entropy(-(d + 1.0)),
        )
    }
}

impl<S: Scalar, D: Dim> KlDivergence<S> for InverseWishart<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// That of the Wishart laws of the inverses: ln Γ_D(ν₂/2) - ln Γ_D(ν₁/2) + (ν₁ - ν₂)/2 ψ_D(ν₁/2) + ν₁ (|M|² - D)/2 - ν₂ ln det M with
    /// M = C₁⁻¹ C₂; NaN for laws of different sizes.
    fn kl_divergence(&self, other: &Self) -> S {
        if self.shape() != other.shape() {
            return S::from(f64::NAN);
        }
        self.bartlett.kl_divergence(&other.bartlett, &self.cholesky, &other.cholesky)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{Matrix2, matrix};

    /// `tests/reference/make_multivariate.py` prints the numbers.
    #[test]
    fn density_and_entropy() {
        let close = |got: f64, want: f64| assert!((got - want).abs() <= 1e-14 * want.abs(), "{got:e}, not {want:e}");
        let factor = linalg::cholesky(&matrix![4.0, 1.0, -0.5; 1.0, 2.0, 0.3; -0.5, 0.3, 1.0]).unwrap();
        let law = InverseWishart::from_cholesky(4.5, factor).unwrap();
        close(law.ln_pdf(&matrix![1.0, 0.2, 0.1; 0.2, 1.5, -0.4; 0.1, -0.4, 0.7]), -5.504797180206865);
        close(law.entropy().unwrap(), 5.261469202668894);
        assert_eq!(law.ln_pdf(&-factor), f64::NEG_INFINITY);
    }

    #[test]
    fn refused() {
        let identity: Matrix2<f64> = Matrix2::identity();
        assert_eq!(InverseWishart::from_cholesky(1.0, identity).unwrap_err().parameter(), "df");
        assert_eq!(InverseWishart::from_cholesky(3.0, -identity).unwrap_err().parameter(), "cholesky");
        assert_eq!(InverseWishart::from_cholesky(3.0, identity).unwrap().mean(), None);
        assert_eq!(InverseWishart::from_cholesky(5.0, identity).unwrap().variance(), None);
    }
}

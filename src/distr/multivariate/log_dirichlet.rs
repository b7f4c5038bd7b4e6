//! The law of the logarithms of Dirichlet proportions.

use super::concentrations::Concentrations;
use super::gamma_lifts::{GammaLifts, GammaQuantiles, OfHandle, prepared_by_gammas};
use super::parameters::parameters;
use super::{Covariance, Multivariate};
use crate::distr::KlDivergence;
use crate::distr::table::{Formulas, GammaInverse, GammaTable, Known, NoInverse};
use crate::distr::{Coordinates, Joint};
use crate::linalg::Square;
use crate::parameter::LawError;
use crate::scalar::{Scalar, ln_softmax, ln_sum_exp};
use crate::special::{trigamma, trigamma_difference};
use nalgebra::{DefaultAllocator, Dim, OMatrix, OVector};
use rand::Rng;
use rand::distr::Distribution;

/// The law of y_i = ln x_i, x of the [`Dirichlet`](crate::distr::Dirichlet) law with concentrations α: a point of the log-simplex
/// Σ e^y_i = 1.
///
/// # Density function
/// f(y) = exp(Σ α_i y_i) / B(α), with respect to the log-ratios y_i - y_D, i < D. A point is in the support if ln Σ e^y_i is 0 up
/// to 1e-10.
///
/// # Derivatives
/// A draw is y_i = ln G_i - ln Σ G with independent gamma variables of shapes α_i, and dy_i/dα_j = (δ_ij - x_j) d ln G_j/dα_j, to any
/// order. Nothing underflows: draws and first derivatives are finite and not zero for concentrations of 1e-3 and far below.
///
/// # Example
/// ```
/// use nalgebra::Vector2;
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let alpha = Jet::variables([1e-6, 1e-6]);
/// let y = LogDirichlet::new(Vector2::from(alpha))?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(y.iter().any(|y| y.re < -1e4) && y.iter().all(|y| y.eps.iter().all(|e| e.is_finite())));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LogDirichlet<S: Scalar, D: Dim>
where
    DefaultAllocator: Square<D>,
{
    core: Concentrations<S, D>,
}

impl<S: Scalar, D: Dim> LogDirichlet<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// The law with concentrations α.
    ///
    /// # Errors
    /// If there are fewer than two, or one is not in [1e-100, 1e100].
    pub fn new(concentration: OVector<S, D>) -> Result<Self, LawError> {
        Ok(LogDirichlet { core: Concentrations::new(concentration)? })
    }

    /// What it shares with the law of the proportions, or of their logarithms.
    pub(super) fn concentrations(&self) -> &Concentrations<S, D> {
        &self.core
    }

    /// The concentrations α.
    pub fn concentration(&self) -> &OVector<S, D> {
        &self.core.alpha
    }
}

parameters!([S: Scalar, D: Dim] LogDirichlet<S, D> where [DefaultAllocator: Square<D>], over [S], "log_dirichlet",
    law => { concentration: Vector(OVector<S, D>) = &law.core.alpha },
    LogDirichlet::new(concentration));

impl<S: Scalar, D: Dim> Distribution<OVector<S, D>> for LogDirichlet<S, D>
where
    DefaultAllocator: Square<D>,
{
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> OVector<S, D> {
        self.drawn_by(&Formulas, rng)
    }
}

prepared_by_gammas!(LogDirichlet, OVector<S, D>);

impl<S: Scalar, D: Dim> LogDirichlet<S, D>
where
    DefaultAllocator: Square<D>,
{
    fn tables<const M: usize>(&self) -> OVector<GammaTable<M>, D> {
        self.core.tables()
    }

    fn inverses(&self) -> OVector<GammaInverse, D> {
        self.core.inverses()
    }

    fn drawn_at(&self, by: &impl GammaQuantiles, coordinates: &mut impl Coordinates) -> OVector<S, D> {
        let mut y = self.core.ln_gammas_at(by, coordinates);
        ln_softmax(y.as_mut_slice());
        y
    }

    fn drawn_by<R: Rng + ?Sized>(&self, by: &impl GammaLifts, rng: &mut R) -> OVector<S, D> {
        let noise = self.core.noise(rng);
        let mut y = self.core.ln_gammas(by, &noise);
        ln_softmax(y.as_mut_slice());
        y
    }
}

impl<S: Scalar, D: Dim> Joint<S> for LogDirichlet<S, D>
where
    DefaultAllocator: Square<D>,
{
    type Point = OVector<S, D>;

    fn draw_at(&self, coordinates: &mut impl Coordinates) -> OVector<S, D> {
        self.drawn_at(&NoInverse, coordinates)
    }

    fn sample_by<R: Rng + ?Sized>(&self, known: &mut impl Known, rng: &mut R) -> OVector<S, D> {
        self.drawn_by(&OfHandle::new(known), rng)
    }
}

impl<S: Scalar, D: Dim> Multivariate<S> for LogDirichlet<S, D>
where
    DefaultAllocator: Square<D>,
{
    fn shape(&self) -> (usize, usize) {
        self.core.alpha.shape()
    }

    fn ln_pdf(&self, y: &OVector<S, D>) -> S {
        if y.shape() != self.shape() || y.iter().any(|y| y.re().is_nan()) {
            return S::from(f64::NAN);
        }
        // the density falls to 0 with every entry that goes to -inf
        let outside = ln_sum_exp(y.map(|y| y.re()).as_slice()).abs() > 1e-10;
        if outside || y.iter().any(|y| y.re().is_infinite()) {
            return S::from(f64::NEG_INFINITY);
        }
        self.core.ln_pdf(y, 0.0)
    }

    /// ψ(α_i) - ψ(Σ α)
    fn mean(&self) -> Option<OVector<S, D>> {
        Some(-self.core.minus_means_ln())
    }

    /// ψ'(α_i) - ψ'(Σ α)
    fn variance(&self) -> Option<OVector<S, D>> {
        Some(-self.core.alpha.zip_map(&self.core.rests(), trigamma_difference))
    }

    /// ln α_i - ln Σ α, the density being that of log-ratios.
    fn mode(&self) -> Option<OVector<S, D>> {
        let ln_share =
            |a: S, rest: S| if rest.re() < a.re() { -rest.over(a).ln_1p() } else { a.ln() - (a + rest).ln() };
        Some(self.core.alpha.zip_map(&self.core.rests(), ln_share))
    }

    /// ln B(α) + Σ α_i (ψ(Σ α) - ψ(α_i))
    fn entropy(&self) -> Option<S> {
        Some(self.core.entropy(0.0))
    }
}

impl<S: Scalar, D: Dim> Covariance<S, D> for LogDirichlet<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// δ_ij ψ'(α_i) - ψ'(Σ α)
    fn covariance(&self) -> Option<OMatrix<S, D, D>> {
        let variance = self.variance()?;
        let between = -trigamma(self.core.total());
        let n = variance.shape_generic().0;
        Some(OMatrix::from_fn_generic(n, n, |i, j| if i == j { variance[i] } else { between }))
    }
}

impl<S: Scalar, D: Dim> KlDivergence<S> for LogDirichlet<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// That of the Dirichlet laws.
    fn kl_divergence(&self, other: &Self) -> S {
        self.core.kl_divergence(&other.core)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::vector;

    #[test]
    fn points() {
        let law = LogDirichlet::new(vector![1.0, 2.0]).unwrap();
        // x^1 (1 - x)^2 / B(1, 2) at x = 1/2
        let ln_2 = 2f64.ln();
        assert!((law.ln_pdf(&vector![-ln_2, -ln_2]) - (0.25f64).ln()).abs() < 1e-15);
        assert_eq!(law.ln_pdf(&vector![-1.0, -1.0]), f64::NEG_INFINITY);
        assert_eq!(law.ln_pdf(&vector![f64::NEG_INFINITY, 0.0]), f64::NEG_INFINITY);
        assert!(law.ln_pdf(&vector![f64::NAN, 0.0]).is_nan());
        // far out, where x underflows: a tail of slope α
        let tail = law.ln_pdf(&vector![-1e5, 0.0]) - law.ln_pdf(&vector![-1e4, 0.0]);
        assert!((tail + 9e4).abs() < 1e-9);
    }
}

//! The Dirichlet law of proportions.

use super::concentrations::{Concentrations, sums_of_others};
use super::gamma_lifts::{GammaLifts, GammaQuantiles, OfHandle, prepared_by_gammas};
use super::parameters::parameters;
use super::{Covariance, Multivariate};
use crate::distr::KlDivergence;
use crate::distr::form::share;
use crate::distr::table::{Formulas, GammaInverse, GammaTable, Known, NoInverse};
use crate::distr::{Coordinates, Joint};
use crate::linalg::{Square, sum};
use crate::parameter::LawError;
use crate::scalar::{Scalar, softmax};
use nalgebra::{DefaultAllocator, Dim, OMatrix, OVector};
use rand::Rng;
use rand::distr::Distribution;

/// The [Dirichlet law](https://en.wikipedia.org/wiki/Dirichlet_distribution) of `D` proportions x, positive numbers with sum 1, with
/// concentrations α.
///
/// # Density function
/// f(x) = Π x_i^(α_i - 1) / B(α), B(α) = Π Γ(α_i) / Γ(Σ α), with respect to the first D - 1 proportions. At a point with x_i = 0
/// it is 0 if any such α_i is above 1, else infinite if any is below 1. A point is in the support if no x_i is negative and their
/// sum is 1 up to 1e-10.
///
/// # Derivatives
/// A draw is x_i = G_i / Σ G with independent gamma variables of shapes α_i, and dx_i/dα_j = x_i (δ_ij - x_j) d ln G_j/dα_j, to any
/// order: the logarithms of the gamma draws carry derivatives (see [`Gamma`](crate::distr::Gamma)), then their softmax.
/// The derivatives of the density in x are those of the formula, not constrained to the simplex.
///
/// # Example
/// ```
/// use nalgebra::Vector3;
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let alpha = Jet::variables([0.5, 1.0, 2.0]);
/// let x = Dirichlet::new(Vector3::from(alpha))?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// let sum = x[0] + x[1] + x[2];
/// assert!((sum.re - 1.0).abs() < 1e-15 && sum.eps.iter().all(|e| e.abs() < 1e-15));
/// # Ok(()) }
/// ```
///
/// # Notes
/// With small concentrations proportions underflow to 0, and with them their derivatives; [`LogDirichlet`](crate::distr::LogDirichlet)
/// has neither loss.
#[derive(Clone, Debug, PartialEq)]
pub struct Dirichlet<S: Scalar, D: Dim>
where
    DefaultAllocator: Square<D>,
{
    core: Concentrations<S, D>,
}

impl<S: Scalar, D: Dim> Dirichlet<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// The law with concentrations α.
    ///
    /// # Errors
    /// If there are fewer than two, or one is not in [1e-100, 1e100].
    pub fn new(concentration: OVector<S, D>) -> Result<Self, LawError> {
        Ok(Dirichlet { core: Concentrations::new(concentration)? })
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

parameters!([S: Scalar, D: Dim] Dirichlet<S, D> where [DefaultAllocator: Square<D>], over [S], "dirichlet",
    law => { concentration: Vector(OVector<S, D>) = &law.core.alpha },
    Dirichlet::new(concentration));

impl<S: Scalar, D: Dim> Distribution<OVector<S, D>> for Dirichlet<S, D>
where
    DefaultAllocator: Square<D>,
{
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> OVector<S, D> {
        self.drawn_by(&Formulas, rng)
    }
}

prepared_by_gammas!(Dirichlet, OVector<S, D>);

impl<S: Scalar, D: Dim> Dirichlet<S, D>
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
        let mut x = self.core.ln_gammas_at(by, coordinates);
        softmax(x.as_mut_slice());
        x
    }

    fn drawn_by<R: Rng + ?Sized>(&self, by: &impl GammaLifts, rng: &mut R) -> OVector<S, D> {
        let noise = self.core.noise(rng);
        let values = noise.map(|n| n.value());
        let total = sum(values.iter().copied());
        // where every gamma variable underflows, their logarithms do not
        let plain = (f64::MIN_POSITIVE..=f64::MAX).contains(&total);
        if S::ORDER == 0 && plain {
            return values.map(|x| S::from(x / total));
        }
        let mut x = self.core.ln_gammas(by, &noise);
        softmax(x.as_mut_slice());
        if plain { x.zip_map(&values, |x, value| x.with_re(value / total)) } else { x }
    }
}

impl<S: Scalar, D: Dim> Joint<S> for Dirichlet<S, D>
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

impl<S: Scalar, D: Dim> Multivariate<S> for Dirichlet<S, D>
where
    DefaultAllocator: Square<D>,
{
    fn shape(&self) -> (usize, usize) {
        self.core.alpha.shape()
    }

    fn ln_pdf(&self, x: &OVector<S, D>) -> S {
        let total = sum(x.iter().map(|x| x.re()));
        if x.shape() != self.shape() || total.is_nan() {
            return S::from(f64::NAN);
        }
        if x.iter().any(|x| x.re() < 0.0) || (total - 1.0).abs() > 1e-10 {
            return S::from(f64::NEG_INFINITY);
        }
        let at_0 = || self.core.alpha.iter().zip(x.iter()).filter(|(_, x)| x.re() == 0.0).map(|(a, _)| a.re());
        if at_0().any(|a| a > 1.0) {
            return S::from(f64::NEG_INFINITY);
        }
        if at_0().any(|a| a < 1.0) {
            return S::from(f64::INFINITY);
        }
        if at_0().next().is_some() {
            // where α_i = 1 the power of x_i is 1, and falls infinitely fast with α_i
            let term = |(a, x): (&S, &S)| {
                if x.re() > 0.0 { (*a - 1.0) * x.ln() } else { a.with_re(0.0).chain(S::from(f64::NEG_INFINITY)) }
            };
            return sum(self.core.alpha.iter().zip(x.iter()).map(term)) - self.core.ln_beta();
        }
        self.core.ln_pdf(&x.map(|x| x.ln()), 1.0)
    }

    /// α_i / Σ α
    fn mean(&self) -> Option<OVector<S, D>> {
        Some(self.core.alpha.zip_map(&self.core.rests(), share))
    }

    /// m_i (1 - m_i) / (1 + Σ α), m the mean.
    fn variance(&self) -> Option<OVector<S, D>> {
        let total = self.core.total();
        let variance = |a: S, rest: S| share(a, rest) * share(rest, a).over(total + 1.0);
        Some(self.core.alpha.zip_map(&self.core.rests(), variance))
    }

    /// (α_i - 1)/Σ (α_j - 1) where no α is below 1 and one is above.
    fn mode(&self) -> Option<OVector<S, D>> {
        let excess = self.core.alpha.map(|a| a - 1.0);
        let is_bounded = excess.iter().all(|e| e.re() >= 0.0) && excess.iter().any(|e| e.re() > 0.0);
        is_bounded.then(|| excess.zip_map(&sums_of_others(&excess), share))
    }

    /// ln B(α) + Σ (α_i - 1) (ψ(Σ α) - ψ(α_i))
    fn entropy(&self) -> Option<S> {
        Some(self.core.entropy(1.0))
    }
}

impl<S: Scalar, D: Dim> Covariance<S, D> for Dirichlet<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// m_i (δ_ij - m_j) / (1 + Σ α), m the mean.
    fn covariance(&self) -> Option<OMatrix<S, D, D>> {
        let (mean, variance) = (self.mean()?, self.variance()?);
        let n = mean.shape_generic().0;
        let total = self.core.total();
        Some(OMatrix::from_fn_generic(
            n,
            n,
            |i, j| {
                if i == j { variance[i] } else { -mean[i] * mean[j].over(total + 1.0) }
            },
        ))
    }
}

impl<S: Scalar, D: Dim> KlDivergence<S> for Dirichlet<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// ln B(β) - ln B(α) + Σ (α_i - β_i) (ψ(α_i) - ψ(Σ α)); NaN for laws of different sizes.
    fn kl_divergence(&self, other: &Self) -> S {
        self.core.kl_divergence(&other.core)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{DVector, vector};

    #[track_caller]
    fn close(got: f64, want: f64, bound: f64) {
        assert!((got - want).abs() <= bound * want.abs(), "{got:e}, not {want:e}");
    }

    /// `tests/reference/make_multivariate.py` prints the numbers.
    #[test]
    fn density_entropy_and_divergence() {
        let law = Dirichlet::new(vector![0.3, 2.0, 5.5]).unwrap();
        close(law.ln_pdf(&vector![0.125, 0.25, 0.625]), 1.025_406_147_562_918, 4e-15);
        close(law.entropy().unwrap(), -3.650_040_505_031_687, 4e-15);
        close(law.kl_divergence(&Dirichlet::new(vector![1.0, 1.0, 2.0]).unwrap()), 2.235_841_577_917_19, 4e-15);
        let law = Dirichlet::new(vector![1e6, 2e6, 5e6]).unwrap();
        close(law.ln_pdf(&vector![0.125, 0.25, 0.625]), 16.024_944_668_007_495, 1e-13);
    }

    #[test]
    fn edges_of_the_simplex() {
        let law = Dirichlet::new(vector![0.5, 1.0, 2.0]).unwrap();
        assert_eq!(law.ln_pdf(&vector![0.0, 0.5, 0.5]), f64::INFINITY);
        assert_eq!(law.ln_pdf(&vector![0.5, 0.5, 0.0]), f64::NEG_INFINITY);
        assert_eq!(law.ln_pdf(&vector![0.0, 1.0, 0.0]), f64::NEG_INFINITY);
        assert_eq!(law.ln_pdf(&vector![0.5, 0.5, 0.5]), f64::NEG_INFINITY);
        assert_eq!(law.ln_pdf(&vector![-0.5, 0.5, 1.0]), f64::NEG_INFINITY);
        assert!(law.ln_pdf(&vector![f64::NAN, 0.5, 0.5]).is_nan());
        // x_1^(-1/2) x_3 / B at x_1 = x_3 = 1/2, B = Γ(1/2) Γ(2) / Γ(3.5) = 8/15
        close(law.ln_pdf(&vector![0.5, 0.0, 0.5]), (0.5f64.sqrt() * 15.0 / 8.0).ln(), 4e-15);
    }

    #[test]
    fn refused() {
        let error = Dirichlet::new(vector![1.0]).unwrap_err();
        assert_eq!((error.parameter(), error.value()), ("concentration", 1.0));
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-101] {
            let error = Dirichlet::new(vector![1.0, bad]).unwrap_err();
            assert_eq!((error.parameter(), error.value().to_bits()), ("concentration", bad.to_bits()));
        }
        let law = Dirichlet::new(DVector::from_element(3, 1.0)).unwrap();
        assert!(law.ln_pdf(&DVector::from_element(2, 0.5)).is_nan());
        assert!(law.kl_divergence(&Dirichlet::new(DVector::from_element(2, 1.0)).unwrap()).is_nan());
    }
}

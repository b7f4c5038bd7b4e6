//! The logistic-normal law of proportions.

use super::parameters::parameters;
use super::{Multivariate, MultivariateNormal};
use crate::distr::KlDivergence;
use crate::distr::{Coordinates, Joint};
use crate::linalg::{Square, sum};
use crate::scalar::{Scalar, softmax};
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, DimAdd, DimSum, OVector, U1};
use rand::Rng;
use rand::distr::Distribution;

/// The [logistic-normal law](https://en.wikipedia.org/wiki/Logit-normal_distribution#Multivariate_generalization) of D + 1
/// proportions x whose log-ratios to the last, η_i = ln(x_i / x_(D+1)), have a multivariate normal law.
///
/// # Density function
/// f(x) = n(η) / Π x_i with respect to the first D proportions, n the normal density. A point is in the support if every x_i is
/// positive and their sum is 1 up to 1e-10.
///
/// # Derivatives
/// A draw is the softmax of (η, 0), so that dx_i/dη_j = x_i (δ_ij - x_j), and η moves as a
/// [`MultivariateNormal`] draw does.
///
/// # Example
/// ```
/// use nalgebra::{Matrix2, Vector2};
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let ratios = MultivariateNormal::from_covariance(Vector2::new(0.5, -0.5), Matrix2::identity())?;
/// let x = LogisticNormal::new(ratios).sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((x.sum() - 1.0).abs() < 1e-15 && x.len() == 3);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Neither moments nor entropy have closed forms. Source: Aitchison & Shen 1980, "Logistic-normal distributions: some properties
/// and uses", Biometrika 67.
#[derive(Clone, Debug, PartialEq)]
pub struct LogisticNormal<S: Scalar, D: Dim>
where
    DefaultAllocator: Square<D>,
{
    ratios: MultivariateNormal<S, D>,
}

impl<S: Scalar, D: Dim> LogisticNormal<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// The law whose log-ratios have the law `ratios`.
    pub fn new(ratios: MultivariateNormal<S, D>) -> Self {
        LogisticNormal { ratios }
    }

    /// The law of the log-ratios.
    pub fn ratios(&self) -> &MultivariateNormal<S, D> {
        &self.ratios
    }
}

parameters!([S: Scalar, D: Dim] LogisticNormal<S, D> where [DefaultAllocator: Square<D>], over [S], "logistic_normal",
    law => { ratios: Number(MultivariateNormal<S, D>) = &law.ratios },
    Ok::<_, core::convert::Infallible>(LogisticNormal::new(ratios)));

impl<S: Scalar, D: DimAdd<U1>> LogisticNormal<S, D>
where
    DefaultAllocator: Square<D> + Allocator<DimSum<D, U1>>,
{
    /// The proportions with these logarithms of their ratios to the last one.
    fn proportions(ratios: &OVector<S, D>) -> OVector<S, DimSum<D, U1>> {
        let (rows, columns) = ratios.shape_generic();
        let of = |i| if i < ratios.len() { ratios[i] } else { S::from(0.0) };
        let mut x = OVector::from_fn_generic(rows.add(U1), columns, |i, _| of(i));
        softmax(x.as_mut_slice());
        x
    }
}

impl<S: Scalar, D: DimAdd<U1>> Distribution<OVector<S, DimSum<D, U1>>> for LogisticNormal<S, D>
where
    DefaultAllocator: Square<D> + Allocator<DimSum<D, U1>>,
{
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> OVector<S, DimSum<D, U1>> {
        Self::proportions(&self.ratios.sample(rng))
    }
}

impl<S: Scalar, D: DimAdd<U1>> Joint<S> for LogisticNormal<S, D>
where
    DefaultAllocator: Square<D> + Allocator<DimSum<D, U1>>,
{
    type Point = OVector<S, DimSum<D, U1>>;

    fn draw_at(&self, coordinates: &mut impl Coordinates) -> OVector<S, DimSum<D, U1>> {
        Self::proportions(&self.ratios.draw_at(coordinates))
    }
}

impl<S: Scalar, D: DimAdd<U1>> Multivariate<S> for LogisticNormal<S, D>
where
    DefaultAllocator: Square<D> + Allocator<DimSum<D, U1>>,
{
    fn shape(&self) -> (usize, usize) {
        (self.ratios.shape().0 + 1, 1)
    }

    fn ln_pdf(&self, x: &Self::Point) -> S {
        let total = sum(x.iter().map(|x| x.re()));
        if x.shape() != self.shape() || total.is_nan() {
            return S::from(f64::NAN);
        }
        if x.iter().any(|x| x.re() <= 0.0) || (total - 1.0).abs() > 1e-10 {
            return S::from(f64::NEG_INFINITY);
        }
        let rows = self.ratios.cholesky().shape_generic().0;
        let ln = x.map(|x| x.ln());
        let last = ln[ln.len() - 1];
        let ratios = OVector::<S, D>::from_fn_generic(rows, U1, |i, _| ln[i] - last);
        self.ratios.ln_pdf(&ratios) - sum(ln.iter().copied())
    }

    fn mean(&self) -> Option<Self::Point> {
        None
    }

    fn variance(&self) -> Option<Self::Point> {
        None
    }

    fn mode(&self) -> Option<Self::Point> {
        None
    }

    fn entropy(&self) -> Option<S> {
        None
    }
}

impl<S: Scalar, D: Dim> KlDivergence<S> for LogisticNormal<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// That of the log-ratios' laws, which no invertible map changes.
    fn kl_divergence(&self, other: &Self) -> S {
        self.ratios.kl_divergence(&other.ratios)
    }
}

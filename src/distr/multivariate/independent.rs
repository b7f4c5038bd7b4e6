//! Vectors of independent variables.

use super::parameters::parameters;
use super::{Covariance, Multivariate};
use crate::distr::{Continuous, KlDivergence};
use crate::distr::{Coordinates, Joint, draw_at};
use crate::linalg::sum;
use crate::scalar::Scalar;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, OMatrix, OVector};
use rand::Rng;
use rand::distr::Distribution;

/// The law of a vector of independent entries, each with its own law of one family.
///
/// # Density function
/// f(x) = Π f_i(x_i).
///
/// # Derivatives
/// Those of the entries' laws; draws are taken in the order of entries.
///
/// # Example
/// ```
/// use nalgebra::vector;
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = Independent::new(vector![Gamma::new(2.0, 1.0)?, Gamma::new(0.5, 2.0)?]);
/// assert_eq!(law.mean(), Some(vector![2.0, 0.25]));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Independent<L: nalgebra::Scalar, D: Dim>
where
    DefaultAllocator: Allocator<D>,
{
    laws: OVector<L, D>,
}

impl<L: nalgebra::Scalar, D: Dim> Independent<L, D>
where
    DefaultAllocator: Allocator<D>,
{
    /// The law of entries with these laws.
    pub fn new(laws: OVector<L, D>) -> Self {
        Independent { laws }
    }

    /// The entries' laws.
    pub fn laws(&self) -> &OVector<L, D> {
        &self.laws
    }

    /// `f` of every entry's law; `None` if it is for one of them.
    fn each<S: Scalar>(&self, f: impl Fn(&L) -> Option<S>) -> Option<OVector<S, D>> {
        let values = self.laws.map(|law| f(&law));
        // nalgebra has no collection of options
        if values.iter().any(Option::is_none) {
            return None;
        }
        Some(values.map(|x| x.unwrap_or(S::from(f64::NAN))))
    }
}

parameters!([L: nalgebra::Scalar, D: Dim] Independent<L, D> where [DefaultAllocator: Allocator<D>], over [L], "independent",
    law => { laws: Vector(OVector<L, D>) = &law.laws },
    Ok::<_, core::convert::Infallible>(Independent::new(laws)));

impl<S: Scalar, L: Continuous<S> + nalgebra::Scalar, D: Dim> Distribution<OVector<S, D>> for Independent<L, D>
where
    DefaultAllocator: Allocator<D>,
{
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> OVector<S, D> {
        let (rows, columns) = self.laws.shape_generic();
        OVector::from_fn_generic(rows, columns, |i, _| self.laws[i].sample(rng))
    }
}

impl<S: Scalar, L: Continuous<S> + nalgebra::Scalar, D: Dim> Joint<S> for Independent<L, D>
where
    DefaultAllocator: Allocator<D>,
{
    type Point = OVector<S, D>;

    fn draw_at(&self, coordinates: &mut impl Coordinates) -> OVector<S, D> {
        let (rows, columns) = self.laws.shape_generic();
        OVector::from_fn_generic(rows, columns, |i, _| draw_at(&self.laws[i], coordinates.uniform()))
    }
}

impl<S: Scalar, L: Continuous<S> + nalgebra::Scalar, D: Dim> Multivariate<S> for Independent<L, D>
where
    DefaultAllocator: Allocator<D>,
{
    fn shape(&self) -> (usize, usize) {
        self.laws.shape()
    }

    fn ln_pdf(&self, x: &OVector<S, D>) -> S {
        if x.shape() != self.laws.shape() || x.iter().any(|x| x.re().is_nan()) {
            return S::from(f64::NAN);
        }
        let each = || self.laws.iter().zip(x.iter()).map(|(law, x)| law.ln_pdf(*x));
        // outside the support wins over an infinite density elsewhere
        if each().any(|ln| ln.re() == f64::NEG_INFINITY) { S::from(f64::NEG_INFINITY) } else { sum(each()) }
    }

    fn mean(&self) -> Option<OVector<S, D>> {
        self.each(L::mean)
    }

    fn variance(&self) -> Option<OVector<S, D>> {
        self.each(L::variance)
    }

    fn mode(&self) -> Option<OVector<S, D>> {
        self.each(L::mode)
    }

    fn entropy(&self) -> Option<S> {
        Some(sum(self.laws.iter().map(L::entropy)))
    }
}

impl<S: Scalar, L: Continuous<S> + nalgebra::Scalar, D: Dim> Covariance<S, D> for Independent<L, D>
where
    DefaultAllocator: Allocator<D> + Allocator<D, D>,
{
    fn covariance(&self) -> Option<OMatrix<S, D, D>> {
        let variance = Multivariate::<S>::variance(self)?;
        let n = variance.shape_generic().0;
        Some(OMatrix::from_fn_generic(n, n, |i, j| if i == j { variance[i] } else { S::from(0.0) }))
    }
}

impl<S: Scalar, L: KlDivergence<S> + nalgebra::Scalar, D: Dim> KlDivergence<S> for Independent<L, D>
where
    DefaultAllocator: Allocator<D>,
{
    /// The sum over the entries; NaN for laws of different sizes.
    fn kl_divergence(&self, other: &Self) -> S {
        if self.laws.shape() != other.laws.shape() {
            return S::from(f64::NAN);
        }
        sum(self.laws.iter().zip(other.laws.iter()).map(|(a, b)| a.kl_divergence(b)))
    }
}

//! Divergences between the laws of vectors that are normal: full, of low rank, of independent entries.

use super::normal::difference;
use super::{Dirichlet, Independent, LogDirichlet, LowRankNormal, MultivariateNormal};
use crate::distr::{KlDivergence, Normal};
use crate::linalg::{self, Square, sum};
use crate::scalar::Scalar;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, OVector};

/// A normal law of vectors, by what a divergence asks of it.
pub(super) trait Gaussian<S: Scalar, D: Dim>
where
    DefaultAllocator: Square<D>,
{
    fn location(&self) -> OVector<S, D>;

    /// rᵀ Σ⁻¹ r
    fn form(&self, r: &OVector<S, D>) -> S;

    /// (ln det Σ)/2
    fn half_ln_det(&self) -> S;

    /// Σ f(w) over vectors w with Σ w wᵀ = Σ.
    fn over_square_root(&self, f: impl Fn(&OVector<S, D>) -> S) -> S;
}

/// tr(Σ₂⁻¹ Σ₁)/2 - D/2 + (μ₁ - μ₂)ᵀ Σ₂⁻¹ (μ₁ - μ₂)/2 + (ln det Σ₂ - ln det Σ₁)/2; NaN for laws of different sizes.
pub(super) fn divergence<S: Scalar, D: Dim>(from: &impl Gaussian<S, D>, to: &impl Gaussian<S, D>) -> S
where
    DefaultAllocator: Square<D>,
{
    let (mean, other) = (from.location(), to.location());
    if mean.shape() != other.shape() {
        return S::from(f64::NAN);
    }
    let trace = from.over_square_root(|w| to.form(w));
    (trace - mean.len() as f64 + to.form(&difference(&mean, &other))) * 0.5 + to.half_ln_det() - from.half_ln_det()
}

impl<S: Scalar, D: Dim> Gaussian<S, D> for MultivariateNormal<S, D>
where
    DefaultAllocator: Square<D>,
{
    fn location(&self) -> OVector<S, D> {
        MultivariateNormal::location(self).clone()
    }
    fn form(&self, r: &OVector<S, D>) -> S {
        linalg::squared_norm_solved(self.cholesky(), r)
    }
    fn half_ln_det(&self) -> S {
        linalg::ln_det_triangular(self.cholesky())
    }
    fn over_square_root(&self, f: impl Fn(&OVector<S, D>) -> S) -> S {
        sum((0..self.cholesky().ncols()).map(|j| f(&self.cholesky().column(j).into_owned())))
    }
}

/// The vector x e_i.
fn along<S: Scalar, D: Dim>(like: &OVector<S, D>, i: usize, x: S) -> OVector<S, D>
where
    DefaultAllocator: Square<D>,
{
    let (rows, one) = like.shape_generic();
    OVector::from_fn_generic(rows, one, |j, _| if i == j { x } else { S::from(0.0) })
}

impl<S: Scalar, D: Dim, K: Dim> Gaussian<S, D> for LowRankNormal<S, D, K>
where
    DefaultAllocator: Square<D> + Square<K> + Allocator<D, K>,
{
    fn location(&self) -> OVector<S, D> {
        LowRankNormal::location(self).clone()
    }
    fn form(&self, r: &OVector<S, D>) -> S {
        LowRankNormal::form(self, r)
    }
    fn half_ln_det(&self) -> S {
        LowRankNormal::half_ln_det(self)
    }
    fn over_square_root(&self, f: impl Fn(&OVector<S, D>) -> S) -> S {
        let common = (0..self.factor().ncols()).map(|a| f(&self.factor().column(a).into_owned()));
        // d f(e_i) in place of f(sqrt(d) e_i): f is a quadratic form
        let own = self.diagonal().iter().enumerate();
        sum(common) + sum(own.map(|(i, d)| *d * f(&along(self.diagonal(), i, S::from(1.0)))))
    }
}

impl<S: Scalar, D: Dim> Gaussian<S, D> for Independent<Normal<S>, D>
where
    DefaultAllocator: Square<D>,
{
    fn location(&self) -> OVector<S, D> {
        self.laws().map(|law| law.location())
    }
    fn form(&self, r: &OVector<S, D>) -> S {
        let scaled = r.iter().zip(self.laws().iter()).map(|(r, law)| r.over(law.std_dev()));
        sum(scaled.map(|z| z * z))
    }
    fn half_ln_det(&self) -> S {
        sum(self.laws().iter().map(|law| law.std_dev().ln()))
    }
    fn over_square_root(&self, f: impl Fn(&OVector<S, D>) -> S) -> S {
        let like = Gaussian::location(self);
        sum(self.laws().iter().enumerate().map(|(i, law)| f(&along(&like, i, law.std_dev()))))
    }
}

/// The divergence of one normal law from another of a different type, both ways.
macro_rules! between {
    ($([$($k:ident)?] where [$($room:tt)*] $law:ty, $other:ty;)+) => {
        $(between!(@one [$($k)?] [$($room)*] $law, $other);
        between!(@one [$($k)?] [$($room)*] $other, $law);)+
    };
    (@one [$($k:ident)?] [$($room:tt)*] $law:ty, $other:ty) => {
        impl<S: Scalar, D: Dim $(, $k: Dim)?> KlDivergence<S, $other> for $law
        where
            DefaultAllocator: $($room)*,
        {
            /// That of the normal laws; NaN for laws of different sizes.
            fn kl_divergence(&self, other: &$other) -> S {
                divergence(self, other)
            }
        }
    };
}

between! {
    [] where [Square<D>] MultivariateNormal<S, D>, Independent<Normal<S>, D>;
    [K] where [Square<D> + Square<K> + Allocator<D, K>] MultivariateNormal<S, D>, LowRankNormal<S, D, K>;
    [K] where [Square<D> + Square<K> + Allocator<D, K>] Independent<Normal<S>, D>, LowRankNormal<S, D, K>;
}

impl<S: Scalar, D: Dim> KlDivergence<S, LogDirichlet<S, D>> for Dirichlet<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// That of the laws of the logarithms: a map that is one to one changes no divergence.
    fn kl_divergence(&self, other: &LogDirichlet<S, D>) -> S {
        self.concentrations().kl_divergence(other.concentrations())
    }
}

impl<S: Scalar, D: Dim> KlDivergence<S, Dirichlet<S, D>> for LogDirichlet<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// That of the laws of the proportions.
    fn kl_divergence(&self, other: &Dirichlet<S, D>) -> S {
        self.concentrations().kl_divergence(other.concentrations())
    }
}

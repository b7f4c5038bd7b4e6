//! What the Wishart laws share: Bartlett's factor and the multivariate gamma function.

use super::gamma_lifts::{GammaLifts, GammaQuantiles, gamma_inverses, gamma_tables};
use super::not_a_factor;
use crate::distr::Coordinates;
use crate::distr::form::of_gamma::StandardGamma;
use crate::distr::table::{GammaInverse, GammaTable};
use crate::linalg::{self, Square, sum};
use crate::noise;
use crate::parameter::{LawError, check, refuse};
use crate::scalar::{Scalar, math};
use crate::special::{digamma, ln_gamma, mean_divergence, mean_on_the_way, shape_divergence};
use core::f64::consts::{LN_2, PI};
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, OMatrix, OVector, U1};
use rand::Rng;

/// Degrees of freedom ν of a Wishart law of D by D matrices, with the gamma laws on the diagonal of Bartlett's factor.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bartlett<S: Scalar, D: Dim>
where
    DefaultAllocator: Allocator<D>,
{
    pub df: S,
    /// Scalar i has the shape (ν - i)/2.
    gammas: OVector<StandardGamma<S>, D>,
}

/// The smallest plain gamma draw: one in 10^15 is below, at the smallest ν, and is taken to be this.
const SMALLEST: f64 = 1e-300;

impl<S: Scalar, D: Dim> Bartlett<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// With the size of the Cholesky factor of the scale, which is checked.
    ///
    /// # Errors
    /// If
    /// * `cholesky` is not square and lower triangular with entries in [-1e150, 1e150] and a diagonal in
    ///   [1e-150, 1e150];
    /// * `df` is not in [D - 0.9, 1e100].
    pub fn new(df: S, cholesky: &OMatrix<S, D, D>) -> Result<Self, LawError> {
        check!("a Wishart or inverse Wishart law", cholesky;
            "square and lower triangular with a positive diagonal, of entries in range" unless not_a_factor(cholesky));
        let size = cholesky.shape_generic().0;
        // of the nearest double to D - 0.9, as a caller writes it: a difference would be rounded anew
        let least = (10 * size.value() as u64 - 9) as f64 / 10.0;
        check!("a Wishart or inverse Wishart law", df: "at least the size less 0.9, and at most 1e100"
            if (least..=1e100).contains(&df.re()));
        let gammas = OVector::from_fn_generic(size, U1, |i, _| StandardGamma::new((df - i as f64) * 0.5));
        Ok(Bartlett { df, gammas })
    }

    /// The same with the scale itself, and its Cholesky factor.
    ///
    /// # Errors
    /// If `scale_matrix` is not symmetric and positive definite to working accuracy, or its factor or `df` is not as
    /// above.
    pub fn from_scale_matrix(df: S, scale_matrix: &OMatrix<S, D, D>) -> Result<(Self, OMatrix<S, D, D>), LawError> {
        let cholesky = match linalg::factor(scale_matrix) {
            Ok(cholesky) => cholesky,
            Err(value) => refuse!("a Wishart or inverse Wishart law", scale_matrix, value;
                "symmetric and positive definite, each pivot above 0"),
        };
        Ok((Self::new(df, &cholesky)?, cholesky))
    }

    /// The tables of the gamma variables on the diagonal.
    pub fn tables<const M: usize>(&self) -> OVector<GammaTable<M>, D> {
        gamma_tables(&self.gammas)
    }

    /// Those of their quantiles.
    pub fn inverses(&self) -> OVector<GammaInverse, D> {
        gamma_inverses(&self.gammas)
    }

    /// D
    fn size(&self) -> f64 {
        self.gammas.len() as f64
    }

    /// The lower triangular A with A Aᵀ of the Wishart law with scale I: normal below the diagonal, sqrt(2 G_i) on it
    /// (Bartlett 1933, "On the theory of statistical regression", Proc. R. Soc. Edinburgh 53).
    pub fn sample<R: Rng + ?Sized>(&self, by: &impl GammaLifts, rng: &mut R) -> OMatrix<S, D, D> {
        self.made_of(rng, |rng| noise::normal(rng), |i, rng| self.on_diagonal(i, by, rng))
    }

    /// The same at these coordinates.
    pub fn draw_at(&self, by: &impl GammaQuantiles, coordinates: &mut impl Coordinates) -> OMatrix<S, D, D> {
        let smallest = math::ln(SMALLEST);
        self.made_of(
            coordinates,
            |u| u.normal(),
            |i, u| {
                let ln = by.ln_at(i, &self.gammas[i], u.uniform());
                if ln.re() < smallest { S::from(math::sqrt(2.0 * SMALLEST)) } else { ((ln + LN_2) * 0.5).exp() }
            },
        )
    }

    fn made_of<N: ?Sized>(
        &self,
        source: &mut N,
        normal: impl Fn(&mut N) -> f64,
        on_diagonal: impl Fn(usize, &mut N) -> S,
    ) -> OMatrix<S, D, D> {
        let n = self.gammas.shape_generic().0;
        OMatrix::from_fn_generic(n, n, |i, j| match i {
            _ if i > j => S::from(normal(source)),
            _ if i < j => S::from(0.0),
            _ => on_diagonal(i, source),
        })
    }

    /// sqrt(2 G_i)
    fn on_diagonal<R: Rng + ?Sized>(&self, i: usize, by: &impl GammaLifts, rng: &mut R) -> S {
        let noise = self.gammas[i].noise(rng);
        let gamma = noise.value();
        if gamma < SMALLEST {
            return S::from(math::sqrt(2.0 * SMALLEST));
        }
        let value = math::sqrt(2.0 * gamma);
        if S::ORDER == 0 {
            return S::from(value);
        }
        ((by.lift_ln(i, &self.gammas[i], &noise) + LN_2) * 0.5).exp().with_re(value)
    }

    /// ln Γ_D(ν/2) = D (D - 1)/4 ln π + Σ ln Γ((ν - i)/2).
    pub fn ln_gamma(&self) -> S {
        let d = self.size();
        sum(self.gammas.iter().map(|g| ln_gamma(g.shape))) + d * (d - 1.0) * 0.25 * math::ln(PI)
    }

    /// ln Γ_D(ν/2) - (ν - c)/2 ψ_D(ν/2) + ν D/2, in which no large logarithms cancel: Σ over x = (ν - i)/2, which is
    /// h(x) + (c - i)/2 ψ(x) + i/2 with h the entropy of a gamma variable's logarithm, and D (D - 1)/4 ln π.
    pub fn entropy(&self, c: f64) -> S {
        let d = self.size();
        let terms = self.gammas.iter().enumerate().map(|(i, g)| {
            let i = i as f64;
            g.entropy_of_ln() + digamma(g.shape) * (0.5 * (c - i)) + 0.5 * i
        });
        sum(terms) + d * (d - 1.0) * 0.25 * math::ln(PI)
    }

    /// The divergence from the Wishart law of `self` to that of `other` degrees of freedom, M = A⁻¹ B being the quotient of the factors of
    /// their scales: ln Γ_D(ν₂/2) - ln Γ_D(ν₁/2) + (ν₁ - ν₂)/2 ψ_D(ν₁/2) + ν₁ (|M|² - D)/2 - ν₂ ln det M.
    ///
    /// Of positive terms: for each diagonal entry m the divergence of gamma laws with shapes ν₁/2, ν₂/2 and the
    /// quotient m² of their rates, but with ψ' at (ν - i)/2, and ν₁/2 times the squares below the diagonal.
    pub fn kl_divergence(&self, other: &Self, a: &OMatrix<S, D, D>, b: &OMatrix<S, D, D>) -> S {
        let mut m = b.clone();
        linalg::solve_lower(a, &mut m);
        let (half, others_half) = (self.df * 0.5, other.df * 0.5);
        let step = others_half - half;
        let diagonal = (0..m.nrows()).map(|i| {
            let d = (b[(i, i)] - a[(i, i)]).over(a[(i, i)]);
            let (ratio, growth) = (m[(i, i)], d * (d + 2.0));
            let factors = [half.over(others_half), ratio, ratio];
            let means =
                mean_divergence(others_half, factors, [(half * growth).over(others_half), -step.over(others_half)]);
            means + self.shape_divergence(other, i)
        });
        let below = (0..m.nrows()).flat_map(|i| (0..i).map(move |j| (i, j))).map(|ij| m[ij] * m[ij]);
        sum(diagonal) + sum(below) * half
    }

    /// ∫ (1 - t) (ψ'(y) - 1/(y + i/2)) d² dt for the shapes y = (ν - i)/2 from one law to the other.
    fn shape_divergence(&self, other: &Self, i: usize) -> S {
        let (from, to, shift) = (self.gammas[i].shape, other.gammas[i].shape, i as f64 * 0.5);
        let d = to - from;
        let rest = shape_divergence(from, to, d);
        if i == 0 {
            return rest;
        }
        // 1/y - 1/(y + i/2)
        let ratio = to.re() / from.re();
        let between = mean_on_the_way(ratio.min(1.0), ratio.max(1.0), |t, rest| {
            let y = from * rest + to * t;
            d.over(y) * d.over(y + shift)
        });
        rest + between * shift
    }

    /// The logarithm of the constant of the Wishart density with scale I: -ν D/2 ln 2 - ln Γ_D(ν/2).
    pub fn ln_constant(&self) -> S {
        self.df * (-0.5 * LN_2 * self.size()) - self.ln_gamma()
    }
}

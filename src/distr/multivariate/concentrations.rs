//! What the Dirichlet laws of proportions and of their logarithms share.

use super::gamma_lifts::{GammaLifts, GammaQuantiles, gamma_inverses, gamma_tables};
use crate::distr::Coordinates;
use crate::distr::form::of_gamma::StandardGamma;
use crate::distr::table::{GammaInverse, GammaTable};
use crate::linalg::sum;
use crate::noise::gamma::GammaNoise;
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, math};
use crate::special::{UnitPoint, beta_divergence, digamma_difference, entropy_of_logit_beta, ln_beta, ln_beta_density};
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, OVector};
use rand::Rng;

/// Concentrations α with the gamma laws of which proportions are made.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Concentrations<S: Scalar, D: Dim>
where
    DefaultAllocator: Allocator<D>,
{
    pub alpha: OVector<S, D>,
    gammas: OVector<StandardGamma<S>, D>,
}

/// The sum of concentrations from which the logarithm of the density is summed without large terms.
const LARGE_TOTAL: f64 = 16.0;

/// The sum of the others for each entry: of those before it and those behind.
pub(super) fn sums_of_others<S: Scalar, D: Dim>(values: &OVector<S, D>) -> OVector<S, D>
where
    DefaultAllocator: Allocator<D>,
{
    let mut before = S::from(0.0);
    let mut sums = values.map(|value| {
        let sum = before;
        before += value;
        sum
    });
    let mut behind = S::from(0.0);
    for (sum, value) in sums.iter_mut().zip(values.iter()).rev() {
        *sum += behind;
        behind += *value;
    }
    sums
}

impl<S: Scalar, D: Dim> Concentrations<S, D>
where
    DefaultAllocator: Allocator<D>,
{
    /// # Errors
    /// If `concentration` has fewer than two entries, or one outside [1e-100, 1e100].
    pub fn new(concentration: OVector<S, D>) -> Result<Self, LawError> {
        let count = concentration.nrows();
        check!("a Dirichlet law", concentration, count as f64; "two entries long or longer" if count >= 2);
        check!("a Dirichlet law", concentration: each [1e-100, 1e100]);
        Ok(Concentrations { gammas: concentration.map(StandardGamma::new), alpha: concentration })
    }

    /// Plain draws of the gamma variables.
    pub fn noise<R: Rng + ?Sized>(&self, rng: &mut R) -> OVector<GammaNoise, D> {
        self.gammas.map(|gamma| gamma.noise(rng))
    }

    /// The logarithms of these draws with their derivatives.
    pub fn ln_gammas(&self, by: &impl GammaLifts, noise: &OVector<GammaNoise, D>) -> OVector<S, D> {
        let (rows, columns) = noise.shape_generic();
        OVector::from_fn_generic(rows, columns, |i, _| by.lift_ln(i, &self.gammas[i], &noise[i]))
    }

    /// The tables of the gamma variables.
    pub fn tables<const M: usize>(&self) -> OVector<GammaTable<M>, D> {
        gamma_tables(&self.gammas)
    }

    /// The tables of their quantiles.
    pub fn inverses(&self) -> OVector<GammaInverse, D> {
        gamma_inverses(&self.gammas)
    }

    /// The logarithms of the gamma variables at these coordinates.
    pub fn ln_gammas_at(&self, by: &impl GammaQuantiles, coordinates: &mut impl Coordinates) -> OVector<S, D> {
        let (rows, columns) = self.gammas.shape_generic();
        OVector::from_fn_generic(rows, columns, |i, _| by.ln_at(i, &self.gammas[i], coordinates.uniform()))
    }

    /// Σ α
    pub fn total(&self) -> S {
        sum(self.alpha.iter().copied())
    }

    /// Σ α without α_i for each i.
    pub fn rests(&self) -> OVector<S, D> {
        sums_of_others(&self.alpha)
    }

    /// ψ(Σ α) - ψ(α_i) = -E[ln x_i].
    pub fn minus_means_ln(&self) -> OVector<S, D> {
        self.alpha.zip_map(&self.rests(), digamma_difference)
    }

    /// Σ of a function of the shapes of the beta laws of each proportion of what is left of the whole.
    fn over_splits(&self, f: impl Fn(S, S) -> S) -> S {
        let n = self.alpha.len();
        let mut rest = self.alpha[n - 1];
        sum((0..n - 1).rev().map(|i| {
            let a = self.alpha[i];
            let y = f(a, rest);
            rest += a;
            y
        }))
    }

    /// ln B(α) = Σ ln Γ(α_i) - ln Γ(Σ α).
    pub fn ln_beta(&self) -> S {
        self.over_splits(ln_beta)
    }

    /// Σ (α_i - less) ln x_i - ln B(α).
    pub fn ln_pdf(&self, ln_x: &OVector<S, D>, less: f64) -> S {
        let terms = self.alpha.iter().zip(ln_x.iter());
        let ln = sum(terms.map(|(a, ln)| (*a - less) * *ln)) - self.ln_beta();
        if self.total().re() < LARGE_TOTAL {
            return ln;
        }
        ln.with_re(self.ln_pdf_of_ratios(ln_x) - less * sum(ln_x.iter().map(|ln| ln.re())))
    }

    /// The value of Σ α_i ln x_i - ln B(α): each proportion of what is left of the whole has a beta law, whose density is known
    /// without large terms.
    fn ln_pdf_of_ratios(&self, ln_x: &OVector<S, D>) -> f64 {
        let n = ln_x.len();
        let (mut rest, mut ln_rest) = (self.alpha[n - 1].re(), ln_x[n - 1].re());
        sum((0..n - 1).rev().map(|i| {
            let (a, logit) = (self.alpha[i].re(), ln_x[i].re() - ln_rest);
            let ln = ln_beta_density(a, rest, UnitPoint::from_logit(logit));
            rest += a;
            ln_rest += math::softplus(logit);
            ln
        }))
    }

    /// ln B(α) + Σ (α_i - less) (ψ(Σ α) - ψ(α_i)): that of the beta laws' logits, which has no large terms, and the mean of
    /// the logarithms.
    pub fn entropy(&self, less: f64) -> S {
        self.over_splits(entropy_of_logit_beta) - sum(self.minus_means_ln().iter().copied()) * less
    }

    /// ln B(β) - ln B(α) + Σ (α_i - β_i) (ψ(α_i) - ψ(Σ α)); NaN for laws of different sizes.
    ///
    /// The sum of the divergences of the beta laws of each proportion of what is left of the whole: none is negative.
    pub fn kl_divergence(&self, other: &Self) -> S {
        let n = self.alpha.len();
        if n != other.alpha.len() {
            return S::from(f64::NAN);
        }
        let step = |i: usize| other.alpha[i] - self.alpha[i];
        let (mut rest, mut others_rest, mut rest_step) = (self.alpha[n - 1], other.alpha[n - 1], step(n - 1));
        sum((0..n - 1).rev().map(|i| {
            let divergence =
                beta_divergence([self.alpha[i], rest], [other.alpha[i], others_rest], [step(i), rest_step]);
            rest += self.alpha[i];
            others_rest += other.alpha[i];
            rest_step += step(i);
            divergence
        }))
    }
}

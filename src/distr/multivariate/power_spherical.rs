//! The power spherical law.

use super::parameters::parameters;
use super::sphere::{CosineMoments, around, direction, off_sphere, squared_distance};
use super::{Covariance, Multivariate};
use crate::distr::KlDivergence;
use crate::distr::form::of_logit::{BetaLogit, LogitLift as _};
use crate::distr::{Coordinates, Joint};
use crate::linalg::Square;
use crate::noise;
use crate::parameter::{LawError, check, refuse};
use crate::scalar::{Scalar, math};
use crate::special;
use core::f64::consts::PI;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, OMatrix, OVector};
use rand::Rng;
use rand::distr::Distribution;

/// The power spherical law of De Cao & Aziz (2020, "The Power Spherical distribution", arXiv:2006.04437) of unit vectors in R^p,
/// p >= 2, with mean direction μ and concentration κ: like the von Mises-Fisher law, with everything in closed form.
///
/// # Density function
/// f(x) = (1 + μ·x)^κ / N with N = 2^(α+β) π^β Γ(α)/Γ(α + β), β = (p - 1)/2, α = β + κ, for |x| = 1, with respect to the area of the
/// sphere; a point is on it if |x|² is 1 up to 1e-6. Uniform for κ = 0.
///
/// # Derivatives
/// A draw is x = w μ + sqrt(1 - w²) ξ with (1 + w)/2 from the beta law of shapes α and β, whose logit carries the derivative in α
/// (see [`Beta`](crate::distr::Beta)), and a unit vector ξ at a right angle to μ, which turns with μ as little as it can:
/// dx = w dμ - sqrt(1 - w²) (ξ·dμ) μ.
///
/// # Example
/// ```
/// use nalgebra::Vector3;
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [kappa] = Jet::variables([5.0]);
/// let law = PowerSpherical::new(Vector3::new(0.0, 0.0, 1.0).map(Jet::from), kappa)?;
/// let x = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(x[2].eps[0] > 0.0);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PowerSpherical<S: Scalar, D: Dim>
where
    DefaultAllocator: Allocator<D>,
{
    mu: OVector<S, D>,
    kappa: S,
    /// The law of logit (1 + w)/2.
    theta: BetaLogit<S>,
}

impl<S: Scalar, D: Dim> PowerSpherical<S, D>
where
    DefaultAllocator: Allocator<D>,
{
    /// The law with the direction of the vector `mean_direction`, of any length, and concentration `kappa`.
    ///
    /// # Errors
    /// If
    /// * `mean_direction` has fewer than two entries, one outside [-1e150, 1e150], or a length outside [1e-150, 1e150];
    /// * `kappa` is not in [0, 1e99].
    pub fn new(mean_direction: OVector<S, D>, kappa: S) -> Result<Self, LawError> {
        let mu = match direction(&mean_direction) {
            Ok(mu) => mu,
            Err(value) => refuse!("a power spherical law", mean_direction, value;
                "a vector of two entries or more in [-1e150, 1e150], of a length in [1e-150, 1e150]"),
        };
        check!("a power spherical law", kappa: [0.0, 1e99]);
        let beta = 0.5 * (mu.len() as f64 - 1.0);
        Ok(PowerSpherical { mu, kappa, theta: BetaLogit::new(kappa + beta, S::from(beta)) })
    }

    /// The mean direction, a unit vector.
    pub fn mean_direction(&self) -> &OVector<S, D> {
        &self.mu
    }

    /// The concentration κ.
    pub fn kappa(&self) -> S {
        self.kappa
    }

    /// The draw with this θ, around μ by this noise.
    fn at(&self, theta: S, normal: impl FnMut() -> f64) -> OVector<S, D> {
        let half = theta * 0.5;
        // w = 2 sigmoid θ - 1, and 1 - w² by the same variable
        around(&self.mu, half.tanh(), half.cosh().recip(), normal)
    }

    /// ln(N/2^κ): 2^(2β) π^β Γ(α)/Γ(α + β) = 2^(2β) π^β B(α, β)/Γ(β)
    fn ln_normalizer(&self) -> S {
        let beta = self.theta.b.re();
        special::ln_beta(self.theta.a, self.theta.b) + (beta * math::ln(4.0 * PI) - special::ln_gamma(beta))
    }

    /// The moments of w, with (1 + w)/2 from the beta law.
    fn cosine(&self) -> CosineMoments<S> {
        let (a, b) = (self.theta.a, self.theta.b);
        let total = a + b;
        let (p, q) = (a.over(total), b.over(total));
        let across = p * q.over(total + 1.0) * 4.0;
        CosineMoments { mean: self.kappa.over(total), variance: across, square_sine: across * total }
    }
}

parameters!([S: Scalar, D: Dim] PowerSpherical<S, D> where [DefaultAllocator: Allocator<D>], over [S], "power_spherical",
    law => { mean_direction: Vector(OVector<S, D>) = &law.mu, kappa: Number(S) = &law.kappa },
    PowerSpherical::new(mean_direction, kappa));

impl<S: Scalar, D: Dim> Distribution<OVector<S, D>> for PowerSpherical<S, D>
where
    DefaultAllocator: Allocator<D>,
{
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> OVector<S, D> {
        let theta = self.theta.lift_draw(self.theta.draw(rng));
        self.at(theta, || noise::normal(rng))
    }
}

impl<S: Scalar, D: Dim> Joint<S> for PowerSpherical<S, D>
where
    DefaultAllocator: Allocator<D>,
{
    type Point = OVector<S, D>;

    fn draw_at(&self, coordinates: &mut impl Coordinates) -> OVector<S, D> {
        self.at(self.theta.draw_at(coordinates.uniform()), || coordinates.normal())
    }
}

impl<S: Scalar, D: Dim> Multivariate<S> for PowerSpherical<S, D>
where
    DefaultAllocator: Allocator<D>,
{
    fn shape(&self) -> (usize, usize) {
        self.mu.shape()
    }

    fn ln_pdf(&self, x: &OVector<S, D>) -> S {
        if let Some(limit) = off_sphere(x, self.mu.len()) {
            return limit;
        }
        // (1 + w)/2 = 1 - |x - μ|²/4 = |x + μ|²/4, by the shorter of the two
        let square = squared_distance(x, &self.mu) * 0.25;
        let ln =
            if square.re() < 0.5 { (-square).ln_1p() } else { (squared_distance(x, &self.mu.map(|m| -m)) * 0.25).ln() };
        // at -μ the density is 0, but for κ = 0
        self.kappa.chain(ln) - self.ln_normalizer()
    }

    /// κ/(κ + p - 1) μ
    fn mean(&self) -> Option<OVector<S, D>> {
        Some(self.cosine().mean(&self.mu))
    }

    fn variance(&self) -> Option<OVector<S, D>> {
        Some(self.cosine().variances(&self.mu))
    }

    /// μ for κ > 0.
    fn mode(&self) -> Option<OVector<S, D>> {
        (self.kappa.re() > 0.0).then(|| self.mu.clone())
    }

    /// ln N - κ (ln 2 + ψ(α) - ψ(α + β))
    fn entropy(&self) -> Option<S> {
        Some(self.ln_normalizer() + self.kappa * special::digamma_difference(self.theta.a, self.theta.b))
    }
}

impl<S: Scalar, D: Dim> Covariance<S, D> for PowerSpherical<S, D>
where
    DefaultAllocator: Square<D>,
{
    fn covariance(&self) -> Option<OMatrix<S, D, D>> {
        Some(self.cosine().covariance(&self.mu))
    }
}

impl<S: Scalar, D: Dim> KlDivergence<S> for PowerSpherical<S, D>
where
    DefaultAllocator: Allocator<D>,
{
    /// (κ₁ - κ₂) (ψ(α₁) - ψ(α₁ + β)) + ln(N₂/2^κ₂) - ln(N₁/2^κ₁) for laws of one mean direction, or for κ₂ = 0.
    ///
    /// NaN where directions differ by more than 1e-14 or move relative to each other, for which there is no closed form, and for
    /// laws of different sizes.
    fn kl_divergence(&self, other: &Self) -> S {
        let together = || self.mu.iter().zip(other.mu.iter()).all(|(a, b)| (*a - *b).max_abs() <= 1e-14);
        if self.shape() != other.shape() || !(other.kappa.max_abs() == 0.0 || together()) {
            return S::from(f64::NAN);
        }
        self.theta.kl_divergence(&other.theta)
    }
}

//! The von Mises-Fisher law on the sphere.

use super::parameters::parameters;
use super::sphere::{CosineMoments, around, direction, ln_area, off_sphere, squared_distance};
use super::{Covariance, Multivariate};
use crate::distr::KlDivergence;
use crate::distr::{Coordinates, Joint};
use crate::linalg::Square;
use crate::noise;
use crate::noise::gamma::MarsagliaTsang;
use crate::parameter::{LawError, check, refuse};
use crate::scalar::{Scalar, math};
use crate::special::{Cosine, ln_total_above_tangent};
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, OMatrix, OVector};
use rand::Rng;
use rand::distr::Distribution;

/// The [von Mises-Fisher law](https://en.wikipedia.org/wiki/Von_Mises%E2%80%93Fisher_distribution) of unit vectors in R^p, p >= 2,
/// with mean direction μ and concentration κ.
///
/// # Density function
/// f(x) = κ^ν e^(κ μ·x) / ((2π)^(p/2) I_ν(κ)), ν = p/2 - 1, for |x| = 1, with respect to the area of the sphere; a point is on it if
/// |x|² is 1 up to 1e-6. κ μ·x is taken as κ - κ |x - μ|²/2: the derivatives in x are those of this form. Uniform for κ = 0.
///
/// # Derivatives
/// A draw is x = w μ + sqrt(1 - w²) ξ with the cosine w = μ·x and a unit vector ξ at a right angle to μ. The cosine has a law of
/// its own with density proportional to e^(κ w) (1 - w²)^((p - 3)/2), drawn in plain numbers; its derivative is
/// dw/dκ = -(∂F/∂κ)/f = ∫ (t - A) f(t) dt / f(w) over [w, 1] at a fixed value of its distribution function, A(κ) = E\[w\], by series
/// of positive terms from either end or by quadrature; higher orders in Taylor arithmetic. With μ the frame turns as little as it
/// can: dx = w dμ - sqrt(1 - w²) (ξ·dμ) μ. No correction for the rejection of proposals is left out, as there is none.
///
/// # Example
/// ```
/// use nalgebra::Vector3;
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [kappa] = Jet::variables([5.0]);
/// let law = VonMisesFisher::new(Vector3::new(0.0, 0.0, 2.0).map(Jet::from), kappa)?;
/// let x = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// // more concentration brings draws nearer to the mean direction
/// assert!(x[2].eps[0] > 0.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws of w: rejection by the envelope of Ulrich (1984) and Wood (1994, "Simulation of the von Mises Fisher distribution",
/// Communications in Statistics 23), in the variable (1 - w)/2, which loses no digits for large κ. The constructor sums some
/// tens of terms for the normalizing constant and its derivatives, but for κ between 10 and 20 + (p - 1)²/4, or above in more than 21
/// dimensions, where it is a quadrature of a few hundred points: make one law for many draws there.
///
/// At coordinates of a point ([`Joint`]) the cosine comes from a generator that one of them seeds, as it has no quantile in closed form:
/// quasi-random points gain little.
///
/// Tested for p up to 300 and κ up to 1e6: ln I_ν to 1e-14, dw/dκ to 1e-13. For p = 2 the angle is [`VonMises`](crate::distr::VonMises).
#[derive(Clone, Debug, PartialEq)]
pub struct VonMisesFisher<S: Scalar, D: Dim>
where
    DefaultAllocator: Allocator<D>,
{
    mu: OVector<S, D>,
    kappa: S,
    cosine: Cosine,
    sampler: UlrichWood,
}

impl<S: Scalar, D: Dim> VonMisesFisher<S, D>
where
    DefaultAllocator: Allocator<D>,
{
    /// The law with the direction of the vector `mean_direction`, of any length, and concentration `kappa`.
    ///
    /// # Errors
    /// If
    /// * `mean_direction` has fewer than two entries, one outside [-1e150, 1e150], or a length outside [1e-150, 1e150];
    /// * `kappa` is not in [0, 1e100].
    pub fn new(mean_direction: OVector<S, D>, kappa: S) -> Result<Self, LawError> {
        let mu = match direction(&mean_direction) {
            Ok(mu) => mu,
            Err(value) => refuse!("a von Mises-Fisher law", mean_direction, value;
                "a vector of two entries or more in [-1e150, 1e150], of a length in [1e-150, 1e150]"),
        };
        check!("a von Mises-Fisher law", kappa: [0.0, 1e100]);
        let k = kappa.re();
        let p = mu.len();
        Ok(VonMisesFisher { mu, kappa, cosine: Cosine::new(p, k, S::ORDER), sampler: UlrichWood::new(p, k) })
    }

    /// The mean direction, a unit vector.
    pub fn mean_direction(&self) -> &OVector<S, D> {
        &self.mu
    }

    /// The concentration κ.
    pub fn kappa(&self) -> S {
        self.kappa
    }

    /// A(κ) = E[μ·x] = I_(p/2)(κ) / I_(p/2-1)(κ), the length of the mean.
    pub fn mean_resultant_length(&self) -> S {
        self.cosine.mean(self.kappa)
    }

    /// The draw whose S = (1 - μ·x)/2 has these odds, around μ by this noise.
    fn at(&self, odds: f64, normal: impl FnMut() -> f64) -> OVector<S, D> {
        let rest = 1.0 / (1.0 + odds);
        let s = self.cosine.lift_draw(self.kappa, odds * rest, rest);
        let c = (-s + 1.0).with_re(rest);
        around(&self.mu, c - s, (s * c).sqrt() * 2.0, normal)
    }

    /// The mean and the variance of μ·x, and E[1 - (μ·x)²].
    fn symmetric(&self) -> CosineMoments<S> {
        let (complement, variance) = (self.cosine.complement(self.kappa), self.cosine.variance(self.kappa));
        CosineMoments {
            mean: self.mean_resultant_length(),
            variance,
            square_sine: complement * (-complement + 2.0) - variance,
        }
    }
}

parameters!([S: Scalar, D: Dim] VonMisesFisher<S, D> where [DefaultAllocator: Allocator<D>], over [S], "von_mises_fisher",
    law => { mean_direction: Vector(OVector<S, D>) = &law.mu, kappa: Number(S) = &law.kappa },
    VonMisesFisher::new(mean_direction, kappa));

impl<S: Scalar, D: Dim> Distribution<OVector<S, D>> for VonMisesFisher<S, D>
where
    DefaultAllocator: Allocator<D>,
{
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> OVector<S, D> {
        let odds = self.sampler.draw(rng);
        self.at(odds, || noise::normal(rng))
    }
}
impl<S: Scalar, D: Dim> Joint<S> for VonMisesFisher<S, D>
where
    DefaultAllocator: Allocator<D>,
{
    type Point = OVector<S, D>;

    fn draw_at(&self, coordinates: &mut impl Coordinates) -> OVector<S, D> {
        let odds = self.sampler.draw(&mut coordinates.generator());
        self.at(odds, || coordinates.normal())
    }
}

impl<S: Scalar, D: Dim> Multivariate<S> for VonMisesFisher<S, D>
where
    DefaultAllocator: Allocator<D>,
{
    fn shape(&self) -> (usize, usize) {
        self.mu.shape()
    }

    fn ln_pdf(&self, x: &OVector<S, D>) -> S {
        off_sphere(x, self.mu.len()).unwrap_or_else(|| {
            self.kappa * squared_distance(x, &self.mu) * -0.5 - self.cosine.ln_z(self.kappa) - ln_area(self.mu.len())
        })
    }

    /// A(κ) μ
    fn mean(&self) -> Option<OVector<S, D>> {
        Some(self.symmetric().mean(&self.mu))
    }

    fn variance(&self) -> Option<OVector<S, D>> {
        Some(self.symmetric().variances(&self.mu))
    }

    /// μ for κ > 0.
    fn mode(&self) -> Option<OVector<S, D>> {
        (self.kappa.re() > 0.0).then(|| self.mu.clone())
    }

    /// κ (1 - A) + ln(Z e^-κ) + ln area, Z = E[e^(κ μ·x)] for x uniform on the sphere
    fn entropy(&self) -> Option<S> {
        let kappa = self.kappa;
        Some(kappa * self.cosine.complement(kappa) + self.cosine.ln_z(kappa) + ln_area(self.mu.len()))
    }
}

impl<S: Scalar, D: Dim> Covariance<S, D> for VonMisesFisher<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// A' μ μᵀ + (1 - E[(μ·x)²])/(p - 1) (1 - μ μᵀ)
    fn covariance(&self) -> Option<OMatrix<S, D, D>> {
        Some(self.symmetric().covariance(&self.mu))
    }
}

impl<S: Scalar, D: Dim> KlDivergence<S> for VonMisesFisher<S, D>
where
    DefaultAllocator: Allocator<D>,
{
    /// (κ₂ - κ₁)(1 - A(κ₁)) + κ₂ A(κ₁) |μ₁ - μ₂|²/2 + ln(Z₂ e^-κ₂) - ln(Z₁ e^-κ₁); NaN for laws of different sizes. Where the
    /// concentrations are close all but the second is the integral of A'.
    fn kl_divergence(&self, other: &Self) -> S {
        if self.shape() != other.shape() {
            return S::from(f64::NAN);
        }
        let of_direction = other.kappa * self.mean_resultant_length() * squared_distance(&self.mu, &other.mu) * 0.5;
        let variance = |kappa: S| Cosine::new(self.mu.len(), kappa.re(), S::ORDER).variance(kappa);
        let alpha = 0.5 * (self.mu.len() as f64 - 1.0);
        of_direction
            + ln_total_above_tangent(alpha, self.kappa, other.kappa, variance).unwrap_or_else(|| {
                (other.kappa - self.kappa) * self.cosine.complement(self.kappa) + other.cosine.ln_z(other.kappa)
                    - self.cosine.ln_z(self.kappa)
            })
    }
}

/// Rejection of S = (1 - w)/2 from the law of which the odds S/(1 - S) are b times those of a beta variable of shapes α, α = (p - 1)/2.
///
/// The quotient of the densities is e^(-2κS) (b + (1 - b) S)^(2α) up to a factor. It is largest at S = b/(1 + b) for the best b, which
/// solves b² + 2λb = 1, λ = κ/α.
#[derive(Clone, Copy, Debug, PartialEq)]
struct UlrichWood {
    alpha: f64,
    slope: f64,
    b: f64,
    gamma: Option<MarsagliaTsang>,
}

impl UlrichWood {
    fn new(dimensions: usize, kappa: f64) -> Self {
        let alpha = 0.5 * (dimensions as f64 - 1.0);
        let slope = kappa / alpha;
        let b = 1.0 / (slope + math::sqrt(1.0 + slope * slope));
        UlrichWood { alpha, slope, b, gamma: (alpha >= 1.0).then(|| MarsagliaTsang::new(alpha)) }
    }

    /// S/(1 - S).
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let &UlrichWood { alpha, slope, b, .. } = self;
        let top = b / (1.0 + b);
        loop {
            let odds = b * (self.gamma(rng) / self.gamma(rng));
            // noise of exactly 0, once in 2^50 or so
            if !odds.is_finite() {
                continue;
            }
            let s = odds / (1.0 + odds);
            let quotient = 0.5 * (1.0 + b) + slope * s;
            // 2κ = 2α λ
            if noise::exponential(rng) >= 2.0 * alpha * (slope * (s - top) - math::ln(quotient)) {
                return odds;
            }
        }
    }

    /// The gamma law of shape α, but for a factor.
    #[inline]
    fn gamma<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        match &self.gamma {
            Some(gamma) => gamma.draw(rng),
            // α = 1/2: the square of a normal variable
            None => {
                let n = noise::normal(rng);
                n * n
            }
        }
    }
}

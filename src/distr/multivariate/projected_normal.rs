//! The projected normal law.

use super::parameters::parameters;
use super::sphere::off_sphere;
use super::{Multivariate, MultivariateNormal};
use crate::distr::{Coordinates, Joint};
use crate::linalg::{self, Square, dot, squared_norm, sum};
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, math};
use crate::special::LN_SQRT_2PI;
use core::f64::consts::PI;
use nalgebra::{DefaultAllocator, Dim, OVector};
use rand::Rng;
use rand::distr::Distribution;

/// The [projected normal law](https://en.wikipedia.org/wiki/Projected_normal_distribution) of unit vectors: the direction y/|y| of a
/// vector y from a [`MultivariateNormal`] law in R^p, p >= 2.
///
/// # Density function
/// With mean m and covariance Σ = L Lᵀ of y, a² = |L⁻¹ x|², D = (L⁻¹ x)·(L⁻¹ m)/a,
/// f(x) = exp(-(|L⁻¹ m|² - D²)/2) ∫ s^(p-1) e^(-(s - D)²/2) ds / ((2π)^(p/2) det L a^p) over [0, inf), for |x| = 1, with respect to
/// the area of the sphere; a point is on it if |x|² is 1 up to 1e-6 (Mardia & Jupp 2000, *Directional Statistics*, §9.3.3).
///
/// # Derivatives
/// Those of y, through y/|y|: defined everywhere. They grow as 1/|y|, second ones as 1/|y|², and y comes close to 0. So
/// averages of first derivatives have an infinite variance in the plane and a finite one from p = 3 on; averages of
/// second derivatives have no mean in the plane, a mean from p = 3 and a finite variance from p = 5 on. Nothing in a
/// sample tells: for the second derivative of E\[x₁²\] in the mean at m = (0.7, 0) with Σ = I, which is 0.1446, eight
/// averages of a million draws gave -6.2 to 6.7.
///
/// There, let a weight carry the derivatives: `weighted::score_point` is right to every order, with finite variances.
///
/// # Example
/// ```
/// use nalgebra::{Matrix2, Vector2};
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [m] = Jet::variables([3.0]);
/// let normal = MultivariateNormal::from_covariance(Vector2::new(m, 0.0.into()), Matrix2::identity().map(|x: f64| x.into()))?;
/// let x = ProjectedNormal::new(normal)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((x[0] * x[0] + x[1] * x[1] - 1.0).re.abs() < 1e-15 && x[0].eps[0] > 0.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The integral is a trapezoidal sum over ln s of positive terms, in any dimension; from D = 40 and p/10 on
/// a polynomial in 1/D².
#[derive(Clone, Debug, PartialEq)]
pub struct ProjectedNormal<S: Scalar, D: Dim>
where
    DefaultAllocator: Square<D>,
{
    normal: MultivariateNormal<S, D>,
}

impl<S: Scalar, D: Dim> ProjectedNormal<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// The law of the direction of a vector from this law.
    ///
    /// # Errors
    /// If its vectors have fewer than two entries.
    pub fn new(normal: MultivariateNormal<S, D>) -> Result<Self, LawError> {
        let size = normal.shape().0;
        check!("a projected normal law", normal, size as f64; "a law of vectors of two entries or more" if size >= 2);
        Ok(ProjectedNormal { normal })
    }

    /// The law of the vector whose direction is taken.
    pub fn normal(&self) -> &MultivariateNormal<S, D> {
        &self.normal
    }
}

parameters!([S: Scalar, D: Dim] ProjectedNormal<S, D> where [DefaultAllocator: Square<D>], over [S], "projected_normal",
    law => { normal: Number(MultivariateNormal<S, D>) = &law.normal },
    ProjectedNormal::new(normal));

impl<S: Scalar, D: Dim> ProjectedNormal<S, D>
where
    DefaultAllocator: Square<D>,
{
    /// The first of these vectors that has a direction, over its length.
    fn projected(mut draw: impl FnMut() -> OVector<S, D>) -> OVector<S, D> {
        loop {
            let y = draw();
            // entries of size 1, whose squares are doubles
            let size = y.iter().fold(0.0, |m: f64, y| m.max(y.re().abs()));
            if size > 0.0 && size < f64::INFINITY {
                let y = y.map(|y| y / size);
                let norm = squared_norm(&y).sqrt();
                return y.map(|y| y.over(norm));
            }
        }
    }
}

impl<S: Scalar, D: Dim> Distribution<OVector<S, D>> for ProjectedNormal<S, D>
where
    DefaultAllocator: Square<D>,
{
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> OVector<S, D> {
        Self::projected(|| self.normal.sample(rng))
    }
}

impl<S: Scalar, D: Dim> Joint<S> for ProjectedNormal<S, D>
where
    DefaultAllocator: Square<D>,
{
    type Point = OVector<S, D>;

    fn draw_at(&self, coordinates: &mut impl Coordinates) -> OVector<S, D> {
        Self::projected(|| self.normal.draw_at(coordinates))
    }
}

impl<S: Scalar, D: Dim> Multivariate<S> for ProjectedNormal<S, D>
where
    DefaultAllocator: Square<D>,
{
    fn shape(&self) -> (usize, usize) {
        self.normal.shape()
    }

    fn ln_pdf(&self, x: &OVector<S, D>) -> S {
        let p = self.shape().0;
        if let Some(limit) = off_sphere(x, p) {
            return limit;
        }
        let l = self.normal.cholesky();
        let (mut u, mut m) = (x.clone(), self.normal.mean.clone());
        linalg::solve_lower(l, &mut u);
        linalg::solve_lower(l, &mut m);
        let a = squared_norm(&u).sqrt();
        let u = u.map(|u| u.over(a));
        let d = dot(&u, &m);
        // |m|² - D² by Lagrange's identity, which has no large terms where m is large along u
        let of_plane = |i: usize, j: usize| (m[i] * u[j] - m[j] * u[i]).powi(2);
        let across = sum((1..p).map(|i| sum((0..i).map(|j| of_plane(i, j)))));
        let p = p as f64;
        ln_radial(p, d) - across * 0.5 - linalg::ln_det_triangular(l) - a.ln() * p - 0.5 * p * math::ln(2.0 * PI)
    }

    /// `None`: there is no closed form for a general covariance.
    fn mean(&self) -> Option<OVector<S, D>> {
        None
    }

    /// `None`: there is no closed form.
    fn variance(&self) -> Option<OVector<S, D>> {
        None
    }

    fn mode(&self) -> Option<OVector<S, D>> {
        None
    }

    /// `None`: there is no closed form.
    fn entropy(&self) -> Option<S> {
        None
    }
}

/// ln ∫ s^(p-1) e^(-(s - D)²/2) ds over [0, inf).
fn ln_radial<S: Scalar>(p: f64, d: S) -> S {
    if d.re() > FAR.max(0.1 * p) { ln_radial_far(p, d) } else { ln_radial_near(p, d) }
}

/// From here on what the integral has below 0 is nothing.
const FAR: f64 = 40.0;

/// That over the line: (p - 1) ln D + ln sqrt(2π) + ln E[(1 + z/D)^(p-1)] with z normal, a sum of positive terms.
fn ln_radial_far<S: Scalar>(p: f64, d: S) -> S {
    let w = d.recip() * d.recip();
    let (mut term, mut rest) = (S::from(1.0), S::from(0.0));
    let mut left = p - 1.0;
    let mut pairs = 1.0;
    while left > 1.0 && term.re() > 1e-18 * rest.re() {
        term = term * w * (left * (left - 1.0) / (2.0 * pairs));
        rest += term;
        left -= 2.0;
        pairs += 1.0;
    }
    d.ln() * (p - 1.0) + rest.ln_1p() + LN_SQRT_2PI
}

/// By the trapezoidal rule in ln s: exponentially convergent (Trefethen & Weideman 2014, "The exponentially convergent
/// trapezoidal rule", SIAM Review 56).
fn ln_radial_near<S: Scalar>(p: f64, d: S) -> S {
    let re = d.re();
    // the top of s^p e^(-(s - D)²/2), without cancellation for D < 0, and the curvature of its logarithm there
    let root = math::hypot(re, 2.0 * math::sqrt(p));
    let top = if re > 0.0 { 0.5 * (re + root) } else { 2.0 * p / (root - re) };
    let step = (0.35 / math::sqrt(top * top + p)).min(0.1);
    // with (top - D)² taken out the exponent is of size 1 where it matters
    let offset = d - top;
    let mut sum = S::from(0.0);
    for (direction, first) in [(step, 0), (-step, 1)] {
        // the slowest decay, s^p for p = 2, ends after some 200
        for n in first..2000 {
            let t = direction * n as f64;
            let rise = top * math::exp_m1(t);
            let exponent = offset * rise + (p * t - 0.5 * rise * rise);
            if exponent.re() < -40.0 {
                break;
            }
            sum += exponent.exp();
        }
    }
    (sum * step).ln() - offset * offset * 0.5 + p * math::ln(top)
}

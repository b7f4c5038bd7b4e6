//! Particles that keep the logarithms of their weights: filters over any number of observations, without underflow.

use super::Resampling;
use super::particles::Ancestors;
use crate::parameter::{LawError, check, refuse};
use crate::scalar::{Scalar, math};
use rand::Rng;

/// A value, and the logarithm of the weight that it has in averages.
///
/// A filter multiplies a particle's weight by the density of each observation: the logarithms are added, and do not
/// underflow.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// use reparam::weighted::{Particle, Resampling, ln_normalize};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // x_t = a x_(t-1) + noise, y_t = x_t + noise: the log-likelihood of three observations, with its slope in a; no heap
/// let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
/// type Number = Jet<f64, 1>;
/// let a = Number::variable(0.8, 0);
/// let noise = Normal::new(Number::from(0.0), Number::from(1.0))?;
/// let mut particles: [Particle<Number, Number>; 500] = [Particle::new(Number::from(0.0)); 500];
/// let mut ln_likelihood = Number::from(0.0);
/// for y in [0.3, -1.0, 2.5] {
///     for particle in &mut particles {
///         particle.value = particle.value * a + noise.sample(&mut rng);
///         particle.ln_weight += noise.ln_pdf(-particle.value + y);
///     }
///     ln_likelihood += ln_normalize(&mut particles)?;
///     let before = particles;
///     Resampling::Systematic.run_ln(&before, &mut particles, &mut rng)?;
/// }
/// // by the Kalman filter: -6.0428 and -0.3385
/// assert!((ln_likelihood.re + 6.0428).abs() < 0.3 && (ln_likelihood.eps[0] + 0.3385).abs() < 0.5);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Particle<T, S> {
    /// The value.
    pub value: T,
    /// The logarithm of the weight.
    pub ln_weight: S,
}

impl<T, S: Scalar> Particle<T, S> {
    /// A particle of weight 1.
    pub fn new(value: T) -> Self {
        Particle { value, ln_weight: S::from(0.0) }
    }
}

/// Divides the weights by their mean, and returns the logarithm of that: in a filter, the increment of the
/// log-likelihood.
///
/// Σ of such increments is ln of an unbiased estimate of the likelihood, with unbiased derivatives if the offspring
/// have been drawn by [`Resampling::run_ln`]; as a logarithm it is too small by half of its variance, which falls as
/// 1/n with the number of particles.
///
/// # Errors
/// If a logarithm is NaN or +inf; if all weights are 0 or there are no particles, with the value -inf.
///
/// ```
/// use reparam::weighted::{Particle, ln_normalize};
/// let mut pair = [-2000.0, -2000.0 + 3f64.ln()].map(|ln_weight| Particle { value: (), ln_weight });
/// assert!((ln_normalize(&mut pair).unwrap() - (-2000.0 + 2f64.ln())).abs() < 1e-12);
/// assert!((pair[1].ln_weight - 1.5f64.ln()).abs() < 1e-12);
/// let mut dead = [Particle { value: (), ln_weight: f64::NEG_INFINITY }];
/// assert_eq!(ln_normalize(&mut dead).unwrap_err().value(), f64::NEG_INFINITY);
/// ```
pub fn ln_normalize<T, S: Scalar>(particles: &mut [Particle<T, S>]) -> Result<S, LawError> {
    let largest = largest(particles)?;
    let sum = particles.iter().fold(S::from(0.0), |sum, p| match p.ln_weight.re() {
        f64::NEG_INFINITY => sum,
        _ => sum + (p.ln_weight - largest).exp(),
    });
    let mean = sum.ln() + (largest - math::ln(particles.len() as f64));
    for p in particles.iter_mut().filter(|p| p.ln_weight.re() > f64::NEG_INFINITY) {
        p.ln_weight -= mean;
    }
    Ok(mean)
}

/// The value of the largest logarithm.
fn largest<T, S: Scalar>(particles: &[Particle<T, S>]) -> Result<f64, LawError> {
    let mut largest = f64::NEG_INFINITY;
    for p in particles {
        match p.ln_weight.re() {
            ln if ln < f64::INFINITY => largest = largest.max(ln),
            ln => refuse!("particles", ln_weights, ln; "below inf"),
        }
    }
    check!("particles", ln_weights, largest; "above -inf for at least one of them" if largest > f64::NEG_INFINITY);
    Ok(largest)
}

impl Resampling {
    /// [`Resampling::run`] for particles that keep the logarithms of their weights: offspring of equal weights, with
    /// the derivatives of their ancestors'.
    ///
    /// # Errors
    /// Those of [`ln_normalize`].
    pub fn run_ln<T: Clone, S: Scalar, R: Rng + ?Sized>(
        self,
        particles: &[Particle<T, S>],
        offspring: &mut [Particle<T, S>],
        rng: &mut R,
    ) -> Result<(), LawError> {
        let largest = largest(particles)?;
        let ancestors = Ancestors::of(particles.len(), |i| math::exp(particles[i].ln_weight.re() - largest))?;
        let ln_weight = largest + math::ln(ancestors.sum / offspring.len() as f64);
        ancestors.each(self, offspring.len(), rng, |j, ancestor| {
            let parent = &particles[ancestor];
            offspring[j] = Particle { value: parent.value.clone(), ln_weight: parent.ln_weight.with_re(ln_weight) };
        });
        Ok(())
    }
}

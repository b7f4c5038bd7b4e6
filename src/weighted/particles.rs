//! Weighted draws by the slice: normalization and resampling.

use super::Weighted;
use crate::noise;
use crate::parameter::{LawError, check, refuse};
use crate::scalar::{Scalar, math};
use rand::Rng;

/// The sum of all weights, each divided by `unit`.
fn total<T, S: Scalar>(particles: &[Weighted<T, S>], unit: f64) -> S {
    particles.iter().fold(S::from(0.0), |sum, p| sum + p.weight / unit)
}

/// What weights are divided by so that their sum is a double: 1, or the largest.
fn unit<T, S: Scalar>(particles: &[Weighted<T, S>]) -> f64 {
    let weights = || particles.iter().map(|p| p.weight.re().abs());
    let largest = weights().fold(0.0, f64::max);
    if weights().sum::<f64>() == f64::INFINITY && largest < f64::INFINITY { largest } else { 1.0 }
}

/// Divides the weights by their mean, so that they add up to the number of particles, to every order.
///
/// No effect on an empty slice; NaN where the weights add up to 0.
///
/// ```
/// use reparam::weighted::{self, Weighted};
/// let mut pair = [Weighted { value: 'a', weight: 1.0 }, Weighted { value: 'b', weight: 3.0 }];
/// weighted::normalize(&mut pair);
/// assert_eq!(pair.map(|p| p.weight), [0.5, 1.5]);
/// ```
pub fn normalize<T, S: Scalar>(particles: &mut [Weighted<T, S>]) {
    let unit = unit(particles);
    let mean = total(particles, unit) / particles.len() as f64;
    for p in particles {
        p.weight = (p.weight / unit).over(mean);
    }
}

/// Σ weight · value / Σ weight: the mean under a law whose density is known up to a factor, with a bias of order 1/n in
/// the value (none for weights of real part 1) and in the derivatives. NaN for an empty slice.
///
/// ```
/// use reparam::scalar::Jet;
/// use reparam::weighted::{Weighted, self_normalized};
/// let [a] = Jet::variables([1.0]);
/// // weights proportional to e^(a x)
/// let draws = [0.0, 1.0].map(|x| Weighted::importance(Jet::from(x), a * x));
/// let p = 1.0 / (1.0 + (-1f64).exp());
/// let mean = self_normalized(&draws);
/// assert!((mean.re - p).abs() < 1e-15 && (mean.eps[0] - p * (1.0 - p)).abs() < 1e-15);
/// ```
pub fn self_normalized<S: Scalar>(draws: &[Weighted<S, S>]) -> S {
    let unit = unit(draws);
    draws.iter().fold(S::from(0.0), |sum, d| sum + d.weight / unit * d.value).over(total(draws, unit))
}

/// The effective number of particles, (Σ w)² / Σ w² in the weights' real parts: between 1 and their number; 0 for none.
///
/// ```
/// use reparam::weighted::{self, Weighted};
/// let two_of_three = [1.0, 1.0, 0.0].map(|weight| Weighted { value: (), weight });
/// assert_eq!(weighted::effective_size(&two_of_three), 2.0);
/// ```
pub fn effective_size<T, S: Scalar>(particles: &[Weighted<T, S>]) -> f64 {
    let largest = particles.iter().fold(0.0, |m: f64, p| m.max(p.weight.re()));
    if largest == 0.0 {
        return 0.0;
    }
    let (mut sum, mut squares) = (0.0, 0.0);
    for p in particles {
        let w = p.weight.re() / largest;
        sum += w;
        squares += w * w;
    }
    sum * sum / squares
}

/// How particles are drawn again in proportion to their weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resampling {
    /// Independent draws.
    Multinomial,
    /// One draw from each of as many strata as there are offspring: never more variance than independent draws.
    Stratified,
    /// One uniform number for all: each particle has the number of offspring it should have, rounded up or down. The least
    /// noise in practice, though not for every order of the particles (Douc, Cappé & Moulines 2005).
    Systematic,
}

impl Resampling {
    /// Draws as many offspring as `offspring` has room for and writes them there, copies of their ancestors.
    ///
    /// An offspring of particle a has the weight (W / M) · w_a / value of w_a, where M is the number of offspring and W
    /// the value of the sum of all weights: equal in value, and with the derivatives of ln w_a, so that Σ weight · f is
    /// unbiased for what it was, to every order. Dropping these derivatives, as plain particle filters do, biases the
    /// gradient. Source: Ścibior & Wood 2021, "Differentiable particle filtering without modifying the forward pass".
    ///
    /// A particle of weight 0 has no offspring; if its weight has a derivative, that is lost.
    ///
    /// # Errors
    /// If a weight is negative, infinite or NaN, if all are 0 or there is none, or if their sum overflows.
    ///
    /// ```
    /// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
    /// use reparam::scalar::Jet;
    /// use reparam::weighted::{Resampling, Weighted};
    /// let [w] = Jet::variables([3.0]);
    /// let pair = [Weighted { value: 'a', weight: w }, Weighted { value: 'b', weight: Jet::from(1.0) }];
    /// let mut four = [Weighted::one(' '); 4];
    /// Resampling::Systematic.run(&pair, &mut four, &mut Xoshiro256PlusPlus::seed_from_u64(1)).unwrap();
    /// assert_eq!(four.map(|p| p.value), ['a', 'a', 'a', 'b']);
    /// assert_eq!(four[0].weight, Jet { re: 1.0, eps: [1.0 / 3.0] });
    /// ```
    pub fn run<T: Clone, S: Scalar, R: Rng + ?Sized>(
        self,
        particles: &[Weighted<T, S>],
        offspring: &mut [Weighted<T, S>],
        rng: &mut R,
    ) -> Result<(), LawError> {
        let ancestors = Ancestors::of(particles.len(), |i| particles[i].weight.re())?;
        let count = offspring.len() as f64;
        ancestors.each(self, offspring.len(), rng, |j, ancestor| {
            let parent = &particles[ancestor];
            let weight = parent.weight.over(S::from(parent.weight.re())) * (ancestors.sum / count);
            offspring[j] = Weighted { value: parent.value.clone(), weight };
        });
        Ok(())
    }
}

/// Weights to draw ancestors by.
pub(super) struct Ancestors<W> {
    weight: W,
    first: usize,
    last: usize,
    pub sum: f64,
}

impl<W: Fn(usize) -> f64> Ancestors<W> {
    /// Of this many particles.
    pub fn of(count: usize, weight: W) -> Result<Self, LawError> {
        let weights = (0..count).map(&weight);
        let fault = weights.clone().find(|w| !(0.0..f64::INFINITY).contains(w));
        check!("particles", weights; "finite and at least 0" unless fault);
        let sum: f64 = weights.sum();
        let alive = |i: &usize| weight(*i) > 0.0;
        match ((0..count).find(alive), (0..count).rfind(alive)) {
            (Some(first), Some(last)) if sum < f64::INFINITY => Ok(Ancestors { weight, first, last, sum }),
            _ => refuse!("particles", weights, sum.abs(); "numbers of a positive finite sum"),
        }
    }

    /// Calls `child` with the number of each offspring and its ancestor's, in ascending order of both.
    pub fn each<R: Rng + ?Sized>(
        &self,
        scheme: Resampling,
        offspring: usize,
        rng: &mut R,
        mut child: impl FnMut(usize, usize),
    ) {
        let count = offspring as f64;
        let common = noise::uniform(rng);
        let mut rest = 1.0;
        let mut ancestor = self.first;
        let mut reached = (self.weight)(self.first);
        for number in 0..offspring {
            let j = number as f64;
            let point = match scheme {
                // uniform numbers in increasing order, from the one before
                Resampling::Multinomial => {
                    rest *= math::powf(noise::uniform(rng), 1.0 / (count - j));
                    1.0 - rest
                }
                Resampling::Stratified => (j + noise::uniform(rng)) / count,
                Resampling::Systematic => (j + common) / count,
            };
            while point * self.sum > reached && ancestor < self.last {
                ancestor += 1;
                reached += (self.weight)(ancestor);
            }
            child(number, ancestor);
        }
    }
}

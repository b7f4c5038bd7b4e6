//! Continuous relaxations of discrete choices: biased derivatives of low variance, with a temperature.
//!
//! A discrete draw is a maximum over noisy scores; a relaxed one puts a softmax with a temperature τ in the maximum's place.
//! As τ falls to 0 the relaxed draw becomes the discrete one, its derivatives become spikes: less bias, more variance. What
//! needs no bias has better tools: [`weighted`](crate::weighted) draws, and summing over few choices.
//!
//! | choice | relaxed |
//! |---|---|
//! | one of K | [`RelaxedOneHotCategorical`], Gumbel-softmax or Concrete; hard forward values: [`straight_through`], [`RelaxedOneHotCategorical::gumbel_rao`], [`reinmax`] |
//! | yes or no | [`RelaxedBernoulli`], binary Concrete |
//! | k of K | [`RelaxedSubset`] |
//! | an order, a matching | [`RelaxedPermutation`] (Gumbel-Sinkhorn), [`neural_sort`], [`soft_sort`] |
//! | a number | [`RelaxedCount`]: binomial, Poisson |
//! | a component of a mixture | [`select`] |
//! | a path through a chain | [`RelaxedChain`] |
//!
//! Everything is generic over [`Scalar`], the temperature too, to any order; `[S; K]` in, `[S; K]` out, no heap. Each draw can
//! be had from noise that is handed in (Gumbel noise from [`gumbel_noise`]), for common random numbers.
//!
//! Temperatures are in [1e-6, 1e6]. Scores (logits) are in [-1e150, 1e150], and no difference of scores or ratio of one to a
//! temperature makes a NaN; a second derivative in the temperature may overflow to infinity beyond scores of 1e100.
//!
//! # Bias
#![doc = include_str!("bias.md")]
//!
//! # Which temperature
//! [`Annealing`] lowers it during an optimization. Below [`vertex_temperature`], 1/(K - 1), the density of a relaxed one-hot
//! vector has no mode inside of the simplex any more (Maddison, Mnih & Teh 2017, "The Concrete distribution", proposition 1): draws
//! gather at the vertices, and what is gained by going lower is paid for in variance. A usual schedule is exponential from 1
//! with a floor of 1/2 (Jang, Gu & Poole 2017, "Categorical reparameterization with Gumbel-softmax", §4.2).

mod annealing;
mod bernoulli;
mod chain;
mod count;
mod one_hot;
mod permutation;
mod reinmax;
mod select;
mod sort;
mod subset;

pub use annealing::{Annealing, vertex_temperature};
pub use bernoulli::RelaxedBernoulli;
pub use chain::RelaxedChain;
pub use count::RelaxedCount;
pub use one_hot::{RelaxedOneHotCategorical, relaxed_one_hot};
pub use permutation::RelaxedPermutation;
pub use reinmax::reinmax;
pub use select::{select, straight_through};
pub use sort::{neural_sort, soft_sort};
pub use subset::RelaxedSubset;

use crate::distr::Coordinates;
use crate::noise;
use crate::scalar::{Scalar, math};
use rand::Rng;

/// Standard Gumbel noise, -ln E with exponential E.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// let g: [f64; 3] = reparam::relax::gumbel_noise(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(g.iter().all(|g| g.is_finite()));
/// ```
pub fn gumbel_noise<const K: usize, R: Rng + ?Sized>(rng: &mut R) -> [f64; K] {
    let exponentials: [f64; K] = core::array::from_fn(|_| noise::exponential(rng));
    exponentials.map(|e| -math::ln(e))
}

/// Gumbel noise at these coordinates.
fn gumbel_at<const K: usize>(coordinates: &mut impl Coordinates) -> [f64; K] {
    core::array::from_fn(|_| -math::ln(-math::ln(coordinates.uniform())))
}

/// The index of the first largest real part; 0 for an empty slice.
fn largest<S: Scalar>(x: &[S]) -> usize {
    let (mut m, mut top) = (0, x.first().map_or(0.0, |x| x.re()));
    for (i, x) in x.iter().enumerate() {
        // by selection: which entry is largest cannot be predicted
        let is_larger = x.re() > top;
        m = if is_larger { i } else { m };
        top = if is_larger { x.re() } else { top };
    }
    m
}

/// (x_i - x_max) / τ: the difference first, which keeps its digits at low temperatures.
fn tempered<S: Scalar>(x: &mut [S], temperature: S) {
    let Some(&top) = x.get(largest(x)) else { return };
    for x in x {
        *x = (*x - top).over(temperature);
    }
}

/// softmax(x/τ), in place.
fn tempered_softmax<S: Scalar>(x: &mut [S], temperature: S) {
    let m = largest(x);
    let Some(&top) = x.get(m) else { return };
    for x in &mut *x {
        *x = (*x - top).over(temperature).exp();
    }
    // from the largest on, which is 1
    let others = x.iter().enumerate();
    let sum = others.fold(x[m], |sum, (i, x)| sum + if i == m { S::from(0.0) } else { *x });
    for x in x {
        *x = x.over(sum);
    }
}

/// x_i - ln Σ e^(x_j), in place.
fn ln_softmax<S: Scalar>(x: &mut [S]) {
    let m = largest(x);
    let Some(&top) = x.get(m) else { return };
    let rest = x.iter().enumerate().filter(|&(i, _)| i != m);
    let excess = rest.fold(S::from(0.0), |sum, (_, &x)| sum + (x - top).exp()).ln_1p();
    for (i, x) in x.iter_mut().enumerate() {
        *x = if i == m { -excess } else { *x - top - excess };
    }
}

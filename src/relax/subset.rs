//! Relaxed choice of several elements.

use super::{gumbel_at, gumbel_noise, largest, tempered};
use crate::distr::{Coordinates, Joint};
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, ln_sum_exp, softmax};
use core::array;
use rand::Rng;
use rand::distr::Distribution;

/// A relaxed choice of k of K elements without replacement: a vector of entries that are not negative and add up to k, in [0, 1]
/// where it is cold, a little above 1 where it is warm.
///
/// With Gumbel noise the k largest of the noisy scores are a draw without replacement in proportion to e^score (the
/// Plackett-Luce law). Relaxed: k times a softmax p of the keys at temperature τ, after each of which the keys change by
/// ln(1 - p); the result is the sum of the p.
///
/// # Derivatives
/// Those of the formula at fixed noise, to any order. 1 - p of the largest key is the sum of the other shares, not a
/// difference, so that no key falls to -inf.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// use reparam::relax::RelaxedSubset;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = RelaxedSubset::new(2, 0.1.into(), Jet::variables([0.0, 1.0, 2.0, 3.0]))?;
/// let y = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((y.iter().map(|y| y.re).sum::<f64>() - 2.0).abs() < 1e-12);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Xie & Ermon 2019, "Reparameterizable subset sampling via continuous relaxations", §3 (after Plötz & Roth 2018). With k = K
/// the result is all ones, to the accuracy of the relaxation only.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RelaxedSubset<S, const K: usize> {
    size: usize,
    temperature: S,
    scores: [S; K],
}

impl<S: Scalar, const K: usize> RelaxedSubset<S, K> {
    /// The law of subsets of a size, with a temperature and scores.
    ///
    /// # Errors
    /// If the size is not in 1 to K, the temperature is not in [1e-6, 1e6], or a score is not in [-1e150, 1e150].
    pub fn new(size: usize, temperature: S, scores: [S; K]) -> Result<Self, LawError> {
        check!("a relaxed subset", temperature: TEMPERATURE);
        check!("a relaxed subset", scores, K as f64; "at least one" if K > 0);
        check!("a relaxed subset", scores: each REAL);
        check!("a relaxed subset", size, size as f64; "from 1 to the number of scores" if (1..=K).contains(&size));
        Ok(RelaxedSubset { size, temperature, scores })
    }

    /// The draw that Gumbel noise makes; with zeros, the relaxed top k of the scores.
    pub fn relax(&self, noise: &[f64; K]) -> [S; K] {
        let mut keys: [S; K] = array::from_fn(|k| self.scores[k] + noise[k]);
        let mut chosen = [S::from(0.0); K];
        for round in 0..self.size {
            let mut p = keys;
            tempered(&mut p, self.temperature);
            let top = largest(&p);
            let mut others = p;
            others[top] = S::from(f64::NEG_INFINITY);
            let ln_others = ln_sum_exp(&others);
            softmax(&mut p);
            for k in 0..K {
                chosen[k] += p[k];
            }
            if round + 1 < self.size {
                for k in 0..K {
                    keys[k] += if k == top { ln_others - ln_others.softplus() } else { (-p[k]).ln_1p() };
                }
            }
        }
        chosen
    }
}

impl<S: Scalar, const K: usize> Distribution<[S; K]> for RelaxedSubset<S, K> {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> [S; K] {
        self.relax(&gumbel_noise(rng))
    }
}

impl<S: Scalar, const K: usize> Joint<S> for RelaxedSubset<S, K> {
    type Point = [S; K];

    fn draw_at(&self, coordinates: &mut impl Coordinates) -> [S; K] {
        self.relax(&gumbel_at(coordinates))
    }
}

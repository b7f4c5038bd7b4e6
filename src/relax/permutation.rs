//! Relaxed permutations and matchings.

use super::{gumbel_at, gumbel_noise, ln_softmax};
use crate::distr::{Coordinates, Joint};
use crate::parameter::{LawError, check};
use crate::scalar::Scalar;
use core::array;
use rand::Rng;
use rand::distr::Distribution;

/// A relaxed permutation matrix: a nearly doubly stochastic matrix from a matrix of scores, by Gumbel-Sinkhorn.
///
/// The noisy scores over the temperature are normalized by rows and columns in turn, in logarithms, a fixed number of times.
/// As τ falls to 0 and the number of rounds grows, the limit is the permutation matrix of the largest sum of noisy scores.
///
/// # Derivatives
/// Those of the rounds at fixed noise, to any order. The number of rounds is fixed in advance, so that derivatives are those
/// of the very function that gives the value. The lower the temperature, the more rounds until rows and columns both add up
/// to 1: 20 are enough at 1 and scores of order 1; the columns do exactly, the rows show what is lacking.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// use reparam::relax::RelaxedPermutation;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [a] = Jet::variables([2.0]);
/// let zero = Jet::from(0.0);
/// let law = RelaxedPermutation::new(1.0.into(), [[a, zero], [zero, a]])?;
/// let y = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((y[0][0].re + y[1][0].re - 1.0).abs() < 1e-15);
/// assert!((y[0][0].re + y[0][1].re - 1.0).abs() < 1e-6);
/// assert!(y[0][0].eps[0] > 0.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Mena, Belanger, Linderman & Snoek 2018, "Learning latent permutations with Gumbel-Sinkhorn networks".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RelaxedPermutation<S, const K: usize> {
    temperature: S,
    scores: [[S; K]; K],
    rounds: u32,
}

impl<S: Scalar, const K: usize> RelaxedPermutation<S, K> {
    /// The law with a temperature and scores, and 20 rounds.
    ///
    /// # Errors
    /// If the temperature is not in [1e-6, 1e6], or a score is not in [-1e150, 1e150].
    pub fn new(temperature: S, scores: [[S; K]; K]) -> Result<Self, LawError> {
        check!("a relaxed permutation", temperature: TEMPERATURE);
        check!("a relaxed permutation", scores, K as f64; "at least one" if K > 0);
        for scores in &scores {
            check!("a relaxed permutation", scores: each REAL);
        }
        Ok(RelaxedPermutation { temperature, scores, rounds: 20 })
    }

    /// The same with another number of rounds, at least one.
    pub fn rounds(self, rounds: u32) -> Self {
        RelaxedPermutation { rounds: rounds.max(1), ..self }
    }

    /// The draw that Gumbel noise makes; with zeros, the relaxed best matching.
    pub fn relax(&self, noise: &[[f64; K]; K]) -> [[S; K]; K] {
        let mut y: [[S; K]; K] =
            array::from_fn(|i| array::from_fn(|j| (self.scores[i][j] + noise[i][j]).over(self.temperature)));
        for _ in 0..self.rounds {
            for row in &mut y {
                ln_softmax(row);
            }
            for j in 0..K {
                let mut column: [S; K] = array::from_fn(|i| y[i][j]);
                ln_softmax(&mut column);
                for (row, entry) in y.iter_mut().zip(column) {
                    row[j] = entry;
                }
            }
        }
        y.map(|row| row.map(|x| x.exp()))
    }
}

impl<S: Scalar, const K: usize> Distribution<[[S; K]; K]> for RelaxedPermutation<S, K> {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> [[S; K]; K] {
        self.relax(&array::from_fn(|_| gumbel_noise(rng)))
    }
}

impl<S: Scalar, const K: usize> Joint<S> for RelaxedPermutation<S, K> {
    type Point = [[S; K]; K];

    fn draw_at(&self, coordinates: &mut impl Coordinates) -> [[S; K]; K] {
        self.relax(&array::from_fn(|_| gumbel_at(coordinates)))
    }
}

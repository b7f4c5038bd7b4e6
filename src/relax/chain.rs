//! Relaxed paths through a chain.

use super::{gumbel_at, gumbel_noise, tempered_softmax};
use crate::distr::{Coordinates, Joint};
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, ln_sum_exp, softmax};
use core::array;
use rand::Rng;
use rand::distr::Distribution;

/// A relaxed sequence of T states out of K: at each place a point of the simplex, from scores of states and of transitions.
///
/// The law over paths x has the logarithm Σ_t s_t(x_t) + Σ_t c(x_t, x_(t+1)), up to a constant. Perturb and softmax: Gumbel
/// noise is added to the scores of states, all scores are divided by the temperature, and the result is the marginal
/// probabilities of the states under the law with these scores, by the forward-backward recursion. As τ falls to 0 that
/// is the best path under the noise, one-hot at each place.
///
/// # Derivatives
/// Those of the recursion at fixed noise, to any order.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// use reparam::relax::RelaxedChain;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [stay] = Jet::variables([1.0]);
/// let zero = Jet::from(0.0);
/// let law = RelaxedChain::new(0.5.into(), [[zero; 2]; 4], [[stay, zero], [zero, stay]])?;
/// let y = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((y[3][0].re + y[3][1].re - 1.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Noise on the parts rather than on whole paths: even at low temperatures the paths follow another law than the chain's
/// (Papandreou & Yuille 2011, "Perturb-and-MAP random fields"; Corro & Titov 2019, "Differentiable perturb-and-parse"). Without
/// transitions the two agree. [`RelaxedChain::relax_in_turn`] has the chain's own law as its limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RelaxedChain<S, const K: usize, const T: usize> {
    temperature: S,
    states: [[S; K]; T],
    transitions: [[S; K]; K],
}

impl<S: Scalar, const K: usize, const T: usize> RelaxedChain<S, K, T> {
    /// The law with a temperature, scores of the states at each place, and scores of transitions: `transitions[i][j]` from
    /// state i to state j.
    ///
    /// # Errors
    /// If the temperature is not in [1e-6, 1e6], or a score is not in [-1e150, 1e150].
    pub fn new(temperature: S, states: [[S; K]; T], transitions: [[S; K]; K]) -> Result<Self, LawError> {
        check!("a relaxed chain", temperature: TEMPERATURE);
        check!("a relaxed chain", states, (K * T) as f64; "at least one" if K * T > 0);
        for states in &states {
            check!("a relaxed chain", states: each REAL);
        }
        for transitions in &transitions {
            check!("a relaxed chain", transitions: each REAL);
        }
        Ok(RelaxedChain { temperature, states, transitions })
    }

    /// The draw that Gumbel noise makes; with zeros at τ = 1, the marginal probabilities of the chain.
    pub fn relax(&self, noise: &[[f64; K]; T]) -> [[S; K]; T] {
        let cold = |score: S| score.over(self.temperature);
        let states: [[S; K]; T] = array::from_fn(|t| array::from_fn(|k| cold(self.states[t][k] + noise[t][k])));
        let transitions = self.transitions.map(|row| row.map(cold));
        let backward = backward(&states, &transitions);
        let mut forward = [[S::from(0.0); K]; T];
        for t in 1..T {
            forward[t] = array::from_fn(|j| {
                ln_sum_exp(&array::from_fn::<S, K, _>(|i| forward[t - 1][i] + states[t - 1][i] + transitions[i][j]))
            });
        }
        array::from_fn(|t| {
            let mut y = array::from_fn(|k| forward[t][k] + states[t][k] + backward[t][k]);
            softmax(&mut y);
            y
        })
    }

    /// The draw that Gumbel noise makes place by place: each place relaxed given the one before it, whose transitions are
    /// blended by its relaxed state, and all that may come after. As τ falls to 0 it follows the law of the chain.
    ///
    /// The probabilities given the place before are those of the chain by backward recursion, at temperature 1.
    pub fn relax_in_turn(&self, noise: &[[f64; K]; T]) -> [[S; K]; T] {
        let backward = backward(&self.states, &self.transitions);
        let mut path = [[S::from(0.0); K]; T];
        for t in 0..T {
            let mut y: [S; K] = array::from_fn(|k| self.states[t][k] + backward[t][k] + noise[t][k]);
            if t > 0 {
                for (k, y) in y.iter_mut().enumerate() {
                    *y = path[t - 1].iter().zip(&self.transitions).fold(*y, |sum, (p, row)| sum + *p * row[k]);
                }
            }
            tempered_softmax(&mut y, self.temperature);
            path[t] = y;
        }
        path
    }
}

/// ln Σ over all that may come after each place, given its state, of e^scores.
fn backward<S: Scalar, const K: usize, const T: usize>(states: &[[S; K]; T], transitions: &[[S; K]; K]) -> [[S; K]; T] {
    let mut backward = [[S::from(0.0); K]; T];
    for t in (1..T).rev() {
        backward[t - 1] = array::from_fn(|i| {
            ln_sum_exp(&array::from_fn::<S, K, _>(|j| transitions[i][j] + states[t][j] + backward[t][j]))
        });
    }
    backward
}

impl<S: Scalar, const K: usize, const T: usize> Distribution<[[S; K]; T]> for RelaxedChain<S, K, T> {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> [[S; K]; T] {
        self.relax(&array::from_fn(|_| gumbel_noise(rng)))
    }
}

impl<S: Scalar, const K: usize, const T: usize> Joint<S> for RelaxedChain<S, K, T> {
    type Point = [[S; K]; T];

    fn draw_at(&self, coordinates: &mut impl Coordinates) -> [[S; K]; T] {
        self.relax(&array::from_fn(|_| gumbel_at(coordinates)))
    }
}

//! Baselines of score weights: less variance, the same mean.

use crate::scalar::Scalar;
use crate::weighted::Weighted;

/// The mean of weighted draws with the mean of the others' values as each one's baseline.
///
/// For weights of real part 1: mean_i of [w_i v_i - (w_i - 1) b_i], b_i = mean_{j≠i} v_j, unbiased to every order since
/// draw i has no part in its baseline. The value is the mean of the values, bit for bit what it is without a baseline.
/// One draw alone has the baseline 0; no draws, NaN.
///
/// Source: Kool, van Hoof & Welling 2019, "Buy 4 REINFORCE samples, get a baseline for free".
///
/// ```
/// use reparam::estimate::leave_one_out;
/// use reparam::prelude::*;
/// use reparam::weighted::Weighted;
/// let [p] = Jet::variables([0.5]);
/// let draws = [(p.ln(), 7.0), ((-p).ln_1p(), 5.0)].map(|(ln_p, v)| Weighted::score(Jet::from(v), ln_p));
/// assert_eq!(leave_one_out(&draws), Jet { re: 6.0, eps: [2.0 * (7.0 - 5.0) / 2.0 + 2.0 * (7.0 - 5.0) / 2.0] });
/// ```
pub fn leave_one_out<S: Scalar>(draws: &[Weighted<S, S>]) -> S {
    let n = draws.len() as f64;
    let sum = draws.iter().fold(S::from(0.0), |sum, d| sum + d.value);
    let others = (n - 1.0).max(1.0);
    draws.iter().fold(S::from(0.0), |mean, d| mean + d.with_baseline((sum - d.value) / others)) / n
}

/// An exponentially weighted average of past values: a baseline for draws to come.
///
/// Each value counts `decay` times what the next one counts, with the weights normalized from the first value on
/// (Kingma & Ba 2015, "Adam", algorithm 1). It is a number without derivatives; use it for a draw before the draw is
/// added to it.
///
/// ```
/// let mut average = reparam::estimate::MovingAverage::new(0.5);
/// assert_eq!(average.value(), 0.0);
/// average.push(4.0);
/// assert_eq!(average.value(), 4.0);
/// average.push(1.0);
/// assert_eq!(average.value(), 2.0); // (4/2 + 1) / (1/2 + 1)
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MovingAverage {
    decay: f64,
    sum: f64,
    weight: f64,
}

impl MovingAverage {
    /// An average of nothing. The decay is moved into [0, 1]; with 1 it is the mean of all values.
    pub fn new(decay: f64) -> Self {
        MovingAverage { decay: decay.clamp(0.0, 1.0), sum: 0.0, weight: 0.0 }
    }

    /// Adds a value.
    pub fn push(&mut self, value: f64) {
        self.sum = self.sum * self.decay + value;
        self.weight = self.weight * self.decay + 1.0;
    }

    /// The average so far, 0 before the first value.
    pub fn value(&self) -> f64 {
        if self.weight == 0.0 { 0.0 } else { self.sum / self.weight }
    }
}

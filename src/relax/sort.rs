//! Relaxed sorting: row-stochastic matrices that become the permutation matrix of the order.

use super::tempered_softmax;
use crate::parameter::{LawError, check};
use crate::scalar::Scalar;
use core::array;

/// The relaxed permutation matrix of NeuralSort, which sorts scores in descending order: row i is
/// softmax(((K + 1 - 2 i) s - A 1)/τ), i = 1 to K, with A_jk = |s_j - s_k|.
///
/// Rows add up to 1; in the limit of low temperatures row i is 1 at the i-th largest score. For a draw from the Plackett-Luce
/// law add Gumbel noise to the scores. Equal scores have a kink, where the derivative of |x| is taken as 0.
///
/// Source: Grover, Wang, Zweig & Ermon 2019, "Stochastic optimization of sorting networks via continuous relaxations", theorem 4.
///
/// # Errors
/// If the temperature is not in [1e-6, 1e6], or a score is not in [-1e150, 1e150], or there are none.
///
/// ```
/// use reparam::relax::neural_sort;
/// let p = neural_sort(1e-3, &[2.0, 5.0, 3.0]).unwrap();
/// assert_eq!(p, [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]);
/// ```
pub fn neural_sort<S: Scalar, const K: usize>(temperature: S, scores: &[S; K]) -> Result<[[S; K]; K], LawError> {
    check!("NeuralSort", temperature: TEMPERATURE);
    check!("NeuralSort", scores, K as f64; "at least one" if K > 0);
    check!("NeuralSort", scores: each REAL);
    let distances: [S; K] = array::from_fn(|j| scores.iter().fold(S::from(0.0), |sum, s| sum + (scores[j] - *s).abs()));
    Ok(array::from_fn(|i| {
        // K + 1 - 2 i counted from 1
        let factor = K as f64 - 1.0 - 2.0 * i as f64;
        let mut row = array::from_fn(|j| scores[j] * factor - distances[j]);
        tempered_softmax(&mut row, temperature);
        row
    }))
}

/// The relaxed permutation matrix of SoftSort, which sorts scores in descending order: row i is softmax(-|s_(i) - s|/τ), s_(i)
/// the i-th largest score.
///
/// As [`neural_sort`], at a lower price and with rows that look at neighbours only.
///
/// Source: Prillo & Eisenschlos 2020, "SoftSort: a continuous relaxation for the argsort operator".
///
/// # Errors
/// If the temperature is not in [1e-6, 1e6], or a score is not in [-1e150, 1e150], or there are none.
///
/// ```
/// use reparam::relax::soft_sort;
/// let p = soft_sort(1e-3, &[2.0, 5.0, 3.0]).unwrap();
/// assert_eq!(p, [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]);
/// ```
pub fn soft_sort<S: Scalar, const K: usize>(temperature: S, scores: &[S; K]) -> Result<[[S; K]; K], LawError> {
    check!("SoftSort", temperature: TEMPERATURE);
    check!("SoftSort", scores, K as f64; "at least one" if K > 0);
    check!("SoftSort", scores: each REAL);
    let mut sorted = *scores;
    sorted.sort_unstable_by(|a, b| b.re().total_cmp(&a.re()));
    Ok(sorted.map(|s| {
        let mut row = scores.map(|x| -(s - x).abs());
        tempered_softmax(&mut row, temperature);
        row
    }))
}

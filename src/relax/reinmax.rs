//! ReinMax: a straight-through estimator of second-order accuracy.

use super::{gumbel_noise, largest, tempered_softmax};
use crate::parameter::{LawError, check};
use crate::scalar::Scalar;
use core::array;
use rand::Rng;

/// A hard one-hot draw d from softmax(logits), with derivatives accurate to second order in the differences of the function
/// it is put in.
///
/// The straight-through derivative J(p) dl, J(q) = diag(q) - q qᵀ, is Euler's rule for the differences f(e_k) - f(d); Heun's
/// rule gives 2 J((d + p_τ)/2) dl - J(p)/2 dl with p = softmax(l) and p_τ = softmax(l/τ). At τ = 1 the mean is exact for
/// quadratic functions of d. Temperatures of 1 and above are usual: higher ones trade variance for bias. First derivatives
/// only; a second derivative of the result means nothing.
///
/// Source: Liu, Dong, Liu, Yu & Gao 2023, "Bridging discrete and backpropagation: straight-through and beyond", algorithm 2.
///
/// # Errors
/// If the temperature is not in [1e-6, 1e6], or a logit is not in [-1e150, 1e150], or there are none.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// use reparam::relax::reinmax;
/// let [l] = Jet::variables([0.0]);
/// let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
/// let d = reinmax(1.0, &[l, Jet::from(0.0)], &mut rng).unwrap();
/// // 2 (3/4)(1/4) - (1/4)/2, whichever was drawn
/// assert_eq!((d[0].re + d[1].re, d[0].eps[0]), (1.0, 0.25));
/// ```
pub fn reinmax<S: Scalar, R: Rng + ?Sized, const K: usize>(
    temperature: f64,
    logits: &[S; K],
    rng: &mut R,
) -> Result<[S; K], LawError> {
    check!("ReinMax", temperature: TEMPERATURE);
    check!("ReinMax", logits, K as f64; "at least one" if K > 0);
    check!("ReinMax", logits: each REAL);
    let noise = gumbel_noise::<K, R>(rng);
    let plain = logits.map(|l| l.re());
    let drawn = largest(&array::from_fn::<f64, K, _>(|k| plain[k] + noise[k]));
    let hard: [f64; K] = array::from_fn(|k| if k == drawn { 1.0 } else { 0.0 });
    if S::ORDER == 0 {
        return Ok(hard.map(S::from));
    }
    let mut p = plain;
    tempered_softmax(&mut p, 1.0);
    let mut p_tempered = plain;
    tempered_softmax(&mut p_tempered, temperature);
    let half_way = array::from_fn(|k| 0.5 * (hard[k] + p_tempered[k]));
    let (heun, euler) = (along(&half_way, logits), along(&p, logits));
    Ok(array::from_fn(|k| (heun[k] * 2.0 - euler[k] * 0.5).with_re(hard[k])))
}

/// The probabilities q as a softmax whose logits move as the given ones do: derivative J(q) dl.
fn along<S: Scalar, const K: usize>(q: &[f64; K], logits: &[S; K]) -> [S; K] {
    let mut y = array::from_fn(|k| logits[k].with_re(0.0).exp() * q[k]);
    let sum = y.iter().fold(S::from(0.0), |sum, y| sum + *y);
    for y in &mut y {
        *y = y.over(sum);
    }
    y
}

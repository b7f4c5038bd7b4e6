//! Importance-weighted bounds of draws that do not move.

use super::bound::ImportanceWeighted;
use crate::scalar::{Scalar, math};

/// The importance-weighted bound ln((w_1 + ... + w_K)/K) of K discrete draws, whose first derivative is by scores, each with
/// a baseline from the other draws (VIMCO): `ln_w` are ln p(x, k) - ln q(k) and `ln_q` are ln q(k) at draws as constants.
///
/// The derivative is Σ_k (L - L_k) d ln q_k + Σ_k ŵ_k d ln w_k, with L the bound, L_k the bound with the mean of the other
/// ln w in the place of ln w_k, and ŵ = w/Σw. Draws are taken from the law itself, by its `sample`: what is drawn by a
/// choice of a program has its derivative from the estimator already.
///
/// * Needs: a probability of the draws.
/// * Bias: none of value and first derivative, those in parameters of the model included.
/// * Variance: that of scores, but each draw is judged by what it alone adds to the bound. On a layer of a sigmoid belief net,
///   five draws, a fifth of the cost of the best of the estimators of programs for the same error (the example
///   `binary_gradients`).
/// * Cost: K of ln p and ln q, and K² exponentials.
/// * When: discrete numbers and bounds of several draws. For one draw, the ELBO,
///   [`estimate::martingale`](crate::estimate::martingale) or exhaustive [`estimate::replay`](crate::estimate::replay).
///
/// A scalar of the second order does not compile. One draw has the baseline 0, and so has a draw where all others have the
/// weight 0. No draws: NaN.
///
/// Source: Mnih & Rezende 2016, "Variational inference for Monte Carlo objectives".
///
/// # Panics
/// If `ln_w` and `ln_q` are not of one length.
///
/// ```
/// use reparam::{estimate, objective, prelude::*};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // p(1) = 0.2, and q(1) = 1/(1 + e^-t): ln of the mean weight of four draws
/// let e = estimate::pathwise([0.5], |[logit], rng| -> Result<_, LawError> {
///     let q = Bernoulli::from_logit(logit)?;
///     let draws = [(); 4].map(|()| q.sample(rng));
///     let ln_q = draws.map(|k| q.ln_pmf(&k));
///     let ln_w = [0, 1, 2, 3].map(|i| -ln_q[i] + if draws[i] { 0.2f64.ln() } else { 0.8f64.ln() });
///     Ok(objective::vimco(&ln_w, &ln_q))
/// })
/// .run_seed(1)?;
/// // all numbers of ones among four
/// let exact = |t: Jet<f64, 1>| {
///     let q = t.sigmoid();
///     let term = |ones: i32, ways: f64| {
///         let mass = q.powi(ones) * q.complement().powi(4 - ones) * ways;
///         mass * ((q.recip() * (0.2 * f64::from(ones)) + q.complement().recip() * (0.8 * f64::from(4 - ones))) / 4.0).ln()
///     };
///     term(0, 1.0) + term(1, 4.0) + term(2, 6.0) + term(3, 4.0) + term(4, 1.0)
/// };
/// let exact = exact(Jet::variable(0.5, 0));
/// assert!((e.value - exact.re).abs() < 5.0 * e.value_se);
/// assert!((e.gradient[0] - exact.eps[0]).abs() < 5.0 * e.gradient_se[0]);
/// # Ok(()) }
/// ```
pub fn vimco<S: Scalar>(ln_w: &[S], ln_q: &[S]) -> S {
    const { assert!(S::ORDER <= 1, "scores with baselines are right to first derivatives only") };
    assert_eq!(ln_w.len(), ln_q.len(), "a ln q for each ln w");
    let value = bound(ln_w.iter().map(|x| x.re()));
    if S::ORDER == 0 || !value.is_finite() {
        return S::from(value);
    }
    let draws = ln_w.len() as f64;
    let slope = |(k, (w, q)): (usize, (&S, &S))| {
        let own = w.with_re(0.0) * (math::exp(w.re() - value) / draws);
        q.with_re(0.0) * (value - baseline(ln_w, k)) + if w.re() == f64::NEG_INFINITY { S::from(0.0) } else { own }
    };
    let slopes = ln_w.iter().zip(ln_q).enumerate().map(slope);
    slopes.fold(S::from(0.0), |sum, x| sum + x).with_re(value)
}

/// ln of the mean of the weights.
fn bound(ln_w: impl Iterator<Item = f64>) -> f64 {
    let mut mean = ImportanceWeighted::new();
    ln_w.for_each(|x| mean.push(x));
    mean.value()
}

/// The bound with the mean of the other ln w in the place of number k; 0 where there is none, or it is -inf.
fn baseline<S: Scalar>(ln_w: &[S], k: usize) -> f64 {
    let others = || ln_w.iter().enumerate().filter(|(j, _)| *j != k).map(|(_, x)| x.re());
    let in_its_place = others().sum::<f64>() / (ln_w.len() as f64 - 1.0);
    let bound = bound(others().chain([in_its_place]));
    if bound.is_finite() { bound } else { 0.0 }
}

//! One sample of each objective.

use super::bound::{DoublyReparameterized, ImportanceWeighted};
use super::law::{Detach, Variational, ln_density_along};
use crate::program::Chance;
use crate::scalar::Scalar;

/// A sample of the evidence lower bound: ln p(x, z) - ln q(z; φ) at a draw z of q, with all derivatives.
///
/// Its mean is ln p(x) less the divergence of q from the posterior.
///
/// * Bias: none, of any derivative.
/// * Variance: that of ln p/q along the draws, and of the score of q, which is there even where q is the posterior.
/// * Cost: one ln p and one ln q.
/// * When: second derivatives; q far from the posterior. Otherwise [`sticking_the_landing`].
///
/// Source: Kingma & Welling 2014, "Auto-encoding variational Bayes", equation 6.
///
/// # Errors
/// That of `ln_p`.
///
/// ```
/// use reparam::{estimate, objective, prelude::*};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // an exponential law of mean 2 by a lognormal one: E[ln p] = -ln 2 - e^(m + s²/2)/2, and the entropy of q
/// let e = estimate::pathwise([0.1, 0.7], |[m, s], chance| {
///     let p = Exponential::new(Jet::from(0.5))?;
///     objective::elbo(&LogNormal::new(m, s)?, |z| Ok::<_, LawError>(p.ln_pdf(*z)), chance)
/// })
/// .run_seed(1)?;
/// let exact = |[m, s]: [Jet<f64, 2>; 2]| -> Result<_, LawError> {
///     Ok(LogNormal::new(m, s)?.entropy() - (m + s * s * 0.5).exp() * 0.5 - 2f64.ln())
/// };
/// let exact = exact(Jet::variables([0.1, 0.7]))?;
/// assert!((e.value - exact.re).abs() < 5.0 * e.value_se);
/// assert!((e.gradient[1] - exact.eps[1]).abs() < 5.0 * e.gradient_se[1]);
/// # Ok(()) }
/// ```
pub fn elbo<S: Scalar, K, Q: Variational<S, K>, E>(
    q: &Q,
    ln_p: impl FnOnce(&Q::Point) -> Result<S, E>,
    chance: &mut impl Chance<S>,
) -> Result<S, E> {
    let z = q.draw(chance);
    Ok(ln_p(&z)? - q.ln_density(&z))
}

/// A sample of the evidence lower bound whose first derivative leaves out the score of q: ln q moves with the draw alone.
///
/// * Bias: none of value and first derivative, if the support of q does not depend on its parameters.
/// * Variance: none where q is the posterior, as nothing then depends on the draw; small near it. Farther off, and for q of
///   a family without the posterior, the score left out would have cancelled some noise now and then: `compare` both.
/// * Cost: one ln p and two ln q.
/// * When: the usual choice for fitting q.
///
/// Second derivatives would be off by the Fisher information of q: a scalar of the second order does not compile.
///
/// ```compile_fail
/// use reparam::{estimate, objective, prelude::*};
/// let e = estimate::pathwise_hessian([0.0], |[m], chance| {
///     objective::sticking_the_landing(&Normal::new(m, 1.0.into())?, |z| Ok::<_, LawError>(-*z * *z), chance)
/// });
/// e.run_seed(1).unwrap();
/// ```
///
/// Source: Roeder, Wu & Duvenaud 2017, "Sticking the landing: simple, lower-variance gradient estimators for variational
/// inference". The [page of the module](super) has an example.
///
/// # Errors
/// That of `ln_p`.
pub fn sticking_the_landing<S: Scalar, K, Q: Variational<S, K>, E>(
    q: &Q,
    ln_p: impl FnOnce(&Q::Point) -> Result<S, E>,
    chance: &mut impl Chance<S>,
) -> Result<S, E> {
    let z = q.draw(chance);
    Ok(ln_p(&z)? - ln_density_along(q, &z))
}

/// A sample of the importance-weighted bound: ln((w_1 + ... + w_K)/K), w = p(x, z)/q(z; φ) at K draws of q, with all
/// derivatives.
///
/// Its mean rises from the ELBO at K = 1 to ln p(x).
///
/// * Bias: none, of any derivative of the bound.
/// * Variance: that of the value falls like 1/K. The gradient in the parameters of q sinks faster than its noise: its ratio of
///   signal to noise falls like 1/√K. That in parameters of the model rises like √K.
/// * Cost: K of ln p and ln q, in memory that does not grow with K.
/// * When: parameters of the model, second derivatives. For those of q [`doubly_reparameterized`].
///
/// Source: Burda, Grosse & Salakhutdinov 2016, "Importance weighted autoencoders", equation 8; Rainforth et al. 2018, "Tighter
/// variational bounds are not necessarily better", theorem 1.
///
/// # Errors
/// That of `ln_p`.
///
/// # Panics
/// If `draws` is 0.
///
/// ```
/// use reparam::{estimate, objective, prelude::*};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // an exponential density by draws of another: w = e^(-z)/(q e^(-q z))
/// let bound = |draws: u32| {
///     let one = |[rate]: [Jet<f64, 1>; 1], chance: &mut estimate::Handle<_>| {
///         let q = Exponential::new(rate)?;
///         objective::importance_weighted(&q, draws, |z| Ok::<_, LawError>(-*z), chance)
///     };
///     estimate::pathwise([0.7], one).run_seed(1)
/// };
/// let (elbo, tighter) = (bound(1)?, bound(20)?);
/// // KL = ln 0.7 - 1 + 1/0.7
/// assert!((elbo.value + 0.7f64.ln() - 1.0 + 1.0 / 0.7).abs() < 5.0 * elbo.value_se);
/// assert!(elbo.value < tighter.value && tighter.value < 0.0);
/// # Ok(()) }
/// ```
pub fn importance_weighted<S: Scalar, K, Q: Variational<S, K>, E>(
    q: &Q,
    draws: u32,
    mut ln_p: impl FnMut(&Q::Point) -> Result<S, E>,
    chance: &mut impl Chance<S>,
) -> Result<S, E> {
    assert!(draws > 0, "an importance-weighted bound of 0 draws: it takes one at least");
    let mut bound = ImportanceWeighted::new();
    for _ in 0..draws {
        let z = q.draw(chance);
        bound.push(ln_p(&z)? - q.ln_density(&z));
    }
    Ok(bound.value())
}

/// A sample of the importance-weighted bound whose first derivative is doubly reparameterized: with ŵ = w/Σw,
///
/// Σ ŵ_k² d ln w_k along the draw + Σ ŵ_k d ln p(x, z_k) at the draw as a constant.
///
/// The scores of q are gone: each is replaced, on average, by a derivative along the draw. The second sum is for parameters
/// of the model, and 0 where ln p has none.
///
/// * Bias: none of value and first derivative, if the support of q does not depend on its parameters.
/// * Variance: the ratio of signal to noise rises like √K, and there is no noise where q is the posterior.
/// * Cost: K times two ln p and two ln q; [`DoublyReparameterized`] with one ln p where the model has no parameters of its own.
/// * When: fitting q, or q and the model, by a bound of several draws.
///
/// A scalar of the second order does not compile, as for [`sticking_the_landing`].
///
/// Source: Tucker, Lawson, Gu & Maddison 2019, "Doubly reparameterized gradient estimators for Monte Carlo objectives".
///
/// # Errors
/// That of `ln_p`.
///
/// # Panics
/// If `draws` is 0.
///
/// ```
/// use reparam::{estimate, objective, prelude::*};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let q = |[rate]: [Jet<f64, 1>; 1]| Exponential::new(rate);
/// let ln_p = |z: &Jet<f64, 1>| Ok::<_, LawError>(-*z);
/// let total = estimate::pathwise([0.7], |theta, chance| objective::importance_weighted(&q(theta)?, 20, ln_p, chance));
/// let along = estimate::pathwise([0.7], |theta, chance| objective::doubly_reparameterized(&q(theta)?, 20, ln_p, chance));
/// let (total, along) = (total.run_seed(1)?, along.run_seed(1)?);
/// assert_eq!(total.samples, along.samples);
/// assert!(along.gradient_se[0] < 0.5 * total.gradient_se[0]);
/// let se = along.gradient_se[0].hypot(total.gradient_se[0]);
/// assert!((along.gradient[0] - total.gradient[0]).abs() < 5.0 * se);
/// # Ok(()) }
/// ```
pub fn doubly_reparameterized<S: Scalar, K, Q: Variational<S, K>, E>(
    q: &Q,
    draws: u32,
    mut ln_p: impl FnMut(&Q::Point) -> Result<S, E>,
    chance: &mut impl Chance<S>,
) -> Result<S, E> {
    assert!(draws > 0, "an importance-weighted bound of 0 draws: it takes one at least");
    let mut bound = DoublyReparameterized::new();
    for _ in 0..draws {
        let z = q.draw(chance);
        let ln_w = ln_p(&z)? - ln_density_along(q, &z);
        // plain numbers have no derivatives to tell apart
        let at_constant = if S::ORDER == 0 { S::from(0.0) } else { ln_p(&z.detached())? };
        bound.push_with_model(ln_w, at_constant);
    }
    Ok(bound.value())
}

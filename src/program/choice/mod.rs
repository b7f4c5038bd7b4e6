//! Laws of choices: how a value is drawn, its score, and the weights of its alternatives.
//!
//! The methods of [`Chance`](super::Chance) make them; [`Chance::choose`](super::Chance::choose) takes them as they
//! are, and your own.

mod bernoulli;
mod binomial;
mod categorical;
mod event;
mod geometric;
mod hypergeometric;
mod ordered;
mod poisson;
mod refused;
mod search;

pub use bernoulli::{Bernoulli, BernoulliLogit};
pub use binomial::{Binomial, BinomialLogit};
pub use categorical::{Categorical, CategoricalLogits};
pub use event::Event;
pub use geometric::Geometric;
pub use hypergeometric::Hypergeometric;
pub use ordered::Ordered;
pub use poisson::Poisson;
pub(crate) use refused::Refused;

use crate::parameter::errors;
use crate::scalar::Scalar;
use rand::Rng;

errors! {
    /// Why a choice could not be made. The run goes on with a replacement that lets loops end, and its result is
    /// refused.
    ChoiceError {
        /// A probability is not in [0, 1].
        Probability => "a probability must be in [0, 1]",
        /// The probabilities of a categorical choice: none, one negative or NaN, or a sum that is not positive and
        /// finite.
        Probabilities => "probabilities must be at least 0, with a positive finite sum",
        /// The logits of a categorical choice: none, a NaN, +inf, or all -inf.
        Logits => "logits must be below inf, and not all -inf",
        /// The logit of a Bernoulli choice is NaN.
        Logit => "a logit must be a number",
        /// The hazard of an event is negative or NaN.
        Hazard => "the hazard of an event must be at least 0",
        /// The number of trials is above 2^53.
        Trials => "the number of trials must be at most 2^53",
        /// The rate of a Poisson choice is not in [0, 2^52].
        Rate => "the rate of a Poisson choice must be in [0, 2^52]",
        /// The success probability of a geometric choice is not in [1e-15, 1].
        Success => "the success probability of a geometric choice must be in [1e-15, 1]",
        /// The number of successes of a negative binomial choice is no shape of a gamma law, or its probability is not
        /// in (0, 1].
        Successes => "a negative binomial choice needs a number of successes above 0 and a probability in (0, 1]",
        /// A hypergeometric choice of more than there are, or from more than 1e15.
        Urn => "a hypergeometric choice needs a population of at most 1e15, and no more successes and draws than that",
    }
}

/// The law of one choice among 0, 1, 2, ...: what the estimators need of it.
///
/// With p_k the probability of value k and a dash for ∂/∂θ, the weights w(k→j) satisfy Σ_k p_k Σ_j w(k→j) (f_j - f_k) =
/// Σ_k p'_k f_k for every f. They come from a flux M_kj = -M_jk with Σ_k M_kj = p'_j and shares α_kj + α_jk = 1 as
/// w(k→j) = α_kj M_kj / p_k. A weight is handed over as a scalar whose *derivatives* are the weights of first, second,
/// ... order and whose real part means nothing: built from p'' in place of p' it is the weight of second order, and
/// both are linear.
pub trait ChoiceLaw<S: Scalar> {
    /// Whether the parameters are valid.
    ///
    /// # Errors
    /// What is wrong with them.
    fn check(&self) -> Result<(), ChoiceError>;

    /// A value, from real parts only; monotone in the parameters at fixed noise where it can be, so that runs stay
    /// close.
    fn draw<R: Rng + ?Sized>(&self, noise: &mut R) -> u64;

    /// ln p_k less a constant: its derivatives are those of ln p_k.
    fn score(&self, k: u64) -> S;

    /// p_k.
    fn pmf(&self, k: u64) -> S;

    /// The mean and variance of k, where they are known: what [`martingale`](crate::estimate::martingale) takes the
    /// noise out with.
    fn mean_variance(&self) -> Option<(S, S)> {
        None
    }

    /// The number of values, `None` where it is infinite.
    fn support(&self) -> Option<u64>;

    /// Whether a value of probability 0 has a derivative: it is never drawn, so that scores miss it.
    fn is_blind(&self) -> bool;

    /// All alternatives to k, with two-sided weights.
    fn alternatives(&self, k: u64, visit: impl FnMut(u64, S));

    /// All alternatives to k, with M_kj / p_k: the positive parts of its components are the one-sided weights.
    fn one_sided(&self, k: u64, visit: impl FnMut(u64, S));

    /// (weight, j, i): weight (f_j - f_i), with j and i from `noise`, is an estimate of the whole derivative given k.
    /// `None` for laws that have nothing to gain by it.
    fn difference<R: Rng + ?Sized>(&self, k: u64, noise: &mut R) -> Option<(S, u64, u64)> {
        let _ = (k, noise);
        None
    }
}

/// A scalar whose first and second derivatives are c1 x' and c1 x'' + c2 x' x', and whose further ones are not defined.
#[inline(always)]
fn weight<S: Scalar>(x: S, c1: f64, c2: f64) -> S {
    let mut d = crate::scalar::taylor::ZERO;
    d[1] = c1;
    d[2] = c2;
    x.lift(&d)
}

/// Whether something that is 0 moves.
#[inline(always)]
fn leaves_zero<S: Scalar>(x: S) -> bool {
    x.re() == 0.0 && x.max_abs() > 0.0
}

/// A derivative of a probability that has rounded to 1, so small that what scores miss of it is below every other
/// error.
const NEGLIGIBLE: f64 = 1e-12;

/// Whether a probability of 1 moves, beyond the rounding that has made it 1.
#[inline(always)]
fn leaves_one<S: Scalar>(p: S) -> bool {
    let q = -p + 1.0;
    q.re() == 0.0 && q.max_abs() > NEGLIGIBLE
}

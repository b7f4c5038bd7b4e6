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

use crate::parameter::LawError;
use crate::scalar::Scalar;
use rand::Rng;

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
    /// Which parameter is wrong, and what it was: [`LawError::new`]. The run then goes on with a replacement that lets
    /// loops end, and its result is refused.
    fn check(&self) -> Result<(), LawError>;

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

    /// The number of values if they have no order, so that their mean and variance say little; else 0.
    fn cells(&self) -> u64 {
        0
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

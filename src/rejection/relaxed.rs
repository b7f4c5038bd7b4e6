//! Rejection in which acceptance is a matter of degree: one differentiable function, biased.

use super::{MOST_PROPOSALS, RejectionError};
use crate::noise;
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, math};
use rand::Rng;

/// Rejection sampling with accept and reject replaced by a sigmoid of the logarithmic margin over a temperature.
///
/// Proposals x_1, x_2, ... with probabilities of acceptance a_t and uniform numbers u_t are accepted to the degree
///
/// s_t = sigmoid((ln a_t - ln u_t) / τ),
///
/// and the result is their mixture Σ_t x_t s_t Π_{k<t} (1 - s_k), normalized, with new proposals until what is left is below
/// a tolerance. As a function of the noise it is differentiable in all parameters, to any order; as τ falls to 0 it becomes
/// the accepted proposal, and its derivatives those of the accepted proposal plus spikes of height 1/τ where a decision is
/// close. So the bias falls with τ and the variance grows.
///
/// # Bias
#[doc = include_str!("relaxed_bias.md")]
///
/// [`Rejection`](super::Rejection) has exact derivatives at the same price or less; this one serves where the densities behind
/// the decision are not known, only its probability.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::noise;
/// use reparam::prelude::*;
/// use reparam::rejection::Relaxed;
/// # fn main() -> Result<(), reparam::rejection::RejectionError> {
/// // density proportional to x^a on [0, 1]: uniform proposals, accepted with probability x^a
/// let [a] = Jet::variables([1.0]);
/// let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
/// let draw = Relaxed::new(0.1)?.draw(&mut rng, |rng| {
///     let x = Jet::from(noise::uniform(rng));
///     ([x, x * x], a * x.ln())
/// })?;
/// let [x, square] = draw.value;
/// assert!(square.re > 0.0 && square.re < 1.0 && x.eps[0].is_finite());
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Relaxed {
    temperature: f64,
    tolerance: f64,
    most: u64,
}

/// A mixture of proposals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RelaxedDraw<S, const K: usize> {
    /// The mixture of what was proposed.
    pub value: [S; K],
    /// The number of proposals in it.
    pub proposals: u64,
}

impl Relaxed {
    /// A relaxation with temperature τ.
    ///
    /// # Errors
    /// If the temperature is not in [1e-3, 1e3].
    pub fn new(temperature: f64) -> Result<Self, RejectionError> {
        check_temperature(temperature)?;
        Ok(Relaxed { temperature, tolerance: 1e-6, most: MOST_PROPOSALS })
    }

    /// Ends when the share of all further proposals together is below this, 1e-6 otherwise; moved into [1e-15, 0.1]. What the
    /// end adds to the bias is of this size, and the number of proposals grows with its logarithm.
    pub fn tolerance(self, tolerance: f64) -> Self {
        Relaxed { tolerance: tolerance.clamp(1e-15, 0.1), ..self }
    }

    /// Gives up after this many proposals for one draw, [`MOST_PROPOSALS`] otherwise.
    pub fn at_most(self, proposals: u64) -> Self {
        Relaxed { most: proposals, ..self }
    }

    /// A mixture of proposals. `propose` returns what is to be mixed, and the logarithm of the probability of acceptance; -inf
    /// rejects for certain.
    ///
    /// Of a function of the draw, mix the function's values rather than taking the function of the mixture: the bias is less.
    ///
    /// # Errors
    /// If the logarithm of a probability is above 0 (by more than rounding) or NaN, or if the shares of too many proposals do
    /// not add up to 1.
    pub fn draw<S: Scalar, R: Rng + ?Sized, const K: usize>(
        &self,
        rng: &mut R,
        mut propose: impl FnMut(&mut R) -> ([S; K], S),
    ) -> Result<RelaxedDraw<S, K>, RejectionError> {
        let mut value = [S::from(0.0); K];
        let mut left = S::from(1.0);
        for proposals in 1..=self.most {
            let (x, ln_accept) = propose(rng);
            let ln_u = math::ln(noise::uniform(rng));
            if ln_accept.re().is_nan() {
                return Err(RejectionError::Density);
            }
            if ln_accept.re() > 1e-9 {
                return Err(RejectionError::Probability);
            }
            if ln_accept.re() == f64::NEG_INFINITY {
                continue;
            }
            let margin = (ln_accept - ln_u) / self.temperature;
            let share = left * margin.sigmoid();
            for (sum, x) in value.iter_mut().zip(x) {
                *sum += share * x;
            }
            left *= (-margin).sigmoid();
            if left.re() < self.tolerance {
                let taken = -left + 1.0;
                return Ok(RelaxedDraw { value: value.map(|v| v.over(taken)), proposals });
            }
        }
        Err(RejectionError::TooManyProposals { proposals: self.most })
    }
}

fn check_temperature(temperature: f64) -> Result<(), LawError> {
    check!("a relaxed rejection sampler", temperature: [1e-3, 1e3]);
    Ok(())
}

//! The categorical law of unit vectors.

use super::{Categorical, Cells, Discrete, DiscreteUnivariate};
use crate::distr::KlDivergence;
use crate::parameter::LawError;
use crate::scalar::Scalar;
use rand::Rng;
use rand::distr::Distribution;

/// The [categorical law](https://en.wikipedia.org/wiki/Categorical_distribution) whose outcome is the unit vector of the cell: 1 there
/// and 0 elsewhere.
///
/// # Mass function
/// That of [`Categorical`]; 0 for what is not a unit vector.
///
/// # Derivatives
/// As of [`Categorical`].
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = OneHotCategorical::new([0.0, 2.0])?;
/// assert_eq!(law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1)), [0.0, 1.0]);
/// assert_eq!(law.pmf(&[0.0, 1.0]), 1.0);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(
        transparent,
        bound(serialize = "Categorical<C>: serde::Serialize", deserialize = "Categorical<C>: serde::Deserialize<'de>")
    )
)]
pub struct OneHotCategorical<C: Cells>(Categorical<C>);

impl<C: Cells> Copy for OneHotCategorical<C> where Categorical<C>: Copy {}

impl<S: Scalar, C: Cells<Entry = S>> OneHotCategorical<C> {
    /// The law with probabilities proportional to these weights.
    ///
    /// # Errors
    /// Those of [`Categorical::new`].
    pub fn new(weights: C) -> Result<Self, LawError> {
        Categorical::new(weights).map(OneHotCategorical)
    }

    /// The law with probabilities proportional to the exponentials of these logits.
    ///
    /// # Errors
    /// Those of [`Categorical::from_logits`].
    pub fn from_logits(logits: C) -> Result<Self, LawError> {
        Categorical::from_logits(logits).map(OneHotCategorical)
    }

    /// The same without a table: a draw searches the cells from the first to the last, as of [`Categorical::linear`].
    ///
    /// # Errors
    /// Those of [`Categorical::new`].
    pub fn linear(weights: C) -> Result<Self, LawError> {
        Categorical::linear(weights).map(OneHotCategorical)
    }

    /// The same by logits.
    ///
    /// # Errors
    /// Those of [`Categorical::from_logits`].
    pub fn linear_from_logits(logits: C) -> Result<Self, LawError> {
        Categorical::linear_from_logits(logits).map(OneHotCategorical)
    }

    /// The law of the cell's index.
    pub fn index(&self) -> &Categorical<C> {
        &self.0
    }

    /// The probabilities of the cells, which are the mean.
    pub fn mean(&self) -> &[S] {
        self.0.probabilities()
    }

    /// The covariance of entries i and j, `p_i` ([i = j] - `p_j`).
    pub fn covariance(&self, i: usize, j: usize) -> S {
        self.0.covariance_of_cells(i, j)
    }

    /// The entropy -E[ln p(X)], in nats.
    pub fn entropy(&self) -> S {
        self.0.entropy()
    }
}

/// The cell of a unit vector.
fn cell(x: &[f64]) -> Option<usize> {
    let hot = x.iter().position(|x| *x == 1.0)?;
    x.iter().enumerate().all(|(i, x)| i == hot || *x == 0.0).then_some(hot)
}

impl<S: Scalar, C: Cells<Entry = S>> Distribution<C::Like<f64>> for OneHotCategorical<C> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> C::Like<f64> {
        let mut x = self.0.cells().like(0.0);
        x.as_mut()[self.0.sample(rng)] = 1.0;
        x
    }
}

impl<S: Scalar, C: Cells<Entry = S>> Discrete<S> for OneHotCategorical<C> {
    type Outcome = C::Like<f64>;

    fn ln_pmf(&self, x: &C::Like<f64>) -> S {
        cell(x.as_ref()).map_or(S::from(f64::NEG_INFINITY), |i| self.0.ln_pmf(&i))
    }
    fn pmf(&self, x: &C::Like<f64>) -> S {
        cell(x.as_ref()).map_or(S::from(0.0), |i| self.0.pmf(&i))
    }
}

impl<S: Scalar, C: Cells<Entry = S>> KlDivergence<S> for OneHotCategorical<C> {
    fn kl_divergence(&self, other: &Self) -> S {
        self.0.kl_divergence(&other.0)
    }
}

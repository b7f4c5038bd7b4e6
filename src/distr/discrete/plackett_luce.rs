//! The law of Plackett and Luce.

use super::{Cells, Discrete, discrete_serde};
use crate::noise;
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, math};
use rand::Rng;
use rand::distr::Distribution;

/// The [Plackett-Luce law](https://en.wikipedia.org/wiki/Discrete_choice#J._Exploded_logit) of rankings: the first of K items is chosen with
/// probability proportional to e^(`l_i`), the next one likewise from those that are left, and so on.
///
/// An outcome is a permutation: which item is first, which is second, to the last.
///
/// # Mass function
/// Π_i e^(l_σ(i)) / Σ_(j>=i) e^(l_σ(j)); 0 for what is not a permutation.
///
/// # Derivatives
/// Draws are plain permutations. Those of the logarithm of the mass are those of log-sum-exp.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = PlackettLuce::from_logits(Jet::variables([2f64.ln(), 0.0, 0.0]))?;
/// let p = law.pmf(&[1, 0, 2]); // 1/4 2/3
/// assert!((p.re - 1.0 / 6.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// There is no closed form of entropy or divergence, and a sum has as many terms as there are sets of items, 2^K: estimate E[ln p - ln q] from
/// draws and [`Discrete::ln_pmf`].
///
/// Draws sort the logits with Gumbel noise added (Yellott 1977, J. Math. Psychol. 15).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlackettLuce<C> {
    logits: C,
}

impl<S: Scalar, C: Cells<Entry = S>> PlackettLuce<C> {
    /// The law with these logits of being chosen.
    ///
    /// # Errors
    /// If there are none, or one is not in [-1e150, 1e150].
    pub fn from_logits(logits: C) -> Result<Self, LawError> {
        check_logits(logits.as_ref())?;
        Ok(PlackettLuce { logits })
    }

    /// The logits.
    pub fn logits(&self) -> &[S] {
        self.logits.as_ref()
    }
}

fn check_logits<S: Scalar>(logits: &[S]) -> Result<(), LawError> {
    let count = logits.len();
    check!("a Plackett-Luce law", logits, count as f64; "at least one" if count > 0);
    check!("a Plackett-Luce law", logits: each REAL);
    Ok(())
}

impl<S: Scalar, C: Cells<Entry = S>> Distribution<C::Like<usize>> for PlackettLuce<C> {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> C::Like<usize> {
        let mut keys = self.logits.like(0.0);
        for (key, l) in keys.as_mut().iter_mut().zip(self.logits.as_ref()) {
            *key = l.re() - math::ln(noise::exponential(rng));
        }
        let mut order = self.logits.like(0);
        for (i, item) in order.as_mut().iter_mut().enumerate() {
            *item = i;
        }
        let keys = keys.as_ref();
        order.as_mut().sort_unstable_by(|i, j| keys[*j].total_cmp(&keys[*i]));
        order
    }
}

impl<S: Scalar, C: Cells<Entry = S>> Discrete<S> for PlackettLuce<C> {
    type Outcome = C::Like<usize>;

    fn ln_pmf(&self, order: &C::Like<usize>) -> S {
        let (order, l) = (order.as_ref(), self.logits.as_ref());
        let mut seen = self.logits.like(false);
        for item in order {
            match seen.as_mut().get_mut(*item) {
                Some(seen) if !*seen => *seen = true,
                _ => return S::from(f64::NEG_INFINITY),
            }
        }
        if order.len() != l.len() {
            return S::from(f64::NEG_INFINITY);
        }
        // from the last to the first, with ln Σ e^l of those that are left
        // relative to the largest, beside which the logarithm of a sum may not show
        let largest = l.iter().fold(f64::NEG_INFINITY, |m, l| m.max(l.re()));
        let mut items = order.iter().rev().map(|i| l[*i] - largest);
        let Some(mut left) = items.next() else { return S::from(0.0) };
        let mut ln = S::from(0.0);
        for item in items {
            // ln(e^item / (e^item + e^left))
            ln -= (left - item).softplus();
            left =
                if item.re() > left.re() { item + (left - item).softplus() } else { left + (item - left).softplus() };
        }
        ln
    }
}

discrete_serde!([C] [S: Scalar, C: Cells<Entry = S>] PlackettLuce<C>, "plackett_luce", law => [logits: C = &law.logits], Self::from_logits);

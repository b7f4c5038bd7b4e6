//! The ordered logistic law.

use super::{Cells, Discrete, DiscreteUnivariate, LnMasses, discrete_serde, divergence_of_masses, tails};
use crate::distr::KlDivergence;
use crate::noise;
use crate::parameter::{LawError, check};
use crate::scalar::{Scalar, math};
use rand::Rng;
use rand::distr::Distribution;

/// The [ordered logistic law](https://en.wikipedia.org/wiki/Ordered_logit): how many of K - 1 cut points a logistic variable around a
/// location η exceeds.
///
/// # Mass function
/// σ(`c_(i+1)` - η) - σ(`c_i` - η), i = 0 to K - 1, with `c_0` = -inf, `c_K` = inf and σ the logistic function; its logarithm as
/// ln σ(b) + ln σ(-a) + ln(1 - e^(a-b)), a and b the two arguments, in which nothing cancels.
///
/// # Derivatives
/// Draws are plain indices. Of location and cut points, by the formula above.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = OrderedLogistic::new(0.0, [-1.0, 1.0])?;
/// assert_eq!(law.cdf(&0), 1f64.exp().recip() / (1.0 + 1f64.exp().recip()));
/// assert_eq!(law.mode(), 1);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OrderedLogistic<S, C> {
    location: S,
    cuts: C,
}

impl<S: Scalar, C: Cells<Entry = S>> OrderedLogistic<S, C> {
    /// The law with this location and these rising cut points, one fewer than there are outcomes.
    ///
    /// # Errors
    /// If `location` or a cut point is not in [-1e150, 1e150], or a cut point is not above the one before.
    pub fn new(location: S, cuts: C) -> Result<Self, LawError> {
        check!("an ordered logistic law", location: REAL);
        check_cuts(cuts.as_ref())?;
        Ok(OrderedLogistic { location, cuts })
    }

    /// The location.
    pub fn location(&self) -> S {
        self.location
    }

    /// The cut points.
    pub fn cuts(&self) -> &[S] {
        self.cuts.as_ref()
    }

    /// The largest outcome.
    fn last(&self) -> usize {
        self.cuts.as_ref().len()
    }

    /// The cut point above outcome k, less the location; none above the last.
    fn above(&self, k: usize) -> Option<S> {
        self.cuts.as_ref().get(k).map(|c| *c - self.location)
    }

    fn tail(&self, k: usize, upper: bool) -> S {
        match self.above(k) {
            Some(b) => if upper { -b } else { b }.sigmoid(),
            None => S::from(if upper { 0.0 } else { 1.0 }),
        }
    }

    fn ln_tail(&self, k: usize, upper: bool) -> S {
        match self.above(k) {
            Some(b) => -if upper { b } else { -b }.softplus(),
            None => S::from(if upper { f64::NEG_INFINITY } else { 0.0 }),
        }
    }

    /// ln q_k - ln p_k, q those of a law whose cut points are near: from the steps between these, of which logarithms of masses leave
    /// nothing where they are small.
    fn ln_ratio(&self, other: &Self, k: usize) -> Option<S> {
        let (cuts, others) = (self.cuts.as_ref(), other.cuts.as_ref());
        if cuts.len() != others.len() {
            return None;
        }
        let step = |k: usize| (others[k] - cuts[k]) - (other.location - self.location);
        // ln(1 + e^(x + d)) - ln(1 + e^x)
        let growth = |x: S, d: S| (x.sigmoid() * d.exp_m1()).ln_1p();
        let mut ratio = S::from(0.0);
        let sides = [k.checked_sub(1).map(|k| (k, 1.0)), (k < cuts.len()).then_some((k, -1.0))];
        for (k, sign) in sides.into_iter().flatten() {
            let d = step(k);
            if d.re().abs() > 0.5 {
                return None;
            }
            ratio -= growth((cuts[k] - self.location) * sign, d * sign);
        }
        if let [Some((below, _)), Some((above, _))] = sides {
            // of ln(1 - e^x), x the distance of the two
            let (x, d) = (cuts[below] - cuts[above], step(below) - step(above));
            ratio += (x.exp() * d.exp_m1()).over(x.exp_m1()).ln_1p();
        }
        Some(ratio)
    }

    fn sum(&self, g: impl Fn(usize) -> S) -> S {
        (0..=self.last()).fold(S::from(0.0), |sum, k| sum + g(k))
    }
}

fn check_cuts<S: Scalar>(cuts: &[S]) -> Result<(), LawError> {
    check!("an ordered logistic law", cuts: each REAL);
    let fallen = cuts.windows(2).find(|pair| pair[0].re() >= pair[1].re()).map(|pair| pair[1].re());
    check!("an ordered logistic law", cuts; "rising, each above the one before" unless fallen);
    Ok(())
}

impl<S: Scalar, C: Cells<Entry = S>> Distribution<usize> for OrderedLogistic<S, C> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> usize {
        let u = noise::uniform(rng);
        let (x, location) = (math::ln(u / (1.0 - u)), self.location.re());
        self.cuts.as_ref().iter().filter(|c| c.re() - location < x).count()
    }
}

impl<S: Scalar, C: Cells<Entry = S>> Discrete<S> for OrderedLogistic<S, C> {
    type Outcome = usize;

    fn ln_pmf(&self, k: &usize) -> S {
        if *k > self.last() {
            return S::from(f64::NEG_INFINITY);
        }
        let below = k.checked_sub(1).and_then(|k| self.cuts.as_ref().get(k));
        match (below, self.cuts.as_ref().get(*k)) {
            (None, _) => self.ln_tail(*k, false),
            (Some(_), None) => self.ln_tail(*k - 1, true),
            (Some(a), Some(b)) => self.ln_tail(*k, false) + self.ln_tail(*k - 1, true) + (*a - *b).ln_1m_exp(),
        }
    }
}

impl<S: Scalar, C: Cells<Entry = S>> DiscreteUnivariate<S> for OrderedLogistic<S, C> {
    fn support(&self) -> (usize, usize) {
        (0, self.last())
    }
    tails!();
    /// Of the index of the outcome.
    fn mean(&self) -> S {
        self.sum(|k| self.tail(k, true))
    }
    fn variance(&self) -> S {
        let mean = self.mean();
        self.sum(|k| self.pmf(&k) * (-mean + k as f64) * (-mean + k as f64))
    }
    fn entropy(&self) -> S {
        self.sum(|k| {
            let ln = self.ln_pmf(&k);
            if ln.re() < -740.0 { S::from(0.0) } else { -ln * ln.exp() }
        })
    }
    fn mode(&self) -> usize {
        let mass = |k: usize| self.ln_pmf(&k).re();
        (0..=self.last()).reduce(|m, k| if mass(k) > mass(m) { k } else { m }).unwrap_or(0)
    }
}

impl<S: Scalar, C: Cells<Entry = S>> KlDivergence<S> for OrderedLogistic<S, C> {
    /// A sum over the outcomes; infinite for an other law of fewer.
    fn kl_divergence(&self, other: &Self) -> S {
        if self.last() > other.last() {
            return S::from(f64::INFINITY);
        }
        // outcomes that only the other law has are their mass
        let rest = other.tail(self.last(), true);
        self.sum(|k| {
            let ln = LnMasses::of(self.ln_pmf(&k), other.ln_pmf(&k));
            divergence_of_masses(LnMasses { r: self.ln_ratio(other, k).unwrap_or(ln.r), ..ln })
        }) + rest
    }
}

discrete_serde!(
    [S, C] [S: Scalar, C: Cells<Entry = S>] OrderedLogistic<S, C>, "ordered_logistic",
    law => [location: S = &law.location, cuts: C = &law.cuts], Self::new
);

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    /// Locations apart by little, down to where the divergence is of the order of 1e-25. Values by mpmath at 50 digits.
    #[test]
    fn divergence_of_close_laws() {
        let law = |location: f64| OrderedLogistic::new(location, [-1.0, 0.5]).unwrap();
        for (step, want) in [
            (1e-3, 1.43516081912e-7),
            (1e-6, 1.43521665955e-13),
            (1e-8, 1.43521671342e-17),
            (1e-10, 1.43521695298e-21),
            (1e-12, 1.43515321726e-25),
        ] {
            let got = law(0.3).kl_divergence(&law(0.3 + step));
            assert!((got / want - 1.0).abs() < 1e-11, "{step:e}: {got:e}, not {want:e}");
        }
        assert_eq!(law(0.3).kl_divergence(&law(0.3)), 0.0);
    }
}

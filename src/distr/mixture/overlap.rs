//! How much the components of a mixture overlap: whether draws that move with the weights can be trusted.

use super::{Component, Components, Mixture};
use crate::scalar::Scalar;

/// How many points between two medians are looked at before the best is refined.
const POINTS: usize = 32;

impl<S: Scalar, C: Components<S>> Mixture<S, C> {
    /// The smallest overlap between neighbouring components: over all ways to part them by their medians, and all
    /// points x between, the smallest probability that a draw comes from the other side than its component's. 1 where
    /// all medians are the same.
    ///
    /// A draw moves with the weights through the probability that lies between components. Across a gap, an overlap of
    /// 0, it cannot: the derivatives in the weights are wrong. Where n draws would see no more than a few of n times
    /// the overlap, the standard error does not show what is missing: ask for 1000 over n at least, or use
    /// `weighted::score_component`.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// let apart = |m: f64| Mixture::new([0.5, 0.5], [0.0, m].map(|m| Normal::new(m, 1.0).unwrap())).unwrap();
    /// assert!((apart(2.0).overlap() - Normal::new(0.0, 1.0).unwrap().sf(1.0)).abs() < 1e-9);
    /// assert!(apart(12.0).overlap() < 1e-9);
    /// let gap = [Uniform::new(0.0, 1.0).unwrap(), Uniform::new(2.0, 3.0).unwrap()];
    /// assert_eq!(Mixture::new([0.25, 0.75], gap).unwrap().overlap(), 0.0);
    /// ```
    pub fn overlap(&self) -> f64 {
        let medians = || self.positive().map(|c| c.median().re());
        let cuts = medians().filter_map(|low| {
            let next = medians().filter(|m| *m > low).fold(f64::INFINITY, f64::min);
            next.is_finite().then(|| self.smallest_between(low, next))
        });
        cuts.fold(1.0, f64::min)
    }

    /// The smallest misplaced probability for a cut between two neighbouring medians.
    fn smallest_between(&self, low: f64, high: f64) -> f64 {
        let at = |i: usize| {
            let t = i as f64 / POINTS as f64;
            low * (1.0 - t) + high * t
        };
        let misplaced = |x: f64| self.misplaced(low, x);
        let best = (0..=POINTS).min_by(|i, j| misplaced(at(*i)).total_cmp(&misplaced(at(*j)))).unwrap_or(0);
        let (mut from, mut to) = (at(best.saturating_sub(1)), at((best + 1).min(POINTS)));
        for _ in 0..60 {
            let (a, b) = (from + (to - from) / 3.0, to - (to - from) / 3.0);
            if misplaced(a) <= misplaced(b) { to = b } else { from = a }
        }
        misplaced(0.5 * from + 0.5 * to).min(misplaced(at(best)))
    }

    /// The probability above x of the components with medians up to `low`, and below x of the others.
    fn misplaced(&self, low: f64, x: f64) -> f64 {
        let of = |c: &dyn Component<S>| if c.median().re() <= low { c.sf(S::from(x)) } else { c.cdf(S::from(x)) };
        let terms = self.weights().as_ref().iter().enumerate();
        terms.map(|(k, w)| if w.re() > 0.0 { w.re() * of(self.components.get(k)).re() } else { 0.0 }).sum()
    }

    /// A component chosen in plain numbers, and a draw from it, which moves with that component's parameters only.
    ///
    /// With the score of the choice, `weighted::score_component`, it is a draw whose averages have all derivatives.
    pub fn sample_component<R: rand::Rng + ?Sized>(&self, rng: &mut R) -> (usize, S) {
        if self.components.count() == 1 {
            return (0, self.components.sample(0, rng));
        }
        let k = self.weights.at(crate::noise::uniform(rng));
        (k, self.components.sample(k, rng))
    }

    /// The logarithm of the weight of component k, exact where the weight itself is below the doubles.
    ///
    /// # Panics
    /// If k is not the number of a component.
    pub fn ln_weight(&self, k: usize) -> S {
        self.weights.ln_of(k)
    }
}

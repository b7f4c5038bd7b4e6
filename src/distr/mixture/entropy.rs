//! The entropy of a mixture, which has no closed form.

use super::{Components, Mixture};
use crate::distr::Continuous;
use crate::quadrature::panels;
use crate::scalar::Scalar;

/// Levels of the components' quantiles, in both tails, between which the integrand is smooth.
const LEVELS: [f64; 6] = [1e-20, 1e-13, 1e-7, 1e-3, 0.1, 0.5];

/// The most edges of panels: those of 23 components, fewer of each for more.
const EDGES: usize = 256;

impl<S: Scalar, C: Components<S>> Mixture<S, C> {
    /// -∫ f ln f dx.
    pub(super) fn integrated_entropy(&self) -> S {
        let mut edges = [0.0; EDGES];
        let count = self.edges(&mut edges);
        edges[..count].sort_unstable_by(f64::total_cmp);
        let mut sum = S::from(0.0);
        for pair in edges[..count].windows(2) {
            if pair[0] < pair[1] {
                let (from, to) = (self.moving(pair[0]), self.moving(pair[1]));
                sum += panels::integrate(from, to, 1e-11, |x| {
                    let ln_f = self.ln_pdf(x);
                    if ln_f.re().is_finite() { -(ln_f * ln_f.exp()) } else { S::from(0.0) }
                });
            }
        }
        sum
    }

    /// Writes ends of supports and quantiles of the components, and returns how many.
    fn edges(&self, edges: &mut [f64; EDGES]) -> usize {
        let components = self.positive().count();
        let levels = (EDGES / (2 * components)).clamp(2, LEVELS.len() + 1) - 1;
        let mut count = 0;
        for c in self.positive() {
            let (low, high) = c.support();
            let inner = LEVELS.iter().rev().take(levels).map(|p| S::from(*p)).flat_map(|p| [c.quantile(p), c.isf(p)]);
            for x in inner.chain([low, high]).map(S::re) {
                if count < EDGES && x.is_finite() {
                    edges[count] = x;
                    count += 1;
                }
            }
        }
        count
    }

    /// The end of a support at this number, with its derivatives; else the number.
    fn moving(&self, edge: f64) -> S {
        let ends = self.positive().flat_map(|c| <[S; 2]>::from(c.support()));
        ends.into_iter().find(|end| end.re() == edge).unwrap_or(S::from(edge))
    }
}

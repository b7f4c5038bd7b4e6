//! The entropy of a mixture, which has no closed form.

use super::{Component, Components, Mixture};
use crate::distr::Continuous;
use crate::quadrature::panels;
use crate::scalar::taylor::ZERO;
use crate::scalar::{Scalar, math};

/// Levels of the components' quantiles, in both tails, between which the integrand is smooth.
const LEVELS: [f64; 6] = [1e-20, 1e-13, 1e-7, 1e-3, 0.1, 0.5];

/// The most edges of panels: those of 23 components, fewer of each for more.
const EDGES: usize = 256;

impl<S: Scalar, C: Components<S>> Mixture<S, C> {
    /// -∫ f ln f dx. Derivatives in weights of 0 need panels where those components are; the value does not.
    pub(super) fn integrated_entropy(&self) -> S {
        let value = self.integrated_over(|k| self.weights.is_positive(k));
        if !self.has_moving_zero() {
            return value;
        }
        self.integrated_over(|k| self.weights().as_ref()[k].max_abs() > 0.0 || self.weights.is_positive(k))
            .with_re(value.re())
    }

    /// The same in panels between quantiles of those components.
    fn integrated_over(&self, counts: impl Fn(usize) -> bool) -> S {
        let of = || (0..self.components.count()).filter(|k| counts(*k)).map(|k| self.components.get(k));
        let mut edges = [0.0; EDGES];
        let count = Self::edges(of, &mut edges);
        edges[..count].sort_unstable_by(f64::total_cmp);
        let ends = || of().flat_map(|c| <[S; 2]>::from(c.support()));
        // the end of a support at this number, with its derivatives; else the number
        let moving = |edge: f64| ends().find(|end| end.re() == edge).unwrap_or(S::from(edge));
        let mut sum = S::from(0.0);
        for pair in edges[..count].windows(2) {
            if pair[0] < pair[1] {
                sum += panels::integrate(moving(pair[0]), moving(pair[1]), 1e-11, |x| self.surprise(x));
            }
        }
        sum
    }

    /// -f ln f.
    fn surprise(&self, x: S) -> S {
        let ln_f = Continuous::ln_pdf(self, x);
        let value = if ln_f.re().is_finite() { -(ln_f * ln_f.exp()) } else { S::from(0.0) };
        // where powers of a density over this one, up to the order, are doubles
        let is_large = ln_f.re() > -600.0 / S::ORDER.max(1) as f64;
        if is_large || ln_f.re().is_nan() || !self.has_moving_zero() {
            return value;
        }
        // next to nothing, but with the slope -(ln f + 1) in f, whose derivatives are powers of 1/f
        let mut slopes = ZERO;
        (slopes[0], slopes[1]) = (value.re(), -(ln_f.re() + 1.0));
        let mut power = -math::exp(-ln_f.re());
        for (k, slope) in slopes.iter_mut().enumerate().take(S::ORDER + 1).skip(2) {
            *slope = power;
            power *= -math::exp(-ln_f.re()) * (k as f64 - 1.0);
        }
        Continuous::pdf(self, x).lift(&slopes)
    }

    /// Writes ends of supports and quantiles of components, and returns how many.
    fn edges<'a, I: Iterator<Item = &'a dyn Component<S>>>(of: impl Fn() -> I, edges: &mut [f64; EDGES]) -> usize
    where
        S: 'a,
    {
        let components = of().count();
        let levels = (EDGES / (2 * components)).clamp(2, LEVELS.len() + 1) - 1;
        let mut count = 0;
        for c in of() {
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
}

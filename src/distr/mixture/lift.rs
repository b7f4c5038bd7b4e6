//! From a number to one that moves with weights and parameters at a fixed probability.

use super::{Components, Mixture};
use crate::distr::Continuous;
use crate::distr::numeric::Side;
use crate::implicit::{find_root, lift_root};
use crate::scalar::{Scalar, math};
use core::f64::consts::LN_2;

impl<S: Scalar, C: Components<S>> Mixture<S, C> {
    /// The logarithm of a tail, summed over the components.
    #[inline]
    pub(super) fn ln_tail(&self, side: Side, x: S) -> S {
        self.weights.ln_sum(&self.each(|c| Self::ln_tail_of(c, side, x)))
    }

    /// A number z with its derivatives at fixed F(z).
    #[inline]
    pub(super) fn lifted(&self, z: f64) -> S {
        if S::ORDER == 0 || !z.is_finite() {
            return S::from(z);
        }
        let below = self.ln_tail(Side::Lower, S::from(z)).re();
        let (side, ln_tail) = if below <= -LN_2 {
            (Side::Lower, below)
        } else {
            (Side::Upper, self.ln_tail(Side::Upper, S::from(z)).re())
        };
        self.lifted_at(side, z, ln_tail, S::from(0.0))
    }

    /// The number z with its derivatives where the tail is T e^`change`, change being 0 but for its derivatives.
    ///
    /// Solved for t, the logarithm of the tail at z of that component which makes most of the density: z = Q(t), Q being its quantile.
    /// What moves with this component alone is then in Q, which knows its derivatives, and the equation is left with the other
    /// components and the weights. Solved for z itself it would be a sum that cancels, the more the narrower the component.
    #[inline]
    fn lifted_at(&self, side: Side, z: f64, ln_tail: f64, change: S) -> S {
        let ln_f = self.each(|c| c.ln_pdf(S::from(z)));
        let Some(k) = self.weights.of_largest(&ln_f) else { return S::from(z) };
        let component = self.components.get(k);
        let tails = [Side::Lower, Side::Upper].map(|side| (side, Self::ln_tail_of(component, side, S::from(z)).re()));
        let (own, t) = if tails[0].1 <= tails[1].1 { tails[0] } else { tails[1] };
        if !ln_tail.is_finite() || ln_f.as_ref()[k].re() == f64::INFINITY {
            return S::from(z);
        }
        let target = change.exp();
        let rest = |tail_of_k: S, x: S| {
            let ln_tails = self
                .components
                .values(|j| if j == k { tail_of_k } else { Self::ln_tail_of(self.components.get(j), side, x) });
            self.weights.sum(&ln_tails, ln_tail) - target
        };
        if t == f64::NEG_INFINITY {
            // at the end of its support
            return lift_root(z, |x: S| {
                let slope = self.weights.sum(&self.each(|c| c.ln_pdf(x)), ln_tail) * side.sign();
                rest(Self::ln_tail_of(component, side, x), x).with_re(0.0).over(slope)
            });
        }
        let quantile = |t: S| match own {
            Side::Lower => component.quantile_ln(t).with_re(z),
            Side::Upper => component.isf_ln(t).with_re(z),
        };
        let t = lift_root(t, |t: S| {
            let x = quantile(t);
            let per_t = t - component.ln_pdf(x);
            let slope = self.weights.sum(&self.each(|c| c.ln_pdf(x) + per_t), ln_tail) * (side.sign() * own.sign());
            let tail_of_k = if own == side { t } else { t.ln_1m_exp() };
            rest(tail_of_k, x).with_re(0.0).over(slope)
        });
        quantile(t)
    }

    #[inline]
    fn ln_tail_of(component: &dyn super::Component<S>, side: Side, x: S) -> S {
        match side {
            Side::Lower => component.ln_cdf(x),
            Side::Upper => component.ln_sf(x),
        }
    }

    /// The point where a tail, given with its logarithm, has this probability.
    pub(super) fn at(&self, side: Side, tail: f64, ln_tail: S) -> S {
        let (low, high) = self.support();
        let t = ln_tail.re();
        if t.is_nan() || t > 0.0 {
            return S::from(f64::NAN);
        }
        if t == f64::NEG_INFINITY {
            return if side == Side::Lower { low } else { high };
        }
        let root = self.root(side, tail, t);
        if S::ORDER == 0 || !root.is_finite() {
            return S::from(root);
        }
        self.lifted_at(side, root, t, ln_tail - t)
    }

    /// The same in plain numbers: a root between the smallest and the largest of the components' own.
    fn root(&self, side: Side, tail: f64, ln_tail: f64) -> f64 {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for component in self.positive() {
            let x = match side {
                Side::Lower => component.quantile_ln(S::from(ln_tail)),
                Side::Upper => component.isf_ln(S::from(ln_tail)),
            };
            (low, high) = (low.min(x.re()), high.max(x.re()));
        }
        let (low, high) = (low.max(f64::MIN), high.min(f64::MAX));
        if low >= high {
            return low;
        }
        let ln_pdf = |x: f64| self.ln_pdf(S::from(x)).re();
        let root = find_root(low, high, 0.5 * low + 0.5 * high, |x| {
            // rounding must not turn the signs at the ends
            if x >= high {
                return (f64::INFINITY, 0.0);
            }
            if x <= low {
                return (f64::NEG_INFINITY, 0.0);
            }
            let ln = self.ln_tail(side, S::from(x)).re();
            (side.sign() * (ln - ln_tail), math::exp(ln_pdf(x) - ln))
        });
        if ln_pdf(root) == f64::NEG_INFINITY {
            // in a gap: its lower edge
            let ends = self.positive().map(|c| c.support().1.re()).filter(|end| *end <= root);
            return ends.fold(low, f64::max);
        }
        // logarithms of small numbers are coarse
        let excess = match side {
            Side::Lower => self.cdf(S::from(root)).re() - tail,
            Side::Upper => tail - self.sf(S::from(root)).re(),
        };
        let step = excess / self.pdf(S::from(root)).re();
        if tail > 1e-290 && step.abs() <= 1e-10 * (high - low) { (root - step).max(low).min(high) } else { root }
    }
}

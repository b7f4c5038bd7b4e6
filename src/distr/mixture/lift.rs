//! From a number to one that moves with weights and parameters at a fixed probability.

use super::{Components, Mixture};
use crate::distr::Continuous;
use crate::distr::numeric::Side;
use crate::implicit::{find_root, lift_root};
use crate::quadrature::gauss_legendre;
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
        let lower = self.each(|c| c.ln_cdf(S::from(z)));
        let below = self.weights.ln_sum(&lower).re();
        if below <= -LN_2 {
            return self.lifted_at(Side::Lower, z, below, S::from(0.0), |k| lower.as_ref()[k].re());
        }
        // the size of the tail is a unit here, of which few digits are enough
        let above = if below < -1e-6 { below.ln_1m_exp() } else { self.ln_tail(Side::Upper, S::from(z)).re() };
        self.lifted_at(Side::Upper, z, above, S::from(0.0), |k| lower.as_ref()[k].re())
    }

    /// The number z with its derivatives where the tail is T e^`change`, change being 0 but for its derivatives; `ln_lower` is the
    /// logarithm of a component's distribution function at z.
    ///
    /// Begun at the x which that component which makes most of the density has at a fixed probability of its own: what moves with this
    /// component alone is then in x, by its quantile, and the equation is left with the other components and the weights. Begun at
    /// z itself it would be a sum that cancels, the more the narrower the component.
    #[inline]
    fn lifted_at(&self, side: Side, z: f64, ln_tail: f64, change: S, ln_lower: impl Fn(usize) -> f64) -> S {
        let ln_f = self.each(|c| c.ln_pdf(S::from(z)));
        let Some(k) = self.weights.of_largest(&ln_f) else { return S::from(z) };
        let (component, ln_f_k) = (self.components.get(k), ln_f.as_ref()[k].re());
        if !ln_tail.is_finite() || ln_f_k == f64::INFINITY {
            return S::from(z);
        }
        // below 0.9 a probability has the digits of either tail
        let lower = ln_lower(k);
        let (own, t) =
            if lower < -0.1 { (Side::Lower, lower) } else { (Side::Upper, component.ln_sf(S::from(z)).re()) };
        let target = change.exp();
        let rest = |tail_of_k: S, x: S| {
            let ln_tails = self
                .components
                .values(|j| if j == k { tail_of_k } else { Self::ln_tail_of(self.components.get(j), side, x) });
            (self.weights.sum(&ln_tails, ln_tail) - target).with_re(0.0)
        };
        if t == f64::NEG_INFINITY {
            // at the end of its support
            return lift_root(z, |x: S| {
                let slope = self.weights.sum(&self.each(|c| c.ln_pdf(x)), ln_tail) * side.sign();
                rest(Self::ln_tail_of(component, side, x), x).over(slope)
            });
        }
        let x = match own {
            Side::Lower => component.quantile_ln(S::from(t)).with_re(z),
            Side::Upper => component.isf_ln(S::from(t)).with_re(z),
        };
        let tail_of_k = if own == side { S::from(t) } else { S::from(t).ln_1m_exp() };
        // x moves by the y with rest + y (mean density on the way) = 0, in units of the component's own tail over its density
        let (rest, per_unit) = (rest(tail_of_k, x) * side.sign(), t - ln_f_k);
        let unit = math::exp(per_unit);
        let density = |x: S| self.weights.sum(&self.each(|c| c.ln_pdf(x) + per_unit), ln_tail);
        let mut way = (-rest.over(density(x)) * unit).with_re(0.0);
        // each step adds an order
        for _ in 1..S::ORDER {
            way = (-rest.over(mean_over(|part| density(x + way * part))) * unit).with_re(0.0);
        }
        (x + way).with_re(z)
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
        self.lifted_at(side, root, t, ln_tail - t, |k| self.components.get(k).ln_cdf(S::from(root)).re())
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

/// The mean over [0, 1] of a function of `part` times what is 0 but for its derivatives: by the rule of Gauss that is exact to their order.
#[inline]
fn mean_over<S: Scalar>(mut f: impl FnMut(f64) -> S) -> S {
    match S::ORDER {
        0..=2 => f(0.5),
        // the nodes of the rule of two points, (1 ± 1/sqrt 3)/2
        3..=4 => (f(0.21132486540518713) + f(0.7886751345948129)) * 0.5,
        _ => gauss_legendre::mean_long(f),
    }
}

//! The weights of a mixture, and sums over its components.

use super::Components;
use crate::parameter::{LawError, check, in_range};
use crate::scalar::taylor::ZERO;
use crate::scalar::{Scalar, ln_sum_exp};
use core::marker::PhantomData;

/// The largest number whose exponential is a double.
const LARGEST_EXPONENT: f64 = 709.0;

/// Weights that add up to 1, and their logarithms: a weight of 0 may have derivatives, one below the doubles a logarithm.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weights<S, V> {
    linear: V,
    ln: V,
    scalar: PhantomData<S>,
}

impl<S: Scalar, V: AsRef<[S]> + Clone> Weights<S, V> {
    /// Weights proportional to these. Values that add up to 1 but for rounding stay as they are.
    pub(super) fn from_weights(weights: V, components: &impl Components<S, Values = V>) -> Result<Self, LawError> {
        let w = weights.as_ref();
        let (count, largest) = (w.len(), w.iter().fold(0.0, |m: f64, w| m.max(w.re())));
        check!("a mixture", weights, count as f64; "one for each component" if count == components.count());
        check!("a mixture", weights, count as f64; "at least one" if count > 0);
        let fault = w.iter().find(|w| !(in_range(**w) && w.re() >= 0.0)).map(|w| w.re());
        check!("a mixture", weights; "in [0, 1e150]" unless fault);
        check!("a mixture", weights, largest; "not all below 1e-150, the largest" if largest >= 1e-150);
        let sum = w.iter().fold(S::from(0.0), |sum, w| sum + *w);
        let is_one = (sum.re() - 1.0).abs() <= w.len() as f64 * f64::EPSILON;
        let share = |w: S| if is_one { w.over(sum).with_re(w.re()) } else { w.over(sum) };
        let linear = components.values(|k| share(w[k]));
        let ln = components.values(|k| linear.as_ref()[k].ln());
        Ok(Weights { linear, ln, scalar: PhantomData })
    }

    /// Weights proportional to the exponentials of these.
    pub(super) fn from_logits(logits: V, components: &impl Components<S, Values = V>) -> Result<Self, LawError> {
        let l = logits.as_ref();
        let count = l.len();
        check!("a mixture", logits, count as f64; "one for each component" if count == components.count());
        check!("a mixture", logits, count as f64; "at least one" if count > 0);
        let fault = l.iter().find(|l| !(in_range(**l) || l.re() == f64::NEG_INFINITY)).map(|l| l.re());
        check!("a mixture", logits; "in [-1e150, 1e150] or -inf" unless fault);
        check!("a mixture", logits, f64::NEG_INFINITY; "not all -inf, each" if l.iter().any(|l| in_range(*l)));
        let total = ln_sum_exp(l);
        let minus_infinity = S::from(f64::NEG_INFINITY);
        let ln = components.values(|k| if in_range(l[k]) { l[k] - total } else { minus_infinity });
        Ok(Weights { linear: components.values(|k| ln.as_ref()[k].exp()), ln, scalar: PhantomData })
    }

    /// The weights after an observation with log-density t_k in component k: w_k e^(t_k) / Σ w_j e^(t_j).
    ///
    /// An observation that no component can have made leaves them as they are.
    pub(super) fn given(&self, t: &V, components: &impl Components<S, Values = V>) -> Self {
        let scale = self.largest(t);
        let sum = self.sum(t, scale);
        if !(scale.is_finite() && sum.re() > 0.0) {
            return self.clone();
        }
        let ln_sum = sum.ln() + scale;
        Weights {
            linear: components.values(|k| self.term(k, t.as_ref()[k], scale).over(sum)),
            ln: components.values(|k| self.ln.as_ref()[k] + t.as_ref()[k] - ln_sum),
            scalar: PhantomData,
        }
    }

    /// The weights themselves.
    #[inline]
    pub(super) fn linear(&self) -> &V {
        &self.linear
    }

    /// ln w_k.
    #[inline]
    pub(super) fn ln_of(&self, k: usize) -> S {
        self.ln.as_ref()[k]
    }

    /// Whether component k has a share.
    #[inline]
    pub(super) fn is_positive(&self, k: usize) -> bool {
        self.ln.as_ref()[k].re() > f64::NEG_INFINITY
    }

    /// The component in whose share of [0, 1] the number u lies.
    #[inline]
    pub(super) fn at(&self, u: f64) -> usize {
        let (mut cumulative, mut last) = (0.0, 0);
        for (k, w) in self.linear.as_ref().iter().enumerate() {
            cumulative += w.re();
            if u < cumulative {
                return k;
            }
            if w.re() > 0.0 {
                last = k;
            }
        }
        last
    }

    /// Σ w_k x_k. A weight of 0 hides what is infinite.
    pub(super) fn mean(&self, x: impl Fn(usize) -> S) -> S {
        self.linear.as_ref().iter().enumerate().fold(S::from(0.0), |sum, (k, &w)| {
            if w.max_abs() == 0.0 {
                return sum;
            }
            let x = x(k);
            if w.re() == 0.0 && !x.re().is_finite() { sum } else { sum + w.chain(x) }
        })
    }

    /// The largest of ln w_k + t_k.
    #[inline]
    pub(super) fn largest(&self, t: &V) -> f64 {
        let terms = self.ln.as_ref().iter().zip(t.as_ref()).filter(|(ln_w, _)| ln_w.re() > f64::NEG_INFINITY);
        terms.fold(f64::NEG_INFINITY, |m, (ln_w, t)| m.max(ln_w.re() + t.re()))
    }

    /// The k with the largest ln w_k + t_k that is not -inf.
    #[inline]
    pub(super) fn of_largest(&self, t: &V) -> Option<usize> {
        let ln = |k: usize| self.ln.as_ref()[k].re() + t.as_ref()[k].re();
        (0..t.as_ref().len())
            .filter(|k| self.is_positive(*k) && ln(*k) > f64::NEG_INFINITY)
            .reduce(|m, k| if ln(k) > ln(m) { k } else { m })
    }

    /// Σ w_k e^(t_k - scale).
    #[inline]
    pub(super) fn sum(&self, t: &V, scale: f64) -> S {
        t.as_ref().iter().enumerate().fold(S::from(0.0), |sum, (k, t)| sum + self.term(k, *t, scale))
    }

    /// w_k e^(t - scale). What is 0 or infinite to all digits is not differentiated.
    #[inline]
    fn term(&self, k: usize, t: S, scale: f64) -> S {
        let (w, ln_w) = (self.linear.as_ref()[k], self.ln.as_ref()[k]);
        let is_linear = w.re() >= f64::MIN_POSITIVE || ln_w.re() == f64::NEG_INFINITY;
        let exponent = if is_linear { t.re() - scale } else { t.re() - scale + ln_w.re() };
        if exponent > LARGEST_EXPONENT && w.re() == 0.0 {
            // a slope beyond the doubles, of what moves only
            let mut infinite_slope = ZERO;
            infinite_slope[1] = f64::INFINITY;
            w.lift(&infinite_slope)
        } else if exponent.abs() > 800.0 || (is_linear && w.max_abs() == 0.0) {
            S::from(0.0)
        } else if is_linear {
            w * (t - scale).exp()
        } else {
            (t - scale + ln_w).exp()
        }
    }

    /// ln Σ w_k e^(t_k).
    pub(super) fn ln_sum(&self, t: &V) -> S {
        let scale = self.largest(t);
        if scale.is_infinite() { S::from(scale) } else { self.sum(t, scale).ln() + scale }
    }
}

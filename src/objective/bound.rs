//! The logarithm of a mean of weights, one weight at a time.

use crate::scalar::{Scalar, math};

/// ln((w_1 + ... + w_K)/K) from ln w_1, ..., ln w_K, one after the other: without overflow and without a heap, with all
/// derivatives.
///
/// Weights of 0 (ln w = -inf) count as draws. The value is NaN before the first draw, and if a ln w is NaN.
///
/// ```
/// use reparam::{objective::ImportanceWeighted, prelude::*};
/// let [x, y] = Jet::variables([-1000.0, -1000.0]);
/// let mut bound = ImportanceWeighted::new();
/// bound.push(x);
/// bound.push(y + 3f64.ln());
/// let mean = bound.value();
/// assert!((mean.re - (2f64.ln() - 1000.0)).abs() < 1e-12);
/// assert!((mean.eps[0] - 0.25).abs() < 1e-12 && (mean.eps[1] - 0.75).abs() < 1e-12);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImportanceWeighted<S> {
    draws: u64,
    /// The largest ln w so far, with its derivatives: they would cancel in the others.
    top: S,
    /// The other weights over the largest.
    rest: S,
}

impl<S: Scalar> Default for ImportanceWeighted<S> {
    fn default() -> Self {
        ImportanceWeighted { draws: 0, top: S::from(f64::NEG_INFINITY), rest: S::from(0.0) }
    }
}

impl<S: Scalar> ImportanceWeighted<S> {
    /// Of no draws.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a draw by the logarithm of its weight, ln p(x, z) - ln q(z).
    pub fn push(&mut self, ln_w: S) {
        self.draws += 1;
        let (new, top) = (ln_w.re(), self.top.re());
        if new == f64::NEG_INFINITY || top.is_nan() || top == f64::INFINITY && !new.is_nan() {
            return;
        }
        if new <= top {
            self.rest += (ln_w - self.top).exp();
        } else {
            // NaN comes here, too, and stays
            self.rest = match top == f64::NEG_INFINITY || !new.is_finite() {
                true => S::from(0.0),
                false => (self.rest + 1.0) * (self.top - ln_w).exp(),
            };
            self.top = ln_w;
        }
    }

    /// How many draws there were.
    pub fn draws(&self) -> u64 {
        self.draws
    }

    /// ln of the mean weight.
    pub fn value(&self) -> S {
        if self.draws == 0 {
            return S::from(f64::NAN);
        }
        if !self.top.re().is_finite() {
            return S::from(self.top.re());
        }
        self.rest.ln_1p() + self.top - math::ln(self.draws as f64)
    }
}

/// ln((w_1 + ... + w_K)/K) with the doubly reparameterized first derivative, one draw at a time: see
/// [`doubly_reparameterized`](super::doubly_reparameterized).
///
/// Weights of 0 (ln w = -inf) count as draws. The value is NaN before the first draw, and if a ln w is NaN.
///
/// ```
/// use reparam::objective::{self, DoublyReparameterized};
/// use reparam::{estimate, prelude::*};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // ln p has no parameters of its own: it is evaluated once a draw
/// let e = estimate::pathwise([0.7], |[rate], chance| -> Result<_, LawError> {
///     let (q, mut bound) = (Exponential::new(rate)?, DoublyReparameterized::new());
///     for _ in 0..20 {
///         let z = chance.draw(&q);
///         bound.push(-z - objective::ln_density_along(&q, &z));
///     }
///     Ok(bound.value())
/// })
/// .run_seed(1)?;
/// let same = estimate::pathwise([0.7], |[rate], chance| {
///     objective::doubly_reparameterized(&Exponential::new(rate)?, 20, |z| Ok::<_, LawError>(-*z), chance)
/// })
/// .run_seed(1)?;
/// assert_eq!(e.value, same.value);
/// assert!((e.gradient[0] / same.gradient[0] - 1.0).abs() < 1e-12);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DoublyReparameterized<S> {
    draws: u64,
    /// The largest ln w so far: the weights below are over e to this.
    top: f64,
    /// Σ w
    weights: f64,
    /// Σ w² d ln w: the real part is 0.
    along: S,
    /// Σ w d ln p at constant draws: the real part is 0.
    direct: S,
}

impl<S: Scalar> Default for DoublyReparameterized<S> {
    fn default() -> Self {
        let zero = S::from(0.0);
        DoublyReparameterized { draws: 0, top: f64::NEG_INFINITY, weights: 0.0, along: zero, direct: zero }
    }
}

impl<S: Scalar> DoublyReparameterized<S> {
    /// Of no draws.
    pub fn new() -> Self {
        const { assert!(S::ORDER <= 1, "doubly reparameterized derivatives are right to the first order only") };
        Self::default()
    }

    /// Adds a draw of a model that has no parameters of its own: `ln_w` is ln p(x, z) - ln q(z) that moves along the draw
    /// alone, with ln q by [`ln_density_along`](super::ln_density_along) or [`path`](super::path).
    ///
    /// If ln p does have parameters that are differentiated, their derivatives are wrong: then
    /// [`DoublyReparameterized::push_with_model`].
    pub fn push(&mut self, ln_w: S) {
        self.push_with_model(ln_w, S::from(0.0));
    }

    /// Adds a draw of a model with parameters of its own: `ln_w` as for [`DoublyReparameterized::push`], and ln p(x, z) at the
    /// same draw as a constant.
    pub fn push_with_model(&mut self, ln_w: S, at_constant: S) {
        self.draws += 1;
        let new = ln_w.re();
        if new == f64::NEG_INFINITY || self.top.is_nan() || self.top == f64::INFINITY && !new.is_nan() {
            return;
        }
        if !new.is_finite() {
            self.top = new;
            return;
        }
        if new > self.top {
            let shrink = math::exp(self.top - new);
            self.weights *= shrink;
            self.along = self.along * (shrink * shrink);
            self.direct = self.direct * shrink;
            self.top = new;
        }
        let w = math::exp(new - self.top);
        self.weights += w;
        let direct = at_constant.with_re(0.0);
        self.along += (ln_w.with_re(0.0) - direct) * (w * w);
        self.direct += direct * w;
    }

    /// How many draws there were.
    pub fn draws(&self) -> u64 {
        self.draws
    }

    /// ln of the mean weight.
    pub fn value(&self) -> S {
        if self.draws == 0 {
            return S::from(f64::NAN);
        }
        if !self.top.is_finite() {
            return S::from(self.top);
        }
        let ln_mean = self.top + math::ln(self.weights) - math::ln(self.draws as f64);
        let slopes = self.along * (1.0 / (self.weights * self.weights)) + self.direct * (1.0 / self.weights);
        slopes.with_re(ln_mean)
    }
}

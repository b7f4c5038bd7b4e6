//! Divergences between laws of different families, where they have a closed form.

use super::{
    ChiSquared, Continuous, Erlang, Exponential, Gamma, InverseChiSquared, InverseGamma, KlDivergence, Normal,
    ScaledInverseChiSquared, Uniform,
};
use crate::scalar::{Scalar, math};
use crate::special::gamma_divergence;
use core::f64::consts::PI;

/// A law of the gamma family, or of the inverse gamma family.
trait OfGamma<S> {
    /// The shape and the rate of X, or of 1/X.
    fn shape_and_rate(&self) -> [S; 2];
}

/// States shape and rate of each law, and the divergence between every two that are of different type.
macro_rules! of_gamma {
    ($($law:ident: |$x:ident| [$shape:expr, $rate:expr],)+) => {
        $(impl<S: Scalar> OfGamma<S> for $law<S> {
            fn shape_and_rate(&self) -> [S; 2] {
                let $x = self;
                [$shape, $rate]
            }
        })+
        of_gamma!(@pairs [$($law)+] []);
    };
    (@pairs [] [$($before:ident)*]) => {};
    (@pairs [$law:ident $($after:ident)*] [$($before:ident)*]) => {
        $(of_gamma!(@pair $law, $before);)*
        $(of_gamma!(@pair $law, $after);)*
        of_gamma!(@pairs [$($after)*] [$($before)* $law]);
    };
    (@pair $law:ident, $other:ident) => {
        impl<S: Scalar> KlDivergence<S, $other<S>> for $law<S> {
            /// That of the gamma laws that they are.
            fn kl_divergence(&self, other: &$other<S>) -> S {
                gamma_divergence(self.shape_and_rate(), other.shape_and_rate())
            }
        }
    };
}

of_gamma! {
    Gamma: |law| [law.shape(), law.rate()],
    Exponential: |law| [S::from(1.0), law.rate()],
    Erlang: |law| [S::from(f64::from(law.shape())), law.rate()],
    ChiSquared: |law| [law.df() * 0.5, S::from(0.5)],
}

of_gamma! {
    InverseGamma: |law| [law.shape(), law.scale()],
    InverseChiSquared: |law| [law.df() * 0.5, S::from(0.5)],
    ScaledInverseChiSquared: |law| [law.df() * 0.5, law.df() * 0.5 * law.scale()],
}

/// Infinite, where a law gives no density to what another one draws.
fn infinite<S: Scalar>() -> S {
    S::from(f64::INFINITY)
}

impl<S: Scalar> Normal<S> {
    /// The divergence of any law p from this one, by p's entropy, mean and variance:
    /// ln(σ sqrt(2π)) + (Var p + (E p - μ)²)/(2σ²) - h(p). Infinite where p has no finite variance, or atoms.
    ///
    /// Right to a rounding of the entropy: of laws closer than about 1e-15 nothing is left.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// // a Laplace law from the normal law of its mean and variance: (ln π - 1)/2
    /// let law = Laplace::new(0.0, 1.0).unwrap();
    /// let normal = Normal::new(0.0, 2f64.sqrt()).unwrap();
    /// assert!((normal.kl_divergence_of(&law) - 0.5 * (core::f64::consts::PI.ln() - 1.0)).abs() < 1e-15);
    /// ```
    pub fn kl_divergence_of(&self, law: &impl Continuous<S>) -> S {
        let (Some(mean), Some(variance)) = (law.mean(), law.variance()) else { return infinite() };
        if law.has_atoms() || !(mean.re().is_finite() && variance.re().is_finite()) {
            return infinite();
        }
        let shift = (mean - self.location()).over(self.std_dev());
        let ratio = variance.over(self.std_dev()).over(self.std_dev());
        let half_ln_2_pi = 0.5 * math::ln(2.0 * PI);
        self.std_dev().ln() + half_ln_2_pi + (ratio + shift * shift) * 0.5 - law.entropy()
    }
}

impl<S: Scalar> Exponential<S> {
    /// The divergence of any law p on the positive half-line from this one: λ E p - ln λ - h(p). Infinite where p has
    /// no finite mean, draws below 0, or atoms.
    ///
    /// Right to a rounding of the entropy.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// // a uniform law on (0, 1) from rate 2: 1 - ln 2
    /// let law = Uniform::new(0.0, 1.0).unwrap();
    /// let exponential = Exponential::new(2.0).unwrap();
    /// assert!((exponential.kl_divergence_of(&law) - (1.0 - 2f64.ln())).abs() < 1e-15);
    /// assert_eq!(exponential.kl_divergence_of(&Normal::new(5.0, 1.0).unwrap()), f64::INFINITY);
    /// ```
    pub fn kl_divergence_of(&self, law: &impl Continuous<S>) -> S {
        match law.mean() {
            Some(mean) if !law.has_atoms() && mean.re().is_finite() && law.support().0.re() >= 0.0 => {
                mean * self.rate() - self.rate().ln() - law.entropy()
            }
            _ => infinite(),
        }
    }
}

impl<S: Scalar> Uniform<S> {
    /// The divergence of any law p from this one: ln(upper - lower) - h(p). Infinite where p draws outside, or has atoms.
    ///
    /// Right to a rounding of the entropy.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// // a beta law with density 2 x: its entropy is 1/2 - ln 2
    /// let law = Beta::new(2.0, 1.0).unwrap();
    /// let uniform = Uniform::new(0.0, 3.0).unwrap();
    /// assert!((uniform.kl_divergence_of(&law) - (6f64.ln() - 0.5)).abs() < 1e-15);
    /// assert_eq!(Uniform::new(0.5, 1.0).unwrap().kl_divergence_of(&law), f64::INFINITY);
    /// ```
    pub fn kl_divergence_of(&self, law: &impl Continuous<S>) -> S {
        let ((from, to), (lower, upper)) = (law.support(), (self.lower(), self.upper()));
        if law.has_atoms() || from.re() < lower.re() || to.re() > upper.re() {
            return infinite();
        }
        (upper - lower).ln() - law.entropy()
    }
}

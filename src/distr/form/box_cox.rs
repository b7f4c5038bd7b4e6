//! The inverse of the Box-Cox transform of a law: Y = (exp(ξ T) - 1)/ξ, smooth through ξ = 0, where Y = T.

use super::{NearEnd, Standard, bounded, power_near_zero};
use crate::scalar::{Scalar, math};
use rand::Rng;

/// The law of (exp(ξ T) - 1)/ξ, T from `standard`: light tails become powers of 1/ξ (ξ > 0) or get an end (ξ < 0).
#[derive(Clone, Copy)]
pub(crate) struct BoxCox<S, K> {
    pub xi: S,
    pub standard: K,
}

/// What a law must know of itself for [`BoxCox`] of it to have moments and a mode.
pub(crate) trait Powers<S: Scalar>: Standard<S, Draw = f64> {
    /// (E[exp(ξ T)] - 1)/ξ.
    fn mean_of_power(&self, xi: S) -> Option<S>;
    /// Var[exp(ξ T)]/ξ².
    fn variance_of_power(&self, xi: S) -> Option<S>;
    /// ln f(t) + t of the upper tail, which falls like e^-t, from e^-t.
    fn upper_tail(&self, decay: S) -> S;
    /// The t whose image has the highest density.
    fn mode_of_power(&self, xi: S) -> Option<S>;
}

impl<S: Scalar, K: Standard<S>> BoxCox<S, K> {
    /// (exp(ξ t) - 1)/ξ, at infinite t the limit.
    #[inline]
    fn power(&self, t: S) -> S {
        if t.re().is_infinite() {
            return if t.re() * self.xi.re() < 0.0 { bounded(-self.xi.recip()) } else { S::from(t.re()) };
        }
        let v = self.xi * t;
        // far out the quotient, which meets the end of the support exactly
        bounded(if v.re().abs() > 1.0 { v.exp_m1().over(self.xi) } else { t * v.exp_m1_ratio() })
    }

    /// t = ln(1 + ξ y)/ξ, infinite at and beyond the end of the support.
    #[inline]
    fn log(&self, y: S) -> S {
        let v = self.xi * y;
        if v.re() <= -1.0 {
            S::from(if self.xi.re() < 0.0 { f64::INFINITY } else { f64::NEG_INFINITY })
        } else if v.re() < 1e16 {
            y * v.ln_1p_ratio()
        } else {
            // the powers of v in higher derivatives would leave the range of doubles: ln ξ + ln y
            let t = (self.xi.abs().ln() + y.abs().ln()).over(self.xi);
            if v.re().is_infinite() { t } else { t.with_re(math::ln_1p(v.re()) / self.xi.re()) }
        }
    }
}

impl<S: Scalar, K: Powers<S>> Standard<S> for BoxCox<S, K> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let t = self.standard.draw(rng);
        let v = self.xi * t;
        bounded(if v.re().abs() > 1.0 { v.exp_m1().over(self.xi) } else { v.exp_m1_ratio() * t })
    }
    fn support(&self) -> (S, S) {
        let (low, high) = self.standard.support();
        (self.power(low), self.power(high))
    }
    /// At the upper end that a negative ξ makes: with v = 1 + ξ y = |ξ| z, t is ln v/ξ.
    fn near_end(&self, upper: bool, z: S) -> Option<NearEnd<S>> {
        if !(upper && self.xi.re() < 0.0) {
            return None;
        }
        let (v, power) = (z * -self.xi, -self.xi.recip());
        let exponent = power - 1.0;
        let decay = power_near_zero(v, power.re(), exponent.re())?;
        Some(NearEnd { exponent, ln_factor: self.standard.upper_tail(decay) + exponent * (-self.xi).ln() })
    }
    /// ln f(t) - ξ t; at an end of the support that ξ makes, the limit.
    fn ln_pdf(&self, y: S) -> S {
        let t = self.log(y);
        if t.re() == f64::INFINITY && (self.xi * y).re() == -1.0 && self.xi.re() <= -1.0 {
            return S::from(if self.xi.re() == -1.0 { 0.0 } else { f64::INFINITY });
        }
        let ln_pdf = self.standard.ln_pdf(t);
        if ln_pdf.re().is_infinite() || t.re().is_infinite() {
            return S::from(f64::NEG_INFINITY);
        }
        ln_pdf - self.xi * t
    }
    fn cdf(&self, y: S) -> S {
        self.standard.cdf(self.log(y))
    }
    fn sf(&self, y: S) -> S {
        self.standard.sf(self.log(y))
    }
    fn ln_cdf(&self, y: S) -> S {
        self.standard.ln_cdf(self.log(y))
    }
    fn ln_sf(&self, y: S) -> S {
        self.standard.ln_sf(self.log(y))
    }
    fn quantile(&self, p: S) -> S {
        self.power(self.standard.quantile(p))
    }
    fn isf(&self, q: S) -> S {
        self.power(self.standard.isf(q))
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        self.power(self.standard.quantile_ln(ln_p))
    }
    fn isf_ln(&self, ln_q: S) -> S {
        self.power(self.standard.isf_ln(ln_q))
    }
    fn mean(&self) -> Option<S> {
        self.standard.mean_of_power(self.xi)
    }
    fn variance(&self) -> Option<S> {
        self.standard.variance_of_power(self.xi)
    }
    /// H[T] + E[ln dy/dt] = H[T] + ξ E[T]
    fn entropy(&self) -> S {
        let mean = self.standard.mean().unwrap_or(S::from(f64::NAN));
        self.standard.entropy() + self.xi * mean
    }
    fn mode(&self) -> Option<S> {
        self.standard.mode_of_power(self.xi).map(|t| self.power(t))
    }
    fn median(&self) -> S {
        self.power(self.standard.median())
    }
}

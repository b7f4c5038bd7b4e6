//! Maps of the real line.

use super::{Bijection, Monotone, outside};
use crate::parameter::{LawError, check, positive};
use crate::scalar::Scalar;
use crate::special::ln_2_cosh;
use core::f64::consts::LN_2;

/// An increasing map without parameters: its domain, image, value, inverse and the logarithm of its slope.
macro_rules! maps {
    ($($(#[$doc:meta])+ $name:ident: $domain:expr => $image:expr;
        $x:ident => $value:expr; $y:ident => $inverse:expr; $at:ident => $ln_slope:expr;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name;

        impl<S: Scalar> Bijection<S> for $name {
            type Scalar = S;
            type Image = S;
            #[inline]
            fn forward(&self, &$x: &S) -> S {
                $value
            }
            #[inline]
            fn inverse(&self, &$y: &S) -> Option<S> {
                (!outside($y, $image)).then(|| $inverse)
            }
            #[inline]
            fn ln_abs_det_jacobian(&self, &$at: &S) -> S {
                $ln_slope
            }
        }

        impl<S: Scalar> Monotone<S> for $name {
            fn domain(&self) -> (f64, f64) {
                $domain
            }
            fn image(&self) -> (f64, f64) {
                $image
            }
        }
    )+};
}

const REAL: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
const POSITIVE: (f64, f64) = (0.0, f64::INFINITY);

maps! {
    /// y = e^x, from the real line to the positive numbers.
    Exp: REAL => POSITIVE; x => x.exp(); y => y.ln(); x => x;
    /// y = ln x, from the positive numbers to the real line.
    Ln: POSITIVE => REAL; x => x.ln(); y => y.exp(); x => -x.ln();
    /// y = ln(1 + e^x), from the real line to the positive numbers: close to x for large x, to e^x far below 0.
    Softplus: REAL => POSITIVE; x => x.softplus(); y => y.ln_exp_m1(); x => -(-x).softplus();
    /// y = 1/(1 + e^-x), from the real line to (0, 1).
    Sigmoid: REAL => (0.0, 1.0); x => x.sigmoid(); y => y.logit(); x => -x.softplus() - (-x).softplus();
    /// y = tanh x, from the real line to (-1, 1).
    Tanh: REAL => (-1.0, 1.0); x => x.tanh(); y => y.atanh(); x => (-ln_2_cosh(x) + LN_2) * 2.0;
}

/// y = a + b x, b not 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocationScale<S> {
    pub(super) location: S,
    pub(super) scale: S,
}

impl<S: Scalar> LocationScale<S> {
    /// The map `location + scale * x`.
    ///
    /// # Errors
    /// If
    /// * `location` is not in [-1e150, 1e150];
    /// * the absolute value of `scale` is not in [1e-150, 1e150].
    pub fn new(location: S, scale: S) -> Result<Self, LawError> {
        check!("a map of location and scale", location: REAL);
        check!("a map of location and scale", scale: "of an absolute value in [1e-150, 1e150]" if positive(scale.abs()));
        Ok(LocationScale { location, scale })
    }
}

impl<S: Scalar> Bijection<S> for LocationScale<S> {
    type Scalar = S;
    type Image = S;
    #[inline]
    fn forward(&self, x: &S) -> S {
        self.location + self.scale * *x
    }
    #[inline]
    fn inverse(&self, y: &S) -> Option<S> {
        Some((*y - self.location).over(self.scale))
    }
    #[inline]
    fn ln_abs_det_jacobian(&self, _: &S) -> S {
        self.scale.abs().ln()
    }
}

impl<S: Scalar> Monotone<S> for LocationScale<S> {
    fn is_increasing(&self) -> bool {
        self.scale.re() > 0.0
    }
    fn image(&self) -> (f64, f64) {
        REAL
    }
    fn affine(&self) -> Option<(S, S)> {
        Some((self.location, self.scale))
    }
}

/// The inverse of a map of numbers: `Inverse(Sigmoid)` is the logit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inverse<B>(pub B);

impl<S: Scalar, B: Monotone<S>> Bijection<S> for Inverse<B> {
    type Scalar = S;
    type Image = S;
    #[inline]
    fn forward(&self, x: &S) -> S {
        self.0.inverse(x).unwrap_or(S::from(f64::NAN))
    }
    #[inline]
    fn inverse(&self, y: &S) -> Option<S> {
        (!outside(*y, self.0.domain())).then(|| self.0.forward(y))
    }
    #[inline]
    fn ln_abs_det_jacobian(&self, x: &S) -> S {
        -self.0.ln_abs_det_jacobian(&self.forward(x))
    }
}

impl<S: Scalar, B: Monotone<S>> Monotone<S> for Inverse<B> {
    fn is_increasing(&self) -> bool {
        self.0.is_increasing()
    }
    fn domain(&self) -> (f64, f64) {
        self.0.image()
    }
    fn image(&self) -> (f64, f64) {
        self.0.domain()
    }
    fn affine(&self) -> Option<(S, S)> {
        self.0.affine().map(|(a, b)| (-a.over(b), b.recip()))
    }
}

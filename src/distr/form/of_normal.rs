//! Laws that are an increasing function of a standard normal variable, once for all.

use super::{Standard, bounded, settled};
use crate::noise;
use crate::scalar::Scalar;
use crate::special;
use rand::Rng;

/// An increasing function from the real line onto the real line, and what the law of its value at a normal variable
/// needs beyond the normal's own functions.
pub(crate) trait Increasing<S: Scalar>: Copy {
    /// z(n).
    fn at(&self, n: S) -> S;
    /// The inverse, n(z).
    fn normal(&self, z: S) -> S;
    /// ln dn/dz, n being that of z.
    fn ln_slope(&self, z: S, n: S) -> S;
    /// z(ε), the variable being a number without derivatives.
    fn draw(&self, noise: f64) -> S {
        self.at(S::from(noise))
    }
    /// E[z(N)].
    fn mean(&self) -> S;
    /// The variance of z(N).
    fn variance(&self) -> S;
    /// E[ln dz/dn] at N.
    fn mean_ln_slope(&self) -> S;
    /// The z of highest density.
    fn mode(&self) -> S;
}

/// The law of z(N).
#[derive(Clone, Copy)]
pub(crate) struct OfNormal<M>(pub M);

impl<S: Scalar, M: Increasing<S>> Standard<S> for OfNormal<M> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        self.0.draw(noise::normal(rng))
    }
    fn ln_pdf(&self, z: S) -> S {
        let n = self.0.normal(z);
        let ln_pdf = special::normal_ln_pdf(n);
        // where n² overflows nothing else matters
        if ln_pdf.re().is_infinite() { S::from(ln_pdf.re()) } else { ln_pdf + self.0.ln_slope(z, n) }
    }
    fn cdf(&self, z: S) -> S {
        special::normal_cdf(settled(self.0.normal(z)))
    }
    fn sf(&self, z: S) -> S {
        special::normal_sf(settled(self.0.normal(z)))
    }
    fn ln_cdf(&self, z: S) -> S {
        let n = self.0.normal(z);
        bounded(special::normal_ln_cdf(if n.re() > 0.0 { settled(n) } else { n }))
    }
    fn ln_sf(&self, z: S) -> S {
        let n = self.0.normal(z);
        bounded(special::normal_ln_sf(if n.re() < 0.0 { settled(n) } else { n }))
    }
    fn quantile(&self, p: S) -> S {
        self.0.at(special::normal_quantile(p))
    }
    fn isf(&self, q: S) -> S {
        self.0.at(special::normal_isf(q))
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        self.0.at(special::normal_quantile_ln(ln_p))
    }
    fn isf_ln(&self, ln_q: S) -> S {
        self.0.at(special::normal_isf_ln(ln_q))
    }
    fn mean(&self) -> Option<S> {
        Some(self.0.mean())
    }
    fn variance(&self) -> Option<S> {
        Some(self.0.variance())
    }
    fn entropy(&self) -> S {
        // that of the normal, ln(2 π e) / 2
        self.0.mean_ln_slope() + 1.4189385332046727
    }
    fn mode(&self) -> Option<S> {
        Some(self.0.mode())
    }
    fn median(&self) -> S {
        self.0.at(S::from(0.0))
    }
}

/// sinh y; where that overflows, infinity without derivatives.
#[inline]
pub(crate) fn sinh<S: Scalar>(y: S) -> S {
    let x = y.sinh();
    if S::ORDER > 0 && x.re().is_infinite() { S::from(x.re()) } else { x }
}

/// a b; infinity without derivatives where it overflows, and 0 where one of the two is 0.
pub(crate) fn product<S: Scalar>(a: S, b: S) -> S {
    let product = a.re() * b.re();
    if product.is_infinite() {
        S::from(product)
    } else if product.is_nan() && (a.re() == 0.0 || b.re() == 0.0) {
        S::from(0.0)
    } else {
        a * b
    }
}

/// ln sqrt(1 + x²), without overflow.
pub(crate) fn ln_hypot_1<S: Scalar>(x: S) -> S {
    if x.re().abs() < 1e150 { (x * x).ln_1p() * 0.5 } else { x.abs().ln() }
}

//! Symmetric laws: the upper half from the lower one.

use super::Standard;
use crate::scalar::Scalar;
use core::f64::consts::LN_2;
use rand::Rng;

/// A law that is symmetric around 0, by its lower tail.
pub(crate) trait Even<S: Scalar>: Copy {
    type Draw;
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> Self::Draw;
    fn ln_pdf(&self, z: S) -> S;
    fn pdf(&self, z: S) -> S {
        self.ln_pdf(z).exp()
    }
    fn cdf(&self, z: S) -> S;
    fn ln_cdf(&self, z: S) -> S;
    fn quantile(&self, p: S) -> S;
    fn quantile_ln(&self, ln_p: S) -> S {
        if ln_p.re() < -LN_2 { self.quantile(ln_p.exp()) } else { -self.quantile(-ln_p.exp_m1()) }
    }
    fn mean(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    fn variance(&self) -> Option<S>;
    fn entropy(&self) -> S;
}

/// The upper half of an [`Even`] law from its lower one.
#[derive(Clone, Copy)]
pub(crate) struct Symmetric<K>(pub K);

impl<S: Scalar, K: Even<S>> Standard<S> for Symmetric<K> {
    const WHOLE_LINE: bool = true;
    type Draw = K::Draw;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> K::Draw {
        self.0.draw(rng)
    }
    fn ln_pdf(&self, z: S) -> S {
        self.0.ln_pdf(z)
    }
    fn pdf(&self, z: S) -> S {
        self.0.pdf(z)
    }
    fn cdf(&self, z: S) -> S {
        self.0.cdf(z)
    }
    fn sf(&self, z: S) -> S {
        self.0.cdf(-z)
    }
    fn ln_cdf(&self, z: S) -> S {
        self.0.ln_cdf(z)
    }
    fn ln_sf(&self, z: S) -> S {
        self.0.ln_cdf(-z)
    }
    fn quantile(&self, p: S) -> S {
        self.0.quantile(p)
    }
    fn isf(&self, q: S) -> S {
        -self.0.quantile(q)
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        self.0.quantile_ln(ln_p)
    }
    fn isf_ln(&self, ln_q: S) -> S {
        -self.0.quantile_ln(ln_q)
    }
    fn mean(&self) -> Option<S> {
        self.0.mean()
    }
    fn variance(&self) -> Option<S> {
        self.0.variance()
    }
    fn entropy(&self) -> S {
        self.0.entropy()
    }
    fn mode(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    fn median(&self) -> S {
        S::from(0.0)
    }
}

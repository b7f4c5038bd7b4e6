//! The negative of a law.

use super::Standard;
use crate::scalar::Scalar;
use rand::Rng;

/// The law of -Z.
#[derive(Clone, Copy)]
pub(crate) struct Reflected<K>(pub K);

impl<S: Scalar, K: Standard<S, Draw = S>> Standard<S> for Reflected<K> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        -self.0.draw(rng)
    }
    fn support(&self) -> (S, S) {
        let (low, high) = self.0.support();
        (-high, -low)
    }
    fn ln_pdf(&self, z: S) -> S {
        self.0.ln_pdf(-z)
    }
    fn exponential_tail(&self, decay: S, upper: bool) -> Option<(S, S)> {
        self.0.exponential_tail(decay, !upper)
    }
    fn pdf(&self, z: S) -> S {
        self.0.pdf(-z)
    }
    fn cdf(&self, z: S) -> S {
        self.0.sf(-z)
    }
    fn sf(&self, z: S) -> S {
        self.0.cdf(-z)
    }
    fn ln_cdf(&self, z: S) -> S {
        self.0.ln_sf(-z)
    }
    fn ln_sf(&self, z: S) -> S {
        self.0.ln_cdf(-z)
    }
    fn quantile(&self, p: S) -> S {
        -self.0.isf(p)
    }
    fn isf(&self, q: S) -> S {
        -self.0.quantile(q)
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        -self.0.isf_ln(ln_p)
    }
    fn isf_ln(&self, ln_q: S) -> S {
        -self.0.quantile_ln(ln_q)
    }
    fn mean(&self) -> Option<S> {
        self.0.mean().map(|mean| -mean)
    }
    fn variance(&self) -> Option<S> {
        self.0.variance()
    }
    fn entropy(&self) -> S {
        self.0.entropy()
    }
    fn mode(&self) -> Option<S> {
        self.0.mode().map(|mode| -mode)
    }
    fn median(&self) -> S {
        -self.0.median()
    }
}

//! The absolute value of a symmetric law.

use super::{Even, Standard};
use crate::scalar::Scalar;
use core::f64::consts::LN_2;
use rand::Rng;

/// What the absolute value of an [`Even`] law needs: P(|Z| <= z) without a difference of tails.
pub(crate) trait Size<S: Scalar>: Even<S, Draw = f64> {
    /// The median of |Z|.
    const MEDIAN: f64;
    /// P(|Z| <= z) for z up to the median.
    fn inside(&self, z: S) -> S;
    /// The z with P(|Z| <= z) = p, for p <= 1/2.
    fn inside_inv(&self, p: S) -> S;
    /// The z with P(|Z| > z) = q, for q <= 1/2.
    fn outside_inv(&self, q: S) -> S;
    /// E|Z|.
    fn mean_size(&self) -> Option<S>;
    /// Var |Z|.
    fn variance_of_size(&self) -> Option<S>;
}

/// The absolute value of an [`Even`] law.
#[derive(Clone, Copy)]
pub(crate) struct Half<K>(pub K);

impl<S: Scalar, K: Size<S>> Standard<S> for Half<K> {
    type Draw = f64;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.0.draw(rng).abs()
    }
    fn support(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn ln_pdf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(f64::NEG_INFINITY) } else { self.0.ln_pdf(z) + LN_2 }
    }
    fn pdf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(0.0) } else { self.0.pdf(z) * 2.0 }
    }
    fn cdf(&self, z: S) -> S {
        if z.re() < 0.0 {
            S::from(0.0)
        } else if z.re() <= K::MEDIAN {
            self.0.inside(z)
        } else {
            -self.sf(z) + 1.0
        }
    }
    fn sf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(1.0) } else { self.0.cdf(-z) * 2.0 }
    }
    fn ln_cdf(&self, z: S) -> S {
        if z.re() <= 0.0 {
            S::from(f64::NEG_INFINITY)
        } else if z.re() <= K::MEDIAN {
            self.0.inside(z).ln()
        } else {
            (-self.sf(z)).ln_1p()
        }
    }
    fn ln_sf(&self, z: S) -> S {
        if z.re() < 0.0 {
            S::from(0.0)
        } else if z.re() <= K::MEDIAN {
            (-self.0.inside(z)).ln_1p()
        } else {
            self.0.ln_cdf(-z) + LN_2
        }
    }
    fn quantile(&self, p: S) -> S {
        // 1 - p is exact for p > 1/2
        if p.re() <= 0.5 { self.0.inside_inv(p) } else { self.0.outside_inv(-p + 1.0) }
    }
    fn isf(&self, q: S) -> S {
        if q.re() <= 0.5 { self.0.outside_inv(q) } else { self.0.inside_inv(-q + 1.0) }
    }
    fn mean(&self) -> Option<S> {
        self.0.mean_size()
    }
    fn variance(&self) -> Option<S> {
        self.0.variance_of_size()
    }
    fn entropy(&self) -> S {
        self.0.entropy() - LN_2
    }
    fn mode(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    fn median(&self) -> S {
        S::from(K::MEDIAN)
    }
}

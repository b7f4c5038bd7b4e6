//! `f64` as a scalar that carries no derivative.

use super::Scalar;

impl Scalar for f64 {
    const ORDER: usize = 0;

    #[inline(always)]
    fn re(self) -> f64 {
        self
    }

    #[inline(always)]
    fn max_abs(self) -> f64 {
        self.abs()
    }

    #[inline(always)]
    fn lift(self, derivatives: &[f64]) -> Self {
        derivatives[0]
    }

    #[inline(always)]
    fn chain(self, slope: Self) -> Self {
        if self == 0.0 { 0.0 } else { self * slope }
    }

    #[inline(always)]
    fn over(self, denominator: Self) -> Self {
        self / denominator
    }

    #[inline(always)]
    fn with_re(self, re: f64) -> Self {
        re
    }
}

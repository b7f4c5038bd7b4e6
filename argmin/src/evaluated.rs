//! What a problem's function may return.

use reparam::estimate::{Estimate, HessianEstimate};

/// A value with its gradient: an estimate of one number, or a pair of both.
///
/// ```
/// use reparam_argmin::Evaluated;
/// assert_eq!((2.0, [1.0, 0.5]).gradient(), [1.0, 0.5]);
/// ```
pub trait Evaluated {
    /// The value.
    fn value(&self) -> f64;

    /// The gradient.
    fn gradient(&self) -> &[f64];
}

/// A value with its gradient and Hessian.
pub trait Curved: Evaluated {
    /// The Hessian, by rows.
    fn hessian(&self) -> Vec<Vec<f64>>;
}

impl<G: AsRef<[f64]>> Evaluated for (f64, G) {
    fn value(&self) -> f64 {
        self.0
    }
    fn gradient(&self) -> &[f64] {
        self.1.as_ref()
    }
}

impl<G: AsRef<[f64]>> Evaluated for Estimate<G> {
    fn value(&self) -> f64 {
        self.value
    }
    fn gradient(&self) -> &[f64] {
        self.gradient.as_ref()
    }
}

impl<H, G: AsRef<[f64]>> Evaluated for HessianEstimate<H, G> {
    fn value(&self) -> f64 {
        self.value
    }
    fn gradient(&self) -> &[f64] {
        self.gradient.as_ref()
    }
}

impl<const N: usize> Curved for HessianEstimate<[[f64; N]; N], [f64; N]> {
    fn hessian(&self) -> Vec<Vec<f64>> {
        self.hessian.iter().map(|row| row.to_vec()).collect()
    }
}

impl Curved for HessianEstimate<Vec<Vec<f64>>, Vec<f64>> {
    fn hessian(&self) -> Vec<Vec<f64>> {
        self.hessian.clone()
    }
}

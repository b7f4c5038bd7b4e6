//! One map after another.

use super::{Bijection, Monotone};
use crate::scalar::Scalar;

/// First one map, then another: `Then(Exp, Tanh)` is tanh(e^x).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Then<A, B>(pub A, pub B);

impl<X, A: Bijection<X>, B: Bijection<A::Image, Scalar = A::Scalar>> Bijection<X> for Then<A, B> {
    type Scalar = A::Scalar;
    type Image = B::Image;
    #[inline]
    fn forward(&self, x: &X) -> B::Image {
        self.1.forward(&self.0.forward(x))
    }
    #[inline]
    fn inverse(&self, y: &B::Image) -> Option<X> {
        self.0.inverse(&self.1.inverse(y)?)
    }
    #[inline]
    fn ln_abs_det_jacobian(&self, x: &X) -> A::Scalar {
        self.0.ln_abs_det_jacobian(x) + self.1.ln_abs_det_jacobian(&self.0.forward(x))
    }
    fn image_shape(&self, shape: (usize, usize)) -> (usize, usize) {
        self.1.image_shape(self.0.image_shape(shape))
    }
}

impl<A, B> Then<A, B> {
    /// What both maps share: the first one's values that the second one takes.
    fn between<S: Scalar>(&self) -> (f64, f64)
    where
        A: Monotone<S>,
        B: Monotone<S>,
    {
        let ((low, high), (from, to)) = (self.0.image(), self.1.domain());
        (low.max(from), high.min(to))
    }
}

/// The ends of an interval's image, in order.
fn ends<S: Scalar>(increasing: bool, (low, high): (S, S)) -> (f64, f64) {
    if increasing { (low.re(), high.re()) } else { (high.re(), low.re()) }
}

impl<S: Scalar, A: Monotone<S>, B: Monotone<S>> Monotone<S> for Then<A, B> {
    fn is_increasing(&self) -> bool {
        self.0.is_increasing() == self.1.is_increasing()
    }
    fn domain(&self) -> (f64, f64) {
        let (low, high) = self.between::<S>();
        let back = |y: f64| self.0.inverse(&S::from(y)).unwrap_or(S::from(f64::NAN));
        ends(self.0.is_increasing(), (back(low), back(high)))
    }
    fn image(&self) -> (f64, f64) {
        let (low, high) = self.between::<S>();
        ends(self.1.is_increasing(), (self.1.forward(&S::from(low)), self.1.forward(&S::from(high))))
    }
    fn affine(&self) -> Option<(S, S)> {
        let ((a, b), (c, d)) = (self.0.affine()?, self.1.affine()?);
        Some((c + d * a, d * b))
    }
}

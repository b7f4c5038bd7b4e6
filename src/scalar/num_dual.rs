//! The numbers of the `num-dual` crate as scalars: the chain rule of each, from its public fields.
//!
//! Only the chain rule is needed: the elementary functions are those of [`Scalar`], not num-dual's, so real parts are
//! those of `f64` and edges (0, overflow) are right.

use super::Scalar;
use nalgebra::{Const, SMatrix};
use num_dual::{
    Derivative, Dual, Dual2, Dual2Vec, Dual3, DualNum, DualVec, HyperDual, HyperDualVec, HyperHyperDual, Real,
};

/// What a component must be: a scalar that num-dual can nest.
trait Inner: Scalar + DualNum<Primitive = f64> {}
impl<T: Scalar + DualNum<Primitive = f64>> Inner for T {}

/// The largest component of a matrix of derivatives.
fn largest<T: Inner, const R: usize, const C: usize>(d: &Derivative<T, Const<R>, Const<C>>) -> f64 {
    d.0.iter().flat_map(|m| m.iter()).fold(0.0, |m, e| m.max(Scalar::max_abs(*e)))
}

/// The product of two perturbations with a curvature, each in its turn: the product of the perturbations alone may leave
/// the range of doubles where this does not.
#[inline]
fn chain2<T: Inner>(a: T, b: T, curvature: T) -> T {
    a.chain(b.chain(curvature))
}

/// All components times a slope.
fn scaled<T: Inner, const R: usize, const C: usize>(
    d: &Derivative<T, Const<R>, Const<C>>,
    slope: T,
) -> Derivative<T, Const<R>, Const<C>> {
    Derivative(d.0.map(|m| m.map(|e| e.chain(slope))))
}

/// The outer product of two vectors of first derivatives times a curvature, to be added to `sum`.
fn plus_outer<T: Inner, const R: usize, const C: usize>(
    sum: Derivative<T, Const<R>, Const<C>>,
    column: impl Fn(usize) -> T,
    row: impl Fn(usize) -> T,
    curvature: T,
) -> Derivative<T, Const<R>, Const<C>> {
    let outer = SMatrix::<T, R, C>::from_fn(|i, j| chain2(column(i), row(j), curvature));
    Derivative(Some(match sum.0 {
        Some(m) => SMatrix::from_fn(|i, j| m[(i, j)] + outer[(i, j)]),
        None => outer,
    }))
}

impl<T: Inner> Scalar for Real<T> {
    const ORDER: usize = T::ORDER;
    fn re(self) -> f64 {
        Scalar::re(self.re)
    }
    fn max_abs(self) -> f64 {
        self.re.max_abs()
    }
    #[inline]
    fn with_re(mut self, re: f64) -> Self {
        self.re = self.re.with_re(re);
        self
    }
    #[inline]
    fn lift(self, d: &[f64]) -> Self {
        Real::new(self.re.lift(d))
    }
}

impl<T: Inner> Scalar for Dual<T> {
    const ORDER: usize = T::ORDER + 1;
    #[inline]
    fn re(self) -> f64 {
        Scalar::re(self.re)
    }
    fn max_abs(self) -> f64 {
        self.re.max_abs().max(self.eps.max_abs())
    }
    #[inline]
    fn with_re(mut self, re: f64) -> Self {
        self.re = self.re.with_re(re);
        self
    }
    #[inline]
    fn lift(self, d: &[f64]) -> Self {
        Dual::new(self.re.lift(d), self.eps.chain(self.re.lift(&d[1..])))
    }
}

impl<T: Inner> Scalar for Dual2<T> {
    const ORDER: usize = T::ORDER + 2;
    #[inline]
    fn re(self) -> f64 {
        Scalar::re(self.re)
    }
    fn max_abs(self) -> f64 {
        self.re.max_abs().max(self.v1.max_abs()).max(self.v2.max_abs())
    }
    #[inline]
    fn with_re(mut self, re: f64) -> Self {
        self.re = self.re.with_re(re);
        self
    }
    #[inline]
    fn lift(self, d: &[f64]) -> Self {
        let [f0, f1, f2] = lifted(self.re, d);
        Dual2::new(f0, self.v1.chain(f1), self.v2.chain(f1) + chain2(self.v1, self.v1, f2))
    }
}

impl<T: Inner> Scalar for Dual3<T> {
    const ORDER: usize = T::ORDER + 3;
    #[inline]
    fn re(self) -> f64 {
        Scalar::re(self.re)
    }
    fn max_abs(self) -> f64 {
        self.re.max_abs().max(self.v1.max_abs()).max(self.v2.max_abs()).max(self.v3.max_abs())
    }
    #[inline]
    fn with_re(mut self, re: f64) -> Self {
        self.re = self.re.with_re(re);
        self
    }
    #[inline]
    fn lift(self, d: &[f64]) -> Self {
        let [f0, f1, f2, f3] = lifted(self.re, d);
        Dual3::new(
            f0,
            self.v1.chain(f1),
            self.v2.chain(f1) + chain2(self.v1, self.v1, f2),
            self.v3.chain(f1) + chain2(self.v1, self.v2, f2) * 3.0 + self.v1.chain(chain2(self.v1, self.v1, f3)),
        )
    }
}

impl<T: Inner> Scalar for HyperDual<T> {
    const ORDER: usize = T::ORDER + 2;
    #[inline]
    fn re(self) -> f64 {
        Scalar::re(self.re)
    }
    fn max_abs(self) -> f64 {
        [self.eps1, self.eps2, self.eps1eps2].iter().fold(self.re.max_abs(), |m, e| m.max(e.max_abs()))
    }
    #[inline]
    fn with_re(mut self, re: f64) -> Self {
        self.re = self.re.with_re(re);
        self
    }
    #[inline]
    fn lift(self, d: &[f64]) -> Self {
        let [f0, f1, f2] = lifted(self.re, d);
        HyperDual::new(
            f0,
            self.eps1.chain(f1),
            self.eps2.chain(f1),
            self.eps1eps2.chain(f1) + chain2(self.eps1, self.eps2, f2),
        )
    }
}

impl<T: Inner> Scalar for HyperHyperDual<T> {
    const ORDER: usize = T::ORDER + 3;
    #[inline]
    fn re(self) -> f64 {
        Scalar::re(self.re)
    }
    fn max_abs(self) -> f64 {
        [self.eps1, self.eps2, self.eps3, self.eps1eps2, self.eps1eps3, self.eps2eps3, self.eps1eps2eps3]
            .iter()
            .fold(self.re.max_abs(), |m, e| m.max(e.max_abs()))
    }
    #[inline]
    fn with_re(mut self, re: f64) -> Self {
        self.re = self.re.with_re(re);
        self
    }
    #[inline]
    fn lift(self, d: &[f64]) -> Self {
        let [f0, f1, f2, f3] = lifted(self.re, d);
        let (a, b, c) = (self.eps1, self.eps2, self.eps3);
        let (ab, ac, bc) = (self.eps1eps2, self.eps1eps3, self.eps2eps3);
        HyperHyperDual::new(
            f0,
            a.chain(f1),
            b.chain(f1),
            c.chain(f1),
            ab.chain(f1) + chain2(a, b, f2),
            ac.chain(f1) + chain2(a, c, f2),
            bc.chain(f1) + chain2(b, c, f2),
            self.eps1eps2eps3.chain(f1)
                + (chain2(a, bc, f2) + chain2(b, ac, f2) + chain2(c, ab, f2))
                + a.chain(chain2(b, c, f3)),
        )
    }
}

impl<T: Inner, const N: usize> Scalar for DualVec<T, Const<N>> {
    const ORDER: usize = T::ORDER + 1;
    #[inline]
    fn re(self) -> f64 {
        Scalar::re(self.re)
    }
    fn max_abs(self) -> f64 {
        self.re.max_abs().max(largest(&self.eps))
    }
    #[inline]
    fn with_re(mut self, re: f64) -> Self {
        self.re = self.re.with_re(re);
        self
    }
    #[inline]
    fn lift(self, d: &[f64]) -> Self {
        DualVec::new(self.re.lift(d), scaled(&self.eps, self.re.lift(&d[1..])))
    }
}

impl<T: Inner, const N: usize> Scalar for Dual2Vec<T, Const<N>> {
    const ORDER: usize = T::ORDER + 2;
    #[inline]
    fn re(self) -> f64 {
        Scalar::re(self.re)
    }
    fn max_abs(self) -> f64 {
        self.re.max_abs().max(largest(&self.v1)).max(largest(&self.v2))
    }
    #[inline]
    fn with_re(mut self, re: f64) -> Self {
        self.re = self.re.with_re(re);
        self
    }
    #[inline]
    fn lift(self, d: &[f64]) -> Self {
        let [f0, f1, f2] = lifted(self.re, d);
        let mut v2 = scaled(&self.v2, f1);
        if let Some(v) = self.v1.0 {
            v2 = plus_outer(v2, |i| v[i], |j| v[j], f2);
        }
        Dual2Vec::new(f0, scaled(&self.v1, f1), v2)
    }
}

impl<T: Inner, const M: usize, const N: usize> Scalar for HyperDualVec<T, Const<M>, Const<N>> {
    const ORDER: usize = T::ORDER + 2;
    #[inline]
    fn re(self) -> f64 {
        Scalar::re(self.re)
    }
    fn max_abs(self) -> f64 {
        self.re.max_abs().max(largest(&self.eps1)).max(largest(&self.eps2)).max(largest(&self.eps1eps2))
    }
    #[inline]
    fn with_re(mut self, re: f64) -> Self {
        self.re = self.re.with_re(re);
        self
    }
    #[inline]
    fn lift(self, d: &[f64]) -> Self {
        let [f0, f1, f2] = lifted(self.re, d);
        let mut both = scaled(&self.eps1eps2, f1);
        if let (Some(a), Some(b)) = (self.eps1.0, self.eps2.0) {
            both = plus_outer(both, |i| a[i], |j| b[j], f2);
        }
        HyperDualVec::new(f0, scaled(&self.eps1, f1), scaled(&self.eps2, f1), both)
    }
}

/// f, f', ... as numbers of the inner type.
#[inline]
fn lifted<T: Scalar, const K: usize>(re: T, d: &[f64]) -> [T; K] {
    core::array::from_fn(|k| re.lift(&d[k..]))
}

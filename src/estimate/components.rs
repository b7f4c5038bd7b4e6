//! A number that carries derivatives as the vector of its components.

use crate::scalar::{Jet, Scalar};
use core::array;

/// A number seen as the vector of its components.
pub trait Components: Scalar {
    /// `f` of each pair of components.
    #[doc(hidden)]
    fn zip(self, other: Self, f: impl Fn(f64, f64) -> f64 + Copy) -> Self;

    /// Whether no component is infinite or NaN.
    #[doc(hidden)]
    fn all_finite(self) -> bool;

    /// Where the first component that is not finite is, of one that has some.
    #[doc(hidden)]
    fn first_not_finite(self) -> Component;

    /// `f` of each component.
    #[doc(hidden)]
    fn visit(self, f: &mut dyn FnMut(Component, f64));

    /// `f` of each component, in the same order: to be inlined.
    #[doc(hidden)]
    fn each(self, f: &mut impl FnMut(f64));

    /// The number of these components, in the order of [`Components::visit`].
    #[doc(hidden)]
    fn read(next: &mut dyn FnMut() -> f64) -> Self;
}

/// A component of what a program returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Component {
    /// The value.
    Value,
    /// The derivative in this parameter.
    Gradient(usize),
    /// The second derivative in these two parameters.
    Hessian(usize, usize),
    /// The entry for this parameter of the product of the Hessian with a vector.
    Product(usize),
}

impl core::fmt::Display for Component {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Component::Value => f.write_str("value"),
            Component::Gradient(i) => write!(f, "derivative in parameter {i}"),
            Component::Hessian(i, j) => write!(f, "second derivative in parameters {i} and {j}"),
            Component::Product(i) => write!(f, "entry of parameter {i} in the product of the Hessian with the vector"),
        }
    }
}

/// A component of the derivative in parameter i, as one of the whole.
fn of_derivative(i: usize, component: Component) -> Component {
    match component {
        Component::Value => Component::Gradient(i),
        Component::Gradient(j) | Component::Hessian(_, j) | Component::Product(j) => Component::Hessian(i, j),
    }
}

impl Components for f64 {
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f64, f64) -> f64 + Copy) -> Self {
        f(self, other)
    }
    #[inline(always)]
    fn all_finite(self) -> bool {
        self.is_finite()
    }
    fn first_not_finite(self) -> Component {
        Component::Value
    }
    fn visit(self, f: &mut dyn FnMut(Component, f64)) {
        f(Component::Value, self);
    }
    #[inline(always)]
    fn each(self, f: &mut impl FnMut(f64)) {
        f(self);
    }
    fn read(next: &mut dyn FnMut() -> f64) -> Self {
        next()
    }
}

impl<T: Components, const N: usize> Components for Jet<T, N> {
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f64, f64) -> f64 + Copy) -> Self {
        let mut eps = self.eps;
        // no closure, of which there would be one for each `f`
        for (e, other) in eps.iter_mut().zip(&other.eps) {
            *e = e.zip(*other, f);
        }
        Jet { re: self.re.zip(other.re, f), eps }
    }
    #[inline(always)]
    fn all_finite(self) -> bool {
        self.re.all_finite() && self.eps.iter().all(|e| e.all_finite())
    }
    fn first_not_finite(self) -> Component {
        if !self.re.all_finite() {
            return self.re.first_not_finite();
        }
        match self.eps.iter().enumerate().find(|(_, e)| !e.all_finite()) {
            Some((i, e)) => of_derivative(i, e.first_not_finite()),
            None => Component::Value,
        }
    }
    fn visit(self, f: &mut dyn FnMut(Component, f64)) {
        self.re.visit(f);
        for (i, e) in self.eps.into_iter().enumerate() {
            e.visit(&mut |component, x| f(of_derivative(i, component), x));
        }
    }
    #[inline(always)]
    fn each(self, f: &mut impl FnMut(f64)) {
        self.re.each(f);
        for e in self.eps {
            e.each(f);
        }
    }
    fn read(next: &mut dyn FnMut() -> f64) -> Self {
        Jet { re: T::read(next), eps: array::from_fn(|_| T::read(next)) }
    }
}

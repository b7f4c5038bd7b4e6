//! The dual number of this crate: a value and N partial derivatives in an array, nestable.

use super::{MAX_ORDER, Scalar, unit};
use core::array;
use core::fmt;

/// A value with its N partial derivatives: re + Σ eps_i ε_i with ε_i ε_j = 0.
///
/// `Jet<f64, N>` carries a gradient, `Jet<Jet<f64, N>, N>` a Hessian as well, and so on: each nesting adds an order.
/// The name is that of the Ceres Solver.
///
/// There is no order among jets: comparisons belong on [`Scalar::re`]. `==` compares all components.
///
/// ```compile_fail
/// use reparam::scalar::Jet;
/// let [x, y] = Jet::variables([1.0, 2.0]);
/// assert!(x < y);
/// ```
///
/// Arithmetic takes values and references, with jets and with `f64` on either side: `1.0 - x`, `&x * &y`,
/// `values.iter().sum::<Jet<f64, 2>>()`.
///
/// ```
/// use reparam::prelude::*;
///
/// let [x, y] = Jet::variables([3.0, 0.5]);
/// let z = x * x * y.exp();
/// assert_eq!(z.re, 9.0 * 0.5f64.exp());
/// assert_eq!(z.eps, [6.0 * 0.5f64.exp(), 9.0 * 0.5f64.exp()]);
///
/// let [x, y] = Jet::second_order([3.0, 0.5]);
/// let (value, gradient, hessian) = (x * x * y).hessian();
/// assert_eq!((value, gradient), (4.5, [3.0, 9.0]));
/// assert_eq!(hessian, [[1.0, 6.0], [6.0, 0.0]]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Jet<T, const N: usize> {
    /// The value.
    pub re: T,
    /// The partial derivatives.
    pub eps: [T; N],
}

impl<T: Scalar, const N: usize> Jet<T, N> {
    /// A number that does not depend on any of the variables.
    ///
    /// ```
    /// use reparam::scalar::Jet;
    /// assert_eq!(Jet::constant(2.0), Jet { re: 2.0, eps: [0.0, 0.0] });
    /// ```
    #[inline]
    pub fn constant(re: T) -> Self {
        Jet { re, eps: [T::from(0.0); N] }
    }

    /// The variable number `index`: its partial derivative in itself is 1.
    ///
    /// # Panics
    /// If `index >= N`.
    ///
    /// ```
    /// use reparam::scalar::Jet;
    /// assert_eq!(Jet::variable(2.0, 1), Jet { re: 2.0, eps: [0.0, 1.0] });
    /// ```
    #[inline]
    pub fn variable(re: T, index: usize) -> Self {
        let mut jet = Self::constant(re);
        jet.eps[index] = T::from(1.0);
        jet
    }

    /// The N variables at a point.
    ///
    /// ```
    /// use reparam::scalar::Jet;
    /// let [x, y] = Jet::variables([2.0, 3.0]);
    /// assert_eq!((x * y).eps, [3.0, 2.0]);
    /// ```
    #[inline]
    pub fn variables(point: [T; N]) -> [Self; N] {
        array::from_fn(|i| Self::variable(point[i], i))
    }
}

impl<const N: usize> Jet<Jet<f64, N>, N> {
    /// The N variables at a point, seeded for first and second derivatives.
    ///
    /// ```
    /// use reparam::scalar::Jet;
    /// let [x, y] = Jet::second_order([2.0, 3.0]);
    /// assert_eq!((x * y).hessian(), (6.0, [3.0, 2.0], [[0.0, 1.0], [1.0, 0.0]]));
    /// ```
    #[inline]
    pub fn second_order(point: [f64; N]) -> [Self; N] {
        Jet::variables(Jet::variables(point))
    }

    /// Value, gradient and Hessian of a result computed from [`Jet::second_order`] variables.
    ///
    /// ```
    /// use reparam::scalar::Jet;
    /// let [x] = Jet::second_order([3.0]);
    /// assert_eq!((x * x).hessian(), (9.0, [6.0], [[2.0]]));
    /// ```
    #[inline]
    pub fn hessian(&self) -> (f64, [f64; N], [[f64; N]; N]) {
        (self.re.re, self.re.eps, self.eps.map(|row| row.eps))
    }
}

/// f(a_i, b_i) for all i.
#[inline(always)]
pub(super) fn combine<T: Copy, const N: usize>(a: [T; N], b: [T; N], f: impl Fn(T, T) -> T) -> [T; N] {
    array::from_fn(|i| f(a[i], b[i]))
}

impl<T: Scalar, const N: usize> Scalar for Jet<T, N> {
    const ORDER: usize = T::ORDER + 1;

    #[inline(always)]
    fn re(self) -> f64 {
        self.re.re()
    }

    #[inline]
    fn max_abs(self) -> f64 {
        self.eps.iter().fold(self.re.max_abs(), |m, e| m.max(e.max_abs()))
    }

    #[inline(always)]
    fn lift(self, derivatives: &[f64]) -> Self {
        const { assert!(T::ORDER < MAX_ORDER, "more nesting than MAX_ORDER allows") };
        let re = self.re.lift(derivatives);
        let slope = self.re.lift(&derivatives[1..]);
        // of plain partials, `chain` is a mask on the product, which costs less than a branch; of others, only it meets slopes
        // that overflow with a perturbation of 0
        let multiply = T::ORDER > 0 && derivatives[1..=Self::ORDER].iter().all(|d| d.abs() < 1e150);
        let eps = if multiply { self.eps.map(|e| e * slope) } else { self.eps.map(|e| e.chain(slope)) };
        Jet { re, eps }
    }

    #[inline]
    fn chain(self, slope: Self) -> Self {
        let re = self.re.chain(slope.re);
        let eps = array::from_fn(|i| self.eps[i].chain(slope.re) + self.re.chain(slope.eps[i]));
        Jet { re, eps }
    }

    #[inline(always)]
    fn with_re(self, re: f64) -> Self {
        Jet { re: self.re.with_re(re), eps: self.eps }
    }

    #[inline(always)]
    fn over(self, denominator: Self) -> Self {
        let re = self.re.over(denominator.re);
        let inverse = denominator.re.recip();
        if T::ORDER > 0 && unit::unit(denominator.re()) != 1.0 && re.re().is_finite() {
            // derivatives of 1/x are powers of 1/x: in this unit they stay inside the range of doubles
            let unit = unit::unit(denominator.re());
            let inverse = (denominator.re * unit).recip();
            return Jet { re, eps: combine(self.eps, denominator.eps, |a, b| (a - re * b) * unit * inverse) };
        }
        if inverse.re().is_finite() && re.re().is_finite() {
            return Jet { re, eps: combine(self.eps, denominator.eps, |a, b| (a - re * b) * inverse) };
        }
        if denominator.re() != 0.0 && re.re().is_finite() {
            // only the reciprocal is infinite
            return Jet { re, eps: combine(self.eps, denominator.eps, |a, b| (a - re * b).over(denominator.re)) };
        }
        // an infinite quotient: what does not move has no derivative
        Jet { re, eps: combine(self.eps, denominator.eps, |a, b| (a - b.chain(re)).chain(inverse)) }
    }
}

impl<T: Scalar, const N: usize> From<f64> for Jet<T, N> {
    #[inline(always)]
    fn from(re: f64) -> Self {
        Self::constant(T::from(re))
    }
}

/// Exact: every `f32` is an `f64`.
impl<T: Scalar, const N: usize> From<f32> for Jet<T, N> {
    #[inline]
    fn from(re: f32) -> Self {
        Self::from(f64::from(re))
    }
}

/// Exact: every `i32` is an `f64`.
impl<T: Scalar, const N: usize> From<i32> for Jet<T, N> {
    #[inline]
    fn from(re: i32) -> Self {
        Self::from(f64::from(re))
    }
}

/// The constant 0.
impl<T: Scalar, const N: usize> Default for Jet<T, N> {
    #[inline]
    fn default() -> Self {
        Self::from(0.0)
    }
}

/// `re + [eps_0, eps_1]ε`, every number by `number`.
fn written<T, const N: usize>(
    jet: &Jet<T, N>,
    f: &mut fmt::Formatter<'_>,
    number: impl Fn(&T, &mut fmt::Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    number(&jet.re, f)?;
    f.write_str(" + [")?;
    for (i, e) in jet.eps.iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        number(e, f)?;
    }
    f.write_str("]ε")
}

/// `re + [eps_0, eps_1]ε`; width, precision and sign are those of each number.
///
/// ```
/// use reparam::scalar::Jet;
/// let x = Jet { re: 1500.0, eps: [0.25, -2.0] };
/// assert_eq!(x.to_string(), "1500 + [0.25, -2]ε");
/// assert_eq!(format!("{x:.2e}"), "1.50e3 + [2.50e-1, -2.00e0]ε");
/// ```
impl<T: fmt::Display, const N: usize> fmt::Display for Jet<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        written(self, f, fmt::Display::fmt)
    }
}

impl<T: fmt::LowerExp, const N: usize> fmt::LowerExp for Jet<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        written(self, f, fmt::LowerExp::fmt)
    }
}

impl<T: fmt::UpperExp, const N: usize> fmt::UpperExp for Jet<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        written(self, f, fmt::UpperExp::fmt)
    }
}

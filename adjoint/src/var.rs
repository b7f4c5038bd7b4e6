//! The number.

use crate::tape::{self, Base, Origin};
use core::fmt;
use core::iter::{Product, Sum};
use core::marker::PhantomData;
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};
use reparam::scalar::{Jet, One, Scalar, Zero};

/// A number that is differentiated in reverse: a value, and the derivative of it in one earlier number of its run.
///
/// Functions of one such number are again of that kind, at no cost beyond that of a [`Jet`] with one partial. Only
/// where numbers of different origin meet does the run's arena get an entry, one for each term of a sum and two for a
/// product. So a sum of n products with constants takes n entries of 16 bytes.
///
/// The arithmetic is that of `Jet<T, 1>` and `Jet<T, 2>`: values are those of `f64` bit for bit, and derivatives at
/// edges (a root at 0) are those of jets.
///
/// A number of one run is a constant in any other: what [`gradient`](crate::gradient) is called with inside another
/// function that is differentiated does not mix with it. Numbers stay on their thread.
///
/// [`Scalar::max_abs`] cannot know derivatives that are not there yet. It is the absolute value, and at least the
/// smallest positive number if there is a derivative; infinite if a slope that is not yet on the arena is.
#[derive(Clone, Copy, PartialEq)]
pub struct Var<T = f64> {
    /// The value, and the derivative in the number of `origin`.
    jet: Jet<T, 1>,
    origin: Origin,
    /// The arena is the thread's.
    thread: PhantomData<*const ()>,
}

impl<T: Base> Var<T> {
    #[inline(always)]
    pub(crate) fn new(value: T, slope: T, origin: Origin) -> Self {
        Var { jet: Jet { re: value, eps: [slope] }, origin, thread: PhantomData }
    }

    /// The value, with the derivatives that its own type carries.
    ///
    /// ```
    /// use reparam_adjoint::Var;
    /// assert_eq!(Var::<f64>::from(2.0).value(), 2.0);
    /// ```
    #[inline(always)]
    pub fn value(self) -> T {
        self.jet.re
    }

    /// The derivative and the number that it is in.
    pub(crate) fn derivative(self) -> (T, Origin) {
        (self.jet.eps[0], self.origin)
    }

    /// Another number of the same origin.
    #[inline(always)]
    fn with(self, jet: Jet<T, 1>) -> Self {
        Var { jet, ..self }
    }

    /// The origin of both, if there are not two.
    #[inline(always)]
    fn common(self, other: Self) -> Option<Origin> {
        if !other.origin.is_somewhere() || self.origin == other.origin {
            Some(self.origin)
        } else if !self.origin.is_somewhere() {
            Some(other.origin)
        } else {
            None
        }
    }

    /// Both as jets with two partials.
    #[inline(always)]
    fn apart(self, other: Self) -> [Jet<T, 2>; 2] {
        let zero = T::from(0.0);
        let ([a], [b]) = (self.jet.eps, other.jet.eps);
        [Jet { re: self.jet.re, eps: [a, zero] }, Jet { re: other.jet.re, eps: [zero, b] }]
    }

    /// What was computed from two numbers of different origin.
    #[inline(always)]
    fn joined(self, other: Self, Jet { re, eps: [a, b] }: Jet<T, 2>) -> Self {
        let (jet, origin) = tape::joined(re, self.origin, a, other.origin, b);
        Var { jet, origin, ..self }
    }
}

/// A function of two numbers, by jets of as many partials as there are origins.
macro_rules! of_two {
    ($x:ident, $y:ident, $f:expr) => {
        of_two!($x, $y, $f, {
            let [a, b] = $x.apart($y);
            $f(a, b)
        })
    };
    ($x:ident, $y:ident, $f:expr, $apart:expr) => {
        match $x.common($y) {
            Some(origin) => Var { jet: $f($x.jet, $y.jet), origin, thread: PhantomData },
            None => $x.joined($y, $apart),
        }
    };
}

impl<T: Base> Zero for Var<T> {
    fn zero() -> Self {
        Var::from(0.0)
    }
    fn is_zero(&self) -> bool {
        *self == Var::zero()
    }
}

impl<T: Base> One for Var<T> {
    fn one() -> Self {
        Var::from(1.0)
    }
}

impl<T: Base> Scalar for Var<T> {
    const ORDER: usize = T::ORDER + 1;

    #[inline(always)]
    fn re(self) -> f64 {
        self.jet.re.re()
    }

    fn max_abs(self) -> f64 {
        let (value, slope) = (self.jet.re.max_abs(), self.jet.eps[0].max_abs());
        if !self.origin.is_somewhere() || slope == 0.0 {
            value
        } else if slope.is_finite() {
            value.max(f64::MIN_POSITIVE)
        } else {
            f64::INFINITY
        }
    }

    #[inline(always)]
    fn lift(self, derivatives: &[f64]) -> Self {
        self.with(self.jet.lift(derivatives))
    }

    #[inline]
    fn chain(self, slope: Self) -> Self {
        of_two!(self, slope, Scalar::chain)
    }

    #[inline(always)]
    fn with_re(self, re: f64) -> Self {
        self.with(self.jet.with_re(re))
    }

    #[inline(always)]
    fn over(self, denominator: Self) -> Self {
        of_two!(self, denominator, Scalar::over)
    }
}

impl<T: Base> From<f64> for Var<T> {
    #[inline(always)]
    fn from(constant: f64) -> Self {
        Var::new(T::from(constant), T::from(0.0), Origin::NOWHERE)
    }
}

impl<T: Base> Neg for Var<T> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        self.with(-self.jet)
    }
}

/// Values and slopes of two numbers, with two partials where they are of different origin.
macro_rules! rule {
    ($trait:ident $method:ident |$a:ident, $da:ident, $b:ident, $db:ident| $value:expr, $slopes:expr) => {
        impl<T: Base> $trait for Var<T> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, o: Self) -> Self {
                of_two!(self, o, $trait::$method, {
                    let (Jet { re: $a, eps: [$da] }, Jet { re: $b, eps: [$db] }) = (self.jet, o.jet);
                    Jet { re: $value, eps: $slopes }
                })
            }
        }
    };
}

// as jets have them, without the products with partials that are 0 because there is another origin
rule!(Add add |a, da, b, db| a + b, [da, db]);
rule!(Sub sub |a, da, b, db| a - b, [da, -db]);
rule!(Mul mul |a, da, b, db| a * b, [da * b, a * db]);

impl<T: Base> Div for Var<T> {
    type Output = Self;
    #[inline(always)]
    fn div(self, o: Self) -> Self {
        of_two!(self, o, Div::div)
    }
}

macro_rules! with_constants {
    ($($trait:ident $method:ident, $assign:ident $assigning:ident, |$c:ident, $x:ident| $constant_first:expr;)*) => {
        $(impl<T: Base> $trait<f64> for Var<T> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, c: f64) -> Self {
                self.with($trait::$method(self.jet, c))
            }
        }

        impl<T: Base> $trait<Var<T>> for f64 {
            type Output = Var<T>;
            #[inline(always)]
            fn $method(self, $x: Var<T>) -> Var<T> {
                let $c = self;
                $constant_first
            }
        }

        impl<T: Base> $assign for Var<T> {
            #[inline(always)]
            fn $assigning(&mut self, o: Self) {
                *self = $trait::$method(*self, o);
            }
        }

        impl<T: Base> $assign<f64> for Var<T> {
            #[inline(always)]
            fn $assigning(&mut self, c: f64) {
                *self = $trait::$method(*self, c);
            }
        })*
    };
}

with_constants! {
    Add add, AddAssign add_assign, |c, x| x + c;
    Sub sub, SubAssign sub_assign, |c, x| -x + c;
    Mul mul, MulAssign mul_assign, |c, x| x * c;
    Div div, DivAssign div_assign, |c, x| Var::from(c) / x;
}

impl<T: Base> Sum for Var<T> {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::from(0.0), |a, b| a + b)
    }
}

impl<T: Base> Product for Var<T> {
    fn product<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::from(1.0), |a, b| a * b)
    }
}

/// The value, and whether it has derivatives.
impl<T: Base> fmt::Debug for Var<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moves = self.origin.is_somewhere();
        f.debug_struct("Var").field("value", &self.jet.re).field("moves", &moves).finish()
    }
}

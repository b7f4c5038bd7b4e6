//! Numbers of first order for many parameters, whose cost does not grow with how many there are.

use crate::estimate::chunks::CHUNK;
use crate::scalar::{Jet, Scalar, zero_and_one};
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// A value, a bound of the Euclidean norm of its gradient, and which chunks of parameters that is in (modulo 64).
///
/// The bound is that of the triangle inequality: exact for one parameter, and never 0 where a derivative is not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tracked {
    pub re: f64,
    pub norm: f64,
    pub mask: u64,
}

impl Tracked {
    /// The parameter of this number.
    pub fn variable(re: f64, number: usize) -> Self {
        Tracked { re, norm: 1.0, mask: 1 << (number / CHUNK % 64) }
    }
}

/// The number of partial derivatives that a [`Sparse`] number has at most.
const FEW: usize = 4;

/// A value and up to four partial derivatives, by the number of their parameters in ascending order; more are too many.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sparse {
    pub re: f64,
    len: u32,
    /// Whether there are more: then none of them means anything.
    pub is_full: bool,
    index: [u32; FEW],
    eps: [f64; FEW],
}

impl Sparse {
    /// The parameter of this number.
    pub fn variable(re: f64, number: usize) -> Self {
        let mut x = Sparse::from(re);
        (x.len, x.index[0], x.eps[0]) = (1, number as u32, 1.0);
        x
    }

    /// The partial derivatives, each with the number of its parameter.
    #[inline]
    fn partials(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        (0..self.len as usize).map(|i| (self.index[i] as usize, self.eps[i]))
    }

    #[inline(never)]
    fn merged(re: f64, x: Self, a: f64, y: Self, b: f64) -> Self {
        let mut z = Sparse::from(re);
        z.is_full = x.is_full | y.is_full;
        let (mut i, mut j) = (0, 0);
        while i < x.len as usize || j < y.len as usize {
            let next = |of: &Self, i: usize| if i < of.len as usize { of.index[i] } else { u32::MAX };
            let (p, q) = (next(&x, i), next(&y, j));
            let mut e = 0.0;
            if p <= q {
                e += times(x.eps[i], a);
                i += 1;
            }
            if q <= p {
                e += times(y.eps[j], b);
                j += 1;
            }
            if z.len as usize == FEW {
                z.is_full = true;
                return z;
            }
            (z.index[z.len as usize], z.eps[z.len as usize]) = (p.min(q), e);
            z.len += 1;
        }
        z
    }
}

/// A perturbation times a slope: what does not move stays so, whatever the slope.
#[inline(always)]
fn times(perturbation: f64, slope: f64) -> f64 {
    if perturbation == 0.0 { 0.0 } else { perturbation * slope }
}

/// The partial derivatives of a number of first order: all of them, or those that are not 0.
pub(super) trait Partials: Scalar {
    /// Whether there are more than it carries: then none of them means anything.
    fn is_full(&self) -> bool;

    /// With this linear function of each.
    fn with_partials(self, f: impl Fn(f64) -> f64) -> Self;

    /// Adds to the sums of all parameters a linear function of its partial derivative and of the sum of the others'.
    fn add_to(&self, others: &[Self], f: impl Fn(f64, f64) -> f64, sums: &mut [f64]);
}

impl<const N: usize> Partials for Jet<f64, N> {
    #[inline(always)]
    fn is_full(&self) -> bool {
        false
    }
    #[inline(always)]
    fn with_partials(self, f: impl Fn(f64) -> f64) -> Self {
        Jet { re: self.re, eps: self.eps.map(f) }
    }
    #[inline(always)]
    fn add_to(&self, others: &[Self], f: impl Fn(f64, f64) -> f64, sums: &mut [f64]) {
        for (i, (sum, e)) in sums.iter_mut().zip(self.eps).enumerate() {
            *sum += f(e, others.iter().map(|x| x.eps[i]).sum());
        }
    }
}

impl Partials for Sparse {
    #[inline(always)]
    fn is_full(&self) -> bool {
        self.is_full
    }
    #[inline(always)]
    fn with_partials(mut self, f: impl Fn(f64) -> f64) -> Self {
        self.eps = self.eps.map(f);
        self
    }
    #[inline(always)]
    fn add_to(&self, others: &[Self], f: impl Fn(f64, f64) -> f64, sums: &mut [f64]) {
        self.partials().for_each(|(i, e)| sums[i] += f(e, 0.0));
        // not `flat_map`, which stays where there are none
        for other in others {
            other.partials().for_each(|(i, e)| sums[i] += f(0.0, e));
        }
    }
}

/// The linear part of a number.
trait Linear: Copy + From<f64> {
    fn value(self) -> f64;

    /// The value `re`, with a times the derivatives of x and b times those of y.
    fn of_two(re: f64, x: Self, a: f64, y: Self, b: f64) -> Self;

    /// The value `re`, with a times the derivatives of x.
    fn of_one(re: f64, x: Self, a: f64) -> Self;
}

impl From<f64> for Tracked {
    #[inline(always)]
    fn from(re: f64) -> Self {
        Tracked { re, norm: 0.0, mask: 0 }
    }
}

impl Linear for Tracked {
    #[inline(always)]
    fn value(self) -> f64 {
        self.re
    }
    #[inline(always)]
    fn of_two(re: f64, x: Self, a: f64, y: Self, b: f64) -> Self {
        Tracked { re, norm: times(x.norm, a.abs()) + times(y.norm, b.abs()), mask: x.mask | y.mask }
    }
    #[inline(always)]
    fn of_one(re: f64, x: Self, a: f64) -> Self {
        Tracked { re, norm: times(x.norm, a.abs()), mask: x.mask }
    }
}

impl From<f64> for Sparse {
    #[inline(always)]
    fn from(re: f64) -> Self {
        Sparse { re, len: 0, is_full: false, index: [0; FEW], eps: [0.0; FEW] }
    }
}

impl Linear for Sparse {
    #[inline(always)]
    fn value(self) -> f64 {
        self.re
    }
    #[inline(always)]
    fn of_two(re: f64, x: Self, a: f64, y: Self, b: f64) -> Self {
        if y.len == 0 && !y.is_full {
            Self::of_one(re, x, a)
        } else if x.len == 0 && !x.is_full {
            Self::of_one(re, y, b)
        } else {
            Self::merged(re, x, a, y, b)
        }
    }
    #[inline(always)]
    fn of_one(re: f64, mut x: Self, a: f64) -> Self {
        x.re = re;
        for e in &mut x.eps {
            *e = times(*e, a);
        }
        x
    }
}

/// The operators and [`Scalar`] from the linear part.
macro_rules! scalar {
    ($type:ty, |$x:ident| $size:expr) => {
        impl Neg for $type {
            type Output = Self;
            #[inline(always)]
            fn neg(self) -> Self {
                Self::of_one(-self.re, self, -1.0)
            }
        }

        impl Add for $type {
            type Output = Self;
            #[inline(always)]
            fn add(self, o: Self) -> Self {
                Self::of_two(self.re + o.re, self, 1.0, o, 1.0)
            }
        }

        impl Sub for $type {
            type Output = Self;
            #[inline(always)]
            fn sub(self, o: Self) -> Self {
                Self::of_two(self.re - o.re, self, 1.0, o, -1.0)
            }
        }

        impl Mul for $type {
            type Output = Self;
            #[inline(always)]
            fn mul(self, o: Self) -> Self {
                Self::of_two(self.re * o.re, self, o.re, o, self.re)
            }
        }

        impl Div for $type {
            type Output = Self;
            #[inline(always)]
            fn div(self, o: Self) -> Self {
                let q = self.re / o.re;
                Self::of_two(q, self, 1.0 / o.re, o, -q / o.re)
            }
        }

        scalar!(@constant $type, Add add |x, c| (x + c, 1.0), Sub sub |x, c| (x - c, 1.0));
        scalar!(@constant $type, Mul mul |x, c| (x * c, c), Div div |x, c| (x / c, 1.0 / c));
        scalar!(@assign $type, AddAssign add_assign add, SubAssign sub_assign sub);
        scalar!(@assign $type, MulAssign mul_assign mul, DivAssign div_assign div);

        zero_and_one!([] $type);

        impl Scalar for $type {
            const ORDER: usize = 1;

            #[inline(always)]
            fn re(self) -> f64 {
                self.value()
            }
            #[inline(always)]
            fn max_abs(self) -> f64 {
                let $x = self;
                $size
            }
            #[inline(always)]
            fn lift(self, derivatives: &[f64]) -> Self {
                Self::of_one(derivatives[0], self, derivatives[1])
            }
        }
    };
    (@constant $type:ty, $($trait:ident $method:ident |$x:ident, $c:ident| $value:expr),*) => {
        $(impl $trait<f64> for $type {
            type Output = Self;
            #[inline(always)]
            fn $method(self, $c: f64) -> Self {
                let $x = self.re;
                let (re, slope) = $value;
                Self::of_one(re, self, slope)
            }
        })*
    };
    (@assign $type:ty, $($trait:ident $assign:ident $method:ident),*) => {
        $(impl $trait for $type {
            #[inline(always)]
            fn $assign(&mut self, o: Self) {
                *self = self.$method(o);
            }
        })*
    };
}

scalar!(Tracked, |x| x.re.abs().max(x.norm));
scalar!(Sparse, |x| if x.is_full { f64::INFINITY } else { x.eps.iter().fold(x.re.abs(), |m, e| m.max(e.abs())) });

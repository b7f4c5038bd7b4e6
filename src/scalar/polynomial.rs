//! Truncated Taylor polynomials in one variable: what derivatives of any order along one parameter are computed with.

use super::{Derivatives, Scalar, taylor};
use core::array;
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// c_0 + c_1 t + ... + c_(N-1) t^(N-1): a scalar that carries derivatives up to order N - 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Polynomial<const N: usize>(pub [f64; N]);

impl<const N: usize> Polynomial<N> {
    /// The first N of the coefficients.
    #[inline]
    pub fn of(coefficients: &Derivatives) -> Self {
        Polynomial(array::from_fn(|k| coefficients[k]))
    }

    /// point + scale t.
    #[inline]
    pub fn line(point: f64, scale: f64) -> Self {
        let mut c = [0.0; N];
        c[0] = point;
        if N > 1 {
            c[1] = scale;
        }
        Polynomial(c)
    }
}

super::zero_and_one!([const N: usize] Polynomial<N>);

impl<const N: usize> Scalar for Polynomial<N> {
    const ORDER: usize = N - 1;

    #[inline(always)]
    fn re(self) -> f64 {
        self.0[0]
    }

    #[inline]
    fn max_abs(self) -> f64 {
        self.0.iter().fold(0.0, |m, c| m.max(c.abs()))
    }

    /// Horner's scheme in the part without constant term.
    #[inline]
    fn lift(self, derivatives: &[f64]) -> Self {
        let mut c = taylor::ZERO;
        c[..N].copy_from_slice(&derivatives[..N]);
        let mut factorial = 1.0;
        for (k, c) in c.iter_mut().enumerate().take(N).skip(2) {
            factorial *= k as f64;
            *c /= factorial;
        }
        let mut step = self;
        step.0[0] = 0.0;
        let mut sum = Self::from(c[N - 1]);
        for k in (0..N - 1).rev() {
            sum = step.chain(sum) + c[k];
        }
        sum
    }

    #[inline(always)]
    fn with_re(mut self, re: f64) -> Self {
        self.0[0] = re;
        self
    }
}

impl<const N: usize> From<f64> for Polynomial<N> {
    #[inline(always)]
    fn from(re: f64) -> Self {
        Self::line(re, 0.0)
    }
}

impl<const N: usize> Neg for Polynomial<N> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Polynomial(self.0.map(|c| -c))
    }
}

impl<const N: usize> Add for Polynomial<N> {
    type Output = Self;
    #[inline(always)]
    fn add(self, o: Self) -> Self {
        Polynomial(array::from_fn(|k| self.0[k] + o.0[k]))
    }
}

impl<const N: usize> Sub for Polynomial<N> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        Polynomial(array::from_fn(|k| self.0[k] - o.0[k]))
    }
}

impl<const N: usize> Mul for Polynomial<N> {
    type Output = Self;
    /// The Cauchy product.
    #[inline(always)]
    fn mul(self, o: Self) -> Self {
        Polynomial(array::from_fn(|k| {
            let mut sum = self.0[0] * o.0[k];
            for j in 1..=k {
                sum += self.0[j] * o.0[k - j];
            }
            sum
        }))
    }
}

impl<const N: usize> Div for Polynomial<N> {
    type Output = Self;
    #[inline(always)]
    fn div(self, o: Self) -> Self {
        self.over(o)
    }
}

macro_rules! with_constant {
    ($($trait:ident $method:ident: $c:ident, $o:ident => $value:expr;)*) => {
        $(impl<const N: usize> $trait<f64> for Polynomial<N> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, $o: f64) -> Self {
                let $c = self.0;
                $value
            }
        })*
    };
}

with_constant! {
    Add add: c, o => Polynomial(c).with_re(c[0] + o);
    Sub sub: c, o => Polynomial(c).with_re(c[0] - o);
    Mul mul: c, o => Polynomial(c.map(|c| c * o));
    Div div: c, o => Polynomial(c.map(|c| c / o));
}

macro_rules! assigning {
    ($($trait:ident $method:ident $op:tt;)*) => {
        $(impl<const N: usize> $trait for Polynomial<N> {
            #[inline(always)]
            fn $method(&mut self, o: Self) {
                *self = *self $op o;
            }
        })*
    };
}

assigning! {
    AddAssign add_assign +;
    SubAssign sub_assign -;
    MulAssign mul_assign *;
    DivAssign div_assign /;
}

#[cfg(test)]
mod tests {
    use super::Polynomial;
    use crate::scalar::Scalar;

    /// Geometric series, exponential series and their product: closed forms of the coefficients.
    #[test]
    fn series_of_elementary_functions() {
        let t = Polynomial::<5>::line(0.0, 1.0);
        assert_eq!((-t + 1.0).recip().0, [1.0; 5]);
        let e = t.exp();
        for (k, factorial) in [1.0, 1.0, 2.0, 6.0, 24.0].into_iter().enumerate() {
            assert!((e.0[k] * factorial - 1.0).abs() < 1e-15);
        }
        let one = e * (-t).exp();
        assert!((one - 1.0).max_abs() < 1e-15);
        let quotient = e.over(-t + 1.0);
        assert!((quotient.0[4] - (1.0 + 1.0 + 0.5 + 1.0 / 6.0 + 1.0 / 24.0)).abs() < 1e-15);
    }
}

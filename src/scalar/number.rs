//! The trait of the numbers.

use super::{MAX_ORDER, elementary, pairs, ratios, unit};
use ::num_traits::{One, Zero};
use core::fmt::Debug;
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// A real number that may carry derivatives: `f64`, [`Jet`](super::Jet), the types of the `num-dual` crate, or one of your own
/// (the [module's page](super) says what is asked of it).
///
/// The real part of every operation and function here is that of `f64` bit for bit, with one exception: the operator
/// `/` of a foreign type may round differently; [`Scalar::over`] is division with the promise.
///
/// Comparisons and branches belong on the real part, [`Scalar::re`]: a draw must not depend on the derivatives that
/// are asked of it.
///
/// Its supertraits are all that sums and products of nalgebra's matrices and ndarray's arrays ask of a number, so that
/// generic code may use them. `PartialEq` is among them: it compares derivatives too, so `==` does not belong in a
/// program either.
///
/// In generic code constants are `S::from(2.0)`, and an `f64` may stand on the right of an operator: `x * 2.0`. On the
/// left it may not (the standard library owns `f64`): write `x * 2.0` for `2.0 * x`, and [`Scalar::complement`] for
/// `1.0 - x`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a scalar: not a real number that reparam knows how to differentiate",
    label = "this must be `f64`, `Jet<f64, N>` or another `reparam::scalar::Scalar`",
    note = "literals must be `f64`: `2.0`, not `2`; an `f32` or an integer is converted by `f64::from(x)` or `Jet::from(x)`",
    note = "the numbers of `num-dual` 0.15 are scalars with the feature `num-dual` (on by default), if their size is static \
            and their innermost type is `f64`",
    note = "a number type of your own implements `Scalar`: see the module `reparam::scalar`"
)]
pub trait Scalar:
    Copy
    + PartialEq
    + Debug
    + 'static
    + Zero
    + One
    + From<f64>
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<f64, Output = Self>
    + Div<f64, Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
{
    /// The highest order of derivative that the type carries: 0 for `f64`, 1 for `Jet<f64, N>`, one more with each nesting.
    const ORDER: usize;

    /// The value, without derivatives.
    fn re(self) -> f64;

    /// The largest absolute value of any component: the value and all derivatives. NaN components may be passed over.
    fn max_abs(self) -> f64;

    /// f(self), where `derivatives[k]` is the k-th derivative of f at `self.re()`, for k = 0 to `ORDER`: the chain rule.
    ///
    /// Where a derivative is infinite, components that do not depend on the variable must stay zero; [`Scalar::chain`]
    /// multiplies that way.
    fn lift(self, derivatives: &[f64]) -> Self;

    /// The product of a perturbation (self) with a slope, in which an exact zero of the perturbation wins over a
    /// slope that is infinite or NaN: what does not move has no derivative.
    ///
    /// ```
    /// use reparam::scalar::Scalar;
    /// assert_eq!(0.0.chain(f64::INFINITY), 0.0);
    /// assert_eq!(2.0.chain(3.0), 6.0);
    /// ```
    #[inline]
    fn chain(self, slope: Self) -> Self {
        if self.max_abs() == 0.0 {
            self
        } else if !slope.re().is_finite() && pairs::is_constant(self) {
            slope * self.re()
        } else {
            self * slope
        }
    }

    /// The quotient self / denominator, whose real part is the quotient of the real parts bit for bit.
    ///
    /// ```
    /// use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([3.0]);
    /// let y = Jet::from(1.0).over(x);
    /// assert_eq!((y.re, y.eps[0]), (1.0 / 3.0, -1.0 / 9.0));
    /// ```
    #[inline]
    fn over(self, denominator: Self) -> Self {
        let quotient = self.re() / denominator.re();
        // derivatives of 1/x are powers of 1/x: in this unit they stay inside the range of doubles
        let unit = unit::unit(denominator.re());
        let inverse = (denominator * unit).recip();
        if !(inverse.re().is_finite() && quotient.is_finite())
            && pairs::is_constant(self)
            && pairs::is_constant(denominator)
        {
            return Self::from(quotient);
        }
        (self * unit * inverse).with_re(quotient)
    }

    /// The same derivatives with another real part.
    ///
    /// ```
    /// use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([3.0]);
    /// assert_eq!(x.with_re(5.0), Jet { re: 5.0, eps: [1.0] });
    /// ```
    #[inline(always)]
    fn with_re(self, re: f64) -> Self {
        let mut d = [0.0; MAX_ORDER + 1];
        d[0] = re;
        d[1] = 1.0;
        self.lift(&d)
    }

    /// The same value without derivatives, a constant: stop-gradient.
    ///
    /// ```
    /// use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([3.0]);
    /// assert_eq!((x * x.detach()).eps, [3.0]); // the second factor does not move
    /// ```
    #[inline(always)]
    fn detach(self) -> Self {
        Self::from(self.re())
    }

    /// 1 - x.
    ///
    /// ```
    /// use reparam::scalar::{Jet, Scalar};
    /// let [p] = Jet::variables([0.25]);
    /// assert_eq!(p.complement(), Jet { re: 0.75, eps: [-1.0] });
    /// ```
    #[inline(always)]
    fn complement(self) -> Self {
        -self + 1.0
    }

    /// e^x.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([0.0]);
    /// assert_eq!(x.exp(), Jet { re: 1.0, eps: [1.0] });
    /// ```
    #[inline]
    fn exp(self) -> Self {
        elementary::exp(self)
    }

    /// e^x - 1, accurate near 0.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([1e-20]);
    /// assert_eq!(x.exp_m1().re, 1e-20);
    /// ```
    #[inline]
    fn exp_m1(self) -> Self {
        elementary::exp_m1(self)
    }

    /// The natural logarithm. At 0 the value is -inf and the derivative inf; below 0, NaN.
    ///
    /// Types of the first order have the derivative inf at subnormal numbers too, where 1/x overflows.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([0.5]);
    /// assert_eq!(x.ln().eps, [2.0]);
    /// assert_eq!(Jet::<f64, 1>::from(0.0).ln().eps, [0.0]); // a constant stays one
    /// ```
    #[inline]
    fn ln(self) -> Self {
        elementary::ln(self)
    }

    /// ln(1 + x), accurate near 0.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([1e-20]);
    /// assert_eq!(x.ln_1p().re, 1e-20);
    /// ```
    #[inline]
    fn ln_1p(self) -> Self {
        elementary::ln_1p(self)
    }

    /// The logarithm to base 2.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// assert_eq!(8.0.log2(), 3.0);
    /// ```
    #[inline]
    fn log2(self) -> Self {
        elementary::log2(self)
    }

    /// The logarithm to base 10.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// assert_eq!(1000.0.log10(), 3.0);
    /// ```
    #[inline]
    fn log10(self) -> Self {
        elementary::log10(self)
    }

    /// The square root. At 0 the derivative is inf.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([4.0]);
    /// assert_eq!(x.sqrt(), Jet { re: 2.0, eps: [0.25] });
    /// assert_eq!(Jet::<f64, 1>::from(0.0).sqrt().eps, [0.0]);
    /// ```
    #[inline]
    fn sqrt(self) -> Self {
        elementary::sqrt(self)
    }

    /// The cube root, of negative numbers too. At 0 the derivative is inf.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([8.0]);
    /// assert_eq!(x.cbrt().re, 2.0);
    /// ```
    #[inline]
    fn cbrt(self) -> Self {
        elementary::cbrt(self)
    }

    /// x to an integer power.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([3.0]);
    /// assert_eq!(x.powi(2), Jet { re: 9.0, eps: [6.0] });
    /// ```
    #[inline]
    fn powi(self, n: i32) -> Self {
        elementary::powi(self, n)
    }

    /// x to a constant power; NaN below 0 for powers that are not integers.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([4.0]);
    /// assert_eq!(x.powf(1.5), Jet { re: 8.0, eps: [3.0] });
    /// assert_eq!(Jet::<f64, 1>::from(0.0).powf(1.5).re, 0.0);
    /// ```
    #[inline]
    fn powf(self, n: f64) -> Self {
        elementary::powf(self, n)
    }

    /// 1 / x.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([2.0]);
    /// assert_eq!(x.recip(), Jet { re: 0.5, eps: [-0.25] });
    /// ```
    #[inline]
    fn recip(self) -> Self {
        elementary::recip(self)
    }

    /// The sine of an angle in radians.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([0.0]);
    /// assert_eq!(x.sin().eps, [1.0]);
    /// ```
    #[inline]
    fn sin(self) -> Self {
        elementary::sin(self)
    }

    /// The cosine of an angle in radians.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([0.0]);
    /// assert_eq!(x.cos().re, 1.0);
    /// ```
    #[inline]
    fn cos(self) -> Self {
        elementary::cos(self)
    }

    /// The tangent of an angle in radians.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([0.0]);
    /// assert_eq!(x.tan().eps, [1.0]);
    /// ```
    #[inline]
    fn tan(self) -> Self {
        elementary::tan(self)
    }

    /// The angle in [-π/2, π/2] whose sine is x; NaN outside [-1, 1].
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([0.0]);
    /// assert_eq!(x.asin().eps, [1.0]);
    /// ```
    #[inline]
    fn asin(self) -> Self {
        elementary::asin(self)
    }

    /// The angle in [0, π] whose cosine is x; NaN outside [-1, 1].
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([0.0]);
    /// assert_eq!(x.acos().eps, [-1.0]);
    /// ```
    #[inline]
    fn acos(self) -> Self {
        elementary::acos(self)
    }

    /// The angle in (-π/2, π/2) whose tangent is x.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([1.0]);
    /// assert_eq!(x.atan().eps, [0.5]);
    /// ```
    #[inline]
    fn atan(self) -> Self {
        elementary::atan(self)
    }

    /// The hyperbolic sine.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([0.0]);
    /// assert_eq!(x.sinh().eps, [1.0]);
    /// ```
    #[inline]
    fn sinh(self) -> Self {
        elementary::sinh(self)
    }

    /// The hyperbolic cosine.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([0.0]);
    /// assert_eq!(x.cosh().re, 1.0);
    /// ```
    #[inline]
    fn cosh(self) -> Self {
        elementary::cosh(self)
    }

    /// The hyperbolic tangent.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([800.0]);
    /// assert_eq!(x.tanh(), Jet { re: 1.0, eps: [0.0] });
    /// ```
    #[inline]
    fn tanh(self) -> Self {
        elementary::tanh(self)
    }

    /// The inverse hyperbolic sine.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([0.0]);
    /// assert_eq!(x.asinh().eps, [1.0]);
    /// ```
    #[inline]
    fn asinh(self) -> Self {
        elementary::asinh(self)
    }

    /// The inverse hyperbolic cosine; NaN below 1.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// assert_eq!(1.0.acosh(), 0.0);
    /// ```
    #[inline]
    fn acosh(self) -> Self {
        elementary::acosh(self)
    }

    /// The inverse hyperbolic tangent; NaN outside [-1, 1].
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([0.0]);
    /// assert_eq!(x.atanh().eps, [1.0]);
    /// ```
    #[inline]
    fn atanh(self) -> Self {
        elementary::atanh(self)
    }

    /// |x|. The derivative is the sign of x; at 0, where there is none, that of the right side (of the left side at -0), so
    /// that even functions of |x| keep their derivatives of every order.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([-3.0]);
    /// assert_eq!(x.abs(), Jet { re: 3.0, eps: [-1.0] });
    /// ```
    #[inline]
    fn abs(self) -> Self {
        elementary::abs(self)
    }

    /// ln(1 + e^x), without overflow.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([0.0]);
    /// assert_eq!(x.softplus().eps, [0.5]);
    /// ```
    #[inline]
    fn softplus(self) -> Self {
        elementary::softplus(self)
    }

    /// The logistic function 1 / (1 + e^-x).
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([0.0]);
    /// assert_eq!(x.sigmoid(), Jet { re: 0.5, eps: [0.25] });
    /// ```
    #[inline]
    fn sigmoid(self) -> Self {
        elementary::sigmoid(self)
    }

    /// ln(p / (1 - p)), the inverse of [`Scalar::sigmoid`]; -inf at 0, inf at 1, NaN outside [0, 1].
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([0.5]);
    /// assert_eq!(x.logit(), Jet { re: 0.0, eps: [4.0] });
    /// ```
    #[inline]
    fn logit(self) -> Self {
        elementary::logit(self)
    }

    /// ln(1 - e^x) for x <= 0, NaN above: from ln p to ln(1 - p).
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// assert_eq!((-1e-20f64).ln_1m_exp(), 1e-20.ln());
    /// assert_eq!((-800.0f64).ln_1m_exp(), -(-800.0f64).exp());
    /// ```
    #[inline]
    fn ln_1m_exp(self) -> Self {
        elementary::ln_1m_exp(self)
    }

    /// ln(e^x - 1) for x >= 0, NaN below: the inverse of [`Scalar::softplus`].
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// assert_eq!(800.0.ln_exp_m1(), 800.0);
    /// ```
    #[inline]
    fn ln_exp_m1(self) -> Self {
        elementary::ln_exp_m1(self)
    }

    /// (e^x - 1) / x, with its limit 1 at 0: smooth everywhere, to every order.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([0.0]);
    /// assert_eq!(x.exp_m1_ratio(), Jet { re: 1.0, eps: [0.5] });
    /// ```
    #[inline]
    fn exp_m1_ratio(self) -> Self {
        ratios::exp_m1_ratio(self)
    }

    /// ln(1 + x) / x, with its limit 1 at 0: smooth for x > -1, to every order.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x] = Jet::variables([0.0]);
    /// assert_eq!(x.ln_1p_ratio(), Jet { re: 1.0, eps: [-0.5] });
    /// ```
    #[inline]
    fn ln_1p_ratio(self) -> Self {
        ratios::ln_1p_ratio(self)
    }

    /// x to a power that carries derivatives too.
    ///
    /// At x = 0 the derivative in the power is 0, for powers above 0. Below 0 only integer powers have a value, and the
    /// derivative in the power is NaN.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x, n] = Jet::variables([2.0, 3.0]);
    /// assert_eq!(x.powd(n).eps[0], 12.0);
    /// assert!((x.powd(n).eps[1] - 8.0 * 2.0.ln()).abs() < 1e-14);
    /// ```
    #[inline]
    fn powd(self, power: Self) -> Self {
        pairs::powd(self, power)
    }

    /// sqrt(x^2 + y^2), without overflow.
    ///
    /// At the origin it has no derivatives: first ones are 0 here, higher ones NaN. Take x^2 + y^2 where the square is
    /// meant. If only one of the two moves, it is [`Scalar::abs`] of that one.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x, y] = Jet::variables([3.0, 4.0]);
    /// assert_eq!(x.hypot(y), Jet { re: 5.0, eps: [0.6, 0.8] });
    /// ```
    #[inline]
    fn hypot(self, other: Self) -> Self {
        pairs::hypot(self, other)
    }

    /// The angle of the point (x, self) in (-π, π]. At the origin the derivatives are NaN, unless both
    /// are constants.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [y, x] = Jet::variables([0.0, 2.0]);
    /// assert_eq!(y.atan2(x), Jet { re: 0.0, eps: [0.5, 0.0] });
    /// ```
    #[inline]
    fn atan2(self, x: Self) -> Self {
        pairs::atan2(self, x)
    }

    /// The smaller of the two by real part, self where they are equal; a NaN loses.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x, y] = Jet::variables([1.0, 2.0]);
    /// assert_eq!(x.min(y).eps, [1.0, 0.0]);
    /// ```
    #[inline]
    fn min(self, other: Self) -> Self {
        pairs::min(self, other)
    }

    /// The larger of the two by real part, self where they are equal; a NaN loses.
    ///
    /// ```
    /// # use reparam::scalar::{Jet, Scalar};
    /// let [x, y] = Jet::variables([1.0, 2.0]);
    /// assert_eq!(x.max(y).eps, [0.0, 1.0]);
    /// ```
    #[inline]
    fn max(self, other: Self) -> Self {
        pairs::max(self, other)
    }
}

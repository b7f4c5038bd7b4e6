//! Units for numbers far from 1: powers of two in which their derivatives are doubles.
//!
//! Derivatives of 1/x, ln x and x^p are the value times powers of 1/x, which leave the range of doubles where the values
//! do not; and so that ln(s x) has the derivative 1/s at every x, what leaves it must not be formed. As a function of u x,
//! with a power of two u near to 1/x, it is not. Powers of two change no digit.

use super::{Scalar, taylor::ZERO};

/// Derivatives in a unit are kept between the powers of two with this exponent and its negative; the rest of a double's
/// exponents is for factorials.
const ROOM: i32 = 900;

/// 2^exponent, within the range of normal doubles.
#[inline]
fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((exponent.clamp(-1022, 1023) + 1023) as u64) << 52)
}

/// The exponent of the leading bit of a number that is not 0, subnormal ones included.
#[inline]
fn exponent(x: f64) -> i32 {
    let of_normal = |x: f64| ((x.to_bits() >> 52) & 0x7ff) as i32 - 1023;
    if x.is_normal() { of_normal(x) } else { of_normal(x * (1u64 << 60) as f64) - 60 }
}

/// The smallest number whose power with exponent -n is a double, with room for factorials.
#[inline(always)]
pub(super) const fn smallest(n: usize) -> f64 {
    f64::from_bits((1023 - 1000 / n as u64) << 52)
}

/// The largest number whose power with exponent n is a double, with room for factorials.
#[inline(always)]
pub(super) const fn largest(n: usize) -> f64 {
    f64::from_bits((1023 + 1000 / n as u64) << 52)
}

/// Whether |x| is between [`smallest`] and [`largest`]; not so for 0, infinity and NaN.
///
/// Asked of the bits, the answer is there before any arithmetic with x has ended.
#[inline(always)]
pub(super) fn within(x: f64, n: usize) -> bool {
    let bound = 1000 / n as u64;
    ((x.to_bits() >> 52) & 0x7ff).wrapping_sub(1023 - bound) < 2 * bound
}

/// The power of two that brings x near to 1, or 1 where the derivatives of 1/x of every order are doubles without it.
#[inline]
pub(super) fn unit(x: f64) -> f64 {
    const LARGE: f64 = (1u64 << 50) as f64;
    if (1.0 / LARGE..LARGE).contains(&x.abs()) || x == 0.0 || !x.is_finite() {
        return 1.0;
    }
    let exponent = (x.to_bits() >> 52) & 0x7ff;
    // the largest doubles have no reciprocal power that is normal: half of it does
    f64::from_bits((2046 - exponent).max(1) << 52)
}

/// The power of two nearest to 1 in which the derivatives up to `order`, of size slope / x^k, are doubles.
///
/// Not all the way to 1: what moves is multiplied by it too, and must not leave the range in its turn.
pub(super) fn unit_of_power(x: f64, slope: f64, order: usize) -> f64 {
    if x == 0.0 || slope == 0.0 || !(x.is_finite() && slope.is_finite()) {
        return 1.0;
    }
    let (from, size, order) = (exponent(x), exponent(slope), order as i32);
    let to = if from < 0 { from.max((size - ROOM) / order) } else { from.min((size + ROOM) / order) };
    power_of_two(to - from)
}

/// f(x) with f' = slope / argument and f^(k) = f^(k-1) (p - k + 1) / argument, in a unit: a power with exponent p, or a
/// logarithm (p = 0).
#[cold]
#[inline(never)]
pub(super) fn lift_power<S: Scalar>(x: S, value: f64, argument: f64, slope: f64, p: f64) -> S {
    let unit = unit_of_power(argument, slope, S::ORDER);
    let argument = argument * unit;
    let mut d = ZERO;
    d[0] = value;
    let mut product = slope;
    for (k, d) in d.iter_mut().enumerate().take(S::ORDER + 1).skip(1) {
        *d = product / argument;
        product = *d * (p - k as f64);
    }
    (x * unit).lift(&d)
}

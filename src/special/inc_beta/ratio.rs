//! How the logarithm t of a variable of Fisher's F law moves with the shapes at a fixed probability: t = logit x - ln(a/b), x of the beta law.
//!
//! Where a shape is large it hardly matters, and what logit x moves by is all but what ln(a/b) does. With c = 1/b, y = a e^t and g the density of t,
//! H = dt/dc solves (H g)' = (E - L) g in t, L being the derivative of ln g in c without its constant, and E the mean of L:
//!
//! (1 + c y) H' + (a - y) H = (1 + c y) (E - L),   L = (ln(1 + c y) - c y/(1 + c y))/c² - a y/(1 + c y).
//!
//! H is a series in c whose coefficients are polynomials in y and a, the first (y + 1 - a)/2, which follow one from the other.

use super::gradient::{UNIFORM_FROM, beyond_uniform_means, constants, gradient};
use super::point::Point;
use super::tail::{Region, region};
use crate::implicit::Slopes;
use crate::quadrature::moved;
use crate::scalar::{Scalar, math};
use crate::special::ln_1p_minus;

/// From this shape on the terms that cancel cost more than two digits.
pub(crate) const LARGE_SHAPE: f64 = 500.0;

/// dt/da and dt/db.
pub(crate) struct Ratio;

impl Slopes<2> for Ratio {
    fn slopes<T: Scalar>(&self, [a, b]: [T; 2], t: T) -> [T; 2] {
        // of the law with a and b exchanged, -t has the same derivative in a
        let in_b = Limit::new(a, b, t).map(|limit| limit.slope(b));
        let in_a = Limit::new(b, a, -t).map(|limit| -limit.slope(a));
        if let (Some(in_a), Some(in_b)) = (in_a, in_b) {
            return [in_a, in_b];
        }
        let theta = t + a.ln() - b.ln();
        let at = Point::from_logit(theta.re());
        if let (_, Region::Uniform) = region(a.re(), b.re(), at, UNIFORM_FROM) {
            let [of_a, of_b] = beyond_uniform_means(a, b, t);
            return [in_a.unwrap_or(of_a.over(a)), in_b.unwrap_or(-of_b.over(b))];
        }
        let (h_a, h_b) = gradient(a, b, at.along(theta), |swap| constants(a, b, swap));
        [in_a.unwrap_or(h_a - a.recip()), in_b.unwrap_or(h_b + b.recip())]
    }
}

/// Most terms of the series in c.
const TERMS: usize = 13;

/// The series of H and E, and what they are made of.
struct Limit<T> {
    h: T,
    e: T,
    y: T,
}

impl<T: Scalar> Limit<T> {
    /// Where b is so much larger than a and y that the series has all digits.
    fn new(a: T, b: T, t: T) -> Option<Self> {
        let (c, y) = (b.recip(), a * t.exp());
        let ratio = c.re() * (a.re() + y.re());
        if ratio.is_nan() || ratio > 0.04 {
            return None;
        }
        let terms = ((37.0 / -math::ln(ratio)) as usize + 2).min(TERMS);
        // coefficients of the polynomials in y
        let mut last = [T::from(0.0); TERMS + 1];
        last[..2].copy_from_slice(&[(-a + 1.0) * 0.5, T::from(0.5)]);
        let mut mean = a * last[0];
        let (mut h, mut e, mut power) = ((a * t.exp_m1() + 1.0) * 0.5, mean, T::from(1.0));
        for k in 1..terms {
            let sign = if k % 2 == 0 { 1.0 } else { -1.0 };
            let mut next = [T::from(0.0); TERMS + 1];
            next[k + 1] = T::from(sign / ((k + 1) * (k + 2)) as f64);
            for j in (1..=k + 1).rev() {
                next[j - 1] = (a + j as f64) * next[j] + last[j - 1] * (j - 1) as f64;
            }
            next[0] -= mean;
            mean = a * next[0];
            power *= c;
            h += next[..=k + 1].iter().rev().fold(T::from(0.0), |sum, p| sum * y + *p) * power;
            e += mean * power;
            last = next;
        }
        Some(Limit { h, e, y })
    }

    /// dt/db at a fixed probability.
    fn slope(self, b: T) -> T {
        -self.h.over(b).over(b)
    }

    /// d ln g/db at a fixed t.
    fn slope_of_ln_density(self, a: T, b: T) -> T {
        let s = self.y.over(b);
        let r = s.over(s + 1.0);
        // (ln(1 + s) - r)/c² by r, of whose square it is about half
        let l = -ln_1p_minus(-r) * b * b - a * self.y.over(s + 1.0);
        (self.e - l).over(b).over(b)
    }
}

/// ln g at t with its derivatives in a shape b so large that it hardly matters, from `ln_density` of b; `None` elsewhere.
pub(crate) fn ln_density_by_limit<S: Scalar>(a: S, b: S, t: S, ln_density: impl Fn(S) -> S) -> Option<S> {
    Limit::new(a, b, t)?;
    let plain = ln_density(S::from(b.re()));
    Some(moved(plain, b, |b| Limit::new(a, b, t).map_or(S::from(0.0), |limit| limit.slope_of_ln_density(a, b))))
}

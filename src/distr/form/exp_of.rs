//! The exponential of a law, once for all: X = c exp(Y) with Y from a standard law put in its place.

use super::{Form, Moments, NearEnd, Placed, Standard, power_near_zero};
use crate::scalar::{Scalar, math};
use crate::special;
use core::ops::Mul;
use rand::Rng;

/// The law of c exp(Y), Y from `ln`. Without a factor c, 1.
///
/// Where a family has its scale as a parameter, it is the factor here and not a location ln c of Y: x = c is then the
/// point Y = 0 exactly. Mean, variance and mode are no business of this composition.
#[derive(Clone, Copy)]
pub(crate) struct ExpOf<S, K> {
    pub factor: Option<S>,
    pub ln: Placed<S, K>,
}

/// ln(x / c) for x, c > 0, accurate where x is close to c; no mixed derivatives.
pub(crate) fn ln_ratio<S: Scalar>(x: S, c: S) -> S {
    let difference = x.ln() - c.ln();
    let d = (x.re() - c.re()) / c.re();
    if (-0.5..=1.0).contains(&d) {
        difference.with_re(math::ln_1p(d))
    } else {
        let ratio = x.re() / c.re();
        // the quotient of doubles may leave their range, its logarithm does not
        if ratio.is_normal() { difference.with_re(math::ln(ratio)) } else { difference }
    }
}

/// a/b - 1, with the digits of the difference where that is small and with those of the quotient's derivatives where it is not.
pub(crate) fn ratio_excess<S: Scalar>(a: S, b: S) -> S {
    let d = (a - b).over(b);
    if d.re().abs() < 0.5 { d } else { a.over(b) - 1.0 }
}

/// a/(a + b) for a, b >= 0, with slopes that are no differences: those of 1/(1 + b/a) where a is the larger.
pub(crate) fn share<S: Scalar>(a: S, b: S) -> S {
    let share = a.over(a + b);
    if a.re() > b.re() { (b.over(a) + 1.0).recip().with_re(share.re()) } else { share }
}

/// x/(x - c), with the slopes of 1 + c/(x - c), which are no differences.
pub(crate) fn over_less<S: Scalar>(x: S, c: f64) -> S {
    (S::from(c).over(x - c) + 1.0).with_re(x.re() / (x.re() - c))
}

/// r - 1 - ln r with r = a/b, the difference a - b being given for where sums are rounded: what divergences of scales are made of.
pub(crate) fn ratio_divergence<S: Scalar>(a: S, b: S, difference: S) -> S {
    let d = difference.over(b);
    // r may round to 0 beside 1
    if d.re() < -0.5 { d - ln_ratio(a, b) } else { bounded(-special::ln_1p_minus(d)) }
}

/// The same with r = (a/b)².
pub(crate) fn squared_ratio_divergence<S: Scalar>(a: S, b: S) -> S {
    let d = (a - b).over(b);
    let growth = d * (d + 2.0);
    if d.re() < -0.5 { growth - ln_ratio(a, b) * 2.0 } else { bounded(-special::ln_1p_minus(growth)) }
}

/// c e^y; where that overflows or underflows, infinity or 0 without derivatives.
#[inline]
pub(crate) fn times_exp<S: Scalar>(c: S, y: S) -> S {
    // the product of doubles may be an ordinary number where e^y is not
    if y.re().abs() < 700.0 { bounded(around_0(y) * c * math::exp(y.re())) } else { exp(y + c.ln()) }
}

/// e^y; where that overflows or underflows, infinity or 0 without derivatives.
#[inline]
pub(crate) fn exp<S: Scalar>(y: S) -> S {
    let value = math::exp(y.re());
    if S::ORDER == 0 {
        return S::from(value);
    }
    if value == 0.0 { S::from(0.0) } else { bounded(around_0(y) * value) }
}

/// e^y (e^d - 1) for d >= 0, where the one factor may overflow and the other underflow.
pub(crate) fn exp_times_exp_m1<S: Scalar>(y: S, d: S) -> S {
    if d.re() > 40.0 || y.re() > 700.0 { exp(y + d.ln_exp_m1()) } else { d.exp_m1() * exp(y) }
}

/// e^(y - re y): times a plain number it becomes e^y with derivatives that may overflow but are no differences of infinities.
#[inline]
fn around_0<S: Scalar>(y: S) -> S {
    y.with_re(0.0).exp()
}

/// x without its derivatives where it is infinite: they would be sums of infinities of both signs.
#[inline]
pub(crate) fn bounded<S: Scalar>(x: S) -> S {
    // a branch that is never taken, not a selection of every component
    #[cold]
    fn infinite<S: Scalar>(re: f64) -> S {
        S::from(re)
    }
    if S::ORDER > 0 && x.re().is_infinite() { infinite(x.re()) } else { x }
}

/// x without its derivatives where e^-|x| is 0, of a function that moves by it: they may be beyond the doubles.
#[inline]
pub(crate) fn settled<S: Scalar>(x: S) -> S {
    if S::ORDER > 0 && x.re().abs() > 1e8 { S::from(x.re()) } else { x }
}

impl<S: Scalar + Mul<K::Draw, Output = S>, K: Standard<S>> ExpOf<S, K> {
    #[inline]
    fn exp(&self, y: S) -> S {
        match self.factor {
            Some(c) => times_exp(c, y),
            None => exp(y),
        }
    }

    /// ln f(x) below c, where next to 0 it is a multiple of ln x: the multiple is a difference to 1, that of logarithms would
    /// lose it.
    fn ln_pdf_by_power(&self, x: S) -> Option<S> {
        if !(x.re() > 0.0 && x.re() < self.factor.map_or(1.0, |c| c.re())) {
            return None;
        }
        let (ratio, y) = self.factor.map_or_else(|| (x, x.ln()), |c| (x.over(c), ln_ratio(x, c)));
        let decay = ratio.powd(self.ln.scale.recip());
        let (power, rest) = self.ln.standard.exponential_tail(decay, false)?;
        let ln = (power.over(self.ln.scale) - 1.0) * y + rest - self.ln.scale.ln();
        Some(self.factor.map_or(ln, |c| ln - c.ln()))
    }

    /// `f` of ln(x/c); the limit at 0 for x <= 0.
    #[inline]
    fn at(&self, x: S, below: f64, f: impl Fn(&Placed<S, K>, S) -> S) -> S {
        if x.re() <= 0.0 {
            return S::from(below);
        }
        let y = match self.factor {
            _ if x.re().is_infinite() => S::from(x.re()),
            Some(c) => ln_ratio(x, c),
            None => x.ln(),
        };
        f(&self.ln, y)
    }
}

impl<S: Scalar + Mul<K::Draw, Output = S>, K: Standard<S>> Form<S> for ExpOf<S, K> {
    type Noise = K::Draw;

    /// A draw of the standard law.
    #[inline(always)]
    fn noise<R: Rng + ?Sized>(&self, rng: &mut R) -> K::Draw {
        self.ln.noise(rng)
    }

    /// c exp(Y) of a draw of the standard law.
    #[inline(always)]
    fn sample_of(&self, noise: K::Draw) -> S {
        self.exp(self.ln.sample_of(noise))
    }

    fn support(&self) -> (S, S) {
        let (low, high) = self.ln.support();
        (self.exp(low), self.exp(high))
    }

    /// At 0, where the density of ln X falls like a power of x.
    fn near_end(&self, upper: bool, d: S) -> Option<NearEnd<S>> {
        let (unit, power) = (self.factor.map_or(d, |c| d.over(c)), self.ln.scale.recip());
        if upper {
            return None;
        }
        let (of_tail, _) = self.ln.standard.exponential_tail(S::from(0.0), false)?;
        let exponent = of_tail * power - 1.0;
        let decay = power_near_zero(unit, power.re(), exponent.re())?;
        let (_, ln_factor) = self.ln.standard.exponential_tail(decay, false)?;
        let ln_factor = ln_factor + power.ln();
        Some(NearEnd { exponent, ln_factor: self.factor.map_or(ln_factor, |c| ln_factor - (exponent + 1.0) * c.ln()) })
    }

    #[inline]
    fn ln_pdf(&self, x: S) -> S {
        if x.re() == 0.0
            && let Some(near) = self.near_end(false, S::from(0.0))
        {
            return near.ln_pdf();
        }
        if let Some(ln_pdf) = self.ln_pdf_by_power(x) {
            return ln_pdf;
        }
        let ln_pdf = self.at(x, f64::NEG_INFINITY, Placed::ln_pdf);
        if ln_pdf.re().is_infinite() { ln_pdf } else { ln_pdf - x.ln() }
    }

    #[inline]
    fn pdf(&self, x: S) -> S {
        if let Some(ln_pdf) = self.ln_pdf_by_power(x) {
            return exp(ln_pdf);
        }
        if x.re() == 0.0 {
            return exp(self.ln_pdf(x));
        }
        let pdf = self.at(x, 0.0, Placed::pdf);
        // subnormal numbers have few digits, and a small x makes ordinary ones of them
        if pdf.re() < f64::MIN_POSITIVE { exp(self.ln_pdf(x)) } else { pdf.over(x) }
    }

    #[inline]
    fn cdf(&self, x: S) -> S {
        self.at(x, 0.0, Placed::cdf)
    }

    #[inline]
    fn sf(&self, x: S) -> S {
        self.at(x, 1.0, Placed::sf)
    }

    #[inline]
    fn ln_cdf(&self, x: S) -> S {
        self.at(x, f64::NEG_INFINITY, Placed::ln_cdf)
    }

    #[inline]
    fn ln_sf(&self, x: S) -> S {
        self.at(x, 0.0, Placed::ln_sf)
    }

    #[inline]
    fn quantile(&self, p: S) -> S {
        self.exp(self.ln.quantile(p))
    }

    #[inline]
    fn isf(&self, q: S) -> S {
        self.exp(self.ln.isf(q))
    }

    #[inline]
    fn quantile_ln(&self, ln_p: S) -> S {
        self.exp(self.ln.quantile_ln(ln_p))
    }

    #[inline]
    fn isf_ln(&self, ln_q: S) -> S {
        self.exp(self.ln.isf_ln(ln_q))
    }

    fn median(&self) -> S {
        self.exp(self.ln.median())
    }

    /// That of Y plus E[ln X]; NaN where Y has no mean.
    fn entropy(&self) -> S {
        let mean = self.ln.mean().unwrap_or(S::from(f64::NAN));
        let entropy = self.ln.entropy() + mean;
        match self.factor {
            Some(c) => entropy + c.ln(),
            None => entropy,
        }
    }
}

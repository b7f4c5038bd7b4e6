//! Densities and tails at a finite end of the support and next to it, and quantiles there.

use super::Form;
use crate::quadrature::moved;
use crate::scalar::{MAX_ORDER, Scalar, math};
use core::f64::consts::LN_2;

/// A distribution function, which rises with x, or its complement: of the second order its derivatives in x are those of the
/// density. Its own formula may have them as differences of powers, of which next to an end of the support nothing is left.
#[inline]
pub(crate) fn curved<S: Scalar>(x: S, rises: bool, tail: impl Fn(S) -> S, pdf: impl Fn(S) -> S) -> S {
    if S::ORDER < 2 || x.with_re(0.0).max_abs() == 0.0 {
        return tail(x);
    }
    let fixed = tail(S::from(x.re()));
    // where the density is infinite the value is what it was
    moved(fixed, x, |x| if rises { pdf(x) } else { -pdf(x) }).with_re(fixed.re())
}

/// Its logarithm, where it is above 1/2: below, powers are a part of it.
#[inline]
pub(crate) fn ln_curved<S: Scalar>(x: S, rises: bool, ln_tail: impl Fn(S) -> S, pdf: impl Fn(S) -> S) -> S {
    let ln = ln_tail(x);
    if S::ORDER < 2 || ln.re() <= -LN_2 || x.with_re(0.0).max_abs() == 0.0 {
        return ln;
    }
    curved(x, rises, |x| ln_tail(x).exp(), pdf).ln().with_re(ln.re())
}

/// A density next to a finite end of the support: d^exponent e^ln_factor at the distance d from it.
pub(crate) struct NearEnd<S> {
    pub exponent: S,
    pub ln_factor: S,
}

impl<S: Scalar> NearEnd<S> {
    /// Of a density that is smooth up to the end, from its logarithm at the distance d.
    pub fn smooth(ln_pdf: S) -> Self {
        NearEnd { exponent: S::from(0.0), ln_factor: ln_pdf }
    }

    /// The density at a distance d that is 0 but for its derivatives. Where a power that is not whole makes them infinite, they have its
    /// sign alone.
    fn density(&self, d: S) -> S {
        let exponent = self.exponent.re();
        if exponent > S::ORDER as f64 {
            return S::from(0.0);
        }
        let power = self.power(d, exponent);
        if is_whole(exponent) {
            let ln = self.ln_factor.re();
            let (value, part) = (math::exp(ln), power * (self.ln_factor - ln).exp());
            // below the doubles without derivatives
            if value == 0.0 { S::from(0.0) } else { self.with_infinities(part) * value }
        } else {
            infinite(power)
        }
    }

    /// ln f at the end itself.
    pub fn ln_pdf(&self) -> S {
        match self.exponent.re() {
            0.0 => self.ln_factor,
            exponent if exponent < 0.0 => S::from(f64::INFINITY),
            _ => S::from(f64::NEG_INFINITY),
        }
    }

    /// d^power times d^(exponent - its own value).
    fn power(&self, d: S, power: f64) -> S {
        if power > S::ORDER as f64 {
            return S::from(0.0);
        }
        let fixed = power_at_zero(d, power, ALL);
        if self.exponent.with_re(0.0).max_abs() == 0.0 { fixed } else { fixed * self.ln_by_exponent(d).exp() }
    }

    /// The logarithm of d^(exponent - its own value): the exponent's derivatives times ln d, whose value is -2^w and whose derivatives
    /// alternate, each above the one before, and above all powers of the logarithm, as those of 1/d are.
    fn ln_by_exponent(&self, d: S) -> S {
        let by = self.exponent.with_re(0.0);
        if by.max_abs() == 0.0 {
            return by;
        }
        if S::ORDER > HIGHEST_ORDER {
            return by.chain(S::from(f64::NEG_INFINITY));
        }
        let mut derivatives = [0.0; MAX_ORDER + 1];
        let lowest = LN_HEIGHT / S::ORDER as f64;
        let step = (HIGHEST - lowest) / S::ORDER.saturating_sub(1).max(1) as f64;
        for (j, derivative) in derivatives.iter_mut().enumerate().take(S::ORDER) {
            let height = lowest + step * j as f64;
            *derivative = math::powf(2.0, height).copysign(if j % 2 == 0 { -1.0 } else { 1.0 });
        }
        by * d.with_re(0.0).lift(&derivatives)
    }

    /// y with infinities for what the exponent's movement or a power in the factor has made large.
    fn with_infinities(&self, y: S) -> S {
        let is_large = self.exponent.with_re(0.0).max_abs() != 0.0 || self.ln_factor.with_re(0.0).max_abs() > LARGE;
        if S::ORDER > HIGHEST_ORDER || !is_large {
            return y;
        }
        // powers of two: what does not overflow is as it was
        let large = math::powf(2.0, 537.0 - 0.5 * LN_HEIGHT / S::ORDER as f64);
        y * large * large * (1.0 / large) * (1.0 / large)
    }
}

/// Beyond it there is no room in a double for numbers that stand for infinities of all orders, beside those that are not.
const HIGHEST_ORDER: usize = 4;
/// The binary logarithm of what stands for the product of all derivatives of a logarithm of 0, and of the highest one.
const LN_HEIGHT: f64 = 600.0;
const HIGHEST: f64 = 900.0;
/// What stands for infinite derivatives is above this.
const LARGE: f64 = 1e100;

fn is_whole(power: f64) -> bool {
    power % 1.0 == 0.0
}

/// The binary logarithms of the lowest and the highest number that stand for infinities where nothing else is.
const ALL: [f64; 2] = [-830.0, 830.0];

/// d^power for a d that is 0 but for its derivatives. Those beyond a power that is not whole are infinite: of order j the sign of
/// power (power - 1) ... (power - j + 1) d^(power - j) counts, and where derivatives of d of several orders meet, the highest j: until they
/// have met they are finite, each far above the one before.
fn power_at_zero<S: Scalar>(d: S, power: f64, [lowest, highest]: [f64; 2]) -> S {
    let d = d.with_re(0.0);
    let mut derivatives = [0.0; MAX_ORDER + 1];
    if power > S::ORDER as f64 {
        return S::from(0.0);
    }
    if is_whole(power) && power >= 0.0 {
        derivatives[power as usize] = (1..=power as usize).map(|j| j as f64).product();
        return d.lift(&derivatives);
    }
    let first = (power as usize) + 1;
    let step = (highest - lowest) / (S::ORDER - first).max(1) as f64;
    for (beyond, derivative) in derivatives[first..=S::ORDER].iter_mut().enumerate() {
        let height = highest - step * (S::ORDER - first - beyond) as f64;
        let falls = beyond % 2 == 1;
        *derivative = math::powf(2.0, height).copysign(if falls == (power > 0.0) { -1.0 } else { 1.0 });
    }
    d.lift(&derivatives)
}

/// Infinities for numbers that stand for them, or 0.
fn infinite<S: Scalar>(y: S) -> S {
    [1e250; 4].iter().fold(y, |y, &large| y * large)
}

/// d^power as a part of the factor of a density whose power of d is this exponent; `None` where its infinite derivatives would meet zeros, or
/// one another.
pub(crate) fn power_near_zero<S: Scalar>(d: S, power: f64, exponent: f64) -> Option<S> {
    // of a density with infinite derivatives the sign alone counts, and the value knows no derivatives
    if !is_whole(exponent) || exponent < 0.0 || d.max_abs() == 0.0 {
        return Some(S::from(0.0));
    }
    let alone = exponent == 0.0 && S::ORDER <= 2;
    // numbers that stand for infinities are above those of a logarithm of d: with it they make infinities
    let heights = [800.0 / S::ORDER as f64, 950.0];
    (is_whole(power) || power > S::ORDER as f64 || alone).then(|| power_at_zero(d, power, heights))
}

/// The integral of the density from the end to a distance d that is 0 but for its derivatives.
fn mass<S: Scalar>(d: S, near: impl Fn(S) -> NearEnd<S>) -> S {
    let at = near(d);
    let exponent = at.exponent.re();
    if is_whole(exponent) && exponent >= 0.0 {
        moved(S::from(0.0), d, |d| near(d).density(d))
    } else {
        // an exponent that is rounded to -1 is above it
        infinite(at.power(d, (exponent + 1.0).max(f64::MIN_POSITIVE)))
    }
}

/// What is asked of a law.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Asked {
    Pdf,
    LnPdf,
    Cdf,
    Sf,
    LnCdf,
    LnSf,
}

/// The answer of a law at x: at a finite end of its support, near which it knows its density, with the derivatives from inside, which its formulas,
/// made of logarithms of the distance, do not have.
#[inline]
pub(crate) fn with_ends<S: Scalar>(
    x: S,
    asked: Asked,
    ends: impl FnOnce() -> (S, S),
    near: impl Fn(bool, S) -> Option<NearEnd<S>>,
    answer: impl FnOnce(S) -> S,
) -> S {
    if S::ORDER == 0 {
        return answer(x);
    }
    let (low, high) = ends();
    if x.re() == low.re() {
        from_inside(x - low, false, asked, |d| near(false, d), answer(x))
    } else if x.re() == high.re() {
        from_inside(high - x, true, asked, |d| near(true, d), answer(x))
    } else {
        answer(x)
    }
}

/// The same of a form.
#[inline]
pub(crate) fn form_with_ends<S: Scalar, F: Form<S>>(form: &F, x: S, asked: Asked, answer: impl FnOnce(S) -> S) -> S {
    if F::WHOLE_LINE {
        return answer(x);
    }
    with_ends(x, asked, || form.support(), |upper, d| form.near_end(upper, d), answer)
}

/// The answer at an end, whose value is known, at the distance d from it.
#[cold]
fn from_inside<S: Scalar>(d: S, upper: bool, asked: Asked, near: impl Fn(S) -> Option<NearEnd<S>>, known: S) -> S {
    if matches!(asked, Asked::LnCdf | Asked::LnSf) && known.re() == f64::NEG_INFINITY {
        return S::from(f64::NEG_INFINITY);
    }
    let Some(at) = near(d).filter(|_| d.re() == 0.0) else { return known };
    let mass = || mass(d, |d| near(d).expect("as at the end"));
    // the tail that is 1 there
    let is_far = matches!(asked, Asked::Cdf | Asked::LnCdf) == upper;
    let moved = match asked {
        // beyond the doubles without derivatives
        Asked::Pdf | Asked::LnPdf if known.re().is_infinite() => return known,
        Asked::Pdf => at.density(d),
        Asked::LnPdf => at.with_infinities(at.ln_pdf() + at.ln_by_exponent(d)),
        Asked::Cdf | Asked::Sf if is_far => -mass(),
        Asked::Cdf | Asked::Sf => mass(),
        // the terms of the logarithm beyond the first have higher powers of the distance
        Asked::LnCdf | Asked::LnSf if at.exponent.re() >= 0.0 && is_whole(at.exponent.re()) => (-mass()).ln_1p(),
        Asked::LnCdf | Asked::LnSf => -mass(),
    };
    moved.with_re(known.re())
}

/// A quantile at a probability of exactly 0 or 1, or at its logarithm's 0: at a finite end of the support it moves with the
/// probability by 1/f, from inside, where its formula knows its limit only. Infinite where the density is 0 there, and the first
/// derivative alone; an infinite end has none.
///
/// `x`: the quantile at a probability, `rises` with it or falls.
#[inline]
pub(crate) fn at_certainty<S: Scalar>(p: S, rises: bool, x: impl Fn(S) -> S, pdf: impl Fn(S) -> S) -> S {
    let here = x(p);
    if S::ORDER == 0 || !(p.re() == 0.0 || p.re() == 1.0) || !here.re().is_finite() {
        return here;
    }
    slope_at_certainty(p, rises, here, x, pdf)
}

#[cold]
fn slope_at_certainty<S: Scalar>(p: S, rises: bool, here: S, x: impl Fn(S) -> S, pdf: impl Fn(S) -> S) -> S {
    let end = x(S::from(p.re()));
    let own = (here - end).with_re(0.0).max_abs();
    if own > 0.0 && own.is_finite() {
        return here;
    }
    let step = p.with_re(0.0);
    let moved = (if rises { step } else { -step }).chain(S::from(1.0 / pdf(S::from(end.re())).re()));
    (end + moved).with_re(end.re())
}

/// A probability that rounding may have put above 1.
pub(crate) fn at_most_one<S: Scalar>(p: S) -> S {
    if p.re() > 1.0 { p.with_re(1.0) } else { p }
}

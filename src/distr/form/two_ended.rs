//! Laws on an interval [lower, upper], once for all: computed from the distance to the nearer end, so that no digits are
//! lost at either.

use super::{Form, NearEnd, at_most_one, exp};
use crate::noise;
use crate::parameter::is_probability;
use crate::scalar::{Scalar, math};
use rand::Rng;

/// A law on an interval that starts at its lower end as lower + reach · g(p), g free of parameters, and does the same at
/// the upper end.
///
/// The upper end is the lower one of the law of -X, so each method is written for the lower end only.
pub(crate) trait TwoEnded<S: Scalar>: Copy {
    /// The law of -X.
    fn mirrored(&self) -> Self;
    /// The ends of the support.
    fn ends(&self) -> (S, S);
    /// The factor of g.
    fn reach(&self) -> S;
    /// Whether the p-quantile is lower + reach · g(p).
    fn starts_below(&self, p: f64) -> bool;
    /// g(p).
    fn unit<T: Scalar>(p: T) -> T;
    /// The p-quantile where it does not start below and p < 1/2: from the upper end, unless that is too far.
    #[inline]
    fn past_start(&self, p: S) -> S {
        self.ends().1 - self.mirrored().reach() * Self::unit(-p + 1.0)
    }
    /// g(e^ln_p).
    fn unit_ln<T: Scalar>(ln_p: T) -> T {
        Self::unit(ln_p.exp())
    }
    /// The draw of noise u inside (0, 1): its quantile, moved by one spacing of doubles where rounding would put it on an end.
    #[inline]
    fn draw(&self, u: f64) -> S {
        inside(self.ends(), quantile(self, S::from(u)))
    }
    /// ln f(x) inside the support.
    fn ln_pdf_inside(&self, x: S) -> S;
    /// f(x) inside the support.
    fn pdf_inside(&self, x: S) -> S {
        exp(self.ln_pdf_inside(x))
    }
    /// F(x) inside the support.
    fn cdf_inside(&self, x: S) -> S;
    /// ln F(x) inside the support, accurate where F(x) <= 1/2.
    fn ln_cdf_low(&self, x: S) -> S {
        self.cdf_inside(x).ln()
    }
    /// The density next to a finite end.
    fn near_end(&self, _upper: bool, _d: S) -> Option<NearEnd<S>> {
        None
    }
    /// -E[ln f(X)].
    fn surprise(&self) -> S;
}

/// The law of a [`TwoEnded`] one.
#[derive(Clone, Copy)]
pub(crate) struct FromEnds<'a, L>(pub &'a L);

impl<S: Scalar, L: TwoEnded<S>> Form<S> for FromEnds<'_, L> {
    type Noise = f64;

    #[inline]
    fn noise<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        noise::uniform(rng)
    }
    #[inline]
    fn sample_of(&self, u: f64) -> S {
        self.0.draw(u)
    }
    fn support(&self) -> (S, S) {
        self.0.ends()
    }
    fn ln_pdf(&self, x: S) -> S {
        let (lower, upper) = self.0.ends();
        if x.re() < lower.re() || x.re() > upper.re() { S::from(f64::NEG_INFINITY) } else { self.0.ln_pdf_inside(x) }
    }
    fn pdf(&self, x: S) -> S {
        let (lower, upper) = self.0.ends();
        if x.re() < lower.re() || x.re() > upper.re() { S::from(0.0) } else { self.0.pdf_inside(x) }
    }
    fn cdf(&self, x: S) -> S {
        cdf(self.0, x)
    }
    fn sf(&self, x: S) -> S {
        cdf(&self.0.mirrored(), -x)
    }
    fn ln_cdf(&self, x: S) -> S {
        ln_cdf(self.0, x)
    }
    fn ln_sf(&self, x: S) -> S {
        ln_cdf(&self.0.mirrored(), -x)
    }
    fn quantile(&self, p: S) -> S {
        quantile(self.0, p)
    }
    fn isf(&self, q: S) -> S {
        -quantile(&self.0.mirrored(), q)
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        quantile_ln(self.0, ln_p)
    }
    fn isf_ln(&self, ln_q: S) -> S {
        -quantile_ln(&self.0.mirrored(), ln_q)
    }
    fn near_end(&self, upper: bool, d: S) -> Option<NearEnd<S>> {
        self.0.near_end(upper, d)
    }
    fn entropy(&self) -> S {
        self.0.surprise()
    }
    fn median(&self) -> S {
        quantile(self.0, S::from(0.5))
    }
}

/// z, moved by one spacing of doubles where rounding has put it on an end.
#[inline]
pub(crate) fn inside<S: Scalar>((lower, upper): (S, S), z: S) -> S {
    if z.re() <= lower.re() {
        z.with_re(lower.re().next_up())
    } else if z.re() >= upper.re() {
        z.with_re(upper.re().next_down())
    } else {
        z
    }
}

#[inline]
fn cdf<S: Scalar, L: TwoEnded<S>>(law: &L, x: S) -> S {
    let (lower, upper) = law.ends();
    if x.re() < lower.re() {
        S::from(0.0)
    } else if x.re() > upper.re() {
        S::from(1.0)
    } else {
        at_most_one(law.cdf_inside(x))
    }
}

#[inline]
fn ln_cdf<S: Scalar, L: TwoEnded<S>>(law: &L, x: S) -> S {
    let (lower, upper) = law.ends();
    if x.re() < lower.re() {
        return S::from(f64::NEG_INFINITY);
    }
    if x.re() > upper.re() {
        return S::from(0.0);
    }
    let above = law.mirrored().cdf_inside(-x);
    if above.re() < 0.5 { (-above).ln_1p() } else { law.ln_cdf_low(x) }
}

#[inline]
pub(crate) fn quantile<S: Scalar, L: TwoEnded<S>>(law: &L, p: S) -> S {
    if !is_probability(p) {
        return S::from(f64::NAN);
    }
    let (lower, upper) = law.ends();
    if law.starts_below(p.re()) {
        law.reach() * L::unit(p) + lower
    } else if p.re() < 0.5 {
        law.past_start(p)
    } else {
        upper - law.mirrored().reach() * L::unit(-p + 1.0)
    }
}

#[inline]
fn quantile_ln<S: Scalar, L: TwoEnded<S>>(law: &L, ln_p: S) -> S {
    if ln_p.re() > 0.0 || ln_p.re().is_nan() {
        return S::from(f64::NAN);
    }
    let lower = law.ends().0;
    if ln_p.re() == f64::NEG_INFINITY {
        lower
    } else if ln_p.re() >= -core::f64::consts::LN_2 {
        -quantile(&law.mirrored(), -ln_p.exp_m1())
    } else if law.starts_below(math::exp(ln_p.re())) {
        law.reach() * L::unit_ln(ln_p) + lower
    } else {
        law.past_start(ln_p.exp())
    }
}

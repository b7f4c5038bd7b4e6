//! Laws whose quantile is found from their tails, once for all.

use super::{Form, Moments, NearEnd, Standard, exp};
use crate::implicit::{find_root, lift_root};
use crate::parameter::is_probability;
use crate::quadrature::mean_over_levels;
use crate::scalar::{Scalar, math};
use core::f64::consts::LN_2;
use rand::Rng;

/// A law with two tails and a root finder.
///
/// Arguments arrive inside the support; logarithms of tails are at or below -ln 2 up to rounding, and finite.
pub(crate) trait Inverted<S: Scalar> {
    /// The ends of the support.
    fn ends(&self) -> (S, S);
    /// ln f(x).
    fn ln_pdf_inside(&self, x: S) -> S;
    /// The density next to a finite end.
    fn near_end(&self, _upper: bool, _d: S) -> Option<NearEnd<S>> {
        None
    }
    /// ln F(x), or ln(1 - F(x)) of the upper tail.
    fn ln_tail(&self, x: S, upper: bool) -> S;
    /// F(x), or 1 - F(x).
    fn tail(&self, x: S, upper: bool) -> S {
        exp(self.ln_tail(x, upper))
    }
    /// The x with ln F(x), or ln(1 - F(x)), equal to `ln`.
    fn root(&self, ln: S, upper: bool) -> S;

    /// x, where ln F, or ln(1 - F), is `ln`, with derivatives.
    fn lift(&self, x: f64, ln: S, upper: bool) -> S {
        lift_by_tail(x, ln, upper, |x| [self.ln_tail(x, upper), self.ln_pdf_inside(x)])
    }

    /// A draw with its derivatives at a fixed probability, by the smaller tail of the law in plain numbers.
    fn lift_draw(&self, x: f64, plain: &impl Inverted<f64>) -> S {
        if S::ORDER == 0 { S::from(x) } else { self.lift(x, S::from(0.0), plain.ln_tail(x, true) < -LN_2) }
    }

    /// -∫ ln f over the quantile, by the tanh-sinh rule.
    fn entropy_over_levels(&self) -> S {
        mean_over_levels(|ln_u: S, ln_v: S| {
            let x = if ln_u.re() < ln_v.re() { self.root(ln_u, false) } else { self.root(ln_v, true) };
            // beyond the range of doubles there is next to no weight
            if x.re().is_infinite() { S::from(0.0) } else { -self.ln_pdf_inside(x) }
        })
    }

    /// The inverse of F, NaN outside [0, 1].
    fn inverse(&self, p: S) -> S {
        match p.re() {
            0.0 => self.ends().0,
            1.0 => self.ends().1,
            _ if !is_probability(p) => S::from(f64::NAN),
            r if r <= 0.5 => self.root(p.ln(), false),
            // exact
            _ => self.root((-p + 1.0).ln(), true),
        }
    }

    /// The inverse of 1 - F.
    fn inverse_of_sf(&self, q: S) -> S {
        if q.re() > 0.0 && q.re() < 0.5 { self.root(q.ln(), true) } else { self.inverse(-q + 1.0) }
    }

    /// The inverse of ln F, or of ln(1 - F) for the upper tail; NaN above 0.
    fn inverse_of_ln(&self, ln: S, upper: bool) -> S {
        let (first, second) = if upper { (self.ends().1, self.ends().0) } else { self.ends() };
        match ln.re() {
            f64::NEG_INFINITY => first,
            0.0 => second,
            // at 1/2 the lower tail, so that the median is one number
            r if r < -LN_2 || (r == -LN_2 && !upper) => self.root(ln, upper),
            r if r < 0.0 => self.root(ln.ln_1m_exp(), !upper),
            _ => S::from(f64::NAN),
        }
    }
}

/// The x in `[low, high]` where the logarithm of a tail is `l`, from the logarithms of the tail and of the density at
/// x.
///
/// For a density that is a logarithmically concave function Newton's method converges from one side, after a step from
/// anywhere.
pub(crate) fn tail_root(
    [low, high]: [f64; 2],
    start: f64,
    l: f64,
    upper: bool,
    ln_tail_and_pdf: impl Fn(f64) -> (f64, f64),
) -> f64 {
    find_root(low, high, start, |x| {
        let (ln_tail, ln_pdf) = ln_tail_and_pdf(x);
        let slope = math::exp(ln_pdf - ln_tail);
        (ln_tail - l, if upper { -slope } else { slope })
    })
}

/// [`tail_root`] in asinh x, in which the logarithms of tails that fall like powers are lines: infinite where it is
/// beyond the doubles.
pub(crate) fn wide_tail_root(
    ends: [f64; 2],
    start: f64,
    l: f64,
    upper: bool,
    ln_tail_and_pdf: impl Fn(f64) -> (f64, f64),
) -> f64 {
    const REACH: f64 = 709.0;
    let ends = ends.map(|x| math::asinh(x).clamp(-REACH, REACH));
    let v = tail_root(ends, math::asinh(start), l, upper, |v| {
        if v.abs() >= REACH {
            return (if (v > 0.0) == upper { f64::NEG_INFINITY } else { 0.0 }, f64::NEG_INFINITY);
        }
        let (ln_tail, ln_pdf) = ln_tail_and_pdf(math::sinh(v));
        (ln_tail, ln_pdf + math::ln(math::cosh(v)))
    });
    if v.abs() > REACH - 1e-6 { v * f64::INFINITY } else { math::sinh(v) }
}

/// x with the derivatives of a point that moves so that the logarithm of its tail stays `ln`, from the logarithms of
/// the tail and of the density at x: by Newton's steps (ln F - ln) F/f.
pub(crate) fn lift_by_tail<S: Scalar>(x: f64, ln: S, upper: bool, ln_tail_and_pdf: impl Fn(S) -> [S; 2]) -> S {
    if S::ORDER == 0 || !x.is_finite() {
        return S::from(x);
    }
    let sign = if upper { -1.0 } else { 1.0 };
    lift_root(x, |x: S| {
        let [ln_tail, ln_pdf] = ln_tail_and_pdf(x);
        if !ln_pdf.re().is_finite() {
            return S::from(0.0);
        }
        (ln_tail - ln).with_re(0.0) * exp(ln_tail - ln_pdf) * sign
    })
}

/// A standard law with draws and moments of its own whose quantile is found from its tails.
pub(crate) trait Rooted<S: Scalar>: Inverted<S> + Moments<S> + Copy {
    type Draw;
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> Self::Draw;
    fn entropy(&self) -> S;
}

/// The standard law of a [`Rooted`] one.
#[derive(Clone, Copy)]
pub(crate) struct ByRoot<L>(pub L);

impl<S: Scalar, L: Rooted<S>> Standard<S> for ByRoot<L> {
    type Draw = L::Draw;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> L::Draw {
        self.0.draw(rng)
    }
    fn support(&self) -> (S, S) {
        self.0.ends()
    }
    fn ln_pdf(&self, z: S) -> S {
        self.0.ln_pdf_inside(z)
    }
    fn pdf(&self, z: S) -> S {
        exp(self.0.ln_pdf_inside(z))
    }
    fn cdf(&self, z: S) -> S {
        self.0.tail(z, false)
    }
    fn sf(&self, z: S) -> S {
        self.0.tail(z, true)
    }
    fn ln_cdf(&self, z: S) -> S {
        self.0.ln_tail(z, false)
    }
    fn ln_sf(&self, z: S) -> S {
        self.0.ln_tail(z, true)
    }
    fn quantile(&self, p: S) -> S {
        self.0.inverse(p)
    }
    fn isf(&self, q: S) -> S {
        self.0.inverse_of_sf(q)
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        self.0.inverse_of_ln(ln_p, false)
    }
    fn isf_ln(&self, ln_q: S) -> S {
        self.0.inverse_of_ln(ln_q, true)
    }
    fn mean(&self) -> Option<S> {
        self.0.mean()
    }
    fn variance(&self) -> Option<S> {
        self.0.variance()
    }
    fn near_end(&self, upper: bool, z: S) -> Option<NearEnd<S>> {
        self.0.near_end(upper, z)
    }
    fn entropy(&self) -> S {
        Rooted::entropy(&self.0)
    }
    fn mode(&self) -> Option<S> {
        self.0.mode()
    }
}

impl<L> ByRoot<L> {
    /// `f` of x inside the support, else the limit.
    #[inline]
    fn at<S: Scalar>(&self, x: S, below: f64, above: f64, f: impl Fn(&L, S) -> S) -> S
    where
        L: Inverted<S>,
    {
        let (low, high) = self.0.ends();
        match x.re() {
            r if r <= low.re() => S::from(below),
            r if r >= high.re() => S::from(above),
            r if r.is_nan() => S::from(f64::NAN),
            _ => f(&self.0, x),
        }
    }
}

impl<S: Scalar, L: Rooted<S, Draw = S>> Form<S> for ByRoot<L> {
    type Noise = S;

    #[inline]
    fn noise<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        self.0.draw(rng)
    }
    #[inline]
    fn sample_of(&self, noise: S) -> S {
        noise
    }
    fn near_end(&self, upper: bool, d: S) -> Option<NearEnd<S>> {
        self.0.near_end(upper, d)
    }
    fn support(&self) -> (S, S) {
        self.0.ends()
    }
    fn ln_pdf(&self, x: S) -> S {
        if x.re() == self.0.ends().0.re() && x.re().is_finite() {
            return self.0.near_end(false, S::from(0.0)).map_or(S::from(f64::NEG_INFINITY), |near| near.ln_pdf());
        }
        self.at(x, f64::NEG_INFINITY, f64::NEG_INFINITY, L::ln_pdf_inside)
    }
    fn pdf(&self, x: S) -> S {
        exp(Form::ln_pdf(self, x))
    }
    fn cdf(&self, x: S) -> S {
        self.at(x, 0.0, 1.0, |law, x| law.tail(x, false))
    }
    fn sf(&self, x: S) -> S {
        self.at(x, 1.0, 0.0, |law, x| law.tail(x, true))
    }
    fn ln_cdf(&self, x: S) -> S {
        self.at(x, f64::NEG_INFINITY, 0.0, |law, x| law.ln_tail(x, false))
    }
    fn ln_sf(&self, x: S) -> S {
        self.at(x, 0.0, f64::NEG_INFINITY, |law, x| law.ln_tail(x, true))
    }
    fn quantile(&self, p: S) -> S {
        self.0.inverse(p)
    }
    fn isf(&self, q: S) -> S {
        self.0.inverse_of_sf(q)
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        self.0.inverse_of_ln(ln_p, false)
    }
    fn isf_ln(&self, ln_q: S) -> S {
        self.0.inverse_of_ln(ln_q, true)
    }
    fn entropy(&self) -> S {
        Rooted::entropy(&self.0)
    }
    fn median(&self) -> S {
        self.0.inverse(S::from(0.5))
    }
}

impl<S: Scalar, L: Rooted<S>> Moments<S> for ByRoot<L> {
    fn mean(&self) -> Option<S> {
        self.0.mean()
    }
    fn variance(&self) -> Option<S> {
        self.0.variance()
    }
    fn mode(&self) -> Option<S> {
        self.0.mode()
    }
}

//! Laws whose quantile is found from their tails, once for all.

use super::{Form, Moments, Standard, at_end, exp};
use crate::implicit::find_root;
use crate::parameter::is_probability;
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
    /// ln f at a finite lower end.
    fn ln_pdf_at_lower_end(&self) -> S {
        S::from(f64::NEG_INFINITY)
    }
    /// ln F(x), or ln(1 - F(x)) of the upper tail.
    fn ln_tail(&self, x: S, upper: bool) -> S;
    /// F(x), or 1 - F(x).
    fn tail(&self, x: S, upper: bool) -> S {
        exp(self.ln_tail(x, upper))
    }
    /// The x with ln F(x), or ln(1 - F(x)), equal to `ln`.
    fn root(&self, ln: S, upper: bool) -> S;

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

/// A tail, or its logarithm, at a finite lower end, with its limits below and above the support.
pub(crate) fn at_lower_end<S: Scalar, L: Inverted<S>>(law: &L, x: S, [below, above]: [f64; 2]) -> S {
    at_end(below, x - law.ends().0, below < above, || exp(law.ln_pdf_at_lower_end()))
}

/// The x in `[low, high]` where the logarithm of a tail is `l`, from the logarithms of the tail and of the density at x.
///
/// For a density that is a logarithmically concave function Newton's method converges from one side, after a step from anywhere.
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
            r if r == low.re() && r.is_finite() => at_lower_end(&self.0, x, [below, above]),
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
    fn support(&self) -> (S, S) {
        self.0.ends()
    }
    fn ln_pdf(&self, x: S) -> S {
        if x.re() == self.0.ends().0.re() && x.re().is_finite() {
            return self.0.ln_pdf_at_lower_end();
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

/// Implements `Continuous` for an [`Inverted`] law; its moments follow in braces.
macro_rules! inverted {
    ($law:ident, { $($moments:item)* }) => {
        impl<S: $crate::scalar::Scalar> $law<S> {
            /// `f` of x inside the support, else the limit.
            #[inline]
            fn at(&self, x: S, below: f64, above: f64, f: impl Fn(S) -> S) -> S {
                use $crate::distr::form::Inverted;
                let (low, high) = self.ends();
                match x.re() {
                    r if r == low.re() && r.is_finite() => {
                        $crate::distr::form::at_lower_end(self, x, [below, above])
                    }
                    r if r <= low.re() => S::from(below),
                    r if r >= high.re() => S::from(above),
                    r if r.is_nan() => S::from(f64::NAN),
                    _ => f(x),
                }
            }
        }

        impl<S: $crate::scalar::Scalar> $crate::distr::Continuous<S> for $law<S> {
            fn support(&self) -> (S, S) {
                $crate::distr::form::Inverted::ends(self)
            }
            fn ln_pdf(&self, x: S) -> S {
                if x.re() == $crate::distr::form::Inverted::<S>::ends(self).0.re() && x.re().is_finite() {
                    return $crate::distr::form::Inverted::ln_pdf_at_lower_end(self);
                }
                self.at(x, f64::NEG_INFINITY, f64::NEG_INFINITY, |x| $crate::distr::form::Inverted::ln_pdf_inside(self, x))
            }
            fn pdf(&self, x: S) -> S {
                $crate::distr::form::exp(self.ln_pdf(x))
            }
            fn cdf(&self, x: S) -> S {
                self.at(x, 0.0, 1.0, |x| $crate::distr::form::Inverted::tail(self, x, false))
            }
            fn sf(&self, x: S) -> S {
                self.at(x, 1.0, 0.0, |x| $crate::distr::form::Inverted::tail(self, x, true))
            }
            fn ln_cdf(&self, x: S) -> S {
                self.at(x, f64::NEG_INFINITY, 0.0, |x| $crate::distr::form::Inverted::ln_tail(self, x, false))
            }
            fn ln_sf(&self, x: S) -> S {
                self.at(x, 0.0, f64::NEG_INFINITY, |x| $crate::distr::form::Inverted::ln_tail(self, x, true))
            }
            fn quantile(&self, p: S) -> S {
                $crate::distr::form::Inverted::inverse(self, p)
            }
            fn isf(&self, q: S) -> S {
                $crate::distr::form::Inverted::inverse_of_sf(self, q)
            }
            fn quantile_ln(&self, ln_p: S) -> S {
                $crate::distr::form::Inverted::inverse_of_ln(self, ln_p, false)
            }
            fn isf_ln(&self, ln_q: S) -> S {
                $crate::distr::form::Inverted::inverse_of_ln(self, ln_q, true)
            }
            $($moments)*
        }
    };
}
pub(crate) use inverted;

//! How laws are made: forms, and the one macro that binds a law to its form.

use super::{Inverted, Standard, exp};
use crate::scalar::Scalar;
use core::f64::consts::LN_2;
use rand::Rng;

/// A whole law apart from its moments: it answers at every argument.
pub(crate) trait Form<S: Scalar>: Copy {
    /// What is drawn before parameters are read.
    type Noise;
    fn noise<R: Rng + ?Sized>(&self, rng: &mut R) -> Self::Noise;
    /// The draw that the noise makes.
    fn sample_of(&self, noise: Self::Noise) -> S;
    fn support(&self) -> (S, S);
    fn ln_pdf(&self, x: S) -> S;
    fn pdf(&self, x: S) -> S;
    fn cdf(&self, x: S) -> S;
    fn sf(&self, x: S) -> S;
    fn ln_cdf(&self, x: S) -> S;
    fn ln_sf(&self, x: S) -> S;
    fn quantile(&self, p: S) -> S;
    fn isf(&self, q: S) -> S;
    fn quantile_ln(&self, ln_p: S) -> S;
    fn isf_ln(&self, ln_q: S) -> S;
    fn entropy(&self) -> S;
    fn median(&self) -> S;
}

/// Mean, variance and mode, where they follow from the form.
pub(crate) trait Moments<S: Scalar> {
    fn mean(&self) -> Option<S>;
    fn variance(&self) -> Option<S>;
    fn mode(&self) -> Option<S>;
}

/// Binds a law to its form: `law_of!(Normal, |law| Placed { .. });`, with `moments { .. }` where the law has its own.
macro_rules! law_of {
    ($law:ident, |$self:ident| $form:expr) => {
        $crate::distr::law_of!(@ $law, $self, $form, {
            $crate::distr::law_of!(@of_law Moments, $self, $form, mean Option<S>, variance Option<S>, mode Option<S>);
        });
    };
    ($law:ident, |$self:ident| $form:expr, moments { $($moments:item)* }) => {
        $crate::distr::law_of!(@ $law, $self, $form, { $($moments)* });
    };
    (@ $law:ident, $self:ident, $form:expr, { $($moments:item)* }) => {
        impl<S: $crate::scalar::Scalar> ::rand::distr::Distribution<S> for $law<S> {
            #[inline(always)]
            fn sample<R: ::rand::Rng + ?Sized>(&self, rng: &mut R) -> S {
                let $self = self;
                // parameters that are read before the draw would have to be kept through it
                let noise = $crate::distr::Form::<S>::noise(&$form, rng);
                $crate::distr::Form::<S>::sample_of(&$form, noise)
            }
        }

        impl<S: $crate::scalar::Scalar> $crate::distr::Continuous<S> for $law<S> {
            $crate::distr::law_of!(@of_x $self, $form, ln_pdf pdf cdf sf ln_cdf ln_sf quantile isf quantile_ln isf_ln);
            $crate::distr::law_of!(@of_law Form, $self, $form, support (S, S), entropy S, median S);
            $($moments)*
        }
    };
    (@of_x $self:ident, $form:expr, $($method:ident)*) => {
        $(#[inline]
        fn $method(&self, x: S) -> S {
            let $self = self;
            $crate::distr::Form::<S>::$method(&$form, x)
        })*
    };
    (@of_law $part:ident, $self:ident, $form:expr, $($method:ident $result:ty),*) => {
        $(fn $method(&self) -> $result {
            let $self = self;
            $crate::distr::$part::<S>::$method(&$form)
        })*
    };
}
pub(crate) use law_of;

/// A law that is symmetric around 0, by its lower tail.
pub(crate) trait Even<S: Scalar>: Copy {
    type Draw;
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> Self::Draw;
    fn ln_pdf(&self, z: S) -> S;
    fn pdf(&self, z: S) -> S {
        self.ln_pdf(z).exp()
    }
    fn cdf(&self, z: S) -> S;
    fn ln_cdf(&self, z: S) -> S;
    fn quantile(&self, p: S) -> S;
    fn quantile_ln(&self, ln_p: S) -> S {
        if ln_p.re() < -LN_2 { self.quantile(ln_p.exp()) } else { -self.quantile(-ln_p.exp_m1()) }
    }
    fn mean(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    fn variance(&self) -> Option<S>;
    fn entropy(&self) -> S;
}

/// The upper half of an [`Even`] law from its lower one.
#[derive(Clone, Copy)]
pub(crate) struct Symmetric<K>(pub K);

impl<S: Scalar, K: Even<S>> Standard<S> for Symmetric<K> {
    type Draw = K::Draw;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> K::Draw {
        self.0.draw(rng)
    }
    fn ln_pdf(&self, z: S) -> S {
        self.0.ln_pdf(z)
    }
    fn pdf(&self, z: S) -> S {
        self.0.pdf(z)
    }
    fn cdf(&self, z: S) -> S {
        self.0.cdf(z)
    }
    fn sf(&self, z: S) -> S {
        self.0.cdf(-z)
    }
    fn ln_cdf(&self, z: S) -> S {
        self.0.ln_cdf(z)
    }
    fn ln_sf(&self, z: S) -> S {
        self.0.ln_cdf(-z)
    }
    fn quantile(&self, p: S) -> S {
        self.0.quantile(p)
    }
    fn isf(&self, q: S) -> S {
        -self.0.quantile(q)
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        self.0.quantile_ln(ln_p)
    }
    fn isf_ln(&self, ln_q: S) -> S {
        -self.0.quantile_ln(ln_q)
    }
    fn mean(&self) -> Option<S> {
        self.0.mean()
    }
    fn variance(&self) -> Option<S> {
        self.0.variance()
    }
    fn entropy(&self) -> S {
        self.0.entropy()
    }
    fn mode(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    fn median(&self) -> S {
        S::from(0.0)
    }
}

/// What the absolute value of an [`Even`] law needs: P(|Z| <= z) without a difference of tails.
pub(crate) trait Size<S: Scalar>: Even<S, Draw = f64> {
    /// The median of |Z|.
    const MEDIAN: f64;
    /// P(|Z| <= z) for z up to the median.
    fn inside(&self, z: S) -> S;
    /// The z with P(|Z| <= z) = p, for p <= 1/2.
    fn inside_inv(&self, p: S) -> S;
    /// The z with P(|Z| > z) = q, for q <= 1/2.
    fn outside_inv(&self, q: S) -> S;
    /// E|Z|.
    fn mean_size(&self) -> Option<S>;
    /// Var |Z|.
    fn variance_of_size(&self) -> Option<S>;
}

/// The absolute value of an [`Even`] law.
#[derive(Clone, Copy)]
pub(crate) struct Half<K>(pub K);

impl<S: Scalar, K: Size<S>> Standard<S> for Half<K> {
    type Draw = f64;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.0.draw(rng).abs()
    }
    fn support(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn ln_pdf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(f64::NEG_INFINITY) } else { self.0.ln_pdf(z) + LN_2 }
    }
    fn pdf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(0.0) } else { self.0.pdf(z) * 2.0 }
    }
    fn cdf(&self, z: S) -> S {
        if z.re() < 0.0 {
            S::from(0.0)
        } else if z.re() <= K::MEDIAN {
            self.0.inside(z)
        } else {
            -self.sf(z) + 1.0
        }
    }
    fn sf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(1.0) } else { self.0.cdf(-z) * 2.0 }
    }
    fn ln_cdf(&self, z: S) -> S {
        if z.re() <= 0.0 {
            S::from(f64::NEG_INFINITY)
        } else if z.re() <= K::MEDIAN {
            self.0.inside(z).ln()
        } else {
            (-self.sf(z)).ln_1p()
        }
    }
    fn ln_sf(&self, z: S) -> S {
        if z.re() < 0.0 {
            S::from(0.0)
        } else if z.re() <= K::MEDIAN {
            (-self.0.inside(z)).ln_1p()
        } else {
            self.0.ln_cdf(-z) + LN_2
        }
    }
    fn quantile(&self, p: S) -> S {
        // 1 - p is exact for p > 1/2
        if p.re() <= 0.5 { self.0.inside_inv(p) } else { self.0.outside_inv(-p + 1.0) }
    }
    fn isf(&self, q: S) -> S {
        if q.re() <= 0.5 { self.0.outside_inv(q) } else { self.0.inside_inv(-q + 1.0) }
    }
    fn mean(&self) -> Option<S> {
        self.0.mean_size()
    }
    fn variance(&self) -> Option<S> {
        self.0.variance_of_size()
    }
    fn entropy(&self) -> S {
        self.0.entropy() - LN_2
    }
    fn mode(&self) -> Option<S> {
        Some(S::from(0.0))
    }
    fn median(&self) -> S {
        S::from(K::MEDIAN)
    }
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

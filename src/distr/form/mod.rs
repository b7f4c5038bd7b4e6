//! How laws are made: forms, one a file, and the one macro that binds a law to its form.

mod box_cox;
mod by_root;
mod ends;
mod exp_of;
mod half;
mod in_lanes;
pub(crate) mod magnitude;
pub(crate) mod of_gamma;
pub(crate) mod of_logit;
mod of_normal;
pub(crate) mod over_chi;
mod placed;
mod reflected;
mod symmetric;
pub(crate) mod truncated;
pub(crate) mod two_ended;

pub(crate) use box_cox::{BoxCox, Powers};
pub(crate) use by_root::{ByRoot, Inverted, Rooted, lift_by_tail, tail_root, wide_tail_root};
pub(crate) use ends::{
    Asked, NearEnd, at_certainty, at_most_one, curved, form_with_ends, ln_curved, power_near_zero, with_ends,
};
pub(crate) use exp_of::{
    ExpOf, bounded, exp, exp_times_exp_m1, ln_ratio, over_less, ratio_divergence, ratio_excess, settled, share,
    squared_ratio_divergence, times_exp,
};
pub(crate) use half::{Half, Size};
pub(crate) use in_lanes::{FormInLanes, StandardInLanes, TabledInLanes};
pub(crate) use of_normal::{Increasing, OfNormal, ln_hypot_1, product, sinh};
pub(crate) use placed::{Placed, Standard, Tabled};
pub(crate) use reflected::Reflected;
pub(crate) use symmetric::{Even, Symmetric};

use crate::distr::table::{Known, Nearer, Shapes, Tables};
use crate::scalar::Scalar;
use rand::Rng;

/// A whole law apart from its moments: it answers at every argument.
pub(crate) trait Form<S: Scalar>: Copy {
    /// Whether the support is the whole line, so that no argument need be compared with its ends.
    const WHOLE_LINE: bool = false;
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
    /// The density at the distance d from a finite end of the support, where formulas for the inside have no derivatives.
    fn near_end(&self, _upper: bool, _d: S) -> Option<NearEnd<S>> {
        None
    }
    /// What its tables depend on, if it has any.
    #[inline]
    fn shapes(&self) -> Option<Shapes> {
        None
    }
    /// The draw at a probability by tables of these shapes.
    #[inline]
    fn draw_by_tables(&self, _: &Tables, _: Nearer) -> Option<S> {
        None
    }
    /// A draw by the tables of who knows them.
    #[inline(always)]
    fn sample_by<R: Rng + ?Sized>(&self, _: &mut impl Known, rng: &mut R) -> S {
        self.sample_of(self.noise(rng))
    }
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
        $crate::distr::form::law_of!(@ $law, $self, $form, {
            $crate::distr::form::law_of!(@of_law Moments, $self, $form, mean Option<S>, variance Option<S>, mode Option<S>);
        });
    };
    ($law:ident, |$self:ident| $form:expr, moments { $($moments:item)* }) => {
        $crate::distr::form::law_of!(@ $law, $self, $form, { $($moments)* });
    };
    ($law:ident, |$self:ident| $form:expr, in lanes $(, moments $moments:tt)?) => {
        $crate::distr::form::law_of!($law, |$self| $form $(, moments $moments)?);

        impl<S: $crate::distr::in_lanes::FirstOrder<N>, const N: usize> $crate::distr::InLanes<N> for $law<S> {
            fn fill(&self, lanes: &mut $crate::noise::Lanes, values: &mut [f64], partials: &mut [&mut [f64]; N]) {
                let $self = self;
                $crate::distr::form::FormInLanes::<S, N>::fill(&$form, lanes, values, partials);
            }
        }
    };
    ($law:ident, |$self:ident| $form:expr, by $table:ident<$first:literal, $second:literal>, in lanes) => {
        $crate::distr::form::law_of!($law, |$self| $form, by $table<$first, $second>);

        impl<S: $crate::distr::in_lanes::FirstOrder<N>, const M: usize, Q, const N: usize> $crate::distr::InLanes<N>
            for $crate::distr::Prepared<$law<S>, $crate::distr::table::$table<M>, Q>
        {
            fn fill(&self, lanes: &mut $crate::noise::Lanes, values: &mut [f64], partials: &mut [&mut [f64]; N]) {
                use $crate::distr::form::TabledInLanes as _;
                let $self = self.law();
                $self.standard.draw_in_lanes(self.table(), lanes, values.len(), |i, noise| {
                    let draw = $crate::distr::form::Form::<S>::sample_of(&$form, noise);
                    $crate::distr::in_lanes::write(draw, i, values, partials);
                });
            }
        }
    };
    ($law:ident, |$self:ident| $form:expr, by $table:ident<$first:literal, $second:literal>) => {
        $crate::distr::form::law_of!($law, |$self| $form);

        impl<S: $crate::scalar::Scalar> $crate::distr::Prepare for $law<S> {
            type First = $crate::distr::table::$table<$first>;
            type Second = $crate::distr::table::$table<$second>;
            type Inverse = <$crate::distr::table::$table<$first> as $crate::distr::table::Table>::Inverse;

            fn first(&self) -> Self::First {
                $crate::distr::form::Tabled::<S, _>::table(&self.standard)
            }

            fn second(&self) -> Self::Second {
                $crate::distr::form::Tabled::<S, _>::table(&self.standard)
            }

            fn inverse(&self) -> Self::Inverse {
                $crate::distr::form::Tabled::<S, $crate::distr::table::$table<$first>>::inverse(&self.standard)
            }
        }

        impl<S: $crate::scalar::Scalar, const M: usize, Q> ::rand::distr::Distribution<S>
            for $crate::distr::Prepared<$law<S>, $crate::distr::table::$table<M>, Q>
        {
            #[inline(always)]
            fn sample<R: ::rand::Rng + ?Sized>(&self, rng: &mut R) -> S {
                use $crate::distr::form::Tabled;
                let $self = self.law();
                // from where it lies: a copy would be made for every draw
                let noise = Tabled::<S, $crate::distr::table::$table<M>>::noise(&$self.standard, rng);
                let noise = $self.standard.lifted(Some(self.table()), noise);
                $crate::distr::form::Form::<S>::sample_of(&$form, noise)
            }
        }

        impl<S: $crate::scalar::Scalar, const M: usize> $crate::distr::prepared::Inverted<S>
            for $crate::distr::Prepared<
                $law<S>,
                $crate::distr::table::$table<M>,
                <$crate::distr::table::$table<M> as $crate::distr::table::Table>::Inverse,
            >
        {
            #[inline(always)]
            fn draw_at(&self, at: $crate::distr::table::Nearer) -> Option<S> {
                use $crate::distr::form::Tabled as _;
                let $self = self.law();
                let noise = $self.standard.quantile_by(self.table(), self.inverse(), at)?;
                Some($crate::distr::form::Form::<S>::sample_of(&$form, noise))
            }
        }
    };
    (@ $law:ident, $self:ident, $form:expr, { $($moments:item)* }) => {
        impl<S: $crate::scalar::Scalar> ::rand::distr::Distribution<S> for $law<S> {
            #[inline(always)]
            fn sample<R: ::rand::Rng + ?Sized>(&self, rng: &mut R) -> S {
                let $self = self;
                // parameters that are read before the draw would have to be kept through it
                let noise = $crate::distr::form::Form::<S>::noise(&$form, rng);
                $crate::distr::form::Form::<S>::sample_of(&$form, noise)
            }
        }

        impl<S: $crate::scalar::Scalar> $crate::distr::Continuous<S> for $law<S> {
            $crate::distr::form::law_of!(@of_x $self, $form, ln_pdf LnPdf, pdf Pdf);
            $crate::distr::form::law_of!(@by_pdf curved, $self, $form, cdf Cdf true, sf Sf false);
            $crate::distr::form::law_of!(@by_pdf ln_curved, $self, $form, ln_cdf LnCdf true, ln_sf LnSf false);
            $crate::distr::form::law_of!(
                @inverse $self, $form, quantile true, isf false, quantile_ln true, isf_ln false
            );
            $crate::distr::form::law_of!(@of_law Form, $self, $form, support (S, S), entropy S, median S);
            $($moments)*
            #[inline]
            fn shapes(&self) -> Option<$crate::distr::table::Shapes> {
                let $self = self;
                $crate::distr::form::Form::<S>::shapes(&$form)
            }
            #[inline]
            fn draw_by_tables(
                &self,
                tables: &$crate::distr::table::Tables,
                at: $crate::distr::table::Nearer,
            ) -> Option<S> {
                let $self = self;
                $crate::distr::form::Form::<S>::draw_by_tables(&$form, tables, at)
            }
            #[inline(always)]
            fn sample_by<R: ::rand::Rng + ?Sized>(&self, known: &mut impl $crate::distr::table::Known, rng: &mut R) -> S {
                let $self = self;
                $crate::distr::form::Form::<S>::sample_by(&$form, known, rng)
            }
        }
    };
    (@of_x $self:ident, $form:expr, $($method:ident $asked:ident),*) => {
        $($crate::distr::form::law_of!(@answer $self, $form, $method $asked, |form, x| {
            $crate::distr::form::Form::<S>::$method(&form, x)
        });)*
    };
    (@by_pdf $through:ident, $self:ident, $form:expr, $($method:ident $asked:ident $rises:literal),*) => {
        $($crate::distr::form::law_of!(@answer $self, $form, $method $asked, |form, x| {
            $crate::distr::form::law_of!(@through $through, form, x, $method $rises)
        });)*
    };
    (@inverse $self:ident, $form:expr, $($method:ident $rises:literal),*) => {
        $(#[inline]
        fn $method(&self, p: S) -> S {
            let $self = self;
            let form = $form;
            $crate::distr::form::law_of!(@through at_certainty, form, p, $method $rises)
        })*
    };
    (@answer $self:ident, $form:expr, $method:ident $asked:ident, |$bound:ident, $x:ident| $answer:expr) => {
        #[inline]
        fn $method(&self, $x: S) -> S {
            let $self = self;
            let $bound = $form;
            let asked = $crate::distr::form::Asked::$asked;
            $crate::distr::form::form_with_ends(&$bound, $x, asked, |$x| $answer)
        }
    };
    (@through $through:ident, $bound:ident, $x:ident, $method:ident $rises:literal) => {
        $crate::distr::form::$through(
            $x,
            $rises,
            |x| $crate::distr::form::Form::<S>::$method(&$bound, x),
            |x| $crate::distr::form::Form::<S>::pdf(&$bound, x),
        )
    };
    (@of_law $part:ident, $self:ident, $form:expr, $($method:ident $result:ty),*) => {
        $(fn $method(&self) -> $result {
            let $self = self;
            $crate::distr::form::$part::<S>::$method(&$form)
        })*
    };
}
pub(crate) use law_of;

/// In a [`Standard`] law that is [`Tabled`]: the shapes that its tables depend on, and how it is drawn by them.
macro_rules! known_by {
    (|$law:ident| $kind:ident($shape:expr), $second:ident, $table:ident) => {
        #[inline]
        fn shapes(&self) -> Option<$crate::distr::table::Shapes> {
            let $law = self;
            Some($crate::distr::table::Shapes::$kind($shape))
        }
        #[inline]
        fn draw_by_tables(&self, tables: &$crate::distr::table::Tables, at: $crate::distr::table::Nearer) -> Option<S> {
            match tables {
                $crate::distr::table::Tables::$kind(table, Some(inverse)) => self.quantile_by(table, inverse, at),
                _ => None,
            }
        }
        #[inline(always)]
        fn draw_known<R: ::rand::Rng + ?Sized>(&self, known: &mut impl $crate::distr::table::Known, rng: &mut R) -> S {
            use $crate::distr::table::{Shapes, Tables};
            let $law = self;
            let noise = Tabled::<S, $crate::distr::table::$table<1>>::noise(self, rng);
            let tables = known.tables(Shapes::$kind($shape));
            if S::ORDER == 2 {
                let table = if let Some(Tables::$second(table)) = tables { Some(table) } else { None };
                self.lifted(table, noise)
            } else {
                let table = if let Some(Tables::$kind(table, _)) = tables { Some(table) } else { None };
                self.lifted(table, noise)
            }
        }
    };
}
pub(crate) use known_by;

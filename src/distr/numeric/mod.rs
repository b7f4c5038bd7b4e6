//! Laws given by a user's function: by a distribution function, by a quantile function, or by a density that need not
//! be normalized.
//!
//! The functions are generic over the scalar; everything else, derivatives included, is had from them by numerical
//! integration, inversion and [`lift_root`].

mod cdf;
mod log_density;
mod map;
mod panels;
mod quantile;

pub use cdf::{Cdf, FromCdf};
pub use log_density::{FromLogDensity, LogDensity};
pub use quantile::{FromQuantile, Quantile};

use crate::distr::Family;
use crate::distr::form::two_ended::inside;
use crate::implicit::lift_root;
use crate::parameter::LawError;
use crate::quadrature::sum_over_levels;
use crate::scalar::{Scalar, math};

/// The names of N parameters that have none of their own.
const fn names<const N: usize>() -> &'static [&'static str] {
    const NAMES: &[&str] = &["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"];
    NAMES.split_at(N).0
}

/// The family of a function that is known by its type alone; of eight parameters at most.
macro_rules! family_of {
    ($law:ident, $function:ident, $name:literal) => {
        impl<L: $function<N> + Copy + Default, T: Scalar, const N: usize> Family for $law<L, T, N> {
            type Law<S: Scalar> = $law<L, S, N>;
            type Error = LawError;
            const NAME: &'static str = $name;
            const PARAMETERS: &'static [&'static str] = names::<N>();

            fn law<S: Scalar>(parameters: &[S]) -> Result<$law<L, S, N>, LawError> {
                let Ok(parameters) = parameters.try_into() else {
                    panic!("{} takes {N} parameters, not {}", $name, parameters.len());
                };
                $law::new(L::default(), parameters)
            }
        }
    };
}
family_of!(FromCdf, Cdf, "from_cdf");
family_of!(FromQuantile, Quantile, "from_quantile");
family_of!(FromLogDensity, LogDensity, "from_log_density");

/// A tail: the probability below or above a point.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Side {
    Lower,
    Upper,
}

impl Side {
    pub(crate) fn other(self) -> Side {
        match self {
            Side::Lower => Side::Upper,
            Side::Upper => Side::Lower,
        }
    }

    /// The sign of the tail's slope.
    pub(crate) fn sign(self) -> f64 {
        match self {
            Side::Lower => 1.0,
            Side::Upper => -1.0,
        }
    }
}

/// What a law must offer to be drawn from, inverted and differentiated numerically.
pub(super) trait Numeric<S: Scalar> {
    /// The ends of the support.
    fn ends(&self) -> (S, S);

    /// The density at a number inside the support.
    fn density(&self, x: S) -> S;

    /// A tail at a number inside the support.
    fn tail(&self, side: Side, x: S) -> S;

    /// The point with this tail in (0, 1/2], in plain numbers.
    fn root(&self, side: Side, tail: f64) -> f64;

    /// The number z with its derivatives where the tail is `target`, of which only derivatives count.
    #[inline]
    fn lifted_at(&self, side: Side, z: f64, target: S) -> S {
        if S::ORDER == 0 || !z.is_finite() {
            return S::from(z);
        }
        lift_root(z, |x: S| {
            let slope = self.density(x);
            if !(slope.re() > 0.0 && slope.re().is_finite()) {
                return S::from(0.0);
            }
            ((self.tail(side, x) - target) * side.sign()).with_re(0.0).over(slope)
        })
    }

    /// A number z with its derivatives at a fixed probability, by the smaller tail.
    #[inline]
    fn lifted(&self, z: f64) -> S {
        if S::ORDER == 0 {
            return S::from(z);
        }
        let side = if self.tail(Side::Lower, S::from(z)).re() <= 0.5 { Side::Lower } else { Side::Upper };
        self.lifted_at(side, z, S::from(0.0))
    }

    /// The point with this tail.
    fn at(&self, side: Side, tail: S) -> S {
        let (low, high) = self.ends();
        let (side, tail) = if tail.re() <= 0.5 { (side, tail) } else { (side.other(), -tail + 1.0) };
        if !(0.0..=0.5).contains(&tail.re()) {
            return S::from(f64::NAN);
        }
        if tail.re() == 0.0 {
            return if side == Side::Lower { low } else { high };
        }
        self.lifted_at(side, self.root(side, tail.re()), tail)
    }

    /// The limits outside the support, `value` inside.
    #[inline]
    fn within(&self, x: S, below: f64, above: f64, value: impl FnOnce() -> S) -> S {
        let (low, high) = self.ends();
        if x.re().is_nan() {
            S::from(f64::NAN)
        } else if x.re() <= low.re() {
            S::from(below)
        } else if x.re() >= high.re() {
            S::from(above)
        } else {
            value()
        }
    }

    /// E[g(X)], `None` where levels still count whose tail is below e^-40 = 4e-18 or whose point is beyond 1e300, where
    /// doubles end: the integral does not converge.
    fn expectation(&self, g: impl Fn(S) -> S) -> Option<S> {
        let (mut all, mut outer) = (0.0, 0.0);
        let mean = sum_over_levels(|ln_u, ln_v, weight| {
            let (side, ln_tail) = if ln_u < ln_v { (Side::Lower, ln_u) } else { (Side::Upper, ln_v) };
            // rounded to an end of the support it has no density
            let point = inside(self.ends(), self.at(side, S::from(math::exp(ln_tail))));
            let term = g(point) * weight;
            let is_outer = ln_tail < -40.0 || point.re().abs() > 1e300;
            all += term.re().abs();
            outer += if is_outer { term.re().abs() } else { 0.0 };
            term
        });
        (outer < f64::INFINITY && outer <= 1e-8 * all).then_some(mean)
    }
}

/// Implements `Distribution` and `Continuous` for a [`Numeric`] law, given how its plain draws are made.
macro_rules! numeric {
    ($law:ident, $function:ident, |$self:ident, $rng:ident| $draw:expr) => {
        impl<S: Scalar, L: $function<N>, const N: usize> Distribution<S> for $law<L, S, N> {
            #[inline]
            fn sample<R: Rng + ?Sized>(&self, $rng: &mut R) -> S {
                let $self = self;
                let z: f64 = $draw;
                self.lifted(z)
            }
        }

        impl<S: Scalar, L: $function<N>, const N: usize> Continuous<S> for $law<L, S, N> {
            fn support(&self) -> (S, S) {
                self.ends()
            }

            fn ln_pdf(&self, x: S) -> S {
                let outside = f64::NEG_INFINITY;
                self.within(x, outside, outside, || self.ln_density(x))
            }

            fn pdf(&self, x: S) -> S {
                self.within(x, 0.0, 0.0, || self.density(x))
            }

            fn cdf(&self, x: S) -> S {
                self.within(x, 0.0, 1.0, || self.tail(Side::Lower, x))
            }

            fn sf(&self, x: S) -> S {
                self.within(x, 1.0, 0.0, || self.tail(Side::Upper, x))
            }

            fn ln_cdf(&self, x: S) -> S {
                let (below, above) = (self.cdf(x), self.sf(x));
                if below.re() <= above.re() { below.ln() } else { (-above).ln_1p() }
            }

            fn ln_sf(&self, x: S) -> S {
                let (below, above) = (self.cdf(x), self.sf(x));
                if above.re() <= below.re() { above.ln() } else { (-below).ln_1p() }
            }

            fn quantile(&self, p: S) -> S {
                self.at(Side::Lower, p)
            }

            fn isf(&self, q: S) -> S {
                self.at(Side::Upper, q)
            }

            /// By the tanh-sinh rule with 117 points over the quantile; `None` where that does not converge.
            fn mean(&self) -> Option<S> {
                self.expectation(|x| x)
            }

            /// By the tanh-sinh rule with 117 points over the quantile; `None` where that does not converge.
            fn variance(&self) -> Option<S> {
                let mean = Continuous::mean(self)?;
                self.expectation(|x| (x - mean) * (x - mean))
            }

            /// By the tanh-sinh rule with 117 points over the quantile; NaN where that does not converge.
            fn entropy(&self) -> S {
                self.expectation(|x| -self.ln_pdf(x)).unwrap_or(S::from(f64::NAN))
            }

            /// Not searched for.
            fn mode(&self) -> Option<S> {
                None
            }
        }
    };
}
pub(super) use numeric;

//! A law from its distribution function.

use super::{Numeric, Side, numeric};
use crate::distr::Continuous;
use crate::implicit::find_root;
use crate::noise;
use crate::parameter::{LawError, check};
use crate::scalar::{Jet, Scalar, math};
use rand::Rng;
use rand::distr::Distribution;

/// A distribution function of N parameters, over any scalar; [`FromCdf`] makes a law of it.
///
/// Functions are called with numbers inside the support only. As everywhere, the real part of a result must not depend on the
/// scalar: branch on [`Scalar::re`] and divide by [`Scalar::over`].
pub trait Cdf<const N: usize> {
    /// The ends of the support; the real line unless told.
    fn support<S: Scalar>(&self, parameters: [S; N]) -> (S, S) {
        let _ = parameters;
        (S::from(f64::NEG_INFINITY), S::from(f64::INFINITY))
    }

    /// F(x), rising from 0 to 1.
    fn cdf<S: Scalar>(&self, parameters: [S; N], x: S) -> S;

    /// 1 - F(x). Give it, where it can be had without the difference: the upper tail is as accurate as this.
    fn sf<S: Scalar>(&self, parameters: [S; N], x: S) -> S {
        -self.cdf(parameters, x) + 1.0
    }

    /// dF/dx. Unless given it is the derivative of [`Cdf::cdf`] by a jet around the scalar, one order more.
    fn pdf<S: Scalar>(&self, parameters: [S; N], x: S) -> S {
        let [slope] = self.cdf(parameters.map(Jet::constant), Jet::<S, 1>::variable(x, 0)).eps;
        slope
    }

    /// A draw in plain numbers, if there is a better way than to invert F at a uniform number.
    fn draw<R: Rng + ?Sized>(&self, parameters: [f64; N], rng: &mut R) -> Option<f64> {
        let _ = (parameters, rng);
        None
    }
}

/// The law with a distribution function of your own, differentiable in its parameters to any order.
///
/// # Density function
/// f(x) = dF(x; θ)/dx, from [`Cdf::pdf`].
///
/// # Derivatives
/// dz/dθ = -(∂F/∂θ)/f(z) at fixed u = F(z; θ), and all higher orders by Newton steps in the arithmetic of the scalar
/// ([`lift_root`](crate::implicit::lift_root)), on the smaller of F and 1 - F. The draw itself is [`Cdf::draw`]'s, or the root of
/// F(x) = u. Where the density is 0 or infinite at z the derivatives do not exist; they are then given as 0.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
///
/// /// Burr's law of type X: F(x) = (1 - exp(-x²))^θ.
/// struct Burr;
/// impl Cdf<1> for Burr {
///     fn support<S: Scalar>(&self, _: [S; 1]) -> (S, S) {
///         (0.0.into(), f64::INFINITY.into())
///     }
///     fn cdf<S: Scalar>(&self, [theta]: [S; 1], x: S) -> S {
///         (-(-x * x).exp_m1()).powd(theta)
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = FromCdf::new(Burr, Jet::second_order([1.5]))?;
/// let z = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// let (value, gradient, hessian) = z.hessian();
/// assert!(value > 0.0 && gradient[0] > 0.0 && hessian[0][0] < 0.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Logarithms of tails are those of the tails: there is nothing below 1e-308. Mean, variance and entropy are integrals over the
/// quantile, to about 1e-10 for smooth laws. The constructor looks at F at 129 points: what it refuses is no distribution function;
/// what it accepts may still fall in between.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FromCdf<L, S, const N: usize> {
    law: L,
    parameters: [S; N],
}

/// How close to 0 and 1 a distribution function must come at 1e±150, or at a relative distance of 1e-16 from an end.
const NEAR: f64 = 0.05;

impl<S: Scalar, L: Cdf<N>, const N: usize> FromCdf<L, S, N> {
    /// The law with this distribution function at these parameters.
    ///
    /// # Errors
    /// If
    /// * the `support` has a lower end that is not below the upper end;
    /// * the `cdf` is found at one of 129 points of the support to be NaN, outside [0, 1] or smaller than at a smaller
    ///   argument, or is not near 0 at the lower and near 1 at the upper end;
    /// * the `pdf` is found to be negative or NaN there.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// #[derive(Debug)]
    /// struct Falling;
    /// impl Cdf<0> for Falling {
    ///     fn cdf<S: Scalar>(&self, _: [S; 0], x: S) -> S {
    ///         (-x).sigmoid()
    ///     }
    /// }
    /// let error = FromCdf::<_, f64, 0>::new(Falling, []).unwrap_err();
    /// assert!(error.to_string().starts_with("the cdf of a law from a distribution function must be not smaller than before"));
    /// ```
    pub fn new(law: L, parameters: [S; N]) -> Result<Self, LawError> {
        let plain = parameters.map(S::re);
        let (low, high) = law.support(plain);
        let end = if high.is_nan() { high } else { low };
        check!("a law from a distribution function", support, end; "an interval, its lower end below the upper one" if low < high);
        let value = |x: f64| (law.cdf(plain, x), law.sf(plain, x));
        let points =
            || (-64..=64).map(|i| point_between(low, high, f64::from(i) / 64.0)).filter(|x| low < *x && *x < high);
        let mut last = (0.0, 1.0);
        for x in points() {
            let (below, above) = value(x);
            let valid = |p: f64| (-1e-12..=1.0 + 1e-12).contains(&p);
            let wrong = [below, above].into_iter().find(|p| !valid(*p));
            check!("a law from a distribution function", cdf; "in [0, 1], as one less it" unless wrong);
            let rises = below >= last.0 - 1e-12 && above <= last.1 + 1e-12;
            check!("a law from a distribution function", cdf, below; "not smaller than before" if rises);
            last = (below, above);
        }
        let negative = points().map(|x| density(&law, plain, x)).find(|f| f.is_nan() || *f < 0.0);
        check!("a law from a distribution function", pdf; "0 or larger" unless negative);
        let first = points().next().map_or(f64::NAN, |x| value(x).0);
        check!("a law from a distribution function", cdf, first; "near 0 at the lower end" if first <= NEAR);
        check!("a law from a distribution function", cdf, 1.0 - last.1; "near 1 at the upper end" if last.1 <= NEAR);
        Ok(FromCdf { law, parameters })
    }

    /// The parameters.
    pub fn parameters(&self) -> [S; N] {
        self.parameters
    }

    fn ln_density(&self, x: S) -> S {
        self.density(x).ln()
    }

    /// A draw by the law's own way, or by inversion.
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        match self.law.draw(self.parameters.map(S::re), rng) {
            Some(z) => z,
            None => {
                let u = noise::uniform(rng);
                if u <= 0.5 { self.root(Side::Lower, u) } else { self.root(Side::Upper, 1.0 - u) }
            }
        }
    }
}

/// The density; 0 where a slope is lost to overflow (x² at 1e200) and there is nothing on one side.
#[inline]
fn density<S: Scalar, L: Cdf<N>, const N: usize>(law: &L, parameters: [S; N], x: S) -> S {
    let density = law.pdf(parameters, x);
    let nothing = |tail: S| tail.re() == 0.0;
    let lost = density.re().is_nan() && (nothing(law.cdf(parameters, x)) || nothing(law.sf(parameters, x)));
    if lost { S::from(0.0) } else { density }
}

/// The point at t in [-1, 1] of an interval: close to the ends at ±1, or at 1e±150 of those that are infinite.
fn point_between(low: f64, high: f64, t: f64) -> f64 {
    match (low.is_finite(), high.is_finite()) {
        // t³: dense around 0, or around a distance of 1 from the only end
        (false, false) => math::sinh(345.0 * t * t * t),
        (true, false) => low + math::exp(345.0 * t * t * t),
        (false, true) => high - math::exp(-345.0 * t * t * t),
        (true, true) => {
            let s = math::sigmoid(36.0 * t);
            if t < 0.0 { low + (high - low) * s } else { high - (high - low) * math::sigmoid(-36.0 * t) }
        }
    }
}

impl<S: Scalar, L: Cdf<N>, const N: usize> Numeric<S> for FromCdf<L, S, N> {
    fn ends(&self) -> (S, S) {
        self.law.support(self.parameters)
    }

    #[inline]
    fn density(&self, x: S) -> S {
        density(&self.law, self.parameters, x)
    }

    #[inline]
    fn tail(&self, side: Side, x: S) -> S {
        match side {
            Side::Lower => self.law.cdf(self.parameters, x),
            Side::Upper => self.law.sf(self.parameters, x),
        }
    }

    /// Newton's method on the logarithm of the tail, in a bracket that doubles until it holds the root.
    fn root(&self, side: Side, tail: f64) -> f64 {
        let plain = self.parameters.map(S::re);
        let at = |x: f64| match side {
            Side::Lower => self.law.cdf(plain, x),
            Side::Upper => self.law.sf(plain, x),
        };
        let (start, end) = self.law.support(plain);
        // whether the root is below x
        let is_above = |x: f64| side.sign() * (at(x) - tail) >= 0.0;
        let anchor = if start.is_finite() {
            start
        } else if end.is_finite() {
            end
        } else {
            0.0
        };
        let (mut low, mut high) = (start.max(f64::MIN), end.min(f64::MAX));
        if !end.is_finite() {
            high = doubled(anchor, 1.0, is_above);
        }
        if !start.is_finite() {
            low = doubled(anchor, -1.0, |x| !is_above(x));
        }
        find_root(low, high, 0.5 * low + 0.5 * high, |x| {
            // the ends are on their sides, whatever rounding says
            if x <= low || x >= high {
                return (if x >= high { f64::INFINITY } else { f64::NEG_INFINITY }, 0.0);
            }
            let p = at(x);
            (side.sign() * math::ln(p / tail), self.law.pdf(plain, x) / p)
        })
    }
}

/// anchor + direction 2^k for the smallest k >= 0 for which that is beyond the root.
fn doubled(anchor: f64, direction: f64, is_beyond: impl Fn(f64) -> bool) -> f64 {
    let mut step = direction;
    for _ in 0..1000 {
        if is_beyond(anchor + step) {
            return anchor + step;
        }
        step *= 2.0;
    }
    (anchor + step).clamp(f64::MIN, f64::MAX)
}

numeric!(FromCdf, Cdf, |law, rng| law.draw(rng));

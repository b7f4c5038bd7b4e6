//! A law from the logarithm of its density, which need not be normalized.

use super::map::Map;
use super::panels::{Cumulative, Failure, MOST, Panels, highest, integral};
use super::{Numeric, Side, numeric};
use crate::distr::Continuous;
use crate::implicit::find_root;
use crate::noise;
use crate::parameter::{LawError, check, refuse};
use crate::scalar::{Scalar, math};
use rand::Rng;
use rand::distr::Distribution;

/// The logarithm of a density of N parameters, up to a constant, over any scalar; [`FromLogDensity`] makes a law of it.
pub trait LogDensity<const N: usize> {
    /// The ends of the support, -inf and inf among them. They do not move with parameters; scale and shift x for that.
    fn support(&self) -> (f64, f64);

    /// ln f(x) + c at a number inside the support; c may depend on the parameters.
    fn ln_density<S: Scalar>(&self, parameters: [S; N], x: S) -> S;
}

/// The law with a density of your own, which need not be normalized, differentiable in its parameters to any order.
///
/// # Density function
/// f(x) = g(x; θ) / ∫ g(t; θ) dt on an interval, ln g from [`LogDensity::ln_density`].
///
/// # Derivatives
/// A draw z solves F(z) = u with uniform u, and dz/dθ = -∫ (∂ln g/∂θ - E[∂ln g/∂θ]) f dt / f(z), the integral being over the smaller
/// tail. All orders come from the same integrals in the arithmetic of the scalar
/// ([`lift_root`](crate::implicit::lift_root)).
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
///
/// /// exp(-x⁴ + b x): a quartic well, tilted.
/// struct Quartic;
/// impl LogDensity<1> for Quartic {
///     fn support(&self) -> (f64, f64) {
///         (f64::NEG_INFINITY, f64::INFINITY)
///     }
///     fn ln_density<S: Scalar>(&self, [b]: [S; 1], x: S) -> S {
///         -(x * x * x * x) + b * x
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = FromLogDensity::new(Quartic, Jet::variables([0.0]))?;
/// // dE[x]/db is the variance
/// let (mean, variance) = (law.mean().unwrap(), law.variance().unwrap());
/// assert!((mean.eps[0] - variance.re).abs() < 1e-12);
/// let z = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(z.eps[0] > 0.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The interval is mapped onto the line (by sinh, exp or the logistic function, so that powers at the ends become exponentials) and cut
/// into at most 96 panels, on each of which the Gauss-Legendre rule of 16 points agrees with itself on both halves to a relative
/// 1e-13, or to the rounding of ln g where that is more. [`FromLogDensity::accuracy`] says what was reached for the whole integral.
/// Measured against gamma, beta, normal and Cauchy laws: draws to 1e-14, first derivatives to 1e-13, second ones to 2e-12 of the
/// largest at the point, times 1 + |x| f(x)/p, by which the rounding of x itself counts in a tail p.
///
/// Densities must fall off to e^-80 of their maximum within 1e-299 of an end, or within 1e299 where there is none. A second maximum may
/// be overlooked where it is narrower than the panels and none of 193 points comes upon it. Logarithms of tails
/// reach as far down as the panels, to about e^-80. Near an upper end that is not 0, x cannot say how near: put a singularity at 0.
///
/// The law holds integrals over all panels: 194 numbers of its scalar type. Making one costs about 2000 evaluations of ln g in that
/// type, a draw about 100 in plain numbers and 34 for each Newton step (one for the first derivative, two up to the third).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FromLogDensity<L, S, const N: usize> {
    law: L,
    parameters: [S; N],
    map: Map,
    panels: Panels,
    cumulative: Cumulative<S>,
}

impl<S: Scalar, L: LogDensity<N>, const N: usize> FromLogDensity<L, S, N> {
    /// The law with this density at these parameters.
    ///
    /// # Errors
    /// If
    /// * the `support` has a lower end that is not below the upper end;
    /// * `ln_density` is NaN or infinite inside the support, or -inf everywhere; does not fall by 80 within the range
    ///   of numbers, so that there may be no integral; or would need more than 96 panels: it has jumps, kinks or too
    ///   many oscillations.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// #[derive(Debug)]
    /// struct Flat;
    /// impl LogDensity<0> for Flat {
    ///     fn support(&self) -> (f64, f64) {
    ///         (0.0, f64::INFINITY)
    ///     }
    ///     fn ln_density<S: Scalar>(&self, _: [S; 0], _: S) -> S {
    ///         0.0.into()
    ///     }
    /// }
    /// let error = FromLogDensity::<_, f64, 0>::new(Flat, []).unwrap_err();
    /// assert_eq!(error.parameter(), "ln_density");
    /// ```
    pub fn new(law: L, parameters: [S; N]) -> Result<Self, LawError> {
        let (low, high) = law.support();
        let end = if high.is_nan() { high } else { low };
        check!("a law from a log-density", support, end; "an interval, its lower end below the upper one" if low < high);
        let plain = parameters.map(S::re);
        let ln_g = |x: f64| law.ln_density(plain, x);
        let map = placed(Map::onto(low, high), &ln_g).or_else(refused)?;
        let ln_h = |y: f64| ln_g(map.x(y)) + map.ln_slope(y);
        let size = ln_g(map.x(highest(ln_h).or_else(refused)?)).abs();
        // x is rounded, which counts where most of the mass is
        let noise = |a: f64, b: f64| {
            let heavier = if ln_h(a) > ln_h(b) { a } else { b };
            map.rounding(heavier) * ((ln_g(map.x(b)) - ln_g(map.x(a))) / (b - a)).abs()
        };
        let panels = Panels::of(ln_h, size, noise).or_else(refused)?;
        let h = |y: S| (law.ln_density(parameters, map.x(y)) + map.ln_slope(y) - panels.top).exp();
        let cumulative = Cumulative::of(&panels, h);
        Ok(FromLogDensity { law, parameters, map, panels, cumulative })
    }

    /// The relative error of the integral of the density, as two rules estimate it; rounding comes on top.
    pub fn accuracy(&self) -> f64 {
        self.panels.accuracy
    }

    /// The parameters.
    pub fn parameters(&self) -> [S; N] {
        self.parameters
    }

    /// ln ∫ g(x) dx.
    pub fn ln_normalization(&self) -> S {
        self.total().ln() + self.panels.top
    }

    fn total(&self) -> S {
        self.cumulative.above[0]
    }

    /// The integrand in y, the largest value 1.
    #[inline]
    fn integrand<T: Scalar>(&self, parameters: [T; N], y: T) -> T {
        (self.law.ln_density(parameters, self.map.x(y)) + self.map.ln_slope(y) - self.panels.top).exp()
    }

    fn ln_density(&self, x: S) -> S {
        self.law.ln_density(self.parameters, x) - self.ln_normalization()
    }
}

/// The error that a failure is.
fn refused<T>(failure: Failure) -> Result<T, LawError> {
    match failure {
        Failure::Value(value) => {
            refuse!("a law from a log-density", ln_density, value; "a number, or -inf at some points of the support")
        }
        Failure::Tail(fall) => {
            refuse!("a law from a log-density", ln_density, fall; "falling towards both ends, by 80 in all")
        }
        Failure::Accuracy => {
            let panels = (MOST + 1) as f64;
            refuse!("a law from a log-density", ln_density, panels; "smooth, so that 96 panels are enough")
        }
    }
}

/// The map onto the line in its place: its center at the maximum of ln g, its scale the distance at which that has fallen by 1.
fn placed(map: Map, ln_g: &impl Fn(f64) -> f64) -> Result<Map, Failure> {
    let Map::Line { .. } = map else { return Ok(map) };
    let center = map.x(highest(|y| ln_g(map.x(y)) + map.ln_slope(y))?);
    let top = ln_g(center);
    let mut scale = 1e-15 * (center.abs() + 1e-280);
    let has_fallen = |scale: f64| ln_g(center + scale) < top - 1.0 && ln_g(center - scale) < top - 1.0;
    while !has_fallen(scale) {
        scale *= 2.0;
        if scale > 1e290 {
            return Err(Failure::Tail(top - ln_g(center + scale).min(ln_g(center - scale))));
        }
    }
    Ok(Map::Line { center, scale })
}

impl<S: Scalar, L: LogDensity<N>, const N: usize> Numeric<S> for FromLogDensity<L, S, N> {
    fn ends(&self) -> (S, S) {
        let (low, high) = self.law.support();
        (S::from(low), S::from(high))
    }

    #[inline]
    fn density(&self, x: S) -> S {
        self.ln_density(x).exp()
    }

    #[inline]
    fn tail(&self, side: Side, x: S) -> S {
        let y = self.map.y(x);
        let (from, to) = self.panels.ends();
        let h = |y: S| self.integrand(self.parameters, y);
        let (i, start, end) = self.panels.around(y.re());
        let sum = match side {
            Side::Lower if y.re() <= from => return S::from(0.0),
            Side::Lower if y.re() >= to => return S::from(1.0),
            Side::Upper if y.re() <= from => return S::from(1.0),
            Side::Upper if y.re() >= to => return S::from(0.0),
            Side::Lower => self.cumulative.below[i] + integral(S::from(start), y, h),
            Side::Upper => integral(y, S::from(end), h) + self.cumulative.above[i + 1],
        };
        let tail = sum.over(self.total());
        // rounding may put it above 1
        if tail.re() > 1.0 { tail.with_re(1.0) } else { tail }
    }

    /// The panel by the integrals up to its edges, then Newton's method inside.
    fn root(&self, side: Side, tail: f64) -> f64 {
        let plain = self.parameters.map(S::re);
        let h = |y: f64| self.integrand(plain, y);
        let sum = tail * self.total().re();
        let count = self.panels.count();
        let (below, above) = (&self.cumulative.below, &self.cumulative.above);
        let i = match side {
            Side::Lower => (0..count - 1).find(|i| below[i + 1].re() >= sum).unwrap_or(count - 1),
            Side::Upper => (1..count).rev().find(|i| above[*i].re() >= sum).unwrap_or(0),
        };
        let (_, start, end) = self.panels.panel(i);
        let y = find_root(start, end, 0.5 * start + 0.5 * end, |y| {
            if y <= start || y >= end {
                return (if y >= end { f64::INFINITY } else { f64::NEG_INFINITY }, 0.0);
            }
            let part = match side {
                Side::Lower => below[i].re() + integral(start, y, h),
                Side::Upper => integral(y, end, h) + above[i + 1].re(),
            };
            // the logarithm: nearly a line in the tails
            (side.sign() * math::ln(part / sum), h(y) / part)
        });
        self.map.x(y)
    }
}

numeric!(FromLogDensity, LogDensity, |law, rng| {
    let u = noise::uniform(rng);
    if u <= 0.5 { law.root(Side::Lower, u) } else { law.root(Side::Upper, 1.0 - u) }
});

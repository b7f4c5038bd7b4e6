//! Adaptive rejection from log-concave densities.

use super::hull::{Hull, Tangent};
use super::{MOST_PROPOSALS, RejectionError};
use crate::implicit::lift_root;
use crate::noise;
use crate::parameter::{LawError, check};
use crate::quadrature::gauss_legendre::integrate;
use crate::scalar::{Jet, Scalar, math};
use rand::Rng;

/// The logarithm of a density on the line, up to a constant, over any scalar.
pub trait LnDensity<const N: usize> {
    /// ln f(x; θ), up to what does not depend on x.
    fn ln_density<T: Scalar>(&self, theta: &[T; N], x: T) -> T;
}

/// Panels of the distribution function on each side of the mode.
const PANELS: usize = 16;

/// The density is left out where it is below e^-50 of its largest value.
const FALL: f64 = 50.0;

/// Draws from a log-concave density that is given by a function, with derivatives of the draws.
///
/// The logarithm of the density lies below its tangents and above its chords. Proposals come from the exponentials of the
/// tangents; each rejected one adds a tangent (up to 32, in storage of fixed size), so that soon nearly every proposal is
/// accepted without a look at the density. The draws are exact; that the density is log-concave is checked at every new
/// tangent.
///
/// # Derivatives
/// Implicit: at a fixed value u of the distribution function F, dx/dθ = -(∂F/∂θ)/f. So the draw itself carries them, and no
/// weight is needed. F is the ratio of integrals of the density below and above x, by Gauss-Legendre rules of 16 points on 16
/// panels on each side of the mode, in the caller's arithmetic; a draw costs 64 evaluations of the density for first
/// derivatives. For smooth densities they are good to 1e-12 or so; a power of x at an end of the support costs digits (x^0.3:
/// 3e-11), and so does a kink other than at the mode. The factor that normalizes the density drops out. The ends of the
/// support are constants.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// use reparam::rejection::{AdaptiveRejection, LnDensity};
/// struct Quartic; // density proportional to exp(-(x/s)⁴)
/// impl LnDensity<1> for Quartic {
///     fn ln_density<T: Scalar>(&self, [s]: &[T; 1], x: T) -> T {
///         -x.over(*s).powi(4)
///     }
/// }
/// # fn main() -> Result<(), reparam::rejection::RejectionError> {
/// let line = (f64::NEG_INFINITY, f64::INFINITY);
/// let mut sampler = AdaptiveRejection::new(Quartic, Jet::variables([2.0]), line, 0.5)?;
/// let x = sampler.draw(&mut Xoshiro256PlusPlus::seed_from_u64(1))?;
/// assert!((x.eps[0] - x.re / 2.0).abs() < 1e-11 * x.re.abs()); // s is a scale
/// # Ok(()) }
/// ```
///
/// # Notes
/// Gilks & Wild 1992, "Adaptive rejection sampling for Gibbs sampling", Applied Statistics 41. Which values come depends on
/// the tangents so far: a sampler's draws are independent, but not reproducible one by one from the middle of a sequence.
#[derive(Clone, Copy, Debug)]
pub struct AdaptiveRejection<S, L, const N: usize> {
    density: L,
    theta: [S; N],
    hull: Hull,
    /// Ends of the panels, and the integrals of the density below and above each, relative to its largest value.
    ends: [f64; 2 * PANELS + 1],
    below: [S; 2 * PANELS + 1],
    above: [S; 2 * PANELS + 1],
    largest: f64,
}

impl<S: Scalar, L: LnDensity<N>, const N: usize> AdaptiveRejection<S, L, N> {
    /// A sampler on `(low, high)`, either of which may be infinite, from any point `start` inside.
    ///
    /// # Errors
    /// If the start is not strictly inside the support, or no point of falling density is found towards an infinite end; if
    /// the density or its slope is NaN or infinite where it is looked at; if it is seen not to be log-concave.
    pub fn new(density: L, theta: [S; N], (low, high): (f64, f64), start: f64) -> Result<Self, RejectionError> {
        check_start((low, high), start)?;
        let plain = theta.map(|t| t.re());
        let at = |x: f64| tangent(&density, &plain, x);
        let first = at(start)?;
        let left = beyond(first, low, -1.0, at)?;
        let right = beyond(first, high, 1.0, at)?;
        let mut hull = Hull::new(low, high, left, right)?;
        hull.insert(first)?;

        let zeros = [S::from(0.0); 2 * PANELS + 1];
        let ends = [0.0; 2 * PANELS + 1];
        let mut sampler =
            AdaptiveRejection { density, theta, hull, ends, below: zeros, above: zeros, largest: first.value };
        if S::ORDER > 0 {
            sampler.integrate(&plain, (low, high), [left, right])?;
        }
        Ok(sampler)
    }

    /// A draw.
    ///
    /// # Errors
    /// If the density is seen not to be log-concave, or is NaN or infinite, or if a million proposals were rejected.
    pub fn draw<R: Rng + ?Sized>(&mut self, rng: &mut R) -> Result<S, RejectionError> {
        let plain = self.theta.map(|t| t.re());
        for _ in 0..MOST_PROPOSALS {
            let (x, piece) = self.hull.draw(noise::uniform(rng), noise::uniform(rng));
            let level = self.hull.above(x, piece) - noise::exponential(rng);
            if level <= self.hull.below(x, piece) {
                return Ok(self.lift(x));
            }
            let Ok(new) = tangent(&self.density, &plain, x) else {
                // density 0, at an end of the support or by underflow
                if self.density.ln_density(&plain, x) == f64::NEG_INFINITY {
                    continue;
                }
                return Err(RejectionError::Density);
            };
            if new.value > self.hull.above(x, piece) + 1e-9 * (1.0 + new.value.abs()) {
                return Err(RejectionError::NotLogConcave { at: x });
            }
            let accepted = level <= new.value;
            self.hull.insert(new)?;
            if accepted {
                return Ok(self.lift(x));
            }
        }
        Err(RejectionError::TooManyProposals { proposals: MOST_PROPOSALS })
    }

    /// The density relative to its largest value.
    fn relative(&self, x: S) -> S {
        (self.density.ln_density(&self.theta, x) - self.largest).exp()
    }

    /// The integrals over the panels.
    fn integrate(
        &mut self,
        plain: &[f64; N],
        (low, high): (f64, f64),
        [left, right]: [Tangent; 2],
    ) -> Result<(), RejectionError> {
        let at = |x: f64| tangent(&self.density, plain, x);
        // the mode, by the sign of the slope
        let mut a = if left.slope > 0.0 { left.x } else { low };
        let mut b = if right.slope < 0.0 { right.x } else { high };
        for _ in 0..50 {
            let middle = 0.5 * a + 0.5 * b;
            if at(middle)?.slope > 0.0 { a = middle } else { b = middle }
        }
        let mode = at(0.5 * a + 0.5 * b)?;
        let fallen = |x: f64| mode.value - self.density.ln_density(plain, x) > FALL;
        self.largest = mode.value;
        self.ends[PANELS] = mode.x;
        for (end, sign, tangent) in [(low, -1.0, left), (high, 1.0, right)] {
            let (end, graded) = edge(mode.x, end, sign, (tangent.x - mode.x).abs(), fallen);
            for k in 1..=PANELS {
                let t = 1.0 - k as f64 / PANELS as f64;
                // towards an end of the support the panels shrink: there may be a power of the distance in the density
                let t = if graded { math::powi(t, 6) } else { t };
                let index = if sign < 0.0 { PANELS - k } else { PANELS + k };
                self.ends[index] = end + (mode.x - end) * t;
            }
        }
        for k in 0..2 * PANELS {
            self.below[k + 1] = self.below[k] + self.piece(S::from(self.ends[k]), S::from(self.ends[k + 1]));
            let k = 2 * PANELS - 1 - k;
            self.above[k] = self.above[k + 1] + self.piece(S::from(self.ends[k]), S::from(self.ends[k + 1]));
        }
        Ok(())
    }

    /// The integral of the relative density from `from` to `to`.
    fn piece(&self, from: S, to: S) -> S {
        integrate(from, to, 1, |x| self.relative(x))
    }

    /// The draw with its derivatives at a fixed value of the distribution function.
    fn lift(&self, x: f64) -> S {
        if S::ORDER == 0 || !(self.ends[0] < x && x < self.ends[2 * PANELS]) {
            // beyond the panels is a probability of 1e-20
            return S::from(x);
        }
        let k = self.ends[1..2 * PANELS].partition_point(|end| *end <= x);
        let (left, right) = (S::from(self.ends[k]), S::from(self.ends[k + 1]));
        let sides = |x: S| (self.below[k] + self.piece(left, x), self.above[k + 1] + self.piece(x, right));
        let (lower, upper) = sides(S::from(x));
        let (lower, upper) = (lower.re(), upper.re());
        let u = lower / (lower + upper);
        let v = upper / (lower + upper);
        lift_root(x, |x: S| {
            let (lower, upper) = sides(x);
            (lower * v - upper * u).over(self.relative(x))
        })
    }
}

/// Whether there is a support and a start inside.
fn check_start((low, high): (f64, f64), start: f64) -> Result<(), LawError> {
    check!("an adaptive rejection sampler", low: "below high" if low < high);
    check!("an adaptive rejection sampler", start: "a number strictly inside of the support"
        if low < start && start < high && start.is_finite());
    Ok(())
}

/// The value and slope of ln f.
fn tangent<L: LnDensity<N>, const N: usize>(density: &L, theta: &[f64; N], x: f64) -> Result<Tangent, RejectionError> {
    let y = density.ln_density(&theta.map(Jet::from), Jet::<f64, 1>::variable(x, 0));
    let tangent = Tangent { x, value: y.re, slope: y.eps[0] };
    if y.re.is_finite() && y.eps[0].is_finite() { Ok(tangent) } else { Err(RejectionError::Density) }
}

/// A point towards an end: where the density falls, or half the way if that comes first.
fn beyond(
    start: Tangent,
    end: f64,
    sign: f64,
    at: impl Fn(f64) -> Result<Tangent, RejectionError>,
) -> Result<Tangent, RejectionError> {
    let half_way = 0.5 * (end - start.x).abs();
    // the distance on which the density changes by a factor e
    let mut step = if start.slope != 0.0 { 1.0 / start.slope.abs() } else { start.x.abs().max(1.0) };
    for _ in 0..2100 {
        step = step.min(half_way);
        let x = start.x + sign * step;
        if !x.is_finite() {
            break;
        }
        match at(x) {
            Ok(t) if step == half_way || t.slope * sign < 0.0 => return Ok(t),
            Ok(_) => step *= 2.0,
            // the density has underflowed: back
            Err(_) => step *= 0.4,
        }
    }
    Err(RejectionError::Support)
}

/// Where the density has fallen, or the end of the support if it does not fall that far before; and whether it is that end.
fn edge(mode: f64, end: f64, sign: f64, scale: f64, fallen: impl Fn(f64) -> bool) -> (f64, bool) {
    let mut near = 0.0;
    let mut far = if scale > 0.0 { scale } else { f64::MIN_POSITIVE.max(mode.abs() * 1e-8) };
    for _ in 0..2100 {
        let x = mode + sign * far;
        if end.is_finite() && (x - end) * sign >= 0.0 {
            // just inside, since at the end itself the density may be 0
            let inside = end - (end - mode) * 1e-3;
            if !fallen(inside) {
                return (end, true);
            }
            far = (inside - mode).abs();
            break;
        }
        if fallen(x) {
            break;
        }
        near = far;
        far *= 2.0;
    }
    for _ in 0..40 {
        let middle = 0.5 * (near + far);
        if fallen(mode + sign * middle) { far = middle } else { near = middle }
    }
    (mode + sign * far, false)
}

//! The truncated normal law.

mod slopes;

use crate::distr::form::law_of;
use crate::distr::form::truncated::{
    Interval, Kernel, Level, Point, Slopes, Start, Truncation, check_bounds, scaled, standardized,
    without_derivatives_at_infinity,
};
use crate::distr::{Continuous, KlDivergence, family, getters};
use crate::implicit::lift_root;
use crate::noise;
use crate::parameter::{LawError, check, refuse};
use crate::quadrature::integrate;
use crate::scalar::{Scalar, ln_sum_exp, math};
use crate::special::{self, is_direct, mills_integral, tail_integral};
use core::f64::consts::FRAC_1_SQRT_2;
use rand::Rng;
use slopes::Moving;

/// The [truncated normal law](https://en.wikipedia.org/wiki/Truncated_normal_distribution) with location μ and scale σ, given that it falls between a lower and an upper
/// bound, each of which may be infinite. μ and σ are those of the law before truncation.
///
/// # Density function
/// f(x) = exp(-((x - μ)/σ)² / 2) / (σ sqrt(2π) (Φ((upper - μ)/σ) - Φ((lower - μ)/σ))) for lower <= x <= upper.
///
/// # Derivatives
/// At fixed uniform noise u, with v = 1 - u and f the density before truncation,
/// dx/dlower = v f(lower)/f(x), dx/dupper = u f(upper)/f(x), dx/dμ = 1 - dx/dlower - dx/dupper, all positive;
/// dx/dσ is the sum of the three, each times the distance in units of σ of x from what moves it. Higher orders follow
/// from the equation v (F(x) - F(lower))/f(x) = u (F(upper) - F(x))/f(x), whose ratios are evaluated without forming F or f.
/// Defined everywhere; an infinite bound carries no derivatives, and neither do bounds so far away that they move a draw
/// by less than 1e-42 of their own movement.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // at 38 standard units, with plain numbers for bounds
/// let [mu, sigma] = Jet::variables([0.0, 1.0]);
/// let law = TruncatedNormal::new(mu, sigma, 38.0.into(), 39.0.into())?;
/// let z = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(38.0 < z.re && z.re < 39.0 && z.eps[0] > 0.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws: exact rejection from the normal law where 0 is inside, from its absolute value near 0, from an exponential law with the
/// best rate in a tail (Robert 1995, "Simulation of truncated normal variables") and from the uniform law in a short interval; at
/// least a third of the proposals is accepted. The derivatives are those at the draw's own probability.
///
/// Quantiles: in the bulk by the normal quantile, in a tail by Halley's method on the integrated hazard, near a bound on
/// the integral from that bound. All exact however far out the interval is and however narrow: at 8, 38 and 1000 σ as at 1.
///
/// Where the density falls off a thin tail, noise is worth little: without truncation dz/du = 1/f explodes there. The
/// hazard of the normal grows like z, so truncated draws crowd at the bound within 1/z; those of
/// [`TruncatedLogistic`](super::TruncatedLogistic), whose hazard tends to 1, spread over a unit of its scale wherever the bound is.
///
/// Mean, variance and entropy are Gauss-Legendre integrals relative to the density at the point nearest to μ, of positive
/// terms: right to about 1e-14 in the far tail and for narrow intervals too. The mode is that point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TruncatedNormal<S> {
    mu: S,
    sigma: S,
    lower: S,
    upper: S,
    kernel: Interior,
}

impl<S: Scalar> TruncatedNormal<S> {
    /// The law with mean `mu` and standard deviation `sigma`, those of the law before truncation, between `lower` and
    /// `upper`.
    ///
    /// # Errors
    /// If `mu` is not in [-1e150, 1e150], `sigma` is not in [1e-150, 1e150], `lower >= upper`, a bound is NaN, or no number in units of the scale
    /// separates the bounds.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert!(TruncatedNormal::new(0.0, 1.0, 8.0, f64::INFINITY).is_ok());
    /// assert_eq!(TruncatedNormal::new(0.0, 1.0, 2.0, 2.0).unwrap_err().parameter(), "lower");
    /// ```
    pub fn new(mu: S, sigma: S, lower: S, upper: S) -> Result<Self, LawError> {
        check!("a truncated normal law", mu: REAL);
        check!("a truncated normal law", sigma: POSITIVE);
        check_bounds!("a truncated normal law", lower, upper);
        let interval = standardized(mu.re(), sigma.re(), lower.re(), upper.re());
        let Some(kernel) = Interior::new(interval) else {
            refuse!("a truncated normal law", upper, upper.re(); "above lower in units of the scale, too")
        };
        let [lower, upper] = [lower, upper].map(without_derivatives_at_infinity);
        Ok(TruncatedNormal { mu, sigma, lower, upper, kernel })
    }
}

family!(TruncatedNormal, LawError, "truncated_normal", [mu, sigma, lower, upper]);
getters!(TruncatedNormal, [mu, sigma, lower, upper]);
law_of!(TruncatedNormal, |law| law.truncation());

impl<S: Scalar> TruncatedNormal<S> {
    #[inline]
    fn truncation(&self) -> Truncation<'_, S, Interior> {
        Truncation { location: self.mu, scale: self.sigma, lower: self.lower, upper: self.upper, kernel: &self.kernel }
    }
}

impl<S: Scalar> KlDivergence<S> for TruncatedNormal<S> {
    /// -h - ln g(m) + v/(2 σ₂²) if the second interval holds the first, with h, m and v the entropy, mean and variance of the first law and
    /// g the density of the second
    fn kl_divergence(&self, other: &Self) -> S {
        if other.lower.re() > self.lower.re() || other.upper.re() < self.upper.re() {
            return S::from(f64::INFINITY);
        }
        // the moments of a truncated normal law always exist
        let (Some(mean), Some(variance)) = (self.mean(), self.variance()) else { return S::from(f64::NAN) };
        let deviation = variance.sqrt().over(other.sigma);
        let divergence = deviation * deviation * 0.5 - self.entropy() - other.ln_pdf(mean);
        if divergence.re() < CLOSE { self.divergence_from_near(other) } else { divergence }
    }
}

/// Divergences below this are taken without the terms of first order, which cancel.
const CLOSE: f64 = 1e-2;

impl<S: Scalar> TruncatedNormal<S> {
    /// E[e^t - 1 - t] with t = ln g - ln f, and the part of the second law that is outside of the first interval.
    fn divergence_from_near(&self, other: &Self) -> S {
        let mean = self.truncation().mean_of(|x| special::exp_m1_minus(other.ln_pdf(x) - self.ln_pdf(x)));
        mean + other.cdf(self.lower) + other.sf(self.upper)
    }
}

/// The standard normal law between two bounds, mirrored if need be so that a + b >= 0.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Interior {
    mirrored: bool,
    a: f64,
    b: f64,
    width: f64,
    /// (Φ(b) - Φ(a)) / φ(a), inf where it overflows
    mass_at_a: f64,
    /// (Φ(b) - Φ(a)) / φ(b)
    mass_at_b: f64,
    part: Part,
    proposal: Proposal,
    moving: Moving,
}

/// What the middle of the interval needs.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    /// 1 is inside: Φ(a), Q(b) and their complement
    Bulk { below: f64, mass: f64, above: f64 },
    /// the hazard at a and its excess over a; Q(b)/Q(a), its logarithm and its complement
    Tail { hazard: f64, excess: f64, outside: f64, ln_outside: f64, inside: f64 },
}

/// What draws are accepted from.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Proposal {
    /// the normal law or, where 0 is not inside, its absolute value
    Normal { folded: bool },
    /// a + E/λ: λ² - a λ = 1 accepts most, at least 0.76 without an upper bound; 1/λ
    Exponential { scale: f64 },
    /// the uniform law; a² if 0, where the density is highest, is inside
    Uniform { rise: f64 },
}

impl Proposal {
    /// The cheapest, or nearly; at least a third of the proposals is accepted.
    #[inline]
    fn new(a: f64, width: f64) -> Self {
        let (bounded, uniform) = match a {
            ..0.0 => (Proposal::Normal { folded: false }, width < 1.8),
            ..0.8 => (Proposal::Normal { folded: true }, width < 0.9),
            _ => {
                let rate = 0.5 * (a + math::sqrt(a * a + 4.0));
                (Proposal::Exponential { scale: 1.0 / rate }, width * rate < 1.2)
            }
        };
        if uniform { Proposal::Uniform { rise: a.min(0.0) * a } } else { bounded }
    }
}

/// The logarithm of a tail that is no double.
const DEEP: f64 = -745.0;

impl Kernel for Interior {
    fn new(interval: Interval<f64>) -> Option<Self> {
        let mirrored = interval.a + interval.b < 0.0;
        let Interval { a, b, width } = if mirrored { interval.mirrored() } else { interval };
        let exponent = 0.5 * width * (a + b);
        if !(width > 1e-300 && a < 1e50) {
            return None;
        }
        let mass_at_a = if is_direct(a, width) {
            mills_integral(a, width)
        } else {
            math::exp(0.5 * a * a) * (from_zero(-a) + from_zero(b))
        };
        let part = if a < 1.0 {
            let (below, above) = (special::normal_cdf(a), special::normal_sf(b));
            let mass = if is_direct(a, width) { mass_at_a * special::normal_pdf(a) } else { 1.0 - (below + above) };
            Part::Bulk { below, mass, above }
        } else {
            let (hazard, excess) = (special::normal_hazard(a), special::normal_hazard_excess(a));
            let ln_outside = -survived(a, hazard, excess, width).0;
            Part::Tail { hazard, excess, ln_outside, outside: math::exp(ln_outside), inside: -math::exp_m1(ln_outside) }
        };
        let mass_at_b = match part {
            _ if b == f64::INFINITY => b,
            Part::Bulk { mass, .. } if mass_at_a.is_infinite() || exponent.is_nan() => mass / special::normal_pdf(b),
            _ => mass_at_a * math::exp(exponent),
        };
        let mass = match part {
            Part::Bulk { mass, .. } => mass,
            Part::Tail { .. } => f64::NAN,
        };
        let moving = Moving::new(Interval { a, b, width }, [mass_at_a, mass_at_b], mass);
        let proposal = Proposal::new(a, width);
        Some(Interior { mirrored, a, b, width, mass_at_a, mass_at_b, part, proposal, moving })
    }

    #[inline]
    fn solve(&self, level: Level<f64>) -> Point<f64> {
        let level = if self.mirrored { level.mirrored() } else { level };
        let point = self.solve_mirrored(level);
        if self.mirrored { point.mirrored() } else { point }
    }

    #[inline(always)]
    fn slopes(&self, point: Point<f64>) -> Option<Slopes> {
        Some(if self.mirrored { self.moving.slopes(point.mirrored()).mirrored() } else { self.moving.slopes(point) })
    }

    #[inline(always)]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> (Point<f64>, Start) {
        let (point, start) = self.draw_mirrored(rng);
        match start {
            _ if !self.mirrored => (point, start),
            Start::Location => (point.mirrored(), Start::Location),
            _ => (point.mirrored(), Start::Upper),
        }
    }

    #[inline]
    fn ln_density(z: f64) -> f64 {
        -0.5 * z * z
    }

    /// The integral is taken from the end where the density is higher, unless it changes little.
    fn below<S: Scalar>(weight: S, ln_weight: S, z: S, d: S) -> S {
        let start = z - d;
        if is_direct(-z.re(), d.re()) {
            weight * mills_integral(-z, d)
        } else if start.re() >= 0.0 {
            scaled(weight, ln_weight, (z + start) * d * 0.5) * mills_integral(start, d)
        } else {
            scaled(weight, ln_weight, z * z * 0.5) * (from_zero(z) + from_zero_or_infinity(-start))
        }
    }

    fn below_per_length<S: Scalar>(z: S, d: S) -> S {
        integrate(S::from(0.0), S::from(1.0), 1, |t| {
            let s = d * t;
            (s * (z - s * 0.5)).exp()
        })
    }

    fn ln_cdf<S: Scalar>(interval: Interval<S>, point: Point<S>) -> S {
        let Interval { a, b, width } = interval;
        let Point { z, from_a, to_b } = point;
        if a.re() >= 0.0 {
            mills_integral(a, from_a).ln() - mills_integral(a, width).ln()
        } else if b.re() <= 0.0 {
            // both relative to φ(b)
            to_b * (z + b) * 0.5 + mills_integral(-z, from_a).ln() - mills_integral(-b, width).ln()
        } else {
            ln_piece(a, z, from_a) - ln_piece(a, b, width)
        }
    }

    fn ln_pdf<S: Scalar>(interval: Interval<S>, point: Point<S>) -> S {
        let Interval { a, b, width } = interval;
        let Point { z, from_a, to_b } = point;
        if a.re() >= 0.0 {
            from_a * (z + a) * -0.5 - mills_integral(a, width).ln()
        } else if b.re() <= 0.0 {
            to_b * (z + b) * 0.5 - mills_integral(-b, width).ln()
        } else {
            z * z * -0.5 - ln_piece(a, b, width)
        }
    }

    /// Beyond c = 8, from the bound nearer to the location: at (distance) = y/c the density is exp(-y - w y²/2) of that at the
    /// bound, w = 1/c², and y hardly depends on c. Not where the other bound moves the point more.
    fn far<S: Scalar>(truncation: &Truncation<S, Self>, level: Level<S>, point: Point<f64>) -> Option<S> {
        let Interval { a, b, width } = truncation.interval();
        // of tails far below all doubles the weights are differences of large logarithms; what is left of the normal law's own tail beyond the
        // one bound is a product, where the other is as good as infinite
        let nothing_beyond = |end: f64| (end - point.z) * (end + point.z) > 4000.0;
        let of_normal = |ln: S, bound: S| special::normal_isf_ln(ln + special::normal_ln_sf(bound));
        if level.ln_v.re() < DEEP && point.from_a > 1.0 && nothing_beyond(b.re()) {
            return Some(truncation.location + truncation.scale * of_normal(level.ln_v, a));
        }
        if level.ln_u.re() < DEEP && point.to_b > 1.0 && nothing_beyond(a.re()) {
            return Some(truncation.location - truncation.scale * of_normal(level.ln_u, -b));
        }
        let (c, end, distance, level, sign) = if a.re() > 8.0 {
            (a, truncation.lower, point.from_a, level, 1.0)
        } else if b.re() < -8.0 {
            (-b, truncation.upper, point.to_b, level.mirrored(), -1.0)
        } else {
            return None;
        };
        let w = (c * c).recip();
        let y0 = c.re() * distance;
        // beyond e^-2000 of the density at the point there might as well be no bound
        let length = if width.re() * c.re() > 2000.0 - level.ln_v.re() { S::from(f64::INFINITY) } else { width * c };
        let fall = |y: f64| y * (1.0 + 0.5 * w.re() * y);
        if level.ln_v.re() < level.ln_u.re() - fall(length.re()) - 7.0 {
            return None;
        }
        let y = lift_root(y0, |y: S| {
            let slope = w * y + 1.0;
            let below = scaled(level.v, level.ln_v, y * (w * y * 0.5 + 1.0)) * tail_integral(w, y);
            let rest = if length.re().is_infinite() { length } else { (length - y) * slope };
            let above = level.u * tail_integral(w.over(slope * slope), rest).over(slope);
            (below - above).with_re(0.0)
        });
        Some(end + truncation.scale * y.over(c) * sign)
    }

    /// r t + t²/2 = 45
    fn reach(r: f64) -> f64 {
        90.0 / (r + math::sqrt(r * r + 90.0))
    }

    const PANELS: usize = 7;
}

impl Interior {
    /// A draw where a + b >= 0, made from a or from the location.
    ///
    /// Inlined with all its loops: behind a call, the generator's state and the point would go through memory.
    #[inline(always)]
    fn draw_mirrored<R: Rng + ?Sized>(&self, rng: &mut R) -> (Point<f64>, Start) {
        let &Interior { a, b, .. } = self;
        if let Proposal::Normal { folded: false } = self.proposal {
            loop {
                let z = noise::normal(rng);
                if a < z && z < b {
                    return (Point { z, from_a: z - a, to_b: b - z }, Start::Location);
                }
            }
        }
        self.draw_otherwise(rng)
    }

    #[inline(always)]
    fn draw_otherwise<R: Rng + ?Sized>(&self, rng: &mut R) -> (Point<f64>, Start) {
        let &Interior { a, b, width, .. } = self;
        match self.proposal {
            Proposal::Normal { .. } => loop {
                let z = noise::normal(rng).abs();
                if a < z && z < b {
                    return (Point { z, from_a: z - a, to_b: b - z }, Start::Location);
                }
            },
            Proposal::Exponential { scale } => loop {
                let d = scale * noise::exponential(rng);
                if d < width && 2.0 * noise::exponential(rng) >= (d - scale) * (d - scale) {
                    return (Point { z: a + d, from_a: d, to_b: width - d }, Start::Lower);
                }
            },
            Proposal::Uniform { rise } => loop {
                let t = noise::uniform(rng);
                let d = width * t;
                if 2.0 * noise::exponential(rng) >= rise + d * (2.0 * a + d) {
                    return (Point { z: a + d, from_a: d, to_b: width * (1.0 - t) }, Start::Lower);
                }
            },
        }
    }

    /// The point of a level where a + b >= 0.
    fn solve_mirrored(&self, level: Level<f64>) -> Point<f64> {
        let &Interior { a, b, width, .. } = self;
        let (from_a, to_b) = (level.u * self.mass_at_a, level.v * self.mass_at_b);
        if level.u <= level.v && from_a * a.abs().max(1.0) <= 0.5 {
            let d = near(a, from_a).min(width);
            return Point { z: a + d, from_a: d, to_b: width - d };
        }
        if level.v < level.u && to_b * b.max(1.0) <= 0.5 {
            let d = near(-b, to_b).min(width);
            return Point { z: b - d, from_a: width - d, to_b: d };
        }
        match self.part {
            Part::Bulk { below, mass, above } => {
                let (p, q) = (below + level.u * mass, above + level.v * mass);
                let z = if p < 1e-290 {
                    special::normal_quantile_ln(ln_sum_exp(&[special::normal_ln_cdf(a), level.ln_u + math::ln(mass)]))
                } else if p < q {
                    special::normal_quantile(p)
                } else if q > 1e-290 {
                    special::normal_isf(q)
                } else {
                    special::normal_isf_ln(ln_sum_exp(&[special::normal_ln_sf(b), level.ln_v + math::ln(mass)]))
                };
                let z = z.clamp(a, b);
                Point { z, from_a: z - a, to_b: b - z }
            }
            Part::Tail { hazard, excess, outside, ln_outside, inside } => {
                // E = ln(1 - F(a)) - ln(1 - F(z)) of the untruncated law
                let rest = level.v + level.u * outside;
                let e = if rest > 0.5 {
                    -math::ln_1p(-level.u * inside)
                } else if rest > 1e-290 {
                    -math::ln(rest)
                } else {
                    -ln_sum_exp(&[level.ln_v, level.ln_u + ln_outside])
                };
                if e > 1e300 {
                    let z = special::normal_isf_ln(special::normal_ln_sf(a) - e).min(b);
                    return Point { z, from_a: z - a, to_b: b - z };
                }
                let mut d = 2.0 * e / (hazard + math::sqrt(hazard * (hazard + 2.0 * e * excess / hazard)));
                for _ in 0..20 {
                    let (value, hazard_at_z, excess_at_z) = survived(a, hazard, excess, d);
                    let newton = (value - e) / hazard_at_z;
                    let step = newton / (1.0 - 0.5 * newton * excess_at_z);
                    d -= step;
                    if step.abs() <= 1e-9 * d || step.is_nan() {
                        break;
                    }
                }
                let d = d.clamp(0.0, width);
                Point { z: a + d, from_a: d, to_b: width - d }
            }
        }
    }
}

/// ln Q(a) - ln Q(a + d), and the hazard and its excess at a + d.
#[inline]
fn survived(a: f64, hazard: f64, excess: f64, d: f64) -> (f64, f64, f64) {
    let at_z = special::normal_hazard_excess(a + d);
    let grown = (d + (at_z - excess)) / hazard;
    (d * (a + 0.5 * d) + math::ln_1p(grown), a + d + at_z, at_z)
}

/// The d with J(c, d) = p, for |c| p and p at most 1/2: Halley's method from the solution without t²/2 and the first terms
/// in p of what that adds.
fn near(c: f64, p: f64) -> f64 {
    let without = if c == 0.0 { p } else { -math::ln_1p(-c * p) / c };
    let added = p * p * p * (1.0 / 6.0 + c * p * (7.0 / 24.0) + p * p * (7.0 + 46.0 * c * c) / 120.0);
    let mut d = without + added;
    for _ in 0..20 {
        let newton = (mills_integral(c, d) - p) * math::exp(d * (c + 0.5 * d));
        let step = newton / (1.0 + 0.5 * newton * (c + d));
        d -= step;
        // the error left is the cube of this
        if step.abs() <= 5e-6 * d || step.is_nan() {
            break;
        }
    }
    d
}

/// sqrt(π/2)
const SQRT_FRAC_PI_2: f64 = 1.2533141373155003;

/// ∫_0^x exp(-t²/2) dt.
#[inline]
fn from_zero<S: Scalar>(x: S) -> S {
    special::erf(x * FRAC_1_SQRT_2) * SQRT_FRAC_PI_2
}

#[inline]
fn from_zero_or_infinity<S: Scalar>(x: S) -> S {
    from_zero(without_derivatives_at_infinity(x))
}

/// ln ∫_x^y exp(-t²/2) dt over a piece of length h.
fn ln_piece<S: Scalar>(x: S, y: S, h: S) -> S {
    if x.re() >= 0.0 {
        x * x * -0.5 + mills_integral(x, h).ln()
    } else if y.re() <= 0.0 {
        y * y * -0.5 + mills_integral(-y, h).ln()
    } else {
        (from_zero_or_infinity(-x) + from_zero_or_infinity(y)).ln()
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    /// With the lower bound at the location the mean is h and the variance 1 - h² in units of the scale, h = sqrt(2/π); their
    /// derivatives in the bound are h² and h - 2 h³.
    #[test]
    fn moments_move_with_a_bound_at_the_location() {
        let h = (2.0 / core::f64::consts::PI).sqrt();
        for sign in [1.0, -1.0] {
            let [mu, sigma, bound] = Jet::variables([0.0, 1.0, 0.0]);
            let infinite = Jet::from(sign * f64::INFINITY);
            let [lower, upper] = if sign > 0.0 { [bound, infinite] } else { [infinite, bound] };
            let law = TruncatedNormal::new(mu, sigma, lower, upper).unwrap();
            let (mean, variance) = (law.mean().unwrap(), law.variance().unwrap());
            let slope = h - 2.0 * h.powi(3);
            for (found, want) in [
                (mean.re, sign * h),
                (mean.eps[0], 1.0 - h * h),
                (mean.eps[1], sign * h),
                (mean.eps[2], h * h),
                (variance.eps[0], -sign * slope),
                (variance.eps[2], sign * slope),
                (law.mode().unwrap().re, 0.0),
            ] {
                assert!((found - want).abs() < 1e-14, "{sign}: {found} {want}");
            }
        }
    }

    /// Of close laws, by mpmath: of second order unless the interval grows.
    #[test]
    fn divergence_of_close_laws() {
        let infinity = f64::INFINITY;
        for (first, second, want, bound) in [
            // where the steps and standardized bounds are rounded
            ([0.5898, 0.0707, 0.8808, 66.0], [0.5899, 0.0707, 0.8808, 66.0], 4.468_557_146_291_575_4e-8, 1e-10),
            ([0.0, 1.0, -1.0, 2.0], [1e-6, 1.0, -1.0, 2.0], 2.5988128974985363e-13, 1e-9),
            ([0.0, 1.0, -1.0, 2.0], [0.0, 1.0, -1.0, 2.01], 6.527_810_720_038_167e-4, 1e-12),
            ([0.0, 1.0, 8.0, infinity], [0.0, 1.01, 8.0, infinity], 1.911_571_050_266_810_6e-4, 1e-10),
        ] {
            let [law, other] = [first, second].map(|[mu, sigma, a, b]| TruncatedNormal::new(mu, sigma, a, b).unwrap());
            let got = law.kl_divergence(&other);
            assert!((got / want - 1.0).abs() < bound, "{got:e} for {want:e}");
            assert_eq!(law.kl_divergence(&law), 0.0);
        }
    }
}

//! A symmetric law of location and scale between two bounds: what is the same whatever the law.
//!
//! In standard units let z be the point and δ, ζ >= 0 its distances from the bounds. With lower probability u and upper
//! probability v = 1 - u the point solves
//!
//! v A = u B,   A = (F(z) - F(z - δ)) / f(z),   B = (F(z + ζ) - F(z)) / f(z).
//!
//! The equation knows no far tail: A and B are ratios. All of z, δ and ζ are carried, none rebuilt from rounded others. The
//! derivative of v A - u B in z is 1 where it vanishes, and its derivatives in location and bounds at a fixed point are
//! v A_z and -u B_z, v A_δ, u B_ζ, all of one sign: nothing cancels, however narrow the interval.

use super::{Form, Moments, NearEnd, bounded, exp};
use crate::implicit::lift_root;
use crate::parameter::in_range;
use crate::quadrature::gauss_legendre::integrate;
use crate::scalar::{Scalar, math};
use rand::Rng;

/// Bounds in standard units, and their distance.
#[derive(Clone, Copy)]
pub(crate) struct Interval<S> {
    pub a: S,
    pub b: S,
    pub width: S,
}

/// A point inside, with its distances from the two bounds.
#[derive(Clone, Copy)]
pub(crate) struct Point<S> {
    pub z: S,
    pub from_a: S,
    pub to_b: S,
}

/// A bound, or the location.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Start {
    Lower,
    Upper,
    Location,
}

/// How far a point moves with what defines the law; all but that of the scale are positive and their sum is 1.
#[derive(Clone, Copy)]
pub(crate) struct Slopes {
    pub lower: f64,
    pub upper: f64,
    pub location: f64,
    pub scale: f64,
}

impl Slopes {
    /// From those of bounds and location; good unless the interval is so short that what is left of the scale's is small beside them.
    pub fn new(point: Point<f64>, lower: f64, upper: f64, location: f64) -> Self {
        // 0 where a bound is infinite
        let moment = |share: f64, distance: f64| if share > 0.0 { share * distance } else { 0.0 };
        let scale = point.z * location + moment(lower, point.from_a) - moment(upper, point.to_b);
        Slopes { lower, upper, location, scale }
    }

    pub fn mirrored(self) -> Self {
        Slopes { lower: self.upper, upper: self.lower, location: self.location, scale: -self.scale }
    }
}

/// A lower probability, the upper one, and their logarithms for where they underflow.
#[derive(Clone, Copy)]
pub(crate) struct Level<S> {
    pub u: S,
    pub v: S,
    pub ln_u: S,
    pub ln_v: S,
}

impl<S: Scalar> Interval<S> {
    pub fn mirrored(self) -> Self {
        Interval { a: -self.b, b: -self.a, width: self.width }
    }
}

impl<S: Scalar> Point<S> {
    pub fn mirrored(self) -> Self {
        Point { z: -self.z, from_a: self.to_b, to_b: self.from_a }
    }
}

impl<S: Scalar> Level<S> {
    pub fn lower(u: S) -> Self {
        Level { u, v: -u + 1.0, ln_u: u.ln(), ln_v: (-u).ln_1p() }
    }

    fn lower_ln(ln_u: S) -> Self {
        Level { u: ln_u.exp(), v: -ln_u.exp_m1(), ln_u, ln_v: ln_u.ln_1m_exp() }
    }

    pub fn mirrored(self) -> Self {
        Level { u: self.v, v: self.u, ln_u: self.ln_v, ln_v: self.ln_u }
    }

    fn map<T>(self, f: impl Fn(S) -> T) -> Level<T> {
        Level { u: f(self.u), v: f(self.v), ln_u: f(self.ln_u), ln_v: f(self.ln_v) }
    }

    fn re(self) -> Level<f64> {
        self.map(S::re)
    }
}

/// weight e^exponent, from the logarithm of the weight where the power would overflow.
#[inline]
pub(crate) fn scaled<S: Scalar>(weight: S, ln_weight: S, exponent: S) -> S {
    if exponent.re() < 600.0 { weight * exponent.exp() } else { (ln_weight + exponent).exp() }
}

/// A standard law, symmetric about its mode 0, with what is worth keeping of an interval.
pub(crate) trait Kernel: Copy {
    /// What an interval needs; `None` where it has no mass.
    fn new(interval: Interval<f64>) -> Option<Self>;

    /// The point of a level strictly inside (0, 1).
    fn solve(&self, level: Level<f64>) -> Point<f64>;

    /// How a point moves at a fixed level; `None` where the kernel has no closed form.
    fn slopes(&self, point: Point<f64>) -> Option<Slopes>;

    /// A draw, and where the distance starts that it is made of.
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> (Point<f64>, Start);

    /// ln f(z), up to a constant.
    fn ln_density(z: f64) -> f64;

    /// weight (F(z) - F(z - d)) / f(z).
    fn below<S: Scalar>(weight: S, ln_weight: S, z: S, d: S) -> S;

    /// (F(z) - F(z - d)) / (d f(z)), for short d.
    fn below_per_length<S: Scalar>(z: S, d: S) -> S;

    /// The logarithm of the probability of [a, z], given that of [a, b]; accurate unless it is near 0.
    fn ln_cdf<S: Scalar>(interval: Interval<S>, point: Point<S>) -> S;

    /// The logarithm of the density at z, given the interval.
    fn ln_pdf<S: Scalar>(interval: Interval<S>, point: Point<S>) -> S;

    /// How much of an interval of width up to 1/2 is below the point of a level, where the kernel has a closed form: that of the half which
    /// begins at the bound.
    fn fraction<S: Scalar>(_interval: Interval<S>, _level: Level<S>) -> Option<S> {
        None
    }

    /// The point of a level by a form of its own far in the tail, where the kernel has one; `None` elsewhere.
    fn far<S: Scalar>(_truncation: &Truncation<S, Self>, _level: Level<S>, _point: Point<f64>) -> Option<S> {
        None
    }

    /// How far from a point r >= 0 the density matters: beyond, it is below e^-45 of that at r.
    fn reach(r: f64) -> f64;

    /// How many panels a quadrature needs on that length.
    const PANELS: usize;
}

/// A kernel in its place.
#[derive(Clone, Copy)]
pub(crate) struct Truncation<'a, S, K> {
    pub location: S,
    pub scale: S,
    pub lower: S,
    pub upper: S,
    pub kernel: &'a K,
}

/// Whether a bound is infinite or a number in the range of parameters.
#[inline]
pub(crate) fn is_bound<S: Scalar>(x: S) -> bool {
    x.re().is_infinite() || in_range(x)
}

/// Refuses bounds that are out of range or not in order.
macro_rules! check_bounds {
    ($law:literal, $lower:ident, $upper:ident) => {
        $crate::parameter::check!(
            $law, $lower: "infinite or in [-1e150, 1e150]" if $crate::distr::form::truncated::is_bound($lower)
        );
        $crate::parameter::check!(
            $law, $upper: "infinite or in [-1e150, 1e150]" if $crate::distr::form::truncated::is_bound($upper)
        );
        $crate::parameter::check!($law, $lower: "below the upper bound" if $lower.re() < $upper.re());
    };
}
pub(crate) use check_bounds;

/// An end of the interval or anything else that may be infinite: then it does not depend on any parameter.
#[inline]
pub(crate) fn without_derivatives_at_infinity<S: Scalar>(x: S) -> S {
    if x.re().is_infinite() { S::from(x.re()) } else { x }
}

/// The interval in standard units.
pub(crate) fn standardized<S: Scalar>(location: S, scale: S, lower: S, upper: S) -> Interval<S> {
    let standard = |x: S, origin: S| {
        if x.re().is_infinite() { x } else { (x - origin).over(scale) }
    };
    let width = if lower.re().is_infinite() || upper.re().is_infinite() {
        S::from(f64::INFINITY)
    } else {
        standard(upper, lower)
    };
    Interval { a: standard(lower, location), b: standard(upper, location), width }
}

impl<S: Scalar, K: Kernel> Truncation<'_, S, K> {
    pub fn interval(&self) -> Interval<S> {
        standardized(self.location, self.scale, self.lower, self.upper)
    }

    fn point(&self, x: S) -> Point<S> {
        let interval = standardized(x, self.scale, self.lower, self.upper);
        Point { z: (x - self.location).over(self.scale), from_a: -interval.a, to_b: interval.b }
    }

    /// The root of v A = u B with its derivatives.
    ///
    /// x moves with lower bound, upper bound and location by v f(a)/f(z), u f(b)/f(z) and what they leave to 1. It is sought
    /// as a distance from the one that moves it most: then the small ones come out with all their digits.
    fn at(&self, level: Level<S>) -> S {
        let point = self.kernel.solve(level.re());
        let x = self.place(point);
        if S::ORDER == 0 { S::from(x) } else { self.lift(level, point).with_re(x) }
    }

    /// A point of known level with its derivatives.
    fn lift(&self, level: Level<S>, point: Point<f64>) -> S {
        let plain = level.re();
        let Interval { a, b, width } = self.interval();
        if width.re() <= 0.5
            && let Some(narrow) = self.lift_by_fraction(level, point)
        {
            return narrow;
        }
        if width.re() <= 0.5 && width.re() * a.re().abs().max(b.re().abs()) <= 2.0 {
            return self.lift_fraction(level, point);
        }
        if let Some(far) = K::far(self, level, point) {
            return far;
        }
        let share = |ln_weight: f64, end: f64| math::exp(ln_weight + K::ln_density(end) - K::ln_density(point.z));
        let (by_lower, by_upper) = (share(plain.ln_v, a.re()), share(plain.ln_u, b.re()));
        let by_location = 1.0 - by_lower - by_upper;
        // bounds that pass on less than that of their own movement are as good as infinite
        let free = by_lower + by_upper < 1e-42;
        // so is one beyond all density, whose powers might overflow
        let beyond = |end: f64| free || K::ln_density(end) - K::ln_density(point.z) < -2000.0;
        let (no_lower, no_upper) = (beyond(a.re()), beyond(b.re()));
        let residual = |z: S, from_a: S, to_b: S| {
            let z = z.with_re(point.z);
            let infinite = S::from(f64::INFINITY);
            let from_a = if no_lower { infinite } else { from_a.with_re(point.from_a) };
            let to_b = if no_upper { infinite } else { to_b.with_re(point.to_b) };
            let below = K::below(level.v, level.ln_v, z, from_a);
            let above = K::below(level.u, level.ln_u, -z, to_b);
            (below - above).with_re(0.0)
        };
        if by_lower >= by_upper && by_lower >= by_location {
            self.lower + self.scale * lift_root(point.from_a, |d| residual(a + d, d, width - d))
        } else if by_upper >= by_location {
            self.upper - self.scale * lift_root(point.to_b, |d| -residual(b - d, width - d, d))
        } else {
            self.location + self.scale * lift_root(point.z, |z| residual(z, z - a, b - z))
        }
    }

    /// The same in a narrow interval, where the law is nearly uniform: x as a fraction of it, so that what scales with the
    /// width drops out and the small rest keeps its digits.
    fn lift_fraction(&self, level: Level<S>, point: Point<f64>) -> S {
        let Interval { a, b, width } = self.interval();
        let length = self.upper - self.lower;
        let residual = |z: S, f: S, g: S| {
            let below = level.v * f * K::below_per_length(z, f * width);
            let above = level.u * g * K::below_per_length(-z, g * width);
            (below - above).with_re(0.0)
        };
        if point.from_a <= point.to_b {
            self.lower + length * lift_root(point.from_a / width.re(), |f: S| residual(a + f * width, f, -f + 1.0))
        } else {
            self.upper - length * lift_root(point.to_b / width.re(), |g: S| -residual(b - g * width, -g + 1.0, g))
        }
    }

    /// The same by the kernel's closed form, if it has one.
    fn lift_by_fraction(&self, level: Level<S>, point: Point<f64>) -> Option<S> {
        let (interval, length) = (self.interval(), self.upper - self.lower);
        Some(if point.from_a <= point.to_b {
            self.lower + length * K::fraction(interval, level)?
        } else {
            self.upper - length * K::fraction(interval.mirrored(), level.mirrored())?
        })
    }

    /// The value of x, from the nearest of the two bounds and the location.
    #[inline]
    fn place(&self, point: Point<f64>) -> f64 {
        let (location, scale, lower, upper) = (self.location.re(), self.scale.re(), self.lower.re(), self.upper.re());
        let near = 1.0 + point.z.abs();
        let x = if point.from_a <= point.to_b && point.from_a <= near {
            lower + scale * point.from_a
        } else if point.to_b <= near {
            upper - scale * point.to_b
        } else {
            location + scale * point.z
        };
        x.clamp(lower, upper)
    }

    /// The value of x, from where the law's draws start: the nearest of the three is a branch that draws make unpredictable.
    #[inline]
    fn place_draw(&self, point: Point<f64>, start: Start) -> f64 {
        let (location, scale, lower, upper) = (self.location.re(), self.scale.re(), self.lower.re(), self.upper.re());
        let x = match start {
            Start::Lower => lower + scale * point.from_a,
            Start::Upper => upper - scale * point.to_b,
            Start::Location => location + scale * point.z,
        };
        x.clamp(lower, upper)
    }

    /// Inlined: through a call the point would go through memory, which what follows would wait for.
    #[inline(always)]
    fn lift_draw(&self, point: Point<f64>) -> S {
        if S::ORDER == 1
            && let Some(slopes) = self.kernel.slopes(point)
        {
            let moved = |x: S, slope: f64| x.with_re(0.0) * slope;
            return moved(self.lower, slopes.lower)
                + moved(self.upper, slopes.upper)
                + moved(self.location, slopes.location)
                + moved(self.scale, slopes.scale);
        }
        self.lift_at_level(point)
    }

    /// The same at any order, by the level of the draw.
    fn lift_at_level(&self, point: Point<f64>) -> S {
        let below = K::below(1.0, 0.0, point.z, point.from_a);
        let above = K::below(1.0, 0.0, -point.z, point.to_b);
        let [u, v] = [below, above].map(|part| part / (below + above));
        let level = Level { u, v, ln_u: math::ln(u), ln_v: math::ln(v) };
        self.lift(level.map(S::from), point)
    }

    fn mirrored(&self) -> Self {
        Truncation { location: -self.location, lower: -self.upper, upper: -self.lower, ..*self }
    }

    /// The inverse of ln F by level, the ends of the support included.
    fn inverse(&self, level: Level<S>) -> S {
        let Level { u, v, ln_u, ln_v } = level.re();
        if u.is_nan() || v.is_nan() || u < 0.0 || v < 0.0 {
            S::from(f64::NAN)
        } else if ln_u == f64::NEG_INFINITY {
            self.lower
        } else if ln_v == f64::NEG_INFINITY {
            self.upper
        } else {
            self.at(level)
        }
    }

    fn place_of(&self, start: Start) -> S {
        match start {
            Start::Lower => self.lower,
            Start::Upper => self.upper,
            Start::Location => self.location,
        }
    }

    /// Where distances are counted from in moments: the nearer bound where the location is outside, or inside of a short interval, which moves
    /// with its bounds and hardly with the location.
    fn start(&self) -> Start {
        let Interval { a, b, width } = self.interval();
        let (a, b, width) = (a.re(), b.re(), width.re());
        if a > 0.0 || width < 1.0 && -a <= b {
            Start::Lower
        } else if b < 0.0 || width < 1.0 {
            Start::Upper
        } else {
            Start::Location
        }
    }

    /// ∫ g(t, ln f) f dt / ∫ f dt, t the distance from the start in standard units.
    fn expectation(&self, g: impl Fn(S, S) -> S) -> S {
        let Interval { a, b, width } = self.interval();
        let reach = S::from(K::reach(a.re().max(-b.re()).max(0.0)));
        let start = self.start();
        let at = |t: S| match start {
            Start::Lower => Point { z: a + t, from_a: t, to_b: width - t },
            Start::Upper => Point { z: b + t, from_a: width + t, to_b: -t },
            Start::Location => Point { z: t, from_a: t - a, to_b: b - t },
        };
        // below and above the start
        let (down, up) = match start {
            Start::Lower => (None, Some(width.min(reach))),
            Start::Upper => (Some((-width).max(-reach)), None),
            Start::Location => (Some(a.max(-reach)), Some(b.min(reach))),
        };
        let (mut mass, mut sum) = (S::from(0.0), S::from(0.0));
        // a part of length 0 has derivatives: the sign is that of the side, not that of the end
        for (end, step) in [(down, -1.0), (up, 1.0)] {
            let Some(end) = end else { continue };
            let panels = 1 + (end.re().abs() / reach.re() * K::PANELS as f64) as usize;
            let part = |g: &dyn Fn(S, S) -> S| {
                integrate(S::from(0.0), end, panels, |t| {
                    let ln_pdf = K::ln_pdf(self.interval(), at(t));
                    ln_pdf.exp() * g(t, ln_pdf)
                }) * step
            };
            mass += part(&|_, _| S::from(1.0));
            sum += part(&g);
        }
        sum.over(mass)
    }

    /// E[g(X)]
    pub fn mean_of(&self, g: impl Fn(S) -> S) -> S {
        self.expectation(|t, _| {
            let x = self.place_of(self.start()) + self.scale * t;
            g(x.with_re(x.re().clamp(self.lower.re(), self.upper.re())))
        })
    }
}

impl<S: Scalar, K: Kernel> Form<S> for Truncation<'_, S, K> {
    type Noise = (Point<f64>, Start);

    /// A draw of the kernel.
    #[inline(always)]
    fn noise<R: Rng + ?Sized>(&self, rng: &mut R) -> (Point<f64>, Start) {
        self.kernel.draw(rng)
    }

    /// The derivatives are those at the level of the draw, v : u = B : A.
    #[inline(always)]
    fn sample_of(&self, (point, start): (Point<f64>, Start)) -> S {
        let x = self.place_draw(point, start);
        if S::ORDER == 0 { S::from(x) } else { self.lift_draw(point).with_re(x) }
    }

    fn support(&self) -> (S, S) {
        (self.lower, self.upper)
    }

    fn near_end(&self, upper: bool, d: S) -> Option<NearEnd<S>> {
        let x = if upper { self.upper - d } else { self.lower + d };
        Some(NearEnd::smooth(Form::ln_pdf(self, x)))
    }

    fn ln_pdf(&self, x: S) -> S {
        if x.re() < self.lower.re() || x.re() > self.upper.re() || x.re().is_infinite() {
            return S::from(f64::NEG_INFINITY);
        }
        K::ln_pdf(self.interval(), self.point(x)) - self.scale.ln()
    }

    fn pdf(&self, x: S) -> S {
        exp(self.ln_pdf(x))
    }

    fn cdf(&self, x: S) -> S {
        if x.re() <= self.lower.re() { S::from(0.0) } else { exp(self.ln_cdf(x)) }
    }

    fn sf(&self, x: S) -> S {
        self.mirrored().cdf(-x)
    }

    fn ln_cdf(&self, x: S) -> S {
        if x.re() <= self.lower.re() {
            return S::from(f64::NEG_INFINITY);
        }
        if x.re() >= self.upper.re() {
            return S::from(0.0);
        }
        let (interval, point) = (self.interval(), self.point(x));
        let lower = K::ln_cdf(interval, point);
        if lower.re() > -0.7 { bounded(K::ln_cdf(interval.mirrored(), point.mirrored())).ln_1m_exp() } else { lower }
    }

    fn ln_sf(&self, x: S) -> S {
        self.mirrored().ln_cdf(-x)
    }

    fn quantile(&self, p: S) -> S {
        self.inverse(Level::lower(p))
    }

    fn isf(&self, q: S) -> S {
        self.inverse(Level::lower(q).mirrored())
    }

    fn quantile_ln(&self, ln_p: S) -> S {
        self.inverse(Level::lower_ln(ln_p))
    }

    fn isf_ln(&self, ln_q: S) -> S {
        self.inverse(Level::lower_ln(ln_q).mirrored())
    }

    fn entropy(&self) -> S {
        self.expectation(|_, ln_pdf| -ln_pdf) + self.scale.ln()
    }

    fn median(&self) -> S {
        self.quantile(S::from(0.5))
    }
}

impl<S: Scalar, K: Kernel> Moments<S> for Truncation<'_, S, K> {
    fn mean(&self) -> Option<S> {
        Some(self.place_of(self.start()) + self.scale * self.expectation(|t, _| t))
    }

    fn variance(&self) -> Option<S> {
        let mean = self.expectation(|t, _| t);
        let variance = self.expectation(|t, _| (t - mean) * (t - mean));
        Some(self.scale * self.scale * variance)
    }

    fn mode(&self) -> Option<S> {
        let Interval { a, b, .. } = self.interval();
        // the point nearest to the location
        Some(if a.re() > 0.0 {
            self.lower
        } else if b.re() < 0.0 {
            self.upper
        } else {
            self.location
        })
    }
}

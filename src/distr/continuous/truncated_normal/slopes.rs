//! How a point of the truncated normal law moves with bounds, location and scale, in closed form.

use super::from_zero;
use crate::distr::form::truncated::{Interval, Point, Slopes};
use crate::quadrature::short_nodes;
use crate::scalar::math;
use crate::special;
use core::array;

/// What slopes need of an interval with a + b >= 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moving {
    a: f64,
    b: f64,
    width: f64,
    /// (Φ(b) - Φ(a))/φ(a)
    mass_at_a: f64,
    at_a: Outer,
    at_b: Outer,
    ends: [End; 2],
    /// φ(0) over Φ(b) - Φ(a), where a < 0.
    at_0: f64,
    /// Where the density changes little: how many terms its series needs.
    terms: Option<usize>,
}

/// A bound: the density there and the probability beyond it, over Φ(b) - Φ(a), and the mean's distance from it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct End {
    density: f64,
    /// Where a < 0.
    beyond: f64,
    mean: f64,
}

/// The normal law beyond a point on its side of 0: Q/φ at |z|, and the excess of its reciprocal over |z|.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Outer {
    mills: f64,
    excess: f64,
}

impl Outer {
    #[inline]
    fn new(z: f64) -> Self {
        let excess = special::quick_hazard_excess(z.abs());
        Outer { mills: 1.0 / (z.abs() + excess), excess }
    }

    /// Q/φ here less that at a point farther out by `distance`, without the difference.
    #[inline]
    fn fall_to(self, other: Outer, distance: f64) -> f64 {
        (distance + (other.excess - self.excess)) * self.mills * other.mills
    }
}

/// The smallest part that a slope may be of the terms it is the difference of.
const KEPT: f64 = 1.0 / 32.0;

impl Moving {
    pub fn new(Interval { a, b, width }: Interval<f64>, [mass_at_a, mass_at_b]: [f64; 2], mass: f64) -> Self {
        let [at_a, at_b] = [a, b].map(Outer::new);
        let densities = if a >= 0.0 {
            [mass_at_a, mass_at_b].map(|mass| 1.0 / mass)
        } else {
            [a, b].map(|z| special::normal_pdf(z) / mass)
        };
        let mean = if a >= 0.0 {
            let [all, first] = tail_moments(a, width);
            first / all
        } else {
            densities[0] - densities[1] - a
        };
        let end = |density: f64, outer: Outer, mean| {
            let beyond = if density > 0.0 { density * outer.mills } else { 0.0 };
            End { density, beyond, mean }
        };
        let ends = [end(densities[0], at_a, mean), end(densities[1], at_b, width - mean)];
        let at_0 = special::normal_pdf(0.0) / mass;
        let terms = series_terms(width * a.abs().max(b.abs()), width * width);
        Moving { a, b, width, mass_at_a, at_a, at_b, ends, at_0, terms }
    }

    /// Those of a point inside.
    #[inline(always)]
    pub fn slopes(&self, point: Point<f64>) -> Slopes {
        if let Some(terms) = self.terms {
            return short_slopes(point, terms);
        }
        let closed = if self.a >= 0.0 { self.of_tail(point) } else { self.of_bulk(point) };
        closed.unwrap_or_else(|| self.otherwise(point))
    }

    /// Where a >= 0. With R = Q/φ, A = φ(z)/φ(a), B = φ(b)/φ(z) and m = (Φ(b) - Φ(a))/φ(a), the slope in the lower
    /// bound is (R(z) - B R(b))/m and that in the location ((R(a) - R(z)) - B (R(a) - R(b)) + A B (R(z) - R(b)))/m.
    #[inline(always)]
    fn of_tail(&self, point: Point<f64>) -> Option<Slopes> {
        let Point { z, from_a, to_b } = point;
        let at_z = Outer::new(z);
        let [from, to] = [from_a * (z + self.a), to_b * (z + self.b)].map(|fall| math::exp(-0.5 * fall));
        let (above, fall) = (at_z.mills - to * self.at_b.mills, self.at_a.fall_to(at_z, from_a));
        let inverse = self.ends[0].density;
        let lower = above * inverse;
        let u = 1.0 - lower * from;
        let mut location = fall;
        // beyond all density there is nothing
        if to > 0.0 {
            location += to * (from * at_z.fall_to(self.at_b, to_b) - self.at_a.fall_to(self.at_b, self.width));
        }
        let kept =
            (above > KEPT * at_z.mills) & (u > KEPT) & (location > KEPT * fall) & (from_a > KEPT * self.at_a.excess);
        kept.then(|| Slopes::new(point, lower, u * to, location * inverse))
    }

    /// Where a < 0, from the bound on the point's side of 0: the shares of the mass, and what slopes in bounds leave to
    /// 1.
    #[inline(always)]
    fn of_bulk(&self, point: Point<f64>) -> Option<Slopes> {
        let z = point.z;
        let density = self.at_0 * math::exp(-0.5 * z * z);
        let side = usize::from(z >= 0.0);
        let tail = density * Outer::new(z).mills;
        let outside = tail - self.ends[side].beyond;
        let inside = 1.0 - outside;
        let mut bounds = [0.0; 2];
        let inverse = 1.0 / density;
        bounds[side] = inside * (self.ends[side].density * inverse);
        bounds[1 - side] = outside * (self.ends[1 - side].density * inverse);
        let location = 1.0 - bounds[0] - bounds[1];
        let kept = (outside > KEPT * tail) & (inside > KEPT) & (location > KEPT);
        kept.then(|| Slopes::new(point, bounds[0], bounds[1], location))
    }

    #[inline(never)]
    fn otherwise(&self, point: Point<f64>) -> Slopes {
        if point.from_a * (point.z.abs() + point.from_a) < BESIDE {
            self.beside_lower(point)
        } else if point.to_b * (point.z.abs() + point.to_b) < BESIDE {
            let [lower, upper] = self.ends;
            Moving { ends: [upper, lower], ..*self }.beside_lower(point.mirrored()).mirrored()
        } else {
            self.by_moments(point)
        }
    }

    /// Beside a bound. With m the mean, the slope in the location is ∫ (m - t) φ(t) dt/φ(z) from there.
    fn beside_lower(&self, point: Point<f64>) -> Slopes {
        let [[_, below, below_first, _]] = short_series([-point.z], [point.from_a], BESIDE_TERMS);
        let upper = below * self.ends[1].density;
        let location = (self.ends[0].mean - point.from_a) * below + below_first;
        Slopes::new(point, 1.0 - upper - location, upper, location)
    }

    /// By integrals of positive functions.
    #[cold]
    fn by_moments(&self, point: Point<f64>) -> Slopes {
        let interval = Interval { a: self.a, b: self.b, width: self.width };
        if point.z >= 0.0 {
            self.by_moments_above(interval, point)
        } else {
            self.by_moments_above(interval.mirrored(), point.mirrored()).mirrored()
        }
    }

    /// Of a point z >= 0, with J and its moment to the right of it.
    ///
    /// Where a >= 0, to the right of a as well: with K = J(a, b - a) the shares are u = J(a, δ)/K and, of the lower
    /// bound, J(z, ζ)/K.
    fn by_moments_above(&self, Interval { a, b, .. }: Interval<f64>, point: Point<f64>) -> Slopes {
        let Point { z, from_a, to_b } = point;
        let [above, above_first] = tail_moments(z, to_b);
        let (u, lower, by_lower);
        if a >= 0.0 {
            let [below, below_first] = tail_moments(a, from_a);
            (u, lower) = (below / self.mass_at_a, above / self.mass_at_a);
            by_lower = lower * (from_a * below - below_first);
        } else {
            let below = math::exp(0.5 * z * z) * (from_zero(z) + from_zero(-a));
            let v = above / (below + above);
            u = below / (below + above);
            let fall = 0.5 * from_a * (z + a);
            lower = v * math::exp(fall);
            by_lower = v * (z * below - math::exp_m1(fall));
        }
        let upper = u * math::exp(-0.5 * to_b * (z + b));
        Slopes::new(point, lower, upper, by_lower + u * above_first)
    }
}

/// ∫_0^h e^-E dt with E = c t + t²/2, and of t e^-E, where h and |E| are at most 1.3 or so.
#[inline]
fn short_moments(c: f64, h: f64) -> [f64; 2] {
    let mut moments = [0.0; 2];
    for (x, weight) in short_nodes() {
        let t = h * x;
        let density = h * weight * math::exp(-t * (c + 0.5 * t));
        moments[0] += density;
        moments[1] += density * t;
    }
    moments
}

/// The same for c >= 0 and any h. With the hazard r at c and its excess k over c, ∫_0^∞ e^-E dt = 1/r and ∫_0^∞ t e^-E
/// dt = k/r.
#[inline]
fn tail_moments(c: f64, h: f64) -> [f64; 2] {
    let end = h * (c + 0.5 * h);
    if end < 1.0 {
        return short_moments(c, h);
    }
    let endless = |c: f64| {
        let excess = special::normal_hazard_excess(c);
        [1.0, excess].map(|x| x / (c + excess))
    };
    let [mass, first] = endless(c);
    if end > 700.0 {
        return [mass, first];
    }
    let density = math::exp(-end);
    let [rest, rest_first] = endless(c + h);
    [mass - density * rest, first - density * (h * rest + rest_first)]
}

/// The largest change of E over an interval for which its series is taken.
const SHORT: f64 = 0.6;

/// The same from a point to a bound beside it, with the number of terms.
const BESIDE: f64 = 0.25;
const BESIDE_TERMS: usize = 13;

/// How many terms the series of e^-E needs, those of e^(linear t + square t²/2) being larger; `None` where they are too
/// many.
fn series_terms(linear: f64, square: f64) -> Option<usize> {
    let change = linear + 0.5 * square;
    if change.is_nan() || change > SHORT {
        return None;
    }
    let (mut term, mut last, mut n) = (1.0, 0.0, 0);
    while term + last > 1e-17 {
        n += 1;
        (last, term) = (term, (linear * term + square * last) / n as f64);
    }
    Some(n)
}

/// 1/n to 1/(n + 3) from n = 1 on.
const INVERSES: [[f64; 4]; 28] = {
    let mut inverses = [[0.0; 4]; 28];
    let mut n = 0;
    while n < 4 * 28 {
        inverses[n / 4][n % 4] = 1.0 / (n / 4 + n % 4 + 1) as f64;
        n += 1;
    }
    inverses
};

/// e^-E at h, and ∫_0^h of e^-E, t e^-E and 2 E e^-E dt with E = c t + t²/2, for pairs (c, h): by the series in t,
/// of which (n + 1) g_(n+1) = -(c g_n + g_(n-1)).
#[inline]
fn short_series<const N: usize>(c: [f64; N], h: [f64; N], terms: usize) -> [[f64; 4]; N] {
    let (linear, square) = (array::from_fn::<_, N, _>(|i| -c[i] * h[i]), h.map(|h| -h * h));
    let (mut g, mut last) = ([1.0; N], [0.0; N]);
    let mut sums = [[1.0; N], [1.0; N], [0.5; N], [1.0 / 3.0; N]];
    for window in INVERSES.iter().take(terms) {
        for i in 0..N {
            let next = (linear[i] * window[0]) * g[i] + (square[i] * window[0]) * last[i];
            (last[i], g[i]) = (g[i], next);
            sums[0][i] += next;
            sums[1][i] += next * window[1];
            sums[2][i] += next * window[2];
            sums[3][i] += next * window[3];
        }
    }
    array::from_fn(|i| {
        let [end, mass, first, second] = sums.map(|sum| sum[i]);
        let first = h[i] * h[i] * first;
        [end, h[i] * mass, first, 2.0 * c[i] * first + h[i] * h[i] * h[i] * second]
    })
}

/// Where the density changes little: from both sides of the point alike.
#[inline]
fn short_slopes(Point { z, from_a, to_b }: Point<f64>, terms: usize) -> Slopes {
    let [below, above] = short_series([-z, z], [from_a, to_b], terms);
    let all = 1.0 / (below[1] + above[1]);
    let (u, v) = (below[1] * all, above[1] * all);
    Slopes {
        lower: v * below[0],
        upper: u * above[0],
        location: v * below[2] + u * above[2],
        scale: u * above[3] - v * below[3],
    }
}

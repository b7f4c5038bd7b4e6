//! The truncated logistic law.

use crate::distr::form::law_of;
use crate::distr::form::truncated::{
    Interval, Kernel, Level, Point, Slopes, Start, Truncation, check_bounds, scaled, standardized,
    without_derivatives_at_infinity,
};
use crate::distr::{family, getters};
use crate::noise;
use crate::parameter::{LawError, check, refuse};
use crate::scalar::{Scalar, ln_sum_exp, math};
use rand::Rng;

/// The [truncated logistic law](https://en.wikipedia.org/wiki/Logistic_distribution) with location μ and scale s, given that it falls between a lower and an upper
/// bound, each of which may be infinite. μ and s are those of the law before truncation.
///
/// # Density function
/// f(x) = s⁻¹ F(z) (1 - F(z)) / (F(b) - F(a)) for lower <= x <= upper, with F(z) = 1/(1 + exp(-z)) and z, a, b the arguments in units of s from μ.
///
/// # Derivatives
/// At fixed uniform noise u, with v = 1 - u and f the density before truncation,
/// dx/dlower = v f(lower)/f(x), dx/dupper = u f(upper)/f(x), dx/dμ = 1 - dx/dlower - dx/dupper, all positive;
/// dx/ds is the sum of the three, each times the distance in units of s of x from what moves it. Higher orders follow
/// from the equation v (F(x) - F(lower))/f(x) = u (F(upper) - F(x))/f(x), whose ratios are evaluated without forming F or f.
/// On an interval narrower than half the scale they are those of the closed form, as a fraction of the interval.
/// Defined everywhere; an infinite bound carries no derivatives, and neither do bounds so far away that they move a draw
/// by less than 1e-42 of their own movement.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // at 38 standard units, with plain numbers for bounds
/// let [location, scale] = Jet::variables([0.0, 1.0]);
/// let law = TruncatedLogistic::new(location, scale, 38.0.into(), 39.0.into())?;
/// let z = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(38.0 < z.re && z.re < 39.0 && z.eps[0] > 0.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Inversion in closed form, from both bounds, so that the distance to either has all its digits. Exact however far out
/// the interval is and however narrow: at 8, 38 and 1000 scales as at 1.
///
/// The tail is fat: the hazard f/(1 - F) tends to 1/s, so draws beyond a far bound spread over a unit of the scale, and the
/// derivative dz/du = 1/f grows like 1/(1 - u) only. The [`TruncatedNormal`](super::TruncatedNormal), with its thin tail, crowds at the bound.
///
/// Mean, variance and entropy are Gauss-Legendre integrals relative to the density at the point nearest to μ, of positive
/// terms: right to about 1e-14 in the far tail and for narrow intervals too. The mode is that point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TruncatedLogistic<S> {
    location: S,
    scale: S,
    lower: S,
    upper: S,
    kernel: Interior,
}

impl<S: Scalar> TruncatedLogistic<S> {
    /// The law with `location` and `scale`, those of the law before truncation, between `lower` and `upper`.
    ///
    /// # Errors
    /// If `location` is not in [-1e150, 1e150], `scale` is not in [1e-150, 1e150], `lower >= upper`, a bound is NaN, or
    /// no number in units of the scale separates the bounds.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert!(TruncatedLogistic::new(0.0, 1.0, 8.0, f64::INFINITY).is_ok());
    /// assert_eq!(TruncatedLogistic::new(0.0, 1.0, 2.0, 2.0).unwrap_err().parameter(), "lower");
    /// ```
    pub fn new(location: S, scale: S, lower: S, upper: S) -> Result<Self, LawError> {
        check!("a truncated logistic law", location: REAL);
        check!("a truncated logistic law", scale: POSITIVE);
        check_bounds!("a truncated logistic law", lower, upper);
        let interval = standardized(location.re(), scale.re(), lower.re(), upper.re());
        let Some(kernel) = Interior::new(interval) else {
            refuse!("a truncated logistic law", upper, upper.re(); "above lower in units of the scale, too")
        };
        let [lower, upper] = [lower, upper].map(without_derivatives_at_infinity);
        Ok(TruncatedLogistic { location, scale, lower, upper, kernel })
    }
}

family!(TruncatedLogistic, LawError, "truncated_logistic", [location, scale, lower, upper]);
getters!(TruncatedLogistic, [location, scale, lower, upper]);
law_of!(TruncatedLogistic, |law| law.truncation());

impl<S: Scalar> TruncatedLogistic<S> {
    #[inline]
    fn truncation(&self) -> Truncation<'_, S, Interior> {
        Truncation {
            location: self.location,
            scale: self.scale,
            lower: self.lower,
            upper: self.upper,
            kernel: &self.kernel,
        }
    }
}

/// The standard logistic law between two bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Interior {
    lower: Side,
    upper: Side,
    b: f64,
    width: f64,
    /// ln(F(b) - F(a))
    ln_mass: f64,
}

/// A bound as seen from inside, the interval on its right.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Side {
    a: f64,
    /// e^-|a|
    exp: f64,
    /// (F(b) - F(a)) / (1 - F(a)) and its complement Q(b)/Q(a), with their logarithms
    inside: f64,
    outside: f64,
    /// the first over e^-|a|
    inside_by_exp: f64,
    ln_inside: f64,
    ln_outside: f64,
}

impl Side {
    fn new(a: f64, b: f64, width: f64) -> Self {
        let exp = math::exp(-a.abs());
        let inside = -math::exp_m1(-width) * math::sigmoid(b);
        // ln Q(b) - ln Q(a)
        let ln_outside = if b == f64::INFINITY { -b } else { -ln_ratio(b, a, width) };
        Side {
            a,
            exp,
            inside,
            inside_by_exp: if b <= 0.0 { math::exp_m1(width) / (1.0 + math::exp(b)) } else { inside / exp },
            outside: math::exp(ln_outside),
            ln_inside: math::ln_1m_exp(-width) - math::softplus(-b),
            ln_outside,
        }
    }

    /// The distance δ of the point of a level, from t = u (1 - Q(b)/Q(a)) and e^-δ = (1 - t) / (1 + t e^-a).
    #[inline]
    fn distance(&self, level: Level<f64>) -> f64 {
        if self.a == f64::NEG_INFINITY {
            return f64::INFINITY;
        }
        let (t, rest) = (level.u * self.inside, level.v + level.u * self.outside);
        let one_m_exp = if self.a >= 0.0 {
            t * (1.0 + self.exp) / (1.0 + t * self.exp)
        } else {
            let t = level.u * self.inside_by_exp;
            t * (1.0 + self.exp) / (1.0 + t)
        };
        if one_m_exp < 0.5 {
            return -math::ln_1p(-one_m_exp);
        }
        let ln_rest =
            if rest > 1e-290 { math::ln(rest) } else { ln_sum_exp(&[level.ln_v, level.ln_u + self.ln_outside]) };
        if self.a >= 0.0 {
            math::ln_1p(t * self.exp) - ln_rest
        } else {
            // far below 0, where e^a underflows, both terms of the sum are a to all digits
            let by_exp = level.u * self.inside_by_exp;
            let ln_t = if t > 1e-290 { math::ln(t) } else { level.ln_u + self.ln_inside };
            let rise = if by_exp < 1e290 { math::ln_1p(by_exp) } else { ln_sum_exp(&[self.a, ln_t]) - self.a };
            rise - ln_rest
        }
    }
}

/// ln((1 + e^z) / (1 + e^(z - d))), the logarithm of Q(z - d)/Q(z).
#[inline]
fn ln_ratio<S: Scalar>(z: S, start: S, d: S) -> S {
    if start.re() >= 0.0 { d + (-z).softplus() - (-start).softplus() } else { z.softplus() - start.softplus() }
}

impl Kernel for Interior {
    fn new(Interval { a, b, width }: Interval<f64>) -> Option<Self> {
        let (lower, upper) = (Side::new(a, b, width), Side::new(-b, -a, width));
        let possible = width > 1e-300 && a < 1e50 && b > -1e50;
        let ln_mass = lower.ln_inside - math::softplus(a);
        possible.then_some(Interior { lower, upper, b, width, ln_mass })
    }

    #[inline]
    fn solve(&self, level: Level<f64>) -> Point<f64> {
        let a = self.lower.a;
        let from_a = self.lower.distance(level);
        let to_b = self.upper.distance(level.mirrored());
        let z = if a >= 0.0 {
            a + from_a
        } else if self.b <= 0.0 {
            self.b - to_b
        } else {
            logarithm_of_sum(-a, level.u, level.ln_u, self.ln_mass)
                - logarithm_of_sum(self.b, level.v, level.ln_v, self.ln_mass)
        };
        Point { z, from_a, to_b }
    }

    /// With r = f(a)/f(z) and A_z = (1 - e^-δ) (e^δ - 1) f(a), at a bound on either side.
    fn slopes(&self, point: Point<f64>) -> Option<Slopes> {
        if self.width <= 0.5 {
            return None;
        }
        let Point { z, from_a, to_b } = point;
        let below = Self::below(1.0, 0.0, z, from_a);
        let above = Self::below(1.0, 0.0, -z, to_b);
        let (u, v) = (below / (below + above), above / (below + above));
        let (by_a, growth_below) = seen_from(z, self.lower.a, from_a);
        let (by_b, growth_above) = seen_from(-z, -self.b, to_b);
        let (lower, upper) = (v * by_a, u * by_b);
        Some(Slopes::new(point, lower, upper, v * growth_below + u * growth_above))
    }

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> (Point<f64>, Start) {
        let point = self.solve(Level::lower(noise::uniform(rng)));
        let start = if self.lower.a >= 0.0 {
            Start::Lower
        } else if self.b <= 0.0 {
            Start::Upper
        } else {
            Start::Location
        };
        (point, start)
    }

    #[inline]
    fn ln_density(z: f64) -> f64 {
        -z.abs() - 2.0 * math::softplus(-z.abs())
    }

    /// A = (1 - e^-d) (1 + F(z - d) (e^d - 1)), the second factor (1 - F(z - d)) / (1 - F(z)).
    fn below<S: Scalar>(weight: S, ln_weight: S, z: S, d: S) -> S {
        if d.re() < 1.0 {
            return -(-d).exp_m1() * ((z - d).sigmoid() * d.exp_m1() + 1.0) * weight;
        }
        if d.re() == f64::INFINITY {
            return scaled(weight, ln_weight, z.softplus());
        }
        scaled(weight, ln_weight, ln_ratio(z, z - d, d)) * -(-d).exp_m1()
    }

    fn below_per_length<S: Scalar>(z: S, d: S) -> S {
        (-d).exp_m1_ratio() * ((z - d).sigmoid() * d.exp_m1() + 1.0)
    }

    /// With h half the width and B = tanh(b/2), tanh(δ/2) = u k/(1 - u c), k = sinh h (cosh h - B sinh h) and c = sinh h (B cosh h - sinh h):
    /// δ over the width is u and what is left where h is small, each term by itself.
    fn fraction<S: Scalar>(interval: Interval<S>, level: Level<S>) -> Option<S> {
        let h = interval.width * 0.5;
        let (tanh_b, sinhc_h) = ((interval.b * 0.5).tanh(), sinhc(h));
        let square = h * sinhc_h * sinhc_h;
        let k_by_h = sinhc(interval.width) - tanh_b * square;
        let c = h * (tanh_b * sinhc(interval.width) - square);
        let by_h = level.u * k_by_h.over(-level.u * c + 1.0);
        Some(by_h * artanhc(by_h * h))
    }

    /// F(z) (1 - e^-δ) / (F(b) (1 - e^-width))
    fn ln_cdf<S: Scalar>(interval: Interval<S>, point: Point<S>) -> S {
        (-point.from_a).ln_1m_exp() - (-interval.width).ln_1m_exp() - above(interval, point)
    }

    /// f(z) = F(z) (1 - F(z)) over F(b) (1 - F(a)) (1 - e^-width)
    fn ln_pdf<S: Scalar>(interval: Interval<S>, point: Point<S>) -> S {
        -above(interval, point) - above(interval.mirrored(), point.mirrored()) - (-interval.width).ln_1m_exp()
    }

    /// f falls by less than e^-1 on the first unit, then by e^-1 on each.
    fn reach(_: f64) -> f64 {
        47.0
    }

    // the poles at ±iπ: panels of width 3
    const PANELS: usize = 16;
}

/// sinh x/x for x up to 1/2, by its series, whose derivatives have all their digits.
fn sinhc<S: Scalar>(x: S) -> S {
    let square = x * x;
    (1..8).rev().fold(S::from(1.0), |sum, n| sum * square / f64::from(2 * n * (2 * n + 1)) + 1.0)
}

/// artanh y/y for y up to 1/4, by its series.
fn artanhc<S: Scalar>(y: S) -> S {
    let square = y * y;
    (0..14).rev().fold(S::from(0.0), |sum, n| sum * square + 1.0 / f64::from(2 * n + 1))
}

/// f(a)/f(z) and (1 - e^-d) (e^d - 1) f(a) for a = z - d, which may be infinite.
fn seen_from(z: f64, a: f64, d: f64) -> (f64, f64) {
    let at_a = 1.0 + math::exp(-a.abs());
    let ratio = (1.0 + math::exp(-z.abs())) / at_a;
    let fall = if a >= 0.0 {
        d
    } else if z <= 0.0 {
        -d
    } else {
        z + a
    };
    let part = -math::exp_m1(-d) / at_a;
    let exponent = if a >= 0.0 { d - a } else { z };
    (math::exp(fall) * ratio * ratio, math::exp(exponent) * part * part)
}

/// ln F(b) - ln F(z)
fn above<S: Scalar>(interval: Interval<S>, point: Point<S>) -> S {
    if interval.b.re() == f64::INFINITY {
        return (-point.z).softplus();
    }
    ln_ratio(-point.z, -interval.b, point.to_b)
}

/// ln(F(-x) + p e^ln_mass), for F(-x) at most 1/2 or so.
#[inline]
fn logarithm_of_sum(x: f64, p: f64, ln_p: f64, ln_mass: f64) -> f64 {
    let sum = math::sigmoid(-x) + p * math::exp(ln_mass);
    if sum > 1e-290 { math::ln(sum) } else { ln_sum_exp(&[-math::softplus(x), ln_p + ln_mass]) }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    /// Far from the location the law is exponential between its bounds: x = -1 - ln(1 - u (1 - 1/e)), or its mirror image.
    #[test]
    fn quantiles_far_from_the_location() {
        for location in [1e15, 1e16, 1e33] {
            for (u, x) in
                [(0.1, -0.934_701_664_001_166_3), (0.3, -0.789_728_043_577_631_3), (1.0 - 1e-9, -1.718_281_826e-9)]
            {
                let close = |got: f64, want: f64| assert!((got - want).abs() < 4e-16, "{got:e} for {want:e}");
                let law = TruncatedLogistic::new(-location, 1.0, -1.0, 0.0).unwrap();
                let mirrored = TruncatedLogistic::new(location, 1.0, 0.0, 1.0).unwrap();
                close(law.quantile(u), x);
                close(mirrored.isf(u), -x);
                let bound = if u < 0.5 { 4e-16 } else { 1e-15 };
                assert!((law.quantile_ln(u.ln()) - x).abs() < bound);
            }
        }
        let law = TruncatedLogistic::new(8.78e33, 29.3, 5.7e-19, 50.9).unwrap();
        assert!(law.quantile(0.1) < law.quantile(0.25) && law.quantile(0.25) < law.quantile(0.5));
    }
}

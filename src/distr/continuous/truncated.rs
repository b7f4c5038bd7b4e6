//! Any law, truncated.

use crate::distr::Continuous;
use crate::distr::form::truncated::check_bounds;
use crate::distr::form::{Asked, NearEnd, at_certainty, curved, ln_curved, with_ends};
use crate::noise;
use crate::parameter::{LawError, check};
use crate::quadrature::mean_over_levels;
use crate::scalar::{Scalar, ln_sum_exp};
use core::f64::consts::LN_2;
use rand::Rng;
use rand::distr::Distribution;

/// A law X given that lower <= X <= upper: the [truncation](https://en.wikipedia.org/wiki/Truncated_distribution) of any
/// law `D` to an interval, bounded on one side or on both.
///
/// # Density function
/// f(x) / (F(upper) - F(lower)) between the bounds, f and F those of the base.
///
/// # Derivatives
/// A draw is F⁻¹(F(lower) + u (F(upper) - F(lower))) with uniform u, computed in the arithmetic of the scalar, so it carries derivatives
/// in the bounds and in the parameters of the base to any order. dx/dlower = (1 - u) f(lower)/f(x), dx/dupper = u f(upper)/f(x).
/// An infinite bound carries none.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // what is left of a waiting time after `waited`
/// let [rate, waited] = Jet::variables([0.5, 3.0]);
/// let law = Truncated::new(Exponential::new(rate)?, waited, f64::INFINITY.into())?;
/// let z = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(z.re > 3.0 && (z.eps[1] - 1.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// All probabilities are logarithms of the tail in which they are small, so an interval may lie as far out as the logarithms of
/// the base's tails and their inverses reach. What cannot be had from them is digits that cancel: for an interval of
/// probability P, derivatives lose a factor of about 1/P in the smaller tail. [`TruncatedNormal`](super::TruncatedNormal) and
/// [`TruncatedLogistic`](super::TruncatedLogistic) lose nothing.
///
/// Mean, variance and entropy are integrals over the quantile by the tanh-sinh rule with 117 points (Takahasi & Mori 1974): to about
/// 1e-12 for smooth laws. The mode is the base's, or the bound next to it: right for laws with a single maximum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Truncated<D, S> {
    base: D,
    lower: S,
    upper: S,
    ln_mass: S,
}

impl<S: Scalar, D: Continuous<S> + Copy> Truncated<D, S> {
    /// The law `base` between `lower` and `upper`, each of which may be infinite or outside the support of the base.
    ///
    /// # Errors
    /// If `lower >= upper`, if one of them is NaN, or if the interval has no mass.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// let base = Normal::new(0.0, 1.0).unwrap();
    /// assert_eq!(Truncated::new(base, -1.0, 1.0).unwrap().mode(), Some(0.0));
    /// assert_eq!(Truncated::new(base, 1.0, 1.0).unwrap_err().parameter(), "lower");
    /// let base = Exponential::new(1.0).unwrap();
    /// assert_eq!(Truncated::new(base, -2.0, -1.0).unwrap_err().parameter(), "lower");
    /// ```
    pub fn new(base: D, lower: S, upper: S) -> Result<Self, LawError> {
        check_bounds!("a truncated law", lower, upper);
        let (start, end) = base.support();
        let (from, to) = (start.max(lower), end.min(upper));
        let ln_mass = ln_between(&base, from, to);
        let has_mass = from.re() < to.re() && ln_mass.re().is_finite();
        check!("a truncated law", lower: "the lower end of an interval that has mass" if has_mass);
        Ok(Truncated { base, lower: from, upper: to, ln_mass })
    }

    /// The law that is truncated.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// let base = Normal::new(0.0, 1.0).unwrap();
    /// assert_eq!(Truncated::new(base, 0.0, 1.0).unwrap().base(), base);
    /// ```
    pub fn base(&self) -> D {
        self.base
    }

    /// The point of a level given by the logarithms of both probabilities.
    #[inline]
    fn at(&self, ln_u: S, ln_v: S) -> S {
        if ln_u.re().is_nan() || ln_v.re().is_nan() {
            return S::from(f64::NAN);
        }
        if ln_u.re() == f64::NEG_INFINITY {
            return self.lower;
        }
        if ln_v.re() == f64::NEG_INFINITY {
            return self.upper;
        }
        let ln_p = ln_sum_exp(&[self.base.ln_cdf(self.lower), ln_u + self.ln_mass]);
        let x = if ln_p.re() <= -LN_2 {
            self.base.quantile_ln(ln_p)
        } else {
            self.base.isf_ln(ln_sum_exp(&[self.base.ln_sf(self.upper), ln_v + self.ln_mass]).min(S::from(0.0)))
        };
        x.with_re(x.re().max(self.lower.re()).min(self.upper.re()))
    }

    /// A tail: where a bound cuts through the density, with the derivatives from inside.
    fn with_ends(&self, x: S, asked: Asked, answer: impl FnOnce(S) -> S) -> S {
        let near = |upper, d| {
            let ln_pdf = self.ln_pdf(if upper { self.upper - d } else { self.lower + d });
            let cuts = ln_pdf.re().is_finite() && !self.base.has_atoms();
            cuts.then(|| NearEnd::smooth(ln_pdf))
        };
        with_ends(x, asked, || (self.lower, self.upper), near, answer)
    }

    /// ∫ g(x(u)) du.
    fn expectation(&self, g: impl Fn(S) -> S) -> S {
        mean_over_levels(|ln_u, ln_v| g(self.at(ln_u, ln_v)))
    }

    /// Whether the interval is bounded on both sides.
    fn is_bounded(&self) -> bool {
        self.lower.re().is_finite() && self.upper.re().is_finite()
    }
}

/// ln(F(to) - F(from)), from the tail in which the probabilities are smaller.
pub(super) fn ln_between<S: Scalar, D: Continuous<S>>(base: &D, from: S, to: S) -> S {
    let (below_from, below_to) = (base.ln_cdf(from), base.ln_cdf(to));
    // nothing below `to`, or above `from`, that the logarithm of a tail can tell
    let nothing = |tail: S| tail.re() == f64::NEG_INFINITY;
    if nothing(below_to) {
        return S::from(f64::NEG_INFINITY);
    }
    if below_to.re() <= -LN_2 {
        return below_to + not_above_zero(below_from - below_to).ln_1m_exp();
    }
    let (above_from, above_to) = (base.ln_sf(from), base.ln_sf(to));
    if nothing(above_from) {
        return S::from(f64::NEG_INFINITY);
    }
    if above_from.re() <= -LN_2 {
        return above_from + not_above_zero(above_to - above_from).ln_1m_exp();
    }
    (-(below_from.exp() + above_to.exp())).ln_1p()
}

/// The logarithm of a ratio that is at most 1, whatever rounding makes of it; NaN stays.
fn not_above_zero<S: Scalar>(ln: S) -> S {
    if ln.re() > 0.0 { S::from(0.0) } else { ln }
}

/// As `{base, lower, upper}`, through the constructor; an infinite bound is `null`.
#[cfg(feature = "serde")]
mod serialization {
    use super::*;
    use crate::distr::bound::finite;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    #[derive(Serialize, Deserialize)]
    #[serde(rename = "truncated", deny_unknown_fields)]
    struct Parameters<D, S> {
        base: D,
        lower: Option<S>,
        upper: Option<S>,
    }

    impl<D: Serialize, S: Scalar + Serialize> Serialize for Truncated<D, S> {
        fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
            Parameters { base: &self.base, lower: finite(&self.lower), upper: finite(&self.upper) }
                .serialize(serializer)
        }
    }

    impl<'de, D: Continuous<S> + Copy + Deserialize<'de>, S: Scalar + Deserialize<'de>> Deserialize<'de>
        for Truncated<D, S>
    {
        fn deserialize<Z: Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
            let Parameters { base, lower, upper } = Parameters::<D, S>::deserialize(deserializer)?;
            let (lower, upper) = (lower.unwrap_or(f64::NEG_INFINITY.into()), upper.unwrap_or(f64::INFINITY.into()));
            Truncated::new(base, lower, upper).map_err(Error::custom)
        }
    }
}

impl<S: Scalar, D: Continuous<S> + Copy> Distribution<S> for Truncated<D, S> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        self.quantile(S::from(noise::uniform(rng)))
    }
}

impl<S: Scalar, D: Continuous<S> + Copy> Continuous<S> for Truncated<D, S> {
    fn has_atoms(&self) -> bool {
        self.base.has_atoms()
    }

    fn support(&self) -> (S, S) {
        (self.lower, self.upper)
    }

    fn ln_pdf(&self, x: S) -> S {
        if x.re() < self.lower.re() || x.re() > self.upper.re() {
            return S::from(f64::NEG_INFINITY);
        }
        self.base.ln_pdf(x) - self.ln_mass
    }

    fn pdf(&self, x: S) -> S {
        let ln_pdf = self.ln_pdf(x);
        // at an end of the base's own, where its density is 0 but may have derivatives
        let is_inside = x.re() >= self.lower.re() && x.re() <= self.upper.re();
        if S::ORDER > 0 && is_inside && ln_pdf.re() == f64::NEG_INFINITY {
            return self.base.pdf(x) * (-self.ln_mass).exp();
        }
        ln_pdf.exp()
    }

    fn ln_cdf(&self, x: S) -> S {
        let ln_cdf = |x: S| {
            if x.re() <= self.lower.re() {
                return S::from(f64::NEG_INFINITY);
            }
            if x.re() >= self.upper.re() {
                return S::from(0.0);
            }
            let below = ln_between(&self.base, self.lower, x) - self.ln_mass;
            if below.re() <= -LN_2 {
                return below;
            }
            not_above_zero(ln_between(&self.base, x, self.upper) - self.ln_mass).ln_1m_exp()
        };
        self.with_ends(x, Asked::LnCdf, |x| ln_curved(x, true, ln_cdf, |x| self.pdf(x)))
    }

    fn ln_sf(&self, x: S) -> S {
        let ln_sf = |x: S| {
            if x.re() <= self.lower.re() {
                return S::from(0.0);
            }
            if x.re() >= self.upper.re() {
                return S::from(f64::NEG_INFINITY);
            }
            let above = ln_between(&self.base, x, self.upper) - self.ln_mass;
            if above.re() <= -LN_2 {
                return above;
            }
            not_above_zero(ln_between(&self.base, self.lower, x) - self.ln_mass).ln_1m_exp()
        };
        self.with_ends(x, Asked::LnSf, |x| ln_curved(x, false, ln_sf, |x| self.pdf(x)))
    }

    fn cdf(&self, x: S) -> S {
        let cdf = |x: S| self.ln_cdf(x).exp();
        self.with_ends(x, Asked::Cdf, |x| curved(x, true, cdf, |x| self.pdf(x)))
    }

    fn sf(&self, x: S) -> S {
        let sf = |x: S| self.ln_sf(x).exp();
        self.with_ends(x, Asked::Sf, |x| curved(x, false, sf, |x| self.pdf(x)))
    }

    fn quantile(&self, p: S) -> S {
        let quantile = |p: S| self.at(p.ln(), (-p).ln_1p());
        at_certainty(p, true, quantile, |x| self.pdf(x))
    }

    fn isf(&self, q: S) -> S {
        let isf = |q: S| self.at((-q).ln_1p(), q.ln());
        at_certainty(q, false, isf, |x| self.pdf(x))
    }

    fn quantile_ln(&self, ln_p: S) -> S {
        let quantile_ln = |ln_p: S| self.at(ln_p, ln_p.ln_1m_exp());
        at_certainty(ln_p, true, quantile_ln, |x| self.pdf(x))
    }

    fn isf_ln(&self, ln_q: S) -> S {
        let isf_ln = |ln_q: S| self.at(ln_q.ln_1m_exp(), ln_q);
        at_certainty(ln_q, false, isf_ln, |x| self.pdf(x))
    }

    /// The base's where the interval is not bounded and the base's mean is not in [-1e150, 1e150].
    fn mean(&self) -> Option<S> {
        let base = if self.is_bounded() { None } else { Some(self.base.mean()?) };
        match base {
            Some(mean) if mean.re() == self.upper.re() || mean.re() == self.lower.re() => Some(mean),
            _ => Some(self.expectation(|x| x)),
        }
    }

    /// The base's where the interval is not bounded and the base's variance is not in [-1e150, 1e150].
    fn variance(&self) -> Option<S> {
        if !self.is_bounded() {
            let variance = self.base.variance()?;
            if variance.re().is_infinite() {
                return Some(variance);
            }
        }
        let mean = self.mean()?;
        Some(self.expectation(|x| (x - mean) * (x - mean)))
    }

    fn entropy(&self) -> S {
        self.expectation(|x| -self.base.ln_pdf(x)) + self.ln_mass
    }

    fn mode(&self) -> Option<S> {
        Some(self.base.mode()?.max(self.lower).min(self.upper))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::{Exponential, Normal, TruncatedNormal};
    use crate::scalar::Jet;

    fn close(got: f64, want: f64, tolerance: f64) {
        assert!((got - want).abs() <= tolerance * want.abs(), "{got} {want}");
    }

    // mpmath: quad of x f, (x - mean)^2 f, -f ln f for f = 2 exp(-2 x)/(exp(-2 a) - exp(-2 b)), a = 1, b = 2.5
    #[test]
    fn exponential_between_bounds() {
        let law = Truncated::new(Exponential::new(2.0).unwrap(), 1.0, 2.5).unwrap();
        close(law.mean().unwrap(), 1.421406455263116, 1e-13);
        close(law.variance().unwrap(), 0.12593273762036553, 1e-12);
        close(law.entropy(), 0.09859654902358525, 1e-12);
        close(law.cdf(law.quantile(1e-12)), 1e-12, 1e-3);
        close(law.isf(1e-3), law.quantile(0.999), 1e-14);
    }

    #[test]
    fn agrees_with_the_truncated_normal() {
        for (lower, upper) in [(-1.0, 2.0), (0.5, 3.0), (f64::NEG_INFINITY, 0.3), (-4.0, f64::INFINITY), (6.0, 8.0)] {
            let [mu, sigma, l, u] = Jet::second_order([0.2, 1.3, lower, upper]);
            let general = Truncated::new(Normal::new(mu, sigma).unwrap(), l, u).unwrap();
            let special = TruncatedNormal::new(mu, sigma, l, u).unwrap();
            for p in [1e-3, 0.1, 0.5, 0.8, 0.99] {
                let (x, dx, ddx) = general.quantile(p.into()).hessian();
                let (y, dy, ddy) = special.quantile(p.into()).hessian();
                assert!((x - y).abs() < 1e-14 * (1.0 + y.abs()), "{lower} {upper} {p}: {x} {y}");
                for i in 0..4 {
                    assert!((dx[i] - dy[i]).abs() < 1e-12, "{lower} {upper} {p}: {dx:?} {dy:?}");
                    for j in 0..4 {
                        assert!((ddx[i][j] - ddy[i][j]).abs() < 1e-10, "{lower} {upper} {p}: {ddx:?} {ddy:?}");
                    }
                }
                close(general.ln_cdf(general.quantile(p.into())).re(), p.ln(), 1e-12);
            }
            close(general.mean().unwrap().re(), special.mean().unwrap().re(), 1e-12);
            close(general.variance().unwrap().re(), special.variance().unwrap().re(), 1e-11);
            close(general.entropy().re(), special.entropy().re(), 1e-11);
        }
    }

    /// One step inside of an end that is the law's own, where the logarithm of its tail is -inf.
    #[test]
    fn beside_an_end_without_a_bound() {
        let normal = Normal::new(0.0, 1.0).unwrap();
        let infinity = f64::INFINITY;
        let above = Truncated::new(normal, 0.5, infinity).unwrap();
        for x in [f64::MAX, 1e200, 1e155] {
            assert_eq!((above.cdf(x), above.sf(x), above.ln_cdf(x), above.ln_sf(x)), (1.0, 0.0, 0.0, -infinity));
        }
        let below = Truncated::new(normal, -infinity, -0.5).unwrap();
        assert_eq!((below.cdf(f64::MIN), below.sf(f64::MIN), below.ln_sf(-1e200)), (0.0, 1.0, 0.0));
        let law = Truncated::new(crate::distr::InverseGaussian::new(1.0, 2.0).unwrap(), -infinity, 3.0).unwrap();
        assert_eq!((law.cdf(5e-324), law.sf(5e-324), law.ln_sf(1e-310)), (0.0, 1.0, 0.0));
        let [x] = Jet::second_order([1e200]);
        let (value, [slope], [[curvature]]) =
            Truncated::new(Normal::new(Jet::from(0.0), Jet::from(1.0)).unwrap(), Jet::from(0.5), Jet::from(infinity))
                .unwrap()
                .cdf(x)
                .hessian();
        assert_eq!((value, slope, curvature), (1.0, 0.0, 0.0));
    }
}

//! The truncated power law.

use crate::distr::form::{at_certainty, at_most_one, exp, ln_ratio, times_exp};
use crate::distr::{Continuous, KlDivergence, family, getters};
use crate::noise;
use crate::parameter::{LawError, check, is_probability};
use crate::quadrature::{integrate, mean_over_levels};
use crate::scalar::{Scalar, math};
use crate::special::{exp_m1_minus, langevin, ln_sinhc};
use core::f64::consts::LN_2;
use rand::Rng;
use rand::distr::Distribution;

/// The [power law](https://en.wikipedia.org/wiki/Pareto_distribution#Bounded_Pareto_distribution) x^-α on [lower, upper],
/// 0 < lower < upper, with any real exponent α: the bounded Pareto law of shape α - 1, and more.
///
/// # Density function
/// f(x) = x^-α (1 - α)/(upper^(1-α) - lower^(1-α)); 1/(x ln(upper/lower)) for α = 1.
///
/// # Derivatives
/// With u fixed, z = lower exp(δ), δ = ln(1 + u (exp(c L) - 1))/c, c = 1 - α, L = ln(upper/lower); dz/dα and the
/// derivatives in the ends follow by the chain rule. All is written with (exp(v) - 1)/v and ln(1 + v)/v, hence smooth
/// through α = 1 to every order, and measured from the end that is near.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // the median at α = 1 is the geometric mean of the ends
/// let [alpha, lower, upper] = Jet::variables([1.0, 1.0, 16.0]);
/// let z = TruncatedPowerLaw::new(alpha, lower, upper)?.median();
/// assert!((z.re - 4.0).abs() < 1e-15 && (z.eps[1] - 2.0).abs() < 1e-15);
/// let l = 16f64.ln();
/// assert!((z.eps[0] + 4.0 * l * l / 8.0).abs() < 1e-14);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The variance is a difference of two moments in closed form, without cancellation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TruncatedPowerLaw<S> {
    exponent: S,
    lower: S,
    upper: S,
    ln_width: S,
    /// (1 - exp(-k L))/k, the integral of exp(-k δ)
    mass: S,
}

impl<S: Scalar> TruncatedPowerLaw<S> {
    /// The law with density x^-exponent on [lower, upper].
    ///
    /// # Errors
    /// If the exponent is not in [-1e150, 1e150], an end not in [1e-150, 1e150], or `upper` not above `lower`.
    ///
    /// ```
    /// use reparam::distr::TruncatedPowerLaw;
    /// assert!(TruncatedPowerLaw::new(-2.35, 0.1, 100.0).is_ok());
    /// assert_eq!(TruncatedPowerLaw::new(2.0, 0.0, 1.0).unwrap_err().parameter(), "lower");
    /// ```
    #[inline]
    pub fn new(exponent: S, lower: S, upper: S) -> Result<Self, LawError> {
        check!("a truncated power law", exponent: REAL);
        check!("a truncated power law", lower: POSITIVE);
        check!("a truncated power law", upper: POSITIVE);
        check!("a truncated power law", upper: "above lower" if lower.re() < upper.re());
        let ln_width = ln_ratio(upper, lower);
        let mut law = TruncatedPowerLaw { exponent, lower, upper, ln_width, mass: ln_width };
        law.mass = law.integral(ln_width);
        Ok(law)
    }

    /// Whether ln x is densest at the lower end.
    #[inline]
    fn dense_below(&self) -> bool {
        self.exponent.re() >= 1.0
    }

    /// k = |1 - α|: the density of ln x falls as exp(-k δ) with the distance δ from its dense end.
    #[inline]
    fn decay(&self) -> S {
        if self.dense_below() { self.exponent - 1.0 } else { -self.exponent + 1.0 }
    }

    /// The dense end of the support.
    #[inline]
    fn near(&self) -> S {
        if self.dense_below() { self.lower } else { self.upper }
    }

    /// The sign of ln x - ln(near).
    #[inline]
    fn sign(&self) -> f64 {
        if self.dense_below() { 1.0 } else { -1.0 }
    }

    /// (1 - exp(-k d))/k, the integral of exp(-k δ) from 0 to d.
    #[inline]
    fn integral(&self, d: S) -> S {
        let k = self.decay();
        let v = k * d;
        // far from 0 the ratio's slope in d would be what remains of a cancellation
        if v.re() < 1.0 { d * (-v).exp_m1_ratio() } else { -(-v).exp_m1().over(k) }
    }

    /// The x that has probability p on the side of the dense end, q = 1 - p on the other.
    #[inline]
    fn point(&self, p: S, q: S) -> S {
        let (k, sign) = (self.decay(), self.sign());
        if p.re() <= 0.5 {
            let mass = p * self.mass;
            return times_exp(self.near(), mass * (-k * mass).ln_1p_ratio() * sign);
        }
        let far = if self.dense_below() { self.upper } else { self.lower };
        let width = k * self.ln_width;
        if q.re() == 0.0 {
            far
        } else if q.re() * math::exp_m1(width.re()) <= 1.0 {
            // from the far end, where the density rises
            let mass = q * self.ln_width * width.exp_m1_ratio();
            times_exp(far, mass * (k * mass).ln_1p_ratio() * -sign)
        } else {
            times_exp(self.near(), (p * (-width).exp() + q).ln().over(k) * -sign)
        }
    }

    /// The x with F(x) = p = 1 - q.
    #[inline]
    fn at(&self, p: S, q: S) -> S {
        if self.dense_below() { self.point(p, q) } else { self.point(q, p) }
    }

    /// The probabilities on the side of the dense end and on the other, at x inside the support.
    fn probabilities(&self, x: S) -> (S, S) {
        let k = self.decay();
        let (below, above) = (ln_ratio(x, self.lower), ln_ratio(self.upper, x));
        let (near, far) = if self.dense_below() { (below, above) } else { (above, below) };
        let p = self.integral(near);
        let q = (-k * near).exp() * self.integral(far);
        (at_most_one(p.over(self.mass)), at_most_one(q.over(self.mass)))
    }

    /// (F(x), 1 - F(x))
    fn cdf_and_sf(&self, x: S) -> (S, S) {
        if x.re() < self.lower.re() {
            return (S::from(0.0), S::from(1.0));
        }
        if x.re() > self.upper.re() {
            return (S::from(1.0), S::from(0.0));
        }
        let (p, q) = self.probabilities(x);
        if self.dense_below() { (p, q) } else { (q, p) }
    }

    /// The logarithm of the lower or the upper tail at x inside the support, for tails that are no doubles.
    fn ln_tail(&self, x: S, upper: bool) -> S {
        let (below, above) = (ln_ratio(x, self.lower), ln_ratio(self.upper, x));
        let (near, far) = if self.dense_below() { (below, above) } else { (above, below) };
        if self.dense_below() != upper {
            self.integral(near).ln() - self.mass.ln()
        } else {
            -self.decay() * near + self.integral(far).ln() - self.mass.ln()
        }
    }

    /// Whether an x inside has this logarithm of the tail on the side of the far end, which is no double.
    fn is_far_out(&self, ln: f64, upper: bool) -> bool {
        let width = self.decay().re() * self.ln_width.re();
        self.dense_below() == upper && ln < LN_TINY && ln > f64::NEG_INFINITY && width > -LN_TINY
    }

    /// That x: e^(-k δ) = q (1 - e^(-k d)) + e^(-k d).
    fn far_out(&self, ln: S) -> S {
        let (k, sign) = (self.decay(), self.sign());
        let width = k * self.ln_width;
        let inside = ln + (-(-width).exp()).ln_1p();
        let (most, least) = if inside.re() > -width.re() { (inside, -width) } else { (-width, inside) };
        let sum = most + (least - most).exp().ln_1p();
        let x = times_exp(self.near(), -sum.over(k) * sign);
        // rounding may leave the support
        x.with_re(x.re().clamp(self.lower.re(), self.upper.re()))
    }

    /// E[ln(X/near)]
    fn mean_ln(&self) -> S {
        let k = self.decay();
        let width = k * self.ln_width;
        let distance = if width.re() < 2.0 {
            self.ln_width * (-langevin(width * 0.5) + 1.0) * 0.5
        } else {
            let e = (-width).exp();
            k.recip() - self.ln_width * e.over(-e + 1.0)
        };
        distance * self.sign()
    }
}

family!(TruncatedPowerLaw, LawError, "truncated_power_law", [exponent, lower, upper]);
getters!(TruncatedPowerLaw, [exponent, lower, upper]);

impl<S: Scalar> Distribution<S> for TruncatedPowerLaw<S> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let u = noise::uniform(rng);
        self.at(S::from(u), S::from(1.0 - u))
    }
}

/// Below this, probabilities lose digits.
const TINY: f64 = 1e-290;

/// Its logarithm.
const LN_TINY: f64 = -667.0;

/// ln p, from q = 1 - p where that is the smaller one.
pub(super) fn ln_of<S: Scalar>(p: S, q: S) -> S {
    match p.re() {
        0.0 => S::from(f64::NEG_INFINITY),
        r if r >= 0.5 => (-q).ln_1p(),
        _ => p.ln(),
    }
}

impl<S: Scalar> Continuous<S> for TruncatedPowerLaw<S> {
    fn support(&self) -> (S, S) {
        (self.lower, self.upper)
    }
    fn ln_pdf(&self, x: S) -> S {
        if x.re() < self.lower.re() || x.re() > self.upper.re() {
            return S::from(f64::NEG_INFINITY);
        }
        let distance = ln_ratio(x, self.near()) * self.sign();
        -self.decay() * distance - self.mass.ln() - x.ln()
    }
    fn cdf(&self, x: S) -> S {
        self.cdf_and_sf(x).0
    }
    fn sf(&self, x: S) -> S {
        self.cdf_and_sf(x).1
    }
    fn ln_cdf(&self, x: S) -> S {
        let (p, q) = self.cdf_and_sf(x);
        if p.re() < TINY && x.re() > self.lower.re() {
            return self.ln_tail(x, false);
        }
        ln_of(p, q)
    }
    fn ln_sf(&self, x: S) -> S {
        let (p, q) = self.cdf_and_sf(x);
        if q.re() < TINY && x.re() < self.upper.re() {
            return self.ln_tail(x, true);
        }
        ln_of(q, p)
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        match ln_p.re() {
            l if l > -LN_2 => self.isf(-ln_p.exp_m1()),
            l if self.is_far_out(l, false) => self.far_out(ln_p),
            _ => self.quantile(ln_p.exp()),
        }
    }
    fn isf_ln(&self, ln_q: S) -> S {
        match ln_q.re() {
            l if l > -LN_2 => self.quantile(-ln_q.exp_m1()),
            l if self.is_far_out(l, true) => self.far_out(ln_q),
            _ => self.isf(ln_q.exp()),
        }
    }
    fn quantile(&self, p: S) -> S {
        let quantile = |p: S| {
            if !is_probability(p) {
                return S::from(f64::NAN);
            }
            self.at(p, -p + 1.0)
        };
        at_certainty(p, true, quantile, |x| self.pdf(x))
    }
    fn isf(&self, q: S) -> S {
        let isf = |q: S| {
            if !is_probability(q) {
                return S::from(f64::NAN);
            }
            self.at(-q + 1.0, q)
        };
        at_certainty(q, false, isf, |x| self.pdf(x))
    }
    /// The ratio of the integrals of x^(1-α) and x^-α.
    fn mean(&self) -> Option<S> {
        let c = -self.exponent + 1.0;
        let (v, w) = (c * self.ln_width, (c + 1.0) * self.ln_width);
        // the quotient of (1 - e^-w)/w for w > 0 and the same of v > 0, whose ratio v/w is that of the exponents: with it no slopes cancel
        let quotient = |w: S, v: S, ratio: S| {
            if w.re().min(v.re()) > 1.0 {
                (-w).exp_m1().over((-v).exp_m1()) * ratio
            } else {
                (-w).exp_m1_ratio().over((-v).exp_m1_ratio())
            }
        };
        let ratio = c.over(c + 1.0);
        Some(if c.re() > 0.0 {
            self.upper * quotient(w, v, ratio)
        } else if c.re() <= -1.0 {
            self.lower * quotient(-w, -v, ratio)
        } else {
            times_exp(self.lower, w) * quotient(w, -v, -ratio)
        })
    }
    /// With s(t) = sinh(t)/t and h = L/2: Var X / (E X)² = (1 - (s(h)/s((c+1) h))²)/(c (c + 2)).
    fn variance(&self) -> Option<S> {
        let mean = self.mean()?;
        let c = -self.exponent + 1.0;
        let h = self.ln_width * 0.5;
        // even in c + 1: c' = |c + 1| - 1
        let c_even = if c.re() >= -1.0 { c } else { -c - 2.0 };
        let eta = (c_even + 1.0) * h;
        let ratio = if c_even.re().abs() < 0.5 {
            // ln s(η) - ln s(h) as the integral of Langevin's function
            let step = c_even * h;
            let average = integrate(S::from(0.0), S::from(1.0), 1, |t| langevin(h + step * t));
            let slope = h * average * 2.0;
            slope * (-c_even * slope).exp_m1_ratio().over(c_even + 2.0)
        } else {
            let d = (ln_sinhc(eta) - ln_sinhc(h)) * 2.0;
            let product = c_even * (c_even + 2.0);
            if d.re() < -600.0 {
                return Some(exp(mean.ln() * 2.0 - d - (-product).ln()));
            }
            -(-d).exp_m1().over(product)
        };
        Some(mean * mean * ratio)
    }
    /// ln near + ln mass + α E[ln(X/near)]
    fn entropy(&self) -> S {
        self.near().ln() + self.mass.ln() + self.exponent * self.mean_ln()
    }
    /// The lower end for α > 0, the upper one for α < 0; none where the density is flat.
    fn mode(&self) -> Option<S> {
        match self.exponent.re() {
            a if a > 0.0 => Some(self.lower),
            a if a < 0.0 => Some(self.upper),
            _ => None,
        }
    }
}

impl<S: Scalar> KlDivergence<S> for TruncatedPowerLaw<S> {
    /// (α₂ - α₁) E[ln X] + ln C₂ - ln C₁, C the integral of x^-α, where the support of `other` holds that of self; to about
    /// 1e-15 absolutely.
    fn kl_divergence(&self, other: &Self) -> S {
        if self.lower.re() < other.lower.re() || self.upper.re() > other.upper.re() {
            return S::from(f64::INFINITY);
        }
        let mean_ln = self.mean_ln();
        let between = ln_ratio(self.near(), other.near());
        // -E[ln g] + E[ln f], both from the near end
        let divergence =
            (mean_ln + between) * other.exponent - mean_ln * self.exponent + ln_ratio(other.mass, self.mass) - between;
        if divergence.re() < CLOSE { self.divergence_from_near(other) } else { divergence }
    }
}

/// Divergences below this are taken without the terms of first order, which cancel.
const CLOSE: f64 = 1e-2;

impl<S: Scalar> TruncatedPowerLaw<S> {
    /// E[e^t - 1 - t] with t = ln g - ln f, and the part of the second law that is outside of the first interval.
    fn divergence_from_near(&self, other: &Self) -> S {
        let mean = mean_over_levels(|ln_u: S, ln_v: S| {
            let x = self.at(ln_u.exp(), ln_v.exp());
            exp_m1_minus(other.ln_pdf(x) - self.ln_pdf(x))
        });
        mean + other.cdf(self.lower) + other.sf(self.upper)
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 2e-14 * want.abs(), "{got:e} for {want:e}");
    }

    // mpmath: moments as ratios of integrals at 60 digits, the entropy by quadrature
    #[test]
    fn moments() {
        let cases = [
            ([2.5, 1.0, 10.0], 2.118303335089627, 2.2114542945622633, 1.041088207020121),
            ([1.0, 1.0, 10.0], 3.9086503371292665, 6.220029396270237, 1.9853249917449787),
            ([0.0, 2.0, 3.0], 2.5, 0.08333333333333333, 0.0),
            ([2.0, 1.0, 1.0001], 1.0000499983334166, 8.333333322221498e-10, -9.210340373642794),
            ([3.0, 1.0, 1.5], 1.2, 0.019674389189391774, -0.7540501049216588),
            ([3.0000001, 1.0, 100000.0], 1.9999799002240337, 19.025919227494615, 0.8068527408861836),
            ([0.9, 0.001, 1000.0], 121.40449960094114, 48853.79657473309, 4.092041799185944),
            ([-50.0, 1.0, 4.0], 3.923076923076923, 0.005693870715641398, -1.56513911474169),
            ([300.0, 1.0, 10000000000.0], 1.0033557046979866, 1.1336584013490459e-05, -4.6970990917853355),
            ([1.7, 1.0, 1.25], 1.1171067580657277, 0.005185615464161398, -1.3922876132133808),
        ];
        for ([alpha, lower, upper], mean, variance, entropy) in cases {
            let law = TruncatedPowerLaw::new(alpha, lower, upper).unwrap();
            close(law.mean().unwrap(), mean);
            close(law.variance().unwrap(), variance);
            assert!((law.entropy() - entropy).abs() < 1e-14 * (1.0 + entropy.abs()), "{} for {entropy}", law.entropy());
        }
        let law = TruncatedPowerLaw::new(2.5, 1.0, 10.0).unwrap();
        close(law.kl_divergence(&TruncatedPowerLaw::new(-0.5, 0.5, 20.0).unwrap()), 2.7473470371482422);
        assert_eq!(law.kl_divergence(&TruncatedPowerLaw::new(2.5, 2.0, 20.0).unwrap()), f64::INFINITY);
    }

    // derivatives in α of the quantile at u = 1/4 on [1, 16], through the uniform law of the logarithm: mpmath
    #[test]
    fn smooth_through_exponent_one() {
        let cases = [
            (1.0, [2.0, -1.4413590417546043, 2.3708565515795934]),
            (1.000000000000001, [1.9999999999999984, -1.4413590417546016, 2.3708565515795903]),
            (1.00000001, [1.9999999855864097, -1.441359018046039, 2.370856522218045]),
            (0.999, [2.0014425449592923, -1.4437313659949174, 2.373791539006161]),
            (1.5, [1.514792899408284, -0.6119844324721087, 1.0415132663436686]),
            (3.0, [1.1539495135593902, -0.08053700473546477, 0.08039769978098578]),
            (-4.0, [12.125739470475054, -0.6723731451293341, -0.231612780794112]),
        ];
        for (alpha, want) in cases {
            let [alpha] = Jet::second_order([alpha]);
            let law = TruncatedPowerLaw::new(alpha, 1.0.into(), 16.0.into()).unwrap();
            let (value, first, second) = law.quantile(0.25.into()).hessian();
            [value, first[0], second[0][0]].into_iter().zip(want).for_each(|(got, want)| close(got, want));
        }
    }

    #[test]
    fn steep() {
        for alpha in [-1e6, -800.0, 800.0, 1e6] {
            let law = TruncatedPowerLaw::new(alpha, 1.0, 1e3).unwrap();
            assert_eq!((law.quantile(0.0), law.quantile(1.0)), (1.0, 1e3));
            // in the tail away from the dense end; the rounding of x moves ln F by |α| times as much
            let allowed = 1e-13 + 4.0 * f64::EPSILON * alpha.abs();
            let ln = if alpha < 0.0 { law.ln_cdf(law.quantile(1e-12)) } else { law.ln_sf(law.isf(1e-12)) };
            assert!((ln - 1e-12f64.ln()).abs() < allowed, "{ln}");
        }
        assert!(TruncatedPowerLaw::new(1.0, 2.0, 1.0).is_err());
    }

    /// Of close laws, by mpmath at 50 digits.
    #[test]
    fn divergence_of_close_laws() {
        for (law, other, want) in [
            ([2.5, 1.0, 10.0], [2.5000001, 1.0, 10.0], 1.3282742078174868e-15),
            ([0.9, 0.001, 1000.0], [0.90001, 0.001, 1000.0], 7.247_787_595_479_437e-10),
            ([-50.0, 1.0, 4.0], [-50.01, 1.0, 4.0], 1.922_086_313_467_348e-8),
            ([2.5, 1.0, 10.0], [2.51, 0.999, 10.01], 0.0016201657001430094),
        ] {
            let [law, other] = [law, other].map(|[a, b, c]| TruncatedPowerLaw::new(a, b, c).unwrap());
            let got = law.kl_divergence(&other);
            assert!((got / want - 1.0).abs() < 1e-8, "{got:e} for {want:e}");
            assert_eq!(law.kl_divergence(&law), 0.0);
        }
    }

    /// One step inside of an end rounding leaves no probability above 1.
    #[test]
    fn probabilities_beside_the_ends() {
        for exponent in [-3.0, -0.1, 0.0, 1.0, 1.5, 2.0, 7.0] {
            for (lower, upper) in [(0.1, 0.3), (1.0, 1e3), (1e-7, 3e-7), (0.7, 0.700_001)] {
                let law = TruncatedPowerLaw::new(exponent, lower, upper).unwrap();
                for x in [f64::next_up(lower), f64::next_down(upper), lower, upper] {
                    for p in [law.cdf(x), law.sf(x)] {
                        assert!((0.0..=1.0).contains(&p), "{exponent} {lower} {upper} at {x}: {p}");
                    }
                    assert!(law.ln_cdf(x) <= 0.0 && law.ln_sf(x) <= 0.0);
                }
            }
        }
    }
}

//! The standard gamma law G, its powers and its logarithm, of which the laws of the gamma family are made.

mod ln;

pub(crate) use ln::LnGamma;

use super::{NearEnd, Standard, Tabled, TabledInLanes, curved, known_by, ln_curved, power_near_zero};
use crate::distr::in_lanes::FirstOrder;
use crate::distr::table::{Formulas, GammaInverse, GammaLift, GammaTable, Nearer};
use crate::noise::Lanes;
use crate::noise::gamma::{GammaNoise, GammaSampler};
use crate::quadrature::integrate;
use crate::scalar::{Scalar, math};
use crate::special::inc_gamma::{self, LARGE, Point, Probability, Tail};
use crate::special::{
    digamma, inc_gamma_ln_p, inc_gamma_ln_p_inv, inc_gamma_ln_q, inc_gamma_ln_q_inv, inc_gamma_p, inc_gamma_p_inv,
    inc_gamma_q, inc_gamma_q_inv, ln_gamma, ln_gamma_1p, trigamma,
};
use core::f64::consts::PI;
use rand::Rng;

/// The gamma law with rate 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct StandardGamma<S> {
    pub shape: S,
    sampler: GammaSampler,
    /// ψ(1 + a), which every lift needs.
    psi: f64,
}

impl<S: Scalar> StandardGamma<S> {
    /// The law with a valid shape.
    #[inline]
    pub fn new(shape: S) -> Self {
        let psi = if S::ORDER == 0 { 0.0 } else { digamma(1.0 + shape.re()) };
        StandardGamma { shape, sampler: GammaSampler::new(shape.re()), psi }
    }

    /// The plain draw, before its derivatives.
    #[inline(always)]
    pub fn noise<R: Rng + ?Sized>(&self, rng: &mut R) -> GammaNoise {
        self.sampler.draw(rng)
    }

    /// The quantile function.
    pub fn inverse(&self) -> GammaInverse {
        GammaInverse::new(self.shape.re())
    }

    /// Plain draws in lanes.
    #[inline(always)]
    fn noise_in_lanes(&self, lanes: &mut Lanes, draws: usize, each: impl FnMut(usize, GammaNoise, f64)) {
        self.sampler.draw_in_lanes(lanes, draws, each);
    }

    /// G of a draw, whose value is x.
    #[inline(always)]
    fn of_noise(&self, by: &impl GammaLift, noise: &GammaNoise, x: f64) -> S {
        if S::ORDER == 0 || x == 0.0 {
            return S::from(x);
        }
        by.lift_x(self.shape, self.psi, noise, x)
    }

    /// ln G of a draw.
    #[inline]
    pub fn lift_ln(&self, noise: &GammaNoise) -> S {
        self.lift_ln_by(&Formulas, noise)
    }

    /// The same by formulas or a table.
    #[inline(always)]
    pub fn lift_ln_by(&self, by: &impl GammaLift, noise: &GammaNoise) -> S {
        let w = noise.ln();
        if S::ORDER == 0 {
            return S::from(w);
        }
        by.lift(self.shape, self.psi, noise, noise.value()).ln_x(self.shape, w)
    }

    /// ln G^a of a draw, for shapes a below 1.
    #[inline(always)]
    fn lift_ln_power(&self, by: &impl GammaLift, noise: &GammaNoise) -> S {
        by.lift_ln_power(self.shape, self.psi, noise, noise.value())
    }

    /// ln G at a uniform number in (0, 1), with its derivatives there.
    #[cfg(feature = "nalgebra")]
    pub fn ln_at(&self, u: f64) -> S {
        let at = if u <= 0.5 { Probability::P(S::from(u)) } else { Probability::Q(S::from(1.0 - u)) };
        inc_gamma::ln_inverse(self.shape, at)
    }

    /// ln(G/α) of a draw.
    #[inline]
    pub fn lift_ln_ratio(&self, by: &impl GammaLift, noise: &GammaNoise) -> S {
        let value = noise.ln() - math::ln(self.shape.re());
        if S::ORDER == 0 {
            return S::from(value);
        }
        by.lift(self.shape, self.psi, noise, noise.value()).ln_ratio(self.shape, value)
    }

    /// The logarithm of the density of ln G at a point.
    #[inline]
    pub fn ln_pdf_of_ln(&self, at: &Point<S>) -> S {
        if self.shape.re() < LARGE {
            self.shape * at.w - at.x - ln_gamma(self.shape)
        } else {
            inc_gamma::ln_weight(at) + self.shape.ln()
        }
    }

    /// -E[ln f(ln G)]: the entropy of ln G.
    pub fn entropy_of_ln(&self) -> S {
        entropy_of_ln(self.shape)
    }
}

impl<S: Scalar> Standard<S> for StandardGamma<S> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let noise = self.noise(rng);
        self.of_noise(&Formulas, &noise, noise.value())
    }
    fn support(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn ln_pdf(&self, z: S) -> S {
        let a = self.shape;
        if z.re() <= 0.0 {
            return S::from(match a.re() {
                a if z.re() < 0.0 || a > 1.0 => f64::NEG_INFINITY,
                1.0 => 0.0,
                _ => f64::INFINITY,
            });
        }
        let at = Point::new(a, z);
        if a.re() < LARGE {
            // a ln z - ln z would round what is left of it near shape 1
            (a - 1.0) * at.w - z - ln_gamma(a)
        } else {
            self.ln_pdf_of_ln(&at) - at.w
        }
    }
    fn cdf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(0.0) } else { inc_gamma_p(self.shape, z) }
    }
    fn sf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(1.0) } else { inc_gamma_q(self.shape, z) }
    }
    fn ln_cdf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(f64::NEG_INFINITY) } else { inc_gamma_ln_p(self.shape, z) }
    }
    fn ln_sf(&self, z: S) -> S {
        if z.re() < 0.0 { S::from(0.0) } else { inc_gamma_ln_q(self.shape, z) }
    }
    fn quantile(&self, p: S) -> S {
        inc_gamma_p_inv(self.shape, p)
    }
    fn isf(&self, q: S) -> S {
        inc_gamma_q_inv(self.shape, q)
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        inc_gamma_ln_p_inv(self.shape, ln_p)
    }
    fn isf_ln(&self, ln_q: S) -> S {
        inc_gamma_ln_q_inv(self.shape, ln_q)
    }
    fn mean(&self) -> Option<S> {
        Some(self.shape)
    }
    fn variance(&self) -> Option<S> {
        Some(self.shape)
    }
    fn near_end(&self, _: bool, z: S) -> Option<NearEnd<S>> {
        Some(NearEnd { exponent: self.shape - 1.0, ln_factor: -z - ln_gamma(self.shape) })
    }
    fn entropy(&self) -> S {
        self.entropy_of_ln() + digamma(self.shape)
    }
    fn mode(&self) -> Option<S> {
        (self.shape.re() >= 1.0).then(|| self.shape - 1.0)
    }
    known_by!(|law| Gamma(law.shape.re()), SecondOfGamma, GammaTable);
}

impl<S: Scalar, const M: usize> Tabled<S, GammaTable<M>> for StandardGamma<S> {
    fn table(&self) -> GammaTable<M> {
        GammaTable::new(self.shape.re())
    }
    fn inverse(&self) -> GammaInverse {
        self.inverse()
    }

    type Noise = GammaNoise;

    #[inline(always)]
    fn noise<R: Rng + ?Sized>(&self, rng: &mut R) -> GammaNoise {
        StandardGamma::noise(self, rng)
    }
    #[inline(always)]
    fn lifted(&self, table: Option<&GammaTable<M>>, noise: GammaNoise) -> S {
        self.of_noise(&table, &noise, noise.value())
    }
    #[inline(always)]
    fn quantile_by(&self, table: &GammaTable<M>, inverse: &GammaInverse, at: Nearer) -> Option<S> {
        let noise = inverse.noise(at)?;
        Some(self.of_noise(table, &noise, noise.value()))
    }
}

impl<S: FirstOrder<N>, const M: usize, const N: usize> TabledInLanes<S, GammaTable<M>, N> for StandardGamma<S> {
    #[inline(always)]
    fn draw_in_lanes(&self, table: &GammaTable<M>, lanes: &mut Lanes, draws: usize, mut each: impl FnMut(usize, S)) {
        self.noise_in_lanes(lanes, draws, |i, noise, x| each(i, self.of_noise(table, &noise, x)));
    }
}

/// The law of G^power or of (G/α)^power, power not 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct GammaPower<S> {
    gamma: StandardGamma<S>,
    power: S,
    /// Whether it is G/α, of mean 1.
    per_shape: bool,
    /// power/α where the parameters have it themselves: towards 0 the power of G is that of a uniform number to this exponent, and hardly
    /// depends on what makes both power and α small.
    exponent: Option<S>,
}

/// x^power, by the operation itself where the power has one.
#[inline]
fn power_of(x: f64, power: f64) -> f64 {
    if power == -1.0 {
        1.0 / x
    } else if power == 0.5 {
        math::sqrt(x)
    } else {
        math::powf(x, power)
    }
}

impl<S: Scalar> GammaPower<S> {
    /// The law of G^power, G of a valid shape.
    #[inline]
    pub fn new(shape: S, power: S) -> Self {
        GammaPower { gamma: StandardGamma::new(shape), power, per_shape: false, exponent: None }
    }

    /// The same, with the `exponent` power/α.
    #[inline]
    pub fn with_exponent(shape: S, power: S, exponent: S) -> Self {
        GammaPower { exponent: Some(exponent), ..GammaPower::new(shape, power) }
    }

    /// The law of (G/α)^power. Around the mean G/α moves with a large α by a part of 1/sqrt α of what G moves by, which is had
    /// without the difference.
    #[inline]
    pub fn per_shape(shape: S, power: S) -> Self {
        GammaPower { per_shape: true, ..GammaPower::new(shape, power) }
    }

    /// The α.
    #[inline]
    pub fn shape(&self) -> S {
        self.gamma.shape
    }

    /// The G of a y inside the support, with its logarithm.
    fn point(&self, y: S) -> Point<S> {
        let (a, inverse) = (self.gamma.shape, self.power.recip());
        let w = y.ln() * inverse;
        let x = w.exp().with_re(power_of(y.re(), inverse.re()));
        if self.per_shape {
            return Point::of(a, a * x, w + a.ln());
        }
        let at = Point::of(a, x, w);
        match self.exponent {
            Some(exponent) if S::ORDER > 0 => Point { ln_power: y.ln().over(exponent).with_re(at.ln_power.re()), ..at },
            _ => at,
        }
    }

    /// The exponent where ln G^α has derivatives that ln G has lost.
    #[inline(always)]
    fn small(&self) -> Option<S> {
        self.exponent.filter(|_| self.gamma.shape.re() < 1.0)
    }

    /// The power of a draw of G.
    #[inline(always)]
    fn of_noise(&self, by: &impl GammaLift, noise: &GammaNoise) -> S {
        self.of_value(by, noise, noise.value())
    }

    /// The same, of a draw whose value is x.
    #[inline(always)]
    fn of_value(&self, by: &impl GammaLift, noise: &GammaNoise, x: f64) -> S {
        let x = if self.per_shape { x / self.gamma.shape.re() } else { x };
        if S::ORDER == 0 && x >= f64::MIN_POSITIVE {
            return S::from(power_of(x, self.power.re()));
        }
        if let Some(exponent) = self.small() {
            let ln_y = self.gamma.lift_ln_power(by, noise) * exponent;
            return self.value(ln_y.with_re(noise.ln() * self.power.re()), x);
        }
        let w = if self.per_shape { self.gamma.lift_ln_ratio(by, noise) } else { self.gamma.lift_ln_by(by, noise) };
        self.value(w * self.power, x)
    }

    /// y from its logarithm and from the value of G or G/α, which is better where it has not underflowed.
    fn value(&self, ln_y: S, x: f64) -> S {
        let power = self.power.re();
        let y = if x >= f64::MIN_POSITIVE { power_of(x, power) } else { math::exp(ln_y.re()) };
        inc_gamma::exp_with_value(ln_y, y)
    }

    /// The tail of G that is this tail of the power.
    #[inline]
    fn tail_of_gamma(&self, upper: bool) -> Tail {
        if (self.power.re() > 0.0) == upper { Tail::Upper } else { Tail::Lower }
    }

    /// A tail: its limit outside the support and at 0.
    fn tail(&self, y: S, upper: bool) -> S {
        if y.re() <= 0.0 {
            return S::from(if upper { 1.0 } else { 0.0 });
        }
        let tail = |y| inc_gamma::probability(self.tail_of_gamma(upper), &self.point(y));
        if self.moves_by_density(y) { curved(y, !upper, tail, |y| self.pdf(y)) } else { tail(y) }
    }

    /// Its logarithm.
    fn ln_tail(&self, y: S, upper: bool) -> S {
        if y.re() <= 0.0 {
            return S::from(if upper { 0.0 } else { f64::NEG_INFINITY });
        }
        let ln_tail = |y| inc_gamma::ln_probability(self.tail_of_gamma(upper), &self.point(y));
        if self.moves_by_density(y) { ln_curved(y, !upper, ln_tail, |y| self.pdf(y)) } else { ln_tail(y) }
    }

    /// Whether second derivatives in y, which a power of y rounds to multiples of 1/y², are those of the density.
    fn moves_by_density(&self, y: S) -> bool {
        let a = self.gamma.shape.re();
        a < LARGE && (0.5..LARGE).contains(&(a / self.power.re())) && y.re() >= f64::MIN_POSITIVE
    }

    fn inverse(&self, probability: Probability<S>) -> S {
        let a = self.gamma.shape;
        let mut x = inc_gamma::inverse(a.re(), probability.re());
        if let Some(exponent) = self.small() {
            let w = inc_gamma::ln_inverse(a.re(), probability.re());
            if w.is_finite() {
                let ln_y = inc_gamma::ln_power_inverse(a, probability) * exponent;
                return self.value(ln_y.with_re(w * self.power.re()), x);
            }
        }
        let w = if self.per_shape {
            x /= a.re();
            inc_gamma::ln_ratio_inverse(a, probability)
        } else {
            inc_gamma::ln_inverse(a, probability)
        };
        if w.re().is_infinite() {
            return S::from(math::exp(w.re() * self.power.re().signum()));
        }
        self.value(w * self.power, x)
    }

    /// ln E[G^k] or ln E[(G/a)^k] for k so many times the power, a + k > 0.
    fn ln_moment(&self, times: f64) -> S {
        let (a, k) = (self.gamma.shape, self.power * times);
        if let Some(e) = self.small() {
            // Γ(1 + a + k)/Γ(1 + a) times a/(a + k)
            return ln_gamma_1p(a + k) - ln_gamma_1p(a) - (e * times).ln_1p();
        }
        let end = a + k;
        if a.re() < LARGE || end.re() < LARGE {
            let ln = ln_gamma(end) - ln_gamma(a);
            return if self.per_shape { ln - k * a.ln() } else { ln };
        }
        // Stirling's series at both, in which a ln a drops out
        let ln = (end - 0.5) * k.over(a).ln_1p() - k + (inc_gamma::stirling(end) - inc_gamma::stirling(a));
        if self.per_shape { ln } else { k * a.ln() + ln }
    }

    /// E[G^k] or E[(G/a)^k] for k so many times the power, a + k > 0.
    fn moment(&self, times: f64) -> S {
        let (a, k) = (self.gamma.shape, self.power * times);
        if a.re() >= 1.0 || self.small().is_some() {
            return self.ln_moment(times).exp();
        }
        // a Γ(a + k)/Γ(1 + a): the pole of Γ(a) at 0 as a factor, of which no derivatives cancel
        let ln = ln_gamma(a + k) - ln_gamma_1p(a);
        if self.per_shape { (ln + a.ln() * (-k + 1.0)).exp() } else { a * ln.exp() }
    }

    /// E[G^k]²/E[G^2k], k the power.
    fn part_of_square(&self) -> S {
        let (a, k) = (self.gamma.shape, self.power);
        if a.re() < 1.0 && self.small().is_none() {
            a * (ln_gamma(a + k) * 2.0 - ln_gamma_1p(a) - ln_gamma(a + k * 2.0)).exp()
        } else {
            (-self.ln_square_ratio()).exp()
        }
    }

    /// ln E[G^2k] - 2 ln E[G^k] = ∫∫ ψ'(a + s + t) ds dt over the square [0, k]², k the power, for a + 2k > 0.
    fn ln_square_ratio(&self) -> S {
        let (a, k) = (self.gamma.shape, self.power);
        if let Some(e) = self.small() {
            // ψ'(x) = ψ'(1 + x) + 1/x², and the integral of the latter by the exponent e = k/a
            let of_pole = (e * e).over(e * 2.0 + 1.0).ln_1p();
            let rest = if 4.0 * k.re() > 1.0 + a.re() {
                ln_gamma_1p(a + k * 2.0) + ln_gamma_1p(a) - ln_gamma_1p(a + k) * 2.0
            } else {
                square_of_trigamma(a + 1.0, k)
            };
            return of_pole + rest;
        }
        // the rule has all digits this far from the pole at 0
        if 4.0 * k.re().abs() > a.re().min(a.re() + 2.0 * k.re()) {
            return self.ln_moment(2.0) - self.ln_moment(1.0) * 2.0;
        }
        square_of_trigamma(a, k)
    }
}

/// ∫∫ ψ'(a + s + t) ds dt over the square [0, k]².
fn square_of_trigamma<S: Scalar>(a: S, k: S) -> S {
    let (zero, one) = (S::from(0.0), S::from(1.0));
    let sum = integrate(zero, one, 1, |s: S| integrate(zero, one, 1, |t: S| trigamma(a + k * (s + t))));
    k * k * sum
}

impl<S: Scalar> Standard<S> for GammaPower<S> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        self.of_noise(&Formulas, &self.gamma.noise(rng))
    }
    fn support(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn ln_pdf(&self, y: S) -> S {
        let (a, power) = (self.gamma.shape, self.power);
        if y.re() == 0.0 && power.re() > 0.0 {
            // the density there is that of y^(a/power - 1)
            let exponent = a.re() / power.re() - 1.0;
            return if exponent == 0.0 {
                // G/α has α^α times the density of G there
                let ln = power.abs().ln() * -1.0 - ln_gamma(a);
                if self.per_shape { ln + a * a.ln() } else { ln }
            } else {
                S::from(if exponent > 0.0 { f64::NEG_INFINITY } else { f64::INFINITY })
            };
        }
        if y.re() <= 0.0 {
            return S::from(f64::NEG_INFINITY);
        }
        let (at, ln_y) = (self.point(y), y.ln());
        if a.re() >= LARGE {
            return self.gamma.ln_pdf_of_ln(&at) - power.abs().ln() - ln_y;
        }
        if let Some(e) = self.small() {
            return (e.recip() - 1.0) * ln_y - at.x - ln_gamma_1p(a) - e.ln();
        }
        // α ln G - ln y would round what is left of it where y is tiny
        let ln = (a * power.recip() - 1.0) * ln_y - at.x - ln_gamma(a) - power.abs().ln();
        if self.per_shape { ln + a * a.ln() } else { ln }
    }
    fn cdf(&self, y: S) -> S {
        self.tail(y, false)
    }
    fn sf(&self, y: S) -> S {
        self.tail(y, true)
    }
    fn ln_cdf(&self, y: S) -> S {
        self.ln_tail(y, false)
    }
    fn ln_sf(&self, y: S) -> S {
        self.ln_tail(y, true)
    }
    fn quantile(&self, p: S) -> S {
        self.inverse(if self.power.re() > 0.0 { Probability::P(p) } else { Probability::Q(p) })
    }
    fn isf(&self, q: S) -> S {
        self.inverse(if self.power.re() > 0.0 { Probability::Q(q) } else { Probability::P(q) })
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        self.inverse(if self.power.re() > 0.0 { Probability::LnP(ln_p) } else { Probability::LnQ(ln_p) })
    }
    fn isf_ln(&self, ln_q: S) -> S {
        self.inverse(if self.power.re() > 0.0 { Probability::LnQ(ln_q) } else { Probability::LnP(ln_q) })
    }
    fn mean(&self) -> Option<S> {
        let exists = self.gamma.shape.re() + self.power.re() > 0.0;
        Some(if exists { self.moment(1.0) } else { S::from(f64::INFINITY) })
    }
    fn variance(&self) -> Option<S> {
        let (a, k) = (self.gamma.shape.re(), self.power.re());
        if a + k <= 0.0 {
            return None;
        }
        if a + 2.0 * k <= 0.0 {
            return Some(S::from(f64::INFINITY));
        }
        let ratio = self.ln_square_ratio();
        // the square less that of the mean, or the latter times what the former is above it: by the larger factor
        Some(if ratio.re() > 1.0 {
            self.moment(2.0) * (-self.part_of_square() + 1.0)
        } else {
            (self.ln_moment(1.0) * 2.0).exp() * ratio.exp_m1()
        })
    }
    fn near_end(&self, _: bool, y: S) -> Option<NearEnd<S>> {
        let (a, power) = (self.gamma.shape, self.power);
        if power.re() < 0.0 {
            return None;
        }
        let exponent = self.exponent.map_or_else(|| a.over(power), |e| e.recip()) - 1.0;
        let x = power_near_zero(y, 1.0 / power.re(), exponent.re())?;
        let ln = -power.ln() - ln_gamma(a);
        Some(NearEnd { exponent, ln_factor: if self.per_shape { ln + a * (a.ln() - x) } else { ln - x } })
    }
    fn entropy(&self) -> S {
        let a = self.gamma.shape;
        if let Some(e) = self.small() {
            // ψ(1 + a) instead of ψ(a), whose pole is that of -ln a
            let psi = a * digamma(a + 1.0);
            return a - psi + ln_gamma_1p(a) + 1.0 + e.ln() + e * (psi - 1.0);
        }
        let mean_ln = if self.per_shape { digamma(a) - a.ln() } else { digamma(a) };
        self.gamma.entropy_of_ln() + self.power.abs().ln() + self.power * mean_ln
    }
    fn mode(&self) -> Option<S> {
        // of (a - power) w - e^w, w = ln G
        let top = self.gamma.shape - self.power;
        if top.re() > 0.0 {
            let top = if self.per_shape { top.over(self.gamma.shape) } else { top };
            Some((top.ln() * self.power).exp())
        } else if top.re() == 0.0 {
            Some(S::from(0.0))
        } else {
            None
        }
    }
    known_by!(|law| Gamma(law.gamma.shape.re()), SecondOfGamma, GammaTable);
}

impl<S: Scalar, const M: usize> Tabled<S, GammaTable<M>> for GammaPower<S> {
    fn table(&self) -> GammaTable<M> {
        self.gamma.table()
    }
    fn inverse(&self) -> GammaInverse {
        self.gamma.inverse()
    }

    type Noise = GammaNoise;

    #[inline(always)]
    fn noise<R: Rng + ?Sized>(&self, rng: &mut R) -> GammaNoise {
        self.gamma.noise(rng)
    }
    #[inline(always)]
    fn lifted(&self, table: Option<&GammaTable<M>>, noise: GammaNoise) -> S {
        self.of_noise(&table, &noise)
    }
    #[inline(always)]
    fn quantile_by(&self, table: &GammaTable<M>, inverse: &GammaInverse, at: Nearer) -> Option<S> {
        let at = if self.power.re() > 0.0 { at } else { at.turned() };
        Some(self.of_noise(table, &inverse.noise(at)?))
    }
}

impl<S: FirstOrder<N>, const M: usize, const N: usize> TabledInLanes<S, GammaTable<M>, N> for GammaPower<S> {
    #[inline(always)]
    fn draw_in_lanes(&self, table: &GammaTable<M>, lanes: &mut Lanes, draws: usize, mut each: impl FnMut(usize, S)) {
        self.gamma.noise_in_lanes(lanes, draws, |i, noise, x| each(i, self.of_value(table, &noise, x)));
    }
}

/// The entropy of the logarithm of a gamma variable of shape a: a + ln Γ(a) - a ψ(a).
pub(crate) fn entropy_of_ln<S: Scalar>(a: S) -> S {
    if a.re() < LARGE {
        // with Γ(1 + a) and ψ(1 + a), which have no poles to cancel
        return a - a * digamma(a + 1.0) + ln_gamma_1p(a) - a.ln() + 1.0;
    }
    // the same by the series of ψ and ln Γ: (ln(2π/a) + 1)/2 + ..., in which a ln a has dropped out
    let r = a.recip();
    ((r * (2.0 * PI)).ln() + 1.0) * 0.5 + inc_gamma::stirling(a) + a * psi_rest(r)
}

/// ln a - 1/(2a) - ψ(a) = Σ B_2j / (2j a^2j) for 1/a <= 1/16 (DLMF 5.11.2).
fn psi_rest<S: Scalar>(r: S) -> S {
    const C: [f64; 7] =
        [1.0 / 12.0, -1.0 / 120.0, 1.0 / 252.0, -1.0 / 240.0, 1.0 / 132.0, -691.0 / 32760.0, 1.0 / 12.0];
    let square = r * r;
    square * C.iter().rev().fold(S::from(0.0), |sum, c| sum * square + *c)
}

#[cfg(test)]
mod tests {
    use crate::distr::{ChiSquared, Continuous, Gamma, InverseGamma, KlDivergence, LogGamma};

    fn close(got: f64, want: f64, tolerance: f64) {
        assert!((got - want).abs() <= tolerance * want.abs(), "{got} for {want}");
    }

    /// Integrals by mpmath; for large shapes the closed form in many digits.
    #[test]
    fn entropies_and_divergence() {
        for (shape, want) in
            [(0.3, -1.055968960722018), (2.5, 1.7299479095050544), (100.0, 3.718181948504746), (1e6, 8.326693478853393)]
        {
            close(Gamma::new(shape, 1.0).unwrap().entropy(), want, 2e-15);
        }
        close(InverseGamma::new(2.5, 1.0).unwrap().entropy(), 0.323_634_628_214_568, 4e-15);
        close(InverseGamma::new(40.0, 1.0).unwrap().entropy(), -4.097662074785109, 2e-15);
        let (f, g) = (Gamma::new(2.5, 3.0).unwrap(), Gamma::new(0.5, 1.25).unwrap());
        close(f.kl_divergence(&g), 0.673_396_389_085_884, 4e-15);
        assert_eq!(f.kl_divergence(&f), 0.0);
        let (f, g) = (InverseGamma::new(2.5, 3.0).unwrap(), InverseGamma::new(0.5, 1.25).unwrap());
        close(f.kl_divergence(&g), 0.673_396_389_085_884, 4e-15);
        let (f, g) = (LogGamma::new(2.5, 3.0).unwrap(), LogGamma::new(0.5, 1.25).unwrap());
        close(f.kl_divergence(&g), 0.673_396_389_085_884, 4e-15);
        let (f, g) = (ChiSquared::new(5.0).unwrap(), ChiSquared::new(5.0).unwrap());
        assert_eq!(f.kl_divergence(&g), 0.0);
    }

    /// 1/(a - 1) and 1/((a - 1)² (a - 2)), where they exist.
    #[test]
    fn moments_of_the_inverse() {
        for a in [2.5, 15.0, 40.0, 1e3, 1e7] {
            let law = InverseGamma::new(a, 1.0).unwrap();
            close(law.mean().unwrap(), 1.0 / (a - 1.0), 2e-14);
            close(law.variance().unwrap(), 1.0 / ((a - 1.0) * (a - 1.0) * (a - 2.0)), 1e-13);
        }
        assert_eq!(InverseGamma::new(1.0, 1.0).unwrap().mean(), Some(f64::INFINITY));
        assert_eq!(InverseGamma::new(1.0, 1.0).unwrap().variance(), None);
        assert_eq!(InverseGamma::new(2.0, 1.0).unwrap().variance(), Some(f64::INFINITY));
    }

    /// The exponential law from shape 1, in tails beyond the range of doubles.
    #[test]
    fn far_tails() {
        let law = Gamma::new(1.0, 2.0).unwrap();
        close(law.isf_ln(-1e5), 5e4, 1e-15);
        close(law.isf(1e-300), 690.7755278982137 / 2.0, 1e-15);
        close(law.quantile(1e-300), 5e-301, 2e-15);
        let law = LogGamma::new(1e-300, 1.0).unwrap();
        close(law.quantile_ln(-2.0), -2e300, 1e-15);
    }

    #[test]
    fn refusals() {
        for shape in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-301] {
            assert_eq!(Gamma::new(shape, 1.0).unwrap_err().parameter(), "shape");
            assert!(InverseGamma::new(shape, 1.0).is_err() && LogGamma::new(shape, 1.0).is_err());
            assert!(ChiSquared::new(shape).is_err());
        }
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Gamma::new(1.0, rate).unwrap_err().parameter(), "rate");
            assert_eq!(Gamma::from_scale(1.0, rate).unwrap_err().parameter(), "scale");
            assert!(InverseGamma::new(1.0, rate).is_err() && LogGamma::new(1.0, rate).is_err());
        }
    }
}

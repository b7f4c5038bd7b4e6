//! The laws of powers of G, and of G over its shape.

use super::StandardGamma;
use crate::distr::form::{NearEnd, Standard, Tabled, TabledInLanes, curved, known_by, ln_curved, power_near_zero};
use crate::distr::in_lanes::FirstOrder;
use crate::distr::table::{Formulas, GammaInverse, GammaLift, GammaTable, Nearer};
use crate::noise::Lanes;
use crate::noise::gamma::GammaNoise;
use crate::quadrature::integrate;
use crate::scalar::{Scalar, math};
use crate::special::inc_gamma::{self, LARGE, Point, Probability, Tail};
use crate::special::{digamma, ln_gamma, ln_gamma_1p, trigamma};
use rand::Rng;

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
        if at.x.re() == f64::INFINITY {
            return S::from(f64::NEG_INFINITY);
        }
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
            let top = if self.per_shape {
                let shape = self.gamma.shape;
                // with the slopes of 1 - power/shape, which are no differences
                (-self.power.over(shape) + 1.0).with_re(top.re() / shape.re())
            } else {
                top
            };
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

//! Sums of gamma variables of scale 1, as many as a Poisson variable says.

use crate::distr::PoissonSampler;
use crate::distr::form::{exp, lift_by_tail, tail_root};
use crate::implicit::find_root;
use crate::noise::gamma::GammaSampler;
use crate::scalar::{Scalar, math};
use crate::special::inc_gamma::{Point, ln_weight};
use crate::special::{inc_gamma_ln_p, inc_gamma_ln_q, lambert_w0};
use core::f64::consts::LN_2;
use rand::Rng;

/// The sum of N gamma variables of shape α, N Poisson with mean λ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Compound<S> {
    pub rate: S,
    pub shape: S,
}

/// What is left out of a sum is below e^-42 of the largest term.
const DEPTH: f64 = 42.0;
/// ln of the y below which quantiles are 0.
const LOWEST: f64 = -690.0;
/// The y above which the upper tail is given up.
const BEYOND: f64 = 1e9;

impl Compound<f64> {
    /// A bound on ln P(Y > y) for y above the mean: λ ((1 - s)^-α - 1) - s y at its smallest, (1 - s)^(1 + α) = λ α/y.
    fn chernoff(&self, ln_y: f64) -> f64 {
        let ln_below = (math::ln(self.rate * self.shape) - ln_y) / (1.0 + self.shape);
        self.rate * math::exp_m1(-self.shape * ln_below) + math::exp_m1(ln_below) * math::exp(ln_y)
    }
}

impl<S: Scalar> Compound<S> {
    fn re(&self) -> Compound<f64> {
        Compound { rate: self.rate.re(), shape: self.shape.re() }
    }

    /// ln of the probability of n jumps.
    fn ln_count(&self, n: f64) -> S {
        ln_weight(&Point::new(S::from(n), self.rate))
    }

    /// About the number of jumps that y is most likely made of.
    fn likely_count(&self, y: f64) -> f64 {
        let Compound { rate, shape } = self.re();
        math::exp((math::ln(rate) + shape * (math::ln(y) - math::ln(shape))) / (1.0 + shape))
    }

    /// ln Σ exp(term(n)) over n >= 1, for terms that rise to a maximum near `start` and fall.
    fn ln_sum(&self, start: f64, term: impl Fn(f64) -> S) -> S {
        let start = math::floor(start).max(1.0);
        let unit = term(start).re();
        if unit == f64::NEG_INFINITY {
            return S::from(unit);
        }
        let (mut sum, mut largest) = (S::from(0.0), unit);
        for direction in [1.0, -1.0] {
            let mut n = if direction > 0.0 { start } else { start - 1.0 };
            while n >= 1.0 {
                let ln = term(n);
                // not for NaN either
                let counts = ln.re() >= largest - DEPTH;
                if !counts {
                    break;
                }
                largest = largest.max(ln.re());
                sum += exp(ln - unit);
                n += direction;
            }
        }
        sum.ln() + unit
    }

    /// ln f(y) for y > 0, from y and its logarithm: y may be below the doubles.
    pub fn ln_density(&self, y: S, ln_y: S) -> S {
        if y.re() > BEYOND {
            return S::from(f64::NEG_INFINITY);
        }
        self.ln_sum(self.likely_count(y.re()), |n| {
            let a = self.shape * n;
            self.ln_count(n) + ln_weight(&Point::of(a, y, ln_y)) + a.ln()
        }) - ln_y
    }

    /// ln F(y), the mass at 0 in it, or ln(1 - F(y)), for y > 0: that of the side of the mean on which y is, unless it
    /// is next to 0, and the other from it.
    pub fn ln_tail(&self, y: S, upper: bool) -> S {
        if y.re() > BEYOND {
            return S::from(if upper { f64::NEG_INFINITY } else { 0.0 });
        }
        let is_high = y.re() > self.rate.re() * self.shape.re();
        let ln = self.ln_direct(y, is_high);
        let (summed, ln) = if ln.re() > -0.3 { (!is_high, self.ln_direct(y, !is_high)) } else { (is_high, ln) };
        if upper == summed { ln } else { ln.ln_1m_exp() }
    }

    fn ln_direct(&self, y: S, upper: bool) -> S {
        let is_high = y.re() > self.rate.re() * self.shape.re();
        // terms are largest near the mean number, or between it and what y is made of
        let start = if is_high == upper { self.likely_count(y.re()) } else { self.rate.re() };
        let jumps = self.ln_sum(start, |n| {
            let a = self.shape * n;
            self.ln_count(n) + if upper { inc_gamma_ln_q(a, y) } else { inc_gamma_ln_p(a, y) }
        });
        let ln = if upper { jumps } else { (jumps + self.rate).softplus() - self.rate };
        if ln.re() > 0.0 { ln.with_re(0.0) } else { ln }
    }

    /// y with derivatives; without them next to 0, where quantiles are 0.
    fn lift(&self, y: f64, ln: S, upper: bool) -> S {
        if y < 1e-300 {
            return S::from(y);
        }
        lift_by_tail(y, ln, upper, |y| [self.ln_tail(y, upper), self.ln_density(y, y.ln())])
    }

    /// The y with ln F(y), or ln(1 - F(y)), equal to `ln`; 0 where the mass at 0 is more than that. NaN above 0.
    pub fn quantile(&self, ln: S, upper: bool) -> S {
        let (law, l) = (self.re(), ln.re());
        match l {
            f64::NEG_INFINITY => return S::from(if upper { f64::INFINITY } else { 0.0 }),
            0.0 => return S::from(if upper { 0.0 } else { f64::INFINITY }),
            _ if l.is_nan() || l > 0.0 => return S::from(f64::NAN),
            // beyond the middle from the other tail
            _ if l > -LN_2 => return self.quantile(ln.ln_1m_exp(), !upper),
            _ => {}
        }
        let at_zero = if upper { (-law.rate).ln_1m_exp() } else { -law.rate };
        let is_zero = |ln_tail: f64| if upper { l >= ln_tail } else { l <= ln_tail };
        if is_zero(at_zero) || is_zero(law.ln_tail(math::exp(LOWEST), upper)) {
            return S::from(0.0);
        }
        // the median is at most a standard deviation above the mean
        let (mean, deviation) = (law.rate * law.shape, math::sqrt(law.rate * law.shape * (1.0 + law.shape)));
        let high = if upper {
            find_root(math::ln(mean), math::ln(f64::MAX), math::ln(mean) + 1.0, |ln_y| (l - law.chernoff(ln_y), 1.0))
        } else {
            math::ln(mean + deviation)
        };
        let high = high + 1e-9;
        if high >= math::ln(BEYOND) && law.ln_tail(BEYOND, true) > l {
            return S::from(f64::INFINITY);
        }
        let high = high.min(math::ln(BEYOND));
        let ln_y = tail_root([LOWEST, high], math::ln(mean).min(high), l, upper, |ln_y| {
            let y = math::exp(ln_y);
            (law.ln_tail(y, upper), law.ln_density(y, ln_y) + ln_y)
        });
        self.lift(math::exp(ln_y), ln, upper)
    }

    pub fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let law = self.re();
        let count = PoissonSampler::draw_once(law.rate, rng);
        if count == 0 {
            return S::from(0.0);
        }
        let y = GammaSampler::new(law.shape * count as f64).draw(rng).value();
        if S::ORDER == 0 {
            return S::from(y);
        }
        let upper = y > 0.0 && law.ln_tail(y, true) < -LN_2;
        self.lift(y, S::from(0.0), upper)
    }

    /// -∫ f ln f over y > 0, in w with ln y = w - e^-w: outward from the mean, with a step by the narrowest of what
    /// counts there.
    pub fn surprise(&self) -> S {
        let Compound { rate, shape } = self.re();
        let count = rate.max(1.0);
        let ln_start = math::ln(shape * count);
        let start = ln_start + lambert_w0(math::exp(-ln_start));
        // what n jumps make stands alone where n is below α/4: the reciprocal of its width in ln y, and of that of all
        let alone = (0.25 * shape + 1.0).min(count + 9.0 * math::sqrt(count) + 1.0);
        let steepness = math::sqrt(shape * alone.max(count / (1.0 + shape)));
        let h = 0.25 / (steepness * (1.0 + math::exp(-start))).max(4.0);
        let (mut sum, mut largest) = (S::from(0.0), f64::NEG_INFINITY);
        for (first, direction) in [(0, 1.0), (1, -1.0)] {
            for k in first.. {
                let w = start + direction * f64::from(k) * h;
                let decay = math::exp(-w);
                let ln_y = w - decay;
                if ln_y < LOWEST {
                    break;
                }
                let ln = self.ln_density(S::from(math::exp(ln_y)), S::from(ln_y));
                let weight = ln + (ln_y + math::ln_1p(decay));
                let counts = weight.re() >= largest - DEPTH;
                if !counts {
                    break;
                }
                largest = largest.max(weight.re());
                sum -= exp(weight) * ln;
            }
        }
        sum * h
    }
}

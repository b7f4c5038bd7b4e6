//! The law of D, the logarithm of a generalized inverse Gaussian variable around its highest density.

use crate::distr::form::{Inverted, Moments, Rooted, exp, tail_root};
use crate::implicit::find_root;
use crate::noise;
use crate::quadrature::integrate;
use crate::scalar::{Scalar, math};
use crate::special::exp_m1_minus;
use rand::Rng;

/// The law on the line with a density proportional to exp(E(d)), E(d) = -α (e^d - 1 - d) - β (e^-d - 1 + d).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Kernel<S> {
    alpha: S,
    beta: S,
    /// ln ∫ exp(E)
    ln_norm: S,
    /// Where E is -1, above 0 and, the distance to it, below.
    above: f64,
    below: f64,
}

/// What is left out of an integral is below e^-44 of it.
const DEPTH: f64 = 44.0;
/// Where E is below this, differences of it have lost digits.
const DEEP: f64 = -700.0;

impl<S: Scalar> Kernel<S> {
    pub fn new(alpha: S, beta: S) -> Self {
        let mut kernel = Kernel { alpha, beta, ln_norm: S::from(0.0), above: 1.0, below: 1.0 };
        kernel.ln_norm = kernel.sum(|_| S::from(1.0)).ln();
        let plain = kernel.re();
        kernel.above = plain.reach(1.0);
        kernel.below = plain.reflected().reach(1.0);
        kernel
    }

    pub fn re(&self) -> Kernel<f64> {
        Kernel {
            alpha: self.alpha.re(),
            beta: self.beta.re(),
            ln_norm: self.ln_norm.re(),
            above: self.above,
            below: self.below,
        }
    }

    /// The law of -D.
    fn reflected(&self) -> Self {
        Kernel { alpha: self.beta, beta: self.alpha, above: self.below, below: self.above, ..*self }
    }

    /// E(d).
    fn exponent(&self, d: S) -> S {
        let exponent = -(self.alpha * exp_m1_minus(d) + self.beta * exp_m1_minus(-d));
        if exponent.re() == f64::NEG_INFINITY { S::from(exponent.re()) } else { exponent }
    }

    /// E'(d).
    fn slope(&self, d: S) -> S {
        -self.alpha * d.exp_m1() + self.beta * (-d).exp_m1()
    }

    /// h Σ exp(E(d)) g(d) over the nodes, to all digits, for g that grows like e^(2 d) at the most.
    fn sum(&self, mut g: impl FnMut(f64) -> S) -> S {
        let mut sum = S::from(0.0);
        let h = self.re().nodes(|d, value| {
            let exponent = match S::ORDER {
                0 => S::from(value),
                _ => self.alpha * -exp_m1_minus(d) - self.beta * exp_m1_minus(-d),
            };
            sum += exponent.exp() * g(d);
        });
        sum * h
    }

    /// E[g(D)].
    pub fn mean_of(&self, g: impl FnMut(f64) -> S) -> S {
        self.sum(g) * (-self.ln_norm).exp()
    }

    /// ln P(D > d).
    fn ln_upper(&self, d: S) -> S {
        let plain = self.re();
        let top = plain.exponent(d.re().max(0.0));
        if top == f64::NEG_INFINITY {
            return S::from(top);
        }
        if top < DEEP {
            return self.exponent(d) + self.tail_over_density(d).ln() - self.ln_norm;
        }
        let end = plain.reach(DEPTH - top);
        // panels on which E is smooth, falls by 9 at the most or rises by 8
        let panels = 5.0 + (end - d.re()) / 1.5 + (top - plain.exponent(d.re())) / 8.0;
        let integral = integrate(d, S::from(end), panels as usize, |d| exp(self.exponent(d) - top));
        integral.ln() + top - self.ln_norm
    }

    /// ∫ exp(E(d + s) - E(d)) ds over s > 0, for d > 0: the difference is E'(d) s - α e^d (e^s - 1 - s) - β e^-d (e^-s - 1 + s).
    fn tail_over_density(&self, d: S) -> S {
        let (slope, up, down) = (self.slope(d), self.alpha * d.exp(), self.beta * (-d).exp());
        let fall = |s: S| slope * s - up * exp_m1_minus(s) - down * exp_m1_minus(-s);
        integrate(S::from(0.0), S::from(-DEPTH / slope.re()), 6, |s| exp(fall(s)))
    }
}

impl Kernel<f64> {
    /// Visits d and E(d) at multiples d of a step, to where exp(E(d)) is nothing even times e^(2 d); returns the step.
    pub fn nodes(&self, mut visit: impl FnMut(f64, f64)) -> f64 {
        let h = 0.5 / math::sqrt(self.alpha + self.beta + 4.0);
        visit(0.0, 0.0);
        for direction in [1.0, -1.0] {
            for k in 1.. {
                let d = direction * f64::from(k) * h;
                let exponent = self.alpha * -exp_m1_minus(d) - self.beta * exp_m1_minus(-d);
                if exponent + 2.0 * d.max(0.0) < -60.0 {
                    break;
                }
                visit(d, exponent);
            }
        }
        h
    }

    /// The d > 0 where E is minus this level.
    fn reach(&self, level: f64) -> f64 {
        let Kernel { alpha, beta, .. } = *self;
        // each of the two terms alone is there beyond the level
        let by_alpha =
            if alpha > 1.0 { math::sqrt(2.0 * level / alpha) } else { math::ln(3.0 * (level + 2.0) / alpha) + 3.0 };
        let by_beta = if 3.0 * level < beta { math::sqrt(3.0 * level / beta) } else { level / beta + 1.0 };
        let high = by_alpha.min(by_beta);
        find_root(0.0, high, high, |d| (-self.exponent(d) - level, -self.slope(d)))
    }
}

impl<S: Scalar> Inverted<S> for Kernel<S> {
    fn ends(&self) -> (S, S) {
        (S::from(f64::NEG_INFINITY), S::from(f64::INFINITY))
    }
    fn ln_pdf_inside(&self, d: S) -> S {
        self.exponent(d) - self.ln_norm
    }
    /// The tail away from 0, and the other from it where it is not the smaller.
    fn ln_tail(&self, d: S, upper: bool) -> S {
        let of = |upper: bool| if upper { self.ln_upper(d) } else { self.reflected().ln_upper(-d) };
        let outer = d.re() >= 0.0;
        let ln = of(outer);
        let ln = if ln.re() > 0.0 { ln.with_re(0.0) } else { ln };
        match upper == outer {
            true => ln,
            false if ln.re() > -0.3 => of(upper),
            false => ln.ln_1m_exp(),
        }
    }
    /// Either tail is at most exp(E) beyond 0, as the density is logarithmically concave.
    fn root(&self, ln: S, upper: bool) -> S {
        let (plain, l) = (self.re(), ln.re());
        let other = l.ln_1m_exp();
        let (ln_above, ln_below) = if upper { (l, other) } else { (other, l) };
        let (low, high) = (-plain.reflected().reach(-ln_below) - 1e-9, plain.reach(-ln_above) + 1e-9);
        let d =
            tail_root([low, high], 0.5 * (low + high), l, upper, |d| (plain.ln_tail(d, upper), plain.ln_pdf_inside(d)));
        self.lift(d, ln, upper)
    }
}

impl<S: Scalar> Rooted<S> for Kernel<S> {
    type Draw = S;

    /// Below the tangents of E where it is -1, and 0 between the points where these are.
    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let plain = self.re();
        let Kernel { above, below, .. } = plain;
        let (right, left) = (-1.0 / plain.slope(above), 1.0 / plain.slope(-below));
        let (from, to) = (left - below, above - right);
        let flat = to - from;
        let d = loop {
            let (u, v, w) = (noise::uniform(rng) * (flat + left + right), noise::uniform(rng), noise::uniform(rng));
            let (d, bound) = if u < flat {
                (from + flat * v, 0.0)
            } else if u < flat + right {
                (to - right * math::ln(v), math::ln(v))
            } else {
                (from + left * math::ln(v), math::ln(v))
            };
            if math::ln(w) + bound <= plain.exponent(d) {
                break d;
            }
        };
        self.lift_draw(d, &plain)
    }
    /// ln ∫ exp(E) - E[E(D)]
    fn entropy(&self) -> S {
        self.ln_norm + self.mean_of(|d| self.alpha * exp_m1_minus(d) + self.beta * exp_m1_minus(-d))
    }
}

impl<S: Scalar> Moments<S> for Kernel<S> {
    fn mean(&self) -> Option<S> {
        Some(self.mean_of(|d| S::from(d)))
    }
    fn variance(&self) -> Option<S> {
        let mean = self.mean_of(|d| S::from(d));
        Some(self.mean_of(|d| {
            let apart = -mean + d;
            apart * apart
        }))
    }
    fn mode(&self) -> Option<S> {
        Some(S::from(0.0))
    }
}

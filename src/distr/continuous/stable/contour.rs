//! Tails and densities of standard stable laws, by a path of steepest descent.
//!
//! With t = e^w, ε = α - 1 and q = (e^(ε w) - 1)/ε the integrand of Fourier's inversion is exp E(w), entire in w and smooth in all parameters,
//! E = ln φ(t) - i x t = -e^w (1 + i x + (ε - i β τ) q) with τ = ε tan(π α/2) = -ε cot(π ε/2).
//! Along any path from w = -∞ - iπ/2 to where E falls, (-d/dx)^k (1 - F) = (1/π) Im ∫ (i e^w)^k exp(E) dw.
//! It begins on the axis Im w = -π/2, where Im E = e^(α w) (1 + β) cos(π ε/2) has no cancellation: heavy tails come from there. Before the phase turns,
//! or at the saddle point of a light tail, it leaves for the steepest descent, which is where Nolan (1997) and Zolotarev integrate;
//! followed roughly, by chords, as the integral does not depend on the path. On each chord the Gauss-Legendre rule has all digits.

use crate::distr::form::exp;
use crate::quadrature::gauss_legendre;
use crate::scalar::{Derivatives, MAX_ORDER, Scalar, math};
use crate::special::sinc;
use core::f64::consts::{FRAC_2_PI, FRAC_PI_2, PI};

/// A complex number.
type Complex = (f64, f64);

fn times(a: Complex, b: Complex) -> Complex {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

fn over(a: Complex, b: Complex) -> Complex {
    let square = b.0 * b.0 + b.1 * b.1;
    ((a.0 * b.0 + a.1 * b.1) / square, (a.1 * b.0 - a.0 * b.1) / square)
}

fn plus(a: Complex, b: Complex) -> Complex {
    (a.0 + b.0, a.1 + b.1)
}

/// The root with a real part that is not negative.
fn square_root(a: Complex) -> Complex {
    let size = math::hypot(a.0, a.1);
    let larger = math::sqrt(0.5 * (size + a.0.abs()));
    if larger == 0.0 {
        (0.0, 0.0)
    } else if a.0 >= 0.0 {
        (larger, 0.5 * a.1 / larger)
    } else {
        (0.5 * a.1.abs() / larger, larger.copysign(a.1))
    }
}

/// q = (e^(ε w) - 1)/ε.
fn q(eps: f64, w: Complex) -> Complex {
    if eps == 0.0 {
        return w;
    }
    let (a, b) = (eps * w.0, eps * w.1);
    let half = math::sin(0.5 * b);
    ((math::exp_m1(a) * math::cos(b) - 2.0 * half * half) / eps, math::exp(a) * math::sin(b) / eps)
}

/// d^k q/dε^k = ∫_0^1 w^(k+1) s^k e^(s ε w) ds, real and imaginary parts, for k up to `order`.
fn q_derivatives(eps: f64, w: Complex, order: usize) -> [Derivatives; 2] {
    let mut d = [[0.0; MAX_ORDER + 1]; 2];
    (d[0][0], d[1][0]) = q(eps, w);
    let small = eps.abs() * math::hypot(w.0, w.1) < 4.0 + order as f64;
    let e = if small || order == 0 {
        (0.0, 0.0)
    } else {
        let size = math::exp(eps * w.0);
        (size * math::cos(eps * w.1), size * math::sin(eps * w.1))
    };
    let mut power = (1.0, 0.0);
    for k in 1..=order {
        power = times(power, w);
        (d[0][k], d[1][k]) = if small {
            // Σ w^(k+1+j) ε^j / (j! (k + 1 + j))
            let (mut term, mut sum) = (times(power, w), (0.0, 0.0));
            for j in 0..80 {
                let n = 1.0 / (k + 1 + j) as f64;
                let next = plus(sum, (term.0 * n, term.1 * n));
                if next == sum {
                    break;
                }
                sum = next;
                term = times(term, (eps * w.0 / (j + 1) as f64, eps * w.1 / (j + 1) as f64));
            }
            sum
        } else {
            // ε q_k = w^k e^(ε w) - k q_(k-1)
            let first = times(power, e);
            let k0 = k as f64;
            ((first.0 - k0 * d[0][k - 1]) / eps, (first.1 - k0 * d[1][k - 1]) / eps)
        };
    }
    d
}

/// The exponent E and what it is made of; w = ρ + i (δ - π/2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Exponent<S> {
    pub eps: S,
    pub beta: S,
    /// τ.
    pub tau: S,
    /// cos(π ε/2).
    pub cosine: S,
}

impl<S: Scalar> Exponent<S> {
    pub fn new(alpha: S, beta: S) -> Self {
        let eps = alpha - 1.0;
        // exact for α from 1 to 2, where the cosine vanishes
        let cosine = if alpha.re() > 1.5 { ((-alpha + 2.0) * FRAC_PI_2).sin() } else { (eps * FRAC_PI_2).cos() };
        let tau = -cosine.over(sinc(eps * FRAC_PI_2)) * FRAC_2_PI;
        Exponent { eps, beta, tau, cosine }
    }

    pub fn plain(&self) -> Exponent<f64> {
        Exponent { eps: self.eps.re(), beta: self.beta.re(), tau: self.tau.re(), cosine: self.cosine.re() }
    }

    /// Of the law of -X.
    pub fn reflected(&self) -> Self {
        Exponent { beta: -self.beta, ..*self }
    }

    /// ζ = -β tan(π α/2): the end of the support for α < 1 and |β| = 1, the mean for α > 1.
    pub fn center(&self) -> S {
        -(self.beta * self.tau).over(self.eps)
    }

    /// Re E and Im E, on the axis the latter times e^raised.
    fn at(&self, x: S, rho: f64, delta: f64, raised: f64) -> (S, S) {
        let [re, im] = q_derivatives(self.eps.re(), (rho, delta - FRAC_PI_2), S::ORDER);
        let (q_re, q_im) = (self.eps.lift(&re[..=S::ORDER]), self.eps.lift(&im[..=S::ORDER]));
        let (r, skew) = (math::exp(rho), self.beta * self.tau);
        let across = x + self.eps * q_im - skew * q_re;
        if delta == 0.0 {
            let power = (self.eps * rho + (rho + raised)).exp();
            return (-across * r, power * (self.beta + 1.0) * self.cosine);
        }
        let along = self.eps * q_re + skew * q_im + 1.0;
        let (cos, sin) = (r * math::cos(delta), r * math::sin(delta));
        (-(across * cos) - along * sin, along * cos - across * sin)
    }

    /// (-d/dx)^k (1 - F) for k < K: 1 - F, f, -f', f'', ...
    pub fn integrals<const K: usize>(&self, x: S) -> Scaled<S, K> {
        let (mut early, mut late) = ([S::from(0.0); K], [S::from(0.0); K]);
        let path = Path { law: self.plain(), x: x.re() };
        let ln_unit = path.beginning();
        // far out |x|^-α is below the range of doubles
        let order = self.plain().eps * ln_unit + ln_unit;
        let raised = if order < -300.0 { -order } else { 0.0 };
        let leave = path.walk(ln_unit, |rho, delta, dw, from| {
            let on_axis = from.is_none();
            let (re, im) = self.at(x, rho, delta, if on_axis { raised } else { 0.0 });
            let size = exp(re - from.unwrap_or(0.0));
            // Im(exp(i Im E) (i e^w)^k dw)
            let sin = if on_axis && raised > 0.0 { im * size } else { im.sin() * size };
            let cos = if on_axis { S::from(0.0) } else { im.cos() * size };
            let r = math::exp(rho - ln_unit);
            let unit = (r * math::cos(delta), r * math::sin(delta));
            let mut factor = (dw.0 / PI, dw.1 / PI);
            for sum in if on_axis { &mut early } else { &mut late } {
                *sum += if on_axis { sin * factor.0 } else { sin * factor.0 + cos * factor.1 };
                factor = times(factor, unit);
            }
        });
        let Some(leave) = leave else { return Scaled { ln: -raised, ln_unit, sums: early } };
        // a light tail, whose heavy part is 0 but may have derivatives
        let (ln, up, down) = if early[0].re() == 0.0 {
            (leave, math::exp((-leave - raised).min(690.0)), 1.0)
        } else {
            (-raised, 1.0, math::exp(leave + raised))
        };
        Scaled { ln, ln_unit, sums: core::array::from_fn(|k| early[k] * up + late[k] * down) }
    }
}

/// Numbers e^(ln + k ln_unit) times their sums.
pub(super) struct Scaled<S, const K: usize> {
    pub ln: f64,
    pub ln_unit: f64,
    pub sums: [S; K],
}

/// The path for a law at x, in plain numbers.
struct Path {
    law: Exponent<f64>,
    x: f64,
}

/// The length of a chord, and the fall of E along one off the axis, on which the rule of 16 points has all digits.
const PANEL: f64 = 1.3;
const FALL: f64 = 6.0;

/// Of sizes below e^-NEGLIGIBLE nothing is left in a sum.
const NEGLIGIBLE: f64 = 40.0;

/// Below, E has no digits after the point, beside a saddle point: light tails end at e to this power.
const LOWEST: f64 = -1e13;

/// |E| up to which the path is still at its beginning.
const SMALL: f64 = 1.0 / 32.0;

impl Path {
    /// E, dE/dw, d²E/dw².
    fn exponent(&self, w: Complex) -> [Complex; 3] {
        let (law, q) = (&self.law, q(self.law.eps, w));
        let r = math::exp(w.0);
        let t = (r * math::cos(w.1), r * math::sin(w.1));
        let factor = (law.eps, -law.beta * law.tau);
        let value = times(t, plus((1.0, self.x), times(factor, q)));
        // e^(ε w) = 1 + ε q
        let bent = times(times(t, factor), (1.0 + law.eps * q.0, law.eps * q.1));
        let first = plus(value, bent);
        let second = plus(first, (bent.0 * (1.0 + law.eps), bent.1 * (1.0 + law.eps)));
        [value, first, second].map(|z| (-z.0, -z.1))
    }

    /// A bound of |E| over all angles.
    fn size(&self, rho: f64) -> f64 {
        let law = &self.law;
        let power = math::exp(law.eps * rho);
        let q = if law.eps == 0.0 { rho } else { (power - 1.0) / law.eps };
        math::exp(rho) * (self.x.abs() + power + (law.beta * law.tau).abs() * (q.abs() + FRAC_PI_2 * power))
    }

    /// The ρ of the given size.
    fn beginning(&self) -> f64 {
        let (mut low, mut high) = (-760.0, 5.0);
        for _ in 0..14 {
            let middle = 0.5 * (low + high);
            if self.size(middle) < SMALL {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Whether the path is still good on the axis: E falls and its phase has not turned.
    fn stays(&self, rho: f64) -> bool {
        let [_, first, _] = self.exponent((rho, -FRAC_PI_2));
        first.0 < 0.0 && self.phase(rho) < 0.6
    }

    /// Im E on the axis.
    fn phase(&self, rho: f64) -> f64 {
        math::exp((1.0 + self.law.eps) * rho) * (1.0 + self.law.beta) * self.law.cosine
    }

    /// Visits the nodes: ρ, δ, the weight dw, and for those beyond the axis Re E where it was left, which is returned.
    fn walk(&self, begin: f64, mut visit: impl FnMut(f64, f64, Complex, Option<f64>)) -> Option<f64> {
        let mut chord = |from: Complex, to: Complex, leave: Option<f64>| {
            let step = (to.0 - from.0, to.1 - from.1);
            for (s, weight) in gauss_legendre::nodes() {
                let delta = if step.1 == 0.0 { from.1 } else { from.1 + s * step.1 };
                visit(from.0 + s * step.0, delta, (step.0 * weight, step.1 * weight), leave);
            }
        };
        let alpha = 1.0 + self.law.eps;
        let mut rho = begin;
        let mut panel = 5.0;
        while rho > begin - NEGLIGIBLE / alpha {
            chord((rho - panel, 0.0), (rho, 0.0), None);
            rho -= panel;
            panel = 5.0 / alpha.min(1.0);
        }
        // along the axis
        rho = begin;
        // a heavy tail is of the size of the phase, which grows like r^α
        let heavy = (1.0 + self.law.beta) * self.law.cosine;
        let lowest = if heavy > 0.0 { math::ln(heavy) + alpha * begin - NEGLIGIBLE } else { f64::NEG_INFINITY };
        loop {
            let mut next = rho + PANEL;
            if !self.stays(next) {
                let (mut low, mut high) = (rho, next);
                for _ in 0..50 {
                    let middle = 0.5 * (low + high);
                    if self.stays(middle) {
                        low = middle;
                    } else {
                        high = middle;
                    }
                }
                next = low;
            }
            let leaves = next < rho + PANEL;
            let [value, ..] = self.exponent((rho, -FRAC_PI_2));
            // beyond, only a saddle point is looked for
            if next > rho && value.0 > -NEGLIGIBLE * 2.5 {
                chord((rho, 0.0), (next, 0.0), None);
            }
            rho = next;
            let [value, ..] = self.exponent((rho, -FRAC_PI_2));
            if value.0 < lowest.max(LOWEST) || rho > 690.0 {
                return None;
            }
            if leaves {
                break;
            }
        }
        self.descend(rho, rho == begin, chord)
    }

    /// From the axis down.
    fn descend(
        &self,
        rho: f64,
        at_beginning: bool,
        mut chord: impl FnMut(Complex, Complex, Option<f64>),
    ) -> Option<f64> {
        let mut w = (rho, -FRAC_PI_2);
        let start = self.exponent(w)[0].0;
        if at_beginning {
            // to the angle where E is real
            let (mut low, mut high) = (-FRAC_PI_2, FRAC_PI_2);
            for _ in 0..30 {
                let middle = 0.5 * (low + high);
                if self.exponent((rho, middle))[0].1 > 0.0 {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            chord((rho, 0.0), (rho, low + FRAC_PI_2), Some(start));
            w.1 = low;
        }
        let mut first_step = !at_beginning;
        let top = self.exponent(w)[0];
        // what the steps add up to is bounded: each is of the size of E or of 1
        for _ in 0..200 {
            let [value, slope, curvature] = self.exponent(w);
            if value.0 < start - NEGLIGIBLE {
                break;
            }
            let mut drop = FALL;
            let mut next = w;
            for _ in 0..40 {
                let square = times(slope, slope);
                let mut root = square_root((square.0 - 2.0 * curvature.0 * drop, square.1 - 2.0 * curvature.1 * drop));
                let forward = slope.0 * root.0 + slope.1 * root.1;
                let step = |root| over((-2.0 * drop, 0.0), plus(slope, root));
                if if first_step { step(root).1 < 0.0 } else { forward < 0.0 } {
                    root = (-root.0, -root.1);
                }
                let step = step(root);
                if math::hypot(step.0, step.1) <= PANEL {
                    next = plus(w, step);
                    break;
                }
                drop *= 0.6;
            }
            // back to the phase of the start
            let target = (value.0 - drop, top.1);
            let [there, along, _] = self.exponent(next);
            let correction = over((target.0 - there.0, target.1 - there.1), along);
            if math::hypot(correction.0, correction.1) < 0.3 * math::hypot(next.0 - w.0, next.1 - w.1) {
                next = plus(next, correction);
            }
            chord((w.0, w.1 + FRAC_PI_2), (next.0, next.1 + FRAC_PI_2), Some(start));
            w = next;
            first_step = false;
        }
        Some(start)
    }
}

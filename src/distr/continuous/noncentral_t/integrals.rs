//! Integrals over s = sqrt(V/ν), V chi-squared, of functions of t s - δ.

use crate::distr::form::exp;
use crate::scalar::{Scalar, math};
use crate::special::inc_gamma::{Point, ln_weight};
use crate::special::{exp_m1_minus, normal_ln_cdf, normal_ln_pdf};

/// The law at t >= 0.
pub(super) struct Integrals<S> {
    df: S,
    delta: S,
    t: S,
    /// ln 2 a^a e^-a/Γ(a) with a = ν/2: the density of τ = ln s is the exponential of it less a (e^(2 τ) - 1 - 2 τ).
    ln_norm: S,
}

/// What is left out is below e^-42 of the largest term.
const DEPTH: f64 = 42.0;
/// The w with w = e^-w.
const CENTRE: f64 = 0.5671432904097838;

impl<S: Scalar> Integrals<S> {
    pub fn new(df: S, delta: S, t: S) -> Self {
        let a = df * 0.5;
        Integrals { df, delta, t, ln_norm: df.ln() + ln_weight(&Point::new(a, a)) }
    }

    /// The s at which s^(ν + power) e^(-ν s²/2 - (t s - δ)²/2) is largest.
    fn peak(&self, power: f64) -> f64 {
        let (nu, delta, t) = (self.df.re(), self.delta.re(), self.t.re());
        let raised = nu + power;
        if t > 1.0 {
            let far = 1.0 + nu / t / t;
            let root = math::sqrt(delta * delta + 4.0 * raised * far);
            return if delta > 0.0 { (delta + root) / (2.0 * far) } else { 2.0 * raised / (root - delta) } / t;
        }
        let (d, curvature) = (t * delta, nu + t * t);
        let root = math::sqrt(d * d + 4.0 * raised * curvature);
        if d > 0.0 { (d + root) / (2.0 * curvature) } else { 2.0 * raised / (root - d) }
    }

    /// ∫ s^power e^(ln_of(y)) parts(s, y) g(s) ds with y = t s - δ, over the exponential of the number that comes with
    /// it: the trapezoidal rule in w with ln s = w - e^-w over that of the `start`, from there outward; `steep` is t s
    /// where `ln_of` falls.
    fn sums<const N: usize>(
        &self,
        power: f64,
        [start, steep]: [f64; 2],
        ln_of: impl Fn(S) -> S,
        parts: impl Fn(f64, S) -> [S; N],
    ) -> ([S; N], f64) {
        let (nu, t) = (self.df.re(), self.t.re());
        let shift = math::ln(start);
        // of the strip where the rule converges, and of the width of the largest terms
        let curvature = start * start * 2.0 * nu + steep * steep;
        let slope = 2.0 * (1.0 + CENTRE);
        let h = 1.0 / math::sqrt(144.0 + slope * slope * curvature);
        let term = |w: f64| {
            let decay = math::exp(-w);
            let tau = shift + w - decay;
            let s = math::exp(tau);
            // a product with digits where s has none
            let y = if t > 1e200 { (self.t.ln() + tau).exp() } else { self.t * s } - self.delta;
            let ln = self.df * (-0.5 * exp_m1_minus(2.0 * tau)) + ln_of(y) + (power * tau + math::ln_1p(decay));
            (ln, s, y)
        };
        let unit = term(CENTRE).0.re();
        let (mut sums, mut largest) = ([S::from(0.0); N], unit);
        for (first, direction) in [(0, 1.0), (1, -1.0)] {
            for k in first.. {
                let (ln, s, y) = term(CENTRE + direction * f64::from(k) * h);
                // not for NaN either
                let counts = ln.re() >= largest - DEPTH;
                if !counts {
                    break;
                }
                largest = largest.max(ln.re());
                let weight = exp(ln - unit);
                for (sum, part) in sums.iter_mut().zip(parts(s, y)) {
                    *sum += weight * part;
                }
            }
        }
        (sums.map(|sum| sum * h), unit)
    }

    /// The peak, and t s there.
    fn at_peak(&self, power: f64) -> [f64; 2] {
        let s = self.peak(power);
        [s, self.t.re() * s]
    }

    /// ln f(t) = ln ∫ s φ(t s - δ) g(s) ds.
    pub fn ln_density(&self) -> S {
        let ([sum], unit) = self.sums(1.0, self.at_peak(1.0), normal_ln_pdf, |_, _| [S::from(1.0)]);
        sum.ln() + unit + self.ln_norm
    }

    /// ln F(t) = ln ∫ Φ(t s - δ) g(s) ds, or of the upper tail.
    pub fn ln_tail(&self, upper: bool) -> S {
        let sign = if upper { -1.0 } else { 1.0 };
        // where the tail is small at s = 1, in between
        let against = sign * (self.t.re() - self.delta.re()) < 0.0;
        let (t, size) = (self.t.re(), self.delta.re().abs());
        let start = if against { self.at_peak(0.0) } else { [1.0, t.min(size + 4.0)] };
        let ([sum], unit) = self.sums(0.0, start, |y| normal_ln_cdf(y * sign), |_, _| [S::from(1.0)]);
        let ln = sum.ln() + unit + self.ln_norm;
        if ln.re() > 0.0 { ln.with_re(0.0) } else { ln }
    }

    /// -f'(t) and its slope, over a common factor: ∫ s² y φ(y) g and ∫ s³ (1 - y²) φ(y) g.
    pub fn fall(&self) -> (S, S) {
        let ([fall, slope], _) =
            self.sums(1.0, self.at_peak(1.0), normal_ln_pdf, |s, y| [y * s, (-(y * y) + 1.0) * (s * s)]);
        (fall, slope)
    }
}

//! The horseshoe law.

use crate::distr::form::{Placed, Standard, law_of};
use crate::distr::parameters;
use crate::implicit::{find_root, lift_root};
use crate::noise;
use crate::parameter::LawError;
use crate::scalar::polynomial::Polynomial;
use crate::scalar::taylor::{self, ZERO};
use crate::scalar::{MAX_ORDER, Scalar, math};
use crate::special::{self, EULER, exp_e1};
use core::f64::consts::{FRAC_1_SQRT_2, FRAC_2_PI, LN_2};
use rand::Rng;

/// The [horseshoe law](https://en.wikipedia.org/wiki/Horseshoe_prior) with scale τ: that of τ λ N with half-Cauchy λ and standard normal N.
///
/// # Density function
/// f(x) = e^w E1(w) / (τ sqrt(2π³)) with w = (x/τ)²/2 and the exponential integral E1: it has a logarithmic pole at 0 and tails of 1/x².
///
/// # Derivatives
/// A draw is τ ζ with standard horseshoe noise ζ, so dz/dτ = z/τ, exactly. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [scale] = Jet::variables([0.1]);
/// let z = Horseshoe::new(scale)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((z.eps[0] - z.re / 0.1).abs() <= 1e-14 * z.re.abs());
/// # Ok(()) }
/// ```
///
/// # Notes
/// P(|ζ| <= z) = sqrt(2/π³) z Σ w^k (ψ(k+1) - ln w + 2/(2k+1)) / (k! (2k+1)), the density's series (DLMF 6.6.2 times e^w) integrated: positive terms up to
/// w = 2. Beyond, P(|ζ| > z) = (2/π) ∫_0^∞ erfcx(z cosh v/√2) / cosh v dv by the trapezoidal rule, and from w = 40 by its asymptotic series. The
/// quantile is found by Newton's method. There are no moments: the mean does not exist. Source: Carvalho, Polson & Scott 2010, "The horseshoe estimator
/// for sparse signals", *Biometrika* 97.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Horseshoe<S> {
    scale: S,
}

parameters! {
    Horseshoe, "horseshoe", "a horseshoe law";
    /// The law with scale τ.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(Horseshoe::new(0.1).unwrap().cdf(0.0), 0.5);
    /// assert!(Horseshoe::new(0.0).is_err());
    /// ```
    new(scale: POSITIVE)
}

law_of!(Horseshoe, |law| Placed { location: None, scale: law.scale, standard: StandardHorseshoe });

/// Scale 1.
#[derive(Clone, Copy)]
struct StandardHorseshoe;

/// sqrt(2/π³).
const HEIGHT: f64 = 0.253_974_543_736_963_9;
/// Up to this the distribution function of |ζ| is taken from its series.
const NEAR: f64 = 2.0;
/// From here on its tail is 2 HEIGHT/z to all digits.
const FAR: f64 = 1e9;

/// The density of |ζ| at z > 0.
fn density<S: Scalar>(z: S) -> S {
    let re = z.re();
    if re < 1e-9 {
        // w may underflow, and e^w E1(w) is -γ - ln w
        (z.ln() * -2.0 + (LN_2 - EULER)) * HEIGHT
    } else if re > FAR {
        // 1/w
        z.recip().over(z) * (2.0 * HEIGHT)
    } else {
        exp_e1(z * z * 0.5) * HEIGHT
    }
}

/// P(|ζ| <= z), for z up to 2.
fn near(z: f64) -> f64 {
    let w = 0.5 * z * z;
    // w may underflow
    let ln_w = 2.0 * math::ln(z) - LN_2;
    let (mut term, mut psi, mut sum) = (1.0, -EULER, 0.0);
    for k in 0..30 {
        let k = f64::from(k);
        let odd = 2.0 * k + 1.0;
        let new = term * (psi - ln_w + 2.0 / odd) / odd;
        sum += new;
        if new < 1e-18 * sum {
            break;
        }
        term *= w / (k + 1.0);
        psi += 1.0 / (k + 1.0);
    }
    HEIGHT * z * sum
}

/// P(|ζ| > z), for z from 2.
fn far(z: f64) -> f64 {
    let w = 0.5 * z * z;
    if w < 40.0 {
        // the poles at ±iπ/2 leave exp(-π²/H) = 3e-20 of it
        const H: f64 = 7.0 / 32.0;
        let a = z * FRAC_1_SQRT_2;
        let at = |v: f64| {
            let cosh = math::cosh(v);
            special::erfcx(a * cosh) / cosh
        };
        let tail: f64 = (1..=96).rev().map(|k| at(f64::from(k) * H)).sum();
        return FRAC_2_PI * H * (0.5 * at(0.0) + tail);
    }
    // Σ (-1)^k k!/(w^k (2k + 1)) down to its smallest term, e^-w
    let (mut term, mut sum) = (1.0, 0.0);
    for k in 0..40 {
        let k = f64::from(k);
        sum += term / (2.0 * k + 1.0);
        term *= -(k + 1.0) / w;
        if term.abs() < 1e-18 {
            break;
        }
    }
    2.0 * HEIGHT / z * sum
}

/// A function of z from its value and its slope, `sign` times the density.
fn with_slope<S: Scalar>(z: S, value: f64, sign: f64) -> S {
    /// The first N coefficients of the density.
    fn coefficients<const N: usize>(z: f64, c: &mut [f64]) {
        c[..N].copy_from_slice(&density(Polynomial::<N>::line(z, 1.0)).0);
    }
    let mut slope = ZERO;
    match S::ORDER {
        0 => return S::from(value),
        1 => slope[0] = density(z.re()),
        2 => coefficients::<2>(z.re(), &mut slope),
        3 => coefficients::<3>(z.re(), &mut slope),
        _ => coefficients::<MAX_ORDER>(z.re(), &mut slope),
    }
    let mut d = taylor::integrate(&slope.map(|c| sign * c), value, S::ORDER);
    taylor::to_derivatives(&mut d, S::ORDER);
    z.lift(&d)
}

/// P(|ζ| <= z), for z > 0.
fn inside<S: Scalar>(z: S) -> S {
    let re = z.re();
    with_slope(z, if re <= NEAR { near(re) } else { 1.0 - far(re) }, 1.0)
}

/// P(|ζ| > z), for z > 0.
fn outside<S: Scalar>(z: S) -> S {
    let re = z.re();
    with_slope(z, if re <= NEAR { 1.0 - near(re) } else { far(re) }, -1.0)
}

/// The z with P(|ζ| <= z) = p, for p in (0, 1/2].
fn inside_inv<S: Scalar>(p: S) -> S {
    let p0 = p.re();
    // P = HEIGHT z (2 - γ + ln 2 - 2 ln z) for small z
    let scale = p0 / HEIGHT;
    let start = scale / (2.0 - EULER + LN_2 - 2.0 * math::ln(scale / (3.0 - 2.0 * math::ln(scale)).max(1.0))).max(0.5);
    let z = find_root(1e-4 * p0, NEAR, start, |z| {
        let found = near(z);
        (math::ln(found / p0), density(z) / found)
    });
    lift_inverse(z, p, |z: S| inside(z) - p)
}

/// The z with P(|ζ| > z) = q, for q in (0, 1/2].
fn outside_inv<S: Scalar>(q: S) -> S {
    let q0 = q.re();
    // the tail is below its leading term
    let high = 2.0 * HEIGHT / q0;
    if high > FAR {
        return q.recip() * (2.0 * HEIGHT);
    }
    let tail = |z: f64| if z <= NEAR { 1.0 - near(z) } else { far(z) };
    let z = find_root(0.3, high * (1.0 + 1e-9), high, |z| (tail(z) - q0, -density(z)));
    lift_inverse(z, q, |z: S| -(outside(z) - q))
}

/// A quantile with the derivatives of its probability.
fn lift_inverse<S: Scalar>(z: f64, p: S, residual: impl Fn(S) -> S) -> S {
    if p.with_re(0.0).max_abs() == 0.0 {
        return S::from(z);
    }
    lift_root(z, |z: S| residual(z).over(density(z)))
}

impl<S: Scalar> Standard<S> for StandardHorseshoe {
    type Draw = f64;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        // half-Cauchy: the quotient of two half-normal numbers; signs do not matter
        let (above, below) = (noise::normal(rng), noise::normal(rng));
        noise::normal(rng) * (above / if below == 0.0 { 1e-17 } else { below })
    }
    fn ln_pdf(&self, z: S) -> S {
        match z.re().abs() {
            0.0 => S::from(f64::INFINITY),
            r if r > FAR => -z.abs().ln() * 2.0 + math::ln(HEIGHT),
            _ => density(z.abs()).ln() - LN_2,
        }
    }
    fn pdf(&self, z: S) -> S {
        if z.re() == 0.0 { S::from(f64::INFINITY) } else { density(z.abs()) * 0.5 }
    }
    fn cdf(&self, z: S) -> S {
        match z.re() {
            0.0 => S::from(0.5),
            r if r < 0.0 => outside(-z) * 0.5,
            r if r <= NEAR => inside(z) * 0.5 + 0.5,
            _ => -(outside(z) * 0.5) + 1.0,
        }
    }
    fn sf(&self, z: S) -> S {
        self.cdf(-z)
    }
    fn ln_cdf(&self, z: S) -> S {
        match z.re() {
            r if r < -1e300 => -(-z).ln() + math::ln(HEIGHT),
            r if r <= NEAR => self.cdf(z).ln(),
            _ => (outside(z) * -0.5).ln_1p(),
        }
    }
    fn ln_sf(&self, z: S) -> S {
        self.ln_cdf(-z)
    }
    fn quantile(&self, p: S) -> S {
        match p.re() {
            0.0 => S::from(f64::NEG_INFINITY),
            r if r <= 0.25 => -outside_inv(p * 2.0),
            r if r < 0.5 => -inside_inv(-(p * 2.0) + 1.0),
            0.5 => S::from(0.0),
            _ => -self.quantile(-p + 1.0),
        }
    }
    fn isf(&self, q: S) -> S {
        -self.quantile(q)
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        match ln_p.re() {
            // the tail's leading term
            l if l < -600.0 => -(-ln_p + math::ln(HEIGHT)).exp(),
            l if l < -LN_2 => self.quantile(ln_p.exp()),
            _ => -self.quantile(-ln_p.exp_m1()),
        }
    }
    fn isf_ln(&self, ln_q: S) -> S {
        -self.quantile_ln(ln_q)
    }
    fn mean(&self) -> Option<S> {
        None
    }
    fn variance(&self) -> Option<S> {
        None
    }
    /// -E[ln f(ζ)] (mpmath: `tests/reference/make_composed.py`)
    fn entropy(&self) -> S {
        S::from(2.1098718360616477)
    }
    fn mode(&self) -> Option<S> {
        None
    }
    fn median(&self) -> S {
        S::from(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::Continuous;

    #[track_caller]
    fn close(got: f64, want: f64, bound: f64) {
        assert!((got - want).abs() <= bound * want.abs(), "{got:e}, not {want:e}");
    }

    /// The parts of the distribution function meet.
    #[test]
    fn branches_meet() {
        close(near(2.0) + far(2.0), 1.0, 1e-15);
        let edge = 80f64.sqrt();
        close(far(edge * (1.0 - 1e-15)), far(edge * (1.0 + 1e-15)), 1e-14);
        // mpmath: the density's integral over [0, 2]
        close(near(2.0), 0.774_781_646_853_173_1, 2e-15);
    }

    #[test]
    fn far_and_near() {
        let law = Horseshoe::new(2.0).unwrap();
        close(law.sf(2e20), HEIGHT * 1e-20, 1e-15);
        close(law.isf(1e-300), 2.0 * HEIGHT * 1e300, 1e-15);
        close(law.isf_ln(-1e2), 2.0 * HEIGHT * 100f64.exp(), 1e-14);
        assert_eq!((law.median(), law.pdf(0.0), law.mean(), law.mode()), (0.0, f64::INFINITY, None, None));
        // 1/2 + HEIGHT z (2 - γ + ln 2 - 2 ln z)/2
        let z = 1e-7;
        close(law.cdf(2.0 * z) - 0.5, 0.5 * HEIGHT * z * (2.0 - EULER + LN_2 - 2.0 * z.ln()), 1e-9);
    }
}

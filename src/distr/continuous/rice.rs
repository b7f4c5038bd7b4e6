//! Rice's law.

use crate::distr::form::{ByRoot, Inverted, Moments, NearEnd, Rooted, bounded, exp, law_of, tail_root};
use crate::distr::parameters;
use crate::implicit::{Slopes, find_root, lift_along_all, lift_root};
use crate::noise;
use crate::parameter::LawError;
use crate::scalar::{Scalar, math};
use crate::special::{
    LN_SQRT_2PI, bessel_i_ratio, bessel_i_ratio_complement, ln_bessel_i0_scaled, normal_isf_ln, normal_ln_cdf,
    normal_ln_sf,
};
use core::f64::consts::{LN_2, PI};
use rand::Rng;

/// [Rice's law](https://en.wikipedia.org/wiki/Rice_distribution) with distance ν and standard deviation σ: of the
/// distance from the origin of a point in the plane whose coordinates are normal around a point at the distance ν. It
/// models the magnitude of a signal in noise.
///
/// # Density function
/// f(x) = (x/σ²) exp(-(x² + ν²)/(2 σ²)) I_0(x ν/σ²) for x >= 0, with the modified Bessel function I_0.
///
/// # Derivatives
/// With w = z ν/σ² and A(w) = I_1(w)/I_0(w): dz/dν = A(w) and dz/dσ = (z - ν)/σ + (ν/σ) (1 - A(w)) at fixed u = F(z).
/// Higher ones follow from these. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [nu, sigma] = Jet::variables([1.5, 0.5]);
/// let z = Rice::new(nu, sigma)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// // nu and sigma together are a scale
/// assert!((1.5 * z.eps[0] + 0.5 * z.eps[1] - z.re).abs() < 1e-14);
/// # Ok(()) }
/// ```
///
/// # Notes
/// A draw is sqrt((ν + σ N)² + (σ N')²) with standard normal N and N'. For ν = 0 it is the [Rayleigh
/// law](crate::distr::Rayleigh). The tails, Marcum's Q function, are integrals of positive terms around a circle by the
/// trapezoidal rule, the part of a pole in closed form; some 20 evaluations of an exponential (Helstrom 1992,
/// "Computing the generalized Marcum Q-function", IEEE Transactions on Information Theory 38). The entropy is an
/// integral by the trapezoidal rule, to about 1e-14.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rice<S> {
    nu: S,
    sigma: S,
}

parameters! {
    Rice, "rice", "Rice's law";
    /// The law with distance ν and standard deviation σ.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(Rice::new(0.0, 2.0).unwrap().mode(), Some(2.0));
    /// assert_eq!(Rice::new(-1.0, 2.0).unwrap_err().parameter(), "nu");
    /// ```
    new(nu: [0.0, 1e150], sigma: POSITIVE)
}

impl<S: Scalar> Rice<S> {
    fn at(&self, x: S) -> Standardized<S> {
        let (a, b) = (self.nu.over(self.sigma), x.over(self.sigma));
        Standardized { a, b, apart: (x - self.nu).over(self.sigma) }
    }

    /// x with the derivatives of a variable whose tail does not move, but for `ln`.
    fn lift(&self, x: f64, ln: S, upper: bool) -> S {
        if S::ORDER == 0 || x < f64::MIN_POSITIVE || x.is_infinite() {
            return S::from(x);
        }
        let movement = Movement { sign: if upper { -1.0 } else { 1.0 } };
        // σ is all but a scale for a small ν
        if self.nu.re() < self.sigma.re() {
            let b = lift_along_all(x / self.sigma.re(), [self.nu.over(self.sigma), ln], &movement);
            return bounded((self.sigma * b).with_re(x));
        }
        bounded(lift_along_all(x, [self.nu, self.sigma, ln], &movement))
    }
}

/// ν, σ and the logarithm of a tail move x, or a = ν/σ and that b = x/σ; the sign is that of dF/d(tail).
struct Movement {
    sign: f64,
}

impl Movement {
    /// The slope of b in the logarithm of the tail: 0 for a draw, whose tail is a constant, whatever it is.
    fn of_ln<S: Scalar>(&self, at: &Standardized<S>, ln: S) -> S {
        if ln.re() < 0.0 { (ln - at.ln_pdf()).exp() * self.sign } else { S::from(0.0) }
    }
}

impl Slopes<2> for Movement {
    fn slopes<S: Scalar>(&self, [a, ln]: [S; 2], b: S) -> [S; 2] {
        [bessel_i_ratio(a * b), self.of_ln(&Standardized { a, b, apart: b - a }, ln)]
    }
}

impl Slopes<3> for Movement {
    fn slopes<S: Scalar>(&self, [nu, sigma, ln]: [S; 3], x: S) -> [S; 3] {
        let at = Rice { nu, sigma }.at(x);
        let w = at.a * at.b;
        // b - a A(w) without the larger of the differences
        let of_sigma =
            if w.re() < 1.0 { at.b - at.a * bessel_i_ratio(w) } else { at.apart + at.a * bessel_i_ratio_complement(w) };
        [bessel_i_ratio(w), of_sigma, self.of_ln(&at, ln) * sigma]
    }
}

/// a = ν/σ, b = x/σ and b - a.
struct Standardized<S> {
    a: S,
    b: S,
    apart: S,
}

/// Below, for the product a b, the tails are series of Bessel functions.
const SERIES_END: f64 = 30.0;

/// Above, the law is the normal law of b - a to all digits.
const NORMAL_FROM: f64 = 1e100;

impl<S: Scalar> Standardized<S> {
    /// -(b - a)²/2, without derivatives where it overflows.
    fn exponent(&self) -> S {
        if self.apart.re().abs() > 1e150 { S::from(f64::NEG_INFINITY) } else { self.apart * self.apart * -0.5 }
    }

    /// ln of the density of b.
    fn ln_pdf(&self) -> S {
        let exponent = self.exponent();
        if exponent.re().is_infinite() {
            return exponent;
        }
        let w = self.a * self.b;
        // ln(e^-w I_0(w)) = -ln(2π w)/2 where w overflows
        let ln_bessel =
            if w.re() < 1e300 { ln_bessel_i0_scaled(w) } else { (self.a.ln() + self.b.ln()) * -0.5 - LN_SQRT_2PI };
        self.b.ln() + exponent + ln_bessel
    }

    /// Whether the tail beyond b, away from a, is the upper one.
    fn is_high(&self) -> bool {
        self.apart.re() >= 0.0
    }

    /// ln Q(a, b) or ln(1 - Q(a, b)), Q being Marcum's function of order 1.
    fn ln_tail(&self, upper: bool) -> S {
        let exponent = self.exponent();
        if exponent.re().is_infinite() {
            return S::from(if self.is_high() == upper { f64::NEG_INFINITY } else { 0.0 });
        }
        let (a, b) = (self.a.re(), self.b.re());
        let w = a * b;
        if w > NORMAL_FROM {
            return if upper { normal_ln_sf(self.apart) } else { normal_ln_cdf(self.apart) };
        }
        let (direct, scaled) =
            if w < SERIES_END { self.ln_series(b * b > a * a + 1.0) } else { (self.is_high(), self.circle().ln()) };
        let ln = exponent + scaled;
        if direct == upper { ln } else { ln.ln_1m_exp() }
    }

    /// ln of a tail over e^-(b - a)²/2 by Bessel functions: Σ (a/b)^k I_k(a b) over k >= 0 for the upper tail, Σ
    /// (b/a)^k I_k(a b) over k >= 1 for the lower one, over I_0 + 2 Σ I_k = e^(a b).
    fn ln_series(&self, upper: bool) -> (bool, S) {
        let w = self.a * self.b;
        let end = if upper { self.a } else { self.b };
        let square = end * end;
        let (mut ratio, mut sum, mut all) = (S::from(0.0), S::from(0.0), S::from(0.0));
        // I_k/I_(k-1) = w/(2 k + w I_(k+1)/I_k), downward from where I_k is 1e-18 of e^w
        let first = 20 + (9.0 * math::sqrt(w.re())) as u32;
        for k in (2..=first).rev() {
            let inverse = (w * ratio + 2.0 * f64::from(k)).recip();
            ratio = w * inverse;
            sum = square * inverse * (sum + 1.0);
            all = ratio * (all + 1.0);
        }
        let inverse = (w * ratio + 2.0).recip();
        let ln_all = (w * inverse * (all + 1.0) * 2.0).ln_1p();
        let ln_sum = if upper {
            (square * inverse * (sum + 1.0)).ln_1p()
        } else {
            // b² may be below the range of doubles
            self.b.ln() * 2.0 + inverse.ln() + sum.ln_1p()
        };
        (upper, ln_sum - ln_all)
    }

    /// The tail away from a over e^-(b - a)²/2, by the mean over angles φ of (1 - ζ cos φ)/D e^(-a b (1 - cos φ)), for
    /// b < a of ζ (cos φ - ζ)/D, with the smaller of a/b and b/a for ζ and D = 1 - 2 ζ cos φ + ζ².
    ///
    /// The poles at φ = ±i ln(1/ζ) take 1/(1 + ζ^-n) from what n midpoints give, to be put back.
    fn circle(&self) -> S {
        let (a, b) = (self.a, self.b);
        let (zeta, rest) =
            if self.is_high() { (a.over(b), self.apart.over(b)) } else { (b.over(a), -self.apart.over(a)) };
        // of e^(-a b (1 - cos φ)) that many midpoints miss e^-40
        let root = math::sqrt(a.re()) * math::sqrt(b.re());
        let points = 9.0 * root + 6.0;
        let h = 2.0 * PI / points;
        let mut sum = S::from(0.0);
        for k in 0..40 {
            let half = math::sin(0.5 * (f64::from(k) + 0.5) * h);
            if root * half > 4.5 {
                break;
            }
            let square = half * half;
            let over = rest * rest + zeta * (4.0 * square);
            let top = if self.is_high() { rest + zeta * (2.0 * square) } else { zeta * (rest - 2.0 * square) };
            sum += exp(a * half * (b * half) * -2.0) * top.over(over);
        }
        let of_points = sum * (2.0 / points);
        // to where e^(-a b (1 - cosh η)) is small beside e^(n η)
        let eta = -(-rest).ln_1p();
        if eta.re() > math::asinh(points / root / root) {
            return of_points;
        }
        of_points + exp(-self.exponent() - (eta * points).softplus())
    }
}

impl<S: Scalar> Inverted<S> for Rice<S> {
    fn ends(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn ln_pdf_inside(&self, x: S) -> S {
        let ln_pdf = self.at(x).ln_pdf();
        if ln_pdf.re().is_infinite() { ln_pdf } else { ln_pdf - self.sigma.ln() }
    }
    /// x/σ² e^(-(x² + ν²)/(2 σ²)) I_0(x ν/σ²)
    fn near_end(&self, _: bool, x: S) -> Option<NearEnd<S>> {
        let square = self.sigma * self.sigma;
        let w = (x * self.nu).over(square);
        let ln_factor =
            ln_bessel_i0_scaled(w) + w - (x * x + self.nu * self.nu).over(square) * 0.5 - self.sigma.ln() * 2.0;
        Some(NearEnd { exponent: S::from(1.0), ln_factor })
    }
    fn ln_tail(&self, x: S, upper: bool) -> S {
        self.at(x).ln_tail(upper)
    }
    /// Between the quantiles of Rayleigh's and of a normal law, which lie below, and the sum of a and the former.
    fn root(&self, ln: S, upper: bool) -> S {
        let (nu, sigma, l) = (self.nu.re(), self.sigma.re(), ln.re());
        let a = nu / sigma;
        let ln_upper = if upper { l } else { l.ln_1m_exp() };
        let reach = math::sqrt(-2.0 * ln_upper);
        let of = |b: f64, apart: f64| Standardized { a, b, apart };
        let x = if a > 4.0 && (upper || of(0.5 * a, -0.5 * a).ln_tail(false) < l) {
            let low = (normal_isf_ln(ln_upper) - 1e-9).max(-0.5 * a);
            let apart = tail_root([low, reach + 1e-9], 0.5 * (low + reach), l, upper, |d| {
                let at = of(a + d, d);
                (at.ln_tail(upper), at.ln_pdf())
            });
            nu + sigma * apart
        } else {
            // the lower tail is at most b²/2
            let low = if upper { math::ln(reach) } else { 0.5 * (l + LN_2) };
            let high = math::ln(a + reach).max(low);
            let ln_b = tail_root([low - 1e-9, high + 1e-9], high, l, upper, |ln_b| {
                let b = math::exp(ln_b);
                let at = of(b, b - a);
                (at.ln_tail(upper), at.ln_pdf() + ln_b)
            });
            sigma * math::exp(ln_b)
        };
        self.lift(x, ln, upper)
    }
}

/// From here on the mean is an asymptotic series in 1/a².
const ASYMPTOTIC: f64 = 9.0;

/// q(a) with E[X]/σ = a + 2 q/a, by the asymptotic series of 40 terms.
fn excess_of_mean<S: Scalar>(a: S) -> S {
    let u = S::from(2.0).over(a).over(a);
    (1..40).rev().fold(S::from(1.0), |sum, k| {
        let k = f64::from(k);
        u * sum * ((k - 0.5) * (k - 0.5) / (k + 1.0)) + 1.0
    }) * 0.25
}

impl<S: Scalar> Rice<S> {
    fn a(&self) -> S {
        self.nu.over(self.sigma)
    }

    /// E[X]/σ = sqrt(π/2) e^-t ((1 + 2 t) I_0(t) + 2 t I_1(t)) with t = a²/4.
    fn direct_mean(&self) -> S {
        let t = self.a() * self.a() * 0.25;
        // ln sqrt(π/2)
        (ln_bessel_i0_scaled(t) + 0.22579135264472744).exp() * (t * (bessel_i_ratio(t) + 1.0) * 2.0 + 1.0)
    }

    /// -f ln f at b = a + apart.
    fn surprise(&self, b: S, apart: S) -> S {
        let ln = Standardized { a: self.a(), b, apart }.ln_pdf();
        if ln.re() < -700.0 { S::from(0.0) } else { -ln.exp() * ln }
    }
}

impl<S: Scalar> Rooted<S> for Rice<S> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let (nu, sigma) = (self.nu.re(), self.sigma.re());
        let (along, across) = (nu + sigma * noise::normal(rng), sigma * noise::normal(rng));
        self.lift(math::hypot(along, across), S::from(0.0), false)
    }
    /// By the trapezoidal rule in b, or in t with b = exp(t - exp(-t)) where the end at 0 has weight.
    fn entropy(&self) -> S {
        let a = self.a();
        let sum = if a.re() > 10.0 {
            (-80..=80).fold(S::from(0.0), |sum, k| {
                let d = f64::from(k) / 8.0;
                sum + self.surprise(a + d, S::from(d)) * 0.125
            })
        } else {
            (-128..=96).fold(S::from(0.0), |sum, k| {
                let t = f64::from(k) / 32.0;
                let decay = math::exp(-t);
                let b = math::exp(t - decay);
                sum + self.surprise(S::from(b), -a + b) * (b * (1.0 + decay) / 32.0)
            })
        };
        sum + self.sigma.ln()
    }
}

impl<S: Scalar> Moments<S> for Rice<S> {
    /// σ sqrt(π/2) L_(1/2)(-ν²/(2 σ²)), with Laguerre's function
    fn mean(&self) -> Option<S> {
        let a = self.a();
        Some(if a.re() < ASYMPTOTIC {
            self.sigma * self.direct_mean()
        } else {
            self.nu + self.sigma * excess_of_mean(a).over(a) * 2.0
        })
    }
    /// 2 σ² + ν² - (E X)²
    fn variance(&self) -> Option<S> {
        let a = self.a();
        let standard = if a.re() < ASYMPTOTIC {
            let mean = self.direct_mean();
            a * a + 2.0 - mean * mean
        } else {
            let q = excess_of_mean(a);
            let step = q.over(a).over(a) * 2.0;
            -(q * (step + 2.0) * 2.0) + 2.0
        };
        Some(self.sigma * self.sigma * standard)
    }
    /// σ b with b² = 1 + w A(w), w = a b
    fn mode(&self) -> Option<S> {
        let a = self.nu.re() / self.sigma.re();
        // beyond, the mode is ν to all digits
        if a > 1e9 {
            return Some(self.nu);
        }
        let high = 0.5 * (a + math::sqrt(a * a + 4.0));
        let b = find_root(a.max(1.0) * (1.0 - 1e-15), high, high, |b| fall(a, b));
        let a = self.a();
        let b = lift_root(b, |b: S| {
            let (value, slope) = fall(a, b);
            value.over(slope)
        });
        Some(self.sigma * b)
    }
}

/// b (b - a) - 1 + w (1 - A(w)), w = a b, and its slope in b.
fn fall<S: Scalar>(a: S, b: S) -> (S, S) {
    let w = a * b;
    let rest = bessel_i_ratio_complement(w);
    // A' = 1 - A/w - A²
    (b * (b - a) + w * rest - 1.0, b * 2.0 - a * w * rest * (-rest + 2.0))
}

law_of!(Rice, |law| ByRoot(*law));

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64, bound: f64) {
        assert!((got - want).abs() <= bound * want.abs(), "{got:e} for {want:e}");
    }

    // mpmath, by closed forms, quadrature and root finding at 40 digits
    #[test]
    fn moments_entropy_mode() {
        for (nu, sigma, mean, variance, entropy, mode) in [
            (0.0, 2.0, 2.5066282746310007, 1.7168146928204135, 1.635181422730739, 2.0),
            (1.0, 1.0, 1.5485724605511455, 0.6019233344225713, 1.1235887215191336, 1.30914914477436),
            (0.5, 2.0, 2.5456421419355327, 1.7697060852018732, 1.6504492032255476, 2.0317406515796867),
            (8.0, 1.0, 8.062750166082914, 0.9920597593299483, 1.4149522019241803, 8.061776832553743),
            (10.0, 1.0, 10.05012693667742, 0.994948556670916, 1.4164063198647034, 10.049628065462297),
            (300.0, 2.0, 300.0066667407457, 3.999911107160011, 2.1120746020361425, 300.00666644445266),
        ] {
            let law = Rice::new(nu, sigma).unwrap();
            close(law.mean().unwrap(), mean, 2e-15);
            // the square of the mean, up to 80 times as large, is taken away
            close(law.variance().unwrap(), variance, 1e-13);
            close(law.entropy(), entropy, 4e-15);
            close(law.mode().unwrap(), mode, 2e-15);
        }
        assert_eq!(Rice::new(f64::NAN, 1.0).unwrap_err().parameter(), "nu");
    }

    /// ν = 0: Rayleigh's law; ν far out: a normal one.
    #[test]
    fn limits() {
        let (law, rayleigh) = (Rice::new(0.0, 2.0).unwrap(), Rayleigh::new(2.0).unwrap());
        for x in [1e-200, 1e-3, 1.0, 3.0, 70.0] {
            close(law.ln_cdf(x), rayleigh.ln_cdf(x), 2e-15);
            close(law.ln_sf(x), rayleigh.ln_sf(x), 2e-15);
            close(law.ln_pdf(x), rayleigh.ln_pdf(x), 2e-15);
        }
        let (law, normal) = (Rice::new(1e120, 1e110).unwrap(), Normal::new(1e120, 1e110).unwrap());
        for p in [1e-300, 0.01, 0.5] {
            close(law.quantile(p), normal.quantile(p), 1e-15);
            close(law.isf(p), normal.isf(p), 1e-15);
        }
    }
}

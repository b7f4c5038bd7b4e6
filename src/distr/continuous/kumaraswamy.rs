//! The Kumaraswamy law.

use crate::distr::form::{
    Asked, NearEnd, at_certainty, curved, exp_times_exp_m1, ln_curved, power_near_zero, with_ends,
};
use crate::distr::{Continuous, parameters};
use crate::noise;
use crate::parameter::{LawError, is_probability};
use crate::quadrature::integrate;
use crate::scalar::Scalar;
use crate::special;
use rand::Rng;
use rand::distr::Distribution;

/// The [Kumaraswamy law](https://en.wikipedia.org/wiki/Kumaraswamy_distribution) with shapes a and b: much like the beta
/// law, but with a distribution function in closed form.
///
/// # Density function
/// f(x) = a b x^(a-1) (1 - x^a)^(b-1) for 0 <= x <= 1.
///
/// # Derivatives
/// A draw is z with ln z = ln(1 - e^(-ε/b)) / a and standard exponential ε, put through dual arithmetic as it stands:
/// dz/da = -z ln(z) / a and dz/db = -z (1 - w) ε / (w a b²) with w = z^a. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [a, b] = Jet::variables([2.0, 3.0]);
/// let z = Kumaraswamy::new(a, b)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((z.eps[0] + z.re * z.re.ln() / 2.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// By inversion, in logarithms (Kumaraswamy 1980, *Journal of Hydrology* 46). A draw below the range of doubles is 0, one
/// that rounds to 1 is 1, in both cases with derivatives that have gone to 0 as well.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kumaraswamy<S> {
    a: S,
    b: S,
}

parameters! {
    Kumaraswamy, "kumaraswamy", "a Kumaraswamy law";
    /// The law with shapes `a`, the power at 0, and `b`, the power at 1.
    ///
    /// ```
    /// use reparam::distr::Kumaraswamy;
    /// assert!(Kumaraswamy::new(2.0, 3.0).is_ok());
    /// assert_eq!(Kumaraswamy::new(2.0, 0.0).unwrap_err().parameter(), "b");
    /// ```
    new(a: POSITIVE, b: POSITIVE)
}

impl<S: Scalar> Kumaraswamy<S> {
    /// z from ln z^a; 0 with zero derivatives below the range of doubles.
    #[inline]
    fn root(&self, ln_power: S) -> S {
        let ln_z = ln_power.over(self.a);
        if ln_z.re() < -750.0 { S::from(0.0) } else { ln_z.exp() }
    }

    /// z from ln(1 - F(z)).
    #[inline]
    fn at_ln_sf(&self, ln_q: S) -> S {
        let x = ln_q.over(self.b);
        if x.re() == 0.0 {
            S::from(0.0)
        } else if x.re() < -1e5 {
            // 1 - z^a = e^x and its derivatives are all below the range of doubles
            S::from(1.0)
        } else {
            self.root(x.ln_1m_exp())
        }
    }

    /// ln(1 - x^a) for x inside (0, 1).
    #[inline]
    fn ln_rest(&self, x: S) -> S {
        (x.ln() * self.a).ln_1m_exp()
    }

    /// ln E[X^n] with r = n/a: ln b + ln B(1 + r, b), at most 0.
    fn ln_moment(&self, r: S) -> S {
        let ln = special::ln_beta_1p(self.b, r + 1.0);
        if ln.re() > 0.0 { ln.with_re(0.0) } else { ln }
    }

    /// a b x^(a-1) (1 - x^a)^(b-1) at the distance d from an end.
    fn near_end(&self, upper: bool, d: S) -> Option<NearEnd<S>> {
        let (a, b) = (self.a, self.b);
        let ln = a.ln() + b.ln();
        if !upper {
            let exponent = a - 1.0;
            let power = power_near_zero(d, a.re(), exponent.re())?;
            return Some(NearEnd { exponent, ln_factor: ln + (b - 1.0) * (-power).ln_1p() });
        }
        // (1 - x^a)/d = a (e^t - 1)/t (-ln(1 - d)/d), t = a ln(1 - d); powers beyond the order of the derivatives do not count
        let ln_x = (-d).ln_1p();
        let ratio = (1..=S::ORDER + 1).rev().fold(S::from(0.0), |sum, n| sum * d + 1.0 / n as f64);
        let ln_rest = (a * ln_x).exp_m1_ratio().ln() + ratio.ln() + a.ln();
        Some(NearEnd { exponent: b - 1.0, ln_factor: ln + (a - 1.0) * ln_x + (b - 1.0) * ln_rest })
    }

    fn with_ends(&self, x: S, asked: Asked, answer: impl FnOnce(S) -> S) -> S {
        with_ends(x, asked, || self.support(), |upper, d| self.near_end(upper, d), answer)
    }

    /// The second derivative of [`Self::ln_moment`] in r.
    fn curvature(&self, r: S) -> S {
        -special::trigamma_difference(r + 1.0, self.b)
    }
}

/// ln(1 - (1 - y)^power) from ln y, also where y is below the range of doubles.
fn ln_complement<S: Scalar>(ln_y: S, power: S) -> S {
    if ln_y.re() > -40.0 {
        return (ln_y.ln_1m_exp() * power).ln_1m_exp();
    }
    // ln(1 - y) = -y
    let ln_exponent = ln_y + power.ln();
    if ln_exponent.re() < -40.0 { ln_exponent } else { (-ln_exponent.exp()).ln_1m_exp() }
}

impl<S: Scalar> Distribution<S> for Kumaraswamy<S> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        self.at_ln_sf(S::from(-noise::exponential(rng)))
    }
}

impl<S: Scalar> Continuous<S> for Kumaraswamy<S> {
    fn support(&self) -> (S, S) {
        (S::from(0.0), S::from(1.0))
    }
    fn ln_pdf(&self, x: S) -> S {
        self.with_ends(x, Asked::LnPdf, |x| {
            // at 0 a power that is no whole number has no derivatives, but a value
            let end = |exponent: S| match exponent.re() {
                0.0 => self.a.ln() + self.b.ln(),
                exponent => S::from(f64::INFINITY.copysign(-exponent)),
            };
            if x.re() < 0.0 || x.re() > 1.0 {
                S::from(f64::NEG_INFINITY)
            } else if x.re() == 0.0 {
                end(self.a - 1.0)
            } else if x.re() == 1.0 {
                end(self.b - 1.0)
            } else {
                (self.a - 1.0) * x.ln() + (self.b - 1.0) * self.ln_rest(x) + self.a.ln() + self.b.ln()
            }
        })
    }
    fn pdf(&self, x: S) -> S {
        self.with_ends(x, Asked::Pdf, |x| self.ln_pdf(x).exp())
    }
    fn cdf(&self, x: S) -> S {
        self.with_ends(x, Asked::Cdf, |x| curved(x, true, |x| -self.ln_sf(x).exp_m1(), |x| self.pdf(x)))
    }
    fn sf(&self, x: S) -> S {
        self.with_ends(x, Asked::Sf, |x| curved(x, false, |x| self.ln_sf(x).exp(), |x| self.pdf(x)))
    }
    fn ln_cdf(&self, x: S) -> S {
        self.with_ends(x, Asked::LnCdf, |x| {
            let ln_cdf = |x: S| {
                if x.re() <= 0.0 {
                    S::from(f64::NEG_INFINITY)
                } else if x.re() >= 1.0 {
                    S::from(0.0)
                } else {
                    ln_complement(x.ln() * self.a, self.b)
                }
            };
            ln_curved(x, true, ln_cdf, |x| self.pdf(x))
        })
    }
    fn ln_sf(&self, x: S) -> S {
        self.with_ends(x, Asked::LnSf, |x| {
            let ln_sf = |x: S| {
                if x.re() <= 0.0 {
                    S::from(0.0)
                } else if x.re() >= 1.0 {
                    S::from(f64::NEG_INFINITY)
                } else {
                    self.ln_rest(x) * self.b
                }
            };
            ln_curved(x, false, ln_sf, |x| self.pdf(x))
        })
    }
    fn quantile(&self, p: S) -> S {
        let quantile = |p: S| {
            if is_probability(p) && p.re() > 1e-17 { self.isf_ln((-p).ln_1p()) } else { self.quantile_ln(p.ln()) }
        };
        at_certainty(p, true, quantile, |x| self.pdf(x))
    }
    fn isf(&self, q: S) -> S {
        let isf = |q: S| {
            // above 1/2 the logarithm of q has lost the digits of 1 - q
            if is_probability(q) && q.re() > 0.5 { self.quantile(-q + 1.0) } else { self.isf_ln(q.ln()) }
        };
        at_certainty(q, false, isf, |x| self.pdf(x))
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        let quantile_ln = |ln_p: S| {
            if ln_p.re() == f64::NEG_INFINITY {
                return S::from(0.0);
            }
            if ln_p.re() < -40.0 {
                return self.root(ln_complement(ln_p, self.b.recip()));
            }
            self.isf_ln(ln_p.ln_1m_exp())
        };
        at_certainty(ln_p, true, quantile_ln, |x| self.pdf(x))
    }
    fn isf_ln(&self, ln_q: S) -> S {
        let isf_ln = |ln_q: S| {
            if ln_q.re() <= 0.0 && ln_q.re() > f64::NEG_INFINITY {
                self.at_ln_sf(ln_q)
            } else {
                S::from(if ln_q.re() == f64::NEG_INFINITY { 1.0 } else { f64::NAN })
            }
        };
        at_certainty(ln_q, false, isf_ln, |x| self.pdf(x))
    }
    fn mean(&self) -> Option<S> {
        Some(self.ln_moment(self.a.recip()).exp())
    }
    /// E\[X\]² (e^D - 1) with D = ln E\[X²\] - 2 ln E\[X\], for large a as the integral of a second derivative.
    fn variance(&self) -> Option<S> {
        let r = self.a.recip();
        let first = self.ln_moment(r);
        let d = if r.re() > 0.5 {
            self.ln_moment(r * 2.0) - first * 2.0
        } else {
            // ∫_0^r u (h''(u) + h''(2 r - u)) du
            integrate(S::from(0.0), r, 1, |u| u * (self.curvature(u) + self.curvature(r * 2.0 - u)))
        };
        Some(exp_times_exp_m1(first * 2.0, d))
    }
    /// 1 - 1/b + (1 - 1/a) H_b - ln(a b), H the harmonic numbers
    fn entropy(&self) -> S {
        let harmonic = special::digamma_difference(S::from(1.0), self.b);
        -self.b.recip() + 1.0 + (-self.a.recip() + 1.0) * harmonic - self.a.ln() - self.b.ln()
    }
    /// ((a - 1) / (a b - 1))^(1/a) where both shapes are at least 1 and not both 1.
    fn mode(&self) -> Option<S> {
        let (a, b) = (self.a, self.b);
        if a.re() < 1.0 || b.re() < 1.0 || (a.re() == 1.0 && b.re() == 1.0) {
            return None;
        }
        if a.re() == 1.0 {
            return Some(S::from(0.0));
        }
        // a b - 1 = (a - 1) + a (b - 1)
        let ratio = (b - 1.0).over(a - 1.0) * a;
        Some((-ratio.ln_1p().over(a)).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Jet;

    #[track_caller]
    fn close(got: f64, want: f64, bound: f64) {
        assert!((got / want - 1.0).abs() < bound, "{got:e}, not {want:e}");
    }

    #[test]
    fn moments() {
        // a, b, mean, variance, entropy: `make_intervals.py --constants` prints them
        let table: [(f64, f64, f64, f64, f64); 5] = [
            (2.0, 3.0, 0.45714285714285713, 0.041020408163265305, -0.20842613589472167),
            (0.3, 0.7, 0.3333950980325157, 0.11018749219976084, -0.7013719397818228),
            (1000000.0, 2.0, 0.99999850000175, 1.2499940000184374e-12, -12.508659238524219),
            (40.0, 0.001, 0.9999596412747782, 1.4045324041703816e-06, -995.7795215353678),
            (0.01, 5.0, 1.0356185893785342e-08, 3.4813975471239715e-10, -222.25426772644602),
        ];
        for (a, b, mean, variance, entropy) in table {
            let law = Kumaraswamy::new(a, b).unwrap();
            close(law.mean().unwrap(), mean, 1e-14);
            close(law.variance().unwrap(), variance, 1e-12);
            close(law.entropy(), entropy, 1e-14);
        }
        close(Kumaraswamy::new(2.0, 3.0).unwrap().mode().unwrap(), 0.2f64.sqrt(), 1e-15);
        assert_eq!(Kumaraswamy::new(0.5, 3.0).unwrap().mode(), None);
    }

    #[test]
    fn far_tails() {
        let law = Kumaraswamy::new(2.0, 3.0).unwrap();
        // z² = 1 - (1 - p)^(1/3), about p/3
        close(law.quantile(1e-300), (1e-300f64 / 3.0).sqrt(), 1e-13);
        close(law.quantile_ln(-1200.0), (-600f64).exp() / 3f64.sqrt(), 1e-13);
        // 3 x²
        close(law.ln_cdf(1e-200), 3f64.ln() + 2.0 * 1e-200f64.ln(), 1e-15);
        // (1 - x²)³ at x = 1 - ε/2
        close(law.ln_sf(1.0 - 0.5 * f64::EPSILON), 3.0 * f64::EPSILON.ln(), 1e-15);
        assert_eq!((law.quantile(0.0), law.quantile(1.0), law.isf(0.0), law.isf(1.0)), (0.0, 1.0, 1.0, 0.0));
        assert!(law.quantile(-0.1).is_nan() && law.isf(1.1).is_nan() && law.quantile(f64::NAN).is_nan());
        assert!(law.ln_pdf(f64::NAN).is_nan() && law.cdf(f64::NAN).is_nan());
    }

    #[test]
    fn extreme_shapes_draw_no_nan() {
        use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let shapes = [1e-150, 1e-100, 1e-6, 1.0, 1e6, 1e100, 1e150];
        for (a, b) in shapes.iter().flat_map(|&a| shapes.map(|b| (a, b))) {
            let [x, y] = Jet::variables([a, b]);
            let law = Kumaraswamy::new(x, y).unwrap();
            for _ in 0..20 {
                let z = law.sample(&mut rng);
                assert!((0.0..=1.0).contains(&z.re) && !z.eps.iter().any(|e| e.is_nan()), "{a:e} {b:e} {z:?}");
            }
        }
    }

    // the harmonic number in it has an asymptotic series whose start depends on the order of derivative
    #[test]
    fn entropy_has_one_value() {
        let plain = Kumaraswamy::new(9.7e-5, 1.0).unwrap().entropy();
        let [a, b] = Jet::variables(Jet::second_order([9.7e-5, 1.0]));
        assert_eq!(Kumaraswamy::new(a, b).unwrap().entropy().re.re.re.to_bits(), plain.to_bits());
    }

    #[test]
    fn refuses() {
        assert_eq!(Kumaraswamy::new(0.0, 1.0).unwrap_err().parameter(), "a");
        assert_eq!(Kumaraswamy::new(1.0, f64::INFINITY).unwrap_err().parameter(), "b");
    }

    /// b B(1 + 1/a, b): mpmath at 400 digits.
    #[test]
    fn mean_of_small_shapes() {
        for (a, b, want) in [
            (1e150, 1.75e-28, 1.0),
            (1e3, 1e-10, 0.999_999_999_999_835_6),
            (0.5, 0.25, 0.711_111_111_111_111_1),
            (2.0, 1e-3, 0.999_386_837_225_884_3),
        ] {
            let mean = Kumaraswamy::new(a, b).unwrap().mean().unwrap();
            assert!(mean <= 1.0);
            close(mean, want, 2e-16);
        }
    }
}

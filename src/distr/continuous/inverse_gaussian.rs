//! The inverse Gaussian law.

use crate::distr::form::{
    ByRoot, Inverted, Moments, Rooted, bounded, exp, law_of, ratio_divergence, ratio_excess, tail_root,
};
use crate::distr::{Continuous, KlDivergence, parameters};
use crate::implicit::{Slopes, lift_along_all};
use crate::noise;
use crate::parameter::LawError;
use crate::scalar::{Scalar, math};
use crate::special::{self, LN_SQRT_2PI};
use core::f64::consts::{LN_2, SQRT_2};
use core::hint::select_unpredictable;
use rand::Rng;

/// The [inverse Gaussian law](https://en.wikipedia.org/wiki/Inverse_Gaussian_distribution) with mean μ and shape λ, of the time at
/// which a Brownian motion with drift first reaches a level.
///
/// # Density function
/// f(x) = sqrt(λ / (2π x³)) exp(-λ (x - μ)² / (2 μ² x)) for x > 0.
///
/// # Derivatives
/// With r = sqrt(λ/x), s = sqrt(λ x)/μ, b = s + r and Mills' ratio M(b) = (1 - Φ(b))/φ(b),
/// dz/dμ = 2 (z/μ) s M(b) and dz/dλ = (z/λ) (1 - 2 s M(b)) at fixed u = F(z). The latter is computed as (z/λ) M(b) (K_1(b) + r - s),
/// K_1(b) = 1/M(b) - b, without cancellation for large λ/μ. Higher ones follow from these. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [mu, lambda] = Jet::variables([1.5, 4.0]);
/// let z = InverseGaussian::new(mu, lambda)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// // mu and lambda together are a scale
/// assert!((1.5 * z.eps[0] + 4.0 * z.eps[1] - z.re).abs() < 1e-14);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws: Michael, Schucany & Haas (1976), "Generating random variates using transformations with multiple roots", The American
/// Statistician 30, with the smaller root in a form that loses no digits. F = φ(a) (M(-a) + M(b)) and
/// 1 - F = φ(a) (M(a) - M(b)), a = s - r: the first is a sum of positive terms, the difference is computed as an integral where it
/// cancels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InverseGaussian<S> {
    mu: S,
    lambda: S,
}

parameters! {
    InverseGaussian, "inverse_gaussian", "an inverse Gaussian law";
    /// The law with mean `mu` and shape `lambda`.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(InverseGaussian::new(2.0, 4.0).unwrap().variance(), Some(2.0));
    /// assert_eq!(InverseGaussian::new(2.0, 0.0).unwrap_err().parameter(), "lambda");
    /// ```
    new(mu: POSITIVE, lambda: POSITIVE)
}

impl<S: Scalar> InverseGaussian<S> {
    fn re(&self) -> InverseGaussian<f64> {
        InverseGaussian { mu: self.mu.re(), lambda: self.lambda.re() }
    }

    /// λ/μ
    fn phi(&self) -> S {
        self.lambda.over(self.mu)
    }
}

/// r = sqrt(λ/x), s = sqrt(λ x)/μ, their difference a = s - r and a²/2.
struct Standardized<S> {
    r: S,
    s: S,
    a: S,
    half_square: S,
}

impl<S: Scalar> Standardized<S> {
    #[inline]
    fn new(mu: S, lambda: S, x: S) -> Self {
        // roots first: they do not overflow
        let (root_lambda, root_x) = (lambda.sqrt(), x.sqrt());
        let (r, s) = (root_lambda.over(root_x), root_lambda.over(mu) * root_x);
        let ratio = x.re() / mu.re();
        let near = ratio > 0.5 && ratio < 2.0;
        let a = if near { (x - mu).over(mu) * r } else { s - r };
        let half_square = a * a * 0.5;
        if S::ORDER == 0 || near {
            return Standardized { r, s, a, half_square };
        }
        // λ (x/μ² - 2/μ + 1/x)/2, whose terms have the second derivatives: those of a² are differences of larger ones
        let phi = lambda.over(mu);
        let terms = phi * (x.over(mu) - 2.0) + lambda.over(x);
        Standardized { r, s, a, half_square: (terms * 0.5).with_re(half_square.re()) }
    }

    /// ln φ(a); -inf without derivatives where a² overflows.
    #[inline]
    fn ln_phi(&self) -> S {
        if self.a.re().abs() > 1e150 { S::from(f64::NEG_INFINITY) } else { -self.half_square - LN_SQRT_2PI }
    }

    /// ln F = ln φ(a) + ln(M(-a) + M(b)), for a <= 0.
    fn ln_lower(&self) -> S {
        let ratios = special::normal_hazard(-self.a).recip() + special::normal_hazard(self.s + self.r).recip();
        let ln_phi = self.ln_phi();
        if ln_phi.re().is_infinite() { ln_phi } else { ln_phi + ratios.ln() }
    }

    /// ln(1 - F) = ln φ(a) + ln(M(a) - M(b)), for a > -1.
    fn ln_upper(&self) -> S {
        let ln_phi = self.ln_phi();
        if ln_phi.re().is_infinite() {
            return ln_phi;
        }
        ln_phi + special::mills_difference(self.a, self.r * 2.0).ln()
    }
}

/// μ, λ and the logarithm of a tail; the sign is that of dF/d(tail).
struct Movement {
    sign: f64,
}

impl Slopes<2> for Movement {
    #[inline]
    fn slopes<S: Scalar>(&self, [mu, lambda]: [S; 2], x: S) -> [S; 2] {
        let Standardized { r, s, a, .. } = Standardized::new(mu, lambda, x);
        let b = s + r;
        let mills = special::normal_hazard(b).recip();
        let of_lambda = mills * (special::normal_hazard_excess(b) - a);
        [x.over(mu) * s * mills * 2.0, x.over(lambda) * of_lambda]
    }
}

impl Slopes<3> for Movement {
    fn slopes<S: Scalar>(&self, [mu, lambda, ln]: [S; 3], x: S) -> [S; 3] {
        let [of_mu, of_lambda] = self.slopes([mu, lambda], x);
        let ln_pdf = InverseGaussian { mu, lambda }.ln_pdf_inside(x);
        [of_mu, of_lambda, (ln - ln_pdf).exp() * self.sign]
    }
}

/// A plain draw.
#[inline]
pub(super) fn draw<R: Rng + ?Sized>(mu: f64, lambda: f64, rng: &mut R) -> f64 {
    let n = noise::normal(rng);
    let v = 0.5 * n * n * (mu / lambda);
    // the roots are μ/t and μ t, the first taken with probability t/(1 + t)
    let t = 1.0 + v + math::sqrt(v * (2.0 + v));
    select_unpredictable(noise::uniform(rng) * (1.0 + t) <= t, mu / t, mu * t)
}

impl<S: Scalar> Inverted<S> for InverseGaussian<S> {
    fn ends(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn ln_pdf_inside(&self, x: S) -> S {
        let ln_phi = Standardized::new(self.mu, self.lambda, x).ln_phi();
        if ln_phi.re().is_infinite() { ln_phi } else { self.lambda.ln() * 0.5 - x.ln() * 1.5 + ln_phi }
    }
    fn tail(&self, x: S, upper: bool) -> S {
        let at = Standardized::new(self.mu, self.lambda, x);
        if at.a.re() > 0.0 {
            let sf = exp(at.ln_upper());
            return if upper { sf } else { -sf + 1.0 };
        }
        let cdf = exp(at.ln_lower());
        match upper {
            false => cdf,
            true if cdf.re() > 0.5 => exp(at.ln_upper()),
            true => -cdf + 1.0,
        }
    }
    fn ln_tail(&self, x: S, upper: bool) -> S {
        let at = Standardized::new(self.mu, self.lambda, x);
        let direct = |upper| if upper { at.ln_upper() } else { at.ln_lower() };
        // each from itself where it is the smaller, else from the other
        if at.a.re() > 0.0 {
            return if upper { direct(true) } else { (-self.tail(x, true)).ln_1p() };
        }
        let lower = direct(false);
        match upper {
            false if lower.re() > -LN_2 => (-direct(true).exp()).ln_1p(),
            false => lower,
            true if lower.re() > -LN_2 => direct(true),
            true => (-self.tail(x, false)).ln_1p(),
        }
    }
    /// Φ(a) <= F <= 2 Φ(a) for a <= 0, and the first of these everywhere: two points between which the root is.
    fn root(&self, ln: S, upper: bool) -> S {
        let (law, l) = (self.re(), ln.re());
        // the x/μ where a is this
        let ln_ratio = |a: f64| 2.0 * math::asinh(0.5 * a / math::sqrt(law.phi()));
        let (low, high) = if upper {
            // 2 Φ(a) = 1 - q without the rounding of 1 - q
            (-SQRT_2 * special::erf_inv(math::exp(l)), special::normal_isf_ln(l))
        } else {
            (special::normal_quantile_ln(l - LN_2), special::normal_quantile_ln(l))
        };
        let (low, high) = (ln_ratio(low) - 1e-9, ln_ratio(high) + 1e-9);
        // ln(x/μ) where the law is wide, x/μ - 1 where it is narrow, for the sake of its digits
        let x = if high - low > 1e-3 || high.abs() > 1e-3 {
            let root = tail_root([low, high], high, l, upper, |t| {
                let x = law.mu * math::exp(t);
                (law.ln_tail(x, upper), law.ln_pdf(x) + math::ln(x))
            });
            law.mu * math::exp(root)
        } else {
            let ends = [math::exp_m1(low), math::exp_m1(high)];
            let root = tail_root(ends, ends[1], l, upper, |d| {
                let x = law.mu * (1.0 + d);
                (law.ln_tail(x, upper), law.ln_pdf(x) + math::ln(law.mu))
            });
            law.mu * (1.0 + root)
        };
        if S::ORDER == 0 || x < f64::MIN_POSITIVE || x.is_infinite() {
            return S::from(x);
        }
        let sign = if upper { -1.0 } else { 1.0 };
        bounded(lift_along_all(x, [self.mu, self.lambda, ln], &Movement { sign }))
    }
}

impl<S: Scalar> Rooted<S> for InverseGaussian<S> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let x = draw(self.mu.re(), self.lambda.re(), rng);
        if S::ORDER == 0 || x < f64::MIN_POSITIVE || x.is_infinite() {
            return S::from(x);
        }
        bounded(lift_along_all(x, [self.mu, self.lambda], &Movement { sign: 1.0 }))
    }
    /// (1 + ln(2π/λ) + 3 E[ln X])/2 with E[ln X] = ln 2λ - ln z - e^z E_1(z), z = 2 λ/μ
    fn entropy(&self) -> S {
        let ln = special::ln_plus_exp_e1(self.phi() * 2.0);
        // (1 + ln 2π)/2 + 3/2 ln 2
        self.lambda.ln() - ln * 1.5 + (1.4189385332046727 + 1.5 * LN_2)
    }
}

impl<S: Scalar> Moments<S> for InverseGaussian<S> {
    fn mean(&self) -> Option<S> {
        Some(self.mu)
    }
    /// μ³/λ
    fn variance(&self) -> Option<S> {
        Some(self.mu.over(self.lambda) * self.mu * self.mu)
    }
    /// μ (sqrt(1 + q²) - q) with q = 3 μ/(2 λ)
    fn mode(&self) -> Option<S> {
        let q = self.mu.over(self.lambda) * 1.5;
        let mode = self.mu.over(q + q.hypot(S::from(1.0)));
        if q.re() <= 1.0 {
            return Some(mode);
        }
        // in the mean, on which it hardly depends, by 1/q: μ/q = 2 λ/3
        let inverse = q.recip();
        Some((self.lambda * (2.0 / 3.0)).over(inverse.hypot(S::from(1.0)) + 1.0).with_re(mode.re()))
    }
}

law_of!(InverseGaussian, |law| ByRoot(*law));

impl<S: Scalar> KlDivergence<S> for InverseGaussian<S> {
    /// (ρ - 1 - ln ρ)/2 + λ' (μ - μ')²/(2 μ μ'²), ρ = λ'/λ, primes for the other's.
    fn kl_divergence(&self, other: &Self) -> S {
        let shapes = ratio_divergence(other.lambda, self.lambda, other.lambda - self.lambda) * 0.5;
        let apart = ratio_excess(self.mu, other.mu);
        shapes + other.lambda.over(self.mu) * apart * apart * 0.5
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    #[track_caller]
    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 2e-15 * want.abs().max(1.0), "{got} for {want}");
    }

    // values: mpmath, by quadrature at 30 digits
    #[test]
    fn entropy_divergence_and_mode() {
        let other = InverseGaussian::new(1.5, 3.0).unwrap();
        for (mu, lambda, entropy, divergence, mode) in [
            (1.0, 1.0, 0.8769456078723389, 0.6173605223326118, 0.3027756377319947),
            (2.0, 0.5, 1.4208669455989678, 1.6874535987193058, 0.16552506059643937),
            (0.25, 30.0, -2.3673258719850816, 4.867959213163689, 0.24689453048712015),
        ] {
            let law = InverseGaussian::new(mu, lambda).unwrap();
            close(law.entropy(), entropy);
            close(law.kl_divergence(&other), divergence);
            close(law.mode().unwrap(), mode);
        }
        assert_eq!(other.kl_divergence(&other), 0.0);
    }

    /// Without drift, μ = inf, the law is Lévy's; a large mean comes near: 1 - F(x) = erf(sqrt(λ / (2x))).
    #[test]
    fn levy_limit() {
        let (law, levy) = (InverseGaussian::new(1e100, 2.0).unwrap(), Levy::new(0.0, 2.0).unwrap());
        for x in [1e-2, 0.3, 5.0, 1e10] {
            close(law.ln_sf(x), levy.ln_sf(x));
            close(law.ln_cdf(x), levy.ln_cdf(x));
        }
    }

    #[test]
    fn extremes_are_numbers() {
        for mu in [1e-150, 1.0, 1e150] {
            for lambda in [1e-150, 1.0, 1e150] {
                let [m, l] = Jet::second_order([mu, lambda]);
                let law = InverseGaussian::new(m, l).unwrap();
                for p in [1e-300, 0.3, 0.9, 1.0 - 1e-16] {
                    let x = law.quantile(p.into());
                    assert!(
                        !x.re.re.is_nan() && !x.re.eps[0].is_nan() && !x.re.eps[1].is_nan(),
                        "{mu:e} {lambda:e} {p}: {x:?}"
                    );
                }
                for x in [5e-324, 1e-100, 1.0, 1e100, f64::MAX] {
                    let plain = InverseGaussian::new(mu, lambda).unwrap();
                    for y in [plain.cdf(x), plain.sf(x), plain.ln_cdf(x), plain.ln_sf(x), plain.ln_pdf(x)] {
                        assert!(!y.is_nan(), "{mu:e} {lambda:e} {x:e}");
                    }
                }
            }
        }
    }
}

//! The logit-normal law.

use super::normal::{Normal, StandardNormal};
use crate::distr::form::{Form, Placed, exp};
use crate::distr::{Continuous, KlDivergence, parameters};
use crate::implicit::{find_root, lift_root};
use crate::parameter::LawError;
use crate::quadrature::alternating_sum;
use crate::scalar::{Scalar, math};
use crate::special;
use crate::special::{half_line, mean_over_normal, mean_softplus};
use rand::Rng;
use rand::distr::Distribution;

/// The [logit-normal law](https://en.wikipedia.org/wiki/Logit-normal_distribution) on (0, 1): 1/(1 + exp(-Y)) with Y normal of mean μ
/// and standard deviation σ.
///
/// # Density function
/// f(x) = exp(-((logit x - μ)/σ)² / 2) / (σ sqrt(2π) x (1 - x)) for 0 < x < 1.
///
/// # Derivatives
/// A draw is z = 1/(1 + exp(-(μ + σ ε))) with standard normal ε, so dz/dμ = z (1 - z) and dz/dσ = ε z (1 - z). Defined everywhere; a
/// draw that rounds to 0 or 1 keeps the derivatives as far as they are doubles.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [mu, sigma] = Jet::variables([1.0, 0.5]);
/// let z = LogitNormal::new(mu, sigma)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((z.eps[0] - z.re * (1.0 - z.re)).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Mean, variance and entropy have no closed form. They are computed to a few units of 1e-16, relative to the smaller of mean
/// and 1 - mean: for σ < 1 by the trapezoidal rule, else from alternating series in exp(-|Y|). Where there are two modes,
/// [`Continuous::mode`] is the higher, and `None` if μ = 0, where they are equal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogitNormal<S> {
    mu: S,
    sigma: S,
}

parameters! {
    LogitNormal, "logit_normal", "a logit-normal law";
    /// The law of 1/(1 + exp(-Y)), Y normal with mean μ and standard deviation σ.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(LogitNormal::new(0.0, 1.0).unwrap().median(), 0.5);
    /// assert_eq!(LogitNormal::new(0.0, -1.0).unwrap_err().parameter(), "sigma");
    /// ```
    new(mu: REAL, sigma: POSITIVE)
}

impl<S: Scalar> LogitNormal<S> {
    #[inline]
    fn logit(&self) -> Placed<S, StandardNormal> {
        Placed { location: Some(self.mu), scale: self.sigma, standard: StandardNormal }
    }

    /// `f` of logit x; a limit outside (0, 1).
    #[inline]
    fn at(&self, x: S, below: f64, above: f64, f: impl Fn(&Placed<S, StandardNormal>, S) -> S) -> S {
        match x.re() {
            u if u <= 0.0 => S::from(below),
            u if u >= 1.0 => S::from(above),
            _ => f(&self.logit(), x.logit()),
        }
    }

    /// Mean and variance of 1/(1 + exp(-Y)) for Y of mean -m, m >= 0.
    fn moments_below_half(&self, m: S) -> (S, S) {
        let s = self.sigma;
        if s.re() < 1.0 {
            // about the median: x - x₀ = x (1 - x₀) (1 - exp(-δ)), δ = σ t
            let difference = |t: f64| (s * t - m).sigmoid() * m.sigmoid() * -(-s * t).exp_m1();
            let mean = mean_over_normal(difference);
            let square = mean_over_normal(|t| difference(t) * difference(t));
            return ((-m).sigmoid() + mean, square - mean * mean);
        }
        // with e = exp(-|Y|): x = Σ (-1)^k e^(k+1) and x² = Σ (-1)^k (k+1) e^(k+2) below 0; 1 - x and (1 - x)² so above
        let below = |k: f64| half_line(k, m, s);
        let above = |k: f64| half_line(k, -m, s);
        let positive = special::normal_sf(m.over(s));
        let first = alternating_sum(|k| below(k + 1.0) - above(k + 1.0));
        let mean = positive + first;
        let square =
            positive + alternating_sum(|k| (below(k + 2.0) + above(k + 2.0)) * (k + 1.0) - above(k + 1.0) * 2.0);
        (mean, square - mean * mean)
    }
}

impl<S: Scalar> Distribution<S> for LogitNormal<S> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let logit = self.logit();
        logit.sample_of(logit.noise(rng)).sigmoid()
    }
}

impl<S: Scalar> Continuous<S> for LogitNormal<S> {
    fn support(&self) -> (S, S) {
        (S::from(0.0), S::from(1.0))
    }
    fn ln_pdf(&self, x: S) -> S {
        let minus_infinity = f64::NEG_INFINITY;
        self.at(x, minus_infinity, minus_infinity, |normal, y| normal.ln_pdf(y) - x.ln() - (-x).ln_1p())
    }
    fn pdf(&self, x: S) -> S {
        let pdf = self.at(x, 0.0, 0.0, Placed::pdf);
        // subnormal numbers have few digits, and a small x makes ordinary ones of them
        if pdf.re() < f64::MIN_POSITIVE { exp(self.ln_pdf(x)) } else { pdf.over(x).over(-x + 1.0) }
    }
    fn cdf(&self, x: S) -> S {
        self.at(x, 0.0, 1.0, Placed::cdf)
    }
    fn sf(&self, x: S) -> S {
        self.at(x, 1.0, 0.0, Placed::sf)
    }
    fn ln_cdf(&self, x: S) -> S {
        self.at(x, f64::NEG_INFINITY, 0.0, Placed::ln_cdf)
    }
    fn ln_sf(&self, x: S) -> S {
        self.at(x, 0.0, f64::NEG_INFINITY, Placed::ln_sf)
    }
    fn quantile(&self, p: S) -> S {
        self.logit().quantile(p).sigmoid()
    }
    fn isf(&self, q: S) -> S {
        self.logit().isf(q).sigmoid()
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        self.logit().quantile_ln(ln_p).sigmoid()
    }
    fn isf_ln(&self, ln_q: S) -> S {
        self.logit().isf_ln(ln_q).sigmoid()
    }
    fn mean(&self) -> Option<S> {
        Some(if self.mu.re() > 0.0 {
            -self.moments_below_half(self.mu).0 + 1.0
        } else {
            self.moments_below_half(-self.mu).0
        })
    }
    fn variance(&self) -> Option<S> {
        let m = if self.mu.re() > 0.0 { self.mu } else { -self.mu };
        Some(self.moments_below_half(m).1)
    }
    /// ln(σ sqrt(2πe)) + E[ln x + ln(1 - x)]
    fn entropy(&self) -> S {
        let m = if self.mu.re() > 0.0 { self.mu } else { -self.mu };
        // ln x + ln(1 - x) = y - 2 ln(1 + e^y), and even in y
        self.logit().entropy() - m - mean_softplus(-m, self.sigma) * 2.0
    }
    fn mode(&self) -> Option<S> {
        let (mu, sigma) = (self.mu.re(), self.sigma.re());
        let s2 = sigma * sigma;
        // the density is stationary where y - μ = σ² tanh(y/2); the far side of y_0, where the slopes agree, has one such point
        if mu == 0.0 && s2 > 2.0 {
            return None;
        }
        let m = mu.abs();
        let y0 = if s2 > 2.0 { 2.0 * math::acosh(sigma * core::f64::consts::FRAC_1_SQRT_2) } else { 0.0 };
        let root = find_root(m.max(y0), m + s2, 0.5 * (m.max(y0) + m + s2), |y| {
            let t = math::tanh(0.5 * y);
            (y - m - s2 * t, 1.0 - 0.5 * s2 * (1.0 - t * t))
        });
        let root = if mu == 0.0 { 0.0 } else { root * mu.signum() };
        let s2 = self.sigma * self.sigma;
        let y = lift_root(root, |y: S| {
            let t = (y * 0.5).tanh();
            (y - self.mu - s2 * t).over(s2 * (t * t - 1.0) * 0.5 + 1.0)
        });
        Some(y.sigmoid())
    }
    fn median(&self) -> S {
        self.mu.sigmoid()
    }
}

impl<S: Scalar> KlDivergence<S> for LogitNormal<S> {
    /// That of the two normal laws of logit X.
    fn kl_divergence(&self, other: &Self) -> S {
        let normal = |law: &Self| Normal { mean: law.mu, std_dev: law.sigma };
        normal(self).kl_divergence(&normal(other))
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 5e-15 * want.abs(), "{got} for {want}");
    }

    // values: mpmath, by quadrature and root finding
    #[test]
    fn moments() {
        for (mu, sigma, mean, variance, entropy, mode) in [
            (0.5, 0.25, 0.6207099364766936, 0.003371807346077225, -1.4301047863416666, 0.626158063381363),
            (-2.0, 0.875, 0.1477006663509726, 0.011427207847287692, -1.053077899766596, 0.06500439001349983),
            (-1.0, 1.0, 0.3032653298563167, 0.03335208939859067, -0.3947740329703892, 0.15605300058576316),
            (1.5, 2.0, 0.7150058848139691, 0.07578481736641161, -0.35479339487496984, 0.995791068057704),
            (-8.0, 3.0, 0.0116789167169817, 0.003188544770905876, -5.512491562801382, 4.139940632432573e-8),
            (-60.0, 4.0, 2.6102790696677042e-23, 6.054601189196668e-39, -57.19476710567544, 9.854154686111258e-34),
            (3.0, 100.0, 0.5119645062777831, 0.24586987774401263, -73.81336673515574, 1.0),
            (0.25, 1.0e-6, 0.5621765008857828, 6.058198668505048e-14, -13.798450864517535, 0.5621765008858287),
        ] {
            let law = LogitNormal::new(mu, sigma).unwrap();
            close(law.mean().unwrap(), mean);
            close(law.variance().unwrap(), variance);
            close(law.entropy(), entropy);
            close(law.mode().unwrap(), mode);
        }
        let law = LogitNormal::new(0.0, 1.5).unwrap();
        assert_eq!(law.mode(), None);
        close(law.mean().unwrap(), 0.5);
        close(law.kl_divergence(&LogitNormal::new(0.0, 3.0).unwrap()), 0.5 * 0.25 - 0.5 + core::f64::consts::LN_2);
        let wide = LogitNormal::new(0.0, 1e6).unwrap();
        close(wide.variance().unwrap(), 0.2499996010577196);
        assert_eq!(LogitNormal::new(0.0, 0.5).unwrap().mode(), Some(0.5));
        // exp(μ - σ²), to the rounding of μ; the root is the upper end of its bracket
        let far = LogitNormal::new(-533.7240305660946, 8.002790384020125e-4).unwrap();
        assert!((far.mode().unwrap() / 1.6091568852561868e-232 - 1.0).abs() < 2e-13);
    }
}

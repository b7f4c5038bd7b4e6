//! The exponentially modified Gaussian law.

use crate::distr::form::{ByRoot, Inverted, Moments, Rooted, bounded, exp, law_of, tail_root};
use crate::distr::parameters;
use crate::implicit::{Slopes, find_root, lift_along_all, lift_root};
use crate::noise;
use crate::parameter::LawError;
use crate::scalar::{Scalar, math};
use crate::special;
use core::f64::consts::LN_2;
use rand::Rng;

/// The [exponentially modified Gaussian law](https://en.wikipedia.org/wiki/Exponentially_modified_Gaussian_distribution): of the sum
/// of a normal variable of mean μ and standard deviation σ and an exponential one of rate λ.
///
/// # Density function
/// f(x) = λ exp(k (k/2 - y)) Φ(y - k) = λ φ(y) M(k - y) with y = (x - μ)/σ, k = σ λ and Mills' ratio M = (1 - Φ)/φ, on the real line.
///
/// # Derivatives
/// At fixed u = F(z), with c = k - y and the excess K_1(c) = 1/M(c) - c of the normal hazard: dz/dμ = 1, dz/dσ = y - K_1(c) = k - 1/M(c)
/// and dz/dλ = -σ K_1(c)/λ. Higher ones follow from these. Defined everywhere.
///
/// A draw is σ N + E/λ, but its derivatives are those at fixed u, not N and -E/λ²: the former are the means of the latter given z, so
/// that estimates made with them scatter less.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [mu, sigma, rate] = Jet::variables([1.0, 0.5, 2.0]);
/// let z = ExponentiallyModifiedGaussian::new(mu, sigma, rate)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// // sigma and 1 / rate together are a scale
/// assert!((0.5 * z.eps[1] - 2.0 * z.eps[2] - (z.re - 1.0)).abs() < 1e-14);
/// # Ok(()) }
/// ```
///
/// # Notes
/// F = Φ(y) - φ(y) M(k - y) is computed as an integral of M or as a sum of positive terms wherever the difference would cancel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExponentiallyModifiedGaussian<S> {
    mu: S,
    sigma: S,
    rate: S,
}

parameters! {
    ExponentiallyModifiedGaussian, "exponentially_modified_gaussian", "an exponentially modified Gaussian law";
    /// The law of σ N + E/λ + μ, N standard normal and E standard exponential.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(ExponentiallyModifiedGaussian::new(1.0, 2.0, 0.5).unwrap().variance(), Some(8.0));
    /// assert!(ExponentiallyModifiedGaussian::new(1.0, 2.0, f64::NAN).is_err());
    /// ```
    new(mu: REAL, sigma: POSITIVE, rate: POSITIVE)
}

impl<S: Scalar> ExponentiallyModifiedGaussian<S> {
    /// `f` of the standardized x; the limit where that is infinite.
    fn standardized(&self, x: S, below: f64, above: f64, f: impl Fn(Standardized<S>) -> S) -> S {
        let y = (x - self.mu).over(self.sigma);
        match y.re() {
            f64::NEG_INFINITY => S::from(below),
            f64::INFINITY => S::from(above),
            _ => f(Standardized::new(x - self.mu, self.sigma, self.rate)),
        }
    }
}

/// The variable with μ = 0 and σ = 1, the rate k and k (k/2 - y).
#[derive(Clone, Copy)]
struct Standardized<S> {
    y: S,
    k: S,
    exponent: S,
}

impl<S: Scalar> Standardized<S> {
    /// The exponent does not go through x/σ, which next to nothing divides and multiplies.
    fn new(x: S, sigma: S, rate: S) -> Self {
        let k = sigma * rate;
        Standardized { y: x.over(sigma), k, exponent: rate * (k * sigma * 0.5 - x) }
    }

    fn of_unit(y: S, k: S) -> Self {
        Standardized { y, k, exponent: k * (k * 0.5 - y) }
    }

    /// ln of `rate` φ(y) M(k - y), or of `rate` exp(k (k/2 - y)) Φ(y - k) where k < y.
    fn ln_density(&self, rate: S) -> S {
        let c = self.k - self.y;
        if c.re() < 0.0 || self.y.re().abs() > 1e150 {
            return self.ln_above() + rate.ln();
        }
        special::normal_ln_pdf(self.y) + rate.over(special::normal_hazard(c)).ln()
    }

    /// ln P(N + E/k > y, N < y): that of the exponential's part in the upper tail.
    fn ln_above(&self) -> S {
        let Standardized { y, k, exponent } = *self;
        let c = k - y;
        if c.re() < 0.0 {
            // where it overflows, the density is 0 with all derivatives
            if exponent.re() == f64::NEG_INFINITY {
                S::from(f64::NEG_INFINITY)
            } else {
                exponent + special::normal_ln_sf(c)
            }
        } else if y.re().abs() > 1e150 {
            S::from(f64::NEG_INFINITY)
        } else {
            special::normal_ln_pdf(y) - special::normal_hazard(c).ln()
        }
    }

    /// ln(1 - F) = ln(Q(y) + φ(y) M(k - y)), for y > 0.
    fn ln_upper(&self) -> S {
        let Standardized { y, k, .. } = *self;
        let c = k - y;
        let above = self.ln_above();
        if above.re() == f64::NEG_INFINITY {
            above
        } else if c.re() < 0.0 {
            above + exp(special::normal_ln_sf(y) - above).ln_1p()
        } else {
            special::normal_ln_pdf(y) + (special::normal_hazard(y).recip() + special::normal_hazard(c).recip()).ln()
        }
    }

    /// ln F = ln φ(y) + ln(M(-y) - M(k - y)) for y < 1; above, for k < 1, Φ(y - k) (1 - exp(-k (y - k/2))) + (Φ(y) - Φ(y - k)).
    fn ln_lower(&self) -> S {
        let Standardized { y, k, exponent } = *self;
        if y.re() < -1e150 {
            S::from(f64::NEG_INFINITY)
        } else if y.re() < 1.0 {
            special::normal_ln_pdf(y) + special::mills_difference(-y, k).ln()
        } else {
            let below = y - k;
            let between = special::normal_pdf(below) * special::mills_integral(below, k);
            (special::normal_cdf(below) * -exponent.exp_m1() + between).ln()
        }
    }

    /// The smaller of the tails is computed, the other is its complement.
    fn ln_tail(&self, upper: bool) -> S {
        let lower_first = self.y.re() < 1.0 || (self.k.re() < 1.0 && self.y.re() * self.k.re() < LN_2);
        let first = if lower_first { self.ln_lower() } else { self.ln_upper() };
        if lower_first != upper {
            first
        } else if first.re() < -LN_2 || self.y.re() <= 0.0 {
            (-exp(first)).ln_1p()
        } else if upper {
            self.ln_upper()
        } else {
            (-exp(first)).ln_1p()
        }
    }
}

/// σ, λ and the logarithm of a tail move x - μ; the sign is that of dF/d(tail).
struct Movement {
    sign: f64,
}

impl Slopes<2> for Movement {
    #[inline]
    fn slopes<S: Scalar>(&self, [sigma, rate]: [S; 2], x: S) -> [S; 2] {
        let (y, k) = (x.over(sigma), sigma * rate);
        let c = k - y;
        let excess = special::normal_hazard_excess(c);
        let of_sigma = if c.re() > 0.0 { y - excess } else { k - special::normal_hazard(c) };
        [of_sigma, -excess.over(rate) * sigma]
    }
}

impl Slopes<3> for Movement {
    fn slopes<S: Scalar>(&self, [sigma, rate, ln]: [S; 3], x: S) -> [S; 3] {
        let [of_sigma, of_rate] = self.slopes([sigma, rate], x);
        let ln_above = Standardized::new(x, sigma, rate).ln_above();
        [of_sigma, of_rate, (ln - ln_above).exp().over(rate) * self.sign]
    }
}

impl<S: Scalar> Inverted<S> for ExponentiallyModifiedGaussian<S> {
    fn ends(&self) -> (S, S) {
        (S::from(f64::NEG_INFINITY), S::from(f64::INFINITY))
    }
    fn ln_pdf_inside(&self, x: S) -> S {
        self.standardized(x, f64::NEG_INFINITY, f64::NEG_INFINITY, |at| at.ln_density(self.rate))
    }
    fn ln_tail(&self, x: S, upper: bool) -> S {
        let (below, above) = if upper { (0.0, f64::NEG_INFINITY) } else { (f64::NEG_INFINITY, 0.0) };
        self.standardized(x, below, above, |at| at.ln_tail(upper))
    }
    /// From bounds by the parts: F(y) <= Φ(y) and F(y) >= 3/4 Φ(y - ln 4/k); 1 - F(y) >= Q(y), 1 - F(y) >= exp(-k y)/2 for y > 0, and
    /// 1 - F(y) <= Q(y - t) + exp(-k t) for any t.
    fn root(&self, ln: S, upper: bool) -> S {
        let (l, k) = (ln.re(), self.sigma.re() * self.rate.re());
        let (low, high) = if upper {
            let low = special::normal_isf_ln(l).max(-(l + LN_2) / k);
            (low, special::normal_isf_ln(l - LN_2) + (LN_2 - l) / k)
        } else {
            // ln 4/3, ln 4
            let shifted = special::normal_quantile_ln((l + 0.28768207245178096).min(-1e-3)) + 1.3862943611198906 / k;
            (special::normal_quantile_ln(l), shifted)
        };
        let margin = 1e-9 * (1.0 + low.abs().max(high.abs()));
        let y = tail_root([low - margin, high + margin], if upper { high } else { low }, l, upper, |y| {
            let at = Standardized::of_unit(y, k);
            (at.ln_tail(upper), at.ln_density(k))
        });
        let sign = if upper { -1.0 } else { 1.0 };
        bounded(lift_along_all(y * self.sigma.re(), [self.sigma, self.rate, ln], &Movement { sign }) + self.mu)
    }
}

impl<S: Scalar> Rooted<S> for ExponentiallyModifiedGaussian<S> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let x = self.sigma.re() * noise::normal(rng) + noise::exponential(rng) / self.rate.re();
        bounded(lift_along_all(x, [self.sigma, self.rate], &Movement { sign: 1.0 }) + self.mu)
    }
    /// ln σ plus that of Y = N + E/k: 1 - ln k - k²/2 - E[ln Φ(Y - k)], for k > 1 (1 + ln 2π)/2 + 1/k² - E[ln(k M(k - Y))]; the
    /// expectations by the trapezoidal rule, whose error is exp(-70) at the step 1/4.
    fn entropy(&self) -> S {
        const H: f64 = 0.25;
        let k = self.sigma * self.rate;
        let mean = |end: f64, g: &dyn Fn(S) -> S| {
            (-40..=(end / H) as i32).fold(S::from(0.0), |sum, i| {
                let at = Standardized::of_unit(S::from(f64::from(i) * H), k);
                sum + exp(at.ln_density(k)) * g(at.y) * H
            })
        };
        let standard = if k.re() < 1.0 {
            -mean(10.0, &|y| special::normal_ln_cdf(y - k)) - k.ln() - k * k * 0.5 + 1.0
        } else {
            let ln_ratio = |y: S| special::normal_ln_sf(k - y) - special::normal_ln_pdf(k - y) + k.ln();
            let far = |y: S| (k.over(special::normal_hazard(k - y))).ln();
            let width = k.recip();
            let expectation = mean(10.0 + 40.0 / k.re(), &|y| if y.re() > k.re() { ln_ratio(y) } else { far(y) });
            // (1 + ln 2π)/2
            width * width - expectation + 1.4189385332046727
        };
        standard + self.sigma.ln()
    }
}

impl<S: Scalar> Moments<S> for ExponentiallyModifiedGaussian<S> {
    /// μ + 1/λ
    fn mean(&self) -> Option<S> {
        Some(self.mu + self.rate.recip())
    }
    /// σ² + 1/λ²
    fn variance(&self) -> Option<S> {
        let width = self.rate.recip();
        Some(self.sigma * self.sigma + width * width)
    }
    /// μ + σ y with y = K_1(k - y), or 1/M(k - y) = k
    fn mode(&self) -> Option<S> {
        let k = self.sigma * self.rate;
        let k0 = k.re();
        let residual = |k: f64, y: f64| {
            let (c, excess) = (k - y, special::normal_hazard_excess(k - y));
            let hazard = special::normal_hazard(c);
            if k < 1.0 { (math::ln(k / hazard), excess) } else { (y - excess, hazard * excess) }
        };
        let root = find_root(0.0, 40.0, if k0 < 1.0 { 0.0 } else { 1.0 / k0 }, |y| residual(k0, y));
        let y = lift_root(root, |y: S| {
            let (c, excess) = (k - y, special::normal_hazard_excess(k - y));
            let hazard = special::normal_hazard(c);
            if k0 < 1.0 { k.over(hazard).ln().over(excess) } else { (y - excess).over(hazard * excess) }
        });
        Some(self.mu + self.sigma * y)
    }
}

law_of!(ExponentiallyModifiedGaussian, |law| ByRoot(*law));

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    #[track_caller]
    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 2e-15 * want.abs().max(1.0), "{got} for {want}");
    }

    // values: mpmath, by quadrature and root finding at 30 digits
    #[test]
    fn entropy_and_mode() {
        for (sigma, rate, entropy, mode) in [
            (1.0, 1.0, 1.7317510428476548, 0.6973691592884272),
            (0.5, 0.1, 3.347243659175408, 1.0490310296332896),
            (2.0, 40.0, 2.1121638326604666, 0.02499609618883502),
            (0.001, 2.0, 0.3086584055493755, 0.003256608262389213),
        ] {
            let law = ExponentiallyModifiedGaussian::new(0.0, sigma, rate).unwrap();
            close(law.entropy(), entropy);
            close(law.mode().unwrap(), mode);
        }
    }

    #[test]
    fn limits() {
        // a fast exponential adds nothing, and to a narrow normal variable everything
        let (normal, exponential) = (Normal::new(1.0, 2.0).unwrap(), Exponential::new(2.0).unwrap());
        let (fast, narrow) = (
            ExponentiallyModifiedGaussian::new(1.0, 2.0, 1e100).unwrap(),
            ExponentiallyModifiedGaussian::new(0.0, 1e-100, 2.0).unwrap(),
        );
        for x in [0.1, 1.0, 7.0, 30.0] {
            close(fast.ln_sf(x), normal.ln_sf(x));
            close(fast.ln_cdf(x), normal.ln_cdf(x));
            close(fast.ln_pdf(x), normal.ln_pdf(x));
            close(narrow.ln_sf(x), exponential.ln_sf(x));
            close(narrow.ln_cdf(x), exponential.ln_cdf(x));
            close(narrow.ln_pdf(x), exponential.ln_pdf(x));
        }
    }
}

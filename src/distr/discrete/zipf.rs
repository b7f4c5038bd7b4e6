//! Zipf's law, finite and infinite.

use super::power_sum::power_sums;
use super::{Discrete, DiscreteUnivariate, discrete_family, tails};
use crate::distr::KlDivergence;
use crate::noise;
use crate::parameter::{LawError, check};
use crate::quadrature::gauss_legendre::{above_tangent, nodes};
use crate::scalar::{Scalar, math};
use rand::Rng;
use rand::distr::Distribution;

/// What both laws share: mass k^-s / Σ j^-s on 1 to n, n infinite or not.
#[derive(Clone, Copy, Debug, PartialEq)]
struct PowerLaw<S> {
    n: f64,
    s: S,
    /// Σ k^-s.
    total: S,
    sampler: Sampler,
}

impl<S: Scalar> PowerLaw<S> {
    fn new(n: f64, s: S) -> Self {
        PowerLaw { n, s, total: total(1.0, n, s), sampler: Sampler::new(n, s.re()) }
    }

    fn ln_mass(&self, k: u64) -> S {
        let k = k as f64;
        if k < 1.0 || k > self.n {
            return S::from(f64::NEG_INFINITY);
        }
        -(self.s * math::ln(k)) - self.ln_total()
    }

    /// ln Σ k^-s, from the terms beyond the first.
    fn ln_total(&self) -> S {
        if self.n == 1.0 { S::from(0.0) } else { self.ln_beyond(1.0).exp().ln_1p() }
    }

    /// ln Σ_(j>k) j^-s.
    fn ln_beyond(&self, k: f64) -> S {
        let a = k + 1.0;
        total(a, self.n, self.s).ln() - self.s * math::ln(a)
    }

    fn ln_sf(&self, k: f64) -> S {
        self.ln_beyond(k) - self.ln_total()
    }

    /// Σ_(j<=k) j^-s / Σ j^-s.
    fn below(&self, k: f64) -> S {
        total(1.0, k, self.s).over(self.total)
    }

    fn tail(&self, k: u64, upper: bool) -> S {
        let k = k as f64;
        if k < 1.0 || k >= self.n {
            return S::from(if (k < 1.0) == upper { 1.0 } else { 0.0 });
        }
        let sf = self.ln_sf(k);
        if upper {
            sf.exp()
        } else if sf.re() < -0.7 {
            -sf.exp_m1()
        } else {
            self.below(k)
        }
    }

    fn ln_tail(&self, k: u64, upper: bool) -> S {
        let k = k as f64;
        if k < 1.0 || k >= self.n {
            return S::from(if (k < 1.0) == upper { 0.0 } else { f64::NEG_INFINITY });
        }
        if upper { self.ln_sf(k) } else { self.ln_below(k) }
    }

    /// ln P(X <= k) for k from 1 to n - 1.
    fn ln_below(&self, k: f64) -> S {
        let sf = self.ln_sf(k);
        if sf.re() < -0.7 { sf.ln_1m_exp() } else { self.below(k).ln() }
    }

    /// Σ_(k>=2) k^(power-s) / Σ k^-s; infinite where it diverges.
    fn moment_beyond_one(&self, power: f64) -> S {
        if self.n == 1.0 {
            return S::from(0.0);
        }
        let s = self.s - power;
        if self.n == f64::INFINITY && s.re() <= 1.0 {
            return S::from(f64::INFINITY);
        }
        power_sum_any(2.0, self.n, s).over(self.total)
    }

    /// E\[X - 1\].
    fn excess(&self) -> S {
        let first = self.moment_beyond_one(1.0);
        if first.re() == f64::INFINITY { first } else { first - self.moment_beyond_one(0.0) }
    }

    fn mean(&self) -> S {
        self.excess() + 1.0
    }

    fn variance(&self) -> S {
        let (excess, second) = (self.excess(), self.moment_beyond_one(2.0));
        if second.re() == f64::INFINITY {
            return second;
        }
        second - self.moment_beyond_one(1.0) * 2.0 + self.moment_beyond_one(0.0) - excess * excess
    }

    /// E[ln X].
    fn mean_ln(&self) -> S {
        let [_, with_ln] = power_sums(1.0, self.n, self.s);
        with_ln.over(self.total)
    }

    /// The variance of ln X at another exponent: the second derivative of ln Σ k^-s.
    fn variance_of_ln(&self, s: S) -> S {
        let [all, with_ln, with_square] = power_sums(1.0, self.n, s);
        let mean = with_ln.over(all);
        with_square.over(all) - mean * mean
    }

    /// (s' - s) E[ln X] + ln Σ k^-s' - ln Σ k^-s, for close laws as ∫ (1 - t) V(s + t (s' - s)) (s' - s)² dt with the variance V
    /// of ln X; and what the other law has beyond the last outcome of this one.
    fn kl_divergence(&self, other: &Self) -> S {
        if self.n > other.n {
            return S::from(f64::INFINITY);
        }
        let beyond = if self.n < other.n { -other.ln_below(self.n) } else { S::from(0.0) };
        if self.n == 1.0 {
            return beyond;
        }
        let d = other.s - self.s;
        let is_close = d.re().abs() <= 1.0 && (d * d * self.variance_of_ln(self.s)).re() <= 0.25;
        if !is_close {
            let same = PowerLaw::new(self.n, other.s);
            return d * self.mean_ln() + (same.ln_total() - self.ln_total()) + beyond;
        }
        above_tangent(nodes(), self.s, d, |s| self.variance_of_ln(s)) + beyond
    }

    /// s E[ln X] + ln Σ k^-s.
    fn entropy(&self) -> S {
        if self.n == 1.0 {
            return S::from(0.0);
        }
        self.s * self.mean_ln() + self.ln_total()
    }
}

/// Σ (k/a)^-s from a to n.
fn total<S: Scalar>(a: f64, n: f64, s: S) -> S {
    let [sum] = power_sums(a, n, s);
    sum
}

/// Σ k^-s from a to n, for s that may be negative down to -2.
fn power_sum_any<S: Scalar>(a: f64, n: f64, s: S) -> S {
    total(a, n, s) * (s * -math::ln(a)).exp()
}

/// Rejection from the integral of x^-s (Hörmann & Derflinger 1996, "Rejection-inversion to generate variates from monotone discrete
/// distributions", ACM TOMACS 6).
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sampler {
    /// 1 - s
    c: f64,
    /// H(3/2) - 1 and H(n + 1/2), H(x) = (x^c - 1)/c.
    from: f64,
    to: f64,
    /// Where the hat is that close above an outcome, it is accepted at once.
    close: f64,
    infinite: bool,
}

impl Sampler {
    fn new(n: f64, s: f64) -> Self {
        let c = 1.0 - s;
        let infinite = n == f64::INFINITY;
        let to = if infinite { -1.0 / c } else { hat(n + 0.5, c) };
        let close = 2.0 - hat_inverse(hat(2.5, c) - math::powf(2.0, -s), c);
        Sampler { c, from: hat(1.5, c) - 1.0, to, close, infinite }
    }

    /// A draw; saturates at the largest integer.
    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> u64 {
        loop {
            let u = noise::uniform(rng) * (self.from - self.to);
            let at = self.to + u;
            // at an infinite end 1 + c H = c u, without cancellation
            let x = if self.infinite { math::exp(math::ln(self.c * u) / self.c) } else { hat_inverse(at, self.c) };
            let k = math::floor(x + 0.5).max(1.0);
            if k - x <= self.close || at >= hat(k + 0.5, self.c) - math::exp((self.c - 1.0) * math::ln(k)) {
                return k as u64;
            }
        }
    }
}

/// (x^c - 1)/c.
#[inline]
fn hat(x: f64, c: f64) -> f64 {
    let ln = math::ln(x);
    (c * ln).exp_m1_ratio() * ln
}

/// (1 + c y)^(1/c).
#[inline]
fn hat_inverse(y: f64, c: f64) -> f64 {
    math::exp((c * y).max(-1.0).ln_1p_ratio() * y)
}

/// [Zipf's law](https://en.wikipedia.org/wiki/Zipf%27s_law) with exponent s on 1 to n.
///
/// # Mass function
/// k^-s / Σ_(j=1)^n j^-s; the sums by Euler and Maclaurin, in constant time. s = 0 is the uniform law, and s may be below 1.
///
/// # Derivatives
/// Draws are plain integers. d ln p(k)/ds = E[ln X] - ln k.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [s] = Jet::variables([1.0]);
/// let law = Zipf::new(2, s)?;
/// assert!((law.pmf(&1).re - 2.0 / 3.0).abs() < 1e-15);
/// assert!((law.ln_pmf(&1).eps[0] - 2f64.ln() / 3.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws by rejection-inversion of Hörmann & Derflinger (1996, ACM TOMACS 6).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Zipf<S> {
    n: u64,
    s: S,
    law: PowerLaw<S>,
}

impl<S: Scalar> Zipf<S> {
    /// The law on 1 to `n` with exponent `s`.
    ///
    /// # Errors
    /// If `n` is not in [1, 1e15], or `s` is not in [0, 1e6].
    pub fn new(n: u64, s: S) -> Result<Self, LawError> {
        check!("a Zipf law", n, n as f64; [1.0, 1e15]);
        check!("a Zipf law", s: [0.0, 1e6]);
        Ok(Zipf { n, s, law: PowerLaw::new(n as f64, s) })
    }
}

/// The [zeta law](https://en.wikipedia.org/wiki/Zeta_distribution) with exponent s: Zipf's law on all positive integers.
///
/// # Mass function
/// k^-s / ζ(s).
///
/// # Derivatives
/// Draws are plain integers. d ln p(k)/ds = E[ln X] - ln k.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = Zeta::new(2.0)?;
/// assert!((law.pmf(&1) - 6.0 / core::f64::consts::PI.powi(2)).abs() < 1e-15);
/// assert_eq!(law.mean(), f64::INFINITY);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws as of [`Zipf`]; they saturate at the largest integer, which for s near 1 is often.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Zeta<S> {
    s: S,
    law: PowerLaw<S>,
}

impl<S: Scalar> Zeta<S> {
    /// The law with exponent `s`.
    ///
    /// # Errors
    /// If `s` is not in [1 + 1e-6, 1e6].
    pub fn new(s: S) -> Result<Self, LawError> {
        check!("a zeta law", s: [1.000001, 1e6]);
        Ok(Zeta { s, law: PowerLaw::new(f64::INFINITY, s) })
    }
}

/// The traits of both laws.
macro_rules! power_law {
    ($law:ident, $high:expr) => {
        impl<S: Scalar> $law<S> {
            fn tail(&self, k: u64, upper: bool) -> S {
                self.law.tail(k, upper)
            }
            fn ln_tail(&self, k: u64, upper: bool) -> S {
                self.law.ln_tail(k, upper)
            }
        }

        impl<S: Scalar> Distribution<u64> for $law<S> {
            #[inline]
            fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> u64 {
                self.law.sampler.draw(rng)
            }
        }

        impl<S: Scalar> Discrete<S> for $law<S> {
            type Outcome = u64;

            fn ln_pmf(&self, k: &u64) -> S {
                self.law.ln_mass(*k)
            }
        }

        impl<S: Scalar> DiscreteUnivariate<S> for $law<S> {
            fn support(&self) -> (u64, u64) {
                (1, $high(self))
            }
            tails!();
            fn mean(&self) -> S {
                self.law.mean()
            }
            fn variance(&self) -> S {
                self.law.variance()
            }
            fn entropy(&self) -> S {
                self.law.entropy()
            }
            fn mode(&self) -> u64 {
                1
            }
        }

        impl<S: Scalar> KlDivergence<S> for $law<S> {
            /// (s' - s) E[ln X] and the difference of the logarithms of the sums; infinite for an other law of fewer outcomes.
            fn kl_divergence(&self, other: &Self) -> S {
                self.law.kl_divergence(&other.law)
            }
        }
    };
}
power_law!(Zipf, |law: &Self| law.n);
power_law!(Zeta, |_| u64::MAX);

discrete_family!(Zipf, "zipf", "a Zipf law", [n: u64], [s]);
discrete_family!(Zeta, "zeta", "a zeta law", [], [s]);

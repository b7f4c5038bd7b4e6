//! The hypergeometric law.

use super::tails::SmallerTail;
use super::{
    Bulk, Discrete, DiscreteUnivariate, discrete_family, divergence_sum, entropy_sum, is_count, ln_sum, tails,
};
use crate::distr::{KlDivergence, errors};
use crate::noise;
use crate::scalar::{Scalar, math};
use crate::special::inc_gamma::LARGE;
use crate::special::{UnitPoint, ln_binomial_weight_by, ln_gamma_1p};
use core::marker::PhantomData;
use rand::Rng;
use rand::distr::Distribution;

errors! {
    /// Why a hypergeometric law was refused.
    HypergeometricError {
        /// `population` is above 1e15.
        Population => "population of a hypergeometric law must be at most 1e15",
        /// `successes` is above `population`.
        Successes => "successes of a hypergeometric law must be at most the population",
        /// `draws` is above `population`.
        Draws => "draws of a hypergeometric law must be at most the population",
    }
}

/// The [hypergeometric law](https://en.wikipedia.org/wiki/Hypergeometric_distribution): the number of successes among n draws without
/// replacement from a population of N with K successes.
///
/// # Mass function
/// C(K, k) C(N-K, n-k) / C(N, n); its logarithm from three binomial masses at p = n/N by Loader's deviances, without cancellation up to
/// N = 1e15. Tails are sums of masses, of a few thousand terms at the most.
///
/// # Derivatives
/// The parameters are integers: everything is constant. The scalar is there for code that is generic over laws.
///
/// # Example
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = Hypergeometric::<f64>::new(10, 4, 3)?;
/// assert!((law.pmf(&1) - 0.5).abs() < 1e-15);
/// assert!((law.mean() - 1.2).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Draws: inversion within ten of an end of the support, ratio of uniforms elsewhere (Stadlober 1990, "The ratio of uniforms approach
/// for generating discrete random variates", J. Comput. Appl. Math. 31).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hypergeometric<S> {
    population: u64,
    successes: u64,
    draws: u64,
    sampler: Sampler,
    scalar: PhantomData<S>,
}

/// ln(2π)/2
const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_7;

/// How to draw.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Sampler {
    /// From the end of the support up or down, with the mass there.
    Inversion { upward: bool, mass: f64 },
    /// Around the centre, with the width of the table mountain.
    Ratio { centre: f64, width: f64, top: Top },
}

/// The degree of the polynomial below.
const DEGREE: usize = 8;

/// The logarithm of the mass relative to that at the mode, as a polynomial in the distance.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Top {
    mode: f64,
    /// How far from the mode the polynomial is used.
    near: f64,
    /// By how much it is off there at the most.
    error: f64,
    /// The coefficients of the powers from 1 on.
    slopes: [f64; DEGREE],
}

impl Top {
    /// Of -ln Π (`a_i` + `s_i` d)!, the four factorials of the mass with their signs, each `a_i` at least 9.
    ///
    /// With b = a + 1/2, ln (a + d)! is g(b + d) for g(b) = b ln b - b - 1/(24 b) + 7/(2880 b³) and a constant, to 31/(40320 b⁵); the n-th
    /// coefficient of b ln b - b is (-1)^n / (n (n-1) b^(n-1)).
    fn new(mode: f64, deviation: f64, factorials: [(f64, f64); 4]) -> Self {
        let mut slopes = [0.0; DEGREE];
        let b = factorials.map(|(a, _)| a + 0.5);
        // ln of the ratio of those that rise to those that fall
        slopes[0] = -math::ln((b[0] / b[1]) * (b[3] / b[2]));
        for (b, (_, sign)) in b.into_iter().zip(factorials) {
            let r = 1.0 / b;
            let square = r * r;
            slopes[0] -= sign * square * (1.0 / 24.0 - square * (7.0 / 960.0));
            let mut power = r;
            for (i, slope) in slopes.iter_mut().enumerate().skip(1) {
                let n = (i + 1) as f64;
                let series =
                    1.0 / (n * (n - 1.0)) - square * (1.0 / 24.0 - square * ((n + 1.0) * (n + 2.0) * (7.0 / 5760.0)));
                *slope -= power * series;
                power *= -sign * r;
            }
        }
        let smallest = b.into_iter().fold(f64::INFINITY, f64::min);
        let near = (0.25 * smallest).min(10.0 * deviation);
        // what the terms beyond the degree sum to, what Stirling's series leaves out, rounding of the first slope
        let sixth = |x: f64| x * x * (x * x) * (x * x);
        let (beyond, r) = (near / smallest, 1.0 / smallest);
        let error = near * (4.0 / 54.0 * sixth(beyond) * beyond * beyond + 0.02 * sixth(r) + 4e-15);
        Top { mode, near, error, slopes }
    }

    /// The polynomial at a distance d.
    #[inline]
    fn at(&self, d: f64) -> f64 {
        let [c1, c2, c3, c4, c5, c6, c7, c8] = self.slopes;
        let (d2, d4) = (d * d, d * d * (d * d));
        ((c1 + c2 * d) + (c3 + c4 * d) * d2 + ((c5 + c6 * d) + (c7 + c8 * d) * d2) * d4) * d
    }
}

impl<S: Scalar> Hypergeometric<S> {
    /// The law of the successes among `draws` from a population with this number of successes.
    ///
    /// # Errors
    /// [`HypergeometricError::Population`] if `population` is above 1e15; [`HypergeometricError::Successes`],
    /// [`HypergeometricError::Draws`] if these are above it.
    pub fn new(population: u64, successes: u64, draws: u64) -> Result<Self, HypergeometricError> {
        if !is_count(population) {
            return Err(HypergeometricError::Population);
        }
        if successes > population {
            return Err(HypergeometricError::Successes);
        }
        if draws > population {
            return Err(HypergeometricError::Draws);
        }
        let sampler = Sampler::Inversion { upward: true, mass: 1.0 };
        let law = Hypergeometric { population, successes, draws, sampler, scalar: PhantomData };
        let (low, high) = law.ends();
        let (low, high) = (low as f64, high as f64);
        let (mean, variance) = law.moments();
        let sampler = if mean - low < 10.0 {
            Sampler::Inversion { upward: true, mass: math::exp(law.ln_mass(low)) }
        } else if high - mean < 10.0 {
            Sampler::Inversion { upward: false, mass: math::exp(law.ln_mass(high)) }
        } else {
            // 2 sqrt(2/e) and 3 - 2 sqrt(3/e)
            let width = 1.7155277699214135 * math::sqrt(variance + 0.5) + 0.8989161620588988;
            let (all, successes, draws) = law.sizes();
            let mode = law.top() as f64;
            let factorials =
                [(mode, 1.0), (successes - mode, -1.0), (draws - mode, -1.0), (all - successes - draws + mode, 1.0)];
            Sampler::Ratio { centre: mean + 0.5, width, top: Top::new(mode, math::sqrt(variance), factorials) }
        };
        Ok(Hypergeometric { sampler, ..law })
    }

    fn ends(&self) -> (u64, u64) {
        ((self.draws + self.successes).saturating_sub(self.population), self.draws.min(self.successes))
    }

    /// N, K, n as doubles.
    fn sizes(&self) -> (f64, f64, f64) {
        (self.population as f64, self.successes as f64, self.draws as f64)
    }

    fn moments(&self) -> (f64, f64) {
        let (all, successes, draws) = self.sizes();
        if all == 0.0 {
            return (0.0, 0.0);
        }
        let mean = draws * (successes / all);
        let finite = if all > 1.0 { (all - draws) / (all - 1.0) } else { 0.0 };
        (mean, mean * ((all - successes) / all) * finite)
    }

    /// The mode, the largest of several.
    fn top(&self) -> u64 {
        let [all, successes, draws] = [self.population, self.successes, self.draws].map(u128::from);
        ((draws + 1) * (successes + 1) / (all + 2)) as u64
    }

    /// ln p(k) for real k in the support.
    fn ln_mass(&self, k: f64) -> f64 {
        let (all, successes, draws) = self.sizes();
        let (low, high) = self.ends();
        if low == high {
            return 0.0;
        }
        let (x, y) = (draws / all, (all - draws) / all);
        let ln = |x: f64, y: f64| if x < 0.5 { math::ln(x) } else { math::ln_1p(-y) };
        let at = UnitPoint { x, y, ln_x: ln(x, y), ln_y: ln(y, x) };
        // K n/N - k from products to twice the digits
        let product = k * all;
        let rest = libm::fma(k, all, -product);
        let excess = (libm::fma(successes, draws, -product) - rest) / all;
        ln_binomial_weight_by(k, successes - k, at, excess)
            + ln_binomial_weight_by(draws - k, (all - successes) - (draws - k), at, -excess)
            - ln_binomial_weight_by(draws, all - draws, at, 0.0)
    }

    /// ln p(k) up to a constant, to 1e-8: by factorials where that is faster and good enough.
    #[inline]
    fn relative_ln_mass(&self, k: f64) -> f64 {
        if self.population > 10_000_000 {
            return self.ln_mass(k);
        }
        let (all, successes, draws) = self.sizes();
        let rest = all - successes - draws + k;
        -(ln_factorial(k) + ln_factorial(successes - k) + ln_factorial(draws - k) + ln_factorial(rest))
    }

    /// Both tails by summation of the smaller one; k inside the support.
    fn tails(&self, k: u64) -> SmallerTail<f64> {
        let ((low, high), (mean, variance)) = (self.ends(), self.moments());
        let (bulk, k) = (Bulk::of(mean, variance), k as f64);
        SmallerTail::new(k >= mean, |upper| {
            let (from, to) = if upper { (k + 1.0, high as f64) } else { (low as f64, k) };
            ln_sum(from, to, bulk, |k| self.ln_mass(k))
        })
    }

    /// The tail where it is 0 or 1.
    fn outside(&self, k: u64, upper: bool) -> Option<f64> {
        let (low, high) = self.ends();
        if k < low {
            Some(if upper { 1.0 } else { 0.0 })
        } else if k >= high {
            Some(if upper { 0.0 } else { 1.0 })
        } else {
            None
        }
    }

    fn tail(&self, k: u64, upper: bool) -> S {
        S::from(self.outside(k, upper).unwrap_or_else(|| self.tails(k).of(upper)))
    }

    fn ln_tail(&self, k: u64, upper: bool) -> S {
        S::from(self.outside(k, upper).map_or_else(|| self.tails(k).ln_of(upper), math::ln))
    }

    /// The outcome at which the sum of masses from one end passes a uniform number.
    #[inline]
    fn invert<R: Rng + ?Sized>(&self, upward: bool, mass: f64, rng: &mut R) -> u64 {
        let (all, successes, draws) = self.sizes();
        let (low, high) = self.ends();
        loop {
            let (mut u, mut p, mut k) = (noise::uniform(rng), mass, if upward { low } else { high });
            while u > p {
                u -= p;
                if k == if upward { high } else { low } {
                    break;
                }
                let x = k as f64;
                if upward {
                    p *= (successes - x) * (draws - x) / ((x + 1.0) * (all - successes - draws + x + 1.0));
                    k += 1;
                } else {
                    p *= x * (all - successes - draws + x) / ((successes - x + 1.0) * (draws - x + 1.0));
                    k -= 1;
                }
                // rounding has left something over beyond the last mass
                if p == 0.0 {
                    break;
                }
            }
            if u <= p {
                return k;
            }
        }
    }
}

/// ln x! by three terms of Stirling's series, to 2e-12.
#[inline]
fn ln_factorial(x: f64) -> f64 {
    if x < LARGE {
        return ln_gamma_1p(x);
    }
    let r = 1.0 / x;
    (x + 0.5) * math::ln(x) - x + HALF_LN_TWO_PI + r * (1.0 / 12.0 - r * r * (1.0 / 360.0 - r * r * (1.0 / 1260.0)))
}

impl<S: Scalar> Distribution<u64> for Hypergeometric<S> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> u64 {
        match self.sampler {
            Sampler::Inversion { upward, mass } => self.invert(upward, mass, rng),
            Sampler::Ratio { centre, width, top } => {
                let (low, high) = self.ends();
                loop {
                    let (u, v) = (noise::uniform(rng), noise::uniform(rng));
                    let k = math::floor(centre + width * (v - 0.5) / u);
                    if !(k >= low as f64 && k <= high as f64) {
                        continue;
                    }
                    let d = k - top.mode;
                    if d.abs() <= top.near {
                        // 2 ln u <= t, by bounds of the logarithm first
                        let t = top.at(d);
                        if u * (4.0 - u) - 3.0 <= t - top.error {
                            return k as u64;
                        }
                        if u * (u - t - top.error) >= 1.0 {
                            continue;
                        }
                        let slack = 2.0 * math::ln(u) - t;
                        if slack <= -top.error {
                            return k as u64;
                        }
                        if slack > top.error {
                            continue;
                        }
                    }
                    if 2.0 * math::ln(u) <= self.relative_ln_mass(k) - self.relative_ln_mass(top.mode) {
                        return k as u64;
                    }
                }
            }
        }
    }
}

impl<S: Scalar> Discrete<S> for Hypergeometric<S> {
    type Outcome = u64;

    fn ln_pmf(&self, k: &u64) -> S {
        let (low, high) = self.ends();
        S::from(if (low..=high).contains(k) { self.ln_mass(*k as f64) } else { f64::NEG_INFINITY })
    }
}

impl<S: Scalar> DiscreteUnivariate<S> for Hypergeometric<S> {
    fn support(&self) -> (u64, u64) {
        self.ends()
    }
    tails!();
    fn mean(&self) -> S {
        S::from(self.moments().0)
    }
    fn variance(&self) -> S {
        S::from(self.moments().1)
    }
    /// By summation.
    fn entropy(&self) -> S {
        let ((low, high), (mean, variance)) = (self.ends(), self.moments());
        S::from(entropy_sum(low as f64, high as f64, Bulk::of(mean, variance), |k| self.ln_mass(k)))
    }
    fn mode(&self) -> u64 {
        let [all, successes, draws] = [self.population, self.successes, self.draws].map(u128::from);
        // of two, where the quotient is whole
        let tie = ((draws + 1) * (successes + 1)).is_multiple_of(all + 2);
        let (low, _) = self.ends();
        self.top().saturating_sub(u64::from(tie)).max(low)
    }
}

impl<S: Scalar> KlDivergence<S> for Hypergeometric<S> {
    /// By summation.
    fn kl_divergence(&self, other: &Self) -> S {
        let ((low, high), (mean, variance)) = (self.ends(), self.moments());
        let (from, to) = other.ends();
        if low < from || to < high {
            return S::from(f64::INFINITY);
        }
        let bulk = Bulk::of(mean, variance);
        let below = if low > from { other.tails(low - 1).of(false) } else { 0.0 };
        let rest = below + if high < to { other.tails(high).of(true) } else { 0.0 };
        S::from(divergence_sum(low as f64, high as f64, bulk, rest, |k| self.ln_mass(k), |k| other.ln_mass(k)))
    }
}

discrete_family!(Hypergeometric, HypergeometricError, "hypergeometric", [population: u64, successes: u64, draws: u64], []);

//! Inversion of distribution functions on the integers.

use crate::scalar::math;
use crate::special;

/// The largest number of steps of a search: rounding of the distribution function, not the search, decides beyond.
const STEPS: u64 = 4096;

/// The smallest k in 0..=last with u < F(k), searched up from 0: `first` is p_0, `ratio(k)` is p_k / p_(k-1).
#[inline(always)]
pub(super) fn from_zero(u: f64, first: f64, last: u64, ratio: impl Fn(f64) -> f64) -> u64 {
    let (mut p, mut below, mut k) = (first, first, 0);
    while u >= below && k < last.min(STEPS) {
        k += 1;
        let ratio = ratio(k as f64);
        p *= ratio;
        below += p;
        if is_over(p, ratio) {
            break;
        }
    }
    k
}

/// The same, searched from a guess near the mean: `cdf(k)` is F(k), `pmf(k)` is p_k.
pub(super) fn from_guess(
    u: f64,
    guess: f64,
    last: u64,
    cdf: impl Fn(f64) -> f64,
    pmf: impl Fn(f64) -> f64,
    ratio: impl Fn(f64) -> f64,
) -> u64 {
    let mut k = (guess.max(0.0) as u64).min(last);
    let (mut below, mut p) = (cdf(k as f64), pmf(k as f64));
    for _ in 0..STEPS {
        if u >= below {
            if k == last {
                break;
            }
            k += 1;
            let ratio = ratio(k as f64);
            p *= ratio;
            below += p;
            if is_over(p, ratio) {
                break;
            }
        } else {
            let lower = below - p;
            if k == 0 || u >= lower {
                break;
            }
            p /= ratio(k as f64);
            below = lower;
            k -= 1;
        }
    }
    k
}

/// Whether what is left of the upper tail is below the rounding of F.
#[inline(always)]
fn is_over(p: f64, ratio: f64) -> bool {
    p < 1e-18 && ratio < 1.0
}

/// Mean, standard deviation and skewness to a quantile: Cornish & Fisher's expansion to second order.
pub(super) fn cornish_fisher(u: f64, mean: f64, std_dev: f64, skewness: f64) -> f64 {
    // 2^-54: u is a multiple of 2^-53, the lowest 0
    let z = special::normal_quantile(u.max(5.6e-17));
    math::floor(mean + std_dev * (z + skewness * (z * z - 1.0) / 6.0))
}

//! Quantiles of discrete laws by bisection.

use super::{DiscreteUnivariate, Integer};
use crate::scalar::{Scalar, math};
use crate::special::normal_quantile;

/// How far a tail may be off by rounding, relative to its size.
const ROUNDING: f64 = 1e-13;

/// The smallest k with F(k) >= p, from the smaller tail.
pub(crate) fn quantile<S: Scalar, L: DiscreteUnivariate<S>>(law: &L, p: f64) -> Option<L::Outcome> {
    if !(0.0..=1.0).contains(&p) {
        return None;
    }
    Some(match p {
        0.0 => law.support().0,
        1.0 => law.support().1,
        p if p > 0.5 => by_either_tail(law, p, 1.0 - p),
        p => {
            let k = first(law, normal_quantile(p), |k| law.cdf(&k).re() >= p);
            settled(law, k, p, |k| p - law.cdf(&k).re())
        }
    })
}

/// The smallest k with 1 - F(k) <= q.
pub(crate) fn isf<S: Scalar, L: DiscreteUnivariate<S>>(law: &L, q: f64) -> Option<L::Outcome> {
    if !(0.0..=1.0).contains(&q) {
        return None;
    }
    Some(match q {
        0.0 => law.support().1,
        1.0 => law.support().0,
        q if q > 0.5 => by_either_tail(law, 1.0 - q, q),
        q => {
            let k = first(law, -normal_quantile(q), |k| law.sf(&k).re() <= q);
            settled(law, k, q, |k| law.sf(&k).re() - q)
        }
    })
}

/// The same where the larger of p and q = 1 - p is what is asked for, so that the difference is exact. One tail is accurate, the other
/// one is what was asked for where that is a value of the law's own.
fn by_either_tail<S: Scalar, L: DiscreteUnivariate<S>>(law: &L, p: f64, q: f64) -> L::Outcome {
    let score = if p <= q { normal_quantile(p) } else { -normal_quantile(q) };
    let k = first(law, score, |k| law.sf(&k).re() <= q || law.cdf(&k).re() >= p);
    let (tail, lower) = (p.min(q), p <= q);
    settled(law, k, tail, |k| if lower { p - law.cdf(&k).re() } else { law.sf(&k).re() - q })
}

/// The outcome, or the one before if that falls short of the tail by rounding only, and by next to nothing of the mass between.
fn settled<S: Scalar, L: DiscreteUnivariate<S>>(
    law: &L,
    k: L::Outcome,
    tail: f64,
    short: impl Fn(L::Outcome) -> f64,
) -> L::Outcome {
    let before = L::Outcome::saturating_from(k.to_i128() - 1);
    if k == law.support().0 || before == k {
        return k;
    }
    let gap = short(before);
    if gap <= ROUNDING * tail && gap <= 1e-3 * law.pmf(&k).re() { before } else { k }
}

/// The smallest outcome for which a condition holds that holds from there on, sought first beside `score` standard deviations above
/// the mean.
fn first<S: Scalar, L: DiscreteUnivariate<S>>(law: &L, score: f64, holds: impl Fn(L::Outcome) -> bool) -> L::Outcome {
    let (low, high) = law.support();
    let (low, high) = (low.to_i128(), high.to_i128());
    let (mean, deviation) = (law.mean().re(), math::sqrt(law.variance().re()));
    let guess = mean + score * deviation;
    let guess = if guess.is_finite() { (guess as i128).clamp(low, high) } else { low };
    let holds = |k: i128| holds(L::Outcome::saturating_from(k));
    let mut step = if deviation.is_finite() { (deviation / 8.0) as i128 } else { 0 }.max(1);
    // `below` does not hold, `at` does: widened until that is so
    let (mut below, mut at) = (guess, guess);
    if holds(guess) {
        loop {
            if below <= low {
                below = low - 1;
                break;
            }
            below = (below - step).max(low);
            if !holds(below) {
                break;
            }
            at = below;
            step = step.saturating_mul(2);
        }
    } else {
        loop {
            if at >= high {
                return L::Outcome::saturating_from(high);
            }
            at = at.saturating_add(step).min(high);
            if holds(at) {
                break;
            }
            below = at;
            step = step.saturating_mul(2);
        }
    }
    while at - below > 1 {
        let middle = below + (at - below) / 2;
        if holds(middle) {
            at = middle;
        } else {
            below = middle;
        }
    }
    L::Outcome::saturating_from(at)
}

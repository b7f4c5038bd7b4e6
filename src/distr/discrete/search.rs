//! Quantiles of discrete laws by bisection.

use super::{DiscreteUnivariate, Integer};
use crate::scalar::{Scalar, math};
use crate::special::normal_quantile;

/// The smallest k with F(k) >= p, from the smaller tail.
pub(crate) fn quantile<S: Scalar, L: DiscreteUnivariate<S>>(law: &L, p: f64) -> Option<L::Outcome> {
    if !(0.0..=1.0).contains(&p) {
        return None;
    }
    if p > 0.5 {
        return isf(law, 1.0 - p);
    }
    Some(if p == 0.0 { law.support().0 } else { first(law, normal_quantile(p), |k| law.cdf(&k).re() >= p) })
}

/// The smallest k with 1 - F(k) <= q.
pub(crate) fn isf<S: Scalar, L: DiscreteUnivariate<S>>(law: &L, q: f64) -> Option<L::Outcome> {
    if !(0.0..=1.0).contains(&q) {
        return None;
    }
    Some(match q {
        0.0 => law.support().1,
        1.0 => law.support().0,
        q => first(law, -normal_quantile(q), |k| law.sf(&k).re() <= q),
    })
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

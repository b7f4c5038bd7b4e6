//! Races of exponential clocks: by choices, and as one event of a known density.

use super::Chance;
use super::choice::{Categorical, ChoiceLaw};
use crate::noise;
use crate::scalar::Scalar;
use rand::Rng;

/// Whether a clock rings, when, and which: two choices, and a draw that moves.
#[inline]
#[track_caller]
pub(super) fn by_choices<S: Scalar>(chance: &mut impl Chance<S>, rates: &[S], left: S) -> Option<(usize, S)> {
    let valid = rates.iter().all(|r| r.re() >= 0.0);
    let total = rates.iter().fold(S::from(0.0), |sum, r| sum + *r);
    if valid && total.max_abs() == 0.0 {
        return None;
    }
    let waiting = if valid && left.re() == f64::INFINITY {
        S::from(chance.exponential())
    } else {
        // a hazard that is refused stands for a rate that is, whether one would ring or not
        let limit = if valid { total * left } else { S::from(f64::NAN) };
        if !chance.event(limit) {
            return None;
        }
        // given that it is before the limit, (1 - e^-t) / (1 - e^-limit) is uniform
        -((-limit).exp_m1() * chance.uniform()).ln_1p()
    };
    let who = chance.choose(&Categorical::new(rates)) as usize;
    Some((who, waiting.over(total)))
}

/// Whether a race can be one event: rates that can be drawn from, until a time that does not move.
#[inline]
pub(super) fn is_whole<S: Scalar>(clocks: &Categorical<'_, S>, left: S) -> bool {
    clocks.check().is_ok() && left.re() >= 0.0 && left.with_re(0.0).max_abs() == 0.0
}

/// The time of the first ring, or `left` if there is none before, and which clock it is: from real parts only.
#[inline]
pub(super) fn whole<S: Scalar>(
    clocks: &Categorical<'_, S>,
    rates: &[S],
    left: f64,
    noise: &mut impl Rng,
) -> (f64, Option<usize>) {
    let total: f64 = rates.iter().map(|rate| rate.re()).sum();
    let time = noise::exponential(noise) / total;
    if time < left { (time, Some(clocks.draw(noise) as usize)) } else { (left, None) }
}

//! Who has the least price where a pilot leaves it open: more samples for those who may still win.

use super::rows::{RANDOMIZATIONS, made, quasi_errors, row};
use super::{Compared, Comparison, Kind};
use crate::noise::GOLDEN;
use crate::program::{ErrorOf, Outcome, Program};
use alloc::vec::Vec;

/// Rounds of twice as many samples go on to one in so many of the run's.
const EARLY: u64 = 32;

/// The last round has one in so many.
const LAST: u64 = 4;

/// And so many randomizations of quasi-random points.
const FEWER: u64 = RANDOMIZATIONS / 2;

/// How often contenders take turns at being timed, and the samples of a turn.
const TURNS: (u64, u64) = (3, 4096);

/// An order that quasi-random points do not exceed by much.
const HIGHEST_ORDER: f64 = 2.5;

/// Samples up to which martingale controls are learned from more and more of them.
const STILL_LEARNING: f64 = 16_000.0;

/// Twice as many samples again and again for all estimators that may have the least price in a run of `samples`, and at
/// last a fourth of the run, for which quasi-random points are as many as there will be, in half the randomizations. It
/// ends when one estimator is left.
pub(super) fn go_on<P, const N: usize>(
    found: &mut Comparison<N, ErrorOf<P>>,
    theta: [f64; N],
    program: &P,
    samples: u64,
    seed: u64,
) where
    P: Program<Theta = [f64; N]> + Clone,
    P::Output: Outcome<Values = f64>,
{
    let referee = found.referee;
    let sizes = found.rows.iter().filter_map(|row| row.estimate.as_ref().ok()).map(|e| e.samples);
    let mut size = sizes.max().unwrap_or(u64::MAX / 2);
    while size < samples / LAST {
        let is_last = 2 * size > samples / EARLY;
        size = if is_last { samples / LAST } else { 2 * size };
        let kinds = found.contenders(samples);
        if kinds.len() < 2 {
            break;
        }
        let seed = seed.wrapping_add(size.wrapping_mul(GOLDEN));
        for before in found.rows.iter_mut().filter(|row| kinds.contains(&row.kind)) {
            if is_last && before.kind == Kind::Quasi {
                let few = quasi_errors(theta, program, samples / RANDOMIZATIONS, FEWER, seed);
                let share = FEWER as f64 / RANDOMIZATIONS as f64;
                few.into_iter().for_each(|few| before.foresee(few.map(|se| se * se * share), samples));
            } else {
                *before = row(before.kind, theta, program, size, seed, &referee);
            }
        }
        (0..N).for_each(|i| found.mark_blind(i));
    }
    let kinds = found.contenders(samples);
    if kinds.len() < 2 {
        return;
    }
    // what else the machine does slows them one after the other, and all of them over the turns
    let mut seconds = alloc::vec![f64::INFINITY; kinds.len()];
    for turn in 0..TURNS.0 {
        for (kind, least) in kinds.iter().zip(&mut seconds) {
            *least = made(*kind, theta, program, TURNS.1, turn).1.min(*least);
        }
    }
    for (kind, least) in kinds.iter().zip(seconds) {
        found.rows.iter_mut().filter(|row| row.kind == *kind).for_each(|row| row.seconds = least);
    }
}

impl<const N: usize, E> Comparison<N, E> {
    /// The estimators that may have the least price in a run of so many samples.
    fn contenders(&self, samples: u64) -> Vec<Kind> {
        let highest = self.usable().map(|row| row.ln_price_between(samples).1).fold(f64::INFINITY, f64::min);
        self.usable().filter(|row| row.ln_price_between(samples).0 <= highest).map(|row| row.kind).collect()
    }
}

impl<const N: usize, E> Compared<N, E> {
    /// Logarithms of the least and the largest price, geometric means over the derivatives, that a run of so many
    /// samples may have: times are known to a tenth, variances as those of normal numbers, to two standard errors.
    fn ln_price_between(&self, samples: u64) -> (f64, f64) {
        let Ok(e) = &self.estimate else { return (f64::INFINITY, f64::INFINITY) };
        let ln_price = self.prices().iter().map(|p| p.ln()).sum::<f64>() / N.max(1) as f64;
        let doubt = 0.1 + 2.0 * (2.0 / e.observations as f64).sqrt();
        let more = |up_to: f64| (up_to / e.samples as f64).ln().max(0.0);
        let gain = match self.kind {
            Kind::Quasi => (HIGHEST_ORDER - 1.0) * more(samples as f64),
            Kind::Martingale => more(STILL_LEARNING.min(samples as f64)),
            _ => 0.0,
        };
        (ln_price - doubt - gain, ln_price + doubt)
    }

    /// Takes the order that leads from the variances known so far to these, of a run of so many samples.
    fn foresee(&mut self, variances: [f64; N], samples: u64) {
        let Ok(e) = &self.estimate else { return };
        let more = (samples as f64 / e.samples as f64).ln();
        let gains =
            (0..N).map(|i| e.gradient_se[i].powi(2) / variances[i]).filter(|gain| gain.is_finite() && *gain > 0.0);
        let (count, sum) = gains.fold((0.0, 0.0), |(count, sum), gain| (count + 1.0, sum + gain.ln()));
        if count > 0.0 {
            self.order = [(sum / (count * more)).clamp(0.5, 3.0); N];
        }
    }
}

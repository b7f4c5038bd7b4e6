//! Rows of a comparison: one estimator each, run, timed and judged.

use super::referee::Referee;
use super::{Compared, Kind, judged};
use crate::estimate::antithetic::antithetic;
use crate::estimate::choices::{martingale, mix, replay, score};
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::{BLOCK, Estimator, Sampler, Stopped};
use crate::estimate::likelihood_ratio::likelihood_ratio;
use crate::estimate::pathwise::pathwise_program;
use crate::estimate::quasi::quasi;
use crate::estimate::report::Estimate;
use crate::program::{ErrorOf, Outcome, Program};
use alloc::vec::Vec;
use std::time::Instant;

/// Randomizations of quasi-random points: enough for a standard error.
pub(super) const RANDOMIZATIONS: u64 = 32;

/// An estimate, and the seconds of a sample without what learning takes.
pub(super) type Made<const N: usize, E> = (Result<Estimate<[f64; N]>, EstimateError<E>>, f64);

/// One estimator on about so many samples.
pub(super) fn made<P, const N: usize>(
    kind: Kind,
    theta: [f64; N],
    program: &P,
    samples: u64,
    seed: u64,
) -> Made<N, ErrorOf<P>>
where
    P: Program<Theta = [f64; N]> + Clone,
    P::Output: Outcome<Values = f64>,
{
    let program = program.clone();
    match kind {
        Kind::Pathwise => timed(pathwise_program(theta, program).samples(samples), seed),
        Kind::Quasi => {
            let points = (samples / RANDOMIZATIONS).max(2);
            timed(quasi(theta, program).points(points).samples(RANDOMIZATIONS), seed)
        }
        Kind::Antithetic => timed(antithetic(theta, program).samples(samples), seed),
        Kind::LikelihoodRatio => timed(likelihood_ratio(theta, program).samples(samples), seed),
        Kind::Score => timed(score(theta, program).samples(samples), seed),
        Kind::Martingale => timed(martingale(theta, program).samples(samples), seed),
        Kind::Replay => timed(replay(theta, program).samples(samples), seed),
        Kind::Mix => timed(mix(theta, program).samples(samples), seed),
    }
}

fn timed<M, const N: usize>(estimator: Estimator<M>, seed: u64) -> Made<N, M::Error>
where
    M: Sampler<Estimate = Estimate<[f64; N]>>,
{
    // times at the ends of blocks: what is before the first contains what learning takes. All estimators have as many
    // samples between two times, as short spans are disturbed less often by what else the machine does
    let mut ends: Vec<(u64, Instant)> = Vec::new();
    let run = estimator.run_while(seed, |e| {
        if ends.last().is_none_or(|(before, _)| e.samples >= before + BLOCK) {
            ends.push((e.samples, Instant::now()));
        }
        true
    });
    let mut times: Vec<f64> =
        ends.windows(2).map(|pair| (pair[1].1 - pair[0].1).as_secs_f64() / (pair[1].0 - pair[0].0) as f64).collect();
    times.sort_by(f64::total_cmp);
    let seconds = times.get(times.len() / 4).copied().unwrap_or(f64::NAN);
    (run.map_err(|Stopped { error, .. }| error), seconds)
}

/// One estimator in a comparison.
pub(super) fn row<P, const N: usize>(
    kind: Kind,
    theta: [f64; N],
    program: &P,
    samples: u64,
    seed: u64,
    referee: &Referee<N>,
) -> Compared<N, ErrorOf<P>>
where
    P: Program<Theta = [f64; N]> + Clone,
    P::Output: Outcome<Values = f64>,
{
    let (estimate, seconds) = made(kind, theta, program, samples, seed);
    let mut row = judged(kind, estimate, seconds, referee);
    if kind == Kind::Quasi {
        // these gain more than others from more of them
        let few = quasi_errors(theta, program, samples / FEWER / RANDOMIZATIONS, RANDOMIZATIONS, seed);
        if let (Some(few), Ok(all)) = (few, &row.estimate) {
            row.order = [order(&few, &all.gradient_se); N];
        }
    }
    row
}

/// The standard errors of so many quasi-random points.
pub(super) fn quasi_errors<P, const N: usize>(
    theta: [f64; N],
    program: &P,
    points: u64,
    randomizations: u64,
    seed: u64,
) -> Option<[f64; N]>
where
    P: Program<Theta = [f64; N]> + Clone,
    P::Output: Outcome<Values = f64>,
{
    let e = quasi(theta, program.clone()).points(points).samples(randomizations).run_seed(seed);
    e.ok().map(|e| e.gradient_se)
}

/// The share of the points that the order of quasi-random ones is found from.
const FEWER: u64 = 16;

/// How the variance falls with the number of points. The slope through three sizes does not depend on the one in the
/// middle; the gain of all derivatives together, as variances are known to a quarter each.
fn order<const N: usize>(few: &[f64; N], all: &[f64; N]) -> f64 {
    let gains = (0..N).map(|i| few[i] / all[i]).filter(|gain| gain.is_finite() && *gain > 0.0);
    let (count, sum) = gains.fold((0.0, 0.0), |(count, sum), gain| (count + 1.0, sum + gain.log2()));
    (2.0 * sum / (f64::max(count, 1.0) * (FEWER as f64).log2())).clamp(1.0, 3.0)
}

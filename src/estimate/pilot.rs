//! One run of a program with the scores of its choices, and a few runs beside those of an estimate that say what scores
//! are relative to.

use super::error::EstimateError;
use super::estimator::Seeds;
use super::moments::Moments;
use super::notes::Notes;
use super::report::{Order, Summary};
use crate::program::{
    ByScore, Chance, ErrorOf, Outcome, ParametersOf, Plain, Program, ResultsOf, Scores, Stream, Values, ValuesOf,
    Watched,
};
use crate::scalar::Scalar;

/// The number of runs, if they are to be of little weight beside an estimate of so many samples.
pub(super) fn runs(samples: u64) -> u64 {
    (samples / 16).clamp(16, 256)
}

/// The mean results of some runs in any numbers; choices have no part in the derivatives.
pub(super) fn pilot<P: Program, S: Scalar>(
    program: &P,
    theta: &ParametersOf<P, S>,
    seeds: Seeds,
    runs: u64,
) -> Result<ValuesOf<P, S>, EstimateError<ErrorOf<P>>> {
    let mut sum: Option<ValuesOf<P, S>> = None;
    for sample in 0..runs {
        let mut chance = Plain::with_limit(Stream::at(seeds.of(sample)), seeds.limit);
        let result = P::Output::result(program.run(theta, &mut chance));
        let f = EstimateError::of_sample(sample, seeds.seed, Chance::<S>::fault(&chance), result)?;
        match &mut sum {
            None => sum = Some(f),
            Some(sum) => {
                let (sum, f) = (ResultsOf::<P>::slice_mut(sum), ResultsOf::<P>::slice(&f));
                if sum.len() != f.len() {
                    return Err(EstimateError::Results { sample, expected: sum.len(), found: f.len() });
                }
                sum.iter_mut().zip(f).for_each(|(sum, f): (&mut S, &S)| *sum += *f);
            }
        }
    }
    let sum = sum.ok_or(EstimateError::TooFewSamples { samples: 0 })?;
    Ok(ResultsOf::<P>::map(&sum, |sum: &S| *sum / runs as f64))
}

/// One run on this handle: (f - b) w + b, w the weight of its choices and b the baseline.
#[inline(always)]
pub(super) fn weighted<P: Program, S: Scalar, C: Chance<S>>(
    program: &P,
    theta: &ParametersOf<P, S>,
    chance: C,
    of_pilot: Option<&ValuesOf<P, f64>>,
    sample: u64,
    seed: u64,
) -> Result<ValuesOf<P, S>, EstimateError<ErrorOf<P>>> {
    let mut chance = Watched::new(chance, Scores::new());
    let result = P::Output::result(program.run(theta, &mut chance));
    let f = EstimateError::of_sample(sample, seed, Chance::<S>::fault(&chance), result)?;
    if let Some(choice) = chance.observer.blind() {
        return Err(EstimateError::EmptyCell { sample, seed, choice });
    }
    let weight = chance.observer.weight();
    let mut k = 0;
    Ok(ResultsOf::<P>::map(&f, |f: &S| {
        let b = baseline::<ResultsOf<P>, f64>(of_pilot, k);
        k += 1;
        (*f - b) * weight + b
    }))
}

/// Number k of what a pilot has found, if it has.
pub(super) fn baseline<V: Values, T: Clone + Default>(of: Option<&V::Of<T>>, k: usize) -> T {
    of.and_then(|of| V::slice(of).get(k)).cloned().unwrap_or_default()
}

/// The numbers of some moments, with a note if the program has randomness without a score: looked at in a few runs.
pub(super) fn noted<P: Program, S: Order<N>, const N: usize>(
    program: &P,
    theta: &ParametersOf<P, f64>,
    moments: &Moments<ResultsOf<P>, S>,
) -> S::Estimate<ResultsOf<P>> {
    let has_plain_noise = |run: u64| {
        let mut chance = ByScore::new(Plain::<f64, _>::new(Stream::new(run)));
        let _ = program.run::<f64, _>(theta, &mut chance);
        chance.had_plain_noise()
    };
    let mut notes = Notes::of(moments);
    notes.plain_noise = (0..4).any(has_plain_noise);
    S::report::<ResultsOf<P>>(Summary {
        samples: moments.count(),
        observations: moments.count(),
        mean: moments.mean().clone(),
        se: moments.standard_error(),
        notes,
    })
}

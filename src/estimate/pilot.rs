//! A few runs beside those of an estimate: what scores are relative to.

use super::error::EstimateError;
use super::estimator::Seeds;
use crate::program::{Chance, ErrorOf, Outcome, ParametersOf, Plain, Program, ResultsOf, Stream, Values, ValuesOf};
use crate::scalar::Scalar;

/// The number of runs.
const RUNS: u64 = 256;

/// The mean results of some runs in any numbers; choices have no part in the derivatives.
pub(super) fn pilot<P: Program, S: Scalar>(
    program: &P,
    theta: &ParametersOf<P, S>,
    seeds: Seeds,
) -> Result<ValuesOf<P, S>, EstimateError<ErrorOf<P>>> {
    let mut sum: Option<ValuesOf<P, S>> = None;
    for sample in 0..RUNS {
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
    Ok(ResultsOf::<P>::map(&sum, |sum: &S| *sum / RUNS as f64))
}

/// Number k of what a pilot has found, if it has.
pub(super) fn baseline<V: Values, T: Clone + Default>(of: Option<&V::Of<T>>, k: usize) -> T {
    of.and_then(|of| V::slice(of).get(k)).cloned().unwrap_or_default()
}

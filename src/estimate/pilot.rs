//! One run of a program with the scores of its choices, and a few runs beside those of an estimate that say what scores
//! are relative to.

use super::error::EstimateError;
use super::estimator::Seeds;
use super::moments::Moments;
use super::notes::Notes;
use super::report::Order;
use crate::distr::Kept;
use crate::program::{
    ByScore, Chance, ErrorOf, Outcome, ParametersOf, Plain, Program, ResultsOf, Scores, Stream, Values, ValuesOf,
    Watched,
};
use crate::scalar::{Jet, Scalar};

/// The mean results of some runs beside those of an estimate, which scores are relative to; 0 before there are any.
pub struct OfPilot<V: Values, S: Scalar>(Option<V::Of<S>>);

impl<V: Values, S: Scalar> Clone for OfPilot<V, S> {
    fn clone(&self) -> Self {
        OfPilot(self.0.clone())
    }
}

impl<V: Values, S: Scalar> OfPilot<V, S> {
    /// Of no runs.
    pub(super) const NONE: Self = OfPilot(None);

    #[cfg(feature = "alloc")]
    pub(super) fn known(means: V::Of<S>) -> Self {
        OfPilot(Some(means))
    }

    /// That of result k.
    #[inline(always)]
    pub(super) fn get(&self, k: usize) -> S {
        self.0.as_ref().and_then(|of| V::slice(of).get(k)).copied().unwrap_or(S::from(0.0))
    }

    /// The number of runs beside an estimate of so many samples, where they have little weight.
    pub(super) fn runs(samples: u64) -> u64 {
        (samples / 16).clamp(16, 256)
    }

    /// From these runs; choices have no part in the derivatives.
    pub(super) fn from_runs<P: Program<Output: Outcome<Values = V>>>(
        program: &P,
        theta: &ParametersOf<P, S>,
        seeds: Seeds,
        samples: u64,
    ) -> Result<Self, EstimateError<ErrorOf<P>>> {
        Self::from_counted_runs(program, theta, seeds, samples, &mut Kept::default())
    }

    /// The same, by handles that count laws, or do not.
    pub(super) fn from_counted_runs<P: Program<Output: Outcome<Values = V>>>(
        program: &P,
        theta: &ParametersOf<P, S>,
        seeds: Seeds,
        samples: u64,
        laws: &mut Kept,
    ) -> Result<Self, EstimateError<ErrorOf<P>>> {
        let runs = Self::runs(samples);
        let mut sum: Option<V::Of<S>> = None;
        let mut chance = Plain::with_limit(Stream::at(0), seeds.limit);
        core::mem::swap(chance.laws(), laws);
        for sample in 0..runs {
            *chance.stream() = Stream::at(seeds.of(sample));
            chance.restart();
            #[cfg(feature = "alloc")]
            if let Some(counts) = chance.laws().counts() {
                counts.begin_run();
            }
            let result = P::Output::result(program.run(theta, &mut chance));
            let f = EstimateError::of_sample(sample, seeds.seed, Chance::<S>::fault(&chance), result)?;
            match &mut sum {
                None => sum = Some(f),
                Some(sum) => {
                    let (sum, f) = (V::slice_mut(sum), V::slice(&f));
                    if sum.len() != f.len() {
                        return Err(EstimateError::Results { sample, expected: sum.len(), found: f.len() });
                    }
                    sum.iter_mut().zip(f).for_each(|(sum, f): (&mut S, &S)| *sum += *f);
                }
            }
        }
        core::mem::swap(chance.laws(), laws);
        let sum = sum.ok_or(EstimateError::TooFewSamples { samples: 0 })?;
        Ok(OfPilot(Some(V::map(&sum, |sum: &S| *sum / runs as f64))))
    }
}

/// One run on this handle: (f - b) w + b, w the weight of its choices and b the baseline.
#[inline(always)]
pub(super) fn weighted<P: Program, S: Scalar, C: Chance<S>>(
    program: &P,
    theta: &ParametersOf<P, S>,
    chance: C,
    of_pilot: &OfPilot<ResultsOf<P>, f64>,
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
        let b = of_pilot.get(k);
        k += 1;
        (*f - b) * weight + b
    }))
}

/// Notes if a program has randomness without a score, or laws whose supports move: looked at in a few runs.
pub(super) fn note_what_scores_miss<P: Program, S: Scalar>(program: &P, theta: &ParametersOf<P, S>, notes: &mut Notes) {
    for run in 0..4 {
        let mut chance = ByScore::looking(Plain::<S, _>::new(Stream::new(run)));
        let _ = program.run(theta, &mut chance);
        notes.plain_noise |= chance.had_plain_noise();
        notes.moving_support |= chance.had_moving_support();
    }
}

/// The numbers of some moments, with such notes.
pub(super) fn noted<P: Program<Theta = [f64; N]>, S: Order<N>, const N: usize>(
    program: &P,
    theta: &[f64; N],
    moments: &Moments<ResultsOf<P>, S>,
) -> S::Estimate<ResultsOf<P>> {
    let mut notes = Notes::of_drawn(moments);
    note_what_scores_miss::<P, Jet<f64, N>>(program, &Jet::variables(*theta), &mut notes);
    S::noted(moments, 1, notes)
}

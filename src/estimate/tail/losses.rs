//! Two passes over the samples of a program: all in `f64`, and those that matter in jets.

use crate::estimate::components::{Component, Components};
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::{DEFAULT_SAMPLES, Seeds, finite_parameters, sealed::Sealed};
use crate::program::{Chance, ErrorOf, MOST_CHOICES, Outcome, Plain, Program, Scores, Stream, Watched};
use crate::scalar::Jet;
use alloc::vec::Vec;
use rand::Rng;

/// What is asked about the tail of a program's result: [`AtRisk`](super::AtRisk), [`Exceedance`](super::Exceedance).
/// Sealed.
pub trait Question: Sealed {
    /// The answer, for N parameters.
    type Estimate<const N: usize>;

    /// Where the tail begins and how wide the window around that is, from the sorted results of all samples.
    #[doc(hidden)]
    fn place<E>(&self, sorted: &[f64]) -> Result<Place, EstimateError<E>>;

    #[doc(hidden)]
    fn answer<E, const N: usize>(
        &self,
        place: &Place,
        sorted: &[f64],
        rows: &[Row<N>],
    ) -> Result<Self::Estimate<N>, EstimateError<E>>;
}

/// The edge of a tail.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub at: f64,
    /// Half of the width of the window.
    pub width: f64,
}

/// How much wider the window is that the bias is estimated with.
pub(super) const WIDER: f64 = 1.5;

/// How much larger a bias of order width⁴ is there, less 1.
pub(super) const GROWTH: f64 = WIDER * WIDER * WIDER * WIDER - 1.0;

/// What has squares that are doubles.
const SMALLEST: f64 = 1e-140;
const LARGEST: f64 = 1e140;

pub(super) fn square(x: f64) -> f64 {
    x * x
}

/// A sample in the tail or the window.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Row<const N: usize> {
    pub value: f64,
    /// The derivatives along the draws, and the scores of the choices.
    pub slope: [f64; N],
    pub score: [f64; N],
}

/// A question about the tail of a program's result, about to be answered: made by
/// [`value_at_risk`](super::value_at_risk) and [`exceedance`](super::exceedance).
#[must_use = "nothing is estimated until it is run"]
#[derive(Clone, Debug)]
pub struct Tail<Q, P, const N: usize> {
    pub(super) question: Q,
    theta: [f64; N],
    program: P,
    samples: u64,
    choices: u64,
}

/// What goes wrong in a program's tail.
type Failed<P> = EstimateError<ErrorOf<P>>;

impl<Q: Question, P: Program<Theta = [f64; N]>, const N: usize> Tail<Q, P, N>
where
    P::Output: Outcome<Values = f64>,
{
    pub(super) fn about(question: Q, theta: [f64; N], program: P) -> Self {
        Tail { question, theta, program, samples: DEFAULT_SAMPLES, choices: MOST_CHOICES }
    }

    /// The number of samples, [`DEFAULT_SAMPLES`] otherwise.
    pub fn samples(self, samples: u64) -> Self {
        Tail { samples, ..self }
    }

    /// The number of choices that a run may make: see [`Estimator::choices`](crate::estimate::Estimator::choices).
    pub fn choices(self, most: u64) -> Self {
        Tail { choices: most, ..self }
    }

    /// The estimate, with one number of `rng` as the seed.
    ///
    /// # Errors
    /// Those of [`Estimator::run`](crate::estimate::Estimator::run); also if there are too few samples beyond the edge
    /// or near it, if the result has a value of positive probability where a derivative of a quantile is asked for, or if
    /// squares of what is in the tail are no doubles.
    pub fn run<R: Rng + ?Sized>(self, rng: &mut R) -> Result<Q::Estimate<N>, Failed<P>> {
        self.run_seed(rng.next_u64())
    }

    /// The estimate with this seed.
    ///
    /// # Errors
    /// Those of [`Tail::run`].
    pub fn run_seed(self, seed: u64) -> Result<Q::Estimate<N>, Failed<P>> {
        let seeds = self.begin(seed)?;
        let values = (0..self.samples).map(|i| self.value(i, seeds)).collect::<Result<Vec<_>, _>>()?;
        let (place, sorted) = self.place(&values)?;
        let rows = values.iter().enumerate().filter(|(_, x)| place.is_near(**x));
        let rows = rows.map(|(i, x)| self.row(i as u64, *x, seeds)).collect::<Result<Vec<_>, _>>()?;
        self.question.answer(&place, &sorted, &rows)
    }

    /// The estimate on the threads of rayon's current pool: the same, bit for bit.
    ///
    /// # Errors
    /// Those of [`Tail::run`].
    #[cfg(feature = "rayon")]
    pub fn par_run<R: Rng + ?Sized>(self, rng: &mut R) -> Result<Q::Estimate<N>, Failed<P>>
    where
        Q: Sync,
        P: Sync,
        ErrorOf<P>: Send,
    {
        self.par_run_seed(rng.next_u64())
    }

    /// [`Tail::par_run`] with this seed.
    ///
    /// # Errors
    /// Those of [`Tail::run`].
    #[cfg(feature = "rayon")]
    pub fn par_run_seed(self, seed: u64) -> Result<Q::Estimate<N>, Failed<P>>
    where
        Q: Sync,
        P: Sync,
        ErrorOf<P>: Send,
    {
        use crate::estimate::estimator::BLOCK;
        use crate::estimate::threads;
        let seeds = self.begin(seed)?;
        // whole blocks to a thread; the first error is that of the lowest number
        let blocks = 0..self.samples.div_ceil(BLOCK);
        let of_values = |b: u64| -> Result<Vec<f64>, Failed<P>> {
            (b * BLOCK..self.samples.min((b + 1) * BLOCK)).map(|i| self.value(i, seeds)).collect()
        };
        let mut values = Vec::with_capacity(self.samples as usize);
        for block in threads::map(blocks.clone(), &of_values) {
            values.append(&mut block?);
        }
        let (place, sorted) = self.place(&values)?;
        let of_rows = |b: u64| -> Result<Vec<Row<N>>, Failed<P>> {
            let of_block = (b * BLOCK..).zip(values.iter().skip((b * BLOCK) as usize).take(BLOCK as usize));
            of_block.filter(|(_, x)| place.is_near(**x)).map(|(i, x)| self.row(i, *x, seeds)).collect()
        };
        let of_rows = threads::map(blocks, &of_rows);
        let mut rows = Vec::new();
        for block in of_rows {
            rows.append(&mut block?);
        }
        self.question.answer(&place, &sorted, &rows)
    }

    fn begin(&self, seed: u64) -> Result<Seeds, Failed<P>> {
        finite_parameters(&self.theta)?;
        if self.samples < 2 {
            return Err(EstimateError::TooFewSamples { samples: self.samples });
        }
        let mut seeds = Seeds::new(seed);
        seeds.limit = self.choices;
        Ok(seeds)
    }

    /// The edge of the tail, and all results in ascending order.
    fn place(&self, values: &[f64]) -> Result<(Place, Vec<f64>), Failed<P>> {
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let place = self.question.place(&sorted)?;
        let beyond = sorted.last().map_or(0.0, |last| last - place.at);
        for value in [place.width, beyond.max(place.width)] {
            if !(SMALLEST..=LARGEST).contains(&value) {
                let (name, range) = ("the spread of the results in the tail", "in [1e-140, 1e140]");
                return Err(EstimateError::Setting { name, range, value });
            }
        }
        Ok((place, sorted))
    }

    fn value(&self, sample: u64, seeds: Seeds) -> Result<f64, Failed<P>> {
        let mut chance = Plain::with_limit(Stream::at(seeds.of(sample)), seeds.limit);
        let result = P::Output::result(self.program.run::<f64, _>(&self.theta, &mut chance));
        let x = EstimateError::of_sample(sample, seeds.seed, Chance::<f64>::fault(&chance), result)?;
        if x.is_finite() { Ok(x) } else { Err(not_finite(sample, seeds, Component::Value)) }
    }

    fn row(&self, sample: u64, value: f64, seeds: Seeds) -> Result<Row<N>, Failed<P>> {
        let plain = Plain::with_limit(Stream::at(seeds.of(sample)), seeds.limit);
        let mut chance = Watched::new(plain, Scores::<Jet<f64, N>>::new());
        let result = P::Output::result(self.program.run(&Jet::variables(self.theta), &mut chance));
        let x = EstimateError::of_sample(sample, seeds.seed, Chance::<Jet<f64, N>>::fault(&chance), result)?;
        if let Some(choice) = chance.observer.blind() {
            return Err(EstimateError::EmptyCell { sample, seed: seeds.seed, choice });
        }
        let weight: Jet<f64, N> = chance.observer.weight();
        let both = [x, weight].into_iter().find(|x| !x.all_finite());
        if let Some(x) = both {
            return Err(not_finite(sample, seeds, x.first_not_finite()));
        }
        if x.re != value {
            return Err(EstimateError::NotRepeated { sample });
        }
        if x.eps.iter().chain(&weight.eps).any(|e| e.abs() > LARGEST) {
            return Err(EstimateError::Overflow);
        }
        Ok(Row { value, slope: x.eps, score: weight.eps })
    }
}

fn not_finite<E>(sample: u64, seeds: Seeds, component: Component) -> EstimateError<E> {
    EstimateError::NotFinite { sample, seed: seeds.seed, result: 0, component }
}

impl Place {
    /// Whether a sample's derivatives are needed.
    fn is_near(&self, x: f64) -> bool {
        x > self.at || self.at - x < WIDER * self.width
    }
}

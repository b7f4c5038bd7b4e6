//! The step of least mean squared error, from a pilot.

use super::super::{At, ByChoices};
use super::stencil::{FiniteDifference, OfValues, Richardson, SHARE, moved};
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::{Estimator, Seeds, finite_parameters};
use crate::program::{ErrorOf, Program, ResultsOf, Values};
use crate::scalar::math;
use rand::Rng;

/// How many steps are tried, each twice the one before.
const STEPS: usize = 5;

/// The place of the step that was given.
const GIVEN: usize = 2;

/// Weights of the differences at each of the steps.
type Weights = [f64; STEPS];

/// Sums over samples of the differences of one result at each of the steps, and of their products.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    count: f64,
    one: [f64; STEPS],
    products: [[f64; STEPS]; STEPS],
}

/// The mean squared errors of a derivative from n samples, for the first steps, none where they are not known.
type Errors = [Option<f64>; STEPS];

impl Sums {
    fn push(&mut self, differences: [f64; STEPS]) {
        self.count += 1.0;
        for (i, d) in differences.iter().enumerate() {
            self.one[i] += d;
            self.products[i].iter_mut().zip(differences).for_each(|(sum, e)| *sum += d * e);
        }
    }

    fn mean(&self, weights: Weights) -> f64 {
        self.one.iter().zip(weights).map(|(sum, w)| sum * w).sum::<f64>() / self.count
    }

    fn mean_square(&self, weights: Weights) -> f64 {
        let row = |row: &[f64; STEPS]| row.iter().zip(weights).map(|(sum, w)| sum * w).sum::<f64>();
        self.products.iter().zip(weights).map(|(products, w)| w * row(products)).sum::<f64>() / self.count
    }

    fn variance(&self, weights: Weights) -> f64 {
        (self.mean_square(weights) - math::powi(self.mean(weights), 2)).max(0.0)
    }

    /// With a bias of b h^p: b is the largest that two neighbouring steps show beyond their noise, or the two widest.
    fn errors(&self, n: f64, steps: [f64; STEPS], count: usize, is_corrected: bool) -> Errors {
        let unit = |j: usize| core::array::from_fn(|i| f64::from(u8::from(i == j)));
        let minus = |a: Weights, b: Weights, by: f64| -> Weights { core::array::from_fn(|i| (a[i] - b[i]) * by) };
        let correction = |j: usize| minus(unit(j), unit(j + 1), 1.0 / 3.0);
        let (count, power) = if is_corrected { (count - 1, 4) } else { (count, 2) };
        let weights = |j: usize| match is_corrected {
            true => minus(unit(j), correction(j).map(|c| -c), 1.0),
            false => unit(j),
        };
        let mut bias = 0.0f64;
        for j in 0..count - 1 {
            let b = minus(
                weights(j + 1),
                weights(j),
                1.0 / (math::powi(steps[j + 1], power) - math::powi(steps[j], power)),
            );
            let (size, error) = (self.mean(b).abs(), math::sqrt(self.variance(b) / self.count));
            if size > 3.0 * error || j + 2 == count {
                bias = bias.max(size);
            }
        }
        core::array::from_fn(|j| {
            (j < count).then(|| {
                // what is made in a share of the samples only
                let rare = if is_corrected { (1.0 / SHARE - 1.0) * self.mean_square(correction(j)) } else { 0.0 };
                (self.variance(weights(j)) + rare) / n + math::powi(bias * math::powi(steps[j], power), 2)
            })
        })
    }
}

/// The number of the step at which the errors of all results together, each in units of its least, are least; `None` if squares
/// overflow.
fn least(errors: impl Iterator<Item = Errors>) -> Option<usize> {
    let mut total = [0.0; STEPS];
    for errors in errors {
        let least = errors.iter().flatten().fold(f64::INFINITY, |least, e| if *e < least { *e } else { least });
        for (total, error) in total.iter_mut().zip(errors) {
            *total += match error {
                Some(error) if least > 0.0 => error / least,
                // a derivative without any error at some steps
                Some(error) => error,
                None => f64::INFINITY,
            };
        }
    }
    let best = (0..STEPS).fold(0, |best, j| if total[j] < total[best] { j } else { best });
    total[best].is_finite().then_some(best)
}

impl<const N: usize> FiniteDifference<OfValues, N> {
    /// The step for parameter i from this many samples, for an estimate from n.
    fn best_step<P: Program<Theta = [f64; N]>>(
        &self,
        program: &P,
        theta: &[f64; N],
        i: usize,
        (samples, n): (u64, u64),
        seeds: Seeds,
        is_corrected: bool,
    ) -> Result<f64, EstimateError<ErrorOf<P>>> {
        let steps: [f64; STEPS] = core::array::from_fn(|j| self.steps[i] * [0.25, 0.5, 1.0, 2.0, 4.0][j]);
        let mut count = STEPS;
        let mut sums: Option<<ResultsOf<P> as Values>::Of<Sums>> = None;
        for sample in 0..samples {
            let at = At::new(sample, seeds);
            let mut differences: Option<<ResultsOf<P> as Values>::Of<[f64; STEPS]>> = None;
            for j in 0..count {
                let (sides, width) = moved(theta, i, steps[j])?;
                let run = |side: usize| at.values(program, &sides[side], &[]);
                let (above, below) = match run(0).and_then(|above| Ok((above, run(1)?))) {
                    Ok(both) => both,
                    // too wide for the program: a probability above 1, say
                    Err(_) if j > GIVEN => {
                        count = j;
                        break;
                    }
                    Err(error) => return Err(error),
                };
                let mut d = above;
                at.both::<ResultsOf<P>, f64, f64, _>(&mut d, &below, |a, b| *a = (*a - b) / width)?;
                let all = differences.get_or_insert_with(|| ResultsOf::<P>::map(&d, |_: &f64| [0.0; STEPS]));
                at.both::<ResultsOf<P>, [f64; STEPS], f64, _>(all, &d, |all, d| all[j] = d)?;
            }
            let Some(differences) = differences else { continue };
            let sums =
                sums.get_or_insert_with(|| ResultsOf::<P>::map(&differences, |_: &[f64; STEPS]| Sums::default()));
            at.both::<ResultsOf<P>, Sums, [f64; STEPS], _>(sums, &differences, |sums, d| sums.push(d))?;
        }
        let Some(sums) = sums else { return Err(EstimateError::TooFewSamples { samples }) };
        let errors = ResultsOf::<P>::slice(&sums).iter();
        let errors = errors.map(|sums: &Sums| sums.errors(n as f64, steps, count, is_corrected));
        // what is left after the correction is underestimated where it matters: one step less
        let best = least(errors).ok_or(EstimateError::Overflow)?;
        Ok(steps[if is_corrected { best.saturating_sub(1) } else { best }])
    }

    fn pilot<P: Program<Theta = [f64; N]>, R: Rng + ?Sized>(
        &mut self,
        program: &P,
        theta: &[f64; N],
        (samples, n): (u64, u64),
        rng: &mut R,
        is_corrected: bool,
    ) -> Result<(), EstimateError<ErrorOf<P>>> {
        if samples < 2 {
            return Err(EstimateError::TooFewSamples { samples });
        }
        finite_parameters(theta)?;
        self.check_steps()?;
        let seeds = Seeds::new(rng.next_u64());
        for i in 0..N {
            self.steps[i] = self.best_step(program, theta, i, (samples, n), seeds, is_corrected)?;
        }
        Ok(())
    }
}

/// Pilots of the two kinds of differences.
macro_rules! pilot {
    ($type:ty, $is_corrected:literal, |$method:ident| $inner:expr) => {
        impl<P: Program<Theta = [f64; N]>, const N: usize> Estimator<ByChoices<$type, P, [f64; N]>> {
            /// Finds a step for each parameter: of five, from a quarter of the one that was given to four times as
            /// much, the one whose variance for the number of samples ([`Estimator::samples`], to be said before) and
            /// squared bias are least over some other samples. Wide steps that the program refuses, because a
            /// probability is above 1 say, are left out. A thousand samples are enough for most.
            ///
            /// # Errors
            /// Those of [`Estimator::run`].
            ///
            /// ```
            /// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
            /// use reparam::{estimate, prelude::*};
            /// let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
            /// let f = program!(|[p]: [S; 1], chance| -> S { S::from((chance.binomial(50, p) as f64).sqrt()) });
            /// let few = estimate::finite_difference([0.4], f, 0.05).samples(100).pilot(1000, &mut rng).unwrap();
            /// let many = estimate::finite_difference([0.4], f, 0.05).samples(1 << 20).pilot(1000, &mut rng).unwrap();
            /// assert!(many.chosen_steps()[0] < few.chosen_steps()[0]);
            /// ```
            pub fn pilot<R: Rng + ?Sized>(
                mut self,
                samples: u64,
                rng: &mut R,
            ) -> Result<Self, EstimateError<ErrorOf<P>>> {
                let n = self.whole_samples();
                let ByChoices { theta, program, method: $method } = &mut self.sampler;
                $inner.pilot(program, theta, (samples, n), rng, $is_corrected)?;
                Ok(self)
            }
        }
    };
}

pilot!(FiniteDifference<OfValues, N>, false, |method| method);
pilot!(Richardson<OfValues, N>, true, |method| method.0);

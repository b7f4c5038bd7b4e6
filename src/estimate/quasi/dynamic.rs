//! Quasi-random points at a number of parameters known at run time.

use super::{AtPoint, POINTS, Points, RANDOMIZATIONS, check_points, over_points, pilot};
use crate::distr::{Lent, Often};
use crate::estimate::chunks::{Chunk, constants, in_chunks};
use crate::estimate::components::Component;
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::{Estimator, Sampler, Seeds, sealed::Sealed};
use crate::estimate::flat::{self, FlatEstimate};
use crate::estimate::moments::Moments;
use crate::estimate::pilot::{OfPilot, weighted};
use crate::program::{ErrorOf, Latin, PointSet, Program, ResultsOf, Sobol, Strata};
use alloc::vec::Vec;

/// [`quasi`](super::quasi) at any number of parameters: at each point the program runs once for every chunk of eight.
///
/// * Needs, bias, variance, when: as [`quasi`](super::quasi).
/// * Cost: N/8 runs in jets a point, as [`pathwise_program_dyn`](crate::estimate::pathwise_program_dyn) a sample; the
///   quantile of each draw, and its derivatives in eight parameters, are computed in every one of them. The pilot is one
///   run a point, in `f64`.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// // E e^(θ·z) = e^(|θ|²/2), with the gradient θ e^(|θ|²/2)
/// let f = program!(|theta: &[S], chance| -> S {
///     theta.iter().fold(S::from(0.0), |sum, t| sum + *t * chance.normal()).exp()
/// });
/// let theta: Vec<f64> = (1..=12).map(|i| 0.3 / f64::from(i)).collect();
/// let e = estimate::quasi_dyn(&theta, f).run_seed(1).unwrap();
/// let plain = estimate::pathwise_program_dyn(&theta, f).samples(32 * 1024).run_seed(1).unwrap();
/// let exact = (0.5 * theta.iter().map(|t| t * t).sum::<f64>()).exp();
/// assert!((e.gradient[0] - theta[0] * exact).abs() < 5.0 * e.gradient_se[0]);
/// assert!(e.gradient_se[0] < 0.2 * plain.gradient_se[0]);
/// ```
pub fn quasi_dyn<P: Program<Theta = [f64]>>(theta: &[f64], program: P) -> Estimator<QuasiDyn<'_, P>> {
    on(theta, program, Sobol::new(0), POINTS)
}

/// [`latin_hypercube`](super::latin_hypercube) at any number of parameters.
///
/// * Needs, bias, variance, when: as [`latin_hypercube`](super::latin_hypercube).
/// * Cost: as [`quasi_dyn`].
///
/// ```
/// use reparam::{estimate, prelude::*};
/// // Σ e^(θ_i z_i): the derivative in θ_i is θ_i e^(θ_i²/2)
/// let f = program!(|theta: &[S], chance| -> S {
///     theta.iter().fold(S::from(0.0), |sum, t| sum + (*t * chance.normal()).exp())
/// });
/// let e = estimate::latin_hypercube_dyn(&[0.5; 20], f).points(256).run_seed(1).unwrap();
/// assert!((e.gradient[19] - 0.5 * 0.125f64.exp()).abs() < 5.0 * e.gradient_se[19]);
/// ```
pub fn latin_hypercube_dyn<P: Program<Theta = [f64]>>(theta: &[f64], program: P) -> Estimator<QuasiDyn<'_, P, Latin>> {
    on(theta, program, Latin::new(POINTS, 0), POINTS)
}

/// [`stratified`](super::stratified) at any number of parameters.
///
/// * Needs, bias, variance, when: as [`stratified`](super::stratified).
/// * Cost: as [`quasi_dyn`].
///
/// ```
/// use reparam::{estimate, prelude::*};
/// // one draw decides: E (Σ θ_i) e^z
/// let f = program!(|theta: &[S], chance| -> S {
///     let z = chance.normal();
///     theta.iter().fold(S::from(0.0), |sum, t| sum + *t) * z.exp()
/// });
/// let e = estimate::stratified_dyn(&[0.5; 20], f, [256]).run_seed(1).unwrap();
/// assert!((e.gradient[19] - 0.5f64.exp()).abs() < 5.0 * e.gradient_se[19]);
/// ```
pub fn stratified_dyn<P: Program<Theta = [f64]>, const K: usize>(
    theta: &[f64],
    program: P,
    cells: [u32; K],
) -> Estimator<QuasiDyn<'_, P, Strata<K>>> {
    let strata = Strata::new(cells, 0);
    let count = strata.count();
    on(theta, program, strata, count)
}

fn on<P, Q>(theta: &[f64], program: P, set: Q, points: u64) -> Estimator<QuasiDyn<'_, P, Q>>
where
    P: Program<Theta = [f64]>,
    Q: PointSet + Clone,
{
    let (baseline, laws) = (OfPilot::NONE, Often::default());
    Estimator::new(QuasiDyn { theta, program, set, points, baseline, laws }).samples(RANDOMIZATIONS)
}

/// A program on quasi-random points at any number of parameters: see [`quasi_dyn`].
#[derive(Clone)]
pub struct QuasiDyn<'a, P: Program, Q = Sobol> {
    theta: &'a [f64],
    program: P,
    set: Q,
    points: u64,
    /// Results of a pilot, which scores are relative to.
    baseline: OfPilot<ResultsOf<P>, f64>,
    /// Tables of the laws that the pilot drew often.
    laws: Often,
}

impl<P: Program<Theta = [f64]>> Estimator<QuasiDyn<'_, P>> {
    /// The number of points of a randomization, 1024 otherwise: rounded up to a power of two, for which they are even.
    pub fn points(mut self, points: u64) -> Self {
        self.sampler.points = points.clamp(1, 1 << 32).next_power_of_two();
        self
    }
}

impl<P: Program<Theta = [f64]>> Estimator<QuasiDyn<'_, P, Latin>> {
    /// The number of points of a randomization, 1024 otherwise, at most [`Latin::MOST_POINTS`].
    pub fn points(mut self, points: u64) -> Self {
        self.sampler.points = points.clamp(1, Latin::MOST_POINTS);
        self.sampler.set = Latin::new(self.sampler.points, 0);
        self
    }
}

impl<P: Program, Q> Sealed for QuasiDyn<'_, P, Q> {}

impl<P: Program<Theta = [f64]>, Q: PointSet + Clone> Sampler for QuasiDyn<'_, P, Q> {
    type Values = Vec<f64>;
    type Number = f64;
    type Error = ErrorOf<P>;
    type Estimate = FlatEstimate<ResultsOf<P>>;
    /// The points, and the parameters as jets.
    type State = (Points<Q>, Vec<Chunk>);

    fn parameters(&self) -> &[f64] {
        self.theta
    }

    fn check(&self) -> Result<(), EstimateError<ErrorOf<P>>> {
        check_points(self.points)
    }

    /// One randomization a block: they are long.
    fn block(&self) -> u64 {
        1
    }

    fn learn(&mut self, _: u64, seeds: Seeds) -> Result<(), EstimateError<ErrorOf<P>>> {
        (self.baseline, self.laws) = pilot(&self.program, self.theta, self.points, seeds)?;
        Ok(())
    }

    fn start(&self, _: u64, _: Seeds) -> Self::State {
        (Points(self.set.clone()), constants(self.theta))
    }

    fn batch_mean(
        &self,
        (Points(set), jets): &mut Self::State,
        sample: u64,
        seeds: Seeds,
    ) -> Result<Vec<f64>, EstimateError<ErrorOf<P>>> {
        let part = |at: &mut AtPoint<'_, Q>| {
            let row = in_chunks::<ResultsOf<P>, _>(jets, sample, |theta| {
                weighted::<P, Chunk, _>(&self.program, theta, at.handle(), &self.baseline, sample, seeds.seed)
            });
            row.map(|row| row.numbers)
        };
        let of = (self.points, 1 + self.theta.len());
        let mut sum = over_points::<_, Vec<f64>, f64, _>(set, of, Lent::Known(&self.laws, 0), (sample, seeds), part)?;
        sum.iter_mut().for_each(|x| *x /= self.points as f64);
        Ok(sum)
    }

    fn locate(&self, k: usize, _: Component) -> (usize, Component) {
        flat::locate(k, self.theta.len())
    }

    fn estimate(&self, moments: &Moments<Vec<f64>, f64>) -> Self::Estimate {
        flat::of_drawn::<ResultsOf<P>>(moments, self.theta.len(), self.points)
    }
}

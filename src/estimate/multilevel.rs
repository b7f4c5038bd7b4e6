//! Multilevel Monte Carlo.

use super::difference::{Difference, of};
use super::error::EstimateError;
use super::estimator::{Estimator, Seeds, finite_parameters};
use super::notes::Notes;
use super::report::Estimate;
use crate::program::{ErrorOf, Outcome, Program};
use crate::scalar::math;
use alloc::vec::Vec;
use core::array;
use core::fmt;
use rand::Rng;

/// The value and gradient of the limit of a program that is finer at every level, to a precision: E f₀ + Σ E\[f_l -
/// f_(l-1)\], with as many samples of each difference as its variance and cost call for.
///
/// `levels(l)` is the program of level l, twice as fine as that of l - 1. Both run on the same random numbers at the
/// same places: [`Chance::brownian`](crate::program::Chance::brownian) on an even grid of 2^l times begins with the
/// numbers of the grid of 2^(l-1) times, so that paths are those of one Brownian motion; put what else is drawn into a
/// [`scope`](crate::program::Chance::scope), or before it.
///
/// * Needs: differences whose variances fall with the level; a mean that converges.
/// * Bias: that of the finest level, estimated from how the last differences fall and reported
///   ([`MultilevelEstimate::bias`]). Levels are added until it is below `precision`/√2, or up to
///   [`Multilevel::most_levels`]; what is reported then may be above.
/// * Variance: precision²/2 for the value; that of the gradient comes as it comes, with its standard errors.
/// * Cost: of the order of precision⁻² if variances fall faster than costs grow (Milstein steps, smooth results),
///   precision⁻² ln² if as fast (Euler steps), against precision⁻³ for samples of the finest level alone.
/// * When: discretized paths, fields on grids, nested expectations.
///
/// Source: Giles 2008; Giles 2015, algorithm 1.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// // Milstein's scheme for a geometric Brownian motion: E x = e^rate, E x² = e^(2 rate + vol²)
/// let square = |level: u32| program!(|[rate, vol]: [S; 2], chance| using (level: u32) -> S {
///     let n = 1 << level;
///     let times: Vec<f64> = (1..=n).map(|k| k as f64 / n as f64).collect();
///     let (mut path, mut before, mut x) = (vec![0.0; n], 0.0, S::from(1.0));
///     chance.brownian(&times, &mut path);
///     for w in path {
///         let (dw, dt) = (w - before, 1.0 / n as f64);
///         x *= rate * dt + vol * dw + vol * vol * (0.5 * (dw * dw - dt)) + 1.0;
///         before = w;
///     }
///     x * x
/// });
/// let e = estimate::multilevel([0.1, 0.3], 0.01, square).run_seed(1).unwrap();
/// let exact = (0.2f64 + 0.09).exp();
/// assert!((e.estimate.value - exact).abs() < 0.03);
/// assert!((e.estimate.gradient[1] - 0.6 * exact).abs() < 0.1);
/// println!("{e}");
/// ```
pub fn multilevel<F, P, const N: usize>(theta: [f64; N], precision: f64, levels: F) -> Multilevel<F, N>
where
    F: Fn(u32) -> P,
    P: Program<Theta = [f64; N]>,
    P::Output: Outcome<Values = f64>,
{
    Multilevel { theta, precision, levels, pilot: 256, most_levels: 16, growth: 2.0 }
}

/// A multilevel estimate about to be run: see [`multilevel`].
#[must_use = "nothing is estimated until it is run"]
#[derive(Clone, Debug)]
pub struct Multilevel<F, const N: usize> {
    theta: [f64; N],
    precision: f64,
    levels: F,
    pilot: u64,
    most_levels: u32,
    growth: f64,
}

/// A level of a multilevel estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Level {
    /// The number of samples.
    pub samples: u64,
    /// The mean of the difference to the level below; of the program itself at level 0.
    pub mean: f64,
    /// The variance of one sample of it.
    pub variance: f64,
    /// The cost of one sample, that of level 0 being 1.
    pub cost: f64,
}

/// A multilevel estimate, and how it came about.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MultilevelEstimate<const N: usize> {
    /// The estimate, with the standard errors that samples leave. Its samples are those of all levels, its observations
    /// those of the level with the fewest.
    pub estimate: Estimate<[f64; N]>,
    /// The size of the value's bias at the finest level, estimated.
    pub bias: f64,
    /// That of the derivatives.
    pub gradient_bias: [f64; N],
    /// The levels, from the coarsest.
    pub levels: Vec<Level>,
    /// Whether the bias of the value is below precision/√2.
    pub converged: bool,
}

/// The estimate of one level.
type OfLevel<const N: usize> = Estimate<[f64; N]>;

/// A level, about to be run.
type Run<P, const N: usize> = Estimator<Difference<P, P, N>>;

/// What is estimated, or why it is not.
type Estimated<P, T> = Result<T, EstimateError<ErrorOf<P>>>;

impl<F, P, const N: usize> Multilevel<F, N>
where
    F: Fn(u32) -> P,
    P: Program<Theta = [f64; N]>,
    P::Output: Outcome<Values = f64>,
{
    /// The fewest samples of a level, from which variances are learned: 256 otherwise.
    pub fn pilot(self, samples: u64) -> Self {
        Multilevel { pilot: samples, ..self }
    }

    /// The largest number of levels, 16 otherwise; at least 3.
    pub fn most_levels(self, levels: u32) -> Self {
        Multilevel { most_levels: levels.clamp(3, 64), ..self }
    }

    /// By how much a run costs more at the next level: 2 otherwise, for one dimension in which things are refined.
    pub fn growth(self, factor: f64) -> Self {
        Multilevel { growth: factor, ..self }
    }

    /// The estimate, with one number of `rng` as the seed.
    ///
    /// # Errors
    /// Those of [`Estimator::run`], and settings out of range.
    pub fn run<R: Rng + ?Sized>(self, rng: &mut R) -> Estimated<P, MultilevelEstimate<N>> {
        self.run_seed(rng.next_u64())
    }

    /// The estimate with this seed.
    ///
    /// # Errors
    /// Those of [`Multilevel::run`].
    pub fn run_seed(self, seed: u64) -> Estimated<P, MultilevelEstimate<N>> {
        self.by(seed, |level, seed| level.run_seed(seed))
    }

    /// The same on the threads of rayon's current pool, bit for bit.
    ///
    /// # Errors
    /// Those of [`Multilevel::run`].
    #[cfg(feature = "rayon")]
    pub fn par_run_seed(self, seed: u64) -> Estimated<P, MultilevelEstimate<N>>
    where
        P: Sync,
        ErrorOf<P>: Send,
    {
        self.by(seed, |level, seed| level.par_run_seed(seed))
    }

    fn by(
        &self,
        seed: u64,
        run: impl Fn(Run<P, N>, u64) -> Estimated<P, OfLevel<N>>,
    ) -> Estimated<P, MultilevelEstimate<N>> {
        self.check()?;
        let seeds = Seeds::new(seed);
        let pilot = self.pilot.max(2);
        let level = |l: u32, samples: u64| {
            let below = l.checked_sub(1).map(&self.levels);
            run(of((self.levels)(l), below, [self.theta; 2]).samples(samples), seeds.of(u64::from(l)))
        };
        let mut all: Vec<OfLevel<N>> = (0..3).map(|l| level(l, pilot)).collect::<Result<_, _>>()?;
        loop {
            // as many samples as each needs, until no level needs more
            loop {
                let needed = self.allocation(&all);
                let more = |(e, n): &(&OfLevel<N>, u64)| *n as f64 > 1.01 * e.samples as f64;
                let short: Vec<(u32, u64)> = (0..)
                    .zip(all.iter().zip(needed))
                    .filter(|(_, pair)| more(pair))
                    .map(|(l, (_, n))| (l, n))
                    .collect();
                if short.is_empty() {
                    break;
                }
                for (l, samples) in short {
                    all[l as usize] = level(l, samples)?;
                }
            }
            let bias = remaining(&all, |e| e.value);
            let converged = bias < self.precision * core::f64::consts::FRAC_1_SQRT_2;
            if converged || all.len() as u32 >= self.most_levels {
                return Ok(self.report(&all, bias, converged));
            }
            let l = all.len() as u32;
            all.push(level(l, pilot)?);
        }
    }

    fn check(&self) -> Result<(), EstimateError<ErrorOf<P>>> {
        finite_parameters(&self.theta)?;
        let refused = |name, range, value| Err(EstimateError::Setting { name, range, value });
        if !(self.precision > 0.0 && self.precision.is_finite()) {
            return refused("the precision", "positive and finite", self.precision);
        }
        if !(self.growth >= 1.0 && self.growth.is_finite()) {
            return refused("the growth of costs", "at least 1 and finite", self.growth);
        }
        Ok(())
    }

    /// The cost of a sample of a level, with the level below it.
    fn cost(&self, l: usize) -> f64 {
        let growth = |l: usize| (0..l).fold(1.0, |cost, _| cost * self.growth);
        if l == 0 { 1.0 } else { growth(l) + growth(l - 1) }
    }

    /// The numbers of samples of least cost for a variance of precision²/2.
    fn allocation(&self, all: &[OfLevel<N>]) -> Vec<u64> {
        let variances: Vec<f64> = all.iter().map(variance).collect();
        let sum: f64 = variances.iter().enumerate().map(|(l, v)| math::sqrt(v * self.cost(l))).sum();
        let scale = 2.0 * sum / (self.precision * self.precision);
        let samples = |(l, v): (usize, &f64)| math::floor(scale * math::sqrt(v / self.cost(l))) as u64 + 1;
        variances.iter().enumerate().map(samples).collect()
    }

    fn report(&self, all: &[OfLevel<N>], bias: f64, converged: bool) -> MultilevelEstimate<N> {
        let root = |part: &dyn Fn(&OfLevel<N>) -> f64| math::sqrt(all.iter().map(|e| part(e) * part(e)).sum());
        let level = |(l, e): (usize, &OfLevel<N>)| Level {
            samples: e.samples,
            mean: e.value,
            variance: variance(e),
            cost: self.cost(l),
        };
        let estimate = Estimate {
            samples: all.iter().map(|e| e.samples).sum(),
            observations: all.iter().map(|e| e.observations).min().unwrap_or(0),
            value: all.iter().map(|e| e.value).sum(),
            value_se: root(&|e| e.value_se),
            gradient: array::from_fn(|i| all.iter().map(|e| e.gradient[i]).sum()),
            gradient_se: array::from_fn(|i| root(&|e| e.gradient_se[i])),
            notes: Notes::default(),
        };
        MultilevelEstimate {
            estimate,
            bias,
            gradient_bias: array::from_fn(|i| remaining(all, |e| e.gradient[i])),
            levels: all.iter().enumerate().map(level).collect(),
            converged,
        }
    }
}

/// That of one sample.
fn variance<const N: usize>(e: &OfLevel<N>) -> f64 {
    e.value_se * e.value_se * e.observations as f64
}

/// The sum of all differences beyond the finest level, if they go on to fall by the factor that they fall by: at least
/// √2 (Giles 2008: the largest that the last three say).
fn remaining<const N: usize>(all: &[OfLevel<N>], number: impl Fn(&OfLevel<N>) -> f64) -> f64 {
    let sizes: Vec<f64> = all.iter().skip(1).map(|e| number(e).abs()).collect();
    // the slope of log2 of the differences, by least squares
    let points: Vec<(f64, f64)> =
        sizes.iter().enumerate().filter(|(_, x)| **x > 0.0).map(|(l, x)| (l as f64, math::ln(*x))).collect();
    let n = points.len() as f64;
    let mean = |f: &dyn Fn(&(f64, f64)) -> f64| points.iter().map(f).sum::<f64>() / n;
    let (x, y) = (mean(&|p| p.0), mean(&|p| p.1));
    let slope = mean(&|p| (p.0 - x) * (p.1 - y)) / mean(&|p| (p.0 - x) * (p.0 - x));
    let rate = if slope.is_finite() { -slope / core::f64::consts::LN_2 } else { 1.0 };
    let factor = math::exp(rate.clamp(0.5, 4.0) * core::f64::consts::LN_2);
    let last = sizes.iter().rev().take(3).fold((0.0f64, 1.0), |(most, f), x| (most.max(x / f), f * factor)).0;
    last / (factor - 1.0)
}

impl<const N: usize> MultilevelEstimate<N> {
    /// The cost of all samples, in samples of level 0.
    pub fn cost(&self) -> f64 {
        self.levels.iter().map(|l| l.samples as f64 * l.cost).sum()
    }
}

impl<const N: usize> fmt::Display for MultilevelEstimate<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\nbias at the finest level, estimated: {:.1e}; of the derivatives:", self.estimate, self.bias)?;
        for b in self.gradient_bias {
            write!(f, " {b:.1e}")?;
        }
        if !self.converged {
            f.write_str("\nnote: the bias is not below the precision: allow more levels, or ask for less")?;
        }
        write!(f, "\nlevel   samples        mean    variance   cost")?;
        for (l, level) in self.levels.iter().enumerate() {
            write!(f, "\n{l:5} {:9} {:11.3e} {:11.3e} {:6}", level.samples, level.mean, level.variance, level.cost)?;
        }
        Ok(())
    }
}

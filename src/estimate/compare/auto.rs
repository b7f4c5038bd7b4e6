//! The best estimator, or two of them together, found by a pilot.

use super::rows::made;
use super::{Compared, Comparison, Kind, PILOT, compare, contest};
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::DEFAULT_SAMPLES;
use crate::estimate::report::Estimate;
use crate::noise::GOLDEN;
use crate::program::{ErrorOf, Outcome, Program};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

/// The value and gradient of a program by the estimator with the least variance times time, or by two that complement
/// each other, found by a pilot; an alarm if the gradient is wrong.
///
/// * Needs: what [`compare`] needs.
/// * Bias: none; weights of two estimators come from the pilot, whose samples are not used otherwise.
/// * Variance, cost: those of the best estimator in the pilot, and the pilot's own: [`PILOT`] samples of each, and plain
///   runs. Where several may be the best, the pilot goes on with these, on up to a fourth of the run's samples, and for
///   quasi-random points on half the randomizations of as many points as the run will have, as what more of them gain
///   is hard to foresee. Two whose prices the pilot cannot tell apart share the time. On fifteen programs the
///   worst of five pilots took what costs 1.06 times the best estimator (`cargo bench --bench auto`).
/// * When: a run long enough for a pilot to be nothing, of a program that nobody has looked at.
///
/// ```
/// use reparam::estimate;
/// use reparam::prelude::*;
/// let walk = program!(|[p]: [S; 1], chance| -> S {
///     S::from((0..50).filter(|_| chance.bernoulli(p)).count() as f64)
/// });
/// let found = estimate::auto([0.3], walk).samples(20_000).run_seed(1).unwrap();
/// // what is linear in the counts has no variance by the best estimator: rounding is left
/// assert!((found.estimate.gradient[0] - 50.0).abs() < 5.0 * found.estimate.gradient_se[0] + 1e-9);
///
/// // a detached number
/// let wrong = program!(|[x]: [S; 1], chance| -> S { x * chance.normal() + x.re() * x.re() });
/// let alarm = estimate::auto([0.3], wrong).run_seed(1).unwrap_err();
/// assert!(alarm.to_string().contains("WRONG in θ[0]"));
/// ```
pub fn auto<P, const N: usize>(theta: [f64; N], program: P) -> Auto<P, N>
where
    P: Program<Theta = [f64; N]> + Clone,
    P::Output: Outcome<Values = f64>,
{
    Auto { theta, program, samples: DEFAULT_SAMPLES, pilot: PILOT }
}

/// An estimate about to be run by the best estimator: see [`auto`].
#[must_use = "nothing is estimated until it is run"]
#[derive(Clone, Debug)]
pub struct Auto<P, const N: usize> {
    theta: [f64; N],
    program: P,
    samples: u64,
    pilot: u64,
}

/// An estimate by [`auto`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AutoEstimate<const N: usize, E> {
    /// The estimate. Of two estimators it has the samples of both.
    pub estimate: Estimate<[f64; N]>,
    /// What was run, and its share of the time.
    pub by: Vec<(Kind, f64)>,
    /// The pilot.
    pub comparison: Comparison<N, E>,
}

/// Why there is no estimate.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum AutoError<const N: usize, E> {
    /// An estimator's own error.
    Estimate(EstimateError<E>),
    /// The pilot found that no gradient is right.
    Alarm(Box<Comparison<N, E>>),
}

impl<const N: usize, E: fmt::Display> fmt::Display for AutoError<N, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AutoError::Estimate(e) => e.fmt(f),
            AutoError::Alarm(comparison) => comparison.fmt(f),
        }
    }
}

impl<const N: usize, E: fmt::Display + fmt::Debug> core::error::Error for AutoError<N, E> {}

impl<const N: usize, E> From<EstimateError<E>> for AutoError<N, E> {
    fn from(e: EstimateError<E>) -> Self {
        AutoError::Estimate(e)
    }
}

/// Two estimators are taken if they cost at most this much of the better one alone.
const WORTH: f64 = 0.9;

/// And where the second costs less than this much of the best, half of the time each: a pilot may have them in the wrong order, and both
/// together cost what lies between. Half as many quasi-random points would lose more.
const CLOSE: f64 = 1.1;

impl<P, const N: usize> Auto<P, N>
where
    P: Program<Theta = [f64; N]> + Clone,
    P::Output: Outcome<Values = f64>,
{
    /// About the number of samples, [`DEFAULT_SAMPLES`] otherwise.
    pub fn samples(self, samples: u64) -> Self {
        Auto { samples, ..self }
    }

    /// The samples of each estimator in the pilot, [`PILOT`] otherwise.
    pub fn pilot(self, pilot: u64) -> Self {
        Auto { pilot, ..self }
    }

    /// The estimate. Which estimator is taken depends on times, so on the machine: the same seed may give another
    /// estimate elsewhere.
    ///
    /// # Errors
    /// [`AutoError::Alarm`] if no estimator is right in all derivatives, else those of the estimator.
    pub fn run_seed(self, seed: u64) -> Result<AutoEstimate<N, ErrorOf<P>>, AutoError<N, ErrorOf<P>>> {
        if self.samples < 2 {
            return Err(EstimateError::TooFewSamples { samples: self.samples }.into());
        }
        let mut comparison = compare(self.theta, self.program.clone()).samples(self.pilot).run_seed(!seed)?;
        contest::go_on(&mut comparison, self.theta, &self.program, self.samples, !seed);
        let Some(plan) = Plan::of(&comparison, self.samples) else {
            return Err(AutoError::Alarm(Box::new(comparison)));
        };
        let mut parts = Vec::new();
        for ((kind, share), k) in plan.by.iter().zip(0u64..) {
            let samples = ((self.samples as f64 * share) as u64).max(64);
            // two estimators must not share random numbers
            let seed = seed.wrapping_add(k.wrapping_mul(GOLDEN));
            parts.push(made(*kind, self.theta, &self.program, samples, seed).0?);
        }
        let estimate = match parts.as_slice() {
            [a, b] => plan.combined(a, b),
            _ => parts.swap_remove(0),
        };
        Ok(AutoEstimate { estimate, by: plan.by, comparison })
    }
}

/// What is run: one estimator or two with their shares of the time, and the share of the first in the weights.
struct Plan<const N: usize> {
    by: Vec<(Kind, f64)>,
    weights: [f64; N],
}

impl<const N: usize> Plan<N> {
    /// For so many samples.
    fn of<E>(comparison: &Comparison<N, E>, samples: u64) -> Option<Self> {
        let best = comparison.best_by(|row| row.prices_for(samples))?;
        let price = |prices: [f64; N]| prices.iter().map(|p| p.ln()).sum::<f64>() / N.max(1) as f64;
        let alone = comparison.row(best)?.prices_for(samples);
        let mut plan = Plan { by: alloc::vec![(best, 1.0)], weights: [1.0; N] };
        let mut least = price(alone) + WORTH.ln();
        for (i, a) in comparison.usable().enumerate() {
            for b in comparison.usable().skip(i + 1) {
                for share in [0.1, 0.25, 0.5, 0.75, 0.9] {
                    let (pa, pb) = (a.prices_for(samples), b.prices_for(samples));
                    // precision adds up
                    let precision = |k: usize| (share / pa[k], (1.0 - share) / pb[k]);
                    let both = core::array::from_fn(|k| 1.0 / (precision(k).0 + precision(k).1));
                    if price(both) < least {
                        least = price(both);
                        let weights = core::array::from_fn(|k| precision(k).0 * both[k]);
                        plan = Plan { by: alloc::vec![(a.kind, share), (b.kind, 1.0 - share)], weights };
                    }
                }
            }
        }
        if plan.by.len() == 1 && best != Kind::Quasi {
            let others = comparison.usable().filter(|row| row.kind != best && row.kind != Kind::Quasi);
            let ln_price = |row: &Compared<N, E>| price(row.prices_for(samples));
            let second = others.min_by(|a, b| ln_price(a).total_cmp(&ln_price(b)));
            if let Some(second) = second.filter(|row| ln_price(row) < price(alone) + CLOSE.ln()) {
                let other = second.prices_for(samples);
                let weights = core::array::from_fn(|k| other[k] / (alone[k] + other[k]));
                plan = Plan { by: alloc::vec![(best, 0.5), (second.kind, 0.5)], weights };
            }
        }
        Some(plan)
    }

    /// Both estimates with the pilot's weights; values by those of the derivatives on average.
    fn combined(&self, a: &Estimate<[f64; N]>, b: &Estimate<[f64; N]>) -> Estimate<[f64; N]> {
        let mean = self.weights.iter().sum::<f64>() / N as f64;
        let add = |w: f64, a: f64, b: f64| w * a + (1.0 - w) * b;
        let error = |w: f64, a: f64, b: f64| (w * a).hypot((1.0 - w) * b);
        let each = |f: fn(f64, f64, f64) -> f64, a: &[f64; N], b: &[f64; N]| {
            core::array::from_fn(|k| f(self.weights[k], a[k], b[k]))
        };
        let (gradient, gradient_se) =
            (each(add, &a.gradient, &b.gradient), each(error, &a.gradient_se, &b.gradient_se));
        Estimate {
            samples: a.samples + b.samples,
            observations: a.observations.min(b.observations),
            value: add(mean, a.value, b.value),
            value_se: error(mean, a.value_se, b.value_se),
            gradient,
            gradient_se,
            notes: if mean < 0.5 { b.notes } else { a.notes },
        }
    }
}

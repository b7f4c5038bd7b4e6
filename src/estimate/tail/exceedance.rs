//! Probabilities of large results, and what is expected beyond a threshold.

use super::at_risk::width;
use super::losses::{GROWTH, Place, Question, Row, Tail, WIDER, square};
use super::window::of_order_4;
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::sealed::Sealed;
use crate::estimate::notes::Notes;
use crate::estimate::report::Estimate;
use crate::program::{Outcome, Program};
use crate::scalar::math;
use core::array;
use core::fmt;

/// P(L > c) of a program's result L at a threshold c, and E\[(L - c)⁺\], each with its gradient.
///
/// The probability's is f(c) E\[L' | L = c\] + E\[s; L > c\], with L' the derivatives along the draws, s the scores of
/// the choices and f the density of L; that of the excess is E\[L' + (L - c) s; L > c\].
///
/// * Needs: a program as for [`score`](crate::estimate::score), whose result has a density near c, or does not move
///   along its draws. Ten samples on both sides of c.
/// * Bias: none of both values and of the excess's gradient. The first part of the probability's gradient is a sum over
///   a window around c with a kernel of order 4: of order h⁴, h the width, which shrinks as the seventh root of the
///   smaller number of samples beyond or below c. What a wider window says of it is printed
///   ([`ExceedanceEstimate::gradient_bias`]).
/// * Variance: of the probability's gradient as 1/(n h).
/// * Cost: n runs in `f64`, and one in jets for each sample beyond c or near it.
/// * When: whatever else there is needs a change to the program: summing out the last draw by its law's `sf`, which has by
///   far the least variance, [`Chance::threshold`](crate::program::Chance::threshold), which makes its decision a choice,
///   and [`likelihood_ratio`](crate::estimate::likelihood_ratio), which takes draws by their scores. They have no bias.
///
/// Source: Glasserman 2003, *Monte Carlo Methods in Financial Engineering*, §7; Liu & Hong 2011 (kernels).
///
/// ```
/// use reparam::{estimate, prelude::*};
/// // P(m + s z > 2) and E(m + s z - 2)⁺ at m = 1, s = 2
/// let loss = program!(|[m, s]: [S; 2], chance| -> S { m + s * chance.normal() });
/// let e = estimate::exceedance([1.0, 2.0], 2.0, loss).samples(20_000).run_seed(1).unwrap();
/// assert!((e.probability.value - 0.3085375387259869).abs() < 5.0 * e.probability.value_se);
/// // φ(1/2)/2
/// assert!((e.probability.gradient[0] - 0.17603266338214976).abs() < 5.0 * e.probability.gradient_se[0]);
/// assert!((e.excess.gradient[0] - 0.3085375387259869).abs() < 5.0 * e.excess.gradient_se[0]);
/// ```
pub fn exceedance<P, const N: usize>(theta: [f64; N], threshold: f64, program: P) -> Tail<Exceedance, P, N>
where
    P: Program<Theta = [f64; N]>,
    P::Output: Outcome<Values = f64>,
{
    Tail::about(Exceedance { threshold }, theta, program)
}

/// The question of [`exceedance`].
#[derive(Clone, Copy, Debug)]
pub struct Exceedance {
    threshold: f64,
}

/// A probability of large results and their expected excess: made by [`exceedance`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ExceedanceEstimate<const N: usize> {
    /// The threshold c.
    pub threshold: f64,
    /// P(L > c), with its gradient. Its observations are the samples beyond c, or below it where those are fewer.
    pub probability: Estimate<[f64; N]>,
    /// E\[(L - c)⁺\], with its gradient.
    pub excess: Estimate<[f64; N]>,
    /// Half of the width of the window that the probability's gradient comes from.
    pub width: f64,
    /// An estimate of the bias of the probability's gradient; its own error is about a sixth of the gradient's.
    pub gradient_bias: [f64; N],
}

/// The least number of samples on either side.
const FEWEST: usize = 10;

impl Sealed for Exceedance {}

impl Question for Exceedance {
    type Estimate<const N: usize> = ExceedanceEstimate<N>;

    fn place<E>(&self, sorted: &[f64]) -> Result<Place, EstimateError<E>> {
        let c = self.threshold;
        if !c.is_finite() {
            return Err(EstimateError::Setting { name: "the threshold", range: "finite", value: c });
        }
        let (below, beyond) = sorted.split_at(sorted.partition_point(|x| *x <= c));
        let smaller = below.len().min(beyond.len());
        if smaller < FEWEST {
            return Err(EstimateError::FewBeyond { beyond: smaller as u64, needed: FEWEST as u64 });
        }
        let side = if beyond.len() <= below.len() { beyond } else { below };
        let scale = side.iter().map(|x| (x - c).abs()).sum::<f64>() / side.len() as f64;
        if !scale.is_finite() {
            return Err(EstimateError::Overflow);
        }
        Ok(Place { at: c, width: width(scale, smaller as f64) })
    }

    fn answer<E, const N: usize>(
        &self,
        place: &Place,
        sorted: &[f64],
        rows: &[Row<N>],
    ) -> Result<ExceedanceEstimate<N>, EstimateError<E>> {
        let (n, c) = (sorted.len() as f64, self.threshold);
        let beyond = rows.iter().filter(|row| row.value > c);
        let count = beyond.clone().count();
        let observations = count.min(sorted.len() - count) as u64;
        let p = count as f64 / n;
        // of what is 0 in samples that are not among these
        let mean = |part: &dyn Fn(&Row<N>) -> f64| {
            let sum: f64 = rows.iter().map(part).sum();
            let squares: f64 = rows.iter().map(|row| square(part(row))).sum();
            let mean = sum / n;
            (mean, math::sqrt(((squares / n - mean * mean) / (n - 1.0)).max(0.0)))
        };
        let is_beyond = |row: &Row<N>| f64::from(u8::from(row.value > c));
        let of_density = |row: &Row<N>, i: usize, width: f64| {
            let slope = row.slope[i];
            if slope == 0.0 { 0.0 } else { slope * of_order_4((row.value - c) / width) / width }
        };
        let of_probability =
            |i: usize, width: f64| mean(&|row: &Row<N>| of_density(row, i, width) + is_beyond(row) * row.score[i]);
        let moved: [(f64, f64); N] = array::from_fn(|i| of_probability(i, place.width));
        let gradient_bias = array::from_fn(|i| (of_probability(i, WIDER * place.width).0 - moved[i].0) / GROWTH);
        let probability = Estimate {
            samples: sorted.len() as u64,
            observations,
            value: p,
            value_se: math::sqrt(p * (1.0 - p) / (n - 1.0)),
            gradient: moved.map(|x| x.0),
            gradient_se: moved.map(|x| x.1),
            notes: Notes::default(),
        };
        let excess = mean(&|row: &Row<N>| (row.value - c).max(0.0));
        let excess_moved: [(f64, f64); N] =
            array::from_fn(|i| mean(&|row: &Row<N>| is_beyond(row) * (row.slope[i] + (row.value - c) * row.score[i])));
        let excess = Estimate {
            value: excess.0,
            value_se: excess.1,
            gradient: excess_moved.map(|x| x.0),
            gradient_se: excess_moved.map(|x| x.1),
            ..probability
        };
        Ok(ExceedanceEstimate { threshold: c, probability, excess, width: place.width, gradient_bias })
    }
}

impl<const N: usize> fmt::Display for ExceedanceEstimate<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "probability of more than {}\n{}\n", self.threshold, self.probability)?;
        write!(f, "bias of its derivatives, estimated:")?;
        for b in self.gradient_bias {
            write!(f, " {b:.2e}")?;
        }
        write!(f, "\nexpected excess\n{}", self.excess)
    }
}

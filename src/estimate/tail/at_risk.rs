//! Quantiles, and the mean beyond them.

use super::losses::{GROWTH, Place, Question, Row, Tail, WIDER, square};
use super::window::{Parabola, of_order_4};
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::sealed::Sealed;
use crate::estimate::notes::Notes;
use crate::estimate::report::Estimate;
use crate::program::{Outcome, Program};
use crate::scalar::math;
use core::array;
use core::fmt;

/// The quantile q of a program's result L at a level α and the mean of L beyond it, each with its gradient: value at
/// risk and conditional value at risk (expected shortfall), where L is a loss.
///
/// q' = E\[L' | L = q\] + E\[s; L > q\] / f(q) and CVaR' = (E\[L'; L > q\] + E\[(L - q) s; L > q\]) / (1 - α), with L'
/// the derivatives along the draws, s the scores of the choices and f the density of L.
///
/// * Needs: a result with a density near q; programs as for [`score`](crate::estimate::score), so draws that move
///   smoothly and choices whose probabilities are not 0. Ten samples beyond q, hundreds for derivatives that say
///   something.
/// * Bias: that of the CVaR, α/(2 n f(q)) too low, is estimated and subtracted; that of q and of CVaR' is of order 1/n.
///   E\[L' | L = q\] is a local fit of a parabola: of order h⁴, h the width of its window, which shrinks as the seventh
///   root of the number of samples beyond q. What a window of one and a half times the width says of it is printed
///   ([`RiskEstimate::gradient_bias`]).
/// * Standard errors: 95 % intervals by [`half_width`](crate::estimate::Estimate::half_width) cover in 94 to 96 % from
///   50 samples beyond q on, in 91 to 97 % at 20 (lognormal losses, sums, choices).
/// * Variance: of q and CVaR as 1/n times 1/(1 - α) and more; of q' as 1/(n h), far larger than that of CVaR'.
/// * Cost: n runs in `f64`, and one in jets for each sample beyond q or near it; a number a sample is kept, and sorted.
/// * When: the size of rare losses and what moves it. Prefer CVaR to the quantile where either will do. At levels very
///   near 1 draw from another law ([`Chance::draw_from`](crate::program::Chance::draw_from)) and use
///   [`self_normalized`](crate::estimate::self_normalized).
///
/// Source: Hong 2009; Hong & Liu 2009; Trindade, Uryasev, Shapiro & Zrazhevsky 2007 (the bias); Fan & Gijbels 1996, §3.
///
/// ```
/// use reparam::{estimate, prelude::*};
/// // a normal loss m + s z: q = m + 1.645 s, CVaR = m + 2.063 s
/// let loss = program!(|[m, s]: [S; 2], chance| -> S { m + s * chance.normal() });
/// let e = estimate::value_at_risk([1.0, 2.0], 0.95, loss).samples(20_000).run_seed(1).unwrap();
/// assert!((e.quantile.value - (1.0 + 2.0 * 1.6448536269514722)).abs() < 5.0 * e.quantile.value_se);
/// assert!((e.quantile.gradient[1] - 1.6448536269514722).abs() < 5.0 * e.quantile.gradient_se[1]);
/// assert!((e.shortfall.gradient[1] - 2.0627128075074257).abs() < 5.0 * e.shortfall.gradient_se[1]);
/// println!("{e}");
/// ```
pub fn value_at_risk<P, const N: usize>(theta: [f64; N], level: f64, program: P) -> Tail<AtRisk, P, N>
where
    P: Program<Theta = [f64; N]>,
    P::Output: Outcome<Values = f64>,
{
    Tail::about(AtRisk { level }, theta, program)
}

/// The question of [`value_at_risk`].
#[derive(Clone, Copy, Debug)]
pub struct AtRisk {
    level: f64,
}

/// A quantile and the mean beyond it: made by [`value_at_risk`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct RiskEstimate<const N: usize> {
    /// The level α.
    pub level: f64,
    /// The quantile, with its gradient. Its observations are the samples near it.
    pub quantile: Estimate<[f64; N]>,
    /// A 95 % interval for the quantile from the order of the samples alone, which need not be symmetric.
    pub interval: [f64; 2],
    /// The mean beyond the quantile, with its gradient. Its observations are the samples beyond.
    pub shortfall: Estimate<[f64; N]>,
    /// The density of the result at the quantile.
    pub density: f64,
    /// Half of the width of the window that the quantile's gradient comes from.
    pub width: f64,
    /// An estimate of the bias of the quantile's gradient; its own error is about a sixth of the gradient's.
    pub gradient_bias: [f64; N],
}

/// The least number of samples beyond a quantile.
const FEWEST: u64 = 10;

/// The window's half width is this times the mean excess over the quantile, over the seventh root of the number of
/// samples beyond it.
pub(super) const WINDOW: f64 = 2.0;

/// That half width.
pub(super) fn width(scale: f64, beyond: f64) -> f64 {
    WINDOW * scale * math::exp(-math::ln(beyond) / 7.0)
}

impl AtRisk {
    /// Half of the number of samples that the density comes from: two standard deviations of a count.
    fn spread(&self, n: f64) -> f64 {
        2.0 * math::sqrt(n * self.level * (1.0 - self.level))
    }

    /// The position of the quantile, from 1: its median is nearly unbiased for any law (Hyndman & Fan 1996, type 8).
    fn position(&self, n: f64) -> f64 {
        (n + 1.0 / 3.0) * self.level + 1.0 / 3.0
    }
}

/// The result at a position, from 1, between the samples.
fn at(sorted: &[f64], position: f64) -> f64 {
    let p = (position - 1.0).clamp(0.0, (sorted.len() - 1) as f64);
    let below = p as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (p - below as f64) * (sorted[above] - sorted[below])
}

impl Sealed for AtRisk {}

impl Question for AtRisk {
    type Estimate<const N: usize> = RiskEstimate<N>;

    fn place<E>(&self, sorted: &[f64]) -> Result<Place, EstimateError<E>> {
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(EstimateError::Setting { name: "the level", range: "between 0 and 1", value: self.level });
        }
        let n = sorted.len() as f64;
        let smaller = n * self.level.min(1.0 - self.level);
        if smaller < FEWEST as f64 {
            return Err(EstimateError::FewBeyond { beyond: smaller as u64, needed: FEWEST });
        }
        let q = at(sorted, self.position(n));
        let first = sorted.partition_point(|x| *x <= q);
        if first - sorted.partition_point(|x| *x < q) > 2 || first == sorted.len() {
            return Err(EstimateError::Atom { value: q });
        }
        // the narrower side
        let beyond = sorted[first..].iter().map(|x| x - q).sum::<f64>() / (sorted.len() - first) as f64;
        let below = sorted[..first].iter().map(|x| q - x).sum::<f64>() / first.max(1) as f64;
        let scale = if self.level < 0.5 { below } else { beyond };
        if !(scale > 0.0 && scale.is_finite()) {
            return Err(EstimateError::Overflow);
        }
        Ok(Place { at: q, width: width(scale, smaller) })
    }

    fn answer<E, const N: usize>(
        &self,
        place: &Place,
        sorted: &[f64],
        rows: &[Row<N>],
    ) -> Result<RiskEstimate<N>, EstimateError<E>> {
        let (n, q, tail) = (sorted.len() as f64, place.at, 1.0 - self.level);
        let samples = sorted.len() as u64;
        let beyond: u64 = (sorted.len() - sorted.partition_point(|x| *x <= q)) as u64;

        // the quantile: its density from the samples within two standard deviations of its position
        let (spread, position) = (self.spread(n), self.position(n));
        let near = at(sorted, position + spread) - at(sorted, position - spread);
        if near <= 0.0 {
            return Err(EstimateError::Atom { value: q });
        }
        let density = 2.0 * spread / (n * near);
        let sd_of_indicator = math::sqrt(self.level * tail);
        let value_se = sd_of_indicator / (density * math::sqrt(n));
        let half = 1.959963984540054 * sd_of_indicator * math::sqrt(n);
        let interval =
            [at(sorted, math::floor(n * self.level - half)), at(sorted, math::floor(n * self.level + half) + 2.0)];

        // its gradient
        let few = |count: usize| EstimateError::FewBeyond { beyond: count as u64, needed: FEWEST };
        let slopes = |row: &Row<N>| row.slope;
        let fit = Parabola::fit(rows, q, place.width, slopes).ok_or(few(rows.len()))?;
        let of_scores = Parabola::fit(rows, q, place.width, |row| row.score).ok_or(few(rows.len()))?;
        let of_choices = Choices::new(rows, place, n);
        let (along, slope, scores) = (fit.value(), fit.slope(), of_scores.value());
        let gradient: [f64; N] = array::from_fn(|i| along[i] + of_choices.gradient[i]);
        // the quantile that it is taken at is off itself
        let drift: [f64; N] = array::from_fn(|i| slope[i] - scores[i] - of_choices.gradient[i] * fit.log_slope);
        let mut squares: [f64; N] = drift.map(|g| (n - rows.len() as f64) * square(tail * g / density));
        for row in rows {
            let of_fit = fit.influence(row, row.slope);
            let off = (f64::from(u8::from(row.value > q)) - tail) / density;
            for i in 0..N {
                squares[i] += square(n * of_fit[i] + of_choices.influence(row, i) + drift[i] * off);
            }
        }
        let gradient_se = squares.map(|s| math::sqrt(s) / n);
        let wider = Place { at: q, width: WIDER * place.width };
        let of_wider = Parabola::fit(rows, q, wider.width, slopes).ok_or(few(rows.len()))?.value();
        let choices_wider = Choices::new(rows, &wider, n).gradient;
        let gradient_bias = array::from_fn(|i| (of_wider[i] + choices_wider[i] - gradient[i]) / GROWTH);

        let shortfall = self.shortfall(place, n, rows, density, gradient);
        let quantile = Estimate {
            samples,
            observations: (2.0 * spread) as u64,
            value: q,
            value_se,
            gradient,
            gradient_se,
            notes: Notes::default(),
        };
        Ok(RiskEstimate {
            level: self.level,
            quantile,
            interval,
            shortfall: Estimate { observations: beyond, ..shortfall },
            density,
            width: place.width,
            gradient_bias,
        })
    }
}

impl AtRisk {
    /// The mean beyond the quantile, by sums over the tail.
    fn shortfall<const N: usize>(
        &self,
        place: &Place,
        n: f64,
        rows: &[Row<N>],
        density: f64,
        of_quantile: [f64; N],
    ) -> Estimate<[f64; N]> {
        let (q, tail) = (place.at, 1.0 - self.level);
        let beyond = || rows.iter().filter(|row| row.value > q);
        let count = beyond().count() as f64;
        let excess = beyond().map(|row| row.value - q).sum::<f64>() / n;
        let excess_squares = beyond().map(|row| square(row.value - q)).sum::<f64>() / n;
        let moved = |row: &Row<N>, i: usize| row.slope[i] + (row.value - q) * row.score[i];
        // the number of samples beyond is not n (1 - α) exactly
        let gradient: [f64; N] = array::from_fn(|i| {
            (beyond().map(|row| moved(row, i)).sum::<f64>() - of_quantile[i] * (count - n * tail)) / (n * tail)
        });
        let gradient_se = array::from_fn(|i| {
            // what a sample adds: its part beyond, relative to what the quantile's motion takes
            let part = |row: &Row<N>| moved(row, i) - of_quantile[i];
            let mean = beyond().map(part).sum::<f64>() / n;
            let squares = beyond().map(|row| square(part(row))).sum::<f64>() / n;
            math::sqrt((squares - mean * mean).max(0.0) / n) / tail
        });
        Estimate {
            samples: n as u64,
            observations: 0,
            value: q + excess / tail + self.level / (2.0 * n * density),
            value_se: math::sqrt((excess_squares - excess * excess).max(0.0) / n) / tail,
            gradient,
            gradient_se,
            notes: Notes::default(),
        }
    }
}

/// The part of a quantile's gradient that choices have: E[s; L > q] / f(q).
struct Choices<const N: usize> {
    at: f64,
    width: f64,
    density: f64,
    gradient: [f64; N],
}

impl<const N: usize> Choices<N> {
    fn new(rows: &[Row<N>], place: &Place, n: f64) -> Self {
        let kernel = |row: &Row<N>| of_order_4((row.value - place.at) / place.width) / place.width;
        let density = rows.iter().map(kernel).sum::<f64>() / n;
        let beyond = |i: usize| rows.iter().filter(|r| r.value > place.at).map(|r| r.score[i]).sum::<f64>() / n;
        // without choices there is nothing to divide
        let gradient = array::from_fn(|i| match beyond(i) {
            0.0 => 0.0,
            sum => sum / density,
        });
        Choices { at: place.at, width: place.width, density, gradient }
    }

    /// What a sample adds to its error.
    fn influence(&self, row: &Row<N>, i: usize) -> f64 {
        if self.gradient[i] == 0.0 && row.score[i] == 0.0 {
            return 0.0;
        }
        let kernel = of_order_4((row.value - self.at) / self.width) / self.width;
        let beyond = if row.value > self.at { row.score[i] } else { 0.0 };
        (beyond - self.gradient[i] * kernel) / self.density
    }
}

impl<const N: usize> RiskEstimate<N> {
    /// Printed with names for the parameters.
    fn write(&self, f: &mut fmt::Formatter<'_>, names: &[&str]) -> fmt::Result {
        write!(f, "quantile at {}\n{}\n", self.level, self.quantile.named(names))?;
        write!(f, "bias of its derivatives, estimated:")?;
        for b in self.gradient_bias {
            write!(f, " {b:.2e}")?;
        }
        write!(f, "\nmean beyond it\n{}", self.shortfall.named(names))
    }

    /// The estimate with names for its parameters, to be printed.
    pub fn named<'a>(&'a self, names: &'a [&'a str]) -> impl fmt::Display + 'a {
        struct Named<'a, const N: usize>(&'a RiskEstimate<N>, &'a [&'a str]);
        impl<const N: usize> fmt::Display for Named<'_, N> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.write(f, self.1)
            }
        }
        Named(self, names)
    }
}

impl<const N: usize> fmt::Display for RiskEstimate<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, &[])
    }
}

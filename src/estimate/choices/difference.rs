//! Finite differences with common random numbers.

use super::{At, ByChoices, Method, Sampled};
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::{Estimator, Seeds, sealed::Sealed};
use crate::estimate::moments::Moments;
use crate::estimate::report::Order;
use crate::program::{ErrorOf, Program, ResultsOf, Values};
use crate::scalar::Jet;

/// The value and gradient of a program with choices by central differences on the same random numbers.
///
/// * Needs: nothing of the program, not even that choices are drawn through the handle's laws.
/// * Bias: of the order of `step`², third derivatives times step²/6; [`Estimator::richardson`] leaves step⁴ of it.
/// * Variance: of the order of 1/`step`, as a choice changes with probability in proportion to the step and then counts
///   for 1/step. Halving the bias doubles the variance and more.
/// * Cost: 2 N + 1 runs, all in `f64`.
/// * When: counts are large (populations of thousands), where it has the least variance of all, and a bias below the
///   standard error will do; and to check the others.
///
/// Source: Glasserman 2003, *Monte Carlo Methods in Financial Engineering*, §7.1.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::{estimate, prelude::*};
/// let f = program!(|[p]: [S; 1], chance| -> S { S::from(chance.binomial(10, p) as f64) });
/// let e = estimate::finite_difference([0.6], f, 0.01).run(&mut Xoshiro256PlusPlus::seed_from_u64(1)).unwrap();
/// assert!((e.gradient[0] - 10.0).abs() < 5.0 * e.gradient_se[0]);
/// assert!(estimate::finite_difference([0.6], f, 0.0).run_seed(1).is_err());
/// let e = estimate::finite_difference([0.6], f, 1e-20).run_seed(1).unwrap_err();
/// assert!(e.to_string().contains("large enough to move every parameter"));
/// ```
pub fn finite_difference<P: Program<Theta = [f64; N]>, const N: usize>(
    theta: [f64; N],
    program: P,
    step: f64,
) -> Estimator<ByChoices<FiniteDifference, P, [f64; N]>> {
    ByChoices::about(theta, program, FiniteDifference { step, corrected: false })
}

/// Finite differences as a method: see [`finite_difference`].
#[derive(Clone, Copy, Debug)]
pub struct FiniteDifference {
    step: f64,
    corrected: bool,
}

/// The share of the samples in which the correction of [`Estimator::richardson`] is made, and counts for more.
const SHARE: f64 = 0.25;

impl<P, T> Estimator<ByChoices<FiniteDifference, P, T>> {
    /// With Richardson's correction, (D(h) - D(2h))/3 for the difference D(h) with step h: the bias is of the order of
    /// `step`⁴ then.
    ///
    /// It is made in a random quarter of the samples, on the same random numbers, where it counts four times: so it
    /// costs half of a run a parameter, and twice to four times the step, with less variance, has a smaller bias than
    /// without.
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// // E k³ is a cubic in p: no bias is left
    /// let f = program!(|[p]: [S; 1], chance| -> S { S::from((chance.binomial(5, p) as f64).powi(3)) });
    /// let e = estimate::finite_difference([0.4], f, 0.1).richardson().samples(40_000).run_seed(1).unwrap();
    /// // 5 + 120 p + 180 p²
    /// assert!((e.gradient[0] - 81.8).abs() < 5.0 * e.gradient_se[0]);
    /// ```
    pub fn richardson(mut self) -> Self {
        self.sampler.method.corrected = true;
        self
    }
}

impl Sealed for FiniteDifference {}

impl<P: Program<Theta = [f64; N]>, const N: usize> Method<P, [f64; N]> for FiniteDifference {
    type Number = Jet<f64, N>;
    type Estimate = <Jet<f64, N> as Order<N>>::Estimate<ResultsOf<P>>;

    fn check(&self) -> Result<(), EstimateError<ErrorOf<P>>> {
        if self.step > 0.0 && self.step.is_finite() {
            Ok(())
        } else {
            Err(EstimateError::Setting { name: "the step", range: "positive and finite", value: self.step })
        }
    }

    fn mean(&mut self, program: &P, theta: &[f64; N], first: u64, seeds: Seeds) -> Sampled<P, Jet<f64, N>> {
        let at = At::new(first, seeds);
        let value = at.values(program, theta, &[])?;
        let mut x = ResultsOf::<P>::map(&value, |x: &f64| Jet::<f64, N>::constant(*x));
        let corrected = self.corrected && at.aside().unit() < SHARE;
        for i in 0..N {
            let moved = |by: f64| {
                let mut theta = *theta;
                theta[i] += by;
                // the step as rounding leaves it
                at.values(program, &theta, &[]).map(|f| (theta[i], f))
            };
            let mut add = |step: f64, factor: f64| {
                let ((upper, above), (lower, below)) = (moved(step)?, moved(-step)?);
                if upper == lower {
                    return Err(EstimateError::Setting {
                        name: "the step",
                        range: "large enough to move every parameter",
                        value: step,
                    });
                }
                let scale = factor / (upper - lower);
                at.both::<ResultsOf<P>, Jet<f64, N>, f64, _>(&mut x, &above, |x, f| x.eps[i] += f * scale)?;
                at.both::<ResultsOf<P>, Jet<f64, N>, f64, _>(&mut x, &below, |x, f| x.eps[i] -= f * scale)
            };
            let share = if corrected { 1.0 / (3.0 * SHARE) } else { 0.0 };
            add(self.step, 1.0 + share)?;
            if corrected {
                add(2.0 * self.step, -share)?;
            }
        }
        Ok(x)
    }

    fn estimate(&self, moments: &Moments<ResultsOf<P>, Jet<f64, N>>) -> Self::Estimate {
        Order::estimate(moments, 1)
    }
}

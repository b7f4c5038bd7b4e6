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
/// * Bias: of the order of `step`², third derivatives times step²/6.
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
/// ```
pub fn finite_difference<P: Program<Theta = [f64; N]>, const N: usize>(
    theta: [f64; N],
    program: P,
    step: f64,
) -> Estimator<ByChoices<FiniteDifference, P, [f64; N]>> {
    ByChoices::about(theta, program, FiniteDifference { step })
}

/// Finite differences as a method: see [`finite_difference`].
#[derive(Clone, Copy, Debug)]
pub struct FiniteDifference {
    step: f64,
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
        for i in 0..N {
            let moved = |by: f64| {
                let mut theta = *theta;
                theta[i] += by;
                // the step as rounding leaves it
                at.values(program, &theta, &[]).map(|f| (theta[i], f))
            };
            let ((upper, above), (lower, below)) = (moved(self.step)?, moved(-self.step)?);
            let width = upper - lower;
            at.both::<ResultsOf<P>, Jet<f64, N>, f64, _>(&mut x, &above, |x, f| x.eps[i] += f / width)?;
            at.both::<ResultsOf<P>, Jet<f64, N>, f64, _>(&mut x, &below, |x, f| x.eps[i] -= f / width)?;
        }
        Ok(x)
    }

    fn estimate(&self, moments: &Moments<ResultsOf<P>, Jet<f64, N>>) -> Self::Estimate {
        Order::estimate(moments, 1)
    }
}

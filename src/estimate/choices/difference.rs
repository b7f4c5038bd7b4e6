//! Finite differences with common random numbers.

use super::sealed::Sealed;
use super::{ByChoices, Method, finite};
use crate::estimate::error::EstimateError;
use crate::program::{Handle, Program};
use crate::scalar::Jet;
use rand::Rng;

/// The value and gradient of a program with choices by central differences on the same random numbers: the naive rival, for
/// comparison.
///
/// * Needs: nothing of the program, not even that choices are drawn through the handle's laws.
/// * Bias: of the order of `step`², third derivatives times step²/6.
/// * Variance: of the order of 1/`step`, as a choice changes with probability in proportion to the step and then counts for
///   1/step. Halving the bias doubles the variance and more.
/// * Cost: 2 N + 1 runs.
/// * When: to check the others.
///
/// Source: Glasserman 2003, *Monte Carlo Methods in Financial Engineering*, §7.1.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::{estimate, prelude::*};
/// let f = program!(|[p]: [S; 1], choose| -> S { S::from(choose.binomial(10, p) as f64) });
/// let e = estimate::finite_difference([0.6], f, 0.01).run(&mut Xoshiro256PlusPlus::seed_from_u64(1)).unwrap();
/// assert!((e.gradient[0] - 10.0).abs() < 5.0 * e.gradient_se[0]);
/// ```
pub fn finite_difference<P: Program<N>, const N: usize>(
    theta: [f64; N],
    program: P,
    step: f64,
) -> ByChoices<FiniteDifference, P, N> {
    ByChoices::new(theta, program, FiniteDifference { step })
}

/// Finite differences as a method: see [`finite_difference`].
#[derive(Clone, Copy, Debug)]
pub struct FiniteDifference {
    step: f64,
}

impl Sealed for FiniteDifference {}

impl<P: Program<N>, const N: usize> Method<P, N> for FiniteDifference {
    type Number = Jet<f64, N>;

    fn batch(&self) -> u64 {
        1
    }

    fn mean<R: Rng + ?Sized>(
        &mut self,
        program: &P,
        theta: [f64; N],
        first: u64,
        rng: &mut R,
    ) -> Result<Jet<f64, N>, EstimateError<P::Error>> {
        let seed = rng.next_u64();
        let f = |theta| match Handle::run(program, theta, seed, &[], ()) {
            Ok((f, _)) => Ok(f),
            Err(e) => Err(EstimateError::of_run(first, e)),
        };
        let moved = |i: usize, by: f64| {
            let mut theta = theta;
            theta[i] += by;
            // the step as rounding leaves it
            (theta[i], f(theta))
        };
        let mut x = Jet::from(f(theta)?);
        for i in 0..N {
            let ((upper, above), (lower, below)) = (moved(i, self.step), moved(i, -self.step));
            x.eps[i] = (above? - below?) / (upper - lower);
        }
        finite(x, first)
    }
}

//! Differences of a method at parameters to both sides, on the same random numbers.

use super::super::{At, Method, Sampled};
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::{Runs, Seeds, sealed::Sealed};
use crate::estimate::moments::Moments;
use crate::estimate::notes::Notes;
use crate::estimate::report::{Corrected, Order};
use crate::program::{ErrorOf, Program, ResultsOf, Values, ValuesOf};
use crate::scalar::Jet;

/// Values alone, as a method: what [`finite_difference`](super::finite_difference) differentiates.
#[derive(Clone, Copy, Debug)]
pub struct OfValues;

impl Sealed for OfValues {}

impl<P: Program<Theta = [f64; N]>, const N: usize> Method<P, [f64; N]> for OfValues {
    type Number = f64;
    type Estimate = ();

    const ORDER: usize = 0;

    #[inline]
    fn mean(&mut self, program: &P, theta: &[f64; N], first: u64, runs: Runs<'_>) -> Sampled<P, f64> {
        At::new(first, runs).values(program, theta, &[])
    }

    fn estimate(&self, _: &Moments<ResultsOf<P>, f64>) {}
}

/// Differences of what the method `M` estimates: see [`finite_difference`](super::finite_difference).
#[derive(Clone, Copy, Debug)]
pub struct FiniteDifference<M, const N: usize> {
    method: M,
    pub(super) steps: [f64; N],
    /// Those that have learned for parameters to both sides, at one and two steps.
    aside: [Option<Sides<M>>; N],
}

/// The method above and below, at one step and at two.
type Sides<M> = [[M; 2]; 2];

/// The share of the samples in which Richardson's correction is made, and counts for more.
pub(super) const SHARE: f64 = 0.25;

impl<M, const N: usize> FiniteDifference<M, N> {
    pub(super) fn of(method: M, steps: [f64; N]) -> Self {
        FiniteDifference { method, steps, aside: [const { None }; N] }
    }
}

/// The parameters with number i moved, and by how much they are: a step as rounding leaves it.
pub(super) fn moved<E, const N: usize>(
    theta: &[f64; N],
    i: usize,
    step: f64,
) -> Result<([[f64; N]; 2], f64), EstimateError<E>> {
    let mut sides = [*theta; 2];
    sides[0][i] += step;
    sides[1][i] -= step;
    let width = sides[0][i] - sides[1][i];
    if width == 0.0 {
        let range = "large enough to move every parameter";
        return Err(EstimateError::Setting { name: "the step", range, value: step });
    }
    Ok((sides, width))
}

impl<M: Sealed, const N: usize> Sealed for FiniteDifference<M, N> {}

impl<M, const N: usize> FiniteDifference<M, N> {
    pub(super) fn check_steps<E>(&self) -> Result<(), EstimateError<E>> {
        match self.steps.iter().find(|step| !(**step > 0.0 && step.is_finite())) {
            Some(step) => Err(EstimateError::Setting { name: "the step", range: "positive and finite", value: *step }),
            None => Ok(()),
        }
    }

    /// Has the method learn at all parameters that are wanted, at one step or at two as well, from the same random numbers.
    fn learn_aside<P: Program<Theta = [f64; N]>>(
        &mut self,
        program: &P,
        theta: &[f64; N],
        batches: u64,
        seeds: Seeds,
        corrected: bool,
    ) -> Result<(), EstimateError<ErrorOf<P>>>
    where
        M: Method<P, [f64; N]>,
    {
        for i in 0..N {
            let mut sides: Sides<M> = core::array::from_fn(|_| [self.method.clone(), self.method.clone()]);
            for (factor, sides) in [1.0, 2.0].into_iter().zip(&mut sides).take(if corrected { 2 } else { 1 }) {
                let (theta, _) = moved(theta, i, factor * self.steps[i])?;
                for (method, theta) in sides.iter_mut().zip(&theta) {
                    method.learn(program, theta, batches, seeds)?;
                }
            }
            self.aside[i] = Some(sides);
        }
        self.method.learn(program, theta, batches, seeds)
    }

    /// Derivatives of a sample with these numbers, over one step or over two.
    #[inline]
    fn differences<P: Program<Theta = [f64; N]>>(
        &mut self,
        program: &P,
        theta: &[f64; N],
        (first, runs): (u64, Runs<'_>),
        value: &ValuesOf<P, M::Number>,
        is_wide: bool,
    ) -> Sampled<P, Jet<M::Number, N>>
    where
        M: Method<P, [f64; N]>,
        Jet<M::Number, N>: Order<N>,
    {
        let at = At::new(first, runs);
        let mut x = ResultsOf::<P>::map(value, |x: &M::Number| Jet::<M::Number, N>::constant(*x));
        for i in 0..N {
            let Some(sides) = &mut self.aside[i] else { return Err(EstimateError::TooFewSamples { samples: 0 }) };
            let (theta, width) = moved(theta, i, self.steps[i] * if is_wide { 2.0 } else { 1.0 })?;
            for ((method, theta), sign) in sides[usize::from(is_wide)].iter_mut().zip(&theta).zip([1.0, -1.0]) {
                let f = method.mean(program, theta, first, runs)?;
                at.both::<ResultsOf<P>, Jet<M::Number, N>, M::Number, _>(&mut x, &f, |x, f| {
                    x.eps[i] += f * (sign / width);
                })?;
            }
        }
        Ok(ResultsOf::<P>::map(&x, |x: &Jet<M::Number, N>| x.symmetric()))
    }
}

impl<M, P, const N: usize> Method<P, [f64; N]> for FiniteDifference<M, N>
where
    P: Program<Theta = [f64; N]>,
    M: Method<P, [f64; N]>,
    Jet<M::Number, N>: Order<N>,
{
    type Number = Jet<M::Number, N>;
    type Estimate = <Jet<M::Number, N> as Order<N>>::Estimate<ResultsOf<P>>;

    const ORDER: usize = M::ORDER;

    fn check(&self) -> Result<(), EstimateError<ErrorOf<P>>> {
        self.check_steps()
    }

    fn learn(
        &mut self,
        program: &P,
        theta: &[f64; N],
        batches: u64,
        seeds: Seeds,
    ) -> Result<(), EstimateError<ErrorOf<P>>> {
        self.learn_aside(program, theta, batches, seeds, false)
    }

    fn mean(&mut self, program: &P, theta: &[f64; N], first: u64, runs: Runs<'_>) -> Sampled<P, Self::Number> {
        let value = self.method.mean(program, theta, first, runs)?;
        self.differences(program, theta, (first, runs), &value, false)
    }

    fn estimate(&self, moments: &Moments<ResultsOf<P>, Self::Number>) -> Self::Estimate {
        Order::noted(moments, 1, Notes::of_drawn(moments))
    }
}

/// Differences with Richardson's correction: see [`Estimator::richardson`](crate::estimate::Estimator::richardson).
#[derive(Clone, Copy, Debug)]
pub struct Richardson<M, const N: usize>(pub(super) FiniteDifference<M, N>);

impl<M: Sealed, const N: usize> Sealed for Richardson<M, N> {}

impl<M, P, const N: usize> Method<P, [f64; N]> for Richardson<M, N>
where
    P: Program<Theta = [f64; N]>,
    M: Method<P, [f64; N]>,
    Jet<M::Number, N>: Order<N>,
{
    /// The corrected derivatives, and as the derivative of these the bias of those that are not corrected.
    type Number = Jet<Jet<M::Number, N>, 1>;
    type Estimate = Corrected<<Jet<M::Number, N> as Order<N>>::Estimate<ResultsOf<P>>>;

    const ORDER: usize = M::ORDER;

    fn check(&self) -> Result<(), EstimateError<ErrorOf<P>>> {
        self.0.check_steps()
    }

    fn learn(
        &mut self,
        program: &P,
        theta: &[f64; N],
        batches: u64,
        seeds: Seeds,
    ) -> Result<(), EstimateError<ErrorOf<P>>> {
        self.0.learn_aside(program, theta, batches, seeds, true)
    }

    fn mean(&mut self, program: &P, theta: &[f64; N], first: u64, runs: Runs<'_>) -> Sampled<P, Self::Number> {
        let value = self.0.method.mean(program, theta, first, runs)?;
        let plain = self.0.differences(program, theta, (first, runs), &value, false)?;
        let mut x = ResultsOf::<P>::map(&plain, |x: &Jet<M::Number, N>| Jet { re: *x, eps: [0.0.into()] });
        let at = At::new(first, runs);
        if at.aside().unit() < SHARE {
            let wide = self.0.differences(program, theta, (first, runs), &value, true)?;
            at.both::<ResultsOf<P>, Self::Number, Jet<M::Number, N>, _>(&mut x, &wide, |x, wide| {
                // D(h) - f' = (D(2h) - D(h))/3, to the order of h⁴
                x.eps[0] = (wide - x.re) / (3.0 * SHARE);
                x.re -= x.eps[0];
            })?;
        }
        Ok(x)
    }

    fn estimate(&self, moments: &Moments<ResultsOf<P>, Self::Number>) -> Self::Estimate {
        let corrected = moments.of_part(|x: &Self::Number| x.re);
        Corrected {
            estimate: Order::noted(&corrected, 1, Notes::of_drawn(&corrected)),
            bias: Order::estimate(&moments.of_part(|x: &Self::Number| x.eps[0]), 1),
        }
    }
}

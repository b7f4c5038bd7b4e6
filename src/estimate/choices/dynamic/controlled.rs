//! The mix of replay and score with martingale controls besides, at a number of parameters known at run time.

use super::super::At;
use super::super::controlled::{first_samples, learning_for};
use super::super::linear::Tracked;
use super::super::martingale::AFTER_LEARNING;
use super::super::mix::Fit;
use super::Variables;
use super::martingale::MartingaleDyn;
use super::mix::{MixDyn, Replayed, tracked};
use crate::distr::Kept;
use crate::estimate::components::Component;
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::{Estimator, Runs, Sampler, Seeds, sealed::Sealed};
use crate::estimate::flat::{self, FlatEstimate};
use crate::estimate::moments::Moments;
use crate::program::{ErrorOf, Program, ResultsOf};
use alloc::vec::Vec;

impl<'a, P: Program<Theta = [f64]>> Estimator<MixDyn<'a, P>> {
    /// With the controls of [`martingale_dyn`](crate::estimate::martingale_dyn) in the scores' part: as
    /// [`mix(..).controls()`](Estimator::controls) at any number of parameters.
    ///
    /// * Needs: as [`mix_dyn`](crate::estimate::mix_dyn).
    /// * Bias: none.
    /// * Variance, when: as at a fixed number. Where each of many parameters has a choice of its own, replay meets few of them
    ///   while β and γ are learned, and that is noise: `martingale_dyn` alone is better there.
    /// * Cost: that of replay and of [`martingale_dyn`](crate::estimate::martingale_dyn): 2.8 times `mix_dyn` for 400 coins.
    ///   Fourteen numbers are kept for each derivative.
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// // 100 coins with 100 parameters, squared: the derivative in p_i is 1 + 2 Σ_{j ≠ i} p_j
    /// let coins = program!(|p: &[S], chance| -> S {
    ///     S::from((p.iter().filter(|p| chance.bernoulli(**p)).count() as f64).powi(2))
    /// });
    /// let mix = estimate::mix_dyn(&[0.3; 100], coins).samples(4000);
    /// let e = mix.clone().controls().run_seed(1).unwrap();
    /// assert!((e.gradient[99] - (1.0 + 2.0 * 99.0 * 0.3)).abs() < 5.0 * e.gradient_se[99]);
    /// assert!(e.gradient_se[99] < 0.5 * mix.run_seed(1).unwrap().gradient_se[99]);
    /// ```
    pub fn controls(self) -> Estimator<ControlledDyn<'a, P>> {
        self.map(|MixDyn { theta, program, .. }| {
            let martingale = MartingaleDyn { theta, program, learned: None };
            ControlledDyn { martingale, fits: Vec::new() }
        })
    }
}

/// Replay and score with martingale controls at any number of parameters: see [`controls`](Estimator::controls).
#[derive(Clone, Debug)]
pub struct ControlledDyn<'a, P> {
    martingale: MartingaleDyn<'a, P>,
    /// Those of all derivatives of all results, once there are some: of scores beside replay, and of scores with controls
    /// beside both.
    fits: Vec<[Fit; 2]>,
}

/// What a block of [`ControlledDyn`] keeps.
#[derive(Debug)]
pub struct ControlledState {
    variables: Variables,
    tracked: Vec<Tracked>,
    fits: Vec<[Fit; 2]>,
    /// Tables of the laws that runs draw often.
    laws: Kept,
}

impl<P: Program<Theta = [f64]>> ControlledDyn<'_, P> {
    fn state(&self) -> ControlledState {
        let theta = self.martingale.theta;
        ControlledState {
            variables: Variables::new(theta),
            tracked: tracked(theta),
            fits: self.fits.clone(),
            laws: Kept::default(),
        }
    }

    /// The mix of a sample, which then counts for the next.
    fn sample(
        &self,
        state: &mut ControlledState,
        sample: u64,
        seeds: Seeds,
    ) -> Result<Vec<f64>, EstimateError<ErrorOf<P>>> {
        let MartingaleDyn { theta, program, learned: Some(learned) } = &self.martingale else {
            return Err(EstimateError::TooFewSamples { samples: 0 });
        };
        let ControlledState { variables, tracked, fits, laws } = state;
        let at = At::new(sample, Runs { seeds, laws: laws.lend() });
        let Replayed { row, blind, missed } = Replayed::of(theta, program, at, tracked, &mut variables.jets)?;
        let is_meant = |site: u64| blind.binary_search(&site).is_err();
        let [mut controlled, mut scored] = self.martingale.sample::<false>(learned, at, variables, is_meant)?;
        if let Some(missed) = missed {
            scored.add_derivatives(&missed);
            controlled.add_derivatives(&missed);
        }
        let mut x = row.numbers;
        if x.len() != scored.numbers.len() {
            return Err(EstimateError::NotRepeated { sample: at.sample });
        }
        for numbers in [&x, &scored.numbers, &controlled.numbers] {
            flat::finite(numbers, theta.len(), at.sample, at.seeds.seed)?;
        }
        fits.resize(x.len(), [Fit::default(); 2]);
        let parts = scored.numbers.iter().zip(&controlled.numbers);
        for ((x, [scores, controls]), (s, m)) in x.iter_mut().zip(fits).zip(parts) {
            *x = controls.mixed(scores.mixed(*x, *s), *m);
        }
        Ok(x)
    }
}

impl<P> Sealed for ControlledDyn<'_, P> {}

impl<P: Program<Theta = [f64]>> Sampler for ControlledDyn<'_, P> {
    type Values = Vec<f64>;
    type Number = f64;
    type Error = ErrorOf<P>;
    type Estimate = FlatEstimate<ResultsOf<P>>;
    type State = ControlledState;

    const ORDER: usize = 1;

    fn laws(state: &mut ControlledState) -> Option<&mut Kept> {
        Some(&mut state.laws)
    }

    fn parameters(&self) -> &[f64] {
        self.martingale.theta
    }

    /// What controls are worth, and then a first β and γ, as at a fixed number of parameters.
    fn learn(&mut self, samples: u64, seeds: Seeds) -> Result<(), EstimateError<ErrorOf<P>>> {
        self.martingale.learn_beside::<false>(learning_for(samples), seeds)?;
        let mut state = self.state();
        for i in 0..first_samples(samples) {
            self.sample(&mut state, AFTER_LEARNING + i, seeds)?;
        }
        self.fits = state.fits;
        Ok(())
    }

    fn start(&self, _: u64, _: Seeds) -> ControlledState {
        self.state()
    }

    fn batch_mean(
        &self,
        state: &mut ControlledState,
        first: u64,
        seeds: Seeds,
    ) -> Result<Vec<f64>, EstimateError<ErrorOf<P>>> {
        self.sample(state, first, seeds)
    }

    fn locate(&self, k: usize, _: Component) -> (usize, Component) {
        flat::locate(k, self.martingale.theta.len())
    }

    fn estimate(&self, moments: &Moments<Vec<f64>, f64>) -> Self::Estimate {
        flat::estimate::<ResultsOf<P>>(moments, self.martingale.theta.len(), 1)
    }
}

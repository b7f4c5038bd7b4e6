//! The mix of replay and score with martingale controls besides.

use super::controls::Plan;
use super::martingale::{AFTER_LEARNING, Learned, gather};
use super::mix::{Fit, LEARNED, Mix};
use super::score::BATCH;
use super::{At, ByChoices, Method, Replay, Replays, Sampled};
use crate::estimate::error::EstimateError;
use crate::estimate::estimator::{Estimator, Runs, Seeds, sealed::Sealed};
use crate::estimate::moments::Moments;
use crate::estimate::report::Order;
use crate::program::{ErrorOf, Outcome, Program, ResultsOf, Values};
use crate::scalar::Jet;

impl<P: Program<Theta = [f64; N]>, const N: usize> Estimator<ByChoices<Mix<N, ResultsOf<P>>, P, [f64; N]>> {
    /// With the controls of [`martingale`](crate::estimate::martingale) in the scores' part: for counts, populations and long
    /// walks where single choices matter too.
    ///
    /// With r of replay, s of scores and m of scores with controls, the estimate is x + γ (m - x), x = r + β (s - r). For
    /// each derivative β and γ have the least variance over the samples before. What controls are worth is learned from
    /// samples that are not the estimate's, so that scores need no batches for their baseline. What a
    /// [`pilot`](Estimator::pilot) has decided before is forgotten.
    ///
    /// * Needs: as [`mix`](crate::estimate::mix), and a heap.
    /// * Bias: none.
    /// * Variance: in six programs of the tests at most 1.1 times that of `mix` or of `martingale`, whichever is less, from a
    ///   hundred samples on; down to nothing where the result is a sum of squares of counts. A
    ///   [`race`](crate::program::Chance::race) is two choices and a draw here, with heavy tails: up to 1.8 times that of `mix` for
    ///   births and deaths, where `martingale`, which sees a race as a whole, has a tenth. 95 % intervals of a derivative that
    ///   controls explain nearly wholly cover in 90 % at 100 samples and in 94 % at 1000.
    /// * Cost: a sample that of `mix`, and what controls cost: 1 to 1.8 times `mix` for binomial choices, 2 to 3 times for coins.
    ///   1228 more runs to learn from at the least, and 3124 at the most.
    /// * When: counts or many choices, and single choices that matter besides. Variance times time of `mix` with controls, in units of
    ///   that of plain `mix`, 65 536 samples: 0.002 to 0.6 for sums of coins, walks, epidemics, binomial tails; 0.6 for the program
    ///   below; 1.4 to 1.8 for a square of twenty coins, an exit time, the logarithm of a geometric number; up to 6 where there
    ///   are few choices or none. Where controls explain nearly all, `martingale` alone needs half of the time.
    ///
    /// ```
    /// use reparam::{estimate, prelude::*};
    /// // a normal draw about a count, times the count and a coin: single choices and the sum of many matter
    /// let f = program!(|[p]: [S; 1], chance| -> Result<S, LawError> {
    ///     let k = chance.binomial(10, p) as f64;
    ///     let c = 2.0 * k + if chance.bernoulli(p) { 3.0 } else { 0.0 };
    ///     let y = chance.draw(&Normal::new(S::from(k), p * (-p + 1.0))?);
    ///     Ok(p * (-p + 1.0) * y * c)
    /// });
    /// let mix = estimate::mix([0.6], f);
    /// let e = mix.clone().controls().run_seed(1).unwrap();
    /// assert!((e.gradient[0] - 47.76).abs() < 5.0 * e.gradient_se[0]);
    /// assert!(e.gradient_se[0] < 0.6 * mix.run_seed(1).unwrap().gradient_se[0]);
    /// ```
    pub fn controls(self) -> Estimator<ByChoices<Controlled<N, ResultsOf<P>>, P, [f64; N]>> {
        self.map(|ByChoices { theta, program, method }| {
            let method = Controlled { replay: method.into_replay(), learned: None, fits: None };
            ByChoices { theta, program, method }
        })
    }
}

/// Replay and score with martingale controls as a method: see [`controls`](Estimator::controls).
pub struct Controlled<const N: usize, V: Values> {
    replay: Replay<N>,
    learned: Option<Learned>,
    /// Those of each result, once there are some: of scores beside replay, and of scores with controls beside both.
    fits: Option<V::Of<[[Fit; 2]; N]>>,
}

impl<const N: usize, V: Values> Clone for Controlled<N, V> {
    fn clone(&self) -> Self {
        Controlled { replay: self.replay.clone(), learned: self.learned.clone(), fits: self.fits.clone() }
    }
}

impl<const N: usize, V: Values> Controlled<N, V> {
    /// The mix of a sample, which then counts for the next.
    fn sample<P: Program<Theta = [f64; N], Output: Outcome<Values = V>>>(
        &mut self,
        program: &P,
        theta: &[f64; N],
        at: At<'_>,
    ) -> Sampled<P, Jet<f64, N>> {
        let Controlled { replay, learned: Some(learned), fits } = self else {
            return Err(EstimateError::TooFewSamples { samples: 0 });
        };
        let watch = (replay.reservoir.fill(at.aside()), learned.using::<_, false>([0.0; N]));
        let (f, (filling, using)) = at.run(program, &Jet::variables(*theta), &[], watch)?;
        let total = filling.end();
        let (expected, found) = (learned.results(), V::slice(&f).len());
        if expected != found {
            return Err(EstimateError::Results { sample: at.sample, expected, found });
        }
        // first, as what the reservoir has kept is then lost
        let mut x = replay.jumps(program, theta, at, f.clone(), total)?;
        let mut scored = f.clone();
        if using.blind.is_some() {
            let missed = replay.missed(program, theta, at, &f)?;
            at.both::<V, Jet<f64, N>, Jet<f64, N>, _>(&mut scored, &missed, |x, m| *x += m)?;
        }
        let mut controlled = scored.clone();
        let both = V::slice_mut(&mut scored).iter_mut().zip(V::slice_mut(&mut controlled)).zip(V::slice(&f));
        for (k, ((scored, controlled), f)) in both.enumerate() {
            let f: &Jet<f64, N> = f;
            learned.add_scores(&using, k, f.re, &mut scored.eps);
            learned.add(&using, k, f.re, &mut controlled.eps);
        }
        for part in [&x, &scored, &controlled] {
            at.finite::<V, Jet<f64, N>, _>(part)?;
        }

        let fits = fits.get_or_insert_with(|| V::map(&x, |_: &Jet<f64, N>| [[Fit::default(); 2]; N]));
        let (scored, controlled): (&[Jet<f64, N>], &[Jet<f64, N>]) = (V::slice(&scored), V::slice(&controlled));
        let xs: &mut [Jet<f64, N>] = V::slice_mut(&mut x);
        for (((x, fits), s), m) in xs.iter_mut().zip(V::slice_mut::<[[Fit; 2]; N]>(fits)).zip(scored).zip(controlled) {
            for (i, [scores, controls]) in fits.iter_mut().enumerate() {
                x.eps[i] = controls.mixed(scores.mixed(x.eps[i], s.eps[i]), m.eps[i]);
            }
        }
        Ok(x)
    }
}

impl<const N: usize, V: Values> Sealed for Controlled<N, V> {}

impl<const N: usize, V: Values> Replays<N> for Controlled<N, V> {
    fn replay(&mut self) -> &mut Replay<N> {
        &mut self.replay
    }
}

impl<P: Program<Theta = [f64; N]>, const N: usize> Method<P, [f64; N]> for Controlled<N, ResultsOf<P>> {
    type Number = Jet<f64, N>;
    type Estimate = <Jet<f64, N> as Order<N>>::Estimate<ResultsOf<P>>;

    fn check(&self) -> Result<(), EstimateError<ErrorOf<P>>> {
        Method::<P, [f64; N]>::check(&self.replay)
    }

    /// What controls are worth, and then a first β and γ from a sixteenth as many samples as the estimate has, of 128 to 1024.
    fn learn(
        &mut self,
        program: &P,
        theta: &[f64; N],
        samples: u64,
        seeds: Seeds,
    ) -> Result<(), EstimateError<ErrorOf<P>>> {
        let gather = |at: At<'_>, plan: &Plan| gather::<P, N, false>(program, theta, at, plan);
        let learning = (learning_for(samples), seeds);
        self.learned = Some(Learned::from_runs::<P, _, false>(program, theta, N, learning, gather)?);
        for i in 0..first_samples(samples) {
            self.sample(program, theta, At::new(AFTER_LEARNING + i, seeds))?;
        }
        Ok(())
    }

    fn mean(&mut self, program: &P, theta: &[f64; N], first: u64, runs: Runs<'_>) -> Sampled<P, Jet<f64, N>> {
        self.sample(program, theta, At::new(first, runs))
    }

    fn estimate(&self, moments: &Moments<ResultsOf<P>, Jet<f64, N>>) -> Self::Estimate {
        Order::estimate(moments, 1)
    }
}

/// The length of the estimate that controls are learned for: a thousand runs at the least. Where scores have heavy tails, what is
/// learned from 250 does harm that the first β and γ, from hundreds of samples, cannot see.
pub(super) fn learning_for(samples: u64) -> u64 {
    samples.max(8000)
}

/// How many samples a first β and γ are from, as those of a mix without controls.
pub(super) fn first_samples(samples: u64) -> u64 {
    let batch = BATCH as u64;
    (samples / 16).clamp(LEARNED.0 * batch, LEARNED.1 * batch)
}

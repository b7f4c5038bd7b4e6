//! The cross-fitted mix of replay and score.

use super::score::{BATCH, leave_one_out};
use super::sealed::Sealed;
use super::{ByChoices, Method, Replay, Replays, Score, aside, finite};
use crate::estimate::error::EstimateError;
use crate::estimate::moments::Moments;
use crate::program::{Handle, Program, Scores};
use crate::scalar::Jet;
use rand::Rng;

/// The value and gradient of a program with choices by a mix of [`replay`](super::replay) and leave-one-out
/// [`score`](super::score): the one to start with.
///
/// Both use the same run in jets. For each parameter the mix r + β (s - r) has the β that minimizes the variance over the batches of
/// 16 before, so that it is independent of the batch that it is used on; the first batches, 64 at the most, serve that only.
///
/// * Needs: what score needs.
/// * Bias: none.
/// * Variance: that of the better of the two or less, but for what β, known from finitely many batches, adds: a few per cent.
/// * Cost: two runs a sample; the score comes for nearly nothing.
/// * When: always, unless cells are empty ([`replay`](super::replay)) or a Hessian is wanted.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::{estimate, prelude::*};
/// // one of three values, with probabilities p/2, p/2, 1 - p
/// let f = program!(|[p]: [S; 1], choose| -> S {
///     let values = [3.5, 5.2, 8.4];
///     S::from(values[choose.categorical(&[p * 0.5, p * 0.5, -p + 1.0])])
/// });
/// let e = estimate::mix([0.3], f).samples(20_000).run(&mut Xoshiro256PlusPlus::seed_from_u64(1)).unwrap();
/// assert!((e.gradient[0] + 4.05).abs() < 5.0 * e.gradient_se[0]);
/// ```
pub fn mix<P: Program<N>, const N: usize>(theta: [f64; N], program: P) -> ByChoices<Mix<N>, P, N> {
    ByChoices::new(theta, program, Mix { replay: Replay::new(), fits: [Fit::default(); N], choice: Choice::Mix })
}

/// Replay and score as a method: see [`mix`].
#[derive(Clone)]
pub struct Mix<const N: usize> {
    replay: Replay<N>,
    fits: [Fit; N],
    choice: Choice,
}

/// What a mix makes of its two parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Choice {
    /// Both.
    Mix,
    /// Replay alone.
    Replay,
    /// Score alone.
    Score,
}

/// The regression of r on s - r over batches.
#[derive(Clone, Copy, Default)]
struct Fit {
    batches: f64,
    replay: f64,
    difference: f64,
    /// The sums of squares of the difference, and of its products with r, about their means.
    square: f64,
    product: f64,
}

impl Fit {
    fn push(&mut self, replay: f64, difference: f64) {
        self.batches += 1.0;
        let before = difference - self.difference;
        self.difference += before / self.batches;
        self.replay += (replay - self.replay) / self.batches;
        self.square += before * (difference - self.difference);
        self.product += before * (replay - self.replay);
    }

    /// β, 0 before there is anything to go by.
    fn slope(&self) -> f64 {
        if self.batches >= 4.0 && self.square > 0.0 { -self.product / self.square } else { 0.0 }
    }
}

/// A batch's means by replay and by score.
type Parts<const N: usize> = (Jet<f64, N>, Jet<f64, N>);

impl<const N: usize> Mix<N> {
    fn parts<P: Program<N>, R: Rng + ?Sized>(
        &mut self,
        program: &P,
        theta: [f64; N],
        first: u64,
        rng: &mut R,
    ) -> Result<Parts<N>, EstimateError<P::Error>> {
        let mut batch = [(Jet::from(0.0), Jet::from(0.0)); BATCH];
        let mut replayed = Jet::from(0.0);
        for (i, s) in batch.iter_mut().enumerate() {
            let (sample, seed) = (first + i as u64, rng.next_u64());
            let in_sample = |e| EstimateError::of_run(sample, e);
            let watch = (self.replay.reservoir.fill(aside(seed)), Scores::new());
            let (f, (filling, scores)) =
                Handle::run(program, Jet::variables(theta), seed, &[], watch).map_err(in_sample)?;
            let total = filling.end();
            if scores.is_blind {
                return Err(EstimateError::EmptyCell { sample });
            }
            *s = (f, scores.weight());
            finite(f * s.1, sample)?;
            replayed += finite(self.replay.jumps(program, theta, seed, f, total).map_err(in_sample)?, sample)?;
        }
        Ok((replayed / BATCH as f64, leave_one_out(&batch)))
    }

    /// The mix of a batch, which then counts for the next.
    fn mixed(&mut self, (replay, score): Parts<N>) -> Jet<f64, N> {
        let mut x = replay;
        for (i, fit) in self.fits.iter_mut().enumerate() {
            let difference = score.eps[i] - replay.eps[i];
            x.eps[i] += fit.slope() * difference;
            fit.push(replay.eps[i], difference);
        }
        x
    }
}

impl<P: Program<N>, const N: usize> ByChoices<Mix<N>, P, N> {
    /// Decides between replay, score and their mix by the lowest variance (of all parameters together) times cost (in runs) over
    /// some samples, which the estimate itself does not use.
    ///
    /// # Errors
    /// Those of [`ByChoices::run`].
    ///
    /// ```
    /// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
    /// use reparam::{estimate::{self, Choice}, prelude::*};
    /// let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    /// let f = program!(|[p]: [S; 1], choose| -> S { S::from((1..=100).filter(|_| choose.bernoulli(p)).sum::<i32>() as f64) });
    /// let e = estimate::mix([0.5], f).pilot(1600, &mut rng).unwrap();
    /// assert_ne!(e.chosen(), Choice::Score);
    /// let e = e.run(&mut rng).unwrap();
    /// assert!((e.gradient[0] - 5050.0).abs() < 5.0 * e.gradient_se[0]);
    /// ```
    pub fn pilot<R: Rng + ?Sized>(mut self, samples: u64, rng: &mut R) -> Result<Self, EstimateError<P::Error>> {
        let batch = BATCH as u64;
        let batches = samples.div_ceil(batch);
        if batches < 2 {
            return Err(EstimateError::TooFewSamples { samples });
        }
        let mut moments = [Moments::new(), Moments::new(), Moments::new()];
        self.method.replay.runs = 0;
        for i in 0..batches {
            let parts = self.method.parts(&self.program, self.theta, i * batch, rng)?;
            let means = [self.method.mixed(parts), parts.0, parts.1];
            moments.iter_mut().zip(means).for_each(|(m, x)| m.push(x));
        }
        let replays = self.method.replay.runs as f64 / (batches * batch) as f64;
        let costs = [1.0 + replays, 1.0 + replays, 1.0];
        let price = |i: usize| moments[i].standard_error().eps.iter().map(|se| se * se).sum::<f64>() * costs[i];
        let choices = [Choice::Mix, Choice::Replay, Choice::Score];
        let best = (1..3).fold(0, |best, i| if price(i) < price(best) { i } else { best });
        self.method.choice = choices[best];
        Ok(self)
    }

    /// What is used: [`Choice::Mix`] unless a pilot decided otherwise.
    pub fn chosen(&self) -> Choice {
        self.method.choice
    }
}

impl<const N: usize> Sealed for Mix<N> {}

impl<const N: usize> Replays<N> for Mix<N> {
    fn replay(&mut self) -> &mut Replay<N> {
        &mut self.replay
    }
}

impl<P: Program<N>, const N: usize> Method<P, N> for Mix<N> {
    type Number = Jet<f64, N>;

    fn batch(&self) -> u64 {
        BATCH as u64
    }

    /// A first β, from up to a sixteenth as many samples as the estimate has.
    fn learn<R: Rng + ?Sized>(
        &mut self,
        program: &P,
        theta: [f64; N],
        batches: u64,
        rng: &mut R,
    ) -> Result<(), EstimateError<P::Error>> {
        if self.choice == Choice::Mix && self.fits.iter().all(|fit| fit.batches == 0.0) {
            for i in 0..(batches / 16).clamp(4, 64) {
                let parts = self.parts(program, theta, i * BATCH as u64, rng)?;
                self.mixed(parts);
            }
        }
        Ok(())
    }

    fn mean<R: Rng + ?Sized>(
        &mut self,
        program: &P,
        theta: [f64; N],
        first: u64,
        rng: &mut R,
    ) -> Result<Jet<f64, N>, EstimateError<P::Error>> {
        match self.choice {
            Choice::Mix => {
                let parts = self.parts(program, theta, first, rng)?;
                Ok(self.mixed(parts))
            }
            Choice::Score => Score::default().mean(program, theta, first, rng),
            Choice::Replay => {
                let mut sum = Jet::from(0.0);
                for i in 0..BATCH as u64 {
                    sum += self.replay.mean(program, theta, first + i, rng)?;
                }
                Ok(sum / BATCH as f64)
            }
        }
    }
}

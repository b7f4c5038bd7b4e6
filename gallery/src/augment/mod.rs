//! How strongly should training images be shifted and turned, and how long should a step be? A learning strategy is
//! learned by differentiating through the training.
//!
//! A classifier of digits is trained on few images by stochastic gradient descent, each image in a random pose. Its
//! loss on other images, the validation loss, is a random number that depends on the spread of shifts and angles and on the
//! rate of the steps. With jets for these three the whole training, draws and all, carries the derivatives along. Gradient
//! descent on the strategy costs a few trainings a step, whatever the number of its parameters; a grid costs a power.

use gallery::digits::{Classifier, Digit, SIDE, sample};
use gallery::{Error, Generator};
use reparam::estimate::{self, Estimate};
use reparam::noise;
use reparam::prelude::*;
use reparam::step::{Adam, Rule, Schedule};

/// Logarithms of the standard deviations of shifts, in pixels, and of angles, in radians, and of the rate of the steps.
pub type Strategy<S> = [S; 3];

/// Names of the three.
pub const NAMES: [&str; 3] = ["shift", "angle", "rate"];

/// Where the learning begins.
pub const START: Strategy<f64> = [0.1, 0.05, 0.02];

/// Where no strategy leads: four pixels, half a turn, steps that diverge.
const MOST: Strategy<f64> = [4.0, 3.0, 0.5];

/// Training and validation images, and the training.
#[derive(Clone, Copy, Debug)]
pub struct Task<'a> {
    /// Few.
    pub train: &'a [Digit],
    /// Many.
    pub validate: &'a [Digit],
    /// Steps of the training.
    pub steps: u32,
}

/// Images of a step of the training.
const BATCH: usize = 20;

impl Task<'_> {
    /// A classifier, trained.
    pub fn trained<S: Scalar, R: Rng + ?Sized>(&self, strategy: Strategy<S>, rng: &mut R) -> Classifier<S> {
        let [shift, angle, rate] = strategy.map(|ln| ln.exp());
        let mut classifier = Classifier::new();
        let mut momentum = classifier.momentum();
        for _ in 0..self.steps {
            let batch: Vec<(Vec<S>, usize)> = (0..BATCH)
                .map(|_| {
                    let digit = &self.train[(noise::uniform(rng) * self.train.len() as f64) as usize];
                    let mut normal = |spread: S| spread * noise::normal(rng);
                    let pose = [normal(angle), S::from(0.0), normal(shift), normal(shift)];
                    (sample(&digit.pixels, SIDE, SIDE, pose), digit.label)
                })
                .collect();
            classifier.step(batch.iter().map(|(pixels, label)| (pixels.as_slice(), *label)), rate, &mut momentum);
        }
        classifier
    }

    /// The mean loss on the validation images of a classifier trained by this strategy.
    pub fn loss<S: Scalar, R: Rng + ?Sized>(&self, strategy: Strategy<S>, rng: &mut R) -> S {
        let classifier = self.trained(strategy, rng);
        let lost = |digit: &Digit| {
            let pixels: Vec<S> = digit.pixels.iter().map(|x| S::from(*x)).collect();
            -classifier.ln_probabilities(&pixels, |w| w)[digit.label]
        };
        self.validate.iter().fold(S::from(0.0), |sum, digit| sum + lost(digit)) / self.validate.len() as f64
    }

    /// The expected loss of a strategy with its gradient.
    ///
    /// # Errors
    /// A training diverges.
    pub fn expected(
        &self,
        strategy: Strategy<f64>,
        runs: u64,
        rng: &mut Generator,
    ) -> Result<Estimate<[f64; 3]>, Error> {
        let f = |strategy: Strategy<Jet<f64, 3>>, rng: &mut estimate::Handle<Jet<f64, 3>>| self.loss(strategy, rng);
        Ok(estimate::pathwise(strategy, f).samples(runs).run(rng)?)
    }

    /// The strategy after each step of learning, and the loss that was seen there.
    ///
    /// # Errors
    /// A training diverges.
    pub fn learn(
        &self,
        steps: u32,
        runs: u64,
        rng: &mut Generator,
        mut progress: impl FnMut(),
    ) -> Result<Vec<(Strategy<f64>, f64)>, Error> {
        let mut strategy = START.map(f64::ln);
        let (mut adam, schedule) = (Adam::new(&strategy), Schedule::linear(0.25, 0.0, steps.into())?);
        let mut path = Vec::new();
        for step in 0..steps {
            let e = self.expected(strategy, runs, rng)?;
            path.push((strategy, e.value));
            adam.step(&mut strategy, &e.gradient, schedule.rate(step.into()))?;
            strategy.iter_mut().zip(MOST).for_each(|(x, most)| *x = x.min(most.ln()));
            progress();
        }
        path.push((strategy, f64::NAN));
        Ok(path)
    }

    /// The best of a grid with so many values of each of the three, by as many runs each, from half of the start to
    /// where no strategy leads.
    pub fn search(&self, values: usize, runs: u64, rng: &mut Generator) -> Strategy<f64> {
        let mut best = (START.map(f64::ln), f64::INFINITY);
        for i in 0..values.pow(3) {
            let place = [i % values, i / values % values, i / (values * values)];
            let strategy = std::array::from_fn(|k| {
                let (low, high) = ((0.5 * START[k]).ln(), MOST[k].ln());
                low + (high - low) * place[k] as f64 / (values as f64 - 1.0).max(1.0)
            });
            let loss = (0..runs).map(|_| self.loss(strategy, rng)).sum::<f64>() / runs as f64;
            if loss < best.1 {
                best = (strategy, loss);
            }
        }
        best.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gallery::digits::read;
    use rand_xoshiro::rand_core::SeedableRng;

    /// Through all draws and all steps, against central differences on the same random numbers.
    #[test]
    fn the_gradient_runs_through_the_training() {
        let digits = read(None).unwrap();
        let task = Task { train: &digits[..40], validate: &digits[40..140], steps: 20 };
        let strategy = [0.4f64, 0.2, 0.05].map(f64::ln);
        let loss = |strategy: Strategy<f64>| task.loss(strategy, &mut Generator::seed_from_u64(3));
        let jet = task.loss(Jet::<f64, 3>::variables(strategy), &mut Generator::seed_from_u64(3));
        assert_eq!(jet.re, loss(strategy));
        for k in 0..3 {
            let moved = |by: f64| loss(std::array::from_fn(|i| strategy[i] + if i == k { by } else { 0.0 }));
            let slope = (moved(1e-6) - moved(-1e-6)) / 2e-6;
            assert!((jet.eps[k] - slope).abs() < 1e-5 * slope.abs().max(0.1), "{k}: {} {slope}", jet.eps[k]);
        }
    }

    #[test]
    fn learning_is_no_worse_than_the_grid_and_better_than_none() {
        let digits = read(None).unwrap();
        let task = Task { train: &digits[..30], validate: &digits[30..230], steps: 100 };
        let mut rng = Generator::seed_from_u64(1);
        let path = task.learn(20, 2, &mut rng, || ()).unwrap();
        let learned = path[path.len() - 1].0;
        // 54 trainings without derivatives, where the learning had 40 with them
        let found = task.search(3, 2, &mut rng);
        let fresh = Task { validate: &digits[230..630], ..task };
        let mut expected = |strategy| fresh.expected(strategy, 12, &mut rng).unwrap();
        let (learned, grid) = (expected(learned), expected(found));
        let none = expected([-20.0, -20.0, path[path.len() - 1].0[2]]);
        let se = |a: &Estimate<[f64; 3]>, b: &Estimate<[f64; 3]>| a.value_se.hypot(b.value_se);
        assert!(learned.value < grid.value + 3.0 * se(&learned, &grid), "{learned} {grid}");
        assert!(learned.value < none.value - 5.0 * se(&learned, &none), "{learned} {none}");
    }
}

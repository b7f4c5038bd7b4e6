//! Simulations of agents, with a parameter for every place, light or kind of guest: gradients that are exact on average,
//! beside what people do without them.
//!
//! The three are written as ordinary programs. What happens to an agent is a choice through the handle; every parameter
//! is the logarithm of a rate, or a logit. So [`estimate::score_dyn`] has all derivatives of one run at once, whatever their
//! number, and [`estimate::replay_dyn`] of two. Finite differences take two runs for each parameter; smoothing moves all
//! parameters at random and takes the derivative of a blurred function. Both are biased.
//!
//! The kind of models is that of Andelfinger & Kreikemeyer 2023, "Automatic gradient estimation for calibrating crowd models
//! with discrete decision making", and of its successor DiscoGrad.

mod hotel;
mod lights;
mod outbreak;

pub use hotel::Hotel;
pub use lights::Lights;
pub use outbreak::Outbreak;

use gallery::Generator;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::estimate;
use reparam::noise;
use reparam::prelude::*;
use reparam::program;
use reparam::step::{Adam, Rule};

/// One of the simulations.
#[derive(Clone, Debug)]
pub enum Model {
    /// An illness among people who move between places.
    Outbreak(Outbreak),
    /// Cars at the lights of a grid of streets.
    Lights(Lights),
    /// Bookings of a hotel.
    Hotel(Hotel),
}

impl Model {
    /// All three.
    pub fn all(rng: &mut Generator) -> [Model; 3] {
        [
            Model::Outbreak(Outbreak::new(100, 200, 15, rng)),
            Model::Lights(Lights { side: 7, steps: 60 }),
            Model::Hotel(Hotel::week(20, 120, rng)),
        ]
    }

    /// Its name, and what its result is.
    pub fn names(&self) -> [&'static str; 2] {
        match self {
            Model::Outbreak(_) => ["outbreak", "people infected"],
            Model::Lights(_) => ["lights", "minutes that cars wait"],
            Model::Hotel(_) => ["hotel", "money not earned"],
        }
    }

    /// Where the parameters start.
    pub fn start(&self) -> Vec<f64> {
        match self {
            Model::Outbreak(model) => vec![0.0; model.places()],
            Model::Lights(model) => vec![-1.5; model.parameters()],
            Model::Hotel(model) => vec![2.0; model.kinds()],
        }
    }

    /// What the parameters themselves cost, and its derivatives: a place that is made safer costs effort.
    pub fn effort(&self, theta: &[f64], gradient: &mut [f64]) -> f64 {
        let Model::Outbreak(model) = self else { return 0.0 };
        theta.iter().zip(gradient).fold(0.0, |sum, (x, g)| {
            let (cost, slope) = model.effort(*x);
            *g += slope;
            sum + cost
        })
    }

    /// One run.
    fn run<S: Scalar>(&self, theta: &[S], chance: &mut impl Chance<S>) -> S {
        match self {
            Model::Outbreak(model) => model.run(theta, chance),
            Model::Lights(model) => model.run(theta, chance),
            Model::Hotel(model) => model.run(theta, chance),
        }
    }

    fn program(&self) -> impl Program<Theta = [f64], Output = f64> + Copy {
        let model = self;
        program!(|theta: &[S], chance| using (model: &Model) -> S { model.run(theta, chance) })
    }

    /// The mean result of some runs.
    pub fn mean(&self, theta: &[f64], runs: u64, rng: &mut Generator) -> Result<f64, gallery::Error> {
        let mut sum = 0.0;
        for _ in 0..runs {
            sum += program::run::<f64, _>(&self.program(), theta, rng.next_u64())?;
        }
        Ok(sum / runs as f64)
    }
}

/// A way to a gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By scores: one run a sample.
    Scores,
    /// By replay: two runs a sample.
    Replay,
    /// Central differences with this step on the same random numbers: two runs for each parameter.
    Differences,
    /// The derivative of the mean over normal perturbations of this size: two runs a sample.
    Smoothing,
}

/// All of them.
pub const WAYS: [Way; 4] = [Way::Scores, Way::Replay, Way::Differences, Way::Smoothing];

/// The step of differences and the size of perturbations, in logarithms of rates.
const STEP: f64 = 0.2;

impl Way {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Way::Scores => "score_dyn",
            Way::Replay => "replay_dyn",
            Way::Differences => "differences",
            Way::Smoothing => "smoothing",
        }
    }

    /// The gradient of the mean result, and its standard errors, from about this many runs.
    pub fn gradient(
        self,
        model: &Model,
        theta: &[f64],
        runs: u64,
        rng: &mut Generator,
    ) -> Result<(Vec<f64>, Vec<f64>), gallery::Error> {
        let parameters = theta.len() as u64;
        match self {
            Way::Scores => {
                let e = estimate::score_dyn(theta, model.program()).samples(runs.max(32)).run(rng)?;
                Ok((e.gradient, e.gradient_se))
            }
            Way::Replay => {
                let e = estimate::replay_dyn(theta, model.program()).samples((runs / 2).max(2)).run(rng)?;
                Ok((e.gradient, e.gradient_se))
            }
            Way::Differences => by_samples((runs / (2 * parameters)).max(2), theta, |sample| {
                let seed = rng.next_u64();
                let mut moved = theta.to_vec();
                for (i, slope) in sample.iter_mut().enumerate() {
                    moved[i] = theta[i] + STEP;
                    let above = program::run::<f64, _>(&model.program(), &moved, seed)?;
                    moved[i] = theta[i] - STEP;
                    let below = program::run::<f64, _>(&model.program(), &moved, seed)?;
                    moved[i] = theta[i];
                    *slope = (above - below) / (2.0 * STEP);
                }
                Ok(())
            }),
            Way::Smoothing => by_samples((runs / 2).max(2), theta, |sample| {
                sample.iter_mut().for_each(|z| *z = noise::normal(rng));
                let seed = rng.next_u64();
                let at = |sign: f64| {
                    let moved: Vec<f64> = theta.iter().zip(&*sample).map(|(x, z)| x + sign * STEP * z).collect();
                    program::run::<f64, _>(&model.program(), &moved, seed)
                };
                let slope = (at(1.0)? - at(-1.0)?) / (2.0 * STEP);
                sample.iter_mut().for_each(|z| *z *= slope);
                Ok(())
            }),
        }
    }
}

/// Means and standard errors of samples of a gradient.
fn by_samples(
    samples: u64,
    theta: &[f64],
    mut fill: impl FnMut(&mut [f64]) -> Result<(), gallery::Error>,
) -> Result<(Vec<f64>, Vec<f64>), gallery::Error> {
    let (mut sample, n) = (vec![0.0; theta.len()], samples as f64);
    let (mut sum, mut squares) = (sample.clone(), sample.clone());
    for _ in 0..samples {
        fill(&mut sample)?;
        for ((x, sum), square) in sample.iter().zip(&mut sum).zip(&mut squares) {
            *sum += x;
            *square += x * x;
        }
    }
    let mean: Vec<f64> = sum.iter().map(|sum| sum / n).collect();
    let se = mean.iter().zip(&squares).map(|(m, q)| ((q / n - m * m).max(0.0) / (n - 1.0)).sqrt()).collect();
    Ok((mean, se))
}

/// Errors of a gradient over all parameters, as root mean squares.
#[derive(Clone, Copy, Debug)]
pub struct Errors {
    /// The distance from the reference, less what the reference's own error adds.
    pub error: f64,
    /// What the standard errors explain of it.
    pub noise: f64,
}

/// The gradient by scores and by replay together, each with the weight of its precision, and its standard errors.
pub fn reference(
    model: &Model,
    theta: &[f64],
    runs: u64,
    rng: &mut Generator,
) -> Result<(Vec<f64>, Vec<f64>), gallery::Error> {
    let (a, a_se) = Way::Scores.gradient(model, theta, runs, rng)?;
    let (b, b_se) = Way::Replay.gradient(model, theta, runs, rng)?;
    // one weight for all parameters: standard errors of rare events are known badly
    let square = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>();
    let w = square(&b_se) / (square(&a_se) + square(&b_se));
    let mean = a.iter().zip(&b).map(|(a, b)| w * a + (1.0 - w) * b).collect();
    let se = a_se.iter().zip(&b_se).map(|(a, b)| (w * a).hypot((1.0 - w) * b)).collect();
    Ok((mean, se))
}

/// How far a gradient is from the reference.
pub fn errors((gradient, se): &(Vec<f64>, Vec<f64>), (exact, exact_se): &(Vec<f64>, Vec<f64>)) -> Errors {
    let n = gradient.len() as f64;
    let mean_square = |x: &mut dyn Iterator<Item = f64>| x.map(|x| x * x).sum::<f64>() / n;
    let own = mean_square(&mut exact_se.iter().copied());
    let distance = mean_square(&mut gradient.iter().zip(exact).map(|(a, b)| a - b));
    Errors { error: (distance - own).max(0.0).sqrt(), noise: mean_square(&mut se.iter().copied()).sqrt() }
}

/// The objective after each of some steps of Adam with gradients from this many runs.
pub fn descend(
    model: &Model,
    way: Way,
    (steps, runs, rate): (u32, u64, f64),
    rng: &mut Generator,
) -> Result<Vec<f64>, gallery::Error> {
    let mut theta = model.start();
    let mut adam = Adam::new(&theta);
    // all curves are read off by the same random numbers
    let value = |theta: &[f64]| -> Result<f64, gallery::Error> {
        let mean = model.mean(theta, 400, &mut Generator::seed_from_u64(7))?;
        Ok(mean + model.effort(theta, &mut vec![0.0; theta.len()]))
    };
    let mut curve = vec![value(&theta)?];
    for _ in 0..steps {
        let (mut gradient, _) = way.gradient(model, &theta, runs, rng)?;
        model.effort(&theta, &mut gradient);
        adam.step(&mut theta, &gradient, rate)?;
        // rates stay within a factor of 150 of 1
        theta.iter_mut().for_each(|x| *x = x.clamp(-5.0, 5.0));
        curve.push(value(&theta)?);
    }
    Ok(curve)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Small ones, every path of which can be listed.
    fn small() -> [Model; 3] {
        let mut rng = Generator::seed_from_u64(1);
        [
            Model::Outbreak(Outbreak::new(2, 3, 2, &mut rng)),
            Model::Lights(Lights { side: 1, steps: 5 }),
            Model::Hotel(Hotel::week(1, 6, &mut rng)),
        ]
    }

    fn exact(model: &Model, theta: &[f64]) -> Vec<f64> {
        (0..theta.len())
            .map(|i| {
                let mut x: Vec<Jet<f64, 1>> = theta.iter().map(|x| Jet::constant(*x)).collect();
                x[i] = Jet::variable(theta[i], 0);
                program::enumerate(x.as_slice(), model.program()).run().unwrap().value.eps[0]
            })
            .collect()
    }

    #[test]
    fn unbiased_gradients_are_those_of_all_paths() {
        for model in small() {
            let theta: Vec<f64> = model.start().iter().enumerate().map(|(i, x)| x + 0.1 * i as f64).collect();
            let exact = exact(&model, &theta);
            assert!(exact.iter().any(|g| *g != 0.0));
            let mut rng = Generator::seed_from_u64(2);
            for way in [Way::Scores, Way::Replay] {
                let (gradient, se) = way.gradient(&model, &theta, 40_000, &mut rng).unwrap();
                for i in 0..theta.len() {
                    let off = (gradient[i] - exact[i]).abs();
                    assert!(
                        off < 5.0 * se[i] + 1e-9,
                        "{} {way:?} {i}: {gradient:?} ± {se:?}, not {exact:?}",
                        model.names()[0]
                    );
                }
            }
        }
    }

    #[test]
    fn biased_ones_are_near() {
        for model in small() {
            let theta = model.start();
            let exact = exact(&model, &theta);
            let size = exact.iter().fold(0.0f64, |m, g| m.max(g.abs()));
            let mut rng = Generator::seed_from_u64(3);
            for way in [Way::Differences, Way::Smoothing] {
                let (gradient, se) = way.gradient(&model, &theta, 40_000, &mut rng).unwrap();
                for i in 0..theta.len() {
                    let off = (gradient[i] - exact[i]).abs();
                    assert!(
                        off < 5.0 * se[i] + 0.1 * size,
                        "{} {way:?} {i}: {gradient:?}, not {exact:?}",
                        model.names()[0]
                    );
                }
            }
        }
    }

    #[test]
    fn descent_by_scores_gets_better() {
        let mut rng = Generator::seed_from_u64(4);
        let model = Model::Hotel(Hotel::week(4, 40, &mut rng));
        let curve = descend(&model, Way::Scores, (40, 2000, 0.2), &mut rng).unwrap();
        let (first, last) = (curve[0], curve[curve.len() - 1]);
        assert!(last < 0.97 * first, "{curve:?}");
    }
}

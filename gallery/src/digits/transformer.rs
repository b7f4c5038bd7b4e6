//! The network that says a pose, and its training.

use super::{CANVAS, Classifier, Digit, Distortion, Pose, SIDE, sample};
use crate::{Error, Generator};
use reparam::noise;
use reparam::prelude::*;
use reparam::step::{Adam, Rule, Schedule};

/// Units of the hidden layer.
const HIDDEN: usize = 48;

/// Pixels of a canvas and a constant.
const INPUTS: usize = CANVAS * CANVAS + 1;

/// Images of a step.
const BATCH: usize = 32;

/// How far a pose is blurred at the beginning of the training, in its own units: the loss is a smoother function then.
const BLUR: Pose<f64> = [0.15, 0.05, 0.3, 0.3];

/// One hidden layer of hyperbolic tangents; the constant is the last input of each unit.
#[derive(Clone, Debug)]
pub struct Network {
    hidden: Vec<f64>,
    out: Vec<f64>,
}

impl Network {
    /// With random hidden units, and the pose that changes nothing.
    fn new(rng: &mut Generator) -> Self {
        let hidden = (0..HIDDEN * INPUTS).map(|_| 0.15 * noise::normal(rng)).collect();
        Network { hidden, out: vec![0.0; 4 * (HIDDEN + 1)] }
    }

    fn units(&self, image: &[f64]) -> Vec<f64> {
        let unit = |row: &[f64]| image.iter().zip(row).fold(row[INPUTS - 1], |sum, (x, w)| sum + x * w).tanh();
        self.hidden.chunks(INPUTS).map(unit).collect()
    }

    fn pose_of(&self, units: &[f64]) -> Pose<f64> {
        std::array::from_fn(|i| {
            let row = &self.out[i * (HIDDEN + 1)..(i + 1) * (HIDDEN + 1)];
            units.iter().zip(row).fold(row[HIDDEN], |sum, (h, w)| sum + h * w)
        })
    }

    /// The pose in which an image is to be looked at.
    pub fn pose(&self, image: &[f64]) -> Pose<f64> {
        self.pose_of(&self.units(image))
    }

    /// The image looked at in that pose.
    pub fn normalized(&self, image: &[f64]) -> Vec<f64> {
        sample(image, CANVAS, SIDE, self.pose(image))
    }

    /// Adds the gradient of the loss, whose derivatives in the pose are known, to `gradient`: the chain rule.
    fn chain(&self, image: &[f64], units: &[f64], slopes: Pose<f64>, gradient: &mut Network) {
        for (i, slope) in slopes.into_iter().enumerate() {
            let row = &mut gradient.out[i * (HIDDEN + 1)..(i + 1) * (HIDDEN + 1)];
            row.iter_mut().zip(units).for_each(|(g, h)| *g += slope * h);
            row[HIDDEN] += slope;
        }
        for (j, (h, row)) in units.iter().zip(gradient.hidden.chunks_mut(INPUTS)).enumerate() {
            let slope: f64 = (0..4).map(|i| slopes[i] * self.out[i * (HIDDEN + 1) + j]).sum();
            let slope = slope * (1.0 - h * h);
            row.iter_mut().zip(image).for_each(|(g, x)| *g += slope * x);
            row[INPUTS - 1] += slope;
        }
    }
}

/// Trains a network on random distortions of upright digits, by the loss of a classifier that stays as it is;
/// `progress` is told the mean loss of each step.
///
/// # Errors
/// The training diverges.
pub fn train(
    digits: &[Digit],
    classifier: &Classifier<f64>,
    distortion: Distortion,
    steps: u32,
    rng: &mut Generator,
    mut progress: impl FnMut(f64),
) -> Result<Network, Error> {
    let mut network = Network::new(rng);
    let zero = Network { hidden: vec![0.0; network.hidden.len()], out: vec![0.0; network.out.len()] };
    let (mut of_hidden, mut of_out) = (Adam::new(&network.hidden), Adam::new(&network.out));
    let schedule = Schedule::linear(0.01, 0.0, steps.into())?;
    for step in 1..=steps {
        let left = 1.0 - f64::from(step - 1) / f64::from(steps);
        let (mut gradient, mut loss) = (zero.clone(), 0.0);
        for _ in 0..BATCH {
            let digit = &digits[(noise::uniform(rng) * digits.len() as f64) as usize];
            let image = distortion.apply(digit, rng);
            let units = network.units(&image);
            // a draw around the pose, differentiable in it
            let pose = Jet::<f64, 4>::variables(network.pose_of(&units));
            let blurred = std::array::from_fn(|i| pose[i] + left * BLUR[i] * noise::normal(rng));
            let seen = sample(&image, CANVAS, SIDE, blurred);
            let lost = -classifier.ln_probabilities(&seen, Jet::from)[digit.label];
            loss += lost.re / BATCH as f64;
            network.chain(&image, &units, lost.eps.map(|e| e / BATCH as f64), &mut gradient);
        }
        let rate = schedule.rate((step - 1).into());
        of_hidden.step(&mut network.hidden, &gradient.hidden, rate)?;
        of_out.step(&mut network.out, &gradient.out, rate)?;
        progress(loss);
    }
    Ok(network)
}

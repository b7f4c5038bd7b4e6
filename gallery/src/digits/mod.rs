//! Images that turn themselves upright: handwritten digits, rotated, shifted and scaled at random, are normalized by a
//! small spatial transformer (Jaderberg et al. 2015), so that a classifier that knows upright digits only reads them.
//!
//! A network looks at an image and says a pose; the image is sampled at the pixels of a grid in that pose. Bilinear
//! sampling is a differentiable function of the pose: four partial derivatives of the classifier's loss run through the
//! sampler as a jet, and go on through the network by the chain rule. Nobody tells the network the right pose.

mod data;
mod transformer;

pub use data::{CANVAS, Digit, SIDE, read};
pub use transformer::{Network, train};

use crate::Generator;
use reparam::noise;
use reparam::prelude::*;

/// Angle, logarithm of the scale, and shift to the right and down in pixels.
pub type Pose<S> = [S; 4];

/// The value between pixels of a square image, by bilinear interpolation; 0 outside. Rows and columns count from 0.
fn bilinear<S: Scalar>(pixels: &[f64], side: usize, x: S, y: S) -> S {
    let (left, top) = (x.re().floor(), y.re().floor());
    let at = |dx: f64, dy: f64| {
        let (x, y) = (left + dx, top + dy);
        let inside = |z: f64| (0.0..side as f64).contains(&z);
        if inside(x) && inside(y) { pixels[y as usize * side + x as usize] } else { 0.0 }
    };
    let (fx, fy) = (x - left, y - top);
    let upper = fx * (at(1.0, 0.0) - at(0.0, 0.0)) + at(0.0, 0.0);
    let lower = fx * (at(1.0, 1.0) - at(0.0, 1.0)) + at(0.0, 1.0);
    upper + fy * (lower - upper)
}

/// A square image of `to` pixels a side: that of `from` pixels a side, looked at in a pose.
pub fn sample<S: Scalar>(pixels: &[f64], from: usize, to: usize, [angle, ln_scale, dx, dy]: Pose<S>) -> Vec<S> {
    let middle = |side: usize| (side as f64 - 1.0) / 2.0;
    let (cos, sin) = (ln_scale.exp() * angle.cos(), ln_scale.exp() * angle.sin());
    let place = |i: usize| {
        let (u, v) = ((i % to) as f64 - middle(to), (i / to) as f64 - middle(to));
        bilinear(pixels, from, cos * u - sin * v + dx + middle(from), sin * u + cos * v + dy + middle(from))
    };
    (0..to * to).map(place).collect()
}

/// How far images are turned, scaled and shifted at the most.
#[derive(Clone, Copy, Debug)]
pub struct Distortion {
    /// In radians, either way.
    pub angle: f64,
    /// In the logarithm, either way.
    pub ln_scale: f64,
    /// In pixels, each way.
    pub shift: f64,
}

impl Distortion {
    /// A digit on the larger canvas in a random pose.
    pub fn apply(&self, digit: &Digit, rng: &mut Generator) -> Vec<f64> {
        let mut uniform = |most: f64| most * (2.0 * noise::uniform(rng) - 1.0);
        let pose = [uniform(self.angle), uniform(self.ln_scale), uniform(self.shift), uniform(self.shift)];
        sample(&digit.pixels, SIDE, CANVAS, pose)
    }
}

/// Logistic regression on pixels: ten rows of weights, each with the constant last.
#[derive(Clone, Debug)]
pub struct Classifier<S> {
    weights: Vec<S>,
}

/// Pixels and a constant.
const INPUTS: usize = SIDE * SIDE + 1;

impl<S: Scalar> Classifier<S> {
    /// That knows nothing.
    pub fn new() -> Self {
        Classifier { weights: vec![S::from(0.0); 10 * INPUTS] }
    }

    /// The logarithms of the ten probabilities.
    pub fn ln_probabilities<T: Scalar>(&self, pixels: &[T], weight: impl Fn(S) -> T) -> [T; 10] {
        let logits: [T; 10] = std::array::from_fn(|k| {
            let row = &self.weights[k * INPUTS..(k + 1) * INPUTS];
            pixels.iter().zip(row).fold(weight(row[INPUTS - 1]), |sum, (x, w)| sum + *x * weight(*w))
        });
        let largest = logits.iter().map(|l| l.re()).fold(f64::NEG_INFINITY, f64::max);
        let total = logits.iter().fold(T::from(0.0), |sum, l| sum + (*l - largest).exp()).ln() + largest;
        logits.map(|l| l - total)
    }

    /// A step of gradient descent on the mean loss of a batch of images with their labels.
    pub fn step<'a>(&mut self, batch: impl ExactSizeIterator<Item = (&'a [S], usize)>, rate: S, momentum: &mut [S])
    where
        S: 'a,
    {
        let share = 1.0 / batch.len() as f64;
        momentum.iter_mut().for_each(|m| *m = *m * 0.9);
        for (pixels, label) in batch {
            let ln = self.ln_probabilities(pixels, |w| w);
            for (k, ln) in ln.into_iter().enumerate() {
                // the derivative of the loss in a logit
                let slope = (ln.exp() - if k == label { 1.0 } else { 0.0 }) * share;
                let row = &mut momentum[k * INPUTS..(k + 1) * INPUTS];
                row.iter_mut().zip(pixels).for_each(|(m, x)| *m += slope * *x);
                row[INPUTS - 1] += slope;
            }
        }
        self.weights.iter_mut().zip(momentum.iter()).for_each(|(w, m)| *w -= rate * *m);
    }

    /// As many numbers as there are weights, all 0.
    pub fn momentum(&self) -> Vec<S> {
        vec![S::from(0.0); self.weights.len()]
    }
}

impl<S: Scalar> Default for Classifier<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl Classifier<f64> {
    /// Trained on upright digits, all of them in every step.
    pub fn trained(digits: &[Digit], steps: u32) -> Self {
        let mut classifier = Classifier::new();
        let mut momentum = classifier.momentum();
        for _ in 0..steps {
            classifier.step(digits.iter().map(|d| (d.pixels.as_slice(), d.label)), 0.1, &mut momentum);
        }
        classifier
    }

    /// What an image is taken for.
    pub fn read(&self, pixels: &[f64]) -> usize {
        let ln = self.ln_probabilities(pixels, |w| w);
        (0..10).max_by(|a, b| ln[*a].total_cmp(&ln[*b])).unwrap_or(0)
    }
}

/// The share of right answers and its standard error.
pub fn accuracy(right: impl Iterator<Item = bool>) -> (f64, f64) {
    let (mut count, mut n) = (0.0, 0.0);
    for is_right in right {
        count += if is_right { 1.0 } else { 0.0 };
        n += 1.0;
    }
    let p: f64 = count / n;
    (p, (p * (1.0 - p) / n).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_xoshiro::rand_core::SeedableRng;

    #[test]
    fn a_grid_on_the_pixels_gives_the_pixels() {
        let digits = read(None).unwrap();
        let pixels = &digits[3].pixels;
        assert_eq!(&sample(pixels, SIDE, SIDE, [0.0; 4]), pixels);
        // a quarter turn, twice
        let turn = |p: &[f64]| sample(p, SIDE, SIDE, [std::f64::consts::FRAC_PI_2, 0.0, 0.0, 0.0]);
        let half = sample(pixels, SIDE, SIDE, [std::f64::consts::PI, 0.0, 0.0, 0.0]);
        for ((twice, half), upright) in turn(&turn(pixels)).iter().zip(&half).zip(pixels.iter().rev()) {
            assert!((twice - half).abs() < 1e-12 && (half - upright).abs() < 1e-12);
        }
    }

    /// Against central differences where no sample is on a line between pixels.
    #[test]
    fn the_sampler_has_the_right_derivatives() {
        let digits = read(None).unwrap();
        let pose = [0.3, 0.1, 0.23, -0.41];
        let jets = sample(&digits[5].pixels, SIDE, CANVAS, Jet::<f64, 4>::variables(pose));
        let step = 1e-6;
        for k in 0..4 {
            let moved = |by: f64| {
                let mut pose = pose;
                pose[k] += by;
                sample(&digits[5].pixels, SIDE, CANVAS, pose)
            };
            for ((jet, above), below) in jets.iter().zip(moved(step)).zip(moved(-step)) {
                assert!((jet.eps[k] - (above - below) / (2.0 * step)).abs() < 1e-7);
            }
        }
    }

    #[test]
    fn the_transformer_makes_digits_readable() {
        let digits = read(None).unwrap();
        let (known, unknown) = digits.split_at(1200);
        let classifier = Classifier::trained(known, 100);
        let distortion = Distortion { angle: 0.8, ln_scale: 0.2, shift: 1.5 };
        let mut rng = Generator::seed_from_u64(1);
        let network = train(known, &classifier, distortion, 1000, &mut rng, |_| ()).unwrap();
        let distorted: Vec<_> = unknown.iter().map(|d| (distortion.apply(d, &mut rng), d.label)).collect();
        let plain = |image: &[f64]| sample(image, CANVAS, SIDE, [0.0; 4]);
        let before = accuracy(distorted.iter().map(|(d, label)| classifier.read(&plain(d)) == *label));
        let after = accuracy(distorted.iter().map(|(d, label)| classifier.read(&network.normalized(d)) == *label));
        let upright = accuracy(unknown.iter().map(|d| classifier.read(&d.pixels) == d.label));
        assert!(upright.0 > 0.85);
        assert!(after.0 - before.0 > 5.0 * after.1.hypot(before.1), "{before:?} {after:?}");
    }
}

//! Estimators of the literature on binary latent variables, written out.

use super::coins::Coins;
use nalgebra::{DMatrix, DVector};
use reparam::estimate::{GradientSource, Handle};
use reparam::prelude::*;
use reparam::program::{Plain, Stream};
use std::convert::Infallible;
use std::fmt;

/// An estimator.
#[derive(Clone, Debug)]
pub enum Written {
    /// f at two antithetic draws, times the uniform numbers.
    Arm,
    /// The same, averaged over the uniform numbers given the coins.
    DisArm,
    /// Scores with controls: f of relaxed coins at this temperature, and if they are learned each relaxed coin, each
    /// with a weight of its own. With that of f alone it is REBAR, with all of them RELAX.
    Relaxed { temperature: f64, weights: Vec<f64>, baseline: f64 },
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Written::Arm => f.write_str("ARM"),
            Written::DisArm => f.write_str("DisARM"),
            Written::Relaxed { temperature, weights, .. } => {
                let name = if weights.len() == 1 { "REBAR" } else { "RELAX" };
                write!(f, "{name}, temperature {temperature}")
            }
        }
    }
}

/// An estimator on some coins.
pub struct Source<'a, P, const N: usize> {
    pub coins: &'a P,
    pub written: Written,
}

/// A number and its derivative in the logit of its coin.
type Moving = Jet<f64, 1>;

/// Coins that are 1 where a logistic number is positive, these numbers, and others that given the coins are as likely.
struct Draw<const N: usize> {
    coins: [f64; N],
    z: [Moving; N],
    again: [Moving; N],
    /// b - p of each coin.
    score: [f64; N],
}

impl<const N: usize> Draw<N> {
    fn new(theta: &[f64], chance: &mut impl Chance<f64>) -> Self {
        let (mut coins, mut score) = ([0.0; N], [0.0; N]);
        let (mut z, mut again) = ([Moving::from(0.0); N], [Moving::from(0.0); N]);
        for i in 0..N {
            let logit = Moving::variable(theta[i], 0);
            let p = logit.sigmoid();
            z[i] = logit + chance.uniform().logit();
            coins[i] = f64::from(u8::from(z[i].re > 0.0));
            score[i] = coins[i] - p.re;
            // the noise again, given the coin: uniform in [1 - p, 1] or [0, 1 - p]
            let v = chance.uniform();
            let u = if coins[i] == 1.0 { -p * (1.0 - v) + 1.0 } else { p.complement() * v };
            again[i] = logit + u.logit();
        }
        Draw { coins, z, again, score }
    }

    /// The control of f at a temperature, whose mean is 0: what scores make of it, less its derivative.
    fn of_function(&self, f: &impl Coins<N>, temperature: f64, baseline: f64) -> [f64; N] {
        let [z, again] = [self.z, self.again].map(|z| z.map(|z| (z / temperature).sigmoid()));
        let [values, values_again] = [z, again].map(|z| z.map(|z| z.re));
        let (slopes, slopes_again) = (f.slopes(&values), f.slopes(&values_again));
        let rest = f.value(&values_again) - baseline;
        std::array::from_fn(|i| rest * self.score[i] - slopes[i] * z[i].eps[0] + slopes_again[i] * again[i].eps[0])
    }

    /// The relaxed coins less their mean, given the coins.
    fn relaxed(&self) -> [f64; N] {
        std::array::from_fn(|i| self.again[i].sigmoid().re - 0.5)
    }

    /// What the derivative adds to a coin's control of itself.
    fn own(&self, i: usize) -> f64 {
        self.again[i].sigmoid().eps[0] - self.z[i].sigmoid().eps[0]
    }
}

/// Samples that temperatures, weights and baselines are chosen by.
const PILOT: u64 = 4000;

/// The pilot's mean of f.
fn mean<const N: usize>(f: &impl Coins<N>, theta: &[f64; N]) -> f64 {
    let mut chance = Plain::<f64, _>::new(Stream::new(98));
    (0..PILOT).map(|_| f.value(&Draw::new(theta, &mut chance).coins)).sum::<f64>() / PILOT as f64
}

/// The weights of controls with which the variance over the components, all together, is least, and that variance: the
/// score part and the controls of each component of each sample.
fn least_squares(samples: &[Vec<(f64, Vec<f64>)>]) -> (f64, Vec<f64>) {
    let (components, controls) = (samples[0].len(), samples[0][0].1.len());
    let n = samples.len() as f64;
    let (mut square, mut right, mut normal) = (0.0, DVector::zeros(controls), DMatrix::zeros(controls, controls));
    for i in 0..components {
        let mean = samples.iter().map(|sample| sample[i].0).sum::<f64>() / n;
        for sample in samples {
            let (a, b) = (sample[i].0 - mean, DVector::from_column_slice(&sample[i].1));
            square += a * a / n;
            right.axpy(a / n, &b, 1.0);
            normal.ger(1.0 / n, &b, &b, 1.0);
        }
    }
    // a control that never differs from 0 gets no weight
    for k in 0..controls {
        normal[(k, k)] += 1e-9 * normal.trace() / controls as f64;
    }
    let weights = normal.cholesky().expect("positive definite by the ridge").solve(&right);
    (square - weights.dot(&right), weights.as_slice().to_vec())
}

impl Written {
    /// REBAR, or RELAX if the surrogate is learned, with the temperature and the weights that a pilot likes best.
    pub fn relaxed<const N: usize>(f: &impl Coins<N>, theta: &[f64; N], is_learned: bool) -> Self {
        let baseline = mean(f, theta);
        let coins = if is_learned { N } else { 0 };
        let fits = [0.1, 0.5, 1.0].map(|temperature| {
            let mut chance = Plain::<f64, _>::new(Stream::new(99));
            let sample = |_| {
                let draw = Draw::new(theta, &mut chance);
                let (rest, control) = (f.value(&draw.coins) - baseline, draw.of_function(f, temperature, baseline));
                let relaxed = draw.relaxed();
                let of_coin = |i: usize, j: usize| relaxed[j] * draw.score[i] + if i == j { draw.own(i) } else { 0.0 };
                let controls = |i| std::iter::once(control[i]).chain((0..coins).map(|j| of_coin(i, j))).collect();
                (0..N).map(|i| (rest * draw.score[i], controls(i))).collect()
            };
            let (variance, weights) = least_squares(&(0..PILOT).map(sample).collect::<Vec<_>>());
            (variance, Written::Relaxed { temperature, weights, baseline })
        });
        fits.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).expect("three temperatures").1
    }
}

/// f and its gradient, by ARM or DisARM.
fn antithetic<const N: usize>(
    f: &impl Coins<N>,
    theta: &[f64],
    chance: &mut impl Chance<f64>,
    is_averaged: bool,
) -> (f64, [f64; N]) {
    let p: [f64; N] = std::array::from_fn(|i| theta[i].sigmoid());
    let u = [(); N].map(|()| chance.uniform());
    let b: [f64; N] = std::array::from_fn(|i| f64::from(u8::from(1.0 - u[i] < p[i])));
    let mirrored: [f64; N] = std::array::from_fn(|i| f64::from(u8::from(u[i] < p[i])));
    let (one, other) = (f.value(&b), f.value(&mirrored));
    let part = |i: usize| match is_averaged {
        false => (one - other) * (u[i] - 0.5),
        true if b[i] == mirrored[i] => 0.0,
        true => 0.5 * (one - other) * (1.0 - 2.0 * mirrored[i]) * p[i].max(1.0 - p[i]),
    };
    (0.5 * (one + other), std::array::from_fn(part))
}

impl<P: Coins<N>, const N: usize> GradientSource for &Source<'_, P, N> {
    type Scalar = f64;
    type Values = f64;
    type Error = Infallible;
    type Work = ();

    fn work(&self, _: &[f64]) {}

    fn sample(&self, theta: &[f64], _: &mut (), chance: &mut Handle<f64>) -> Result<Vec<f64>, Infallible> {
        let (f, gradient) = match &self.written {
            Written::Arm => antithetic(self.coins, theta, chance, false),
            Written::DisArm => antithetic(self.coins, theta, chance, true),
            Written::Relaxed { temperature, weights, baseline } => {
                let draw = Draw::<N>::new(theta, chance);
                let control = draw.of_function(self.coins, *temperature, *baseline);
                let f = self.coins.value(&draw.coins);
                let (of_function, of_coins) = weights.split_first().expect("that of f");
                // what the controls of single coins say of f
                let sum: f64 = of_coins.iter().zip(draw.relaxed()).map(|(w, s)| w * s).sum();
                let part = |i: usize| {
                    let own = of_coins.get(i).map_or(0.0, |w| w * draw.own(i));
                    (f - baseline - sum) * draw.score[i] - of_function * control[i] - own
                };
                (f, std::array::from_fn(part))
            }
        };
        Ok(std::iter::once(f).chain(gradient).collect())
    }
}

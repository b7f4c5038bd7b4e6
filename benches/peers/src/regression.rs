//! A step of variational inference for a logistic regression with independent normal factors: the gradient of the ELBO
//! from 96 draws in the means and the logarithms of the deviations of the weights. A unit is a draw.

use crate::Cases;
use nalgebra::{DMatrix, DMatrixView, DMatrixViewMut};
use reparam::estimate::{self, Draws};
use reparam::prelude::*;
use reparam::program::Stream;
use std::convert::Infallible;
use std::hint::black_box;

/// Rows of the data.
const ROWS: usize = 200;
/// Draws a step, and how many of them make one sample where they go through matrix products.
const DRAWS: usize = 96;
const BATCH: usize = 12;

/// The rows, each times its label of 1 or -1, and the same transposed.
struct Data {
    x: DMatrix<f64>,
    transposed: DMatrix<f64>,
}

impl Data {
    fn new(columns: usize) -> Self {
        let mut noise = Stream::new(7);
        let transposed = DMatrix::from_fn(columns, ROWS, |_, _| reparam::noise::normal(&mut noise));
        Data { x: transposed.transpose(), transposed }
    }

    fn columns(&self) -> usize {
        self.x.ncols()
    }

    fn theta(&self) -> Vec<f64> {
        let n = self.columns();
        (0..2 * n).map(|i| (0.1 * (i as f64).sin() - if i < n { 0.0 } else { 1.0 }) / (n as f64).sqrt()).collect()
    }

    /// A draw of the ELBO.
    fn elbo<S: Scalar>(&self, theta: &[S], chance: &mut impl Chance<S>) -> S {
        let (means, ln_deviations) = theta.split_at(self.columns());
        let w: Vec<S> = means.iter().zip(ln_deviations).map(|(m, l)| *m + l.exp() * chance.normal()).collect();
        let mut sum = S::from(0.0);
        for x in self.transposed.column_iter() {
            let score = w.iter().zip(x.iter()).fold(S::from(0.0), |sum, (w, x)| sum + *w * *x);
            sum -= (-score).softplus();
        }
        w.iter().zip(ln_deviations).fold(sum, |sum, (w, l)| sum + *l - *w * *w * 0.5)
    }

    /// The mean of the logarithm of the joint density over some draws of the weights, and its gradient in all of them.
    fn ln_joint(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        let (n, draws) = (self.columns(), w.len() / self.columns());
        let weights = DMatrixView::from_slice(w, n, draws);
        let mut scores = &self.x * weights;
        let mut sum = 0.0;
        for mut scores in scores.column_iter_mut() {
            // ln(1 + e^-t) and its derivative share an exponential; the product of 200 factors of 2 at the most is finite
            let mut product = 1.0;
            for t in &mut scores {
                let e = (-t.abs()).exp();
                sum += t.min(0.0);
                product *= 1.0 + e;
                *t = if *t > 0.0 { e } else { 1.0 } / (1.0 + e);
            }
            sum -= product.ln();
        }
        let scale = 1.0 / draws as f64;
        let mut gradient = DMatrixViewMut::from_slice(gradient, n, draws);
        gradient.copy_from(&weights);
        gradient.gemm(scale, &self.transposed, &scores, -scale);
        (sum - 0.5 * weights.norm_squared()) * scale
    }

    /// By the draws' partials and the model's gradient: a sample is the mean of some draws.
    fn local(&self, theta: &[f64], batch: usize, seed: u64) -> Vec<f64> {
        let n = self.columns();
        let draws = |draws: &mut Draws<'_, Infallible>| -> Result<(), Infallible> {
            for _ in 0..batch {
                (0..n).try_for_each(|j| draws.draw([j, n + j], |[m, l], chance| m + l.exp() * chance.normal()))?;
            }
            (0..n).try_for_each(|j| draws.add([n + j], |[l], _| l))
        };
        let e = estimate::local(theta, draws, |w: &[f64], gradient: &mut [f64]| self.ln_joint(w, gradient));
        e.samples((DRAWS / batch) as u64).run_seed(seed).expect("an estimate").gradient
    }
}

/// One step up the gradient, of a size that leaves the parameters about where they are.
fn step(theta: &mut [f64], gradient: &[f64]) {
    theta.iter_mut().zip(gradient).for_each(|(t, g)| *t += 1e-9 * g);
    black_box(theta);
}

pub fn add(cases: &mut Cases) {
    for columns in [100, 1000] {
        let name = format!("logistic regression, {} parameters, a step", 2 * columns);
        let data: &'static Data = Box::leak(Box::new(Data::new(columns)));
        for (batch, way) in [(1, "local"), (BATCH, "local, 12 draws a sample")] {
            let (mut theta, mut seed) = (data.theta(), 0);
            cases.add(format!("{name}/{way}"), DRAWS, move || {
                seed += 1;
                let gradient = data.local(&theta, batch, seed);
                step(&mut theta, &gradient);
            });
        }
        let (mut theta, mut seed) = (data.theta(), 0);
        cases.add(format!("{name}/adjoint"), DRAWS, move || {
            seed += 1;
            let e = reparam_adjoint::pathwise(&theta, |theta, chance| data.elbo(theta, chance));
            let gradient = e.samples(DRAWS as u64).run_seed(seed).expect("an estimate").gradient;
            step(&mut theta, &gradient);
        });
        let (theta, mut seed) = (data.theta(), 0);
        // of two draws the first runs twice
        cases.add(format!("{name}/chunks of eight"), 3, move || {
            seed += 1;
            let e = estimate::pathwise_dyn(&theta, |theta, chance| data.elbo(theta, chance));
            black_box(e.samples(2).run_seed(seed)).expect("an estimate");
        });
    }
}

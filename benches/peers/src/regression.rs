//! A step of variational inference for a logistic regression with independent normal factors: the gradient of the ELBO
//! from 192 draws in the means and the logarithms of the deviations of the weights. A unit is a draw.

use crate::{Cases, repeated};
use nalgebra::{DMatrix, DMatrixView, DMatrixViewMut};
use reparam::estimate::{self, Draws};
use reparam::prelude::*;
use std::convert::Infallible;
use std::hint::black_box;

/// Rows of the data.
const ROWS: usize = 200;
/// Draws a step, and how many of them make one sample where they go through matrix products.
const DRAWS: usize = 192;
const BATCH: usize = 24;

/// The rows, each times its label of 1 or -1, and the same transposed.
struct Data {
    x: DMatrix<f64>,
    transposed: DMatrix<f64>,
}

impl Data {
    fn new(columns: usize) -> Self {
        let transposed = DMatrix::from_fn(columns, ROWS, |j, i| 1.4 * ((i * columns + j) as f64).powi(2).sin());
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

    /// The mean of the logarithm of the joint density over some draws of the weights, and its gradient in all of them: a
    /// row a draw.
    fn ln_joint(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        let weights = DMatrixView::from_slice(w, BATCH, self.columns());
        let mut scores = weights * &self.transposed;
        // Π (1 + e^-|t|) of a draw: 200 factors of 2 at the most
        let mut products = [1.0; BATCH];
        let mut sum = 0.0;
        for mut scores in scores.column_iter_mut() {
            for (t, product) in scores.iter_mut().zip(&mut products) {
                // ln(1 + e^-t) and its derivative share an exponential
                let e = (-t.abs()).exp();
                sum += t.min(0.0);
                *product *= 1.0 + e;
                *t = if *t > 0.0 { e } else { 1.0 } / (1.0 + e);
            }
        }
        sum -= products.iter().map(|p: &f64| p.ln()).sum::<f64>();
        let scale = 1.0 / BATCH as f64;
        let mut gradient = DMatrixViewMut::from_slice(gradient, BATCH, self.columns());
        gradient.copy_from(&weights);
        gradient.gemm(scale, &scores, &self.x, -scale);
        (sum - 0.5 * weights.norm_squared()) * scale
    }

    /// By the draws' partials and the model's gradient: a sample is the mean of some draws.
    fn local(&self, theta: &[f64], seed: u64) -> estimate::Estimate<Vec<f64>> {
        let n = self.columns();
        let draws = |draws: &mut Draws<'_, Infallible>| -> Result<(), Infallible> {
            (0..n).try_for_each(|j| {
                draws.draw([j, n + j], |[mean, ln_deviation], chance| {
                    let deviation = ln_deviation.exp();
                    std::array::from_fn::<_, BATCH, _>(|_| mean + deviation * chance.normal())
                })?;
                draws.add([n + j], |[ln_deviation], _| ln_deviation)
            })
        };
        let e = estimate::local(theta, draws, |w: &[f64], gradient: &mut [f64]| self.ln_joint(w, gradient));
        e.samples((DRAWS / BATCH) as u64).run_seed(seed).expect("an estimate")
    }
}

/// Steps up a gradient, of a size that leaves the parameters about where they are.
pub fn add_steps(
    cases: &mut Cases,
    name: &str,
    units: usize,
    theta: Vec<f64>,
    gradient: impl Fn(&[f64], u64) -> Vec<f64> + Copy + 'static,
) {
    let (mut at, mut seed, mut other_seed) = (theta.clone(), 0, 0);
    let case = cases.add(name, units, move || {
        seed += 1;
        let gradient = gradient(&at, seed);
        at.iter_mut().zip(&gradient).for_each(|(t, g)| *t += 1e-9 * g);
        black_box(&at);
    });
    case.draws = Some(Box::new(move || {
        repeated(|| {
            other_seed += 1;
            gradient(&theta, other_seed)
        })
    }));
}

pub fn add(cases: &mut Cases) {
    for columns in [100, 1000] {
        let name = format!("logistic regression, {} parameters, a step", 2 * columns);
        let data: &'static Data = Box::leak(Box::new(Data::new(columns)));
        let local = |theta: &[f64], seed| data.local(theta, seed).gradient;
        add_steps(cases, &format!("{name}/local, 24 draws a sample"), DRAWS, data.theta(), local);
        let adjoint = |theta: &[f64], seed| {
            let e = reparam_adjoint::pathwise(theta, |theta, chance| data.elbo(theta, chance));
            e.samples(DRAWS as u64).run_seed(seed).expect("an estimate").gradient
        };
        add_steps(cases, &format!("{name}/adjoint"), DRAWS, data.theta(), adjoint);
        let chunks = |theta: &[f64], seed| {
            let e = estimate::pathwise_dyn(theta, |theta, chance| data.elbo(theta, chance));
            e.samples(2).run_seed(seed).expect("an estimate").gradient
        };
        // of two draws the first runs twice
        add_steps(cases, &format!("{name}/chunks of eight"), 3, data.theta(), chunks);
    }
}

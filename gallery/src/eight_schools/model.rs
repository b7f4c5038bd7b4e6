//! The model, its ELBO over a full-rank Gaussian, and the fit.

use super::data::School;
use super::exact::{SCALE, Summary};
use crate::{Error, Generator};
use reparam::{estimate, noise, prelude::*};

/// The length of z = (mu, ln tau, eta).
fn dimensions(schools: &[School]) -> usize {
    2 + schools.len()
}

/// The number of parameters of its Gaussian: the means, then the rows of the Cholesky factor, whose diagonal is kept as
/// logarithms.
fn parameters(dimensions: usize) -> usize {
    dimensions + dimensions * (dimensions + 1) / 2
}

/// Mean, rest of the row and logarithm of the diagonal, for each of the `dimensions`.
fn rows<S: Scalar>(q: &[S], dimensions: usize) -> impl Iterator<Item = (S, &[S], S)> {
    let (means, mut rest) = q.split_at(dimensions);
    means.iter().enumerate().map(move |(i, mean)| {
        let (row, below) = rest.split_at(i + 1);
        rest = below;
        (*mean, &row[..i], row[i])
    })
}

/// A draw: mean + Cholesky factor times noise.
fn draw<S: Scalar, R: Rng>(q: &[S], dimensions: usize, rng: &mut R) -> Vec<S> {
    let e: Vec<f64> = (0..dimensions).map(|_| noise::normal(rng)).collect();
    rows(q, dimensions)
        .enumerate()
        .map(|(i, (mean, row, ln_diagonal))| {
            row.iter().zip(&e).fold(mean + ln_diagonal.exp() * e[i], |z, (l, e)| z + *l * *e)
        })
        .collect()
}

/// The entropy of the Gaussian, exactly.
fn entropy<S: Scalar>(q: &[S], dimensions: usize) -> S {
    // ln(2 π e) / 2 for each dimension, as the normal law has it
    let standard = Normal::new(0.0, 1.0).map_or(f64::NAN, |law| law.entropy());
    rows(q, dimensions).fold(S::from(0.0), |sum, (_, _, ln_diagonal)| sum + ln_diagonal + standard)
}

/// ln p(y, z); ln tau stands for tau, so its density has a factor tau.
fn ln_joint<S: Scalar>(z: &[S], schools: &[School]) -> Result<S, Error> {
    let (mu, ln_tau, eta) = (z[0], z[1], &z[2..]);
    let tau = ln_tau.exp();
    let mut sum = Normal::new(S::from(0.0), S::from(SCALE))?.ln_pdf(mu);
    sum += HalfCauchy::new(S::from(SCALE))?.ln_pdf(tau) + ln_tau;
    let standard = Normal::new(S::from(0.0), S::from(1.0))?;
    for (school, eta) in schools.iter().zip(eta) {
        let theta = mu + tau * *eta;
        sum += standard.ln_pdf(*eta);
        sum += Normal::new(theta, S::from(school.standard_error))?.ln_pdf(S::from(school.effect));
    }
    Ok(sum)
}

/// One sample of the ELBO, E[ln p(y, z)] + entropy.
pub fn elbo<S: Scalar, R: Rng>(q: &[S], schools: &[School], rng: &mut R) -> Result<S, Error> {
    let dimensions = dimensions(schools);
    Ok(ln_joint(&draw(q, dimensions, rng), schools)? + entropy(q, dimensions))
}

/// The parameters that maximize the ELBO, by Adam (Kingma & Ba 2015) with steps that decay to 0; `progress` is told the
/// ELBO of each step.
///
/// Adam is written out because it is ten lines; optimizers with line searches want a function without noise.
pub fn fit(
    schools: &[School],
    steps: u32,
    samples: u64,
    rng: &mut Generator,
    mut progress: impl FnMut(f64),
) -> Result<Vec<f64>, Error> {
    // from the standard normal law: the prior of eta, and about the scale of mu and ln tau
    let mut q = vec![0.0; parameters(dimensions(schools))];
    let (mut mean, mut square) = (vec![0.0; q.len()], vec![0.0; q.len()]);
    for step in 1..=steps {
        let f = |q: &[Jet<f64, 8>], rng: &mut estimate::Handle<Jet<f64, 8>>| elbo(q, schools, rng);
        let e = estimate::pathwise_dyn(&q, f)
            .samples(samples)
            .run(rng)
            .map_err(|e| format!("the fit failed in step {step}: {e}; are the data beyond the range of doubles?"))?;
        let rate = 0.05 * (1.0 + (std::f64::consts::PI * f64::from(step) / f64::from(steps)).cos());
        let unbiased = |average: f64, decay: f64| average / (1.0 - decay.powi(step as i32));
        for (i, g) in e.gradient.iter().enumerate() {
            mean[i] += 0.1 * (g - mean[i]);
            square[i] += 0.01 * (g * g - square[i]);
            q[i] += rate * unbiased(mean[i], 0.9) / (unbiased(square[i], 0.99).sqrt() + 1e-8);
        }
        progress(e.value);
    }
    Ok(q)
}

/// What the fitted Gaussian says.
pub struct Fitted {
    /// Of the mean of the effects.
    pub mu: Summary,
    /// Of their standard deviation.
    pub tau: Summary,
    /// One for each school.
    pub theta: Vec<Summary>,
    /// Without error, since a margin of a Gaussian is one.
    pub ln_tau: Normal<f64>,
}

impl Fitted {
    /// From draws, but for ln tau.
    pub fn new<R: Rng>(q: &[f64], schools: &[School], draws: u64, rng: &mut R) -> Result<Self, Error> {
        let dimensions = dimensions(schools);
        let (mut sums, mut squares) = (vec![0.0; dimensions], vec![0.0; dimensions]);
        for _ in 0..draws {
            let z = draw(q, dimensions, rng);
            let tau = z[1].exp();
            let thetas = z[2..].iter().map(|eta| z[0] + tau * eta);
            for (i, x) in [z[0], tau].into_iter().chain(thetas).enumerate() {
                sums[i] += x;
                squares[i] += x * x;
            }
        }
        let n = draws as f64;
        let summary = |i: usize| {
            let mean = sums[i] / n;
            Summary { mean, std_dev: ((squares[i] - n * mean * mean) / (n - 1.0)).sqrt() }
        };
        let std_dev =
            |(_, row, ln_diagonal): (f64, &[f64], f64)| row.iter().fold(ln_diagonal.exp(), |s, l| s.hypot(*l));
        let (mean, std_dev) = rows(q, dimensions).nth(1).map_or((0.0, f64::NAN), |row| (row.0, std_dev(row)));
        Ok(Fitted {
            mu: summary(0),
            tau: summary(1),
            theta: (2..dimensions).map(summary).collect(),
            ln_tau: Normal::new(mean, std_dev)?,
        })
    }
}

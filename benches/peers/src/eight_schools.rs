//! A step of variational inference for Rubin's eight schools: a full-rank normal law over (mu, ln tau, eta), 10 means
//! and the 55 entries of a Cholesky factor with a diagonal of logarithms; the gradient of the ELBO from 100 draws. A
//! unit is a draw.

use crate::Cases;
use crate::regression::add_steps;
use reparam::estimate::{self, GradientSource, Handle};
use reparam::prelude::*;

/// Draws a step.
pub const DRAWS: u64 = 100;

const EFFECTS: [f64; 8] = [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0];
const ERRORS: [f64; 8] = [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0];
const SIZE: usize = 10;

/// Of row i of the factor, where it begins.
fn start(i: usize) -> usize {
    SIZE + i * (i + 1) / 2
}

/// The parameters of the measurement.
fn theta() -> Vec<f64> {
    (0..start(SIZE)).map(|k| 0.3 * (1.7 * k as f64).sin()).collect()
}

/// ln p of mu and ln tau: mu ~ N(0, 5), tau ~ half-Cauchy(5), by the logarithm of tau.
fn ln_prior<S: Scalar>(mu: S, ln_tau: S) -> Result<S, LawError> {
    let five = S::from(5.0);
    Ok(Normal::new(0.0.into(), five)?.ln_pdf(mu) + HalfCauchy::new(five)?.ln_pdf(ln_tau.exp()) + ln_tau)
}

/// ln p of a school: eta ~ N(0, 1), y ~ N(mu + tau eta, s).
fn ln_school<S: Scalar>(mu: S, tau: S, eta: S, school: usize) -> Result<S, LawError> {
    let y = Normal::new(mu + tau * eta, ERRORS[school].into())?.ln_pdf(EFFECTS[school].into());
    Ok(Normal::new(0.0.into(), S::from(1.0))?.ln_pdf(eta) + y)
}

/// A draw of the ELBO, less the constant of the entropy.
fn elbo<S: Scalar>(q: &[S], chance: &mut impl Chance<S>) -> Result<S, LawError> {
    let e: [f64; SIZE] = std::array::from_fn(|_| chance.normal());
    let mut z = [S::from(0.0); SIZE];
    let mut sum = S::from(0.0);
    for (i, z) in z.iter_mut().enumerate() {
        let row = &q[start(i)..start(i + 1)];
        *z = row[..i].iter().zip(e).fold(q[i] + row[i].exp() * e[i], |z, (l, e)| z + *l * e);
        sum += row[i];
    }
    let tau = z[1].exp();
    sum += ln_prior(z[0], z[1])?;
    for school in 0..8 {
        sum += ln_school(z[0], tau, z[2 + school], school)?;
    }
    Ok(sum)
}

/// The same with the chain rule through the draw by hand: what is differentiated has three partials.
struct ByParts;

impl GradientSource for ByParts {
    type Scalar = f64;
    type Values = f64;
    type Error = LawError;
    type Work = ();

    fn work(&self, _: &[f64]) {}

    fn sample(&self, q: &[f64], _: &mut (), chance: &mut Handle<f64>) -> Result<Vec<f64>, LawError> {
        let e: [f64; SIZE] = std::array::from_fn(|_| chance.normal());
        let diagonal: [f64; SIZE] = std::array::from_fn(|i| q[start(i) + i].exp());
        let z: [f64; SIZE] = std::array::from_fn(|i| {
            q[start(i)..start(i) + i].iter().zip(e).fold(q[i] + diagonal[i] * e[i], |z, (l, e)| z + l * e)
        });
        let mut slope = [0.0; SIZE];
        let [mu, ln_tau] = Jet::variables([z[0], z[1]]);
        let prior: Jet<f64, 2> = ln_prior(mu, ln_tau)?;
        slope[..2].copy_from_slice(&prior.eps);
        let mut value = prior.re + (0..SIZE).map(|i| q[start(i) + i]).sum::<f64>();
        for school in 0..8 {
            let [mu, tau, eta] = Jet::variables([z[0], z[1].exp(), z[2 + school]]);
            let part: Jet<f64, 3> = ln_school(mu, tau, eta, school)?;
            value += part.re;
            slope[0] += part.eps[0];
            slope[1] += part.eps[1] * tau.re;
            slope[2 + school] += part.eps[2];
        }
        let mut row = Vec::with_capacity(1 + q.len());
        row.push(value);
        row.extend(slope);
        for i in 0..SIZE {
            row.extend(e[..i].iter().map(|e| slope[i] * e));
            row.push(slope[i] * diagonal[i] * e[i] + 1.0);
        }
        Ok(row)
    }
}

/// The gradient by a seed.
type Way = fn(&[f64], u64) -> Vec<f64>;

const WAYS: [(&str, Way); 3] = [
    ("`with_gradient`, chain rule of the draw by hand", |q, seed| {
        estimate::with_gradient(q, ByParts).samples(DRAWS).run_seed(seed).expect("an estimate").gradient
    }),
    ("adjoint", |q, seed| {
        reparam_adjoint::pathwise(q, elbo).samples(DRAWS).run_seed(seed).expect("an estimate").gradient
    }),
    ("chunks of eight", |q, seed| {
        estimate::pathwise_dyn(q, elbo).samples(DRAWS).run_seed(seed).expect("an estimate").gradient
    }),
];

pub fn add(cases: &mut Cases) {
    for (way, gradient) in WAYS {
        add_steps(cases, &format!("eight schools, a step/{way}"), DRAWS as usize, theta(), gradient);
    }
}

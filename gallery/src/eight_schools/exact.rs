//! The posterior without approximation, to compare with: given tau everything is Gaussian, and over ln tau a sum will do.

use super::data::School;

/// Mean and standard deviation.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    /// The mean.
    pub mean: f64,
    /// The standard deviation; infinite where there is none.
    pub std_dev: f64,
}

/// The posterior, without approximation.
pub struct Posterior {
    /// Of the mean of the effects.
    pub mu: Summary,
    /// Of their standard deviation.
    pub tau: Summary,
    /// One for each school.
    pub theta: Vec<Summary>,
    /// ln p(y).
    pub ln_evidence: f64,
    /// (ln tau, its posterior density) on a grid.
    pub ln_tau: Vec<(f64, f64)>,
}

impl Posterior {
    /// P(ln tau < x).
    pub fn below(&self, x: f64) -> f64 {
        self.ln_tau.iter().filter(|(t, _)| *t < x).map(|(_, density)| density * STEP).sum()
    }
}

/// The grid's step: the sum of a smooth density over it has no error that shows.
const STEP: f64 = 0.01;

/// The prior's standard deviation of mu and scale of tau.
pub const SCALE: f64 = 5.0;

/// Law of mu and of the thetas given tau, and ln p(y, ln tau).
struct GivenTau {
    mu: (f64, f64),
    theta: Vec<(f64, f64)>,
    ln_joint: f64,
}

fn given(ln_tau: f64, schools: &[School]) -> GivenTau {
    let tau2 = (2.0 * ln_tau).exp();
    let ln_prior = (2.0 / (std::f64::consts::PI * SCALE)).ln() - (tau2 / (SCALE * SCALE)).ln_1p() + ln_tau;
    // y_j ~ N(mu, s_j² + tau²) and mu ~ N(0, SCALE): both as sums of precisions
    let (mut precision, mut weighted, mut ln_joint) = (SCALE.powi(-2), 0.0, ln_prior - SCALE.ln());
    for s in schools {
        let v = s.standard_error.powi(2) + tau2;
        precision += 1.0 / v;
        weighted += s.effect / v;
        ln_joint -= 0.5 * ((2.0 * std::f64::consts::PI * v).ln() + s.effect * s.effect / v);
    }
    let (mean, variance) = (weighted / precision, 1.0 / precision);
    ln_joint += 0.5 * (weighted * mean - precision.ln());
    let theta = schools.iter().map(|s| {
        let s2 = s.standard_error.powi(2);
        let shrink = s2 / (s2 + tau2);
        (s.effect + shrink * (mean - s.effect), shrink * tau2 + shrink * shrink * variance)
    });
    GivenTau { mu: (mean, variance), theta: theta.collect(), ln_joint }
}

/// The posterior of the schools' data, by a sum over ln tau.
pub fn posterior(schools: &[School]) -> Posterior {
    // the density of ln tau falls like tau below all scales of the data, like 1/tau or faster above them
    let scales = || schools.iter().flat_map(|s| [s.effect.abs(), s.standard_error]);
    let low = scales().filter(|s| *s > 0.0).fold(SCALE, f64::min).ln() - 30.0;
    let high = scales().fold(SCALE, f64::max).ln() + 30.0;
    let grid: Vec<f64> = (0..=((high - low) / STEP) as usize).map(|i| low + i as f64 * STEP).collect();
    let given: Vec<GivenTau> = grid.iter().map(|&t| given(t, schools)).collect();

    let largest = given.iter().fold(f64::NEG_INFINITY, |m, g| m.max(g.ln_joint));
    let sum: f64 = given.iter().map(|g| (g.ln_joint - largest).exp()).sum();
    let weights: Vec<f64> = given.iter().map(|g| (g.ln_joint - largest).exp() / sum).collect();
    // mean and variance of a mixture of laws of which mean and variance are known
    let mixture = |law: &dyn Fn(usize) -> (f64, f64)| {
        let mean: f64 = (0..grid.len()).map(|i| weights[i] * law(i).0).sum();
        let variance: f64 = (0..grid.len()).map(|i| weights[i] * (law(i).1 + (law(i).0 - mean).powi(2))).sum();
        Summary { mean, std_dev: variance.sqrt() }
    };
    let mut tau = mixture(&|i| (grid[i].exp(), 0.0));
    // the density of tau falls like tau^-(2 + number of schools)
    if schools.len() < 2 {
        tau.std_dev = f64::INFINITY;
    }
    Posterior {
        mu: mixture(&|i| given[i].mu),
        tau,
        theta: (0..schools.len()).map(|j| mixture(&|i| given[i].theta[j])).collect(),
        ln_evidence: largest + (sum * STEP).ln(),
        ln_tau: grid.iter().zip(&weights).map(|(t, w)| (*t, w / STEP)).collect(),
    }
}

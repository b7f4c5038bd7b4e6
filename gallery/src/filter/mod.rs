//! How much of the Nile's yearly flow is chance of the year, and how much stays? A particle filter whose likelihood has
//! a gradient and a Hessian, beside the Kalman filter, which is exact for this model and differentiable too.
//!
//! The local level model: a level moves by x_t = x_(t-1) + √q · noise, and a year's flow is y_t = x_t + √h · noise. The
//! parameters are ln h and ln q; of the first level nothing is known but the first flow. Particles move by draws that
//! carry derivatives, and resampling keeps the derivatives of their weights: the likelihood is then unbiased to every
//! order, where a filter that forgets them has a wrong gradient. Nothing in it needs a linear or a normal model.

use gallery::optimum::{Maximum, Second, maximize};
use gallery::table::Table;
use gallery::{Error, Generator};
use nalgebra::{SMatrix, SVector};
use reparam::estimate::{self, Estimate, HessianEstimate};
use reparam::noise;
use reparam::prelude::*;
use reparam::weighted::{Particle, Resampling, ln_normalize};
use std::path::Path;

/// ln h and ln q: the variances of a year's flow around the level and of the level's steps, in logarithms.
pub type Theta<S> = [S; 2];

/// Durbin & Koopman 2001, *Time Series Analysis by State Space Methods*, section 2.10.
pub const PUBLISHED: Theta<f64> = [15_099.0, 1_469.1];

/// The yearly flows in a file with a column `flow`, or those of the Nile.
///
/// # Errors
/// The file cannot be read, has fewer than ten years, or all of them alike.
pub fn read(path: Option<&Path>) -> Result<Vec<f64>, Error> {
    let built_in = ("nile.csv", include_bytes!("../../data/nile.csv").as_slice());
    let flows = Table::read(path, built_in, &["flow"])?.numbers(0)?;
    let name = path.map_or(built_in.0.into(), |p| p.display().to_string());
    if flows.len() < 10 {
        return Err(format!("{name}: {} years, expected at least 10", flows.len()).into());
    }
    if flows.iter().all(|y| *y == flows[0]) {
        return Err(format!("{name}: all flows are {}, expected different ones", flows[0]).into());
    }
    Ok(flows)
}

/// What a filter says of the flows.
#[derive(Clone, Debug)]
pub struct Filtered<S> {
    /// ln p(y_2, .., y_n | y_1).
    pub ln_likelihood: S,
    /// Mean and standard deviation of each year's level, given the flows up to this year.
    pub levels: Vec<(f64, f64)>,
}

/// The Kalman filter: exact.
///
/// # Errors
/// Variances outside of the range of doubles.
pub fn kalman<S: Scalar>([ln_h, ln_q]: Theta<S>, flows: &[f64]) -> Result<Filtered<S>, LawError> {
    let (h, q) = (ln_h.exp(), ln_q.exp());
    let (mut mean, mut variance) = (S::from(flows[0]), h);
    let mut levels = vec![(mean.re(), variance.re().sqrt())];
    let mut ln_likelihood = S::from(0.0);
    for flow in &flows[1..] {
        variance += q;
        let of_flow = variance + h;
        ln_likelihood += Normal::new(mean, of_flow.sqrt())?.ln_pdf(S::from(*flow));
        let gain = variance.over(of_flow);
        mean += gain * (-mean + *flow);
        variance *= gain.complement();
        levels.push((mean.re(), variance.re().sqrt()));
    }
    Ok(Filtered { ln_likelihood, levels })
}

/// How particles are drawn again in proportion to their weights, and what becomes of the derivatives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scheme {
    /// Copies that keep the derivatives of their weights: unbiased to every order, with the noise of scores.
    Weighted,
    /// Copies without them, as in filters that were not written to be differentiated: a wrong gradient.
    Dropped,
    /// Points of the interpolated distribution function of the particles (Malik & Pitt 2011, "Particle filters for
    /// continuous likelihood evaluation and maximisation"): at fixed noise the likelihood is a continuous function of
    /// the parameters, with little noise and a bias of order 1/particles. Its gradient has many small steps, so that
    /// its Hessian means nothing.
    Smooth,
}

/// The golden ratio's fraction: its multiples fill an interval evenly, however many there are.
const GOLDEN: f64 = 0.618_033_988_749_894_8;

/// The bootstrap particle filter, with particles in order and noise from a lattice with a random shift (Gerber & Chopin
/// 2015, "Sequential quasi-Monte Carlo"): as unbiased as independent noise.
///
/// # Errors
/// Variances outside of the range of doubles, or no particle explains a flow.
pub fn particles<S: Scalar, R: Rng + ?Sized>(
    [ln_h, ln_q]: Theta<S>,
    flows: &[f64],
    count: usize,
    scheme: Scheme,
    rng: &mut R,
) -> Result<Filtered<S>, Error> {
    let (spread, step) = ((ln_h * 0.5).exp(), (ln_q * 0.5).exp());
    let (around, standard) = (Normal::new(S::from(0.0), spread)?, Normal::new(0.0, 1.0)?);
    let mut cloud: Vec<_> = (0..count).map(|_| Particle::new(spread * noise::normal(rng) + flows[0])).collect();
    let mut before = cloud.clone();
    let mut levels = vec![moments(&cloud)];
    let mut ln_likelihood = S::from(0.0);
    for (year, flow) in flows.iter().enumerate().skip(1) {
        // offspring are in the order of their ancestors: with noise from a lattice, neighbours go different ways
        let shift = noise::uniform(rng);
        for (i, particle) in cloud.iter_mut().enumerate() {
            let point = (shift + i as f64 * GOLDEN).fract().max(f64::MIN_POSITIVE);
            particle.value += step * standard.quantile(point);
            particle.ln_weight += around.ln_pdf(-particle.value + *flow);
        }
        ln_likelihood += ln_normalize(&mut cloud).map_err(|e| format!("year {}: {e}", year + 1))?;
        levels.push(moments(&cloud));
        cloud.sort_by(|a, b| a.value.re().total_cmp(&b.value.re()));
        std::mem::swap(&mut cloud, &mut before);
        match scheme {
            Scheme::Smooth => interpolated(&before, &mut cloud, rng),
            _ => Resampling::Systematic.run_ln(&before, &mut cloud, rng)?,
        }
        if scheme == Scheme::Dropped {
            cloud.iter_mut().for_each(|particle| particle.ln_weight = particle.ln_weight.detach());
        }
    }
    Ok(Filtered { ln_likelihood, levels })
}

/// Quantiles of a distribution function that rises linearly between particles in ascending order, by half of the weight
/// of each of the two, at evenly spaced probabilities.
fn interpolated<S: Scalar, R: Rng + ?Sized>(from: &[Particle<S, S>], to: &mut [Particle<S, S>], rng: &mut R) {
    let shift = noise::uniform(rng);
    let weight = |i: usize| from[i].ln_weight.exp();
    // up to the middle of the first particle
    let (mut left, mut reached) = (0, weight(0) * 0.5);
    let mut rise = ((weight(0) + weight(1)) * 0.5, from[1].value - from[0].value);
    for (j, particle) in to.iter_mut().enumerate() {
        let point = j as f64 + shift;
        while left + 2 < from.len() && (reached + rise.0).re() <= point {
            left += 1;
            reached += rise.0;
            rise = ((weight(left) + weight(left + 1)) * 0.5, from[left + 1].value - from[left].value);
        }
        // half of the weight of the first and of the last particle is at these themselves
        let part = (-reached + point).over(rise.0);
        let part = part.max(S::from(0.0)).min(S::from(1.0));
        *particle = Particle::new(from[left].value + rise.1 * part);
    }
}

/// Mean and standard deviation of particles whose weights have the mean 1.
fn moments<S: Scalar>(cloud: &[Particle<S, S>]) -> (f64, f64) {
    let mean = |f: &dyn Fn(f64) -> f64| {
        cloud.iter().map(|p| p.ln_weight.re().exp() * f(p.value.re())).sum::<f64>() / cloud.len() as f64
    };
    let center = mean(&|x| x);
    (center, mean(&|x| (x - center).powi(2)).sqrt())
}

/// The fit by the exact likelihood, from the variances of flows and of their differences.
///
/// # Errors
/// The likelihood has no maximum.
pub fn fit_exactly(flows: &[f64]) -> Result<Maximum<2>, Error> {
    maximize(start(flows), |theta| kalman(theta, flows).map(|f| f.ln_likelihood))
}

/// Half of the variance of the differences to each part, as if both were as large.
fn start(flows: &[f64]) -> Theta<f64> {
    let squares = flows.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum::<f64>();
    let each = squares / (flows.len() as f64 - 1.0) / 3.0;
    [each.ln(), each.ln()]
}

/// The mean of runs: likelihood with gradient and Hessian.
pub type Likelihood = HessianEstimate<[[f64; 2]; 2], [f64; 2]>;

/// Particle filters of a series.
#[derive(Clone, Copy, Debug)]
pub struct Particles<'a> {
    /// The data.
    pub flows: &'a [f64],
    /// Particles of a run.
    pub count: usize,
}

impl Particles<'_> {
    /// The likelihood over e^`ln_unit`, as the mean of runs.
    ///
    /// # Errors
    /// A run fails.
    pub fn likelihood(
        &self,
        theta: Theta<f64>,
        ln_unit: f64,
        scheme: Scheme,
        runs: u64,
        rng: &mut Generator,
    ) -> Result<Likelihood, Error> {
        let run = |theta: Theta<Second<2>>, rng: &mut estimate::Handle<Second<2>>| {
            let ln = particles(theta, self.flows, self.count, scheme, rng)?.ln_likelihood;
            Ok::<_, Error>((ln - ln_unit).exp())
        };
        estimate::pathwise_hessian(theta, run).samples(runs).run(rng).map_err(|e| e.to_string().into())
    }

    /// The gradient of the smooth likelihood's logarithm, as the mean of runs with random numbers of this seed.
    fn gradient(&self, theta: Theta<f64>, runs: u64, seed: u64) -> Result<Estimate<[f64; 2]>, Error> {
        let run = |theta: Theta<Jet<f64, 2>>, rng: &mut estimate::Handle<Jet<f64, 2>>| {
            Ok::<_, Error>(particles(theta, self.flows, self.count, Scheme::Smooth, rng)?.ln_likelihood)
        };
        estimate::pathwise(theta, run).samples(runs).run_seed(seed).map_err(|e| e.to_string().into())
    }

    /// A step of Newton's method, with the Hessian by differences of gradients on the same random numbers.
    fn step(&self, theta: Theta<f64>, runs: u64, seed: u64) -> Result<Fit, Error> {
        let e = self.gradient(theta, runs, seed)?;
        // wide enough to average over the gradient's small steps
        let width = 0.25;
        let mut columns = [SVector::zeros(); 2];
        for (i, column) in columns.iter_mut().enumerate() {
            let at =
                |by: f64| self.gradient(std::array::from_fn(|k| theta[k] + if k == i { by } else { 0.0 }), runs, seed);
            *column = SVector::from(at(-width)?.gradient) - SVector::from(at(width)?.gradient);
        }
        let curvature = SMatrix::<f64, 2, 2>::from_columns(&columns) / (2.0 * width);
        let curvature = (curvature + curvature.transpose()) * 0.5;
        // far from the maximum it may be of the wrong sign: then it is taken to be larger
        let mut damping = 0.0;
        let inverse = loop {
            match (curvature + SMatrix::identity() * damping).cholesky() {
                Some(factor) if factor.inverse().diagonal().max() < 10.0 => break factor.inverse(),
                _ if damping > 1e6 => return Err("the particles' likelihood has no curvature".into()),
                _ => damping = 2.0 * damping + 0.05,
            }
        };
        let step: SVector<f64, 2> = inverse * SVector::from(e.gradient);
        let variances = SMatrix::from_diagonal(&SVector::from(e.gradient_se).map(|se| se * se));
        let noise = inverse * variances * inverse;
        Ok(Fit {
            // by a factor of e at the most
            theta: (SVector::from(theta) + step / step.amax().max(1.0)).into(),
            errors: [inverse[(0, 0)].sqrt(), inverse[(1, 1)].sqrt()],
            noise: [noise[(0, 0)].sqrt(), noise[(1, 1)].sqrt()],
        })
    }

    /// Steps of Newton's method on the smooth likelihood; those after `first` have four times as many runs.
    ///
    /// # Errors
    /// A run fails.
    fn steps(
        &self,
        path: &mut Vec<Fit>,
        (first, last): (u32, u32),
        runs: u64,
        rng: &mut Generator,
        progress: &mut impl FnMut(),
    ) -> Result<Fit, Error> {
        let mut fit = path[path.len() - 1];
        for step in 0..first + last {
            let runs = if step < first { runs } else { 4 * runs };
            fit = self.step(fit.theta, runs, rng.next_u64())?;
            path.push(fit);
            progress();
        }
        Ok(fit)
    }

    /// The fit by the smooth likelihood, from a guess: with half of the particles first, then with all. Its bias is
    /// inverse to their number, which the two together are free of.
    ///
    /// # Errors
    /// A run fails.
    pub fn fit(&self, steps: u32, runs: u64, rng: &mut Generator, mut progress: impl FnMut()) -> Result<Fits, Error> {
        let mut path = vec![Fit { theta: start(self.flows), errors: [f64::NAN; 2], noise: [f64::NAN; 2] }];
        let half = Particles { count: self.count / 2, ..*self };
        let half = half.steps(&mut path, (steps, 2), runs, rng, &mut progress)?;
        let whole = self.steps(&mut path, (0, 2), runs, rng, &mut progress)?;
        let extrapolated = Fit {
            theta: [0, 1].map(|i| 2.0 * whole.theta[i] - half.theta[i]),
            errors: whole.errors,
            noise: [0, 1].map(|i| (2.0 * whole.noise[i]).hypot(half.noise[i])),
        };
        Ok(Fits { path, half, whole, extrapolated })
    }
}

/// The end of a fit, and the way there.
#[derive(Clone, Debug)]
pub struct Fits {
    /// After each step.
    pub path: Vec<Fit>,
    /// With half of the particles.
    pub half: Fit,
    /// With all.
    pub whole: Fit,
    /// With infinitely many.
    pub extrapolated: Fit,
}

/// Parameters found by simulation.
#[derive(Clone, Copy, Debug)]
pub struct Fit {
    /// ln h and ln q.
    pub theta: Theta<f64>,
    /// Their standard errors, from the curvature of the likelihood.
    pub errors: [f64; 2],
    /// How far the particles' noise may have moved them: standard errors too.
    pub noise: [f64; 2],
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_xoshiro::rand_core::SeedableRng;

    // mpmath at 30 digits: at the published variances and at 10000 and 3000, value, gradient and Hessian in ln h, ln q
    const LN: f64 = -632.545_625_115_673_7;
    const GRADIENT: [f64; 2] = [9.825_029_658_93, 1.134_802_526_06];
    const HESSIAN: [f64; 3] = [-36.136_523_790_6, -10.249_184_134, -3.824_940_126_52];

    fn elsewhere() -> Theta<f64> {
        [10_000f64.ln(), 3_000f64.ln()]
    }

    #[test]
    fn the_kalman_filter_is_exact() {
        let flows = read(None).unwrap();
        let ln = kalman(PUBLISHED.map(f64::ln), &flows).unwrap().ln_likelihood;
        assert!((ln - LN).abs() < 1e-10, "{ln}");
        let ln = kalman(Jet::second_order(elsewhere()), &flows).unwrap().ln_likelihood;
        let (_, gradient, hessian) = ln.hessian();
        let found = [gradient[0], gradient[1], hessian[0][0], hessian[0][1], hessian[1][1]];
        for (found, exact) in found.iter().zip(GRADIENT.iter().chain(&HESSIAN)) {
            assert!((found - exact).abs() < 1e-9, "{found} {exact}");
        }
    }

    #[test]
    fn the_published_fit() {
        let maximum = fit_exactly(&read(None).unwrap()).unwrap();
        let [h, q] = maximum.point.map(f64::exp);
        // by mpmath; published are 15099 and 1469.1
        assert!((h - 15_098.518_324_096_28).abs() < 1e-3 && (q - 1_469.176_360_309_51).abs() < 1e-3, "{h} {q}");
        assert!((h - PUBLISHED[0]).abs() < 0.5 && (q - PUBLISHED[1]).abs() < 0.1, "{h} {q}");
    }

    /// Standard errors between what runs find and the exact value, gradient and Hessian at `elsewhere`.
    fn distances(scheme: Scheme, runs: u64) -> ([f64; 6], Likelihood) {
        let flows = read(None).unwrap();
        let exact = kalman(Jet::second_order(elsewhere()), &flows).unwrap().ln_likelihood;
        let (value, gradient, hessian) = (exact - exact.re()).exp().hessian();
        let filter = Particles { flows: &flows, count: 200 };
        let mut rng = Generator::seed_from_u64(1);
        let e = filter.likelihood(elsewhere(), exact.re(), scheme, runs, &mut rng).unwrap();
        let z = |found: f64, se: f64, exact: f64| ((found - exact) / se).abs();
        let slope = |i: usize| z(e.gradient[i], e.gradient_se[i], gradient[i]);
        let curvature = |i: usize, j: usize| z(e.hessian[i][j], e.hessian_se[i][j], hessian[i][j]);
        let value = z(e.value, e.value_se, value);
        ([value, slope(0), slope(1), curvature(0, 0), curvature(0, 1), curvature(1, 1)], e)
    }

    #[test]
    fn weights_with_derivatives_are_unbiased_to_second_order() {
        let (of_weighted, weighted) = distances(Scheme::Weighted, 128);
        assert!(of_weighted.iter().all(|z| *z < 5.0), "{of_weighted:?}");
        // what it costs to drop these derivatives, and what they cost
        let (of_dropped, _) = distances(Scheme::Dropped, 128);
        assert!(of_dropped[0] < 5.0 && of_dropped[2] > 10.0, "{of_dropped:?}");
        let (of_smooth, smooth) = distances(Scheme::Smooth, 128);
        assert!(of_smooth[..3].iter().all(|z| *z < 5.0), "{of_smooth:?}");
        assert!(smooth.gradient_se[1] < 0.2 * weighted.gradient_se[1], "{smooth} {weighted}");
    }

    #[test]
    fn particles_find_the_maximum() {
        let flows = read(None).unwrap();
        let exact = fit_exactly(&flows).unwrap();
        let mut rng = Generator::seed_from_u64(1);
        let fits = Particles { flows: &flows, count: 128 }.fit(4, 8, &mut rng, || ()).unwrap();
        let (fit, errors) = (fits.extrapolated, exact.errors());
        for i in 0..2 {
            assert!(fit.noise[i] < 0.2 * errors[i], "{fit:?} {errors:?}");
            assert!((fit.theta[i] - exact.point[i]).abs() < 4.0 * fit.noise[i], "{fits:?} {exact:?}");
            // errors from differences of gradients that have noise: to a quarter
            assert!((fit.errors[i] / errors[i] - 1.0).abs() < 0.25, "{fits:?} {errors:?}");
        }
    }

    #[test]
    fn particles_find_the_levels() {
        let (flows, theta) = (read(None).unwrap(), PUBLISHED.map(f64::ln));
        let kalman = kalman(theta, &flows).unwrap().levels;
        for scheme in [Scheme::Dropped, Scheme::Smooth] {
            let mut rng = Generator::seed_from_u64(1);
            let found = particles(theta, &flows, 20_000, scheme, &mut rng).unwrap().levels;
            for (found, exact) in found.iter().zip(&kalman) {
                // four standard errors of a mean of 20000 draws
                let bound = 4.0 / 20_000f64.sqrt();
                assert!((found.0 - exact.0).abs() < bound * exact.1, "{scheme:?} {found:?} {exact:?}");
                assert!((found.1 / exact.1 - 1.0).abs() < bound, "{scheme:?} {found:?} {exact:?}");
            }
        }
    }
}

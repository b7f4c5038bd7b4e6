//! A simulation of one's own, calibrated: hares and lynxes that eat each other, by the pelts which the Hudson's Bay
//! Company bought from 1900 to 1920.
//!
//! The simulation ([`simulation`]) is a stochastic differential equation of Lotka and Volterra's kind. The likelihood of
//! a year's pelts given those of the year before is a mean over simulated paths; with the same random numbers at every
//! point it is a smooth function of the parameters, and each path brings its derivatives. argmin climbs it, the Hessian
//! at the top gives standard errors, and the profile likelihood says what they are worth.
//!
//! Beside it stands the model of the published fit: no noise in the populations, all of it in the counting.

use bridge::Bridge;
use gallery::optimum::Second;
use gallery::table::Table;
use gallery::{Error, Generator};
use nalgebra::{DMatrix, SVector};
use reparam::estimate::{self, Estimate};
use reparam::prelude::*;
use reparam_argmin::SameNoise;
use simulation::{State, Theta};
use std::path::Path;

pub mod bridge;
pub mod optimizer;
pub mod simulation;

/// The names of the parameters of [`Theta`].
pub const NAMES: [&str; 6] =
    ["birth of hares", "hares eaten", "death of lynxes", "lynxes fed", "noise of hares", "noise of lynxes"];

/// Posterior means of the four rates and of the two noises of counting by Carpenter 2018, "Predator-Prey Population Dynamics:
/// the Lotka-Volterra model in Stan" (mc-stan.org, case studies). The standard deviations are those of 5700 steps of
/// Metropolis' algorithm on the same posterior, whose means are 0.544, 0.0274, 0.806, 0.0242, 0.248 and 0.253.
pub const PUBLISHED: [(f64, f64); 6] =
    [(0.55, 0.065), (0.028, 0.0041), (0.80, 0.094), (0.024, 0.0036), (0.25, 0.046), (0.25, 0.045)];

/// Years at the most: a fit then takes some minutes.
const MOST: usize = 200;

/// A year and the logarithms of its hares and lynxes.
#[derive(Clone, Debug, PartialEq)]
pub struct Pelts {
    /// The first year.
    pub first: f64,
    /// One pair a year.
    pub ln: Vec<State<f64>>,
}

/// The pelts in a file with columns year, hare and lynx, or the Hudson's Bay Company's.
///
/// # Errors
/// The file cannot be read, a year does not follow the one before, a count is not positive, or there are too few years.
pub fn read(path: Option<&Path>) -> Result<Pelts, Error> {
    let built_in = ("lynx_hare_hudson_bay.csv", include_bytes!("../../data/lynx_hare_hudson_bay.csv").as_slice());
    let table = Table::read(path, built_in, &["year", "hare", "lynx"])?;
    let (mut years, mut ln) = (Vec::new(), Vec::new());
    for row in table.rows() {
        let year = row.number(0)?;
        if years.last().is_some_and(|last| *last + 1.0 != year) {
            return Err(row.wrong(0, "the year after the one before").into());
        }
        years.push(year);
        let is_count = |x: f64| (1e-6..=1e6).contains(&x);
        let count = |column| row.number_where(column, is_count, "thousands of pelts from 1e-6 to 1e6");
        ln.push([count(1)?.ln(), count(2)?.ln()]);
    }
    let name = path.map_or(built_in.0.into(), |p| p.display().to_string());
    match ln.len() {
        10..=MOST => Ok(Pelts { first: years[0], ln }),
        count => Err(format!("{name}: {count} years, expected from 10 to {MOST}").into()),
    }
}

/// The simulated likelihood of the pelts of all years but the first, at fixed random numbers.
#[derive(Clone, Copy, Debug)]
pub struct Simulated<'a> {
    /// The data.
    pub pelts: &'a Pelts,
    /// Pairs of paths from each year to the next.
    pub pairs: u64,
    /// Steps of a year.
    pub steps: u32,
    /// Of the random numbers.
    pub seed: u64,
}

type Densities = Estimate<Vec<[f64; 6]>, Vec<f64>>;

impl Simulated<'_> {
    /// A bridge for each year but the first.
    fn bridges<S: Scalar>(&self, theta: Theta<S>) -> impl Iterator<Item = Bridge<S>> {
        self.pelts.ln.windows(2).map(move |pair| Bridge::new(&theta, pair[0], pair[1], self.steps))
    }

    /// A weight for each of them: their means are the years' densities.
    fn weights<S: Scalar, R: Rng + ?Sized>(&self, theta: Theta<S>, rng: &mut R) -> Vec<S> {
        self.bridges(theta).map(|bridge| bridge.weight(rng)).collect()
    }

    /// The years' densities, over their units.
    fn densities(&self, theta: Theta<f64>) -> Result<Densities, Error> {
        let weights = |theta: Theta<Jet<f64, 6>>, rng: &mut estimate::Handle<_>| self.weights(theta, rng);
        let run = estimate::pathwise(theta, weights).samples(self.pairs).run_seed(self.seed);
        let e = run.map_err(|e| format!("the simulation has no likelihood at {:?}: {e}", theta.map(f64::exp)))?;
        self.explained(&e.value, theta)?;
        Ok(e)
    }

    /// Σ ln of the years' mean weights, its gradient, and its standard error from the number of pairs.
    ///
    /// # Errors
    /// The parameters are so far off that no path explains a year.
    pub fn ln_likelihood(&self, theta: Theta<f64>) -> Result<(f64, [f64; 6], f64), Error> {
        let e = self.densities(theta)?;
        let mut gradient = [0.0; 6];
        for (density, slopes) in e.value.iter().zip(&e.gradient) {
            gradient.iter_mut().zip(slopes).for_each(|(sum, slope)| *sum += slope / density);
        }
        let relative = e.value.iter().zip(&e.value_se).map(|(density, se)| (se / density).powi(2));
        let units = self.bridges(theta).map(|bridge| bridge.ln_unit());
        let ln = e.value.iter().zip(units).map(|(density, ln_unit)| density.ln() + ln_unit).sum();
        Ok((ln, gradient, relative.sum::<f64>().sqrt()))
    }

    /// Σ g gᵀ / p² over the years, which is on average the negative Hessian of ln L at the true parameters, and positive
    /// definite elsewhere too, where that need not be.
    ///
    /// # Errors
    /// As for [`Simulated::ln_likelihood`].
    pub fn information(&self, theta: Theta<f64>) -> Result<DMatrix<f64>, Error> {
        let e = self.densities(theta)?;
        let years = || e.value.iter().zip(&e.gradient);
        Ok(DMatrix::from_fn(6, 6, |i, j| years().map(|(p, g)| g[i] * g[j] / (p * p)).sum()))
    }

    /// The negative Hessian of ln L: Σ (g gᵀ / p² - H / p) over the years.
    ///
    /// # Errors
    /// As for [`Simulated::ln_likelihood`].
    pub fn curvature(&self, theta: Theta<f64>) -> Result<DMatrix<f64>, Error> {
        let weights = |theta: Theta<Second<6>>, rng: &mut estimate::Handle<_>| self.weights(theta, rng);
        let e = estimate::pathwise_hessian(theta, weights).samples(self.pairs).run_seed(self.seed)?;
        self.explained(&e.value, theta)?;
        let years = || e.value.iter().zip(&e.gradient).zip(&e.hessian);
        Ok(DMatrix::from_fn(6, 6, |i, j| years().map(|((p, g), h)| g[i] * g[j] / (p * p) - h[i][j] / p).sum()))
    }

    /// ln L as argmin's problem, with some of the parameters held.
    fn problem(
        self,
        held: &[Option<f64>],
    ) -> SameNoise<impl Fn(&[f64], u64) -> Result<(f64, [f64; 6]), Error>, (f64, [f64; 6])> {
        let ln_likelihood = move |point: &[f64], seed| {
            let (value, gradient, _) = Simulated { seed, ..self }.ln_likelihood(std::array::from_fn(|i| point[i]))?;
            Ok((value, gradient))
        };
        SameNoise::new(self.seed, ln_likelihood).maximize().holding(held)
    }

    fn explained(&self, densities: &[f64], theta: Theta<f64>) -> Result<(), Error> {
        match densities.iter().position(|p| !(p.is_finite() && *p > 0.0)) {
            None => Ok(()),
            Some(year) => {
                let year = self.pelts.first + year as f64 + 1.0;
                Err(format!("no path of the simulation explains the pelts of {year} at {:?}", theta.map(f64::exp))
                    .into())
            }
        }
    }
}

/// The published model: ln α, .., ln δ, ln σ of counting hares and lynxes, and the logarithms of the first populations.
pub type Counting<S> = [S; 8];

/// ln of the density of the logarithms of all pelts when the populations have no noise, and counts are lognormal.
///
/// # Errors
/// Noises out of the range of a law's parameters.
pub fn ln_likelihood_of_counts<S: Scalar>(q: Counting<S>, pelts: &Pelts) -> Result<S, LawError> {
    let noise = [Normal::new(S::from(0.0), q[4].exp())?, Normal::new(S::from(0.0), q[5].exp())?];
    let mut at = [q[6], q[7]];
    let mut sum = S::from(0.0);
    for (year, seen) in pelts.ln.iter().enumerate() {
        if year > 0 {
            at = simulation::year_without_noise(&q[..4], at, 40);
        }
        sum += noise[0].ln_pdf(-at[0] + seen[0]) + noise[1].ln_pdf(-at[1] + seen[1]);
    }
    Ok(sum)
}

/// A fit.
#[derive(Clone, Debug)]
pub struct Fit {
    /// The parameters, in logarithms.
    pub point: Vec<f64>,
    /// ln L there.
    pub ln_likelihood: f64,
    /// The negative Hessian of ln L there.
    pub curvature: DMatrix<f64>,
    /// Standard errors of the logarithms: from the inverse of the curvature.
    pub errors: Vec<f64>,
}

impl Fit {
    fn new(point: Vec<f64>, ln_likelihood: f64, curvature: DMatrix<f64>) -> Result<Self, Error> {
        let inverse =
            curvature.clone().cholesky().ok_or("the likelihood has no maximum where the search ended")?.inverse();
        let errors = inverse.diagonal().iter().map(|v| v.sqrt()).collect();
        Ok(Fit { point, ln_likelihood, curvature, errors })
    }
}

/// The fit of the published model, exactly.
///
/// It has several maxima, one for each number of peaks: it is climbed from a fit of the simulation, which has one.
///
/// # Errors
/// The search fails.
pub fn fit_counts(pelts: &Pelts, simulation: &Fit) -> Result<Fit, Error> {
    let whole = [&simulation.point[..4], &[-1.0, -1.0], &pelts.ln[0][..]].concat();
    let scale = DMatrix::from_diagonal_element(8, 8, 100.0);
    // a function without noise: any seed
    let problem = SameNoise::new(0, |point: &[f64], _| -> Result<_, Error> {
        let ln = ln_likelihood_of_counts(Jet::<f64, 8>::variables(std::array::from_fn(|i| point[i])), pelts)?;
        Ok((ln.re, ln.eps))
    });
    let (point, minimum) = optimizer::minimize(problem.maximize(), &whole, &scale)?;
    let (_, _, hessian) =
        ln_likelihood_of_counts(Second::<8>::second_order(std::array::from_fn(|i| point[i])), pelts)?.hessian();
    let curvature = DMatrix::from_fn(8, 8, |i, j| -hessian[i][j]);
    Fit::new(point, -minimum, curvature)
}

/// Growth of each logarithm over two years against the other population in the middle: a line for each kind, and what is
/// left as noise.
fn first_guess(pelts: &Pelts) -> Theta<f64> {
    let line = |kind: usize| {
        let points = || pelts.ln.windows(3).map(move |w| (w[1][1 - kind].exp(), (w[2][kind] - w[0][kind]) / 2.0));
        let count = points().count() as f64;
        let (x, y) = points().fold((0.0, 0.0), |(x, y), p| (x + p.0 / count, y + p.1 / count));
        let (xx, xy) = points().fold((0.0, 0.0), |(xx, xy), p| (xx + (p.0 - x).powi(2), xy + (p.0 - x) * (p.1 - y)));
        let slope = xy / xx;
        let left = points().map(|p| (p.1 - y - slope * (p.0 - x)).powi(2)).sum::<f64>();
        // growth over two years has half of the variance of a year's
        [y - slope * x, slope, (2.0 * left / count).sqrt()]
    };
    let ([alpha, beta, of_hares], [gamma, delta, of_lynxes]) = (line(0), line(1));
    // signs that are not a predator's and its prey's start from small rates
    [alpha, -beta, -gamma, delta, of_hares, of_lynxes].map(|x| if x > 1e-3 { x.ln() } else { 1e-3f64.ln() })
}

/// The fit of the simulation, from the line through the data's growth.
///
/// # Errors
/// The search fails.
pub fn fit(simulated: Simulated) -> Result<Fit, Error> {
    let start = first_guess(simulated.pelts);
    let information = simulated.information(start)?;
    // a first step too long leads to where no path explains a year: then a search with shorter ones
    let search = |stiffer: f64| optimizer::minimize(simulated.problem(&[]), &start, &(&information * stiffer));
    let (point, minimum) = search(1.0).or_else(|_| search(8.0)).or_else(|_| search(64.0))?;
    let curvature = simulated.curvature(std::array::from_fn(|i| point[i]))?;
    Fit::new(point, -minimum, curvature)
}

/// How far other random numbers would move the fit: standard errors, from Newton's steps with some of them.
///
/// # Errors
/// As for [`Simulated::ln_likelihood`].
pub fn noise_of_simulation(simulated: Simulated, fit: &Fit, others: u64) -> Result<[f64; 6], Error> {
    let inverse = fit.curvature.clone().cholesky().ok_or("no maximum")?;
    let mut squares = [0.0; 6];
    for other in 1..=others {
        let simulated = Simulated { seed: simulated.seed.wrapping_add(other), ..simulated };
        let (_, gradient, _) = simulated.ln_likelihood(std::array::from_fn(|i| fit.point[i]))?;
        let step = inverse.solve(&SVector::from(gradient));
        squares.iter_mut().zip(step.iter()).for_each(|(sum, step)| *sum += step * step);
    }
    // of a difference between two fits
    Ok(squares.map(|sum| (sum / others as f64 / 2.0).sqrt()))
}

/// Half of the 95 % quantile of chi-squared with one degree of freedom.
pub const DROP: f64 = 1.920_729_410_347_062;

/// The largest ln L with one parameter held, below the maximum.
///
/// # Errors
/// The search fails.
pub fn profile(simulated: Simulated, fit: &Fit, parameter: usize, at: f64) -> Result<f64, Error> {
    let inverse = fit.curvature.clone().cholesky().ok_or("no maximum")?.inverse();
    let away = at - fit.point[parameter];
    // where the others are if ln L is a parabola
    let start: Vec<f64> =
        (0..6).map(|i| fit.point[i] + inverse[(i, parameter)] / inverse[(parameter, parameter)] * away).collect();
    let held: Vec<Option<f64>> = (0..6).map(|i| (i == parameter).then_some(at)).collect();
    let (_, minimum) = optimizer::minimize(simulated.problem(&held), &start, &fit.curvature)?;
    Ok(fit.ln_likelihood + minimum)
}

/// Where the profile has dropped by [`DROP`] on one side: by the secant through the square roots of drops, which are
/// nearly straight lines. `side` is -1 or 1.
///
/// # Errors
/// The search fails, or the profile does not drop within ten standard errors.
pub fn profile_end(simulated: Simulated, fit: &Fit, parameter: usize, side: f64) -> Result<f64, Error> {
    let error = fit.errors[parameter];
    let (mut before, mut here) = ((0.0, 0.0), 1.96);
    for _ in 0..12 {
        let drop = profile(simulated, fit, parameter, fit.point[parameter] + side * here * error)?;
        let root = drop.max(0.0).sqrt();
        if (drop - DROP).abs() < 1e-3 {
            return Ok(fit.point[parameter] + side * here * error);
        }
        let slope = (root - before.1) / (here - before.0);
        let next = here + (DROP.sqrt() - root) / slope;
        if !(slope > 0.0 && next < 10.0) {
            break;
        }
        (before, here) = ((here, root), next);
    }
    Err(format!("the profile likelihood of {} has no end on one side", NAMES[parameter]).into())
}

/// Means and standard deviations of the logarithms a year ahead, by simulating on from each year's pelts.
pub fn ahead(theta: Theta<f64>, pelts: &Pelts, steps: u32, paths: u32, rng: &mut Generator) -> Vec<[(f64, f64); 2]> {
    let next = |from: &State<f64>| {
        let mut sums = [(0.0, 0.0); 2];
        for _ in 0..paths {
            let to = simulation::year(&theta, *from, steps, rng);
            sums.iter_mut().zip(to).zip(from).for_each(|((sum, to), from)| {
                *sum = (sum.0 + (to - from), sum.1 + (to - from).powi(2));
            });
        }
        std::array::from_fn(|k| {
            let (mean, square) = (sums[k].0 / f64::from(paths), sums[k].1 / f64::from(paths));
            (from[k] + mean, (square - mean * mean).sqrt())
        })
    };
    pelts.ln[..pelts.ln.len() - 1].iter().map(next).collect()
}

#[cfg(test)]
mod tests;

//! The model, its ELBO over a full-rank Gaussian, and the fit.

use super::data::School;
use super::exact::{SCALE, Summary};
use gallery::{Error, Generator};
use reparam::step::{Adam, Rule, Schedule};
use reparam::{noise, prelude::*};

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

/// Normal noise, one number for each dimension.
fn noise<R: Rng>(dimensions: usize, rng: &mut R) -> Vec<f64> {
    (0..dimensions).map(|_| noise::normal(rng)).collect()
}

/// A draw: mean + Cholesky factor times noise.
fn draw<S: Scalar>(q: &[S], e: &[f64]) -> Vec<S> {
    rows(q, e.len())
        .enumerate()
        .map(|(i, (mean, row, ln_diagonal))| {
            row.iter().zip(e).fold(mean + ln_diagonal.exp() * e[i], |z, (l, e)| z + *l * *e)
        })
        .collect()
}

/// The entropy of the Gaussian, exactly.
fn entropy<S: Scalar>(q: &[S], dimensions: usize) -> S {
    // ln(2 π e) / 2 for each dimension, as the normal law has it
    let standard = Normal::new(0.0, 1.0).map_or(f64::NAN, |law| law.entropy());
    rows(q, dimensions).fold(S::from(0.0), |sum, (_, _, ln_diagonal)| sum + ln_diagonal + standard)
}

/// The logarithm of the prior of mu and tau; ln tau stands for tau, so its density has a factor tau.
fn ln_prior<S: Scalar>([mu, ln_tau]: [S; 2]) -> Result<S, Error> {
    let of_tau = HalfCauchy::new(S::from(SCALE))?.ln_pdf(ln_tau.exp()) + ln_tau;
    Ok(Normal::new(S::from(0.0), S::from(SCALE))?.ln_pdf(mu) + of_tau)
}

/// ln p(y_j, eta_j) given mu and tau.
fn ln_school<S: Scalar>([mu, ln_tau, eta]: [S; 3], school: &School) -> Result<S, Error> {
    let likelihood = Normal::new(mu + ln_tau.exp() * eta, S::from(school.standard_error))?;
    Ok(Normal::new(S::from(0.0), S::from(1.0))?.ln_pdf(eta) + likelihood.ln_pdf(S::from(school.effect)))
}

/// One sample of the ELBO, E[ln p(y, z)] + entropy.
pub fn elbo<S: Scalar, R: Rng>(q: &[S], schools: &[School], rng: &mut R) -> Result<S, Error> {
    let z = draw(q, &noise(dimensions(schools), rng));
    let mut sum = ln_prior([z[0], z[1]])? + entropy(q, z.len());
    for (school, eta) in schools.iter().zip(&z[2..]) {
        sum += ln_school([z[0], z[1], *eta], school)?;
    }
    Ok(sum)
}

/// Adds one sample of the ELBO's gradient, and returns its value.
///
/// A school's part of ln p depends on three numbers of z, whatever the number of schools: three partials each give the
/// gradient in z, and z = mean + Cholesky factor times noise is differentiated by hand.
fn add_gradient(q: &[f64], schools: &[School], rng: &mut Generator, sum: &mut [f64]) -> Result<f64, Error> {
    let e = noise(dimensions(schools), rng);
    let z = draw(q, &e);
    let prior = ln_prior(Jet::variables([z[0], z[1]]))?;
    let mut value = prior.re + entropy(q, e.len());
    let mut slope = vec![0.0; e.len()];
    slope[..2].copy_from_slice(&prior.eps);
    for (j, school) in schools.iter().enumerate() {
        let part = ln_school(Jet::variables([z[0], z[1], z[2 + j]]), school)?;
        value += part.re;
        slope[0] += part.eps[0];
        slope[1] += part.eps[1];
        slope[2 + j] += part.eps[2];
    }
    let (means, mut rest) = sum.split_at_mut(e.len());
    for (i, (_, row, ln_diagonal)) in rows(q, e.len()).enumerate() {
        means[i] += slope[i];
        let (of_row, below) = rest.split_at_mut(row.len() + 1);
        of_row.iter_mut().zip(&e[..i]).for_each(|(sum, e)| *sum += slope[i] * e);
        // the entropy has the logarithm of the diagonal
        of_row[i] += slope[i] * ln_diagonal.exp() * e[i] + 1.0;
        rest = below;
    }
    Ok(value)
}

/// The ELBO and its gradient, averages of some samples.
///
/// # Errors
/// The numbers have become too large.
pub fn gradient(q: &[f64], schools: &[School], samples: u64, rng: &mut Generator) -> Result<(f64, Vec<f64>), Error> {
    let (mut value, mut gradient) = (0.0, vec![0.0; q.len()]);
    for _ in 0..samples {
        value += add_gradient(q, schools, rng, &mut gradient)?;
    }
    gradient.iter_mut().for_each(|g| *g /= samples as f64);
    match value.is_finite() && gradient.iter().all(|g| g.is_finite()) {
        true => Ok((value / samples as f64, gradient)),
        false => Err("the ELBO or its gradient is not finite".into()),
    }
}

/// The parameters that maximize the ELBO, by Adam with steps that decay to 0; `progress` is told the
/// ELBO of each step.
///
/// # Errors
/// The data are so large or small that the numbers leave the range of doubles.
pub fn fit(
    schools: &[School],
    steps: u32,
    samples: u64,
    rng: &mut Generator,
    mut progress: impl FnMut(f64),
) -> Result<Vec<f64>, Error> {
    // from the standard normal law: the prior of eta, and about the scale of mu and ln tau
    let mut q = vec![0.0; parameters(dimensions(schools))];
    let (mut adam, schedule) = (Adam::new(&q).decays(0.9, 0.99)?, Schedule::cosine(0.1, 0.0, steps.into())?);
    for step in 1..=steps {
        let failed =
            |e: Error| format!("the fit failed in step {step}: {e}; are the data beyond the range of doubles?");
        let (value, slopes) = gradient(&q, schools, samples, rng).map_err(failed)?;
        // uphill
        adam.step(&mut q, &slopes, -schedule.rate(step.into())).map_err(|e| failed(e.into()))?;
        progress(value);
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
    /// The moments, exactly: tau is lognormal, and tau eta is a lognormal times a normal variable.
    ///
    /// # Errors
    /// The Gaussian's numbers are outside of the range of a law's.
    pub fn new(q: &[f64], schools: &[School]) -> Result<Self, Error> {
        let (mean, factor): (Vec<f64>, Vec<Vec<f64>>) = rows(q, dimensions(schools))
            .map(|(mean, row, ln_diagonal)| (mean, row.iter().copied().chain([ln_diagonal.exp()]).collect()))
            .unzip();
        let covariance = |i: usize, j: usize| -> f64 { factor[i].iter().zip(&factor[j]).map(|(a, b)| a * b).sum() };
        let (m, v) = (mean[1], covariance(1, 1));
        let theta = |i: usize| {
            // a factor tau^k moves the means by k times the covariances with ln tau, and multiplies by E[tau^k]
            let (tau, tau2, c, c_mu) =
                ((m + v / 2.0).exp(), (2.0 * m + 2.0 * v).exp(), covariance(1, i), covariance(0, 1));
            let product = tau * (mean[i] + c);
            let square = tau2 * ((mean[i] + 2.0 * c).powi(2) + covariance(i, i));
            let mixed = tau * ((mean[i] + c) * (mean[0] + c_mu) + covariance(0, i)) - mean[0] * product;
            let variance = covariance(0, 0) + 2.0 * mixed + square - product * product;
            Summary { mean: mean[0] + product, std_dev: variance.sqrt() }
        };
        let tau = LogNormal::new(m, v.sqrt())?;
        let std_dev = |variance: Option<f64>| variance.map_or(f64::INFINITY, f64::sqrt);
        Ok(Fitted {
            mu: Summary { mean: mean[0], std_dev: covariance(0, 0).sqrt() },
            tau: Summary { mean: tau.mean().unwrap_or(f64::INFINITY), std_dev: std_dev(tau.variance()) },
            theta: (2..mean.len()).map(theta).collect(),
            ln_tau: Normal::new(m, v.sqrt())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::data;
    use super::*;
    use rand_xoshiro::rand_core::SeedableRng;
    use reparam::estimate;

    /// Some Gaussian that has no zeros.
    fn gaussian(schools: &[School]) -> Vec<f64> {
        (0..parameters(dimensions(schools))).map(|i| 0.3 * (1.7 * i as f64).sin()).collect()
    }

    /// The other way to the same gradient: jets through the whole ELBO, eight parameters at a time, on the same noise.
    #[test]
    fn partials_of_the_parts_are_those_of_the_whole() {
        let schools = data::read(None).unwrap();
        let q = gaussian(&schools);
        let (value, slopes) = gradient(&q, &schools, 1, &mut Generator::seed_from_u64(3)).unwrap();
        for (first, chunk) in slopes.chunks(8).enumerate() {
            let seeded = |(i, q): (usize, &f64)| match i.checked_sub(8 * first) {
                Some(place) if place < 8 => Jet::<f64, 8>::variable(*q, place),
                _ => Jet::constant(*q),
            };
            let jets: Vec<_> = q.iter().enumerate().map(seeded).collect();
            let whole = elbo(&jets, &schools, &mut Generator::seed_from_u64(3)).unwrap();
            assert!((whole.re - value).abs() < 1e-12 * value.abs());
            for (of_parts, of_whole) in chunk.iter().zip(whole.eps) {
                assert!((of_parts - of_whole).abs() < 1e-11 * (1.0 + of_whole.abs()), "{of_parts} {of_whole}");
            }
        }
    }

    #[test]
    fn moments_are_those_of_draws() {
        let schools = data::read(None).unwrap();
        let q = gaussian(&schools);
        let fitted = Fitted::new(&q, &schools).unwrap();
        let f = |[]: [Jet<f64, 0>; 0], rng: &mut estimate::Handle<Jet<f64, 0>>| {
            let z = draw(&q, &noise(10, rng));
            let [tau, theta] = [z[1].exp(), z[0] + z[1].exp() * z[5]];
            [z[0], z[0] * z[0], tau, tau * tau, theta, theta * theta].map(Jet::constant)
        };
        let e = estimate::pathwise([], f).samples(200_000).run_seed(1).unwrap();
        for (k, of) in [fitted.mu, fitted.tau, fitted.theta[3]].into_iter().enumerate() {
            let moments = [of.mean, of.std_dev.powi(2) + of.mean.powi(2)];
            for (i, moment) in moments.into_iter().enumerate() {
                let (found, se) = (e.value[2 * k + i], e.value_se[2 * k + i]);
                assert!((found - moment).abs() < 5.0 * se, "{k} {i}: {found} ± {se}, {moment}");
            }
        }
    }
}

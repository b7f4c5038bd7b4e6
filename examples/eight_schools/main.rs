//! Variational inference for Rubin's eight schools: a full-rank Gaussian fitted by pathwise gradients.
//!
//! Eight schools report the effect y_j of coaching with a standard error s_j. The model is
//!
//!     y_j ~ N(theta_j, s_j),  theta_j = mu + tau eta_j,  eta_j ~ N(0, 1),  mu ~ N(0, 5),  tau ~ HalfCauchy(5).
//!
//! A Gaussian over z = (mu, ln tau, eta), with 10 means and the 55 entries of a Cholesky factor, is fitted by maximizing
//! ELBO = E[ln p(y, z)] + entropy: a number of parameters known only when the data are read, so the gradients come in
//! chunks.
//!
//! `cargo run --release --example eight_schools -- --help`

mod data;
mod exact;
mod picture;

use clap::Parser;
use data::School;
use exact::{Posterior, SCALE, Summary};
use indicatif::{ProgressBar, ProgressStyle};
use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::{estimate, noise, prelude::*};
use std::path::PathBuf;
use std::process::ExitCode;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Fits a full-rank Gaussian to the posterior of Rubin's eight schools (or of other data) by pathwise gradients.
#[derive(Parser)]
struct Options {
    /// CSV with the columns school, effect, standard_error; `#` starts a comment [default: Rubin's eight schools]
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Seed of the random numbers
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Steps of the optimizer
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..))]
    steps: u32,
    /// Samples for the gradient in each step
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(2..))]
    samples: u64,
    /// Draws from the fitted Gaussian for the table and the ELBO
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(2..))]
    draws: u64,
    /// Where to write the picture
    #[arg(long, default_value = "eight_schools.svg", value_name = "FILE")]
    picture: PathBuf,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("error: {e}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Error> {
    let schools = match &options.data {
        Some(path) => {
            let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
            data::parse(&bytes).map_err(|e| format!("{}, {e}", path.display()))?
        }
        None => data::parse(include_bytes!("../data/eight_schools.csv"))?,
    };
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(options.seed);
    let q = fit(&schools, options, &mut rng)?;
    let elbo = estimate::pathwise([], |[]: [Jet<f64, 0>; 0], rng: &mut _| -> Result<_, Error> {
        Ok(Jet::constant(elbo(&q, &schools, rng)?))
    });
    let elbo = elbo.samples(options.draws).par_run(estimate::streams::<Xoshiro256PlusPlus>(options.seed))?;
    let fitted = Fitted::new(&q, &schools, options.draws, &mut rng);
    let posterior = exact::posterior(&schools);
    let reference = options.data.is_none().then_some(&REFERENCE);

    print_table(&schools, &fitted, &posterior, reference);
    println!();
    println!("ELBO            {:9.4} ± {:.4}", elbo.value, elbo.value_se);
    println!(
        "ln evidence     {:9.4}, so that KL(fitted || exact) is {:.3}",
        posterior.ln_evidence,
        posterior.ln_evidence - elbo.value
    );
    println!();
    print_difference(&fitted, &posterior);
    picture::write(&options.picture, &schools, &fitted, &posterior, reference)
        .map_err(|e| format!("{}: {e}", options.picture.display()))?;
    println!("\nPicture: {}", options.picture.display());
    Ok(())
}

/// The posterior means of posteriordb (`eight_schools-eight_schools_noncentered`): theta, mu, tau.
struct Reference {
    theta: [f64; 8],
    mu: f64,
    tau: f64,
}

const REFERENCE: Reference =
    Reference { theta: [6.151, 4.940, 3.906, 4.796, 3.614, 4.051, 6.317, 4.884], mu: 4.411, tau: 3.602 };

/// z = (mu, ln tau, eta) and the parameters of its Gaussian: the means, then the rows of the Cholesky factor, whose
/// diagonal is kept as logarithms.
fn dimensions(schools: &[School]) -> usize {
    2 + schools.len()
}

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
    let half_cauchy = -(tau / SCALE).powi(2).ln_1p() + (2.0 / (std::f64::consts::PI * SCALE)).ln();
    let mut sum = Normal::new(S::from(0.0), S::from(SCALE))?.ln_pdf(mu) + half_cauchy + ln_tau;
    let standard = Normal::new(S::from(0.0), S::from(1.0))?;
    for (school, eta) in schools.iter().zip(eta) {
        let theta = mu + tau * *eta;
        sum += standard.ln_pdf(*eta);
        sum += Normal::new(theta, S::from(school.standard_error))?.ln_pdf(S::from(school.effect));
    }
    Ok(sum)
}

/// One sample of the ELBO.
fn elbo<S: Scalar, R: Rng>(q: &[S], schools: &[School], rng: &mut R) -> Result<S, Error> {
    let dimensions = dimensions(schools);
    Ok(ln_joint(&draw(q, dimensions, rng), schools)? + entropy(q, dimensions))
}

/// Maximizes the ELBO by Adam (Kingma & Ba 2015) with steps that decay to 0.
///
/// Written here because it is ten lines; optimizers with line searches want a function without noise.
fn fit(schools: &[School], options: &Options, rng: &mut Xoshiro256PlusPlus) -> Result<Vec<f64>, Error> {
    let style = "{bar:40} {pos}/{len} steps, {eta} left, ELBO {msg}";
    // quiet by itself where stderr is no terminal
    let progress = ProgressBar::new(options.steps.into()).with_style(ProgressStyle::with_template(style)?);
    // from the standard normal law: the prior of eta, and the scale of mu and ln tau
    let mut q = vec![0.0; parameters(dimensions(schools))];
    let (mut mean, mut square) = (vec![0.0; q.len()], vec![0.0; q.len()]);
    let mut smooth = None;
    for step in 1..=options.steps {
        let f = |q: &[Jet<f64, 8>], rng: &mut Xoshiro256PlusPlus| elbo(q, schools, rng);
        let e = estimate::pathwise_dyn(&q, f).samples(options.samples).run(rng)?;
        let progressed = f64::from(step) / f64::from(options.steps);
        let rate = 0.05 * (1.0 + (std::f64::consts::PI * progressed).cos());
        for (i, g) in e.gradient.iter().enumerate() {
            mean[i] += 0.1 * (g - mean[i]);
            square[i] += 0.01 * (g * g - square[i]);
            let unbiased = |average: f64, decay: f64| average / (1.0 - decay.powi(step as i32));
            q[i] += rate * unbiased(mean[i], 0.9) / (unbiased(square[i], 0.99).sqrt() + 1e-8);
        }
        let shown = smooth.get_or_insert(e.value);
        *shown += 0.05 * (e.value - *shown);
        progress.set_message(format!("{shown:.2}"));
        progress.inc(1);
    }
    progress.finish_and_clear();
    Ok(q)
}

/// What the fitted Gaussian says.
pub struct Fitted {
    mu: Summary,
    tau: Summary,
    theta: Vec<Summary>,
    /// Exactly, since a margin of a Gaussian is one.
    ln_tau: Normal<f64>,
}

impl Fitted {
    fn new<R: Rng>(q: &[f64], schools: &[School], draws: u64, rng: &mut R) -> Self {
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
        let ln_tau = rows(q, dimensions).nth(1).and_then(|row| Normal::new(row.0, std_dev(row)).ok());
        Fitted {
            mu: summary(0),
            tau: summary(1),
            theta: (2..dimensions).map(summary).collect(),
            ln_tau: ln_tau.expect("mean and standard deviation of a fit are finite"),
        }
    }
}

fn print_table(schools: &[School], fitted: &Fitted, exact: &Posterior, reference: Option<&Reference>) {
    let line = |name: &str, fitted: Summary, exact: Summary, reference: Option<f64>| {
        print!("{name:14} {:9.3} {:9.3}   {:9.3} {:9.3}", fitted.mean, fitted.std_dev, exact.mean, exact.std_dev);
        match reference {
            Some(mean) => println!("   {mean:9.3}"),
            None => println!(),
        }
    };
    let posteriordb = if reference.is_some() { ("posteriordb", "       mean") } else { ("", "") };
    println!("{:14} {:19}   {:19}   {}", "", "  fitted Gaussian", "  exact posterior", posteriordb.0);
    println!("{:14} {:>9} {:>9}   {:>9} {:>9} {}", "", "mean", "sd", "mean", "sd", posteriordb.1);
    line("mu", fitted.mu, exact.mu, reference.map(|r| r.mu));
    line("tau", fitted.tau, exact.tau, reference.map(|r| r.tau));
    for (j, school) in schools.iter().enumerate() {
        line(&format!("theta {}", school.name), fitted.theta[j], exact.theta[j], reference.map(|r| r.theta[j]));
    }
}

/// Where a Gaussian in ln tau must differ, in the numbers of this fit.
fn print_difference(fitted: &Fitted, exact: &Posterior) {
    let step = exact.ln_tau[1].0 - exact.ln_tau[0].0;
    let below = |x: f64| exact.ln_tau.iter().filter(|(t, _)| *t < x).map(|(_, density)| density * step).sum::<f64>();
    println!(
        "ln tau is skewed: as tau goes to 0 the data stop telling it from 0 and its posterior density falls only like"
    );
    println!(
        "tau, while the Gaussian's falls like exp(-(ln tau)²) on both sides. Probabilities below and above, exact and fitted:"
    );
    for tau in [0.1_f64, 1.0] {
        println!("  P(tau < {tau:4})  {:7.4}  {:7.4}", below(tau.ln()), fitted.ln_tau.cdf(tau.ln()));
    }
    for tau in [10.0_f64, 20.0] {
        println!("  P(tau > {tau:4})  {:7.4}  {:7.4}", 1.0 - below(tau.ln()), fitted.ln_tau.sf(tau.ln()));
    }
}

//! Three jobs on any number of processes: `mpirun -n 4 target/release/ranks JOB`. The results are the same, bit for bit,
//! for every number of them.

use clap::{Parser, ValueEnum};
use mpi::traits::Communicator;
use reparam::estimate;
use reparam::prelude::*;
use reparam_distributed::ranks::{Keeping, run};
use reparam_distributed::{Error, programs};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Job {
    /// The gradient of an epidemic's peak, by its choices
    Gradient,
    /// Delta and vega of a call option, by quasi-random points
    Quasi,
    /// Rates of infection and recovery at which the peak is 60 people, by some hundred steps
    Fit,
    /// A program that panics in one block: what a failure looks like
    Panic,
}

/// Estimates on all processes of an MPI run.
#[derive(Parser)]
struct Options {
    /// What to run
    job: Job,
    /// Seed of the run
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Samples of each estimate
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(64..))]
    samples: u64,
    /// Steps of the fit
    #[arg(long, default_value_t = 200)]
    steps: u64,
    /// File to go on from, and to keep what is computed
    #[arg(long)]
    checkpoint: Option<PathBuf>,
    /// Milliseconds between two writings of it
    #[arg(long, default_value_t = 10_000)]
    every: u64,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let Some(universe) = mpi::initialize() else {
        eprintln!("error: MPI does not start");
        return ExitCode::FAILURE;
    };
    let world = universe.world();
    match report(&world, &options) {
        Ok(text) => {
            if world.rank() == 0 {
                println!("{text}");
            }
            ExitCode::SUCCESS
        }
        Err(e) => {
            if world.rank() == 0 {
                eprintln!("error: {e}");
            }
            ExitCode::FAILURE
        }
    }
}

/// What the first process prints: floating-point numbers with all their digits, so that runs can be compared.
fn report(world: &impl Communicator, options: &Options) -> Result<String, Error> {
    let every = Duration::from_millis(options.every);
    let keeping = |program| Keeping { program, checkpoint: options.checkpoint.as_deref(), every };
    match options.job {
        Job::Gradient => {
            let job = estimate::martingale(programs::RATES, programs::epidemic()).samples(options.samples);
            let e = run(world, &job, options.seed, keeping("peak of an epidemic, by martingale scores"))?;
            Ok(format!("{e}\n{:?} {:?} {:?}", e.value, e.gradient, e.gradient_se))
        }
        Job::Quasi => {
            let job = estimate::quasi(programs::MARKET, programs::call()).points(options.samples / 32);
            let e = run(world, &job, options.seed, keeping("call option, by quasi-random points"))?;
            Ok(format!("{e}\n{:?} {:?} {:?}", e.value, e.gradient, e.gradient_se))
        }
        Job::Fit => fit(world, options),
        Job::Panic => {
            let job = program!(|[x]: [S; 1], chance| -> S {
                let u = chance.uniform();
                assert!(u > 1e-4, "the program's own panic, at {u}");
                x * u
            });
            let job = estimate::pathwise_program([1.0], job).samples(options.samples);
            Ok(run(world, &job, options.seed, keeping("a panic"))?.to_string())
        }
    }
}

/// The peak at which the fit aims.
const PEAK: f64 = 60.0;

/// Steps down the gradient of (E[peak] - 60)²/2, every process the same ones, from the estimate that all of them get.
fn fit(world: &impl Communicator, options: &Options) -> Result<String, Error> {
    let mut rates = programs::RATES;
    let mut peak = f64::NAN;
    for step in 0..options.steps {
        let job = estimate::martingale(rates, programs::epidemic()).samples(options.samples);
        let keeping = Keeping { program: "fit", checkpoint: None, every: Duration::MAX };
        let e = run(world, &job, options.seed + step, keeping)?;
        let rate = 2e-6 / (1.0 + 0.02 * step as f64);
        for (parameter, slope) in rates.iter_mut().zip(e.gradient) {
            *parameter = (*parameter - rate * (e.value - PEAK) * slope).clamp(1e-3, 10.0);
        }
        peak = e.value;
    }
    Ok(format!("after {} steps: rates {rates:?}, peak {peak:?}", options.steps))
}

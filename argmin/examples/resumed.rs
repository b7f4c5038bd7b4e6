//! A regression of counts, fitted by a variational bound at fixed random numbers: each step is shown by an observer, every
//! step is written to a file, and a run that was stopped goes on from there to the same bits.
//!
//! `cargo run --release -p reparam-argmin --example resumed`

use argmin::core::checkpointing::CheckpointingFrequency;
use argmin::core::observers::{Observe, ObserverMode};
use argmin::core::{Error, Executor, IterState, KV, OptimizationResult, State};
use argmin::solver::{linesearch::MoreThuenteLineSearch, quasinewton::LBFGS};
use argmin_checkpointing_file::FileCheckpoint;
use reparam::estimate::{self, Estimate, EstimateError, Handle};
use reparam::prelude::*;
use reparam_argmin::SameNoise;

/// Counts at x = -1, -0.8, ..., 1.
const COUNTS: [u32; 11] = [1, 0, 2, 3, 2, 5, 4, 9, 8, 13, 21];

type J = Jet<f64, 4>;
type Bound = Estimate<[f64; 4]>;

/// ln p of intercept and slope: standard deviations 3 a priori, and Poisson counts of mean e^(a + b x).
fn ln_joint([a, b]: [J; 2]) -> Result<J, LawError> {
    let prior = Normal::new(J::from(0.0), J::from(3.0))?;
    let count = |(k, y): (usize, &u32)| {
        let ln_mean = a + b * (-1.0 + 0.2 * k as f64);
        ln_mean * f64::from(*y) - ln_mean.exp()
    };
    Ok(COUNTS.iter().enumerate().map(count).sum::<J>() + prior.ln_pdf(a) + prior.ln_pdf(b))
}

/// E[ln p] and the entropy of two independent normal laws, at means and ln of standard deviations.
fn bound(theta: &[f64], seed: u64) -> Result<Bound, EstimateError<LawError>> {
    let sample = |[m, n, s, t]: [J; 4], chance: &mut Handle<J>| -> Result<J, LawError> {
        let q = [Normal::new(m, s.exp())?, Normal::new(n, t.exp())?];
        let z = [chance.draw(&q[0]), chance.draw(&q[1])];
        Ok(ln_joint(z)? + q[0].entropy() + q[1].entropy())
    };
    estimate::pathwise([theta[0], theta[1], theta[2], theta[3]], sample).samples(512).run_seed(seed)
}

/// A line a step, up to one in which the machine is turned off, if there is one.
struct Shown {
    until: u64,
}

impl Observe<IterState<Vec<f64>, Vec<f64>, (), (), (), f64>> for Shown {
    fn observe_iter(&mut self, state: &IterState<Vec<f64>, Vec<f64>, (), (), (), f64>, _: &KV) -> Result<(), Error> {
        let at = state.get_param().map_or("nowhere".into(), |x| format!("{x:.4?}"));
        println!("{:>3}  {:>12.8}  {at}", state.get_iter(), -state.get_cost());
        if state.get_iter() == self.until { Err(Error::msg("turned off")) } else { Ok(()) }
    }
}

type Search = LBFGS<MoreThuenteLineSearch<Vec<f64>, Vec<f64>, f64>, Vec<f64>, Vec<f64>, f64>;
type Problem = SameNoise<fn(&[f64], u64) -> Result<Bound, EstimateError<LawError>>, Bound>;
type Found = OptimizationResult<Problem, Search, IterState<Vec<f64>, Vec<f64>, (), (), (), f64>>;

/// From the last checkpoint, if there is one, to the end or until the machine is turned off.
fn run(until: u64, checkpoint: Option<FileCheckpoint>) -> Result<Found, Error> {
    let problem: Problem = SameNoise::new(1, bound as fn(&[f64], u64) -> _).maximize();
    let search = LBFGS::new(MoreThuenteLineSearch::new(), 6).with_tolerance_grad(1e-6)?;
    let executor = Executor::new(problem, search)
        .configure(|state| state.param(vec![0.0, 0.0, -1.0, -1.0]).max_iters(40))
        .add_observer(Shown { until }, ObserverMode::Always);
    match checkpoint {
        Some(file) => executor.checkpointing(file).run(),
        None => executor.run(),
    }
}

fn main() -> Result<(), Error> {
    let folder = std::env::temp_dir().join(format!("reparam-argmin-{}", std::process::id()));
    let folder = folder.to_str().ok_or_else(|| Error::msg("the folder for temporary files has no name in UTF-8"))?;
    let file = || FileCheckpoint::new(folder, "fit", CheckpointingFrequency::Always);
    println!("step  bound         means and ln of standard deviations");
    let whole = run(u64::MAX, None)?;
    println!("\nAgain, turned off in step 4 ...");
    assert!(run(4, Some(file())).is_err());
    println!("... and from its checkpoint on");
    let resumed = run(u64::MAX, Some(file()))?;
    std::fs::remove_dir_all(folder)?;

    let bits = |found: &Found| -> Option<Vec<u64>> {
        Some(found.state().get_best_param()?.iter().map(|x| x.to_bits()).collect())
    };
    assert!(bits(&whole).is_some() && bits(&whole) == bits(&resumed), "the same bits");
    let best = whole.state().get_best_param().cloned().unwrap_or_default();
    println!(
        "\nThe same bits: {best:.4?}. At other random numbers the slopes there are {:.4?}",
        bound(&best, 2)?.gradient
    );
    Ok(())
}

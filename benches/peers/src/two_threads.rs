//! How much faster two threads are than one: `cargo run --release -p peers --bin two_threads [ROUNDS]`.
//!
//! Walks of about 1 and 10 microseconds a sample. One thread and two take turns, and the fastest of each are compared: on
//! a machine that does something else meanwhile the others say nothing.

use rayon::{ThreadPool, ThreadPoolBuilder};
use reparam::estimate;
use reparam::prelude::*;
use std::error::Error;
use std::time::Instant;

const SAMPLES: u64 = 1 << 18;

/// A walk with this many steps, whose drift and volatility are parameters.
fn walk(steps: u32) -> impl Program<Theta = [f64; 2], Output = f64> + Copy + Sync {
    program!(|[drift, volatility]: [S; 2], chance| using (steps: u32) -> S {
        let mut x = S::from(0.0);
        let dt = 1.0 / f64::from(steps);
        for _ in 0..steps {
            x += drift * dt + volatility * (dt.sqrt() * chance.normal()) - x * dt;
        }
        x.softplus()
    })
}

/// Seconds of an estimate on these threads.
fn seconds(pool: &ThreadPool, steps: u32, samples: u64) -> Result<f64, Box<dyn Error>> {
    let start = Instant::now();
    pool.install(|| estimate::pathwise_program([0.1, 0.4], walk(steps)).samples(samples).par_run_seed(1))?;
    Ok(start.elapsed().as_secs_f64())
}

fn main() -> Result<(), Box<dyn Error>> {
    let rounds = std::env::args().nth(1).map_or(Ok(10), |rounds| rounds.parse())?;
    let pools = [1, 2].map(|threads| ThreadPoolBuilder::new().num_threads(threads).build());
    let [one, two] = pools;
    let (one, two) = (one?, two?);
    println!("| a sample | one thread | two | speed-up |\n|---|---|---|---|");
    for (steps, samples) in [(200, SAMPLES), (2000, SAMPLES / 8)] {
        let (mut single, mut double) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..rounds {
            single = single.min(seconds(&one, steps, samples)?);
            double = double.min(seconds(&two, steps, samples)?);
        }
        let sample = 1e6 * single / samples as f64;
        println!("| {sample:.1} µs | {single:.3} s | {double:.3} s | {:.2} |", single / double);
    }
    Ok(())
}

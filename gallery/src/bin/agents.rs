//! Gradients of agents' simulations with a hundred parameters, and what they are good for.

#[path = "../agents/mod.rs"]
mod agents;

use agents::{Model, WAYS};
use clap::Parser;
use gallery::Error;
use gallery::cli::{self, Common};
use gallery::plot::{self, Panel};
use std::fmt::Write;
use std::process::ExitCode;
use std::time::Instant;

/// An outbreak in a hundred places, 49 traffic lights, a hotel's bookings: gradients in all parameters by scores, replay,
/// finite differences and smoothing from the same number of runs, and what steps with each of them reach.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// Runs for each gradient of the table
    #[arg(long, default_value_t = 8000, value_parser = clap::value_parser!(u64).range(400..=1_000_000_000))]
    runs: u64,
    /// Steps of each descent
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    steps: u32,
    /// Runs for the gradient of each step
    #[arg(long, default_value_t = 400, value_parser = clap::value_parser!(u64).range(64..=1_000_000_000))]
    step_runs: u64,
}

/// The reference has this many times the runs of a row, by scores and by replay.
const REFERENCE: u64 = 10;

fn main() -> ExitCode {
    cli::main(run)
}

fn run(options: &Options) -> Result<String, Error> {
    let picture = options.common.picture("agents.svg")?;
    let mut rng = options.common.generator();
    let mut report = format!(
        "Gradients from {} runs, against {} runs by scores and as many by replay: root mean squares over all parameters.\n",
        options.runs,
        REFERENCE * options.runs
    );
    let mut panels = Vec::new();
    for model in Model::all(&mut rng) {
        let [name, result] = model.names();
        let spinner = cli::spinner(name);
        let theta = model.start();
        let exact = agents::reference(&model, &theta, REFERENCE * options.runs, &mut rng)?;
        let size = (exact.0.iter().map(|g| g * g).sum::<f64>() / theta.len() as f64).sqrt();
        writeln!(report, "\n{name}: {} parameters; derivatives of the {result} are {size:.3}", theta.len())?;
        writeln!(
            report,
            "  {:>12} {:>10} {:>10} {:>10} {:>12}   {result} after {} steps",
            "", "error", "noise", "ms a run", "", options.steps
        )?;
        let mut panel = Panel::new(name, "step of Adam", result);
        for way in WAYS {
            let start = Instant::now();
            let errors = agents::errors(&way.gradient(&model, &theta, options.runs, &mut rng)?, &exact);
            let time = start.elapsed().as_secs_f64() / options.runs as f64;
            let curve = agents::descend(&model, way, (options.steps, options.step_runs, 0.1), &mut rng)?;
            let last = &curve[curve.len() - curve.len().min(5)..];
            let reached = last.iter().sum::<f64>() / last.len() as f64;
            writeln!(
                report,
                "  {:>12} {:>10.3} {:>10.3} {:>10.4} {:>12}   {:.2} from {:.2}",
                way.name(),
                errors.error,
                errors.noise,
                1e3 * time,
                "",
                reached,
                curve[0]
            )?;
            let points = curve.iter().enumerate().map(|(step, value)| (step as f64, *value)).collect();
            panel = panel.line(way.name(), points);
        }
        panels.push(panel);
        spinner.finish_and_clear();
    }
    plot::write(&picture, 3, (420, 360), &panels)?;
    writeln!(report)?;
    report += &cli::picture_line(&picture);
    Ok(report)
}

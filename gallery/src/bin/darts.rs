//! A robot throws darts: three ways to a gradient side by side, and what training by one of them does.

#[path = "../darts/mod.rs"]
mod darts;

use clap::Parser;
use darts::{Cost, Gradients, Robot};
use gallery::cli::{self, Common};
use gallery::plot::{self, Panel};
use gallery::{Error, Generator};
use std::fmt::Write;
use std::process::ExitCode;

/// A robot throws darts: gradients of its mean cost in aim and jitter, by pathwise derivatives, scores and
/// measure-valued derivatives, beside the exact ones; then the robot trains.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// Where the robot aims at first, to the right of the middle in centimetres
    #[arg(long, default_value_t = 8.0, allow_negative_numbers = true, value_parser = length)]
    x: f64,
    /// Where the robot aims at first, above the middle in centimetres
    #[arg(long, default_value_t = 5.0, allow_negative_numbers = true, value_parser = length)]
    y: f64,
    /// Standard deviation of its arm at first, in centimetres
    #[arg(long, default_value_t = 4.0, value_parser = jitter)]
    jitter: f64,
    /// Throws for each gradient of the tables
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(2..=1_000_000_000))]
    throws: u64,
    /// Steps of the training, of ten throws each
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    steps: u32,
}

fn length(text: &str) -> Result<f64, String> {
    let x: f64 = text.parse().map_err(|_| "expected a number".to_string())?;
    if x.abs() <= 100.0 { Ok(x) } else { Err("expected a length from -100 to 100".into()) }
}

fn jitter(text: &str) -> Result<f64, String> {
    let x: f64 = text.parse().map_err(|_| "expected a number".to_string())?;
    if (0.2..=20.0).contains(&x) { Ok(x) } else { Err("expected a length from 0.2 to 20".into()) }
}

fn main() -> ExitCode {
    cli::main(run)
}

fn run(options: &Options) -> Result<String, Error> {
    let picture = options.common.picture("darts.svg")?;
    let mut rng = options.common.generator();
    let start: Robot = [options.x, options.y, options.jitter];
    let spinner = cli::spinner("training and gradients");
    let path = darts::train(start, options.steps, 10, &mut rng)?;
    let end = path[path.len() - 1];

    let mut report = String::new();
    for (name, robot) in [("before training", start), ("after training", end)] {
        writeln!(report, "{name}: aim ({:.2}, {:.2}), jitter {:.2}", robot[0], robot[1], robot[2])?;
        for cost in [Cost::Distance, Cost::Hit] {
            table(&mut report, cost, &darts::gradients(cost, robot, options.throws, &mut rng)?)?;
        }
    }
    spinner.finish_and_clear();
    let optimum = darts::optimum();
    writeln!(report, "The best that can be: aim (0, 0), jitter {:.2}.\n", optimum[2])?;

    let training = Panel::new("training: ten throws a step", "step", "cm")
        .line("aim, x", steps(&path, 0))
        .line("aim, y", steps(&path, 1))
        .line("jitter", steps(&path, 2));
    plot::write(
        &picture,
        3,
        (420, 420),
        &[board("before training", start, &mut rng), board("after training", end, &mut rng), training],
    )?;
    report += &cli::picture_line(&picture);
    Ok(report)
}

/// One cost's gradients by all methods.
fn table(out: &mut String, cost: Cost, g: &Gradients) -> Result<(), std::fmt::Error> {
    let name = match cost {
        Cost::Distance => "E[squared distance]",
        Cost::Hit => "P(bull's eye)",
    };
    writeln!(out, "\n  {name} = {:.4} ± {:.4}, exactly {:.4}", g.pathwise.value, g.pathwise.value_se, g.exact.re)?;
    writeln!(out, "  {:>22} {:>18} {:>18} {:>18}", "derivative in", "aim x", "aim y", "jitter")?;
    let exact = g.exact.eps;
    writeln!(out, "  {:>22} {:>18.5} {:>18.5} {:>18.5}", "exact", exact[0], exact[1], exact[2])?;
    let mut row = |name: &str, value: [f64; 3], se: [f64; 3]| {
        let cell = |i: usize| format!("{:.5} ± {:.5}", value[i], se[i]);
        let wrong = (0..3).any(|i| (value[i] - exact[i]).abs() > 6.0 * se[i]);
        let note = if wrong { "  wrong: the jump is not seen" } else { "" };
        writeln!(out, "  {name:>22} {:>18} {:>18} {:>18}{note}", cell(0), cell(1), cell(2))
    };
    row("pathwise", g.pathwise.gradient, g.pathwise.gradient_se)?;
    row("score", g.score.gradient, g.score.gradient_se)?;
    row("measure-valued", g.measure_valued.map(|m| m.0), g.measure_valued.map(|m| m.1))?;
    writeln!(out)
}

/// The dart board with some throws.
fn board(title: &str, robot: Robot, rng: &mut Generator) -> Panel {
    let throws = (0..300).map(|_| darts::throw(robot, rng)).map(|[x, y]| (x, y)).collect();
    let panel = Panel::new(title, "cm", "cm").equal().x_range(-16.0, 16.0).y_range(-16.0, 16.0);
    let rings = [1.0, 4.0, 7.0, 10.0].map(|ring| ring * darts::RADIUS);
    let panel = rings.into_iter().fold(panel, |panel, radius| panel.circle((0.0, 0.0), radius));
    panel.dots("", throws, 2).color(0)
}

fn steps(path: &[Robot], parameter: usize) -> Vec<(f64, f64)> {
    path.iter().enumerate().map(|(step, robot)| (step as f64, robot[parameter])).collect()
}

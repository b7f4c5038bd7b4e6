//! A law of one's own, wrong in three ways, and right.

#[path = "../verify_your_own/mod.rs"]
mod verify_your_own;

use clap::Parser;
use gallery::Error;
use gallery::cli::{self, Common};
use gallery::plot::{self, Panel};
use reparam::prelude::*;
use reparam::verify;
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;
use verify_your_own::{Lomax, Mistake};

/// A law of one's own with a mistake planted in its derivative, in its distribution function or in its draws: what
/// `reparam::verify` and proptest say of each, and of the law without mistakes.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// Shape of the law
    #[arg(long, default_value_t = 4.0, value_parser = shape)]
    shape: f64,
    /// Scale of the law
    #[arg(long, default_value_t = 1.5, value_parser = scale)]
    scale: f64,
    /// Draws that are held against the law
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1000..=10_000_000))]
    draws: u32,
    /// Parameters at which derivatives are held against differences
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    cases: u32,
}

fn within(text: &str, low: f64, high: f64) -> Result<f64, String> {
    let x: f64 = text.parse().map_err(|_| "expected a number".to_string())?;
    if (low..=high).contains(&x) { Ok(x) } else { Err(format!("expected a number from {low} to {high}")) }
}

// beyond four moments, which the check of moments needs, and with a tail that leaves the tolerance its digits
fn shape(text: &str) -> Result<f64, String> {
    within(text, 3.0, 20.0)
}

fn scale(text: &str) -> Result<f64, String> {
    within(text, 0.01, 100.0)
}

fn main() -> ExitCode {
    cli::main(run)
}

fn run(options: &Options) -> Result<String, Error> {
    let picture = options.common.picture("verify_your_own.svg")?;
    let (seed, parameters) = (options.common.seed, [options.shape, options.scale]);
    let bar = cli::progress(8, "checks");
    let mut report = String::new();
    let mut misjudged = Vec::new();
    for mistake in Mistake::ALL {
        let of_derivatives = verify_your_own::derivatives(mistake, options.cases, seed);
        bar.inc(1);
        let of_law = verify_your_own::law(mistake, parameters, options.draws as usize, seed);
        bar.inc(1);
        writeln!(report, "{}", mistake.name())?;
        for (check, outcome) in [("derivatives, by proptest", &of_derivatives), ("the law, by verify", &of_law)] {
            match outcome {
                Ok(()) => writeln!(report, "  {check}: passes")?,
                Err(what) => {
                    writeln!(report, "  {check}: {}", what.lines().take(3).collect::<Vec<_>>().join("\n    "))?
                }
            }
        }
        if (of_derivatives.is_err() || of_law.is_err()) != (mistake != Mistake::None) {
            misjudged.push(mistake.name());
        }
    }
    bar.finish_and_clear();
    if !misjudged.is_empty() {
        return Err(format!("judged wrongly at this seed: {}\n{report}", misjudged.join(", ")).into());
    }
    writeln!(report)?;
    write_picture(&picture, options)?;
    report += &cli::picture_line(&picture);
    Ok(report)
}

/// What each check looks at.
fn write_picture(path: &Path, options: &Options) -> Result<(), Error> {
    let parameters = [options.shape, options.scale];
    let probabilities = || (1..100).map(|i| f64::from(i) / 100.0);
    let mut slopes = Panel::new("dz/dshape of the draw at u: jets, and differences", "u", "").legend_low();
    let jet = |mistake: Mistake, u: f64| Lomax(mistake).at(Jet::variables(parameters), u).eps[0];
    let difference =
        |u: f64| verify::derivative(|shape| Lomax(Mistake::None).at([shape, options.scale], u), options.shape).value;
    slopes = slopes.line("right", probabilities().map(|u| (u, jet(Mistake::None, u))).collect());
    slopes = slopes.line("wrong", probabilities().map(|u| (u, jet(Mistake::Derivative, u))).collect());
    slopes = slopes.dots("differences", probabilities().step_by(6).map(|u| (u, difference(u))).collect(), 3).color(6);

    let right = FromCdf::new(Lomax(Mistake::None), parameters)?;
    let wrong = FromCdf::new(Lomax(Mistake::DistributionFunction), parameters)?;
    let far = 6.0 * options.scale;
    let xs = || (1..=120).map(move |i| far * f64::from(i) / 120.0);
    let off = |x: f64| (x, wrong.sf(x) / right.sf(x) - 1.0);
    let tails = Panel::new("1 - F: the wrong one over the right one, less 1", "x", "")
        .line("right", vec![(0.0, 0.0), (far, 0.0)])
        .line("wrong beyond three scales", xs().map(off).collect())
        .legend_low()
        .legend_left();

    let mut draws = Panel::new("draws: F at the i-th of n, less i/n", "F", "").legend_left();
    let count = options.draws as usize;
    for (mistake, name) in [(Mistake::None, "right"), (Mistake::Draws, "wrong")] {
        let (law, mut rng) = (FromCdf::new(Lomax(mistake), parameters)?, options.common.generator());
        let mut seen: Vec<f64> = (0..count).map(|_| law.cdf(law.sample(&mut rng))).collect();
        seen.sort_by(f64::total_cmp);
        let points = seen.iter().enumerate().step_by((count / 400).max(1));
        draws = draws.line(name, points.map(|(i, f)| (*f, f - (i as f64 + 0.5) / count as f64)).collect());
    }
    plot::write(path, 3, (400, 340), &[slopes, tails, draws])
}

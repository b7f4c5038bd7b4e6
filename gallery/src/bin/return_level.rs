//! The level that the sea exceeds once in a hundred years, and how well it is known.

#[path = "../return_level/mod.rs"]
mod return_level;

use clap::Parser;
use gallery::Error;
use gallery::cli::{self, Common};
use gallery::plot::{self, Panel};
use reparam::prelude::Jet;
use return_level::Fit;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The level that the sea exceeds once in a hundred years: a generalized extreme value law fitted to annual maxima
/// (Port Pirie's, or yours), with errors by the delta method and by the profile likelihood; and the largest level of the next
/// years, simulated by draws that carry derivatives.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// CSV file with a column `level_m`: annual maxima
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Return period in years
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    period: u32,
    /// Years of which the largest level is simulated
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    horizon: u32,
    /// Samples of the simulation
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(2..=10_000_000))]
    samples: u64,
}

fn main() -> ExitCode {
    cli::main(run)
}

fn run(options: &Options) -> Result<String, Error> {
    let levels = return_level::read(options.data.as_deref())?;
    let picture = options.common.picture("return_level.svg")?;
    let (count, years) = (levels.len(), options.horizon);
    let fit = Fit::new(levels)?;
    let maximum = &fit.maximum;

    let mut report = String::new();
    writeln!(report, "{count} annual maxima, log-likelihood {:.4}", maximum.value)?;
    for ((name, x), se) in ["location", "scale", "shape"].iter().zip(maximum.point).zip(maximum.errors()) {
        writeln!(report, "  {name:<9} {x:>9.5} ± {se:.5}")?;
    }

    let probability = 1.0 / f64::from(options.period);
    let (level, se) = fit.level(probability)?;
    let (low, high) = fit.profile_interval(probability)?;
    writeln!(report, "\nLevel exceeded once in {} years: {level:.4} ± {se:.4}", options.period)?;
    let (delta_low, delta_high) = (level - 1.96 * se, level + 1.96 * se);
    writeln!(report, "  95 %, delta method        {delta_low:.3} to {delta_high:.3}")?;
    writeln!(report, "  95 %, profile likelihood  {low:.3} to {high:.3}")?;

    let spinner = cli::spinner("simulating");
    let e = fit.simulate(years, options.samples, &mut options.common.generator())?;
    spinner.finish_and_clear();
    let exact = return_level::mean_of_largest(Jet::<f64, 3>::variables(maximum.point), years)?;
    writeln!(report, "\nMean of the largest level in {years} years, and its derivatives")?;
    writeln!(report, "  {:<9} {:>20} {:>10}", "", "simulated", "exact")?;
    let mut row = |name: &str, x: f64, se: f64, exact: f64| {
        writeln!(report, "  {name:<9} {:>20} {exact:>10.5}", format!("{x:.5} ± {se:.5}"))
    };
    row("value", e.value, e.value_se, exact.re)?;
    for (i, name) in ["location", "scale", "shape"].iter().enumerate() {
        row(name, e.gradient[i], e.gradient_se[i], exact.eps[i])?;
    }
    let (simulated, closed) = (maximum.delta(&e.gradient), maximum.delta(&exact.eps));
    writeln!(report, "  its error from that of the parameters: {simulated:.4} simulated, {closed:.4} exact\n")?;

    draw(&picture, &fit, options.period, (low, high))?;
    report += &cli::picture_line(&picture);
    Ok(report)
}

/// Levels over return periods on the left, the profile likelihood of one of them on the right.
fn draw(path: &Path, fit: &Fit, period: u32, (low, high): (f64, f64)) -> Result<(), Error> {
    let last = f64::from(period).max(200.0) * 2.0;
    let periods = || (0..=120).map(|i| 1.02 * (last / 1.02).powf(f64::from(i) / 120.0));
    let mut band = Vec::new();
    for period in periods() {
        let (level, se) = fit.level(1.0 / period)?;
        band.push((period, level, se));
    }
    let probability = 1.0 / f64::from(period);
    let (level, se) = fit.level(probability)?;
    let levels = Panel::new("level exceeded once in so many years", "years", "metres")
        .log_x()
        .legend_left()
        .line("fitted", band.iter().map(|b| (b.0, b.1)).collect())
        .band("95 %, delta method", band.iter().map(|b| (b.0, b.1 - 1.96 * b.2, b.1 + 1.96 * b.2)).collect())
        .same_color()
        .dots("annual maxima", fit.empirical(), 3)
        .line(format!("95 % at {period}, profile"), vec![(f64::from(period), low), (f64::from(period), high)]);

    let margin = 0.25 * (high - low);
    let (from, to) = (low - margin, high + margin);
    let at = |i: u32| from + (to - from) * f64::from(i) / 60.0;
    // far below the data's largest level the profile has no maximum
    let profile = (0..=60).filter_map(|i| Some((at(i), fit.profile(probability, at(i)).ok()? - fit.maximum.value)));
    let parabola = (0..=60).map(|i| (at(i), -0.5 * ((at(i) - level) / se).powi(2))).collect::<Vec<_>>();
    let shown = |points: Vec<(f64, f64)>| points.into_iter().filter(|p| p.1 > -4.0).collect();
    let likelihood = Panel::new(format!("log-likelihood of the {period}-year level"), "metres", "below the maximum")
        .y_range(-4.0, 0.6)
        .line("profile", shown(profile.collect()))
        .dashed("delta method", shown(parabola))
        .line("95 %", vec![(from, -1.9207), (to, -1.9207)])
        .color(6);
    plot::write(path, 2, (520, 420), &[levels, likelihood])
}

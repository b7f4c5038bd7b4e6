//! Influenza in a boarding school: gradients of a peak that comes of coin tosses, and the rates that explain counts.

#[path = "../epidemic/mod.rs"]
mod epidemic;

use clap::Parser;
use epidemic::{FIT_STEPS, Fit, Gradient, PUBLISHED, School};
use gallery::Error;
use gallery::cli::{self, Common};
use gallery::plot::{self, Panel};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Influenza in a boarding school, by a stochastic model with binomial transitions: the rates are fitted to the boys in
/// bed, and the gradient of the epidemic's peak is estimated in five ways, and in a rate for each of several periods.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// CSV file with a column `in_bed`: how many are in bed, one row a day
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Boys in the school
    #[arg(long, default_value_t = 763, value_parser = clap::value_parser!(u64).range(2..=100_000))]
    boys: u64,
    /// Periods with a rate of infection of their own
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=100))]
    periods: u32,
    /// Samples of each estimate; twice as many for that of several periods
    #[arg(long, default_value_t = 4000, value_parser = clap::value_parser!(u64).range(100..=1_000_000))]
    samples: u64,
}

fn main() -> ExitCode {
    cli::main(run)
}

fn run(options: &Options) -> Result<String, Error> {
    let (school, counted) = epidemic::read(options.data.as_deref(), options.boys)?;
    let picture = options.common.picture("epidemic.svg")?;
    let mut rng = options.common.generator();
    let bar = cli::progress(u64::from(FIT_STEPS) + 2, "steps");
    let fit = epidemic::fit(school, &counted, [0.5, -0.7], options.samples, &mut rng, || bar.inc(1))?;
    let rows = epidemic::gradients(school, fit.theta, options.samples, options.common.seed)?;
    bar.inc(1);
    let mut ln_rates = vec![fit.theta[0]; options.periods as usize];
    ln_rates.push(fit.theta[1]);
    let by_period = epidemic::by_period(school, &ln_rates, 2 * options.samples, options.common.seed)?;
    bar.finish_and_clear();

    let mut report = String::new();
    writeln!(report, "Rates a day that explain {} days, with errors from residuals and from simulation", school.days)?;
    for (i, name) in ["infection", "recovery"].into_iter().enumerate() {
        let rate = fit.theta[i].exp();
        let (error, noise) = (rate * fit.errors[i], rate * fit.noise[i]);
        write!(report, "  {name:<9} {rate:.3} ± {error:.3} ± {noise:.3}")?;
        let published = options.data.is_none().then(|| format!("   Murray 1989, without chance: {:.3}", PUBLISHED[i]));
        writeln!(report, "{}", published.unwrap_or_default())?;
    }
    gradients(&mut report, &rows)?;
    writeln!(report, "\nThe peak's derivatives in the logarithm of each period's rate, and of that of recovery")?;
    for (i, (slope, se)) in by_period.gradient.iter().zip(&by_period.gradient_se).enumerate() {
        let name = if i < options.periods as usize { format!("period {}", i + 1) } else { "recovery".into() };
        writeln!(report, "  {name:<10} {slope:>8.1} ± {se:.1}")?;
    }
    draw(&picture, school, &counted, &fit, &rows)?;
    report += &format!("\n{}", cli::picture_line(&picture));
    Ok(report)
}

/// Variance times time, of the derivative in ln β: the larger, the more time an answer of a given error takes.
fn cost(row: &Gradient) -> f64 {
    row.estimate.gradient_se[0].powi(2) * row.seconds
}

fn gradients(out: &mut String, rows: &[Gradient]) -> std::fmt::Result {
    let peak = &rows[0].estimate;
    writeln!(out, "\nMean peak {:.1} ± {:.1} in bed; its derivatives", peak.value, peak.value_se)?;
    let in_infection = "d/d ln infection";
    writeln!(
        out,
        "  {:<18} {in_infection:>18} {:>18} {:>9} {:>16}",
        "", "d/d ln recovery", "seconds", "variance x time"
    )?;
    for row in rows {
        let e = &row.estimate;
        let cell = |i: usize| format!("{:.1} ± {:.1}", e.gradient[i], e.gradient_se[i]);
        let share = cost(row) / cost(&rows[0]);
        writeln!(out, "  {:<18} {:>18} {:>18} {:>9.2} {share:>16.3}", row.name, cell(0), cell(1), row.seconds)?;
    }
    writeln!(
        out,
        "  Variance x time is that of d/d ln infection, over that of score. Pathwise derivatives do not apply:"
    )?;
    writeln!(
        out,
        "  a count does not move with a rate. Finite differences have a bias, here of order step to the fourth."
    )
}

fn draw(path: &Path, school: School, counted: &[f64], fit: &Fit, rows: &[Gradient]) -> Result<(), Error> {
    let day = |i: usize| i as f64 + 1.0;
    let days = |values: &[f64]| values.iter().enumerate().map(|(i, y)| (day(i), *y)).collect::<Vec<_>>();
    let most = counted.iter().copied().fold(1.0, f64::max);
    let boys = Panel::new("boys in bed", "day", "boys")
        .y_range(0.0, 1.5 * most)
        .dots("counted", days(counted), 4)
        .color(6)
        .line("mean of the stochastic model", days(&fit.means))
        .color(0)
        .dashed("same rates, without chance", days(&epidemic::deterministic(school, fit.theta)))
        .color(1);
    let slope = |i: usize| fit.slopes.iter().enumerate().map(|(d, s)| (day(d), s[i])).collect();
    let slopes = Panel::new("derivatives of the mean", "day", "boys")
        .line("in ln infection", slope(0))
        .line("in ln recovery", slope(1));
    let bars = |i: usize| {
        let row = |(k, row): (usize, &Gradient)| {
            (k as f64 + 1.0 + 0.15 * i as f64, row.estimate.gradient[i], 1.96 * row.estimate.gradient_se[i])
        };
        rows.iter().enumerate().map(row).collect()
    };
    let steepest = rows[0].estimate.gradient.iter().fold(1.0, |m: f64, g| m.max(g.abs()));
    let peak = Panel::new("the peak's gradient, 95 %", "1 score, 2 replay, 3 mix, 4 martingale, 5 differences", "boys")
        .x_range(0.5, 5.6)
        .y_range(-1.3 * steepest, 1.9 * steepest)
        .bars("in ln infection", bars(0))
        .bars("in ln recovery", bars(1));
    plot::write(path, 3, (440, 400), &[boys, slopes, peak])
}

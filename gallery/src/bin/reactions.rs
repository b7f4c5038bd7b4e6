//! Chemical reactions: gradients of mean counts beside the exact master equation.

#[path = "../reactions/mod.rs"]
mod reactions;

use clap::Parser;
use gallery::Error;
use gallery::cli::{self, Common};
use gallery::plot::{self, Panel};
use reactions::{BIRTH_DEATH, DIMERIZATION, OSCILLATOR, Row, System, TIMES};
use reparam::prelude::Jet;
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

/// Chemical reactions by Gillespie's algorithm: how the mean number of molecules depends on the rates, by five
/// estimators beside the exact master equation, with what a given precision costs by each.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// Rate of birth, molecules per unit of time
    #[arg(long, default_value_t = BIRTH_DEATH.default_rates[0], value_parser = birth)]
    birth: f64,
    /// Rate of death, a molecule and unit of time
    #[arg(long, default_value_t = BIRTH_DEATH.default_rates[1], value_parser = death)]
    death: f64,
    /// Rate at which two molecules pair
    #[arg(long, default_value_t = DIMERIZATION.default_rates[0], value_parser = pairing)]
    pairing: f64,
    /// Rate at which a pair parts
    #[arg(long, default_value_t = DIMERIZATION.default_rates[1], value_parser = pairing)]
    parting: f64,
    /// Molecules of the oscillator's repressor that a messenger makes
    #[arg(long, default_value_t = OSCILLATOR.default_rates[0], value_parser = making)]
    making: f64,
    /// Rate at which the oscillator's repressor decays
    #[arg(long, default_value_t = OSCILLATOR.default_rates[1], value_parser = decay)]
    decay: f64,
    /// Samples of each estimate; half of them for the oscillator, whose runs have a thousand reactions
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(100..=10_000_000))]
    samples: u64,
}

/// A number in a range.
fn within(text: &str, low: f64, high: f64) -> Result<f64, String> {
    let x: f64 = text.parse().map_err(|_| "expected a number".to_string())?;
    if (low..=high).contains(&x) { Ok(x) } else { Err(format!("expected a rate from {low} to {high}")) }
}

// the master equation of births and deaths ends at 80 molecules: a mean of 40 at the most is far enough
fn birth(text: &str) -> Result<f64, String> {
    within(text, 0.01, 20.0)
}

fn death(text: &str) -> Result<f64, String> {
    within(text, 0.5, 20.0)
}

fn pairing(text: &str) -> Result<f64, String> {
    within(text, 1e-4, 10.0)
}

fn making(text: &str) -> Result<f64, String> {
    within(text, 0.1, 12.0)
}

fn decay(text: &str) -> Result<f64, String> {
    within(text, 0.1, 5.0)
}

fn main() -> ExitCode {
    cli::main(run)
}

fn run(options: &Options) -> Result<String, Error> {
    let picture = options.common.picture("reactions.svg")?;
    let systems = [
        (BIRTH_DEATH, [options.birth, options.death], options.samples),
        (DIMERIZATION, [options.pairing, options.parting], options.samples),
        (OSCILLATOR, [options.making, options.decay], (options.samples / 2).max(50)),
    ];
    let bar = cli::progress(18, "estimates");
    let mut report = String::new();
    let mut panels = Vec::new();
    for (system, rates, samples) in systems {
        let ln_rates = rates.map(f64::ln);
        let exact = system.exactly(Jet::<f64, 2>::variables(ln_rates), &times(&system))?;
        bar.inc(1);
        let rows = reactions::gradients(system, ln_rates, samples, options.common.seed, || bar.inc(1))?;
        table(&mut report, &system, rates, &exact, &rows)?;
        panels.extend([runs(&system, ln_rates, &exact, options), derivatives(&system, &exact, &rows), costs(&rows)]);
    }
    bar.finish_and_clear();
    writeln!(
        report,
        "Cost is variance times time, over that of score. A count does not move with a rate, so that pathwise"
    )?;
    writeln!(
        report,
        "derivatives do not apply; differences have a bias, here of order step to the fourth. The oscillator's"
    )?;
    writeln!(report, "thousand reactions are too many for scores, whose noise grows with each: take differences.\n")?;
    write_picture(&picture, &panels)?;
    report += &cli::picture_line(&picture);
    Ok(report)
}

fn table(out: &mut String, system: &System, rates: [f64; 2], exact: &[Jet<f64, 2>], rows: &[Row]) -> std::fmt::Result {
    let (last, [first, second]) = (exact[exact.len() - 1], system.rates);
    writeln!(out, "{}: molecules at time {}, {first} {} and {second} {}", system.name, system.end, rates[0], rates[1])?;
    let (d1, d2) = (format!("d/d ln {first}"), format!("d/d ln {second}"));
    writeln!(out, "  {:<12} {:>16} {d1:>20} {d2:>20} {:>8} {:>8} {:>8}", "", "mean", "seconds", "cost", "cost")?;
    writeln!(out, "  {:<12} {:>16.4} {:>20.4} {:>20.4}", "exact", last.re, last.eps[0], last.eps[1])?;
    for row in rows {
        let e = &row.estimate;
        let t = TIMES - 1;
        let cell = |x: f64, se: f64| format!("{x:.3} ± {se:.3}");
        let (mean, slopes) =
            (cell(e.value[t], e.value_se[t]), [0, 1].map(|i| cell(e.gradient[t][i], e.gradient_se[t][i])));
        let share = [0, 1].map(|rate| row.cost(rate) / rows[0].cost(rate));
        write!(out, "  {:<12} {mean:>16} {:>20} {:>20} {:>8.2}", row.name, slopes[0], slopes[1], row.seconds)?;
        writeln!(out, " {:>8.3} {:>8.3}", share[0], share[1])?;
    }
    writeln!(out)
}

/// Times of the exact curves, the last of them the end.
fn times(system: &System) -> Vec<f64> {
    (1..=30).map(|part| system.end * f64::from(part) / 30.0).collect()
}

/// A few runs and the exact mean.
fn runs(system: &System, ln_rates: [f64; 2], exact: &[Jet<f64, 2>], options: &Options) -> Panel {
    let mean = times(system).into_iter().zip(exact).map(|(t, n)| (t, n.re));
    let mean = std::iter::once((0.0, system.start[0] as f64)).chain(mean).collect();
    let mut rng = options.common.generator();
    let panel = Panel::new(format!("{}: three runs, and the mean", system.name), "time", "molecules");
    let panel = (2..5).fold(panel, |panel, color| panel.line("", system.path(ln_rates, 150, &mut rng)).color(color));
    panel.line("", mean).color(6)
}

/// Exact derivatives over time with two estimators on them.
fn derivatives(system: &System, exact: &[Jet<f64, 2>], rows: &[Row]) -> Panel {
    let curve = |rate: usize| {
        let slopes = times(system).into_iter().zip(exact).map(|(t, n)| (t, n.eps[rate]));
        std::iter::once((0.0, 0.0)).chain(slopes).collect::<Vec<_>>()
    };
    let points = |row: &Row, rate: usize, shift: f64| {
        let at = |(i, t): (usize, f64)| {
            (t + shift, row.estimate.gradient[i][rate], 1.96 * row.estimate.gradient_se[i][rate])
        };
        system.times().into_iter().enumerate().map(at).collect::<Vec<_>>()
    };
    let step = 0.012 * system.end;
    let (a, b) = (curve(0), curve(1));
    let cost = |row: &Row| row.cost(0) * row.cost(1);
    let mut cheapest: Vec<&Row> = rows.iter().collect();
    cheapest.sort_by(|a, b| cost(a).total_cmp(&cost(b)));
    let (best, next) = (cheapest[0], cheapest[1]);
    let title = format!("{}: derivatives of the mean", system.name);
    let most = a.iter().chain(&b).fold(1.0, |m: f64, p| m.max(p.1.abs()));
    Panel::new(title, "time", "molecules")
        .y_range(-1.5 * most, 2.6 * most)
        .legend_left()
        .line(format!("in ln {}, exact", system.rates[0]), a)
        .line(format!("in ln {}, exact", system.rates[1]), b)
        .bars(format!("{}, 95 %", best.name), [points(best, 0, -step), points(best, 1, -step)].concat())
        .bars(format!("{}, 95 %", next.name), [points(next, 0, step), points(next, 1, step)].concat())
}

/// What a precision costs.
fn costs(rows: &[Row]) -> Panel {
    let names = rows.iter().map(|row| row.name).collect::<Vec<_>>().join(", ");
    let dots = |rate: usize| {
        let cost = |(k, row): (usize, &Row)| (k as f64 + 1.0, row.cost(rate) / rows[0].cost(rate));
        rows.iter().enumerate().map(cost).collect()
    };
    Panel::new("cost: variance x time, over that of score", &names, "")
        .log_y()
        .x_range(0.5, rows.len() as f64 + 0.5)
        .dots("first rate", dots(0), 5)
        .dots("second rate", dots(1), 5)
}

fn write_picture(path: &Path, panels: &[Panel]) -> Result<(), Error> {
    plot::write(path, 3, (440, 360), panels)
}

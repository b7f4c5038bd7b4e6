//! Chemical reactions: gradients of mean counts beside the exact master equation.

use clap::Parser;
use gallery::Error;
use gallery::cli::{self, Common};
use gallery::plot::{self, Panel};
use gallery::reactions::{self, BIRTH_DEATH, DIMERIZATION, Row, System, TIMES};
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
    #[arg(long, default_value_t = BIRTH_DEATH.default_rates()[0], value_parser = birth)]
    birth: f64,
    /// Rate of death, a molecule and unit of time
    #[arg(long, default_value_t = BIRTH_DEATH.default_rates()[1], value_parser = death)]
    death: f64,
    /// Rate at which two molecules pair
    #[arg(long, default_value_t = DIMERIZATION.default_rates()[0], value_parser = pairing)]
    pairing: f64,
    /// Rate at which a pair parts
    #[arg(long, default_value_t = DIMERIZATION.default_rates()[1], value_parser = pairing)]
    parting: f64,
    /// Samples of each estimate
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

fn main() -> ExitCode {
    cli::main(run)
}

fn run(options: &Options) -> Result<String, Error> {
    let picture = options.common.picture("reactions.svg")?;
    let systems = [(BIRTH_DEATH, [options.birth, options.death]), (DIMERIZATION, [options.pairing, options.parting])];
    let bar = cli::progress(10, "estimates");
    let mut report = String::new();
    let mut panels = Vec::new();
    for (system, rates) in systems {
        let ln_rates = rates.map(f64::ln);
        let exact = system.exactly(Jet::<f64, 2>::variables(ln_rates))?;
        let rows = reactions::gradients(system, ln_rates, options.samples, options.common.seed, || bar.inc(1))?;
        table(&mut report, &system, rates, &exact, &rows)?;
        panels.extend([derivatives(&system, ln_rates, &rows)?, costs(&rows)]);
    }
    bar.finish_and_clear();
    writeln!(
        report,
        "Cost is variance times time, over that of score. A count does not move with a rate, so that pathwise"
    )?;
    writeln!(report, "derivatives do not apply; differences have a bias, here of order step to the fourth.\n")?;
    write_picture(&picture, &panels)?;
    report += &cli::picture_line(&picture);
    Ok(report)
}

fn table(
    out: &mut String,
    system: &System,
    rates: [f64; 2],
    exact: &[Jet<f64, 2>; TIMES],
    rows: &[Row],
) -> std::fmt::Result {
    let (last, [first, second]) = (exact[TIMES - 1], system.rates);
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

/// Exact derivatives over time with two estimators on them.
fn derivatives(system: &System, ln_rates: [f64; 2], rows: &[Row]) -> Result<Panel, Error> {
    let mut curves = [vec![(0.0, 0.0)], vec![(0.0, 0.0)]];
    for part in 1..=10 {
        // the same system to earlier ends: the exact curve between the times of the counts
        let until = System { end: system.end * f64::from(part) / 10.0, ..*system };
        let at_end = until.exactly(Jet::<f64, 2>::variables(ln_rates))?[TIMES - 1];
        curves.iter_mut().zip(at_end.eps).for_each(|(curve, slope)| curve.push((until.end, slope)));
    }
    let points = |row: &Row, rate: usize, shift: f64| {
        let at = |(i, t): (usize, f64)| {
            (t + shift, row.estimate.gradient[i][rate], 1.96 * row.estimate.gradient_se[i][rate])
        };
        system.times().into_iter().enumerate().map(at).collect::<Vec<_>>()
    };
    let step = 0.012 * system.end;
    let [a, b] = curves;
    let (score, best) = (&rows[0], &rows[3]);
    let title = format!("{}: derivatives of the mean", system.name);
    let most = a.iter().chain(&b).fold(1.0, |m: f64, p| m.max(p.1.abs()));
    Ok(Panel::new(title, "time", "molecules")
        .y_range(-1.5 * most, 2.6 * most)
        .legend_left()
        .line(format!("in ln {}, exact", system.rates[0]), a)
        .line(format!("in ln {}, exact", system.rates[1]), b)
        .bars(format!("{}, 95 %", best.name), [points(best, 0, -step), points(best, 1, -step)].concat())
        .bars(format!("{}, 95 %", score.name), [points(score, 0, step), points(score, 1, step)].concat()))
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
    plot::write(path, 2, (520, 400), panels)
}

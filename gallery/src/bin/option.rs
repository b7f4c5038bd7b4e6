//! Options: derivatives of prices by every estimator, errors against time.

#[path = "../option/mod.rs"]
mod option;

use clap::Parser;
use gallery::Error;
use gallery::cli::{self, Common};
use gallery::plot::{self, Panel};
use option::{Contract, Greeks, Method, NAMES, Terms};
use std::fmt::Write;
use std::process::ExitCode;
use std::time::Instant;

/// Delta, vega, gamma and vanna of a European, an Asian and a barrier option in Black & Scholes' model, by pathwise
/// derivatives, scores, finite differences, a smoothed payoff and quasi-random points, against the closed forms.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// Price today
    #[arg(long, default_value_t = 100.0, value_parser = price)]
    spot: f64,
    /// Volatility in a year
    #[arg(long, default_value_t = 0.2, value_parser = volatility)]
    vol: f64,
    /// Strike
    #[arg(long, default_value_t = 100.0, value_parser = price)]
    strike: f64,
    /// Barrier, below spot and strike
    #[arg(long, default_value_t = 90.0, value_parser = price)]
    barrier: f64,
    /// Paths for the tables
    #[arg(long, default_value_t = 32_768, value_parser = clap::value_parser!(u64).range(64..=10_000_000))]
    paths: u64,
}

fn price(text: &str) -> Result<f64, String> {
    let x: f64 = text.parse().map_err(|_| "expected a number".to_string())?;
    if (1e-3..=1e6).contains(&x) { Ok(x) } else { Err("expected a price from 0.001 to 1e6".into()) }
}

fn volatility(text: &str) -> Result<f64, String> {
    let x: f64 = text.parse().map_err(|_| "expected a number".to_string())?;
    if (0.03..=2.0).contains(&x) { Ok(x) } else { Err("expected a volatility from 0.03 to 2".into()) }
}

fn main() -> ExitCode {
    cli::main(run)
}

const CONTRACTS: [(Contract, &str); 3] = [
    (Contract::European, "European call"),
    (Contract::Asian, "geometric Asian call"),
    (Contract::Barrier, "call with a barrier"),
];

/// Numbers of paths and repetitions of the picture.
const PATHS: [u64; 4] = [256, 1024, 4096, 16_384];
const REPETITIONS: u64 = 4;

fn run(options: &Options) -> Result<String, Error> {
    let picture = options.common.picture("option.svg")?;
    let at = [options.spot, options.vol];
    let terms = |contract| Terms { contract, strike: options.strike, barrier: options.barrier };
    // terms that are refused are refused before the run
    CONTRACTS.iter().try_for_each(|(contract, _)| option::truth(terms(*contract), at).map(drop))?;
    let bar = cli::progress((CONTRACTS.len() * Method::ALL.len() * (PATHS.len() + 1)) as u64, "estimates");
    let (mut report, mut panels) = (String::new(), Vec::new());
    for (contract, name) in CONTRACTS {
        let terms = terms(contract);
        let truth = option::truth(terms, at)?;
        table_head(&mut report, name, truth)?;
        let mut curves = [first_panel(name), second_panel(name)];
        for method in Method::ALL {
            let start = Instant::now();
            let (found, se) = option::greeks(method, terms, at, options.paths, options.common.seed)?;
            row(&mut report, method.name(), truth, found, se, start.elapsed().as_secs_f64() * 1e3)?;
            bar.inc(1);
            let mut points = [Vec::new(), Vec::new()];
            for paths in PATHS {
                let (mut squares, mut time): (Greeks, f64) = ([0.0; 5], f64::INFINITY);
                for repetition in 0..REPETITIONS {
                    let start = Instant::now();
                    let (found, _) = option::greeks(method, terms, at, paths, options.common.seed + 1 + repetition)?;
                    time = time.min(start.elapsed().as_secs_f64() * 1e3);
                    (0..5).for_each(|i| squares[i] += (found[i] / truth[i] - 1.0).powi(2));
                }
                let rms = |i: usize, j: usize| ((squares[i] + squares[j]) / (2 * REPETITIONS) as f64).sqrt();
                points[0].push((time, rms(1, 2)));
                points[1].push((time, rms(3, 4)));
                bar.inc(1);
            }
            let [first, second] = points;
            curves = {
                let [a, b] = curves;
                [a.line(method.name(), first), b.line(method.name(), second)]
            };
        }
        panels.extend(curves);
    }
    bar.finish_and_clear();
    // first derivatives above, second ones below
    let order = [0, 2, 4, 1, 3, 5];
    let panels: Vec<Panel> = order.iter().map(|i| panels[*i].clone()).collect();
    plot::write(&picture, 3, (440, 380), &panels)?;
    writeln!(
        report,
        "A note of \"wrong\" is an error of more than 6 standard errors: a bias that more paths do not mend."
    )?;
    report += &cli::picture_line(&picture);
    Ok(report)
}

fn first_panel(name: &str) -> Panel {
    Panel::new(format!("{name}: delta and vega"), "milliseconds", "relative error")
        .log_x()
        .log_y()
        .legend_low()
        .legend_left()
}

fn second_panel(name: &str) -> Panel {
    Panel::new(format!("{name}: gamma and vanna"), "milliseconds", "relative error")
        .log_x()
        .log_y()
        .legend_low()
        .legend_left()
}

fn table_head(out: &mut String, name: &str, truth: Greeks) -> Result<(), std::fmt::Error> {
    writeln!(out, "{name}")?;
    write!(out, "{:24}", "")?;
    NAMES.iter().try_for_each(|name| write!(out, "{name:>22}"))?;
    writeln!(out, "{:>10}", "ms")?;
    write!(out, "{:24}", "closed form")?;
    truth.iter().try_for_each(|x| write!(out, "{x:>22.5}"))?;
    writeln!(out)
}

fn row(out: &mut String, name: &str, truth: Greeks, found: Greeks, se: Greeks, ms: f64) -> Result<(), std::fmt::Error> {
    write!(out, "{name:24}")?;
    for i in 0..5 {
        write!(out, "{:>22}", format!("{:.5} ± {:.5}", found[i], se[i]))?;
    }
    write!(out, "{ms:10.1}")?;
    let is_wrong = |i: &usize| (found[*i] - truth[*i]).abs() > 6.0 * se[*i] + 1e-9 * truth[*i].abs();
    let wrong: Vec<&str> = (0..5).filter(is_wrong).map(|i| NAMES[i]).collect();
    if !wrong.is_empty() {
        write!(out, "  wrong: {}", wrong.join(", "))?;
    }
    writeln!(out)
}

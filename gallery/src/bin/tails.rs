//! Draws of truncated laws far out in a tail: the textbook's formula, this crate's, and the truth.

#[path = "../tails/mod.rs"]
mod tails;

use clap::Parser;
use gallery::Error;
use gallery::cli::{self, Common};
use gallery::plot::{self, Panel};
use reparam::prelude::*;
use std::fmt::Write;
use std::process::ExitCode;
use tails::Tail;

/// Draws beyond a bound, from the bulk to far out: where the textbook's formula for truncated laws breaks down, and what
/// the draws of a normal and of a logistic tail know of location, scale and bound.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// The farthest bound, in units of the scale
    #[arg(long, default_value_t = 100.0, value_parser = bound)]
    farthest: f64,
    /// The probability of the draw that is compared, within the law beyond the bound
    #[arg(long, default_value_t = 0.5, value_parser = probability)]
    u: f64,
    /// Draws for each expectation
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(2..=1_000_000_000))]
    draws: u64,
}

fn bound(text: &str) -> Result<f64, String> {
    let x: f64 = text.parse().map_err(|_| "expected a number".to_string())?;
    if (1.0..=1e6).contains(&x) { Ok(x) } else { Err("expected a number from 1 to 1e6".into()) }
}

fn probability(text: &str) -> Result<f64, String> {
    let x: f64 = text.parse().map_err(|_| "expected a number".to_string())?;
    if (1e-6..=1.0 - 1e-6).contains(&x) { Ok(x) } else { Err("expected a number from 1e-6 to 0.999999".into()) }
}

fn main() -> ExitCode {
    cli::main(run)
}

const TAILS: [Tail; 2] = [Tail::Normal, Tail::Logistic];

fn run(options: &Options) -> Result<String, Error> {
    let picture = options.common.picture("tails.svg")?;
    let mut report = String::new();
    let bounds = [0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 38.0, 100.0];
    let spinner = cli::spinner("draws");
    for tail in TAILS {
        draws_table(&mut report, tail, options, &bounds)?;
        expectations_table(&mut report, tail, options, &bounds)?;
    }
    spinner.finish_and_clear();
    plot::write(&picture, 2, (520, 400), &panels(options)?)?;
    report += &cli::picture_line(&picture);
    Ok(report)
}

fn in_range<'a>(bounds: &'a [f64], options: &Options) -> impl Iterator<Item = f64> + 'a {
    let farthest = options.farthest;
    bounds.iter().copied().filter(move |b| *b < farthest).chain([farthest])
}

fn draws_table(out: &mut String, tail: Tail, options: &Options, bounds: &[f64]) -> Result<(), Error> {
    let u = options.u;
    writeln!(out, "The draw at u = {u} beyond a bound, {} law with location 0 and scale 1:", tail.name())?;
    writeln!(
        out,
        "{:>9}  {:>13} {:>12} {:>12} {:>12}   {:>13} {:>12}",
        "bound", "z - bound", "dz/dlocation", "dz/dscale", "dz/dbound", "textbook: z-b", "dz/dbound"
    )?;
    for bound in in_range(bounds, options) {
        let theta = Jet::variables([0.0, 1.0, bound]);
        let (z, textbook) = (tail.quantile(theta, u)?, tail.textbook(theta, u)?);
        let [location, scale, at] = z.eps;
        writeln!(
            out,
            "{bound:9}  {:13.6e} {location:12.5e} {scale:12.5e} {at:12.5e}   {:13.6e} {:12.5e}",
            z.re - bound,
            textbook.re - bound,
            textbook.eps[2]
        )?;
    }
    writeln!(out)?;
    Ok(())
}

fn expectations_table(out: &mut String, tail: Tail, options: &Options, bounds: &[f64]) -> Result<(), Error> {
    let mut rng = options.common.generator();
    writeln!(out, "Mean excess over the bound from {} draws, and its derivative in the scale:", options.draws)?;
    writeln!(
        out,
        "{:>9}  {:>27} {:>12}   {:>27} {:>12}",
        "bound", "E[z - bound]", "exactly", "dE[z]/dscale", "exactly"
    )?;
    for bound in in_range(bounds, options) {
        let e = tail.excess(bound, options.draws, &mut rng)?;
        let exact = tail.mean(Jet::variables([0.0, 1.0, bound]))?;
        let cell = |value: f64, se: f64| format!("{value:.6e} ± {se:.1e}");
        let (value, slope) = (cell(e.value, e.value_se), cell(e.gradient[1], e.gradient_se[1]));
        writeln!(out, "{bound:9}  {value:>27} {:12.5e}   {slope:>27} {:12.5e}", exact.re - bound, exact.eps[1])?;
    }
    writeln!(out)?;
    Ok(())
}

fn panels(options: &Options) -> Result<Vec<Panel>, Error> {
    let grid = |from: f64, to: f64| (0..=200).map(move |i| from + (to - from) * f64::from(i) / 200.0);
    let mut errors =
        Panel::new("the textbook's formula: largest relative error", "bound", "error").log_y().legend_left();
    for tail in TAILS {
        let mut points = Vec::new();
        for bound in grid(0.0, 40.0) {
            let theta = Jet::variables([0.0, 1.0, bound]);
            let off = tails::difference(tail.textbook(theta, options.u)?, tail.quantile(theta, options.u)?, bound);
            if off.is_infinite() {
                break;
            }
            points.push((bound, off.max(1e-17)));
        }
        let last = points.last().copied().unwrap_or((0.0, 1.0));
        errors = errors.line(format!("{}, up to its last number at {:.1}", tail.name(), last.0), points);
    }
    let mut noise =
        Panel::new("dz/du of the whole law, 1/f(z): it explodes", "z", "logarithm to the base 10").legend_left();
    for tail in TAILS {
        noise = noise.line(tail.name(), grid(0.0, 40.0).map(|z| (z, tail.ln10_slope(z))).collect());
    }
    let ends = (0.1f64.ln(), options.farthest.ln());
    let bounds = || grid(ends.0, ends.1).map(f64::exp);
    let mut slopes = Panel::new("dz/dtheta of draws beyond the bound: it does not", "bound", "derivative")
        .log_x()
        .log_y()
        .legend_low()
        .legend_left();
    let mut excess = Panel::new("draws beyond the bound: 10 %, 50 % and 90 %", "bound", "z - bound")
        .log_x()
        .log_y()
        .legend_low()
        .legend_left();
    for (color, tail) in TAILS.into_iter().enumerate() {
        let draws: Vec<(f64, Jet<f64, 3>)> = bounds()
            .map(|b| Ok((b, tail.quantile(Jet::variables([0.0, 1.0, b]), options.u)?)))
            .collect::<Result<_, LawError>>()?;
        let of = |i: usize| draws.iter().map(|(b, z)| (*b, z.eps[i])).collect();
        slopes = slopes.line(format!("{}: in the scale", tail.name()), of(1)).color(color);
        slopes = slopes.dashed(format!("{}: in the bound, dashed", tail.name()), of(2)).color(color);
        let band = bounds().map(|b| {
            let theta = [0.0, 1.0, b];
            Ok((b, tail.quantile(theta, 0.1)? - b, tail.quantile(theta, 0.9)? - b))
        });
        excess = excess.band("", band.collect::<Result<_, LawError>>()?).color(color);
        let median = bounds().map(|b| Ok((b, tail.quantile([0.0, 1.0, b], 0.5)? - b)));
        excess = excess.line(tail.name(), median.collect::<Result<_, LawError>>()?).color(color);
    }
    Ok(vec![errors, noise, slopes, excess])
}

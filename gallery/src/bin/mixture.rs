//! A mixture fitted to real data by its draws: four gradients, one answer, and where one of them must not be used.

#[path = "../mixture/mod.rs"]
mod mixture;

use clap::Parser;
use gallery::Error;
use gallery::cli::{self, Common};
use gallery::plot::{self, Panel};
use mixture::{Fit, Loss, Method, NAMES, Theta};
use reparam::prelude::*;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Fits a mixture of two normal laws to data by the energy distance of its draws: exact derivatives of draws, scores of
/// components, scores of draws, relaxed choices; then moves the components apart.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// CSV with a header; `#` starts a comment [default: Old Faithful's eruptions]
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// The column of the numbers
    #[arg(long, default_value = "eruption_min")]
    column: String,
    /// Samples for each gradient of the table; half as many for components apart
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(2..))]
    samples: u64,
    /// Steps of each fit, of 50 samples each
    #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    steps: u32,
    /// The lowest temperature of relaxed choices
    #[arg(long, default_value_t = 0.2, value_parser = temperature)]
    temperature: f64,
}

fn temperature(text: &str) -> Result<f64, String> {
    let x: f64 = text.parse().map_err(|_| "expected a number".to_string())?;
    if (0.01..=1.0).contains(&x) { Ok(x) } else { Err("expected a temperature from 0.01 to 1".into()) }
}

fn main() -> ExitCode {
    cli::main(run)
}

/// Fits of each method, so that their ends have a standard error.
const FITS: u64 = 4;

fn run(options: &Options) -> Result<String, Error> {
    let loss = Loss::new(mixture::read(options.data.as_deref(), &options.column)?);
    let picture = options.common.picture("mixture.svg")?;
    let mut rng = options.common.generator();
    let (start, methods) = (loss.start(), methods(options));
    let best = loss.minimum(start)?;
    let plan = Fit { steps: options.steps, samples: 50 };
    let distances = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0, 16.0, 20.0];
    let bar = cli::progress(methods.len() as u64 * (FITS + 1) + distances.len() as u64, "gradients and fits");

    let mut report = String::new();
    writeln!(report, "Gradients of the loss where the fits start, from {} samples each:", options.samples)?;
    header(&mut report)?;
    row(&mut report, "closed form", loss.exact(Jet::variables(start)).eps, None)?;
    for method in &methods {
        let e = method.gradient(start, &loss, options.samples, &mut rng)?;
        row(&mut report, &method.name(), e.gradient, Some(e.gradient_se))?;
        bar.inc(1);
    }

    writeln!(
        report,
        "\nEnds of {FITS} fits by {} steps of {} samples, mean and its standard error:",
        plan.steps, plan.samples
    )?;
    header(&mut report)?;
    row(&mut report, "minimum of the closed form", best, None)?;
    let mut paths = Vec::new();
    for method in &methods {
        let mut ends = Vec::new();
        for _ in 0..FITS {
            let path = mixture::fit(*method, start, &loss, plan, &mut rng)?;
            ends.push(path[path.len() - 1]);
            if ends.len() == 1 {
                paths.push(path);
            }
            bar.inc(1);
        }
        let (mean, se) = mean_and_error(&ends);
        row(&mut report, &method.name(), mean, Some(se))?;
    }
    let weight = 1.0 / (1.0 + (-best[0]).exp());
    writeln!(
        report,
        "The minimum: {weight:.3} N({:.3}, {:.3}) + {:.3} N({:.3}, {:.3}), loss {:.5}; overlap {:.4}\n",
        best[1],
        best[3].exp(),
        1.0 - weight,
        best[2],
        best[4].exp(),
        loss.exact(best),
        mixture::law(best)?.overlap()
    )?;

    writeln!(report, "dE[z]/dw of w N(0, 1) + (1 - w) N(d, 1) at w = 1/2, which is -d:")?;
    writeln!(
        report,
        "{:>5} {:>10} {:>27} {:>27}",
        "d", "overlap", "exact derivative of draws", "score of the component"
    )?;
    let mut apart = Vec::new();
    for distance in distances {
        let a = mixture::apart(distance, options.samples / 2 + 1, &mut rng)?;
        let cell = |(value, se): (f64, f64)| format!("{value:.3} ± {se:.3}");
        let wrong = if (a.exact.0 + distance).abs() > 4.0 * a.exact.1 { "  wrong, and does not know it" } else { "" };
        let (exact, component) = (cell(a.exact), cell(a.component));
        writeln!(report, "{distance:5} {:10.1e} {exact:>27} {component:>27}{wrong}", a.overlap)?;
        apart.push(a);
        bar.inc(1);
    }
    bar.finish_and_clear();

    let mut losses =
        Panel::new("excess of the loss over its minimum", "step", "excess").log_y().legend_low().legend_left();
    for (method, path) in methods.iter().zip(&paths) {
        let every = (path.len() / 200).max(1);
        let points = path.iter().enumerate().step_by(every);
        losses = losses.line(
            method.name(),
            points.map(|(step, theta)| (step as f64, loss.exact(*theta) - loss.exact(best))).collect(),
        );
    }
    let ratio = |d: f64, beside: f64, (value, se): (f64, f64)| (d + beside, -value / d, 2.0 * se / d);
    let ratios = Panel::new("components apart: estimate / truth, ± 2 s.e.", "distance of the means", "ratio")
        .legend_low()
        .legend_left()
        .y_range(0.0, 1.6)
        .bars("exact derivative of draws", apart.iter().map(|a| ratio(a.distance, 0.05, a.exact)).collect())
        .bars("score of the component", apart.iter().map(|a| ratio(a.distance, -0.05, a.component)).collect())
        .dashed("", vec![(1.0, 1.0), (20.0, 1.0)])
        .color(6);
    plot::write(&picture, 3, (440, 400), &[densities(&loss, start, best, &methods, &paths)?, losses, ratios])?;
    write!(report, "\n{}", cli::picture_line(&picture))?;
    Ok(report)
}

fn methods(options: &Options) -> Vec<Method> {
    vec![Method::Exact, Method::Component, Method::Score, Method::Relaxed(options.temperature)]
}

fn header(out: &mut String) -> Result<(), std::fmt::Error> {
    write!(out, "{:26}", "")?;
    NAMES.iter().try_for_each(|name| write!(out, "{name:>20}"))?;
    writeln!(out)
}

fn row(out: &mut String, name: &str, values: Theta, errors: Option<Theta>) -> Result<(), std::fmt::Error> {
    write!(out, "{name:26}")?;
    for i in 0..5 {
        let cell = match errors {
            Some(errors) => format!("{:.5} ± {:.5}", values[i], errors[i]),
            None => format!("{:.5}          ", values[i]),
        };
        write!(out, "{cell:>20}")?;
    }
    writeln!(out)
}

fn mean_and_error(ends: &[Theta]) -> (Theta, Theta) {
    let n = ends.len() as f64;
    let mean: Theta = std::array::from_fn(|i| ends.iter().map(|e| e[i]).sum::<f64>() / n);
    let error = |i: usize| (ends.iter().map(|e| (e[i] - mean[i]).powi(2)).sum::<f64>() / (n * (n - 1.0))).sqrt();
    (mean, std::array::from_fn(error))
}

/// The data as a histogram, and densities of the fits.
fn densities(loss: &Loss, start: Theta, best: Theta, methods: &[Method], paths: &[Vec<Theta>]) -> Result<Panel, Error> {
    let data = loss.data();
    let (low, high) = (data[0], data[data.len() - 1]);
    let (cells, n) = (25usize, data.len() as f64);
    let width = (high - low) / cells as f64;
    let mut counts = vec![0.0; cells];
    data.iter().for_each(|y| counts[(((y - low) / width) as usize).min(cells - 1)] += 1.0);
    let outline = counts.iter().enumerate().flat_map(|(i, count)| {
        let (left, height) = (low + i as f64 * width, count / (n * width));
        [(left, 0.0, height), (left + width, 0.0, height)]
    });
    let curve = |theta: Theta| -> Result<Vec<(f64, f64)>, Error> {
        let law = mixture::law(theta)?;
        let x = (0..=200).map(|i| low + (high - low) * (f64::from(i) / 200.0 * 1.2 - 0.1));
        Ok(x.map(|x| (x, law.pdf(x))).collect())
    };
    let panel = Panel::new("data and fits", "", "density").band("data", outline.collect()).color(6);
    let panel = panel.dashed("start, dashed", curve(start)?).color(4).line("minimum", curve(best)?).color(5);
    let last = |path: &[Theta]| path[path.len() - 1];
    let fits = methods.iter().zip(paths).enumerate();
    fits.filter(|(i, _)| [0, 3].contains(i))
        .try_fold(panel, |panel, (i, (method, path))| Ok(panel.line(method.name(), curve(last(path))?).color(i)))
}

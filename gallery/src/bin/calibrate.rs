//! A simulation of hares and lynxes, calibrated to the pelts of twenty years.

#[path = "../calibrate/mod.rs"]
mod calibrate;

use calibrate::{Fit, NAMES, PUBLISHED, Pelts, Simulated};
use clap::Parser;
use gallery::Error;
use gallery::cli::{self, Common};
use gallery::plot::{self, Panel, Span};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Calibrates a stochastic simulation of hares and lynxes to the pelts of the Hudson's Bay Company (or your counts):
/// simulated likelihood with derivatives, climbed by argmin, with errors from its Hessian beside those of the profile
/// likelihood, and beside the published fit of a model that has no noise in the populations.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// CSV file with columns `year`, `hare` and `lynx`: one row a year, counts in thousands
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Pairs of simulated paths from each year to the next
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u64).range(8..=100_000))]
    pairs: u64,
    /// Steps of a simulated year
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(2..=1000))]
    steps: u32,
}

fn main() -> ExitCode {
    cli::main(run)
}

/// Ends of the profile likelihood's intervals; none where it does not drop on a side.
type Ends = Vec<[Option<f64>; 2]>;

fn run(options: &Options) -> Result<String, Error> {
    let pelts = calibrate::read(options.data.as_deref())?;
    let picture = options.common.picture("calibrate.svg")?;
    let simulated = Simulated { pelts: &pelts, pairs: options.pairs, steps: options.steps, seed: options.common.seed };
    let bar = cli::progress(15, "fits");
    let fit = calibrate::fit(simulated)?;
    bar.inc(1);
    let (ln_likelihood, _, se) = simulated.ln_likelihood(std::array::from_fn(|i| fit.point[i]))?;
    let noise = calibrate::noise_of_simulation(simulated, &fit, 8)?;
    let finer = calibrate::fit(Simulated { steps: 2 * options.steps, ..simulated })?;
    bar.inc(1);
    let counts = calibrate::fit_counts(&pelts, &fit).ok();
    bar.inc(1);
    let mut ends = Ends::new();
    for parameter in 0..NAMES.len() {
        ends.push([-1.0, 1.0].map(|side| {
            bar.inc(1);
            calibrate::profile_end(simulated, &fit, parameter, side).ok()
        }));
    }
    bar.finish_and_clear();

    let mut report = String::new();
    writeln!(report, "{} years from {}, {} paths a year", pelts.ln.len(), pelts.first, 2 * options.pairs)?;
    writeln!(report, "Log-likelihood of the logarithms {ln_likelihood:.3}, ± {se:.3} from the number of paths\n")?;
    table(&mut report, options, &fit, &finer, &noise, &ends, counts.as_ref())?;
    write_picture(&picture, options, &pelts, &fit, &ends, counts.as_ref())?;
    report += &cli::picture_line(&picture);
    Ok(report)
}

fn table(
    out: &mut String,
    options: &Options,
    fit: &Fit,
    finer: &Fit,
    noise: &[f64; 6],
    ends: &Ends,
    counts: Option<&Fit>,
) -> std::fmt::Result {
    writeln!(
        out,
        "{:<16} {:>19} {:>9} {:>19} {:>19} {:>9} {:>18}",
        "", "fitted ± s.e.", "of paths", "95 %, Hessian", "95 %, profile", "finer", "noise in counts"
    )?;
    for (i, name) in NAMES.iter().enumerate() {
        let (value, error) = (fit.point[i].exp(), fit.errors[i]);
        let at = |x: f64| format!("{:.4}", x.exp());
        let between = |low: Option<f64>, high: Option<f64>| {
            let [low, high] = [low, high].map(|end| end.map_or("none".into(), at));
            format!("{low} to {high}")
        };
        let hessian = between(Some(fit.point[i] - 1.96 * error), Some(fit.point[i] + 1.96 * error));
        let other = counts
            .map_or("no fit".into(), |c| format!("{:.4} ± {:.4}", c.point[i].exp(), c.point[i].exp() * c.errors[i]));
        write!(out, "{name:<16} {:>19} {:>9.5}", format!("{value:.4} ± {:.4}", value * error), value * noise[i])?;
        write!(out, " {hessian:>19} {:>19} {:>9}", between(ends[i][0], ends[i][1]), at(finer.point[i]))?;
        writeln!(out, " {other:>18}")?;
    }
    writeln!(
        out,
        "\nOf paths: how far other random numbers move the fit. Finer: with {} steps a year in place of {}.",
        2 * options.steps,
        options.steps
    )?;
    writeln!(out, "Noise in counts: populations without noise, as in the published fit (maximum likelihood, s.e.)")?;
    if options.data.is_none() {
        let [rates @ .., _, _] = PUBLISHED.map(|(mean, std_dev)| format!("{mean} ± {std_dev}"));
        writeln!(out, "Published, posterior means of the rates (Carpenter 2018): {}\n", rates.join(", "))?;
    }
    Ok(())
}

fn write_picture(
    path: &Path,
    options: &Options,
    pelts: &Pelts,
    fit: &Fit,
    ends: &Ends,
    counts: Option<&Fit>,
) -> Result<(), Error> {
    let theta = std::array::from_fn(|i| fit.point[i]);
    let ahead = calibrate::ahead(theta, pelts, options.steps, 2000, &mut options.common.generator());
    let mut series = Panel::new("pelts, and a year ahead of each by the fitted simulation (95 %)", "year", "thousands");
    for (kind, name) in ["hares", "lynxes"].into_iter().enumerate() {
        let year = |i: usize| pelts.first + i as f64;
        let data = pelts.ln.iter().enumerate().map(|(i, ln)| (year(i), ln[kind].exp())).collect();
        let band = ahead.iter().enumerate().map(|(i, of)| {
            let (mean, width) = of[kind];
            (year(i + 1), (mean - 1.96 * width).exp(), (mean + 1.96 * width).exp())
        });
        series = series.band("", band.collect()).color(kind).dots(name, data, 4).color(kind);
    }
    let row = |i: usize, offset: f64, ln: f64, low: Option<f64>, high: Option<f64>| Span {
        row: i as f64 + offset,
        middle: (ln - fit.point[i]).exp(),
        low: low.map_or(0.0, |x| (x - fit.point[i]).exp()),
        high: high.map_or(f64::INFINITY, |x| (x - fit.point[i]).exp()),
    };
    let around = |offset: f64, of: &Fit| -> Vec<Span> {
        let span = |i: usize| {
            let (x, e) = (of.point[i], 1.96 * of.errors[i]);
            row(i, offset, x, Some(x - e), Some(x + e))
        };
        (0..4).map(span).collect()
    };
    let profile = (0..6).map(|i| row(i, 0.0, fit.point[i], ends[i][0], ends[i][1])).collect();
    let hessian = (0..6).map(|i| {
        let (x, e) = (fit.point[i], 1.96 * fit.errors[i]);
        row(i, -0.2, x, Some(x - e), Some(x + e))
    });
    let mut intervals = Panel::new("95 % intervals, over the fitted value", "", "")
        .rows(NAMES.map(String::from))
        .x_range(0.5, 2.0)
        .spans("Hessian", hessian.collect())
        .spans("profile likelihood", profile);
    if let Some(counts) = counts {
        intervals = intervals.spans("noise in counts only", around(0.2, counts));
    }
    if options.data.is_none() {
        let published = PUBLISHED.iter().take(4).enumerate().map(|(i, (mean, sd))| {
            row(i, 0.4, mean.ln(), Some((mean - 1.96 * sd).ln()), Some((mean + 1.96 * sd).ln()))
        });
        intervals = intervals.spans("the same, published", published.collect());
    }
    plot::write_beside(path, &[((640, 420), series), ((520, 420), intervals)])
}

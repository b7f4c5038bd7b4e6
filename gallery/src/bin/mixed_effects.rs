//! A population's pharmacokinetics: theophylline in twelve subjects.

#[path = "../mixed_effects/mod.rs"]
mod mixed_effects;

use clap::Parser;
use gallery::Error;
use gallery::cli::{self, Common};
use gallery::optimum::Maximum;
use gallery::plot::{self, Panel};
use mixed_effects::{BY_LME4, BY_NLME, NAMES, Subject};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// How fast bodies take up a drug and get rid of it, and how much they differ: a model with random effects fitted to
/// theophylline in twelve subjects (or your data), by Laplace's approximation and by importance sampling, beside the
/// fits of R's nlme and lme4.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// CSV file with columns `subject`, `dose_mg_per_kg`, `time_h` and `concentration_mg_per_l`: a row an observation
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Pairs of draws of each subject's effects
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(10..=100_000))]
    pairs: u32,
}

fn main() -> ExitCode {
    cli::main(run)
}

fn run(options: &Options) -> Result<String, Error> {
    let subjects = mixed_effects::read(options.data.as_deref())?;
    let picture = options.common.picture("mixed_effects.svg")?;
    let bar = cli::progress(30, "steps");
    let laplace = mixed_effects::fit_laplace(&subjects, || bar.inc(1))?;
    let seed = options.common.seed;
    let fit = mixed_effects::fit_sampled(&subjects, laplace.point, options.pairs, seed, || bar.inc(1))?;
    // other random numbers, which move the fit by as much as the number of draws leaves open
    let other = mixed_effects::fit_sampled(&subjects, fit.point, options.pairs, seed.wrapping_add(1), || bar.inc(1))?;
    bar.finish_and_clear();
    let (value, se) = mixed_effects::sampled(fit.point, &subjects, options.pairs, seed)?;

    let mut report = String::new();
    let observations: usize = subjects.iter().map(|s| s.observations.len()).sum();
    writeln!(
        report,
        "{} subjects, {observations} observations, {} draws a subject",
        subjects.len(),
        2 * options.pairs
    )?;
    writeln!(report, "Log-likelihood {value:.4} ± {se:.4} by importance sampling, {:.4} by Laplace", laplace.value)?;
    let published = options.data.is_none();
    writeln!(
        report,
        "\n{:<20} {:>18} {:>10} {:>18}{}",
        "",
        "fitted ± s.e.",
        "of draws",
        "Laplace",
        if published { format!(" {:>10} {:>10}", "nlme", "lme4") } else { String::new() }
    )?;
    let [found, by_laplace, by_other] = [&fit, &laplace, &other].map(mixed_effects::in_units);
    for (i, name) in NAMES.iter().enumerate() {
        let cell = |(x, se): (f64, f64)| format!("{x:.4} ± {se:.4}");
        // the standard deviation of one fit, from two
        let draws = (found[i].0 - by_other[i].0).abs() / 2f64.sqrt();
        write!(report, "{name:<20} {:>18} {draws:>10.4} {:>18}", cell(found[i]), cell(by_laplace[i]))?;
        match published {
            true => writeln!(report, " {:>10.4} {:>10.4}", BY_NLME[i], BY_LME4[i])?,
            false => writeln!(report)?,
        }
    }
    writeln!(
        report,
        "\nOf draws: how far other random numbers move the fit. Rates are in 1/h, clearance in l/h/kg.\n"
    )?;
    write_picture(&picture, &subjects, &fit)?;
    report += &cli::picture_line(&picture);
    Ok(report)
}

/// Panels at the most.
const MOST: usize = 12;

/// Each subject's data, with the curve of its own effects and that of the population.
fn write_picture(path: &Path, subjects: &[Subject], fit: &Maximum<7>) -> Result<(), Error> {
    let population = [fit.point[0], fit.point[1], fit.point[2]];
    let shown = &subjects[..subjects.len().min(MOST)];
    let of_all = |f: fn(&(f64, f64)) -> f64| shown.iter().flat_map(|s| &s.observations).map(f).fold(0.0, f64::max);
    let (last, highest) = (of_all(|o| o.0), 1.1 * of_all(|o| o.1));
    let mut panels = Vec::new();
    for (i, subject) in shown.iter().enumerate() {
        let own = mixed_effects::of_subject(fit.point, subject)?;
        let curve = |of: [f64; 3]| {
            let at = |k: i32| last * f64::from(k) / 100.0;
            (0..=100).map(|k| (at(k), mixed_effects::concentration(of, subject.dose, at(k)))).collect::<Vec<_>>()
        };
        // the legend once
        let name = |text: &str| if i == 0 { text.to_string() } else { String::new() };
        let title = format!("subject {}, {} mg/kg", plot::shortened(&subject.name), subject.dose);
        panels.push(
            Panel::new(title, "hours", "mg/l")
                .x_range(0.0, last)
                .y_range(0.0, highest)
                .line(name("own effects"), curve(own))
                .dashed(name("population's mean"), curve(population))
                .color(6)
                .dots("", subject.observations.clone(), 3)
                .color(1),
        );
    }
    plot::write(path, 4, (300, 240), &panels)
}

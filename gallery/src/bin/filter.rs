//! The Nile's level by particles, with a likelihood that can be differentiated twice.

#[path = "../filter/mod.rs"]
mod filter;

use clap::Parser;
use filter::{Fits, Likelihood, Particles, Scheme};
use gallery::Error;
use gallery::cli::{self, Common};
use gallery::optimum::Maximum;
use gallery::plot::{self, Panel};
use reparam::prelude::*;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A particle filter for the level of the Nile (or your series): its likelihood with two orders of derivatives beside
/// the Kalman filter's exact one, by three ways of resampling; and the two variances of the model fitted by particles.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// CSV file with a column `flow`: one number a year
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Particles of a run
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(10..=100_000))]
    particles: u32,
    /// Runs for each step of the fit; four times as many for the last steps, eight times for the table
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u64).range(4..=10_000))]
    runs: u64,
    /// Steps of the fit before the last ones
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=100))]
    steps: u32,
}

fn main() -> ExitCode {
    cli::main(run)
}

fn run(options: &Options) -> Result<String, Error> {
    let flows = filter::read(options.data.as_deref())?;
    let picture = options.common.picture("filter.svg")?;
    let mut rng = options.common.generator();
    let exact = filter::fit_exactly(&flows)?;
    let filter = Particles { flows: &flows, count: options.particles as usize };

    let bar = cli::progress(u64::from(options.steps) + 7, "steps");
    let fits = filter.fit(options.steps, options.runs, &mut rng, || bar.inc(1))?;
    // where the gradient is not 0
    let at = fits.path[0].theta;
    let unit = filter::kalman(at, &flows)?.ln_likelihood;
    let mut tabled = |scheme| {
        bar.inc(1);
        filter.likelihood(at, unit, scheme, 8 * options.runs, &mut rng)
    };
    let columns = [tabled(Scheme::Weighted)?, tabled(Scheme::Smooth)?, tabled(Scheme::Dropped)?];
    bar.finish_and_clear();

    let mut report = String::new();
    let [h, q] = at.map(f64::exp);
    writeln!(report, "Likelihood of {} years at h = {h:.0}, q = {q:.0}, over the exact one,", flows.len())?;
    writeln!(
        report,
        "by {} runs of {} particles, and its derivatives in ln h and ln q",
        8 * options.runs,
        filter.count
    )?;
    let z = filter::kalman(Jet::second_order(at), &flows)?.ln_likelihood;
    derivatives(&mut report, (z - z.re()).exp(), &columns)?;
    variances(&mut report, &exact, &fits, filter.count)?;
    draw(&picture, &flows, &exact, &fits, filter.count, &mut rng)?;
    report += &cli::picture_line(&picture);
    Ok(report)
}

fn derivatives(out: &mut String, exact: Jet<Jet<f64, 2>, 2>, columns: &[Likelihood; 3]) -> std::fmt::Result {
    writeln!(out, "\n  {:<14} {:>10}   by particles; derivatives of weights are", "", "exact")?;
    writeln!(out, "  {:<14} {:>10} {:>19} {:>19} {:>19}", "", "", "kept", "none: smooth", "dropped")?;
    let (value, gradient, hessian) = exact.hessian();
    let mut row = |name: &str, exact: f64, of: &dyn Fn(&Likelihood) -> (f64, f64)| {
        let cells = columns.each_ref().map(|e| {
            let (x, se) = of(e);
            format!("{x:.3} ± {se:.3}{}", if (x - exact).abs() > 6.0 * se { "!" } else { " " })
        });
        writeln!(out, "  {name:<14} {exact:>10.3} {:>19} {:>19} {:>19}", cells[0], cells[1], cells[2])
    };
    row("value", value, &|e| (e.value, e.value_se))?;
    for (i, name) in ["d/d ln h", "d/d ln q"].into_iter().enumerate() {
        row(name, gradient[i], &|e| (e.gradient[i], e.gradient_se[i]))?;
    }
    for (i, j, name) in [(0, 0, "d²/d ln h²"), (0, 1, "d²/dln h dln q"), (1, 1, "d²/d ln q²")] {
        row(name, hessian[i][j], &|e| (e.hessian[i][j], e.hessian_se[i][j]))?;
    }
    writeln!(out, "  ! more than six standard errors from what is exact\n")
}

fn variances(out: &mut String, exact: &Maximum<2>, fits: &Fits, count: usize) -> std::fmt::Result {
    writeln!(out, "Variances of greatest likelihood: h of a year, q of a step of the level")?;
    writeln!(out, "  {:<34} {:>15} {:>15}", "", "h", "q")?;
    let mut row = |name: &str, theta: [f64; 2], errors: [f64; 2]| {
        let cell = |i: usize| format!("{:.0} ± {:.0}", theta[i].exp(), theta[i].exp() * errors[i]);
        writeln!(out, "  {name:<34} {:>15} {:>15}", cell(0), cell(1))
    };
    row("Kalman, ± error from the data", exact.point, exact.errors())?;
    row("particles, ± error from the data", fits.extrapolated.theta, fits.extrapolated.errors)?;
    row("± error from the particles", fits.extrapolated.theta, fits.extrapolated.noise)?;
    row(&format!("  {} particles only", count), fits.whole.theta, fits.whole.noise)?;
    row(&format!("  {} particles only", count / 2), fits.half.theta, fits.half.noise)?;
    let [h, q] = filter::PUBLISHED;
    writeln!(out, "  {:<34} {h:>15} {q:>15}\n", "Durbin & Koopman (2001), the Nile")
}

/// The level on the left, the fit on the right.
fn draw(
    path: &Path,
    flows: &[f64],
    exact: &Maximum<2>,
    fits: &Fits,
    count: usize,
    rng: &mut impl Rng,
) -> Result<(), Error> {
    let kalman = filter::kalman(exact.point, flows)?.levels;
    let found = filter::particles(fits.extrapolated.theta, flows, count, Scheme::Smooth, rng)?.levels;
    let places = || (1..).map(f64::from);
    let levels = Panel::new("flow, and the level after each year", "year", "flow")
        .dots("flow", places().zip(flows.iter().copied()).collect(), 2)
        .color(6)
        .line("level, Kalman", places().zip(kalman.iter().map(|l| l.0)).collect())
        .color(0)
        .band("± its standard deviation", places().zip(&kalman).map(|(x, l)| (x, l.0 - l.1, l.0 + l.1)).collect())
        .color(0)
        .dots(format!("level, {count} particles"), places().zip(found.iter().map(|l| l.0)).collect(), 2)
        .color(1);
    let steps = |i: usize| fits.path.iter().enumerate().map(|(step, f)| (step as f64, f.theta[i].exp())).collect();
    let exactly = |i: usize| vec![(0.0, exact.point[i].exp()), (fits.path.len() as f64 - 1.0, exact.point[i].exp())];
    let fit = Panel::new("variances fitted by particles", "step of Newton's method", "variance")
        .legend_left()
        .legend_low()
        .log_y()
        .line("h, of a year", steps(0))
        .line("q, of a step of the level", steps(1))
        .dashed("Kalman", exactly(0))
        .color(6)
        .dashed("", exactly(1))
        .color(6);
    plot::write(path, 2, (560, 420), &[levels, fit])
}

//! Variational inference for Rubin's eight schools, beside the exact posterior.

#[path = "../eight_schools/mod.rs"]
mod eight_schools;

use clap::Parser;
use eight_schools::data::{self, School};
use eight_schools::exact::{self, Posterior, Summary};
use eight_schools::model::{self, Fitted};
use eight_schools::{REFERENCE, Reference, picture};
use gallery::cli::{self, Common};
use gallery::plot;
use gallery::{Error, Generator};
use reparam::{estimate, prelude::*};
use std::fmt::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Fits a full-rank Gaussian to the posterior of Rubin's eight schools (or of other data) by pathwise gradients.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// CSV with the columns school, effect, standard_error; `#` starts a comment [default: Rubin's eight schools]
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Steps of the optimizer
    #[arg(long, default_value_t = 4000, value_parser = clap::value_parser!(u32).range(1..))]
    steps: u32,
    /// Samples for the gradient in each step
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(2..))]
    samples: u64,
    /// Draws from the fitted Gaussian for its ELBO
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(2..))]
    draws: u64,
}

fn main() -> ExitCode {
    cli::main(run)
}

fn run(options: &Options) -> Result<String, Error> {
    let schools = data::read(options.data.as_deref())?;
    let picture = options.common.picture("eight_schools.svg")?;
    let mut rng = options.common.generator();
    let q = fit_with_progress(&schools, options, &mut rng)?;
    let fitted = Fitted::new(&q, &schools)?;
    let elbo =
        estimate::pathwise([], |[], rng| -> Result<_, Error> { Ok(Jet::constant(model::elbo(&q, &schools, rng)?)) })
            .samples(options.draws)
            .par_run_seed(options.common.seed)?;
    let posterior = exact::posterior(&schools);
    let reference = options.data.is_none().then_some(&REFERENCE);

    picture::write(&picture, &schools, &fitted, &posterior, reference)?;
    let mut report = table(&schools, &fitted, &posterior, reference)?;
    let divergence = posterior.ln_evidence - elbo.value;
    writeln!(report, "\nELBO            {:9.4} ± {:.4}", elbo.value, elbo.value_se)?;
    writeln!(report, "ln evidence     {:9.4}, so that KL(fitted || exact) is {divergence:.3}", posterior.ln_evidence)?;
    if divergence > 1.0 {
        writeln!(report, "The fit is far from the posterior: more --steps may help, unless no Gaussian is close.")?;
    }
    write!(report, "\n{}", difference(&fitted, &posterior)?)?;
    report += &format!("\n{}", cli::picture_line(&picture));
    Ok(report)
}

/// A bar goes to stderr where that is a terminal. A run of more than a minute is announced in any case.
fn fit_with_progress(schools: &[School], options: &Options, rng: &mut Generator) -> Result<Vec<f64>, Error> {
    let bar = cli::progress(options.steps.into(), "steps");
    let mut smooth = None;
    let (start, mut announced) = (Instant::now(), false);
    let fitted = model::fit(schools, options.steps, options.samples, rng, |elbo| {
        let shown = smooth.get_or_insert(elbo);
        *shown += 0.05 * (elbo - *shown);
        bar.set_message(format!("ELBO {shown:.2}"));
        bar.inc(1);
        let left = start.elapsed().as_secs_f64() * (f64::from(options.steps) / bar.position() as f64 - 1.0);
        if start.elapsed().as_secs() >= 2 && left > 60.0 && !announced {
            announced = true;
            bar.suspend(|| {
                eprintln!("{} schools take about {:.0} minutes; fewer --steps are faster", schools.len(), left / 60.0)
            });
        }
    });
    bar.finish_and_clear();
    fitted
}

fn table(
    schools: &[School],
    fitted: &Fitted,
    exact: &Posterior,
    reference: Option<&Reference>,
) -> Result<String, fmt::Error> {
    let posteriordb = if reference.is_some() { [" posteriordb", "        mean"] } else { ["", ""] };
    let width = schools.iter().map(|s| plot::shortened(&s.name).chars().count()).max().unwrap_or(0).max(4);
    let mut out = format!("{:width$} {:>19}   {:>19}  {}\n", "", "fitted Gaussian", "exact posterior", posteriordb[0]);
    writeln!(out, "{:width$} {:>9} {:>9}   {:>9} {:>9}{}", "", "mean", "sd", "mean", "sd", posteriordb[1])?;
    let mut line = |name: &str, fitted: Summary, exact: Summary, reference: Option<f64>| {
        write!(
            out,
            "{:width$} {:9.3} {:9.3}   {:9.3} {:9.3}",
            plot::shortened(name),
            fitted.mean,
            fitted.std_dev,
            exact.mean,
            exact.std_dev
        )?;
        match reference {
            Some(mean) => writeln!(out, "   {mean:9.3}"),
            None => writeln!(out),
        }
    };
    line("mu", fitted.mu, exact.mu, reference.map(|r| r.mu))?;
    line("tau", fitted.tau, exact.tau, reference.map(|r| r.tau))?;
    for (j, school) in schools.iter().enumerate() {
        line(&school.name, fitted.theta[j], exact.theta[j], reference.map(|r| r.theta[j]))?;
    }
    Ok(out)
}

/// Where a Gaussian in ln tau must differ, in the numbers of this fit.
fn difference(fitted: &Fitted, exact: &Posterior) -> Result<String, fmt::Error> {
    let mut out = String::from(
        "A Gaussian in ln tau must differ where tau is small: there the data no longer tell tau from 0 and the posterior\n\
         density of ln tau falls only like tau, a long tail to one side, while the Gaussian's falls like exp(-(ln tau)²) to\n\
         both. Maximizing the ELBO gives up the tail for the bulk. Probabilities, exact and fitted:\n",
    );
    for tau in [0.1_f64, 1.0] {
        writeln!(out, "  P(tau < {tau:4})  {:7.4}  {:7.4}", exact.below(tau.ln()), fitted.ln_tau.cdf(tau.ln()))?;
    }
    for tau in [10.0_f64, 20.0] {
        writeln!(out, "  P(tau > {tau:4})  {:7.4}  {:7.4}", 1.0 - exact.below(tau.ln()), fitted.ln_tau.sf(tau.ln()))?;
    }
    Ok(out)
}

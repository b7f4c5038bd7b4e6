//! Photons scattered by electrons: derivatives through a rejection sampler, and the proposal that accepts most.

#[path = "../rejection/mod.rs"]
mod rejection;

use clap::Parser;
use gallery::Error;
use gallery::cli::{self, Common};
use gallery::plot::{self, Panel};
use rejection::{ELECTRON, Method, Proposal};
use reparam::prelude::*;
use std::fmt::Write;
use std::process::ExitCode;

/// Draws the angles of photons scattered by electrons (Klein & Nishina 1929) by rejection, and differentiates their mean
/// energy in that of the incoming photons: by an exact weight, by relaxed acceptance, and ignoring the acceptance.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// Energy of the photons in keV
    #[arg(long, default_value_t = 1000.0, value_parser = energy)]
    energy: f64,
    /// Draws for each gradient
    #[arg(long, default_value_t = 200_000, value_parser = clap::value_parser!(u64).range(2..))]
    draws: u64,
}

fn energy(text: &str) -> Result<f64, String> {
    let x: f64 = text.parse().map_err(|_| "expected a number".to_string())?;
    if (1.0..=20_000.0).contains(&x) { Ok(x) } else { Err("expected an energy from 1 to 20000 keV".into()) }
}

fn main() -> ExitCode {
    cli::main(run)
}

const TEMPERATURES: [f64; 7] = [1.0, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02];

fn run(options: &Options) -> Result<String, Error> {
    let picture = options.common.picture("rejection.svg")?;
    let mut rng = options.common.generator();
    let k = options.energy / ELECTRON;
    let best = rejection::best_proposal(k);
    let exact = rejection::mean_kept(Jet::<f64, 1>::variable(k, 0));
    // of the part kept in the incoming energy, as energies: E = k P
    let mut report = String::new();
    writeln!(
        report,
        "Photons of {} keV keep the part P of their energy: E[P] = {:.5} exactly.",
        options.energy, exact.re
    )?;
    writeln!(report, "Proposals of density ∝ 1/(1 + b (1 - c)):")?;
    for (name, b) in [("uniform", 0.0), ("fitted", best)] {
        let (draws, proposals) = rejection::cosines(k, b, options.draws.min(100_000), &mut rng)?;
        let (p, n) = (draws.len() as f64 / proposals as f64, draws.len() as f64);
        let se = (p * p * (1.0 - p) / n).sqrt();
        let predicted = Proposal { b }.acceptance(k);
        writeln!(report, "  {name:8} b = {b:8.4}: accepted {p:.4} ± {se:.4}, by integration {predicted:.4}")?;
    }

    let bar = cli::progress(2 + TEMPERATURES.len() as u64, "gradients");
    writeln!(
        report,
        "\nDerivative of E[P] in k = energy / {ELECTRON} keV, from {} draws with the fitted proposal:",
        options.draws
    )?;
    writeln!(report, "{:32} {:>22} {:>10} {:>10}", "", "dE[P]/dk", "error", "in s.e.")?;
    writeln!(report, "{:32} {:12.6}", "exactly", exact.eps[0])?;
    let mut found = Vec::new();
    let relaxed = TEMPERATURES.map(|t| (format!("acceptance relaxed at {t}"), Method::Relaxed(t)));
    let methods = [("exact weight".to_string(), Method::Weighted), ("accepted proposal alone".into(), Method::Ignored)];
    for (name, method) in methods.into_iter().chain(relaxed) {
        let e = rejection::gradient(method, k, best, options.draws, &mut rng)?;
        let (slope, se) = (e.gradient[0], e.gradient_se[0]);
        let off = slope - exact.eps[0];
        writeln!(report, "{name:32} {slope:12.6} ± {se:.6} {off:10.6} {:10.1}", off / se)?;
        found.push((method, slope, se));
        bar.inc(1);
    }
    bar.finish_and_clear();
    plot::write(
        &picture,
        3,
        (430, 400),
        &[densities(options, k, best)?, biases(&found, exact.eps[0]), acceptances(k, best)],
    )?;
    write!(report, "\n{}", cli::picture_line(&picture))?;
    Ok(report)
}

/// The density of the cosine, draws, and the fitted proposal under its bound.
fn densities(options: &Options, k: f64, best: f64) -> Result<Panel, Error> {
    let (draws, _) = rejection::cosines(k, best, 20_000, &mut options.common.generator())?;
    let cells = 40usize;
    let width = 2.0 / cells as f64;
    let mut counts = vec![0.0; cells];
    draws.iter().for_each(|c| counts[(((c + 1.0) / width) as usize).min(cells - 1)] += 1.0);
    let bars = counts.iter().enumerate().flat_map(|(i, count)| {
        let (left, height) = (-1.0 + i as f64 * width, count / (draws.len() as f64 * width));
        [(left, 0.0, height), (left + width, 0.0, height)]
    });
    let grid = || (0..=200).map(|i| -1.0 + f64::from(i) / 100.0);
    let ln_total = rejection::ln_total(k);
    let envelope = |b: f64| {
        let proposal = Proposal { b };
        let ln_bound = proposal.ln_bound(k).0 - ln_total;
        grid().map(|c| (c, (proposal.ln_pdf(c) + ln_bound).exp())).collect()
    };
    let forwards = (rejection::ln_density(k, 1.0) - ln_total).exp();
    Ok(Panel::new(format!("photons of {} keV", options.energy), "cosine of the angle", "density")
        .legend_left()
        .y_range(0.0, 1.4 * forwards)
        .band("20000 draws", bars.collect())
        .color(6)
        .line("Klein & Nishina", grid().map(|c| (c, (rejection::ln_density(k, c) - ln_total).exp())).collect())
        .color(0)
        .dashed("bound by the uniform proposal", envelope(0.0))
        .color(5)
        .dashed("bound by the fitted one", envelope(best))
        .color(1))
}

/// Errors of the derivative against the temperature.
fn biases(found: &[(Method, f64, f64)], exact: f64) -> Panel {
    let error = |t: f64, slope: f64, se: f64| (t, slope / exact, 2.0 * se / exact.abs());
    let relaxed = found.iter().filter_map(|(method, slope, se)| match method {
        Method::Relaxed(t) => Some(error(*t, *slope, *se)),
        _ => None,
    });
    let largest = found.iter().map(|f| f.1 / exact).fold(1.0, f64::max);
    let at = |of: Method, t: f64| found.iter().filter(|f| f.0 == of).map(|f| error(t, f.1, f.2)).collect();
    Panel::new("dE[P]/dk: estimate / truth, ± 2 s.e.", "temperature", "ratio")
        .log_x()
        .x_range(0.01, 1.2)
        .y_range(0.9, 1.0 + 1.5 * (largest - 1.0).max(0.1))
        .bars("acceptance relaxed", relaxed.collect())
        .color(0)
        .bars("exact weight", at(Method::Weighted, 0.013))
        .color(2)
        .bars("accepted proposal alone", at(Method::Ignored, 0.013))
        .color(1)
        .dashed("", vec![(0.01, 1.0), (1.2, 1.0)])
        .color(6)
}

/// Acceptance against b.
fn acceptances(k: f64, best: f64) -> Panel {
    let grid = || (0..=150).map(|i| 1e-2 * 1e5f64.powf(f64::from(i) / 150.0));
    let mut panel = Panel::new("how often a proposal is accepted", "b", "probability")
        .log_x()
        .y_range(0.0, 1.0)
        .legend_low()
        .legend_left();
    for (color, (name, k)) in [("100 keV", 100.0 / ELECTRON), ("10 MeV", 1e4 / ELECTRON)].into_iter().enumerate() {
        panel = panel.line(name, grid().map(|b| (b, Proposal { b }.acceptance(k))).collect()).color(color + 3);
    }
    panel
        .line("this energy", grid().map(|b| (b, Proposal { b }.acceptance(k))).collect())
        .color(0)
        .dots("fitted", vec![(best, Proposal { b: best }.acceptance(k))], 5)
        .color(1)
}

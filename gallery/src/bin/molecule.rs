//! The most active molecule under limits, by gradients through discrete choices and by exhaustive search.

#[path = "../molecule/mod.rs"]
mod molecule;

use clap::Parser;
use gallery::cli::{self, Common};
use gallery::design::{self, Method, Plan, Trained};
use gallery::plot::{self, Panel};
use gallery::{Error, Generator};
use molecule::{Molecule, POSITIONS, SUBSTITUENTS};
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Substituents at three positions of a ring that make a published equation (Hansch & Lien 1968) largest under limits on
/// log P and size: Gumbel-softmax, straight-through, replay and scores, against the best of all 5832 molecules.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// CSV with the columns substituent, pi, sigma_m, sigma_p, mr, and 18 rows [default: Hansch's constants]
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// The most that substituents may add to log P
    #[arg(long, default_value_t = 2.0, allow_negative_numbers = true, value_parser = limit)]
    log_p: f64,
    /// The largest sum of molar refractivities, in cm³/mol
    #[arg(long, default_value_t = 30.0, value_parser = limit)]
    size: f64,
    /// Steps of a training, of 10 molecules each
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(3..=100_000))]
    steps: u32,
    /// Trainings of each method
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(2..=1000))]
    runs: u64,
}

fn limit(text: &str) -> Result<f64, String> {
    let x: f64 = text.parse().map_err(|_| "expected a number".to_string())?;
    if x.abs() <= 1000.0 { Ok(x) } else { Err("expected a number from -1000 to 1000".into()) }
}

fn main() -> ExitCode {
    cli::main(run)
}

const SAMPLES: usize = 10;

fn run(options: &Options) -> Result<String, Error> {
    let molecule = Molecule::new(molecule::read(options.data.as_deref())?, options.log_p, options.size);
    let picture = options.common.picture("molecule.svg")?;
    let mut rng = options.common.generator();
    let plan = Plan { steps: options.steps, samples: SAMPLES, rate: 0.1, coldest: 0.2 };
    let evaluations = plan.steps as usize * SAMPLES;

    let (best, least) = design::exhaustive(&molecule);
    let sums = molecule.sums(&best);
    if !molecule.is_allowed(sums) {
        return Err(format!("no molecule keeps a log P of {} and a size of {}", options.log_p, options.size).into());
    }
    let mut report = String::new();
    writeln!(report, "The best of all {} molecules: {}", SUBSTITUENTS.pow(3), molecule.name(&best))?;
    writeln!(
        report,
        "log 1/C = {:.3}, sum of pi {:.2}, of sigma {:.2}, of refractivities {:.2}\n",
        sums.activity(),
        sums.pi,
        sums.sigma,
        sums.mr
    )?;
    writeln!(report, "{} runs each, of {evaluations} evaluations; cost is -log 1/C plus penalties:", options.runs)?;
    writeln!(report, "{:24} {:>22} {:>12}", "", "cost", "found it")?;

    let mut row = |name: &str, costs: &[f64]| {
        let (mean, se) = design::mean_and_error(costs);
        let found = costs.iter().filter(|c| **c < least + 1e-9).count();
        writeln!(
            report,
            "{name:24} {:>22} {:>12}",
            format!("{mean:.3} ± {se:.3}"),
            format!("{found} of {}", costs.len())
        )
    };
    let bar = cli::progress(Method::ALL.len() as u64 * options.runs, "trainings");
    let mut first: Vec<Trained<SUBSTITUENTS>> = Vec::new();
    for method in Method::ALL {
        let mut costs = Vec::new();
        for _ in 0..options.runs {
            let trained = design::train(&molecule, method, plan, &mut rng)?;
            costs.push(trained.cost);
            if costs.len() == 1 {
                first.push(trained);
            }
            bar.inc(1);
        }
        row(method.name(), &costs)?;
    }
    bar.finish_and_clear();
    let searched = |f: &mut dyn FnMut(&mut Generator) -> f64, rng: &mut Generator| -> Vec<f64> {
        (0..options.runs).map(|_| f(rng)).collect()
    };
    let annealed = |rng: &mut Generator| design::annealed(&molecule, evaluations, 2.0, 0.05, rng).cost;
    row("simulated annealing", &searched(&mut { annealed }, &mut rng))?;
    let random = |rng: &mut Generator| design::random(&molecule, evaluations, rng).1;
    row("random search", &searched(&mut { random }, &mut rng))?;

    let bias = gradients(&mut report, &molecule, &mut rng)?;
    plot::write_beside(
        &picture,
        &[((460, 420), costs_panel(&first, least)), ((420, 420), bias), ((360, 420), profile(&molecule, &first[2]))],
    )?;
    write!(report, "\n{}", cli::picture_line(&picture))?;
    Ok(report)
}

/// How each method's gradient at equal probabilities compares with the exact one, the mean over all molecules.
fn gradients(report: &mut String, molecule: &Molecule, rng: &mut Generator) -> Result<Panel, Error> {
    let logits = [[0.0; SUBSTITUENTS]; 3];
    let flat = |(g, _): (design::Gradient<SUBSTITUENTS>, design::Found)| g.into_iter().flatten().collect::<Vec<_>>();
    let exact = exact_gradient(molecule);
    writeln!(report, "\nThe gradient at equal probabilities, against that of all molecules, from 2000 samples:")?;
    writeln!(report, "{:40} {:>12} {:>18}", "", "rms error", "rms standard error")?;
    let rms = |x: &mut dyn Iterator<Item = f64>| (x.map(|x| x * x).sum::<f64>() / exact.len() as f64).sqrt();
    let (ends, mut panel) =
        ((-0.25, 0.25), Panel::new("gradient, all molecules against 2000 samples", "exact", "estimate").legend_left());
    let cases = [
        (Method::Relaxed, 1.0),
        (Method::Relaxed, 0.2),
        (Method::StraightThrough, 0.2),
        (Method::Replay, 1.0),
        (Method::Score, 1.0),
    ];
    for (method, temperature) in cases {
        let g = flat(design::gradient(molecule, &logits, method, temperature, 2000, rng));
        let name = match method {
            Method::Replay | Method::Score => method.name().to_string(),
            _ => format!("{} at {temperature}", method.name()),
        };
        let error = rms(&mut g.iter().zip(&exact).map(|(g, e)| g.0 - e));
        writeln!(report, "{name:40} {error:12.5} {:18.5}", rms(&mut g.iter().map(|g| g.1)))?;
        if method == Method::Replay || (method == Method::Relaxed && temperature == 1.0) || method == Method::Score {
            panel = panel.dots(name, exact.iter().zip(&g).map(|(e, g)| (*e, g.0)).collect(), 3);
        }
    }
    Ok(panel.line("", vec![(ends.0, ends.0), (ends.1, ends.1)]).color(6))
}

/// At equal probabilities: (mean cost with a letter at a position - mean cost) / 18.
fn exact_gradient(molecule: &Molecule) -> Vec<f64> {
    use design::Objective;
    let n = SUBSTITUENTS;
    let cost = |i: usize| molecule.cost(&[i / (n * n), i / n % n, i % n]);
    let all: Vec<f64> = (0..n.pow(3)).map(cost).collect();
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    let letter_at = |position: usize, i: usize| [i / (n * n), i / n % n, i % n][position];
    let part = |position: usize, letter: usize| {
        let with = all.iter().enumerate().filter(|(i, _)| letter_at(position, *i) == letter);
        (with.map(|(_, cost)| cost - mean).sum::<f64>() / (n * n) as f64) / n as f64
    };
    (0..POSITIONS.len()).flat_map(|p| (0..n).map(move |l| (p, l))).map(|(p, l)| part(p, l)).collect()
}

fn costs_panel(first: &[Trained<SUBSTITUENTS>], least: f64) -> Panel {
    let mut panel = Panel::new("one run each: least cost so far", "molecules evaluated", "above the best of all")
        .y_range(-0.1, 3.0);
    for (method, trained) in Method::ALL.iter().zip(first) {
        panel = panel.line(method.name(), trained.path.iter().map(|(n, cost)| (*n, cost - least)).collect());
    }
    panel
}

/// Letter probabilities of replay, from the start to the end of its training.
fn profile(molecule: &Molecule, trained: &Trained<SUBSTITUENTS>) -> Panel {
    let columns = trained.profiles.len() * 4;
    let shade = |row: usize, column: usize| match column % 4 {
        3 => 0.0,
        position => trained.profiles[column / 4].1[position][row],
    };
    let all = (0..SUBSTITUENTS).flat_map(|row| (0..columns).map(move |column| (row, column)));
    Panel::new("replay: probabilities while it trains", "positions 3, 4, 5 at four times", "")
        .rows(molecule.names().map(String::from))
        .shades(columns, all.map(|(row, column)| shade(row, column)).collect())
}

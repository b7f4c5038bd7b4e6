//! A sequence for the fold of HIV-1 protease by differentiable choices, against simulated annealing and random search.

#[path = "../protein/mod.rs"]
mod protein;

use clap::Parser;
use gallery::Error;
use gallery::cli::{self, Common};
use gallery::design::{self, Method, Plan, Trained};
use gallery::plot::{self, Panel};
use protein::{K, LETTERS, NATIVE, Protein};
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Designs a sequence of least contact energy for a fold, with the native composition: Gumbel-softmax with annealing,
/// straight-through and replay of alternatives, against simulated annealing and random search at equal evaluations.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// CSV with the columns i and j, positions that touch, counted from 0 [default: HIV-1 protease, 1HVR chain A]
    #[arg(long, value_name = "FILE")]
    contacts: Option<PathBuf>,
    /// The native sequence, which gives length and composition
    #[arg(long, default_value = NATIVE, hide_default_value = true)]
    native: String,
    /// How strongly the composition is held, in RT for the square of each surplus
    #[arg(long, default_value_t = 3.0, value_parser = restraint)]
    restraint: f64,
    /// Steps of a training, of 8 sequences each
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(3..=100_000))]
    steps: u32,
    /// Runs of each method
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(2..=100))]
    runs: u64,
}

fn restraint(text: &str) -> Result<f64, String> {
    let x: f64 = text.parse().map_err(|_| "expected a number".to_string())?;
    if (0.0..=1000.0).contains(&x) { Ok(x) } else { Err("expected a number from 0 to 1000".into()) }
}

fn main() -> ExitCode {
    cli::main(run)
}

const SAMPLES: usize = 8;

const METHODS: [Method; 4] = [Method::Relaxed, Method::StraightThrough, Method::Replay, Method::Score];

/// Simulated annealing runs this much longer for the best that is known.
const LONGER: usize = 100;

fn run(options: &Options) -> Result<String, Error> {
    let native = protein::sequence(&options.native)?;
    let protein = Protein::read(options.contacts.as_deref(), &native, options.restraint)?;
    let picture = options.common.picture("protein.svg")?;
    let mut rng = options.common.generator();
    let plan = Plan { steps: options.steps, samples: SAMPLES, rate: 0.3, coldest: 0.2 };
    let evaluations = plan.steps as usize * SAMPLES;
    let bar = cli::progress((METHODS.len() as u64 + 3) * options.runs, "runs");

    let mut report = String::new();
    writeln!(report, "{} positions, {} contacts, energies in RT.", native.len(), protein.contacts())?;
    writeln!(report, "Best of {} runs and mean, {evaluations} evaluations of the energy each:", options.runs)?;
    writeln!(report, "{:38} {:>10} {:>20} {:>10} {:>10}", "", "best", "mean", "contacts", "misplaced")?;
    let mut row = |name: &str, found: &[(Vec<usize>, f64)]| -> Result<f64, Error> {
        let costs: Vec<f64> = found.iter().map(|f| f.1).collect();
        let (mean, se) = design::mean_and_error(&costs);
        let best = found.iter().min_by(|a, b| a.1.total_cmp(&b.1)).ok_or("no runs")?;
        let (contacts, misplaced) = (protein.contact_energy(&best.0), protein.misplaced(&best.0));
        let mean = if found.len() > 1 { format!("{mean:.1} ± {se:.1}") } else { String::new() };
        writeln!(report, "{name:38} {:10.1} {mean:>20} {contacts:10.1} {misplaced:10}", best.1)?;
        Ok(best.1)
    };
    use design::Objective;
    let native_cost = protein.cost(&native);
    row("native sequence", &[(native.clone(), native_cost)])?;
    let (mut curves, mut trained) = (Vec::new(), Vec::<Trained<K>>::new());
    for method in METHODS {
        let mut found = Vec::new();
        for _ in 0..options.runs {
            let t = design::train(&protein, method, plan, &mut rng)?;
            found.push((t.design.clone(), t.cost));
            trained.push(t);
            bar.inc(1);
        }
        let t = &trained[trained.len() - options.runs as usize];
        curves.push((method.name(), t.path.clone()));
        row(method.name(), &found)?;
    }
    let mut annealed = |evaluations: usize| {
        let runs = (0..options.runs).map(|_| {
            bar.inc(1);
            design::annealed(&protein, evaluations, 5.0, 0.1, &mut rng)
        });
        runs.collect::<Vec<_>>()
    };
    let (short, long) = (annealed(evaluations), annealed(LONGER * evaluations));
    let pairs = |runs: &[design::Annealed]| runs.iter().map(|a| (a.design.clone(), a.cost)).collect::<Vec<_>>();
    row("simulated annealing", &pairs(&short))?;
    let random: Vec<_> = (0..options.runs).map(|_| design::random(&protein, evaluations, &mut rng)).collect();
    row("random search", &random)?;
    let least = row(&format!("simulated annealing, {LONGER} times longer"), &pairs(&long))?;
    bar.finish_and_clear();
    curves.push(("simulated annealing", short[0].path.clone()));

    let relaxed = &trained[0];
    writeln!(report, "\nnative          {}", options.native)?;
    writeln!(report, "Gumbel-softmax  {}", protein::text(&relaxed.design))?;
    let profiles = relaxed.profiles[1..].iter().map(|(temperature, profile)| profile_panel(*temperature, profile));
    let panels: Vec<Panel> = [energies(&curves, native_cost, least)].into_iter().chain(profiles).collect();
    plot::write(&picture, 2, (760, 400), &panels)?;
    write!(report, "\n{}", cli::picture_line(&picture))?;
    Ok(report)
}

type Curve = (&'static str, Vec<(f64, f64)>);

fn energies(curves: &[Curve], native: f64, least: f64) -> Panel {
    let last = curves.iter().filter_map(|(_, path)| Some(path.last()?.0)).fold(1.0, f64::max);
    let mut panel =
        Panel::new("one run each: least energy so far", "evaluations", "energy, RT").y_range(least - 20.0, 50.0);
    for (name, path) in curves {
        panel = panel.line(*name, path.clone());
    }
    let level = |y: f64| vec![(0.0, y), (last, y)];
    panel.dashed("native sequence, dashed", level(native)).color(6).dashed("best known, dashed", level(least)).color(5)
}

/// The letters' probabilities at each position.
fn profile_panel(temperature: f64, profile: &[[f64; K]]) -> Panel {
    let shades = (0..K).flat_map(|k| profile.iter().map(move |p| p[k]));
    Panel::new(format!("profile at temperature {temperature:.2}"), "position", "")
        .rows((0..K).map(|k| LETTERS[k..k + 1].to_string()))
        .shades(profile.len(), shades.collect())
}

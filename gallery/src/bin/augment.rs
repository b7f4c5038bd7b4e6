//! The strength of augmentation and the rate of learning, learned.

#[path = "../augment/mod.rs"]
mod augment;

use augment::{NAMES, START, Strategy, Task};
use clap::Parser;
use gallery::Error;
use gallery::cli::{self, Common};
use gallery::digits;
use gallery::plot::{self, Panel};
use rand::seq::SliceRandom;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// How strongly training images of digits are shifted and turned, and how long steps are, learned by the derivative of
/// the validation loss through the whole training; beside a grid search of equal cost.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// CSV file without a header: a label and 64 numbers from 0 to 16 a row, at least 100 rows
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Images to train on; half of the others validate, half test
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(20..=90))]
    images: u32,
    /// Steps of each training, of 20 images each
    #[arg(long, default_value_t = 150, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    training: u32,
    /// Steps of the learning of the strategy, of two trainings each
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    steps: u32,
    /// Trainings by which the strategies found are judged
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u64).range(2..=10_000))]
    runs: u64,
}

fn main() -> ExitCode {
    cli::main(run)
}

fn run(options: &Options) -> Result<String, Error> {
    let mut digits = digits::read(options.data.as_deref())?;
    let picture = options.common.picture("augment.svg")?;
    let mut rng = options.common.generator();
    let (train, others) = digits.split_at_mut(options.images as usize);
    // neighbours in the file are by one writer: what validates and what tests is to be alike
    others.shuffle(&mut rng);
    let (validate, test) = others.split_at((others.len() / 2).min(400));
    let task = Task { train, validate, steps: options.training };

    let bar = cli::progress(u64::from(options.steps) + 4, "steps");
    let start = Instant::now();
    let path = task.learn(options.steps, 2, &mut rng, || bar.inc(1))?;
    let seconds = start.elapsed().as_secs_f64();
    // as many strategies as the same time allows, each by two trainings
    let start = Instant::now();
    task.loss(START.map(f64::ln), &mut rng);
    let each = 2.0 * start.elapsed().as_secs_f64();
    let values = (seconds / each.max(1e-9)).cbrt().round().clamp(2.0, 100.0) as usize;
    let found = task.search(values, 2, &mut rng);
    bar.inc(1);
    let learned = path[path.len() - 1].0;
    let tested = Task { validate: test, ..task };
    let mut report = String::new();
    writeln!(
        report,
        "{} digits to train on, {} to validate, {} to test; {seconds:.1} s each for",
        train.len(),
        validate.len(),
        test.len()
    )?;
    writeln!(report, "learning in {} steps and for a grid of {} strategies\n", options.steps, values.pow(3))?;
    let none = [-20.0, -20.0, learned[2]];
    write!(report, "  {:<18}", "")?;
    NAMES.iter().try_for_each(|name| write!(report, " {name:>7}"))?;
    writeln!(report, " {:>18} {:>16}", "test loss", "right, %")?;
    for (name, strategy) in
        [("no augmentation", none), ("at first", START.map(f64::ln)), ("grid", found), ("learned", learned)]
    {
        let e = tested.expected(strategy, options.runs, &mut rng)?;
        let shares: Vec<f64> = (0..options.runs)
            .map(|_| {
                let classifier = task.trained(strategy, &mut rng);
                digits::accuracy(test.iter().map(|d| classifier.read(&d.pixels) == d.label)).0
            })
            .collect();
        let (share, se) = mean(&shares);
        write!(report, "  {name:<18}")?;
        strategy.iter().try_for_each(|ln| write!(report, " {:>7.3}", ln.exp()))?;
        let (loss, share) =
            (format!("{:.4} ± {:.4}", e.value, e.value_se), format!("{:.1} ± {:.1}", 100.0 * share, 100.0 * se));
        writeln!(report, " {loss:>18} {share:>16}")?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    writeln!(report, "  Shifts in pixels, angles in radians: standard deviations. Errors are those over trainings.\n")?;

    let steps = |k: usize| {
        path.iter().enumerate().map(|(i, (s, _)): (usize, &(Strategy<f64>, f64))| (i as f64, s[k].exp())).collect()
    };
    let strategy = (0..3)
        .fold(Panel::new("the strategy", "step", "pixels, radians, rate").log_y().legend_low(), |panel, k| {
            panel.line(NAMES[k], steps(k))
        });
    let losses = path.iter().enumerate().map(|(i, p)| (i as f64, p.1)).collect();
    let loss = Panel::new("validation loss, two trainings a step", "step", "").line("", losses);
    plot::write(&picture, 2, (480, 400), &[strategy, loss])?;
    report += &cli::picture_line(&picture);
    Ok(report)
}

/// The mean and its standard error.
fn mean(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0) / n).sqrt())
}

//! Digits that turn themselves upright.

use clap::Parser;
use gallery::Error;
use gallery::cli::{self, Common};
use gallery::digits::{self, CANVAS, Classifier, Digit, Distortion, SIDE};
use gallery::gray::Gray;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Handwritten digits, rotated, shifted and scaled at random, are normalized by a spatial transformer that has learned
/// poses by pathwise gradients: what a classifier of upright digits reads before and after, and a sheet of pictures.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// CSV file without a header: a label and 64 numbers from 0 to 16 a row, at least 100 rows
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Largest angle, in degrees either way
    #[arg(long, default_value_t = 45.0, value_parser = angle)]
    angle: f64,
    /// Largest factor of scale, either way
    #[arg(long, default_value_t = 1.2, value_parser = scale)]
    scale: f64,
    /// Largest shift, in pixels each way
    #[arg(long, default_value_t = 1.5, value_parser = shift)]
    shift: f64,
    /// Steps of the training, of 32 images each
    #[arg(long, default_value_t = 3000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    steps: u32,
}

/// A number in a range.
fn within(text: &str, low: f64, high: f64) -> Result<f64, String> {
    let x: f64 = text.parse().map_err(|_| "expected a number".to_string())?;
    if (low..=high).contains(&x) { Ok(x) } else { Err(format!("expected a number from {low} to {high}")) }
}

fn angle(text: &str) -> Result<f64, String> {
    within(text, 0.0, 180.0)
}

fn scale(text: &str) -> Result<f64, String> {
    within(text, 1.0, 2.0)
}

fn shift(text: &str) -> Result<f64, String> {
    within(text, 0.0, 3.0)
}

fn main() -> ExitCode {
    cli::main(run)
}

fn run(options: &Options) -> Result<String, Error> {
    let digits = digits::read(options.data.as_deref())?;
    let picture = options.common.picture("digits.png")?;
    let mut rng = options.common.generator();
    let (known, unknown) = digits.split_at(digits.len() * 2 / 3);
    let classifier = Classifier::trained(known, 200);
    let distortion =
        Distortion { angle: options.angle.to_radians(), ln_scale: options.scale.ln(), shift: options.shift };
    let bar = cli::progress(u64::from(options.steps), "steps");
    let mut losses = Vec::new();
    let network = digits::train(known, &classifier, distortion, options.steps, &mut rng, |loss| {
        bar.inc(1);
        losses.push(loss);
    })?;
    bar.finish_and_clear();

    let distorted: Vec<Vec<f64>> = unknown.iter().map(|digit| distortion.apply(digit, &mut rng)).collect();
    let normalized: Vec<Vec<f64>> = distorted.iter().map(|image| network.normalized(image)).collect();
    let read = |images: &mut dyn Iterator<Item = Vec<f64>>| {
        digits::accuracy(images.zip(unknown).map(|(image, digit)| classifier.read(&image) == digit.label))
    };
    let mut report = String::new();
    writeln!(report, "A classifier of upright digits reads, of {} that it has not seen,", unknown.len())?;
    let mut row = |name: &str, (share, se): (f64, f64)| {
        writeln!(report, "  {name:<34} {:>5.1} ± {:.1} %", 100.0 * share, 100.0 * se)
    };
    row("upright", read(&mut unknown.iter().map(|d| d.pixels.clone())))?;
    row("distorted", read(&mut distorted.iter().map(|image| digits::sample(image, CANVAS, SIDE, [0.0; 4]))))?;
    row("distorted, normalized by itself", read(&mut normalized.iter().cloned()))?;
    let part = losses.len().div_ceil(10);
    let mean = |losses: &[f64]| losses.iter().sum::<f64>() / losses.len() as f64;
    let (first, last) = (mean(&losses[..part]), mean(&losses[losses.len() - part..]));
    writeln!(report, "Loss in the first and the last tenth of the training: {first:.3}, {last:.3}\n")?;
    sheet(&picture, unknown, &distorted, &normalized)?;
    writeln!(report, "Rows of three: upright, distorted, normalized")?;
    report += &cli::picture_line(&picture);
    Ok(report)
}

/// Images beside each other, and sides of pixels and of cells in the picture.
const COLUMNS: usize = 16;
const ZOOM: usize = 5;
const CELL: usize = CANVAS * ZOOM + 6;

/// Upright, distorted and normalized digits in rows.
fn sheet(path: &Path, digits: &[Digit], distorted: &[Vec<f64>], normalized: &[Vec<f64>]) -> Result<(), Error> {
    let groups = 3;
    let mut sheet = Gray::white(COLUMNS * CELL, 3 * groups * CELL + 12 * groups);
    for (i, digit) in digits.iter().enumerate().take(COLUMNS * groups) {
        let (column, group) = (i % COLUMNS, i / COLUMNS);
        let images = [(&digit.pixels, SIDE), (&distorted[i], CANVAS), (&normalized[i], SIDE)];
        for (row, (pixels, side)) in images.into_iter().enumerate() {
            // a smaller image is in the middle of its cell
            let margin = (CELL - side * ZOOM) / 2;
            for (p, value) in pixels.iter().enumerate() {
                let shade = (235.0 * (1.0 - value.clamp(0.0, 1.0))) as u8;
                for z in 0..ZOOM * ZOOM {
                    let x = column * CELL + margin + p % side * ZOOM + z % ZOOM;
                    let y = (3 * group + row) * CELL + 12 * group + margin + p / side * ZOOM + z / ZOOM;
                    sheet.set(x, y, shade);
                }
            }
        }
    }
    sheet.save(path).map_err(|e| format!("{}: {e}", path.display()).into())
}

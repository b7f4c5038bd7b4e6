//! A procedural texture whose knobs are fitted to a target.

#[path = "../texture/mod.rs"]
mod texture;

use clap::Parser;
use gallery::Error;
use gallery::cli::{self, Common};
use gallery::gray::Gray;
use gallery::plot::{self, Panel};
use rand_xoshiro::rand_core::SeedableRng;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use texture::{GRAY, Knobs, LAGS, NAMES, Plan, STATISTICS, Target, Texture};

/// Fits contrast, roughness, frequency, stretch and warp of a procedural texture so that its statistics match a target's:
/// one made by hidden knobs, or a picture of the user's.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// PNG to match, of which the middle 192 by 192 pixels are taken [default: a texture by knobs that the fit is not told]
    #[arg(long, value_name = "FILE")]
    target: Option<PathBuf>,
    /// Steps of the fit
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u32).range(9..=10_000))]
    steps: u32,
    /// Textures in each step
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u64).range(2..=10_000))]
    textures: u64,
}

fn main() -> ExitCode {
    cli::main(run)
}

const WIDTH: usize = 192;
const HIDDEN: Knobs = [-1.5, -0.2, 1.6, 0.6, 0.6];
const START: Knobs = [-1.0, 0.5, 2.2, 0.0, -0.5];

fn run(options: &Options) -> Result<String, Error> {
    let target = match &options.target {
        Some(path) => read(path)?,
        None => plain(HIDDEN, options.common.seed.wrapping_add(1)),
    };
    let pixels = options.common.picture("texture.png")?;
    let picture = options.common.picture("texture.svg")?;
    let wanted = texture::statistics(&target, WIDTH);
    if wanted.iter().any(|s| *s <= 0.0) {
        return Err("the target is of one colour along x or y".into());
    }
    let plan = Plan { steps: options.steps, textures: options.textures, width: 48, seed: options.common.seed };
    let bar = cli::progress(plan.steps.into(), "steps");
    let of_target = Target { statistics: wanted, textures: 1, width: WIDTH };
    let fit = texture::fit(&of_target, START, plan, || bar.inc(1))?;
    bar.finish_and_clear();

    let mut report = String::new();
    writeln!(
        report,
        "{:16} {:>10} {:>18} {:>10}",
        "knob",
        "start",
        "fitted",
        if options.target.is_none() { "hidden" } else { "" }
    )?;
    for i in 0..5 {
        let fitted = format!("{:.3} ± {:.3}", fit.knobs[i], fit.errors[i]);
        write!(report, "{:16} {:10.3} {fitted:>18}", NAMES[i], START[i])?;
        match options.target {
            None => writeln!(report, " {:10.3}", HIDDEN[i])?,
            Some(_) => writeln!(report)?,
        }
    }
    writeln!(report, "The errors are mostly the target's: it is one texture of {WIDTH} by {WIDTH} pixels.\n")?;
    let shown = [target.clone(), plain(START, options.common.seed), plain(fit.knobs, options.common.seed)];
    texture::picture(&pixels, &shown, WIDTH, 2)?;
    plot::write(&picture, 3, (430, 380), &panels(options, &fit.path, &wanted, fit.knobs, plan)?)?;
    writeln!(report, "Target, before, after: {}", pixels.display())?;
    report += &cli::picture_line(&picture);
    Ok(report)
}

fn plain(knobs: Knobs, seed: u64) -> Vec<f64> {
    Texture::new(&mut gallery::Generator::seed_from_u64(seed)).render(knobs, WIDTH)
}

/// The middle of a picture, as heights around 0.
fn read(path: &Path) -> Result<Vec<f64>, Error> {
    let failed = |what: String| Error::from(format!("{}: {what}", path.display()));
    let image = Gray::open(path).map_err(|e| failed(format!("{e}; expected a PNG picture")))?;
    let (width, height, side) = (image.width(), image.height(), WIDTH);
    if width < side || height < side {
        return Err(failed(format!("{width} by {height} pixels, expected at least {side} by {side}")));
    }
    let (left, top) = ((width - side) / 2, (height - side) / 2);
    let at = |i: usize| f64::from(image.at(left + i % side, top + i / side)) / GRAY - 1.0;
    Ok((0..WIDTH * WIDTH).map(at).collect())
}

fn panels(
    options: &Options,
    path: &[Knobs],
    wanted: &[f64; STATISTICS],
    end: Knobs,
    plan: Plan,
) -> Result<Vec<Panel>, Error> {
    let mut knobs = Panel::new("the knobs, and the hidden ones dashed", "step", "");
    for (i, name) in NAMES.iter().enumerate() {
        knobs = knobs.line(*name, path.iter().enumerate().map(|(step, k)| (step as f64, k[i])).collect()).color(i);
        if options.target.is_none() {
            knobs = knobs.dashed("", vec![(0.0, HIDDEN[i]), (path.len() as f64 - 1.0, HIDDEN[i])]).color(i);
        }
    }
    let of = |knobs: Knobs| texture::expected(knobs, WIDTH / 2, plan.textures, plan.seed);
    let (before, after) = (of(START)?, of(end)?);
    let along = |title: &str, first: usize| {
        let points =
            |s: &[f64; STATISTICS]| (0..LAGS.len()).map(|k| (LAGS[k] as f64, s[first + k].sqrt())).collect::<Vec<_>>();
        let bars = (0..LAGS.len()).map(|k| {
            let (value, se) =
                (after.value[first + k].sqrt(), after.value_se[first + k] / after.value[first + k].sqrt());
            (LAGS[k] as f64, value, se)
        });
        Panel::new(title, "distance in pixels", "rms difference")
            .log_x()
            .log_y()
            .legend_low()
            .dots("target", points(wanted), 5)
            .color(6)
            .dashed("before, dashed", points(&before.value))
            .color(1)
            .bars("after, ± s.e.", bars.collect())
            .color(0)
            .line("", points(&after.value))
            .color(0)
    };
    Ok(vec![knobs, along("differences along x", 0), along("differences along y", 5)])
}

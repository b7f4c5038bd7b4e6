//! What every program does the same: options, progress, where pictures go, how errors are shown.

use crate::{Error, Generator};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use rand_xoshiro::rand_core::SeedableRng;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Options of every program.
#[derive(clap::Args, Debug)]
pub struct Common {
    /// Seed of the random numbers
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Folder for the pictures; made if it is not there
    #[arg(long, default_value = "target/gallery", value_name = "DIR")]
    pub out: PathBuf,
}

impl Common {
    /// The random numbers of a run.
    pub fn generator(&self) -> Generator {
        Generator::seed_from_u64(self.seed)
    }

    /// The path of a picture in the folder, which exists from now on and can be written: found out before a long run, not after.
    ///
    /// # Errors
    /// The folder cannot be made, or the picture cannot be written.
    pub fn picture(&self, name: &str) -> Result<PathBuf, Error> {
        std::fs::create_dir_all(&self.out).map_err(|e| format!("{}: {e}", self.out.display()))?;
        let path = self.out.join(name);
        std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(path)
    }
}

/// Reads options, runs the program, prints its report, or its error and fails.
pub fn main<O: Parser>(run: impl FnOnce(&O) -> Result<String, Error>) -> ExitCode {
    let shown = run(&O::parse()).and_then(|report| {
        match std::io::stdout().write_all(report.as_bytes()) {
            // who reads only the first lines has what they want
            Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(e.into()),
            _ => Ok(()),
        }
    });
    match shown {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("error: {e}");
            ExitCode::FAILURE
        }
    }
}

/// A bar of progress on stderr, and nothing where that is no terminal.
pub fn progress(steps: u64, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {prefix}, {eta} left {msg}");
    ProgressBar::new(steps).with_style(style.unwrap_or(ProgressStyle::default_bar())).with_prefix(what)
}

/// A sign of life on stderr, for work whose end is not known step by step; nothing where that is no terminal.
pub fn spinner(what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {msg}, {elapsed}");
    let bar =
        ProgressBar::new_spinner().with_style(style.unwrap_or(ProgressStyle::default_spinner())).with_message(what);
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    bar
}

/// A line that says where a picture is.
pub fn picture_line(path: &Path) -> String {
    format!("Picture: {}\n", path.display())
}

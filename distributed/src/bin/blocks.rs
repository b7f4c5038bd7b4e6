//! Blocks of a run in a process of its own, and the merge of what such processes have written: for clusters without MPI.
//!
//! ```text
//! blocks count                                   how many there are
//! blocks run --blocks 0..40 --out part-0.json    some of them
//! blocks merge part-*.json                       the estimate, or which blocks are missing
//! ```
//!
//! A job that was killed has written nothing, and is run again. A job that ran twice has written the same file twice.

use clap::{Args, Parser, Subcommand};
use reparam::estimate::{self, Estimator, PartialOf, Sampler};
use reparam_distributed::{Error, file, programs};
use std::ops::Range;
use std::path::PathBuf;
use std::process::ExitCode;

/// The gradient of an epidemic's peak, in blocks.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    run: Run,
    #[command(subcommand)]
    command: Command,
}

/// What all processes of a run must agree upon.
#[derive(Args)]
struct Run {
    /// Seed of the run
    #[arg(long, default_value_t = 1, global = true)]
    seed: u64,
    /// Samples of the run
    #[arg(long, default_value_t = 100_000, global = true, value_parser = clap::value_parser!(u64).range(2..))]
    samples: u64,
}

#[derive(Subcommand)]
enum Command {
    /// Prints the number of blocks
    Count,
    /// Runs some blocks and writes a file
    Run {
        /// Which, as FIRST..END
        #[arg(long, value_parser = range)]
        blocks: Range<u64>,
        /// The file
        #[arg(long)]
        out: PathBuf,
    },
    /// Merges files and prints the estimate
    Merge {
        /// The files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

fn range(text: &str) -> Result<Range<u64>, String> {
    let number = |text: &str| text.parse::<u64>().map_err(|_| format!("{text:?} is not a number of a block"));
    match text.split_once("..") {
        Some((first, end)) => Ok(number(first)?..number(end)?),
        None => Err(format!("{text:?} is not FIRST..END")),
    }
}

/// The name in the files.
const PROGRAM: &str = "peak of an epidemic, by martingale scores";

fn main() -> ExitCode {
    let Options { run, command } = Options::parse();
    let epidemic = estimate::martingale(programs::RATES, programs::epidemic()).samples(run.samples);
    let done = match command {
        Command::Count => {
            println!("{}", epidemic.blocks());
            Ok(())
        }
        Command::Run { blocks, out } => {
            let part = epidemic.part(run.seed, blocks);
            part.map_err(Error::from).and_then(|part| file::write(&out, PROGRAM, &part))
        }
        Command::Merge { files } => merge(&epidemic, run.seed, &files),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("error: {e}");
            ExitCode::FAILURE
        }
    }
}

fn merge<M>(run: &Estimator<M>, seed: u64, files: &[PathBuf]) -> Result<(), Error>
where
    M: Sampler<Error: std::error::Error + Send + Sync + 'static, Estimate: std::fmt::Display> + Clone,
    PartialOf<M>: serde::de::DeserializeOwned,
{
    let mut sum = run.part(seed, 0..0)?;
    for path in files {
        let part: PartialOf<M> = file::read(path, PROGRAM)?;
        sum.merge(&part).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    let missing: Vec<u64> = sum.missing().collect();
    match missing.as_slice() {
        [] => {
            println!("{}", run.of_parts(&sum)?);
            Ok(())
        }
        [first, ..] => Err(format!("{} blocks are missing, the first is {first}", missing.len()).into()),
    }
}

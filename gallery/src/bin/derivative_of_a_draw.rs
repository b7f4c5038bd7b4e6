//! What a derivative of a draw is, in four panels.

#[path = "../derivative_of_a_draw/mod.rs"]
mod derivative_of_a_draw;

use clap::Parser;
use gallery::cli::{self, Common};
use gallery::{Error, plot};
use std::process::ExitCode;

/// What a derivative of a draw is: quantile curves of a gamma law, draws that slide as its shape grows, averages over fixed
/// noise and fresh noise, and a jump.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
}

fn main() -> ExitCode {
    cli::main(|options: &Options| -> Result<String, Error> {
        let path = options.common.picture("derivative_of_a_draw.svg")?;
        plot::write(&path, 2, (430, 320), &derivative_of_a_draw::panels(options.common.seed)?)?;
        Ok(cli::picture_line(&path))
    })
}

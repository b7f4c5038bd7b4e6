//! Applications of reparam, each a program: `cargo run --release -p gallery --bin NAME -- --help`.
//!
//! A program's file in `src/bin` reads options, shows progress and writes tables and pictures; its module in `src`, which
//! is compiled with that program alone, has the model, the figures and the tests that hold them against a stated truth.
//! What several programs share is here.

pub mod cli;
pub mod design;
pub mod digits;
pub mod gray;
#[cfg(feature = "matrices")]
pub mod optimum;
pub mod plot;
pub mod table;

/// What stops a program, in words for its user.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// Seeded random numbers: the same on every platform.
pub type Generator = rand_xoshiro::Xoshiro256PlusPlus;

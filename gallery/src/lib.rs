//! Applications of reparam, each a program: `cargo run --release -p gallery --bin NAME -- --help`.
//!
//! A program's file in `src/bin` reads options, shows progress and writes tables and pictures; its module here has the
//! model, the figures and the tests that hold them against a stated truth.

pub mod adam;
pub mod augment;
pub mod cli;
pub mod darts;
pub mod derivative_of_a_draw;
pub mod design;
pub mod digits;
pub mod eight_schools;
pub mod epidemic;
pub mod filter;
pub mod mixture;
pub mod molecule;
pub mod optimum;
pub mod option;
pub mod plot;
pub mod protein;
pub mod reactions;
pub mod rejection;
pub mod return_level;
pub mod table;
pub mod tails;
pub mod texture;

/// What stops a program, in words for its user.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// Seeded random numbers: the same on every platform.
pub type Generator = rand_xoshiro::Xoshiro256PlusPlus;

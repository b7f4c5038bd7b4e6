//! is not a program
//! a closure serves `pathwise` only
use reparam::{estimate, prelude::*};

fn main() {
    let coin =
        |[p]: [f64; 1], chance: &mut program::Plain<f64, program::Stream>| f64::from(u8::from(chance.bernoulli(p)));
    let _ = estimate::score([0.5], coin).run_seed(1);
}

//! is not a scalar: not a real number that reparam knows how to differentiate
//! literals must be `f64`: `2.0`, not `2`
use reparam::prelude::*;

fn main() {
    let _ = Normal::new(0, 1);
}

//! `f64` is not what an estimate takes
//! return the number with its derivatives, not its real part
use reparam::{estimate, prelude::*};

fn main() {
    let _ = estimate::pathwise([1.0], |[p]: [Jet<f64, 1>; 1], _| p.re());
}

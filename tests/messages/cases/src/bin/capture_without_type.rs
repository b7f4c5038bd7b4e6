//! what is captured needs its type: `using (data: &[f64])`
use reparam::prelude::*;

fn main() {
    let data = vec![1.0, 2.0];
    let _ = program!(|[p]: [S; 1], chance| using (data) -> S { p * data[0] });
}

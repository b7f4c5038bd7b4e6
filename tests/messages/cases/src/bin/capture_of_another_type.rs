//! mismatched types
//! expected `&[f64]`, found `Vec<{float}>`
use reparam::prelude::*;

fn main() {
    let data = vec![1.0, 2.0];
    let _ = program!(|[p]: [S; 1], chance| using (data: &[f64]) -> S { p * data[0] });
}

//! expected type parameter `S`, found `f64`
use reparam::prelude::*;

fn main() {
    let _ = program!(|[p]: [S; 1], chance| -> S { p.re() });
}

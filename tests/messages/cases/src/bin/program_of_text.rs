//! a program cannot return `String`
use reparam::prelude::*;

fn main() {
    let _ = program!(|[p]: [S; 1], chance| -> String { p.re().to_string() });
}

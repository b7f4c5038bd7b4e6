//! no `move`; list what is captured
use reparam::prelude::*;

fn main() {
    let n = 3.0;
    let _ = program!(move |[p]: [S; 1], chance| -> S { p * n });
}

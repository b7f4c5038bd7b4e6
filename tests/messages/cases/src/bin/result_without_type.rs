//! write the type of the result, `-> S`, `-> [S; 3]` or `-> Result<S, E>`, before the body
use reparam::prelude::*;

fn main() {
    let _ = program!(|[p]: [S; 1], chance| { p });
}

//! the parameters need a type: `|theta: [S; N], chance|`
use reparam::prelude::*;

fn main() {
    let _ = program!(|theta, chance| -> S { theta[0] });
}

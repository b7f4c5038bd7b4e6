//! Special functions against tables computed with mpmath.

#[macro_use]
#[path = "../common/mod.rs"]
mod common;
mod beyond;
mod erf;
mod faults;
mod gamma;
mod inc_beta;
mod inc_gamma;
mod oracle;
mod von_mises;

use common::Worst;
use common::written::hold_rows;

/// Every budget of a list of (what, worst error, budget) holds, and the docs have the error reached.
fn assert_within(range: &str, results: &[(&str, &Worst, f64)]) {
    let mut failures = Vec::new();
    for (name, worst, budget) in results {
        println!("{name} {:.1e} ({})", worst.error, worst.at);
        if worst.error > *budget {
            failures.push(format!("{name}: {:.2e} > {budget:e} at {}", worst.error, worst.at));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    let row = |(name, worst, budget): &(&str, &Worst, f64)| {
        vec![name.to_string(), range.to_string(), format!("{:.1e}", worst.error), format!("{budget:.0e}")]
    };
    hold_rows("accuracy.md", "incomplete", &results.iter().map(row).collect::<Vec<_>>());
}

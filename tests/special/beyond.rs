//! Incomplete gamma and beta functions and the von Mises law's beyond the shapes of their own tables: how far the digits go.

use crate::common::written::hold_table;
use crate::common::{Worst, records, relative};
use reparam::prelude::*;
use reparam::special::*;

/// A range of first parameters of one function, the largest errors allowed there of ln of the smaller tail and of its
/// derivative in the first parameter.
const RANGES: [(&str, &str, [f64; 2], [f64; 2]); 8] = [
    ("inc_gamma", "a in [1e-12, 3e-5]", [1e-12, 3e-5], [1e-13, 1e-12]),
    ("inc_gamma", "a in [3e7, 1e10]", [3e7, 1e10], [1e-13, 1e-12]),
    ("inc_gamma", "a in [1e12, 1e14]", [1e12, 1e14], [1e-13, 1e-12]),
    ("inc_beta", "a in [1e-9, 3e-5]", [1e-9, 3e-5], [1e-13, 1e-12]),
    ("inc_beta", "a in [3e7, 1e10]", [3e7, 1e10], [1e-13, 1e-12]),
    ("inc_beta", "a in [1e12, 1e14]", [1e12, 1e14], [1e-13, 1e-12]),
    ("von_mises", "κ in [1e8, 1e10]", [1e8, 1e10], [1e-13, 1e-12]),
    ("von_mises", "κ in [1e12, 1e15]", [1e12, 1e15], [1e-13, 1e-12]),
];

fn ln_tail(function: &str, is_upper: bool, a: Jet<f64, 1>, b: f64, x: f64) -> Jet<f64, 1> {
    let [b, x] = [b, x].map(Jet::from);
    match (function, is_upper) {
        ("inc_gamma", false) => inc_gamma_ln_p(a, x),
        ("inc_gamma", true) => inc_gamma_ln_q(a, x),
        ("inc_beta", false) => ln_inc_beta(a, b, x),
        ("inc_beta", true) => ln_inc_beta_complement(a, b, x),
        _ => von_mises_ln_sf(a, x),
    }
}

/// Of the argument's own rounding nothing is forgiven: tables have the doubles themselves. At a million standard deviations
/// of x a rounding of 1e-16 moves the tail, so errors are those of the function alone.
#[test]
fn how_far_the_digits_go() {
    let rows = records("special_beyond.csv");
    let (mut table, mut failures) = (Vec::new(), Vec::new());
    for (function, range, [lower, upper], budgets) in RANGES {
        let mut worst = [const { Worst { error: 0.0, at: String::new() } }; 2];
        let of_range = rows.iter().filter(|row| row[0] == function);
        for row in of_range {
            let [a, b, x] = [1, 2, 3].map(|i| row[i].parse::<f64>().expect("a number"));
            if !(lower..=upper).contains(&a) {
                continue;
            }
            let got = ln_tail(function, row[4] == "upper", Jet::variable(a, 0), b, x);
            let [want, slope] = [5, 6].map(|i| row[i].parse::<f64>().expect("a number"));
            worst[0].add(relative(got.re, want, 1.0), || format!("{row:?} got {:e}", got.re));
            worst[1].add(relative(got.eps[0], slope, 0.0), || format!("{row:?} got {:e}", got.eps[0]));
        }
        for (worst, budget) in worst.iter().zip(budgets) {
            println!("{function} {range}: {:.1e} of {budget:e} at {}", worst.error, worst.at);
            if worst.at.is_empty() && worst.error > 0.0 || worst.error > budget {
                failures.push(format!("{function} {range}: {:.1e} > {budget:e} at {}", worst.error, worst.at));
            }
        }
        let errors = worst.map(|worst| format!("{:.1e}", worst.error));
        table.push([function, range].map(str::to_string).into_iter().chain(errors).collect());
    }
    let header = ["function", "beyond", "ln of the smaller tail", "its derivative in the shape"];
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    hold_table("accuracy.md", "beyond", &header, &table);
}

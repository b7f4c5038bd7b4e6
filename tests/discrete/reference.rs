//! Masses and tails of discrete laws, with their first and second derivatives, against tables computed with mpmath.
//!
//! Reads `discrete_*.csv` in the folder named by `REPARAM_REFERENCE`, by default `tests/reference`. The error of a logarithm is
//! relative to max(|ln|, 1); that of a derivative to itself or, if that is larger, to a thousandth of the largest of its order in the
//! row; of second ones, to a thousandth of the first ones divided by their parameters.

use crate::common::written::hold_table;
use crate::common::{Table, Worst, reference_folder, relative};
use reparam::distr::DiscreteFamily;
use reparam::prelude::*;

const VALUE: f64 = 1e-13;
const FIRST: f64 = 1e-12;
const SECOND: f64 = 1e-10;

fn check<F: DiscreteFamily, const N: usize>(table: &Table) -> [Worst; 3] {
    let mut worst: [Worst; 3] = Default::default();
    let integers = F::INTEGERS.len();
    let block = 1 + N + N * (N + 1) / 2;
    assert_eq!(table.columns.len(), integers + N + 1 + 3 * block, "{}", F::NAME);
    for (i, row) in table.rows.iter().enumerate() {
        let whole: Vec<i64> = row[..integers].iter().map(|x| *x as i64).collect();
        let theta: [f64; N] = core::array::from_fn(|j| row[integers + j]);
        let law =
            F::law(&whole, &Jet::second_order(theta)).unwrap_or_else(|e| panic!("{} line {}: {e}", F::NAME, i + 2));
        let k = reparam::distr::Integer::saturating_from(row[integers + N] as i128);
        for (j, (name, got)) in
            [("lnpmf", law.ln_pmf(&k)), ("lncdf", law.ln_cdf(&k)), ("lnsf", law.ln_sf(&k))].into_iter().enumerate()
        {
            let want = &row[integers + N + 1 + j * block..][..block];
            // not in the table, or nothing to differentiate
            if want[0].is_nan() || want[0].is_infinite() {
                continue;
            }
            let at = |what: &str, got: f64, want: f64| {
                format!("line {} {:?} {name} {what}: {got:e} for {want:e}", i + 2, &row[..=integers + N])
            };
            let (value, gradient, hessian) = got.hessian();
            worst[0].add(relative(value, want[0], 1.0), || at("", value, want[0]));
            let largest = |x: &[f64]| x.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
            for (n, got) in gradient.into_iter().enumerate() {
                let floor = 1e-3 * largest(&want[1..=N]);
                worst[1].add(relative(got, want[1 + n], floor), || at(&format!("[{n}]"), got, want[1 + n]));
            }
            let pairs = (0..N).flat_map(|a| (a..N).map(move |b| (a, b)));
            for ((a, b), want_ab) in pairs.zip(&want[1 + N..]) {
                let (got, slope) = (hessian[a][b], (want[1 + a] / theta[a]).abs().min(f64::MAX));
                let floor = 1e-3 * largest(&want[1 + N..]).max(slope);
                worst[2].add(relative(got, *want_ab, floor), || at(&format!("[{a}][{b}]"), got, *want_ab));
            }
        }
    }
    worst
}

#[test]
fn discrete_families_match_their_tables() {
    let (mut failures, mut rows) = (Vec::new(), Vec::new());
    macro_rules! one {
        ($family:ident) => {{
            type F = $family<f64>;
            let path = reference_folder().join(format!("discrete_{}.csv", F::NAME));
            if path.exists() {
                let table = Table::read(&path);
                let worst = check::<F, { F::PARAMETERS.len() }>(&table);
                let errors = worst.each_ref().map(|w| format!("{:.1e}", w.error));
                println!(
                    "{} {} value={} first={} second={}",
                    F::NAME,
                    table.rows.len(),
                    errors[0],
                    errors[1],
                    errors[2]
                );
                let name = [F::NAME.replace('_', " "), table.rows.len().to_string()];
                rows.push(name.into_iter().chain(errors).collect());
                for (what, worst, budget) in
                    [("value", &worst[0], VALUE), ("first", &worst[1], FIRST), ("second", &worst[2], SECOND)]
                {
                    if worst.error > budget || worst.error.is_nan() {
                        failures.push(format!("{} {what}: {:.2e} > {budget:e} at {}", F::NAME, worst.error, worst.at));
                    }
                }
            }
        }};
    }
    for_each_discrete_family!(one);
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    assert!(rows.len() >= 9, "{} tables in {}", rows.len(), reference_folder().display());
    hold_table("accuracy.md", "discrete laws", &["law", "rows", "value", "first", "second"], &rows);
}

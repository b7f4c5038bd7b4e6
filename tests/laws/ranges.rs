//! Where the budgets of `docs/accuracy.md` are held: the ranges of parameters and of tails in the tables of mpmath.

use crate::common::written::hold_table;
use crate::common::{Table, reference_folder};

/// The smallest and the largest, with two digits.
fn range(values: impl Iterator<Item = f64> + Clone) -> String {
    let (low, high) = (values.clone().fold(f64::INFINITY, f64::min), values.fold(f64::NEG_INFINITY, f64::max));
    let written =
        |x: f64| if (0.01..1e4).contains(&x.abs()) || x == 0.0 { format!("{x:.2}") } else { format!("{x:.1e}") };
    if low == high { written(low) } else { format!("{} to {}", written(low), written(high)) }
}

#[test]
fn tables_cover_these_ranges() {
    let mut paths: Vec<_> = std::fs::read_dir(reference_folder())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "csv"))
        .collect();
    paths.sort();
    let mut rows = Vec::new();
    for path in paths {
        let header = std::fs::read_to_string(&path).expect("text").lines().next().unwrap_or_default().to_owned();
        if !header.contains(",z,logcdf,logsf,logpdf,") {
            continue;
        }
        let table = Table::read(&path);
        let [z, ln_cdf, ln_sf] = ["z", "logcdf", "logsf"].map(|c| table.column(c));
        let of = |column: usize| table.rows.iter().map(move |row| row[column]);
        let parameters: Vec<String> =
            (0..z).map(|i| format!("{} {}", table.columns[i].replace('_', " "), range(of(i)))).collect();
        let tail = |column: usize| of(column).fold(0.0, f64::min) / core::f64::consts::LN_10;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().replace('_', " ");
        let tails = [ln_cdf, ln_sf].map(|c| format!("1e{:.0}", tail(c)));
        rows.push(vec![stem, parameters.join("; "), tails[0].clone(), tails[1].clone()]);
    }
    assert!(rows.len() > 70, "{} tables", rows.len());
    hold_table("accuracy.md", "ranges", &["law", "parameters", "lower tail to", "upper tail to"], &rows);
}

//! A law that is in the list is everywhere: in the tables, among the parameters, in the documentation.

use crate::common::parameters;
use reparam::distr::Family;
use reparam::for_each_family;
use reparam::prelude::*;
use std::path::Path;

fn text(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

#[test]
fn every_law_is_everywhere() {
    let (page, values) = (text("src/distr/mod.rs"), text("tests/value_stability/std.csv"));
    let mut missing = Vec::new();
    macro_rules! one {
        ($law:ident) => {
            let name = <$law<f64> as Family>::NAME;
            let table = format!("tests/reference/{name}.csv");
            if !Path::new(env!("CARGO_MANIFEST_DIR")).join(&table).exists() {
                missing.push(format!("{table} of {name}"));
            }
            if !page.contains(concat!("[`", stringify!($law), "`]")) {
                missing.push(format!("{} in the table of src/distr/mod.rs", stringify!($law)));
            }
            if !values.lines().any(|line| line.starts_with(&format!("{name},"))) {
                missing.push(format!("{name} in tests/value_stability/std.csv"));
            }
            if std::panic::catch_unwind(|| parameters::chosen(name).len()).is_err() {
                missing.push(format!("{name} in tests/common/parameters.rs"));
            }
        };
    }
    for_each_family!(one);
    assert!(missing.is_empty(), "missing:\n{}", missing.join("\n"));
}

//! What several test programs use.
#![allow(dead_code, reason = "each test program uses a part")]

use reparam::scalar::{Jet, Scalar};

/// A table of numbers with named columns.
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<f64>>,
}

impl Table {
    /// Reads a CSV file of numbers with a header line; a file that is not one is a failure of the test.
    pub fn read(path: &std::path::Path) -> Table {
        let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut lines = text.lines();
        let columns: Vec<String> = lines.next().expect("a header").split(',').map(str::to_owned).collect();
        let rows: Vec<Vec<f64>> = lines
            .enumerate()
            .map(|(i, line)| {
                let row: Vec<f64> = line
                    .split(',')
                    .map(|x| x.parse().unwrap_or_else(|e| panic!("{}:{}: {x:?}: {e}", path.display(), i + 2)))
                    .collect();
                assert_eq!(row.len(), columns.len(), "{}:{}", path.display(), i + 2);
                row
            })
            .collect();
        assert!(!rows.is_empty(), "{} has no rows", path.display());
        Table { columns, rows }
    }

    /// The index of a column.
    pub fn column(&self, name: &str) -> usize {
        self.columns.iter().position(|c| c == name).unwrap_or_else(|| panic!("no column {name}"))
    }
}

/// The folder of reference tables: `REPARAM_REFERENCE`, or the crate's own.
pub fn reference_folder() -> std::path::PathBuf {
    match std::env::var_os("REPARAM_REFERENCE") {
        Some(folder) => folder.into(),
        None => std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference"),
    }
}

/// A running maximum that remembers where it was reached.
#[derive(Clone, Debug, Default)]
pub struct Worst {
    pub error: f64,
    pub at: String,
}

impl Worst {
    /// A NaN counts as infinite.
    pub fn add(&mut self, error: f64, at: impl FnOnce() -> String) {
        let error = if error.is_nan() { f64::INFINITY } else { error };
        if error > self.error {
            *self = Worst { error, at: at() };
        }
    }
}

/// |got - want| / max(|want|, floor), 0 where both are the same.
pub fn relative(got: f64, want: f64, floor: f64) -> f64 {
    if got == want { 0.0 } else { (got - want).abs() / want.abs().max(floor) }
}

/// First- and second-order variables at a point whose length is known to be N.
pub fn second_order<const N: usize>(point: &[f64]) -> [Jet<Jet<f64, N>, N>; N] {
    Jet::second_order(std::array::from_fn(|i| point[i]))
}

/// A constant of any scalar.
pub fn constant<S: Scalar>(x: f64) -> S {
    S::from(x)
}

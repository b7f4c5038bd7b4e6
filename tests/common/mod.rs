//! What several test programs use.
#![allow(dead_code, unused_macros, reason = "each test program uses a part")]

#[macro_use]
pub mod discrete_families;
pub mod discrete_parameters;
pub mod mixtures;
pub mod parameters;
pub mod programs;
pub mod written;

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

/// A row of expectations.csv: θ, value, gradient, upper triangle of the Hessian.
pub struct Expectation {
    pub program: String,
    pub theta: Vec<f64>,
    pub value: f64,
    pub gradient: Vec<f64>,
    pub hessian: Vec<f64>,
}

/// The fields of the crate's own table below its header.
pub fn records(name: &str) -> Vec<Vec<String>> {
    records_of(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(name))
}

/// The same of a file. A first field with commas stands in quotes.
fn records_of(path: &std::path::Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let fields = |line: &str| -> Vec<String> {
        let (first, others) = match line.strip_prefix('"') {
            Some(quoted) => quoted.split_once("\",").expect("a closing quote"),
            None => line.split_once(',').expect("two fields"),
        };
        std::iter::once(first).chain(others.split(',')).map(str::to_owned).collect()
    };
    let rows: Vec<Vec<String>> = text.lines().map(fields).collect();
    assert!(rows.len() > 1 && rows.iter().all(|row| row.len() == rows[0].len()), "{}", path.display());
    rows[1..].to_vec()
}

/// All rows.
pub fn expectations() -> Vec<Expectation> {
    let row = |row: Vec<String>| {
        let numbers = |i: usize| row[i].split_whitespace().map(|x| x.parse().expect("a number")).collect::<Vec<f64>>();
        Expectation {
            program: row[0].clone(),
            theta: numbers(2),
            value: numbers(3)[0],
            gradient: numbers(4),
            hessian: numbers(5),
        }
    };
    records_of(&reference_folder().join("expectations.csv")).into_iter().map(row).collect()
}

/// The row of a program.
pub fn expectation(program: &str) -> Expectation {
    expectations().into_iter().find(|row| row.program == program).expect("the program's row")
}

impl Expectation {
    /// Value, gradient and Hessian within 5 standard errors, the gradient's below `precision` of its norm.
    pub fn check<const N: usize>(
        &self,
        e: &reparam::estimate::HessianEstimate<[[f64; N]; N], [f64; N]>,
        precision: f64,
    ) {
        let close = |what: &str, got: f64, want: f64, se: f64| {
            // 1e-12: estimates without variance are off by rounding
            let bound = 5.0 * se + 1e-12 * want.abs();
            assert!((got - want).abs() <= bound, "{}: {what} {got} ± {se}, not {want}", self.program);
        };
        close("value", e.value, self.value, e.value_se);
        let norm = self.gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
        let upper = (0..N).flat_map(|i| (i..N).map(move |j| (i, j)));
        for ((i, j), &want) in upper.zip(&self.hessian) {
            close("hessian", e.hessian[i][j], want, e.hessian_se[i][j]);
        }
        for i in 0..N {
            close("gradient", e.gradient[i], self.gradient[i], e.gradient_se[i]);
            let se = e.gradient_se[i];
            assert!(se < precision * norm, "{}: standard error {se} of {norm}", self.program);
        }
    }
}

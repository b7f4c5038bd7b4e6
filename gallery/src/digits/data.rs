//! The digits' file.

use crate::Error;
use crate::table::Table;
use std::path::Path;

/// Pixels of a side.
pub const SIDE: usize = 8;

/// Pixels of a side of the canvas on which digits are distorted: nothing is cut off.
pub const CANVAS: usize = 12;

/// A digit and what it is.
#[derive(Clone, Debug)]
pub struct Digit {
    /// From 0 to 9.
    pub label: usize,
    /// Row by row, from 0 to 1.
    pub pixels: Vec<f64>,
}

/// The digits of a file without a header, a label and 64 numbers from 0 to 16 a row; or the built-in ones.
///
/// # Errors
/// The file cannot be read, has fewer than 100 digits, or numbers out of range.
pub fn read(path: Option<&Path>) -> Result<Vec<Digit>, Error> {
    let (name, bytes) = match path {
        Some(path) => {
            (path.display().to_string(), std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?)
        }
        None => ("digits.csv".into(), include_bytes!("../../data/digits.csv").to_vec()),
    };
    let table = Table::parse_without_header(&name, &bytes, 1 + SIDE * SIDE)?;
    let mut digits = Vec::new();
    for row in table.rows() {
        let is_label = |x: f64| (0.0..=9.0).contains(&x) && x.fract() == 0.0;
        let label = row.number_where(0, is_label, "a digit from 0 to 9")? as usize;
        let pixel = |i| row.number_where(i, |x| (0.0..=16.0).contains(&x), "a number from 0 to 16");
        let pixels = (1..=SIDE * SIDE).map(|i| Ok(pixel(i)? / 16.0)).collect::<Result<Vec<_>, Error>>()?;
        digits.push(Digit { label, pixels });
    }
    if digits.len() < 100 {
        return Err(format!("{name}: {} digits, expected at least 100", digits.len()).into());
    }
    Ok(digits)
}

//! The schools of a CSV file with the columns school, effect and standard_error.

use super::MOST;
use gallery::Error;
use gallery::table::{Row, Table, TableError};
use std::path::Path;

/// One row of the data.
#[derive(Clone, Debug, PartialEq)]
pub struct School {
    /// Its name.
    pub name: String,
    /// The estimated effect.
    pub effect: f64,
    /// The standard error of the estimate: positive and finite.
    pub standard_error: f64,
}

const COLUMNS: [&str; 3] = ["school", "effect", "standard_error"];

/// Rubin's eight schools.
const RUBIN: (&str, &[u8]) = ("eight_schools.csv", include_bytes!("../../data/eight_schools.csv"));

/// The schools of a file, or Rubin's; at least one.
///
/// # Errors
/// The file cannot be read, a row is no school (the message names file and line), or there are more than [`MOST`].
pub fn read(path: Option<&Path>) -> Result<Vec<School>, Error> {
    schools(&Table::read(path, RUBIN, &COLUMNS)?)
}

/// The schools in the bytes of a file.
///
/// # Errors
/// As for [`read`].
#[cfg(test)]
fn parse(file: &str, bytes: &[u8]) -> Result<Vec<School>, Error> {
    schools(&Table::parse(file, bytes, &COLUMNS)?)
}

fn schools(table: &Table) -> Result<Vec<School>, Error> {
    match table.rows().len() {
        0..=MOST => Ok(table.rows().map(school).collect::<Result<_, _>>()?),
        count => Err(format!("{count} schools, expected at most {MOST}").into()),
    }
}

fn school(row: Row) -> Result<School, TableError> {
    let name = row.text(0);
    if name.is_empty() || name.contains(char::is_control) {
        return Err(row.wrong(0, "a name"));
    }
    let is_size = |x: f64| (1e-100..=1e100).contains(&x);
    Ok(School {
        name: name.into(),
        effect: row.number(1)?,
        standard_error: row.number_where(2, is_size, "a number from 1e-100 to 1e100")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_line_and_what_was_expected() {
        for (row, message) in [
            ("A,x,2", "effect is \"x\", expected a number"),
            ("A,1,", "standard_error is \"\", expected a number"),
            ("A,1,0", "standard_error is \"0\", expected a number from 1e-100 to 1e100"),
            ("A,1,-2", "standard_error is \"-2\", expected a number from 1e-100 to 1e100"),
            (",1,2", "school is \"\", expected a name"),
            ("\"A\nB\",1,2", "school is \"A\\nB\", expected a name"),
        ] {
            let text = format!("# comment\nschool,effect,standard_error\n{row}\n");
            let error = parse("f.csv", text.as_bytes()).unwrap_err().to_string();
            assert_eq!(error, format!("f.csv, line 3: {message}"));
        }
    }

    #[test]
    fn bytes_do_not_panic() {
        let mut state = 1u64;
        for length in 0..2000 {
            let mut bytes = b"school,effect,standard_error\n".to_vec();
            for _ in 0..length % 60 {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                bytes.push(b"ab,0-1.e\"\n\r#; \xff\xc3"[(state >> 33) as usize % 16]);
            }
            if let Err(e) = parse("f", &bytes) {
                assert!(e.to_string().starts_with("f, line "), "{e}");
            }
        }
    }
}

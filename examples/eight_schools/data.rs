//! Reads a CSV of schools: the columns school, effect and standard_error, in any order and with others beside them; `#`
//! starts a line of comment.

use std::fmt;

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

/// What is wrong with a file, and in which of its lines, counted from 1.
#[derive(Debug, PartialEq)]
pub struct DataError {
    /// The line; for an empty file, the first.
    pub line: usize,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for DataError {}

const COLUMNS: [&str; 3] = ["school", "effect", "standard_error"];

/// The largest effect, and the largest standard error and reciprocal of one: their squares are doubles with room to spare.
const LARGEST: f64 = 1e100;

/// The schools of a file, at least one.
pub fn parse(bytes: &[u8]) -> Result<Vec<School>, DataError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|e| DataError { line: line_of(bytes, e.valid_up_to()), what: "not UTF-8 text".into() })?;
    // a byte order mark is no part of the first line
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.as_bytes());

    let mut columns: Option<[usize; 3]> = None;
    let mut width = 0;
    let mut schools = Vec::new();
    let mut record = csv::StringRecord::new();
    loop {
        let line = line_of(text.as_bytes(), start_of_row(text, reader.position().byte() as usize));
        let wrong = |what: String| DataError { line, what };
        if !reader.read_record(&mut record).map_err(|e| wrong(e.to_string()))? {
            break;
        }
        let Some([name, effect, standard_error]) = columns else {
            columns = Some(header(&record).map_err(wrong)?);
            width = record.len();
            continue;
        };
        if record.len() != width {
            return Err(wrong(format!("number of fields is {}, that of the header {width}", record.len())));
        }
        let number = |column: usize| -> Result<f64, DataError> {
            let (name, field) = (COLUMNS[if column == effect { 1 } else { 2 }], &record[column]);
            let x: f64 = field.parse().map_err(|_| wrong(format!("{name} is not a number: {field:?}")))?;
            match x.abs() {
                size if !size.is_finite() => Err(wrong(format!("{name} is not finite: {field}"))),
                size if size > LARGEST => Err(wrong(format!("{name} is larger than {LARGEST:e}: {field}"))),
                _ => Ok(x),
            }
        };
        let school =
            School { name: record[name].to_string(), effect: number(effect)?, standard_error: number(standard_error)? };
        if school.name.is_empty() {
            return Err(wrong("the school has no name".into()));
        }
        if school.name.contains(char::is_control) {
            return Err(wrong(format!("the name of the school has a control character: {:?}", school.name)));
        }
        if school.standard_error <= 0.0 {
            return Err(wrong(format!("standard_error is not positive: {}", &record[standard_error])));
        }
        if school.standard_error < 1.0 / LARGEST {
            return Err(wrong(format!(
                "standard_error is smaller than {:e}: {}",
                1.0 / LARGEST,
                &record[standard_error]
            )));
        }
        schools.push(school);
    }
    if schools.is_empty() {
        let what = if columns.is_some() { "no schools below the header" } else { "no header and no schools" };
        return Err(DataError { line: text.lines().count().max(1), what: what.into() });
    }
    Ok(schools)
}

/// The places of the three columns.
fn header(record: &csv::StringRecord) -> Result<[usize; 3], String> {
    let mut places = [0; 3];
    for (place, name) in places.iter_mut().zip(COLUMNS) {
        let mut found = record.iter().enumerate().filter(|(_, field)| *field == name);
        *place = found
            .next()
            .ok_or_else(|| format!("the header has no column {name}: it must name {}", COLUMNS.join(", ")))?
            .0;
        if found.next().is_some() {
            return Err(format!("the header names {name} twice"));
        }
    }
    Ok(places)
}

/// Where the next row starts: past empty lines and comments, which csv counts to the row that follows.
fn start_of_row(text: &str, from: usize) -> usize {
    let skipped = text[from..]
        .split_inclusive('\n')
        .take_while(|l| l.starts_with('#') || l.trim_end_matches(['\r', '\n']).is_empty());
    from + skipped.map(str::len).sum::<usize>()
}

/// The line of a byte.
fn line_of(bytes: &[u8], byte: usize) -> usize {
    1 + bytes[..byte].iter().filter(|b| **b == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        parse(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn reads_columns_in_any_order() {
        let text =
            "\u{feff}# by hand\r\n\r\nstandard_error, note, effect, school\r\n# one\r\n 1.5,x, -2e0 ,\"A, B\"\r\n";
        let school = School { name: "A, B".into(), effect: -2.0, standard_error: 1.5 };
        assert_eq!(parse(text.as_bytes()), Ok(vec![school]));
    }

    #[test]
    fn errors_name_the_line() {
        let header = "# comment\nschool,effect,standard_error\n";
        for (rows, message) in [
            ("A,1,2\n# comment\n\nB,x,2\n", "line 6: effect is not a number: \"x\""),
            ("A,1,\n", "line 3: standard_error is not a number: \"\""),
            ("A,1,0\n", "line 3: standard_error is not positive: 0"),
            ("A,1,-2", "line 3: standard_error is not positive: -2"),
            ("A,NaN,2\n", "line 3: effect is not finite: NaN"),
            ("A,1,1e999\n", "line 3: standard_error is not finite: 1e999"),
            ("A,1\n", "line 3: number of fields is 2, that of the header 3"),
            (",1,2\n", "line 3: the school has no name"),
            ("\"A\nB\",1,2\n", "line 3: the name of the school has a control character: \"A\\nB\""),
            ("A,-1e101,2\n", "line 3: effect is larger than 1e100: -1e101"),
            ("A,1,1e-101\n", "line 3: standard_error is smaller than 1e-100: 1e-101"),
            ("", "line 2: no schools below the header"),
        ] {
            assert_eq!(error(&format!("{header}{rows}")), message);
        }
        assert_eq!(error(""), "line 1: no header and no schools");
        assert!(error("school,effect\nA,1\n").starts_with("line 1: the header has no column standard_error"));
        assert_eq!(error("school,effect,effect,standard_error\n"), "line 1: the header names effect twice");
        let note = "school,effect,standard_error,note\nA,1,2,\"of two\nlines\"\nB,?,2,\n";
        assert_eq!(error(note), "line 4: effect is not a number: \"?\"");
        let bad = [b"school,effect,standard_error\nA,1,2\n".as_slice(), &[0xff]].concat();
        assert_eq!(parse(&bad).unwrap_err().to_string(), "line 3: not UTF-8 text");
    }
}

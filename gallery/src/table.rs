//! Tables from CSV files: the user's or the built-in one. Errors name the file, the line, what was found and what was
//! expected.

use std::fmt;
use std::path::Path;

/// What is wrong with a file, and in which of its lines, counted from 1.
#[derive(Debug, PartialEq)]
pub struct TableError {
    /// The file's name.
    pub file: String,
    /// The line; for an empty file, the first.
    pub line: usize,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}: {}", self.file, self.line, self.what)
    }
}

impl std::error::Error for TableError {}

/// Rows of text in columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    file: String,
    columns: Vec<String>,
    rows: Vec<(usize, Vec<String>)>,
}

/// The largest number that is read: its square is a double with room to spare.
pub const LARGEST: f64 = 1e100;

impl Table {
    /// The table in a file of the user's, or else the built-in one, given by name and contents.
    ///
    /// The file's header names all of `columns`, in any order and with others beside them; `#` starts a line of comment.
    ///
    /// # Errors
    /// The file cannot be read, or see [`Table::parse`].
    pub fn read(path: Option<&Path>, built_in: (&str, &[u8]), columns: &[&str]) -> Result<Self, crate::Error> {
        Ok(match path {
            Some(path) => {
                let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
                Table::parse(&path.display().to_string(), &bytes, columns)?
            }
            None => Table::parse(built_in.0, built_in.1, columns)?,
        })
    }

    /// The table in the bytes of a file with a header.
    ///
    /// # Errors
    /// No UTF-8 text, no CSV, a column that is missing or named twice, rows of other lengths than the header's, no rows.
    pub fn parse(file: &str, bytes: &[u8], columns: &[&str]) -> Result<Self, TableError> {
        let mut lines = Lines::new(file, bytes)?;
        let Some((line, header)) = lines.next_row()? else {
            return Err(lines.error(1, "no header and no rows".into()));
        };
        let places = places(&header, columns).map_err(|what| lines.error(line, what))?;
        let mut rows = Vec::new();
        while let Some((line, record)) = lines.next_row()? {
            if record.len() != header.len() {
                let what = format!("{} fields, expected {} as in the header", record.len(), header.len());
                return Err(lines.error(line, what));
            }
            rows.push((line, places.iter().map(|&place| record[place].to_string()).collect()));
        }
        if rows.is_empty() {
            return Err(lines.error(lines.text.lines().count().max(1), "no rows below the header".into()));
        }
        Ok(Table { file: file.into(), columns: columns.iter().map(|c| c.to_string()).collect(), rows })
    }

    /// The table in the bytes of a file without a header, all of its rows of `width` fields.
    ///
    /// # Errors
    /// As for [`Table::parse`].
    pub fn parse_without_header(file: &str, bytes: &[u8], width: usize) -> Result<Self, TableError> {
        let mut lines = Lines::new(file, bytes)?;
        let mut rows = Vec::new();
        while let Some((line, record)) = lines.next_row()? {
            if record.len() != width {
                return Err(lines.error(line, format!("{} fields, expected {width}{}", record.len(), hint(&record))));
            }
            rows.push((line, record.iter().map(str::to_string).collect()));
        }
        if rows.is_empty() {
            return Err(lines.error(1, "no rows".into()));
        }
        Ok(Table { file: file.into(), columns: (1..=width).map(|i| format!("field {i}")).collect(), rows })
    }

    /// The rows, at least one.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, fields)| Row { table: self, line: *line, fields })
    }

    /// One column of numbers.
    ///
    /// # Errors
    /// A field that is no number or not finite.
    pub fn numbers(&self, column: usize) -> Result<Vec<f64>, TableError> {
        self.rows().map(|row| row.number(column)).collect()
    }
}

/// A row of a table. Columns have the numbers of their places in the list that the table was read with.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    table: &'a Table,
    line: usize,
    fields: &'a [String],
}

impl<'a> Row<'a> {
    /// The text of a column.
    pub fn text(&self, column: usize) -> &'a str {
        &self.fields[column]
    }

    /// The number in a column, finite.
    ///
    /// # Errors
    /// It is no number, not finite, or larger than [`LARGEST`].
    pub fn number(&self, column: usize) -> Result<f64, TableError> {
        let x: f64 = self.text(column).parse().map_err(|_| self.wrong(column, "a number"))?;
        match x.abs() {
            size if size.is_finite() && size <= LARGEST => Ok(x),
            _ => Err(self.wrong(column, &format!("a number between -{LARGEST:e} and {LARGEST:e}"))),
        }
    }

    /// The number in a column, within a range that is said in words.
    ///
    /// # Errors
    /// It is no number, or outside of the range.
    pub fn number_where(&self, column: usize, is_inside: fn(f64) -> bool, range: &str) -> Result<f64, TableError> {
        match self.number(column)? {
            x if is_inside(x) => Ok(x),
            _ => Err(self.wrong(column, range)),
        }
    }

    /// The error of a field that is something else than expected.
    pub fn wrong(&self, column: usize, expected: &str) -> TableError {
        let what = format!("{} is {:?}, expected {expected}", self.table.columns[column], self.text(column));
        TableError { file: self.table.file.clone(), line: self.line, what }
    }
}

/// What to say of a row that another program has separated.
fn hint(row: &csv::StringRecord) -> String {
    let separated = [';', '\t'].into_iter().find(|c| row.len() == 1 && row[0].contains(*c));
    separated.map_or(String::new(), |c| format!("; fields are separated by commas, not by {c:?}"))
}

/// The places of the columns in a header.
fn places(header: &csv::StringRecord, columns: &[&str]) -> Result<Vec<usize>, String> {
    let place = |name: &&str| {
        let mut found = header.iter().enumerate().filter(|(_, field)| field == name);
        match (found.next(), found.next()) {
            (Some((place, _)), None) => Ok(place),
            (Some(_), Some(_)) => Err(format!("the header names {name} twice")),
            (None, _) => {
                let hint = hint(header);
                let all = columns.join(", ");
                Err(format!("the header has no column {name:?}, expected {all}{hint}"))
            }
        }
    };
    columns.iter().map(place).collect()
}

/// The rows of a text with the lines in which they start.
struct Lines<'a> {
    file: &'a str,
    text: &'a str,
    reader: csv::Reader<&'a [u8]>,
}

impl<'a> Lines<'a> {
    fn new(file: &'a str, bytes: &'a [u8]) -> Result<Self, TableError> {
        let text = std::str::from_utf8(bytes).map_err(|e| TableError {
            file: file.into(),
            line: line_of(bytes, e.valid_up_to()),
            what: "not UTF-8 text".into(),
        })?;
        // a byte order mark is no part of the first line
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .comment(Some(b'#'))
            .trim(csv::Trim::All)
            .flexible(true)
            .from_reader(text.as_bytes());
        Ok(Lines { file, text, reader })
    }

    fn error(&self, line: usize, what: String) -> TableError {
        TableError { file: self.file.into(), line, what }
    }

    fn next_row(&mut self) -> Result<Option<(usize, csv::StringRecord)>, TableError> {
        let start = start_of_row(self.text, self.reader.position().byte() as usize);
        let line = line_of(self.text.as_bytes(), start);
        let mut record = csv::StringRecord::new();
        match self.reader.read_record(&mut record) {
            Ok(more) => Ok(more.then_some((line, record))),
            Err(e) => Err(self.error(line, e.to_string())),
        }
    }
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

    #[test]
    fn reads_columns_in_any_order() {
        let text = "\u{feff}# by hand\r\n\r\nb, note, a\r\n# one\r\n 1.5,x,\"A, B\"\r\n";
        let table = Table::parse("f", text.as_bytes(), &["a", "b"]).unwrap();
        let row = table.rows().next().unwrap();
        assert_eq!((row.text(0), row.number(1)), ("A, B", Ok(1.5)));
    }

    #[test]
    fn errors_name_file_line_and_what_was_found() {
        let error = |text: &str| {
            let table = Table::parse("f.csv", text.as_bytes(), &["a", "b"]);
            table.and_then(|t| t.rows().map(|r| r.number(1)).collect::<Result<Vec<_>, _>>()).unwrap_err().to_string()
        };
        for (text, message) in [
            ("", "f.csv, line 1: no header and no rows"),
            ("a,b\n", "f.csv, line 1: no rows below the header"),
            ("a\nx\n", "f.csv, line 1: the header has no column \"b\", expected a, b"),
            ("a,b,b\n", "f.csv, line 1: the header names b twice"),
            ("# c\n\na,b\nx,1\n# d\n\nx,?\n", "f.csv, line 7: b is \"?\", expected a number"),
            ("a,b\nx,1e999\n", "f.csv, line 2: b is \"1e999\", expected a number between -1e100 and 1e100"),
            ("a,b\nx\n", "f.csv, line 2: 1 fields, expected 2 as in the header"),
        ] {
            assert_eq!(error(text), message);
        }
        assert!(error("a;b\n1;2\n").ends_with("fields are separated by commas, not by ';'"));
        let headless = Table::parse_without_header("f", b"1;2\n", 2).unwrap_err().to_string();
        assert_eq!(headless, "f, line 1: 1 fields, expected 2; fields are separated by commas, not by ';'");
        let bad = [b"a,b\n1,2\n".as_slice(), &[0xff]].concat();
        assert_eq!(Table::parse("f", &bad, &["a"]).unwrap_err().to_string(), "f, line 3: not UTF-8 text");
    }
}

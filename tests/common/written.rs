//! Tables in `docs/` that tests write. With `REPARAM_WRITE_DOCS=1` a test writes its table; otherwise it holds the table
//! against what it has measured, so that a table that is out of date fails.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

/// How far a figure may be from the one in the table: largest errors depend a little on the platform's elementary
/// functions.
const FACTOR: f64 = 3.0;

/// Figures below this are rounding, whatever they are.
const NOTHING: f64 = 3e-16;

/// The table between the lines `<!-- table NAME -->` and `<!-- end -->` of a document: a header and rows of cells.
pub fn hold_table(document: &str, name: &str, header: &[&str], rows: &[Vec<String>]) {
    let file = Document::open(document, name);
    if is_writing() {
        return file.write(&header.iter().map(|cell| cell.to_string()).collect::<Vec<_>>(), rows);
    }
    let found = file.rows();
    if found.len() != rows.len() {
        file.stale(format!("{} rows, {} are measured", found.len(), rows.len()));
    }
    found.iter().zip(rows).for_each(|(found, row)| file.hold(found, row));
}

/// Some rows of such a table, which are known by their first cells; others belong to other tests.
pub fn hold_rows(document: &str, name: &str, rows: &[Vec<String>]) {
    let file = Document::open(document, name);
    let mut found = file.rows();
    let place = |found: &[Vec<String>], row: &[String]| found.iter().position(|cells| cells[0] == row[0]);
    if is_writing() {
        for row in rows {
            match place(&found, row) {
                Some(i) => found[i] = row.clone(),
                None => found.push(row.clone()),
            }
        }
        return file.write(&file.header(), &found);
    }
    for row in rows {
        match place(&found, row) {
            Some(i) => file.hold(&found[i], row),
            None => file.stale(format!("no row {}", row[0])),
        }
    }
}

fn is_writing() -> bool {
    std::env::var_os("REPARAM_WRITE_DOCS").is_some()
}

/// A table in a document that no other test writes meanwhile.
struct Document<'a> {
    title: String,
    path: PathBuf,
    before: String,
    lines: Vec<Vec<String>>,
    after: String,
    _alone: MutexGuard<'a, ()>,
}

impl Document<'_> {
    fn open(document: &str, name: &str) -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(document);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let begin = format!("<!-- table {name} -->\n");
        let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("{document} has no line {begin}"));
        let (found, after) = rest.split_once("<!-- end -->").unwrap_or_else(|| panic!("{document}: no end of {name}"));
        let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_string()).collect();
        Document {
            title: format!("docs/{document}, table {name}"),
            path,
            before: format!("{before}{begin}"),
            lines: found.lines().filter(|line| !line.is_empty()).map(cells).collect(),
            after: after.to_string(),
            _alone: alone,
        }
    }

    fn header(&self) -> Vec<String> {
        self.lines.first().expect("a header").clone()
    }

    fn rows(&self) -> Vec<Vec<String>> {
        self.lines.iter().skip(2).cloned().collect()
    }

    fn write(&self, header: &[String], rows: &[Vec<String>]) {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let rule = vec!["---".to_string(); header.len()];
        let head = line(header) + &line(&rule);
        let table: String = rows.iter().map(|cells| line(cells)).collect();
        let text = format!("{}\n{head}{table}\n<!-- end -->{}", self.before, self.after);
        std::fs::write(&self.path, text).expect("a file to write");
    }

    /// Fails if a row is not what is measured.
    fn hold(&self, found: &[String], measured: &[String]) {
        if found.len() != measured.len()
            || found.iter().zip(measured).any(|(found, measured)| !is_near(found, measured))
        {
            self.stale(format!("{} is now {}", found.join(" | "), measured.join(" | ")));
        }
    }

    fn stale(&self, what: String) -> ! {
        panic!("{}: {what}; REPARAM_WRITE_DOCS=1 writes it anew", self.title)
    }
}

fn is_near(found: &str, measured: &str) -> bool {
    match (found.parse::<f64>(), measured.parse::<f64>()) {
        (Ok(a), Ok(b)) => a == b || a.max(b) < NOTHING || (a.max(b) <= FACTOR * a.min(b)),
        _ => found == measured,
    }
}

//! Tables in `docs/` that tests write. With `REPARAM_WRITE_DOCS=1` a test writes its table; otherwise it holds the table
//! against what it has measured, so that a table that is out of date fails.

use std::path::Path;

/// How far a figure may be from the one in the table: largest errors depend a little on the platform's elementary
/// functions.
const FACTOR: f64 = 3.0;

/// Figures below this are rounding, whatever they are.
const NOTHING: f64 = 3e-16;

/// The table between the lines `<!-- table NAME -->` and `<!-- end -->` of a document: a header and rows of cells.
pub fn hold_table(document: &str, name: &str, header: &[&str], rows: &[Vec<String>]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(document);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let begin = format!("<!-- table {name} -->\n");
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("{document} has no line {begin}"));
    let (found, after) = rest.split_once("<!-- end -->").unwrap_or_else(|| panic!("{document}: no end of {name}"));
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let header = [header.iter().map(|cell| cell.to_string()).collect(), vec!["---".to_string(); header.len()]];
    if std::env::var_os("REPARAM_WRITE_DOCS").is_some() {
        let table: String = header.iter().chain(rows).map(|cells| line(cells)).collect();
        std::fs::write(&path, format!("{before}{begin}\n{table}\n<!-- end -->{after}")).expect("a file to write");
        return;
    }
    let found: Vec<&str> = found.lines().filter(|line| !line.is_empty()).collect();
    let stale = |what: String| panic!("docs/{document}, table {name}: {what}; REPARAM_WRITE_DOCS=1 writes it anew");
    if found.len() != rows.len() + 2 {
        stale(format!("{} rows, {} are measured", found.len().saturating_sub(2), rows.len()));
    }
    for (found, row) in found.iter().skip(2).zip(rows) {
        let cells: Vec<&str> = found.trim_matches('|').split('|').map(str::trim).collect();
        if cells.len() != row.len() || cells.iter().zip(row).any(|(found, measured)| !is_near(found, measured)) {
            stale(format!("{found} is now {}", line(row)));
        }
    }
}

fn is_near(found: &str, measured: &str) -> bool {
    match (found.parse::<f64>(), measured.parse::<f64>()) {
        (Ok(a), Ok(b)) => a == b || a.max(b) < NOTHING || (a.max(b) <= FACTOR * a.min(b)),
        _ => found == measured,
    }
}

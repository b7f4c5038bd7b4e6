//! The reader of the gallery's tables on arbitrary bytes: rows of numbers, or an error that names a line that is there.
#![no_main]

#[path = "../../gallery/src/table.rs"]
mod table;

use libfuzzer_sys::fuzz_target;
use table::Table;

/// What the reader of files answers.
type Error = Box<dyn std::error::Error + Send + Sync>;

fuzz_target!(|bytes: &[u8]| {
    let lines = bytes.split(|b| *b == b'\n').count();
    let numbers = Table::parse("f", bytes, &["a", "b"]).and_then(|table| table.numbers(1));
    match numbers {
        Ok(numbers) => assert!(!numbers.is_empty() && numbers.iter().all(|x| x.abs() <= table::LARGEST)),
        Err(e) => assert!((1..=lines + 1).contains(&e.line) && !e.what.is_empty(), "{e}"),
    }
    // the built-in table, for who names no file: the same
    if let Ok(table) = Table::read(None, ("f", bytes), &["a", "b"]) {
        for row in table.rows() {
            let positive = row.number_where(1, |x| x > 0.0, "a positive number");
            assert_eq!(
                positive.is_ok(),
                row.text(1).parse().is_ok_and(|x| (0.0..=table::LARGEST).contains(&x) && x > 0.0)
            );
        }
    }
    let _ = Table::parse_without_header("f", bytes, 2);
});

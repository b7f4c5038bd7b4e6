//! The reader of the eight schools example on arbitrary bytes: rows that make sense, or an error with a line number.
#![no_main]

#[path = "../../examples/eight_schools/data.rs"]
mod data;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| match data::parse(bytes) {
    Ok(schools) => {
        assert!(!schools.is_empty());
        for school in schools {
            assert!(school.effect.is_finite() && school.standard_error > 0.0 && school.standard_error.is_finite());
        }
    }
    Err(error) => {
        let lines = bytes.split(|b| *b == b'\n').count();
        assert!((1..=lines + 1).contains(&error.line) && !error.what.is_empty(), "{error}");
    }
});

//! Parts of a run as JSON files.

use crate::Error;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::Write;
use std::path::Path;

/// What a file holds: the part, and which program of which version made it. Seed, samples and parameters are the part's
/// own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record<P> {
    /// The program's name, with whatever else its results depend on.
    pub program: String,
    /// The version of this crate: another may draw other numbers.
    pub version: String,
    /// Some blocks.
    pub part: P,
}

/// This version.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Writes a part. The file is complete or not there: it is written beside and then renamed.
///
/// # Errors
/// The file cannot be written.
pub fn write<P: Serialize>(path: &Path, program: &str, part: &P) -> Result<(), Error> {
    let failed = |e: std::io::Error| Error::from(format!("{}: {e}", path.display()));
    let record = Record { program: program.to_string(), version: VERSION.to_string(), part };
    let beside = path.with_extension(format!("{}.tmp", std::process::id()));
    let mut file = fs::File::create(&beside).map_err(failed)?;
    file.write_all(serde_json::to_string(&record)?.as_bytes()).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    fs::rename(&beside, path).map_err(failed)
}

/// Reads a part that this program in this version has written.
///
/// # Errors
/// The file cannot be read, is no such file, or is of another program or version.
pub fn read<P: DeserializeOwned>(path: &Path, program: &str) -> Result<P, Error> {
    let failed = |e: &dyn std::fmt::Display| Error::from(format!("{}: {e}", path.display()));
    let text = fs::read_to_string(path).map_err(|e| failed(&e))?;
    let record: Record<serde_json::Value> = serde_json::from_str(&text).map_err(|e| failed(&e))?;
    if record.version != VERSION {
        return Err(failed(&format!("made by version {}, this is version {VERSION}", record.version)));
    }
    if record.program != program {
        return Err(failed(&format!("of the program {:?}, expected {program:?}", record.program)));
    }
    serde_json::from_value(record.part).map_err(|e| failed(&e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs;
    use reparam::estimate;

    #[test]
    fn files_bring_back_every_bit_and_refuse_others() {
        let path = std::env::temp_dir().join(format!("reparam-part-{}.json", std::process::id()));
        let run = estimate::martingale(programs::RATES, programs::epidemic()).samples(5000);
        let ready = run.prepared(3).unwrap();
        write(&path, "epidemic", &ready.part(1..3).unwrap()).unwrap();
        let mut sum = ready.part(3..5).unwrap();
        sum.merge(&read(&path, "epidemic").unwrap()).unwrap();
        // twice is an error, and changes nothing
        assert!(sum.merge(&read(&path, "epidemic").unwrap()).is_err());
        sum.merge(&ready.part(0..1).unwrap()).unwrap();
        assert_eq!(run.of_parts(&sum).unwrap(), run.run_seed(3).unwrap());

        let other = read::<serde_json::Value>(&path, "option").unwrap_err().to_string();
        assert!(other.ends_with("of the program \"epidemic\", expected \"option\""), "{other}");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace(VERSION, "0.0.0")).unwrap();
        let older = read::<serde_json::Value>(&path, "epidemic").unwrap_err().to_string();
        assert!(older.contains("made by version 0.0.0"), "{older}");
        fs::write(&path, &text[..text.len() / 2]).unwrap();
        assert!(read::<serde_json::Value>(&path, "epidemic").is_err());
        fs::remove_file(&path).unwrap();
    }
}

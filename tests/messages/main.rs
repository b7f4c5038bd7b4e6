//! What the compiler says to common mistakes: each program in `cases/src/bin` begins with lines that its message must have.
//!
//! The words are this crate's own, or what the shape of its types brings about; all else that the compiler says may
//! change with it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// The lines that a case begins with.
fn expected(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    text.lines().map_while(|line| line.strip_prefix("//! ").map(str::to_owned)).collect()
}

/// All that the compiler says of each case.
fn said(cases: &Path) -> BTreeMap<String, String> {
    let output = Command::new(env!("CARGO"))
        .args(["check", "--locked", "--bins", "--keep-going", "--message-format=json", "--manifest-path"])
        .arg(cases.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("messages"))
        .output()
        .unwrap();
    let mut said = BTreeMap::<String, String>::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let message: serde_json::Value = serde_json::from_str(line).unwrap();
        if message["reason"] == "compiler-message" && message["message"]["level"] == "error" {
            let case = message["target"]["name"].as_str().unwrap().to_owned();
            said.entry(case).or_default().push_str(message["message"]["rendered"].as_str().unwrap());
        }
    }
    assert!(!said.is_empty(), "nothing was said: {}", String::from_utf8_lossy(&output.stderr));
    said
}

#[test]
fn mistakes_are_told_in_plain_words() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages/cases");
    let said = said(&cases);
    let mut wrong = String::new();
    let mut count = 0;
    for file in std::fs::read_dir(cases.join("src/bin")).unwrap() {
        let file = file.unwrap().path();
        let case = file.file_stem().unwrap().to_str().unwrap();
        let (found, expected) = (said.get(case).map_or("", String::as_str), expected(&file));
        assert!(!expected.is_empty(), "{case} does not say what is expected");
        for line in expected.iter().filter(|line| !found.contains(line.as_str())) {
            wrong += &format!("--- {case}: expected {line:?}, found\n{found}\n");
        }
        count += 1;
    }
    assert!(count > 0 && wrong.is_empty(), "{wrong}");
}

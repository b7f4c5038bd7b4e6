//! Commands in the documents are of tests, examples and benches that exist.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.filter(|path| path.extension().is_some_and(|e| e == extension)).collect()
}

/// Every `module::function` of a test program.
fn tests_of(program: &str) -> Vec<String> {
    let mut found = Vec::new();
    for file in files(&root().join("tests").join(program), "rs") {
        let module = file.file_stem().expect("a name").to_string_lossy().into_owned();
        let prefix = if module == "main" { String::new() } else { format!("{module}::") };
        // those that a macro makes, too
        let functions = text(&file);
        let names =
            functions.lines().filter_map(|line| line.trim().strip_prefix("fn ")).filter_map(|l| l.split('(').next());
        found.extend(names.map(|name| format!("{prefix}{name}")));
        found.push(prefix);
    }
    found
}

/// What is wrong with a command, if anything is.
fn fault(command: &str) -> Option<String> {
    let words: Vec<&str> = command.split_whitespace().take_while(|word| *word != "--").collect();
    let after = |option: &str| words.iter().position(|word| *word == option).and_then(|i| words.get(i + 1).copied());
    if let (Some("test"), Some(program)) = (words.get(1).copied(), after("--test")) {
        if !root().join("tests").join(program).is_dir() {
            return Some(format!("no test program {program}"));
        }
        let tests = tests_of(program);
        let place = words.iter().position(|word| *word == program)?;
        let filters = words[place + 1..].iter().filter(|word| !word.starts_with('-'));
        let unknown = filters.into_iter().find(|filter| !tests.iter().any(|test| test.contains(**filter)))?;
        return Some(format!("no test of {program} is called {unknown}"));
    }
    let is_there = |path: String| root().join(path).exists();
    match (words.get(1).copied(), after("--example"), after("--bench")) {
        (Some("run"), Some(name), _) => {
            let places = ["", "adjoint/", "argmin/", "distributed/"].map(|member| format!("{member}examples/{name}"));
            let exists = places.into_iter().any(|p| is_there(format!("{p}.rs")) || is_there(format!("{p}/main.rs")));
            (!exists).then(|| format!("no example {name}"))
        }
        (Some("bench"), _, Some(name)) => (!is_there(format!("benches/{name}.rs"))).then(|| format!("no bench {name}")),
        _ => None,
    }
}

/// What stands between backquotes, also across the end of a line.
fn quoted(text: &str) -> Vec<String> {
    let outside_of_blocks = text.split("```").step_by(2).collect::<Vec<_>>().join(" ");
    let quoted = outside_of_blocks.split('`').skip(1).step_by(2);
    quoted.map(|part| part.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn commands_are_of_what_exists() {
    let mut documents = files(&root().join("docs"), "md");
    documents.extend(["README.md", "CONTRIBUTING.md"].map(|name| root().join(name)));
    let (mut failures, mut found) = (Vec::new(), 0);
    for document in documents {
        for command in quoted(&text(&document)).iter().filter(|part| part.starts_with("cargo ")) {
            found += 1;
            failures.extend(fault(command).map(|fault| format!("{}: `{command}`: {fault}", document.display())));
        }
    }
    assert!(found > 40, "{found} commands");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Every point of the limits says how it is shown.
#[test]
fn every_limit_has_its_command() {
    let limits = text(&root().join("docs/limits.md"));
    let points = limits.split("\n- ").skip(1).map(|point| point.split("\n\n").next().unwrap_or(point));
    let without: Vec<&str> = points.filter(|point| !point.contains("`cargo ")).collect();
    assert!(without.is_empty(), "{without:#?}");
}

/// A command of nothing is found.
#[test]
fn faults_of_commands() {
    assert!(fault("cargo test --test special inc_beta").is_none());
    assert!(fault("cargo test --test special inc_delta").is_some());
    assert!(fault("cargo test --test specials").is_some());
    assert!(fault("cargo bench --bench ratio").is_some());
    assert!(fault("cargo run --release --example which_tools").is_some());
}

//! The floors of the house: what `docs/ARCHITECTURE.md` says about who may use whom, held against the `use` lines and paths of `src`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The floors from the ground up: a floor uses only those before it.
const FLOORS: [&str; 16] = [
    "scalar",
    "parameter",
    "quadrature",
    "implicit",
    "noise",
    "special",
    "linalg",
    "step",
    "distr",
    "weighted",
    "relax",
    "rejection",
    "program",
    "objective",
    "estimate",
    "verify",
];

/// A module by its path below the crate: `["distr", "form", "placed"]`.
type Module = Vec<String>;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn module(src: &Path, file: &Path) -> Module {
    let mut parts: Module =
        file.strip_prefix(src).unwrap().with_extension("").iter().map(|p| p.to_str().unwrap().to_owned()).collect();
    if parts.last().is_some_and(|p| p == "mod" || p == "lib") {
        parts.pop();
    }
    parts
}

/// The code without comments and without the unit tests at its end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d`, `a::c::e`.
fn expanded(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((before, rest)) = tree.split_once('{') else {
        return vec![tree.split(" as ").next().unwrap().trim().to_owned()];
    };
    let Some(end) = rest.rfind('}') else { return Vec::new() };
    let body = &rest[..end];
    let (mut parts, mut depth, mut from) = (Vec::new(), 0, 0);
    for (i, c) in body.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&body[from..i]);
                from = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&body[from..]);
    let parts = parts.into_iter().filter(|part| !part.trim().is_empty());
    parts.flat_map(expanded).map(|part| format!("{}{part}", before.trim())).collect()
}

/// Every path that a file's code names: those of `use`, and those that begin with `crate::` or `super::`.
fn paths(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (i, _) in code.match_indices("use ") {
        let before = code[..i].rsplit('\n').next().unwrap().trim();
        if before.is_empty() || before.starts_with("pub") {
            found.extend(expanded(code[i + 4..].split(';').next().unwrap()));
        }
    }
    for start in ["crate::", "super::"] {
        for (i, _) in code.match_indices(start) {
            let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
            found.push(code[i..].chars().take_while(|c| is_part(*c)).collect());
        }
    }
    found
}

/// The module that a path leads to, as seen from another.
fn target(from: &Module, path: &str, modules: &BTreeSet<Module>) -> Option<Module> {
    let mut parts = path.split("::").map(str::trim).peekable();
    let mut at = match parts.peek()?.trim_start_matches('$') {
        "crate" => {
            parts.next();
            Vec::new()
        }
        "super" | "self" => from.clone(),
        first => {
            let child = [from.as_slice(), &[first.to_owned()]].concat();
            modules.contains(&child).then(|| from.clone())?
        }
    };
    for part in parts {
        match part {
            "self" => {}
            "super" => {
                at.pop();
            }
            _ => {
                at.push(part.to_owned());
                if !modules.contains(&at) {
                    at.pop();
                    break;
                }
            }
        }
    }
    (at != *from && !at.is_empty()).then_some(at)
}

/// Each module of the crate with those that it names.
fn uses() -> BTreeMap<Module, BTreeSet<Module>> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&src, &mut found);
    let modules: BTreeSet<Module> = found.iter().map(|file| module(&src, file)).collect();
    let read = |file: &PathBuf| {
        let from = module(&src, file);
        let code = code(&std::fs::read_to_string(file).unwrap());
        let targets = paths(&code).iter().filter_map(|path| target(&from, path, &modules)).collect();
        (from, targets)
    };
    found.iter().map(read).collect()
}

#[test]
fn a_floor_uses_only_floors_below_it() {
    let height = |floor: &str| FLOORS.iter().position(|f| *f == floor);
    let (mut wrong, mut arrows) = (Vec::new(), 0);
    for (from, targets) in uses() {
        let Some(floor) = from.first() else { continue };
        let own = height(floor).unwrap_or_else(|| panic!("`{floor}` is no floor of docs/ARCHITECTURE.md"));
        for to in targets {
            let below = height(&to[0]).unwrap_or_else(|| panic!("`{}` is no floor of docs/ARCHITECTURE.md", to[0]));
            arrows += 1;
            if below > own {
                wrong.push(format!("{} uses {}", from.join("::"), to.join("::")));
            }
        }
    }
    assert!(arrows > 500, "only {arrows} uses were found: the search is broken");
    assert!(wrong.is_empty(), "upward:\n{}", wrong.join("\n"));
}

/// Files, apart from what a folder's `mod.rs` and its files are to each other, use each other in no circle.
#[test]
fn there_are_no_circles() {
    let mut left = uses();
    for (from, targets) in &mut left {
        targets.retain(|to| !from.starts_with(to));
    }
    loop {
        // a module that uses none of those left is in no circle
        let modules: BTreeSet<Module> = left.keys().cloned().collect();
        left.values_mut().for_each(|targets| targets.retain(|to| modules.contains(to)));
        let before = left.len();
        left.retain(|_, targets| !targets.is_empty());
        if left.len() == before {
            break;
        }
    }
    let circle: Vec<String> = left.keys().map(|m| m.join("::")).collect();
    assert!(circle.is_empty(), "in a circle, or above one:\n{}", circle.join("\n"));
}

#[test]
fn the_page_draws_the_floors_in_this_order() {
    let page = include_str!("../../docs/ARCHITECTURE.md");
    let rows: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .filter(|f| FLOORS.contains(f))
        .take(FLOORS.len())
        .collect();
    let from_the_roof: Vec<&str> = FLOORS.iter().rev().copied().collect();
    assert_eq!(rows, from_the_roof);
}

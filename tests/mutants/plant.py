#!/usr/bin/env python3
"""Do the tests bite? Plants the mutants of mutants.txt in a copy of the crate, runs for each the tests that must fail, and writes
docs/mutants.md.

    python3 tests/mutants/plant.py [--keep] [name ...]

All mutants are compiled at once: each is an `if` on the environment variable REPARAM_MUTANT, in the copy alone (target/mutants).
--keep: do not build the copy anew. Names: these alone, and nothing is written."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPY = ROOT / "target" / "mutants"
PLANTED = '''
/// Whether this mutant is the one that is asked for.
pub(crate) fn planted(name: &str) -> bool {
    static ASKED: std::sync::OnceLock<Option<std::string::String>> = std::sync::OnceLock::new();
    ASKED.get_or_init(|| std::env::var("REPARAM_MUTANT").ok()).as_deref() == Some(name)
}
'''


def mutants():
    """Blocks of `name: file`, `- expression`, `+ in its place`, `by: binary filter`."""
    for block in (ROOT / "tests/mutants/mutants.txt").read_text().split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if lines:
            name, file = lines[0].split(": ")
            old, new = (line[2:] for line in lines[1:3])
            binary, tests = lines[3].removeprefix("by: ").split(" ", 1)
            yield name, file, old, new, binary, tests


def plant(listed):
    for part in ["src", "tests", "benches", "Cargo.toml", "Cargo.lock", "README.md", "docs"]:
        source, target = ROOT / part, COPY / part
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("target"))
        else:
            COPY.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    manifest = (COPY / "Cargo.toml").read_text()
    (COPY / "Cargo.toml").write_text(re.sub(r"members = \[.*?\]", "members = []", manifest))
    for name, file, old, new, _, _ in listed:
        path = COPY / file
        text = path.read_text()
        if text.count(old) != 1:
            sys.exit(f"{name}: {text.count(old)} places in {file} read {old}")
        path.write_text(text.replace(old, f'(if crate::planted("{name}") {{ {new} }} else {{ {old} }})'))
    lib = COPY / "src/lib.rs"
    lib.write_text("#![allow(unused_parens)]\n" + lib.read_text() + PLANTED)
    # the modules that are asked for, apart from the long ones beside them
    for binary in {m[4] for m in listed} - {"lib", "special"}:
        modules = sorted({filter_.split("::")[0] for m in listed if m[4] == binary for filter_ in m[5].split()})
        paths = "".join(f'#[path = "{binary}/{module}.rs"]\nmod {module};\n' for module in modules)
        common = '//! Modules of the tests beside.\n#![allow(unused)]\n#[macro_use]\n#[path = "common/mod.rs"]\nmod common;\n'
        (COPY / f"tests/planted_{binary}.rs").write_text(common + paths)


def build(binary):
    target = ["--lib"] if binary == "lib" else ["--test", binary if binary == "special" else f"planted_{binary}"]
    command = ["cargo", "test", "--offline", "--no-run", *target]
    result = subprocess.run(command, cwd=COPY, capture_output=True, text=True)
    found = re.search(r"Executable .*\((.*)\)", result.stderr)
    if not found:
        sys.exit(result.stderr)
    return COPY / found.group(1)


def passes(program, tests, mutant):
    environment = {**os.environ, "REPARAM_MUTANT": mutant, "CARGO_MANIFEST_DIR": str(COPY), "RUST_BACKTRACE": "0"}
    try:
        result = subprocess.run(
            [program, *tests.split()], cwd=COPY, env=environment, capture_output=True, text=True, timeout=300
        )
    except subprocess.TimeoutExpired:
        return False  # what does not end does not pass
    if "running 0 tests" in result.stdout:
        sys.exit(f"{mutant}: no tests are called {tests}")
    return result.returncode == 0


def main():
    names = [a for a in sys.argv[1:] if not a.startswith("--")]
    every = list(mutants())
    if "--keep" not in sys.argv:
        plant(every)
    listed = [m for m in every if not names or m[0] in names]
    programs = {binary: build(binary) for binary in sorted({m[4] for m in listed})}
    for binary, tests in sorted({(m[4], m[5]) for m in listed}):
        if not passes(programs[binary], tests, ""):
            sys.exit(f"{binary} {tests} fails without a mutant")
    rows, survivors = [], []
    for name, file, old, new, binary, tests in listed:
        killed = not passes(programs[binary], tests, name)
        print(f"{'killed  ' if killed else 'SURVIVED'} {name}", flush=True)
        survivors += [] if killed else [name]
        rows.append(f"| {name} | `{file}` | `{old}` | `{new}` | {binary}: {tests} | {'yes' if killed else '**no**'} |")
    if not names:
        text = (ROOT / "docs/mutants.md").read_text() if (ROOT / "docs/mutants.md").exists() else ""
        head = text.split("<!-- table -->")[0]
        table = "| mutant | in | what stands there | what is planted | tests | killed |\n|---|---|---|---|---|---|\n"
        count = f"{len(rows) - len(survivors)} of {len(rows)} are killed.\n"
        (ROOT / "docs/mutants.md").write_text(
            head + "<!-- table -->\n\n" + table + "\n".join(rows) + "\n\n<!-- end -->\n\n" + count
        )
    sys.exit(f"survivors: {', '.join(survivors)}" if survivors else 0)


if __name__ == "__main__":
    main()

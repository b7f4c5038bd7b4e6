//! Speed as ratios: each case and its rival measured in turn in one run.
//!
//! `cargo bench --bench ratios` prints CSV lines `case,ours_ns,rival,rival_ns,ratio`: medians over rounds of nanoseconds per
//! call, and the median of the rounds' ratios (below 1: faster than the rival). An argument selects the cases whose
//! names contain it. `--list` prints the names of the rows alone. `--write` measures everything three times and puts, for each case,
//! the run with the middle ratio into its row of `docs/speed.md`.
//!
//! `RUSTFLAGS="-C target-cpu=native" cargo bench --target-dir target/native --bench ratios -- "in lanes" --write` does so for the rows of
//! draws in lanes with AVX2.

#[path = "common/discrete.rs"]
mod discrete;
#[path = "common/draws.rs"]
mod draws;
#[path = "common/jets.rs"]
mod jets;
#[path = "common/lanes.rs"]
mod lanes;
#[path = "common/multivariate.rs"]
mod multivariate;
#[path = "common/programs.rs"]
mod programs;
#[path = "common/slow.rs"]
mod slow;
#[path = "common/special.rs"]
mod special_functions;

use rand::distr::Distribution;
use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

/// What cases end in that are measured for two targets, and what the row of the second has besides.
const LANES: &str = " in lanes";
const AVX2: &str = " with AVX2";

/// Prints the ratio of two functions' times.
pub struct Ratios {
    only: Vec<String>,
    list: bool,
    /// Of each case, the runs.
    found: RefCell<BTreeMap<String, Vec<Found>>>,
}

/// Two times and their ratio.
struct Found {
    ours: f64,
    rival: String,
    theirs: f64,
    ratio: f64,
}

const ROUNDS: usize = 101;
/// Calls of a cheap function in a round; of a slower one as many as fit into [`ROUND_NS`], in which another process seldom
/// takes the processor.
const CALLS: usize = 20_000;
const ROUND_NS: f64 = 5e5;

impl Ratios {
    /// Measures one case against its rival; each call's result goes through a black box.
    pub fn case<A, B>(&self, name: &str, mut ours: impl FnMut() -> A, rival: &str, mut theirs: impl FnMut() -> B) {
        if !(self.only.is_empty() || self.only.iter().any(|o| name.contains(o.as_str()))) {
            return;
        }
        if self.list {
            println!("{}", row_of(name));
            if name.ends_with(LANES) {
                println!("{}{AVX2}", row_of(name));
            }
            return;
        }
        let (mut a, mut b, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        let mut calls = 3;
        for round in 0..ROUNDS + 5 {
            let (ours_ns, rival_ns);
            (ours_ns, ours) = time(ours, calls);
            (rival_ns, theirs) = time(theirs, calls);
            match round {
                // the first calls are slow
                0 => calls = 30,
                1 => calls = ((ROUND_NS / ours_ns.max(rival_ns)) as usize).clamp(3, CALLS),
                2..5 => (),
                _ => {
                    a.push(ours_ns);
                    b.push(rival_ns);
                    ratios.push(ours_ns / rival_ns);
                }
            }
        }
        let found = Found { ours: median(a), rival: rival.into(), theirs: median(b), ratio: median(ratios) };
        println!("{name},{:.2},{rival},{:.2},{:.3}", found.ours, found.theirs, found.ratio);
        let row = if cfg!(target_feature = "avx2") { format!("{}{AVX2}", row_of(name)) } else { row_of(name).into() };
        self.found.borrow_mut().entry(row).or_default().push(found);
    }

    /// Measures a law's draws against those of another, each with a generator of its own.
    pub fn draws<A, B>(&self, name: &str, ours: impl Distribution<A>, rival: &str, theirs: impl Distribution<B>) {
        let (mut a, mut b) = (rng(), rng());
        self.case(name, move || ours.sample(&mut a), rival, move || theirs.sample(&mut b));
    }
}

/// The generator of all cases.
pub fn rng() -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(1)
}

/// Nanoseconds per call; gives the function back.
///
/// A loop of its own that owns all it needs: inlined or not as the compiler chooses, or with the generator's state in registers here and in
/// memory there, it would favour one side.
#[inline(never)]
fn time<A, F: FnMut() -> A>(mut f: F, calls: usize) -> (f64, F) {
    let start = Instant::now();
    for _ in 0..calls {
        black_box(&f());
    }
    let ns = start.elapsed().as_secs_f64() * 1e9 / calls as f64;
    (ns, f)
}

fn median(mut x: Vec<f64>) -> f64 {
    x.sort_by(f64::total_cmp);
    x[x.len() / 2]
}

/// The name of a case's row: the table says that it is of draws.
fn row_of(name: &str) -> &str {
    let name = name.strip_prefix("draw ").unwrap_or(name);
    name.strip_prefix("with ").unwrap_or(name)
}

/// The rows of a document's tables, which begin with a case's name, with what was found.
fn written(document: &str, found: &BTreeMap<String, Vec<Found>>) -> String {
    let row = |line: &str| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let name = cells.next()?;
        // a table of ratios has the rival in its third cell
        cells.nth(1)?.strip_prefix('`')?;
        let mut runs: Vec<&Found> = found.get(name)?.iter().collect();
        runs.sort_by(|a, b| a.ratio.total_cmp(&b.ratio));
        let Found { ours, rival, theirs, ratio } = runs[runs.len() / 2];
        Some(format!("| {name} | {ours:.2} | `{rival}` | {theirs:.2} | {ratio:.2} |"))
    };
    document.lines().map(|line| row(line).unwrap_or_else(|| line.into()) + "\n").collect()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|a| a == name);
    let only = arguments.iter().filter(|a| !a.starts_with("--")).cloned().collect();
    let ratios = Ratios { only, list: has("--list"), found: RefCell::default() };
    if !ratios.list {
        println!("case,ours_ns,rival,rival_ns,ratio");
    }
    for _ in 0..if has("--write") { 3 } else { 1 } {
        jets::run(&ratios);
        draws::run(&ratios);
        discrete::run(&ratios);
        programs::run(&ratios);
        multivariate::run(&ratios);
        special_functions::run(&ratios);
        slow::run(&ratios);
        lanes::run(&ratios);
    }
    if has("--write") {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/speed.md");
        let document = std::fs::read_to_string(path).expect("docs/speed.md");
        std::fs::write(path, written(&document, &ratios.found.borrow())).expect("docs/speed.md can be written");
    }
}

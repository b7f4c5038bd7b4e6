//! The crate `special` as an independent oracle, over the range where mpmath finds it good. What it finds beyond is in
//! `docs/accuracy.md`.
//!
//! `ln_gamma`, `gamma`, `erf` and `erfc` are libm's in both crates: for these the table of mpmath is the test, and the
//! oracle shows only that nothing is lost on the way. All others are computed by different formulas.

use crate::common::written::hold_table;
use crate::common::{Worst, records};
use reparam::special as ours;
use special::{Beta, Error, Gamma, LambertW};

type Point = [f64; 3];

/// A function that both crates have.
struct Shared {
    name: &'static str,
    /// What the docs call it.
    title: &'static str,
    ours: fn(Point) -> f64,
    theirs: fn(Point) -> f64,
    /// The range where `special` is an oracle, of arguments and the exact value, and in words.
    is_good: fn(Point, f64) -> bool,
    range: &'static str,
    /// The largest error of `special` there.
    bound: f64,
    /// That of ours, wherever the table goes.
    ours_within: f64,
    /// Errors are relative to the larger of the value and this.
    floor: f64,
    /// A point of the range, from three numbers in (0, 1).
    point: fn(Point) -> Point,
}

impl Shared {
    fn error(&self, got: f64, want: f64) -> f64 {
        if got == want { 0.0 } else { (got - want).abs() / want.abs().max(self.floor) }
    }
}

/// Log-uniform from a number in (0, 1).
fn wide(u: f64, low: f64, high: f64) -> f64 {
    (low.ln() + u * (high / low).ln()).exp()
}

const SHARED: [Shared; 13] = [
    Shared {
        name: "ln_gamma",
        title: "ln Γ(x)",
        ours: |[x, ..]| ours::ln_gamma(x),
        theirs: |[x, ..]| Gamma::ln_gamma(x).0,
        is_good: |_, _| true,
        range: "x in [1e-10, 1e10]",
        bound: 4e-16,
        ours_within: 1e-15,
        floor: 0.0,
        point: |[u, ..]| [wide(u, 1e-10, 1e10), 0.0, 0.0],
    },
    Shared {
        name: "gamma",
        title: "Γ(x)",
        ours: |[x, ..]| ours::gamma(x),
        theirs: |[x, ..]| Gamma::gamma(x),
        is_good: |_, _| true,
        range: "x in [1e-10, 170]",
        bound: 8e-16,
        ours_within: 1e-15,
        floor: 0.0,
        point: |[u, ..]| [wide(u, 1e-10, 170.0), 0.0, 0.0],
    },
    Shared {
        name: "digamma",
        title: "ψ(x), absolute below 1",
        ours: |[x, ..]| ours::digamma(x),
        theirs: |[x, ..]| Gamma::digamma(x),
        is_good: |_, _| true,
        range: "x in [1e-10, 1e10]",
        bound: 1e-15,
        ours_within: 1e-15,
        floor: 1.0,
        point: |[u, ..]| [wide(u, 1e-10, 1e10), 0.0, 0.0],
    },
    Shared {
        name: "trigamma",
        title: "ψ'(x)",
        ours: |[x, ..]| ours::trigamma(x),
        theirs: |[x, ..]| Gamma::trigamma(&x),
        is_good: |_, _| true,
        range: "x in [1e-10, 1e10]",
        bound: 8e-16,
        ours_within: 1.2e-15,
        floor: 0.0,
        point: |[u, ..]| [wide(u, 1e-10, 1e10), 0.0, 0.0],
    },
    Shared {
        name: "erf",
        title: "erf(x)",
        ours: |[x, ..]| ours::erf(x),
        theirs: |[x, ..]| Error::error(x),
        is_good: |_, _| true,
        range: "x in [1e-10, 6]",
        bound: 4e-16,
        ours_within: 1e-15,
        floor: 0.0,
        point: |[u, ..]| [wide(u, 1e-10, 6.0), 0.0, 0.0],
    },
    Shared {
        name: "erfc",
        title: "erfc(x)",
        ours: |[x, ..]| ours::erfc(x),
        theirs: |[x, ..]| Error::compl_error(x),
        is_good: |_, _| true,
        range: "x in [0.01, 26]",
        bound: 8e-16,
        ours_within: 1e-15,
        floor: 0.0,
        point: |[u, ..]| [wide(u, 0.01, 26.0), 0.0, 0.0],
    },
    Shared {
        name: "erf_inv",
        title: "the inverse of erf at p",
        ours: |[p, ..]| ours::erf_inv(p),
        theirs: |[p, ..]| Error::inv_error(p),
        is_good: |_, _| true,
        range: "p in [1e-10, 1 - 1e-15]",
        bound: 2e-15,
        ours_within: 1e-15,
        floor: 0.0,
        point: |[u, v, _]| [if v < 0.5 { wide(u, 1e-10, 0.5) } else { 1.0 - wide(u, 1e-15, 0.5) }, 0.0, 0.0],
    },
    Shared {
        name: "inc_gamma",
        title: "P(a, x)",
        ours: |[a, x, _]| ours::inc_gamma_p(a, x),
        theirs: |[a, x, _]| Gamma::inc_gamma(x, a),
        is_good: |[a, ..], p| a <= 100.0 && p > 1e-200,
        range: "a in [1e-3, 100], P above 1e-200",
        bound: 1e-13,
        ours_within: 1e-13,
        floor: 1e-300,
        point: |[u, v, _]| {
            let a = wide(u, 1e-3, 100.0);
            [a, a * wide(v, 1e-2, 3.0), 0.0]
        },
    },
    Shared {
        name: "inc_beta",
        title: "I(x; a, b)",
        ours: |[a, b, x]| ours::inc_beta(a, b, x),
        theirs: |[a, b, x]| x.inc_beta(a, b, a.ln_beta(b)),
        is_good: |[a, b, _], p| a.max(b) <= 100.0 && p > 1e-200,
        range: "shapes in [0.01, 100], I above 1e-200",
        bound: 2e-13,
        ours_within: 2e-13,
        floor: 1e-300,
        point: |[u, v, w]| [wide(u, 0.01, 100.0), wide(v, 0.01, 100.0), w],
    },
    Shared {
        name: "inc_beta_inv",
        title: "the inverse of I(x; a, b) at p",
        ours: |[a, b, p]| {
            let logit = ours::logit_inc_beta_inv_ln(a, b, p.ln());
            1.0 / (1.0 + (-logit).exp())
        },
        theirs: |[a, b, p]| p.inv_inc_beta(a, b, a.ln_beta(b)),
        is_good: |[a, b, _], x| a.min(b) >= 1.0 && a.max(b) <= 100.0 && x > 0.05,
        range: "shapes in [1, 100], inverse above 0.05",
        bound: 1e-12,
        ours_within: 1e-12,
        floor: 0.0,
        point: |[u, v, w]| [wide(u, 1.0, 100.0), wide(v, 1.0, 100.0), w],
    },
    Shared {
        name: "ln_beta",
        title: "ln B(a, b), absolute below 1",
        ours: |[a, b, _]| ours::ln_beta(a, b),
        theirs: |[a, b, _]| a.ln_beta(b),
        is_good: |[a, b, _], _| a.max(b) <= 1e3,
        range: "a, b in [1e-3, 1e3]",
        bound: 2e-12,
        ours_within: 2e-15,
        floor: 1.0,
        point: |[u, v, _]| [wide(u, 1e-3, 1e3), wide(v, 1e-3, 1e3), 0.0],
    },
    Shared {
        name: "lambert_w0",
        title: "W0(x)",
        ours: |[x, ..]| ours::lambert_w0(x),
        theirs: |[x, ..]| x.lambert_w0(),
        is_good: |_, _| true,
        range: "x in [-1/e + 1e-12, 1e10]",
        bound: 8e-16,
        ours_within: 1e-15,
        floor: 0.0,
        point: |[u, v, _]| [if v < 0.5 { wide(u, 1e-10, 1e10) } else { wide(u, 1e-12, 0.3) - (-1f64).exp() }, 0.0, 0.0],
    },
    Shared {
        name: "lambert_wm1",
        title: "W-1(x)",
        ours: |[x, ..]| ours::lambert_wm1(x),
        theirs: |[x, ..]| x.lambert_wm1(),
        is_good: |_, _| true,
        range: "x in [-1/e + 1e-12, -1e-100]",
        bound: 8e-16,
        ours_within: 1e-15,
        floor: 0.0,
        point: |[u, v, _]| {
            [if v < 0.5 { -wide(u, 1e-100, 0.1) } else { wide(u, 1e-12, 0.3) - (-1f64).exp() }, 0.0, 0.0]
        },
    },
];

/// The bound of `special` over its good range and ours everywhere, by mpmath; written into the docs.
#[test]
fn measured_by_mpmath() {
    let rows = records("special_oracle.csv");
    let (mut table, mut failures) = (Vec::new(), Vec::new());
    for shared in &SHARED {
        let [mut good, mut beyond, mut own] = [(); 3].map(|()| Worst::default());
        for row in rows.iter().filter(|row| row[0] == shared.name) {
            let [x, y, z, want] = [1, 2, 3, 4].map(|i| row[i].parse::<f64>().expect("a number"));
            let (point, at) = ([x, y, z], || format!("{row:?}"));
            let theirs = shared.error((shared.theirs)(point), want);
            if (shared.is_good)(point, want) {
                good.add(theirs, at)
            } else {
                beyond.add(theirs, at)
            }
            // a value below the doubles has none of its digits left
            if want.abs() >= f64::MIN_POSITIVE {
                own.add(shared.error((shared.ours)(point), want), at);
            }
        }
        println!(
            "{}: special {:.1e} and {:.1e} beyond ({}), ours {:.1e} ({})",
            shared.name, good.error, beyond.error, beyond.at, own.error, own.at
        );
        for (what, worst, bound) in [("special", &good, shared.bound), ("ours", &own, shared.ours_within)] {
            if worst.error.is_nan() || worst.error > bound {
                failures.push(format!("{} {what}: {:.1e} > {bound:e} at {}", shared.name, worst.error, worst.at));
            }
        }
        let beyond = if beyond.error == 0.0 { "".to_string() } else { format!("{:.1e}", beyond.error) };
        let cells = [shared.title, shared.range].map(str::to_string);
        table.push(
            cells.into_iter().chain([format!("{:.1e}", good.error), beyond, format!("{:.1e}", own.error)]).collect(),
        );
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let header =
        ["function", "range", "`special` there", "`special` in the rest of the table", "`reparam` in all of it"];
    hold_table("accuracy.md", "special", &header, &table);
}

/// Beside the points of the table: 4000 others of the good range of each function.
#[test]
fn agrees_over_the_good_range() {
    for shared in &SHARED {
        let mut worst = Worst::default();
        for i in 1..=4000 {
            // evenly in three dimensions: the powers of the root of x^4 = x + 1 (Roberts 2018)
            let u = [0.8191725133961645, 0.6710436067037893, 0.5497004779019703].map(|r| (f64::from(i) * r).fract());
            let point = (shared.point)(u);
            let got = (shared.ours)(point);
            if (shared.is_good)(point, got) {
                worst.add(shared.error((shared.theirs)(point), got), || format!("{point:?}: {got:e}"));
            }
        }
        // four times as much: the table has 60 points
        let bound = 4.0 * (shared.bound + shared.ours_within);
        assert!(worst.error <= bound, "{}: {:.1e} > {bound:e} at {}", shared.name, worst.error, worst.at);
    }
}

/// What the docs say of `special` beyond its good range still holds; ours has no such faults.
#[test]
fn faults_of_the_oracle() {
    // values: closed forms and mpmath
    for (name, point, want, theirs) in [
        // three standard deviations above the mean
        ("inc_gamma", [1e8, 1.0003e8, 0.0], 0.998648919898398, 1e-3),
        ("inc_beta", [1e8, 1e8, 0.5], 0.5, 1e-7),
        // sqrt(p/6) for small p
        ("inc_beta_inv", [2.0, 3.0, 1e-40], 4.08248290463863e-21, 1e5),
        ("ln_beta", [1e15, 2.0, 0.0], -69.07755278982137, 1e-2),
    ] {
        let shared = SHARED.iter().find(|shared| shared.name == name).expect("a function of the table");
        let error = shared.error((shared.theirs)(point), want);
        assert!(error > theirs, "{name} {point:?}: {error:e}; docs/accuracy.md says it is larger");
        let error = shared.error((shared.ours)(point), want);
        assert!(error <= 1e-12, "{name} {point:?}: ours {error:e}");
    }
}

//! Gamma, beta, Lambert W and Bessel functions against mpmath: values and derivatives within a table of budgets, edges,
//! and the same bits from every scalar type.

use crate::common::records;
use crate::common::written::hold_table;
use num_dual::{Dual64, HyperDual64};
use proptest::prelude::*;
use reparam::prelude::*;
use reparam::special::*;
use std::collections::BTreeMap;

type Jet1 = Jet<f64, 2>;
type Jet2 = Jet<Jet1, 2>;
type Jet3 = Jet<Jet2, 2>;
type Jet4 = Jet<Jet3, 2>;

/// Every function as one of two scalars; a function of one ignores the second, polygamma reads its order from it.
fn call<S: Scalar>(function: &str, x: S, y: S) -> S {
    match function {
        "ln_gamma" => ln_gamma(x),
        "ln_gamma_1p" => ln_gamma_1p(x),
        "gamma" => gamma(x),
        "digamma" => digamma(x),
        "digamma_difference" => digamma_difference(x, y),
        "trigamma" => trigamma(x),
        "polygamma" => polygamma(y.re() as u32, x),
        "ln_beta" => ln_beta(x, y),
        "lambert_w0" => lambert_w0(x),
        "lambert_wm1" => lambert_wm1(x),
        "ln_bessel_i0" => ln_bessel_i0(x),
        "ln_bessel_i1" => ln_bessel_i1(x),
        "bessel_i_ratio" => bessel_i_ratio(x),
        "bessel_i_ratio_complement" => bessel_i_ratio_complement(x),
        _ => panic!("no function {function}"),
    }
}

/// The largest errors allowed for the value and for the derivatives of order 1, 2 and 4, in units of 1e-16.
///
/// Derivatives that cross zero (Lambert W-1 at its inflection, the cumulants of the Bessel functions) are held to the same
/// relative measure beside the crossing, which is what the larger figures are for.
const BUDGETS: [(&str, [f64; 4]); 14] = [
    ("ln_gamma", [12.0, 8.0, 10.0, 20.0]),
    ("ln_gamma_1p", [12.0, 8.0, 10.0, 20.0]),
    ("gamma", [12.0, 12.0, 16.0, 20.0]),
    ("digamma", [8.0, 10.0, 12.0, 24.0]),
    ("digamma_difference", [8.0, 10.0, 12.0, 40.0]),
    ("trigamma", [12.0, 12.0, 16.0, 24.0]),
    ("polygamma", [60.0, 60.0, 60.0, 60.0]),
    ("ln_beta", [12.0, 8.0, 12.0, 24.0]),
    ("lambert_w0", [4.0, 8.0, 20.0, 40.0]),
    ("lambert_wm1", [4.0, 8.0, 240.0, 2000.0]),
    ("ln_bessel_i0", [8.0, 10.0, 12.0, 600.0]),
    ("ln_bessel_i1", [8.0, 8.0, 240.0, 240.0]),
    ("bessel_i_ratio", [10.0, 10.0, 16.0, 50.0]),
    ("bessel_i_ratio_complement", [16.0, 10.0, 16.0, 50.0]),
];

/// Where the tables are, which the docs say: the whole domain, where there is no other word.
fn range(function: &str) -> &'static str {
    match function {
        "ln_gamma" | "digamma" | "trigamma" => "x in [-1.2e5, 1.7e308] but the poles",
        "ln_gamma_1p" => "x in [-100, 1e300] but the poles",
        "gamma" => "x in [-100, 171.5] but the poles",
        "polygamma" => "x in [-1.2e5, 1e8] but the poles, n up to 80, up to 12 below 0",
        "ln_beta" => "a, b in [1e-300, 1e300]",
        "digamma_difference" => "x in [1e-300, 1e300], x + d above 0",
        "lambert_w0" => "x in [-1/e, 1e308]",
        "lambert_wm1" => "x in [-1/e, -5e-324]",
        "ln_bessel_i1" => "x in [1e-300, 1e308]",
        _ => "x in [-1e308, 1e308]",
    }
}

/// Errors are relative to max(|exact|, floor). The floor is 1 for values that cross zero, where the documentation says so.
fn floor(function: &str, x: f64, order: usize) -> f64 {
    let crossing = match function {
        "ln_beta" | "ln_bessel_i1" => true,
        "ln_gamma" | "ln_gamma_1p" | "digamma" => x < -1.0,
        _ => false,
    };
    if crossing && order == 0 { 1.0 } else { f64::MIN_POSITIVE }
}

/// Scalars of nested jets: variable number `index` at every level, and a derivative along a path of variables.
trait Nested: Scalar {
    fn variable(value: f64, index: usize) -> Self;
    fn derivative(self, path: &[usize]) -> f64;
}
impl Nested for f64 {
    fn variable(value: f64, _index: usize) -> Self {
        value
    }
    fn derivative(self, _path: &[usize]) -> f64 {
        self
    }
}
impl<T: Nested> Nested for Jet<T, 2> {
    fn variable(value: f64, index: usize) -> Self {
        Jet::variable(T::variable(value, index), index)
    }
    fn derivative(self, path: &[usize]) -> f64 {
        self.eps[path[0]].derivative(&path[1..])
    }
}

/// The derivative of order i in x and j in y by jets nested i + j times.
fn derivative(function: &str, x: f64, y: f64, i: usize, j: usize) -> f64 {
    fn at<S: Nested>(function: &str, x: f64, y: f64, path: &[usize]) -> f64 {
        call(function, S::variable(x, 0), S::variable(y, 1)).derivative(path)
    }
    let path: Vec<usize> = [vec![0; i], vec![1; j]].concat();
    match i + j {
        0 => at::<f64>(function, x, y, &path),
        1 => at::<Jet1>(function, x, y, &path),
        2 => at::<Jet2>(function, x, y, &path),
        3 => at::<Jet3>(function, x, y, &path),
        4 => at::<Jet4>(function, x, y, &path),
        _ => panic!("no jet of order {}", i + j),
    }
}

/// The largest error per function and order, with the argument where it occurs.
#[derive(Default)]
struct Worst(BTreeMap<(String, usize), (f64, String)>);

impl Worst {
    fn check(&mut self, function: &str, x: f64, y: f64, i: usize, j: usize, want: f64) {
        let got = derivative(function, x, y, i, j);
        // functions of two arguments stop at the largest double
        let same = got == want || (want.is_infinite() && got.abs() == f64::MAX && got * want > 0.0);
        let error = if same { 0.0 } else { (got - want).abs() / want.abs().max(floor(function, x, i + j)) };
        // NaN is an error without bound
        let error = if error.is_nan() { f64::INFINITY } else { error };
        let worst = self.0.entry((function.into(), i + j)).or_default();
        if error >= worst.0 {
            *worst = (error, format!("x = {x:e}, y = {y:e}, d{i}{j}: got {got:e}, want {want:e}"));
        }
    }

    fn report(self) {
        let mut failed = false;
        let mut rows = Vec::new();
        for (function, budgets) in BUDGETS {
            let mut cells = vec![function.to_string(), range(function).to_string()];
            for (order, budget) in [0, 1, 2, 4].into_iter().zip(budgets) {
                let (error, place) = &self.0[&(function.to_string(), order)];
                cells.push(format!("{error:.1e}"));
                let within = *error <= budget * 1e-16;
                failed |= !within;
                println!(
                    "{function:26} d{order} {error:.1e} of {:.1e}{}",
                    budget * 1e-16,
                    if within { "" } else { " TOO LARGE" }
                );
                if !within {
                    println!("    {place}");
                }
            }
            rows.push(cells);
        }
        assert!(!failed, "budgets exceeded, see above");
        hold_table("accuracy.md", "gamma", &["function", "range", "value", "first", "second", "fourth"], &rows);
    }
}

fn number(row: &[String], column: usize) -> f64 {
    row[column].parse().unwrap_or_else(|e| panic!("{row:?}: {e}"))
}

/// Would catch a wrong coefficient, a lost digit, a wrong derivative: random arguments and edges, against mpmath.
#[test]
fn accuracy() {
    let mut worst = Worst::default();
    for row in records("special_gamma.csv") {
        let x = number(&row, 0);
        worst.check("ln_gamma", x, 0.0, 0, 0, number(&row, 1));
        for i in 0..4 {
            if i != 2 {
                worst.check("ln_gamma", x, 0.0, i + 1, 0, number(&row, i + 2));
            }
            worst.check("polygamma", x, i as f64, 0, 0, number(&row, i + 2));
            if i < 3 {
                worst.check("digamma", x, 0.0, i, 0, number(&row, i + 2));
            }
            if (1..4).contains(&i) {
                worst.check("trigamma", x, 0.0, i - 1, 0, number(&row, i + 2));
            }
        }
    }
    for row in records("special_bessel.csv") {
        let x = number(&row, 0);
        worst.check("ln_bessel_i0", x, 0.0, 0, 0, number(&row, 1));
        worst.check("ln_bessel_i1", x, 0.0, 0, 0, number(&row, 2));
        worst.check("bessel_i_ratio", x, 0.0, 0, 0, number(&row, 3));
        worst.check("ln_bessel_i0", x, 0.0, 1, 0, number(&row, 3));
    }
    for row in records("special_gamma_edges.csv") {
        let order = |column: usize| number(&row, column) as usize;
        worst.check(&row[0], number(&row, 1), number(&row, 2), order(3), order(4), number(&row, 5));
    }
    worst.report();
}

/// Would catch a branch or a formula that depends on the derivatives asked of it.
#[test]
fn same_bits_from_every_scalar() {
    let magnitudes = [1e-300, 1e-8, 0.3, 0.9, 1.0, 1.4616, 1.5, 2.0, 2.7, 5.5, 9.99, 12.0, 31.0, 160.0, 1e5, 1e300];
    let arguments: Vec<f64> =
        magnitudes.into_iter().flat_map(|x| [x, -x, -0.7 * x]).chain([0.0, -0.35, -0.36]).collect();
    for (function, _) in BUDGETS {
        for &x in &arguments {
            for y in [0.2, 3.0, 40.0, 1e7] {
                let want = call(function, x, y);
                let same = |got: f64| got.to_bits() == want.to_bits() || (got.is_nan() && want.is_nan());
                let [a, b] = Jet::variables([x, y]);
                assert!(same(call(function, a, b).re()), "{function}({x}, {y}) as a jet");
                let [a, b] = Jet::second_order([x, y]);
                assert!(same(call(function, a, b).re()), "{function}({x}, {y}) as a jet of jets");
                let (a, b) = (Dual64::from_re(x).derivative(), Dual64::from_re(y));
                assert!(same(call(function, a, b).re()), "{function}({x}, {y}) as a dual");
                let (a, b) = (HyperDual64::from_re(x).derivative1(), HyperDual64::from_re(y).derivative2());
                assert!(same(call(function, a, b).re()), "{function}({x}, {y}) as a hyper-dual");
            }
        }
    }
}

/// Would catch a constant that gets a derivative (inf or NaN) where the function has none.
#[test]
fn constants_stay_constants() {
    for (function, _) in BUDGETS {
        for x in [0.0, -0.0, -1.0, -2.0, 1e-320, 0.5, 1e300, f64::INFINITY, -0.36787944117144233] {
            let y = call(function, Jet2::from(x), Jet2::from(3.0));
            assert!(y.eps.iter().all(|e| e.max_abs() == 0.0), "{function}({x}) = {y:?}");
            assert!(y.re.eps.iter().all(|e| *e == 0.0), "{function}({x}) = {y:?}");
        }
    }
}

/// The limits that the documentation promises.
#[test]
fn edges() {
    let inf = f64::INFINITY;
    for (got, want) in [
        (ln_gamma(0.0), inf),
        (ln_gamma(-3.0), inf),
        (ln_gamma(inf), inf),
        (ln_gamma(-inf), inf),
        (ln_gamma(1.0), 0.0),
        (ln_gamma(2.0), 0.0),
        (ln_gamma_1p(0.0), 0.0),
        (ln_gamma_1p(1.0), 0.0),
        (ln_gamma_1p(-1.0), inf),
        (ln_gamma_1p(-4.0), inf),
        (ln_gamma_1p(inf), inf),
        (ln_gamma_1p(5e-324), -5e-324),
        (gamma(0.0), inf),
        (gamma(-0.0), -inf),
        (gamma(172.0), inf),
        (gamma(-200.5).abs(), 0.0),
        (gamma(inf), inf),
        (digamma(0.0), -inf),
        (digamma(-0.0), inf),
        (digamma(inf), inf),
        (trigamma(0.0), inf),
        (trigamma(-2.0), inf),
        (trigamma(inf), 0.0),
        (polygamma(2, 0.0), -inf),
        (polygamma(2, -0.0), inf),
        (polygamma(40, 0.0), -inf),
        (polygamma(41, 0.0), inf),
        (polygamma(41, inf), 0.0),
        (polygamma(u32::MAX, 1.5), inf),
        (polygamma(300, 1e300), 0.0),
        (polygamma(u32::MAX, 0.5), inf),
        (digamma_difference(2.0, 0.0), 0.0),
        (digamma_difference(2.0, inf), inf),
        (ln_beta(0.0, 3.0), inf),
        (ln_beta(3.0, 0.0), inf),
        (ln_beta(3.0, inf), -inf),
        (ln_beta(inf, inf), -inf),
        (ln_beta(1.0, 1.0), 0.0),
        (lambert_w0(0.0), 0.0),
        (lambert_w0(inf), inf),
        (lambert_w0(-0.36787944117144233), -1.0),
        (lambert_wm1(-0.36787944117144233), -1.0),
        (lambert_wm1(0.0), -inf),
        (lambert_wm1(-0.0), -inf),
        (ln_bessel_i0(0.0), 0.0),
        (ln_bessel_i0(inf), inf),
        (ln_bessel_i0(-inf), inf),
        (ln_bessel_i1(0.0), -inf),
        (ln_bessel_i1(inf), inf),
        (bessel_i_ratio(0.0), 0.0),
        (bessel_i_ratio(inf), 1.0),
        (bessel_i_ratio(-inf), -1.0),
        (bessel_i_ratio_complement(inf), 0.0),
        (bessel_i_ratio_complement(-inf), 2.0),
        (bessel_i_ratio_complement(0.0), 1.0),
    ] {
        assert_eq!(got, want);
    }
    for x in [
        gamma(-3.0),
        gamma(-inf),
        digamma(-1.0),
        digamma(-1e300),
        digamma(-inf),
        trigamma(-inf),
        polygamma(2, -3.0),
        polygamma(300, -0.5),
        ln_beta(-1.0, 2.0),
        ln_beta(2.0, -1.0),
        ln_beta(0.0, inf),
        lambert_w0(-0.3678794411714424),
        lambert_w0(-inf),
        lambert_wm1(-0.4),
        lambert_wm1(1e-300),
        lambert_wm1(inf),
        ln_bessel_i1(-2.0),
        ln_bessel_i1(-1e-300),
    ] {
        assert!(x.is_nan(), "{x}");
    }
    for (function, _) in BUDGETS {
        if function != "polygamma" {
            assert!(call(function, f64::NAN, 2.0).is_nan(), "{function}(NaN)");
            assert!(call(function, f64::NAN, f64::NAN).is_nan(), "{function}(NaN, NaN)");
        }
    }
    assert!(polygamma(3, f64::NAN).is_nan() && polygamma(30, f64::NAN).is_nan());
    // the slope is infinite at the branch point, with the sign of the branch
    for (function, first, second) in [("lambert_w0", inf, -inf), ("lambert_wm1", -inf, inf)] {
        assert_eq!(derivative(function, -0.36787944117144233, 0.0, 1, 0), first);
        assert_eq!(derivative(function, -0.36787944117144233, 0.0, 2, 0), second);
    }
}

/// Whether `x` is an ordinary argument of the function, where neither value nor derivatives may be NaN.
fn inside(function: &str, x: f64, y: f64) -> bool {
    match function {
        "ln_gamma" | "ln_gamma_1p" | "gamma" | "digamma" | "trigamma" => x > 0.0 && x < f64::INFINITY,
        "polygamma" => x > 0.0 && x < f64::INFINITY,
        "ln_beta" | "digamma_difference" => x > 0.0 && y > 0.0 && x + y < f64::INFINITY,
        "lambert_w0" => (-0.36787944117144233..f64::INFINITY).contains(&x),
        "lambert_wm1" => (-0.36787944117144233..0.0).contains(&x),
        "ln_bessel_i1" => x > 0.0 && x < f64::INFINITY,
        _ => x.is_finite(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(20261), ..Default::default() })]

    /// Would catch a panic, an endless loop, and a NaN inside a domain, for any bits of a double and around 1.
    #[test]
    fn total(x in any::<f64>(), y in any::<f64>(), t in -4.0..4.0f64, n in any::<u32>()) {
        for (function, _) in BUDGETS {
            for (x, y) in [(x, y), (x.abs(), y.abs()), (t, y.abs()), (10f64.powf(t), x.abs()), (-x.abs(), t)] {
                let y = if function == "polygamma" { f64::from(n >> (n % 32)) } else { y };
                let jet = call(function, <Jet3 as Nested>::variable(x, 0), <Jet3 as Nested>::variable(y, 1));
                if inside(function, x, y) {
                    prop_assert!(!format!("{jet:?}").contains("NaN"), "{function}({x:e}, {y:e}) = {jet:?}");
                }
            }
        }
    }
}

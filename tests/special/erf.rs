//! The error functions and the normal law's: accuracy of value and derivatives against mpmath, edges, and one set of
//! bits for all scalar types.

use crate::common::records;
use crate::common::written::hold_table;
use num_dual::{Dual64, HyperDual64};
use proptest::prelude::*;
use reparam::scalar::{Jet, Scalar};
use reparam::special::*;

type Jet2 = Jet<Jet<f64, 1>, 1>;
type Jet4 = Jet<Jet<Jet2, 1>, 1>;
type Jet8 = Jet<Jet<Jet<Jet<Jet4, 1>, 1>, 1>, 1>;

/// The variable at x, nested four times.
fn variable(x: f64) -> Jet4 {
    Jet::variable(Jet::variable(Jet::variable(Jet::variable(x, 0), 0), 0), 0)
}

/// Value and derivatives 1 to 4.
fn derivatives(y: Jet4) -> [f64; 5] {
    let first = y.eps[0];
    let second = first.eps[0];
    let third = second.eps[0];
    [y.re(), first.re(), second.re(), third.re, third.eps[0]]
}

/// A function in the scalar types that it is tested with.
struct Function {
    name: &'static str,
    /// The largest errors allowed, of the value and of derivatives 1, 2 and 4, in units of 1e-16.
    budget: [f64; 4],
    /// Whether the value's error is measured by its conditioning too, max(|y|, |x y'|): where an inverse crosses zero.
    conditioned: bool,
    /// The domain, where no result may be NaN.
    domain: [f64; 2],
    plain: fn(f64) -> f64,
    jet: fn(Jet<f64, 2>) -> Jet<f64, 2>,
    jet2: fn(Jet2) -> Jet2,
    jet4: fn(Jet4) -> Jet4,
    dual: fn(Dual64) -> Dual64,
    hyper: fn(HyperDual64) -> HyperDual64,
}

macro_rules! functions {
    ($($name:ident $budget:expr, $conditioned:expr, $domain:expr;)*) => {
        &[$(Function {
            name: stringify!($name),
            budget: $budget,
            conditioned: $conditioned,
            domain: $domain,
            plain: $name,
            jet: $name,
            jet2: $name,
            jet4: $name,
            dual: $name,
            hyper: $name,
        }),*]
    };
}

const LINE: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];
const UNIT: [f64; 2] = [0.0, 1.0];
const LOGS: [f64; 2] = [f64::NEG_INFINITY, 0.0];

/// The table of budgets.
const FUNCTIONS: &[Function] = functions! {
    erf [4.0, 5.0, 10.0, 10.0], false, LINE;
    erfc [5.0, 5.0, 10.0, 10.0], false, LINE;
    erfcx [5.0, 10.0, 20.0, 40.0], false, LINE;
    ln_erfc [5.0, 10.0, 30.0, 300.0], false, LINE;
    erf_inv [8.0, 10.0, 20.0, 40.0], true, [-1.0, 1.0];
    erfc_inv [8.0, 10.0, 20.0, 40.0], true, [0.0, 2.0];
    normal_cdf [6.0, 5.0, 10.0, 10.0], false, LINE;
    normal_sf [6.0, 5.0, 10.0, 10.0], false, LINE;
    normal_ln_cdf [6.0, 10.0, 20.0, 300.0], false, LINE;
    normal_ln_sf [6.0, 10.0, 20.0, 300.0], false, LINE;
    normal_pdf [5.0, 5.0, 10.0, 10.0], false, LINE;
    normal_ln_pdf [4.0, 0.0, 0.0, 0.0], false, LINE;
    normal_quantile [8.0, 10.0, 20.0, 60.0], true, UNIT;
    normal_isf [8.0, 10.0, 20.0, 60.0], true, UNIT;
    normal_quantile_ln [8.0, 10.0, 30.0, 100.0], true, LOGS;
    normal_isf_ln [8.0, 10.0, 30.0, 100.0], true, LOGS;
    normal_hazard [8.0, 10.0, 100.0, 1000.0], false, LINE;
    normal_hazard_excess [8.0, 20.0, 100.0, 1000.0], false, LINE;
};

fn function(name: &str) -> &'static Function {
    FUNCTIONS.iter().find(|f| f.name == name).unwrap_or_else(|| panic!("no function {name}"))
}

/// |got - want| / scale in units of 1e-16, but for `quanta` of the smallest subnormal (which Taylor coefficients round to,
/// and 4! of them make a derivative); 0 if both are the same infinity.
fn error(got: f64, want: f64, scale: f64, quanta: f64) -> f64 {
    if got == want {
        return 0.0;
    }
    let excess = (got - want).abs() - quanta * f64::from_bits(1);
    if excess.is_nan() { f64::INFINITY } else { 1e16 * excess.max(0.0) / scale }
}

/// The worst error of a function per order, and where.
#[derive(Clone, Copy, Default)]
struct Worst {
    error: [f64; 4],
    at: [f64; 4],
}

impl Worst {
    fn note(&mut self, i: usize, error: f64, x: f64) {
        if error > self.error[i] {
            (self.error[i], self.at[i]) = (error, x);
        }
    }
}

/// Prints every function's worst errors and says whether one is over budget.
fn report(worst: &[Worst]) {
    let mut over = Vec::new();
    for (f, w) in FUNCTIONS.iter().zip(worst) {
        let mut line = format!("{:22}", f.name);
        for (i, order) in [0, 1, 2, 4].into_iter().enumerate() {
            line += &format!("  d{order} {:.3} of {} at {:e}", w.error[i], f.budget[i], w.at[i]);
            if w.error[i] > f.budget[i] {
                over.push(format!("{} d{order}: {} at {:e}", f.name, w.error[i], w.at[i]));
            }
        }
        println!("{line}");
    }
    assert!(over.is_empty(), "over budget: {over:#?}");
}

fn numbers(row: &[String], skip: usize) -> Vec<f64> {
    row.iter().skip(skip).map(|field| field.parse().unwrap()).collect()
}

/// Catches a loss of digits in any region and any order: arguments at the edges of the regions, in both tails, at the
/// ends of the range of a double.
#[test]
fn values_and_derivatives_at_the_edges() {
    let mut worst = vec![Worst::default(); FUNCTIONS.len()];
    for row in records("special_erf_edges.csv") {
        let index = FUNCTIONS.iter().position(|f| *f.name == row[0]).unwrap();
        let f = &FUNCTIONS[index];
        let [x, d0, d1, d2, _, d4, scale2, scale4] = numbers(&row, 1)[..] else { panic!("{row:?}") };
        let got = derivatives((f.jet4)(variable(x)));
        let scale = if f.conditioned { d0.abs().max((x * d1).abs()) } else { d0.abs() };
        worst[index].note(0, error(got[0], d0, scale, 1.0), x);
        worst[index].note(1, error(got[1], d1, d1.abs(), 2.0), x);
        worst[index].note(2, error(got[2], d2, scale2, 24.0), x);
        worst[index].note(3, error(got[4], d4, scale4, 48.0), x);
    }
    report(&worst);
    let rows: Vec<Vec<String>> = FUNCTIONS.iter().zip(&worst).map(row).collect();
    let header = ["function", "domain", "value", "first", "second", "fourth"];
    hold_table("accuracy.md", "normal", &header, &rows);
}

/// A row of the docs: what is outside of the domain is NaN.
fn row((f, worst): (&Function, &Worst)) -> Vec<String> {
    let domain = match f.domain {
        LINE => "every double".to_string(),
        [lower, upper] => format!("[{lower}, {upper}]"),
    };
    let errors = worst.error.map(|error| format!("{:.1e}", error * 1e-16));
    [f.name.to_string(), domain].into_iter().chain(errors).collect()
}

/// Catches errors between the edges: random arguments, values only.
#[test]
fn values_at_random() {
    let mut worst = vec![Worst::default(); FUNCTIONS.len()];
    let mut note = |name: &str, x: f64, want: f64, scale: f64| {
        let index = FUNCTIONS.iter().position(|f| f.name == name).unwrap();
        worst[index].note(0, error((FUNCTIONS[index].plain)(x), want, scale, 1.0), x);
    };
    for row in records("special_erf.csv") {
        let [x, erf, ln_erfc, ln_erfcx, ln_cdf] = numbers(&row, 0)[..] else { panic!("{row:?}") };
        note("erf", x, erf, erf.abs());
        note("ln_erfc", x, ln_erfc, ln_erfc.abs());
        if x < 10.0 {
            // the table's 60 digits are those of the cdf, not of its distance from 1
            note("normal_ln_cdf", x, ln_cdf, ln_cdf.abs());
            note("normal_ln_sf", -x, ln_cdf, ln_cdf.abs());
        }
        // the table has the logarithm: what exp makes of its rounding is not erfcx's error
        let rounding = 2.0 * ln_erfcx.abs().max(1.0);
        note("erfcx", x, ln_erfcx.exp(), ln_erfcx.exp() * rounding);
    }
    for row in records("special_ndtri.csv") {
        let [p, z] = numbers(&row, 0)[..] else { panic!("{row:?}") };
        let slope = 1.0 / normal_pdf(z);
        note("normal_quantile", p, z, z.abs().max(p * slope));
        note("normal_isf", p, -z, z.abs().max(p * slope));
    }
    report(&worst);
}

/// The value's bits, all NaN alike.
fn bits(x: f64) -> u64 {
    if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() }
}

fn assert_same_bits(f: &Function, x: f64) {
    let want = bits((f.plain)(x));
    assert_eq!(bits((f.jet)(Jet::variable(x, 1)).re), want, "{} Jet at {x:e}", f.name);
    assert_eq!(bits((f.jet2)(Jet::variable(Jet::variable(x, 0), 0)).re.re), want, "{} nested at {x:e}", f.name);
    assert_eq!(bits((f.dual)(Dual64::from(x).derivative()).re), want, "{} Dual64 at {x:e}", f.name);
    assert_eq!(bits((f.hyper)(HyperDual64::new(x, 1.0, 1.0, 0.0)).re), want, "{} HyperDual64 at {x:e}", f.name);
}

/// What a function does not depend on has no derivative, whatever the slope.
fn assert_constant_stays(f: &Function, x: f64) {
    assert_eq!((f.jet)(Jet::constant(x)).eps, [0.0; 2], "{} at {x:e}", f.name);
}

/// Catches a recurrence that is right for the first few orders only. Eighth derivatives from Cauchy's integral and, for the
/// inverses, from Lagrange's formula (mpmath, 120 digits).
#[test]
fn eighth_derivatives() {
    for (name, x, want) in [
        ("erfcx", -2.0, 61738712.2401133),
        ("erfcx", 0.5, 239.74983467528435),
        ("erfcx", 3.0, 0.20750432218168938),
        ("ln_erfc", -2.0, 19.378411137770886),
        ("ln_erfc", 0.5, -3.531139394578054),
        ("ln_erfc", 3.0, 0.0431177592952981),
        ("normal_ln_cdf", -10.0, 2.604070133063779e-05),
        ("normal_ln_cdf", -0.5, -0.25334899373954556),
        ("normal_ln_cdf", 3.0, 1.2293208461902456),
        ("normal_quantile_ln", -454.25, 9.118469314739394e-18),
        ("normal_quantile_ln", -1.25, 410.75568618299127),
        ("normal_quantile_ln", -0.02, 5.931632746428905e+16),
        ("normal_quantile", 1e-05, -1.0034375008053439e+43),
        ("normal_quantile", 0.625, 5126906.6842119405),
        ("erf_inv", 0.25, 14161.212823894142),
        ("erf_inv", 0.875, 19904928496.047253),
        ("normal_hazard", -3.0, -0.804193838455826),
        ("normal_hazard", 0.25, 0.32334492950577853),
        ("normal_hazard", 20.0, 6.32195885445022e-08),
        ("normal_hazard_excess", 2.0, -0.05059703186391306),
        ("normal_hazard_excess", 200.0, 7.857305585965451e-17),
        ("normal_cdf", -10.0, 6.158718267822685e-16),
        ("normal_cdf", 0.5, 14.090864601668017),
    ] {
        let x = Jet::variable(Jet::variable(Jet::variable(Jet::variable(variable(x), 0), 0), 0), 0);
        let f: fn(Jet8) -> Jet8 = match name {
            "erfcx" => erfcx,
            "ln_erfc" => ln_erfc,
            "normal_ln_cdf" => normal_ln_cdf,
            "normal_quantile_ln" => normal_quantile_ln,
            "normal_quantile" => normal_quantile,
            "erf_inv" => erf_inv,
            "normal_hazard" => normal_hazard,
            "normal_hazard_excess" => normal_hazard_excess,
            _ => normal_cdf,
        };
        let got = derivatives(f(x).eps[0].eps[0].eps[0].eps[0])[4];
        assert!((got / want - 1.0).abs() < 1e-11, "{name} at {}: {got:e}, not {want:e}", x.re());
    }
}

#[test]
fn limits() {
    let inf = f64::INFINITY;
    for (name, x, want) in [
        ("erf", inf, 1.0),
        ("erf", -inf, -1.0),
        ("erfc", inf, 0.0),
        ("erfc", -inf, 2.0),
        ("erfcx", inf, 0.0),
        ("erfcx", -inf, inf),
        ("erfcx", f64::MAX, 0.5641895835477563 / f64::MAX),
        ("ln_erfc", inf, -inf),
        ("ln_erfc", -inf, std::f64::consts::LN_2),
        ("erf_inv", 1.0, inf),
        ("erf_inv", -1.0, -inf),
        ("erf_inv", 0.0, 0.0),
        ("erfc_inv", 0.0, inf),
        ("erfc_inv", 2.0, -inf),
        ("erfc_inv", 1.0, 0.0),
        ("normal_cdf", inf, 1.0),
        ("normal_cdf", -inf, 0.0),
        ("normal_cdf", 0.0, 0.5),
        ("normal_sf", inf, 0.0),
        ("normal_sf", -inf, 1.0),
        ("normal_ln_cdf", inf, 0.0),
        ("normal_ln_cdf", -inf, -inf),
        ("normal_ln_sf", inf, -inf),
        ("normal_ln_sf", -inf, 0.0),
        ("normal_pdf", inf, 0.0),
        ("normal_pdf", -inf, 0.0),
        ("normal_ln_pdf", inf, -inf),
        ("normal_ln_pdf", -inf, -inf),
        ("normal_quantile", 0.0, -inf),
        ("normal_quantile", 1.0, inf),
        ("normal_quantile", 0.5, 0.0),
        ("normal_isf", 0.0, inf),
        ("normal_isf", 1.0, -inf),
        ("normal_quantile_ln", -inf, -inf),
        ("normal_quantile_ln", 0.0, inf),
        ("normal_quantile_ln", -0.0, inf),
        ("normal_isf_ln", -inf, inf),
        ("normal_isf_ln", 0.0, -inf),
        ("normal_hazard", inf, inf),
        ("normal_hazard", -inf, 0.0),
        ("normal_hazard_excess", inf, 0.0),
        ("normal_hazard_excess", -inf, inf),
    ] {
        let f = function(name);
        assert_eq!((f.plain)(x), want, "{name} at {x}");
        assert_same_bits(f, x);
        assert_constant_stays(f, x);
        let d = derivatives((f.jet4)(variable(x)));
        assert!(d.iter().all(|d| !d.is_nan()), "{name} at {x}: {d:?}");
    }
}

#[test]
fn slopes_at_the_limits() {
    let slope = |name: &str, x: f64| derivatives((function(name).jet4)(variable(x)))[1];
    let inf = f64::INFINITY;
    for name in ["normal_quantile", "erf_inv"] {
        assert_eq!(slope(name, 1.0), inf, "{name}");
    }
    assert_eq!(slope("normal_quantile", 0.0), inf);
    assert_eq!(slope("erfc_inv", 0.0), -inf);
    assert_eq!(slope("erfc_inv", 2.0), -inf);
    assert_eq!(slope("normal_quantile_ln", -inf), 0.0);
    assert_eq!(slope("normal_quantile_ln", 0.0), inf);
    assert_eq!(slope("normal_hazard", inf), 1.0);
    assert_eq!(slope("normal_hazard_excess", -inf), -1.0);
    assert_eq!(slope("normal_ln_cdf", -inf), inf);
}

#[test]
fn nan_outside_the_domain() {
    for f in FUNCTIONS {
        let [lower, upper] = f.domain;
        let mut outside = vec![f64::NAN];
        if lower.is_finite() {
            outside.extend([lower.next_down(), lower - 1.0, -1e300, f64::NEG_INFINITY]);
        }
        if upper.is_finite() {
            outside.extend([upper.next_up(), upper + 0.5, 1e300, f64::INFINITY]);
        }
        for x in outside {
            assert!((f.plain)(x).is_nan(), "{} at {x:e}", f.name);
            assert_same_bits(f, x);
        }
    }
}

/// A double from bits: every exponent alike.
fn any_double() -> impl Strategy<Value = f64> {
    any::<u64>().prop_map(f64::from_bits).prop_filter("NaN", |x| !x.is_nan())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(7), ..ProptestConfig::default() })]

    /// No panic anywhere; inside the domain no NaN in value or derivatives, and the same bits in every type.
    #[test]
    fn any_argument(bits in any_double(), moderate in -60.0..60.0f64, unit in 0.0..=1.0f64) {
        for f in FUNCTIONS {
            let [lower, upper] = f.domain;
            for x in [bits, moderate, unit, -unit, 1.0 - unit * 1e-10, unit * 1e-300, bits.abs().min(1.0)] {
                assert_same_bits(f, x);
                let d = derivatives((f.jet4)(variable(x)));
                if (lower..=upper).contains(&x) {
                    prop_assert!(d.iter().all(|d| !d.is_nan()), "{} at {:e}: {:?}", f.name, x, d);
                }
            }
        }
    }
}

//! Every function of `Scalar`: values and derivatives to the fourth order against a table computed with mpmath, edges,
//! real parts bit for bit across all scalar types, and num-dual's derivatives against those of jets.

use crate::common::{Worst, reference_folder};
use nalgebra::{Const, SMatrix};
use num_dual::{Derivative, Dual, Dual2, Dual2Vec, Dual3, DualVec, HyperDual, HyperDualVec, HyperHyperDual};
use proptest::prelude::*;
use reparam::scalar::{Jet, Scalar, ln_sum_exp, softmax};
use std::collections::BTreeMap;

type Fourth<const N: usize> = Jet<Jet<Jet<Jet<f64, N>, N>, N>, N>;

/// The functions of one argument.
const ONE_ARGUMENT: [&str; 38] = [
    "exp",
    "exp_m1",
    "ln",
    "ln_1p",
    "log2",
    "log10",
    "sqrt",
    "cbrt",
    "recip",
    "powi_3",
    "powi_7",
    "powi_-2",
    "powi_-5",
    "powf_0.3",
    "powf_2.5",
    "powf_-1.5",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "acosh",
    "atanh",
    "abs",
    "softplus",
    "sigmoid",
    "logit",
    "ln_1m_exp",
    "ln_exp_m1",
    "exp_m1_ratio",
    "ln_1p_ratio",
    "with_re_2",
    "powi_0",
];

/// The functions of two arguments.
const TWO_ARGUMENTS: [&str; 9] = ["powd", "hypot", "atan2", "over", "min", "max", "ln_sum_exp", "softmax", "chain"];

fn apply<S: Scalar>(function: &str, x: S, y: S) -> S {
    match function {
        "exp" => x.exp(),
        "exp_m1" => x.exp_m1(),
        "ln" => x.ln(),
        "ln_1p" => x.ln_1p(),
        "log2" => x.log2(),
        "log10" => x.log10(),
        "sqrt" => x.sqrt(),
        "cbrt" => x.cbrt(),
        "recip" => x.recip(),
        "powi_0" => x.powi(0),
        "powi_3" => x.powi(3),
        "powi_7" => x.powi(7),
        "powi_-2" => x.powi(-2),
        "powi_-5" => x.powi(-5),
        "powf_0.3" => x.powf(0.3),
        "powf_2.5" => x.powf(2.5),
        "powf_-1.5" => x.powf(-1.5),
        "sin" => x.sin(),
        "cos" => x.cos(),
        "tan" => x.tan(),
        "asin" => x.asin(),
        "acos" => x.acos(),
        "atan" => x.atan(),
        "sinh" => x.sinh(),
        "cosh" => x.cosh(),
        "tanh" => x.tanh(),
        "asinh" => x.asinh(),
        "acosh" => x.acosh(),
        "atanh" => x.atanh(),
        "abs" => x.abs(),
        "softplus" => x.softplus(),
        "sigmoid" => x.sigmoid(),
        "logit" => x.logit(),
        "ln_1m_exp" => x.ln_1m_exp(),
        "ln_exp_m1" => x.ln_exp_m1(),
        "exp_m1_ratio" => x.exp_m1_ratio(),
        "ln_1p_ratio" => x.ln_1p_ratio(),
        "with_re_2" => x.with_re(2.0),
        "powd" => x.powd(y),
        "hypot" => x.hypot(y),
        "atan2" => x.atan2(y),
        "over" => x.over(y),
        "min" => x.min(y),
        "max" => x.max(y),
        "ln_sum_exp" => ln_sum_exp(&[x, y]),
        "softmax" => {
            let mut p = [x, y];
            softmax(&mut p);
            p[0]
        }
        "chain" => x.chain(y),
        _ => panic!("no function {function}"),
    }
}

fn variables<const N: usize>(x: [f64; N]) -> [Fourth<N>; N] {
    Jet::variables(Jet::variables(Jet::variables(Jet::variables(x))))
}

/// The component of a jet of fourth order that differentiates in the variables of `path`.
fn component<const N: usize>(jet: &Fourth<N>, path: &[usize]) -> f64 {
    let pick = |k: usize| path.get(k).copied();
    macro_rules! down {
        ($jet:expr, $k:expr) => {
            match pick($k) {
                Some(i) => $jet.eps[i],
                None => $jet.re,
            }
        };
    }
    let third = down!(jet, 0);
    let second = down!(third, 1);
    let first = down!(second, 2);
    down!(first, 3)
}

/// |got - want| / |want|; 0 where both have left the range of normal doubles on the same side.
fn error(got: f64, want: f64) -> f64 {
    if want.is_infinite() || want.abs() > 1.7e308 {
        return if got.abs() > 1.6e308 && got.signum() == want.signum() { 0.0 } else { f64::INFINITY };
    }
    if want.abs() < 2.3e-308 {
        return if (got - want).abs() <= 2.3e-308 { 0.0 } else { f64::INFINITY };
    }
    (got - want).abs() / want.abs()
}

/// Largest relative errors allowed, in units of 1e-16: of the value and of derivatives 1 to 4.
fn budget(function: &str) -> [f64; 5] {
    match function {
        // sums of up to 40 positive terms
        "exp_m1_ratio" | "ln_1p_ratio" => [3.0, 15.0, 15.0, 15.0, 20.0],
        // the multivariate chain rule adds what cancels in part
        "hypot" | "atan2" | "powd" => [1.0, 4.0, 12.0, 40.0, 200.0],
        "tanh" | "sigmoid" | "ln_sum_exp" => [2.5, 4.0, 5.0, 6.0, 30.0],
        _ => [3.0, 4.0, 5.0, 6.0, 10.0],
    }
}

#[test]
fn values_and_derivatives_match_the_table() {
    let path = reference_folder().join("scalar.csv");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut worst: BTreeMap<&str, [Worst; 5]> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let &[function, x, y, wanted] = fields.as_slice() else { panic!("{line}") };
        let number = |s: &str| s.parse::<f64>().unwrap_or_else(|e| panic!("{s:?}: {e}"));
        let wanted = wanted.split(' ').map(number);
        let entry = worst.entry(function).or_default();
        if y.is_empty() {
            let [x] = variables([number(x)]);
            let jet = apply(function, x, x);
            for (k, want) in wanted.enumerate() {
                let got = component(&jet, &[0; 4][..k]);
                entry[k].add(error(got, want), || format!("{function} at {:e}: {got:e}, not {want:e}", x.re()));
            }
        } else {
            let [x, y] = variables([number(x), number(y)]);
            let jet = apply(function, x, y);
            let paths = (0..5).flat_map(|k| (0..=k).map(move |j| [vec![0; k - j], vec![1; j]].concat()));
            for (path, want) in paths.zip(wanted) {
                let got = component(&jet, &path);
                entry[path.len()].add(error(got, want), || {
                    format!("{function} at {:e}, {:e}, {path:?}: {got:e}, not {want:e}", x.re(), y.re())
                });
            }
        }
    }
    let mut failures = vec![];
    for (function, worst) in &worst {
        let units: Vec<String> = worst.iter().map(|w| format!("{:9.1}", w.error * 1e16)).collect();
        println!("{function:14}{}", units.join(" "));
        for (worst, budget) in worst.iter().zip(budget(function)) {
            if worst.error > budget * 1e-16 {
                failures.push(format!("{:.1e} > {budget}e-16: {}", worst.error, worst.at));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// What does not move has no derivative, even where the slope is infinite.
#[test]
fn constants_stay_constant() {
    let ends = [0.0, -0.0, 1.0, -1.0, 5e-324, f64::INFINITY, f64::NEG_INFINITY];
    for function in ONE_ARGUMENT.iter().chain(&TWO_ARGUMENTS) {
        if *function == "chain" {
            continue;
        }
        for (x, y) in ends.iter().flat_map(|&x| ends.map(|y| (x, y))) {
            let [cx, cy] = [x, y].map(Fourth::<2>::from);
            let z = apply(function, cx, cy);
            if z.re().is_nan() {
                continue;
            }
            let moving = z.with_re(0.0).max_abs();
            assert!(moving == 0.0, "{function}({x:e}, {y:e}) = {z:?}");
            // `max_abs` passes over NaN
            assert!(!format!("{:?}", z.with_re(0.0)).contains("NaN"), "{function}({x:e}, {y:e}) = {z:?}");
            let z = apply(function, Dual3::<f64>::from(x), Dual3::from(y));
            assert_eq!([z.v1, z.v2, z.v3], [0.0; 3], "{function}({x:e}, {y:e})");
            let z = apply(function, HyperDual::<f64>::from(x), HyperDual::from(y));
            assert_eq!([z.eps1, z.eps2, z.eps1eps2], [0.0; 3], "{function}({x:e}, {y:e})");
        }
    }
}

/// A derivative is NaN only where the value is: no 0 * inf, no inf - inf.
#[test]
fn no_new_nan_at_the_edges() {
    let edges = [
        0.0,
        -0.0,
        5e-324,
        -5e-324,
        1e-310,
        -1e-310,
        1e-160,
        1.0,
        -1.0,
        1.0 - f64::EPSILON,
        1.0 + f64::EPSILON,
        37.0,
        -37.0,
        709.7,
        710.0,
        -745.0,
        746.0,
        -746.0,
        1e155,
        -1e155,
        1e308,
        -1e308,
        f64::MAX,
        f64::MIN,
        f64::INFINITY,
        f64::NEG_INFINITY,
    ];
    let mut failures = vec![];
    for function in ONE_ARGUMENT {
        for x in edges {
            let z = apply(function, Jet::variable(x, 0), Jet::<f64, 1>::from(0.0));
            if !z.re.is_nan() && z.eps[0].is_nan() {
                failures.push(format!("{function}({x:e}) = {z}"));
            }
            let [t] = Jet::second_order([x]);
            let (value, gradient, hessian) = apply(function, t, t).hessian();
            if !value.is_nan() && gradient[0].is_finite() && hessian[0][0].is_nan() {
                failures.push(format!("{function}({x:e}): second derivative NaN"));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// Values at the edges, as C99 annex F has them.
#[test]
fn edge_values() {
    let inf = f64::INFINITY;
    let one: &[(&str, f64, f64)] = &[
        ("exp", -inf, 0.0),
        ("exp", 710.0, inf),
        ("exp_m1", -inf, -1.0),
        ("exp_m1", -0.0, -0.0),
        ("ln", 0.0, -inf),
        ("ln", -0.0, -inf),
        ("ln", inf, inf),
        ("ln", -1.0, f64::NAN),
        ("ln_1p", -1.0, -inf),
        ("ln_1p", -0.0, -0.0),
        ("sqrt", -0.0, -0.0),
        ("sqrt", -1.0, f64::NAN),
        ("sqrt", inf, inf),
        ("cbrt", -0.0, -0.0),
        ("cbrt", -inf, -inf),
        ("cbrt", -8.0, -2.0),
        ("recip", 0.0, inf),
        ("recip", -0.0, -inf),
        ("recip", inf, 0.0),
        ("sin", inf, f64::NAN),
        ("sin", -0.0, -0.0),
        ("atan", inf, core::f64::consts::FRAC_PI_2),
        ("asin", 1.5, f64::NAN),
        ("tanh", inf, 1.0),
        ("acosh", 0.5, f64::NAN),
        ("atanh", 1.0, inf),
        ("atanh", -1.0, -inf),
        ("abs", -0.0, 0.0),
        ("abs", -inf, inf),
        ("softplus", -inf, 0.0),
        ("softplus", inf, inf),
        ("softplus", 800.0, 800.0),
        ("sigmoid", -inf, 0.0),
        ("sigmoid", inf, 1.0),
        ("logit", 0.0, -inf),
        ("logit", 1.0, inf),
        ("logit", 1.5, f64::NAN),
        ("ln_1m_exp", 0.0, -inf),
        ("ln_1m_exp", -inf, -0.0),
        ("ln_1m_exp", 0.5, f64::NAN),
        ("ln_exp_m1", 0.0, -inf),
        ("ln_exp_m1", inf, inf),
        ("ln_exp_m1", -0.5, f64::NAN),
        ("exp_m1_ratio", 0.0, 1.0),
        ("exp_m1_ratio", -inf, 0.0),
        ("exp_m1_ratio", inf, inf),
        ("ln_1p_ratio", 0.0, 1.0),
        ("ln_1p_ratio", -1.0, inf),
        ("ln_1p_ratio", inf, 0.0),
        ("ln_1p_ratio", -1.5, f64::NAN),
        ("powi_0", f64::NAN, 1.0),
        ("powf_0.3", 0.0, 0.0),
        ("powf_-1.5", 0.0, inf),
    ];
    let two: &[(&str, f64, f64, f64)] = &[
        ("powd", 0.0, 2.0, 0.0),
        ("powd", 2.0, inf, inf),
        ("hypot", inf, f64::NAN, inf),
        ("hypot", 1e308, 0.0, 1e308),
        ("hypot", 0.0, 0.0, 0.0),
        ("hypot", 3e-320, 4e-320, 5e-320),
        ("min", 1.0, f64::NAN, 1.0),
        ("min", f64::NAN, 1.0, 1.0),
        ("max", f64::NAN, 1.0, 1.0),
        ("max", 1.0, f64::NAN, 1.0),
        ("atan2", 0.0, -1.0, core::f64::consts::PI),
        ("atan2", -0.0, -1.0, -core::f64::consts::PI),
        ("over", 1.0, 0.0, inf),
        ("over", 0.0, 0.0, f64::NAN),
        ("ln_sum_exp", -inf, -inf, -inf),
        ("ln_sum_exp", -inf, 3.0, 3.0),
        ("ln_sum_exp", inf, 3.0, inf),
        ("softmax", -inf, 3.0, 0.0),
        ("softmax", -inf, -inf, f64::NAN),
        ("chain", 0.0, inf, 0.0),
        ("chain", 2.0, inf, inf),
    ];
    let same = |a: f64, b: f64| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
    for &(function, x, want) in one {
        let got = apply(function, x, 0.0);
        assert!(same(got, want), "{function}({x:e}) = {got:e}, not {want:e}");
        assert!(same(apply(function, Jet::variable(x, 0), Jet::<f64, 2>::from(0.0)).re, want), "{function}({x:e})");
    }
    for &(function, x, y, want) in two {
        let got = apply(function, x, y);
        assert!(same(got, want), "{function}({x:e}, {y:e}) = {got:e}, not {want:e}");
        let [jx, jy] = Jet::variables([x, y]);
        assert!(same(apply(function, jx, jy).re, want), "{function}({x:e}, {y:e})");
    }
}

fn vector<const N: usize>(scale: f64) -> Derivative<f64, Const<N>, Const<1>> {
    Derivative(Some(SMatrix::from_fn(|i, _| scale * (1.0 + i as f64))))
}

fn real_part<S: Scalar>(function: &str, x: f64, y: f64, seed: impl Fn(f64) -> S + Copy) -> Result<(), TestCaseError> {
    let want = apply(function, x, y);
    let got = apply(function, seed(x), seed(y)).re();
    prop_assert!(
        got.to_bits() == want.to_bits() || (got.is_nan() && want.is_nan()),
        "{function}({x:e}, {y:e}) over {}: {got:e}, not {want:e}",
        std::any::type_name::<S>()
    );
    Ok(())
}

fn any_double() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<u64>().prop_map(f64::from_bits),
        -40.0..40.0,
        -1.0..1.0,
        Just(0.0),
        Just(-0.0),
        Just(f64::INFINITY)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn real_parts_do_not_depend_on_the_type(x in any_double(), y in any_double(), e in -2.0..2.0) {
        for function in ONE_ARGUMENT.iter().chain(&TWO_ARGUMENTS) {
            if *function == "chain" {
                continue;
            }
            real_part(function, x, y, |x| Jet { re: x, eps: [e, 1.0] })?;
            real_part(function, x, y, Jet::<f64, 2>::from)?;
            real_part(function, x, y, |x| Jet { re: Jet { re: x, eps: [e] }, eps: [Jet { re: 0.5, eps: [e] }] })?;
            real_part(function, x, y, |x| Dual::new(x, e))?;
            real_part(function, x, y, |x| Dual2::new(x, e, 1.0))?;
            real_part(function, x, y, |x| Dual3::new(x, e, 1.0, 0.5))?;
            real_part(function, x, y, |x| HyperDual::new(x, e, 1.0, 0.5))?;
            real_part(function, x, y, |x| HyperHyperDual::new(x, e, 1.0, 0.5, 0.2, 0.3, 0.4, 0.6))?;
            real_part(function, x, y, |x| DualVec::<f64, Const<3>>::new(x, vector(e)))?;
            real_part(function, x, y, |x| Dual2Vec::<f64, Const<3>>::new(
                x,
                Derivative(Some(SMatrix::from_fn(|_, j| e + j as f64))),
                Derivative(Some(SMatrix::from_fn(|i, j| e + (i * j) as f64))),
            ))?;
            real_part(function, x, y, |x| HyperDualVec::<f64, Const<2>, Const<2>>::new(
                x,
                vector(e),
                Derivative(Some(SMatrix::from_fn(|_, j| e + j as f64))),
                Derivative::none(),
            ))?;
            real_part(function, x, y, |x| Dual::new(Dual::new(x, e), Dual::new(1.0, e)))?;
            real_part(function, x, y, |x| Jet { re: Dual::new(x, e), eps: [Dual::new(1.0, e), Dual::new(0.0, 0.0)] })?;
        }
    }
}

fn agree(function: &str, got: f64, want: f64) {
    // products may be summed in another order
    let close = got == want || (got - want).abs() <= 1e-12 * want.abs() || (got.is_nan() && want.is_nan());
    assert!(close, "{function}: {got:e}, not {want:e}");
}

#[test]
fn the_numbers_of_num_dual_agree_with_jets() {
    let (x, y) = (0.37, 0.58);
    for function in ONE_ARGUMENT.iter().chain(&TWO_ARGUMENTS) {
        let domain = match *function {
            "acosh" => 1.0,
            "ln_1m_exp" => -1.0,
            _ => 0.0,
        };
        let x = x + domain;
        let [a, b] = variables([x, y]);
        let jet = apply(function, a, b);
        let at = |path: &[usize]| component(&jet, path);

        let z = apply(function, Dual::new(x, 1.0), Dual::from(y));
        agree(function, z.eps, at(&[0]));
        let z = apply(function, Dual2::new(x, 1.0, 0.0), Dual2::from(y));
        agree(function, z.v1, at(&[0]));
        agree(function, z.v2, at(&[0, 0]));
        let z = apply(function, Dual3::new(x, 1.0, 0.0, 0.0), Dual3::from(y));
        agree(function, z.v2, at(&[0, 0]));
        agree(function, z.v3, at(&[0, 0, 0]));
        let z = apply(function, HyperDual::new(x, 1.0, 0.0, 0.0), HyperDual::new(y, 0.0, 1.0, 0.0));
        agree(function, z.eps1, at(&[0]));
        agree(function, z.eps2, at(&[1]));
        agree(function, z.eps1eps2, at(&[0, 1]));
        let mut u = HyperHyperDual::from(x);
        (u.eps1, u.eps2) = (1.0, 1.0);
        let mut v = HyperHyperDual::from(y);
        v.eps3 = 1.0;
        let z = apply(function, u, v);
        agree(function, z.eps1eps2, at(&[0, 0]));
        agree(function, z.eps2eps3, at(&[0, 1]));
        agree(function, z.eps1eps2eps3, at(&[0, 0, 1]));
        let unit = |i: usize| Derivative(Some(SMatrix::<f64, 3, 1>::from_fn(|k, _| f64::from(k == i))));
        let z = apply(function, DualVec::new(x, unit(0)), DualVec::new(y, unit(2)));
        let eps = z.eps.unwrap_generic(Const::<3>, Const::<1>);
        agree(function, eps[0], at(&[0]));
        agree(function, eps[1], 0.0);
        agree(function, eps[2], at(&[1]));
        let row = |i: usize| Derivative(Some(SMatrix::<f64, 1, 3>::from_fn(|_, k| f64::from(k == i))));
        let z = apply(
            function,
            Dual2Vec::<f64, Const<3>>::new(x, row(0), Derivative::none()),
            Dual2Vec::new(y, row(2), Derivative::none()),
        );
        let v2 = z.v2.unwrap_generic(Const::<3>, Const::<3>);
        agree(function, v2[(0, 0)], at(&[0, 0]));
        agree(function, v2[(0, 2)], at(&[0, 1]));
        agree(function, v2[(2, 2)], at(&[1, 1]));
        let z = apply(function, Dual::new(Dual::new(x, 1.0), Dual::new(1.0, 0.0)), Dual::from(y));
        agree(function, z.eps.eps, at(&[0, 0]));
        let z = apply(
            function,
            Jet { re: Dual::new(x, 1.0), eps: [Dual::from(1.0), Dual::from(0.0)] },
            Jet { re: Dual::from(y), eps: [Dual::from(0.0), Dual::from(1.0)] },
        );
        agree(function, z.eps[0].eps, at(&[0, 0]));
        agree(function, z.eps[1].eps, at(&[0, 1]));
    }
}

/// x/y with y far from 1: derivatives of 1/y by themselves leave the range of doubles, those of the quotient do not.
#[test]
fn quotients_far_from_one() {
    use num_dual::Dual3_64;
    for y in [1e-300, 1e-120, 1e-20, 1.0, 1e20, 1e120, 1e300] {
        // x = 2 y + y t, so that x / (y (1 + t)) = (2 + t) / (1 + t) = 1 + 1/(1 + t): derivatives -1, 2, -6 at t = 0
        let [t] = Jet::variables(Jet::second_order([0.0]));
        let q = ((t + 2.0) * y).over((t + 1.0) * y);
        let jets = [q.re.re.re, q.re.re.eps[0], q.re.eps[0].eps[0], q.eps[0].eps[0].eps[0]];
        let t = Dual3_64::new(0.0, 1.0, 0.0, 0.0);
        let q = ((t + 2.0) * y).over((t + 1.0) * y);
        for found in [jets, [q.re, q.v1, q.v2, q.v3]] {
            for (got, want) in found.into_iter().zip([2.0, -1.0, 2.0, -6.0]) {
                assert!((got - want).abs() < 1e-14, "at {y:e}: {found:?}");
            }
        }
    }
}

/// The operators over references and with plain numbers are those over values.
#[test]
fn operators_over_references() {
    let [x, y] = Jet::variables([3.0, 0.5]);
    let c = 2.0;
    macro_rules! all_ways {
        ($($op:tt)*) => {$(
            for (a, b) in [(x, y), (y, x)] {
                let want = a $op b;
                assert_eq!([&a $op &b, &a $op b, a $op &b], [want; 3]);
                let want = a $op c;
                assert_eq!([&a $op &c, &a $op c, a $op &c], [want; 3]);
                assert_eq!(want, a $op Jet::from(c));
                let want = c $op a;
                assert_eq!([&c $op &a, &c $op a, c $op &a], [want; 3]);
                assert_eq!(want, Jet::from(c) $op a);
            }
        )*};
    }
    all_ways!(+ - * /);
    assert_eq!(-&x, -x);
    let mut z = x;
    z += &y;
    z -= &c;
    z *= &y;
    z /= &c;
    assert_eq!(z, (x + y - c) * y / c);
}

#[test]
fn sums_and_products_over_references() {
    let v = Jet::variables([3.0, 0.5, 2.0]);
    let sum = Jet { re: 5.5, eps: [1.0; 3] };
    assert_eq!([v.iter().sum::<Jet<f64, 3>>(), v.into_iter().sum()], [sum; 2]);
    let product = Jet { re: 3.0, eps: [1.0, 6.0, 1.5] };
    assert_eq!([v.iter().product::<Jet<f64, 3>>(), v.into_iter().product()], [product; 2]);
    assert_eq!(v[..0].iter().sum::<Jet<f64, 3>>(), Jet::default());
    assert_eq!(v[..0].iter().product::<Jet<f64, 3>>(), Jet::from(1));
}

#[test]
fn conversions_and_formats() {
    type J = Jet<f64, 1>;
    assert_eq!([J::from(1.5), J::from(1.5f32)], [Jet { re: 1.5, eps: [0.0] }; 2]);
    assert_eq!(J::from(-7), Jet { re: -7.0, eps: [0.0] });
    assert_eq!(Jet::<J, 1>::from(-7).re, J::from(-7));
    let x = Jet { re: 1500.0, eps: [0.0, -0.25] };
    assert_eq!(format!("{x} {x:e} {x:.1E}"), "1500 + [0, -0.25]ε 1.5e3 + [0e0, -2.5e-1]ε 1.5E3 + [0.0E0, -2.5E-1]ε");
}

#[test]
fn detached_numbers_and_complements() {
    let [x] = Jet::second_order([3.0]);
    assert_eq!(x.detach(), Jet::from(3.0));
    assert_eq!((x * x.detach()).hessian(), (9.0, [3.0], [[0.0]]));
    assert_eq!(0.25.detach(), 0.25);
    assert_eq!(Dual2::new(3.0, 1.0, 5.0).detach(), Dual2::from(3.0));
    assert_eq!(x.complement().hessian(), (-2.0, [-1.0], [[0.0]]));
    for p in [0.0, -0.0, 1.0, 0.1, 5e-324, -1e300, f64::INFINITY] {
        assert_eq!(p.complement().to_bits(), (1.0 - p).to_bits());
    }
}

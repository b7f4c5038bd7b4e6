//! The draws of every family at fixed seeds, as numbers, for each source of elementary functions.
//!
//! A change here is a change of values that the changelog must mark as breaking. The numbers of `libm` hold on every
//! platform; those of `std` are its elementary functions on 64-bit Linux with glibc, and elsewhere close to them.
//! `REPARAM_WRITE_VALUES=1 cargo test --test value_stability` writes the files anew.

#[macro_use]
#[path = "../common/mod.rs"]
mod common;

use common::{discrete_parameters, parameters};
use nalgebra::{Const, Matrix2, OVector, Vector2, Vector3};
use num_dual::{Dual3_64, Dual64, DualSVec64, HyperDual64};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::distr::bijection::Ordered;
use reparam::distr::{DiscreteFamily, Family};
use reparam::for_each_family;
use reparam::prelude::*;
use std::fmt::Write;

const DRAWS: usize = 4;

const EXACT: bool =
    cfg!(feature = "libm") || cfg!(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"));

/// The values of an expression with `variable` as the functions that make numbers with derivatives, one type of them after the other.
macro_rules! in_other_scalars {
    (|$variable:ident| $of:expr) => {
        in_other_scalars!(@each $variable, $of,
            "Jet<f64, 3>" => |x| Jet::<f64, 3>::variable(x, 1),
            "Jet<Jet<f64, 2>, 2>" => |x| Jet::<_, 2>::variable(Jet::<f64, 2>::variable(x, 0), 1),
            "Dual64" => |x| Dual64::new(x, 1.0),
            "Dual3_64" => |x| Dual3_64::new(x, 1.0, 0.0, 0.0),
            "HyperDual64" => |x| HyperDual64::new(x, 1.0, 1.0, 0.0),
            "DualSVec64<2>" => DualSVec64::<2>::from)
    };
    (@each $variable:ident, $of:expr, $($scalar:literal => $make:expr),*) => {
        [$(($scalar, {
            let $variable = $make;
            $of
        })),*]
    };
}

fn lines<F: Family>(text: &mut String) {
    for parameters in parameters::chosen(F::NAME) {
        let plain = reparam::verify::family::<F>(parameters).draws_in_every_scalar(42, DRAWS);
        let plain = plain.unwrap_or_else(|e| panic!("{} {parameters:?}: {e}", F::NAME));
        let numbers: Vec<String> = plain.iter().map(|x| format!("{x:e}")).collect();
        let parameters: Vec<String> = parameters.iter().map(|x| format!("{x:e}")).collect();
        writeln!(text, "{},{},{}", F::NAME, parameters.join(" "), numbers.join(",")).expect("a string");
    }
}

#[test]
fn draws_keep_their_values() {
    let mut got = String::from("family,parameters,draws of seed 42\n");
    macro_rules! one {
        ($family:ident) => {
            lines::<$family<f64>>(&mut got);
        };
    }
    for_each_family!(one);
    // laws with masses
    one!(Delta);
    one!(Tweedie);
    compare(if cfg!(feature = "libm") { "libm" } else { "std" }, &got);
}

/// Draws of each law of vectors and matrices and of mixtures, one line each, with parameters made by `v`.
fn vector_lines<S: Scalar>(v: impl Fn(f64) -> S + Copy) -> String {
    let mut text = String::from("law,draws of seed 42\n");
    let mut line = |name: &str, draw: &mut dyn FnMut(&mut Xoshiro256PlusPlus) -> Vec<S>| {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(42);
        let mut numbers = |_| draw(&mut rng).iter().map(|x| format!("{:e}", x.re())).collect::<Vec<_>>().join(" ");
        let draws: Vec<String> = (0..DRAWS).map(&mut numbers).collect();
        writeln!(text, "{name},{}", draws.join(",")).expect("a string");
    };
    macro_rules! law {
        ($name:literal, $law:expr) => {
            let law = $law.expect("parameters are valid");
            line($name, &mut |rng| law.sample(rng).as_slice().to_vec());
        };
    }
    let factor = Matrix2::new(1.5, 0.0, 0.6, 0.8).map(v);
    let mean = Vector2::new(1.0, -2.0).map(v);
    let direction = Vector3::new(1.0, 2.0, -2.0).map(v);
    let normal = MultivariateNormal::from_cholesky(mean, factor);
    let entries = Vector2::new(0.5, 3.0).map(|shape| Gamma::new(v(shape), v(2.0)).expect("valid"));

    law!("multivariate normal", normal.clone());
    law!(
        "multivariate normal of a covariance",
        MultivariateNormal::from_covariance(mean, Matrix2::new(2.0, 0.3, 0.3, 0.5).map(v))
    );
    law!("low-rank normal", LowRankNormal::new(mean, Vector2::new(0.5, -1.0).map(v), Vector2::new(1.0, 0.25).map(v)));
    law!("multivariate student t", MultivariateStudentT::from_cholesky(mean, factor, v(3.5)));
    law!("logistic normal", normal.clone().map(LogisticNormal::new));
    law!("projected normal", ProjectedNormal::new(normal.expect("valid")));
    for (name, alpha) in [("large", [2.0, 3.5, 40.0]), ("small", [0.3, 1e-3, 0.7])] {
        let alpha = Vector3::from(alpha).map(v);
        let (law, ln) = (Dirichlet::new(alpha).expect("valid"), LogDirichlet::new(alpha).expect("valid"));
        line(&format!("dirichlet {name}"), &mut |rng| law.sample(rng).as_slice().to_vec());
        line(&format!("log dirichlet {name}"), &mut |rng| ln.sample(rng).as_slice().to_vec());
    }
    law!("wishart", Wishart::from_cholesky(v(3.5), factor));
    law!("inverse wishart", InverseWishart::from_cholesky(v(3.5), factor));
    law!("lkj", LkjCholesky::new(Const::<3>, v(1.4)));
    let rows = Matrix2::new(1.0, 0.0, -0.4, 1.2).map(v);
    law!("matrix normal", MatrixNormal::from_cholesky(Matrix2::new(1.0, 2.0, 3.0, 4.0).map(v), rows, factor));
    law!("uniform sphere", UniformSphere::<S, _>::new(Const::<3>));
    law!("von Mises-Fisher 0.3", VonMisesFisher::new(direction, v(0.3)));
    law!("von Mises-Fisher 30", VonMisesFisher::new(direction, v(30.0)));
    law!("von Mises-Fisher in the plane", VonMisesFisher::new(mean, v(2.0)));
    law!("power spherical", PowerSpherical::new(direction, v(5.0)));
    let independent = Independent::new(entries);
    line("independent", &mut |rng| Distribution::<OVector<S, Const<2>>>::sample(&independent, rng).as_slice().to_vec());
    law!("affine", Affine::new(independent.clone(), Matrix2::new(1.0, 1.0, -1.0, 1.0).map(v), mean));
    let ordered = MultivariateTransformed::new(independent, Ordered);
    line("ordered", &mut |rng| ordered.sample(rng).as_slice().to_vec());

    let (low, high) = (Normal::new(v(-1.0), v(0.5)).expect("valid"), Normal::new(v(1.5), v(1.0)).expect("valid"));
    let gamma = Gamma::new(v(2.5), v(1.0)).expect("valid");
    let weights = [v(0.3), v(0.7)];
    let alike = Mixture::new(weights, [low, high]).expect("valid");
    line("mixture of normal laws", &mut |rng| vec![alike.sample(rng)]);
    let logits = Mixture::from_logits(weights, (low, gamma)).expect("valid");
    line("mixture by logits", &mut |rng| vec![logits.sample(rng)]);
    let products = FactorizedMixture::new(weights, [(low, gamma), (high, gamma)]).expect("valid");
    line("factorized mixture", &mut |rng| products.sample(rng).to_vec());
    text
}

#[test]
fn vectors_and_mixtures_keep_their_values() {
    let got = vector_lines(|x| x);
    for (scalar, other) in in_other_scalars!(|variable| vector_lines(variable)) {
        // the shortest text of a double names its bits
        for (got, other) in got.lines().zip(other.lines()) {
            assert_eq!(got, other, "{scalar}");
        }
    }
    compare(if cfg!(feature = "libm") { "vectors_libm" } else { "vectors_std" }, &got);
}

/// Compares with the file of this name, or writes it.
#[track_caller]
fn compare(name: &str, got: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/value_stability/{name}.csv"));
    if std::env::var_os("REPARAM_WRITE_VALUES").is_some() {
        std::fs::write(&path, got).expect("a writable file");
    }
    let want = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    assert_eq!(got.lines().count(), want.lines().count(), "laws in {}", path.display());
    for (got, want) in got.lines().zip(want.lines()) {
        let same = if EXACT { got == want } else { close(got, want) };
        assert!(same, "{name}:\n{got}\nfor\n{want}");
    }
}

/// Whether two lines agree to 1e-12.
fn close(got: &str, want: &str) -> bool {
    got.split([',', ' ']).zip(want.split([',', ' '])).all(|(a, b)| match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() <= 1e-12 * b.abs(),
        _ => a == b,
    })
}

/// Draws of a discrete family, which do not depend on the scalar.
fn discrete_lines<F: DiscreteFamily>(text: &mut String) {
    fn draws<F: DiscreteFamily, S: Scalar>(integers: &[i64], parameters: &[f64], v: impl Fn(f64) -> S) -> Vec<i128> {
        let law = F::law(integers, &parameters.iter().map(|x| v(*x)).collect::<Vec<S>>()).expect("valid");
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(42);
        (0..2 * DRAWS).map(|_| law.sample(&mut rng).to_i128()).collect()
    }
    for (integers, parameters) in discrete_parameters::chosen(F::NAME) {
        let plain = draws::<F, f64>(integers, parameters, |x| x);
        assert_eq!(plain, draws::<F, _>(integers, parameters, |x| Jet::<f64, 2>::variable(x, 1)), "{}", F::NAME);
        assert_eq!(plain, draws::<F, _>(integers, parameters, |x| Dual64::new(x, 1.0)), "{}", F::NAME);
        let numbers: Vec<String> = plain.iter().map(i128::to_string).collect();
        let integers = integers.iter().map(i64::to_string);
        let parameters: Vec<String> = integers.chain(parameters.iter().map(|x| format!("{x:e}"))).collect();
        writeln!(text, "{},{},{}", F::NAME, parameters.join(" "), numbers.join(",")).expect("a string");
    }
}

#[test]
fn draws_of_discrete_laws_keep_their_values() {
    let mut got = String::from("family,parameters,draws of seed 42\n");
    macro_rules! one {
        ($family:ident) => {
            discrete_lines::<$family<f64>>(&mut got);
        };
    }
    for_each_discrete_family!(one);
    compare(if cfg!(feature = "libm") { "discrete_libm" } else { "discrete_std" }, &got);
}

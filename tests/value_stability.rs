//! The draws of every family at fixed seeds, as numbers, for each source of elementary functions.
//!
//! A change here is a change of values that the changelog must mark as breaking. The numbers of `libm` hold on every
//! platform; those of `std` are its elementary functions on 64-bit Linux with glibc, and elsewhere close to them.
//! `REPARAM_WRITE_VALUES=1 cargo test --test value_stability` writes the files anew.

#[macro_use]
#[path = "common/families.rs"]
mod families;
#[path = "common/parameters.rs"]
mod parameters;

use num_dual::{Dual3_64, Dual64, DualSVec64, HyperDual64};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::distr::Family;
use reparam::prelude::*;
use std::fmt::Write;

const DRAWS: usize = 4;

const EXACT: bool =
    cfg!(feature = "libm") || cfg!(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"));

fn draws<F: Family, S: Scalar>(parameters: &[f64], variable: impl Fn(f64) -> S) -> Vec<f64> {
    let parameters: Vec<S> = parameters.iter().map(|x| variable(*x)).collect();
    let law = F::law(&parameters).expect("parameters are valid");
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(42);
    (0..DRAWS).map(|_| law.sample(&mut rng).re()).collect()
}

fn lines<F: Family>(text: &mut String) {
    for parameters in parameters::chosen(F::NAME) {
        let plain = draws::<F, f64>(parameters, |x| x);
        let bits = |x: &[f64]| x.iter().map(|x| x.to_bits()).collect::<Vec<u64>>();
        for (scalar, other) in [
            ("Jet<f64, 3>", draws::<F, _>(parameters, |x| Jet::<f64, 3>::variable(x, 1))),
            (
                "Jet<Jet<f64, 2>, 2>",
                draws::<F, _>(parameters, |x| Jet::<_, 2>::variable(Jet::<f64, 2>::variable(x, 0), 1)),
            ),
            ("Dual64", draws::<F, _>(parameters, |x| Dual64::new(x, 1.0))),
            ("Dual3_64", draws::<F, _>(parameters, |x| Dual3_64::new(x, 1.0, 0.0, 0.0))),
            ("HyperDual64", draws::<F, _>(parameters, |x| HyperDual64::new(x, 1.0, 1.0, 0.0))),
            ("DualSVec64<2>", draws::<F, _>(parameters, DualSVec64::<2>::from)),
        ] {
            assert_eq!(bits(&plain), bits(&other), "{} {parameters:?} in {scalar}", F::NAME);
        }
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
    let name = if cfg!(feature = "libm") { "libm" } else { "std" };
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/value_stability/{name}.csv"));
    if std::env::var_os("REPARAM_WRITE_VALUES").is_some() {
        std::fs::write(&path, &got).expect("a writable file");
    }
    let want = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    assert_eq!(got.lines().count(), want.lines().count(), "families in {}", path.display());
    for (got, want) in got.lines().zip(want.lines()) {
        let same = if EXACT { got == want } else { close(got, want) };
        assert!(same, "{name}:\n{got}\nfor\n{want}");
    }
}

/// Whether two lines agree to 1e-12.
fn close(got: &str, want: &str) -> bool {
    got.split(',').zip(want.split(',')).all(|(a, b)| match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() <= 1e-12 * b.abs(),
        _ => a == b,
    })
}

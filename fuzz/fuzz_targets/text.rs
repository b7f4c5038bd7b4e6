//! Bytes as JSON of laws, numbers and estimates: refused or a law that draws, and neither a panic nor a large allocation.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nalgebra::{Const, Dyn};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::distr::bijection::{LocationScale, Simplex};
use reparam::for_each_family;
use reparam::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What was read is written and read again.
fn round_trip<L: Serialize + DeserializeOwned>(text: &str) -> Option<L> {
    let law: L = serde_json::from_str(text).ok()?;
    let written = serde_json::to_string(&law).expect("what was read is written");
    let back: L = serde_json::from_str(&written).unwrap_or_else(|e| panic!("{text} came back as {written}: {e}"));
    assert_eq!(serde_json::to_string(&back).expect("it serializes"), written);
    Some(law)
}

fn draws<T, L: Serialize + DeserializeOwned + Distribution<T>>(text: &str) {
    if let Some(law) = round_trip::<L>(text) {
        law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
    }
}

fuzz_target!(|input: (u8, &str)| {
    let (kind, text) = input;
    let mut left = kind;
    macro_rules! one {
        ($family:ident) => {
            if left == 0 {
                return draws::<f64, $family<f64>>(text);
            }
            left = left.wrapping_sub(1);
        };
    }
    for_each_family!(one);
    match left {
        0 => draws::<_, LkjCholesky<f64, Dyn>>(text),
        1 => draws::<_, Wishart<f64, Dyn>>(text),
        2 => draws::<_, MultivariateNormal<f64, Dyn>>(text),
        3 => draws::<_, Dirichlet<f64, Dyn>>(text),
        4 => draws::<_, MultivariateStudentT<f64, Const<2>>>(text),
        5 => draws::<_, Truncated<Normal<f64>, f64>>(text),
        6 => draws::<_, Censored<Gamma<f64>, f64>>(text),
        7 => drop(round_trip::<LocationScale<f64>>(text)),
        8 => draws::<_, Mixture<f64, (Normal<f64>, Cauchy<f64>)>>(text),
        9 => draws::<usize, Categorical<Vec<f64>>>(text),
        10 => draws::<u64, Binomial<f64>>(text),
        11 => draws::<u64, Hypergeometric<f64>>(text),
        12 => draws::<u64, ZeroInflated<f64, Poisson<f64>>>(text),
        13 => draws::<_, Multinomial<Vec<f64>>>(text),
        14 => drop(round_trip::<Jet<Jet<f64, 2>, 2>>(text)),
        15 => drop(round_trip::<Simplex>(text)),
        16 => draws::<u64, Zipf<f64>>(text),
        17 => draws::<_, InverseWishart<f64, Const<3>>>(text),
        _ => drop(round_trip::<reparam::estimate::Estimate<Vec<f64>>>(text)),
    }
});

//! Discrete laws at parameters of any size: draws and quantiles in the support, probabilities in [0, 1] and monotone, one value in every
//! scalar.
#![no_main]

#[path = "../../tests/common/discrete_families.rs"]
#[macro_use]
mod families;

use libfuzzer_sys::fuzz_target;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::distr::{DiscreteFamily, DiscreteUnivariate, Integer};
use reparam::prelude::*;
use reparam_fuzz::{probability, same, wide};

type Second = Jet<Jet<f64, 1>, 1>;

/// All six numbers at the outcome that is this integer.
fn at<S: Scalar, L: DiscreteUnivariate<S>>(law: &L, k: i128) -> [S; 6] {
    let k = &L::Outcome::saturating_from(k);
    [law.pmf(k), law.ln_pmf(k), law.cdf(k), law.sf(k), law.ln_cdf(k), law.ln_sf(k)]
}

fn run<F: DiscreteFamily>(integers: [i64; 3], parameters: [f64; 3], p: [f64; 2], seed: u64) {
    let (integers, parameters) = (&integers[..F::INTEGERS.len()], &parameters[..F::PARAMETERS.len()]);
    let Ok(law) = F::law::<f64>(integers, parameters) else { return };
    let name = format!("{} {integers:?} {parameters:?}", F::NAME);
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let draw = law.sample(&mut rng).to_i128();
    let (low, high) = law.support();
    let inside = |k: i128| low.to_i128() <= k && k <= high.to_i128();
    assert!(inside(draw), "{name}: draw {draw} of [{low:?}, {high:?}]");
    let [first, second] = p.map(|p| law.quantile(p).expect("a probability").to_i128());
    let upper = law.isf(p[0]).expect("a probability").to_i128();
    assert!([first, second, upper].into_iter().all(inside), "{name}: {first} {second} {upper} at {p:?}");
    assert!(p[0] > p[1] || first <= second, "{name}: {first} {second} at {p:?}");
    for k in [draw, first, low.to_i128(), high.to_i128()] {
        let found = at(&law, k);
        let [pmf, ln_pmf, cdf, sf, ln_cdf, ln_sf] = found;
        let probabilities = [pmf, cdf, sf].iter().all(|p| (0.0..=1.0 + 1e-12).contains(p));
        assert!(probabilities && [ln_pmf, ln_cdf, ln_sf].iter().all(|l| *l <= 1e-12), "{name} at {k}: {found:?}");
        assert!(pmf <= cdf * (1.0 + 1e-9) + f64::MIN_POSITIVE, "{name} at {k}: {found:?}");
    }
    for i in 0..parameters.len() {
        let mut variables: Vec<Second> = parameters.iter().map(|x| Jet::from(*x)).collect();
        [variables[i]] = Jet::second_order([parameters[i]]);
        let jets = at(&F::law(integers, &variables).expect("accepted above"), draw);
        let plain = at(&law, draw);
        assert!(jets.iter().zip(plain).all(|(a, b)| same(a.re(), b)), "{name} at {draw}: {jets:?} {plain:?}");
    }
}

fuzz_target!(|input: (u8, [u32; 3], [u32; 3], [u32; 2], u64)| {
    let (family, integers, parameters, p, seed) = input;
    // sizes uniform in the logarithm
    let integers = integers.map(|bits| i64::from(bits >> 5) << (bits & 31) >> 20);
    let parameters = parameters.map(|bits| if bits & 1 == 0 { wide(bits) } else { probability(bits >> 1) });
    let p = p.map(probability);
    let mut left = family % 12;
    macro_rules! one {
        ($family:ident) => {
            if left == 0 {
                return run::<$family<f64>>(integers, parameters, p, seed);
            }
            left = left.wrapping_sub(1);
        };
    }
    for_each_discrete_family!(one);
    let _ = left;
});

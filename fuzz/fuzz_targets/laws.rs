//! Constructors, draws and functions of every family at parameters of any size: no panic, no hang, NaN only where it is
//! documented, draws and quantiles in the support, probabilities in [0, 1] and monotone, one value in every scalar.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::distr::Family;
use reparam::for_each_family;
use reparam::prelude::*;
use reparam_fuzz::{probability, same, wide};

type Second = Jet<Jet<f64, 1>, 1>;

fn run<F: Family>(parameters: &[f64; 4], x: f64, [p, p2]: [f64; 2], seed: u64) {
    let parameters = &parameters[..F::PARAMETERS.len()];
    let Ok(law) = F::law::<f64>(parameters) else { return };
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let draw = law.sample(&mut rng);
    let (low, high) = law.support();
    assert!(low <= draw && draw <= high, "{} {parameters:?}: draw {draw:e} of [{low:e}, {high:e}]", F::NAME);
    let at_x = [law.pdf(x), law.ln_pdf(x), law.cdf(x), law.sf(x), law.ln_cdf(x), law.ln_sf(x)];
    assert!(at_x.iter().all(|y| !y.is_nan()), "{} {parameters:?} at {x:e}: {at_x:?}", F::NAME);
    assert!(at_x[2..4].iter().all(|p| (0.0..=1.0).contains(p)), "{} {parameters:?} at {x:e}: {at_x:?}", F::NAME);
    let inverse = [law.quantile(p), law.isf(p), law.quantile_ln(p.ln()), law.isf_ln(p.ln())];
    let inside = inverse.iter().all(|y| low <= *y && *y <= high);
    assert!(inside, "{} {parameters:?} at {p:e}: {inverse:?}", F::NAME);
    if p < p2 {
        let (a, b) = (inverse[0], law.quantile(p2));
        let rounding = 64.0 * f64::EPSILON * (a.abs() + (p / law.pdf(a)).min(f64::MAX));
        assert!(a <= b || a <= b + rounding, "{} {parameters:?}: {a:e} at {p:e}, {b:e} at {p2:e}", F::NAME);
    }
    assert!(!law.entropy().is_nan() && !law.median().is_nan(), "{} {parameters:?}: entropy or median", F::NAME);
    let moments = [law.mean(), law.variance(), law.mode()];
    // beyond, the factors of a moment may overflow and underflow: documented in `distr`
    let moderate = parameters.iter().all(|p| *p == 0.0 || (1e-40..1e40).contains(&p.abs()));
    assert!(!moderate || moments.iter().flatten().all(|y| !y.is_nan()), "{} {parameters:?}: {moments:?}", F::NAME);

    // with derivatives: the same value
    for i in 0..parameters.len() {
        let mut variables: Vec<Second> = parameters.iter().map(|x| Jet::from(*x)).collect();
        [variables[i]] = Jet::second_order([parameters[i]]);
        let law = F::law(&variables).expect("accepted above");
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        assert!(same(law.sample(&mut rng).re(), draw), "{} {parameters:?}", F::NAME);
        assert!(same(law.ln_pdf(x.into()).re(), at_x[1]), "{} {parameters:?} at {x:e}", F::NAME);
        assert!(same(law.quantile(p.into()).re(), inverse[0]), "{} {parameters:?} at {p:e}", F::NAME);
    }
}

fuzz_target!(|input: (u8, [u32; 4], u32, [u32; 2], u64)| {
    let (family, parameters, x, p, seed) = input;
    let (parameters, x, p) = (parameters.map(wide), wide(x), p.map(probability));
    let mut count = 0u8;
    macro_rules! count {
        ($family:ident) => {
            count += 1;
        };
    }
    for_each_family!(count);
    let mut left = family % count;
    macro_rules! one {
        ($family:ident) => {
            if left == 0 {
                return run::<$family<f64>>(&parameters, x, p, seed);
            }
            left -= 1;
        };
    }
    for_each_family!(one);
    let _ = left;
});

//! Constructors, draws and functions of every family from arbitrary parameters and arguments: no panic, no hang, and NaN
//! only where it is documented.
#![no_main]


use libfuzzer_sys::fuzz_target;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::for_each_family;
use reparam::distr::Family;
use reparam::prelude::*;

type Second = Jet<Jet<f64, 1>, 1>;

/// Whether two numbers are the same, bit for bit but for the bits of a NaN.
fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

fn run<F: Family>(parameters: &[f64; 4], x: f64, p: f64, seed: u64) {
    let parameters = &parameters[..F::PARAMETERS.len()];
    let Ok(law) = F::law::<f64>(parameters) else { return };
    // laws on incomplete gamma and beta functions are promised for the shapes that these are tested at
    const SHAPES: [&str; 20] = [
        "gamma", "log_gamma", "inverse_gamma", "chi_squared", "beta", "logit_beta", "beta_prime", "fisher_f", "student_t",
        "chi", "inverse_chi_squared", "scaled_inverse_chi_squared", "erlang", "nakagami", "generalized_gamma",
        "generalized_normal", "pert", "beta_proportion", "half_student_t", "gamma_gamma",
    ];
    if SHAPES.contains(&F::NAME) && !parameters.iter().all(|p| (1e-4..1e7).contains(&p.abs())) {
        return;
    }
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let draw = law.sample(&mut rng);
    assert!(!draw.is_nan(), "{} {parameters:?}: a draw is NaN", F::NAME);
    let at_x = [law.pdf(x), law.ln_pdf(x), law.cdf(x), law.sf(x), law.ln_cdf(x), law.ln_sf(x)];
    assert!(x.is_nan() || at_x.iter().all(|y| !y.is_nan()), "{} {parameters:?} at {x:e}: {at_x:?}", F::NAME);
    let inverse = [law.quantile(p), law.isf(p), law.quantile_ln(p.ln()), law.isf_ln(p.ln())];
    if (0.0..=1.0).contains(&p) {
        assert!(inverse.iter().all(|y| !y.is_nan()), "{} {parameters:?} at {p:e}: {inverse:?}", F::NAME);
    }
    let (low, high) = law.support();
    assert!(low <= high && !law.entropy().is_nan(), "{} {parameters:?}: support or entropy", F::NAME);
    assert!(!law.median().is_nan(), "{} {parameters:?}: median", F::NAME);
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

fuzz_target!(|input: (u8, [f64; 4], f64, f64, u64)| {
    let (family, parameters, x, p, seed) = input;
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

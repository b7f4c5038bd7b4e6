//! Mixtures of arbitrary laws with arbitrary weights: no panic, no hang, no NaN, and one value whatever the scalar.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use reparam::prelude::*;

type Laws<S> = (Normal<S>, Uniform<S>, Cauchy<S>, Exponential<S>);

/// Whether two numbers are the same, bit for bit but for the bits of a NaN.
fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

fn mixture<S: Scalar>(weights: [f64; 4], parameters: [S; 7], logits: bool) -> Option<Mixture<S, Laws<S>>> {
    let [mean, std_dev, low, high, location, scale, rate] = parameters;
    let laws = (
        Normal::new(mean, std_dev).ok()?,
        Uniform::new(low, high).ok()?,
        Cauchy::new(location, scale).ok()?,
        Exponential::new(rate).ok()?,
    );
    let weights = weights.map(S::from);
    if logits { Mixture::from_logits(weights, laws).ok() } else { Mixture::new(weights, laws).ok() }
}

fuzz_target!(|input: ([f64; 4], [f64; 7], bool, f64, f64, u64)| {
    let (weights, parameters, logits, x, p, seed) = input;
    let Some(law) = mixture(weights, parameters, logits) else { return };
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let draw = law.sample(&mut rng);
    assert!(!draw.is_nan(), "a draw is NaN");
    let at_x = [law.pdf(x), law.ln_pdf(x), law.cdf(x), law.sf(x), law.ln_cdf(x), law.ln_sf(x)];
    assert!(x.is_nan() || at_x.iter().all(|y| !y.is_nan()), "at {x:e}: {at_x:?}");
    let inverse = [law.quantile(p), law.isf(p), law.quantile_ln(p.ln()), law.isf_ln(p.ln())];
    if (0.0..=1.0).contains(&p) {
        assert!(inverse.iter().all(|y| !y.is_nan()), "at {p:e}: {inverse:?}");
    }
    let (low, high) = law.support();
    assert!(low <= draw && draw <= high && !law.entropy().is_nan(), "{low} {draw} {high}");

    // with derivatives: the same value, and at moderate parameters derivatives that are numbers
    let moderate = parameters.iter().all(|p| *p == 0.0 || (1e-40..1e40).contains(&p.abs()));
    for i in 0..7 {
        let mut variables = parameters.map(Jet::<Jet<f64, 1>, 1>::from);
        [variables[i]] = Jet::second_order([parameters[i]]);
        let law = mixture(weights, variables, logits).expect("accepted above");
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        let z = law.sample(&mut rng);
        assert!(same(z.re(), draw), "{} {draw}", z.re());
        assert!(!moderate || !z.re.eps[0].is_nan(), "{z:?}");
        assert!(same(law.quantile(p.into()).re(), inverse[0]), "at {p:e}");
        assert!(same(law.ln_cdf(x.into()).re(), at_x[4]), "at {x:e}");
    }
});

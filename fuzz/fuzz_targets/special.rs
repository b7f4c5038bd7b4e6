//! Special functions at arbitrary doubles: no panic, no hang, and one value whatever the scalar.
#![no_main]

use libfuzzer_sys::fuzz_target;
use reparam::scalar::{Jet, Scalar};
use reparam::special::*;

type Second = Jet<Jet<f64, 1>, 1>;

fn all<S: Scalar>(x: S, y: S, n: u32) -> Vec<S> {
    vec![
        erf(x),
        erfc(x),
        erfcx(x),
        ln_erfc(x),
        erf_inv(x),
        erfc_inv(x),
        normal_cdf(x),
        normal_sf(x),
        normal_ln_cdf(x),
        normal_ln_sf(x),
        normal_pdf(x),
        normal_ln_pdf(x),
        normal_quantile(x),
        normal_isf(x),
        normal_quantile_ln(x),
        normal_isf_ln(x),
        normal_hazard(x),
        normal_hazard_excess(x),
        ln_gamma(x),
        ln_gamma_1p(x),
        gamma(x),
        digamma(x),
        trigamma(x),
        polygamma(n, x),
        digamma_difference(x, y),
        ln_beta(x, y),
        lambert_w0(x),
        lambert_wm1(x),
        ln_bessel_i0(x),
        ln_bessel_i1(x),
        bessel_i_ratio(x),
        bessel_i_ratio_complement(x),
        ln_1p_minus(x),
    ]
}

fuzz_target!(|input: (f64, f64, u8)| {
    let (x, y, n) = input;
    let plain = all(x, y, n.into());
    let [xs] = Jet::second_order([x]);
    let second: Vec<Second> = all(xs, Jet::from(y), n.into());
    for (i, (a, b)) in plain.iter().zip(&second).enumerate() {
        let same = a.to_bits() == b.re().to_bits() || (a.is_nan() && b.re().is_nan());
        assert!(same, "function {i} at {x:e}, {y:e}, {n}: {a:e} and {:e}", b.re());
    }
});

//! Every special function at doubles of any size: no panic, no hang, one value whatever the scalar; inverses go and come back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use reparam::scalar::{Jet, Scalar};
use reparam::special::*;
use reparam_fuzz::{probability, same, wide};

type Second = Jet<Jet<f64, 1>, 1>;

fn of_one<S: Scalar>(x: S, y: S, n: u32) -> Vec<S> {
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
        ln_bessel_i0_scaled(x),
        ln_bessel_i1(x),
        bessel_i_ratio(x),
        bessel_i_ratio_complement(x),
        ln_1p_minus(x),
        exp_m1_minus(x),
        exp_e1(x),
        ln_2_cosh(x),
    ]
}

/// Functions of shapes a, b, an argument x and a probability p.
fn of_shapes<S: Scalar>([a, b, x, p]: [S; 4]) -> Vec<S> {
    vec![
        inc_gamma_p(a, x),
        inc_gamma_q(a, x),
        inc_gamma_ln_p(a, x),
        inc_gamma_ln_q(a, x),
        inc_gamma_p_inv(a, p),
        inc_gamma_q_inv(a, p),
        inc_gamma_ln_p_inv(a, p.ln()),
        inc_gamma_ln_q_inv(a, p.ln()),
        inc_beta(a, b, p),
        inc_beta_complement(a, b, p),
        ln_inc_beta(a, b, p),
        ln_inc_beta_complement(a, b, p),
        ln_inc_beta_logit(a, b, x),
        logit_inc_beta_inv_ln(a, b, p.ln()),
        logit_inc_beta_complement_inv_ln(a, b, p.ln()),
        von_mises_cdf(a, x),
        von_mises_sf(a, x),
        von_mises_ln_cdf(a, x),
        von_mises_ln_sf(a, x),
        von_mises_ln_pdf(a, x),
        von_mises_cdf_inv(a, p),
        von_mises_sf_inv(a, p),
        von_mises_ln_cdf_inv(a, p.ln()),
        von_mises_ln_sf_inv(a, p.ln()),
    ]
}

fn compare(plain: &[f64], jets: &[Second], at: impl std::fmt::Debug) {
    for (i, (a, b)) in plain.iter().zip(jets).enumerate() {
        assert!(same(*a, b.re()), "function {i} at {at:?}: {a:e} and {:e}", b.re());
    }
}

/// Logarithms of probabilities that came back from an inverse, to what one rounding of its result may move them.
///
/// `unit`: the size below which x is known in absolute terms only.
fn round_trip(name: &str, at: &[f64], ln: f64, back: impl Fn(f64) -> f64, x: f64, unit: f64) {
    // at large shapes what comes back moves by steps of more than one rounding
    let step = 2.0 * f64::EPSILON * x.abs().max(unit);
    let (here, below, above) = (back(x), back(x - step), back(x + step));
    let moved = (here - below).abs().max((above - here).abs());
    // a jump between neighbours says nothing
    let known = x.is_finite() && x.abs() > f64::MIN_POSITIVE && moved < 0.1;
    let allowed = 256.0 * f64::EPSILON * (1.0 + ln.abs()) + 8.0 * moved;
    assert!(
        !known || (here - ln).abs() <= allowed,
        "{name} at {at:?}: {x:e} gives {here:e} for {ln:e}, allowed {allowed:e}"
    );
}

fn round_trips(a: f64, b: f64, p: f64) {
    let ln = p.ln();
    if !(ln < 0.0 && ln > -700.0) {
        return;
    }
    round_trip("normal_quantile_ln", &[p], ln, normal_ln_cdf, normal_quantile_ln(ln), 0.0);
    round_trip("normal_isf_ln", &[p], ln, normal_ln_sf, normal_isf_ln(ln), 0.0);
    round_trip("erfc_inv", &[p], ln, ln_erfc, erfc_inv(p), 0.0);
    if (1e-4..1e7).contains(&a) {
        round_trip("inc_gamma_ln_p_inv", &[a, p], ln, |x| inc_gamma_ln_p(a, x), inc_gamma_ln_p_inv(a, ln), 0.0);
        round_trip("inc_gamma_ln_q_inv", &[a, p], ln, |x| inc_gamma_ln_q(a, x), inc_gamma_ln_q_inv(a, ln), 0.0);
        round_trip("von_mises_ln_cdf_inv", &[a, p], ln, |x| von_mises_ln_cdf(a, x), von_mises_ln_cdf_inv(a, ln), 0.0);
        if (1e-4..1e7).contains(&b) {
            // a logit near 0 is off by 2e-16 at large shapes
            let x = logit_inc_beta_inv_ln(a, b, ln);
            round_trip("logit_inc_beta_inv_ln", &[a, b, p], ln, |x| ln_inc_beta_logit(a, b, x), x, 1.0);
        }
    }
}

fuzz_target!(|input: (f64, [u32; 4], u32, u8)| {
    let (raw, numbers, p, n) = input;
    let [a, b, x, y] = numbers.map(wide);
    let p = probability(p);
    for x in [raw, x] {
        let [xs] = Jet::second_order([x]);
        compare(&of_one(x, y, n.into()), &of_one(xs, Jet::from(y), n.into()), (x, y, n));
    }
    let shapes = [a.abs(), b.abs(), x, p];
    for i in 0..4 {
        let mut variables = shapes.map(Second::from);
        [variables[i]] = Jet::second_order([shapes[i]]);
        compare(&of_shapes(shapes), &of_shapes(variables), shapes);
    }
    round_trips(a.abs(), b.abs(), p);
});

//! The value of every function of this room must be the same bit for bit whatever derivatives are asked of it.

use super::*;
use crate::scalar::{Jet, Scalar};
use num_dual::{Dual3, Dual3_64};
use proptest::prelude::*;
use std::{format, vec, vec::Vec};

type Third = Jet<Jet<Jet<f64, 1>, 1>, 1>;

/// Every function of one argument.
fn of_one<S: Scalar>() -> Vec<(&'static str, fn(S) -> S)> {
    macro_rules! named {
        ($($f:ident)*) => { vec![$((stringify!($f), $f::<S> as fn(S) -> S)),*] };
    }
    named!(
        erf erfc ln_erfc erf_inv erfc_inv erfcx normal_hazard normal_hazard_excess normal_cdf normal_sf normal_ln_cdf
        normal_ln_sf normal_pdf normal_ln_pdf normal_quantile normal_isf normal_quantile_ln normal_isf_ln exp_m1_minus
        ln_1p_minus ln_2_cosh bessel_i_ratio bessel_i_ratio_complement ln_bessel_i0 ln_bessel_i1 digamma trigamma
        lambert_w0 lambert_wm1 gamma ln_gamma ln_gamma_1p ln_gamma_curvature langevin ln_sinhc
    )
}

/// Every function of two arguments, each on its domain.
fn of_two<S: Scalar>() -> Vec<(&'static str, fn(S, S) -> S)> {
    vec![
        ("ln_beta", ln_beta),
        ("digamma_difference", digamma_difference),
        ("mills_integral", |c, h| if is_direct(c.re(), h.re().abs()) { mills_integral(c, h.abs()) } else { c }),
        ("tail_integral", |w, y| tail_integral(w.abs(), y.abs())),
    ]
}

/// The values over three scalars agree.
fn agree(name: &str, plain: f64, others: [f64; 2]) -> Result<(), TestCaseError> {
    for other in others {
        let same = plain.to_bits() == other.to_bits() || (plain.is_nan() && other.is_nan());
        prop_assert!(same, "{}: {:e} and {:e}", name, plain, other);
    }
    Ok(())
}

fn jet(x: f64) -> Third {
    Jet::variable(Jet::variable(Jet::variable(x, 0), 0), 0)
}

fn dual(x: f64) -> Dual3_64 {
    Dual3::new(x, 1.0, 0.5, 0.25)
}

/// Ordinary numbers, probabilities, and numbers of every size.
fn argument() -> impl Strategy<Value = f64> {
    prop_oneof![
        -40.0..40.0,
        0.0..1.0,
        (-300.0..300.0f64, any::<bool>()).prop_map(|(e, negative)| if negative { -e.exp2() } else { e.exp2() }),
        prop::num::f64::ANY,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        rng_seed: prop::test_runner::RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn values_do_not_depend_on_the_order(x in argument(), y in argument(), n in 0..20u32) {
        for (((name, plain), (_, jets)), (_, duals)) in of_one::<f64>().iter().zip(of_one()).zip(of_one()) {
            agree(&format!("{name}({x:e})"), plain(x), [jets(jet(x)).re(), duals(dual(x)).re()])?;
        }
        for (((name, plain), (_, jets)), (_, duals)) in of_two::<f64>().iter().zip(of_two()).zip(of_two()) {
            let others = [jets(jet(x), jet(y)).re(), duals(dual(x), dual(y)).re()];
            agree(&format!("{name}({x:e}, {y:e})"), plain(x, y), others)?;
        }
        let others = [polygamma(n, jet(x)).re(), Scalar::re(polygamma(n, dual(x)))];
        agree(&format!("polygamma({n}, {x:e})"), polygamma(n, x), others)?;
    }
}

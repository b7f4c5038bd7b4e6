//! The von Mises distribution function against mpmath: values and derivatives in both arguments, κ from 1e-8 to 1e7, from the
//! middle to the far tail and to the end of the circle; draws at the concentrations at which others lose digits.

use crate::assert_within;
use crate::common::{Table, Worst, expectation, reference_folder, relative, second_order};
use core::f64::consts::PI;
use proptest::prelude::*;
use rand::distr::Distribution;
use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::estimate::{Handle, pathwise_hessian};
use reparam::prelude::*;
use reparam::special::*;

/// Where the table is.
const RANGE: &str = "κ in [1e-8, 1e7], from the middle to ln(1 - F) = -20 000";

/// ln of the upper tail, the density, and the tail itself in both directions.
#[test]
fn values() {
    let [mut ln, mut density, mut tail, mut inverse] = [const { Worst { error: 0.0, at: String::new() } }; 4];
    for row in &Table::read(&reference_folder().join("special_von_mises.csv")).rows {
        let (kappa, theta, ln_sf, ln_pdf) = (row[0], row[1], row[2], row[3]);
        let at = || format!("{:?} {ln_sf}", &row[..2]);
        ln.add(relative(von_mises_ln_sf(kappa, theta), ln_sf, 0.0), at);
        ln.add(relative(von_mises_ln_cdf(kappa, -theta), ln_sf, 0.0), at);
        density.add(relative(von_mises_ln_pdf(kappa, theta), ln_pdf, 1.0), at);
        // a logarithm of size L, rounded, gives its exponential no better than L roundings
        let scale = 1.0 + ln_sf.abs() / 50.0;
        if ln_sf > -690.0 {
            tail.add(relative(von_mises_sf(kappa, theta), ln_sf.exp(), 0.0) / scale, at);
        }
        tail.add(relative(von_mises_cdf(kappa, theta), -ln_sf.exp_m1(), 0.0), at);
        // the rounding of the logarithm moves θ by G/f times that
        let found = von_mises_ln_sf_inv(kappa, ln_sf);
        let allowed = theta + ln_sf.abs() * (ln_sf - ln_pdf).exp();
        inverse.add((found - theta).abs() / allowed, || format!("{} got {found}", at()));
    }
    assert_within(
        RANGE,
        &[
            ("von Mises, ln(1 - F)", &ln, 1e-14),
            ("von Mises, ln f", &density, 1e-14),
            ("von Mises, 1 - F", &tail, 4e-14),
            ("von Mises, θ from ln(1 - F)", &inverse, 4e-15),
        ],
    );
}

/// d ln(1 - F) in κ (twice) and θ; of the quantile at a fixed probability, and of draws, in κ (twice).
#[test]
fn derivatives() {
    let [mut first, mut second, mut slope, mut mixed] = [const { Worst { error: 0.0, at: String::new() } }; 4];
    let [mut q, mut q2] = [const { Worst { error: 0.0, at: String::new() } }; 2];
    for row in &Table::read(&reference_folder().join("special_von_mises.csv")).rows {
        let (ln_sf, hazard) = (row[2], row[4]);
        let [kappa, theta] = second_order::<2>(&row[..2]);
        let (_, gradient, hessian) = von_mises_ln_sf(kappa, theta).hessian();
        let at = || format!("{row:?} got {gradient:?} {hessian:?}");
        // at its zeros no better than the first squared
        first.add(relative(gradient[0], row[5], 0.0), at);
        second.add(relative(hessian[0][0], row[6], 1e-2 * row[5] * row[5]), at);
        slope.add(relative(gradient[1], -hazard, 0.0), at);
        mixed.add(relative(hessian[0][1], hessian[1][0], 0.0), at);
        let [kappa] = second_order::<1>(&row[..1]);
        let (_, got, got2) = von_mises_ln_sf_inv(kappa, ln_sf.into()).hessian();
        let at = || format!("{row:?} got {got:?} {got2:?}");
        // close to π, where q vanishes, the rounding of θ moves it: ∂q/∂θ = κ sin θ q - (cos θ - A)
        let slope = row[0] * row[1].sin() * row[7] - row[1].cos() + bessel_i_ratio(row[0]);
        let rounding = slope.abs() * row[1] * f64::EPSILON;
        q.add(((got[0] - row[7]).abs() - rounding).max(0.0) / row[7].abs(), at);
        q2.add(relative(got2[0][0], row[8], 0.1 * row[7].abs() / (1.0 + row[0])), at);
    }
    assert_within(
        RANGE,
        &[
            ("von Mises, d ln(1 - F)/dκ", &first, 1e-12),
            ("von Mises, d² ln(1 - F)/dκ²", &second, 1e-10),
            ("von Mises, d ln(1 - F)/dθ", &slope, 1e-12),
            ("von Mises, d² ln(1 - F)/dκdθ in both orders", &mixed, 1e-10),
            ("von Mises, dθ/dκ", &q, 1e-12),
            ("von Mises, d²θ/dκ²", &q2, 1e-10),
        ],
    );
}

#[test]
fn edges() {
    for kappa in [0.0, 1e-300, 1e-8, 1.0, 1e7, 1e150] {
        assert_eq!([von_mises_cdf(kappa, -PI), von_mises_cdf(kappa, 0.0), von_mises_cdf(kappa, PI)], [0.0, 0.5, 1.0]);
        assert_eq!([von_mises_ln_cdf(kappa, -4.0), von_mises_ln_cdf(kappa, 4.0)], [f64::NEG_INFINITY, 0.0]);
        assert_eq!([0.0, 0.5, 1.0].map(|p| von_mises_cdf_inv(kappa, p)), [-PI, 0.0, PI]);
        assert_eq!([f64::NEG_INFINITY, 0.0].map(|ln_p| von_mises_ln_cdf_inv(kappa, ln_p)), [-PI, PI]);
        for theta in [1e-300, 1e-10, 1.0, 3.0, PI.next_down()] {
            let all = [von_mises_sf(kappa, theta), von_mises_ln_sf(kappa, theta), von_mises_ln_pdf(kappa, theta)];
            assert!(all.iter().all(|x| !x.is_nan()), "{kappa:e} {theta:e}: {all:?}");
        }
    }
    // the largest concentrations are the normal law with variance 1/κ; the logarithm of its density, 172, has a rounding of 2e-14
    for z in [0.1, 1.0, 5.0, 30.0] {
        assert!(relative(von_mises_ln_sf(1e150, z * 1e-75), normal_ln_sf(z), 0.0) < 4e-14);
        let found = von_mises_ln_sf_inv(1e150, normal_ln_sf(z)) * 1e75;
        assert!(relative(found, z, 0.0) < 4e-14, "{found} for {z}");
    }
    // κ = 0 is the uniform law, whose angles move by -sin θ; the probability passes through its logarithm
    let [kappa] = Jet::variables([0.0]);
    for p in [1e-300, 1e-9, 0.1, 0.3, 0.7] {
        let theta = von_mises_cdf_inv(kappa, p.into());
        assert!((theta.re - 2.0 * PI * (p - 0.5)).abs() < 1e-15);
        assert!(relative(theta.eps[0], (2.0 * PI * p).sin(), 0.0) < 1e-13, "{p:e}: {theta:?}");
    }
    for (kappa, theta) in [(-1.0, 1.0), (f64::NAN, 1.0), (f64::INFINITY, 1.0), (1.0, f64::NAN)] {
        assert!(von_mises_cdf(kappa, theta).is_nan() && von_mises_ln_cdf(kappa, theta).is_nan());
        assert!(von_mises_ln_pdf(kappa, theta).is_nan() && von_mises_cdf_inv(kappa, theta).is_nan());
    }
    assert!(von_mises_cdf_inv(1.0, 1.5).is_nan() && von_mises_ln_cdf_inv(1.0, 0.1).is_nan());
}

/// One value in every scalar type, and the inverse of each tail leads back, at any concentration.
#[test]
fn properties() {
    let config = ProptestConfig {
        cases: 400,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(1),
        ..ProptestConfig::default()
    };
    proptest!(config, |(log_kappa in -8.0..7.0f64, log_tail in -290.0..-0.31f64)| {
        let (kappa, tail) = (10f64.powf(log_kappa), 10f64.powf(log_tail));
        let theta = von_mises_sf_inv(kappa, tail);
        prop_assert!((0.0..=PI).contains(&theta), "{theta}");
        prop_assume!(theta < 3.1);
        let [jet, angle] = second_order::<2>(&[kappa, theta]);
        prop_assert_eq!(von_mises_sf(jet, angle).re.re, von_mises_sf(kappa, theta));
        prop_assert_eq!(von_mises_ln_sf(jet, angle).re.re, von_mises_ln_sf(kappa, theta));
        prop_assert_eq!(von_mises_sf_inv(jet, tail.into()).re.re, theta);
        // what the rounding of θ may do, beside the documented error
        let slope = von_mises_ln_sf(jet, angle).re.eps[1];
        let allowed = 4e-16 * (slope * theta).abs() + 2e-14 * (1.0 + tail.ln().abs() / 50.0);
        prop_assert!(relative(von_mises_sf(kappa, theta), tail, 0.0) <= allowed, "{kappa:e} {tail:e}");
    });
}

/// The program "von_mises(0,kappa): E[cos z]" of `expectations.csv`: value, gradient and Hessian.
#[test]
fn expectation_of_the_cosine() {
    let exact = expectation("von_mises(0,kappa): E[cos z]");
    let (theta, value, gradient, hessian) = (exact.theta[0], exact.value, exact.gradient[0], exact.hessian[0]);
    let program = |[kappa]: [Jet<Jet<f64, 1>, 1>; 1], rng: &mut Handle<Jet<Jet<f64, 1>, 1>>| {
        VonMises::new(0.0.into(), kappa).expect("valid").sample(rng).cos()
    };
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
    let e = pathwise_hessian([theta], program).samples(200_000).run(&mut rng).expect("finite");
    assert!((e.value - value).abs() < 5.0 * e.value_se, "{e}");
    assert!((e.gradient[0] - gradient).abs() < 5.0 * e.gradient_se[0], "{e}");
    assert!((e.hessian[0][0] - hessian).abs() < 5.0 * e.hessian_se[0][0], "{e}");
    assert!(e.gradient_se[0] < 0.01 * gradient.abs());
}

/// A'(κ) = d E[cos z]/dκ by 200 000 draws: at the concentrations at which series of other libraries change over.
#[test]
fn gradients_of_draws() {
    // `1 - A*A - A/kappa` with mpmath's besseli, A = I1/I0
    for (kappa, want) in
        [(1e-8, 0.5), (10.5, 0.004790309960193296), (11.0, 0.004352170584457695), (1e7, 5.000000250000038e-15)]
    {
        let [jet] = Jet::variables([kappa]);
        let law = VonMises::new(jet * 0.0, jet).unwrap();
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let test = reparam::verify::mean_of((0..200_000).map(|_| law.sample(&mut rng).cos().eps[0]));
        assert!(test.sigmas(want) < 5.0, "kappa {kappa}: {test:?} for {want}");
    }
}

//! Divergences of Skellam laws that are close: Σ p ln(p/q), with its derivatives, by mpmath's Bessel functions in 60 digits.

use reparam::prelude::*;

/// Rates of both laws; the divergence, and its derivatives in the first law's first rate and in both of the second law's.
type Case = ([f64; 4], [f64; 4]);

#[rustfmt::skip]
const CASES: [Case; 8] = [
    ([3.0, 2.0, 3.00000001, 2.0], [1.0603204159579063e-17, -2.1206408451787605e-9, 2.1206408427189876e-9, -1.8190386949309592e-9]),
    ([3.0, 2.0, 3.000000000001, 1.999999999999], [4.0157940253847724e-25, -3.940029808877025e-13, 3.9400298088762435e-13, -4.09084429250912e-13]),
    ([2.0, 3.0, 2.0, 2.99999999999999], [1.1061989554959224e-29, -1.857975562991555e-15, 1.857975562991553e-15, -2.1660335668561187e-15]),
    ([10000.0, 50.0, 10000.000001, 50.00001], [4.030831954600782e-15, 8.955213722890884e-10, -8.95521372690263e-10, 8.957185576608603e-10]),
    ([0.01, 7.0, 0.0100000001, 7.0], [1.5316519123229253e-21, -3.063303838307583e-11, 3.063303833668007e-11, -1.4241952744855659e-11]),
    ([300.0, 400.0, 301.0, 401.0], [2.0318301096584834e-6, -2.3226548130537465e-6, 2.3168576899246164e-6, 1.7390876924371808e-6]),
    ([3.0, 2.0, 3.3, 2.0], [0.00901703691721811, -0.060422693193269546, 0.05847555455602249, -0.0535153349825628]),
    ([1e-30, 2.0, 1.1e-30, 2.000000001], [2.500000412868545e-19, -0.012898829746818372, 0.012303207134632376, 5.000000411201855e-10]),
];

#[test]
fn skellam() {
    for (rates, [value, of_first, to_first, to_second]) in CASES {
        let [a, b, c, d]: [Jet<f64, 4>; 4] = Jet::variables(rates);
        let got = Skellam::new(a, b).unwrap().kl_divergence(&Skellam::new(c, d).unwrap());
        let want = [value, of_first, to_first, to_second];
        let found = [got.re, got.eps[0], got.eps[2], got.eps[3]];
        let off = [0, 1, 2, 3].map(|i| found[i] / want[i] - 1.0);
        println!("{rates:?}: off by {off:?}");
        assert!(off.iter().all(|off| off.abs() < 2e-13), "{rates:?}: {found:?}, not {want:?}");
        let plain = Skellam::new(rates[0], rates[1]).unwrap();
        assert_eq!(plain.kl_divergence(&Skellam::new(rates[2], rates[3]).unwrap()), got.re);
        // from a law to itself, and to its mirror image
        assert_eq!(plain.kl_divergence(&plain), 0.0);
        let mirrored = Skellam::new(b, a).unwrap().kl_divergence(&Skellam::new(d, c).unwrap());
        assert!((mirrored.re / got.re - 1.0).abs() < 1e-12, "{rates:?}: {got:?} {mirrored:?}");
    }
}

/// On both sides of where one formula takes over from the other.
#[test]
fn without_a_seam() {
    for (first, second) in [(3.0, 2.0), (0.4, 9.0), (2e4, 2e4), (1e10, 3.0), (1e11, 1e3)] {
        let edge = 0.25 * f64::min(first, f64::sqrt(first));
        let at = |shift: f64| {
            Skellam::new(first, second).unwrap().kl_divergence(&Skellam::new(first + shift, second).unwrap())
        };
        let (below, above) = (at(edge * (1.0 - 1e-9)), at(edge * (1.0 + 1e-9)));
        // it grows like the square of the shift
        assert!((above / below - 1.0 - 4e-9).abs() < 2e-9 && above > below, "{first} {second}: {below} {above}");
    }
}

/// Counts of 15 digits are normal numbers: the square of the distance over twice the variance.
#[test]
fn large_rates() {
    let law = Skellam::new(9e14, 1e3).unwrap();
    for shift in [1.0, 1e3, 1e6] {
        let (got, want) =
            (law.kl_divergence(&Skellam::new(9e14 + shift, 1e3).unwrap()), shift * shift / (2.0 * (9e14 + 1e3)));
        println!("{shift:e}: off by {:.1e}", got / want - 1.0);
        assert!((got / want - 1.0).abs() < 1e-6, "{shift}: {got}, not {want}");
    }
}

/// The curvature at the law itself is the information on the rates, E[(p'/p)²], here by sums of masses.
#[test]
fn curvature_is_information() {
    let (a, b) = (3.0, 2.0);
    let law = Skellam::new(a, b).unwrap();
    let [c] = Jet::second_order([a]);
    let at = |x: f64| Jet::<Jet<f64, 1>, 1>::from(x);
    let other = Skellam::new(c, at(b)).unwrap();
    let divergence = Skellam::new(at(a), at(b)).unwrap().kl_divergence(&other);
    let information: f64 = (-60..60)
        .map(|k| {
            let (p, before) = (law.pmf(&k), law.pmf(&(k - 1)));
            if p > 0.0 { (before - p).powi(2) / p } else { 0.0 }
        })
        .sum();
    let (value, slope, curvature) = divergence.hessian();
    println!("{value} {slope:?} {curvature:?}, information {information}");
    assert_eq!(value, 0.0);
    assert!(slope[0].abs() < 1e-14 && (curvature[0][0] / information - 1.0).abs() < 1e-12);
}

/// Close Dirichlet-multinomial laws whose concentrations are far above the number of trials, by mpmath: right to 4e-14 of trials times
/// the square of the relative step, slopes to that over the step. Of a step in proportion hardly anything is left, and not below 0.
#[test]
fn dirichlet_multinomial() {
    for (a, b, trials, want, slope, step) in [
        ([1e10, 2e9], [9.99e9, 2e9], 5, 3.476_470_441_044_985e-7, 3.475_118_152_858_381e-13, 1e-3f64),
        ([1e8, 3.0], [1.01e8, 3.0], 2, 2.960_445_043_042_039e-12, -1.980_197_881_874_333_4e-10, 1e-2),
        ([2e9, 3e9], [1.9e9, 2.85e9], 7, 1.163_434_899_643_194e-21, -6.531_564_349_259_853e-30, 5e-2),
    ] {
        let [c, d]: [Jet<f64, 2>; 2] = Jet::variables(b);
        let law = DirichletMultinomial::new(trials, a.map(Jet::from)).unwrap();
        let got = law.kl_divergence(&DirichletMultinomial::new(trials, [c, d]).unwrap());
        let size = trials as f64 * step * step;
        assert!((got.re - want).abs() < 4e-14 * size && got.re >= 0.0, "{got}, not {want:e}");
        assert!((got.eps[1] - slope).abs() * b[1] < 4e-14 * size / step, "{got}, not {slope:e}");
    }
}

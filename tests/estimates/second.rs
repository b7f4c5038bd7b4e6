//! Second derivatives and random directions at any number of parameters: against nested jets of a fixed number, closed
//! forms, and the variances that are stated.

use reparam::distr::LawError;
use reparam::estimate::{self, Component, EstimateError};
use reparam::prelude::*;

/// More than a chunk of parameters.
const N: usize = 10;

/// Every parameter meets every other, draws have shapes.
fn model<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Result<[S; 2], LawError> {
    let total = theta.iter().fold(S::from(0.0), |sum, t| sum + *t);
    let z = Gamma::new(total, theta[1])?.sample(&mut chance.generator());
    let sum = theta.iter().fold(z, |sum, t| sum + (*t * chance.normal()).sin() * z);
    Ok([sum, sum * theta[9] + (theta[3] * theta[7]).exp()])
}

fn theta() -> [f64; N] {
    std::array::from_fn(|i| 0.4 + 0.1 * i as f64)
}

fn close(what: &str, got: &[f64], expected: &[f64]) {
    let size = expected.iter().fold(1.0, |m: f64, x| m.max(x.abs()));
    assert_eq!(got.len(), expected.len(), "{what}");
    for (i, (a, b)) in got.iter().zip(expected).enumerate() {
        assert!((a - b).abs() < 1e-12 * size, "{what} {i}: {a}, not {b}");
    }
}

/// One seed, one estimate: that of nested jets with ten partials.
#[test]
fn as_in_nested_jets() {
    let theta = theta();
    let program = program!(|theta: &[S], chance| -> Result<[S; 2], LawError> { model(theta, chance) });
    let fixed =
        estimate::pathwise_hessian(theta, |theta, chance| model(&theta, chance)).samples(300).run_seed(2).unwrap();
    let all = estimate::pathwise_hessian_dyn(&theta, |theta, chance| program.run(theta, chance));
    let all = all.samples(300).run_seed(2).unwrap();
    let diagonal = estimate::pathwise_hessian_diagonal(&theta, model).samples(300).run_seed(2).unwrap();
    let v: [f64; N] = std::array::from_fn(|i| (i as f64).cos());
    let along = estimate::pathwise_hessian_vector(&theta, &v, model).samples(300).run_seed(2).unwrap();
    assert_eq!((all.value, all.value_se), (fixed.value, fixed.value_se));
    assert_eq!((diagonal.value, along.value), (fixed.value, fixed.value));
    for k in 0..2 {
        for gradient in [&all.gradient[k], &diagonal.gradient[k], &along.gradient[k]] {
            close("gradient", gradient, &fixed.gradient[k]);
        }
        close("its error", &along.gradient_se[k], &fixed.gradient_se[k]);
        for i in 0..N {
            close("Hessian", &all.hessian[k][i], &fixed.hessian[k][i]);
            close("its error", &all.hessian_se[k][i], &fixed.hessian_se[k][i]);
        }
        let of = |h: &[[f64; N]; N]| -> Vec<f64> { (0..N).map(|i| h[i][i]).collect() };
        close("diagonal", &diagonal.curvature[k], &of(&fixed.hessian[k]));
        close("its error", &diagonal.curvature_se[k], &of(&fixed.hessian_se[k]));
        let product = fixed.hessian[k].map(|row| row.iter().zip(v).map(|(h, v)| h * v).sum());
        close("product", &along.curvature[k], &product);
    }
}

/// E Σ_i c_i θ_i (1 + z_i): the gradient is c, and what the directions add to the variance is Σ_{j ≠ i} E g_j² / 8.
#[test]
fn random_directions_have_the_variance_that_is_stated() {
    let c: [f64; 30] = std::array::from_fn(|i| 1.0 + (i as f64).sin());
    let samples = 40_000;
    let e = estimate::forward_gradient(&[0.5; 30], |theta, chance| {
        theta.iter().zip(c).fold(theta[0] * 0.0, |sum, (t, c)| sum + *t * (c * (1.0 + chance.normal())))
    })
    .samples(samples)
    .run_seed(3)
    .unwrap();
    let squares: f64 = c.iter().map(|c| 2.0 * c * c).sum();
    let mut total = 0.0;
    for i in 0..30 {
        let z = (e.gradient[i] - c[i]) / e.gradient_se[i];
        assert!(z.abs() < 4.5, "{i}: {} ± {}, not {}", e.gradient[i], e.gradient_se[i], c[i]);
        total += z * z;
        // g_i = c_i (1 + z_i) has the variance c_i² and the mean square 2 c_i²
        let variance = c[i] * c[i] + (squares - 2.0 * c[i] * c[i]) / 8.0;
        let got = e.gradient_se[i].powi(2) * samples as f64;
        // a variance from n samples that are near to normal has the relative error (2/n)^(1/2) = .7 %
        assert!((got / variance - 1.0).abs() < 0.05, "{i}: {got}, not {variance}");
    }
    assert!((total / 30.0 - 1.0).abs() < 5.0 * (2.0f64 / 30.0).sqrt());
}

/// A Hessian in closed form: E exp(Σ a_i θ_i z_i) = exp(Σ a_i² θ_i² / 2), over 19 parameters.
#[test]
fn a_hessian_in_closed_form() {
    let a: [f64; 19] = std::array::from_fn(|i| 0.1 + 0.01 * i as f64);
    let theta = [0.7; 19];
    let e = estimate::pathwise_hessian_dyn(&theta, |theta, chance| {
        theta.iter().zip(a).fold(theta[0] * 0.0, |sum, (t, a)| sum + *t * (a * chance.normal())).exp()
    })
    .samples(6000)
    .run_seed(4)
    .unwrap();
    let value = (0..19).map(|i| 0.5 * (a[i] * theta[i]).powi(2)).sum::<f64>().exp();
    for i in 0..19 {
        for j in 0..19 {
            let product = a[i].powi(2) * theta[i] * a[j].powi(2) * theta[j];
            let exact = value * (product + if i == j { a[i].powi(2) } else { 0.0 });
            let (got, se) = (e.hessian[i][j], e.hessian_se[i][j]);
            assert!((got - exact).abs() < 5.0 * se, "{i} {j}: {got} ± {se}, not {exact}");
        }
    }
}

#[test]
fn errors_and_notes() {
    let square = |theta: &[_], _: &mut _| -> Jet<Jet<f64, 8>, 1> { theta[0] * theta[1] };
    let run = |v: &[f64]| {
        estimate::pathwise_hessian_vector(&[1.0, 2.0], v, square).samples(10).run_seed(1).map(|e| e.curvature)
    };
    assert_eq!(run(&[1.0, 0.0]).unwrap(), [0.0, 1.0]);
    assert!(matches!(run(&[1.0]).unwrap_err(), EstimateError::Setting { value: 1.0, .. }));
    assert!(matches!(run(&[1.0, f64::INFINITY]).unwrap_err(), EstimateError::Setting { .. }));
    // √θ at 0
    let e = estimate::pathwise_hessian_vector(&[1.0, 0.0], &[1.0, 1.0], |theta, _| theta[1].powf(1.5) + theta[0]);
    let e = e.samples(10).run_seed(1).unwrap_err();
    assert!(matches!(e, EstimateError::NotFinite { sample: 0, component: Component::Product(1), .. }), "{e:?}");
    let e = estimate::pathwise_hessian_dyn(&[1.0, 0.0], |theta, _| theta[1].powf(1.5) + theta[0]);
    let e = e.samples(10).run_seed(1).unwrap_err();
    assert!(matches!(e, EstimateError::NotFinite { sample: 0, component: Component::Hessian(1, 1), .. }), "{e:?}");
    // a kink loses second derivatives
    let e =
        estimate::pathwise_hessian_diagonal(&[0.1, 0.2], |theta, chance| (theta[0] + theta[1] * chance.normal()).abs());
    let e = e.samples(1000).run_seed(1).unwrap();
    assert!(e.notes.flat_hessian && e.to_string().contains("kink"), "{e}");
    // no results, no parameters
    let nothing = estimate::pathwise_hessian_dyn(&[1.0], |_, _| vec![]).samples(10).run_seed(1).unwrap();
    assert!(nothing.value.is_empty() && nothing.to_string().contains("10 observations"));
    let constant = |_: &[_], chance: &mut estimate::Handle<_>| -> Jet<Jet<f64, 8>, 8> { chance.normal().into() };
    let e = estimate::pathwise_hessian_dyn(&[], constant).run_seed(1).unwrap();
    assert!(e.value.abs() < 5.0 * e.value_se && e.hessian.is_empty());
}

/// A thousand parameters in one run a sample; the same bits on any number of threads.
#[test]
fn many_parameters() {
    let theta = vec![0.5; 1000];
    let e = estimate::forward_gradient(&theta, |theta, chance| {
        theta.iter().fold(theta[0] * 0.0, |sum, t| sum + (*t * chance.normal()).powi(2))
    })
    .samples(3000);
    let one = e.clone().run_seed(1).unwrap();
    assert_eq!(e.par_run_seed(1).unwrap(), one);
    let z: Vec<f64> = (0..1000).map(|i| (one.gradient[i] - 1.0) / one.gradient_se[i]).collect();
    let square = z.iter().map(|z| z * z).sum::<f64>() / 1000.0;
    // derivatives from shared directions are nearly uncorrelated
    assert!((square - 1.0).abs() < 5.0 * (2.0f64 / 1000.0).sqrt(), "{square}");
}

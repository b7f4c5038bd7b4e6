//! Dual weights: derivatives of every order through draws that carry none, baselines, control variates, particles.

use crate::common::expectation;
use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::estimate::{self, ControlVariates, EstimateError, Handle, HessianEstimate, MovingAverage, leave_one_out};
use reparam::noise;
use reparam::prelude::*;
use reparam::verify::mean_of;
use reparam::weighted::{self, Resampling, Weighted, effective_size, score, self_normalized};
use std::error::Error;

type Xoshiro = Xoshiro256PlusPlus;
type Hyper<const N: usize> = Jet<Jet<f64, N>, N>;

/// Score draws of every kind of law against exact value, gradient and Hessian.
fn check<const N: usize>(
    program: &str,
    f: impl Fn([Hyper<N>; N], &mut Handle<Hyper<N>>) -> Result<Hyper<N>, Box<dyn Error + Send + Sync>> + Copy + Sync,
) -> HessianEstimate<[[f64; N]; N], [f64; N]> {
    let exact = expectation(program);
    let theta: [f64; N] = exact.theta.as_slice().try_into().unwrap();
    let e = estimate::pathwise_hessian(theta, f).samples(1 << 20).par_run_seed(4).unwrap();
    exact.check(&e, 0.02);
    e
}

#[test]
fn scores_of_continuous_laws() {
    check("normal: E[z^2]", |[m, s], rng| Ok(score(&Normal::new(m, s)?, rng).map(|z| z * z).term()));
    check("normal: E[softplus(z)]", |[m, s], rng| {
        Ok(score(&Normal::new(m, s)?, rng).map(|z| z.softplus()).with_baseline(0.7.into()))
    });
    check("weibull(scale,shape): E[z]", |[scale, shape], rng| Ok(score(&Weibull::new(scale, shape)?, rng).term()));
    check("gumbel: E[exp(-z)]", |[mu, beta], rng| Ok(score(&Gumbel::new(mu, beta)?, rng).map(|z| (-z).exp()).term()));
}

/// The same programs, differentiated as if the drawn number were all: nowhere near.
#[test]
fn the_trap() {
    let exact = expectation("normal: E[z^2]");
    let f = |[m, s]: [Hyper<2>; 2], rng: &mut Handle<Hyper<2>>| -> Result<_, LawError> {
        let z = score(&Normal::new(m, s)?, rng).value;
        Ok(z * z)
    };
    let e = estimate::pathwise_hessian(exact.theta.clone().try_into().unwrap(), f)
        .samples(1000)
        .run(&mut Xoshiro::seed_from_u64(1))
        .unwrap();
    assert_eq!((e.gradient, e.hessian), ([0.0; 2], [[0.0; 2]; 2]));
    assert!(exact.gradient.iter().all(|g| g.abs() > 1.0));
}

/// A chain of coins whose bias depends on what fell before: costs weighted by what came before them only.
#[test]
fn weights_multiply_along_a_chain() {
    // P(1) = p at first, then p² after a 1 and p after a 0; cost x1 + 2 x2: E = p + 2 (p p² + (1-p) p)
    let f = |[p]: [Hyper<1>; 1], rng: &mut Handle<Hyper<1>>| {
        let mut coin = |p: Hyper<1>| {
            let heads = noise::uniform(rng) < p.re();
            Weighted::score(if heads { 1.0 } else { 0.0 }, if heads { p.ln() } else { (-p).ln_1p() })
        };
        let first = coin(p);
        let second = first.and_then(|x| coin(if x == 1.0 { p * p } else { p }));
        first.map(Jet::from).term() + second.map(|x| Jet::from(2.0 * x)).term()
    };
    let e = estimate::pathwise_hessian([0.4], f).samples(1 << 20).run(&mut Xoshiro::seed_from_u64(2)).unwrap();
    let p = 0.4f64;
    assert!((e.value - (p + 2.0 * (p.powi(3) + p - p * p))).abs() < 5.0 * e.value_se);
    assert!((e.gradient[0] - (3.0 + 6.0 * p * p - 4.0 * p)).abs() < 5.0 * e.gradient_se[0]);
    assert!((e.hessian[0][0] - (12.0 * p - 4.0)).abs() < 5.0 * e.hessian_se[0][0]);
}

/// Eight draws at a time: unbiased to second order, with less variance than without the baseline.
#[test]
fn leave_one_out_is_unbiased_and_better() {
    let batch =
        |theta: [Hyper<2>; 2], rng: &mut Handle<Hyper<2>>| -> Result<[Weighted<Hyper<2>, Hyper<2>>; 8], LawError> {
            let law = Normal::new(theta[0], theta[1])?;
            Ok(std::array::from_fn(|_| score(&law, rng).map(|z| z * z + 10.0)))
        };
    let mean = |draws: &[Weighted<Hyper<2>, Hyper<2>>]| {
        draws.iter().fold(Jet::from(0.0), |sum, d| sum + d.term()) / draws.len() as f64
    };
    let run = |f: fn(&[Weighted<Hyper<2>, Hyper<2>>]) -> Hyper<2>| {
        let program = |theta, rng: &mut Handle<Hyper<2>>| batch(theta, rng).map(|b| f(&b));
        estimate::pathwise_hessian([0.5, 0.8], program).samples(1 << 17).run(&mut Xoshiro::seed_from_u64(3)).unwrap()
    };
    let (plain, better) = (run(mean), run(leave_one_out));
    // E[z²] + 10 = m² + s² + 10
    for e in [&plain, &better] {
        for (i, want) in [1.0, 1.6].into_iter().enumerate() {
            assert!((e.gradient[i] - want).abs() < 5.0 * e.gradient_se[i]);
            for j in 0..2 {
                assert!((e.hessian[i][j] - if i == j { 2.0 } else { 0.0 }).abs() < 5.0 * e.hessian_se[i][j]);
            }
        }
    }
    assert!((plain.value - better.value).abs() < 1e-12 * plain.value);
    // the baseline takes out the constant 10, all but 2 % of E[v²]
    assert!(better.gradient_se[0] < 0.5 * plain.gradient_se[0]);
    assert!(better.hessian_se[1][1] < 0.5 * plain.hessian_se[1][1]);
    assert_eq!(leave_one_out(&[Weighted::<f64, f64>::one(3.0)]), 3.0);
    assert!(leave_one_out::<f64>(&[]).is_nan());
}

/// A baseline made of draws that came before.
#[test]
fn moving_average_is_unbiased() {
    let [p] = Jet::variables([0.3]);
    let mut rng = Xoshiro::seed_from_u64(4);
    let mut average = MovingAverage::new(0.99);
    let slopes = mean_of((0..200_000).map(|_| {
        let heads = noise::uniform(&mut rng) < p.re;
        let (value, ln_p) = if heads { (7.0, p.ln()) } else { (4.0, (-p).ln_1p()) };
        let term = Weighted::score(Jet::from(value), ln_p).with_baseline(average.value().into());
        average.push(value);
        term.eps[0]
    }));
    assert!(slopes.sigmas(3.0) < 5.0, "{slopes:?}");
    assert!((average.value() - 4.9).abs() < 0.5);
    let mut all = MovingAverage::new(1.0);
    [1.0, 2.0, 6.0].into_iter().for_each(|x| all.push(x));
    assert_eq!(all.value(), 3.0);
}

/// Coefficients by least squares of y = 3 a - 2 b exactly: no residual; controls that repeat or say nothing do no harm.
#[test]
fn control_variates_fit_each_component() {
    let mut rng = Xoshiro::seed_from_u64(5);
    let mut exact = ControlVariates::new();
    let mut redundant = ControlVariates::new();
    for _ in 0..1000 {
        let [a, b] = [0; 2].map(|_| Jet { re: noise::normal(&mut rng), eps: [noise::normal(&mut rng)] });
        let y = Jet { re: 3.0 * a.re - 2.0 * b.re + 5.0, eps: [0.5 * a.eps[0] + 4.0 * b.eps[0] + 1.0] };
        exact.push(y, [a, b]);
        redundant.push(y, [a, a * 2.0, Jet::from(0.0), b]);
    }
    let beta = exact.coefficients();
    for (got, want) in [(beta[0].re, 3.0), (beta[1].re, -2.0), (beta[0].eps[0], 0.5), (beta[1].eps[0], 4.0)] {
        assert!((got - want).abs() < 1e-12, "{beta:?}");
    }
    for e in [exact.estimate().unwrap(), redundant.estimate().unwrap()] {
        assert!((e.value - 5.0).abs() < 1e-12 && (e.gradient[0] - 1.0).abs() < 1e-12, "{e:?}");
        assert!(e.value_se < 1e-8 && e.gradient_se[0] < 1e-8, "{e:?}");
    }
    let mut few = ControlVariates::<Jet<f64, 1>, 2>::new();
    [1.0, 2.0, 3.0].into_iter().for_each(|x| few.push(Jet::from(x), [Jet::from(0.0); 2]));
    assert_eq!(few.estimate(), Err(EstimateError::TooFewSamples { samples: 3 }));
}

/// Five particles resampled many times: Σ weight · value keeps its mean, gradient and Hessian under every scheme.
#[test]
fn resampling_is_unbiased_with_derivatives() {
    let [a] = Jet::second_order([0.7]);
    let particles: [Weighted<Hyper<1>, Hyper<1>>; 5] = std::array::from_fn(|i| {
        let x = i as f64 - 1.5;
        Weighted::importance((a * x).cos() + x, a * x - 0.3 * x * x)
    });
    let exact = particles.iter().fold(Jet::from(0.0), |sum, p| sum + p.term()).hessian();
    for scheme in [Resampling::Multinomial, Resampling::Stratified, Resampling::Systematic] {
        let mut rng = Xoshiro::seed_from_u64(6);
        let sums: Vec<_> = (0..100_000)
            .map(|_| {
                let mut offspring = [Weighted::one(Jet::from(0.0)); 7];
                scheme.run(&particles, &mut offspring, &mut rng).unwrap();
                assert!(offspring.iter().all(|o| o.weight.re() == offspring[0].weight.re()));
                offspring.iter().fold(Jet::from(0.0), |sum, p| sum + p.term()).hessian()
            })
            .collect();
        assert!(mean_of(sums.iter().map(|s| s.0)).sigmas(exact.0) < 5.0, "{scheme:?}");
        assert!(mean_of(sums.iter().map(|s| s.1[0])).sigmas(exact.1[0]) < 5.0, "{scheme:?}");
        assert!(mean_of(sums.iter().map(|s| s.2[0][0])).sigmas(exact.2[0][0]) < 5.0, "{scheme:?}");
    }
}

/// A particle filter's likelihood of four observations of an autoregression, unbiased with gradient and Hessian:
/// against Kalman's filter. Weights without derivatives in resampling would bias the gradient.
#[test]
fn particle_filter_against_kalman() {
    const SEEN: [f64; 4] = [0.5, 1.4, -0.3, 0.8];
    // x' = a x + normal noise of deviation s, y = x + normal noise of deviation 0.7
    let exact = |[a, s]: [Hyper<2>; 2]| {
        let (mut mean, mut variance, mut likelihood) = (Jet::from(0.0), s * s, Hyper::<2>::from(1.0));
        for y in SEEN {
            let total = variance + 0.49;
            likelihood *= Normal::new(mean, total.sqrt()).unwrap().pdf(y.into());
            let gain = variance / total;
            mean = a * (mean + gain * (-mean + y));
            variance = a * a * variance * (-gain + 1.0) + s * s;
        }
        likelihood
    };
    let filter = |[a, s]: [Hyper<2>; 2], rng: &mut Handle<Hyper<2>>| {
        let mut particles = [Weighted::<Hyper<2>, Hyper<2>>::one(Jet::from(0.0)); 20];
        for y in SEEN {
            for p in &mut particles {
                p.value = a * p.value + s * noise::normal(rng);
                p.weight *= Normal::new(p.value, 0.7.into()).unwrap().pdf(y.into());
            }
            let parents = particles;
            Resampling::Systematic.run(&parents, &mut particles, rng).unwrap();
        }
        particles.iter().fold(Jet::from(0.0), |sum: Hyper<2>, p| sum + p.weight) / 20.0
    };
    let theta = [0.6, 0.9];
    let (value, gradient, hessian) = exact(Jet::second_order(theta)).hessian();
    let e = estimate::pathwise_hessian(theta, filter).samples(1 << 16).par_run_seed(9).unwrap();
    assert!((e.value - value).abs() < 5.0 * e.value_se, "{e}\n{value}");
    for i in 0..2 {
        assert!((e.gradient[i] - gradient[i]).abs() < 5.0 * e.gradient_se[i], "{e}\n{gradient:?}");
        for j in 0..2 {
            assert!((e.hessian[i][j] - hessian[i][j]).abs() < 5.0 * e.hessian_se[i][j], "{e}\n{hessian:?}");
        }
    }
}

/// Systematic offspring are the expected number rounded up or down; particles of weight 0 have none.
#[test]
fn systematic_counts_and_empty_cells() {
    let weights = [0.0, 0.1, 0.0, 2.3, 0.6, 0.0];
    let particles: Vec<_> = weights.iter().enumerate().map(|(i, &weight)| Weighted { value: i, weight }).collect();
    let mut rng = Xoshiro::seed_from_u64(7);
    for scheme in [Resampling::Multinomial, Resampling::Stratified, Resampling::Systematic] {
        for _ in 0..10_000 {
            let mut offspring = [Weighted { value: 99, weight: 0.0 }; 10];
            scheme.run(&particles, &mut offspring, &mut rng).unwrap();
            for (i, w) in weights.iter().enumerate() {
                let count = offspring.iter().filter(|o| o.value == i).count();
                assert!(*w > 0.0 || count == 0);
                if scheme == Resampling::Systematic {
                    assert!((count as f64 - w / 3.0 * 10.0).abs() < 1.0, "{i}: {count}");
                }
            }
        }
    }
}

#[test]
fn what_cannot_be_resampled() {
    let mut rng = Xoshiro::seed_from_u64(8);
    let mut run = |weights: &[f64]| {
        let particles: Vec<_> = weights.iter().map(|&weight| Weighted { value: (), weight }).collect();
        Resampling::Systematic.run(&particles, &mut [Weighted { value: (), weight: 1.0 }; 2], &mut rng)
    };
    for (weights, sum) in [(&[] as &[f64], "0"), (&[0.0, 0.0], "0"), (&[1e308, 1e308], "inf")] {
        let message = format!("the weights of particles must be numbers of a positive finite sum, not {sum}");
        assert_eq!(run(weights).unwrap_err().to_string(), message);
    }
    for (bad, received) in [(-1.0, "-1"), (f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
        let message = format!("the weights of particles must be finite and at least 0, not {received}");
        assert_eq!(run(&[1.0, bad, -7.0]).unwrap_err().to_string(), message);
    }
    assert_eq!(run(&[1.0, 2.0]), Ok(()));
    assert_eq!(effective_size::<(), f64>(&[]), 0.0);
    assert_eq!(effective_size(&[Weighted { value: (), weight: 1e300 }, Weighted { value: (), weight: 1e300 }]), 2.0);
}

/// A law known up to a factor: weights of any size, normalized with their derivatives.
#[test]
fn self_normalization() {
    let [a] = Jet::second_order([0.3]);
    // uniform draws on a fine grid, meant: density proportional to e^(a x) on [0, 1]
    let n = 20_000;
    let mut draws: Vec<_> = (0..n)
        .map(|i| {
            let x = (f64::from(i) + 0.5) / f64::from(n);
            Weighted::importance(Jet::<Jet<f64, 1>, 1>::from(x), a * x + 3.0)
        })
        .collect();
    let (mean, first, second) = self_normalized(&draws).hessian();
    // mean 1/(1 - e^-a) - 1/a, its derivatives from mpmath at a = 0.3
    for (got, want) in [(mean, 0.524962580176749), (first[0], 0.082959668412591), (second[0][0], -0.0024822269045)] {
        assert!((got - want).abs() < 1e-8, "{got} {want}");
    }
    weighted::normalize(&mut draws);
    let sum = draws.iter().fold(Jet::from(0.0), |sum: Hyper<1>, d| sum + d.weight);
    let (value, first, second) = sum.hessian();
    assert!((value - f64::from(n)).abs() < 1e-7 && first[0].abs() < 1e-7 && second[0][0].abs() < 1e-7);
}

/// Weights whose sum is beyond the doubles.
#[test]
fn large_weights() {
    let mut pair = [1e308, 1.5e308].map(|weight| Weighted { value: 3.0, weight });
    assert!((self_normalized(&pair) - 3.0).abs() < 1e-15);
    weighted::normalize(&mut pair);
    assert!((pair[0].weight - 0.8).abs() < 1e-15 && (pair[1].weight - 1.2).abs() < 1e-15, "{pair:?}");
    let [w] = Jet::variables([1e308]);
    let mut pair = [w, Jet::from(1.5e308)].map(|weight| Weighted { value: (), weight });
    weighted::normalize(&mut pair);
    // 2 w/(w + v), whose slope is 2 v/(w + v)²
    assert!((pair[0].weight.eps[0] * 1e308 - 0.48).abs() < 1e-15, "{pair:?}");
    let infinite = [1.0, f64::INFINITY].map(|weight| Weighted { value: 1.0, weight });
    assert!(self_normalized(&infinite).is_nan());
}

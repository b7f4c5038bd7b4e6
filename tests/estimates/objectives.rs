//! Objectives of variational inference, against closed forms and quadrature.

use nalgebra::{Matrix2, Vector2};
use reparam::estimate::{self, Estimate, Handle};
use reparam::objective::{self, DoublyReparameterized, ImportanceWeighted};
use reparam::prelude::*;
use reparam::program::{Plain, Stream};

/// ln p(z) + ln p(2 | z) with z ~ N(prior, 1) and x ~ N(z, 1): for a prior mean of 0 the posterior is N(1, 1/√2).
fn ln_joint<S: Scalar>(z: S, prior: S) -> Result<S, LawError> {
    let one = S::from(1.0);
    Ok(Normal::new(prior, one)?.ln_pdf(z) + Normal::new(z, one)?.ln_pdf(S::from(2.0)))
}

fn standard<S: Scalar>(z: &S) -> Result<S, LawError> {
    ln_joint(*z, S::from(0.0))
}

/// Mean and logarithm of the standard deviation.
fn normal<S: Scalar>([mean, ln_sd]: [S; 2]) -> Result<Normal<S>, LawError> {
    Normal::new(mean, ln_sd.exp())
}

const OPTIMUM: [f64; 2] = [1.0, -0.5 * std::f64::consts::LN_2];

fn near<const N: usize>(e: &Estimate<[f64; N]>, value: f64, gradient: [f64; N]) {
    assert!((e.value - value).abs() < 5.0 * e.value_se, "{e} for {value}");
    for i in 0..N {
        assert!((e.gradient[i] - gradient[i]).abs() < 5.0 * e.gradient_se[i], "{e} for {gradient:?}");
    }
}

/// E[ln p] = -ln(2π) - (m² + (2 - m)²)/2 - s², entropy ln(2 π e)/2 + ln s.
fn closed_elbo([m, l]: [f64; 2]) -> (f64, [f64; 2]) {
    let tau = std::f64::consts::TAU;
    let value = -tau.ln() - (m * m + (2.0 - m).powi(2)) / 2.0 - (2.0 * l).exp() + 0.5 * (tau.ln() + 1.0) + l;
    (value, [2.0 - 2.0 * m, 1.0 - 2.0 * (2.0 * l).exp()])
}

#[test]
fn bounds_of_a_conjugate_model_are_closed_forms() {
    for theta in [[0.4, -0.2], [3.0, 0.5], [-1.0, -2.0]] {
        let (value, gradient) = closed_elbo(theta);
        let total =
            |theta: [Jet<f64, 2>; 2], chance: &mut Handle<_>| objective::elbo(&normal(theta)?, standard, chance);
        near(&estimate::pathwise(theta, total).samples(40_000).run_seed(1).unwrap(), value, gradient);
        let along = |theta: [Jet<f64, 2>; 2], chance: &mut Handle<_>| {
            objective::sticking_the_landing(&normal(theta)?, standard, chance)
        };
        near(&estimate::pathwise(theta, along).samples(40_000).run_seed(2).unwrap(), value, gradient);
    }
}

/// Second derivatives are right for the ELBO with its score: -2 in the mean, -4 s² in ln s.
#[test]
fn the_elbo_has_its_second_derivatives() {
    let theta = [0.4, -0.2];
    let h = estimate::pathwise_hessian(theta, |theta, chance| objective::elbo(&normal(theta)?, standard, chance))
        .samples(40_000)
        .run_seed(1)
        .unwrap();
    let exact = [[-2.0, 0.0], [0.0, -4.0 * (-0.4f64).exp()]];
    for (i, j) in [(0, 0), (0, 1), (1, 1)] {
        let se = h.hessian_se[i][j].max(1e-12);
        assert!((h.hessian[i][j] - exact[i][j]).abs() < 5.0 * se, "{i} {j}: {} ± {se}", h.hessian[i][j]);
    }
}

/// At the posterior nothing depends on the draw; with the score there is the noise of the Fisher information: 1/s² = 2 in the
/// mean, 2 in ln s.
#[test]
fn gradients_along_the_draw_have_no_noise_at_the_optimum() {
    let evidence = -0.5 * (2.0 * std::f64::consts::TAU).ln() - 1.0;
    let landing = |theta: [Jet<f64, 2>; 2], chance: &mut Handle<_>| {
        objective::sticking_the_landing(&normal(theta)?, standard, chance)
    };
    let doubly = |theta: [Jet<f64, 2>; 2], chance: &mut Handle<_>| {
        objective::doubly_reparameterized(&normal(theta)?, 5, standard, chance)
    };
    for e in [
        estimate::pathwise(OPTIMUM, landing).samples(2000).run_seed(1).unwrap(),
        estimate::pathwise(OPTIMUM, doubly).samples(2000).run_seed(1).unwrap(),
    ] {
        assert!((e.value - evidence).abs() < 1e-14 && e.value_se < 1e-14, "{e}");
        assert!(e.gradient.iter().chain(&e.gradient_se).all(|d| d.abs() < 1e-13), "{e}");
    }
    let total = estimate::pathwise(OPTIMUM, |theta, chance| objective::elbo(&normal(theta)?, standard, chance));
    let e = total.samples(100_000).run_seed(1).unwrap();
    for se in e.gradient_se {
        // the variance of a variance of a square of a normal number: 2 % is five of its errors and more
        assert!((se * se * 100_000.0 / 2.0 - 1.0).abs() < 0.06, "{e}");
    }
}

/// Bounds and gradients in mean, ln s and the mean of the prior for K = 1, 2, 3: Gauss and Hermite's rule with 60 and more
/// points a dimension, and the trapezoidal rule, agree on the digits here (numpy).
const QUADRATURE: [(u32, f64, [f64; 3]); 3] = [
    (1, -2.574_258_579_240_3, [1.5, -0.340_640_092_071_28, 0.1]),
    (2, -2.272_644_352_834_55, [0.848_996_472_055_10, 0.220_106_990_201_69, 0.425_501_763_972_45]),
    (3, -2.173_706_858_793_46, [0.589_943_295_135_21, 0.276_094_386_710_1, 0.555_028_352_432_4]),
];

const AT: [f64; 3] = [0.4, -0.2, 0.3];

#[test]
fn bounds_of_several_draws_are_those_of_quadrature() {
    for (draws, value, gradient) in QUADRATURE {
        let total = estimate::pathwise(AT, |[m, l, prior], chance| {
            objective::importance_weighted(&normal([m, l])?, draws, |z| ln_joint(*z, prior), chance)
        });
        near(&total.samples(100_000).run_seed(3).unwrap(), value, gradient);
        let doubly = estimate::pathwise(AT, |[m, l, prior], chance| {
            objective::doubly_reparameterized(&normal([m, l])?, draws, |z| ln_joint(*z, prior), chance)
        });
        near(&doubly.samples(100_000).run_seed(4).unwrap(), value, gradient);
    }
}

/// Without the second evaluation the derivative in a model's own parameter is that of squared weights: off, as its page says.
#[test]
fn a_model_s_own_parameters_need_their_own_term() {
    let e = estimate::pathwise(AT, |[m, l, prior], chance| -> Result<_, LawError> {
        let (q, mut bound) = (normal([m, l])?, DoublyReparameterized::new());
        for _ in 0..3 {
            let z = chance.draw(&q);
            bound.push(ln_joint(z, prior)? - objective::ln_density_along(&q, &z));
        }
        Ok(bound.value())
    });
    let e = e.samples(100_000).run_seed(4).unwrap();
    let (_, value, gradient) = QUADRATURE[2];
    assert!((e.value - value).abs() < 5.0 * e.value_se);
    assert!((0..2).all(|i| (e.gradient[i] - gradient[i]).abs() < 5.0 * e.gradient_se[i]), "{e}");
    assert!((e.gradient[2] - gradient[2]).abs() > 20.0 * e.gradient_se[2], "{e}");
}

/// Signal over noise in the parameters of q: it falls like 1/√K with scores and rises like √K without (Rainforth et al. 2018;
/// Tucker et al. 2019). From 4 to 64 draws that is a factor of 4 each way.
#[test]
fn more_draws_sharpen_the_gradient_without_scores_and_blur_the_one_with() {
    let theta = [1.1, -0.25];
    let signal_over_noise = |draws: u32| {
        let total = estimate::pathwise(theta, |theta, chance| {
            objective::importance_weighted(&normal(theta)?, draws, standard, chance)
        });
        let doubly = estimate::pathwise(theta, |theta, chance| {
            objective::doubly_reparameterized(&normal(theta)?, draws, standard, chance)
        });
        let doubly = doubly.samples(20_000).run_seed(1).unwrap();
        let total = total.samples(20_000).run_seed(2).unwrap();
        // the signal from the better of the two
        [total.gradient_se[0], doubly.gradient_se[0]].map(|se| doubly.gradient[0].abs() / (se * 20_000f64.sqrt()))
    };
    let ([with_4, without_4], [with_64, without_64]) = (signal_over_noise(4), signal_over_noise(64));
    assert!((0.15..0.4).contains(&(with_64 / with_4)), "{with_4} {with_64}");
    assert!((2.5..6.0).contains(&(without_64 / without_4)), "{without_4} {without_64}");
}

/// Minus the divergence of a gamma law (ln shape 0.3, ln rate -0.4) from one of shape 2 and rate 1, by mpmath.
#[test]
fn laws_without_location_and_scale() {
    let (value, gradient) = (-0.053_286_882_806_024_36, [0.281_584_700_328_765_8, 0.013_752_707_470_471_62]);
    let e = estimate::pathwise([0.3, -0.4], |[a, b], chance| -> Result<_, LawError> {
        let (q, p) = (Gamma::new(a.exp(), b.exp())?, Gamma::new(2.0.into(), 1.0.into())?);
        let ln_p = |z: &Jet<f64, 2>| Ok::<_, LawError>(p.ln_pdf(*z));
        let both = [objective::elbo(&q, ln_p, chance)?, objective::sticking_the_landing(&q, ln_p, chance)?];
        Ok(both)
    });
    let e = e.samples(50_000).run_seed(1).unwrap();
    for k in 0..2 {
        assert!((e.value[k] - value).abs() < 5.0 * e.value_se[k], "{k}: {}", e.value[k]);
        for i in 0..2 {
            let (found, se) = (e.gradient[k][i], e.gradient_se[k][i]);
            assert!((found - gradient[i]).abs() < 5.0 * se, "{k} {i}: {found} ± {se}");
        }
    }
}

/// A vector beside a number beside an array: three posteriors at once, each met exactly, so that no noise is left.
#[test]
fn products_of_laws_are_laws() {
    let theta = [0.5, -0.25, 0.3, 1.2, 2.0, 1.5, -0.7];
    let target = |z: &(Vector2<Jet<f64, 7>>, (Jet<f64, 7>, [Jet<f64, 7>; 2]))| -> Result<Jet<f64, 7>, LawError> {
        let (v, (g, [a, b])) = z;
        let factor = Matrix2::new(1.2, 0.0, 0.3, 0.8).map(Jet::from);
        let of_v = MultivariateNormal::from_cholesky(Vector2::new(0.5, -0.25).map(Jet::from), factor)?;
        let of_g = Gamma::new(2.0.into(), 1.5.into())?;
        let of_ab = Normal::new((-0.7).into(), 1.0.into())?;
        Ok(of_v.ln_pdf(v) + of_g.ln_pdf(*g) + of_ab.ln_pdf(*a) + of_ab.ln_pdf(*b))
    };
    let e = estimate::pathwise(theta, |[m, n, c, d, shape, rate, mean], chance| -> Result<_, LawError> {
        let factor = Matrix2::new(d, 0.0.into(), c, 0.8.into());
        let vector = MultivariateNormal::from_cholesky(Vector2::new(m, n), factor)?;
        let q = (vector, (Gamma::new(shape, rate)?, [Normal::new(mean, 1.0.into())?; 2]));
        Ok([
            objective::sticking_the_landing(&q, target, chance)?,
            objective::doubly_reparameterized(&q, 3, target, chance)?,
            objective::elbo(&q, target, chance)?,
        ])
    });
    let e = e.samples(2000).run_seed(1).unwrap();
    for k in 0..2 {
        assert!(e.gradient[k].iter().chain(&e.gradient_se[k]).all(|d| d.abs() < 1e-12), "{:?}", e.gradient[k]);
    }
    assert!(e.gradient_se[2].iter().all(|se| *se > 1e-3), "{:?}", e.gradient_se[2]);
}

/// The same bits in every scalar, and for a number of parameters known at run time the same gradient.
#[test]
fn values_are_those_of_doubles() {
    let (theta, seed) = ([0.4, -0.2], 7);
    fn all<S: Scalar>(theta: [S; 2], seed: u64) -> [S; 4] {
        let q = normal(theta).unwrap();
        let chance = &mut Plain::new(Stream::new(seed));
        [
            objective::elbo(&q, standard, chance).unwrap(),
            objective::sticking_the_landing(&q, standard, chance).unwrap(),
            objective::importance_weighted(&q, 4, standard, chance).unwrap(),
            objective::doubly_reparameterized(&q, 4, standard, chance).unwrap(),
        ]
    }
    for seed in seed..seed + 50 {
        assert_eq!(all(theta, seed), all(Jet::<f64, 2>::variables(theta), seed).map(|y| y.re));
    }
    let fixed = estimate::pathwise(theta, |theta, chance| {
        objective::doubly_reparameterized(&normal(theta)?, 4, standard, chance)
    });
    let dynamic = estimate::pathwise_dyn(&theta, |theta, chance| {
        objective::doubly_reparameterized(&normal([theta[0], theta[1]])?, 4, standard, chance)
    });
    let (fixed, dynamic) = (fixed.samples(500).run_seed(1).unwrap(), dynamic.samples(500).run_seed(1).unwrap());
    assert_eq!((fixed.value, fixed.gradient.to_vec()), (dynamic.value, dynamic.gradient));
}

/// Draws go through the handle, so that quasi-random points reach them: a tenth of the error, or less.
#[test]
fn quasi_random_points_reach_the_draws() {
    let program = program!(|theta: [S; 2], chance| -> Result<S, LawError> {
        objective::sticking_the_landing(&normal(theta)?, standard, chance)
    });
    let theta = [0.4, -0.2];
    let (value, gradient) = closed_elbo(theta);
    let quasi = estimate::quasi(theta, program).samples(1 << 14).run_seed(1).unwrap();
    let plain = estimate::pathwise_program(theta, program).samples(1 << 14).run_seed(1).unwrap();
    assert!((quasi.value - value).abs() < 6.0 * quasi.value_se.max(1e-12), "{quasi} {value}");
    assert!((quasi.gradient[1] - gradient[1]).abs() < 6.0 * quasi.gradient_se[1].max(1e-12), "{quasi} {gradient:?}");
    assert!(quasi.gradient_se[1] < 0.1 * plain.gradient_se[1], "{quasi} {plain}");
}

/// Weights of 0, of e^±1000, infinite and NaN, in any order.
#[test]
fn sums_of_weights_at_their_edges() {
    let zero = f64::NEG_INFINITY;
    let of = |ln_w: &[f64]| {
        let (mut total, mut along) = (ImportanceWeighted::new(), DoublyReparameterized::new());
        for x in ln_w {
            total.push(Jet::<f64, 1>::variable(*x, 0));
            along.push(Jet::<f64, 1>::variable(*x, 0));
        }
        assert_eq!((total.draws(), along.draws()), (ln_w.len() as u64, ln_w.len() as u64));
        [total.value(), along.value()]
    };
    for order in [[zero, 1000.0, -1000.0, zero], [-1000.0, zero, zero, 1000.0], [1000.0, zero, -1000.0, zero]] {
        for y in of(&order) {
            assert!((y.re - (1000.0 - 4f64.ln())).abs() < 1e-12 && (y.eps[0] - 1.0).abs() < 1e-15, "{y}");
        }
    }
    assert!(of(&[]).iter().all(|y| y.re.is_nan()));
    assert!(of(&[zero, zero]).iter().all(|y| y.re == zero && y.eps == [0.0]));
    for order in [[1.0, f64::NAN, 2.0], [f64::NAN, f64::INFINITY, zero], [f64::INFINITY, zero, f64::NAN]] {
        assert!(of(&order).iter().all(|y| y.re.is_nan()), "{order:?}");
    }
    for order in [[1.0, f64::INFINITY, zero], [f64::INFINITY, f64::INFINITY, 1.0]] {
        assert!(of(&order).iter().all(|y| y.re == f64::INFINITY), "{order:?}");
    }
    // an error of the model is the sample's
    let refused = |z: &f64| Normal::new(*z, -1.0).map(|_| 0.0);
    let error = objective::elbo(&Normal::new(0.0, 1.0).unwrap(), refused, &mut Plain::new(Stream::new(1)));
    assert_eq!(error.unwrap_err().parameter(), "std_dev");
}

/// Three coins with logits t, a table of ln p(b) with a parameter of its own, two and three draws: all 8^K outcomes.
#[test]
fn bounds_of_discrete_draws_are_those_of_enumeration() {
    let theta = [0.4, -1.0, 0.8, 0.3];
    let ln_p = |b: usize, own: Jet<f64, 4>| own * (b as f64 - 2.0) - 0.3 * ((b * b) as f64 - 11.0).abs();
    let ln_q = |b: usize, t: [Jet<f64, 4>; 4]| -> Jet<f64, 4> {
        (0..3).map(|i| if b >> i & 1 == 1 { -(-t[i]).softplus() } else { -t[i].softplus() }).sum()
    };
    let check = |draws: usize| {
        let t = Jet::variables(theta);
        let mut exact = Jet::<f64, 4>::from(0.0);
        for outcome in 0..8usize.pow(draws as u32) {
            let b: Vec<usize> = (0..draws).map(|k| outcome >> (3 * k) & 7).collect();
            let mass = b.iter().map(|b| ln_q(*b, t)).sum::<Jet<f64, 4>>().exp();
            let weights = b.iter().map(|b| (ln_p(*b, t[3]) - ln_q(*b, t)).exp()).sum::<Jet<f64, 4>>();
            exact += mass * (weights / draws as f64).ln();
        }
        let e = estimate::pathwise(theta, |t, chance| {
            let mut coin = |i: usize| usize::from(chance.uniform() < t[i].re.sigmoid()) << i;
            let b: Vec<usize> = (0..draws).map(|_| coin(0) | coin(1) | coin(2)).collect();
            let ln_q: Vec<_> = b.iter().map(|b| ln_q(*b, t)).collect();
            let ln_w: Vec<_> = b.iter().zip(&ln_q).map(|(b, q)| ln_p(*b, t[3]) - *q).collect();
            objective::vimco(&ln_w, &ln_q)
        });
        near(&e.samples(100_000).run_seed(5).unwrap(), exact.re, exact.eps);
    };
    check(1);
    check(2);
    check(3);
}

/// Where each draw has the same weight no score has a factor: the noise is gone, as every other baseline would not do.
#[test]
fn scores_of_discrete_draws_have_the_bound_of_the_others_as_baseline() {
    let score = |x: f64| Jet::<f64, 1> { re: -0.5, eps: [x] };
    let y = objective::vimco(&[Jet::from(2.0); 3], &[score(1.0), score(-5.0), score(0.25)]);
    assert!((y.re - 2.0).abs() < 1e-15 && y.eps[0].abs() < 1e-14, "{y}");
    // ln w = 0, ln 3: L = ln 2; with the other in its place ln 3 and 0
    let y = objective::vimco(&[Jet::from(0.0), Jet::from(3f64.ln())], &[score(1.0), score(10.0)]);
    let by_hand = (2f64.ln() - 3f64.ln()) + 10.0 * 2f64.ln();
    assert!((y.re - 2f64.ln()).abs() < 1e-15 && (y.eps[0] - by_hand).abs() < 1e-14, "{y} {by_hand}");
    // weights of 0, and nothing but those
    let zero = Jet::from(f64::NEG_INFINITY);
    let y = objective::vimco(&[zero, Jet::from(1.0)], &[score(1.0), score(1.0)]);
    // L = 1 - ln 2; without the first: ln((e + e)/2) = 1; without the second nothing: 0
    assert!((y.eps[0] - (-2f64.ln() + 1.0 - 2f64.ln())).abs() < 1e-14, "{y}");
    assert_eq!(objective::vimco(&[zero, zero], &[score(1.0), score(1.0)]).re, f64::NEG_INFINITY);
    assert!(objective::vimco::<Jet<f64, 1>>(&[], &[]).re.is_nan());
}

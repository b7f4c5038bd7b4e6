//! Mixtures: the harness, moments' gradients in closed form, and the edges.

use crate::common::mixtures::{GammaAndCauchy, NormalMixture2, NormalMixture3};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::distr::Family;
use reparam::prelude::*;
use reparam::verify;

fn harness<F: Family>(parameters: &[f64]) {
    verify::family::<F>(parameters)
        .draws(1_000_000)
        .check()
        .unwrap_or_else(|e| panic!("{} {parameters:?}: {e}", F::NAME));
}

#[test]
fn three_normal_laws_obey_the_harness() {
    harness::<NormalMixture3<f64>>(&[0.0, 0.5, -0.3, -1.0, 0.2, 3.0, 0.5, 1.0, 0.3]);
    harness::<NormalMixture3<f64>>(&[-3.0, 2.0, 0.0, 0.0, 0.0, 0.0, 1e-3, 1.0, 1e2]);
    harness::<NormalMixture3<f64>>(&[0.0, -40.0, 5.0, -3.0, 0.0, 3.0, 1.0, 1.0, 1.0]);
}

#[test]
fn two_laws_of_different_types_obey_the_harness() {
    harness::<NormalMixture2<f64>>(&[0.3, -1.0, 1.0, 2.0, 0.5]);
    harness::<GammaAndCauchy<f64>>(&[0.3, 0.7, 2.5, -1.0]);
    harness::<GammaAndCauchy<f64>>(&[2.0, 1e-3, 40.0, 5.0]);
}

fn properties<F: Family>() {
    let config = Config { cases: 48, max_global_rejects: 100_000, failure_persistence: None, ..Config::default() };
    let seed = proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(config, seed)
        .run(&verify::strategy::parameters(F::PARAMETERS.len()), |parameters| {
            // from 1e-2 to 1e2: an order of derivatives cancels as many digits as the widths of components are apart
            let parameters: Vec<f64> = parameters.iter().map(|p| p.cbrt()).collect();
            prop_assume!(F::law(&parameters).is_ok());
            let check = verify::family::<F>(&parameters);
            let both = check.check_values().and_then(|()| check.check_derivatives());
            prop_assert!(both.is_ok(), "{} {parameters:?}: {}", F::NAME, both.unwrap_err());
            Ok(())
        })
        .unwrap_or_else(|e| panic!("{}: {e}", F::NAME));
}

#[test]
fn values_and_derivatives_at_random_parameters() {
    properties::<NormalMixture3<f64>>();
    properties::<NormalMixture2<f64>>();
    properties::<GammaAndCauchy<f64>>();
}

/// The normal mixture of the tests of TensorFlow Probability: logits (.1, .5), means (.4, .25), standard deviations (.1, .5).
fn two_normal_laws() -> Mixture<Jet<f64, 6>, [Normal<Jet<f64, 6>>; 2]> {
    let [l1, l2, m1, m2, s1, s2] = Jet::variables([0.1, 0.5, 0.4, 0.25, 0.1, 0.5]);
    Mixture::from_logits([l1, l2], [Normal::new(m1, s1).unwrap(), Normal::new(m2, s2).unwrap()]).unwrap()
}

// d Σ w_k m_k and d Σ w_k (s_k² + (m_k - m)²), as in TensorFlow Probability's tests
const MEAN: [f64; 6] = [0.0360391119, -0.0360391119, 0.4013123399, 0.5986876601, 0.0, 0.0];
const VARIANCE: [f64; 6] = [-0.0565955943, 0.0565955943, 0.0720782237, -0.0720782237, 0.0802624680, 0.5986876601];

fn squared_distance(z: Jet<f64, 6>, mean: f64) -> Jet<f64, 6> {
    (z - mean) * (z - mean)
}

#[test]
fn gradients_of_moments() {
    let law = two_normal_laws();
    let (mean, variance) = (law.mean().unwrap(), law.variance().unwrap());
    // ∫ z(u) du and ∫ (z(u) - mean)² du by the tanh-sinh rule
    let (mut first, mut second) = (Jet::from(0.0), Jet::from(0.0));
    let h = 1.0 / 64.0;
    for i in -224..=224 {
        let t = f64::from(i) * h;
        let s = core::f64::consts::PI * t.sinh();
        let weight = h * core::f64::consts::PI * t.cosh() / (2.0 + s.exp() + (-s).exp());
        let z = if s < 0.0 { law.quantile(Jet::from(s.sigmoid())) } else { law.isf(Jet::from((-s).sigmoid())) };
        first += z * weight;
        second += squared_distance(z, mean.re) * weight;
    }
    for i in 0..6 {
        for got in [mean.eps[i], first.eps[i]] {
            assert!((got - MEAN[i]).abs() < 1e-9, "mean, {i}: {got}");
        }
        for got in [variance.eps[i], second.eps[i]] {
            assert!((got - VARIANCE[i]).abs() < 1e-9, "variance, {i}: {got}");
        }
    }

    let mut rng = Xoshiro256PlusPlus::seed_from_u64(11);
    let draws: Vec<_> = (0..100_000).map(|_| law.sample(&mut rng)).collect();
    for i in 0..6 {
        let test = |values: Vec<f64>, want: f64| {
            let found = verify::mean_of(values);
            let off = (found.mean - want).abs();
            assert!(off <= 5.0 * found.standard_error + 1e-9, "{i}: {found:?} for {want}");
        };
        test(draws.iter().map(|z| z.eps[i]).collect(), MEAN[i]);
        test(draws.iter().map(|z| squared_distance(*z, mean.re).eps[i]).collect(), VARIANCE[i]);
    }
}

/// A weight of 0 changes no value, but draws and quantiles move with it: dz/dw = -(F_2 - F_1)/f_1.
#[test]
fn weights_of_zero() {
    let [w] = Jet::second_order([0.0]);
    let (first, second) = (Normal::new(0.0, 1.0).unwrap(), Normal::new(2.0, 0.5).unwrap());
    let constant = |law: Normal<f64>| Normal::new(law.mean().unwrap().into(), law.variance().unwrap().sqrt().into());
    let law = Mixture::new([-w + 1.0, w], [constant(first).unwrap(), constant(second).unwrap()]).unwrap();
    for p in [1e-200, 1e-9, 0.3, 0.5, 0.9] {
        let z = law.quantile(p.into());
        let want = first.quantile(p);
        assert!((z.re() - want).abs() < 1e-13 * want.abs().max(1.0), "{p}: {z:?}");
        let slope = (first.cdf(want) - second.cdf(want)) / first.pdf(want);
        let got = z.hessian().1[0];
        assert!((got - slope).abs() < 1e-11 * slope.abs(), "{p}: {got} {slope}");
    }
    // without derivatives a component of weight 0 is not there
    let law = Mixture::new([1.0, 0.0], (first, Uniform::new(100.0, 101.0).unwrap())).unwrap();
    assert_eq!(law.support(), first.support());
    assert_eq!(law.pdf(100.5), first.pdf(100.5));
    let from_logits = Mixture::from_logits([0.3, f64::NEG_INFINITY], [first, second]).unwrap();
    assert_eq!((from_logits.quantile(0.2), from_logits.weights()), (first.quantile(0.2), &[1.0, 0.0]));
}

#[test]
fn one_component_is_that_component() {
    let [shape, rate] = Jet::second_order([2.5, 3.0]);
    let base = Gamma::new(shape, rate).unwrap();
    let law = Mixture::new([Jet::from(0.7)], [base]).unwrap();
    let draw = |seed| Xoshiro256PlusPlus::seed_from_u64(seed);
    assert_eq!(law.sample(&mut draw(1)), base.sample(&mut draw(1)));
    for x in [0.01, 0.5, 20.0].map(Jet::from) {
        assert_eq!((law.cdf(x), law.ln_sf(x), law.ln_pdf(x)), (base.cdf(x), base.ln_sf(x), base.ln_pdf(x)));
    }
    assert_eq!((law.quantile(0.3.into()), law.isf(1e-30.into())), (base.quantile(0.3.into()), base.isf(1e-30.into())));
    assert_eq!((law.mean(), law.mode(), law.entropy()), (base.mean(), base.mode(), base.entropy()));
}

#[test]
fn a_gap_between_supports() {
    let [w, a, b, c, d] = Jet::variables([0.25, 0.0, 1.0, 3.0, 5.0]);
    let law = Mixture::new([w, -w + 1.0], [Uniform::new(a, b).unwrap(), Uniform::new(c, d).unwrap()]).unwrap();
    let at = |p: f64| law.quantile(p.into());
    // a + (b - a) p/w below, c + (d - c) (p - w)/(1 - w) above
    let near = |x: Jet<f64, 5>, want: [f64; 6]| {
        let got = [x.re, x.eps[0], x.eps[1], x.eps[2], x.eps[3], x.eps[4]];
        assert!(got.iter().zip(want).all(|(g, w)| (g - w).abs() < 1e-13), "{got:?} {want:?}");
    };
    near(at(0.125), [0.5, -2.0, 0.5, 0.5, 0.0, 0.0]);
    near(at(0.25), [1.0, -4.0, 0.0, 1.0, 0.0, 0.0]);
    near(at(0.625), [4.0, -2.0 * 0.375 / (0.75 * 0.75), 0.0, 0.0, 0.5, 0.5]);
    assert_eq!((law.cdf(2.0.into()).re, law.pdf(2.0.into()).re), (0.25, 0.0));
    assert_eq!((at(0.0).re, at(1.0).re), (0.0, 5.0));
    assert!(at(0.25f64.next_up()).re >= 3.0 - 1e-12);
    // -Σ w_k ln(w_k / width_k)
    let want = -0.25 * 0.25f64.ln() - 0.75 * 0.375f64.ln();
    assert!((law.entropy().re - want).abs() < 1e-12);
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
    assert!(
        (0..1000)
            .map(|_| law.sample(&mut rng))
            .all(|z| z.re <= 1.0 || z.re >= 3.0 && z.eps.iter().all(|e| e.is_finite()))
    );
}

/// Far apart, and of weights below the doubles: the tail belongs to the component that reaches there.
#[test]
fn tails_beyond_the_doubles() {
    let laws = [Normal::new(0.0, 1.0).unwrap(), Normal::new(0.0, 10.0).unwrap()];
    let law = Mixture::from_logits([0.0, -1000.0], laws).unwrap();
    let want = laws[1].ln_sf(200.0) - 1000.0;
    assert!((law.ln_sf(200.0) / want - 1.0).abs() < 1e-15);
    assert!((law.isf_ln(want) - 200.0).abs() < 1e-11);
    assert!((law.quantile_ln(want) + 200.0).abs() < 1e-11);
    assert!((law.ln_cdf(200.0) + law.sf(200.0)).abs() < 1e-300);
}

#[test]
fn mixtures_of_mixtures_and_of_many() {
    let pair =
        |m: f64| Mixture::new([0.5, 0.5], [Normal::new(m, 1.0).unwrap(), Normal::new(m + 1.0, 1.0).unwrap()]).unwrap();
    let nested = Mixture::new([0.5, 0.5], [pair(0.0), pair(2.0)]).unwrap();
    let flat: Vec<_> = (0..4).map(|m| Normal::new(f64::from(m), 1.0).unwrap()).collect();
    let flat = Mixture::new(vec![1.0; 4], flat).unwrap();
    for p in [1e-100, 0.1, 0.5, 0.77] {
        let (x, y) = (nested.quantile(p), flat.quantile(p));
        assert!((x - y).abs() < 1e-14 * (1.0 + y.abs()), "{p}: {x} {y}");
    }
    assert!((nested.entropy() / flat.entropy() - 1.0).abs() < 1e-10);
    let error = Mixture::new(vec![1.0; 3], flat.components().clone()).unwrap_err();
    assert_eq!((error.parameter(), error.value()), ("weights", 3.0));
    assert_eq!(Mixture::new(vec![], Vec::<Normal<f64>>::new()).unwrap_err().value(), 0.0);
}

#[test]
fn refused_weights() {
    let laws = [Normal::new(0.0, 1.0).unwrap(); 2];
    let inf = f64::INFINITY;
    for (weights, value) in [
        ([0.0, 0.0], 0.0),
        ([1.1, -0.1], -0.1),
        ([f64::NAN, 1.0], f64::NAN),
        ([inf, 1.0], inf),
        ([1e-300, 0.0], 1e-300),
    ] {
        let error = Mixture::new(weights, laws).unwrap_err();
        assert_eq!((error.parameter(), error.value().to_bits()), ("weights", value.to_bits()));
    }
    let minus = f64::NEG_INFINITY;
    for logits in [[minus, minus], [f64::INFINITY, 0.0], [f64::NAN, 0.0]] {
        assert_eq!(Mixture::from_logits(logits, laws).unwrap_err().parameter(), "logits");
    }
}

/// Laws of four types, far apart in place and width: no NaN, draws in the support, one value in every scalar.
#[test]
fn extreme_parameters() {
    type Laws<S> = (Normal<S>, Uniform<S>, Cauchy<S>, Exponential<S>);
    fn make<S: Scalar>(weights: [f64; 4], p: [S; 7], logits: bool) -> Option<Mixture<S, Laws<S>>> {
        let [mean, std_dev, low, width, location, scale, rate] = p;
        let laws = (
            Normal::new(mean, std_dev).ok()?,
            Uniform::new(low, low + width).ok()?,
            Cauchy::new(location, scale).ok()?,
            Exponential::new(rate).ok()?,
        );
        let weights = weights.map(S::from);
        if logits { Mixture::from_logits(weights, laws).ok() } else { Mixture::new(weights, laws).ok() }
    }
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(17);
    let mut number = |most: f64| {
        let e = (reparam::noise::uniform(&mut rng) * 2.0 - 1.0) * most;
        (reparam::noise::sign(&mut rng), 10f64.powf(e))
    };
    let mut made = 0;
    for case in 0..300 {
        let most = [2.0, 20.0, 149.0][case % 3];
        let logits = case % 2 == 0;
        let weights = [0; 4].map(|_| {
            let (sign, size) = number(most);
            if logits { sign * size.min(1e3) } else { f64::max(sign, 0.0) * size }
        });
        let mut p = [0.0; 7];
        for (i, p) in p.iter_mut().enumerate() {
            let (sign, size) = number(most);
            *p = if matches!(i, 0 | 2 | 4) { sign * size } else { size };
        }
        let Some(law) = make(weights, p, logits) else { continue };
        made += 1;
        let at = || format!("{weights:?} {p:?} {logits}");
        let draw = |seed: usize| Xoshiro256PlusPlus::seed_from_u64(seed as u64);
        let z = law.sample(&mut draw(case));
        let (low, high) = law.support();
        assert!(low <= z && z <= high, "{}: {z:e} outside [{low:e}, {high:e}]", at());
        for x in [z, p[0], p[2], 0.0, 1e300, -1e300] {
            let values = [law.pdf(x), law.ln_pdf(x), law.cdf(x), law.sf(x), law.ln_cdf(x), law.ln_sf(x)];
            assert!(values.iter().all(|v| !v.is_nan()), "{} at {x:e}: {values:?}", at());
        }
        for q in [1e-300, 1e-20, 0.01, 0.5] {
            let values = [law.quantile(q), law.isf(q), law.quantile_ln(q.ln()), law.isf_ln(q.ln())];
            assert!(values.iter().all(|v| !v.is_nan()), "{} at {q:e}: {values:?}", at());
        }
        assert!(!law.entropy().is_nan(), "{}", at());
        for i in 0..7 {
            let mut variables = p.map(Jet::<Jet<f64, 1>, 1>::from);
            [variables[i]] = Jet::second_order([p[i]]);
            let law = make(weights, variables, logits).expect("accepted above");
            let lifted = law.sample(&mut draw(case));
            assert_eq!(lifted.re().to_bits(), z.to_bits(), "{}", at());
            assert!(most > 30.0 || !lifted.hessian().1[0].is_nan(), "{} [{i}]: {lifted:?}", at());
        }
    }
    assert!(made > 50, "{made}");
}

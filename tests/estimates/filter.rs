//! A particle filter's likelihood with gradient and Hessian beside the Kalman filter's exact ones.

use rand_xoshiro::{Xoshiro256PlusPlus as Generator, rand_core::SeedableRng};
use reparam::prelude::*;
use reparam::weighted::{Particle, Resampling, ln_normalize};

type Hyper = Jet<Jet<f64, 2>, 2>;

const OBSERVED: [f64; 5] = [0.3, -1.0, 0.5, 1.4, 0.2];

/// ln p(y) of x_t = a x_(t-1) + s ε, y_t = x_t + η, x_0 = 0.
fn kalman([a, s]: [Hyper; 2]) -> Hyper {
    let (mut mean, mut variance, mut ln) = (Hyper::from(0.0), Hyper::from(0.0), Hyper::from(0.0));
    for y in OBSERVED {
        (mean, variance) = (mean * a, a * a * variance + s * s);
        let total = variance + 1.0;
        ln += Normal::new(mean, total.sqrt()).expect("valid").ln_pdf(Hyper::from(y));
        let gain = variance / total;
        mean += gain * (-mean + y);
        variance *= -gain + 1.0;
    }
    ln
}

fn filter<const N: usize>([a, s]: [Hyper; 2], scheme: Resampling, rng: &mut Generator) -> Hyper {
    let mut particles = [Particle::<Hyper, Hyper>::new(Hyper::from(0.0)); N];
    let mut ln = Hyper::from(0.0);
    let unit = Normal::new(Hyper::from(0.0), Hyper::from(1.0)).expect("valid");
    for y in OBSERVED {
        for p in &mut particles {
            p.value = p.value * a + s * reparam::noise::normal(rng);
            p.ln_weight += unit.ln_pdf(-p.value + y);
        }
        ln += ln_normalize(&mut particles).expect("weights");
        let before = particles;
        scheme.run_ln(&before, &mut particles, rng).expect("weights");
    }
    ln
}

/// The likelihood itself is unbiased to every order: the mean of Ẑ/Z is 1, with the derivatives of Z over Z. Its
/// logarithm is too small by about half of the variance of Ẑ/Z.
#[test]
fn unbiased_to_second_order() {
    let theta = Jet::second_order([0.8, 0.7]);
    let exact = kalman(theta);
    let want = (exact - exact.re()).exp();
    let n = 30_000;
    for scheme in [Resampling::Multinomial, Resampling::Stratified, Resampling::Systematic] {
        let mut rng = Generator::seed_from_u64(7);
        let mut sums = [[0.0; 2]; 6];
        let mut ln_bias = 0.0;
        for _ in 0..n {
            let ln = filter::<30>(theta, scheme, &mut rng);
            ln_bias += (ln - exact).re() / f64::from(n);
            let (value, gradient, hessian) = (ln - exact.re()).exp().hessian();
            let all = [value, gradient[0], gradient[1], hessian[0][0], hessian[0][1], hessian[1][1]];
            for (sum, x) in sums.iter_mut().zip(all) {
                sum[0] += x;
                sum[1] += x * x;
            }
        }
        let (value, gradient, hessian) = want.hessian();
        let exact = [value, gradient[0], gradient[1], hessian[0][0], hessian[0][1], hessian[1][1]];
        for (k, ([sum, squares], want)) in sums.into_iter().zip(exact).enumerate() {
            let n = f64::from(n);
            let (mean, se) = (sum / n, ((squares / n - (sum / n).powi(2)) / n).sqrt());
            println!("{scheme:?} {k}: {mean:.4} ± {se:.4}, exact {want:.4}");
            assert!((mean - want).abs() < 5.0 * se, "{scheme:?} {k}: {mean} ± {se}, not {want}");
        }
        let variance = sums[0][1] / f64::from(n) - (sums[0][0] / f64::from(n)).powi(2);
        println!("{scheme:?}: bias of the logarithm {ln_bias:.4}, variance {variance:.4}");
        assert!(ln_bias < 0.0 && (ln_bias + 0.5 * variance).abs() < 0.2 * variance);
    }
}

#[test]
fn weights_that_underflow() {
    // far below the doubles, but not as logarithms
    let far = [-1e6, -1e6 - 1.0, f64::NEG_INFINITY].map(|ln_weight| Particle { value: ln_weight, ln_weight });
    let mut particles = far;
    let mean = ln_normalize(&mut particles).unwrap();
    assert!((mean - (-1e6 + ((1.0 + (-1f64).exp()) / 3.0).ln())).abs() < 1e-9);
    let mut offspring = [Particle::new(0.0); 8];
    Resampling::Systematic.run_ln(&far, &mut offspring, &mut Generator::seed_from_u64(1)).unwrap();
    assert!(offspring.iter().all(|p| p.value.is_finite()));
    // and all of them
    let mut dead = [Particle { value: (), ln_weight: f64::NEG_INFINITY }; 2];
    let underflow = ln_normalize(&mut dead).unwrap_err();
    assert_eq!(underflow.value(), f64::NEG_INFINITY);
    assert_eq!(
        underflow.to_string(),
        "the ln_weights of particles must be above -inf for at least one of them, not -inf"
    );
    assert_eq!(ln_normalize::<(), f64>(&mut []), Err(underflow));
    for (bad, received) in [(f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
        let error = ln_normalize(&mut [Particle { value: (), ln_weight: bad }]).unwrap_err();
        assert_eq!(error.to_string(), format!("the ln_weights of particles must be below inf, not {received}"));
    }
}
